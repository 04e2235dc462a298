"""SQL of enrollments: what was sent, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import coverage, enrollment, match_item, member

Values = Mapping[str, Any]


async def add(connection: AsyncConnection, values: Values) -> Any:
    """Write an enrollment; returns its row."""
    return (await connection.execute(insert(enrollment).values(**values).returning(enrollment))).one()


async def by_id(connection: AsyncConnection, enrollment_id: int) -> Any:
    """The enrollment of this key."""
    return (await connection.execute(select(enrollment).where(enrollment.c.id == enrollment_id))).one()


async def change(connection: AsyncConnection, enrollment_id: int, values: Values) -> None:
    """Change what became of an enrollment."""
    await connection.execute(update(enrollment).where(enrollment.c.id == enrollment_id).values(**values))


async def people_of(
    connection: AsyncConnection, account_id: int, subscriber_number: str, mrn: str
) -> Sequence[Any]:
    """Members of a group's family, with their coverage; by member number too when one was given."""
    same = [coverage.c.subscriber_number == subscriber_number]
    if mrn:
        same.append(member.c.mrn == mrn)
    query = (
        select(
            member,
            coverage.c.relationship,
            coverage.c.line,
            coverage.c.level,
            coverage.c.starts_on,
            coverage.c.ends_on,
            coverage.c.subscriber_number,
        )
        .join(coverage, coverage.c.member_id == member.c.id)
        .where(coverage.c.account_id == account_id, or_(*same))
        .order_by(coverage.c.starts_on.desc(), coverage.c.id)
    )
    return (await connection.execute(query)).all()


_waiting = (
    select(enrollment, match_item.c.number)
    .join(match_item, match_item.c.enrollment_id == enrollment.c.id)
    .where(enrollment.c.outcome == "queued")
    .order_by(enrollment.c.id)
    .limit(50)
)


async def waiting_in_family(
    connection: AsyncConnection, account_id: int, subscriber_number: str
) -> Sequence[Any]:
    """Enrollments under a subscriber number that wait in the queue, with their items."""
    same = (enrollment.c.account_id == account_id, enrollment.c.subscriber_number == subscriber_number)
    return (await connection.execute(_waiting.where(*same))).all()


async def waiting_with_ssn(connection: AsyncConnection, ssn_digest: str) -> Sequence[Any]:
    """Enrollments with this SSN that wait in the queue, with their items."""
    return (await connection.execute(_waiting.where(enrollment.c.ssn_digest == ssn_digest))).all()
