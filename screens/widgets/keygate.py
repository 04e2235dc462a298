"""Which key presses count: held, queued and too early ones must never decide about a person."""

from __future__ import annotations

from collections.abc import Callable

ARMED_AFTER = 0.25
"""Seconds a decision must have stood on the screen before a key can take it."""
QUIET = 0.25
"""Seconds without a key after which dropped typing is over."""


class KeyGate:
    """Remembers what was painted and refused, and lets keys through or drops them."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._armed_at = seconds()
        self._last_key = self._armed_at
        self.dropping = False
        """Whether a hasty decision was dropped, and what is typed behind it with it."""
        self._swallowing = False

    def painted(self) -> None:
        """Something new to decide about stands on the screen from now on."""
        self._armed_at = self._seconds() + ARMED_AFTER

    @property
    def armed(self) -> bool:
        """Whether what stands on the screen has stood there long enough."""
        return self._seconds() >= self._armed_at

    def swallow(self) -> None:
        """An action was refused: the digit and Enter typed behind it mean nothing."""
        self._swallowing = True

    def passes(self, key: str, *, decides: bool) -> bool:
        """Whether this key may do anything. A dropped key takes everything typed behind it along."""
        now = self._seconds()
        in_a_burst = now - self._last_key < QUIET
        self._last_key = now
        if not in_a_burst:
            self.dropping = self._swallowing = False
        if decides and not self.armed:
            self.dropping = True
        if self.dropping:
            return False
        if self._swallowing and (key.isdigit() or key == "enter"):
            return False
        self._swallowing = False
        return True
