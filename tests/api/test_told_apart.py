"""Who was told apart once is not asked about again as if nobody had looked. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import httpx
from sqlalchemy import select

from backend.accounts import members
from backend.database import tables
from backend.runtime import Runtime
from tests.desk import operator_unit
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, take
from tests.queue_desk import Desk, open_desk


async def _told(api: httpx.AsyncClient, desk: Desk, item: str) -> dict[str, str]:
    case, acting = await take(api, desk.me, item)
    await desk.act(acting, item, "skip", reason="other")
    return {one["mrn"]: one["told_apart"] for one in case["candidates"]}


async def test_a_pair_told_apart_is_named_until_one_of_them_changes(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    twin = await add_member(runtime, replace(PEBBLE, first_name="Clarissa", ssn="900337777"))
    first, second = [await doubtful_item(api, runtime, subscriber_number=f"N{n}") for n in (1, 2)]
    desk = await open_desk(api, runtime)
    assert await _told(api, desk, second) == {clara: "", twin: ""}

    applied = await desk.decide(desk.me, first, decision="link", mrn=clara)
    assert applied["state"] == "applied", applied
    told = await _told(api, desk, second)
    assert told[twin].startswith(f"told apart from MRN {clara} by M.Lopez on 2026-11-")
    assert told[clara].startswith(f"told apart from MRN {twin} by M.Lopez on 2026-11-")

    async with operator_unit(runtime) as unit:
        found = await unit.connection.execute(select(tables.member.c.id).where(tables.member.c.mrn == twin))
        await members.change_member(unit, found.scalar_one(), {"middle_name": "Luz"})
    assert set((await _told(api, desk, second)).values()) == {""}


async def test_taking_the_decision_back_takes_that_back_too(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    twin = await add_member(runtime, replace(PEBBLE, first_name="Clarissa", ssn="900337777"))
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    pending = await desk.decide(desk.me, item, decision="create")
    assert pending["state"] == "pending_approval"
    assert (await desk.as_it_is(desk.chen, item, "approve")).status_code == 200
    undone = await desk.as_it_is(desk.me, item, "undo")
    assert undone.status_code == 200
    candidates = undone.json()["item"]["candidates"]
    assert {one["mrn"]: one["told_apart"] for one in candidates} == {clara: "", twin: ""}
