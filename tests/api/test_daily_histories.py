"""The daily run over random histories: missed days, runs that break off, and two processes at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import URL, select, update

from api_client.types.billing import DailyReports
from backend.database import tables
from backend.database.engine import Database
from backend.jobs import daily
from backend.keys import new_keys
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from tests.conftest import NOON, FixedClock
from tests.days import OPERATOR, RATE, confirm_billing, days_of, mail, morning, paying_group, pays, run_day
from tests.desk import operator_unit
from tests.stores import SQLiteStores

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 6)
GROUPS = [str(number) for number in range(900100, 900104)]
_SAME: dict[str, Sequence[str]] = {
    "invoice": ("account_id", "month", "bill_date", "due_date", "premium"),
    "invoice_line": ("kind", "subscriber_number", "tier", "amount", "month"),
    "credit": ("account_id", "posted_on", "amount", "month", "subscriber_number"),
    "fee": ("account_id", "charged_on", "amount"),
    "payment": ("account_id", "received_on", "amount", "returned_on"),
    "coverage": ("account_id", "subscriber_number", "ends_on", "ended_unpaid", "ends_on_before"),
    "standing": ("account_id", "on_date", "state", "days_past_due", "open_premium", "owed", "coverage_end"),
    "letter": ("account_id", "kind", "created_on", "mailed_on", "amount", "ends_on"),
}
"""What must be the same, whoever got which number in between."""


async def books_of(runtime: Runtime) -> dict[str, list[str]]:
    """Everything on the books and what followed from it, without numbers."""
    found = {}
    async with runtime.database.read() as connection:
        for name, columns in _SAME.items():
            table = tables.metadata.tables[name]
            query = select(*(table.c[one] for one in columns))
            found[name] = sorted(str(tuple(row)) for row in (await connection.execute(query)).all())
    return found


@asynccontextmanager
async def world(url: URL) -> AsyncIterator[tuple[Runtime, FixedClock]]:
    """A plan with groups that have a bill, its billing rules confirmed."""
    clock = FixedClock(NOON)
    runtime = await open_runtime(Database(url), load_policy(), new_keys(), clock=clock)
    clock.now = morning(date(2026, 8, 31))
    await confirm_billing(runtime)
    for number in GROUPS:
        await paying_group(runtime, number, subscribers=2)
    await run_day(runtime)
    yield runtime, clock
    await runtime.close()


@dataclass
class History:
    """What happens by day, besides the run and the post."""

    chance: random.Random
    paid: dict[date, list[tuple[str, Decimal]]] = field(default_factory=dict)
    leaves: dict[date, int] = field(default_factory=dict)
    """The day on which we hear that somebody left a month ago, by the key of the coverage."""
    missed: tuple[date, date] = (LAST, FIRST)

    def make(self) -> History:
        """Draw it. What we hear of people comes on days of a run: the store knows no later when it came."""
        days = days_of(FIRST, LAST)
        start = self.chance.randrange(1, len(days) - 10)
        self.missed = (days[start], days[start + self.chance.randrange(9)])
        for number in self.chance.choices(GROUPS, k=5):
            amount = RATE * self.chance.choice((1, 2, 4)) / self.chance.choice((1, 3))
            self.paid.setdefault(self.chance.choice(days), []).append((number, amount))
        runs = [one for one in days if not self.is_missed(one)]
        self.leaves = {self.chance.choice(runs): key for key in (1, 3)}
        return self

    def is_missed(self, day: date) -> bool:
        """Whether no run and no mail went that day."""
        return self.missed[0] <= day <= self.missed[1]

    async def happens(self, runtime: Runtime, day: date) -> None:
        """What this day brings."""
        for number, amount in self.paid.get(day, ()):
            await pays(runtime, number, day, amount)
        if day in self.leaves:
            table = tables.coverage
            async with operator_unit(runtime) as unit:
                ends = day.replace(day=1) - timedelta(days=1)
                change = update(table).where(table.c.id == self.leaves[day], table.c.ends_on.is_(None))
                await unit.connection.execute(change.values(ends_on=ends))


async def test_days_made_up_for_give_the_books_of_days_on_which_only_no_mail_could_go(
    sqlite_stores: SQLiteStores,
) -> None:
    found = []
    for caught_up in (False, True):
        history = History(random.Random(1)).make()
        async with world(sqlite_stores.fresh()) as (runtime, clock):
            for day in days_of(FIRST, LAST):
                clock.now = morning(day)
                await history.happens(runtime, day)
                if not (caught_up and history.is_missed(day)):
                    await run_day(runtime)
                if not history.is_missed(day):
                    await mail(runtime)
            found.append(await books_of(runtime))
    assert found[0] == found[1]
    assert found[0]["letter"]
    assert found[0]["credit"]


# -- broken off ------------------------------------------------------------------------------------


async def _broken_off(runtime: Runtime, steps: int) -> bool:
    """Begin a run and end it after so many steps; whether it came to its end before."""
    async with aclosing(daily.run(runtime, OPERATOR, request_id="T")) as run:
        async for step in run:
            if isinstance(step, DailyReports):
                return True
            steps -= 1
            if not steps:
                return False
    return True


async def test_a_run_that_breaks_off_anywhere_ends_as_one_in_one_go(sqlite_stores: SQLiteStores) -> None:
    """A day of letters, broken off after some groups, and again."""
    found, reports = [], []
    for breaks in ((), (1, 1, 2), (3,)):
        async with world(sqlite_stores.fresh()) as (runtime, clock):
            clock.now = morning(date(2026, 9, 1))
            await run_day(runtime)
            clock.now = morning(date(2026, 9, 2))
            for steps in breaks:
                assert not await _broken_off(runtime, steps)
            (report,), _ = await run_day(runtime)
            reports.append(report)
            assert await run_day(runtime) == ([], [])
            found.append(await books_of(runtime))
    assert all(one == found[0] for one in found)
    assert all(one == reports[0] for one in reports)
    assert (reports[0].groups, reports[0].letters) == (4, {"L1": 4, "L1_subscriber": 8})


async def test_of_two_runs_at_once_each_group_is_ones(
    runtime: Runtime, database_url: URL, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    for number in range(900100, 900108):
        await paying_group(runtime, str(number), subscribers=1)
    clock.now = morning(date(2026, 8, 10))
    other = runtime
    if not runtime.database.sqlite:
        other = await open_runtime(Database(database_url), load_policy(), runtime.keys, clock=clock)
    try:
        told = await asyncio.gather(run_day(runtime), run_day(other))
    finally:
        if other is not runtime:
            await other.close()
    for reports, refused in told:
        assert [(one.groups, one.bills) for one in reports] == [(8, 8)]
        assert refused == []
    found = await books_of(runtime)
    assert len(found["invoice"]) == len(set(found["invoice"])) == 8
