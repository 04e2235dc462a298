"""Files as reps and operators see them: the list, one file, its errors beside their bytes, its members."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from api_client.types.common import PAGE, Page
from api_client.types.enrollment import (
    FileError,
    FileErrorRow,
    FileMember,
    FileMemberRow,
    FileReport,
    FileRow,
    FileSet,
    FileShown,
    Media,
    Segment,
)
from api_client.types.problems import ProblemType
from api_client.types.words import (
    AbsenceState,
    Channel,
    FileKind,
    FileState,
    MediaEnd,
    Outcome,
    PartnerStatus,
    RevealReason,
)
from backend.accounts.rules import mask_name
from backend.calls import gate
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.enrollment import absence_store, absences, file_words, partner_store
from backend.enrollment import file_store as store
from backend.enrollment.edi import excerpt, say
from backend.enrollment.edi.tell import tell
from backend.enrollment.edi.x12 import Delimiters
from backend.enrollment.run import LISTED
from backend.problems import Problem, not_found

ReadAt = Callable[[int, int], Awaitable[bytes]]
"""Bytes of a kept file from an offset on."""
_SETS = 100
_AROUND = 20_000
"""Bytes read around a segment: more than any legal one has."""
_SHOWN = 400
"""Characters of a segment that are shown around what is marked."""


async def file_of(unit: Unit, number: str) -> Any:
    """The row of a file. Raises NOT_FOUND."""
    row = await store.by_number(unit.connection, number, lock=unit.writes)
    if row is None:
        raise not_found("file", number)
    return row


async def file_of_people(unit: Unit, number: str) -> Any:
    """The same, to look at the people in it; they are of many groups. Raises NOT_VERIFIED too."""
    await gate.require_no_call(unit, "Who is in a file")
    return await file_of(unit, number)


# -- the list --------------------------------------------------------------------------------------


async def page(unit: Unit, part: str, cursor: str | None, around: str | None) -> Page[FileRow]:
    """Files of a part of the list, the newest first; `around` begins at a file. Raises INVALID."""
    if not store.is_part(part):
        raise Problem(ProblemType.INVALID, "There is no such part of the list of files.")
    before = after = None
    if cursor:
        way, at = open_cursor(unit.keys, f"files {part}", cursor)
        before, after = (cast(int, at), None) if way == "older" else (None, cast(int, at))
    elif around:
        found = await store.by_number(unit.connection, around)
        before = found.id + 1 if found is not None else None
    rows = await store.listed(unit.connection, part, PAGE + 1, before=before, after=after)
    more = len(rows) > PAGE
    rows = rows[1:] if more and after is not None else rows[:PAGE]
    if not rows:
        return Page(rows=[])
    older = more if after is None else True
    newer = more if after is not None else before is not None
    open_now = await store.open_absences(unit.connection, [row.id for row in rows])
    return Page(
        rows=[FileRow(**_row(row, row.partner_name, open_now.get(row.id, 0))) for row in rows],
        next=seal_cursor(unit.keys, f"files {part}", ["older", rows[-1].id]) if older else None,
        previous=seal_cursor(unit.keys, f"files {part}", ["newer", rows[0].id]) if newer else None,
    )


def _row(row: Any, partner_name: str | None, absent: int) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "channel": Channel(row.channel),
        "sender": row.sender,
        "partner": partner_name or "",
        "test": row.usage == "T",
        "kind": FileKind(row.kind) if row.kind else None,
        "state": FileState(row.state),
        "received_at": row.received_at,
        "members": row.members,
        "done": row.done,
        "counts": file_words.totals(row.counts),
        "errors": len(row.report.get("errors", ())),
        "absent": absent,
    }


# -- one file --------------------------------------------------------------------------------------


async def show(unit: Unit, number: str) -> FileShown:
    """One file. Raises NOT_FOUND."""
    return await shown(unit, await file_of(unit, number))


async def shown(unit: Unit, row: Any) -> FileShown:
    """One file with its acknowledgements in words."""
    partner = await partner_store.by_id(unit.connection, row.partner_id) if row.partner_id else None
    original = await store.by_id(unit.connection, row.original_id) if row.original_id else None
    missing = await absence_store.counts(unit.connection, row.id)
    absent = missing.get(AbsenceState.OPEN, 0)
    listed = missing.get(AbsenceState.LISTED, 0)
    report, ack = row.report, row.report.get("ack999") or {}
    sets = ack.get("sets", [])
    basic = _row(row, partner.name if partner else None, absent)
    return FileShown(
        **basic,
        version=row.version,
        size=row.size,
        receiver=row.receiver,
        control_number=row.control_number,
        received_by=row.received_by,
        partner_status=PartnerStatus(partner.status) if partner else None,
        ta1=_ta1(report),
        ack999=say.ack_sentence(ack.get("group", ""), len(sets), _taken(sets)),
        sets=[_set(one) for one in sets[:_SETS]],
        warnings=report.get("warnings", []),
        say=file_words.say(
            FileState(row.state),
            basic["counts"],
            absent=absent or listed,
            errors=basic["errors"],
            known_sender=basic["test"] or partner is not None,
        ),
        held_why=row.held_why,
        running=row.state == FileState.RECEIVED and alive(row, unit.now),
        stop_asked=row.stop_asked,
        original=original.number if original else None,
        media=_media(row),
        by_type=row.counts,
        approved=missing.get(AbsenceState.APPROVED, 0),
        dismissed=missing.get(AbsenceState.DISMISSED, 0),
    )


def alive(row: Any, now: datetime) -> bool:
    """Whether a process is at a file."""
    return row.run_until is not None and row.run_until > now


def _ta1(report: Mapping[str, Any]) -> str:
    sent = report.get("ta1")
    return say.ta1_sentence(sent["code"], sent["note"]) if sent else ""


def _taken(sets: Sequence[Mapping[str, Any]]) -> int:
    return sum(bool(one.get("accepted")) for one in sets)


def _set(one: Mapping[str, Any]) -> FileSet:
    return FileSet(
        st02=one["st02"],
        code=one["code"],
        sentence=say.set_sentence(one["st02"], one["code"], one.get("syntax", ()), one.get("accepted")),
    )


def _media(row: Any) -> Media | None:
    if row.channel != Channel.MEDIA:
        return None
    return Media(
        label=row.media_label,
        came_from=row.media_from,
        read_by=row.received_by,
        end=MediaEnd(row.media_end) if row.media_end else None,
        end_at=row.media_end_at,
        end_by=row.media_end_by,
    )


# -- errors ----------------------------------------------------------------------------------------


async def errors(unit: Unit, number: str, cursor: str | None, read: ReadAt) -> Page[FileErrorRow]:
    """What is wrong in a file, each beside its segment, masked. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await file_of_people(unit, number)
    unit.audit("enrollment.file_errors", "file", row.number)
    after = cast(int, open_cursor(unit.keys, "file errors", cursor)[0]) if cursor else 0
    found = row.report.get("errors", [])
    marks = _marks(row)
    rows = [
        await _error(index, one, row, marks, read)
        for index, one in enumerate(found[after : after + PAGE], after)
    ]
    following = after + PAGE
    more = seal_cursor(unit.keys, "file errors", [following]) if following < len(found) else None
    return Page(rows=rows, next=more)


