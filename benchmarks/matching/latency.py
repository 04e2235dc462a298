"""How long the server takes to find who an enrollee may be, in stores of growing size.

`python -m benchmarks.matching.latency --sizes 10000 100000 1000000` fills a SQLite file, and a PostgreSQL
server of its own where its programs are installed, through the operators' import of members. In each size it
times candidate search with the decision, one member added, one changed, and says what the keys take.
The lines also go to `benchmarks/results/`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import astuple, dataclass, field
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import URL, text, update

from backend.accounts import members
from backend.accounts.imports import import_members
from backend.actors import SYSTEM
from backend.database.engine import Database
from backend.database.tables import store_fact
from backend.database.unit import Unit
from backend.keys import new_keys
from backend.matching import exact, index
from backend.matching.people import look_up, new_person
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from benchmarks.matching import generate, noise
from benchmarks.matching.people import Person, World, census
from benchmarks.matching.records import COLUMNS, Record
from tests.stores import SQLiteStores, postgresql_binaries, running_postgresql

_RESULTS = Path(__file__).parents[1] / "results"
_TEN_MILLION = 10_000_000
_CHANGES = 100
_STRANGERS = 0.1
_KEYS_LATER_FROM = 200_000
_GOALS = {1_000_000: (2.0, 8.0), _TEN_MILLION: (4.0, 8.0)}
"""Median and p95 of a query in milliseconds."""


@dataclass
class People:
    """The members to fill stores with, always the same, and enrollments of some of them."""

    seed: int = 1
    made: int = 0
    known: list[Person] = field(default_factory=list)
    """Members of whom enrollments are made, from all parts of the store."""

    def __post_init__(self) -> None:
        self._tables = census()
        self._stream = generate.members(self.seed, self._tables)

    def write(self, path: Path, count: int) -> None:
        """The next members as a file for the import."""
        keep = max(1, count // 2000)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for person, record in islice(self._stream, count):
                self.made += 1
                if self.made % keep == 0:
                    self.known.append(person)
                writer.writerow((f"{self.made:08}", *astuple(record)))

    def enrollments(self, count: int) -> list[Record]:
        """Enrollments with everyday errors; a few of people who are no members."""
        world = World(random.Random(self.seed + self.made), self._tables)
        shares = [share for share, _ in noise.EVERYDAY.values()]
        records: list[Record] = []
        while len(records) < count:
            unknown = world.rng.random() < _STRANGERS
            person = world.person() if unknown else world.rng.choice(self.known)
            record = noise.everyday(world, person, world.rng.choices(list(noise.EVERYDAY), shares)[0])
            records += [record] if record is not None else []
        return records


def _row(unit: Unit, record: Record) -> SimpleNamespace:
    """The enrollment as its row in the store has it."""
    digits = "".join(sign for sign in record.ssn if sign.isdigit())
    return SimpleNamespace(
        last_name=record.last_name,
        first_name=record.first_name,
        middle_name=record.middle_name,
        suffix=record.suffix,
        birth_date=record.date_of_birth,
        ssn_cipher=unit.keys.seal_ssn(digits) if len(digits) == 9 else None,
        sex=record.sex or "U",
        street=record.street,
        city=record.city,
        state_code=record.state.upper(),
        zip=record.zip,
        phone=record.phone,
        mrn="",
    )


@dataclass
class Store:
    """One store under measurement."""

    name: str
    runtime: Runtime

    async def fill(self, path: Path) -> float:
        """Import a file; seconds."""
        began = time.perf_counter()
        with path.open("rb") as source:
            async for _ in import_members(self.runtime, SYSTEM, source, request_id="bench"):
                pass
        return time.perf_counter() - began

    async def build(self) -> float:
        """Build all keys anew, as after a change of the normaliser; seconds."""
        async with self.runtime.database.write() as connection:
            await connection.execute(
                update(store_fact).where(store_fact.c.name == "matching_keys").values(value="")
            )
        began = time.perf_counter()
        await index.ensure_current(self.runtime)
        return time.perf_counter() - began

    async def queries(self, records: list[Record]) -> tuple[list[float], list[float]]:
        """Milliseconds of each search with its decision: by the clock, and of work in this process."""
        times: list[float] = []
        worked: list[float] = []
        async with self.runtime.look(SYSTEM, "bench") as unit:
            for record in records:
                row = _row(unit, record)
                began, work = time.perf_counter(), time.process_time()
                found = await look_up(unit, row)
                exact.decide(found.enrollee, found.members, found.ranked)
                times.append((time.perf_counter() - began) * 1000)
                worked.append((time.process_time() - work) * 1000)
        return times, worked

    async def added(self, records: list[Record]) -> list[float]:
        """Milliseconds of each new member, with its commit."""
        return [await self._timed(partial(_add, record=one)) for one in records]

    async def changed(self, size: int) -> list[float]:
        """Milliseconds of each changed member, with its commit."""
        ids = range(1, size + 1, size // _CHANGES)
        return [await self._timed(partial(_move, member_id=one, number=size)) for one in ids]

    async def _timed(self, act: Callable[[Unit], Awaitable[object]]) -> float:
        began = time.perf_counter()
        async with self.runtime.act(SYSTEM, "bench") as unit:
            await act(unit)
        return (time.perf_counter() - began) * 1000

    async def key_bytes(self) -> int:
        """Bytes of the key table."""
        sql = (
            "SELECT sum(pgsize) FROM dbstat WHERE name = 'match_key'"
            if self.runtime.database.sqlite
            else "SELECT pg_total_relation_size('match_key')"
        )
        async with self.runtime.database.read() as connection:
            return int((await connection.execute(text(sql))).scalar_one())


async def _add(unit: Unit, record: Record) -> int:
    return await members.create_member(unit, new_person(unit, _row(unit, record)))


async def _move(unit: Unit, member_id: int, number: int) -> list[str]:
    changes = {"street": f"{number} Changed St", "zip": "83702", "phone": f"208{member_id:07}"}
    return await members.change_member(unit, member_id, changes)


@contextlib.contextmanager
def _without_keys(leave_out: bool) -> Iterator[None]:
    """The import writes no keys while the block runs: a large store has them built when it is full."""
    real = index.add

    async def nothing(unit: Unit, people: Any) -> None:
        del unit, people

    if leave_out:
        index.add = nothing
    try:
        yield
    finally:
        index.add = real


async def _measure(name: str, url: URL, sizes: list[int], queries: int) -> list[str]:
    runtime = await open_runtime(Database(url), load_policy(), new_keys())
    store, people = Store(name, runtime), People()
    lines: list[str] = []
    medians: list[float] = []
    try:
        for size in sizes:
            lines += await _one_size(store, people, size, queries, medians)
            print("\n".join(lines[-7:]), flush=True)
    finally:
        await runtime.close()
    for (small, before), (large, after) in pairwise(zip(sizes, medians, strict=True)):
        lines.append(
            f"{name} from {small:,} to {large:,} members: {after / before:.2f} x the time of a query"
        )
    return lines


async def _one_size(store: Store, people: People, size: int, queries: int, medians: list[float]) -> list[str]:
    missing = size - people.made
    keys_later = missing > _KEYS_LATER_FROM
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, _without_keys(keys_later):
        people.write(Path(file.name), missing)
        seconds = await store.fill(Path(file.name))
    written = await store.key_bytes()
    built = await store.build()
    taken = await store.key_bytes() if keys_later else written  # what PostgreSQL deletes still takes room
    records = people.enrollments(queries)
    await store.queries(records[:20])
    times, worked = await store.queries(records)
    medians.append(statistics.median(times))
    added = await store.added(records[:_CHANGES])
    changed = await store.changed(size)
    where = f"{store.name} {size:>10,} members"
    how = "without keys" if keys_later else "with keys"
    return [
        f"{where}: one query {_spread(times)}{_goal(size, times)}",
        f"{where}: of it this process works {_spread(worked)}",
        f"{where}: add one member {_spread(added)}   goal <= 2 ms",
        f"{where}: change one member {_spread(changed)}   goal <= 2 ms",
        f"{where}: import {how} {seconds / missing * 1e6:.0f} us a member",
        f"{where}: keys built anew in {built / size * 1e6:.0f} us a member   goal <= 100 us",
        f"{where}: keys take {taken / size:.0f} bytes a member   goal <= 600",
    ]


def _spread(times: list[float]) -> str:
    return f"median {statistics.median(times):6.2f} ms, p95 {statistics.quantiles(times, n=20)[18]:6.2f} ms"


def _goal(size: int, times: list[float]) -> str:
    if size not in _GOALS:
        return ""
    median, p95 = _GOALS[size]
    reached = statistics.median(times) <= median and statistics.quantiles(times, n=20)[18] <= p95
    return f"   goal <= {median:g} / {p95:g} ms   {'reached' if reached else 'MISSED'}"


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching.latency")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--ten-million", action="store_true", help="one more size; takes hours and 15 GB")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    sizes = sorted({*options.sizes, *([_TEN_MILLION] if options.ten_million else [])})
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start"
    lines = [f"# {' '.join(sys.argv[1:]) or 'default sizes'}; PostgreSQL without fsync; {load}"]
    with tempfile.TemporaryDirectory(prefix="kprep-latency-") as home, contextlib.ExitStack() as stack:
        stores: dict[str, URL] = {}
        binaries = postgresql_binaries()
        if options.only != "postgresql":
            stores["SQLite"] = SQLiteStores(Path(home)).fresh()
        if options.only != "sqlite" and binaries is not None:
            stores["PostgreSQL"] = stack.enter_context(running_postgresql(binaries)).fresh()
        for name, url in stores.items():
            lines += asyncio.run(_measure(name, url, sizes, options.queries))
    print("\n".join(lines))
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"latency{'-' * bool(options.only)}{options.only or ''}.txt").write_text(
        "\n".join([*lines, ""])
    )


if __name__ == "__main__":
    main()
