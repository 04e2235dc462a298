"""The daily run of a real process that is killed in its middle ends as it would have in one go."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.home import Home
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from tests.days import confirm_billing, paying_group
from tests.faults.servers import sqlite_home

_GROUPS = 24
_SAME = {
    "invoice": "account_id, month, bill_date, due_date, premium",
    "invoice_line": "kind, subscriber_number, amount, month",
    "credit": "account_id, posted_on, amount, month, subscriber_number",
    "fee": "account_id, charged_on, amount",
    "letter": "account_id, kind, created_on, amount, ends_on",
    "standing": "account_id, on_date, state, open_premium, owed",
    "incident": "account_id, on_date, kind",
    "daily_run": "on_date, after_account",
}
"""What must be the same, whoever got which number in between."""


def _line(home: Home, on: date) -> Sequence[str]:
    words = ["daily", "--date", str(on), "--data", str(home.folder), "--json"]
    return [sys.executable, "-m", "backend", *words]


async def _set_up(home: Home) -> date:
    keys = home.keys()
    await asyncio.to_thread(upgrade, home.database)
    runtime = await open_runtime(Database(home.database), load_policy(), keys)
    try:
        await confirm_billing(runtime)
        for at in range(_GROUPS):
            await paying_group(runtime, str(900100 + at), subscribers=2, paid_through=None)
        return runtime.calendar.local_date(runtime.clock())
    finally:
        await runtime.close()


def _rows(home: Home, query: str) -> Sequence[Any]:
    engine = create_engine(home.database)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


def _state(home: Home) -> dict[str, Sequence[str]]:
    return {
        name: sorted(map(str, _rows(home, f"SELECT {columns} FROM {name}")))
        for name, columns in _SAME.items()
    }


def _killed_at(home: Home, on: date, least: int) -> int:
    """Begin the run and kill it once so many groups are done; returns how many were."""
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(_line(home, on), stdout=nowhere, stderr=nowhere)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if _done(home, on) >= least:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.wait()
    return _done(home, on)


def _done(home: Home, on: date) -> int:
    return int(
        max(
            (row[0] for row in _rows(home, f"SELECT after_account FROM daily_run WHERE on_date = '{on}'")),
            default=0,
        )
    )


def test_a_daily_run_killed_in_the_middle_ends_as_in_one_go(tmp_path: Path) -> None:
    whole, broken = sqlite_home(tmp_path / "whole"), sqlite_home(tmp_path / "broken")
    on = asyncio.run(_set_up(whole))  # whatever midnight does meanwhile
    asyncio.run(_set_up(broken))
    done = subprocess.run(_line(whole, on), capture_output=True, check=True)
    kills = [_killed_at(broken, on, least) for least in (2, _GROUPS // 2)]
    again = subprocess.run(_line(broken, on), capture_output=True, check=True)
    assert 0 < kills[0] < _GROUPS, "the run was over before it could be killed"
    assert _state(broken) == _state(whole)
    assert json.loads(again.stdout)["days"] == json.loads(done.stdout)["days"]
    bills = _rows(broken, "SELECT account_id, month FROM invoice")
    assert len(bills) == len(set(map(str, bills))) >= _GROUPS
    # Nothing is lost or doubled: what is owed is what was billed.
    (billed,) = _rows(broken, "SELECT sum(premium) FROM invoice WHERE bill_date <= '" + str(on) + "'")
    (owed,) = _rows(broken, "SELECT sum(open_premium) FROM standing")
    assert billed == owed
    third = subprocess.run(_line(broken, on), capture_output=True, check=True)
    assert json.loads(third.stdout) == {"days": [], "refused": []}
