"""What the command line says of a report, and whether something in it was refused. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
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
    return lines + _lines(refused)


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
    lines += _lines(refused)
    return lines + [f"  {item['number']} waits: {item['why']}" for item in held[:_SHOWN]] + _more(len(held))


def _letters(report: Report) -> list[str]:
    refused, waiting = report["refused"], report.get("waiting") or []
    before = f"   {report['unchanged']:,} were so before" if report["unchanged"] else ""
    lines = [f"{report['mailed']:,} marked mailed{before}   refused {len(refused):,}"]
    if report.get("folder"):
        speed = f"   {report['letters_per_second']:,} a second" if report["letters_per_second"] else ""
        lines.append(f"mailing {report['batch']} stands in {report['folder']}{speed}")
    lines += _lines(refused)
    return lines + [f"  {one}" for one in waiting[:_SHOWN]] + _more(len(waiting))


def _returned(report: Report) -> list[str]:
    refused = report["refused"]
    before = f"   {report['unchanged']:,} were so before" if report["unchanged"] else ""
    return [f"{report['returned']:,} came back{before}   refused {len(refused):,}", *_lines(refused)]


def _lines(refused: Sequence[Mapping[str, Any]]) -> list[str]:
    """Refused lines, as many as are shown."""
    shown = [f"  line {item['line']}: {item['reason']}" for item in refused[:_SHOWN]]
    return shown + _more(len(refused))


def _confirmed(report: Report) -> list[str]:
    return [f"{one['entry']} = {one['value']}   confirmed by {one['by']}" for one in report["confirmed"]] + [
        f"{report['new']:,} of them newly confirmed"
    ]


# -- the daily run ---------------------------------------------------------------------------------


def _daily(report: Report) -> list[str]:
    days = report["days"]
    if not days:
        lines = ["This day was run before; nothing was done."]
    else:
        lines = ["Dry run: nothing was changed."] if days[0]["dry_run"] else []
    quiet: list[Report] = []
    for day in [*days, None]:
        if day is not None and not _did(day) and not day["incidents"] and day is not days[-1]:
            quiet.append(day)
            continue
        lines += _quiet(quiet)
        quiet = []
        lines += _day(day) if day is not None else []
    lines += [line for one in report["refused"] for line in _wrapped("left undone: ", one)]
    return lines


def _quiet(days: Sequence[Report]) -> list[str]:
    """Days on which nothing was to be done, in one line."""
    if not days:
        return []
    first, last = days[0]["on"], days[-1]["on"]
    span = first if first == last else f"{first} to {last}"
    return [f"{span}  {_groups(days[-1])}: nothing to do"]


def _groups(day: Report) -> str:
    return f"{day['groups']:,} group{'' if day['groups'] == 1 else 's'}"


def _did(day: Report) -> list[str]:
    letters = ", ".join(f"{kind} {count:,}" for kind, count in sorted(day["letters"].items()) if count)
    done = [
        f"{count:,} {one if count == 1 else many}"
        for count, one, many in (
            (day["bills"], "bill", "bills"),
            (day["credits"], "credit", "credits"),
            (day["ended"], "coverage ended", "coverages ended"),
            (day["promises_broken"], "promise broken", "promises broken"),
            (day["letters_taken_back"], "letter taken back", "letters taken back"),
        )
        if count
    ]
    return done + ([f"letters: {letters}"] if letters else [])


def _day(day: Report) -> list[str]:
    """One day in a few lines of at most 80 columns."""
    did = ", ".join(_did(day)) or "nothing to do"
    lines = _wrapped(f"{day['on']}  ", f"{_groups(day)}: {did}")
    todo = [
        f"{count:,} {words}"
        for count, words in (
            (day["cards_due"], "cards to print"),
            (day["user_ids_due"], "user-ID letters"),
            (day["call_backs_due"], "call-backs"),
        )
        if count
    ]
    lines += _wrapped("  today: ", ", ".join(todo)) if todo else []
    for one in day["incidents"]:
        group = f"group {one['group_number']}: " if one["group_number"] else ""
        lines += _wrapped("  incident: ", f"{group}{one['sentence']}")
    return lines


def _wrapped(head: str, text: str) -> list[str]:
    return wrap(text, 80, initial_indent=head, subsequent_indent=" " * len(head))


_BY_FIELD: dict[str, Callable[[Report], list[str]]] = {
    "cards": _cards,
    "mailed": _letters,
    "returned": _returned,
    "days": _daily,
    "confirmed": _confirmed,
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
    if report.get("refused") or report.get("findings") or report.get("waiting"):
        return True
    return "ta1" in report and (
        not report["accepted"] or bool(report["counts"].get("refused") or report["held_why"])
    )


def _more(count: int) -> list[str]:
    return [f"  and {count - _SHOWN:,} more; --json has them all"] if count > _SHOWN else []
