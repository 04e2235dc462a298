"""What the command line says of a report, and whether something in it was refused. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api_client.types.visible import visible_line
from api_client.types.words import FileState
from backend.enrollment.edi.say import ack_sentence, maintenance_words, ta1_sentence

Report = Mapping[str, Any]
_SHOWN = 50
"""Refused lines shown; the JSON report has them all."""


def _import(report: Report) -> list[str]:
    refused = report["refused"]
    lines = [
        f"read {report['read']:,}   added {report['added']:,}   changed {report['changed']:,}   "
        f"unchanged {report['unchanged']:,}   refused {len(refused):,}"
    ]
    lines += [f"  line {item['line']}: {item['reason']}" for item in refused[:_SHOWN]]
    return lines + _more(len(refused))


def _file(report: Report) -> list[str]:
    lines = [" ".join(filter(None, (report["file"], _kind(report)))), *_acknowledgements(report)]
    lines += [
        f"  at byte {item['position']}"
        + (f", {item['segment']}" if item["segment"] else "")
        + (f" element {item['element']}" if item["element"] else "")
        + f": {item['sentence']} ({item['code']})"
        for item in report["errors"][:_SHOWN]
    ]
    lines += _more(len(report["errors"]))
    lines += [f"  note: {text}" for text in report["warnings"]]
    if report["held_why"]:
        lines.append(f"held: {report['held_why']}")
    for outcome, kinds in report["counts"].items():
        said = ", ".join(f"{maintenance_words(kind)} {count:,}" for kind, count in kinds.items())
        lines.append(f"members {outcome}: {sum(kinds.values()):,} ({said})")
    members = [item for item in report["members"] if item["outcome"] != "applied"]
    lines += [
        f"  {item['subscriber']} {item['maintenance_type']} {item['outcome']}"
        + (f" {item['item']}" if item.get("item") else "")
        + f": {item['why']}"
        for item in members[:_SHOWN]
    ]
    return [*lines, *_more(len(members)), *_absent(report["absent"])]


def _kind(report: Report) -> str:
    if not report["ta1"]:
        return "no 834 file: it has no interchange to answer"
    kind = "test file" if report["test"] else "production file"
    taken = "accepted" if report["accepted"] else "refused"
    return f"{kind}, structure {taken}"


def _acknowledgements(report: Report) -> list[str]:
    lines = []
    if report["duplicate"]:
        lines.append("this file was here before; below stands the answer it got then")
    elif report["state"] == FileState.STOPPED:
        lines.append("stopped; run the same command again and it goes on where it was")
    elif not report["applied"]:
        lines.append("nothing was changed")
    if report["ta1"]:
        lines.append(ta1_sentence(report["ta1"]["code"], report["ta1"]["note"]))
        lines.append("TA1  " + "  ".join(f"{name} {value}" for name, value in report["ta1"].items()))
    if report["ack999"]:
        sets = report["ack999"]["sets"]
        taken = sum(one["accepted"] for one in sets)
        lines.append(ack_sentence(report["ack999"]["group"], len(sets), taken))
        lines += [line for group in report["ack999"]["groups"] for line in _acknowledged(group)]
    return lines


def _absent(absent: Sequence[Mapping[str, Any]]) -> list[str]:
    """People on record who are missing from a full file."""
    if not absent:
        return []
    lines = [f"on record here and missing from the file: {len(absent):,}"]
    lines += [
        f"  {one['subscriber']} {one['relationship']}, MRN {one['mrn']}, group {one['group']}"
        for one in absent[:_SHOWN]
    ]
    return lines + _more(len(absent))


def _partner(report: Report) -> list[str]:
    lists = f"   a list means a {report['lists']} file" if report["lists"] else ""
    groups = f"   groups {', '.join(report['groups'])}" if report["groups"] else ""
    return [f"{report['sender']:<18} {report['status']:<10} {report['name']}{lists}{groups}"]


def _partners(report: Report) -> list[str]:
    lines = [line for one in report["partners"] for line in _partner(one)]
    return lines or ["There is no trading partner yet; run: kprep-backend partners put ZZ/NAME"]


def _acknowledged(group: Mapping[str, Any]) -> list[str]:
    """One group of the 999: its verdict and that of each of its sets, with the codes behind it."""
    _, control, version = group["AK1"]
    lines = [f"999  group {control} ({version})  AK9 {' '.join(group['AK9'])}"]
    return lines + [f"     set {one['AK2'][1]}  IK5 {' '.join(one['IK5'])}" for one in group["sets"][:_SHOWN]]


def _reps(report: Report) -> list[str]:
    return [
        f"{item['username']:<20} {item['role']:<6} {item['center']:<8} {item['display_name']}"
        + ("   disabled" if item["disabled"] else "")
        for item in report["reps"]
    ] or ["There is no rep yet; run: kprep-backend create-rep NAME"]


def _audit(report: Report) -> list[str]:
    lines = [f"{report['sealed']:,} rows sealed, {report['unsealed']:,} not yet"]
    lines += [f"  row {item['seq']}: {item['what']}" for item in report["findings"]]
    return lines if report["findings"] else [*lines, "the chain is whole"]


def _reference(report: Report) -> list[str]:
    found = [*report["log"], *report["audit"]]
    return found or [f"Nothing here knows {report['reference']}."]


def _done(report: Report) -> list[str]:
    return [str(report["done"])]


def _cards(report: Report) -> list[str]:
    refused, held = report["refused"], report.get("held") or []
    before = f"   {report['unchanged']:,} were so before" if report["unchanged"] else ""
    lines = [f"{report['marked']:,} marked {report['cards']}{before}   refused {len(refused):,}"]
    if report.get("file"):
        lines.append(f"the cards stand in {report['file']}")
    lines += [f"  line {item['line']}: {item['reason']}" for item in refused[:_SHOWN]] + _more(len(refused))
    return lines + [f"  {item['number']} waits: {item['why']}" for item in held[:_SHOWN]] + _more(len(held))


def _letters(report: Report) -> list[str]:
    refused = report["refused"]
    before = f"   {report['unchanged']:,} were so before" if report["unchanged"] else ""
    lines = [f"{report['mailed']:,} marked mailed{before}   refused {len(refused):,}"]
    if report.get("file"):
        lines.append(f"the letters stand in {report['file']}")
    return (
        lines
        + [f"  line {item['line']}: {item['reason']}" for item in refused[:_SHOWN]]
        + _more(len(refused))
    )


_BY_FIELD: dict[str, Callable[[Report], list[str]]] = {
    "cards": _cards,
    "mailed": _letters,
    "ta1": _file,
    "partners": _partners,
    "sender": _partner,
    "read": _import,
    "reps": _reps,
    "findings": _audit,
    "reference": _reference,
    "done": _done,
}


def in_words(report: Report) -> list[str]:
    """The report as lines to print, nothing in them that a terminal would obey."""
    for field, words in _BY_FIELD.items():
        if field in report:
            return [visible_line(line) for line in words(report)]
    raise ValueError("no such report")


def something_refused(report: Report) -> bool:
    """Whether the exit code must say so: a refused line, file or member, or a broken chain."""
    if report.get("refused") or report.get("findings"):
        return True
    return "ta1" in report and (
        not report["accepted"] or bool(report["counts"].get("refused") or report["held_why"])
    )


def _more(count: int) -> list[str]:
    return [f"  and {count - _SHOWN:,} more; --json has them all"] if count > _SHOWN else []
