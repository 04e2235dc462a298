"""What must hold of the reader for any bytes at all."""

from __future__ import annotations

import io

from backend.enrollment.edi.excerpt import element_span, masked_segment, segment_at, text_of
from backend.enrollment.edi.reader import inspect, members
from backend.enrollment.edi.report import Judgement
from backend.enrollment.edi.transaction import MemberTransaction


def must_hold(content: bytes) -> list[MemberTransaction]:
    """A judgement, a reason wherever something is refused, and members of accepted sets alone."""
    source = io.BytesIO(content)
    report = inspect(source)
    found = list(members(source, report))
    assert report.accepted or report.findings
    assert (report.ta1 == "") is (report.interchange is None)
    assert (report.ta1 == "R") is (report.ta1_note not in ("000", ""))
    for group in report.groups:
        for one in group.sets:
            fine = report.ta1 == "A" and group.code != "R" and one.code != "R"
            assert one.accepted is fine
            assert one.code != "R" or one.syntax
    taken = [one for one in report.sets if one.accepted]
    assert len(found) == sum(one.members for one in taken) == report.members
    assert {one.header.control_number for one in found} <= {one.st02 for one in taken}
    _places_hold(content, report)
    return found


def _places_hold(content: bytes, report: Judgement) -> None:
    """Every finding has a sentence, a place in the file, and an excerpt with everything at its place."""

    def read(offset: int, length: int) -> bytes:
        return content[offset : offset + length]

    marks = report.delimiters
    for one in report.findings[:20]:
        assert one.sentence.endswith(".")
        assert 0 <= one.offset <= len(content)
        segment = segment_at(read, one.offset, marks)
        masked = masked_segment(segment, marks)
        assert len(masked) == len(text_of(segment, marks))
        start, end = element_span(segment, marks, one.element, one.component, one.repetition)
        assert 0 <= start <= end <= len(masked)
