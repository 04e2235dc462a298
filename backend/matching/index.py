"""The key table under which members are found, kept in the transaction that writes the member."""

from __future__ import annotations

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


async def replace(unit: Unit, member_id: int, before: Person, after: Person) -> None:
    """A member has changed: what only the old values say is taken out, what the new ones say put in."""
    old, new = (set(_hashed(unit, person)) for person in (before, after))
    await key_store.remove_keys(unit.connection, member_id, sorted(old - new))
    await key_store.add_keys(unit.connection, [(key, member_id) for key in sorted(new - old)])


async def remove(unit: Unit, member_id: int, person: Person) -> None:
    """A member is taken out, who was this person."""
    await key_store.remove_keys(unit.connection, member_id, _hashed(unit, person))


async def ensure_current(runtime: Runtime) -> None:
    """Build all keys anew when the normaliser has changed since they were built; one process does it."""
    async with runtime.database.read() as connection:
        if await key_store.normaliser_of_keys(connection) == str(VERSION):
            return
    async with runtime.act(SYSTEM, "matching-keys") as unit:
        if await key_store.normaliser_of_keys(unit.connection, lock=True) != str(VERSION):
            unit.audit("matching.build_keys", "store", "", members=await _build(unit))


async def _build(unit: Unit) -> int:
    """Write the keys of every member; returns how many members there are."""
    await key_store.begin_again(unit.connection)
    count, last = 0, 0
    while rows := await key_store.members_after(unit.connection, last, _AT_ONCE):
        await key_store.collect(unit.connection, _pairs(unit, ((row.id, of_row(unit, row)) for row in rows)))
        count, last = count + len(rows), rows[-1].id
    await key_store.put_in_order(unit.connection, str(VERSION))
    return count


def of_row(unit: Unit, row: Any) -> Person:
    """The member of a row as matching compares them."""
    return Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else "",
        sex=row.sex,
        street=row.street,
        city=row.city,
        zip=row.zip,
        phone=row.phone,
        mrn=row.mrn,
    )


async def shared_with(unit: Unit, texts: Iterable[str]) -> Sequence[tuple[int, int]]:
    """Pairs of key and member for all members who have one of these keys."""
    return await key_store.by_keys(unit.connection, keys.hashed(unit.keys.matching, texts))


def _hashed(unit: Unit, person: Person) -> list[int]:
    return keys.hashed(unit.keys.matching, keys.member_keys(person.key))


def _pairs(unit: Unit, people: Iterable[tuple[int, Person]]) -> list[tuple[int, int]]:
    return sorted((key, member_id) for member_id, person in people for key in _hashed(unit, person))
