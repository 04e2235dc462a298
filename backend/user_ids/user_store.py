"""SQL of the clients' user IDs and of the log of their changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    TO_MAIL_STATES,
    UserIdRequestKind,
    UserKind,
    UserState,
)
from backend.database.tables import access_log, account, user_id_request, web_user
from backend.user_ids.delegation import THERE

_user = web_user
_request = user_id_request


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Any:
    """Write a new user ID; returns its row."""
    return (await connection.execute(insert(_user).values(**values).returning(*_user.c))).one()


async def by_login(connection: AsyncConnection, login_digest: str, *, lock: bool = False) -> Any | None:
    """The user ID with this keyed digest; with `lock` nobody else changes it meanwhile."""
    query = select(_user).where(_user.c.login_digest == login_digest)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """The user ID that we know under this number; with `lock` nobody else changes it meanwhile."""
    query = select(_user).where(_user.c.number == number)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def by_id(connection: AsyncConnection, user_id: int) -> Any:
    """The user ID with this key."""
    return (await connection.execute(select(_user).where(_user.c.id == user_id))).one()


async def accounts_of(connection: AsyncConnection, user_ids: Collection[int]) -> list[int]:
    """Keys of the accounts that these IDs are of."""
    query = select(_user.c.account_id).where(_user.c.id.in_(user_ids)).distinct()
    return list((await connection.execute(query)).scalars())


async def of_accounts(connection: AsyncConnection, account_ids: Sequence[int]) -> Sequence[Any]:
    """All user IDs of these accounts, the oldest first."""
    query = select(_user).where(_user.c.account_id.in_(account_ids))
    return (await connection.execute(query.order_by(_user.c.id))).all()


async def page(
    connection: AsyncConnection, account_ids: Sequence[int], after: tuple[str, int] | None, limit: int
) -> Sequence[Any]:
    """User IDs of these accounts: those the plan gave first, then the client's, the oldest first."""
    order = (_user.c.kind, _user.c.id)
    query = select(_user).where(_user.c.account_id.in_(account_ids))
    if after is not None:
        query = query.where(tuple_(*order) > after)
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def change(connection: AsyncConnection, user_id: int, values: Mapping[str, Any]) -> Any:
    """Change a user ID and count its version; returns its row as it is then."""
    changed = update(_user).where(_user.c.id == user_id).values(version=_user.c.version + 1, **values)
    return (await connection.execute(changed.returning(*_user.c))).one()


async def use(connection: AsyncConnection, user_id: int, at: datetime) -> None:
    """Note that it was used; its version counts what it may do, not that."""
    await connection.execute(update(_user).where(_user.c.id == user_id).values(last_used_at=at))


async def forget_wrong_passwords(connection: AsyncConnection, user_id: int) -> None:
    """Count wrong passwords anew: only so many in a row lock an ID."""
    await connection.execute(update(_user).where(_user.c.id == user_id).values(password_tries=0))


async def count_wrong_password(connection: AsyncConnection, user_id: int) -> int:
    """Count a wrong password; returns how many there were in a row."""
    counted = update(_user).where(_user.c.id == user_id).values(password_tries=_user.c.password_tries + 1)
    return int((await connection.execute(counted.returning(_user.c.password_tries))).scalar_one())


async def unused(connection: AsyncConnection, before: datetime, after: int, limit: int) -> Sequence[Any]:
    """Active user IDs that nobody has used since an instant, in the order of their keys."""
    query = select(_user).where(_user.c.state == UserState.ACTIVE, _unused_since(before), _user.c.id > after)
    return (await connection.execute(query.order_by(_user.c.id).limit(limit))).all()


def _unused_since(before: datetime) -> ColumnElement[bool]:
    """Neither used nor made active since; the first half is what the index finds."""
    never = and_(_user.c.last_used_at.is_(None), _user.c.state_at < before)
    return or_(and_(_user.c.last_used_at < before, _user.c.state_at < before), never)


async def outlived(connection: AsyncConnection, today: date, limit: int) -> Sequence[Any]:
    """User IDs that somebody has although their own last day is over."""
    query = select(_user).where(_user.c.state.in_(THERE), _user.c.valid_to < today)
    return (await connection.execute(query.order_by(_user.c.id).limit(limit))).all()


async def to_come(connection: AsyncConnection, request_id: int) -> list[int]:
    """Keys of the IDs that an approval made and nobody activated yet."""
    query = select(_user.c.id).where(_user.c.request_id == request_id, _user.c.state == UserState.PENDING)
    return [int(key) for key in (await connection.execute(query)).scalars()]


async def withdraw_to_come(connection: AsyncConnection, request_id: int, now: datetime) -> None:
    """Take back the IDs that an approval made and nobody activated."""
    await connection.execute(
        update(_user)
        .where(_user.c.request_id == request_id, _user.c.state == UserState.PENDING)
        .values(state=UserState.WITHDRAWN, state_at=now, version=_user.c.version + 1)
    )


async def administrator_states(connection: AsyncConnection, account_ids: Sequence[int]) -> set[str]:
    """States of the plan-issued administrator IDs of these accounts."""
    query = select(_user.c.state).where(
        _user.c.account_id.in_(account_ids), _user.c.kind == UserKind.ADMINISTRATOR
    )
    return set((await connection.execute(query)).scalars())


async def employers_of(connection: AsyncConnection, account_ids: Sequence[int]) -> list[list[int]]:
    """Keys of all accounts of each legal employer (EIN) behind these accounts."""
    own = select(account.c.id, account.c.ein).where(account.c.id.in_(account_ids))
    rows = (await connection.execute(own)).all()
    named = {str(row.ein) for row in rows if row.ein}
    same = select(account.c.id, account.c.ein).where(account.c.ein.in_(named)).order_by(account.c.id)
    employers: dict[str, list[int]] = {ein: [] for ein in sorted(named)}
    for row in (await connection.execute(same)).all():
        employers[str(row.ein)].append(int(row.id))
    return [*employers.values(), *([int(row.id)] for row in rows if not row.ein)]


async def log_page(
    connection: AsyncConnection, account_ids: Sequence[int], before: int | None, limit: int
) -> Sequence[Any]:
    """Changes of the user IDs of these accounts, the newest first, each with whose ID it is."""
    query = (
        select(
            access_log,
            func.coalesce(_user.c.number, "").label("user"),
            func.coalesce(_user.c.person, "").label("person"),
        )
        .outerjoin(_user, _user.c.id == access_log.c.web_user_id)
        .where(access_log.c.account_id.in_(account_ids))
    )
    if before is not None:
        query = query.where(access_log.c.id < before)
    return (await connection.execute(query.order_by(access_log.c.id.desc()).limit(limit))).all()


async def requests_under_way(
    connection: AsyncConnection, request_ids: Sequence[int], resets_of: Sequence[int]
) -> list[int]:
    """Keys of those requests, and of the resets for these accounts, that are approved and not at an end."""
    mine = _request.c.id.in_(request_ids)
    resets = and_(_request.c.kind == UserIdRequestKind.RESET, _request.c.account_id.in_(resets_of))
    under_way = _request.c.state.in_((*TO_MAIL_STATES, *ON_THE_WAY_STATES))
    query = select(_request.c.id).where(under_way, or_(mine, resets)).order_by(_request.c.id)
    return [int(one) for one in (await connection.execute(query)).scalars()]
