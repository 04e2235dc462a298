"""SQL of the pairs of members that somebody told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import match_decision, member, not_same, rep


async def add(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write pairs."""
    if rows:
        await connection.execute(insert(not_same), list(rows))


async def remove_of_decision(connection: AsyncConnection, decision_id: int) -> None:
    """Take the pairs of a decision out."""
    await connection.execute(delete(not_same).where(not_same.c.decision_id == decision_id))


async def remove_of_member(connection: AsyncConnection, member_id: int) -> None:
    """Take the pairs of a member out."""
    mine = or_(not_same.c.member_id == member_id, not_same.c.other_id == member_id)
    await connection.execute(delete(not_same).where(mine))


async def among(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Any]:
    """Pairs both of whom are among these members, with who told them apart; the oldest first."""
    query = (
        select(not_same, rep.c.display_name)
        .join(match_decision, match_decision.c.id == not_same.c.decision_id)
        .join(rep, rep.c.id == match_decision.c.rep_id)
        .where(not_same.c.member_id.in_(ids), not_same.c.other_id.in_(ids))
    )
    return (await connection.execute(query.order_by(not_same.c.id))).all()


async def members(connection: AsyncConnection, member_id: int, mrns: Sequence[str]) -> Sequence[Any]:
    """The member of this key, and those of these numbers."""
    query = select(member).where(or_(member.c.id == member_id, member.c.mrn.in_(mrns)))
    return (await connection.execute(query)).all()
