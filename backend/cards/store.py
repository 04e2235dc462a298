"""SQL of cards, of the people they go to, and of enrollments that made nobody a member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import OPEN_MATCH_STATES, ActorKind, CardState, Outcome, TransactionType
from backend.database.tables import (
    account,
    card_job,
    coverage,
    enrollment,
    match_item,
    member,
    member_past,
    rep,
)

Values = Mapping[str, Any]
_JOINS = (
    TransactionType.ENROLL,
    TransactionType.ADD_DEPENDENT,
    TransactionType.REINSTATE,
    TransactionType.TRANSFER,
)
"""Transactions that make somebody a member."""

# -- jobs ------------------------------------------------------------------------------------------


async def add(connection: AsyncConnection, values: Values) -> None:
    """Write a card that is ordered."""
    await connection.execute(insert(card_job).values(**values))


async def change(connection: AsyncConnection, job_id: int, version: int, values: Values) -> bool:
    """Change a job that still has this version, and count it; False when it has another."""
    changed = await connection.execute(
        update(card_job)
        .where(card_job.c.id == job_id, card_job.c.version == version)
        .values(version=version + 1, **values)
        .returning(card_job.c.id)
    )
    return changed.first() is not None


async def by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """The job of this number; with `lock` nobody else changes it meanwhile."""
    query = select(card_job).where(card_job.c.number == number)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def by_numbers(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, Any]:
    """Jobs by their numbers, locked."""
    query = select(card_job).where(card_job.c.number.in_(numbers)).order_by(card_job.c.id)
    return {str(row.number): row for row in await connection.execute(query.with_for_update())}


async def of_member(
    connection: AsyncConnection, member_id: int, account_id: int, limit: int
) -> Sequence[Any]:
    """Cards of a member in a group with the name of the rep who ordered each, the newest first."""
    query = (
        select(card_job, rep.c.display_name)
        .outerjoin(rep, literal(f"{ActorKind.REP}:") + rep.c.username == card_job.c.requested_by)
        .where(card_job.c.member_id == member_id, card_job.c.account_id == account_id)
    )
    order = (card_job.c.requested_at.desc(), card_job.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def printed_of(connection: AsyncConnection, enrollment_id: int) -> bool:
    """Whether a card that an enrollment ordered was printed."""
    query = select(card_job.c.id).where(
        card_job.c.enrollment_id == enrollment_id, card_job.c.printed_at.is_not(None)
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def withdraw_of(connection: AsyncConnection, enrollment_id: int) -> Sequence[Any]:
    """Withdraw what an enrollment ordered and nobody mailed yet; returns numbers and versions."""
    states = (CardState.REQUESTED, CardState.PRINTED)
    return await _withdraw(connection, card_job.c.enrollment_id == enrollment_id, states=states)


async def withdraw_uncovered(
    connection: AsyncConnection, today: date, family: tuple[int, str] | None = None
) -> Sequence[Any]:
    """Withdraw unprinted cards of people without coverage in the group from today on; only of the family
    with this account key and subscriber number where one is named. Returns numbers and versions.
    """
    covered = _covered(today)
    if family is None:
        return await _withdraw(connection, ~covered)
    account_id, number = family
    people = select(coverage.c.member_id).where(
        coverage.c.account_id == account_id, coverage.c.subscriber_number == number
    )
    return await _withdraw(connection, ~covered, card_job.c.member_id.in_(people))


async def withdraw_of_member(connection: AsyncConnection, member_id: int, today: date) -> Sequence[Any]:
    """Withdraw unprinted cards of a member in groups without coverage any more; numbers and versions."""
    return await _withdraw(connection, ~_covered(today), card_job.c.member_id == member_id)


def _runs(today: date) -> Any:
    """Whether a coverage runs on this day or later."""
    return or_(
        coverage.c.ends_on.is_(None),
        and_(coverage.c.ends_on >= today, coverage.c.ends_on >= coverage.c.starts_on),
    )


def _covered(today: date) -> Any:
    same = (coverage.c.member_id == card_job.c.member_id, coverage.c.account_id == card_job.c.account_id)
    return exists().where(*same, _runs(today))


async def _withdraw(
    connection: AsyncConnection, *which: Any, states: Sequence[CardState] = (CardState.REQUESTED,)
) -> Sequence[Any]:
    change = update(card_job).where(card_job.c.state.in_(states), *which)
    change = change.values(state=CardState.WITHDRAWN, version=card_job.c.version + 1)
    return (await connection.execute(change.returning(card_job.c.number, card_job.c.version))).all()


async def remove_of_member(connection: AsyncConnection, member_id: int) -> Sequence[Any]:
    """Remove all cards of a member who is about to be removed; returns numbers, states and versions."""
    gone = delete(card_job).where(card_job.c.member_id == member_id)
    return (
        await connection.execute(gone.returning(card_job.c.number, card_job.c.state, card_job.c.version))
    ).all()


async def due(connection: AsyncConnection, now: datetime, after: int, limit: int) -> Sequence[Any]:
    """Cards to print, by their key, with the member and the group."""
    query = (
        select(
            card_job,
            member.c.mrn,
            member.c.first_name,
            member.c.middle_name,
            member.c.last_name,
            member.c.suffix,
            account.c.number.label("group_number"),
            account.c.name.label("group_name"),
        )
        .join(member, member.c.id == card_job.c.member_id)
        .join(account, account.c.id == card_job.c.account_id)
        .where(card_job.c.state == CardState.REQUESTED, card_job.c.print_from <= now, card_job.c.id > after)
    )
    return (await connection.execute(query.order_by(card_job.c.id).limit(limit))).all()


async def returned_of(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """Cards of a group that came back and after which none was ordered."""
    later = card_job.alias("later")
    again = exists().where(
        later.c.member_id == card_job.c.member_id,
        later.c.account_id == card_job.c.account_id,
        later.c.id > card_job.c.id,
        later.c.state != CardState.WITHDRAWN,
    )
    here = and_(card_job.c.account_id == account_id, card_job.c.state == CardState.RETURNED)
    query = select(card_job.c.number, card_job.c.returned_on, member.c.mrn)
    query = query.join(member, member.c.id == card_job.c.member_id).where(here, ~again)
    return (await connection.execute(query.order_by(card_job.c.id).limit(20))).all()


# -- people ----------------------------------------------------------------------------------------


async def covered_as(connection: AsyncConnection, account_id: int, mrn: str) -> Sequence[Any]:
    """A member's coverage in a group with the member, the newest first; empty for a stranger to it."""
    query = (
        select(member, coverage.c.subscriber_number, coverage.c.relationship)
        .join(coverage, coverage.c.member_id == member.c.id)
        .where(coverage.c.account_id == account_id, member.c.mrn == mrn)
    )
    return (await connection.execute(query.order_by(coverage.c.starts_on.desc(), coverage.c.id))).all()


