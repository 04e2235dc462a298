"""Changes of identifying data, which are done at once and looked at afterwards.

A demographic change completes when it is submitted [S]. Where it changes what people are told apart by
(name, birth date, SSN), it becomes an item of the queue as well: a rep confirms that it is the same person by
linking to that member, or returns it, which takes the change back. Neither makes a link or coverage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api_client.types.words import MatchDecision, Outcome
from backend.accounts import members
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import normalise, place


def is_review(enrollment: Any) -> bool:
    """Whether the item is about a change that is done already."""
    return bool(enrollment.before)


async def open_item(unit: Unit, enrollment: Any, mrn: str, fields: str) -> str:
    """Have a rep look at a change of these fields of a member; returns the number of the item."""
    why = f"MRN {mrn} was changed: {fields}. Link to it if it is the same person; returned, it is taken back"
    return await place.add_item(unit, enrollment, why)


async def carry_out(unit: Unit, enrollment: Any, decision: MatchDecision, reason: str = "") -> None:
    """Confirm the change, or take it back."""
    name = unit.actor.display_name
    if decision is MatchDecision.LINK:
        await _settle(unit, enrollment, Outcome.APPLIED, f"confirmed by {name}")
        return
    await take_back(unit, enrollment, f"returned to the employer: {reason}; the change was taken back")


async def take_back(unit: Unit, enrollment: Any, why: str) -> None:
    """The member as before; what was changed again since then stays."""
    await _exchange(unit, enrollment, _sent(unit, enrollment), _former(unit, enrollment))
    await _settle(unit, enrollment, Outcome.REFUSED, why)


async def reopen(unit: Unit, enrollment: Any, decision: str, why: str) -> None:
    """The decision is taken back: the change stands again, and waits to be looked at."""
    if decision == MatchDecision.REJECT:
        await _exchange(unit, enrollment, _former(unit, enrollment), _sent(unit, enrollment))
    await _settle(unit, enrollment, Outcome.APPLIED, why)


async def _settle(unit: Unit, enrollment: Any, outcome: Outcome, why: str) -> None:
    await records.settle(unit, enrollment.id, outcome, why, enrollment.member_id)


async def _exchange(
    unit: Unit, enrollment: Any, old: Mapping[str, object], new: Mapping[str, object]
) -> None:
    """Put new values in place of old ones, where the old ones still stand."""
    row = await members.locked(unit, enrollment.member_id)
    moved_on = members.what_differs(members.person_of(unit, row), old)
    changes = {name: value for name, value in new.items() if name not in moved_on}
    await members.change_member(unit, enrollment.member_id, changes)


def former_in_words(unit: Unit, enrollment: Any) -> list[str]:
    """What the change replaced, a line each, for the rep who has the case; of an SSN the last four."""
    said = []
    for name, value in _former(unit, enrollment).items():
        text = f"***-**-{str(value)[-4:]}" if name == "ssn" and value else str(value or "nothing")
        said.append(f"before the change: {_WORDS.get(name, name.replace('_', ' '))} {text}")
    return said


_WORDS = {"ssn": "SSN", "state_code": "state"}


def _former(unit: Unit, enrollment: Any) -> dict[str, object]:
    """What the change replaced."""
    return {name: _value(unit, name, text) for name, text in enrollment.before.items()}


def _value(unit: Unit, name: str, text: str) -> object:
    if name == "ssn":
        return unit.keys.open_ssn(text) if text else None
    if name == "restricted":
        return bool(text)
    if name == "birth_date":
        return date.fromisoformat(text) if text else None
    return text


def _sent(unit: Unit, enrollment: Any) -> dict[str, object]:
    """What the change put in its place."""
    born = normalise.birth_date(enrollment.birth_date)
    values: dict[str, object] = {
        "birth_date": date.fromisoformat(born) if born else None,
        "ssn": unit.keys.open_ssn(enrollment.ssn_cipher) if enrollment.ssn_cipher else None,
    }
    return {name: values[name] if name in values else getattr(enrollment, name) for name in enrollment.before}
