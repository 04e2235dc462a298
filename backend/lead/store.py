"""SQL of the lead's board: counts and first rows by index, and what was decided in a few days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import OPEN_USER_ID_STATES, TO_MAIL_STATES, UserIdRequestState
from api_client.types.words import MatchActKind, MatchDecision, MatchState, QueuePart
from backend.database.tables import (
    account,
    clock_event,
    enrollment,
    hold,
    incident,
    match_act,
    match_decision,
    match_item,
    match_sample,
    reinstatement,
    rep,
    user_id_request,
)
from backend.lead.rules import Span

_item, _decision, _sample, _act = match_item, match_decision, match_sample, match_act
_OPEN = (MatchState.QUEUED, MatchState.PENDING_APPROVAL)
_UNDECIDED = (*_OPEN, MatchState.WAITING_EMPLOYER)
_holder, _keeper, _second = rep.alias("holder"), rep.alias("keeper"), rep.alias("second")
_rows = (
    select(
        _item.c.id,
        _item.c.number,
        _item.c.version,
        _item.c.state,
        _item.c.due_at,
        _item.c.lease_rep_id,
        _item.c.lease_until,
        _item.c.claimed_at,
        _item.c.escalated_at,
        enrollment.c.group_number,
        _holder.c.display_name.label("holder"),
        _keeper.c.display_name.label("keeper"),
    )
    .join(enrollment, enrollment.c.id == _item.c.enrollment_id)
    .outerjoin(_holder, _holder.c.id == _item.c.lease_rep_id)
    .outerjoin(_keeper, _keeper.c.id == _item.c.prefer_rep_id)
)


def _in(states: Sequence[MatchState]) -> ColumnElement[bool]:
    """The states stand in the statement itself: an index over some states is used only then."""
    return _item.c.state.in_(bindparam(None, list(states), expanding=True, literal_execute=True))


def _within(column: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = [column.is_not(None)]
    if span.start is not None:
        bounds.append(column >= span.start)
    if span.end is not None:
        bounds.append(column < span.end)
    return and_(*bounds)


# -- the queue as it stands ------------------------------------------------------------------------


def _other_parts() -> Mapping[QueuePart, tuple[ColumnElement[bool], ColumnElement[Any]]]:
    """Parts that are no span of due times: what belongs to them, and by what they are ordered."""
    return {
        QueuePart.PAUSED: (_in([MatchState.WAITING_EMPLOYER]), _item.c.id),
        QueuePart.APPROVAL: (_in([MatchState.PENDING_APPROVAL]), _item.c.due_at),
        QueuePart.ESCALATED: (
            and_(_item.c.escalated_at.is_not(None), _in(_UNDECIDED)),
            _item.c.escalated_at,
        ),
        QueuePart.REOPENED: (and_(_in(_OPEN), _item.c.reopened), _item.c.due_at),
    }


async def counts(
    connection: AsyncConnection, spans: Mapping[QueuePart, Span], most: int
) -> tuple[dict[QueuePart, int], int]:
    """How many items each part has, and how many are undecided in all; each counted up to `most`."""
    conditions = {part: and_(_in(_OPEN), _within(_item.c.due_at, span)) for part, span in spans.items()}
    conditions |= {part: condition for part, (condition, _) in _other_parts().items()}
    some = [
        select(func.count()).select_from(select(_item.c.id).where(one).limit(most).subquery())
        for one in (*conditions.values(), _in(_UNDECIDED))
    ]
    found = (await connection.execute(select(*(one.scalar_subquery() for one in some)))).one()
    return dict(zip(conditions, found, strict=False)), int(found[-1])


async def first_of(connection: AsyncConnection, part: QueuePart, limit: int) -> Sequence[Any]:
    """The first items of a part that is no span of due times."""
    condition, order = _other_parts()[part]
    query = _rows.where(condition).order_by(order, _item.c.id).limit(limit)
    return (await connection.execute(query)).all()


async def first_due(connection: AsyncConnection, span: Span, limit: int) -> Sequence[Any]:
    """Open items due within a span, the first due first."""
    of_states = [
        select(_item.c.id)
        .where(_in([state]), _within(_item.c.due_at, span))
        .order_by(_item.c.due_at)
        .limit(limit)
        .subquery()
        for state in _OPEN
    ]
    keys = union_all(*(select(one.c.id) for one in of_states))
    query = _rows.where(_item.c.id.in_(keys)).order_by(_item.c.due_at, _item.c.id).limit(limit)
    return (await connection.execute(query)).all()


async def late_paused(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """Items that missed their time and wait for the employer now."""
    waits = and_(_in([MatchState.WAITING_EMPLOYER]), _item.c.breached)
    return (await connection.execute(_rows.where(waits).order_by(_item.c.id).limit(limit))).all()


async def items(connection: AsyncConnection, item_ids: Sequence[int]) -> dict[int, Any]:
    """Items by their key."""
    found = await connection.execute(_rows.where(_item.c.id.in_(item_ids)))
    return {int(row.id): row for row in found}


async def clock_events(connection: AsyncConnection, item_ids: Sequence[int]) -> Sequence[Any]:
    """Events of these items' clocks in their order."""
    columns = (clock_event.c.item_id, clock_event.c.kind, clock_event.c.at)
    query = select(*columns).where(clock_event.c.item_id.in_(item_ids)).order_by(clock_event.c.id)
    return (await connection.execute(query)).all()


