"""SQL of user-ID requests and of the clients' user IDs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import OPEN_USER_ID_STATES
from backend.database.tables import account, rep, user_id_request, web_user

Values = Mapping[str, Any]
_request = user_id_request
_with_names = (
    select(
        _request,
        account.c.number.label("group_number"),
        account.c.name.label("group_name"),
        rep.c.display_name.label("decided_by_name"),
    )
    .join(account, account.c.id == _request.c.account_id)
    .outerjoin(rep, rep.c.id == _request.c.decided_by)
)
_is_open = _request.c.state.in_(OPEN_USER_ID_STATES)
NO_DATE = date(9999, 12, 31)
"""Stands for a missing mail-by date in the order of the list: incomplete forms come last."""
_mail_by = func.coalesce(_request.c.mail_by, NO_DATE)


async def add(connection: AsyncConnection, values: Values) -> None:
    """Write a new request."""
    await connection.execute(insert(_request).values(**values))


async def by_number(connection: AsyncConnection, number: str) -> Any | None:
    """The request of this number, with the names of its group and of who decided."""
    return (await connection.execute(_with_names.where(_request.c.number == number))).first()


async def by_id(connection: AsyncConnection, request_id: int) -> Any | None:
    """The request with this key, as `by_number`."""
    return (await connection.execute(_with_names.where(_request.c.id == request_id))).first()


async def move(connection: AsyncConnection, request_id: int, values: Values) -> tuple[str, int]:
    """Change a request whatever version it has; returns its number and new version."""
    moved = await connection.execute(
        update(_request)
        .where(_request.c.id == request_id)
        .values(version=_request.c.version + 1, **values)
        .returning(_request.c.number, _request.c.version)
    )
    number, version = moved.one()
    return str(number), int(version)


async def change(connection: AsyncConnection, request_id: int, version: int, values: Values) -> bool:
    """Change a request that still has this version; False when it has another."""
    changed = await connection.execute(
        update(_request)
        .where(_request.c.id == request_id, _request.c.version == version)
        .values(version=version + 1, **values)
        .returning(_request.c.id)
    )
    return changed.first() is not None


async def open_page(
    connection: AsyncConnection, account_id: int | None, after: tuple[date, int] | None, limit: int
) -> Sequence[Any]:
    """Open requests, the first mail-by date first."""
    query = _with_names.where(_is_open)
    if account_id is not None:
        query = query.where(_request.c.account_id == account_id)
    if after is not None:
        query = query.where(tuple_(_mail_by, _request.c.id) > after)
    return (await connection.execute(query.order_by(_mail_by, _request.c.id).limit(limit))).all()


async def done_page(
    connection: AsyncConnection, account_id: int | None, after: tuple[datetime, int] | None, limit: int
) -> Sequence[Any]:
    """Decided requests, the newest decision first."""
    query = _with_names.where(~_is_open, _request.c.decided_at.is_not(None))
    if account_id is not None:
        query = query.where(_request.c.account_id == account_id)
    order = (_request.c.decided_at, _request.c.id)
    if after is not None:
        query = query.where(tuple_(*order) < after)
    return (await connection.execute(query.order_by(*(column.desc() for column in order)).limit(limit))).all()


async def open_of_account(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """Open requests of one account."""
    return await open_page(connection, account_id, None, 20)


async def counts(connection: AsyncConnection, today: date, most: int) -> tuple[int, int, date | None]:
    """Open and late requests, counted up to a limit, and the first mail-by date."""
    dates = (
        await connection.execute(
            select(_request.c.mail_by).where(_is_open).order_by(_mail_by, _request.c.id).limit(most)
        )
    ).scalars()
    found = list(dates)
    late = sum(day is not None and day < today for day in found)
    return len(found), late, found[0] if found else None


async def active_administrator(connection: AsyncConnection, account_ids: Sequence[int]) -> bool:
    """Whether a plan-issued administrator ID of these accounts is active or on its way."""
    query = select(web_user.c.id).where(
        web_user.c.account_id.in_(account_ids),
        web_user.c.kind == "administrator",
        web_user.c.state.in_(("pending", "active")),
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def add_web_user(connection: AsyncConnection, values: Values) -> None:
    """Write a user ID that is to be issued; the ID itself is made in the mailing step."""
    await connection.execute(insert(web_user).values(**values))


async def web_user_by_login(connection: AsyncConnection, login_digest: str) -> Any | None:
    """The user ID with this keyed digest."""
    query = select(web_user).where(web_user.c.login_digest == login_digest)
    return (await connection.execute(query)).first()


async def withdraw_web_users_of(connection: AsyncConnection, request_id: int) -> None:
    """Take back what an approval made, before anything was mailed."""
    await connection.execute(
        update(web_user)
        .where(web_user.c.request_id == request_id, web_user.c.state == "pending")
        .values(state="withdrawn")
    )


async def accounts_of_employer(
    connection: AsyncConnection, account_row: Any, *, lock: bool = False
) -> list[int]:
    """Keys of all accounts of the same legal employer (EIN), itself included.

    With `lock` nobody else gets them with a lock until the end of the transaction.
    """
    same = account.c.ein == account_row.ein if account_row.ein else account.c.id == account_row.id
    query = select(account.c.id).where(same).order_by(account.c.id)
    keys = await connection.execute(query.with_for_update(key_share=True) if lock else query)
    return [int(key) for key in keys.scalars()]


async def newest_of(connection: AsyncConnection, account_ids: Sequence[int]) -> Any | None:
    """The request of these accounts that was faxed last."""
    query = _with_names.where(_request.c.account_id.in_(account_ids))
    newest = query.order_by(_request.c.faxed_at.desc(), _request.c.id.desc()).limit(1)
    return (await connection.execute(newest)).first()


async def administrator_states(connection: AsyncConnection, account_ids: Sequence[int]) -> set[str]:
    """States of the plan-issued administrator IDs of these accounts."""
    query = select(web_user.c.state).where(
        web_user.c.account_id.in_(account_ids), web_user.c.kind == "administrator"
    )
    return set((await connection.execute(query)).scalars())


async def count_due(connection: AsyncConnection, today: date) -> int:
    """How many requests are to be in the mail today, or should have been."""
    query = select(func.count()).where(_is_open, _request.c.mail_by <= today)
    return int((await connection.execute(query)).scalar_one())
