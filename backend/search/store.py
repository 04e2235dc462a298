"""SQL of what was found, by key or by its exact number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import (
    account,
    account_word,
    call,
    call_back,
    call_subject,
    card_job,
    enrollment,
    enrollment_file,
    letter,
    match_item,
    member,
    search_count,
    user_id_request,
)

# One value in place of many keeps a statement the same, so that it is compiled once.
_MEMBERS = select(
    member.c.id, member.c.mrn, member.c.last_name, member.c.first_name, member.c.last_key,
    member.c.first_key, member.c.birth_date, member.c.ssn_last4, member.c.phone_key,
)  # fmt: skip
_THESE = _MEMBERS.where(text("member.id IN (SELECT value FROM json_each(:keys))"))
_THESE_POSTGRESQL = _MEMBERS.where(text("member.id = ANY(CAST(:keys AS bigint[]))"))
_GROUPS = select(account).where(text("account.id IN (SELECT value FROM json_each(:keys))"))
_GROUPS_POSTGRESQL = select(account).where(text("account.id = ANY(CAST(:keys AS bigint[]))"))


async def members(connection: AsyncConnection, keys: Sequence[int]) -> Sequence[Any]:
    """What members are found and shown by."""
    if not keys:
        return []
    if connection.dialect.name == "postgresql":
        return (await connection.execute(_THESE_POSTGRESQL, {"keys": list(keys)})).all()
    return (await connection.execute(_THESE, {"keys": json.dumps(list(keys))})).all()


async def groups(connection: AsyncConnection, keys: Sequence[int]) -> Sequence[Any]:
    """Accounts of these keys."""
    if not keys:
        return []
    if connection.dialect.name == "postgresql":
        return (await connection.execute(_GROUPS_POSTGRESQL, {"keys": list(keys)})).all()
    return (await connection.execute(_GROUPS, {"keys": json.dumps(list(keys))})).all()


async def groups_with_words(
    connection: AsyncConnection, words: Sequence[str], looked_at: int, most: int
) -> list[int]:
    """Keys of groups in whose name a word begins with each of these; of the first `looked_at` only."""
    driving, *others = sorted(words, key=len, reverse=True)
    table = account_word
    some = (
        select(table.c.name_key, table.c.account_id)
        .where(table.c.word >= driving, table.c.word <= driving + "\U0010ffff")
        .order_by(table.c.word, table.c.name_key)
        .limit(looked_at)
        .subquery()
    )
    query = select(some.c.account_id)
    place = func.instr if _sqlite(connection) else func.strpos
    for word in others:
        query = query.where(place(" " + some.c.name_key, " " + word) > 0)
    return [int(row.account_id) for row in await connection.execute(query.limit(most))]


def _sqlite(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "sqlite"


# -- items -----------------------------------------------------------------------------------------


async def match_items(connection: AsyncConnection, numbers: Sequence[str]) -> Any | None:
    """The item of the queue with the enrollment it is about."""
    query = select(match_item, enrollment.c.receipt, enrollment.c.first_name, enrollment.c.last_name)
    query = query.join(enrollment, enrollment.c.id == match_item.c.enrollment_id)
    return (await connection.execute(query.where(match_item.c.number.in_(numbers)).limit(1))).first()


async def enrollments(connection: AsyncConnection, numbers: Sequence[str]) -> Any | None:
    """The enrollment of a receipt with its item of the queue."""
    query = select(
        enrollment,
        match_item.c.number.label("item"),
        match_item.c.state.label("item_state"),
        match_item.c.due_at,
    )
    query = query.outerjoin(match_item, match_item.c.enrollment_id == enrollment.c.id)
    return (await connection.execute(query.where(enrollment.c.receipt.in_(numbers)).limit(1))).first()


async def cards(connection: AsyncConnection, numbers: Sequence[str]) -> Any | None:
    """The card job of this number with whose card it is."""
    query = select(card_job, member.c.mrn, member.c.first_name, member.c.last_name)
    query = query.join(member, member.c.id == card_job.c.member_id)
    return (await connection.execute(query.where(card_job.c.number.in_(numbers)).limit(1))).first()


async def calls(connection: AsyncConnection, numbers: Sequence[str]) -> Any | None:
    """The call of this number with the group it was about last."""
    subject = (
        select(call_subject.c.account_id)
        .where(call_subject.c.call_id == call.c.id)
        .order_by(call_subject.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(call, subject.label("account_id")).where(call.c.number.in_(numbers))
    return (await connection.execute(query.limit(1))).first()


PLAIN: Mapping[str, Table] = {
    "letter": letter, "file": enrollment_file, "user_id_request": user_id_request, "call_back": call_back,
}  # fmt: skip


async def plain_item(connection: AsyncConnection, kind: str, numbers: Sequence[str]) -> Any | None:
    """The row of a letter, file, user-ID request or call-back of one of these numbers."""
    table = PLAIN[kind]
    return (await connection.execute(select(table).where(table.c.number.in_(numbers)).limit(1))).first()


# -- how much was looked up ------------------------------------------------------------------------


async def count_of(connection: AsyncConnection, rep_id: int, now: datetime) -> Any:
    """The rep's count, made if there is none, and locked."""
    insert = sqlite_insert if _sqlite(connection) else pg_insert
    fresh = {"rep_id": rep_id, "since": now, "searches": 0, "results": 0, "last": "", "last_results": 0}
    await connection.execute(insert(search_count).values(**fresh).on_conflict_do_nothing())
    query = select(search_count).where(search_count.c.rep_id == rep_id)
    return (await connection.execute(query.with_for_update())).one()


async def set_count(connection: AsyncConnection, rep_id: int, values: Mapping[str, Any]) -> None:
    """Write the rep's count."""
    await connection.execute(update(search_count).where(search_count.c.rep_id == rep_id).values(**values))
