"""Days of a plan in tests: groups with people and rates, the daily run, and the post."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from api_client.types.billing import DailyReport, DailyReports, RecordPayment
from api_client.types.billing_words import PaymentMethod
from api_client.types.letters import LettersDue, LettersMailed
from backend.accounts.members import Person
from backend.actors import operator
from backend.billing import service as billing
from backend.database import tables
from backend.jobs import daily
from backend.letters import mailing
from backend.policy import confirming
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import operator_unit
from tests.enrollments import PEBBLE, add_group, add_member

OPERATOR = operator("tester")
RATE = Decimal("450.00")
ZONE = ZoneInfo("America/Los_Angeles")


def morning(day: date) -> datetime:
    """Nine o'clock at the service center."""
    return datetime.combine(day, time(9), ZONE)


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


async def confirm_billing(runtime: Runtime) -> None:
    """Have a person of the plan confirm the rules of billing."""
    async with operator_unit(runtime) as unit:
        await confirming.confirm(unit, [], "Ann Example", billing=True)


async def paying_group(
    runtime: Runtime,
    number: str = "900100",
    subscribers: int = 2,
    *,
    starts_on: date = date(2025, 1, 1),
    **changes: object,
) -> int:
    """A group with subscribers, one rate, and everything before September 2026 paid."""
    values: dict[str, object] = {"paid_through": date(2026, 8, 31), "effective_from": date(2025, 1, 1)}
    account_id = await add_group(runtime, number, **{**values, **changes})
    for at in range(subscribers):
        digits = f"{int(number) % 10_000:04}{at}"
        person = Person(**{**vars(PEBBLE), "ssn": f"9001{digits}", "first_name": f"Clara{'abcde'[at % 5]}"})
        await add_member(
            runtime,
            person,
            account_id=account_id,
            subscriber_number=f"S{at}",
            starts_on=starts_on,
        )
    await add_rate(runtime, account_id)
    return account_id


async def add_rate(runtime: Runtime, account_id: int, amount: Decimal = RATE) -> None:
    """What a month of a subscriber costs."""
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(
            insert(tables.rate).values(
                account_id=account_id, line="HMO", level="", from_on=date(2025, 1, 1), amount=amount
            )
        )


async def run_day(
    runtime: Runtime, on: date | None = None, *, dry: bool = False
) -> tuple[list[DailyReport], list[str]]:
    """The daily run, to its end: reports by day, and what was left undone."""
    steps = daily.run(runtime, OPERATOR, request_id="T", on=on, dry=dry)
    *_, told = [one async for one in steps]
    assert isinstance(told, DailyReports)
    return told.days, told.refused


async def pays(runtime: Runtime, number: str, on: date, amount: Decimal) -> None:
    """A check comes in."""
    form = RecordPayment(
        group_number=number, received_on=on, amount=amount, method=PaymentMethod.CHECK, reference="1"
    )
    async with operator_unit(runtime) as unit:
        await billing.record_payment(unit, form)


async def due(runtime: Runtime) -> LettersDue:
    """The next mailing."""
    *_, listed = [one async for one in mailing.due(runtime, OPERATOR, request_id="T")]
    assert isinstance(listed, LettersDue)
    return listed


async def marked(runtime: Runtime, numbers: Sequence[str], batch: str = "") -> LettersMailed:
    """These letters handed to the post."""
    content = "".join(f"{one}\n" for one in numbers).encode()
    steps = mailing.mark(runtime, OPERATOR, io.BytesIO(content), request_id="T", batch=batch)
    *_, told = [one async for one in steps]
    assert isinstance(told, LettersMailed)
    return told


async def mail(runtime: Runtime) -> list[str]:
    """Everything that is due goes to the post; returns the numbers."""
    listed = await due(runtime)
    told = await marked(runtime, [one.number for one in listed.due], listed.batch)
    assert (told.mailed, told.refused) == (len(listed.due), [])
    return [one.number for one in listed.due]


async def live(runtime: Runtime, clock: FixedClock, days: Sequence[date], *, post: bool = True) -> None:
    """The days go by, each with its run and its mailing."""
    for day in days:
        clock.now = morning(day)
        await run_day(runtime)
        if post:
            await mail(runtime)


async def rows(runtime: Runtime, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table, in the order of its rows."""
    async with runtime.database.read() as connection:
        query = select(*(table.c[name] for name in columns)).order_by(table.primary_key.columns[0])
        return [tuple(row) for row in (await connection.execute(query)).all()]
