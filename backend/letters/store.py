"""SQL of the letters of a group, and of what is ordered of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.billing_words import LetterKind
from backend.cards.rules import SUBSCRIBER
from backend.database.tables import account, call, coverage, letter, mail_batch, member, user_id_request

Values = Mapping[str, Any]
_original = letter.alias("original")
_notice = letter.alias("notice")
_notices = (
    select(func.count())
    .where(_notice.c.copy_of == letter.c.id, _notice.c.kind == LetterKind.L1_SUBSCRIBER)
    .correlate(letter)
    .scalar_subquery()
)
_shown = (
    select(
        letter,
        _notices.label("notices"),
        _original.c.number.label("original"),
        _original.c.mailed_on.label("original_mailed_on"),
        mail_batch.c.number.label("batch"),
        call.c.rep_id.label("ordered_by"),
    )
    .outerjoin(_original, _original.c.id == letter.c.copy_of)
    .outerjoin(mail_batch, mail_batch.c.id == letter.c.batch_id)
    .outerjoin(call, call.c.id == letter.c.call_id)
)


async def page(
    connection: AsyncConnection,
    account_id: int,
    without: Collection[str],
    after: tuple[date, int] | None,
    limit: int,
) -> Sequence[Any]:
    """Letters of a group, the newest first, but those kinds; each with the number of what it is a copy of."""
    query = _shown.where(letter.c.account_id == account_id, letter.c.kind.not_in(without))
    if after is not None:
        query = query.where(tuple_(letter.c.created_on, letter.c.id) < after)
    query = query.order_by(letter.c.created_on.desc(), letter.c.id.desc()).limit(limit)
    return (await connection.execute(query)).all()


async def by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """The letter of this number; with `lock` nobody else changes it meanwhile.

    Its account is locked first, as whoever lives its day does: so nobody waits for the other in a ring.
    """
    query = _shown.where(letter.c.number == number)
    if not lock:
        return (await connection.execute(query)).first()
    account_of = select(letter.c.account_id).where(letter.c.number == number).scalar_subquery()
    mine = select(account.c.id).where(account.c.id == account_of)
    await connection.execute(mine.with_for_update(key_share=True))
    return (await connection.execute(query.with_for_update(of=letter))).first()


async def accounts_of(connection: AsyncConnection, numbers: Collection[str]) -> list[int]:
    """Keys of the accounts that the letters of these numbers are of."""
    query = select(letter.c.account_id).where(letter.c.number.in_(numbers)).distinct()
    return list((await connection.execute(query)).scalars())


async def waiting(
    connection: AsyncConnection, account_id: int, kind: str, copy_of: int | None, to: Values
) -> str | None:
    """The number of the same letter to the same address that is not mailed yet."""
    query = select(letter.c.number).where(
        letter.c.account_id == account_id,
        letter.c.kind == kind,
        letter.c.mailed_on.is_(None),
        letter.c.print_from.is_not(None),
        letter.c.copy_of.is_(None) if copy_of is None else letter.c.copy_of == copy_of,
        *(letter.c[name] == value for name, value in to.items()),
    )
    return (await connection.execute(query.limit(1))).scalar_one_or_none()


async def add(connection: AsyncConnection, values: Values) -> int:
    """Write a letter; returns its key."""
    return int(
        (await connection.execute(insert(letter).values(**values).returning(letter.c.id))).scalar_one()
    )


async def change(connection: AsyncConnection, letter_id: int, values: Values) -> None:
    """Change columns of a letter."""
    await connection.execute(update(letter).where(letter.c.id == letter_id).values(**values))


async def take_back(connection: AsyncConnection, letter_id: int) -> None:
    """Remove a letter that is not mailed, with the copies and notices that go with it."""
    await connection.execute(delete(letter).where(letter.c.copy_of == letter_id))
    await connection.execute(delete(letter).where(letter.c.id == letter_id, letter.c.mailed_on.is_(None)))


async def remove(connection: AsyncConnection, letter_id: int, now: datetime) -> bool:
    """Remove an order that is not mailed and can still be taken back; whether it was."""
    change = delete(letter).where(
        letter.c.id == letter_id, letter.c.mailed_on.is_(None), letter.c.print_from > now
    )
    return (await connection.execute(change)).rowcount == 1


async def due(connection: AsyncConnection, now: datetime, after: int, limit: int) -> Sequence[Any]:
    """Letters that wait for the post and can be taken back no more by who ordered them, in the order they
    were written, with their group and its billing policy.
    """
    query = _shown.add_columns(
        account.c.number.label("group_number"),
        account.c.billing_policy,
        user_id_request.c.number.label("request"),
    )
    query = query.join(account, account.c.id == letter.c.account_id)
    query = query.outerjoin(user_id_request, user_id_request.c.id == letter.c.request_id)
    query = query.where(
        letter.c.mailed_on.is_(None),
        or_(letter.c.kind != LetterKind.USER_ID, letter.c.request_id.is_not(None)),
        or_(letter.c.print_from.is_(None), letter.c.print_from <= now),
        letter.c.id > after,
    )
    return (await connection.execute(query.order_by(letter.c.id).limit(limit))).all()


async def of_request(connection: AsyncConnection, request_id: int) -> Sequence[Any]:
    """Letters about a user-ID request, in the order they were written."""
    query = _shown.where(letter.c.request_id == request_id)
    return (await connection.execute(query.order_by(letter.c.id))).all()


async def take_back_of_request(connection: AsyncConnection, request_id: int) -> list[str]:
    """Remove what is written about a user-ID request and not mailed; returns the numbers."""
    gone = delete(letter).where(letter.c.request_id == request_id, letter.c.mailed_on.is_(None))
    return list((await connection.execute(gone.returning(letter.c.number))).scalars())


async def accounts_to_write_to(connection: AsyncConnection, after: int, limit: int) -> list[int]:
    """Keys of the accounts with a letter of the rules that waits for the post, in their order."""
    query = select(letter.c.account_id).where(
        letter.c.mailed_on.is_(None),
        letter.c.print_from.is_(None),
        letter.c.copy_of.is_(None),
        letter.c.account_id > after,
    )
    query = query.distinct().order_by(letter.c.account_id).limit(limit)
    return list((await connection.execute(query)).scalars())


async def covered_until(connection: AsyncConnection, account_id: int, member_id: int) -> date | None:
    """The last day this member is covered in the group; None while no end is on record."""
    query = select(coverage.c.ends_on).where(
        coverage.c.account_id == account_id, coverage.c.member_id == member_id
    )
    ends = list((await connection.execute(query)).scalars())
    return max(ends) if ends and None not in ends else None


# -- mailings ----------------------------------------------------------------------------------------


async def open_batch(connection: AsyncConnection, on: date) -> Any | None:
    """The mailing of a day that did not go yet."""
    query = select(mail_batch).where(mail_batch.c.on_date == on, mail_batch.c.mailed_at.is_(None))
    return (await connection.execute(query.order_by(mail_batch.c.id).limit(1))).first()


async def add_batch(connection: AsyncConnection, number: str, on: date, now: datetime) -> int:
    """Write a mailing; returns its key."""
    added = insert(mail_batch).values(number=number, on_date=on, made_at=now).returning(mail_batch.c.id)
    return int((await connection.execute(added)).scalar_one())


async def batch_mailed(connection: AsyncConnection, number: str, now: datetime) -> None:
    """Note that a mailing went; the first time counts."""
    change = update(mail_batch).where(mail_batch.c.number == number, mail_batch.c.mailed_at.is_(None))
    await connection.execute(change.values(mailed_at=now))


async def member_of(connection: AsyncConnection, account_id: int, mrn: str) -> Any | None:
    """The member of this number, if covered in the group now or before."""
    covered = select(coverage.c.member_id).where(coverage.c.account_id == account_id)
    query = select(member).where(member.c.mrn == mrn, member.c.id.in_(covered))
    return (await connection.execute(query)).first()


# -- what came back ----------------------------------------------------------------------------------


async def came_back(connection: AsyncConnection, after: tuple[date, int] | None, limit: int) -> Sequence[Any]:
    """Letters that came back and are not settled, with their group, the first to come back first."""
    query = _shown.add_columns(
        account.c.number.label("group_number"),
        account.c.name.label("group_name"),
        account.c.billing_policy,
    ).join(account, account.c.id == letter.c.account_id)
    query = query.where(letter.c.returned_on.is_not(None), letter.c.settled_on.is_(None))
    if after is not None:
        query = query.where(tuple_(letter.c.returned_on, letter.c.id) > after)
    return (await connection.execute(query.order_by(letter.c.returned_on, letter.c.id).limit(limit))).all()


# -- notices to subscribers --------------------------------------------------------------------------


async def next_warning(connection: AsyncConnection, on: date, after: int) -> Any | None:
    """The next warning letter dated this day, in the order of their keys."""
    query = select(letter).where(
        letter.c.kind == LetterKind.L1,
        letter.c.created_on == on,
        letter.c.copy_of.is_(None),
        letter.c.id > after,
    )
    return (await connection.execute(query.order_by(letter.c.id).limit(1))).first()


async def last_noticed(connection: AsyncConnection, letter_id: int) -> int:
    """The last subscriber whose notice goes with this letter, in the order of their keys; 0 for none."""
    query = select(func.max(letter.c.member_id)).where(
        letter.c.copy_of == letter_id, letter.c.kind == LetterKind.L1_SUBSCRIBER
    )
    return int((await connection.execute(query)).scalar_one() or 0)


async def subscribers(
    connection: AsyncConnection, account_id: int, on: date, after: int, limit: int
) -> list[int]:
    """Keys of the subscribers covered in the group on a day or later, in their order."""
    query = (
        select(coverage.c.member_id)
        .where(
            coverage.c.account_id == account_id,
            coverage.c.relationship == SUBSCRIBER,
            or_(coverage.c.ends_on.is_(None), coverage.c.ends_on >= on),
            coverage.c.member_id > after,
        )
        .distinct()
        .order_by(coverage.c.member_id)
        .limit(limit)
    )
    return list((await connection.execute(query)).scalars())
