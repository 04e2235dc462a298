"""The rep's own calls, kept as the backend last told them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from api_client.types.words import EventKind
from screens.calls.bar import rights
from screens.widgets.desk import Changed

if TYPE_CHECKING:
    from api_client.types.calls import MyCalls


class OnLine:
    """What the backend said of the calls of this rep, and who hears when that changes."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[MyCalls]],
        start: Callable[[Callable[[], Awaitable[None]]], None],
        tell: Callable[[bool], None],
        is_lead: Callable[[], bool],
    ) -> None:
        """`start` runs work, the newest in place of the one before; `tell` hears whether rights changed."""
        self._ask = ask
        self._start = start
        self._tell = tell
        self._is_lead = is_lead
        self.calls: MyCalls | None = None

    @property
    def in_call(self) -> bool:
        """Whether somebody is on the line."""
        return self.calls is not None and self.calls.active is not None

    def forget(self) -> None:
        """The session is over or locked: nothing of a call stays here."""
        self.calls = None

    def look(self) -> None:
        """Ask the backend."""
        self._start(self._bring)

    async def _bring(self) -> None:
        try:
            calls = await self._ask()
        except Exception:  # noqa: BLE001  (no answer, whatever the reason: the next update asks again)
            return
        self.put(calls)

    def put(self, calls: MyCalls) -> None:
        """This is how the calls stand now."""
        before, self.calls = self.calls, calls
        if before == calls:
            return
        self._tell(rights(before) != rights(calls))
        replaced = before is not None and before.active is not None and calls.active is not None
        if replaced and before.active.id != calls.active.id:  # type: ignore[union-attr]  # just asked
            self.look()  # the one that was parked for it has another version now

    def heard(self, change: Changed) -> None:
        """A live update: ask again when a call of this rep, or a new one, may have changed."""
        if change.kind is EventKind.RESET or (change.kind is EventKind.CALL and self._mine(change)):
            self.look()

    def _mine(self, change: Changed) -> bool:
        calls = self.calls
        if calls is None or change.version <= 1 or self._is_lead():
            return True  # anybody's call may be handed over to a lead
        known = [*calls.parked, *calls.ringing, *([calls.active] if calls.active else [])]
        return any(one.id == change.subject and one.version < change.version for one in known)
