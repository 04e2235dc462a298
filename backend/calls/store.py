"""SQL of calls, of what was proved in them and of what was done in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, distinct, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.call_words import CallState
from backend.database.tables import account, call, call_act, call_subject, enrollment, member, rep

Values = Mapping[str, Any]
MISS = "miss"
FAILED = "verify-failed"
_MOST = 20
"""Calls of a rep that are parked or ring, at the most."""

# -- calls -----------------------------------------------------------------------------------------


async def on_line(connection: AsyncConnection, rep_id: int) -> Sequence[Any]:
    """The call on a rep's line with what was proved in it, the latest first; asked before every read.

    One row a subject, one with an empty `id` where nothing was proved yet, none without a call.
    """
    query = (
        select(
            call.c.id.label("call_id"),
            call.c.number.label("call_number"),
            call_subject,
        )
        .outerjoin(call_subject, call_subject.c.call_id == call.c.id)
        .where(call.c.rep_id == rep_id, call.c.state == CallState.ACTIVE)
    )
    return (
        await connection.execute(query.order_by(call_subject.c.at.desc(), call_subject.c.id.desc()))
    ).all()


async def lock_rep(connection: AsyncConnection, rep_id: int) -> None:
    """Nobody else changes which call is on this rep's line until the end of the transaction."""
    await connection.execute(select(rep.c.id).where(rep.c.id == rep_id).with_for_update())


async def rep_by_name(connection: AsyncConnection, username: str) -> Row[Any] | None:
    """A rep who may sign in."""
    query = select(rep).where(rep.c.username == username, rep.c.disabled_at.is_(None))
    return (await connection.execute(query)).first()


_WITH_REP = select(call, rep.c.display_name.label("rep_name")).outerjoin(rep, rep.c.id == call.c.rep_id)


async def by_number(connection: AsyncConnection, number: str) -> Row[Any] | None:
    """The call of this number with its rep's name."""
    return (await connection.execute(_WITH_REP.where(call.c.number == number))).first()


async def of_rep(connection: AsyncConnection, rep_id: int, rings_since: datetime) -> Sequence[Any]:
    """A rep's calls that are not closed: the active one, then the oldest; what rang longer ago is gone."""
    query = _WITH_REP.where(
        call.c.rep_id == rep_id,
        or_(
            call.c.state.in_((CallState.ACTIVE, CallState.PARKED)),
            (call.c.state == CallState.RINGING) & (call.c.started_at >= rings_since),
        ),
    )
    order = (call.c.state, call.c.started_at, call.c.id)
    return (await connection.execute(query.order_by(*order).limit(_MOST))).all()


async def handed_over(connection: AsyncConnection, but_of: int) -> Sequence[Any]:
    """Calls that wait for a lead, the oldest first."""
    waits = call.c.question != literal_column("''")  # a parameter would not find the index
    query = _WITH_REP.where(waits, call.c.state == CallState.PARKED, call.c.rep_id != but_of)
    return (await connection.execute(query.order_by(call.c.started_at, call.c.id).limit(_MOST))).all()


async def add(connection: AsyncConnection, values: Values) -> int:
    """Write a new call; returns its key."""
    return int((await connection.execute(insert(call).values(**values).returning(call.c.id))).scalar_one())


async def change(connection: AsyncConnection, call_id: int, version: int, values: Values) -> bool:
    """Change a call that still has this version, and count it; False when it has another."""
    changed = await connection.execute(
        update(call)
        .where(call.c.id == call_id, call.c.version == version)
        .values(version=version + 1, **values)
        .returning(call.c.id)
    )
    return changed.first() is not None


async def park_active(connection: AsyncConnection, rep_id: int) -> Sequence[Any]:
    """Park what is on a rep's line; returns its number and version."""
    parked = (
        update(call)
        .where(call.c.rep_id == rep_id, call.c.state == CallState.ACTIVE)
        .values(state=CallState.PARKED, version=call.c.version + 1)
        .returning(call.c.number, call.c.version)
    )
    return (await connection.execute(parked)).all()


async def last_of_account(connection: AsyncConnection, account_id: int, *, itself: bool) -> Any | None:
    """The newest closed call about a group; with `itself` no call about one person of it."""
    query = (
        select(call.c.started_at, call.c.wrap_up, rep.c.display_name)
        .join(call_subject, call_subject.c.call_id == call.c.id)
        .outerjoin(rep, rep.c.id == call.c.rep_id)
        .where(call_subject.c.account_id == account_id, call.c.state == CallState.CLOSED)
    )
    if itself:
        query = query.where(call_subject.c.member_id.is_(None), call_subject.c.enrollment_id.is_(None))
    newest = (call_subject.c.at.desc(), call_subject.c.id.desc())
    return (await connection.execute(query.order_by(*newest).limit(1))).first()


async def last_of_accounts(connection: AsyncConnection, account_ids: Sequence[int]) -> dict[int, datetime]:
    """When a call about each of these groups itself began last, by the key of the group."""
    query = (
        select(call_subject.c.account_id, func.max(call.c.started_at).label("at"))
        .join(call, call.c.id == call_subject.c.call_id)
        .where(call_subject.c.account_id.in_(account_ids))
        .where(call_subject.c.member_id.is_(None), call_subject.c.enrollment_id.is_(None))
        .group_by(call_subject.c.account_id)
    )
    return {int(row.account_id): row.at for row in await connection.execute(query)}


