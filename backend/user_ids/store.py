"""SQL of user-ID requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    DenyReason,
    RequestView,
    UserIdRequestState,
)
from backend.database.tables import (
    account,
    fax_page,
    rep,
    user_id_pause,
    user_id_request,
)

Values = Mapping[str, Any]
_request = user_id_request
_first = rep.alias("first")
_with_names = (
    select(
        _request,
        account.c.number.label("group_number"),
        account.c.name.label("group_name"),
        rep.c.display_name.label("decided_by_name"),
        _first.c.display_name.label("checked_by_name"),
    )
    .join(account, account.c.id == _request.c.account_id)
    .outerjoin(rep, rep.c.id == _request.c.decided_by)
    .outerjoin(_first, _first.c.id == _request.c.checked_by)
)
_is_open = _request.c.state.in_(OPEN_USER_ID_STATES)
_is_waiting = _request.c.state.in_((*OPEN_USER_ID_STATES, *TO_MAIL_STATES))
_STATES = {
    RequestView.OPEN: OPEN_USER_ID_STATES,
    RequestView.TO_MAIL: TO_MAIL_STATES,
    RequestView.ON_THE_WAY: ON_THE_WAY_STATES,
}
_DONE = (UserIdRequestState.REFUSED, UserIdRequestState.ACTIVATED, UserIdRequestState.REVOKED)
NO_DATE = date(9999, 12, 31)
"""Stands for a missing date in the order of the list: incomplete forms come last."""
_mail_by = func.coalesce(_request.c.mail_by, NO_DATE)
_arrive_by = func.coalesce(_request.c.arrive_by, NO_DATE)


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


async def by_date(
    connection: AsyncConnection,
    view: RequestView,
    account_id: int | None,
    after: tuple[date, int] | None,
    limit: int,
) -> Sequence[Any]:
    """Requests on which something is to be done, the first date first: to mail them by, or to arrive by."""
    day = _arrive_by if view is RequestView.ON_THE_WAY else _mail_by
    query = _with_names.where(_request.c.state.in_(_STATES[view]))
    if account_id is not None:
        query = query.where(_request.c.account_id == account_id)
    if after is not None:
        query = query.where(tuple_(day, _request.c.id) > after)
    return (await connection.execute(query.order_by(day, _request.c.id).limit(limit))).all()


async def done_page(
    connection: AsyncConnection, account_id: int | None, after: tuple[datetime, int] | None, limit: int
) -> Sequence[Any]:
    """Requests that are over, the newest decision first."""
    query = _with_names.where(_request.c.state.in_(_DONE), _request.c.decided_at.is_not(None))
    if account_id is not None:
        query = query.where(_request.c.account_id == account_id)
    order = (_request.c.decided_at, _request.c.id)
    if after is not None:
        query = query.where(tuple_(*order) < after)
    return (await connection.execute(query.order_by(*(column.desc() for column in order)).limit(limit))).all()


async def all_page(
    connection: AsyncConnection, account_id: int, before: int | None, limit: int
) -> Sequence[Any]:
    """Every request of one account, the newest first."""
    query = _with_names.where(_request.c.account_id == account_id)
    if before is not None:
        query = query.where(_request.c.id < before)
    return (await connection.execute(query.order_by(_request.c.id.desc()).limit(limit))).all()


async def waiting_of_account(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """Requests of one account that are not in the mail yet."""
    query = _with_names.where(_is_waiting, _request.c.account_id == account_id)
    return (await connection.execute(query.order_by(_mail_by, _request.c.id).limit(20))).all()


async def counts(connection: AsyncConnection, today: date, most: int) -> tuple[int, int, date | None]:
    """Open requests, those to be mailed whose day is over, each counted up to a limit; and the first day."""
    sought = (_is_open, and_(_is_waiting, _request.c.mail_by < today))
    parts = [select(_request.c.id).where(which).limit(most).subquery() for which in sought]
    count, late = (select(func.count()).select_from(part).scalar_subquery() for part in parts)
    first = select(func.min(_request.c.mail_by)).where(_is_waiting).scalar_subquery()
    found = (await connection.execute(select(count, late, first))).one()
    return int(found[0]), int(found[1]), found[2]


async def same_form(
    connection: AsyncConnection, row: Any, account_ids: Sequence[int], most: int
) -> list[str]:
    """Numbers of other requests that look like this one, the newest first.

    They have a page or the reference of the fax in common, or are of the same client and not mailed yet.
    """
    own_pages = select(fax_page.c.digest).where(fax_page.c.request_id == row.id)
    same_page = select(fax_page.c.request_id).where(fax_page.c.digest.in_(own_pages))
    query = select(_request.c.number).where(
        _request.c.id != row.id,
        or_(
            _request.c.fax_reference == row.fax_reference,
            _request.c.id.in_(same_page),
            and_(_request.c.account_id.in_(account_ids), _is_waiting),
        ),
    )
    return list((await connection.execute(query.order_by(_request.c.id.desc()).limit(most))).scalars())


# -- pauses ----------------------------------------------------------------------------------------


async def add_pause(connection: AsyncConnection, request_id: int, at: datetime) -> None:
    """Stop the days of a request."""
    await connection.execute(insert(user_id_pause).values(request_id=request_id, incomplete_at=at))


async def end_pause(connection: AsyncConnection, request_id: int, at: datetime) -> None:
    """Let its days go on."""
    pause = user_id_pause
    await connection.execute(
        update(pause)
        .where(pause.c.request_id == request_id, pause.c.answered_at.is_(None))
        .values(answered_at=at)
    )


async def pauses(connection: AsyncConnection, request_id: int) -> Sequence[Any]:
    """In which time its form was incomplete, in order."""
    pause = user_id_pause
    query = select(pause.c.incomplete_at, pause.c.answered_at).where(pause.c.request_id == request_id)
    return (await connection.execute(query.order_by(pause.c.id))).all()


# -- other requests of the client ------------------------------------------------------------------


async def under_way(
    connection: AsyncConnection, account_ids: Sequence[int], request_id: int, today: date
) -> str:
    """Number of another request of these accounts whose letter is to come; empty for none."""
    to_come = or_(
        _request.c.state.in_(TO_MAIL_STATES),
        and_(_request.c.state == UserIdRequestState.MAILED, _request.c.arrive_by >= today),
    )
    query = select(_request.c.number).where(
        _request.c.account_id.in_(account_ids), _request.c.id != request_id, to_come
    )
    found = await connection.execute(query.order_by(_request.c.id.desc()).limit(1))
    return found.scalar_one_or_none() or ""


async def mailed_in_vain(
    connection: AsyncConnection, account_ids: Sequence[int], request_id: int
) -> Sequence[Any]:
    """Other requests of these accounts that were mailed and not used."""
    query = _with_names.where(
        _request.c.account_id.in_(account_ids),
        _request.c.id != request_id,
        _request.c.state.in_(ON_THE_WAY_STATES),
    )
    return (await connection.execute(query.order_by(_request.c.id))).all()


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
    """The request of these accounts that was faxed last; one denied as a duplicate is none of its own."""
    query = _with_names.where(
        _request.c.account_id.in_(account_ids), _request.c.deny_reason != DenyReason.DUPLICATE
    )
    newest = query.order_by(_request.c.faxed_at.desc(), _request.c.id.desc()).limit(1)
    return (await connection.execute(newest)).first()


async def count_due(connection: AsyncConnection, today: date) -> int:
    """How many requests are to be in the mail today, or should have been."""
    query = select(func.count()).where(_is_waiting, _request.c.mail_by <= today)
    return int((await connection.execute(query)).scalar_one())
