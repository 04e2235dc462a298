"""The rep's claim on an item: its token, and its renewal in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

if TYPE_CHECKING:
    from api_client.matching import MatchingClient

_AGAIN_SECONDS = 20.0
"""A renewal that got no answer is tried again after this long, as long as the claim lives."""


class ClaimKeeper(Widget):
    """Renews one claim at half of its lease, as long as the screen it stands on is there.

    It is no act of the rep's: nothing is said, no key is held back, no banner is taken down. Only a
    lost claim is told.
    """

    DEFAULT_CSS = "ClaimKeeper { display: none; }"

    @dataclass
    class Renewed(Message):
        """The claim lives until then."""

        number: str
        until: datetime

    @dataclass
    class Lost(Message):
        """Somebody else has the item, or the lease is over."""

        number: str
        holder: str
        until: datetime | None

    @dataclass
    class _Silent(Message):
        token: str

    def __init__(self, client: Callable[[], MatchingClient], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._client = client
        self._now = now
        self._timer: Timer | None = None
        self._number = ""
        self._until: datetime | None = None
        self.token = ""

    def keep(self, number: str, token: str, until: datetime | None) -> None:
        """Hold this claim from now on."""
        self._number, self.token, self._until = number, token, until
        if until is not None:
            self._renew_in((until - self._now()) / timedelta(seconds=2))

    def let_go(self) -> None:
        """Hold none: it was used, given back or lost."""
        self.token = ""
        if self._timer is not None:
            self._timer.stop()

    def renew(self) -> None:
        """Ask for more time."""
        if self.token and self.is_attached:
            self.run_worker(self._extend(self._number, self.token), group="renew", exclusive=True)

    def _renew_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(max(1.0, seconds), self.renew)

    async def _extend(self, number: str, token: str) -> None:
        from api_client.errors import LeaseLost

        try:
            until = await self._client().extend(number, claim=token)
        except LeaseLost as error:
            if token == self.token:
                self.let_go()
                self.post_message(self.Lost(number, error.trouble.holder, error.trouble.until))
        except Exception:  # noqa: BLE001  (no answer: the line at the top says so; the lease still runs)
            self.post_message(self._Silent(token))
        else:
            if token == self.token:
                self.keep(number, token, until)
                self.post_message(self.Renewed(number, until))

    @on(_Silent)
    def _try_again(self, event: _Silent) -> None:
        event.stop()
        if event.token == self.token and self._until is not None:
            if self._now() < self._until:
                self._renew_in(_AGAIN_SECONDS)
            else:
                self.let_go()
                self.post_message(self.Lost(self._number, "", None))
