"""The review: the enrollment beside its candidates, a row a field, and what is said below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import MatchState, RejectReason, Verdict
from screens.matching.presentation import (
    CHANNELS,
    REJECT_REASONS,
    TYPES,
    can_undo,
    clock,
    until,
    what,
)
from screens.widgets.text import fit, hanging, join, lines, plain, short_minute
from screens.widgets.text import place as on_one_line

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, FieldComparison, MatchItem, PersonView

SIGNS = {
    Verdict.SAME: ("=", "$text-success"),
    Verdict.NEAR: ("~", "$text-warning"),
    Verdict.DIFFERS: ("#", "bold $text-error"),
    Verdict.MISSING: ("?", "$text-muted"),
}
LEGEND = "= same  ~ near  # differs  ? missing on one side"
WIDE = 116
"""Cells from which three candidates stand side by side."""
BESIDE = 3
_LABEL = 11
_INCOMING = 26
_SAID_BY_SIGN = ("same", "differs", "missing")
"""Words of a verdict that its sign says already."""
_KEY_FIELDS = ("SSN", "birth date")
_FIELDS = {
    "last name": "last name",
    "first name": "first name",
    "middle name": "middle",
    "suffix": "suffix",
    "birth date": "born",
    "SSN": "SSN",
    "sex": "sex",
    "address": "address",
    "phone": "phone",
}


def name(person: PersonView) -> str:
    """`SMITH, JANE ANN`."""
    given = " ".join(part for part in (person.first_name, person.middle_name) if part)
    family = " ".join(part for part in (person.last_name, person.suffix) if part)
    return ", ".join(part for part in (family, given) if part) or "no name"


def _value(field: str, person: PersonView) -> str:
    if field == "address":
        address = on_one_line(person.address)
        return "" if address == "no address" else address
    if field == "SSN":
        return f"***-**-{person.ssn_last4}" if person.ssn_last4 else ""
    values: dict[str, str] = {
        "last name": person.last_name,
        "first name": person.first_name,
        "middle name": person.middle_name,
        "suffix": person.suffix,
        "birth date": person.birth_date,
        "sex": person.sex,
        "phone": person.phone,
    }
    return values.get(field, "")


# -- one candidate in words ------------------------------------------------------------------------


def agreement(candidate: Candidate) -> str:
    """`6 of 7 fields`: those that are the same of those that could be compared."""
    compared = [one for one in candidate.comparisons if one.verdict is not Verdict.MISSING]
    same = sum(one.verdict is Verdict.SAME for one in compared)
    return f"{same} of {len(compared)} fields"


def _doubts(candidate: Candidate) -> str:
    words = []
    for verdict, title in ((Verdict.DIFFERS, "differs"), (Verdict.NEAR, "near")):
        fields = [_doubt(one) for one in candidate.comparisons if one.verdict is verdict]
        if fields:
            words.append(f"{title}: {', '.join(fields)}")
    return "; ".join(words)


def _doubt(one: FieldComparison) -> str:
    label = _FIELDS.get(one.field, one.field)
    return label if one.words in _SAID_BY_SIGN or not one.words else f"{label} ({one.words})"


def one_line(number: int, candidate: Candidate) -> Content:
    """A candidate that is not shown, in one line."""
    keys = {one.field: one.verdict for one in candidate.comparisons}
    words: list[str | Content | tuple[str, str]] = [
        f" {number}  {candidate.score:+.1f}  {candidate.mrn}  {name(candidate.person)}",
        f"  {candidate.person.birth_date or 'no birth date'}",
    ]
    for field in _KEY_FIELDS:
        sign, style = SIGNS[keys.get(field, Verdict.MISSING)]
        words += [f"  {_FIELDS[field]} ", (sign, style)]
    return join(*words, f"  {agreement(candidate)}")


def keep_order(seen: Sequence[Candidate], present: Sequence[Candidate]) -> list[Candidate]:
    """The present candidates, those seen before in their places: a digit never comes to mean another."""
    by_mrn = {one.mrn: one for one in present}
    known = [by_mrn[one.mrn] for one in seen if one.mrn in by_mrn]
    before = {one.mrn for one in seen}
    return known + [one for one in present if one.mrn not in before]


# -- the comparison --------------------------------------------------------------------------------


def compare(item: MatchItem, at: int, shown: bool, width: int) -> list[Content]:
    """The enrollment and the candidates beside it, a row a field; `at` is the one looked at."""
    several = width >= WIDE
    first = max(0, min(at - 1, len(item.candidates) - BESIDE)) if several else at
    beside = list(enumerate(item.candidates))[first : first + (BESIDE if several else 1)]
    if not several:
        widths = [_LABEL, _INCOMING, width - _LABEL - _INCOMING - 5]
    else:
        columns = max(1, len(beside))
        cell = (width - _LABEL - _INCOMING - 2 * (columns + 1) - 1) // columns
        widths = [_LABEL, _INCOMING, *[cell] * columns]
    of = "" if several else f" of {len(item.candidates)}"
    heads = [_head(f"{number + 1}{of}", one, chosen=shown and number == at) for number, one in beside]
    incoming = plain("INCOMING, masked" if item.masked else "INCOMING", "bold")
    rows = _row([plain("field", "$text-muted"), incoming, *heads], widths)
    for field in _FIELDS:
        rows += _field(field, item, [one for _, one in beside], widths)
    group = f"{item.group_number} {item.group_name or 'NOT ON FILE'}"
    rows += _row([plain("group"), plain(group), *[_group(item, one) for _, one in beside]], widths)
    starts = f"from {item.coverage_from}" if item.coverage_from else "no date"
    rows += _row(
        [plain("coverage"), plain(starts), *[plain(f"  {one.coverage}") for _, one in beside]], widths
    )
    rest = [(number, one) for number, one in enumerate(item.candidates) if (number, one) not in beside]
    return rows + [fit(one_line(number + 1, one), width) for number, one in rest]


def _head(number: str, candidate: Candidate, *, chosen: bool) -> Content:
    mark = ">" if chosen else " "
    style = "bold reverse" if chosen else "bold"
    return join((f"{mark}{number}  {candidate.score:+.1f}  MRN {candidate.mrn}", style))


def _group(item: MatchItem, candidate: Candidate) -> Content:
    number = candidate.group.split(" ", 1)[0]
    sign = SIGNS[Verdict.SAME if number == item.group_number else Verdict.DIFFERS]
    return join(sign, f" {candidate.group}")


def _field(field: str, item: MatchItem, beside: Sequence[Candidate], widths: list[int]) -> list[Content]:
    ours = _value(field, item.enrollee)
    theirs = [_value(field, one.person) for one in beside]
    if not ours and not any(theirs):
        return []
    verdicts = [{one.field: one for one in candidate.comparisons}.get(field) for candidate in beside]
    cells = [_cell(ours, value, verdict) for value, verdict in zip(theirs, verdicts, strict=True)]
    return _row([plain(_FIELDS[field]), plain(ours or "-"), *cells], widths)


def _cell(ours: str, value: str, verdict: FieldComparison | None) -> Content:
    if verdict is None:
        return plain(f"  {value}")
    sign = SIGNS[verdict.verdict]
    words = "" if verdict.words in _SAID_BY_SIGN else verdict.words
    shown = _marked(ours, value) if verdict.verdict is Verdict.NEAR else plain(value or "-")
    return join(sign, " ", shown, (f"  {words}" if words else "", sign[1]))


def _marked(ours: str, theirs: str) -> Content:
    """The other value with the characters underlined that the enrollment has not."""
    pieces: list[tuple[str, str]] = []
    for kind, _, _, start, stop in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        pieces.append((theirs[start:stop], "" if kind == "equal" else "bold underline"))
    return join(*pieces)


def _row(cells: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    """One row of cells, as many lines high as its longest cell needs."""
    wrapped = [
        [line.rstrip() for line in cell.wrap(max(width, 2))] or [plain("")]
        for cell, width in zip(cells, widths, strict=False)
    ]
    return [
        join(" ", _between([(cell, width) for cell, width in zip(row, widths, strict=False)]))
        for row in zip_longest(*wrapped, fillvalue=plain(""))
    ]


def _between(cells: list[tuple[Content, int]]) -> Content:
    """The label, then the cells with a bar before each."""
    bar = plain("| ", "$text-muted")
    return fit(*cells[0]) + Content("").join(bar + fit(*cell) for cell in cells[1:])


def _said(label: str, text: Content, width: int) -> list[Content]:
    """Rows of a text wrapped beside its label, in the columns of the comparison."""
    return hanging(fit(plain(f" {label}", "$text-muted"), _LABEL + 1), text, width)


# -- the whole picture -----------------------------------------------------------------------------


def review(item: MatchItem, now: datetime, me: str, at: int, shown: bool, width: int) -> Content:
    """Where the item stands, the comparison, what to beware of, why a person must look, what happened."""
    rows = [*standing(item, now, me, width), *compare(item, at, shown, width)]
    if not item.masked and not item.candidates:
        rows += _said("NEW?", plain("nobody on file is likely this person; x makes a new chart."), width)
    for number, one in enumerate(item.candidates, start=1):
        if one.warnings:
            rows += _said(f"BEWARE {number}", plain("; ".join(one.warnings), "bold $text-warning"), width)
    rows += _said("NOT AUTO", plain(item.why_not_automatic or "-"), width)
    if width >= WIDE and item.candidates:
        candidate = item.candidates[at]
        words = f"{agreement(candidate)} agree. {_doubts(candidate) or 'Nothing differs.'}"
        rows += _said(f"WHY {at + 1}", plain(words), width)
    rows += _history(item, now, width)
    return lines(*rows)


def _history(item: MatchItem, now: datetime, width: int) -> list[Content]:
    rows: list[Content] = []
    for number, one in enumerate(item.history):
        words = plain(f"{short_minute(one.at, now)}  {one.who}: {_in_words(one.what)}")
        rows += _said("HISTORY" if number == 0 else "", words, width)
    return rows


def _in_words(happened: str) -> str:
    """What happened, its codes in the words of the desk."""
    if happened.startswith("link "):
        mrn, _, why = happened.removeprefix("link ").partition(" ")
        return f"link to MRN {mrn}, {why}" if why else f"link to MRN {mrn}"
    if happened.startswith("create"):
        mrn, _, why = happened.removeprefix("create").strip().partition(" ")
        if mrn and not mrn.isdecimal():
            mrn, why = "", f"{mrn} {why}".strip()
        return ", ".join(part for part in (f"new chart {mrn}".strip(), why) if part)
    for reason, label in REJECT_REASONS.items():
        if happened == f"reject {reason.value}":
            return f"returned to the employer: {label}"
    return happened


def standing(item: MatchItem, now: datetime, me: str, width: int) -> list[Content]:
    """The first lines: whose the item is, or what it waits for, and what it asks for."""
    asks = f"{TYPES[item.type]}, {item.relationship or 'relationship not told'}, {item.source}"
    came = f"{CHANNELS[item.channel]} {short_minute(item.submitted_at, now)}"
    again = "REOPENED  " if item.reopened else ""
    return [*_state(item, now, me, width), *_said("asks", plain(f"{again}{asks}, {came}"), width)]


def _state(item: MatchItem, now: datetime, me: str, width: int) -> list[Content]:
    if item.state is MatchState.WAITING_EMPLOYER:
        asked = join(("the employer was asked: ", "bold"), item.question or "", "   z: the answer")
        return _said("WAITS", asked, width)
    if item.state is MatchState.PENDING_APPROVAL:
        return _said("WAITS", _approval(item, now), width)
    if item.state is MatchState.APPLIED or item.state is MatchState.RETURNED:
        back = f"; u takes it back until {until(item.undo_until, now)}" if can_undo(item, now) else ""
        return _said("DONE", plain(f"{what(item)}{back}", "bold"), width)
    lease = until(item.lease_until, now)
    if not item.masked:
        return _said("YOURS", plain(f"until {lease}, renewed by itself while it is open"), width)
    if item.holder is None:
        return _said("FREE", plain("nobody has it; F7 takes it", "bold"), width)
    holder = "You have it at another desk" if item.holder == me else f"{item.holder} has it"
    return _said(
        "TAKEN", plain(f"{holder} until {lease}; you see it masked. n takes the next", "bold"), width
    )


def _approval(item: MatchItem, now: datetime) -> Content:
    if not item.masked:
        return plain(f"for a second person: {what(item)}. a approves it, d sends it back", "bold")
    back = f" u takes it back until {until(item.undo_until, now)}." if can_undo(item, now) else ""
    return plain(f"for a second person, another than who decided: {what(item)}.{back}", "bold")


def subject(item: MatchItem | None, number: str | None, now: datetime, *, wide: bool) -> Content:
    """What the head line says: the item and its clock; with room, until when it is the rep's."""
    if item is None:
        return plain(f"MATCH {number or ''}")
    words = join("MATCH ", (item.id, "bold"), "  due ", clock(item, now))
    if wide and item.lease_until and not item.masked:
        words = join(words, f"  yours until {until(item.lease_until, now)} (renews)")
    return words


