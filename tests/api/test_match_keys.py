"""The key table is kept with the members, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update

from backend.accounts import members
from backend.actors import SYSTEM
from backend.database import engine, tables
from backend.database.engine import Database
from backend.keys import new_keys
from backend.matching import index, key_store
from backend.matching.normalise import VERSION
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from tests.conftest import FixedClock
from tests.desk import sign_in
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, submit, take
from tests.stores import PostgreSQL


async def _keys(runtime: Runtime) -> list[tuple[int, int]]:
    async with runtime.database.read() as connection:
        query = select(tables.match_key).order_by(tables.match_key.c.key, tables.match_key.c.member_id)
        return [(int(row.key), int(row.member_id)) for row in await connection.execute(query)]


async def _member_id(runtime: Runtime, mrn: str) -> int:
    async with runtime.database.read() as connection:
        query = select(tables.member.c.id).where(tables.member.c.mrn == mrn)
        return int((await connection.execute(query)).scalar_one())


async def test_keys_follow_the_member(runtime: Runtime) -> None:
    member_id = await _member_id(runtime, await add_member(runtime))
    first = await _keys(runtime)
    assert {member for _, member in first} == {member_id}
    async with runtime.act(SYSTEM, "change") as unit:
        await members.change_member(
            unit, member_id, {"last_name": "Tiptree", "birth_date": date(1980, 3, 15)}
        )
    changed = await _keys(runtime)
    assert set(first) < set(changed)  # found by what they were, too
    async with runtime.act(SYSTEM, "back") as unit:
        back = {"last_name": PEBBLE.last_name, "birth_date": PEBBLE.birth_date}
        await members.change_member(unit, member_id, back)
    assert await _keys(runtime) == changed
    async with runtime.database.write() as connection:
        await connection.execute(text("UPDATE store_fact SET value = '0' WHERE name = 'matching_keys'"))
    await index.ensure_current(runtime)
    assert await _keys(runtime) == changed
    async with runtime.act(SYSTEM, "remove") as unit:
        await members.remove_member(unit, member_id)
    assert await _keys(runtime) == []


async def test_keys_of_another_normaliser_are_built_anew(runtime: Runtime) -> None:
    await add_member(runtime)
    right = await _keys(runtime)
    async with runtime.database.write() as connection:
        await connection.execute(text("DELETE FROM match_key"))
        await connection.execute(text("UPDATE store_fact SET value = '0' WHERE name = 'matching_keys'"))
    await index.ensure_current(runtime)
    assert await _keys(runtime) == right
    await index.ensure_current(runtime)  # and only once
    assert await _keys(runtime) == right


async def test_a_former_name_and_home_are_evidence_and_named(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    async with runtime.act(SYSTEM, "married and moved") as unit:
        changes = {"last_name": "Tiptree", "street": "9 BAY AVE", "city": "FRESNO", "zip": "93701"}
        await members.change_member(unit, await _member_id(runtime, clara), changes)
    receipt = await submit(api, runtime, ssn=None, middle_name="Ann")
    assert receipt["outcome"] == "applied"
    item = await doubtful_item(
        api, runtime, first_name="Clary", street="5 CANAL ST", city="OAKLAND", zip="94606"
    )
    case, _ = await take(api, await sign_in(api, runtime), item)
    said = {one["field"]: one["words"] for one in case["candidates"][0]["comparisons"]}
    assert said["last name"] == "the former last name"
    assert said["address"] == "lived there before"


async def test_a_case_says_which_candidate_changed_since_it_came(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    item = await doubtful_item(api, runtime)
    clock.move(timedelta(hours=1))
    async with runtime.act(SYSTEM, "change") as unit:
        await members.change_member(unit, await _member_id(runtime, clara), {"middle_name": "Ann"})
    later = await add_member(runtime, replace(PEBBLE, first_name="Claire", ssn="900337777"))
    case, _ = await take(api, await sign_in(api, runtime), item)
    said = [line["what"] for line in case["history"]]
    assert f"MRN {clara} was changed after this case came; compared as it is now" in said
    assert f"MRN {later} came on file after this case; compared too" in said
    assert not any("changed" in line["what"] for line in (await _masked(api, runtime, item))["history"])


async def _masked(api: httpx.AsyncClient, runtime: Runtime, item: str) -> Any:
    headers = await sign_in(api, runtime, "r.chen")
    return (await api.get(f"/v1/match-items/{item}", headers=headers)).json()


async def test_a_server_that_starts_while_another_builds_the_keys_waits_for_them(
    postgresql: PostgreSQL, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_STATEMENT_MS", 100)
    url, keys = postgresql.fresh(), new_keys()
    first = await open_runtime(Database(url), load_policy(), keys, clock=clock)
    clara = await add_member(first)
    async with first.database.write() as connection:
        await connection.execute(text("UPDATE store_fact SET value = '0' WHERE name = 'matching_keys'"))
    async with first.act(SYSTEM, "building") as unit:
        assert await key_store.normaliser_of_keys(unit.connection, lock=True) == "0"
        starting = asyncio.create_task(open_runtime(Database(url), load_policy(), keys, clock=clock))
        await asyncio.wait({starting}, timeout=0.5)
        assert not starting.done()
        done = update(tables.store_fact).where(tables.store_fact.c.name == "matching_keys")
        await unit.connection.execute(done.values(value=str(VERSION)))
    second = await starting
    assert {member for _, member in await _keys(second)} == {await _member_id(second, clara)}
    await second.close()
    await first.close()
