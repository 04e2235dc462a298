"""The acknowledgements of an inspected file: TA1 for the interchange, 999 for its groups (005010X231A1).

`ta1` and `ack999` give them as trees for an answer or a store, `acknowledgement` as the interchange that
goes back to the sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from backend.enrollment.edi.checker import good_date
from backend.enrollment.edi.report import (
    Finding,
    GroupReport,
    Interchange,
    Judgement,
    Level,
    SetReport,
)

VERSION = "005010X231A1"
"""The one version of the 999 that answers a 005010X220A1."""
_SET_CODE = "834"
_TRIGGER = "SITUATIONAL TRIGGER"
_UNIT = "SUBSCRIBER NUMBER REF02"
_LONGEST_REFERENCE = 35
_BOUNDED = {"LS": "2700", "2700": "2700", "2750": "2700"}
"""The loops between LS and LE, the only ones the 999 names (IK303)."""

Numbers = Mapping[tuple[str, str, int], str]
"""Subscriber number (REF*0F) by GS06, ST02 and INS of the set."""
Row = list[str]


# -- trees -------------------------------------------------------------------------------------------


def ta1(report: Judgement) -> dict[str, str] | None:
    """TA101 to TA105 by name; None where there was no interchange to answer."""
    sent = report.interchange
    if sent is None:
        return None
    return {
        "control_number": sent.control_number,
        "date": sent.date,
        "time": sent.time,
        "code": report.ta1,
        "note": report.ta1_note,
    }


def ack999(report: Judgement) -> dict[str, object] | None:
    """The 999; None where the interchange was refused, so that none is sent.

    `group` is the verdict over all groups (A, E, P, R), `sets` has each set with its verdict, `groups` is
    the tree of segments.
    """
    if report.interchange is None or report.ta1 == "R":
        return None
    return {
        "group": verdict([one.code for one in report.groups]),
        "sets": [
            {
                "st02": one.st02,
                "code": one.code,
                "syntax": list(one.syntax),
                "accepted": one.accepted,
                "members": one.members,
                "group": group.control_number,
            }
            for group in report.groups
            for one in group.sets
        ],
        "groups": [_group(one) for one in report.groups],
    }


def verdict(codes: Sequence[str]) -> str:
    """AK901 over several groups: R all refused, P some refused, E some taken with errors, A all taken."""
    found = set(codes)
    if found <= {"R"}:
        return "R"
    if found & {"P", "R"}:
        return "P"
    return "E" if "E" in found else "A"


def _group(group: GroupReport) -> dict[str, object]:
    taken = sum(one.accepted for one in group.sets)
    return {
        "AK1": [group.functional_id, group.control_number, group.version],
        "sets": [_set(one) for one in group.sets],
        "AK9": [group.code, group.declared, str(len(group.sets)), str(taken), *group.syntax],
    }


def _set(one: SetReport) -> dict[str, object]:
    return {
        "AK2": [_SET_CODE, one.st02, one.st03],
        "IK3": [
            {
                "IK3": [errors[0].segment, str(errors[0].position or ""), errors[0].loop, code],
                "IK4": [_element(error) for error in elements],
            }
            for code, errors, elements in _segments(one.findings)
        ],
        "IK5": [one.code, *one.syntax],
    }


def _segments(
    findings: Sequence[Finding],
) -> Iterator[tuple[str, Sequence[Finding], Sequence[Finding]]]:
    """Yields IK304, the findings of one segment, and those of its elements; one for each IK3."""
    inside = [one for one in findings if one.level in (Level.SEGMENT, Level.ELEMENT)]
    for _, group in groupby(inside, key=lambda one: (one.segment, one.position, one.loop)):
        errors = list(group)
        elements = [one for one in errors if one.level is Level.ELEMENT]
        codes = list(dict.fromkeys(one.code for one in errors if one.level is Level.SEGMENT))
        if elements and "8" not in codes:
            codes.append("8")
        for code in codes:
            yield code, errors, elements if code == "8" else ()


def _element(one: Finding) -> Row:
    return [_place(one.element, one.component, one.repetition), one.data_element, one.code, one.bad_value]


def _place(element: int | None, component: int | None = None, repetition: int | None = None) -> str:
    """C030: a repetition without a component leaves the component's place empty."""
    parts = [element, component, repetition]
    return ":".join("" if part is None else str(part) for part in parts).rstrip(":")


# -- the interchange that goes back ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Party:
    """One end of an exchange: qualifier and id of the ISA."""

    qualifier: str
    id: str


