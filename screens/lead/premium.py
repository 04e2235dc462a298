"""What the lead's board says of premium: requests to decide, holds, incidents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from screens.billing.presentation import HOLDS
from screens.lead.words import INCIDENTS
from screens.widgets.text import labelled, plain, short_day
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.lead import AskedBack, HoldOnBoard, IncidentOnBoard, LeadBoard

Line = tuple[TableRow, str, list[tuple[str, str]]]
"""A row, the group it is about, and what is said of it below: (label, words)."""


def of_board(board: LeadBoard, now: datetime) -> list[Line]:
    """The lines of the list, in its order."""
    today = now.date()
    return [
        *(_asked_back(one, today) for one in board.asked_back),
        *(_hold(one, today) for one in board.holds),
        *(_incident(one, today) for one in board.incidents),
    ]


def says(told: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """What is said below the list of the line under the cursor."""
    return [row for label, words in told for row in labelled(label, plain(words), width)]


def _row(key: str, cells: tuple[str, str, str, date, str], today: date, *, waits: bool = False) -> TableRow:
    what, number, group, since, about = cells
    style = "bold $text-warning" if waits else ""
    texts = (plain(what, style), *map(plain, (number, group or "-", short_day(since, today), about)))
    return TableRow(key, texts)


def _asked_back(one: AskedBack, today: date) -> Line:
    about = "coverage that ended unpaid, to be given back"
    row = _row(
        one.id, ("[!] to decide", one.id, one.group_number, one.requested_on, about), today, waits=True
    )
    asked = f"group {one.group_number} asked on {one.requested_on} for coverage that ended unpaid"
    told = [
        ("request", f"{one.id}: {asked}"),
        ("to do", "Enter opens its bill, which says what stands against it; decide it there"),
    ]
    return row, one.group_number, told


def _hold(one: HoldOnBoard, today: date) -> Line:
    until = f"until {short_day(one.to_on, today)}" if one.to_on else "until it is lifted"
    stops = "dates stop" if one.stops_dates else "no date moves"
    about = f"{HOLDS[one.kind]}, {until}; {stops}"
    row = _row(one.id, ("hold", one.id, one.group_number, one.from_on, about), today)
    told = [(one.id, f"group {one.group_number}: {about}"), ("to do", "Enter opens its bill; lift it there")]
    return row, one.group_number, told


def _incident(one: IncidentOnBoard, today: date) -> Line:
    row = _row(f"incident {one.id}", (INCIDENTS[one.kind], "", one.group_number, one.on, one.sentence), today)
    about = f"{INCIDENTS[one.kind]}, {one.on}" + (f", group {one.group_number}" if one.group_number else "")
    return row, one.group_number, [("what", about), ("effect", one.sentence)]


__all__ = ["of_board", "says"]
