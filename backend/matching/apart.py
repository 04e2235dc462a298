"""Pairs of members a rep told apart: remembered, so that the same question is not asked again.

Who links an enrollment to one member, or makes a new one, says that the other candidates are other people.
The pair holds until name, birth date or SSN of either changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.database.unit import Unit
from backend.matching import apart_store


async def remember(unit: Unit, decision_id: int, member_id: int, shown: Sequence[Mapping[str, Any]]) -> None:
    """The member decided for is none of the others that were shown, by their member numbers."""
    rows = await apart_store.members(unit.connection, member_id, [str(one["mrn"]) for one in shown])
    by_id = {row.id: row for row in rows}
    chosen = by_id.pop(member_id)
    pairs = [
        {
            "member_id": member_id,
            "other_id": other.id,
            "decision_id": decision_id,
            "fingerprint": _fingerprint(unit, chosen, other),
            "at": unit.now,
        }
        for other in by_id.values()
    ]
    await apart_store.add(unit.connection, pairs)


async def forget(unit: Unit, decision_id: int) -> None:
    """The decision is taken back, and with it that they are two people."""
    await apart_store.remove_of_decision(unit.connection, decision_id)


async def forget_member(unit: Unit, member_id: int) -> None:
    """A member who is about to be removed is nobody to tell apart from."""
    await apart_store.remove_of_member(unit.connection, member_id)


async def words(unit: Unit, rows: Iterable[Any]) -> dict[str, str]:
    """Who told a member apart from which other of these and when, by member number; the last time counts."""
    by_id = {row.id: row for row in rows}
    said: dict[str, str] = {}
    for pair in await apart_store.among(unit.connection, list(by_id)):
        one, other = by_id[pair.member_id], by_id[pair.other_id]
        if pair.fingerprint == _fingerprint(unit, one, other):
            when = f"by {pair.display_name} on {pair.at.astimezone(unit.zone).date()}"
            said[other.mrn] = f"told apart from MRN {one.mrn} {when}"
            said[one.mrn] = f"told apart from MRN {other.mrn} {when}"
    return said


def _fingerprint(unit: Unit, one: Any, other: Any) -> str:
    """Changes with every field that names one of the two."""
    named = [
        "\0".join(str(row._mapping[name] or "") for name in _NAMED)
        for row in sorted((one, other), key=lambda row: int(row.id))
    ]
    return unit.keys.digest_of("told apart", "\1".join(named))


_NAMED = ("mrn", "last_key", "first_key", "middle_name", "suffix", "birth_date", "ssn_digest")
