"""SQL of the queue: items, clocks, decisions, questions, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, literal_column, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import MatchState
from backend.database.tables import (
    clock_event,
    coverage,
    enrollment,
    match_decision,
    match_item,
    match_link,
    match_question,
    match_sample,
    member,
    rep,
)

Values = Mapping[str, Any]
_OPEN = (MatchState.QUEUED, MatchState.PENDING_APPROVAL)
IS_OPEN = match_item.c.state.in_([literal_column(f"'{state.value}'") for state in _OPEN])
"""Said in letters and not as a bound value, so that the planner sees the partial index of the open queue."""
_DONE = (MatchState.APPLIED, MatchState.RETURNED)
_item = match_item
ORDER = (_item.c.care_order, _item.c.due_at, _item.c.id)
"""The order of the queue: who needs care now, then the least time left, then the oldest."""
_kept = rep.alias("kept_rep")
ROWS = (
    select(
        _item,
        enrollment.c.channel,
        enrollment.c.type,
        enrollment.c.group_number,
        enrollment.c.first_name,
        enrollment.c.last_name,
        enrollment.c.receipt,
        rep.c.display_name.label("holder"),
        _kept.c.display_name.label("kept_for"),
    )
    .join(enrollment, enrollment.c.id == _item.c.enrollment_id)
    .outerjoin(rep, rep.c.id == _item.c.lease_rep_id)
    .outerjoin(_kept, _kept.c.id == _item.c.prefer_rep_id)
)
"""Items with what a line of the queue shows."""
Place = tuple[int, datetime, int]
"""Where an item stands in the queue: care order, due time, key."""


async def enrolled_with(connection: AsyncConnection, of: Any) -> Sequence[Any]:
    """Enrollments under the subscriber number of one, itself among them, with item and member numbers."""
    joins = ("enroll", "add_dependent", "reinstate", "transfer")
    query = (
        select(enrollment, _item.c.number, member.c.mrn.label("member_mrn"))
        .outerjoin(_item, _item.c.enrollment_id == enrollment.c.id)
        .outerjoin(member, member.c.id == enrollment.c.member_id)
        .where(
            enrollment.c.account_id == of.account_id,
            enrollment.c.subscriber_number == of.subscriber_number,
            enrollment.c.type.in_(joins),
        )
    )
    return (await connection.execute(query.order_by(enrollment.c.id).limit(50))).all()


async def add_item(connection: AsyncConnection, values: Values) -> int:
    """Write a new item; returns its key."""
    return int((await connection.execute(insert(_item).values(**values).returning(_item.c.id))).scalar_one())


async def item_by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """An item with what a line of the queue shows; with `lock` nobody else changes it meanwhile."""
    if lock:
        await connection.execute(select(_item.c.id).where(_item.c.number == number).with_for_update())
    return (await connection.execute(ROWS.where(_item.c.number == number))).first()


async def change_item(
    connection: AsyncConnection, item_id: int, version: int, values: Values, *, token: str | None = None
) -> bool:
    """Change an item that still has this version, and count it; with a token, only under that claim.

    False when the version or the claim is another.
    """
    change = update(_item).where(_item.c.id == item_id, _item.c.version == version)
    if token is not None:
        change = change.where(_item.c.lease_token == token)
    changed = await connection.execute(change.values(version=version + 1, **values).returning(_item.c.id))
    return changed.first() is not None


# -- pages -----------------------------------------------------------------------------------------


async def open_page(
    connection: AsyncConnection, place: Place | None, limit: int, *, backwards: bool = False, at: bool = False
) -> Sequence[Any]:
    """Open items from a place on in the order of the queue, `at` it included, or backwards from it."""
    query = ROWS.where(IS_OPEN, _item.c.due_at.is_not(None))
    if place is not None:
        key = tuple_(*ORDER)
        query = query.where(key < place if backwards else key >= place if at else key > place)
    order = [column.desc() for column in ORDER] if backwards else list(ORDER)
    rows = (await connection.execute(query.order_by(*order).limit(limit))).all()
    return rows[::-1] if backwards else rows


async def page_by_id(
    connection: AsyncConnection,
    states: Sequence[MatchState],
    after: int | None,
    limit: int,
    *,
    newest_first: bool,
) -> Sequence[Any]:
    """Items in these states in the order they came, or the newest first."""
    query = ROWS.where(_item.c.state.in_(states))
    if after is not None:
        query = query.where(_item.c.id < after if newest_first else _item.c.id > after)
    order = _item.c.id.desc() if newest_first else _item.c.id
    return (await connection.execute(query.order_by(order).limit(limit))).all()


async def mine(connection: AsyncConnection, rep_id: int, now: datetime) -> Sequence[Any]:
    """Items whose claim this rep holds, and those kept for this rep."""
    held = and_(_item.c.lease_rep_id == rep_id, _item.c.lease_until > now)
    kept = and_(_item.c.prefer_rep_id == rep_id, _item.c.state.in_((*_OPEN, MatchState.WAITING_EMPLOYER)))
    query = ROWS.where(_item.c.state.not_in(_DONE), or_(held, kept))
    return (await connection.execute(query.order_by(_item.c.id).limit(100))).all()


async def claimed_by(connection: AsyncConnection, rep_id: int, now: datetime) -> str:
    """Number of an item whose claim this rep holds, or empty."""
    query = select(_item.c.number).where(_item.c.lease_rep_id == rep_id, _item.c.lease_until > now)
    return (await connection.execute(query.limit(1))).scalar_one_or_none() or ""


async def open_of_account(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """Items of one account that are not done."""
    query = ROWS.where(_item.c.account_id == account_id, _item.c.state.not_in(_DONE))
    return (await connection.execute(query.order_by(_item.c.id).limit(20))).all()


async def first_due(connection: AsyncConnection, most: int) -> Sequence[Any]:
    """Due times of the first open items."""
    query = select(_item.c.number, _item.c.due_at).where(IS_OPEN, _item.c.due_at.is_not(None))
    return (await connection.execute(query.order_by(*ORDER).limit(most))).all()


# -- clocks ----------------------------------------------------------------------------------------


async def add_clock_event(connection: AsyncConnection, item_id: int, kind: str, at: datetime) -> None:
    """Write one event of an item's clock."""
    await connection.execute(insert(clock_event).values(item_id=item_id, kind=kind, at=at))