async def _error(
    index: int, one: Mapping[str, Any], row: Any, marks: Delimiters | None, read: ReadAt
) -> FileErrorRow:
    segment = await _bytes_at(row, one["offset"], marks, read)
    span = excerpt.element_span(segment, marks, one["element"], one["component"], one["repetition"])
    text, begin, end = _excerpt(excerpt.masked_segment(segment, marks), span)
    return FileErrorRow(
        index=index,
        segment=one["segment"],
        element=one["element"],
        position=one["offset"],
        code=one["code"],
        codes_of=say.CODES_OF[one["level"]],
        sentence=one["sentence"],
        tell=tell(one["level"], one["code"], one["segment"], one["element"], one["loop"]),
        text=text,
        mark_from=begin,
        mark_to=end,
    )


async def segment(unit: Unit, number: str, index: int, reason: RevealReason, read: ReadAt) -> Segment:
    """The segment of an error as it came; the look is on record. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await file_of_people(unit, number)
    found = row.report.get("errors", [])
    if index >= len(found):
        raise not_found("error of this file", str(index))
    one, marks = found[index], _marks(row)
    unit.audit("enrollment.reveal_segment", "file", row.number, at=one["offset"], reason=reason)
    raw = await _bytes_at(row, one["offset"], marks, read)
    span = excerpt.element_span(raw, marks, one["element"], one["component"], one["repetition"])
    text, begin, end = _excerpt(excerpt.text_of(raw, marks), span)
    return Segment(text=text, mark_from=begin, mark_to=end)


async def _bytes_at(row: Any, offset: int, marks: Delimiters | None, read: ReadAt) -> bytes:
    if not row.size:
        return b""
    around = await read(offset, _AROUND)
    return excerpt.segment_at(lambda start, length: around[start : start + length], 0, marks)


def _excerpt(text: str, span: tuple[int, int]) -> tuple[str, int, int]:
    return excerpt.visible(*excerpt.window(text, span, _SHOWN))


def _marks(row: Any) -> Delimiters | None:
    kept = row.report.get("marks")
    return Delimiters(**kept) if kept else None


# -- members ---------------------------------------------------------------------------------------


async def members(
    unit: Unit, number: str, outcome: Outcome | None, cursor: str | None
) -> Page[FileMemberRow]:
    """What became of the members of a file, masked. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await file_of_people(unit, number)
    unit.audit("enrollment.file_members", "file", row.number)
    after = cast(int, open_cursor(unit.keys, "file members", cursor)[0]) if cursor else 0
    found = await store.members_of(unit.connection, row.id, PAGE + 1, outcome=outcome, after=after)
    more = seal_cursor(unit.keys, "file members", [found[PAGE - 1].ordinal]) if len(found) > PAGE else None
    return Page(rows=[_member(one) for one in found[:PAGE]], next=more)


