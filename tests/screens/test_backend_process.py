"""Finding, trusting and starting the embedded backend."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kprep_tui import backend_process
from kprep_tui.backend_process import Place, ensure_backend, ensure_demo, health, runtime_folder
from screens.widgets.failure import Trouble

ANSWER = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"status":"ok","version":"0.1.0"}'


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a path short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="kp") as folder:
        yield Path(folder)


def answering(path: Path, answer: bytes) -> socket.socket:
    """A socket that gives every caller this answer until it is closed."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                line.recv(4096)
                line.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return listener


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        (ANSWER, "0.1.0"),
        (ANSWER.replace(b"200 OK", b"503 Busy"), None),
        (b"", None),
        (b"\x00\xff nonsense", None),
        (b"HTTP/1.1 200 OK\r\n\r\n[]", None),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", None),
    ],
)
def test_health_is_the_version_or_nothing(short: Path, answer: bytes, version: str | None) -> None:
    with answering(short / "s", answer):
        assert health(short / "s") == version


def test_no_socket_is_no_health(short: Path) -> None:
    assert health(short / "s") is None
    (short / "f").write_text("not a socket")
    assert health(short / "f") is None


def test_a_healthy_backend_of_this_version_is_used(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_process, "_spawn", lambda *_: pytest.fail("one runs already"))
    with answering(short / "s.sock", ANSWER):
        ensure_backend(Place(short / "data", short / "s.sock"), "0.1.0")


def test_a_backend_that_cannot_start_says_why_in_a_sentence(short: Path) -> None:
    (short / "data").mkdir()
    (short / "data").chmod(0o755)
    with pytest.raises(Trouble, match="must be yours alone"):
        ensure_backend(Place(short / "data", short / "s.sock"), "0.1.0", limit=30)


def test_the_runtime_folder_is_this_users_alone(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    folder = runtime_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert runtime_folder() == folder
    folder.chmod(0o750)
    with pytest.raises(Trouble, match="not yours alone"):
        runtime_folder()
    folder.rmdir()
    folder.symlink_to(short)
    with pytest.raises(Trouble, match="not yours alone"):
        runtime_folder()


def test_a_fresh_demo_store_and_one_in_use_are_left_alone(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("not again"))
    place = Place(short / "demo", short / "s.sock")
    place.data.mkdir()
    secrets = place.data / "secrets.toml"
    secrets.touch()
    made = secrets.stat().st_mtime
    ensure_demo(place, made + 11 * 3600)
    with answering(place.socket, ANSWER):
        ensure_demo(place, made + 13 * 3600)
