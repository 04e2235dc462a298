"""A program in a pseudo-terminal, and how long it takes to paint."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from types import TracebackType

QUIET = 0.03
"""A paint has ended when nothing came for this long; the wait itself is not counted."""
DEADLINE = 60.0


class Screen:
    """One run of a program at 120x40. Times are in seconds of the monotonic clock."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.output = bytearray()
        self._pid, self._descriptor = pty.fork()
        if self._pid == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self._pid, signal.SIGTERM)
        while self._read(5.0):
            pass
        os.close(self._descriptor)
        os.waitpid(self._pid, 0)

    def until(self, text: str) -> float:
        """Seconds from the start of the program until the text has been painted."""
        end = time.perf_counter() + DEADLINE
        while text.encode() not in self.output:
            if not self._read(end - time.perf_counter()):
                raise TimeoutError(f"{text!r} never came; the last was {bytes(self.output[-300:])!r}")
        return time.perf_counter() - self.started

    def settle(self) -> None:
        """Wait until nothing more is painted."""
        while self._read(0.3):
            pass

    def key(self, keys: bytes) -> tuple[float, int]:
        """Press a key; seconds until the last byte of what it painted, and how many bytes that was."""
        before = len(self.output)
        pressed = last = time.perf_counter()
        os.write(self._descriptor, keys)
        while self._read(QUIET if len(self.output) > before else 1.0):
            last = time.perf_counter()
        return last - pressed, len(self.output) - before

    def _read(self, patience: float) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, patience))
        if not ready:
            return False
        try:
            chunk = os.read(self._descriptor, 65536)
        except OSError:
            return False
        self.output += chunk
        return bool(chunk)
