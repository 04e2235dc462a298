"""Counts the members of a set and compares them with what the set itself says."""

from __future__ import annotations

from backend.enrollment.edi.report import Notice, Notices
from backend.enrollment.edi.x12 import Segment

COUNTED = frozenset(("INS", "QTY", "BGN"))
"""The segments that say something of totals."""
SUBSCRIBER_RELATIONSHIP = "18"
_REPEATS_ANOTHER_FILE = ("15", "22")


def pair_fits(subscriber: bool, relationship: str) -> bool:
    """Whether INS01 and INS02 agree: Y with 18 (self) only, N with anything else."""
    return subscriber == (relationship == SUBSCRIBER_RELATIONSHIP)


class MemberTotals:
    """Takes the segments of one set and gives notice of what does not add up."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._sent: dict[str, str] = {}
        self._subscribers = 0
        self._dependents = 0
        self.action = ""
        """BGN08."""
        self.lists = False
        """Some member stands there to be compared (INS03 030)."""

    def take(self, segment: Segment) -> None:
        """Counts one segment of the set."""
        if segment.name == "INS":
            self._member(segment)
        elif segment.name == "QTY":
            self._sent[segment.element(1)] = segment.element(2)
        elif segment.name == "BGN":
            self.action = segment.element(8)
            repeats = segment.element(1) in _REPEATS_ANOTHER_FILE
            if repeats and not segment.element(6):
                self._notices.add(Notice.ORIGINAL_REFERENCE, segment.offset)

    def _member(self, segment: Segment) -> None:
        subscriber = segment.element(1) == "Y"
        self._subscribers += subscriber
        self._dependents += not subscriber
        self.lists |= segment.element(3) == "030"
        if not pair_fits(subscriber, segment.element(2)):
            self._notices.add(Notice.RELATIONSHIP_PAIR, segment.offset)
        if segment.element(4) == "XN" and segment.element(3) != "030":
            self._notices.add(Notice.NOTIFICATION_REASON, segment.offset)

    def close(self, offset: int) -> None:
        """Compares the control totals at the end of the set, which began at byte `offset`."""
        counted = {
            "TO": self._subscribers + self._dependents,
            "ET": self._subscribers,
            "DT": self._dependents,
        }
        for qualifier, sent in self._sent.items():
            if qualifier in counted and sent != str(counted[qualifier]):
                self._notices.add(Notice.CONTROL_TOTAL, offset)
