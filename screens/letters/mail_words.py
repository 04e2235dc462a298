"""What is said of mail: the list of letters that came back, and what is asked about one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import ReturnedMail
from screens.letters.presentation import SETTLED
from screens.widgets.text import join, labelled, lines, plain, short_day
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow, ReturnedRow

COLUMNS = (
    Column("letter", 8),
    Column("came back", 10),
    Column("waits", 6),
    Column("group", 8),
    Column("name", 0),
    Column("what", 18),
    Column("coverage", 9),
)
NOTHING = "No letter came back, or all are settled. F7 looks again."
NONE_HERE = "No letter is under the cursor."
WHY = (
    "The post could not deliver these letters. Put the address of record right first and settle the letter "
    "as remailed: a copy goes there. Or tell the client by another way that is on record and settle it as "
    "reached. While a warning or termination letter that came back is open, coverage does not end, because "
    "nobody may lose it by a letter that never came; once settled it ends on that day at the earliest."
)
SETTLE = {
    ReturnedMail.REMAILED: "a copy goes to the address of record",
    ReturnedMail.REACHED: "the client was reached another way",
}

NOTE = {
    ReturnedMail.REMAILED: "what was wrong with the address?",
    ReturnedMail.REACHED: "how was the client reached?",
}


# -- the list --------------------------------------------------------------------------------------


def rows(page: Iterable[ReturnedRow], today: date) -> list[TableRow]:
    """Lines of the list."""
    return [TableRow(one.id, cells(one, today)) for one in page]


def cells(one: ReturnedRow, today: date) -> tuple[Content, ...]:
    """Number, since when it waits, whose it is, and whether coverage waits with it."""
    style = "bold $text-warning" if one.holds_end else ""
    return (
        plain(one.id),
        plain(short_day(one.returned_on, today)),
        plain(waits(one.returned_on, today)),
        plain(one.group_number),
        plain(one.group_name),
        plain(one.title),
        plain("kept on" if one.holds_end else "", style),
    )


def waits(since: date, today: date) -> str:
    """`today`, `4 d`."""
    days = (today - since).days
    return "today" if days <= 0 else f"{days} d"


def about(one: ReturnedRow, now: datetime, width: int) -> Content:
    """What came back, and what there is to do."""
    today = now.date()
    back = f"came back {short_day(one.returned_on, today)}"
    sent = f"{one.title}, mailed {short_day(one.mailed_on, today)}, {back}"
    holds = "coverage does not end while this is open" if one.holds_end else "moves no date of the bill"
    todo = "put the address of record right or reach the client; s settles it"
    return lines(
        join((f" {one.id}", "bold"), f"  {one.group_number} {one.group_name}"),
        *labelled("what", plain(sent), width),
        *labelled("effect", plain(holds), width),
        *labelled("to do", plain(todo), width),
    )


# -- what is asked and said ------------------------------------------------------------------------


def came_back_line(number: str, title: str, day: date) -> Content:
    """The line that Enter confirms."""
    return join((f"{number} {title}", "bold"), f" came back on {day}; it waits to be settled")


def came_back(one: LetterRow) -> str:
    """Said afterwards."""
    return f"{one.id} came back; s settles it, and R lists all that came back."


def settle_line(number: str, title: str, how: ReturnedMail, note: str) -> Content:
    """The line that Enter confirms."""
    return join("settle ", (f"{number} {title}", "bold"), f": {SETTLE[how]}; {note}")


def settled(one: LetterRow) -> str:
    """Said afterwards."""
    copy = " A copy goes with the next mail." if one.settled is ReturnedMail.REMAILED else ""
    return f"{one.id} is settled" + (f": {SETTLED[one.settled]}." if one.settled else ".") + copy


def take_back_line(one: LetterRow, reason: str) -> Content:
    """The line that Enter confirms."""
    return join("take back ", (f"{one.id} {one.title}", "bold"), f", it does not go: {reason}")


def taken_back(one: LetterRow) -> str:
    """Said afterwards."""
    return f"{one.id} is taken back; the next daily run writes it again if it is still due."


# -- why something is not possible -----------------------------------------------------------------


def came_back_refused(one: LetterRow | None, today: date) -> str:
    """Why this letter cannot have come back; empty when it can."""
    if one is None:
        return NONE_HERE
    if one.mailed_on is None:
        return f"{one.id} is not mailed yet."
    if one.returned_on is not None:
        return f"{one.id} came back on {short_day(one.returned_on, today)} already."
    return ""


def settle_refused(one: LetterRow | None) -> str:
    """Why there is nothing to settle; empty when there is."""
    if one is None:
        return NONE_HERE
    if one.returned_on is None:
        return f"{one.id} did not come back; b says that it did."
    return f"{one.id} is settled: {SETTLED[one.settled]}." if one.settled is not None else ""


def take_back_refused(one: LetterRow | None, today: date, *, lead: bool) -> str:
    """Why this letter cannot be taken back by a lead; empty when it can."""
    if one is None:
        return NONE_HERE
    if not lead:
        return "A lead takes back what the rules wrote; your own order is taken back with u."
    if one.mailed_on is not None:
        return f"{one.id} was mailed {short_day(one.mailed_on, today)}; it cannot be taken back."
    if one.asked_by:
        return f"{one.id} was asked for: whoever ordered it takes it back with u."
    return ""
