"""Demographic changes and terminations: planned first, then done in the unit they were submitted in [S]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api_client.types.words import Outcome, TransactionType
from backend.accounts import members
from backend.database.unit import Unit
from backend.enrollment import effects, gates, on_record, store
from backend.enrollment.effects import Change, Ending
from backend.enrollment.rules import OnRecord, Stopped, Transaction
from backend.matching import normalise, place, review

NOTHING_DIFFERS = "nothing differs from what is on record"
_ADDRESS = ("street", "city", "state_code", "zip")


def plan(unit: Unit, transaction: Transaction, family: Sequence[Any]) -> Ending | Change | Stopped:
    """What a demographic change or a termination is about to do, or why it is refused; changes nothing."""
    person = on_record.whom(unit, transaction, family)
    if isinstance(person, Stopped):
        return person
    if transaction.type is TransactionType.TERMINATION:
        return _plan_ending(unit, transaction, person, on_record.coverages(family))
    return plan_change(unit, transaction, person, family)


def _plan_ending(
    unit: Unit, transaction: Transaction, person: OnRecord, family: Sequence[OnRecord]
) -> Ending | Stopped:
    ends_on = gates.last_covered_day(transaction.ends_on, unit.policy.enrollment.term_effective_rule)
    assert ends_on is not None
    ending = effects.ending_of(transaction, person, family, ends_on)
    if not ending.coverages:
        named = "".join(f"{line} " for line in transaction.ended_lines)
        return Stopped(f"no {named}coverage runs beyond {ends_on}")
    return ending


def plan_change(
    unit: Unit, transaction: Transaction, person: OnRecord, family: Sequence[Any], *, enrolled: str = ""
) -> Change | Stopped:
    """What the transaction says of the person, and what of it is new; what it leaves out stays."""
    changes = _said(transaction)
    row = next(one for one in family if one.id == person.member_id)
    differs = members.what_differs(members.person_of(unit, row), changes)
    remarks = list(transaction.doubts)
    if transaction.ssn and not normalise.ssn(transaction.ssn):
        if not differs:
            return Stopped("the SSN is a placeholder or no possible number, and nothing else differs")
        remarks.append("the SSN is a placeholder or no possible number and was left out")
    return Change(person, changes, tuple(differs), tuple(remarks), enrolled)


def _said(transaction: Transaction) -> dict[str, object]:
    born = normalise.birth_date(transaction.birth_date)
    said: dict[str, object] = {
        "last_name": transaction.last_name,
        "first_name": transaction.first_name,
        "middle_name": transaction.middle_name,
        "suffix": transaction.suffix,
        "birth_date": date.fromisoformat(born) if born else "",
        "ssn": normalise.ssn(transaction.ssn),
        "street": transaction.street,
        "city": transaction.city,
        "state_code": transaction.state,
        "zip": transaction.zip,
        "phone": transaction.phone,
    }
    mailing: dict[str, object] = {
        "mailing_street": transaction.mailing_street,
        "mailing_city": transaction.mailing_city,
        "mailing_state_code": transaction.mailing_state,
        "mailing_zip": transaction.mailing_zip,
    }
    changes = {name: value for name, value in said.items() if value}
    if transaction.street:  # an address is changed as a whole
        changes |= {name: said[name] for name in _ADDRESS}
    if transaction.mailing_street:
        changes |= mailing
    if transaction.restricted:  # lifted only where somebody says so on purpose, which no form does
        changes["restricted"] = True
    return changes


async def end(unit: Unit, account_id: int, ending: Ending, row: Any) -> place.Placement:
    """End the coverage of the person; of a subscriber, the whole family's."""
    count = await members.end_coverage(
        unit,
        account_id=account_id,
        subscriber_number=ending.person.subscriber_number,
        ends_on=ending.ends_on,
        member_id=None if ending.whole_family else ending.person.member_id,
        lines=ending.lines,
    )
    lines = "1 coverage ends" if count == 1 else f"{count} coverages end"
    why = f"{lines} on {ending.ends_on}" + (", the whole family's" if ending.whole_family else "")
    return await _done(unit, row, why, ending.person)


async def change(unit: Unit, change: Change, row: Any) -> place.Placement:
    """Change the data; what people are told apart by is looked at afterwards, as an item of the queue."""
    before = members.person_of(unit, await members.locked(unit, change.person.member_id))
    changed = await members.change_member(unit, change.person.member_id, change.changes)
    said = f"changed: {effects.field_words(changed)}" if changed else NOTHING_DIFFERS
    why = "; ".join(filter(None, (change.enrolled, said, *change.remarks)))
    placed = await _done(unit, row, why, change.person)
    keys = [name for name in changed if name in effects.KEY_FIELDS]
    if not keys:
        return placed
    await store.change(unit.connection, row.id, {"before": _sealed(unit, before, changed)})
    item = await review.open_item(unit, row, change.person.mrn, effects.field_words(keys))
    return place.Placement(Outcome.APPLIED, why, item)


def _sealed(unit: Unit, before: members.Person, changed: Sequence[str]) -> Mapping[str, str]:
    """The former values of these fields, as they may stand in the store."""
    was = {name: getattr(before, name) for name in changed}
    return {
        name: unit.keys.seal_ssn(value) if name == "ssn" and value else str(value or "")
        for name, value in was.items()
    }


async def _done(unit: Unit, row: Any, why: str, person: OnRecord) -> place.Placement:
    done = {"outcome": Outcome.APPLIED, "why": why, "member_id": person.member_id}
    await store.change(unit.connection, row.id, done)
    return place.Placement(Outcome.APPLIED, why)
