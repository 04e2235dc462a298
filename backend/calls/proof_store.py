"""SQL of what a caller's answers are compared with, and of whose phone a number is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import (
    account,
    contact,
    coverage,
    enrollment,
    invoice,
    member,
    payment,
    representative,
)


async def member_of(connection: AsyncConnection, account_id: int, mrn: str) -> Any | None:
    """A member with the newest coverage in this group."""
    query = (
        select(member, coverage.c.relationship)
        .join(coverage, coverage.c.member_id == member.c.id)
        .where(coverage.c.account_id == account_id, member.c.mrn == mrn)
    )
    newest = (coverage.c.starts_on.desc(), coverage.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).first()


async def member_by_id(connection: AsyncConnection, account_id: int, member_id: int) -> Any | None:
    """The same, by key."""
    mrn = select(member.c.mrn).where(member.c.id == member_id)
    found = (await connection.execute(mrn)).scalar_one()
    return await member_of(connection, account_id, str(found))


async def enrollment_of(connection: AsyncConnection, account_id: int, receipt: str) -> Any | None:
    """The enrollment of this receipt in this group."""
    query = select(enrollment).where(enrollment.c.account_id == account_id, enrollment.c.receipt == receipt)
    return (await connection.execute(query)).first()


async def enrollment_by_id(connection: AsyncConnection, enrollment_id: int) -> Any:
    """The enrollment of this key."""
    return (await connection.execute(select(enrollment).where(enrollment.c.id == enrollment_id))).one()


async def representatives(connection: AsyncConnection, member_id: int) -> Sequence[Any]:
    """Who has a document on file to speak for a member, in date or not."""
    query = select(representative).where(representative.c.member_id == member_id)
    return (await connection.execute(query.order_by(representative.c.id))).all()


async def last_invoice(connection: AsyncConnection, account_id: int, today: date) -> Decimal | None:
    """Premium of the last invoice that went out."""
    query = select(invoice.c.premium).where(
        invoice.c.account_id == account_id, invoice.c.bill_date <= today, ~invoice.c.void
    )
    newest = (invoice.c.month.desc(), invoice.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).scalar_one_or_none()


async def last_payment(connection: AsyncConnection, account_id: int) -> date | None:
    """When the last payment was received, of those that stand."""
    query = select(payment.c.received_on).where(
        payment.c.account_id == account_id,
        payment.c.reversed_at.is_(None),
        payment.c.returned_on.is_(None),
    )
    newest = (payment.c.received_on.desc(), payment.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).scalar_one_or_none()


async def accounts_with_phone(connection: AsyncConnection, digits: str, today: date, limit: int) -> list[int]:
    """Keys of groups with this number: of a contact first, then of the bill, then of a member covered now."""
    spoken = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    runs = or_(coverage.c.ends_on.is_(None), coverage.c.ends_on >= today)
    queries = (
        select(contact.c.account_id.label("id")).where(contact.c.phone == spoken),
        select(account.c.id).where(account.c.bill_phone == spoken),
        select(coverage.c.account_id.label("id"))
        .join(member, member.c.id == coverage.c.member_id)
        .where(member.c.phone_key == digits, runs),
    )
    found: dict[int, None] = {}
    for query in queries:
        rows = await connection.execute(query.distinct().order_by("id").limit(limit))
        found.update(dict.fromkeys(int(row.id) for row in rows))
    return list(found)[:limit]
