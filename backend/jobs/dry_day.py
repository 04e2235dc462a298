"""What the daily run would do, and nothing done: each account's days are lived in a unit that is undone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api_client.types.billing import DailyReport, DailyReports, Incident
from api_client.types.billing_words import IncidentKind, LetterKind
from backend.actors import Actor
from backend.database.unit import Unit
from backend.jobs import daily_store as store
from backend.jobs import incidents
from backend.jobs.day import Rules, Tally, count_due, late_words, left_out, live
from backend.letters import service as letters
from backend.letters import writing
from backend.log import log, scrubbed
from backend.progress import Progress
from backend.runtime import Runtime


class _Undone(Exception):
    """Raised so that a unit changes nothing."""


@dataclass
class _Would:
    """What would become of one day."""

    tally: Tally = field(default_factory=Tally)
    incidents: list[Incident] = field(default_factory=list)

    def copy(self) -> _Would:
        """The same, to go back to."""
        return _Would(self.tally.copy(), list(self.incidents))


async def dry_run(
    runtime: Runtime, actor: Actor, request_id: str, days: Sequence[date], rules: Rules
) -> AsyncIterator[Progress | DailyReports]:
    """One report a day, as if each day to come is run in its time and its letters are mailed that day."""
    if not days:  # done before
        yield DailyReports(days=[])
        return
    would = {day: _Would() for day in days}
    run_day = _run_day(runtime, days)
    async with runtime.database.read() as connection:
        count = await store.count_accounts(connection)
    done = after = 0
    while (account := await _next(runtime, after)) is not None:
        after = account.id
        would = await _with(runtime, actor, request_id, account, would, run_day, rules)
        done += 1
        yield Progress(done, count)
    missed = [day for day in days if day < run_day]
    if missed:
        late = Incident(on=run_day, kind=IncidentKind.LATE_RUN, sentence=late_words([*missed, run_day]))
        would[run_day].incidents.insert(0, late)
    async with runtime.look(actor, request_id) as unit:
        unit.day = days[-1]
        await count_due(unit, would[days[-1]].tally)
    yield DailyReports(days=[_report(day, one) for day, one in would.items()], refused=_refused(would))


async def _with(
    runtime: Runtime,
    actor: Actor,
    request_id: str,
    account: Any,
    so_far: dict[date, _Would],
    run_day: date,
    rules: Rules,
) -> dict[date, _Would]:
    """What would become of the days with this account; one whose day cannot be lived is left out and said."""
    would = {day: one.copy() for day, one in so_far.items()}
    try:
        async with runtime.act(actor, request_id) as unit:
            await _live(unit, account, would, run_day, rules)
            raise _Undone
    except _Undone:
        return would
    except Exception as error:
        if isinstance(error, SQLAlchemyError):
            raise
        log().error("daily", request_id=request_id, **scrubbed(error))
    so_far[max(so_far)].tally.refuse(left_out(account.number, request_id))
    return so_far


def _run_day(runtime: Runtime, days: Sequence[date]) -> date:
    """The first day that is no more made up for."""
    today = runtime.calendar.local_date(runtime.clock())
    return min(max(today, days[0]), days[-1])


async def _next(runtime: Runtime, after: int) -> Any | None:
    async with runtime.database.read() as connection:
        return await store.next_account(connection, after)


async def _live(unit: Unit, account: Any, would: dict[date, _Would], run_day: date, rules: Rules) -> None:
    last = max(would)
    key = await incidents.last_key(unit.connection)
    for day, one in would.items():
        unit.day, unit.run_day = day, max(day, run_day)
        numbers = await live(unit, account, one.tally, rules, letters=day >= run_day)
        for number in numbers:
            await _notices(unit, account, number, one.tally)
            if day < last:
                await writing.mark_mailed(unit, number)
    for raised in await incidents.since(unit.connection, key):
        would[raised.on].incidents.append(raised)


async def _notices(unit: Unit, account: Any, number: str, tally: Tally) -> None:
    letter = await letters.letter(unit, number)
    if letter.kind != LetterKind.L1 or letter.copy_of is not None:
        return
    went = await writing.write_notices(unit, account, letter)
    tally.letters[LetterKind.L1_SUBSCRIBER] += went.written
    while went.after is not None:
        went = await writing.write_notices(unit, account, letter, went.after)
        tally.letters[LetterKind.L1_SUBSCRIBER] += went.written


def _report(day: date, one: _Would) -> DailyReport:
    return one.tally.report(day, one.incidents, dry_run=True)


def _refused(would: dict[date, _Would]) -> list[str]:
    every = Tally()
    for one in would.values():
        for sentence in one.tally.refused:
            every.refuse(sentence)
    return every.refused
