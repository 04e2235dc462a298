"""Checks the envelope of a file: the ISA, groups and sets with their control numbers and counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.enrollment.edi import wording
from backend.enrollment.edi.checker import Checker, good_date
from backend.enrollment.edi.report import Finding, GroupReport, Level, Notice, Notices, SetReport
from backend.enrollment.edi.totals import COUNTED, MemberTotals
from backend.enrollment.edi.walker import SetWalker
from backend.enrollment.edi.x12 import Delimiters, Head, Segment

VERSION = "005010X220A1"
"""The one version taken (45 CFR 162.1502)."""
CONTROLS_VERSION = "00501"
FINDINGS_PER_SET = 200
FINDINGS_PER_FILE = 2_000

_ID_QUALIFIERS = frozenset(("01", "14", "20", "27", "28", "29", "30", "33", "ZZ"))
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[0-9]{1,2})?)?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_CONTROL_LENGTH = 35
"""Characters kept of a control number, a version or an id: the longest any of them may have."""


def isa_findings(head: Head) -> list[Finding]:
    """Returns what is wrong with the ISA, the weightiest first; `code` is TA105."""
    elements = head.isa or ()
    marks = head.delimiters
    if marks is None or any(
        len(value) != width for value, (_, width) in zip(elements, wording.ISA, strict=True)
    ):
        return [_isa("022", head, wording.isa_length(elements, head.length))]
    found = list(_mark_findings(marks, head))
    checks = (
        ("010", 1, elements[0] in ("00", "03")),
        ("012", 3, elements[2] in ("00", "01")),
        ("005", 5, elements[4] in _ID_QUALIFIERS),
        ("006", 6, bool(elements[5].strip()) and elements[5].isprintable()),
        ("007", 7, elements[6] in _ID_QUALIFIERS),
        ("008", 8, bool(elements[7].strip()) and elements[7].isprintable()),
        ("014", 9, good_date("20" + elements[8])),
        ("015", 10, bool(_TIME.fullmatch(elements[9]))),
        ("017", 12, elements[11] == CONTROLS_VERSION),
        ("018", 13, bool(re.fullmatch("[0-9]{9}", elements[12]))),
        ("019", 14, elements[13] in ("0", "1")),
        ("020", 15, elements[14] in ("P", "T")),
    )
    for code, number, good in checks:
        if not good:
            name = wording.ISA[number - 1][0]
            extra = f" Version {CONTROLS_VERSION} is required." if code == "017" else ""
            found.append(_isa(code, head, f"ISA{number:02d} ({name}) is not valid.{extra}", number))
    return found


def _mark_findings(marks: Delimiters, head: Head) -> Iterable[Finding]:
    bad = {" ", "\x00"}
    others = {marks.element, marks.component, marks.repetition}
    if marks.terminator.isalnum() or marks.terminator in bad | others:
        yield _isa("004", head, "The character after ISA16 cannot end a segment: the end mark is missing.")
    if marks.component.isalnum() or marks.component in bad | {marks.element, marks.repetition or ""}:
        yield _isa("027", head, "ISA16 (component separator) is not a character that can divide values.", 16)


def _isa(code: str, head: Head, sentence: str, element: int | None = None) -> Finding:
    return Finding(Level.INTERCHANGE, code, head.offset, "ISA", sentence, element=element)


@dataclass(slots=True)
class _Set:
    """A set being read."""

    header: Segment
    st02: str
    walker: SetWalker | None
    totals: MemberTotals
    count: int = 0
    syntax: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False
    noted: bool = False
    spoilt: bool = False
    """A segment or element refuses it, whether or not that is still listed."""


@dataclass(slots=True)
class _Group:
    """A group being read."""

    header: Segment
    control_number: str
    syntax: list[str] = field(default_factory=list)
    sets: list[SetReport] = field(default_factory=list)
    st02s: set[str] = field(default_factory=set)


class EnvelopeReader:
    """Takes the segments after the ISA, and holds what was found when they are through."""

    def __init__(self, head: Head, notices: Notices) -> None:
        assert head.isa is not None
        assert head.delimiters is not None
        self._control_number = head.isa[12]
        self._notices = notices
        self._checker = Checker(head.delimiters)
        self._group: _Group | None = None
        self._set: _Set | None = None
        self._ended = False
        self._last: Segment | None = None
        self._gs06s: set[str] = set()
        self.groups: list[GroupReport] = []
        self.findings: list[Finding] = []
        self.ta1_note = "000"
        """TA105: the first thing wrong with the interchange; 000 where it stands."""

    def read(self, segments: Iterable[Segment]) -> None:
        """Takes all segments, the ISA first."""
        handlers = {
            "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge,
            "IEA": self._iea, "ISA": self._isa, "TA1": self._ta1,
        }  # fmt: skip
        for segment in segments:
            self._last = segment
            if segment.ordinal == 0:
                continue
            if self._ended:
                self._refuse("022", segment, "Data follows the end of the interchange (IEA). Send it apart.")
                return
            handler = handlers.get(segment.name)
            if handler is not None:
                handler(segment)
            elif self._set is not None:
                self._body(self._set, segment)
            else:
                name = wording.safe_name(segment.name)
                self._refuse("024", segment, f"Segment {name} stands outside any set (ST to SE).")
        self._end()

    def _end(self) -> None:
        last = self._last
        if last is None or self._ended:
            return
        self._close_group(last)
        self._refuse("023", last, "The file ends before its end segment (IEA): a part of it is missing.")

    def _isa(self, segment: Segment) -> None:
        self._close_group(segment)
        self._refuse("022", segment, "A second ISA begins before the first one has ended (IEA).")

    def _ta1(self, segment: Segment) -> None:
        self._notices.add(Notice.ACKNOWLEDGEMENT_INSIDE, segment.offset)

    def _iea(self, segment: Segment) -> None:
        self._close_group(segment)
        self._ended = True
        if segment.element(2) != self._control_number:
            self._refuse("001", segment, "The control numbers at start (ISA13) and end (IEA02) differ.", 2)
        if not self.groups:
            self._refuse("024", segment, "The interchange holds no group (GS).")
        elif _as_number(segment.element(1)) != len(self.groups):
            sentence = f"IEA01 does not give the number of groups found, which is {len(self.groups)}."
            self._refuse("021", segment, sentence, 1)

    # Groups

    def _gs(self, segment: Segment) -> None:
        self._close_group(segment)
        group = self._group = _Group(segment, _kept(segment, 6))
        if segment.element(1) != "BE":
            self._refuse_group(group, "1", segment, "GS01 is not BE: this is no group of 834 sets.", 1)
        if segment.element(8) != VERSION:
            sent = segment.element(8)
            known = sent if re.fullmatch(r"[0-9]{6}[A-Z0-9]{0,6}", sent) else "another version"
            sentence = f"GS08 names {known}; only {VERSION} is taken, the version HIPAA requires."
            self._refuse_group(group, "2", segment, sentence, 8)
        if not _NUMBER.fullmatch(group.control_number):
            self._refuse_group(group, "6", segment, "GS06 (group control number) is not 1 to 9 digits.", 6)
        elif group.control_number in self._gs06s:
            sentence = "GS06 (group control number) was used in this file before."
            self._refuse_group(group, "19", segment, sentence, 6)
        self._gs06s.add(group.control_number)
        times = _TIME.fullmatch(segment.element(5))
        if not (good_date(segment.element(4)) and times and segment.element(7) == "X"):
            self._notices.add(Notice.GROUP_HEADER, segment.offset)

    def _ge(self, segment: Segment) -> None:
        self._close_set(segment)
        group = self._group
        if group is None:
            self._refuse("024", segment, "A group ends (GE) that has not begun (GS).")
            return
        if _kept(segment, 2) != group.control_number:
            self._refuse_group(
                group, "4", segment, "The control numbers of the group (GS06, GE02) differ.", 2
            )
        if _as_number(segment.element(1)) != len(group.sets) or not group.sets:
            sentence = f"GE01 does not give the number of sets found, which is {len(group.sets)}."
            self._refuse_group(group, "5", segment, sentence, 1)
        self._file_group(group, _kept(segment, 1))

    def _close_group(self, segment: Segment) -> None:
        """Ends a group that has no GE."""
        self._close_set(segment)
        if self._group is not None:
            sentence = "A group (GS) has no end segment (GE)."
            self._refuse_group(self._group, "3", segment, sentence)
            self._file_group(self._group, "")

    def _file_group(self, group: _Group, declared: str) -> None:
        codes = {one.code for one in group.sets}
        if group.syntax or codes <= {"R"}:
            code = "R"
        elif "R" in codes:
            code = "P"
        else:
            code = "E" if "E" in codes else "A"
        head = group.header
        report = GroupReport(
            _kept(head, 1), group.control_number, _kept(head, 8), _kept(head, 2), _kept(head, 3),
            head.offset, code, tuple(group.syntax), declared, tuple(group.sets),
        )  # fmt: skip
        self.groups.append(report)
        self._group = None

    # Sets

    def _st(self, segment: Segment) -> None:
        self._close_set(segment)
        group = self._group
        if group is None:
            self._refuse("024", segment, "A set begins (ST) outside any group (GS).")
            return
        st02 = _kept(segment, 2)
        supported = segment.element(1) == "834"
        readable = supported and not {"1", "2"} & set(group.syntax)
        walker = SetWalker(self._checker, group.control_number, st02) if readable else None
        current = self._set = _Set(segment, st02, walker, MemberTotals(self._notices), 1)
        if not supported:
            self._refuse_set(current, "1", segment, "ST01 is not 834: another kind of set.", 1)
        elif walker is None:
            self._refuse_set(current, "I6", segment, f"Its group is not of version {VERSION}.")
        else:
            self._note(current, walker.take(segment))
        if st02 in group.st02s:
            sentence = "ST02 (set control number) was used in this group before."
            self._refuse_set(current, "23", segment, sentence, 2)
        group.st02s.add(st02)

    def _body(self, current: _Set, segment: Segment) -> None:
        current.count += 1
        if current.walker is not None:
            findings = current.walker.take(segment)
            if findings:
                self._note(current, findings)
            if segment.name in COUNTED:
                current.totals.take(segment)

    def _se(self, segment: Segment) -> None:
        current = self._set
        if current is None:
            self._refuse("024", segment, "A set ends (SE) that has not begun (ST).")
            return
        self._body(current, segment)
        if _kept(segment, 2) != current.st02:
            sentence = "The control numbers of the set (ST02, SE02) differ."
            self._refuse_set(current, "3", segment, sentence, 2)
        if _as_number(segment.element(1)) != current.count:
            sent = segment.element(1) if _NUMBER.fullmatch(segment.element(1)) else "no number"
            sentence = f"SE01 (number of segments) says {sent}; the set has {current.count}."
            self._refuse_set(current, "4", segment, sentence, 1)
        self._file_set(current)

    def _close_set(self, segment: Segment) -> None:
        """Ends a set that has no SE."""
        current = self._set
        if current is None:
            return
        if current.walker is not None:
            self._note(current, current.walker.finish(segment))
        self._refuse_set(current, "2", segment, "The set has no end segment (SE).")
        self._file_set(current)

    def _file_set(self, current: _Set) -> None:
        assert self._group is not None
        if current.spoilt:
            current.syntax.append("5")
        code = "R" if current.refused else "E" if current.noted else "A"
        current.totals.close(current.header.offset)
        members = current.walker.members if current.walker else 0
        report = SetReport(
            current.st02, _kept(current.header, 3), current.header.offset, code,
            tuple(current.syntax), tuple(current.findings), members, code != "R",
            current.totals.action, current.totals.lists,
        )  # fmt: skip
        self._group.sets.append(report)
        self._set = None

    # Findings

    def _note(self, current: _Set, findings: Iterable[Finding]) -> None:
        for finding in findings:
            current.refused |= finding.refuses
            current.spoilt |= finding.refuses and finding.level is not Level.SET
            current.noted = True
            if len(current.findings) < FINDINGS_PER_SET and len(self.findings) < FINDINGS_PER_FILE:
                current.findings.append(finding)
                self.findings.append(finding)
            else:
                self._notices.add(Notice.FINDINGS_LEFT_OUT, finding.offset)

    def _refuse_set(
        self, current: _Set, code: str, segment: Segment, sentence: str, element: int | None = None
    ) -> None:
        assert self._group is not None
        current.syntax.append(code)
        found = Finding(
            Level.SET, code, segment.offset, wording.safe_name(segment.name), sentence,
            group=self._group.control_number, st02=current.st02, element=element,
        )  # fmt: skip
        self._note(current, [found])
        current.refused = True

    def _refuse_group(
        self, group: _Group, code: str, segment: Segment, sentence: str, element: int | None = None
    ) -> None:
        group.syntax.append(code)
        found = Finding(
            Level.GROUP, code, segment.offset, wording.safe_name(segment.name), sentence,
            group=group.control_number, element=element,
        )  # fmt: skip
        self._list(found)

    def _refuse(self, code: str, segment: Segment, sentence: str, element: int | None = None) -> None:
        if self.ta1_note == "000":
            self.ta1_note = code
        name = wording.safe_name(segment.name)
        self._list(Finding(Level.INTERCHANGE, code, segment.offset, name, sentence, element=element))

    def _list(self, finding: Finding) -> None:
        if len(self.findings) < FINDINGS_PER_FILE:
            self.findings.append(finding)
        else:
            self._notices.add(Notice.FINDINGS_LEFT_OUT, finding.offset)


def _kept(segment: Segment, number: int) -> str:
    """An element of the envelope, cut where it could only be wrong, so that no report grows with it."""
    return segment.element(number)[:_CONTROL_LENGTH]


def _as_number(text: str) -> int:
    """A count as sent, -1 where it is none."""
    return int(text) if re.fullmatch("[0-9]{1,10}", text) else -1
