"""What is said of the members of a file, and of the people who are missing from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import AbsenceState, Outcome
from screens.enrollment.words import ABSENCES, OUTCOME_STYLES, OUTCOMES
from screens.widgets.text import join, labelled, lines, plain, short_day, short_minute
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.enrollment import Absence, FileMemberRow

MOST = 100
"""People that one decision can be about."""
_NAMED = 12
"""People that a line names one by one."""

# -- members ---------------------------------------------------------------------------------------


def member_row(member: FileMemberRow) -> TableRow:
    """One member in the list."""
    cells = (
        plain(f"{member.ordinal:>5}"),
        plain(member.subscriber),
        plain(member.name),
        plain(member.maintenance),
        outcome(member.outcome),
        plain(member.why),
    )
    return TableRow(f"{member.ordinal}", cells)


def outcome(one: Outcome) -> Content:
    """What became of it, as shape and word."""
    mark, word = OUTCOMES[one]
    return plain(f"{mark} {word}", OUTCOME_STYLES.get(one, ""))


def member_detail(member: FileMemberRow, number: str, width: int) -> Content:
    """One member: what was asked for, what became of it, where it goes on, what to tell the client."""
    who = f"{member.name or 'no name'}, subscriber {member.subscriber or 'not named'}"
    why_asked = f", {member.reason}" if member.reason else ""
    rows = labelled("member", plain(f"{member.ordinal} of {number}: {who}"), width)
    rows += labelled("asked", plain(f"{member.maintenance}{why_asked}"), width)
    rows += labelled("outcome", join(outcome(member.outcome), f": {member.why}"), width)
    if member.item:
        rows += labelled("case", join((member.item, "bold"), "; Enter opens it"), width)
    rows += labelled("receipt", plain(member.receipt or "none: nothing was written down of it"), width)
    if member.outcome is Outcome.REFUSED:
        rows += labelled("SAY", plain(f'"{tell(member)}"', "bold"), width)
    return lines(*rows)


def tell(member: FileMemberRow) -> str:
    """What to tell the client about a member who was refused."""
    why = member.why.strip().rstrip(".")
    what = f"{member.maintenance} of subscriber {member.subscriber}"
    return f"We could not take the {what}: {why}. Please correct it and send it again."


# -- people who are missing ------------------------------------------------------------------------


def absence_row(absence: Absence, *, marked: bool, today: date) -> TableRow:
    """One missing person in the list."""
    box = plain(" - ", "$text-muted")
    if absence.state is AbsenceState.OPEN:
        doubt = "!" if absence.warning else ""
        box = plain(f"{'[x]' if marked else '[ ]'}{doubt}", "bold" if marked else "")
    cells = (
        box,
        plain(absence.name),
        plain(absence.relationship),
        plain(absence.group),
        plain(absence.subscriber),
        plain(f"{absence.covered_from}"),
        plain(decided(absence, today), "" if absence.state is AbsenceState.OPEN else "$text-muted"),
    )
    return TableRow(absence.key, cells)


def decided(absence: Absence, today: date) -> str:
    """What was decided about somebody."""
    if absence.state is AbsenceState.APPROVED and absence.ends_on is not None:
        return f"ends {short_day(absence.ends_on, today)}"
    return ABSENCES[absence.state]


def absence_detail(absence: Absence | None, marked: Sequence[Absence], now: datetime, width: int) -> Content:
    """The person under the cursor, and who is marked."""
    rows: list[Content] = []
    if absence is not None:
        whose = f"{absence.relationship}, MRN {absence.mrn}"
        where = f"subscriber {absence.subscriber} in group {absence.group}"
        rows += labelled("person", join((absence.name, "bold"), f", {whose}, {where}"), width)
        lines_of = f": {absence.lines}" if absence.lines else ""
        rows += labelled("covered", plain(f"from {absence.covered_from}{lines_of}"), width)
        rows += (
            labelled("warning", plain(absence.warning, "bold $text-warning"), width)
            if absence.warning
            else []
        )
        rows += labelled("decided", plain(_by_whom(absence, now)), width)
    if marked:
        words = join((people(marked), "bold"), f": {names(marked)}")
        rows += labelled("marked", words, width)
    return lines(*rows) if rows else plain("")


def _by_whom(absence: Absence, now: datetime) -> str:
    if absence.state is AbsenceState.OPEN:
        return "not yet: active here, missing from the file"
    if absence.state is AbsenceState.LISTED:
        return "nothing is to be decided: the file only compares"
    what = "stays covered"
    if absence.state is AbsenceState.APPROVED:
        what = f"coverage ended, last covered day {absence.ends_on}"
    when = f" {short_minute(absence.decided_at, now)}" if absence.decided_at else ""
    by = f" by {absence.decided_by}" if absence.decided_by else ""
    back = f"; u takes it back until {clock(absence.undo_until, now)}" if can_undo(absence, now) else ""
    return f"{what},{by}{when}{back}" if by or when else f"{what}{back}"


def can_undo(absence: Absence, now: datetime) -> bool:
    """Whether the asking rep can still take this decision back."""
    return absence.undo_until is not None and absence.undo_until > now


def clock(instant: datetime | None, now: datetime) -> str:
    """Hour and minute in the zone of `now`."""
    return f"{instant.astimezone(now.tzinfo):%H:%M}" if instant is not None else ""


def people(some: Sequence[Absence]) -> str:
    """`1 person`, `3 people`."""
    return "1 person" if len(some) == 1 else f"{len(some)} people"


def names(some: Sequence[Absence]) -> str:
    """`A. NAME, B. NAME and C. NAME`; of very many the first ones."""
    comma = "; " if any("," in one.name for one in some) else ", "
    named = [one.name or "no name" for one in some[:_NAMED]]
    if len(some) > _NAMED:
        return f"{comma.join(named)} and {len(some) - _NAMED} more, all marked [x] in the list"
    *first, last = named
    return f"{comma.join(first)} and {last}" if first else last


def end_line(some: Sequence[Absence], day: date) -> Content:
    """Asked before coverage is ended: how many, with which day, and whom."""
    doubtful = [one for one in some if one.warning]
    doubt = f"; LOOK TWICE at {names(doubtful)}" if doubtful else ""
    return join("end the coverage of ", (people(some), "bold"), f" on {day}: {names(some)}", (doubt, "bold"))


def keep_line(some: Sequence[Absence], reason: str) -> Content:
    """Asked before people are left covered."""
    why = f"; reason: {reason}" if reason else ""
    return join("leave ", (people(some), "bold"), f" covered: {names(some)}{why}")


def undo_line(some: Sequence[Absence], number: str) -> Content:
    """Asked before a decision is taken back: its target first."""
    ended = sum(one.state is AbsenceState.APPROVED for one in some)
    what = "the end of coverage of" if ended == len(some) else "the decision about"
    return join(f"take back {what} ", (people(some), "bold"), f" of {number}: {names(some)}")


def done(some: Sequence[Absence], now: datetime) -> str:
    """Said after a decision, from how the people stand now."""
    first = some[0]
    what = f"stay{'s' if len(some) == 1 else ''} covered"
    if first.state is AbsenceState.APPROVED:
        what = f"ends with {first.ends_on}"
    until = max((one.undo_until for one in some if one.undo_until), default=None)
    back = f"; u takes it back until {clock(until, now)}" if until else ""
    of = "Coverage of " if first.state is AbsenceState.APPROVED else ""
    return f"{of}{people(some)} {what}{back}."


def overtaken(marked: Sequence[Absence]) -> str:
    """Who of the marked was decided about by somebody else meanwhile; empty for nobody."""
    gone = [one for one in marked if one.state is not AbsenceState.OPEN]
    if not gone:
        return ""
    words = ", ".join(
        f"{one.name} {'was ended' if one.state is AbsenceState.APPROVED else 'stays covered'}"
        f"{f' by {one.decided_by}' if one.decided_by else ''}"
        for one in gone[:_NAMED]
    )
    more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
    return f"Decided meanwhile, no longer marked: {words}{more}."