def acknowledgement(
    report: Judgement, us: Party, control: int, now: datetime, numbers: Numbers | None = None
) -> bytes:
    """Returns the answer to the sender: the TA1, and where the interchange is taken a 999 for each group.

    `control` is the number of our interchange and of its groups, `now` the time of the answer as it is to
    be written. `numbers` names the member an error is about (CTX), as the guide asks where it is known;
    they come from the file itself. Raises ValueError where there was no interchange to answer.
    """
    sent = report.interchange
    if sent is None:
        raise ValueError("there is no interchange to answer")
    rows = [_ta1_row(sent, report, now)]
    groups = report.groups if report.ta1 == "A" else ()
    for index, group in enumerate(groups):
        rows += _answer(group, us, control + index, now, numbers or {})
    number = _nine(control)
    text = "~".join(
        [_isa(sent, us, number, now), *(_line(row) for row in rows), f"IEA*{len(groups)}*{number}"]
    )
    return (text + "~").encode("ascii")


def _isa(sent: Interchange, us: Party, number: str, now: datetime) -> str:
    to = f"{_fit(sent.sender_qualifier, 2) or 'ZZ':2}*{_fit(sent.sender, 15):15}"
    own = f"{_fit(us.qualifier, 2):2}*{_fit(us.id, 15):15}"
    usage = "P" if sent.usage == "P" else "T"
    return f"ISA*00*{'':10}*00*{'':10}*{own}*{to}*{now:%y%m%d}*{now:%H%M}*^*00501*{number}*0*{usage}*:"


def _ta1_row(sent: Interchange, report: Judgement, now: datetime) -> Row:
    """What was sent is given back; where it was no number, date or time, nought and the answer's own."""
    number = sent.control_number if re.fullmatch("[0-9]{9}", sent.control_number) else "0" * 9
    day = sent.date if good_date("20" + sent.date) else f"{now:%y%m%d}"
    time = sent.time if re.fullmatch("(?:[01][0-9]|2[0-3])[0-5][0-9]", sent.time) else f"{now:%H%M}"
    return ["TA1", number, day, time, report.ta1, report.ta1_note]


def _answer(group: GroupReport, us: Party, control: int, now: datetime, numbers: Numbers) -> Iterator[Row]:
    """The group that answers one group: a single 999."""
    number, own, to = str(control % 10**9), _fit(us.id, 15), _fit(group.sender, 15)
    yield ["GS", "FA", own, to or "UNKNOWN", f"{now:%Y%m%d}", f"{now:%H%M}", number, "X", VERSION]
    body = list(_body(group, numbers))
    yield ["ST", "999", "0001", VERSION]
    yield from body
    yield ["SE", str(len(body) + 2), "0001"]
    yield ["GE", "1", number]


def _body(group: GroupReport, numbers: Numbers) -> Iterator[Row]:
    control = group.control_number if _digits(group.control_number) else "0"
    yield ["AK1", _fit(group.functional_id, 2) or "BE", control[:9], _fit(group.version, 12)]
    for one in group.sets:
        yield ["AK2", _SET_CODE, f"{_fit(one.st02, 9):0>4}", _fit(one.st03, 35)]
        for code, errors, elements in _segments(one.findings):
            first = errors[0]
            bound = _BOUNDED.get(first.loop, "")
            yield ["IK3", first.segment, str(first.position or ""), bound, code]
            who = numbers.get((group.control_number, one.st02, first.member or 0), "")[:_LONGEST_REFERENCE]
            if who and who == _fit(who, _LONGEST_REFERENCE):
                yield ["CTX", f"{_UNIT}:{who}"]
            for error in elements:
                yield ["IK4", *_element(error)]
                if error.trigger is not None:
                    place = _place(error.trigger)
                    yield ["CTX", _TRIGGER, error.segment, str(error.position or ""), bound, place]
        yield ["IK5", one.code, *one.syntax[:5]]
    declared = group.declared if _digits(group.declared) else "0"
    taken = sum(one.accepted for one in group.sets)
    yield ["AK9", group.code, declared[-6:], str(len(group.sets)), str(taken), *group.syntax[:5]]


def _line(row: Row) -> str:
    return "*".join(row).rstrip("*")


def _nine(control: int) -> str:
    return f"{control % 10**9:09}"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _fit(text: str, longest: int) -> str:
    """Text from the sender as our own delimiters and ASCII allow it to be repeated."""
    kept = "".join(one if " " <= one <= "\x7e" and one not in "*:^~" else " " for one in text)
    return kept.strip()[:longest].strip()
