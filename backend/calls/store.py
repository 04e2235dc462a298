"""SQL of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.call_words import CallState
from backend.database.tables import call, call_subject


async def active(connection: AsyncConnection, rep_id: int) -> Row[Any] | None:
    """The call on a rep's line."""
    query = select(call).where(call.c.rep_id == rep_id, call.c.state == CallState.ACTIVE)
    return (await connection.execute(query)).first()


async def subjects(connection: AsyncConnection, call_id: int) -> Sequence[Any]:
    """What was proved in a call, the latest first."""
    query = select(call_subject).where(call_subject.c.call_id == call_id)
    return (
        await connection.execute(query.order_by(call_subject.c.at.desc(), call_subject.c.id.desc()))
    ).all()
