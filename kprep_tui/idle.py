"""The lock of a desk that nobody works at (45 CFR 164.312(a)(2)(iii))."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer


class Idle:
    """Knows when the last key was pressed, and locks when that is too long ago."""

    def __init__(
        self,
        seconds: Callable[[], float],
        minutes: Callable[[], int | None],
        wait: Callable[[float, Callable[[], None]], Timer],
        lock: Callable[[], None],
    ) -> None:
        """`minutes` is how long nobody need press a key; None where nobody is signed in."""
        self._seconds = seconds
        self._minutes = minutes
        self._wait = wait
        self._lock = lock
        self._last_key = seconds()
        self._timer: Timer | None = None

    def key(self) -> None:
        """Somebody is there."""
        self._last_key = self._seconds()

    def watch(self) -> None:
        """Lock when nobody has pressed a key for too long; else look again when that may be."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        minutes = self._minutes()
        if minutes is None:
            return
        left = minutes * 60 - (self._seconds() - self._last_key)
        if left <= 0:
            self._lock()
        else:
            self._timer = self._wait(left, self.watch)
