"""The embedded backend: one child process for all desks of this user on this machine.

Under a lock file, a healthy backend of the same version is used and anything else replaced. It ends by
itself soon after the last desk has left, which it knows by the stream each desk holds open.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from screens.widgets.failure import Trouble

_START_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.03
_SPAWN_AGAIN_SECONDS = 0.5
"""Wait after a backend could not have the store: the one before it may be about to end."""
DEMO_HOURS = 12
"""A demo store older than this is built anew, so that its 48-hour clocks are fresh."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an embedded backend lives."""

    data: Path
    socket: Path


def runtime_folder() -> Path:
    """A folder for sockets that is this user's alone. Raises Trouble when it cannot be had."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    root = Path(base) if base and Path(base).is_dir() else Path(tempfile.gettempdir())
    folder = root / f"kprep-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise Trouble(f"{folder} is not yours alone, so no backend is started. Remove it and start again.")
    return folder


def ensure_backend(place: Place, version: str, *, limit: float = _START_SECONDS) -> None:
    """Return when a backend of this version answers at the place. Raises Trouble with a sentence."""
    with _start_lock(place.socket.with_suffix(".lock")):
        if health(place.socket) == version:
            return
        _start(place, version, time.monotonic() + limit)


def ensure_demo(place: Place, now: float) -> None:
    """Build the demo store where there is none, or where it is too old and no backend uses it.

    `now` is in seconds since 1970. Raises Trouble.
    """
    with _start_lock(place.socket.with_suffix(".lock")):
        made_with_it = place.data / "secrets.toml"
        if health(place.socket) is not None:
            return
        if made_with_it.exists() and now - made_with_it.stat().st_mtime < DEMO_HOURS * 3600:
            return
        shutil.rmtree(place.data, ignore_errors=True)
        place.data.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "backend", "demo", "--data", str(place.data)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
        if done.returncode != 0:
            shutil.rmtree(place.data, ignore_errors=True)
            raise Trouble("The demo data could not be built. " + _sentence(done.stderr))


def health(path: Path) -> str | None:
    """The version of the backend that answers on this Unix socket; None when none does."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2.0)
            line.connect(str(path))
            line.sendall(b"GET /healthz HTTP/1.0\r\nHost: kprep\r\n\r\n")
            answer = b""
            while piece := line.recv(4096):
                answer += piece
    except OSError:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    try:
        return str(json.loads(body)["version"]) if b" 200 " in head.split(b"\r\n")[0] else None
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def _start_lock(path: Path) -> Iterator[None]:
    """Only one desk at a time looks for a backend and starts one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _start(place: Place, version: str, deadline: float) -> None:
    """Start one, again while the store is still held by one that is ending."""
    sentence = "The backend did not start in time."
    while time.monotonic() < deadline:
        with tempfile.TemporaryFile() as complaints:
            child = _spawn(place, complaints.fileno())
            while child.poll() is None and time.monotonic() < deadline:
                if health(place.socket) == version:
                    return
                time.sleep(_LOOK_AGAIN_SECONDS)
            if child.poll() is None:
                child.terminate()
                child.wait()
            complaints.seek(0)
            sentence = _sentence(complaints.read(4096)) or "The backend ended while it started."
        if not _store_is_held(place.data / "store.lock"):
            break
        time.sleep(_SPAWN_AGAIN_SECONDS)
    raise Trouble(sentence)


def _store_is_held(lock: Path) -> bool:
    """Whether some process has the store open: a backend that is ending, or an operator's command."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _spawn(place: Place, complaints: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "backend", "serve", "--until-alone"]
    command += ["--data", str(place.data), "--socket", str(place.socket)]
    return subprocess.Popen(  # noqa: S603  (our own module, with our own interpreter)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        start_new_session=True,
        cwd="/",
    )


def _sentence(complaints: bytes) -> str:
    """What the backend's command line said in one line, never a traceback."""
    for line in complaints.decode(errors="replace").splitlines():
        name, _, sentence = line.partition("kprep-backend: ")
        if not name and sentence:
            return sentence
    return ""
