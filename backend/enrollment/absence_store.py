"""SQL of absences: who is active in a group, who of them a full file leaves out, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import AbsenceState, MatchState
from backend.database.tables import (
    absence,
    account,
    coverage,
    enrollment,
    file_member,
    match_item,
    member,
    rep,
)

Values = Mapping[str, Any]


def _runs(today: date) -> ColumnElement[bool]:
    return or_(coverage.c.ends_on.is_(None), coverage.c.ends_on >= today)


async def active(
    connection: AsyncConnection, account_id: int, today: date, after: int, limit: int
) -> Sequence[Any]:
    """Members with coverage in a group today or later, by key: member_id, subscriber_number, relationship."""
    query = (
        select(
            coverage.c.member_id,
            func.min(coverage.c.subscriber_number).label("subscriber_number"),
            func.min(coverage.c.relationship).label("relationship"),
        )
        .where(coverage.c.account_id == account_id, coverage.c.member_id > after, _runs(today))
        .group_by(coverage.c.member_id)
        .order_by(coverage.c.member_id)
        .limit(limit)
    )
    return (await connection.execute(query)).all()


async def named_in(connection: AsyncConnection, file_id: int, member_ids: Sequence[int]) -> set[int]:
    """Which of these members a file has dealt with."""
    query = select(file_member.c.member_id).where(
        file_member.c.file_id == file_id, file_member.c.member_id.in_(member_ids)
    )
    return {int(one) for one in (await connection.execute(query)).scalars()}


async def noted(connection: AsyncConnection, file_id: int, account_id: int) -> int:
    """The last member of a group noted as absent from a file; 0 for none."""
    query = select(func.max(absence.c.member_id)).where(
        absence.c.file_id == file_id, absence.c.account_id == account_id
    )
    return int((await connection.execute(query)).scalar_one() or 0)


async def add(connection: AsyncConnection, rows: Sequence[Values]) -> None:
    """Write absences."""
    await connection.execute(insert(absence), list(rows))


_waiting = exists().where(
    enrollment.c.file_id == absence.c.file_id,
    enrollment.c.account_id == absence.c.account_id,
    enrollment.c.subscriber_number == absence.c.subscriber_number,
    match_item.c.enrollment_id == enrollment.c.id,
    match_item.c.state.not_in((MatchState.APPLIED, MatchState.RETURNED)),
)


async def listed(
    connection: AsyncConnection,
    file_id: int,
    limit: int,
    *,
    state: AbsenceState | None = None,
    after: int = 0,
) -> Sequence[Any]:
    """Absences of a file with the person, the group and who decided, in the order of their keys."""
    query = (
        select(
            absence,
            account.c.number.label("group_number"),
            member.c.mrn,
            member.c.first_name,
            member.c.last_name,
            rep.c.display_name.label("decider"),
            _waiting.label("waiting"),
        )
        .join(account, account.c.id == absence.c.account_id)
        .join(member, member.c.id == absence.c.member_id)
        .outerjoin(rep, rep.c.id == absence.c.decided_by)
        .where(absence.c.file_id == file_id, absence.c.id > after)
    )
    if state is not None:
        query = query.where(absence.c.state == state)
    return (await connection.execute(query.order_by(absence.c.id).limit(limit))).all()


async def of_people(
    connection: AsyncConnection, file_id: int, people: Sequence[tuple[str, str]]
) -> Sequence[Any]:
    """Absences of a file by group number and member number, locked to be decided."""
    query = (
        select(absence, account.c.number.label("group_number"), member.c.mrn)
        .join(account, account.c.id == absence.c.account_id)
        .join(member, member.c.id == absence.c.member_id)
        .where(absence.c.file_id == file_id, tuple_(account.c.number, member.c.mrn).in_(people))
        .with_for_update(of=absence)
    )
    return (await connection.execute(query)).all()


async def families(
    connection: AsyncConnection, account_id: int, subscriber_numbers: Collection[str], today: date
) -> Sequence[int]:
    """Members covered under these subscriber numbers of a group today or later."""
    query = select(coverage.c.member_id).where(
        coverage.c.account_id == account_id,
        coverage.c.subscriber_number.in_(subscriber_numbers),
        _runs(today),
    )
    return (await connection.execute(query.distinct())).scalars().all()


async def member_numbers(connection: AsyncConnection, member_ids: Sequence[int]) -> Mapping[int, str]:
    """Member numbers by key."""
    query = select(member.c.id, member.c.mrn).where(member.c.id.in_(member_ids))
    return {int(row.id): str(row.mrn) for row in await connection.execute(query)}


async def change(connection: AsyncConnection, absence_id: int, values: Values) -> None:
    """Write what was decided."""
    await connection.execute(update(absence).where(absence.c.id == absence_id).values(**values))


async def counts(connection: AsyncConnection, file_id: int) -> Mapping[str, int]:
    """How many absences of a file by state."""
    query = select(absence.c.state, func.count()).where(absence.c.file_id == file_id)
    return {
        str(state): int(count) for state, count in await connection.execute(query.group_by(absence.c.state))
    }


async def running(
    connection: AsyncConnection, account_id: int, member_ids: Sequence[int], today: date
) -> Sequence[Any]:
    """Coverage of these members in a group that runs on a day or later, locked to be changed."""
    query = select(coverage).where(
        and_(coverage.c.account_id == account_id, coverage.c.member_id.in_(member_ids), _runs(today))
    )
    return (await connection.execute(query.order_by(coverage.c.id).with_for_update())).all()
