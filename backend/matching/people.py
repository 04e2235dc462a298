"""Enrollee and members as the comparison wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from api_client.types.words import Sex
from backend.accounts.members import Person as MemberPerson
from backend.accounts.members import delivery_of
from backend.database.unit import Unit
from backend.matching import index, key_store, keys, model, normalise, search
from backend.matching.evidence import Candidate, rank
from backend.matching.person import Person


@dataclass(frozen=True, repr=False)
class Found:
    """An enrollee, and the members on file who may be that person."""

    enrollee: Person
    members: Sequence[Person]
    rows: dict[str, Any]
    """Rows of `member` by member number."""

    @cached_property
    def ranked(self) -> Sequence[Candidate]:
        """The members with their evidence, best first."""
        return rank(self.enrollee, self.members)


def enrollee_of(unit: Unit, row: Any) -> Person:
    """The person an enrollment is about."""
    return Person(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date,
        ssn=unit.keys.open_ssn(row.ssn_cipher) if row.ssn_cipher else "",
        sex=row.sex,
        street=row.street,
        city=row.city,
        zip=row.zip,
        phone=row.phone,
        mrn=row.mrn,
    )


async def look_up(unit: Unit, enrollment: Any) -> Found:
    """Everyone on file who may be the enrollee: those who share keys, and whose member number was given."""
    enrollee = enrollee_of(unit, enrollment)
    asked = keys.asking_keys(enrollee.key)
    pairs = await index.shared_with(unit, asked)
    found = await _who(unit, enrollee, pairs)
    if not found.ranked or found.ranked[0].score < model.WEAK:
        more = await index.shared_with(unit, keys.wider_keys(enrollee.key) - asked)
        found = await _who(unit, enrollee, [*pairs, *more])
    return found


async def _who(unit: Unit, enrollee: Person, pairs: Sequence[tuple[int, int]]) -> Found:
    ids = search.most_shared(pairs)
    rows = list(await key_store.members_by_id(unit.connection, ids)) if ids else []
    if enrollee.mrn and all(row.mrn != enrollee.mrn for row in rows):
        named = await key_store.member_by_mrn(unit.connection, enrollee.mrn)
        rows += [named] if named is not None else []
    changed = [row.id for row in rows if row.version > 1]
    past = await index.past(unit, changed) if changed else {}
    members = [index.of_row(unit, row, past.get(row.id, ())) for row in rows]
    return Found(enrollee, members, {row.mrn: row for row in rows})


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
        **delivery_of(enrollment),
    )
