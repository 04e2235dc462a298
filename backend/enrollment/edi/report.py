"""What an inspection of an 834 file finds, as plain values for a screen, an answer or a store.

No value of a person stands in any of it: a finding names the place, the field and the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.enrollment.edi.x12 import Delimiters


class Level(StrEnum):
    """Which acknowledgement code a finding's `code` belongs to."""

    INTAKE = "intake"
    """No interchange at all: `code` is NO_ISA."""
    INTERCHANGE = "interchange"
    """TA105."""
    GROUP = "group"
    """AK905."""
    SET = "set"
    """IK502."""
    SEGMENT = "segment"
    """IK304."""
    ELEMENT = "element"
    """IK403."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, with its place and a sentence a rep can read aloud to the client."""

    level: Level
    code: str
    offset: int
    """Byte offset in the file of the segment it was seen at."""
    segment: str
    sentence: str
    refuses: bool = True
    """False where the set is taken all the same (IK501 E)."""
    group: str = ""
    """GS06."""
    st02: str = ""
    position: int | None = None
    """Place of the segment in its set, ST is 1 (IK302)."""
    loop: str = ""
    element: int | None = None
    """Element, 1-based (IK401-1)."""
    component: int | None = None
    repetition: int | None = None
    data_element: str = ""
    """Number of the element in the X12 dictionary (IK402)."""
    bad_value: str = ""
    """What stands there; only a short code, never anything of a person (IK404)."""
    member: int | None = None
    """Which INS of the set, 1-based."""
    trigger: int | None = None
    """Element of the same segment because of which this one must, or may not, be there (CTX)."""


class Notice(StrEnum):
    """What the reader put up with."""

    BYTE_ORDER_MARK = "byte_order_mark"
    LINE_BREAKS = "line_breaks"
    BLANKS_BEFORE_SEGMENT = "blanks_before_segment"
    LOWER_CASE_NAME = "lower_case_name"
    TRAILING_SEPARATORS = "trailing_separators"
    NO_REPETITION_SEPARATOR = "no_repetition_separator"
    ACKNOWLEDGEMENT_INSIDE = "acknowledgement_inside"
    GROUP_HEADER = "group_header"
    NOTIFICATION_REASON = "notification_reason"
    RELATIONSHIP_PAIR = "relationship_pair"
    CONTROL_TOTAL = "control_total"
    ORIGINAL_REFERENCE = "original_reference"
    FINDINGS_LEFT_OUT = "findings_left_out"


SENTENCES = {
    Notice.BYTE_ORDER_MARK: "The file starts with a byte order mark, which does not belong in an 834.",
    Notice.LINE_BREAKS: "Line breaks stand between the segments.",
    Notice.BLANKS_BEFORE_SEGMENT: "Blanks stand before segment names.",
    Notice.LOWER_CASE_NAME: "Segment names are in lower case.",
    Notice.TRAILING_SEPARATORS: "Segments end in separators with nothing behind them, to be left off.",
    Notice.NO_REPETITION_SEPARATOR: "ISA11 names no separator for repeated values.",
    Notice.ACKNOWLEDGEMENT_INSIDE: "The file carries an acknowledgement of its own; it is not evaluated.",
    Notice.GROUP_HEADER: "A date, time or agency code in the GS segment is not as the standard has it.",
    Notice.NOTIFICATION_REASON: "Reason XN (notification only) is meant for full files; taken as it is.",
    Notice.RELATIONSHIP_PAIR: "The subscriber mark and the relationship of a member contradict each other.",
    Notice.CONTROL_TOTAL: "A control total of the file (QTY) differs from the members counted.",
    Notice.ORIGINAL_REFERENCE: "A re-sent or information copy does not say which file it repeats (BGN06).",
    Notice.FINDINGS_LEFT_OUT: "More was found than is listed here.",
}


@dataclass(frozen=True, slots=True)
class Warn:
    """One kind of notice: how often and where first."""

    notice: Notice
    count: int
    offset: int

    @property
    def sentence(self) -> str:
        """The notice in words, with its number and first place."""
        often = "" if self.count == 1 else f" ({self.count} times)"
        return f"{SENTENCES[self.notice]} First at byte {self.offset:,}{often}."


@dataclass(slots=True)
class Notices:
    """Collects notices: one line a kind, however long the file."""

    _seen: dict[Notice, list[int]] = field(default_factory=dict)

    def add(self, notice: Notice, offset: int) -> list[int]:
        """Counts one more of `notice`, first seen at byte `offset`; returns its count, to be counted on."""
        entry = self._seen.setdefault(notice, [0, offset])
        entry[0] += 1
        return entry

    def warnings(self) -> tuple[Warn, ...]:
        """Returns the notices in the order they were first met."""
        return tuple(Warn(notice, count, offset) for notice, (count, offset) in self._seen.items())


@dataclass(frozen=True, slots=True)
class SetReport:
    """One transaction set (ST to SE)."""

    st02: str
    st03: str
    offset: int
    code: str
    """IK501: A accepted, E accepted with errors, R rejected."""
    syntax: tuple[str, ...]
    """IK502 and following."""
    findings: tuple[Finding, ...]
    members: int
    """INS segments counted."""
    accepted: bool
    """Taken, and so is its group and the interchange."""
    action: str = ""
    """BGN08: 2 change, 4 verify, RX replace."""
    lists: bool = False
    """Some member stands there to be compared (INS03 030)."""


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One functional group (GS to GE)."""

    functional_id: str
    control_number: str
    version: str
    sender: str
    receiver: str
    offset: int
    code: str
    """AK901: A, E, P some sets accepted, R."""
    syntax: tuple[str, ...]
    """AK905 and following."""
    declared: str
    """GE01 as sent."""
    sets: tuple[SetReport, ...]


@dataclass(frozen=True, slots=True)
class Interchange:
    """The elements of the ISA that matter, blanks cut at the end."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    """YYMMDD as sent."""
    time: str
    version: str
    control_number: str
    acknowledgement_requested: bool
    usage: str
    """P production or T test, as sent."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole inspection of one file."""

    sha256: str
    size: int
    interchange: Interchange | None
    """None where the file does not start with an ISA."""
    ta1: str
    """TA104: A or R; empty where no interchange was found."""
    ta1_note: str
    """TA105; 000 is no error."""
    groups: tuple[GroupReport, ...]
    findings: tuple[Finding, ...]
    """Everything wrong, in the order of the file."""
    warnings: tuple[Warn, ...]
    delimiters: Delimiters | None = None
    """What divides it; None where its header does not say so."""

    @property
    def sets(self) -> tuple[SetReport, ...]:
        """All transaction sets of all groups."""
        return tuple(one for group in self.groups for one in group.sets)

    @property
    def accepted(self) -> bool:
        """Whether at least one set is taken and so has members to hand on."""
        return any(one.accepted for one in self.sets)

    @property
    def partial(self) -> bool:
        """Whether some sets are taken and some are not."""
        return self.accepted and not all(one.accepted for one in self.sets)

    @property
    def test(self) -> bool:
        """Whether nothing may be changed by it: anything that is not marked production."""
        return self.interchange is None or self.interchange.usage != "P"

    @property
    def members(self) -> int:
        """Members in accepted sets."""
        return sum(one.members for one in self.sets if one.accepted)
