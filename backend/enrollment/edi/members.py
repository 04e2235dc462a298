"""Reads the members out of an accepted set, one at a time.

The set has been checked against the guide, so each segment is taken for what the loop it stands in
makes of it: a DTP after an HD is a date of that coverage, an N3 after NM1*31 a mailing address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from backend.enrollment.edi.checker import good_date
from backend.enrollment.edi.transaction import (
    Address,
    Coverage,
    Identity,
    MemberTransaction,
    PersonName,
    SetHeader,
)
from backend.enrollment.edi.x12 import Delimiters, Segment

_MEMBER = frozenset(("IL", "74"))
_FORMER = "70"
_MAILING = "31"
_NO_MORE = ("",) * 17
"""What an INS is taken to have behind its last element."""


@dataclass(slots=True)
class _Coverage:
    maintenance: str
    line: str
    plan: str
    level: str
    begin: date | None = None
    end: date | None = None
    dates: dict[str, date] = field(default_factory=dict)
    references: list[tuple[str, str]] = field(default_factory=list)

    def done(self) -> Coverage:
        return Coverage(
            self.maintenance, self.line, self.plan, self.level,
            self.begin, self.end, self.dates, tuple(self.references),
        )  # fmt: skip


@dataclass(slots=True)
class _Member:
    """A member whose loop is being read; `entity` is the NM101 the segments belong to."""

    ins: Segment
    ins_index: int
    entity: str = ""
    corrects: bool = False
    subscriber_number: str = ""
    group_number: str = ""
    references: list[tuple[str, str]] = field(default_factory=list)
    dates: dict[str, date] = field(default_factory=dict)
    names: dict[str, Segment] = field(default_factory=dict)
    births: dict[str, Segment] = field(default_factory=dict)
    streets: dict[str, Segment] = field(default_factory=dict)
    cities: dict[str, Segment] = field(default_factory=dict)
    contacts: list[tuple[str, str]] = field(default_factory=list)
    coverages: list[_Coverage] = field(default_factory=list)
    coverage: _Coverage | None = None
    aside: bool = False
    """Within a loop that says nothing of the member's own enrollment (2200, 2310, 2320, 2700)."""


class MemberReader:
    """Takes the segments after ST and gives back each member when its loop is complete."""

    def __init__(self, control_number: str, group_control_number: str, marks: Delimiters) -> None:
        self._marks = marks
        self._header = SetHeader(control_number, group_control_number)
        self._member: _Member | None = None
        self._count = 0
        self._of_member: dict[str, Callable[[_Member, Segment], None]] = {
            "REF": _reference, "DTP": _member_date, "NM1": _name, "PER": _contact, "N3": _street,
            "N4": _city, "DMG": _demographics, "HD": _coverage, "LX": _aside, "COB": _aside,
            "DSB": _aside, "LS": _aside,
        }  # fmt: skip

    def take(self, segment: Segment) -> MemberTransaction | None:
        """Returns the member that ends at this segment (the next INS, or SE), if one does."""
        name, member = segment.name, self._member
        handler = self._of_member.get(name)
        if member is not None and handler is not None:
            handler(member, segment)
        elif name in ("INS", "SE"):
            done = self._finish()
            if name == "INS":
                self._count += 1
                self._member = _Member(segment, self._count)
            return done
        elif member is None:
            self._header = _with_header(self._header, segment)
        return None

    def _finish(self) -> MemberTransaction | None:
        member, self._member = self._member, None
        if member is None:
            return None
        ins = member.ins
        value = ("", *ins.elements, *_NO_MORE)
        plan, _, reason = value[6].partition(self._marks.component)
        return MemberTransaction(
            header=self._header,
            ins_index=member.ins_index,
            offset=ins.offset,
            subscriber=value[1] == "Y",
            relationship=value[2],
            maintenance_type=value[3],
            reason=value[4],
            benefit_status=value[5],
            medicare_plan=plan,
            medicare_reason=reason.partition(self._marks.component)[0],
            cobra_event=value[7],
            employment=value[8],
            student=value[9],
            handicapped=value[10] == "Y",
            death_date=_day(value[12]),
            restricted=value[13] == "R",
            birth_sequence=int(value[17]) if re.fullmatch("[0-9]+", value[17]) else None,
            subscriber_number=member.subscriber_number,
            group_number=member.group_number or self._header.policy_number,
            references=tuple(member.references),
            identity=_identity(member, "IL") or Identity(),
            corrects=member.corrects,
            former=_identity(member, _FORMER),
            address=_address(member, "IL"),
            mailing_address=_address(member, _MAILING),
            contacts=tuple(member.contacts),
            dates=member.dates,
            coverages=tuple(one.done() for one in member.coverages),
        )


