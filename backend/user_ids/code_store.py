"""SQL of one-time codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import CodeState
from backend.database.tables import access_code

_code = access_code
_one = _code.c.state.in_((CodeState.PRINTED, CodeState.LIVE))


async def current(connection: AsyncConnection, user_id: int, *, lock: bool = False) -> Any | None:
    """The one code of an ID that is printed or live; with `lock` nobody else uses it meanwhile."""
    query = select(_code).where(_code.c.web_user_id == user_id, _one)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def of_request(connection: AsyncConnection, request_id: int) -> Sequence[Any]:
    """The codes of a request, the newest first."""
    query = select(_code).where(_code.c.request_id == request_id).order_by(_code.c.id.desc())
    return (await connection.execute(query)).all()


async def live_until(connection: AsyncConnection, request_id: int) -> date | None:
    """Last day of the code that is in the mail for a request."""
    query = select(_code.c.valid_to).where(_code.c.request_id == request_id, _code.c.state == CodeState.LIVE)
    return (await connection.execute(query.limit(1))).scalar_one_or_none()


async def known(connection: AsyncConnection, digest: str) -> bool:
    """Whether a code of this digest was ever there: none is given out twice."""
    query = select(_code.c.id).where(_code.c.digest == digest)
    return (await connection.execute(query)).first() is not None


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Write a code."""
    await connection.execute(insert(_code).values(**values))


async def move(
    connection: AsyncConnection, code_id: int, state: CodeState, at: datetime, why: str = ""
) -> None:
    """Bring a code into another state."""
    change = update(_code).where(_code.c.id == code_id)
    await connection.execute(change.values(state=state, state_at=at, why=why))


async def count_try(connection: AsyncConnection, code_id: int) -> int:
    """Count a wrong try; returns how many there were."""
    change = update(_code).where(_code.c.id == code_id).values(tries=_code.c.tries + 1)
    return int((await connection.execute(change.returning(_code.c.tries))).scalar_one())


async def over(connection: AsyncConnection, today: date, limit: int) -> Sequence[Any]:
    """Live codes whose last day is over."""
    query = select(_code).where(_code.c.state == CodeState.LIVE, _code.c.valid_to < today)
    return (await connection.execute(query.order_by(_code.c.id).limit(limit))).all()


async def printed(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """Codes on letters that are not mailed, the first printed first."""
    query = select(_code).where(_code.c.state == CodeState.PRINTED)
    return (await connection.execute(query.order_by(_code.c.id).limit(limit))).all()
