"""The post of the demo: the cards of the week printed and mailed, one come back, one had again."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from api_client.types.cards import CardsDue, CardsMarked
from api_client.types.words import CardAsker, CardCause, CardState
from backend.actors import SYSTEM, Actor
from backend.cards import orders, printing
from backend.database.tables import account, coverage, member
from backend.runtime import Runtime

_PRINTED_AGO = (6, 4, 3, 2, 1)
"""Days before now on whose evenings cards were printed; they are mailed the next morning."""
_HAD_AGAIN = 24
"""Days before now when somebody asked for another card."""


class CardPost:
    """What the card printer and the post did, and what reps ordered for callers of one group."""

    def __init__(
        self,
        runtime: Runtime,
        actors: Mapping[str, Actor],
        now: datetime,
        set_clock: Callable[[datetime], None],
    ) -> None:
        self._runtime = runtime
        self._actors = actors
        self._now = now
        self._set_clock = set_clock

    async def deliver(self, group: str) -> None:
        """Live through the week; the group of the guide has a card of each kind."""
        people = await self._subscribers(group)
        for one in people[:3]:
            await self._order("r.chen", one, self._now - timedelta(days=_HAD_AGAIN))
        mailed = await self._print_and_mail(self._now - timedelta(days=_HAD_AGAIN) + timedelta(hours=8))
        self._set_clock(self._now - timedelta(days=9))
        await self._mark(CardState.RETURNED, mailed[1:2])
        for ago in _PRINTED_AGO:
            await self._print_and_mail(self._now - timedelta(days=ago) + timedelta(hours=8))
        await self._order("t.ibarra", people[2], self._now - timedelta(minutes=47))
        self._set_clock(self._now)

    async def _subscribers(self, group: str) -> Sequence[tuple[int, int]]:
        """Keys of members and of their account."""
        query = (
            select(member.c.id, coverage.c.account_id)
            .join(coverage, coverage.c.member_id == member.c.id)
            .join(account, account.c.id == coverage.c.account_id)
            .where(account.c.number == group, coverage.c.relationship == "18", coverage.c.ends_on.is_(None))
            .order_by(coverage.c.subscriber_number)
        )
        async with self._runtime.database.read() as connection:
            return [(row.id, row.account_id) for row in await connection.execute(query.limit(3))]

    async def _order(self, username: str, person: tuple[int, int], at: datetime) -> None:
        """Another card for a subscriber who called; the call is not lived through."""
        self._set_clock(at)
        async with self._runtime.act(self._actors[username], "DEMO") as unit:
            minutes = unit.policy.cards.own_undo_minutes
            await orders.order(unit, *person, CardCause.REPRINT, minutes=minutes, asked_by=CardAsker.MEMBER)

    async def _print_and_mail(self, at: datetime) -> list[str]:
        self._set_clock(at)
        *_, report = [one async for one in printing.due(self._runtime, SYSTEM, request_id="DEMO")]
        assert isinstance(report, CardsDue)
        numbers = [one.number for one in report.due]
        await self._mark(CardState.PRINTED, numbers)
        self._set_clock(at + timedelta(hours=15))
        await self._mark(CardState.MAILED, numbers)
        return numbers

    async def _mark(self, to: CardState, numbers: Sequence[str]) -> None:
        source = io.BytesIO("\n".join(numbers).encode())
        steps = printing.mark(self._runtime, SYSTEM, source, to, None, request_id="DEMO")
        *_, report = [one async for one in steps]
        assert isinstance(report, CardsMarked)
        assert report.marked == len(numbers), report.refused
