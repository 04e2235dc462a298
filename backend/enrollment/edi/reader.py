"""The two passes over an 834 file: `inspect` judges it, `members` reads the accepted sets.

Both read any seekable binary file in constant memory, and neither raises, whatever bytes it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from backend.enrollment.edi.envelope import EnvelopeReader, isa_findings
from backend.enrollment.edi.members import MemberReader
from backend.enrollment.edi.report import (
    Finding,
    GroupReport,
    Interchange,
    Judgement,
    Level,
    Notice,
    Notices,
)
from backend.enrollment.edi.transaction import MemberTransaction
from backend.enrollment.edi.x12 import Head, read_head, read_segments

_CHUNK = 65_536


def inspect(file: BinaryIO) -> Judgement:
    """Returns the judgement of a file: acknowledgement codes, findings with places, warnings."""
    sha256, size = _fingerprint(file)
    notices = Notices()
    head = read_head(file, notices)
    if head.isa is None:
        starts = f" It starts with {head.first_word}." if head.first_word else ""
        sentence = f"The file does not begin with an interchange header (ISA).{starts}"
        found = Finding(Level.INTAKE, "NO_ISA", head.offset, head.first_word, sentence)
        return Judgement(sha256, size, None, "", "", (), (found,), notices.warnings())
    interchange = _interchange(head)
    wrong = isa_findings(head)
    if wrong:
        code = wrong[0].code
        return Judgement(
            sha256, size, interchange, "R", code, (), tuple(wrong), notices.warnings(), head.delimiters
        )
    assert head.delimiters is not None
    if head.delimiters.repetition is None:
        notices.add(Notice.NO_REPETITION_SEPARATOR, head.offset)
    envelope = EnvelopeReader(head, notices)
    envelope.read(read_segments(file, head, notices))
    stands = envelope.ta1_note == "000"
    return Judgement(
        sha256=sha256,
        size=size,
        interchange=interchange,
        ta1="A" if stands else "R",
        ta1_note=envelope.ta1_note,
        groups=tuple(_settled(group, stands) for group in envelope.groups),
        findings=tuple(envelope.findings),
        warnings=notices.warnings(),
        delimiters=head.delimiters,
    )


def members(file: BinaryIO, report: Judgement) -> Iterator[MemberTransaction]:
    """Yields the members of the accepted sets of `file`, in its order.

    `report` is what `inspect` returned for the very same bytes. Nothing is yielded for a file or a
    set that was not accepted.
    """
    accepted = {one.offset: one for one in report.sets if one.accepted}
    if not accepted:
        return
    unheard = Notices()
    head = read_head(file, unheard)
    if head.delimiters is None:
        return
    group = ""
    current: MemberReader | None = None
    for segment in read_segments(file, head, unheard):
        if segment.name == "GS":
            group = segment.element(6)
        elif segment.name == "ST":
            known = accepted.get(segment.offset)
            current = MemberReader(known.st02, group, head.delimiters) if known else None
        elif current is not None:
            member = current.take(segment)
            if member is not None:
                yield member


def subscriber_numbers(file: BinaryIO, report: Judgement) -> dict[tuple[str, str, int], str]:
    """Returns the REF*0F of the members that have errors, by GS06, ST02 and INS, for the acknowledgement.

    `report` is what `inspect` returned for the very same bytes. They go back to the sender and nowhere else.
    """
    wanted = {(one.group, one.st02, one.member) for one in report.findings if one.member}
    found: dict[tuple[str, str, int], str] = {}
    unheard = Notices()
    head = read_head(file, unheard)
    if not wanted or head.delimiters is None:
        return found
    group, st02, member = "", "", 0
    for segment in read_segments(file, head, unheard):
        if segment.name == "GS":
            group = segment.element(6)
        elif segment.name == "ST":
            st02, member = segment.element(2), 0
        elif segment.name == "INS":
            member += 1
        elif segment.name == "REF" and segment.element(1) == "0F" and (group, st02, member) in wanted:
            found.setdefault((group, st02, member), segment.element(2).strip())
    return found


def _fingerprint(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _interchange(head: Head) -> Interchange:
    elements = [_plain(one) for one in (*(head.isa or ()), *[""] * 16)]
    return Interchange(
        sender_qualifier=elements[4].strip(),
        sender=elements[5].strip(),
        receiver_qualifier=elements[6].strip(),
        receiver=elements[7].strip(),
        date=elements[8],
        time=elements[9],
        version=elements[11],
        control_number=elements[12].strip(),
        acknowledgement_requested=elements[13] == "1",
        usage=elements[14],
    )


def _plain(text: str) -> str:
    """Without characters that no store or screen takes as they are; a file that has them is refused."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _settled(group: GroupReport, stands: bool) -> GroupReport:
    """A set counts only with its group and its interchange."""
    taken = stands and group.code != "R"
    return replace(group, sets=tuple(replace(one, accepted=taken and one.accepted) for one in group.sets))
