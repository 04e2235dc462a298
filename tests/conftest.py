"""What tests stand on: real stores, a backend with a clock that tests move, and people to sign in."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL

from backend.database.engine import Database
from backend.keys import new_keys
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from tests.desk import app_over
from tests.needs import missing
from tests.stores import PostgreSQL, SQLiteStores, postgresql_binaries, running_postgresql

# How long an example takes says something of the machine, and nothing of what must hold.
settings.register_profile("kprep", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kprep")
gc.disable()  # while five thousand tests are collected there is nothing to throw away

NOON = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
"""Friday morning at the service center, 09:41."""
_POLICY = load_policy()
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test that is not about SQL: one database is enough."""


_WAIT = {"e2e", "faults", "typed_ahead"}
"""Folders of tests that wait for other processes more than they work."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--every-row`: tables of cases run on PostgreSQL too with every row."""
    parser.addoption("--every-row", action="store_true", help="run whole tables of cases on both databases")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread the tests that wait among those that work: one after the other they leave all cores idle.

    Of a table whose rows differ in values and not in SQL, PostgreSQL gets the first one.
    """
    if not config.getoption("--every-row"):
        again = _same_sql_again(items)
        config.hook.pytest_deselected(items=again)
        items[:] = [one for one in items if one not in again]
    wait = [one for one in items if _WAIT & set(one.path.parts)]
    work = [one for one in items if not _WAIT & set(one.path.parts)]
    every = len(work) // (len(wait) + 1) + 1
    items[:] = [
        one
        for at in range(0, max(len(work), len(wait) * every), every)
        for one in [*wait[at // every : at // every + 1], *work[at : at + every]]
    ]


def pytest_collection_finish() -> None:
    """What is collected stays; what tests make is thrown away."""
    gc.freeze()
    gc.enable()


def _same_sql_again(items: list[pytest.Item]) -> set[pytest.Item]:
    """Further rows of tables on PostgreSQL; `sql_by_row` marks a table whose rows ask something else each."""
    seen: set[str] = set()
    again: set[pytest.Item] = set()
    for one in items:
        assert isinstance(one, pytest.Function)
        given = one.callspec.params if hasattr(one, "callspec") else {}
        row = given.get("database_url") == "postgresql" and len(given) > 1
        if not row or one.get_closest_marker("sql_by_row"):
            continue
        table = one.nodeid.partition("[")[0]
        again |= {one} if table in seen else set()
        seen.add(table)
    return again


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@pytest.fixture(scope="session")
def sqlite_stores(tmp_path_factory: pytest.TempPathFactory) -> SQLiteStores:
    return SQLiteStores(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    binaries = postgresql_binaries()
    if binaries is None:
        missing("PostgreSQL")
    with running_postgresql(binaries) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> URL:
    """A fresh, migrated, empty store; every test that uses it runs on both databases."""
    stores: SQLiteStores | PostgreSQL
    if request.param == "sqlite":
        stores = request.getfixturevalue("sqlite_stores")
    else:
        stores = request.getfixturevalue("postgresql")
    return stores.fresh()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def runtime(database_url: URL, clock: FixedClock) -> AsyncIterator[Runtime]:
    """An open backend on an empty store."""
    opened = await open_runtime(Database(database_url), _POLICY, new_keys(), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def api(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """The backend's HTTP interface, without a socket."""
    transport = httpx.ASGITransport(app_over(runtime))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


def data_folder() -> Path | None:
    """Real sample inputs, where they stand beside the project."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    return folder if folder.is_dir() else None