async def lock_member(connection: AsyncConnection, member_id: int) -> None:
    """Nobody else orders a card for the member until the end of the transaction."""
    await connection.execute(select(member.c.id).where(member.c.id == member_id).with_for_update())


async def states_of(connection: AsyncConnection, account_id: int, member_ids: Sequence[int]) -> Sequence[Any]:
    """State of the newest card of each of these members in a group, those taken back left out."""
    newest = (
        select(func.max(card_job.c.id))
        .where(
            card_job.c.account_id == account_id,
            card_job.c.member_id.in_(member_ids),
            card_job.c.state != CardState.WITHDRAWN,
        )
        .group_by(card_job.c.member_id)
    )
    query = select(card_job.c.member_id, card_job.c.state).where(card_job.c.id.in_(newest))
    return (await connection.execute(query)).all()


async def coverage_of(connection: AsyncConnection, member_id: int, account_id: int) -> Sequence[Any]:
    """A member's coverage in a group, the newest first."""
    query = select(coverage).where(coverage.c.member_id == member_id, coverage.c.account_id == account_id)
    return (await connection.execute(query.order_by(coverage.c.starts_on.desc(), coverage.c.id))).all()


async def coverage_by_id(connection: AsyncConnection, coverage_id: int) -> Any:
    """The coverage of this key."""
    return (await connection.execute(select(coverage).where(coverage.c.id == coverage_id))).one()


async def subscriber_of(
    connection: AsyncConnection, account_id: int, subscriber_number: str, relationship: str
) -> Any | None:
    """The subscriber of a family; of several by that number the last who was covered."""
    query = (
        select(member)
        .join(coverage, coverage.c.member_id == member.c.id)
        .where(
            coverage.c.account_id == account_id,
            coverage.c.subscriber_number == subscriber_number,
            coverage.c.relationship == relationship,
        )
    )
    newest = (coverage.c.starts_on.desc(), coverage.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).first()


