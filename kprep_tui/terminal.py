"""A small parent process that gives the terminal back when the program can no longer do it.

After `kill -9` nothing of the program runs, and what stood on the glass would stay there; so the
program is a child, and its parent, which imports nothing, wipes and restores the terminal.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

_GIVE_BACK = (
    "\x1b[?2026l"  # no update is held back any more
    "\x1b[2J\x1b[3J\x1b[H"  # nothing stays readable, nor in the scrollback
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"  # focus, paste, resize and keyboard reports
    "\x1b[?1049l\x1b[0m\x1b[?7h\x1b[?25h"  # the first screen, plain text, line wrap, cursor
)
_PATIENCE_SECONDS = 3
"""How long the program may take to end in good order after a signal."""
SIGNALLED = 128


def supervise(program: Callable[[int | None], int]) -> int:
    """Run the program in a child and return its exit code.

    The program gets a file descriptor that reports end-of-file when this parent is gone. Without a
    terminal or without fork it runs in this process, and gets None.
    """
    if not hasattr(os, "fork") or not sys.stdin.isatty():
        return program(None)
    import termios

    before = termios.tcgetattr(sys.stdin.fileno())
    parent_lives, hold_open = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hold_open)
        _end_at_once(program, parent_lives)
    os.close(parent_lives)
    status = _wait(child)
    if status >= SIGNALLED:
        with contextlib.suppress(OSError, termios.error):  # the terminal itself may be gone
            os.write(sys.stdout.fileno(), _GIVE_BACK.encode())
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, before)
    return status


def _end_at_once(program: Callable[[int | None], int], parent_lives: int) -> None:
    """Run, then leave without the interpreter's own end: a hanging daemon thread cannot delay it."""
    code = 70
    try:
        code = program(parent_lives)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException as error:  # noqa: BLE001  (the hook says the reference id and nothing more)
        sys.excepthook(type(error), error, None)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)


def _wait(child: int) -> int:
    """The child's exit code, 128 and the signal's number when one ended it; passes signals on to it."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
        signal.alarm(_PATIENCE_SECONDS)

    def lose_patience(_number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, lose_patience)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, pass_on)
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else SIGNALLED - code
