"""How a letter stands on the screen: addressee, date, figures, paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from screens.widgets.text import hanging, join, lines, paragraph, plain

if TYPE_CHECKING:
    from api_client.types.letters import LetterFigure, LetterText

_MARGIN = plain("  ")
_WIDEST = 78
"""Cells of a line of text at the most: longer ones are hard to read aloud."""
_BETWEEN = 3
_EMPTY = plain("")


def subject(number: str, group: str) -> Content:
    """What the head line says."""
    return join("LETTER  ", (number, "bold"), f"  of {group}")


def letter(one: LetterText, width: int) -> Content:
    """The whole letter in lines of this width at the most."""
    width = min(width, _WIDEST)
    rows = [*_addressee(one, width), _EMPTY]
    rows += hanging(_MARGIN, plain(one.title, "bold"), width)
    if one.figures:
        rows += [_EMPTY, *_figures(one.figures, width)]
    for words in one.paragraphs:
        heading, below, rest = words.partition("\n")
        first = plain(heading, "bold") if below else plain(heading)
        rows += [_EMPTY, *hanging(_MARGIN, first, width)]
        rows += hanging(_MARGIN, paragraph(rest), width) if below else []
    return lines(*rows, _EMPTY)


def _addressee(one: LetterText, width: int) -> list[Content]:
    """Name and address, with the date in the first line at the right."""
    dated = f"{one.dated:%Y-%m-%d}"
    first, *rest = one.addressee or [""]
    name = plain(first)
    room = width - _MARGIN.cell_length - len(dated)
    if name.cell_length + _BETWEEN > room:
        rows = [plain(f"{dated:>{width}}"), *hanging(_MARGIN, name, width)]
    else:
        rows = [join(_MARGIN, name.pad_right(room - name.cell_length), dated)]
    return rows + [row for text in rest for row in hanging(_MARGIN, plain(text), width)]


def _figures(figures: list[LetterFigure], width: int) -> list[Content]:
    """Label and value, the values at the right end of their column; one that has no room stands below."""
    room = width - 2 * _MARGIN.cell_length
    labels = [plain(one.label) for one in figures]
    values = [plain(one.value, "bold") for one in figures]
    widest = max(one.cell_length for one in values)
    beside = max(one.cell_length for one in labels)
    rows: list[Content] = []
    for label, value in zip(labels, values, strict=True):
        if beside + _BETWEEN + widest <= room:
            gap = beside - label.cell_length + _BETWEEN + widest - value.cell_length
            rows.append(join(_MARGIN, label, " " * gap, value))
        else:
            rows += hanging(_MARGIN, label, width)
            rows += hanging(plain(" " * 6), value, width)
    return rows
