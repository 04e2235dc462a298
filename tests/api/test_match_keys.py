"""The key table is kept with the members, on both databases."""

from __future__ import annotations

from datetime import date

import httpx
from sqlalchemy import select, text

from backend.accounts import members
from backend.actors import SYSTEM
from backend.database import tables
from backend.matching import index
from backend.runtime import Runtime
from tests.desk import sign_in
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, submit, take


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
