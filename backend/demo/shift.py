"""What the service center did in the week before: the same people, the same doors, an older clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from api_client.types.matching import Decide, MatchItem
from api_client.types.words import (
    ActorKind,
    MatchDecision,
    MatchState,
    Outcome,
    RejectReason,
)
from backend.actors import SYSTEM, Actor
from backend.database.tables import match_decision, match_item, match_sample, rep
from backend.demo.doubtful import Doubtful, DoubtfulCases
from backend.demo.people import DemoPerson, People
from backend.enrollment import service as enrollment
from backend.matching import decide, service
from backend.matching.undo import undo
from backend.problems import Problem
from backend.runtime import Runtime

_SEED = 835
_ONLINE = Actor(ActorKind.SERVICE, "online")
_FIRST_SSN, _FIRST_SUBSCRIBER = 4_000_000, 710_000
_A_DAY = {5: 3, 6: 2}
"""Decisions on Saturday and Sunday; the other days have `_ON_OPEN_DAYS`."""
_ON_OPEN_DAYS = 9
_TODAY: Mapping[str, Sequence[int]] = {
    "r.chen": (88, 81, 69, 60, 44, 13),
    "t.ibarra": (77, 49, 31),
    "m.lopez": (65, 38),
}
"""Minutes before now of this morning's decisions."""
_LATE, _TAKEN_BACK, _SENT_BACK, _RETURNED = 17, 23, 11, 6
"""One of so many decisions was late, taken back by its rep, sent back by a second person, a return."""
_LOOKS: Mapping[str, tuple[int, int]] = {"r.chen": (9, 1), "t.ibarra": (6, 1), "j.novak": (3, 0)}
"""Second looks at the work of each rep, and how many of them came out differently."""

_CLAIMS = (("j.novak", 11), ("t.ibarra", 4))
"""Who claimed an item how many minutes ago."""


@dataclass(frozen=True)
class _Turn:
    """One decision to come: who takes it, when, and when the enrollment came."""

    place: int
    rep: str
    submitted_at: datetime
    decided_at: datetime


