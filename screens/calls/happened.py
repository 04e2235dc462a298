"""What the history of a group or person says: one line each, and the whole of the one under the cursor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from screens.widgets.text import hanging, join, lines, paragraph, plain, short_minute
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.calls import HistoryLine, Note

COLUMNS = (Column("when", 11), Column("what", 9), Column("who", 14), Column("", 0))
_LABEL = plain(" ")


def key(one: HistoryLine) -> str:
    """Which line it is; a note keeps its key when its words change."""
    if one.note is not None:
        return f"note {one.note.id}"
    return f"{one.at.isoformat()} {one.kind} {one.reference} {one.what}"


def row(one: HistoryLine, now: datetime) -> TableRow:
    """One line of the list."""
    what = one.what.replace("\n", " ")
    cells = (
        plain(short_minute(one.at, now)),
        plain(one.kind),
        plain(one.who),
        plain(f"{one.reference}  {what}" if one.reference else what),
    )
    return TableRow(key(one), cells)


def whole(one: HistoryLine, now: datetime, width: int) -> Content:
    """Everything about one line, wrapped."""
    head = join((f" {short_minute(one.at, now)}  {one.who}  {one.kind}", "bold"), f"  {one.reference}")
    rows = [head, *hanging(_LABEL, paragraph(one.note.text if one.note else one.what), width)]
    if one.note is not None:
        rows += hanging(_LABEL, plain(_of_a_note(one.note, now), "$text-muted"), width)
    return lines(*rows)


def _of_a_note(note: Note, now: datetime) -> str:
    told = [f"in {note.call}" if note.call else "", f"caller: {note.verified}" if note.verified else ""]
    if can_edit(note, now) and note.editable_until is not None:
        told.append(f"e changes it until {note.editable_until.astimezone(now.tzinfo):%H:%M}")
    return "   ".join(part for part in told if part)


def can_edit(note: Note, now: datetime) -> bool:
    """Whether it is the rep's own and still young enough."""
    return note.editable_until is not None and note.editable_until > now
