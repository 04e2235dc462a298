"""One look for a storm of changes: a running file tells of every batch of its members."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from api_client.background import background
from screens.widgets.screen import DeskScreen

BETWEEN = 2.0
"""Seconds from one look to the next, however much happens."""


class Soon:
    """Looks at once, or when the last look is long enough ago."""

    def __init__(self, screen: DeskScreen, look: Callable[[], None]) -> None:
        self._screen = screen
        self._look = look
        self._looked_at = 0.0
        self._timer: Timer | None = None

    def ask(self) -> None:
        """Something changed."""
        if self._timer is not None:
            return
        wait = self._looked_at + BETWEEN - self._screen.desk.seconds()
        if wait <= 0:
            self.now()
        else:
            self._timer = self._screen.set_timer(wait, self.now)

    def now(self) -> None:
        """Look; nobody at the desk asked for it."""
        self.looked()
        with background():
            self._look()

    def looked(self) -> None:
        """What there is to see is being fetched already."""
        self._looked_at = self._screen.desk.seconds()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