class Shift:
    """Decisions of the last seven days and of this morning."""

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
        self._dice = random.Random(_SEED)  # noqa: S311  (invented data, the same every time)

    async def work(self, on_file: Sequence[DemoPerson], groups: Sequence[str]) -> None:
        """Take in what came, decide it, and look at some of it a second time."""
        turns = sorted(self._turns(), key=lambda one: one.submitted_at)
        people = People(self._dice, first_ssn=_FIRST_SSN)
        today = self._now.date()
        makers = DoubtfulCases(self._dice, people, on_file, today, first_subscriber=_FIRST_SUBSCRIBER)
        cases = makers.cases(groups, len(turns), self._dice.choice(groups))
        items = [(turn, await self._submit(turn, case)) for turn, case in zip(turns, cases, strict=True)]
        for turn, item in sorted(items, key=lambda one: one[0].decided_at):
            if item:
                await self._decide(turn, item)
        for username, (looked, differently) in _LOOKS.items():
            await self._look_again(username, looked, differently)

    async def this_morning(self) -> None:
        """Who has what just now: items with much time left, so that the next one is anybody's."""
        query = select(match_item.c.number).where(
            match_item.c.state == MatchState.QUEUED, match_item.c.prefer_rep_id.is_(None)
        )
        query = query.where(match_item.c.escalated_at.is_(None)).order_by(match_item.c.due_at.desc())
        async with self._runtime.act(SYSTEM, "DEMO") as unit:
            found = await unit.connection.execute(query.limit(len(_CLAIMS)))
            numbers = [str(row.number) for row in found]
        for number, (username, minutes) in zip(numbers, _CLAIMS, strict=True):
            self._set_clock(self._now - timedelta(minutes=minutes))
            async with self._runtime.act(self._actors[username], "DEMO") as unit:
                await service.claim(unit, number)

    def _turns(self) -> Iterator[_Turn]:
        for place, (username, decided_at) in enumerate(self._hours()):
            hours = self._dice.randrange(50, 56) if place % _LATE == 4 else self._dice.randrange(5, 44)
            yield _Turn(place, username, decided_at - timedelta(hours=hours), decided_at)

    def _hours(self) -> Iterable[tuple[str, datetime]]:
        for ago in range(7, 0, -1):
            day = self._now - timedelta(days=ago)
            count = _A_DAY.get(day.weekday(), _ON_OPEN_DAYS)
            for turn in range(count):
                minutes = -80 + turn * 52 + self._dice.randrange(20)
                yield ("r.chen", "t.ibarra", "m.lopez", "j.novak")[turn % 4], day + timedelta(minutes=minutes)
        for username, before in _TODAY.items():
            yield from ((username, self._now - timedelta(minutes=one)) for one in before)

    async def _submit(self, turn: _Turn, case: Doubtful) -> str:
        """The queue item; empty for what was certain enough to be applied at once."""
        self._set_clock(turn.submitted_at)
        async with self._runtime.act(_ONLINE, "DEMO") as unit:
            result = await enrollment.submit(unit, case.form)
        return str(result.item) if result.outcome is Outcome.QUEUED else ""

    async def _decide(self, turn: _Turn, number: str) -> None:
        item = await self._act(turn.rep, number, turn.decided_at, first=turn.place % _RETURNED == 2)
        later = turn.decided_at + timedelta(minutes=4)
        if item.state is MatchState.PENDING_APPROVAL:
            await self._second_person(turn, item, later)
        elif turn.place % _TAKEN_BACK == 9:
            with suppress(Problem):  # billed in these minutes: then it stays as it is
                await self._think_better(turn.rep, item, later)

    async def _think_better(self, username: str, item: MatchItem, at: datetime) -> None:
        self._set_clock(at)
        async with self._runtime.act(self._actors[username], "DEMO") as unit:
            claim = await undo(unit, item.id, item.version)
            form = Decide(decision=MatchDecision.REJECT, reason=RejectReason.DUPLICATE)
            await decide.decide(unit, item.id, claim.item.version, claim.token, form)

    async def _act(self, username: str, number: str, at: datetime, *, first: bool) -> MatchItem:
        """Claim and decide; `first` returns it to the employer."""
        self._set_clock(at)
        async with self._runtime.act(self._actors[username], "DEMO") as unit:
            claim = await service.claim(unit, number)
            form = _what_fits(claim.item, returned=first)
            return await decide.decide(unit, number, claim.item.version, claim.token, form)

    async def _second_person(self, turn: _Turn, item: MatchItem, at: datetime) -> None:
        """The lead agrees; now and then not, and then the rep returns it to the employer."""
        self._set_clock(at)
        refuses = turn.place % _SENT_BACK == 5
        async with self._runtime.act(self._actors["d.okafor"], "DEMO") as unit:
            answer = decide.refuse if refuses else decide.approve
            await answer(unit, item.id, item.version)
        if refuses:
            await self._act(turn.rep, item.id, at + timedelta(minutes=6), first=True)

    async def _look_again(self, username: str, looked: int, differently: int) -> None:
        """Blind second looks by a colleague, a day after the decision or this morning."""
        colleague = "t.ibarra" if username != "t.ibarra" else "r.chen"
        self._set_clock(self._now)
        async with self._runtime.act(self._actors[colleague], "DEMO") as unit:
            rows = await unit.connection.execute(
                select(match_decision)
                .join(rep, rep.c.id == match_decision.c.rep_id)
                .join(match_item, match_item.c.id == match_decision.c.item_id)
                .where(rep.c.username == username, match_decision.c.undone_at.is_(None))
                .where(match_item.c.state == MatchState.APPLIED)
                .order_by(match_decision.c.id)
                .limit(looked)
            )
            for place, row in enumerate(rows.all()):
                await unit.connection.execute(
                    delete(match_sample).where(match_sample.c.decision_id == row.id)
                )
                values = _second_look(row, differs=place >= looked - differently)
                at = min(row.at + timedelta(days=1), self._now - timedelta(minutes=5 + place))
                values |= {"rep_id": self._actors[colleague].rep_id, "at": at, "chosen_at": row.at}
                await unit.connection.execute(insert(match_sample).values(**values))


def _what_fits(item: MatchItem, *, returned: bool) -> Decide:
    """What a careful rep decides: the first candidate where nothing speaks against, else a new chart."""
    best = item.candidates[0] if item.candidates else None
    if returned:
        return Decide(decision=MatchDecision.REJECT, reason=RejectReason.INCOMPLETE)
    if best is None or (best.second_person and not item.second_person_for_new):
        return Decide(decision=MatchDecision.CREATE)
    return Decide(decision=MatchDecision.LINK, mrn=best.mrn)


def _second_look(row: object, *, differs: bool) -> dict[str, object]:
    decision, member = MatchDecision(row.decision), row.member_id  # type: ignore[attr-defined]
    note = ""
    if differs:
        decision = MatchDecision.LINK if decision is MatchDecision.CREATE else MatchDecision.CREATE
        note = "The street was written two ways, so I looked at the old card."
    linked = member if decision is MatchDecision.LINK else None
    return {"decision_id": row.id, "decision": decision, "member_id": linked, "note": note}  # type: ignore[attr-defined]
