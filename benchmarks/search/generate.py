"""A store of invented groups and members, written in bulk; the same seed makes the same store."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.actors import operator
from backend.database import tables
from backend.matching import names
from backend.matching.normalise import name_key
from backend.runtime import Runtime
from backend.search import index

MEMBERS_A_GROUP = 50
_AT_ONCE = 20_000
_FIRST_DAY = date(1940, 1, 1)
_DAYS = 30_000
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_TRADES = (
    "Parts", "Dental", "Bakery", "Orchard", "Supply", "Cycles", "Boats", "Diner", "Roofing", "Design",
    "Logistics", "Nursery", "Printing", "Foods", "Motors", "Law Group", "Studios", "Farms", "Labs", "Tile",
)  # fmt: skip
_PLACES = ("Valley", "Harbor", "Mission", "Sierra", "Bay", "North", "Golden", "Canyon", "River", "Coast")
_SYLLABLES = ("ba", "ke", "ri", "mo", "tu", "zan", "vel", "dor", "lin", "pes", "gra", "hul", "cor", "ney")


class People:
    """Draws names as common as they are, one in eight double, and surnames that nobody else has."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._lasts = names._table("surnames.csv")
        self._firsts = names._table("given_names.csv")
        self._last_of = (list(self._lasts), _sums(self._lasts))
        self._first_of = (list(self._firsts), _sums(self._firsts))

    def last(self) -> str:
        """A surname."""
        if self.random.random() < 0.08:
            return "".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))).upper()
        one = self._draw(self._last_of)
        return f"{one} {self._draw(self._last_of)}" if self.random.random() < 0.12 else one

    def first(self) -> str:
        """A given name."""
        one = self._draw(self._first_of)
        return f"{one} {self._draw(self._first_of)}" if self.random.random() < 0.05 else one

    def _draw(self, table: tuple[list[str], list[float]]) -> str:
        words, sums = table
        return self.random.choices(words, cum_weights=sums)[0]


def _sums(table: dict[str, float]) -> list[float]:
    total, sums = 0.0, []
    for share in table.values():
        total += share
        sums.append(total)
    return sums


async def fill(runtime: Runtime, members: int, seed: int = 7) -> tuple[float, float]:
    """Write groups, members, their coverage and the words by which they are found; returns the seconds for
    the rows and for the words.
    """
    began = time.perf_counter()
    people = People(seed)
    groups = max(20, members // MEMBERS_A_GROUP)
    every = {
        tables.account: _groups(people, groups),
        tables.member: _members(people, members),
        tables.coverage: _coverages(members, groups),
        tables.standing: _standings(runtime, groups),
    }
    async with _indexed_afterwards(runtime, every):
        for table, rows in every.items():
            for part in _parts(rows):
                async with runtime.database.write() as connection:
                    await _put(connection, table, part)
        written = time.perf_counter()
        await _make_words(runtime)
        made = time.perf_counter()
    await _statistics(runtime)
    return written - began + time.perf_counter() - made, made - written


async def _put(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows in the quickest way of each database."""
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    ways = [_way(table.c[name].type, connection.dialect) for name in names]
    await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    raw: Any = (await connection.get_raw_connection()).driver_connection
    command = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    async with raw.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            await copy.write_row([way(row[name]) for name, way in zip(names, ways, strict=True)])


def _way(kind: Any, dialect: Dialect) -> Callable[[Any], Any]:
    """How a value of a column is handed to the database."""
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found or (lambda value: value)


@asynccontextmanager
async def _indexed_afterwards(runtime: Runtime, written: Iterable[Table]) -> AsyncIterator[None]:
    """Ten million rows in random order are indexed once, not one by one."""
    indexes = [one for table in written for one in table.indexes if not one.unique]
    async with runtime.database.write() as connection:
        for one in indexes:
            await connection.run_sync(one.drop)
    yield
    for one in indexes:
        async with runtime.database.write() as connection:
            if not runtime.database.sqlite:
                await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.run_sync(one.create)


async def _make_words(runtime: Runtime) -> None:
    """Make the words by which they are found, as for a store of before."""
    facts = tables.store_fact
    async with runtime.act(operator("bench"), "BENCH") as unit:
        change = update(facts).where(facts.c.name == "search_words")
        await unit.connection.execute(change.values(value="0"))
    await index.ensure_current(runtime)


async def _statistics(runtime: Runtime) -> None:
    if runtime.database.sqlite:
        await runtime.database.look_at_statistics()
    else:
        async with runtime.database.write() as connection:
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.exec_driver_sql("ANALYZE")


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _groups(people: People, count: int) -> Iterator[dict[str, Any]]:
    draw = people.random
    for number in range(count):
        name = f"{draw.choice(_PLACES)} {people.last().title()} {draw.choice(_TRADES)} {number % 97}"
        yield {
            "id": number + 1, "number": f"{100_000 + number}", "name": name, "name_key": name_key(name),
            "state": "active", "employees": 40, "effective_from": _FIRST_DAY, "cobra_admin": "client",
            "filing_method": "paper", "bill_preference": "paper", "billing_cycle": "C1",
            "billing_policy": "CA_GROUP_DMHC", "bill_phone": f"800-555-{number % 10_000:04d}",
        }  # fmt: skip


def _members(people: People, count: int) -> Iterator[dict[str, Any]]:
    draw = people.random
    for number in range(count):
        last, first = people.last(), people.first()
        digits = f"{draw.randint(2_000_000_000, 9_999_999_999)}"
        yield {
            "id": number + 1, "mrn": f"{80_000_000 + number}", "last_name": last, "first_name": first,
            "last_key": last, "first_key": first, "sex": "U",
            "birth_date": _FIRST_DAY + timedelta(days=draw.randrange(_DAYS)),
            "ssn_last4": f"{draw.randrange(10_000):04d}", "phone": digits,
            "created_at": _SINCE,
        }  # fmt: skip


def _coverages(members: int, groups: int) -> Iterator[dict[str, Any]]:
    for number in range(members):
        yield {
            "account_id": number % groups + 1, "member_id": number + 1, "subscriber_number": str(number),
            "relationship": "18", "line": "HMO", "starts_on": _FIRST_DAY,
        }  # fmt: skip


def _standings(runtime: Runtime, groups: int) -> Iterator[dict[str, Any]]:
    """As the daily run leaves them."""
    today = runtime.clock().astimezone(runtime.calendar.zone).date()
    for number in range(groups):
        yield {
            "account_id": number + 1, "on_date": today, "state": "CURRENT", "days_past_due": 0,
            "open_premium": Decimal(0),
        }  # fmt: skip
