"""The record of one person: a masked field is shown for a moment, who speaks for them is registered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api_client.types.call_words import CallerKind, Fact, RepresentativeKind, RevealField
from api_client.types.calls import Whom
from api_client.types.common import Address
from api_client.types.people import (
    AddRepresentative,
    Representative,
    Representatives,
    Reveal,
    Revealed,
)
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind
from backend.accounts import masking, service, store
from backend.accounts.rules import mask_name
from backend.calls import gate
from backend.calls.about import About, about
from backend.database.unit import Unit
from backend.problems import Problem

_HOUR = timedelta(hours=1)


# -- a masked field ----------------------------------------------------------------------------------


async def reveal(unit: Unit, form: Reveal) -> Revealed:
    """One masked field of a person, for a moment; the reason is on record, the value nowhere.

    Raises NOT_FOUND, INVALID for no person, NOT_VERIFIED where the caller on the line has no right to it,
    RULE_REFUSES without a call when it is nobody's or too often.
    """
    one = await about(unit, form)
    person = _person_of(one)
    call = await gate.on_line(unit)
    facts = None
    kind = None
    if call is not None:
        facts = await gate.heard(unit, one.account, member=one.member, enrollment=one.enrollment)
        proved = gate.subject_in(call, *one.key)
        kind = CallerKind(proved.kind) if proved is not None and proved.kind else None
    why_not = masking.reveal_refused(form.field, form.reason, facts, kind, restricted=bool(person.restricted))
    if not unit.context:
        unit.context = f"reason:{form.reason}"
    if why_not:
        _audit(unit, one, "person.reveal_refused", form)
        refusal = ProblemType.RULE_REFUSES if call is None else ProblemType.NOT_VERIFIED
        raise Problem(refusal, why_not, keep=True)
    if call is None:
        await count_shown(unit)
    _audit(unit, one, "person.reveal", form)
    until = unit.now + timedelta(seconds=unit.policy.reveal.seconds)
    return Revealed(value=_value(unit, person, form.field), until=until)


def _person_of(one: About) -> Any:
    person = one.member if one.member is not None else one.enrollment
    if person is None:
        raise Problem(ProblemType.INVALID, "A person is needed.", errors=[("mrn", "is missing")])
    return person


def _audit(unit: Unit, one: About, action: str, form: Reveal) -> None:
    kind, number = ("member", one.member.mrn) if one.member is not None else _sent(one)
    unit.audit(action, kind, number, field=form.field, reason=form.reason)


def _sent(one: About) -> tuple[str, str]:
    return "enrollment", str(one.enrollment.receipt)


async def count_shown(unit: Unit) -> None:
    """Count what a rep looks at with a reason alone. Raises RULE_REFUSES when it is one too many."""
    rep_id = unit.actor.rep_id
    assert rep_id is not None
    first = await store.lock_reveals(unit.connection, rep_id, unit.now - _HOUR, unit.policy.reveal.an_hour)
    if first is not None:
        unit.audit("person.reveal_limit", "rep", unit.actor.name)
        raise Problem(
            ProblemType.RULE_REFUSES,
            "So much was shown with no caller on the line that it stops here; it goes on at "
            f"{(first + _HOUR).astimezone(unit.zone):%H:%M}. In a call it is as before.",
            until=first + _HOUR,
            keep=True,
        )
    await store.add_reveal(unit.connection, rep_id, unit.now)


def _value(unit: Unit, person: Any, field: RevealField) -> str:
    if field is RevealField.NAME:
        parts = (person.first_name, person.middle_name, person.last_name, person.suffix)
        return " ".join(filter(None, parts))
    if field is RevealField.BIRTH_DATE:
        return f"{person.birth_date or ''}"
    if field is RevealField.SSN:
        return masking.ssn_words(unit.keys.open_ssn(person.ssn_cipher)) if person.ssn_cipher else ""
    if field is RevealField.PHONE:
        return str(person.phone)
    home = Address(street=person.street, city=person.city, state=person.state_code, zip=person.zip)
    return masking.address_words(home)


# -- representatives ---------------------------------------------------------------------------------


async def representatives(unit: Unit, whom: Whom) -> Representatives:
    """Who may speak for a member, with the documents on file. Raises NOT_FOUND, NOT_VERIFIED.

    Their names are what a caller is asked: with one on the line they stand here after the proof only, for
    the member and who speaks for them; the employer hears of none. Without one they are masked.
    """
    one = await about(unit, whom)
    await gate.require_person(unit, one.account, member=one.member, enrollment=one.enrollment)
    facts = await gate.heard(unit, one.account, member=one.member, enrollment=one.enrollment)
    if one.member is None or Fact.PERSON not in facts:
        return Representatives(rows=[])
    bare = await gate.on_line(unit) is not None
    unit.audit("representative.list", "member", one.member.mrn, masked=not bare)
    rows = await store.representatives(unit.connection, one.member.id)
    return Representatives(rows=[_representative(row, bare=bare) for row in rows])


async def add_representative(unit: Unit, form: AddRepresentative) -> Representatives:
    """Register who may speak for a member; a parent's right ends when the member comes of age.

    Raises NOT_FOUND, RULE_REFUSES for somebody who is no member, INVALID with the reason.
    """
    one = await about(unit, form)
    if one.member is None:
        sentence = "Representatives are registered for members; this enrollment made nobody a member yet."
        raise Problem(ProblemType.RULE_REFUSES, sentence)
    born: date | None = one.member.birth_date
    if not form.name or not form.document:
        raise Problem(ProblemType.INVALID, "Name and document are needed.", errors=[("name", "is missing")])
    why_not = masking.representative_refused(form.kind, born, form.valid_from, form.valid_to, unit.today)
    if why_not:
        raise Problem(ProblemType.INVALID, why_not)
    await store.add_representative(
        unit.connection,
        {
            "member_id": one.member.id,
            "name": form.name,
            "kind": form.kind,
            "document": form.document,
            "valid_from": form.valid_from,
            "valid_to": masking.valid_until(form.kind, born, form.valid_to),
            "registered_by": unit.actor.name,
            "registered_at": unit.now,
        },
    )
    unit.audit("representative.add", "member", one.member.mrn, kind=form.kind)
    number, version = await service.touch(unit, one.account.id)
    unit.emit(EventKind.ACCOUNT, number, version)
    rows = await store.representatives(unit.connection, one.member.id)
    return Representatives(rows=[_representative(row, bare=True) for row in rows])


def _representative(row: Any, *, bare: bool) -> Representative:
    first, _, last = row.name.partition(" ")
    return Representative(
        name=row.name if bare else mask_name(first, last),
        kind=RepresentativeKind(row.kind),
        document=row.document,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        registered_by=row.registered_by,
        registered_at=row.registered_at,
    )
