"""Documents outside the terminal: a letter or faxed page in the system's viewer, or on the printer.

What is shown so lies in memory and never on a disk: in a folder of this run alone, on a file system that is
RAM. It goes when the screen that showed it does, with the lock and with the program; what a killed run left
goes at the next start. Where there is no such place no document is shown, and why is said.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kprep_tui.daemon import in_daemon_thread
from screens.widgets.failure import Trouble

_RAM = frozenset({"tmpfs", "ramfs"})
_MOUNTS = Path("/proc/self/mountinfo")
# The folder in it is made with a random name, for us alone.
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108
_OPENER = "xdg-open"
_PRINTERS = ("lp", "lpr")
"""Either takes a document on its standard input, so that none lies in a file for it."""
_OPENS_WITHIN = 3.0
"""Seconds in which a viewer that cannot show it says so; one that still runs shows it."""
_PRINTS_WITHIN = 20.0
_TRIES = 4
_BEGINS = b"%PDF-"
"""A viewer is chosen by what a file begins with: nothing else is ever handed to one."""
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ"),
        *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION"),
        *("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"),
        *("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "KDE_FULL_SESSION", "KDE_SESSION_VERSION"),
        *("PRINTER", "LPDEST", "CUPS_SERVER"),
    }
)
"""What another program gets to know of the environment; everything else may hold a secret."""


@dataclass(frozen=True)
class _Shown:
    """A document that somebody looks at."""

    file: Path
    viewer: subprocess.Popen[bytes] | None


class Viewer:
    """Implements screens.widgets.desk.Viewer with the programs of this workstation."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        command: Sequence[str] = (),
        shared_memory: Path = _SHARED_MEMORY,
        opens_within: float = _OPENS_WITHIN,
        prints_within: float = _PRINTS_WITHIN,
    ) -> None:
        """`command` is the viewer of the settings file; without one the desktop's own is used."""
        self._environ = environ
        self._command = command
        self._shared_memory = shared_memory
        self._opens_within = opens_within
        self._prints_within = prints_within
        self._folder: Path | None = None
        self._held: int | None = None
        self._shown: dict[object, list[_Shown]] = {}

    # what is possible here

    @cached_property
    def cannot_show(self) -> str:
        """Why no document can be shown on this workstation, in a sentence; empty when one can."""
        if not self._environ.get("DISPLAY") and not self._environ.get("WAYLAND_DISPLAY"):
            return "There is no graphical display here to show a PDF on."
        if self._find(self._program) is None:
            return f"{self._program} is not installed here, so no PDF is shown."
        if self._root is None:
            return "There is no folder in memory here for a PDF, and none goes to disk."
        return ""

    @cached_property
    def cannot_print(self) -> str:
        """Why no document can be printed from this workstation; empty when one can."""
        return "" if self._printer else "No printer is set up here: neither lp nor lpr is installed."

    @property
    def _program(self) -> str:
        return self._command[0] if self._command else _OPENER

    @cached_property
    def _printer(self) -> str | None:
        return next((found for one in _PRINTERS if (found := self._find(one))), None)

    def _find(self, program: str) -> str | None:
        return shutil.which(program, path=self._environ.get("PATH", os.defpath))

    @cached_property
    def _root(self) -> Path | None:
        """Where the folder of this run goes: the user's runtime folder, else the shared memory."""
        return next((one for one in self._roots() if in_memory(one)), None)

    def _roots(self) -> list[Path]:
        """Folders in which nobody else can put a thing of ours aside."""
        named = self._environ.get("XDG_RUNTIME_DIR", "")
        found = [Path(named)] if named.startswith("/") and _ours_alone(Path(named)) else []
        with contextlib.suppress(OSError):
            status = self._shared_memory.lstat()
            sticky = status.st_mode & stat.S_ISVTX and status.st_uid == 0
            if stat.S_ISDIR(status.st_mode) and (sticky or _ours_alone(self._shared_memory)):
                found.append(self._shared_memory)
        return found

    # showing and printing

    async def show(self, document: bytes, owner: object) -> bool:
        """Show a PDF in the system's viewer until `owner` puts it away; False when it has done so already.

        Raises Trouble with a sentence.
        """
        if self.cannot_show:
            raise Trouble(self.cannot_show)
        _check(document)
        try:
            file = self._write(document)
        except OSError:
            raise Trouble("There is no room in memory for the PDF.") from None
        shown = self._shown.setdefault(owner, [])
        shown.append(_Shown(file, None))
        try:
            viewer = self._start([*(self._command or [_OPENER]), str(file)], subprocess.DEVNULL)
        except OSError:
            viewer = None
        else:
            shown[-1] = _Shown(file, viewer)
        opens = viewer is not None and await _ended(viewer, self._opens_within) in (0, None)
        if shown is not self._shown.get(owner):
            return False
        if not opens:
            self.put_away(owner)
            raise Trouble(f"{self._program} could not show the PDF.")
        return True

    async def print_out(self, document: bytes) -> None:
        """Print a PDF on the printer that is set up here. Raises Trouble with a sentence."""
        if self._printer is None:
            raise Trouble(self.cannot_print)
        _check(document)
        try:
            printer = self._start([self._printer], subprocess.PIPE)
        except OSError:
            raise Trouble("The printer could not be reached; nothing was printed.") from None
        try:
            code = await in_daemon_thread(lambda: _feed(printer, document), limit=self._prints_within)
        except TimeoutError:
            _end(printer)
            raise Trouble("The printer did not answer; look whether it printed before you go on.") from None
        if code:
            raise Trouble("The printer refused it; nothing was printed.")

    def _start(self, command: Sequence[str], stdin: int) -> subprocess.Popen[bytes]:
        """A program without a shell, without our terminal, and without our secrets."""
        return subprocess.Popen(  # noqa: S603  (the rep's own viewer or printer; the path is ours)
            list(command),
            executable=self._find(command[0]),
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=passed_on(self._environ),
            cwd="/",
            start_new_session=True,
        )

    # putting away

    def put_away(self, owner: object) -> None:
        """What this owner showed goes, and the viewer that was started for it with it."""
        for one in self._shown.pop(owner, []):
            with contextlib.suppress(FileNotFoundError):
                one.file.unlink()
            if one.viewer is not None:
                _end(one.viewer)

    def put_all_away(self) -> None:
        """Everything that is shown goes: the rep leaves the desk."""
        for owner in list(self._shown):
            self.put_away(owner)

    def close(self) -> None:
        """Everything goes, and the folder of this run too."""
        self.put_all_away()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def sweep(self) -> None:
        """Remove what runs left that were killed; the folder of a run that lives is locked by it."""
        for root in self._roots():
            for left in root.glob(f"{_prefix()}*"):
                if not _ours_alone(left):
                    continue
                with contextlib.suppress(OSError):
                    held = _hold(left)
                    try:
                        shutil.rmtree(left, ignore_errors=True)
                    finally:
                        os.close(held)

    # the place

    def _write(self, document: bytes) -> Path:
        """A file that only this user can read. Raises OSError."""
        file = self._place() / f"{secrets.token_hex(16)}.pdf"
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        try:
            with open(descriptor, "wb") as out:
                out.write(document)
        except OSError:
            file.unlink(missing_ok=True)
            raise
        return file

    def _place(self) -> Path:
        """The folder of this run, made when it is first needed. Raises OSError."""
        assert self._root is not None
        for _ in range(_TRIES if self._folder is None else 0):
            folder = self._root / f"{_prefix()}{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            with contextlib.suppress(BlockingIOError):  # a start that sweeps was faster: a new one
                held = _hold(folder)
                if _is_still(folder, held):
                    self._folder, self._held = folder, held
                    break
                os.close(held)
        if self._folder is None:
            raise OSError("no folder could be had")
        return self._folder


def passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment another program gets."""
    return {name: text for name, text in environ.items() if name in _PASSED_ON or name.startswith("LC_")}


def in_memory(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a folder lies on a file system that is RAM; where that cannot be told it does not."""
    try:
        return file_system(folder.stat().st_dev, mounts.read_text(errors="replace")) in _RAM
    except OSError:
        return False


def file_system(device: int, mounts: str) -> str:
    """Type of the file system of a device, by what the kernel says is mounted (proc(5)); empty for none."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        mount, _, kind = line.partition(" - ")
        if number in mount.split(" ")[2:3]:
            return kind.partition(" ")[0]
    return ""


def _prefix() -> str:
    return f"kprep-shown-{os.getuid()}-"


def _ours_alone(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _hold(folder: Path) -> int:
    """Lock a folder until the descriptor is closed. Raises OSError when another run holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _is_still(folder: Path, held: int) -> bool:
    try:
        return folder.stat().st_ino == os.fstat(held).st_ino
    except OSError:
        return False


def _check(document: bytes) -> None:
    if not document.startswith(_BEGINS):
        raise Trouble("What came back is no PDF, so it is not opened.")


async def _ended(program: subprocess.Popen[bytes], limit: float) -> int | None:
    """The exit code of a program; None while it still runs after so many seconds."""

    def wait() -> int | None:
        try:
            return program.wait(limit)
        except subprocess.TimeoutExpired:
            return None

    return await in_daemon_thread(wait)


def _feed(printer: subprocess.Popen[bytes], document: bytes) -> int:
    printer.communicate(document)
    return printer.returncode


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program and what it started; one that has ended is left alone, its number may be another's."""
    if program.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGTERM)
