"""The one way text from outside gets into a widget.

A plain `str` given to a widget is read as markup: a name such as `Smith [/b]` ends the program and
`[@click=...]` becomes a button. `Content` is never parsed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.visible import visible_line, visible_paragraph
from api_client.types.words import Urgency

if TYPE_CHECKING:
    from api_client.types.common import Address

_LABEL = 9
"""Cells that the label of a line takes, the blanks around it included."""
MARKS = {
    Urgency.LATE: "[X]",
    Urgency.RED: "[!]",
    Urgency.AMBER: "[~]",
    Urgency.CALM: "[ ]",
    Urgency.PAUSED: "[=]",
}
"""Shape of an urgency; colour only repeats it."""
STYLES = {
    Urgency.LATE: "bold $text-error",
    Urgency.RED: "bold $text-error",
    Urgency.AMBER: "$text-warning",
    Urgency.CALM: "",
    Urgency.PAUSED: "$text-muted",
}


def plain(data: str, style: str = "") -> Content:
    """One line of text, shown as it is; whatever could steer the terminal becomes a visible sign."""
    return Content.styled(visible_line(data), style)


def paragraph(data: str, style: str = "") -> Content:
    """As `plain`, with its line ends."""
    return Content.styled(visible_paragraph(data), style)


def join(*parts: str | Content | tuple[str, str]) -> Content:
    """Pieces side by side: texts, (text, style) pairs or ready content; no piece is read as markup."""
    return Content.assemble(*(part if isinstance(part, Content) else _piece(part) for part in parts))


def lines(*rows: Content) -> Content:
    """Pieces below one another."""
    return Content("\n").join(rows)


def urgent(urgency: Urgency, words: str) -> Content:
    """A due time as word and shape first, colour third: `[!] 11 m`."""
    return plain(f"{MARKS[urgency]} {words}", STYLES[urgency])


def fit(content: Content, width: int) -> Content:
    """The content in exactly `width` cells: cut, with a sign that it was, or filled with blanks."""
    short = content.truncate(width, ellipsis=True) if content.cell_length > width else content
    if short.cell_length > width:  # the sign itself does not fit
        short = content.truncate(width)
    return short.pad_right(width - short.cell_length)


def columns(*cells: tuple[Content, int]) -> Content:
    """Cells of fixed widths side by side, one blank between them."""
    return Content(" ").join(fit(cell, width) for cell, width in cells)


def flow(pieces: Sequence[Content], width: int) -> list[Content]:
    """Pieces side by side, two blanks between them, the next row where one does not fit; none is broken."""
    rows = [pieces[0]]
    for piece in pieces[1:]:
        if rows[-1].cell_length + 2 + piece.cell_length <= width:
            rows[-1] = join(rows[-1], "  ", piece)
        else:
            rows.append(piece)
    return rows


def labelled(label: str, text: Content, width: int) -> list[Content]:
    """Rows of a text wrapped beside its label, all labels in one column."""
    return hanging(fit(plain(f" {label}", "$text-muted"), _LABEL), text, width)


def hanging(label: Content, text: Content, width: int) -> list[Content]:
    """Rows of a text wrapped beside its label and indented below it."""
    indent = label.cell_length
    wrapped = text.wrap(max(10, width - indent)) or [plain("")]
    blanks = [label, *[plain(" " * indent)] * (len(wrapped) - 1)]
    return [join(blank, piece.rstrip()) for blank, piece in zip(blanks, wrapped, strict=True)]


def place(address: Address) -> str:
    """A postal address on one line."""
    state = " ".join(part for part in (address.state, address.zip) if part)
    return ", ".join(part for part in (address.street, address.city, state) if part) or "no address"


def short_day(day: date, today: date) -> str:
    """Month and day; the year too when it is another one than this."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def short_minute(instant: datetime, now: datetime) -> str:
    """Month, day and time in the zone of `now`."""
    return f"{instant.astimezone(now.tzinfo):%m-%d %H:%M}"


def unicode_frames() -> bool:
    """Whether the terminal was started with an encoding that has line-drawing characters."""
    return "utf" in (getattr(sys.__stdout__, "encoding", None) or "").lower()


def _piece(part: str | tuple[str, str]) -> Content:
    return plain(part) if isinstance(part, str) else plain(*part)
