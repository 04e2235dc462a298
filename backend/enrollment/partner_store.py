"""SQL of trading partners and the groups whose files they send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import account, enrollment_file, trading_partner

Values = Mapping[str, Any]


async def by_sender(connection: AsyncConnection, sender: str) -> Any | None:
    """The partner who sends under this name."""
    query = select(trading_partner).where(trading_partner.c.sender == sender)
    return (await connection.execute(query)).first()


async def by_id(connection: AsyncConnection, partner_id: int) -> Any:
    """The partner of this key."""
    return (await connection.execute(select(trading_partner).where(trading_partner.c.id == partner_id))).one()


async def every(connection: AsyncConnection) -> Sequence[Any]:
    """All partners, by sender."""
    return (await connection.execute(select(trading_partner).order_by(trading_partner.c.sender))).all()


async def add(connection: AsyncConnection, values: Values) -> Any:
    """Write a partner; returns its row."""
    made = insert(trading_partner).values(**values).returning(trading_partner)
    return (await connection.execute(made)).one()


async def change(connection: AsyncConnection, partner_id: int, values: Values) -> Any:
    """Change a partner and count its version; returns its row."""
    changed = (
        update(trading_partner)
        .where(trading_partner.c.id == partner_id)
        .values(**values, version=trading_partner.c.version + 1)
        .returning(trading_partner)
    )
    return (await connection.execute(changed)).one()


async def groups_of(connection: AsyncConnection, partner_id: int) -> Sequence[str]:
    """Numbers of the groups whose files this partner sends."""
    query = select(account.c.number).where(account.c.partner_id == partner_id).order_by(account.c.number)
    return (await connection.execute(query)).scalars().all()


async def set_partner(connection: AsyncConnection, account_id: int, partner_id: int | None) -> None:
    """Say who sends the files of a group."""
    await connection.execute(update(account).where(account.c.id == account_id).values(partner_id=partner_id))


async def last_file(connection: AsyncConnection, partner_id: int) -> Any | None:
    """Number and time of the newest file of a partner."""
    query = (
        select(enrollment_file.c.number, enrollment_file.c.received_at)
        .where(enrollment_file.c.partner_id == partner_id)
        .order_by(enrollment_file.c.id.desc())
        .limit(1)
    )
    return (await connection.execute(query)).first()
