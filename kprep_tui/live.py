"""Live updates: one stream, and a poll while there is none.

Updates carry ids and versions only; the screens in view fetch what they show. After a gap everything
shown is fetched anew, so that a lost stream loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from api_client.types.words import EventKind
from screens.widgets.desk import Changed

if TYPE_CHECKING:
    from api_client.types.events import Event

POLL_SECONDS = 20.0
_FIRST_WAIT = 1.0
EVERYTHING = Changed(EventKind.RESET, "", 0)


class Live:
    """Follows the stream of one session and knows since when the backend has not answered."""

    def __init__(
        self,
        probe: Callable[[], Awaitable[None]],
        stream: Callable[[], AsyncIterator[Event]],
        now: Callable[[], datetime],
        changed: Callable[[Changed], None],
        state_changed: Callable[[], None],
        given_up: Callable[[Exception], bool],
    ) -> None:
        self._probe = probe
        self._stream = stream
        self._now = now
        self._changed = changed
        self._state_changed = state_changed
        self._given_up = given_up
        self._wait = _FIRST_WAIT
        self.offline_since: datetime | None = None

    async def follow(self) -> None:
        """Run until the session is over; waits longer after each failure, up to the polling time.

        A backend that answers without a stream is not offline: then everything shown is looked at anew
        each time.
        """
        fresh = True
        while True:
            answers = False
            try:
                await self._probe()
                answers = True
                self._online()
                if not fresh:
                    self._changed(EVERYTHING)
                fresh = False
                await self._read()
            except Exception as error:  # noqa: BLE001  (no answer, whatever the reason: tried again)
                if self._given_up(error):
                    return
                if not answers:
                    self._offline()
            await asyncio.sleep(self._wait)
            self._wait = min(self._wait * 2, POLL_SECONDS)

    async def _read(self) -> None:
        async for event in self._stream():
            self._wait = _FIRST_WAIT
            self._changed(Changed(event.kind, event.subject, event.version))

    def _online(self) -> None:
        if self.offline_since is not None:
            self.offline_since = None
            self._state_changed()

    def _offline(self) -> None:
        if self.offline_since is None:
            self.offline_since = self._now()
            self._state_changed()
