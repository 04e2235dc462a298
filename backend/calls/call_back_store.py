"""SQL of call-backs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.call_words import CallBackState
from backend.database.tables import account, call_back, member, rep

Values = Mapping[str, Any]
_SHOWN = (
    select(
        call_back,
        account.c.number.label("group_number"),
        account.c.name.label("group_name"),
        member.c.first_name,
        member.c.last_name,
        member.c.phone.label("member_phone"),
        rep.c.display_name.label("rep_name"),
    )
    .join(account, account.c.id == call_back.c.account_id)
    .outerjoin(member, member.c.id == call_back.c.member_id)
    .outerjoin(rep, rep.c.id == call_back.c.rep_id)
)


async def add(connection: AsyncConnection, values: Values) -> None:
    """Write a promised call-back."""
    await connection.execute(insert(call_back).values(**values))


async def by_number(connection: AsyncConnection, number: str) -> Row[Any] | None:
    """The call-back of this number with group, person and rep."""
    return (await connection.execute(_SHOWN.where(call_back.c.number == number))).first()


async def change(connection: AsyncConnection, key: int, version: int, values: Values) -> bool:
    """Change a call-back that still has this version, and count it; False when it has another."""
    changed = await connection.execute(
        update(call_back)
        .where(call_back.c.id == key, call_back.c.version == version)
        .values(version=version + 1, **values)
        .returning(call_back.c.id)
    )
    return changed.first() is not None


async def open_page(
    connection: AsyncConnection,
    account_id: int | None,
    after: tuple[datetime, int] | None,
    limit: int,
    *,
    people: bool,
) -> Sequence[Any]:
    """Open call-backs of all groups or of one, the first due first; those to members only with `people`."""
    query = _SHOWN.where(call_back.c.state == CallBackState.OPEN)
    if account_id is not None:
        query = query.where(call_back.c.account_id == account_id)
    if not people:
        query = query.where(call_back.c.member_id.is_(None))
    if after is not None:
        query = query.where(tuple_(call_back.c.due_to, call_back.c.id) > after)
    return (await connection.execute(query.order_by(call_back.c.due_to, call_back.c.id).limit(limit))).all()


async def first_due(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """When the first open call-backs begin and end to be due."""
    query = select(call_back.c.due_from, call_back.c.due_to, call_back.c.next_from).where(
        call_back.c.state == CallBackState.OPEN
    )
    return (await connection.execute(query.order_by(call_back.c.due_to, call_back.c.id).limit(limit))).all()


async def due_before(connection: AsyncConnection, until: datetime) -> Sequence[Any]:
    """Number and version of the open call-backs whose time begins before an instant."""
    query = select(call_back.c.number, call_back.c.version).where(
        call_back.c.state == CallBackState.OPEN, call_back.c.due_from < until
    )
    return (await connection.execute(query.order_by(call_back.c.due_to, call_back.c.id))).all()
