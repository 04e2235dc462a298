"""The tables by which groups and people are found, kept in the transaction that writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from backend.actors import SYSTEM
from backend.database.unit import Unit
from backend.matching import normalise
from backend.search import index_store, rules

if TYPE_CHECKING:
    from backend.runtime import Runtime

LAST, FIRST, GROUP = "l", "f", "g"
"""Kinds of near words."""
_VERSION = f"1.{normalise.VERSION}"
"""Of these tables and of the normaliser that makes the words; another one fills them anew."""
_AT_ONCE = 5_000
Named = tuple[int, str, str]
"""A member's key with the comparable forms of last and given name."""


async def add_members(unit: Unit, people: Sequence[Named]) -> None:
    """Make these members findable by every word of their names, and by a slip in one."""
    await index_store.add_names(unit.connection, _others(people))
    await _add_near(unit, LAST, (word for _, last, _ in people for word in rules.last_words(last)))
    await _add_near(unit, FIRST, (word for _, _, first in people for word in rules.first_words(first)))


async def rename_member(unit: Unit, row: Any, last_key: str, first_key: str) -> None:
    """The member of this row will have another name; the one before finds them too."""
    if (row.last_key, row.first_key) != (last_key, first_key):
        await index_store.add_names(unit.connection, [(row.last_key, row.first_key, row.id)])
        await add_members(unit, [(row.id, last_key, first_key)])


async def remove_member(unit: Unit, row: Any) -> None:
    """The member of this row is taken out, with the names of before; their words may be others' too."""
    names = [(row.last_key, row.first_key), *await _past(unit, [row.id])]
    pairs = {pair for name in names for pair in (name[-2:], *rules.other_names(*name[-2:]))}
    await index_store.remove_names(unit.connection, [(*pair, row.id) for pair in sorted(pairs)])


async def put_account(unit: Unit, account_id: int, name_key: str, before: str = "") -> None:
    """Make a group findable by every word of its name; `before` is the name it had."""
    if name_key == before:
        return
    if before:
        await index_store.remove_account_words(unit.connection, account_id, sorted(set(before.split(" "))))
    await _add_accounts(unit, [(account_id, name_key)])


async def _add_accounts(unit: Unit, groups: Sequence[tuple[int, str]]) -> None:
    rows = {(word, name, key) for key, name in groups for word in name.split(" ") if word}
    await index_store.add_account_words(unit.connection, rows)
    await _add_near(unit, GROUP, (word for _, name in groups for word in rules.group_words(name)))


def _others(people: Iterable[Named]) -> set[tuple[str, str, int]]:
    return {(*pair, key) for key, last, first in people for pair in rules.other_names(last, first)}


async def _add_near(unit: Unit, kind: str, words: Iterable[str]) -> None:
    wanted = set(words)
    new = wanted - await index_store.known_words(unit.connection, kind, wanted)
    rows = {(kind, form, word) for word in new for form in rules.forms(word)}
    await index_store.add_near(unit.connection, rows)


async def _past(unit: Unit, member_ids: Sequence[int]) -> list[Named]:
    return [
        (
            row.member_id,
            " ".join(normalise.surname(row.last_name)),
            " ".join(normalise.given_name(row.first_name)),
        )
        for row in await index_store.past_names(unit.connection, member_ids)
    ]


# -- a store of before -----------------------------------------------------------------------------


async def ensure_current(runtime: Runtime) -> None:
    """Fill the tables anew when they were filled by another version, or never; one process does it."""
    async with runtime.database.read() as connection:
        if await index_store.version_of_words(connection) == _VERSION:
            return
    async with runtime.act(SYSTEM, "search-words") as unit:
        if await index_store.version_of_words(unit.connection, lock=True) == _VERSION:
            return
        members, groups = await _build(unit)
        if members or groups:
            unit.audit("search.build_words", "store", "", members=members, groups=groups)
        await index_store.set_version_of_words(unit.connection, _VERSION)


async def _build(unit: Unit) -> tuple[int, int]:
    await index_store.begin_again(unit.connection)
    members, last = 0, 0
    while rows := await index_store.members_after(unit.connection, last, _AT_ONCE):
        people = [(row.id, row.last_key, row.first_key) for row in rows]
        past = await _past(unit, [row.id for row in rows])
        await index_store.add_names(unit.connection, [(name, first, key) for key, name, first in past])
        await add_members(unit, [*people, *past])
        phones = [(rules.phone_key(row.phone), row.id) for row in rows if row.phone]
        await index_store.set_phone_keys(unit.connection, [one for one in phones if one[0]])
        members, last = members + len(rows), rows[-1].id
    groups, last = 0, 0
    while rows := await index_store.accounts_after(unit.connection, last, _AT_ONCE):
        await _add_accounts(unit, [(row.id, row.name_key) for row in rows])
        groups, last = groups + len(rows), rows[-1].id
    return members, groups
