"""Members and their coverage: the only place that writes them, whoever enrolls or changes someone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api_client.types.words import EventKind, Sex
from backend.accounts import store
from backend.cards import orders
from backend.database.unit import Unit
from backend.matching import index, normalise
from backend.matching.person import Person as MatchPerson
from backend.search import index as words
from backend.search.rules import phone_key


@dataclass(frozen=True, repr=False)
class Person:
    """Who someone is, to be written on record; never printed."""

    last_name: str
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    birth_date: date | None = None
    ssn: str | None = None
    """Nine digits."""
    sex: Sex = Sex.UNKNOWN
    street: str = ""
    city: str = ""
    state_code: str = ""
    zip: str = ""
    phone: str = ""
    mailing_street: str = ""
    """Where letters and cards go, when not to the residence."""
    mailing_city: str = ""
    mailing_state_code: str = ""
    mailing_zip: str = ""
    restricted: bool = False
    """Confidential communications: only to the person's own address (INS13)."""


MAILING = ("mailing_street", "mailing_city", "mailing_state_code", "mailing_zip")


def ssn_columns(unit: Unit, ssn: str | None) -> dict[str, Any]:
    """The columns of an SSN: sealed, as a keyed digest that finds equal ones, and its last four."""
    if not ssn:
        return {"ssn_cipher": None, "ssn_digest": None, "ssn_last4": "", "key_id": ""}
    return {
        "ssn_cipher": unit.keys.seal_ssn(ssn),
        "ssn_digest": ssn_digest(unit, ssn),
        "ssn_last4": ssn[-4:],
        "key_id": unit.keys.key_id,
    }


def ssn_digest(unit: Unit, ssn: str) -> str:
    """The keyed digest under which this SSN is found."""
    return unit.keys.digest_of("ssn", ssn)


def member_values(unit: Unit, person: Person) -> dict[str, Any]:
    """All columns a person fills, with the keys that find them."""
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "middle_name": person.middle_name,
        "suffix": person.suffix,
        "last_key": last_key(person.last_name),
        "first_key": first_key(person.first_name),
        "birth_date": person.birth_date,
        "sex": person.sex,
        "street": person.street,
        "city": person.city,
        "state_code": person.state_code,
        "zip": person.zip,
        "phone": person.phone,
        "phone_key": phone_key(person.phone),
        **{name: getattr(person, name) for name in MAILING},
        "restricted": person.restricted,
        **ssn_columns(unit, person.ssn),
    }


def last_key(last_name: str) -> str:
    """The comparable form of a surname."""
    return " ".join(normalise.surname(last_name))


def first_key(first_name: str) -> str:
    """The comparable form of a given name."""
    return " ".join(normalise.given_name(first_name))


async def create_member(unit: Unit, person: Person, *, mrn: str | None = None) -> int:
    """A new member with a number for life; returns its key."""
    mrn = mrn or str(await unit.number("member"))
    values = member_values(unit, person) | {"mrn": mrn, "created_at": unit.now}
    member_id = await store.add_member(unit.connection, values)
    await index.add(unit, [(member_id, match_person(person))])
    await words.add_members(unit, [(member_id, values["last_key"], values["first_key"])])
    unit.audit("member.create", "member", mrn)
    return member_id


async def create_members(unit: Unit, people: Mapping[str, Person]) -> dict[str, int]:
    """Many new members by the numbers they have already; returns their keys by member number."""
    rows = [
        member_values(unit, person) | {"mrn": mrn, "created_at": unit.now} for mrn, person in people.items()
    ]
    ids = await store.add_members(unit.connection, rows)
    await index.add(unit, ((ids[mrn], match_person(person)) for mrn, person in people.items()))
    await words.add_members(unit, [(ids[row["mrn"]], row["last_key"], row["first_key"]) for row in rows])
    return ids


async def change_member(unit: Unit, member_id: int, changes: Mapping[str, object]) -> list[str]:
    """Change fields of `Person` by name; returns the names of those that really changed.

    What they were is kept, and they are found by both. A new name orders a new card.
    """
    row = await locked(unit, member_id)
    before = person_of(unit, row)
    new = what_differs(before, changes)
    if new:
        await replace_member(unit, row, replace(before, **new))  # type: ignore[arg-type]
        unit.audit("member.change", "member", row.mrn, fields=list(new))
        await orders.member_changed(unit, member_id, new)
    return list(new)


def what_differs(person: Person, changes: Mapping[str, object]) -> dict[str, object]:
    """Those of the changes that really change something.

    Files write in capitals: a value that differs in nothing else is no change.
    """
    known = {name: getattr(person, name) for name in changes}
    return {
        name: value
        for name, value in changes.items()
        if known[name] != value and not _in_capitals(known[name], value)
    }


async def locked(unit: Unit, member_id: int) -> Any:
    """The row of a member, whom nobody else changes until the end of a unit that writes."""
    return await store.member_by_id(unit.connection, member_id, lock=unit.writes)


async def replace_member(unit: Unit, row: Any, person: Person) -> None:
    """Write who a member is now; what they were before is kept, and they are found by both."""
    await index.replace(unit, row, match_person(person))
    values = member_values(unit, person)
    await words.rename_member(unit, row, values["last_key"], values["first_key"])
    await store.change_member(unit.connection, row.id, values)


