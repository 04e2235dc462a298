"""`python -m benchmarks.search --members 100000`: each letter of a name typed, beside a bare indexed query.

The two take turns in the same process on the same store, so that a busy machine slows both. Figures are p50
and p95 of the search through the API (signed in, audited) and through the service alone, in milliseconds and
as a ratio to the bare query. On PostgreSQL misspelled last names are then looked up beside a trigram index on
the same rows. Lines are added to `benchmarks/results/search.txt`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy import URL, delete, insert, select, text

from api_client.types.search import Find
from backend.actors import operator
from backend.app import create_app
from backend.database import tables
from backend.database.engine import Database, sqlite_url
from backend.database.migrate import upgrade
from backend.keys import new_keys
from backend.log import set_up_log
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from backend.search import service
from benchmarks.search.generate import People, fill
from tests.desk import sign_in
from tests.stores import postgresql_binaries, running_postgresql

_RESULTS = Path(__file__).parents[1] / "results" / "search.txt"
_BARE = "SELECT id, last_key, first_key FROM member WHERE last_key >= '{0}' ORDER BY last_key LIMIT 20"
_TRIGRAM = (
    "SET LOCAL statement_timeout = 0",
    "CREATE EXTENSION pg_trgm",
    "CREATE INDEX last_key_trigram ON member USING gin (last_key gin_trgm_ops)",
    "ANALYZE member",
)
_BY_TRIGRAM = text(
    "SELECT id, last_key, first_key FROM member WHERE last_key % :typed "
    "ORDER BY similarity(last_key, :typed) DESC LIMIT 20"
)
_NAMES = 40


class Times:
    """Milliseconds of one kind of search and of the bare queries between them."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.bare: list[float] = []

    def line(self, what: str) -> str:
        """p50 and p95, and the ratio of the p95."""
        ours, bare = (statistics.quantiles(times, n=100) for times in (self.ours, self.bare))
        return (
            f"{what:<34} p50 {ours[49]:7.2f}  p95 {ours[94]:7.2f}   bare p50 {bare[49]:6.2f}  "
            f"p95 {bare[94]:6.2f}   ratios {ours[49] / bare[49]:6.2f} {ours[94] / bare[94]:6.2f}   "
            f"n {len(self.ours)}"
        )


async def _timed(times: list[float], work: Awaitable[object]) -> None:
    began = time.perf_counter()
    await work
    times.append((time.perf_counter() - began) * 1000)


def _typed(texts: list[str]) -> list[str]:
    """Each text letter by letter, from the second on."""
    return [part[:end] for part in texts for end in range(2, len(part) + 1)]


def _slip(word: str, people: People) -> str:
    at = people.random.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 :]


def kinds(seed: int) -> dict[str, list[str]]:
    """Texts of each kind of search, none of them drawn as the members were."""
    people = People(seed)
    whole = [(people.first().split(" ")[0], people.last()) for _ in range(_NAMES)]
    return {
        "typing first last": _typed([f"{first} {last}".lower() for first, last in whole[:20]]),
        "typing last, first": _typed([f"{last}, {first}".lower() for first, last in whole[20:]]),
        "one slip in the last name": [f"{first} {_slip(last, people)}" for first, last in whole] * 3,
        "one slip, last name alone": [_slip(last, people) for _, last in whole] * 3,
        "name and birth date": [f"{last} 19{40 + at}-0{1 + at % 9}-11" for at, (_, last) in enumerate(whole)]
        * 3,
        "group name": _typed([f"valley {last.lower()} parts" for _, last in whole[:12]]),
        "group number": _typed([f"{100_000 + at * 7}" for at in range(_NAMES)]),
    }


