"""SQL of one-time codes, and of the user IDs as the mailing step knows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import CodeState
from backend.database.tables import access_code, web_user

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


# -- whose they are ----------------------------------------------------------------------------------


async def user(connection: AsyncConnection, user_id: int) -> Any:
    """The ID of this key."""
    return (await connection.execute(select(web_user).where(web_user.c.id == user_id))).one()


async def accounts_of(connection: AsyncConnection, user_ids: Collection[int]) -> list[int]:
    """Keys of the accounts that these IDs are of."""
    query = select(web_user.c.account_id).where(web_user.c.id.in_(user_ids)).distinct()
    return list((await connection.execute(query)).scalars())


async def user_by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """The ID known under this number; with `lock` nobody else changes it meanwhile."""
    query = select(web_user).where(web_user.c.number == number)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def login_taken(connection: AsyncConnection, login_digest: str, user_id: int) -> bool:
    """Whether another ID is found under this digest."""
    query = select(web_user.c.id).where(web_user.c.login_digest == login_digest, web_user.c.id != user_id)
    return (await connection.execute(query)).first() is not None


async def set_login(connection: AsyncConnection, user_id: int, login_digest: str) -> None:
    """Have an ID found under this digest, and under no other any more."""
    change = update(web_user).where(web_user.c.id == user_id)
    await connection.execute(change.values(login_digest=login_digest, version=web_user.c.version + 1))
