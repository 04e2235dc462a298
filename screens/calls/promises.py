"""What is said of promised call-backs: the list, the one to call now, and when to promise one for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import CallBackOutcome
from screens.calls.words import OUTCOMES
from screens.widgets.prompt import Choice
from screens.widgets.text import join, labelled, lines, plain, urgent
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.calls import CallBack, CallBackRow

COLUMNS = (
    Column("due", 24),
    Column("group", 8),
    Column("who", 18),
    Column("tries", 5),
    Column("reason", 0),
)
WHY = (
    "A call-back goes to the number on record and to no other. A message names who called and the number, "
    "nothing else. After the tries that the plan allows it is given up; overdue ones stand on top."
)
OUTCOME_CHOICES = [Choice(label, outcome) for outcome, label in OUTCOMES.items()]
OPENS, CLOSES = time(8), time(17)
"""The service center's hours, Monday to Friday; the plan's FAQ names them for the bill phone."""
_MORNING_ENDS = time(12)
_SHORTEST = timedelta(minutes=30)
_WINDOW = re.compile(
    r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})\s+(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?", re.ASCII
)


# -- the list --------------------------------------------------------------------------------------


def row(one: CallBackRow, now: datetime) -> TableRow:
    """One promise, and how urgent it is."""
    cells = (
        urgent(one.urgency, window(one.due_from, one.due_to, now)),
        plain(one.group_number),
        plain(one.who),
        plain(f"{one.tries}/{one.tries + one.tries_left}"),
        plain(one.reason),
    )
    return TableRow(one.id, cells)


def window(due_from: datetime, due_to: datetime, now: datetime) -> str:
    """`11-24 14:00-16:00`, in the zone of `now`."""
    begin, end = due_from.astimezone(now.tzinfo), due_to.astimezone(now.tzinfo)
    day = f"{begin:%m-%d} " if begin.date() != now.date() else "today "
    last = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%m-%d %H:%M}"
    return f"{day}{begin:%H:%M}-{last}"


def about(one: CallBackRow, now: datetime, width: int) -> Content:
    """Whom, why, and what came of it so far; the number comes with Enter."""
    tried = OUTCOMES[one.last] if one.last is not None else "not tried yet"
    later = f", not again before {one.next_from.astimezone(now.tzinfo):%m-%d %H:%M}" if one.next_from else ""
    rows = [join((f" {one.id}  {one.who}", "bold"), f"  {one.group_number} {one.group_name}")]
    rows += labelled("why", plain(one.reason), width)
    rows += labelled("tries", plain(f"{one.tries}, {one.tries_left} left; {tried}{later}"), width)
    rows += labelled("with", plain(one.rep or "nobody yet"), width)
    return lines(*rows)


def to_call(one: CallBack, now: datetime, width: int) -> Content:
    """The number on record, and the message that may be left."""
    number = one.number
    extension = f" x{number.extension}" if number.extension else ""
    rows = [join((f" {one.id}  CALL {number.name}  {number.phone}{extension}", "bold"))]
    rows += labelled("message", plain(f'"{one.message}"  and nothing else'), width)
    rows += labelled("why", plain(one.reason), width)
    return lines(*rows)


def tried(one: CallBackRow, outcome: CallBackOutcome) -> str:
    """What is said after a try."""
    if outcome is CallBackOutcome.REACHED:
        return f"{one.id} is done: {one.who} was reached."
    if not one.tries_left:
        return f"{one.id} is given up after {one.tries} tries."
    return f"{one.id}: {OUTCOMES[outcome]}; {one.tries_left} left."


# -- when to call back -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A span of time on one day in the service center's zone."""

    begin: datetime
    end: datetime


def today(now: datetime) -> Window | None:
    """The rest of today's hours; None where too little of it is left."""
    if now.weekday() > 4:
        return None
    begin = max(now + timedelta(hours=1), _at(now, OPENS)).replace(second=0, microsecond=0)
    end = _at(now, CLOSES)
    return Window(begin, end) if end - begin >= _SHORTEST else None


def tomorrow_morning(now: datetime) -> Window:
    """The next working day, until noon."""
    day = now + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return Window(_at(day, OPENS), _at(day, _MORNING_ENDS))


def typed(text: str, now: datetime) -> Window | str:
    """What `11-24 14:00-16:00` names, or a sentence about what cannot be read."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        return "Write day and hours as 11-24 14:00-16:00."
    year, month, day, *hours = (int(part) if part else None for part in found.groups())
    from_hour, from_minute, to_hour, to_minute = hours
    try:
        begin = _at(now, time(from_hour or 0, from_minute or 0)).replace(
            year=year or now.year, month=month or 0, day=day or 0
        )
        end = begin.replace(hour=to_hour or 0, minute=to_minute or 0)
    except ValueError:
        return f"{text.strip()} is no day with hours."
    if year is None and begin < now - timedelta(days=1):
        begin, end = begin.replace(year=now.year + 1), end.replace(year=now.year + 1)
    if end <= now or end - begin < _SHORTEST:
        return "The hours must lie ahead and last half an hour at least."
    return Window(begin, end)


def _at(day: datetime, hour: time) -> datetime:
    return day.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