def _with_header(header: SetHeader, segment: Segment) -> SetHeader:
    element = segment.element
    if segment.name == "BGN":
        return replace(
            header, purpose=element(1), reference=element(2).strip(), file_date=_day(element(3)),
            original_reference=element(6).strip(), action=element(8),
        )  # fmt: skip
    if segment.name == "REF":
        return replace(header, policy_number=element(2).strip())
    if segment.name == "DTP":
        dates = dict(header.dates)
        _note_date(dates, segment)
        return replace(header, dates=dates)
    if segment.name == "QTY":
        return replace(header, totals={**header.totals, element(1): element(2)})
    if segment.name == "N1" and element(1) == "P5":
        return replace(
            header, sponsor_name=element(2).strip(),
            sponsor_id_qualifier=element(3), sponsor_id=element(4).strip(),
        )  # fmt: skip
    if segment.name == "N1" and element(1) == "IN":
        return replace(header, payer_name=element(2).strip(), payer_id=element(4).strip())
    return header


def _reference(member: _Member, segment: Segment) -> None:
    qualifier, value = segment.element(1), segment.element(2).strip()
    if member.aside:
        return
    if member.coverage is not None:
        member.coverage.references.append((qualifier, value))
    elif qualifier == "0F":
        member.subscriber_number = value
    elif qualifier == "1L":
        member.group_number = value
    else:
        member.references.append((qualifier, value))


def _member_date(member: _Member, segment: Segment) -> None:
    if member.aside:
        return
    if member.coverage is None:
        _note_date(member.dates, segment)
        return
    qualifier, value = segment.element(1), segment.element(3)
    begin, _, end = value.partition("-")
    if qualifier == "348":
        member.coverage.begin = _day(begin)
        member.coverage.end = _day(end) or member.coverage.end
    elif qualifier == "349":
        # Of a period, the coverage ends with its last day.
        member.coverage.end = _day(end or begin)
    else:
        _note_date(member.coverage.dates, segment)


def _name(member: _Member, segment: Segment) -> None:
    if member.aside or member.coverage is not None:
        return
    entity = segment.element(1)
    member.corrects |= entity == "74"
    member.entity = entity = "IL" if entity in _MEMBER else entity
    if entity in ("IL", _FORMER):
        member.names[entity] = segment


def _demographics(member: _Member, segment: Segment) -> None:
    if not member.aside:
        member.births[member.entity] = segment


def _contact(member: _Member, segment: Segment) -> None:
    if member.entity != "IL" or member.aside or member.coverage is not None:
        return
    for number in (3, 5, 7):
        if segment.element(number + 1):
            member.contacts.append((segment.element(number), segment.element(number + 1).strip()))


def _street(member: _Member, segment: Segment) -> None:
    if not member.aside and member.coverage is None and member.entity:
        member.streets[member.entity] = segment


def _city(member: _Member, segment: Segment) -> None:
    if not member.aside and member.coverage is None and member.entity:
        member.cities[member.entity] = segment


def _identity(member: _Member, entity: str) -> Identity | None:
    segment = member.names.get(entity)
    if segment is None:
        return None
    last, first, middle, prefix, suffix, qualifier, number = _padded(segment, 3, 9)
    birth = member.births.get(entity)
    digits = number if number.isascii() and number.isdigit() else re.sub("[^0-9]", "", number)
    return Identity(
        PersonName(last, first, middle, prefix, suffix),
        ssn=digits if qualifier == "34" else "",
        mutual_id=number if qualifier == "ZZ" else "",
        birth_date=_day(birth.element(2)) if birth else None,
        sex=birth.element(3) if birth else "",
    )


def _address(member: _Member, entity: str) -> Address | None:
    street, city = member.streets.get(entity), member.cities.get(entity)
    if street is None and city is None:
        return None
    lines = _padded(street, 1, 2) if street else ("", "")
    return Address(*lines, *(_padded(city, 1, 4) if city else ()))


def _padded(segment: Segment, first: int, last: int) -> Sequence[str]:
    """Elements from first to last without blanks around them, empty where the segment is shorter."""
    found = [value.strip() for value in segment.elements[first - 1 : last]]
    return found + [""] * (last - first + 1 - len(found))


def _coverage(member: _Member, segment: Segment) -> None:
    element = segment.element
    member.aside = False
    member.coverage = _Coverage(element(1), element(3), element(4).strip(), element(5))
    member.coverages.append(member.coverage)


def _aside(member: _Member, segment: Segment) -> None:
    member.aside = True


def _note_date(dates: dict[str, date], segment: Segment) -> None:
    # Of a period the first day is the date.
    day = _day(segment.element(3).partition("-")[0])
    if day is not None:
        dates[segment.element(1)] = day


@lru_cache(maxsize=4_096)
def _day(value: str) -> date | None:
    if not good_date(value):
        return None
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))
