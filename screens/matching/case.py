"""The whole case in words: where it stands, the evidence, what to beware of, family and history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import MatchState, RejectReason
from screens.matching import evidence
from screens.matching.comparison import LABEL, compare, others
from screens.matching.evidence import LEGEND, agreement, doubts, name
from screens.matching.presentation import (
    CHANNELS,
    REJECT_REASONS,
    TYPES,
    can_undo,
    clock,
    until,
    waits_because,
    what,
)
from screens.widgets.text import fit, hanging, join, lines, paragraph, plain, short_day, short_minute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api_client.types.matching import Candidate, FamilyMember, MatchItem

_OPEN = (MatchState.QUEUED, MatchState.IN_REVIEW)


_CODES = {
    "link": "link to MRN",
    "create": "new chart",
    **{f"reject, {reason}": f"returned to the employer, {words}" for reason, words in REJECT_REASONS.items()},
}
"""How the history begins, and what it means."""


def _said(label: str, text: Content, width: int) -> list[Content]:
    """Rows of a text wrapped beside its label, in the columns of the comparison."""
    return hanging(fit(plain(f" {label}", "$text-muted"), LABEL + 1), text, width)


def _told(label: str, rows: Sequence[Content], width: int) -> list[Content]:
    """Several texts below one label."""
    told: list[Content] = []
    for number, row in enumerate(rows):
        told += _said("" if number else label, row, width)
    return told


# -- the whole picture -----------------------------------------------------------------------------


def review(item: MatchItem, now: datetime, me: str, at: int, shown: bool, width: int) -> Content:
    """Everything there is to say about the case."""
    return lines(*evidence_rows(item, now, me, at, shown, width), *background_rows(item, now, at, width))


def evidence_rows(item: MatchItem, now: datetime, me: str, at: int, shown: bool, width: int) -> list[Content]:
    """Where it stands, the comparison, what to beware of, what it adds up to, why a person must look."""
    rows = [*standing(item, now, me, width), *compare(item, at, shown, width)]
    if not item.masked and not item.candidates:
        rows += _said("NEW?", plain("nobody on file is likely this person; x makes a new chart."), width)
    rows += [*_warnings(item, at, width), *others(item, at, width)]
    if item.candidates:
        candidate = item.candidates[at]
        rows += _told(f"WHY {at + 1}", evidence.waterfall(candidate, width - LABEL - 1), width)
    return [*rows, *_said("NOT AUTO", plain(item.why_not_automatic or "-"), width)]


def background_rows(item: MatchItem, now: datetime, at: int, width: int) -> list[Content]:
    """The family on both sides, and what happened so far."""
    rows = _told("FAMILY", [_relative(one) for one in item.family], width)
    if item.candidates:
        family = item.candidates[at].family
        rows += _told(f"FAMILY {at + 1}", [_relative(one) for one in family], width)
    for number, one in enumerate(item.history):
        head = join((short_minute(one.at, now), "$text-muted"), f"  {one.who}: {_in_words(one.what)}")
        rows += _said("" if number else "HISTORY", head, width)
    return rows


def _warnings(item: MatchItem, at: int, width: int) -> list[Content]:
    rows: list[Content] = []
    apart: list[Content] = []
    by_candidate = {text for one in item.candidates for text in one.warnings}
    by_candidate |= {f"{one.mrn}: {text}" for one in item.candidates for text in one.warnings}
    for text in item.warnings:
        if text not in by_candidate:
            rows += _said("WARNING", plain(text, "bold $text-warning"), width)
    numbered = enumerate(item.candidates, start=1)
    same: dict[str, list[int]] = {}  # what is said of several stands once
    for number, one in sorted(numbered, key=lambda pair: pair[0] != at + 1):  # of the one looked at first
        if one.warnings:
            same.setdefault("; ".join(one.warnings), []).append(number)
        if one.told_apart:
            apart += _said(f"APART {number}", plain(one.told_apart, "bold $text-warning"), width)
    for text, numbers in same.items():
        several = f"{', '.join(map(str, numbers))}: " if len(numbers) > 1 else ""
        label = "WARNING" if several else f"WARNING {numbers[0]}"
        rows += _said(label, plain(several + text, "bold $text-warning"), width)
    return rows + apart


def _relative(one: FamilyMember) -> Content:
    number = f"MRN {one.mrn}" if one.mrn else "not on file yet"
    parts = (one.name, one.relationship, one.birth_date, number, one.standing)
    return plain("  ".join(part for part in parts if part))


def _in_words(happened: str) -> str:
    """What happened, its codes in the words of the desk."""
    for code, words in _CODES.items():
        if happened == code or happened.startswith((f"{code} ", f"{code}, ", f"{code}: ")):
            return words + happened.removeprefix(code)
    return happened


# -- where it stands -------------------------------------------------------------------------------


def standing(item: MatchItem, now: datetime, me: str, width: int) -> list[Content]:
    """The first lines: what it waits for or whose it is, and what it asks for."""
    state = [] if item.blind else _state(item, now, me, width)
    came = f"{CHANNELS[item.channel]} {short_minute(item.submitted_at, now)}"
    asks = [TYPES[item.type], item.relationship or "relationship not told", item.source, came]
    flagged = (("CARE NOW", item.urgent), ("REOPENED", item.reopened), ("FOR A LEAD", item.escalated))
    flags = [word for word, on in flagged if on]
    text = join(("  ".join([*flags, ""]), "bold"), ", ".join(asks))
    yours = f", yours to {until(item.lease_until, now)}"
    if not item.masked and item.state in _OPEN and item.lease_until:
        room = width - LABEL - 1 - len(yours)
        text = join(text, yours) if text.cell_length <= room else text
    if item.blind:
        blind = "what was decided is not shown; say what you would decide, it changes nothing"
        state = _said("BLIND", plain(blind, "bold"), width)
    return [*state, *_said("ASKS", text, width)]


def _state(item: MatchItem, now: datetime, me: str, width: int) -> list[Content]:
    if item.state is MatchState.WAITING_EMPLOYER:
        return _told("WAITS", _waiting(item, now), width)
    if item.state is MatchState.PENDING_APPROVAL:
        return _said("WAITS", _approval(item, now), width)
    if item.state is MatchState.APPLIED or item.state is MatchState.RETURNED:
        by = f"{item.decided_by}: " if item.decided_by else ""
        back = f"; u takes it back until {until(item.undo_until, now)}" if can_undo(item, now) else ""
        return _said("DONE", plain(f"{by}{what(item)}{back}", "bold"), width)
    if not item.masked:
        return []
    lease = until(item.lease_until, now)
    if item.holder is None:
        kept = f"; kept for {item.kept_for}" if item.kept_for else ""
        return _said("FREE", plain(f"nobody has it; F7 takes it{kept}", "bold"), width)
    holder = "You have it at another desk" if item.holder == me else f"{item.holder} has it"
    return _said(
        "TAKEN", plain(f"{holder} until {lease}; you see it masked. n takes the next", "bold"), width
    )


def _waiting(item: MatchItem, now: datetime) -> list[Content]:
    """The open question, when the employer is reminded of it, and the last day for an answer."""
    rows = [join(("the employer was asked: ", "bold"), paragraph(item.question or ""), "   z: the answer")]
    days = [short_day(day, now.date()) for day in item.reminders]
    said = [f"reminded on {' and '.join(days)}"] if days else []
    if item.returned_on:
        said.append(
            f"returned to the employer on {short_day(item.returned_on, now.date())} without an answer"
        )
    if item.kept_for:
        said.append(f"then kept for {item.kept_for}")
    return [*rows, plain("; ".join(said))] if said else rows


def _approval(item: MatchItem, now: datetime) -> Content:
    by = f"{item.decided_by}: " if item.decided_by else ""
    waits = f"{by}{what(item)}; waits for a second person{waits_because(item)}"
    if not item.masked:
        return plain(f"{waits}. a approves it, d sends it back", "bold")
    back = f" u takes it back until {until(item.undo_until, now)}." if can_undo(item, now) else ""
    return plain(f"{waits}, another than who decided.{back}", "bold")


def enrollee_line(item: MatchItem) -> Content:
    """Who is looked for, in one line."""
    person = item.enrollee
    parts = (person.birth_date or "no birth date", evidence.value("SSN", person) or "no SSN", person.sex)
    told = "  ".join(part for part in parts if part)
    return join(" looked for: ", (name(person), "bold"), f"  {told}")


def subject(item: MatchItem | None, number: str | None, now: datetime, *, wide: bool) -> Content:
    """What the head line says: the item and its clock; with room, until when it is the rep's."""
    if item is None:
        return plain(f"MATCH {number or ''}")
    if item.blind:
        return join("SECOND LOOK ", (item.id, "bold"))
    words = join("MATCH ", (item.id, "bold"), "  due ", clock(item, now))
    if wide and item.lease_until and not item.masked:
        words = join(words, f"  yours until {until(item.lease_until, now)} (renews)")
    return words


