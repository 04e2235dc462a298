"""SQL of the daily run: which days are done, and how far the one at hand has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import account, daily_run

Values = Mapping[str, Any]


async def last(connection: AsyncConnection) -> Any | None:
    """The run of the latest day, done or not."""
    query = select(daily_run).order_by(daily_run.c.on_date.desc()).limit(1)
    return (await connection.execute(query)).first()


async def first_open(connection: AsyncConnection) -> date | None:
    """The earliest day whose run was begun and is not done."""
    query = select(func.min(daily_run.c.on_date)).where(daily_run.c.done_at.is_(None))
    found: date | None = (await connection.execute(query)).scalar_one()
    return found


async def of_day(connection: AsyncConnection, on: date) -> Any:
    """The run of a day."""
    return (await connection.execute(select(daily_run).where(daily_run.c.on_date == on))).one()


async def begin(connection: AsyncConnection, on: date, now: datetime) -> bool:
    """Begin the run of a day; False when it was begun before."""
    make = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    begun = make(daily_run).values(on_date=on, started_at=now, counts={}).on_conflict_do_nothing()
    return (await connection.execute(begun.returning(daily_run.c.on_date))).first() is not None


async def locked(connection: AsyncConnection, on: date) -> Any:
    """The run of a day; nobody else goes on with it until the end of the transaction."""
    query = select(daily_run).where(daily_run.c.on_date == on).with_for_update()
    return (await connection.execute(query)).one()


async def advance(connection: AsyncConnection, on: date, values: Values) -> None:
    """Write how far the run of a day is."""
    await connection.execute(update(daily_run).where(daily_run.c.on_date == on).values(**values))


async def next_account(connection: AsyncConnection, after: int) -> Any | None:
    """The next account in the order of their keys."""
    query = select(account).where(account.c.id > after).order_by(account.c.id).limit(1)
    return (await connection.execute(query)).first()


async def count_accounts(connection: AsyncConnection) -> int:
    """How many accounts there are."""
    return int((await connection.execute(select(func.count()).select_from(account))).scalar_one())
