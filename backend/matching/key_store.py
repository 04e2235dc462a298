"""SQL of the key table: who on file may be the enrollee."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import match_key, member, member_past, store_fact
from backend.matching.search import MOST_IN_A_BLOCK

# One value in place of many keeps the statement the same, so that it is compiled once.
_THESE = select(member).where(text("member.id IN (SELECT value FROM json_each(:ids))"))
_THESE_POSTGRESQL = select(member).where(text("member.id = ANY(CAST(:ids AS bigint[]))"))


async def members_by_id(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Any]:
    """Members of these keys."""
    if connection.dialect.name == "postgresql":
        return (await connection.execute(_THESE_POSTGRESQL, {"ids": list(ids)})).all()
    return (await connection.execute(_THESE, {"ids": json.dumps(list(ids))})).all()


async def member_by_mrn(connection: AsyncConnection, mrn: str) -> Any | None:
    """The member of this number."""
    return (await connection.execute(select(member).where(member.c.mrn == mrn))).first()


_MOST = MOST_IN_A_BLOCK + 1
"""One more than can be evidence, so that a block that is too big shows as such."""
_AT_ONCE = 250
"""Keys asked for in one statement; SQLite takes up to 500 parts."""
_ONE_BLOCK = "SELECT * FROM (SELECT key, member_id FROM match_key WHERE key = ? LIMIT ?)"
_BLOCKS = text(
    "SELECT wanted.key, found.member_id FROM unnest(CAST(:keys AS bigint[])) AS wanted(key) "
    "CROSS JOIN LATERAL"
    " (SELECT member_id FROM match_key WHERE match_key.key = wanted.key LIMIT :most) AS found"
)


def statements(keys: Sequence[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """SQLite's statements, with their values, for the pairs of key and member of these keys."""
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        yield " UNION ALL ".join([_ONE_BLOCK] * len(part)), tuple(n for key in part for n in (key, _MOST))


async def by_keys(connection: AsyncConnection, keys: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of key and member for each of these keys."""
    if connection.dialect.name == "postgresql":
        rows = await connection.execute(_BLOCKS, {"keys": list(keys), "most": _MOST})
        return [(int(row.key), int(row.member_id)) for row in rows]
    pairs: list[tuple[int, int]] = []
    # The driver's own call: one turn of its thread in place of four, on the way of every enrollment.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    for sql, values in statements(keys):
        pairs += await driver.execute_fetchall(sql, values)
    return pairs


async def add_keys(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> None:
    """Write pairs of key and member that are not there yet."""
    await _write(connection, _INTO_KEYS, pairs)


@dataclass(frozen=True)
class _Into:
    """One statement for many pairs, the quickest way each database has."""

    sqlite: str
    postgresql: TextClause


_INTO_KEYS = _Into(
    "INSERT INTO match_key VALUES (?, ?)",
    text("INSERT INTO match_key SELECT * FROM unnest(CAST(:keys AS bigint[]), CAST(:members AS bigint[]))"),
)
_INTO_NEW = _Into(
    "INSERT INTO new_key VALUES (?, ?)",
    text("INSERT INTO new_key SELECT * FROM unnest(CAST(:keys AS bigint[]), CAST(:members AS bigint[]))"),
)


async def _write(connection: AsyncConnection, into: _Into, pairs: Sequence[tuple[int, int]]) -> None:
    if not pairs:
        return
    if connection.dialect.name == "postgresql":
        keys, members = zip(*pairs, strict=True)
        await connection.execute(into.postgresql, {"keys": list(keys), "members": list(members)})
    else:
        await connection.exec_driver_sql(into.sqlite, list(pairs))


async def remove_keys(connection: AsyncConnection, member_id: int, keys: Sequence[int]) -> None:
    """Take these keys of a member out."""
    if keys:
        await connection.execute(
            delete(match_key).where(match_key.c.key.in_(keys), match_key.c.member_id == member_id)
        )


async def add_past(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Write who a member was until now."""
    await connection.execute(insert(member_past).values(**values))


async def remove_past(connection: AsyncConnection, member_id: int) -> None:
    """Take the past of a member out."""
    await connection.execute(delete(member_past).where(member_past.c.member_id == member_id))


async def past_of(connection: AsyncConnection, member_ids: Sequence[int]) -> Sequence[Any]:
    """Who these members were before, the oldest first."""
    query = select(member_past).where(member_past.c.member_id.in_(member_ids))
    return (await connection.execute(query.order_by(member_past.c.id))).all()


# -- built anew ------------------------------------------------------------------------------------
_FACT = "matching_keys"


async def normaliser_of_keys(connection: AsyncConnection, *, lock: bool = False) -> str:
    """The normaliser version the keys were built with; with `lock` nobody else builds them meanwhile.

    The lock is waited for as long as another builds them.
    """
    if lock and connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
    query = select(store_fact.c.value).where(store_fact.c.name == _FACT)
    return str((await connection.execute(query.with_for_update() if lock else query)).scalar_one())


async def begin_again(connection: AsyncConnection) -> None:
    """Take all keys out and make room to collect new ones in any order."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("TRUNCATE match_key"))
    else:
        await connection.execute(delete(match_key))
    await connection.execute(text("CREATE TEMPORARY TABLE new_key (key bigint, member_id bigint)"))


async def collect(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> None:
    """Keep pairs of key and member for `put_in_order`."""
    await _write(connection, _INTO_NEW, pairs)


async def set_normaliser_of_keys(connection: AsyncConnection, version: str) -> None:
    """Note with which normaliser the keys are built."""
    await connection.execute(update(store_fact).where(store_fact.c.name == _FACT).values(value=version))


async def put_in_order(connection: AsyncConnection) -> None:
    """Write what was collected in the order of the table, which takes a fraction of the time of any other."""
    await connection.execute(
        text("INSERT INTO match_key SELECT key, member_id FROM new_key ORDER BY key, member_id")
    )
    await connection.execute(text("DROP TABLE new_key"))


async def members_after(connection: AsyncConnection, member_id: int, most: int) -> Sequence[Any]:
    """Members in the order of their keys, after one."""
    query = select(member).where(member.c.id > member_id).order_by(member.c.id).limit(most)
    return (await connection.execute(query)).all()
