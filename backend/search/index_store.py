"""SQL of the tables by which groups and people are found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import TextClause, delete, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import (
    account,
    account_word,
    member,
    member_name,
    member_past,
    near_word,
    store_fact,
)

_FACT = "search_words"
_INTO = {
    "member_name": (
        "INSERT INTO member_name VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        text(
            "INSERT INTO member_name SELECT * FROM unnest(CAST(:one AS text[]), CAST(:two AS text[]), "
            "CAST(:three AS bigint[])) ON CONFLICT DO NOTHING"
        ),
    ),
    "near_word": (
        "INSERT INTO near_word VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        text(
            "INSERT INTO near_word SELECT * FROM unnest(CAST(:one AS text[]), CAST(:two AS text[]), "
            "CAST(:three AS text[])) ON CONFLICT DO NOTHING"
        ),
    ),
    "account_word": (
        "INSERT INTO account_word VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        text(
            "INSERT INTO account_word SELECT * FROM unnest(CAST(:one AS text[]), CAST(:two AS text[]), "
            "CAST(:three AS bigint[])) ON CONFLICT DO NOTHING"
        ),
    ),
}  # each database's quickest way to write many rows


async def _write(connection: AsyncConnection, into: str, rows: Iterable[tuple[object, ...]]) -> None:
    wanted = sorted(rows)  # in the order of the table, and the same in every process
    if not wanted:
        return
    sqlite, postgresql = _INTO[into]
    if connection.dialect.name == "postgresql":
        one, two, three = (list(column) for column in zip(*wanted, strict=True))
        await connection.execute(postgresql, {"one": one, "two": two, "three": three})
    else:
        await connection.exec_driver_sql(sqlite, wanted)


async def add_names(connection: AsyncConnection, rows: Iterable[tuple[str, str, int]]) -> None:
    """Write other names of members: last, first, key of the member."""
    await _write(connection, "member_name", rows)


async def remove_names(connection: AsyncConnection, rows: Sequence[tuple[str, str, int]]) -> None:
    """Take other names of members out."""
    if rows:
        columns = tuple_(member_name.c.last_key, member_name.c.first_key, member_name.c.member_id)
        await connection.execute(delete(member_name).where(columns.in_(rows)))


async def add_account_words(connection: AsyncConnection, rows: Iterable[tuple[str, str, int]]) -> None:
    """Write words of groups' names: word, whole name, key of the account."""
    await _write(connection, "account_word", rows)


async def remove_account_words(connection: AsyncConnection, account_id: int, words: Sequence[str]) -> None:
    """Take the words of a group's name out."""
    table = account_word
    await connection.execute(delete(table).where(table.c.word.in_(words), table.c.account_id == account_id))


_KNOWN = text(
    "SELECT word FROM near_word WHERE kind = :kind AND form = word "
    "AND form IN (SELECT value FROM json_each(:words))"
)
_KNOWN_POSTGRESQL = text(
    "SELECT word FROM near_word WHERE kind = :kind AND form = word AND form = ANY(CAST(:words AS text[]))"
)


async def known_words(connection: AsyncConnection, kind: str, words: Iterable[str]) -> set[str]:
    """Those of these words that have their forms already."""
    wanted = sorted(words)
    if not wanted:
        return set()
    postgresql = connection.dialect.name == "postgresql"
    statement: TextClause = _KNOWN_POSTGRESQL if postgresql else _KNOWN
    values = {"kind": kind, "words": wanted if postgresql else json.dumps(wanted)}
    return {str(row.word) for row in await connection.execute(statement, values)}


async def add_near(connection: AsyncConnection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write forms of words: kind, form, word."""
    await _write(connection, "near_word", rows)


async def past_names(connection: AsyncConnection, member_ids: Sequence[int]) -> Sequence[Any]:
    """Names that these members had before."""
    past = member_past
    query = select(past.c.member_id, past.c.last_name, past.c.first_name)
    return (await connection.execute(query.where(past.c.member_id.in_(member_ids)))).all()


# -- built anew ------------------------------------------------------------------------------------


async def version_of_words(connection: AsyncConnection, *, lock: bool = False) -> str:
    """With which version the tables were filled; with `lock` nobody else fills them meanwhile."""
    if lock and connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
    query = select(store_fact.c.value).where(store_fact.c.name == _FACT)
    return str((await connection.execute(query.with_for_update() if lock else query)).scalar_one())


async def set_version_of_words(connection: AsyncConnection, version: str) -> None:
    """Note with which version the tables are filled."""
    await connection.execute(update(store_fact).where(store_fact.c.name == _FACT).values(value=version))


async def begin_again(connection: AsyncConnection) -> None:
    """Empty the tables."""
    for table in (member_name, account_word, near_word):
        await connection.execute(delete(table))


async def members_after(connection: AsyncConnection, member_id: int, most: int) -> Sequence[Any]:
    """Names and phones of members in the order of their keys, after one."""
    columns = (member.c.id, member.c.last_key, member.c.first_key, member.c.phone)
    query = select(*columns).where(member.c.id > member_id).order_by(member.c.id).limit(most)
    return (await connection.execute(query)).all()


async def accounts_after(connection: AsyncConnection, account_id: int, most: int) -> Sequence[Any]:
    """Names of groups in the order of their keys, after one."""
    query = select(account.c.id, account.c.name_key).where(account.c.id > account_id)
    return (await connection.execute(query.order_by(account.c.id).limit(most))).all()


_PHONES = text(
    "UPDATE member SET phone_key = given.digits FROM "
    "unnest(CAST(:keys AS bigint[]), CAST(:digits AS text[])) AS given(id, digits) "
    "WHERE member.id = given.id"
)


async def set_phone_keys(connection: AsyncConnection, rows: Sequence[tuple[str, int]]) -> None:
    """Write the phone keys of members: digits and key of the member."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        digits, keys = zip(*rows, strict=True)
        await connection.execute(_PHONES, {"keys": list(keys), "digits": list(digits)})
    else:
        await connection.exec_driver_sql("UPDATE member SET phone_key = ? WHERE id = ?", list(rows))
