"""Notes to a group or person: written by a rep, changed by them for some minutes, then only added to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_client.types.call_words import CallerKind, VerifyState
from api_client.types.calls import EditNote, Note, WriteCallNote
from api_client.types.problems import ProblemType
from backend.calls import gate, note_store, rules
from backend.calls.about import About, about
from backend.database.unit import Unit
from backend.problems import Problem, not_found

ACCOUNT, MEMBER, ENROLLMENT = "account", "member", "enrollment"


def place_of(one: About) -> tuple[str, int]:
    """Kind and key of what a note hangs on."""
    if one.member is not None:
        return MEMBER, int(one.member.id)
    if one.enrollment is not None:
        return ENROLLMENT, int(one.enrollment.id)
    return ACCOUNT, int(one.account.id)


async def write(unit: Unit, form: WriteCallNote) -> Note:
    """A note to a group or person, in the call on the line where there is one.

    Raises NOT_FOUND, INVALID for what looks like a social security number.
    """
    refuse_ssn(form.text)
    one = await about(unit, form)
    call = await gate.on_line(unit)
    verified = ""
    if call is not None:
        verified = _verified(gate.subject_in(call, *one.key))
    note_id = await _add(unit, place_of(one), call.id if call is not None else None, verified, form.text)
    unit.audit("call.note", "account", one.account.number, note=note_id)
    await gate.did(unit, "note", one.account, member=one.member)
    return await shown(unit, note_id)


async def of_call(unit: Unit, row: Any, subject: Any | None, text: str) -> None:
    """A note with which a call is closed, to whom it was about, else to a likely group, else to the call."""
    refuse_ssn(text, "note")
    place = ("call", int(row.id))
    if subject is not None and subject.member_id is not None:
        place = (MEMBER, subject.member_id)
    elif subject is not None and subject.enrollment_id is not None:
        place = (ENROLLMENT, subject.enrollment_id)
    elif subject is not None or len(row.likely) == 1:
        place = (ACCOUNT, subject.account_id if subject is not None else row.likely[0])
    note_id = await _add(unit, place, row.id, _verified(subject), text)
    unit.audit("call.note", "call", row.number, note=note_id)


def refuse_ssn(text: str, field: str = "text") -> None:
    """Raises INVALID for what looks like a social security number."""
    if rules.holds_ssn(text):
        raise Problem(
            ProblemType.INVALID,
            "What is written down must not hold a social security number.",
            errors=[(field, "holds nine digits like a social security number; leave them out")],
        )


def _verified(subject: Any | None) -> str:
    """As what the caller was verified when the note was written."""
    if subject is None:
        return ""
    if subject.state != VerifyState.VERIFIED:
        return f"{CallerKind(subject.kind)} not verified"
    return str(subject.caller) or f"{CallerKind(subject.kind)} verified"


async def _add(unit: Unit, place: tuple[str, int], call_id: int | None, verified: str, text: str) -> int:
    values = {
        "subject_kind": place[0],
        "subject_id": place[1],
        "call_id": call_id,
        "author": unit.actor.id,
        "at": unit.now,
        "verified": verified,
        "text": text,
    }
    return await note_store.add(unit.connection, values)


async def edit(unit: Unit, note_id: int, form: EditNote) -> Note:
    """Other words for one's own note within its minutes.

    Raises NOT_FOUND, NOT_ALLOWED for another's, RULE_REFUSES when it is too late, INVALID.
    """
    refuse_ssn(form.text)
    row = await note_store.by_id(unit.connection, note_id, lock=True)
    if row is None:
        raise not_found("note", str(note_id))
    if row.author != unit.actor.id:
        raise Problem(ProblemType.NOT_ALLOWED, "Only who wrote a note changes it; add one of your own.")
    if _editable_until(unit, row) is None:
        minutes = unit.policy.calls.note_edit_minutes
        raise Problem(
            ProblemType.RULE_REFUSES, f"A note is changed within {minutes} minutes only; add another one."
        )
    await note_store.change(unit.connection, note_id, {"text": form.text, "edited_at": unit.now})
    unit.audit("call.edit_note", "note", str(note_id))
    return await shown(unit, note_id)


async def shown(unit: Unit, note_id: int) -> Note:
    """The note of this key."""
    row = await note_store.by_id(unit.connection, note_id)
    assert row is not None
    return view(unit, row)


def view(unit: Unit, row: Any) -> Note:
    """A note as its reader sees it."""
    return Note(
        id=row.id,
        at=row.at,
        author=row.display_name or row.author,
        text=row.text,
        call=row.call_number,
        verified=row.verified,
        editable_until=_editable_until(unit, row),
    )


def _editable_until(unit: Unit, row: Any) -> Any | None:
    until = row.at + timedelta(minutes=unit.policy.calls.note_edit_minutes)
    return until if row.author == unit.actor.id and unit.now < until else None
