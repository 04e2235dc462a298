"""The daily run and the post as an operator types them, on one store."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.home import Home
from backend.policy.policy import load_policy
from backend.runtime import open_runtime, system_clock
from tests.api.test_commands import Run
from tests.api.test_commands import run as run
from tests.days import morning, paying_group
from tests.faults.servers import sqlite_home


async def _a_group_that_does_not_pay(home: Home) -> None:
    keys = home.keys()
    await asyncio.to_thread(upgrade, home.database)
    runtime = await open_runtime(Database(home.database), load_policy(), keys)
    try:
        await paying_group(runtime)
    finally:
        await runtime.close()


def _have_it_be(home: Home, day: date) -> None:
    """Put the store's clock to nine o'clock of a day."""
    offset = (morning(day) - system_clock()) // timedelta(microseconds=1)
    engine = create_engine(home.database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM store_fact WHERE name = 'clock_offset_us'"))
        connection.execute(
            text("INSERT INTO store_fact (name, value) VALUES ('clock_offset_us', :us)"), {"us": str(offset)}
        )
    engine.dispose()


def test_a_day_is_run_confirmed_printed_and_what_came_back_is_marked(run: Run, tmp_path: Path) -> None:
    home = sqlite_home(tmp_path / "store")
    asyncio.run(_a_group_that_does_not_pay(home))
    _have_it_be(home, date(2026, 8, 31))
    first = run("daily")
    assert (first.code, first.out) == (0, "2026-08-31  1 group: 1 bill\n")
    assert run("daily").out == "This day was run before; nothing was done.\n"
    dry = run("daily", "--dry-run", "--date", "2026-09-04")
    assert dry.code == 1
    said = dry.out.splitlines()
    assert said[:3] == [
        "Dry run: nothing was changed.",
        "2026-09-01 to 2026-09-03  1 group: nothing to do",
        "2026-09-04  1 group: nothing to do",
    ]
    assert "No L1, L2 or L3 goes while nobody has confirmed" in " ".join(dry.out.split())
    assert max(map(len, said)) <= 80
    unknown = run("policy", "confirm", "billing.NONE.x", "--by", "Ann Example")
    assert (unknown.code, "entry of the policy" in unknown.err) == (2, True)
    assert run("policy", "confirm", "--by", "Ann Example").code == 2
    one = run("policy", "confirm", "billing.CA_GROUP_DMHC.l2_min_days", "--by", "Ann Example")
    assert (one.code, one.out.splitlines()[-1]) == (0, "1 of them newly confirmed")
    every = run("policy", "confirm", "--billing", "--by", "Ann Example", "--json")
    assert every.code == 0
    shown = run("policy", "show").out
    assert "* billing." not in shown
    assert "confirmed by Ann Example" in shown
    assert "* letters.return_address" in shown
    dry = run("daily", "--dry-run", "--date", "2026-10-02", "--json")
    assert dry.code == 0
    ended = {day["on"]: day["letters"] for day in dry.report["days"] if day["ended"]}
    assert ended == {"2026-10-02": {"L3": 1}}
    far = run("daily", "--date", "2026-10-02")
    assert (far.code, "is yet to come" in far.err) == (2, True)
    out = tmp_path / "mail"
    nothing = run("letters", "mail", "--out", str(out))
    assert (nothing.code, nothing.out, out.exists()) == (0, "0 marked mailed   refused 0\n", False)
    _have_it_be(home, date(2026, 9, 2))
    late = run("daily")
    assert late.code == 0
    assert late.out.splitlines()[:2] == [
        "2026-09-01  1 group: nothing to do",
        "2026-09-02  1 group: letters: L1 1, L1_subscriber 2",
    ]
    before = run("daily", "--date", "2026-09-01")
    assert (before.code, "a day before it is run no more" in before.err) == (2, True)
    mailed = run("letters", "mail", "--out", str(out))
    assert (mailed.code, mailed.out.splitlines()[0]) == (0, "3 marked mailed   refused 0"), mailed.out
    assert f"mailing B-00001 stands in {out}" in mailed.out
    manifest = json.loads((out / "manifest.json").read_text())
    assert [one["kind"] for one in manifest["letters"]] == ["L1", "L1_subscriber", "L1_subscriber"]
    again = run("letters", "mail", "--out", str(out))
    assert (again.code, again.out.splitlines()[0]) == (
        0,
        "0 marked mailed   3 were so before   refused 0",
    )
    number = manifest["letters"][0]["number"]
    back = run("letters", "returned", given=f"{number}\nL-99999\n".encode())
    assert (back.code, back.out.splitlines()) == (
        1,
        ["1 came back   refused 1", "  line 2: L-99999: no such letter"],
    )
    assert run("letters", "returned", given=f"{number}\n".encode()).out == (
        "0 came back   1 were so before   refused 0\n"
    )