async def clock_events(connection: AsyncConnection, item_id: int) -> Sequence[Any]:
    """Events of an item's clock in their order."""
    query = select(clock_event.c.kind, clock_event.c.at).where(clock_event.c.item_id == item_id)
    return (await connection.execute(query.order_by(clock_event.c.id))).all()


async def mark_breached(connection: AsyncConnection, now: datetime) -> Sequence[Any]:
    """Mark open items whose due time has passed, for ever; returns those that were not marked before."""
    change = update(_item).where(IS_OPEN, _item.c.due_at < now, _item.c.breached.is_(False))
    return (
        await connection.execute(change.values(breached=True).returning(_item.c.number, _item.c.version))
    ).all()


# -- decisions, questions, links -------------------------------------------------------------------


async def add_decision(connection: AsyncConnection, values: Values) -> int:
    """Write a decision with its evidence; returns its key."""
    made = insert(match_decision).values(**values).returning(match_decision.c.id)
    return int((await connection.execute(made)).scalar_one())


async def decisions(connection: AsyncConnection, item_id: int) -> Sequence[Any]:
    """Decisions of an item with who took them, the oldest first."""
    approver = rep.alias("approver")
    query = select(
        match_decision, rep.c.display_name, approver.c.display_name.label("approver"), member.c.mrn
    ).join(rep, rep.c.id == match_decision.c.rep_id)
    query = query.outerjoin(approver, approver.c.id == match_decision.c.approved_by)
    query = query.outerjoin(member, member.c.id == match_decision.c.member_id)
    query = query.where(match_decision.c.item_id == item_id)
    return (await connection.execute(query.order_by(match_decision.c.id))).all()


