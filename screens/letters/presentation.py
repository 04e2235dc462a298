"""What is said of the letters of a group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from screens.widgets.text import join, lines, plain, short_day, short_minute
from screens.widgets.virtual_table import Column
from screens.widgets.window import TableRow

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow

COLUMNS = (
    Column("letter", 8),
    Column("what", 0),
    Column("mailed", 18),
    Column("to", 20),
    Column("for", 10),
)
NOTHING = "No letter went to this group yet. Esc goes back."
NO_LETTER = "No letter is under the cursor."
NOT_MINE = "You ordered no letter here that could still be taken back."


def subject(number: str) -> Content:
    """What the head line says."""
    return join("LETTERS  of ", number)


def rows(page: Iterable[LetterRow], now: datetime) -> list[TableRow]:
    """Lines of the list."""
    return [TableRow(one.id, cells(one, now)) for one in page]


def cells(one: LetterRow, now: datetime) -> tuple[Content, ...]:
    """Number, what it is, when it went, to whom, and who asked for it."""
    ordered = one.asked_by != ""
    style = "" if one.mailed_on else "bold"
    return (
        plain(one.id),
        plain(f"{one.title} {one.copy_of}" if one.copy_of else one.title),
        plain(mailed(one, now), style),
        plain(one.to),
        plain(one.asked_by if ordered else "", "$text-muted"),
    )


def mailed(one: LetterRow, now: datetime) -> str:
    """`mailed 11-16`; before that when it goes."""
    if one.mailed_on is not None:
        return f"mailed {short_day(one.mailed_on, now.date())}"
    if one.undo_until is not None and one.undo_until > now:
        return f"after {short_minute(one.undo_until, now)}"
    return "with the next mail"


def copy_line(one: LetterRow, *, to_broker: bool) -> Content:
    """The line that Enter confirms: which letter, and where the copy goes."""
    whom = "the broker of record" if to_broker else "the client's address of record"
    return join("send a copy of ", (f"{one.copy_of or one.id} {_kind(one)}", "bold"), f" by mail to {whom}")


def _kind(one: LetterRow) -> str:
    return one.title.removeprefix("copy of the ")


def ordered(one: LetterRow, now: datetime) -> str:
    """Said after an order: until when `u` takes it back."""
    until = f"; u takes it back until {short_minute(one.undo_until, now)}" if one.undo_until else ""
    return f"{one.id} is ordered{until}. It goes with the next mail."


def undo_line(one: LetterRow) -> Content:
    """The line that Enter confirms."""
    return join("take back: ", (one.id, "bold"), f", {one.title}; it is not mailed")


def taken_back(one: LetterRow) -> str:
    """Said afterwards."""
    return f"{one.id} is taken back; it is not mailed."


def why(one: LetterRow | None, today: date) -> Content:
    """What the letter under the cursor says, and what a copy is."""
    said = [] if one is None else _about(one, today)
    rows = [
        *said,
        plain("Letters are written by the plan's rules, never by hand; a copy says what the letter said."),
        plain("A copy goes to the client's address of record, or to the broker whose letter is in date."),
        plain("It waits ten minutes in which u takes it back, and moves no date of the bill."),
    ]
    return lines(*rows)


def _about(one: LetterRow, today: date) -> list[Content]:
    rows = [plain(f"{one.id} {one.title}, written {short_day(one.created_on, today)}.")]
    if one.amount is not None:
        rows.append(plain(f"It names {one.amount:,.2f} to be paid."))
    if one.ends_on is not None:
        rows.append(plain(f"It names {one.ends_on} as the last day of coverage."))
    return rows
