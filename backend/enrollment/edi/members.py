"""Reads the members out of an accepted set, one at a time.

The set has been checked against the guide, so each segment is taken for what the loop it stands in
makes of it: a DTP after an HD is a date of that coverage, an N3 after NM1*31 a mailing address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from backend.enrollment.edi.guide import good_date
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
    identities: dict[str, Identity] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
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
        if segment.name in ("INS", "SE"):
            done = self._finish()
            if segment.name == "INS":
                self._count += 1
                self._member = _Member(segment, self._count)
            return done
        if self._member is None:
            self._header = _with_header(self._header, segment)
            return None
        handler = self._of_member.get(segment.name)
        if handler is not None:
            handler(self._member, segment)
        return None

    def _finish(self) -> MemberTransaction | None:
        member, self._member = self._member, None
        if member is None:
            return None
        ins = member.ins
        plan, _, reason = ins.element(6).partition(self._marks.component)
        sequence = ins.element(17)
        return MemberTransaction(
            header=self._header,
            ins_index=member.ins_index,
            offset=ins.offset,
            subscriber=ins.element(1) == "Y",
            relationship=ins.element(2),
            maintenance_type=ins.element(3),
            reason=ins.element(4),
            benefit_status=ins.element(5),
            medicare_plan=plan,
            medicare_reason=reason.partition(self._marks.component)[0],
            cobra_event=ins.element(7),
            employment=ins.element(8),
            student=ins.element(9),
            handicapped=ins.element(10) == "Y",
            death_date=_day(ins.element(12)),
            restricted=ins.element(13) == "R",
            birth_sequence=int(sequence) if sequence.isascii() and sequence.isdigit() else None,
            subscriber_number=member.subscriber_number,
            group_number=member.group_number or self._header.policy_number,
            references=tuple(member.references),
            identity=member.identities.get("IL", Identity()),
            corrects=member.corrects,
            former=member.identities.get(_FORMER),
            address=member.addresses.get("IL"),
            mailing_address=member.addresses.get(_MAILING),
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
        return replace(header, dates={**header.dates, **_dated(segment)})
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
        member.dates.update(_dated(segment))
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
        member.coverage.dates.update(_dated(segment))


def _name(member: _Member, segment: Segment) -> None:
    if member.aside or member.coverage is not None:
        return
    element = segment.element
    entity = element(1)
    member.corrects |= entity == "74"
    member.entity = entity = "IL" if entity in _MEMBER else entity
    if entity not in ("IL", _FORMER):
        return
    parts = (_text(element(number)) for number in range(3, 8))
    number = element(9)
    social = "".join(character for character in number if character in "0123456789")
    member.identities[entity] = Identity(
        name=PersonName(*parts),
        ssn=social if element(8) == "34" else "",
        mutual_id=_text(number) if element(8) == "ZZ" else "",
    )


def _demographics(member: _Member, segment: Segment) -> None:
    known = member.identities.get(member.entity)
    if known is not None and not member.aside:
        born, sex = _day(segment.element(2)), segment.element(3)
        member.identities[member.entity] = replace(known, birth_date=born, sex=sex)


def _contact(member: _Member, segment: Segment) -> None:
    if member.entity != "IL" or member.aside or member.coverage is not None:
        return
    for number in (3, 5, 7):
        if segment.element(number + 1):
            member.contacts.append((segment.element(number), _text(segment.element(number + 1))))


def _street(member: _Member, segment: Segment) -> None:
    if not member.aside and member.coverage is None and member.entity:
        lines = _text(segment.element(1)), _text(segment.element(2))
        member.addresses[member.entity] = Address(*lines)


def _city(member: _Member, segment: Segment) -> None:
    if member.aside or member.coverage is not None or not member.entity:
        return
    street = member.addresses.get(member.entity, Address())
    city, state, postal, country = (_text(segment.element(number)) for number in range(1, 5))
    member.addresses[member.entity] = replace(street, city=city, state=state, zip=postal, country=country)


def _coverage(member: _Member, segment: Segment) -> None:
    element = segment.element
    member.aside = False
    member.coverage = _Coverage(element(1), element(3), _text(element(4)), element(5))
    member.coverages.append(member.coverage)


def _aside(member: _Member, segment: Segment) -> None:
    member.aside = True


def _dated(segment: Segment) -> dict[str, date]:
    # Of a period the first day is the date.
    day = _day(segment.element(3).partition("-")[0])
    return {segment.element(1): day} if day else {}


def _day(value: str) -> date | None:
    if not good_date(value):
        return None
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))


def _text(value: str) -> str:
    return value.strip()
