"""The daily run: bills, credits, letters, ends of coverage and what is to be done today, in small units.

Each account's day is a unit of its own and counted with the run, so no desk waits, a run that breaks off
goes on where it was, and of two processes each account is one's. Days that were missed are lived first, in
their order; letters are written on the last one only, for they count from the day they are mailed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date, timedelta

from sqlalchemy.exc import SQLAlchemyError

from api_client.types.billing import DailyReports
from api_client.types.billing_words import IncidentKind
from api_client.types.problems import ProblemType
from backend.actors import SYSTEM, Actor
from backend.jobs import daily_store as store
from backend.jobs import incidents
from backend.jobs.day import Rules, Tally, count_due, late_words, left_out, live, notices
from backend.jobs.dry_day import dry_run
from backend.log import log, scrubbed
from backend.policy.confirming import confirmed
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids import issuing, users

_AHEAD_DRY = timedelta(days=366)
_DAY = timedelta(days=1)
Steps = AsyncGenerator[Progress | DailyReports, None]


async def run(
    runtime: Runtime, actor: Actor, *, request_id: str, on: date | None = None, dry: bool = False
) -> Steps:
    """Run the day `on`, today by default, and whatever was missed before; a day done before does nothing.

    Raises INVALID for a day before the last run, or one to come: the days up to it would not be run any more.
    A dry run may look a year ahead and changes nothing.
    """
    days = await _days(runtime, on, dry=dry)
    rules = await _rules(runtime)
    if dry:
        async for step in dry_run(runtime, actor, request_id, days, rules):
            yield step
        return
    async with runtime.database.read() as connection:
        count = await store.count_accounts(connection)
    done = 0
    for day in days:
        await _begin(runtime, actor, request_id, day, days)
        while await _step(runtime, actor, request_id, day, days[-1], rules):
            done += 1
            yield Progress(min(done, count * len(days)), count * len(days))
        if day == days[-1]:
            await _rest(runtime, actor, request_id, day)
        await _end(runtime, actor, request_id, day)
    async with runtime.database.read() as connection:
        yield await _reports(runtime, days)


async def _days(runtime: Runtime, on: date | None, *, dry: bool) -> list[date]:
    """The days to live, in order; none when the day was done before."""
    today = runtime.calendar.local_date(runtime.clock())
    async with runtime.database.read() as connection:
        last = await store.last(connection)
        first_open = await store.first_open(connection)
    on = on or (max(today, last.on_date) if last is not None else today)
    if last is not None and on < last.on_date:
        raise Problem(
            ProblemType.INVALID, f"The run of {last.on_date} was begun; a day before it is run no more."
        )
    if on > today and not dry:
        raise Problem(ProblemType.INVALID, f"{on} is yet to come; --dry-run says what it would do.")
    if on > today + _AHEAD_DRY:
        raise Problem(ProblemType.INVALID, f"{on} is more than {_AHEAD_DRY.days} days ahead.")
    first = first_open or (last.on_date + _DAY if last is not None else on)
    return [first + step * _DAY for step in range((on - first).days + 1)]


async def _rules(runtime: Runtime) -> Rules:
    async with runtime.database.read() as connection:
        return Rules(await confirmed(connection), runtime.demo)


async def _begin(runtime: Runtime, actor: Actor, request_id: str, day: date, days: list[date]) -> None:
    """Begin a day; with the last one comes the incident of those that were missed."""
    async with runtime.act(actor, request_id, day=day, run_day=days[-1]) as unit:
        if not await store.begin(unit.connection, day, unit.now):
            return
        unit.audit("daily.begin", "daily_run", str(day))
        if day == days[-1] and len(days) > 1:
            await incidents.raise_incident(unit, IncidentKind.LATE_RUN, late_words(days))


async def _step(
    runtime: Runtime, actor: Actor, request_id: str, day: date, run_day: date, rules: Rules
) -> bool:
    """Live the day of the next account; False when all are through."""
    account = None
    try:
        async with runtime.act(actor, request_id, day=day, run_day=run_day) as unit:
            row = await store.locked(unit.connection, day)
            account = await store.next_account(unit.connection, row.after_account)
            if row.done_at is not None or account is None:
                return False
            tally = Tally.read(row.counts)
            await live(unit, account, tally, rules, letters=day == run_day)
            values = {"after_account": account.id, "counts": tally.stored()}
            await store.advance(unit.connection, day, values)
    except Exception as error:
        if account is None or isinstance(error, SQLAlchemyError):
            raise
        log().error("daily", request_id=request_id, **scrubbed(error))
        await _leave_out(runtime, actor, request_id, day, account.id, str(account.number))
    return True


async def _leave_out(
    runtime: Runtime, actor: Actor, request_id: str, day: date, account_id: int, number: str
) -> None:
    """Go past an account whose day cannot be lived, and say so; nothing of it was changed."""
    async with runtime.act(actor, request_id, day=day) as unit:
        row = await store.locked(unit.connection, day)
        if row.after_account >= account_id:
            return
        tally = Tally.read(row.counts)
        tally.refuse(left_out(number, request_id))
        await store.advance(unit.connection, day, {"after_account": account_id, "counts": tally.stored()})
        unit.audit("daily.left_out", "account", number, day=day)


async def _rest(runtime: Runtime, actor: Actor, request_id: str, day: date) -> None:
    """What comes after the accounts: notices to subscribers, and what people have to do today."""
    more, after = True, None
    while more:
        async with runtime.act(actor, request_id, day=day) as unit:
            row = await store.locked(unit.connection, day)
            if row.done_at is not None:
                return
            tally = Tally.read(row.counts)
            more, after = await notices(unit, tally, after)
            if not more:
                await count_due(unit, tally)
            await store.advance(unit.connection, day, {"counts": tally.stored()})
    while await _expire(runtime, actor, request_id):
        pass
    while await _end_outlived(runtime, actor, request_id):
        pass
    unused: int | None = 0
    while unused is not None:
        async with runtime.act(actor, request_id) as unit:
            unused = await users.suspend_unused(unit, unused)


async def _expire(runtime: Runtime, actor: Actor, request_id: str) -> int:
    """Let some codes work no more whose last day is over; how many there were."""
    async with runtime.act(actor, request_id) as unit:
        return await issuing.expire(unit)


async def _end_outlived(runtime: Runtime, actor: Actor, request_id: str) -> int:
    """End some user IDs whose last day is over; how many there were."""
    async with runtime.act(actor, request_id) as unit:
        return await users.end_outlived(unit)


async def _end(runtime: Runtime, actor: Actor, request_id: str, day: date) -> None:
    async with runtime.act(actor, request_id, day=day) as unit:
        row = await store.locked(unit.connection, day)
        if row.done_at is None:
            await store.advance(unit.connection, day, {"done_at": unit.now})
            unit.audit("daily.end", "daily_run", str(day), groups=Tally.read(row.counts).groups)


async def _reports(runtime: Runtime, days: list[date]) -> DailyReports:
    reports, refused = [], Tally()
    async with runtime.database.read() as connection:
        for day in days:
            tally = Tally.read((await store.of_day(connection, day)).counts)
            reports.append(tally.report(day, await incidents.of_day(connection, day)))
            for sentence in tally.refused:
                refused.refuse(sentence)
    return DailyReports(days=reports, refused=refused.refused)


async def run_when_open(runtime: Runtime) -> None:
    """Run today once the service center's opening time has come, if it was not run yet."""
    now = runtime.clock()
    today = runtime.calendar.local_date(now)
    if now < runtime.calendar.opening(today):
        return
    async with runtime.database.read() as connection:
        last = await store.last(connection)
    if last is not None and last.done_at is not None and last.on_date >= today:
        return
    async for _ in run(runtime, SYSTEM, request_id=f"daily-{today}"):
        pass
