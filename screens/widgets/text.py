"""The one way text from outside gets into a widget.

A plain `str` given to a widget is read as markup: a name such as `Smith [/b]` ends the program and
`[@click=...]` becomes a button. `Content` is never parsed.
"""

from __future__ import annotations

import sys

from textual.content import Content

from api_client.types.visible import visible_line, visible_paragraph
from api_client.types.words import Urgency

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


def unicode_frames() -> bool:
    """Whether the terminal was started with an encoding that has line-drawing characters."""
    return "utf" in (getattr(sys.__stdout__, "encoding", None) or "").lower()


def _piece(part: str | tuple[str, str]) -> Content:
    return plain(part) if isinstance(part, str) else plain(*part)
