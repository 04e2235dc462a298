"""Ways through indexes: many short walks, each bounded, in one statement.

A walk reads as many entries as it may return and no more, however large the table is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from string import Template
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LAST = "\U0010ffff"
"""Behind every text that begins so."""
_MOST_PARTS = 400
"""SQLite takes up to 500 parts in one statement."""


# Only names of this module stand in the statements; what was typed is bound.
_ONE_WALK = Template(
    "SELECT * FROM (SELECT '$way', $id FROM $table "
    "WHERE $equal $along >= ? AND $along <= ? ORDER BY $along LIMIT $most)"
)
_ONE_WAY = Template(
    "SELECT '$way' AS way, found.id FROM unnest(CAST(:e$number AS text[]), CAST(:b$number AS text[]), "
    "CAST(:z$number AS text[])) AS wanted(equal, begins, ends) "
    "CROSS JOIN LATERAL (SELECT $id AS id FROM $table WHERE $equal "
    '$along >= wanted.begins COLLATE "C" AND $along <= wanted.ends COLLATE "C" '
    "ORDER BY $along LIMIT :most) AS found"
)


@dataclass(frozen=True)
class _Way:
    table: str
    id: str
    column: str
    then: str = ""
    """The column the walk goes along, behind an equal one; empty to walk along the first itself."""
    kind: str = "text"
    """Type of the equal column."""


class Way(Enum):
    """The indexes there are to walk on."""

    LAST_FIRST = _Way("member", "id", "last_key", "first_key")
    FIRST_LAST = _Way("member", "id", "first_key", "last_key")
    OTHER_NAME = _Way("member_name", "member_id", "last_key", "first_key")
    BORN_LAST = _Way("member", "id", "birth_date", "last_key", "date")
    BORN_LAST4 = _Way("member", "id", "birth_date", "ssn_last4", "date")
    LAST4_LAST = _Way("member", "id", "ssn_last4", "last_key")
    LAST = _Way("member", "id", "last_key")
    FIRST = _Way("member", "id", "first_key")
    OTHER_LAST = _Way("member_name", "member_id", "last_key")
    MEMBER_PHONE = _Way("member", "id", "phone_key")
    MRN = _Way("member", "id", "mrn")
    NUMBER = _Way("account", "id", "number")
    NAME = _Way("account", "id", "name_key")
    ALIAS = _Way("account_alias", "account_id", "value")
    EIN = _Way("account", "id", "ein")
    BILL_PHONE = _Way("account", "id", "bill_phone")
    CONTACT_PHONE = _Way("contact", "account_id", "phone")
    WORD = _Way("account_word", "account_id", "word")
    LOGIN = _Way("web_user", "account_id", "login_digest")


@dataclass(frozen=True)
class Walk:
    """One walk: where it begins and ends; `equal` is the value of the column before, if there is one."""

    way: Way
    begins: str
    ends: str
    equal: str = ""


def beginning(way: Way, prefix: str, equal: str = "") -> Walk:
    """Entries that begin so."""
    return Walk(way, prefix, prefix + LAST, equal)


def exactly(way: Way, value: str) -> Walk:
    """Entries of this value."""
    return Walk(way, value, value)


async def seek(connection: AsyncConnection, walks: Iterable[Walk], most: int) -> list[tuple[Way, int]]:
    """Pairs of way and key, up to `most` of each walk."""
    wanted = list(dict.fromkeys(walks))[:_MOST_PARTS]
    if not wanted:
        return []
    if connection.dialect.name == "postgresql":
        statement, values = postgresql_statement(wanted, most)
        rows = (await connection.execute(text(statement), values)).all()
        return [(Way[row.way], int(row.id)) for row in rows]
    # The driver's own call: one turn of its thread in place of four, at every key that is typed.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    found = await driver.execute_fetchall(*sqlite_statement(wanted, most))
    return [(Way[name], int(key)) for name, key in found]


def sqlite_statement(wanted: Sequence[Walk], most: int) -> tuple[str, list[str]]:
    """One part a walk, with the values."""
    parts: list[str] = []
    values: list[str] = []
    for walk in wanted:
        way: _Way = walk.way.value
        along = way.then or way.column
        equal = f"{way.column} = ? AND " if way.then else ""
        parts.append(
            _ONE_WALK.substitute(
                way=walk.way.name, id=way.id, table=way.table, along=along, equal=equal, most=most
            )
        )
        values += [walk.equal] if way.then else []
        values += [walk.begins, walk.ends]
    return " UNION ALL ".join(parts), values


def postgresql_statement(wanted: Sequence[Walk], most: int) -> tuple[str, dict[str, object]]:
    """One part a way, so that there are few statements to plan; with the values."""
    by_way: dict[Way, list[Walk]] = defaultdict(list)
    for walk in wanted:
        by_way[walk.way].append(walk)
    parts: list[str] = []
    values: dict[str, object] = {"most": most}
    for number, (kind, walks) in enumerate(by_way.items()):
        way: _Way = kind.value
        along = way.then or way.column
        equal = f"{way.column} = CAST(wanted.equal AS {way.kind}) AND " if way.then else ""
        values |= {
            f"e{number}": [walk.equal for walk in walks],
            f"b{number}": [walk.begins for walk in walks],
            f"z{number}": [walk.ends for walk in walks],
        }
        parts.append(
            _ONE_WAY.substitute(
                number=number, way=kind.name, id=way.id, table=way.table, along=along, equal=equal
            )
        )
    return " UNION ALL ".join(parts), values


_NEAR = text(
    "SELECT DISTINCT kind, word FROM near_word "
    "WHERE kind = :kind AND form IN (SELECT value FROM json_each(:forms)) LIMIT :most"
)
_NEAR_POSTGRESQL = text(
    "SELECT DISTINCT kind, word FROM near_word "
    "WHERE kind = :kind AND form = ANY(CAST(:forms AS text[])) LIMIT :most"
)


async def near_words(connection: AsyncConnection, kind: str, forms: Iterable[str], most: int) -> list[str]:
    """Words that share one of these forms."""
    wanted = sorted(forms)
    if not wanted:
        return []
    postgresql = connection.dialect.name == "postgresql"
    values = {"kind": kind, "forms": wanted if postgresql else json.dumps(wanted), "most": most}
    rows = await connection.execute(_NEAR_POSTGRESQL if postgresql else _NEAR, values)
    return [str(row.word) for row in rows]