def match_person(person: Person) -> MatchPerson:
    """The person as matching compares them."""
    return MatchPerson(
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        suffix=person.suffix,
        birth_date=person.birth_date.isoformat() if person.birth_date else "",
        ssn=person.ssn or "",
        sex=person.sex,
        street=person.street,
        city=person.city,
        zip=person.zip,
        phone=person.phone,
    )


def _in_capitals(before: object, after: object) -> bool:
    return isinstance(before, str) and before.upper() == after


def person_of(unit: Unit, row: Any) -> Person:
    """The person a row of `member` describes."""
    return Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date,
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else None,
        sex=Sex(row.sex),
        street=row.street,
        city=row.city,
        state_code=row.state_code,
        zip=row.zip,
        phone=row.phone,
        **delivery_of(row),
    )


def delivery_of(row: Any) -> dict[str, Any]:
    """The fields of `Person` that say where letters and cards go, of a member or an enrollment."""
    return {**{name: getattr(row, name) for name in MAILING}, "restricted": row.restricted}


async def remove_member(unit: Unit, member_id: int) -> None:
    """Take a creation back; the store refuses when anything refers to the member."""
    row = await store.member_by_id(unit.connection, member_id, lock=True)
    await words.remove_member(unit, row)
    await index.remove(unit, row)
    await store.remove_member(unit.connection, member_id)
    unit.audit("member.remove", "member", row.mrn)


async def add_coverage(
    unit: Unit,
    *,
    account_id: int,
    member_id: int,
    subscriber_number: str,
    relationship: str,
    line: str,
    starts_on: date,
    level: str = "",
    ends_on: date | None = None,
    enrollment_id: int | None = None,
) -> int:
    """Coverage of a member in a group from a day on; returns its key."""
    values = {
        "account_id": account_id,
        "member_id": member_id,
        "subscriber_number": subscriber_number,
        "relationship": relationship,
        "line": line,
        "level": level,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "enrollment_id": enrollment_id,
    }
    coverage_id = await store.add_coverage(unit.connection, values)
    await _emit(unit, account_id)
    return coverage_id


async def coverages(unit: Unit, member_ids: Sequence[int]) -> Sequence[Any]:
    """Rows of all coverage of these members with number and name of the group, the newest first."""
    return await store.coverages_of(unit.connection, member_ids)


async def families(unit: Unit, pairs: Sequence[tuple[int, str]]) -> Sequence[Any]:
    """Coverage with its members under these pairs of account key and subscriber number, subscribers first."""
    return await store.families(unit.connection, pairs) if pairs else []


async def end_coverage(
    unit: Unit,
    *,
    account_id: int,
    subscriber_number: str,
    ends_on: date,
    member_id: int | None = None,
    lines: Sequence[str] = (),
) -> int:
    """End coverage that runs beyond a day; returns how many coverages ended.

    With `member_id` None it is the whole family's; `lines` limits it to some lines of coverage.
    """
    count = await store.end_coverage(
        unit.connection, account_id, subscriber_number, ends_on, member_id=member_id, lines=lines
    )
    if count:
        await orders.coverage_ended(unit, account_id, subscriber_number)
        await _emit(unit, account_id)
    return count


async def restore_end(unit: Unit, account_id: int, coverage_id: int, ends_on: date | None) -> None:
    """Let a coverage of an account end when it did before, or not at all."""
    await store.set_end(unit.connection, coverage_id, ends_on)
    await orders.coverage_restored(unit, coverage_id)
    await _emit(unit, account_id)


async def end_unpaid(unit: Unit, account_id: int, ends_on: date) -> int:
    """End all coverage of a group because premium was not paid; returns how many coverages ended.

    Its cards are left alone: none is printed for who has no coverage on that day.
    """
    count = await store.end_unpaid(unit.connection, account_id, ends_on)
    if count:
        await _emit(unit, account_id)
    return count


async def give_back(unit: Unit, account_id: int, ended_on: date | None) -> int:
    """Give a group back exactly the coverage that ended unpaid on a day; returns how much of it.

    No card is made anew; one that waited when coverage ended waits again.
    """
    keys = await store.give_back(unit.connection, account_id, ended_on)
    for coverage_id in keys:
        await orders.coverage_restored(unit, coverage_id)
    if keys:
        await _emit(unit, account_id)
    return len(keys)


async def coverage_to_bill(unit: Unit, account_id: int, since: date) -> Sequence[Any]:
    """Coverage of the subscribers of a group that reaches this day, as if premium were always paid."""
    return await store.coverage_to_bill(unit.connection, account_id, since)


async def remove_coverages_of(unit: Unit, enrollment_id: int) -> None:
    """Take back the coverage an enrollment made."""
    for account_id in await store.remove_coverages_of(unit.connection, enrollment_id):
        await _emit(unit, account_id)


async def _emit(unit: Unit, account_id: int) -> None:
    number, version = await store.touch_account(unit.connection, account_id)
    unit.emit(EventKind.ACCOUNT, number, version)
