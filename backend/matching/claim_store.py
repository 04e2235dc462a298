"""SQL of claims: taking an item, the next one of a rep, renewing and ending. One statement each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import MatchActKind, MatchState
from backend.database.tables import match_act, rep
from backend.database.tables import match_item as _item
from backend.matching.store import IS_OPEN, ORDER, ROWS

_keeper = rep.alias("keeper")
NO_LEASE: Mapping[str, Any] = {"lease_token": None, "lease_rep_id": None, "lease_until": None}
"""The columns of a claim when there is none."""


async def claim_one(
    connection: AsyncConnection, number: str, rep_id: int, token: str, now: datetime, until: datetime
) -> bool:
    """Take a claimable item in one statement; False when another rep's claim is alive."""
    free = or_(_item.c.lease_until.is_(None), _item.c.lease_until <= now, _item.c.lease_rep_id == rep_id)
    change = update(_item).where(_item.c.number == number, _item.c.state == MatchState.QUEUED, free)
    taken = await connection.execute(
        change.values(lease_token=token, lease_rep_id=rep_id, lease_until=until, claimed_at=now).returning(
            _item.c.id
        )
    )
    return taken.first() is not None


class Turn(StrEnum):
    """Which items `next` looks through, in this order."""

    KEPT = "kept"
    ESCALATED = "escalated"
    FREE = "free"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Asking:
    """Who asks for the next item, and when."""

    rep_id: int
    lead: bool
    now: datetime
    anybodys_until: datetime
    """An item due by this instant is no longer kept for one rep."""
    skipped_since: datetime


def _waiting(turn: Turn, asking: Asking) -> ColumnElement[bool]:
    """The items of a turn: free, not kept for another, escalated ones for leads only, skipped ones last."""
    kept_for_me = _item.c.prefer_rep_id == asking.rep_id
    open_to_me = or_(
        _item.c.prefer_rep_id.is_(None),
        kept_for_me,
        _item.c.due_at <= asking.anybodys_until,
        _keeper_is_gone(),
    )
    wanted = [
        IS_OPEN,
        _item.c.state == MatchState.QUEUED,
        _item.c.due_at.is_not(None),
        or_(_item.c.lease_until.is_(None), _item.c.lease_until <= asking.now),
        open_to_me,
    ]
    if not asking.lead:
        wanted.append(_item.c.escalated_at.is_(None))
    if turn is Turn.KEPT:
        wanted.append(kept_for_me)
    if turn is Turn.ESCALATED:
        wanted.append(_item.c.escalated_at.is_not(None))
    if turn in (Turn.ESCALATED, Turn.FREE):
        wanted.append(~_put_aside(asking))
    return and_(*wanted)


def _keeper_is_gone() -> ColumnElement[bool]:
    """Whether the rep an item is kept for can no longer sign in."""
    return exists().where(_keeper.c.id == _item.c.prefer_rep_id, _keeper.c.disabled_at.is_not(None))


def _put_aside(asking: Asking) -> ColumnElement[bool]:
    """Whether the rep put the item back, or gave it to the leads or to a colleague, not long ago."""
    with_colleague = and_(_item.c.prefer_rep_id.is_not(None), ~_keeper_is_gone())
    kinds = or_(
        match_act.c.kind.in_((MatchActKind.SKIP, MatchActKind.ESCALATE)),
        and_(match_act.c.kind == MatchActKind.HAND_OVER, with_colleague),
    )
    return exists().where(
        match_act.c.item_id == _item.c.id,
        match_act.c.rep_id == asking.rep_id,
        kinds,
        match_act.c.at > asking.skipped_since,
    )


async def claim_next(
    connection: AsyncConnection, turn: Turn, asking: Asking, token: str, until: datetime
) -> str | None:
    """Take the first item of a turn in one statement; its number."""
    first = select(_item.c.id).where(_waiting(turn, asking)).order_by(*ORDER).limit(1)
    free = or_(_item.c.lease_until.is_(None), _item.c.lease_until <= asking.now)
    change = update(_item).where(
        _item.c.id == first.with_for_update(skip_locked=True).scalar_subquery(), free
    )
    values = {
        "lease_token": token,
        "lease_rep_id": asking.rep_id,
        "lease_until": until,
        "claimed_at": asking.now,
    }
    taken = (await connection.execute(change.values(**values).returning(_item.c.number))).first()
    return None if taken is None else str(taken.number)


async def first_of(connection: AsyncConnection, turn: Turn, asking: Asking) -> Any | None:
    """The first item of a turn, without taking it."""
    query = ROWS.where(_waiting(turn, asking)).order_by(*ORDER).limit(1)
    return (await connection.execute(query)).first()


async def held_by(connection: AsyncConnection, rep_id: int, now: datetime) -> Sequence[str]:
    """Numbers of the items whose claim this rep holds."""
    query = select(_item.c.number).where(_item.c.lease_rep_id == rep_id, _item.c.lease_until > now)
    return [str(number) for number in (await connection.execute(query.order_by(_item.c.id))).scalars()]


async def extend_lease(connection: AsyncConnection, item_id: int, token: str, until: datetime) -> bool:
    """Move the end of this claim; False when it is gone."""
    change = update(_item).where(_item.c.id == item_id, _item.c.lease_token == token)
    moved = await connection.execute(change.values(lease_until=until).returning(_item.c.id))
    return moved.first() is not None


async def end_lease(connection: AsyncConnection, item_id: int) -> None:
    """Let whatever claim there is go; its token is dead from then on."""
    await connection.execute(update(_item).where(_item.c.id == item_id).values(**NO_LEASE))
