"""The key table under which members are found, kept in the transaction that writes the member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from backend.actors import SYSTEM
from backend.database.unit import Unit
from backend.matching import key_store, keys
from backend.matching.normalise import VERSION
from backend.matching.person import Person

if TYPE_CHECKING:
    from backend.runtime import Runtime

_AT_ONCE = 2_000
"""Members whose keys are made in one go."""


async def add(unit: Unit, people: Iterable[tuple[int, Person]]) -> None:
    """Make these members findable, by their key and who they are."""
    await key_store.add_keys(unit.connection, _pairs(unit, people))


async def replace(unit: Unit, row: Any, after: Person) -> None:
    """The member of this row will be somebody else on file: who they were is kept, and finds them too."""
    before = of_row(unit, row)
    if _named(before) == _named(after):
        return
    known = await past(unit, [row.id])
    kept = {name: row._mapping[name] for name in _KEPT}
    await key_store.add_past(unit.connection, {**kept, "member_id": row.id, "until": unit.now})
    there = {key for one in (before, *known.get(row.id, ())) for key in _hashed(unit, one)}
    new = sorted(set(_hashed(unit, after)) - there)
    await key_store.add_keys(unit.connection, [(key, row.id) for key in new])


_KEPT = (
    "last_name", "first_name", "middle_name", "suffix", "birth_date", "ssn_cipher", "street", "city",
    "state_code", "zip", "phone",
)  # fmt: skip
"""Columns of a member's past."""


def _named(person: Person) -> tuple[object, ...]:
    return (*person.key[:6], *person.key[7:])


async def remove(unit: Unit, row: Any) -> None:
    """The member of this row is taken out, with their past."""
    known = await past(unit, [row.id])
    there = {key for one in (of_row(unit, row), *known.get(row.id, ())) for key in _hashed(unit, one)}
    await key_store.remove_keys(unit.connection, row.id, sorted(there))
    await key_store.remove_past(unit.connection, row.id)


async def past(unit: Unit, member_ids: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    """Who members were before, by their key, the oldest first; those who never changed are left out."""
    found: dict[int, list[Person]] = defaultdict(list)
    for row in await key_store.past_of(unit.connection, member_ids):
        found[row.member_id].append(_person(unit, row))
    return {member_id: tuple(people) for member_id, people in found.items()}


async def ensure_current(runtime: Runtime) -> None:
    """Build all keys anew when the normaliser has changed since they were built; one process does it."""
    async with runtime.database.read() as connection:
        if await key_store.normaliser_of_keys(connection) == str(VERSION):
            return
    async with runtime.act(SYSTEM, "matching-keys") as unit:
        if await key_store.normaliser_of_keys(unit.connection, lock=True) == str(VERSION):
            return
        if await key_store.members_after(unit.connection, 0, 1):
            unit.audit("matching.build_keys", "store", "", members=await _build(unit))
        await key_store.set_normaliser_of_keys(unit.connection, str(VERSION))


async def _build(unit: Unit) -> int:
    """Write the keys of every member; returns how many members there are."""
    await key_store.begin_again(unit.connection)
    count, last = 0, 0
    while rows := await key_store.members_after(unit.connection, last, _AT_ONCE):
        before = await past(unit, [row.id for row in rows])
        await key_store.collect(
            unit.connection,
            _pairs(
                unit, ((row.id, one) for row in rows for one in (of_row(unit, row), *before.get(row.id, ())))
            ),
        )
        count, last = count + len(rows), rows[-1].id
    await key_store.put_in_order(unit.connection)
    return count


def of_row(unit: Unit, row: Any, past: tuple[Person, ...] = ()) -> Person:
    """The member of a row as matching compares them."""
    return _person(unit, row, row.sex, row.mrn, past)


def _person(unit: Unit, row: Any, sex: str = "", mrn: str = "", past: tuple[Person, ...] = ()) -> Person:
    return Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else "",
        sex=sex,
        street=row.street,
        city=row.city,
        zip=row.zip,
        phone=row.phone,
        mrn=mrn,
        past=past,
    )


async def shared_with(unit: Unit, texts: Iterable[str]) -> Sequence[tuple[int, int]]:
    """Pairs of key and member for all members who have one of these keys."""
    return await key_store.by_keys(unit.connection, keys.hashed(unit.keys.matching, texts))


def _hashed(unit: Unit, person: Person) -> list[int]:
    return keys.hashed(unit.keys.matching, keys.member_keys(person.key))


def _pairs(unit: Unit, people: Iterable[tuple[int, Person]]) -> list[tuple[int, int]]:
    return sorted({(key, member_id) for member_id, person in people for key in _hashed(unit, person)})