async def measure(runtime: Runtime, seed: int) -> list[str]:
    """One line a kind and way."""
    transport = httpx.ASGITransport(create_app(runtime))
    lines: list[str] = []
    searches = kinds(seed)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as api:
        api.headers.update(await sign_in(api, runtime))
        await _on_a_call(runtime)

        async def through_api(typed: str) -> None:
            answer = await api.post("/v1/search", json={"text": typed})
            assert answer.status_code == 200, answer.text

        async def through_service(typed: str) -> None:
            async with runtime.look(operator("bench"), "BENCH") as unit:
                await service.find(unit, Find(text=typed))
                unit.audit_rows.clear()

        await through_api("warm up")
        for way, search in (("service", through_service), ("API", through_api)):
            everything = Times()
            for kind, texts in searches.items():
                times = await _alternately(runtime, texts, search)
                everything.ours += times.ours
                everything.bare += times.bare
                lines.append(times.line(f"{way}: {kind}"))
            lines.append(everything.line(f"{way}: everything"))
        if not runtime.database.sqlite:
            times = await _beside_trigrams(runtime, searches["one slip, last name alone"], through_service)
            lines.append(times.line("service: one slip / trigram"))
    return lines


async def _beside_trigrams(
    runtime: Runtime, texts: list[str], search: Callable[[str], Awaitable[None]]
) -> Times:
    times = Times()
    async with runtime.database.write() as connection:
        for statement in _TRIGRAM:
            await connection.execute(text(statement))
        for typed in texts[:_NAMES]:
            await _timed(times.ours, search(typed))
            await _timed(times.bare, connection.execute(_BY_TRIGRAM, {"typed": typed.upper()}))
    return times


async def _alternately(runtime: Runtime, texts: list[str], search: Callable[[str], Awaitable[None]]) -> Times:
    times = Times()
    for typed in texts:
        if not typed.strip(" ,"):
            continue
        await _timed(times.ours, search(typed))
        await _timed(times.bare, _bare(runtime, typed))
    return times


async def _bare(runtime: Runtime, typed: str) -> None:
    letters = "".join(char for char in typed.upper() if char.isalnum())
    async with runtime.database.read() as connection:
        await connection.execute(text(_BARE.format(letters)))


async def _on_a_call(runtime: Runtime) -> None:
    """A caller is on the line: people are found, and nothing is counted."""
    async with runtime.act(operator("bench"), "BENCH") as unit:
        rep_id = select(tables.rep.c.id).limit(1).scalar_subquery()
        values = {"number": "C-1", "rep_id": rep_id, "state": "active", "started_at": unit.now}
        await unit.connection.execute(delete(tables.call))
        await unit.connection.execute(insert(tables.call).values(**values))


@contextlib.contextmanager
def _store(database: str, folder: Path) -> Iterator[URL]:
    if database == "sqlite":
        url = sqlite_url(str(folder / "store.db"))
        upgrade(url)
        yield url
        return
    binaries = postgresql_binaries()
    assert binaries is not None, "PostgreSQL is not installed"
    with running_postgresql(binaries) as server:
        yield server.fresh()


async def _run(url: URL, options: argparse.Namespace) -> list[str]:
    policy = load_policy()
    much = 10**9
    nobody_counts = replace(
        policy.search, people_searches_an_hour_in_call=much, people_found_an_hour_in_call=much
    )
    runtime = await open_runtime(Database(url), replace(policy, search=nobody_counts), new_keys())
    try:
        head = f"{options.database}, {options.members:,} members"
        if not await _filled(runtime):
            written, made = await fill(runtime, options.members)
            head += f": written in {written:.0f} s, their words in {made:.0f} s"
        return [head, *await measure(runtime, options.seed)]
    finally:
        await runtime.close()


async def _filled(runtime: Runtime) -> bool:
    async with runtime.database.read() as connection:
        return (await connection.execute(select(tables.member.c.id).limit(1))).first() is not None


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=99)
    parser.add_argument("--store", type=Path, help="folder of an SQLite store to keep, and to measure again")
    options = parser.parse_args()
    set_up_log(io.StringIO())
    with tempfile.TemporaryDirectory(prefix="kprep-search-") as scratch:
        folder = options.store or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with _store(options.database, folder) as url:
            lines = asyncio.run(_run(url, options))
    print("\n".join(lines))
    with _RESULTS.open("a", encoding="utf-8") as results:
        results.write("\n".join(lines) + "\n\n")


if __name__ == "__main__":
    main()
