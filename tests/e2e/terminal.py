"""Drives a program in a real pseudo-terminal and reads its screen as a rep would.

Waits only for output: every wait ends with the text that was waited for, or fails at its deadline with
the screen in the message.
"""

from __future__ import annotations

import os
import re
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pexpect
import pyte

DEADLINE = 20.0
_SAME_PICTURE = 0.02
"""Seconds within which the rest of a picture follows its beginning."""
_BEYOND_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*(?:\$p|u)|\x1b\[<u|\x1b\]22;[a-z]*(?:\x07|\x1b\\)")
"""Keyboard and mode queries and pointer shapes, which pyte would print or take for a title."""
_KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f12": "\x1b[24~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}


class Terminal:
    """A program on a terminal of its own; use it as a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._command = command
        self._columns, self._rows = size
        self._env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})}
        self.raw = b""
        """Everything the program wrote."""
        self._screen = pyte.Screen(self._columns, self._rows)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Terminal:
        path = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        self._child = pexpect.spawn(
            self._command[0],
            list(self._command[1:]),
            dimensions=(self._rows, self._columns),
            env=path | self._env,
            timeout=DEADLINE,
        )
        self._child.delaybeforesend = None
        self._modes = termios.tcgetattr(self._child.child_fd)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """The process that was started: the one that guards the terminal."""
        return int(self._child.pid)

    @property
    def program_pid(self) -> int:
        """The program itself, the only child of the first process."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0])

    @property
    def lines(self) -> list[str]:
        """The screen, row by row, without blanks at the ends."""
        columns = range(self._columns)
        rows = (self._screen.buffer[row] for row in range(self._rows))
        return ["".join(row[column].data for column in columns).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def title(self) -> str:
        """The title the program gave the window."""
        return str(self._screen.title)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the terminal's cursor."""
        return self._screen.cursor.x, self._screen.cursor.y

    @property
    def modes_restored(self) -> bool:
        """Whether the line discipline is what it was before the start."""
        return bool(termios.tcgetattr(self._child.child_fd) == self._modes)

    def press(self, *keys: str) -> None:
        """Type keys by name (`enter`, `f2`, `ctrl+l`) or text as it is."""
        self._child.send("".join(_KEYS.get(key, key) for key in keys))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self._columns, self._rows = columns, rows
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def signal(self, number: int) -> None:
        """Send a signal to the first process."""
        os.kill(self.pid, number)

    def read_until(self, true: Callable[[], bool], what: str, *, timeout: float = DEADLINE) -> None:
        """Read until something is true, and the rest of its picture; a deadline fails with the screen."""
        deadline = time.monotonic() + timeout
        while not true():
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{what} did not come; the screen is:\n{self.text}")
            self._read(min(left, 0.2))
        while self._read(_SAME_PICTURE):
            pass

    def wait_for(self, text: str, *, timeout: float = DEADLINE) -> None:
        """Read output until this text stands on the screen."""
        self.read_until(lambda: text in self.text, repr(text), timeout=timeout)

    def wait_gone(self, text: str, *, timeout: float = DEADLINE) -> None:
        """Read output until this text does not stand on the screen any more."""
        self.read_until(lambda: text not in self.text, f"the end of {text!r}", timeout=timeout)

    def wait_end(self, *, timeout: float = DEADLINE) -> int:
        """Read until the program has ended; its exit code, or minus the signal that ended it."""
        self.read_until(lambda: not self._child.isalive() and not self._read(0), "the end", timeout=timeout)
        if self._child.exitstatus is not None:
            return int(self._child.exitstatus)
        return -int(self._child.signalstatus or 0)

    def quiet_for(self, seconds: float) -> bool:
        """Whether the program writes nothing for so long, once what it has written is read."""
        while self._read(0.2):
            pass
        return not self._read(seconds)

    def _read(self, timeout: float) -> bool:
        try:
            piece = self._child.read_nonblocking(65536, timeout)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            self._child.wait()
            return False
        self.raw += piece
        self._stream.feed(_BEYOND_PYTE.sub(b"", piece))
        return True


class Counted:
    """Presses keys and counts them; what is typed into a field is not counted."""

    def __init__(self, screen: Terminal) -> None:
        self._screen = screen
        self.keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self._screen.press(*keys)

    def answer(self, text: str) -> None:
        """Type what the caller says once the item has stood there a moment, look, and send it."""
        self._screen.quiet_for(0.4)
        self._screen.press(text)
        self._screen.wait_for(text)
        self._screen.quiet_for(0.4)
        self.press("enter")


def kprep(*arguments: str, home: Path, **env: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment that start `kprep` with all its folders under `home`."""
    folders = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(home / "run"),
    }
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    start = "import sys; from kprep_tui.launcher import main; sys.exit(main())"
    return [sys.executable, "-c", start, *arguments], folders | env
