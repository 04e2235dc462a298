"""An error of a file beside its segment: the element that is meant is marked, also without any colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import get_character_cell_size
from textual.content import Content

from api_client.types.visible import visible_line
from screens.enrollment.words import CODE_LISTS
from screens.widgets.text import join, labelled, lines, plain
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.enrollment import FileErrorRow, Segment

SHOWN_SECONDS = 15
"""How long a revealed segment stays without its mask."""
_CUT = "..."
_LABEL = 9


def error_row(error: FileErrorRow) -> TableRow:
    """One error in the list."""
    cells = (plain(place(error)), plain(f"{error.position:>9,}"), plain(code(error)), plain(error.sentence))
    return TableRow(f"{error.index}", cells)


def place(error: FileErrorRow) -> str:
    """Segment and element as the standard names them: `DMG02`."""
    return f"{error.segment}{error.element:02}" if error.element is not None else error.segment or "-"


def code(error: FileErrorRow) -> str:
    """The code with the list it is from: `IK403 7`."""
    return f"{error.codes_of} {error.code}".strip()


def detail(error: FileErrorRow, revealed: Segment | None, width: int) -> Content:
    """The segment with its mark, what is wrong with it, and what to tell the client."""
    shown = revealed or error
    rows = _marked(shown.text, shown.mark_from, shown.mark_to, width) if shown.text else []
    if revealed is not None:
        words = f"shown for {SHOWN_SECONDS} seconds, on record; then masked again"
        rows += labelled("", plain(words, "bold $text-warning"), width)
    about = CODE_LISTS.get(error.codes_of, "")
    named = f"{code(error)}{f' ({about})' if about else ''}"
    rows += labelled("code", join((named, "bold"), f": {error.sentence}"), width)
    rows += labelled("where", plain(f"{place(error)}, byte {error.position:,} of the file"), width)
    return lines(*rows, *(labelled("tell", plain(error.tell, "bold"), width) if error.tell else []))


def _marked(text: str, start: int, stop: int, width: int) -> list[Content]:
    before, marked, after = around(text, start, stop, max(20, width - _LABEL))
    row = labelled("segment", join(before, (marked, "reverse"), after), width + 1)
    if not marked:
        return row[:1]
    return [*row[:1], plain(" " * (_LABEL + cells(before)) + "^" * max(1, cells(marked)), "bold")]


def around(text: str, start: int, stop: int, room: int) -> tuple[str, str, str]:
    """The text before, in and behind a mark, all in `room` cells: a long text is cut around its mark.

    A mark that is too long itself loses its end.
    """
    before, marked, after = (visible_line(part) for part in (text[:start], text[start:stop], text[stop:]))
    if cells(before + marked + after) <= room:
        return before, marked, after
    spare = room - 2 * len(_CUT)
    kept = _beginning(marked, spare)
    after = marked[len(kept) :] + after
    spare -= cells(kept)
    left = _beginning(reversed(before), max(spare // 2, spare - cells(after)))[::-1]
    right = _beginning(after, spare - cells(left))
    return (
        (_CUT if len(left) < len(before) else "") + left,
        kept,
        right + (_CUT if len(right) < len(after) else ""),
    )


def cells(text: str) -> int:
    """Width on the screen."""
    return sum(map(get_character_cell_size, text))


def _beginning(characters: Iterable[str], room: int) -> str:
    """As many of the characters as fit."""
    kept = []
    for one in characters:
        room -= get_character_cell_size(one)
        if room < 0:
            break
        kept.append(one)
    return "".join(kept)