def _member(one: Any) -> FileMemberRow:
    return FileMemberRow(
        ordinal=one.ordinal,
        subscriber=file_words.masked_number(one.subscriber_number),
        name=mask_name(one.first_name or "", one.last_name or ""),
        maintenance=say.maintenance_words(one.maintenance_type),
        reason=say.reason_words(one.reason),
        outcome=Outcome(one.outcome),
        why=one.why,
        item=one.item or None,
        receipt=one.receipt,
        position=one.position,
    )


# -- an operator's report --------------------------------------------------------------------------


async def report_of(unit: Unit, row: Any) -> FileReport:
    """The whole answer to a file that was kept."""
    known = await store.by_id(unit.connection, row.original_id) if _repeats(row) else row
    found = await store.members_of(unit.connection, known.id, LISTED)
    if known.done > LISTED:  # what needs somebody comes first
        found = await store.not_applied(unit.connection, known.id, LISTED)
    missing = await absence_store.listed(unit.connection, known.id, LISTED)
    return FileReport(
        **judged_report(row.report),
        file=row.number,
        state=FileState(row.state),
        kind=FileKind(row.kind) if row.kind else None,
        duplicate=row.original_id is not None,
        test=row.usage != "P",
        applied=row.state in (FileState.APPLIED, FileState.PARTIAL),
        held_why=row.held_why if row.state in (FileState.HELD, FileState.EDITED) else "",
        members=[report_member(one._mapping) for one in found],
        absent=[absences.absent(one) for one in missing],
        counts=known.counts,
    )


def _repeats(row: Any) -> bool:
    return bool(row.state == FileState.DUPLICATE)


def judged_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a report that tells how the file was judged."""
    return {
        "accepted": report["accepted"],
        "ta1": report["ta1"],
        "ack999": report["ack999"],
        "errors": [
            FileError(
                segment=one["segment"],
                element=one["element"],
                position=one["offset"],
                code=one["code"],
                sentence=one["sentence"],
            )
            for one in report["errors"]
        ],
        "warnings": report["warnings"],
        "answer": report["answer"],
    }


def report_member(row: Mapping[str, Any]) -> FileMember:
    """One member in an operator's report."""
    return FileMember(
        subscriber=row["subscriber_number"],
        maintenance_type=row["maintenance_type"],
        reason=row["reason"],
        outcome=Outcome(row["outcome"]),
        why=row["why"],
        item=row["item"] or None,
    )