async def member_by_id(connection: AsyncConnection, member_id: int) -> Any:
    """The member of this key."""
    return (await connection.execute(select(member).where(member.c.id == member_id))).one()


async def moved_at(connection: AsyncConnection, row: Any) -> datetime | None:
    """Since when a member's address on record is what it is; None when it never was another."""
    past = member_past
    moved = or_(past.c.street != row.street, past.c.city != row.city, past.c.zip != row.zip)
    query = select(func.max(past.c.until)).where(past.c.member_id == row.id, moved)
    found: datetime | None = (await connection.execute(query)).scalar_one()
    return found


async def last_sent_home(connection: AsyncConnection, member_id: int) -> Any | None:
    """The newest transaction about a member that was applied and names an address."""
    query = select(enrollment).where(
        enrollment.c.member_id == member_id,
        enrollment.c.outcome == Outcome.APPLIED,
        enrollment.c.street != "",
    )
    newest = (enrollment.c.received_at.desc(), enrollment.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).first()


async def groups_of(connection: AsyncConnection, member_id: int, today: date) -> list[int]:
    """Keys of the groups in which a member's coverage runs or begins."""
    query = select(coverage.c.account_id).where(coverage.c.member_id == member_id, _runs(today)).distinct()
    return sorted(int(row.account_id) for row in await connection.execute(query))


# -- enrollments that made nobody a member -----------------------------------------------------------

_WITH_ITEM = select(
    enrollment,
    match_item.c.number.label("item"),
    match_item.c.state.label("item_state"),
    match_item.c.due_at,
    match_item.c.care_order,
    match_item.c.lease_until,
    match_item.c.id.label("item_id"),
).outerjoin(match_item, match_item.c.enrollment_id == enrollment.c.id)


async def not_members(connection: AsyncConnection, account_id: int, since: datetime) -> Sequence[Any]:
    """Enrollments of a group that wait, then those refused since after which none came for the person."""
    later = enrollment.alias("later")
    sent_again = exists().where(
        later.c.account_id == enrollment.c.account_id,
        later.c.subscriber_number == enrollment.c.subscriber_number,
        later.c.relationship == enrollment.c.relationship,
        func.upper(later.c.first_name) == func.upper(enrollment.c.first_name),
        later.c.type.in_(_JOINS),
        later.c.id > enrollment.c.id,
    )
    refused = and_(enrollment.c.outcome == Outcome.REFUSED, enrollment.c.received_at >= since, ~sent_again)
    query = _WITH_ITEM.where(
        enrollment.c.account_id == account_id,
        enrollment.c.type.in_(_JOINS),
        or_(enrollment.c.outcome == Outcome.QUEUED, refused),
    )
    order = (enrollment.c.outcome != Outcome.QUEUED, enrollment.c.id)
    return (await connection.execute(query.order_by(*order).limit(50))).all()


async def by_receipt(connection: AsyncConnection, account_id: int, receipt: str) -> Any | None:
    """The enrollment of this receipt with its item."""
    query = _WITH_ITEM.where(enrollment.c.account_id == account_id, enrollment.c.receipt == receipt)
    return (await connection.execute(query)).first()


async def open_of_family(
    connection: AsyncConnection, account_id: int, subscriber_number: str
) -> Sequence[Any]:
    """Enrollments of a family that a person of the plan looks at."""
    query = _WITH_ITEM.where(
        enrollment.c.account_id == account_id,
        enrollment.c.subscriber_number == subscriber_number,
        match_item.c.state.in_(OPEN_MATCH_STATES),
    )
    return (await connection.execute(query.order_by(enrollment.c.id).limit(20))).all()


async def last_of_person(
    connection: AsyncConnection, account_id: int, subscriber_number: str, relationship: str
) -> Sequence[Any]:
    """Enrollments under a subscriber number and relationship, the newest first."""
    query = _WITH_ITEM.where(
        enrollment.c.account_id == account_id,
        enrollment.c.subscriber_number == subscriber_number,
        enrollment.c.relationship == relationship,
        enrollment.c.type.in_(_JOINS),
    )
    return (await connection.execute(query.order_by(enrollment.c.id.desc()).limit(20))).all()


async def count_due(connection: AsyncConnection, now: datetime) -> int:
    """How many cards wait for the printer."""
    query = select(func.count()).where(card_job.c.state == CardState.REQUESTED, card_job.c.print_from <= now)
    return int((await connection.execute(query)).scalar_one())