# -- the lines that Enter confirms -----------------------------------------------------------------


def _second(reason: str) -> tuple[str, str]:
    return (f"; a second person must agree: {reason}" if reason else "", "bold $text-warning")


def link_line(item: MatchItem, candidate: Candidate) -> Content:
    """`link M-20418 to MRN 88120441 SMITH, JANE ANN`, and whether a second person must agree."""
    words: list[str | tuple[str, str]] = [
        "link ",
        (item.id, "bold"),
        " to MRN ",
        (candidate.mrn, "bold"),
        " ",
    ]
    words.append((name(candidate.person), "bold"))
    return join(*words) if item.blind else join(*words, _second(candidate.second_person))


def create_line(item: MatchItem) -> Content:
    """A new chart, how far the first candidate agrees, and whether a second person must agree."""
    words = join("create a ", ("NEW", "bold"), f" chart for {item.id} ", (name(item.enrollee), "bold"))
    if not item.candidates:
        words = join(words, "; nobody on file is near")
    else:
        words = join(words, (f"; 1 agrees on {agreement(item.candidates[0])} fields", "bold $text-warning"))
    return words if item.blind else join(words, _second(item.second_person_for_new))


def reject_line(item: MatchItem, reason: RejectReason, note: str) -> Content:
    """Back to the employer, and why."""
    said = f'; note "{note}"' if note else ""
    return plain(f"return {item.id} to the employer: {REJECT_REASONS[reason]}{said}")


def unlink_line(item: MatchItem, reason: str) -> Content:
    """What is taken apart, why, and that it takes two."""
    words = join("take ", (item.id, "bold"), f" apart ({what(item)}): {reason}")
    return join(words, ("; a second person must agree", "bold $text-warning"))


def why(item: MatchItem, at: int) -> Content:
    """Why a person must look, how the candidate looked at compares, and what the signs mean."""
    rows = [plain(f"Not automatic: {item.why_not_automatic or 'no reason was given'}.")]
    if item.candidates:
        candidate = item.candidates[at]
        differs = doubts(candidate) or "Nothing differs."
        rows.append(plain(f"Candidate {at + 1}: {agreement(candidate)} fields agree. {differs}"))
    rows.append(
        plain(
            f"{LEGEND}. The figures are evidence in bits: +1 makes it twice as likely that the two are one "
            "person, -1 half as likely. The score is their sum."
        )
    )
    rows.append(
        plain(
            "A second person must agree when SSN or birth date differ, when there is a warning about the "
            "member, when a new chart is made although a member on file agrees well, and to take apart "
            "what was applied."
        )
    )
    return lines(*rows)
