"""The short form of `make proof`: the queue under kills, lost answers, bad connections and stale claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from backend.home import Home
from tests.faults.proof import Plan, prove
from tests.faults.servers import sqlite_home

SEED = 15


@pytest.fixture
def home(database_url: URL, tmp_path: Path) -> Home:
    """A folder on a fresh store; on SQLite the store lies in it."""
    if database_url.get_backend_name() == "postgresql":
        tmp_path.chmod(0o700)
        return Home(tmp_path, database_url)
    return sqlite_home(tmp_path / "store")


async def test_nothing_is_lost_or_done_twice_while_servers_are_killed(home: Home) -> None:
    servers = 1 if home.embedded else 2
    plan = Plan(
        items=30, clients=8, kill_every=1.0, turns=3, seed=SEED, servers=servers, lost=0.08, limit=110
    )
    result = await prove(home, plan)
    assert result.verdict.found == [], "\n".join([*result.lines(), *result.verdict.found])
    assert result.kills >= 3
    assert result.ledger.stale_tried >= plan.clients // 2
    assert result.ledger.replays > 0