async def accounts_of(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Any]:
    """Accounts by their keys."""
    rows = await connection.execute(select(account).where(account.c.id.in_(ids)))
    return {int(row.id): row for row in rows}


# -- what was proved -------------------------------------------------------------------------------


async def subjects(connection: AsyncConnection, call_ids: Collection[int]) -> Sequence[Any]:
    """What was proved in calls, the latest first, with group and person."""
    query = (
        select(
            call_subject,
            account.c.number.label("group_number"),
            account.c.name.label("group_name"),
            member.c.mrn,
            enrollment.c.receipt,
        )
        .join(account, account.c.id == call_subject.c.account_id)
        .outerjoin(member, member.c.id == call_subject.c.member_id)
        .outerjoin(enrollment, enrollment.c.id == call_subject.c.enrollment_id)
        .where(call_subject.c.call_id.in_(call_ids))
    )
    return (
        await connection.execute(query.order_by(call_subject.c.at.desc(), call_subject.c.id.desc()))
    ).all()


async def add_subject(connection: AsyncConnection, values: Values) -> None:
    """Write a new subject of a call."""
    await connection.execute(insert(call_subject).values(**values))


async def change_subject(connection: AsyncConnection, subject_id: int, values: Values) -> None:
    """Change what was proved of a subject."""
    await connection.execute(update(call_subject).where(call_subject.c.id == subject_id).values(**values))


async def forget_proof(connection: AsyncConnection, call_id: int) -> None:
    """Forget what was proved in a call: it belongs to whom it was proved to."""
    await connection.execute(delete(call_subject).where(call_subject.c.call_id == call_id))


# -- what was done ---------------------------------------------------------------------------------


async def acts(connection: AsyncConnection, call_ids: Collection[int]) -> Sequence[Any]:
    """What was read and done in calls, the oldest first, with the group it was about."""
    query = select(call_act, account.c.number.label("group_number")).outerjoin(
        account, account.c.id == call_act.c.account_id
    )
    query = query.where(call_act.c.call_id.in_(call_ids), call_act.c.act != MISS)
    return (await connection.execute(query.order_by(call_act.c.id))).all()


async def add_act(connection: AsyncConnection, values: Values) -> None:
    """Write one thing that happened in a call."""
    await connection.execute(insert(call_act).values(**values))


async def has_act(connection: AsyncConnection, call_id: int, account_id: int, act: str) -> bool:
    """Whether this happened in a call about a group."""
    query = select(call_act.c.id).where(
        call_act.c.call_id == call_id, call_act.c.account_id == account_id, call_act.c.act == act
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def forget_act(connection: AsyncConnection, call_id: int, act: str) -> None:
    """Forget that this happened in a call, whatever group it was about: it counts for nobody else."""
    gone = delete(call_act).where(call_act.c.call_id == call_id, call_act.c.act == act)
    await connection.execute(gone)


async def misses(
    connection: AsyncConnection, account_id: int, member_id: int | None, rep_id: int, since: datetime
) -> int:
    """Wrong answers about a group itself, or about one member of it, in this rep's calls since then."""
    query = (
        select(func.count())
        .select_from(call_act.join(call, call.c.id == call_act.c.call_id))
        .where(
            call_act.c.account_id == account_id,
            call_act.c.member_id.is_(None) if member_id is None else call_act.c.member_id == member_id,
            call_act.c.at > since,
            call_act.c.act == MISS,
            call.c.rep_id == rep_id,
        )
    )
    return int((await connection.execute(query)).scalar_one())


async def all_misses(connection: AsyncConnection, account_id: int, since: datetime) -> int:
    """Wrong answers about a group itself since then, whoever took the calls."""
    query = select(func.count()).where(
        call_act.c.account_id == account_id,
        call_act.c.member_id.is_(None),
        call_act.c.at > since,
        call_act.c.act == MISS,
    )
    return int((await connection.execute(query)).scalar_one())


async def failing_groups(
    connection: AsyncConnection, since: datetime, least: int, limit: int
) -> Sequence[Any]:
    """Groups by so many calls since then in which a caller failed to prove who they are, the most first."""
    count = func.count(distinct(call.c.id)).label("failed_calls")
    query = (
        select(account.c.number, count)
        .select_from(
            call.join(call_act, call_act.c.call_id == call.c.id).join(
                account, account.c.id == call_act.c.account_id
            )
        )
        .where(call.c.started_at > since, call.c.failed, call_act.c.act == FAILED)
        .group_by(account.c.number)
        .having(count >= least)
        .order_by(count.desc(), account.c.number)
    )
    return (await connection.execute(query.limit(limit))).all()


async def failed_calls(connection: AsyncConnection, account_id: int, since: datetime) -> int:
    """Calls since then in which a caller about this group failed to prove who they are."""
    query = select(func.count(distinct(call_act.c.call_id))).where(
        call_act.c.account_id == account_id, call_act.c.at > since, call_act.c.act == FAILED
    )
    return int((await connection.execute(query)).scalar_one())
