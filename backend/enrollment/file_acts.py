"""What a person does with a file: stop it, let it go on, release it, decide about who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api_client.types.enrollment import DecideAbsences, FileShown
from api_client.types.problems import ProblemType
from api_client.types.words import Channel, EventKind, FileState, MediaEnd
from backend.database.unit import Unit
from backend.enrollment import absences, compare, file_view, partner_store
from backend.enrollment import file_store as store
from backend.enrollment.run import NOBODY
from backend.http import as_json
from backend.problems import Problem

_ENDED = "The file is not on its way any more; F7 shows what became of it."


async def _file(unit: Unit, number: str, version: int) -> Any:
    """The row of a file, locked. Raises NOT_FOUND, STALE with the present state."""
    row = await file_view.file_of(unit, number)
    if row.version != version:
        present = await file_view.shown(unit, row)
        raise Problem(
            ProblemType.STALE,
            f"{number} was changed meanwhile; look at it as it is now.",
            current=as_json(present),
        )
    return row


async def _changed(unit: Unit, row: Any, action: str, **values: Any) -> FileShown:
    changed = await store.change(unit.connection, row.id, values)
    unit.audit(f"enrollment.file_{action}", "file", row.number)
    unit.emit(EventKind.FILE, row.number, changed.version)
    return await file_view.shown(unit, changed)


async def stop(unit: Unit, number: str) -> FileShown:
    """Have the run of a file end after the members at hand. Raises NOT_FOUND, RULE_REFUSES.

    It asks for no version: the file counts on while the rep reads.
    """
    row = await file_view.file_of(unit, number)
    if row.state != FileState.RECEIVED:
        raise Problem(ProblemType.RULE_REFUSES, _ENDED)
    if not file_view.alive(row, unit.now):  # nobody is there who could be asked
        return await _changed(unit, row, "stop", state=FileState.STOPPED, **NOBODY)
    return await _changed(unit, row, "stop", stop_asked=True)


async def go_on(unit: Unit, number: str, version: int) -> FileShown:
    """Have a stopped file go on where it was; the process that keeps time takes it up."""
    row = await _file(unit, number, version)
    if row.state != FileState.STOPPED:
        raise Problem(ProblemType.RULE_REFUSES, "Only a stopped file can go on.")
    if not row.size:
        raise Problem(ProblemType.RULE_REFUSES, "The file did not arrive whole; have it read again.")
    return await _changed(unit, row, "go_on", state=FileState.RECEIVED, **NOBODY)


async def release(unit: Unit, number: str, version: int, reason: str) -> FileShown:
    """A lead lets a held file go on. Raises STALE, RULE_REFUSES."""
    row = await _file(unit, number, version)
    if row.state != FileState.HELD:
        raise Problem(ProblemType.RULE_REFUSES, "The file is not held.")
    partner = await partner_store.by_id(unit.connection, row.partner_id)
    if row.held_why == compare.UNCLEAR and not partner.lists:
        raise Problem(ProblemType.RULE_REFUSES, f"Nobody has written it down yet. {compare.UNCLEAR}")
    unit.audit("enrollment.file_released", "file", row.number, reason=reason)
    kind = partner.lists if row.held_why == compare.UNCLEAR else row.kind
    # A list that turns out to replace ours may still leave out too many: that is looked at first.
    why = "" if row.held_why == compare.UNCLEAR else row.held_why
    return await _changed(unit, row, "go_on", state=FileState.RECEIVED, kind=kind, held_why=why, **NOBODY)


async def media_done(unit: Unit, number: str, version: int, end: MediaEnd) -> FileShown:
    """Write down what became of the diskette or tape (R20). Raises STALE, RULE_REFUSES."""
    row = await _file(unit, number, version)
    if row.channel != Channel.MEDIA:
        raise Problem(ProblemType.RULE_REFUSES, "The file came over a wire: there is nothing to return.")
    if row.media_end:
        raise Problem(ProblemType.RULE_REFUSES, f"It was {row.media_end} already.")
    who = {"media_end": end, "media_end_at": unit.now, "media_end_by": unit.actor.name}
    return await _changed(unit, row, "media", **who)


async def decide(unit: Unit, number: str, version: int, form: DecideAbsences) -> FileShown:
    """Decide about people missing from a full file. Raises STALE, RULE_REFUSES, NOT_FOUND."""
    row = await _file(unit, number, version)
    await absences.decide(unit, row, form)
    return await _changed(unit, row, f"absences_{form.decision}")


async def undo(unit: Unit, number: str, version: int, people: Sequence[str]) -> FileShown:
    """Take one's decisions about people back. Raises STALE, RULE_REFUSES, NOT_ALLOWED, NOT_FOUND."""
    row = await _file(unit, number, version)
    await absences.undo(unit, row, people)
    return await _changed(unit, row, "absences_undone")