async def questions_to_leads(connection: AsyncConnection, item_ids: Sequence[int]) -> dict[int, Any]:
    """What was last asked of the leads about each of these items, and by whom."""
    query = (
        select(_act.c.item_id, _act.c.words, _act.c.at, rep.c.display_name)
        .outerjoin(rep, rep.c.id == _act.c.rep_id)
        .where(_act.c.item_id.in_(item_ids), _act.c.kind == MatchActKind.ESCALATE)
    )
    return {int(row.item_id): row for row in await connection.execute(query.order_by(_act.c.id))}


async def standing_decisions(connection: AsyncConnection, item_ids: Sequence[int]) -> dict[int, Any]:
    """The last decision of each of these items that was not taken back, and who took it."""
    query = (
        select(
            _decision.c.item_id, _decision.c.decision, _decision.c.at, _decision.c.reason, rep.c.display_name
        )
        .join(rep, rep.c.id == _decision.c.rep_id)
        .where(_decision.c.item_id.in_(item_ids), _decision.c.undone_at.is_(None))
    )
    return {int(row.item_id): row for row in await connection.execute(query.order_by(_decision.c.id))}


# -- who works -------------------------------------------------------------------------------------


async def active_reps(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """Reps who may sign in, by name."""
    query = select(rep.c.id, rep.c.username, rep.c.display_name, rep.c.role).where(
        rep.c.disabled_at.is_(None)
    )
    return (await connection.execute(query.order_by(rep.c.display_name, rep.c.id).limit(limit))).all()


async def claimed(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[Any]:
    """Items with a living claim, the oldest claim first."""
    alive = and_(_item.c.lease_rep_id.is_not(None), _item.c.lease_until > now, _in([MatchState.QUEUED]))
    query = _rows.where(alive).order_by(_item.c.claimed_at, _item.c.id).limit(limit)
    return (await connection.execute(query)).all()


async def kept(connection: AsyncConnection) -> dict[int, int]:
    """How many undecided items are kept for each rep."""
    query = (
        select(_item.c.prefer_rep_id, func.count())
        .where(_item.c.prefer_rep_id.is_not(None), _in(_UNDECIDED))
        .group_by(_item.c.prefer_rep_id)
    )
    return {int(rep_id): int(count) for rep_id, count in await connection.execute(query)}


# -- what was decided ------------------------------------------------------------------------------

_on_the_case = _decision.c.decision.in_((MatchDecision.LINK, MatchDecision.CREATE, MatchDecision.REJECT))
_finished = _item.c.state.not_in(_UNDECIDED)
"""Said so that no index of states fits: all that was ever finished is more than a week's decisions."""
_stands = and_(_decision.c.undone_at.is_(None), _on_the_case)


async def decided_since(connection: AsyncConnection, since: datetime) -> Sequence[Any]:
    """Rep and instant of each decision since then that stands."""
    query = select(_decision.c.rep_id, _decision.c.at).where(_decision.c.at >= since, _stands)
    return (await connection.execute(query.order_by(_decision.c.at))).all()


async def work_counts(connection: AsyncConnection, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """(decided, arrived) of each span."""

    def _count(column: ColumnElement[Any], span: Span, *where: ColumnElement[bool]) -> Select[Any]:
        return select(func.count(column)).where(_within(column, span), *where)

    of_decided = [_count(_decision.c.at, span, _stands).scalar_subquery() for span in spans]
    of_arrived = [_count(_item.c.submitted_at, span).scalar_subquery() for span in spans]
    found = (await connection.execute(select(*of_decided, *of_arrived))).one()
    return list(zip(found[: len(spans)], found[len(spans) :], strict=True))


async def finished_since(connection: AsyncConnection, since: datetime) -> tuple[int, int]:
    """Decisions since then that stand and are done, and how many of their items never were late."""
    query = (
        select(func.count(), func.count().filter(_item.c.breached.is_(False)))
        .select_from(_decision)
        .join(_item, _item.c.id == _decision.c.item_id)
        .where(_decision.c.at >= since, _stands, _finished)
    )
    total, in_time = (await connection.execute(query)).one()
    return int(total), int(in_time)


async def decided_late(connection: AsyncConnection, since: datetime, limit: int) -> Sequence[Any]:
    """Decisions since then on items that were late, with who took them, the newest first."""
    query = (
        select(_decision.c.item_id, _decision.c.decision, _decision.c.at, rep.c.display_name)
        .join(_item, _item.c.id == _decision.c.item_id)
        .join(rep, rep.c.id == _decision.c.rep_id)
        .where(_decision.c.at >= since, _stands, _finished, _item.c.breached)
    )
    return (await connection.execute(query.order_by(_decision.c.at.desc()).limit(limit))).all()


async def undone_by_rep(connection: AsyncConnection, since: datetime) -> dict[int, tuple[int, int]]:
    """(taken back, refused by a second person) among each rep's decisions since then."""
    refused = exists().where(
        _act.c.item_id == _decision.c.item_id,
        _act.c.kind == MatchActKind.REFUSE,
        _act.c.at == _decision.c.undone_at,
    )
    query = (
        select(_decision.c.rep_id, func.count(), func.count().filter(refused))
        .where(_decision.c.at >= since, _decision.c.undone_at.is_not(None), _on_the_case)
        .group_by(_decision.c.rep_id)
    )
    found = await connection.execute(query)
    return {int(rep_id): (int(undone) - int(back), int(back)) for rep_id, undone, back in found}


# -- second looks ----------------------------------------------------------------------------------


async def second_looks(connection: AsyncConnection, since: datetime) -> Sequence[Any]:
    """Each blind second look since then beside the decision it looked at, the newest first."""
    query = (
        select(
            _sample.c.id,
            _sample.c.decision.label("second"),
            _sample.c.member_id.label("second_member"),
            _decision.c.decision.label("first"),
            _decision.c.member_id.label("first_member"),
            _decision.c.rep_id,
        )
        .join(_decision, _decision.c.id == _sample.c.decision_id)
        .where(_sample.c.at >= since)
    )
    return (await connection.execute(query.order_by(_sample.c.at.desc(), _sample.c.id.desc()))).all()


async def look_details(connection: AsyncConnection, sample_ids: Sequence[int]) -> Sequence[Any]:
    """Who decided, who looked again and when, the newest first."""
    query = (
        select(
            _decision.c.item_id,
            _decision.c.decision.label("first"),
            _decision.c.at.label("first_at"),
            rep.c.display_name.label("first_by"),
            _sample.c.decision.label("second"),
            _sample.c.at.label("second_at"),
            _sample.c.note,
            func.coalesce(_second.c.display_name, "").label("second_by"),
        )
        .join(_decision, _decision.c.id == _sample.c.decision_id)
        .join(rep, rep.c.id == _decision.c.rep_id)
        .outerjoin(_second, _second.c.id == _sample.c.rep_id)
        .where(_sample.c.id.in_(sample_ids))
    )
    return (await connection.execute(query.order_by(_sample.c.at.desc(), _sample.c.id.desc()))).all()


# -- premium ---------------------------------------------------------------------------------------

_group = account.c.number.label("group_number")


async def asked_back(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """Requests for coverage that ended unpaid which nobody has decided, the first asked first."""
    query = select(reinstatement, _group).join(account, account.c.id == reinstatement.c.account_id)
    query = query.where(reinstatement.c.decided_on.is_(None))
    order = (reinstatement.c.requested_on, reinstatement.c.id)
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def open_holds(connection: AsyncConnection, today: date, limit: int) -> Sequence[Any]:
    """Holds that last today, the oldest first."""
    lasts = and_(hold.c.lifted_on.is_(None), or_(hold.c.to_on.is_(None), hold.c.to_on >= today))
    query = select(hold, _group).join(account, account.c.id == hold.c.account_id).where(lasts)
    return (await connection.execute(query.order_by(hold.c.from_on, hold.c.id).limit(limit))).all()


async def incidents(connection: AsyncConnection, since: date, limit: int) -> Sequence[Any]:
    """Incidents of this day and later, the newest first, each with its group where it has one."""
    query = select(incident, func.coalesce(account.c.number, "").label("group_number"))
    query = query.outerjoin(account, account.c.id == incident.c.account_id)
    query = query.where(incident.c.on_date >= since)
    order = (incident.c.on_date.desc(), incident.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


# -- user IDs --------------------------------------------------------------------------------------

_request = user_id_request


async def user_ids(
    connection: AsyncConnection, today: date, since: date, lost: int, limit: int
) -> Sequence[Any]:
    """User-ID requests that wait for a lead, are late today or were mailed late since a day.

    `lost` is how many letters of a request must have been lost already for a lead to look at the next.
    """
    not_there = or_(
        _request.c.state.in_((UserIdRequestState.EXPIRED, UserIdRequestState.RETURNED_MAIL)),
        and_(_request.c.state == UserIdRequestState.MAILED, _request.c.arrive_by < today),
    )
    here = _request.c.state.in_((*OPEN_USER_ID_STATES, *TO_MAIL_STATES))
    wanted = or_(
        _request.c.state == UserIdRequestState.VERIFYING,
        and_(here, _request.c.mail_by < today),
        and_(not_there, _request.c.reissues >= lost),
        and_(_request.c.breached, _request.c.mailed_on >= since),
    )
    query = (
        select(_request, _group, func.coalesce(rep.c.display_name, "").label("checked_by_name"))
        .join(account, account.c.id == _request.c.account_id)
        .outerjoin(rep, rep.c.id == _request.c.checked_by)
        .where(wanted)
    )
    order = (here.desc(), _request.c.mail_by, _request.c.id)
    return (await connection.execute(query.order_by(*order).limit(limit))).all()
