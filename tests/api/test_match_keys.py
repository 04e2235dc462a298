"""The key table is kept with the members, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text

from backend.accounts import members
from backend.actors import SYSTEM
from backend.database import tables
from backend.matching import index
from backend.runtime import Runtime
from tests.enrollments import PEBBLE, add_member


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
    assert changed != first
    async with runtime.act(SYSTEM, "back") as unit:
        back = {"last_name": PEBBLE.last_name, "birth_date": PEBBLE.birth_date}
        await members.change_member(unit, member_id, back)
    assert await _keys(runtime) == first
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
