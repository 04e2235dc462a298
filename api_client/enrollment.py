"""Enrollment files: what became of them, and what a person decides about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote

from api_client._http import Http
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
from api_client.types.words import (
    AbsenceState,
    Channel,
    MediaEnd,
    Outcome,
    RevealReason,
    TransactionType,
)


def _file(number: str, act: str = "") -> str:
    path = f"/v1/enrollment/files/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


def _by_phone(group: str, kind: TransactionType, fields: Mapping[str, object]) -> Submission:
    form = {"group_number": group, "type": kind, "channel": Channel.PHONE, **fields}
    return Submission.model_validate(form)


class EnrollmentClient:
    """Enrollment for a caller on the line; lists, shows and settles enrollment files."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def phone_effects(self, group: str, kind: TransactionType, **fields: object) -> Effects:
        """What one transaction would do; `fields` are those of `Submission`."""
        return await self._http.ask(Effects, "/v1/enrollment/phone/effects", _by_phone(group, kind, fields))

    async def phone(self, group: str, kind: TransactionType, **fields: object) -> Receipt:
        """Have it done for the caller on the line."""
        return await self._http.write(Receipt, "/v1/enrollment/phone", _by_phone(group, kind, fields))

    async def files(
        self, part: str = "all", *, cursor: str | None = None, around: str | None = None
    ) -> Page[FileRow]:
        """One page of files, the newest first; `part` is all, open (needs somebody) or refused."""
        query = {"part": part, "cursor": cursor, "around": around}
        return await self._http.read(Page[FileRow], "/v1/enrollment/files", query=query)

    async def file(self, number: str) -> FileShown:
        """One file."""
        return await self._http.read(FileShown, _file(number))

    async def errors(self, number: str, *, cursor: str | None = None) -> Page[FileErrorRow]:
        """What is wrong in it, each beside its segment, masked."""
        return await self._http.read(Page[FileErrorRow], _file(number, "errors"), query={"cursor": cursor})

    async def members(
        self, number: str, outcome: Outcome | None = None, *, cursor: str | None = None
    ) -> Page[FileMemberRow]:
        """What became of its members, masked; only those with this outcome if one is given."""
        query = {"outcome": outcome, "cursor": cursor}
        return await self._http.read(Page[FileMemberRow], _file(number, "members"), query=query)

    async def segment(self, number: str, index: int, reason: RevealReason) -> Segment:
        """The segment of an error without its mask; the look is on record."""
        return await self._http.ask(
            Segment, _file(number, "segment"), RevealSegment(index=index, reason=reason)
        )

    async def absences(
        self, number: str, state: AbsenceState | None = None, *, cursor: str | None = None
    ) -> Page[Absence]:
        """Who is missing from a full file, by name."""
        query = {"state": state, "cursor": cursor}
        return await self._http.read(Page[Absence], _file(number, "absences"), query=query)

    async def approve(
        self, number: str, version: int, people: Sequence[str], ends_on: date, reason: str = ""
    ) -> FileShown:
        """End the coverage of these people with this day."""
        form = DecideAbsences(
            decision=AbsenceState.APPROVED, people=list(people), ends_on=ends_on, reason=reason
        )
        return await self._http.write(FileShown, _file(number, "absences"), form, version=version)

    async def dismiss(self, number: str, version: int, people: Sequence[str], reason: str = "") -> FileShown:
        """Leave these people covered."""
        form = DecideAbsences(decision=AbsenceState.DISMISSED, people=list(people), reason=reason)
        return await self._http.write(FileShown, _file(number, "absences"), form, version=version)

    async def undo(self, number: str, version: int, people: Sequence[str]) -> FileShown:
        """Take the decisions about these people back."""
        form = UndoAbsences(people=list(people))
        return await self._http.write(FileShown, _file(number, "undo"), form, version=version)

    async def stop(self, number: str) -> FileShown:
        """Have its run stop after the members at hand; a file that runs counts on, so no version is asked."""
        return await self._http.write(FileShown, _file(number, "stop"))

    async def go_on(self, number: str, version: int) -> FileShown:
        """Have a stopped file go on where it was."""
        return await self._http.write(FileShown, _file(number, "go-on"), version=version)

    async def release(self, number: str, version: int, reason: str) -> FileShown:
        """Let a held file go on; a lead's act."""
        return await self._http.write(
            FileShown, _file(number, "release"), ReleaseFile(reason=reason), version=version
        )

    async def media_done(self, number: str, version: int, end: MediaEnd) -> FileShown:
        """Write down what became of the diskette or tape."""
        return await self._http.write(FileShown, _file(number, "media"), MediaDone(end=end), version=version)
