"""Routes of enrollment intake."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.enrollment import (
    Absence,
    DecideAbsences,
    Effects,
    FileErrorRow,
    FileMemberRow,
    FileRow,
    FileShown,
    MediaDone,
    Receipt,
    ReleaseFile,
    RevealSegment,
    Segment,
    Submission,
    UndoAbsences,
)
from api_client.types.words import AbsenceState, Outcome
from backend.database.unit import Unit
from backend.enrollment import absences, by_phone, file_acts, file_view, sealed, service
from backend.http import Call, CallOf

router = APIRouter(prefix="/v1/enrollment", tags=["enrollment"])
_FILE = "/files/{number}"


@router.post("/submissions", operation_id="enrollment.submit", response_model=Receipt)
async def submit(call: CallOf, form: Submission) -> Response:
    """One transaction of the online account service; applied, queued, referred or refused at once."""
    return await call.write(lambda unit: service.submit(unit, form))


@router.post("/effects", operation_id="enrollment.effects", response_model=Effects)
async def would_do(call: CallOf, form: Submission) -> Response:
    """What a submission would do, before it is sent; changes nothing."""
    return await call.read(lambda unit: service.would_do(unit, form))


@router.post("/phone", operation_id="enrollment.phone", response_model=Receipt)
async def phone(call: CallOf, form: Submission) -> Response:
    """One transaction for the caller on the line; applied, queued, referred or refused at once."""
    return await call.write(lambda unit: by_phone.submit(unit, form))


@router.post("/phone/effects", operation_id="enrollment.phone_effects", response_model=Effects)
async def phone_effects(call: CallOf, form: Submission) -> Response:
    """What it would do, to be said before it is done; changes nothing."""
    return await call.read(lambda unit: by_phone.would_do(unit, form))


@router.get("/files", operation_id="enrollment.files", response_model=Page[FileRow])
async def files(
    call: CallOf, part: str = "all", cursor: str | None = None, around: str | None = None
) -> Response:
    """Enrollment files, the newest first; `part` is all, open or refused."""
    return await call.read(lambda unit: file_view.page(unit, part, cursor, around))


@router.get(_FILE, operation_id="enrollment.file", response_model=FileShown)
async def file(call: CallOf, number: str) -> Response:
    """One file with its acknowledgements in words."""
    return await call.read(lambda unit: file_view.show(unit, number))


async def _bytes(call: Call, number: str) -> file_view.ReadAt:
    """Reads the kept bytes of a file, beside the unit that says where."""
    async with call.runtime.look(call.actor, call.request_id) as unit:
        row = await file_view.file_of(unit, number)
    return lambda position, length: sealed.read_at(call.runtime, row.id, position, length)


@router.get(f"{_FILE}/errors", operation_id="enrollment.errors", response_model=Page[FileErrorRow])
async def errors(call: CallOf, number: str, cursor: str | None = None) -> Response:
    """What is wrong in a file, each beside its segment, masked."""
    read = await _bytes(call, number)
    return await call.read(lambda unit: file_view.errors(unit, number, cursor, read))


@router.post(f"{_FILE}/segment", operation_id="enrollment.segment", response_model=Segment)
async def segment(call: CallOf, number: str, form: RevealSegment) -> Response:
    """The segment of an error without its mask; the look is on record."""
    read = await _bytes(call, number)
    return await call.read(lambda unit: file_view.segment(unit, number, form.index, form.reason, read))


@router.get(f"{_FILE}/members", operation_id="enrollment.members", response_model=Page[FileMemberRow])
async def members(
    call: CallOf, number: str, outcome: Outcome | None = None, cursor: str | None = None
) -> Response:
    """What became of the members of a file, masked."""
    return await call.read(lambda unit: file_view.members(unit, number, outcome, cursor))


@router.get(f"{_FILE}/absences", operation_id="enrollment.absences", response_model=Page[Absence])
async def absent(
    call: CallOf, number: str, state: AbsenceState | None = None, cursor: str | None = None
) -> Response:
    """Who is missing from a full file, by name."""

    async def read(unit: Unit) -> Page[Absence]:
        return await absences.page(unit, await file_view.file_of_people(unit, number), state, cursor)

    return await call.read(read)


@router.post(f"{_FILE}/absences", operation_id="enrollment.decide_absences", response_model=FileShown)
async def decide_absences(call: CallOf, number: str, form: DecideAbsences) -> Response:
    """End the coverage of people missing from a full file, or leave them covered."""
    version = call.version
    return await call.write(lambda unit: file_acts.decide(unit, number, version, form))


@router.post(f"{_FILE}/undo", operation_id="enrollment.undo_absences", response_model=FileShown)
async def undo_absences(call: CallOf, number: str, form: UndoAbsences) -> Response:
    """Take one's own decisions about people back."""
    version = call.version
    return await call.write(lambda unit: file_acts.undo(unit, number, version, form.people))


@router.post(f"{_FILE}/stop", operation_id="enrollment.stop", response_model=FileShown)
async def stop(call: CallOf, number: str) -> Response:
    """Have a file stop after the members at hand."""
    return await call.write(lambda unit: file_acts.stop(unit, number))


@router.post(f"{_FILE}/go-on", operation_id="enrollment.go_on", response_model=FileShown)
async def go_on(call: CallOf, number: str) -> Response:
    """Have a stopped file go on where it was."""
    version = call.version
    return await call.write(lambda unit: file_acts.go_on(unit, number, version))


@router.post(f"{_FILE}/release", operation_id="enrollment.release", response_model=FileShown)
async def release(call: CallOf, number: str, form: ReleaseFile) -> Response:
    """Let a held file go on."""
    version = call.version
    return await call.write(lambda unit: file_acts.release(unit, number, version, form.reason))


@router.post(f"{_FILE}/media", operation_id="enrollment.media_done", response_model=FileShown)
async def media_done(call: CallOf, number: str, form: MediaDone) -> Response:
    """Write down what became of the diskette or tape."""
    version = call.version
    return await call.write(lambda unit: file_acts.media_done(unit, number, version, form.end))
