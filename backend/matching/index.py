"""The key table under which members are found, kept in the transaction that writes the member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backend.database.unit import Unit
from backend.matching import key_store, keys
from backend.matching.person import Person


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


async def shared_with(unit: Unit, texts: Iterable[str]) -> Sequence[tuple[int, int]]:
    """Pairs of key and member for all members who have one of these keys."""
    return await key_store.by_keys(unit.connection, keys.hashed(unit.keys.matching, texts))


def _hashed(unit: Unit, person: Person) -> list[int]:
    return keys.hashed(unit.keys.matching, keys.member_keys(person.key))


def _pairs(unit: Unit, people: Iterable[tuple[int, Person]]) -> list[tuple[int, int]]:
    return sorted((key, member_id) for member_id, person in people for key in _hashed(unit, person))
