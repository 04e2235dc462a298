"""Enrollee and members as the comparison wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api_client.types.words import Sex
from backend.accounts.members import Person as MemberPerson
from backend.accounts.members import first_key, last_key, ssn_digest
from backend.database.unit import Unit
from backend.matching import exact, normalise, store


@dataclass(frozen=True, repr=False)
class Found:
    """An enrollee, and the members on file who may be that person."""

    enrollee: exact.Person
    members: Sequence[exact.Person]
    rows: dict[str, Any]
    """Rows of `member` by member number."""
    too_many: bool
    """More members share something than can be looked at."""


def enrollee_of(unit: Unit, row: Any) -> exact.Person:
    """The person an enrollment is about."""
    return exact.Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date,
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else "",
        sex=row.sex,
        street=row.street,
        zip=row.zip,
        phone=row.phone,
        mrn=row.mrn,
    )


def member_of(unit: Unit, row: Any) -> exact.Person:
    """A member on file."""
    return exact.Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else "",
        sex=row.sex,
        street=row.street,
        zip=row.zip,
        phone=row.phone,
        mrn=row.mrn,
    )


async def look_up(unit: Unit, enrollment: Any) -> Found:
    """Everyone on file who shares the SSN, the member number, the birth date, or both names."""
    enrollee = enrollee_of(unit, enrollment)
    key = enrollee.key
    rows = await store.candidates(
        unit.connection,
        ssn_digest=ssn_digest(unit, key.ssn) if key.ssn else None,
        mrn=enrollee.mrn,
        birth_dates=_birth_dates(key.birth_date),
        last_key=last_key(enrollee.last_name),
        first_key=first_key(enrollee.first_name),
    )
    members = [member_of(unit, row) for row in rows[: store.MOST_CANDIDATES]]
    return Found(enrollee, members, {row.mrn: row for row in rows}, len(rows) > store.MOST_CANDIDATES)


def _birth_dates(text: str) -> list[date]:
    """The birth date, and the one with day and month exchanged: a slip that must not look like a stranger."""
    if not text:
        return []
    day = date.fromisoformat(text)
    dates = [day]
    if day.day <= 12 and day.day != day.month:
        dates.append(date(day.year, day.day, day.month))
    return dates


def new_person(unit: Unit, enrollment: Any) -> MemberPerson:
    """The person of an enrollment, to be written as a new member."""
    born = normalise.birth_date(enrollment.birth_date)
    ssn = unit.keys.open_ssn(enrollment.ssn_cipher) if enrollment.ssn_cipher else ""
    return MemberPerson(
        last_name=enrollment.last_name,
        first_name=enrollment.first_name,
        middle_name=enrollment.middle_name,
        suffix=enrollment.suffix,
        birth_date=date.fromisoformat(born) if born else None,
        ssn=normalise.ssn(ssn) or None,
        sex=Sex(enrollment.sex),
        street=enrollment.street,
        city=enrollment.city,
        state_code=enrollment.state_code,
        zip=enrollment.zip,
        phone=enrollment.phone,
    )
