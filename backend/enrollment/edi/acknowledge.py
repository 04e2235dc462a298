"""The acknowledgements of an inspected file: TA1 for the interchange, 999 for its groups (005010X231A1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from backend.enrollment.edi.report import Finding, GroupReport, Judgement, Level, SetReport

_SET_CODE = "834"


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
    """The 999 as a tree of its segments; None where the interchange was refused, so that none is sent."""
    if report.interchange is None or report.ta1 == "R":
        return None
    return {"groups": [_group(one) for one in report.groups]}


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
        "IK3": list(_segments(one.findings)),
        "IK5": [one.code, *one.syntax],
    }


def _segments(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """One IK3 a segment with something wrong, with an IK4 for each of its elements."""
    inside = [one for one in findings if one.level in (Level.SEGMENT, Level.ELEMENT)]
    found: list[dict[str, object]] = []
    for (segment, position, loop), group in groupby(
        inside, key=lambda one: (one.segment, one.position, one.loop)
    ):
        errors = list(group)
        whole = next((one.code for one in errors if one.level is Level.SEGMENT), "8")
        elements = [_element(one) for one in errors if one.level is Level.ELEMENT]
        found.append({"IK3": [segment, str(position or ""), loop, whole], "IK4": elements})
    return found


def _element(one: Finding) -> list[str]:
    place = ":".join(str(part) for part in (one.element, one.component, one.repetition) if part is not None)
    return [place, one.data_element, one.code, one.bad_value]