# -- the lines that Enter confirms -----------------------------------------------------------------


def link_line(item: MatchItem, candidate: Candidate) -> Content:
    """`link M-20418 to MRN 88120441 SMITH, JANE ANN`."""
    return join(
        "link ", (item.id, "bold"), " to MRN ", (candidate.mrn, "bold"), " ", (name(candidate.person), "bold")
    )


def create_line(item: MatchItem) -> Content:
    """A new chart, and how far the first candidate agrees."""
    words = join("create a ", ("NEW", "bold"), f" chart for {item.id} ", (name(item.enrollee), "bold"))
    if not item.candidates:
        return join(words, "; nobody on file is near")
    return join(words, (f"; 1 agrees on {agreement(item.candidates[0])}", "bold $text-warning"))


def reject_line(item: MatchItem, reason: RejectReason, note: str) -> Content:
    """Back to the employer, and why."""
    said = f'; note "{note}"' if note else ""
    return plain(f"return {item.id} to the employer: {REJECT_REASONS[reason]}{said}")


def why(item: MatchItem, at: int) -> Content:
    """Why a person must look, how the candidate looked at compares, and what the signs mean."""
    rows = [plain(f"Not automatic: {item.why_not_automatic or 'no reason was given'}.")]
    if item.candidates:
        candidate = item.candidates[at]
        rows.append(plain(f"Candidate {at + 1}: {agreement(candidate)} agree. {_doubts(candidate)}"))
    rows.append(plain(LEGEND))
    rows.append(
        plain(
            "A second person must agree when SSN or birth date differ, when there is a warning about the "
            "member, or when a new chart is made although a member on file agrees well."
        )
    )
    return lines(*rows)
