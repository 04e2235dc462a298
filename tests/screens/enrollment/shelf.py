"""Invented enrollment files, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from api_client.errors import Stale, Trouble
from api_client.types.common import Page
from api_client.types.enrollment import (
    Absence,
    FileErrorRow,
    FileMemberRow,
    FileRow,
    FileSet,
    FileShown,
    Media,
    Segment,
)
from api_client.types.words import (
    AbsenceState,
    Channel,
    EventKind,
    FileKind,
    FileState,
    MediaEnd,
    Outcome,
    PartnerStatus,
    RevealReason,
)
from screens.enrollment.file import FileScreen
from screens.enrollment.files import FilesScreen
from screens.enrollment.words import Section
from screens.session.door import Opening
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from tests.screens.desk import NOW, SESSION, FakeDoor, Seconds, desk
from tests.screens.lead.boards import LEAD
from tests.screens.rep import Rep

DAY = date(2026, 11, 30)
OPEN_STATES = (FileState.HELD, FileState.STOPPED)
REFUSED_STATES = (FileState.ENVELOPE_REJECTED, FileState.STRUCTURE_REJECTED)


def a_file(number: str = "F-00012", **changes: Any) -> FileShown:
    """A full file that was applied and in which three are missing, unless changed."""
    standard: dict[str, Any] = {
        "number": number,
        "version": 3,
        "name": "november.834",
        "channel": Channel.EDI,
        "sender": "ZZ/ACMETPA",
        "partner": "ACME BENEFITS",
        "partner_status": PartnerStatus.PRODUCTION,
        "receiver": "ZZ/PLAN",
        "control_number": "000000012",
        "received_by": "OPERATOR",
        "received_at": NOW - timedelta(minutes=29),
        "size": 12345,
        "test": False,
        "kind": FileKind.FULL,
        "state": FileState.APPLIED,
        "members": 255,
        "done": 255,
        "counts": {"applied": 240, "queued": 12, "refused": 3},
        "by_type": {"applied": {"030": 240}, "queued": {"030": 12}, "refused": {"024": 3}},
        "errors": 2,
        "absent": 3,
        "approved": 0,
        "dismissed": 0,
        "ta1": "The envelope is accepted (TA1 A 000).",
        "ack999": "The structure is accepted with errors (999 E).",
        "sets": [FileSet(st02="0001", code="E", sentence="accepted with errors")],
        "warnings": [],
        "say": "We took your file; three people are missing from it and wait for our decision.",
        "held_why": "",
        "running": False,
        "stop_asked": False,
        "original": None,
        "media": None,
    }
    return FileShown(**standard | changes)


def error(index: int = 0, **changes: Any) -> FileErrorRow:
    """A birth date that is none, unless changed."""
    standard: dict[str, Any] = {
        "index": index,
        "segment": "DMG",
        "element": 2,
        "position": 1204 + index,
        "code": "8",
        "codes_of": "IK403",
        "sentence": "This is no date.",
        "tell": "Send the birth date as year, month and day, eight digits.",
        "text": "DMG*D8*19****99*F",
        "mark_from": 7,
        "mark_to": 15,
    }
    return FileErrorRow(**standard | changes)


def member(ordinal: int = 1, outcome: Outcome = Outcome.APPLIED, **changes: Any) -> FileMemberRow:
    """Somebody in the file."""
    standard: dict[str, Any] = {
        "ordinal": ordinal,
        "subscriber": f"S{ordinal}",
        "name": "C*** P*****",
        "maintenance": "add",
        "reason": "initial enrollment",
        "outcome": outcome,
        "why": "matched exactly",
        "item": None,
        "receipt": f"R-{ordinal:06d}",
        "position": 1000 * ordinal,
    }
    return FileMemberRow(**standard | changes)


def absence(name: str = "CLARA PEBBLEWICK", **changes: Any) -> Absence:
    """Somebody missing about whom nobody has decided."""
    standard: dict[str, Any] = {
        "key": f"104233 {name}",
        "mrn": "88000001",
        "name": name,
        "relationship": "subscriber",
        "group": "104233",
        "subscriber": "S1",
        "covered_from": date(2020, 1, 1),
        "lines": "HMO EMP",
        "state": AbsenceState.OPEN,
        "ends_on": None,
    }
    return Absence(**standard | changes)


def three() -> list[Absence]:
    """Three missing people."""
    return [absence("ADA FENWICK"), absence("BRAM OAKES"), absence("CLEO MARSH")]


def hostile_file(number: str, text: str) -> FileShown:
    """A file in which the sender wrote this everywhere."""
    sent = ("name", "sender", "partner", "receiver", "control_number", "received_by", "held_why")
    answered = ("ta1", "ack999", "say", "original")
    media = Media(label=text, came_from=text, read_by=text, end=MediaEnd.RETURNED, end_by=text)
    sets = [FileSet(st02=text, code=text, sentence=text)]
    words: dict[str, Any] = dict.fromkeys((*sent, *answered), text)
    return a_file(number, **words, warnings=[text], media=media, sets=sets)


def hostile_error(index: int, text: str) -> FileErrorRow:
    """An error that quotes this."""
    words: dict[str, Any] = dict.fromkeys(("segment", "code", "codes_of", "sentence", "tell", "text"), text)
    return error(index, **words, mark_from=1, mark_to=9)


def hostile_member(ordinal: int, text: str) -> FileMemberRow:
    """A refused member of whom this was sent."""
    words = ("subscriber", "name", "maintenance", "reason", "why", "receipt")
    return member(ordinal, Outcome.REFUSED, **dict.fromkeys(words, text))


def hostile_absence(text: str) -> Absence:
    """Somebody missing who has this on record."""
    words = ("mrn", "relationship", "group", "subscriber", "lines", "warning", "decided_by")
    return absence(text, **dict.fromkeys(words, text))


class FakeFiles:
    """Answers as the backend would and notes what was done."""

    def __init__(self, *files: FileShown, page: int = 100) -> None:
        self.files_there = {one.number: one for one in files}
        self.errors_there: list[FileErrorRow] = [error(0), error(1, code="7", segment="N4", element=3)]
        self.members_there: list[FileMemberRow] = [
            member(1),
            member(2, Outcome.QUEUED, why="two people fit", item="M-20418"),
            member(3, Outcome.REFUSED, why="no end date", maintenance="end", receipt=None),
        ]
        self.absences_there: list[Absence] = three()
        self.acts: list[str] = []
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.refusal: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._page = page

    @property
    def enrollment(self) -> FakeFiles:
        return self

    @property
    def matching(self) -> FakeFiles:
        return self

    async def claim(self, number: str) -> None:
        """The review stands there and waits."""
        await asyncio.Event().wait()

    # reading

    async def files(
        self, part: str = "all", *, cursor: str | None = None, around: str | None = None
    ) -> Page[FileRow]:
        await self._answer("files")
        wanted: dict[str, Callable[[FileShown], bool]] = {
            "all": lambda one: True,
            "open": lambda one: one.state in OPEN_STATES or bool(one.absent),
            "refused": lambda one: one.state in REFUSED_STATES,
        }
        found = sorted(
            filter(wanted[part], self.files_there.values()), key=lambda one: one.number, reverse=True
        )
        return Page[FileRow](rows=[_row(one) for one in found])

    async def file(self, number: str) -> FileShown:
        await self._answer("file")
        return self.files_there[number]

    async def errors(self, number: str, *, cursor: str | None = None) -> Page[FileErrorRow]:
        await self._answer("errors")
        start, stop, more = self._cut(cursor, len(self.errors_there))
        return Page[FileErrorRow](rows=self.errors_there[start:stop], next=more)

    async def members(
        self, number: str, outcome: Outcome | None = None, *, cursor: str | None = None
    ) -> Page[FileMemberRow]:
        await self._answer("members")
        found = [one for one in self.members_there if outcome in (None, one.outcome)]
        start, stop, more = self._cut(cursor, len(found))
        return Page[FileMemberRow](rows=found[start:stop], next=more)

    async def absences(
        self, number: str, state: AbsenceState | None = None, *, cursor: str | None = None
    ) -> Page[Absence]:
        await self._answer("absences")
        found = [one for one in self.absences_there if state in (None, one.state)]
        start, stop, more = self._cut(cursor, len(found))
        return Page[Absence](rows=found[start:stop], next=more)

    async def segment(self, number: str, index: int, reason: RevealReason) -> Segment:
        await self._answer("segment")
        self.acts.append(f"reveal {number} {index} {reason}")
        return Segment(text="DMG*D8*19801399*F", mark_from=7, mark_to=15)

    # deciding

    async def approve(
        self, number: str, version: int, people: Sequence[str], ends_on: date, reason: str = ""
    ) -> FileShown:
        await self._act(number, version, f"end {ends_on}: {', '.join(people)}")
        until = NOW + timedelta(minutes=10)
        done = {"state": AbsenceState.APPROVED, "ends_on": ends_on, "decided_by": "M.Lopez"}
        return self.decide(number, people, **done, decided_at=NOW, undo_until=until)

    async def dismiss(self, number: str, version: int, people: Sequence[str], reason: str = "") -> FileShown:
        await self._act(number, version, f"keep: {', '.join(people)} {reason}".strip())
        until = NOW + timedelta(minutes=10)
        done = {"state": AbsenceState.DISMISSED, "decided_by": "M.Lopez"}
        return self.decide(number, people, **done, decided_at=NOW, undo_until=until)

    async def undo(self, number: str, version: int, people: Sequence[str]) -> FileShown:
        await self._act(number, version, f"undo: {', '.join(people)}")
        return self.decide(number, people, state=AbsenceState.OPEN, ends_on=None, undo_until=None)

    async def stop(self, number: str) -> FileShown:
        await self._act(number, self.files_there[number].version, "stop")
        return self.put(number, stop_asked=True)

    async def go_on(self, number: str, version: int) -> FileShown:
        await self._act(number, version, "go on")
        return self.put(number, state=FileState.RECEIVED, running=True)

    async def release(self, number: str, version: int, reason: str) -> FileShown:
        await self._act(number, version, f"release: {reason}")
        return self.put(number, state=FileState.RECEIVED, held_why="")

    async def media_done(self, number: str, version: int, end: MediaEnd) -> FileShown:
        await self._act(number, version, f"media {end}")
        media = self.files_there[number].media
        assert media is not None
        gone = {"end": end, "end_at": NOW, "end_by": "M.Lopez"}
        return self.put(number, media=media.model_copy(update=gone))

    # what others do

    def put(self, number: str, **changes: Any) -> FileShown:
        """The file is different now, under a newer version."""
        one = self.files_there[number]
        newer = one.model_copy(update={"version": one.version + 1, **changes})
        self.files_there[number] = newer
        return newer

    def decide(self, number: str, people: Sequence[str], **changes: Any) -> FileShown:
        """These people stand differently now."""
        self.absences_there = [
            one.model_copy(update=changes) if one.key in people else one for one in self.absences_there
        ]
        count = [one.state for one in self.absences_there].count
        return self.put(
            number,
            absent=count(AbsenceState.OPEN),
            approved=count(AbsenceState.APPROVED),
            dismissed=count(AbsenceState.DISMISSED),
        )

    def _cut(self, cursor: str | None, length: int) -> tuple[int, int, str | None]:
        start = int(cursor or 0)
        stop = start + self._page
        return start, stop, f"{stop}" if stop < length else None

    async def _act(self, number: str, version: int, said: str) -> None:
        await self._answer("act")
        if self.refusal is not None:
            raise self.refusal
        if self.files_there[number].version != version:
            raise Stale(Trouble("The file was changed."))
        self.acts.append(said)

    async def _answer(self, what: str) -> None:
        self.asked.append(what)
        await self.open.wait()
        if self.failure is not None:
            raise self.failure


def _row(one: FileShown) -> FileRow:
    return FileRow(**{name: getattr(one, name) for name in FileRow.model_fields})


def on_media(**changes: Any) -> Media:
    """A tape that is still here."""
    standard = {"label": "NOV-1", "came_from": "OAK DENTAL", "read_by": "OPERATOR"}
    return Media(**standard | changes)


@asynccontextmanager
async def at_shelf(
    client: FakeFiles,
    *,
    size: tuple[int, int] = (80, 24),
    section: Section | None = None,
    number: str | None = None,
    lead: bool = False,
) -> AsyncIterator[Rep]:
    """The list of files is open, or one file in one of its parts."""

    def first() -> DeskScreen:
        return FilesScreen() if number is None else FileScreen(number, section)

    seconds = Seconds()
    door = FakeDoor(client, Opening(session=LEAD if lead else SESSION))
    async with desk({"files": first}, door=door, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


def hears(rep: Rep, number: str = "F-00012") -> None:
    """A live update about a file."""
    screen = rep.app.screen
    assert isinstance(screen, DeskScreen)
    screen.on_change(Changed(EventKind.FILE, number, 4))