async def change_decision(connection: AsyncConnection, decision_id: int, values: Values) -> None:
    """Change a decision: who it linked to, or that it was taken back."""
    await connection.execute(
        update(match_decision).where(match_decision.c.id == decision_id).values(**values)
    )


async def add_question(connection: AsyncConnection, values: Values) -> None:
    """Write a question to the employer."""
    await connection.execute(insert(match_question).values(**values))


async def questions(connection: AsyncConnection, item_id: int) -> Sequence[Any]:
    """Questions of an item with who asked, the oldest first."""
    query = select(match_question, rep.c.display_name).join(rep, rep.c.id == match_question.c.rep_id)
    query = query.where(match_question.c.item_id == item_id)
    return (await connection.execute(query.order_by(match_question.c.id))).all()


async def unanswered(connection: AsyncConnection, asked_before: datetime) -> Sequence[Any]:
    """Items that wait for the employer since before an instant, and when that began; the oldest first."""
    query = (
        select(_item.c.number, match_question.c.asked_at)
        .join(match_question, match_question.c.item_id == _item.c.id)
        .where(
            _item.c.state == MatchState.WAITING_EMPLOYER,
            match_question.c.answered_at.is_(None),
            match_question.c.asked_at < asked_before,
        )
    )
    return (await connection.execute(query.order_by(match_question.c.asked_at, _item.c.id))).all()


async def answer_question(connection: AsyncConnection, item_id: int, answer: str, at: datetime) -> None:
    """Close the open question of an item."""
    change = update(match_question).where(
        match_question.c.item_id == item_id, match_question.c.answered_at.is_(None)
    )
    await connection.execute(change.values(answer=answer, answered_at=at))


async def add_link(connection: AsyncConnection, values: Values) -> None:
    """Link an enrollment to a member; the store refuses a second active link."""
    await connection.execute(insert(match_link).values(**values))


async def end_link(connection: AsyncConnection, enrollment_id: int, at: datetime) -> Any | None:
    """End the active link of an enrollment; returns its row."""
    change = update(match_link).where(
        match_link.c.enrollment_id == enrollment_id, match_link.c.ended_at.is_(None)
    )
    return (await connection.execute(change.values(ended_at=at).returning(match_link))).first()


async def refers_to(connection: AsyncConnection, member_id: int, enrollment_id: int, item_id: int) -> str:
    """What else than this enrollment and its item refers to a member, in words; empty when nothing does.

    What was taken back, and a second look, which changes nothing, keep no member.
    """
    others: list[tuple[str, Any]] = [
        (
            "it has coverage that something else gave",
            select(coverage.c.id).where(
                coverage.c.member_id == member_id,
                or_(coverage.c.enrollment_id.is_(None), coverage.c.enrollment_id != enrollment_id),
            ),
        ),
        (
            "another enrollment is linked to it",
            select(match_link.c.id).where(
                match_link.c.member_id == member_id,
                match_link.c.enrollment_id != enrollment_id,
                match_link.c.ended_at.is_(None),
            ),
        ),
        (
            "another transaction changed it since",
            select(enrollment.c.id).where(
                enrollment.c.member_id == member_id, enrollment.c.id != enrollment_id
            ),
        ),
        (
            "another case was decided for it",
            select(match_decision.c.id).where(
                match_decision.c.member_id == member_id,
                match_decision.c.item_id != item_id,
                match_decision.c.undone_at.is_(None),
            ),
        ),
    ]
    for words, query in others:
        if (await connection.execute(query.limit(1))).first() is not None:
            return words
    return ""


async def forget_links(connection: AsyncConnection, member_id: int) -> None:
    """Leave no trace of a member who is about to be removed, but decisions and second looks themselves."""
    await connection.execute(match_link.delete().where(match_link.c.member_id == member_id))
    await connection.execute(
        update(match_decision).where(match_decision.c.member_id == member_id).values(member_id=None)
    )
    await connection.execute(
        update(match_sample).where(match_sample.c.member_id == member_id).values(member_id=None)
    )
