"""What is said of the letters of a group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import LetterKind, ReturnedMail
from screens.widgets.text import join, plain, short_day, short_minute
from screens.widgets.virtual_table import Column
from screens.widgets.window import TableRow

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow

COLUMNS = (
    Column("letter", 8),
    Column("what", 0),
    Column("mailed", 24),
    Column("to", 16),
    Column("for", 8),
)
NOTHING = "No letter went to this group yet. Esc goes back."
SETTLED = {ReturnedMail.REMAILED: "remailed", ReturnedMail.REACHED: "reached"}
NO_LETTER = "No letter is under the cursor."
NEVER_SHOWN = (
    "A user ID letter is shown to nobody here: ID and code leave by mail only. The list says when it went."
)
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
    style = "bold $text-warning" if came_back(one) else "" if one.mailed_on else "bold"
    return (
        plain(one.id),
        plain(f"copy of {one.copy_of}, {kind_words(one.title)}" if one.copy_of else one.title),
        plain(mailed(one, now), style),
        plain(one.to),
        plain(one.asked_by if ordered else "", "$text-muted"),
    )


def hidden(kind: LetterKind) -> str:
    """Why a letter of this kind is shown to nobody; empty where it can be read."""
    return NEVER_SHOWN if kind is LetterKind.USER_ID else ""


def came_back(one: LetterRow) -> bool:
    """Whether the post brought it back and nobody has settled that."""
    return one.returned_on is not None and one.settled is None


def mailed(one: LetterRow, now: datetime) -> str:
    """`mailed 11-16 +42 notices`, `came back 11-20`; before it is mailed when it goes."""
    today = now.date()
    if one.returned_on is not None:
        back = short_day(one.returned_on, today)
        return f"came back {back}" if one.settled is None else f"back {back}, {SETTLED[one.settled]}"
    notices = f" +{one.notices} {'notice' if one.notices == 1 else 'notices'}" if one.notices else ""
    if one.mailed_on is not None:
        return f"mailed {short_day(one.mailed_on, today)}{notices}"
    if one.undo_until is not None and one.undo_until > now:
        return f"after {short_minute(one.undo_until, now)}"
    return f"next mail{notices}"


def copy_line(number: str, title: str, *, to_broker: bool) -> Content:
    """The line that Enter confirms: which letter, and where the copy goes."""
    whom = "the broker of record" if to_broker else "the client's address of record"
    return join("send a copy of ", (f"{number} {kind_words(title)}", "bold"), f" by mail to {whom}")


def kind_words(title: str) -> str:
    """What the letter is of which this is a copy."""
    return title.removeprefix("copy of the ")


def print_line(number: str, title: str) -> Content:
    """The line that Enter confirms."""
    return join("print ", (f"{number} {title}", "bold"), " here; it is for the client and nobody else")


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
