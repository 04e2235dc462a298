"""The enrollment beside its candidates, a row a field: both values, the sign, the words and the bits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import Verdict
from screens.matching import evidence
from screens.matching.evidence import FIELDS, SIGNS, by_field
from screens.widgets.text import fit, join, plain

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, FieldComparison, MatchItem

WIDE = 116
"""Cells from which three candidates stand side by side."""
BESIDE = 3
LABEL = 10
_INCOMING = 24
_BITS = 7
"""Cells of the bits at the end of a cell, with a blank on either side."""
Cell = list[Content]
"""The rows of one cell, none wider than it."""


def keep_order(seen: Sequence[Candidate], present: Sequence[Candidate]) -> list[Candidate]:
    """The present candidates, those seen before in their places: a digit never comes to mean another."""
    by_mrn = {one.mrn: one for one in present}
    known = [by_mrn[one.mrn] for one in seen if one.mrn in by_mrn]
    before = {one.mrn for one in seen}
    return known + [one for one in present if one.mrn not in before]


def compare(item: MatchItem, at: int, shown: bool, width: int) -> list[Content]:
    """The enrollment and the candidates beside it; `at` is the one looked at, `shown` says it was chosen."""
    several = width >= WIDE
    beside = _beside(item, at, width)
    first = beside[0][0] if beside else 0
    columns = max(1, len(beside)) if several else 1
    cell = (width - 1 - LABEL - _INCOMING - 2 * (columns + 1)) // columns
    widths = [LABEL, _INCOMING, *[cell] * columns]
    of = "" if several else f" of {len(item.candidates)}"
    heads = [_head(f"{number + 1}{of}", one, chosen=shown and number == at) for number, one in beside]
    incoming = plain("INCOMING, masked" if item.masked else "INCOMING", "bold")
    table = _Table(item, [one for _, one in beside], at - first, widths)
    rows = table.row(plain("field", "$text-muted"), incoming, *heads)
    for field in _fields(item):
        rows += table.field(field)
    return rows + table.where()


def others(item: MatchItem, at: int, width: int) -> list[Content]:
    """The candidates that do not stand beside the enrollment, in one line each."""
    beside = {number for number, _ in _beside(item, at, width)}
    return [
        evidence.one_line(number + 1, one, width)
        for number, one in enumerate(item.candidates)
        if number not in beside
    ]


def _beside(item: MatchItem, at: int, width: int) -> list[tuple[int, Candidate]]:
    """The candidates with a column: the one looked at, with room its neighbours too."""
    several = width >= WIDE
    first = max(0, min(at - 1, len(item.candidates) - BESIDE)) if several else at
    return list(enumerate(item.candidates))[first : first + (BESIDE if several else 1)]


def _fields(item: MatchItem) -> list[str]:
    """The fields of a person, then whatever else there is evidence about."""
    names = dict.fromkeys(FIELDS)
    for candidate in item.candidates:
        names |= dict.fromkeys(one.field for one in candidate.comparisons)
    return list(names)


def _head(number: str, candidate: Candidate, *, chosen: bool) -> Content:
    mark = ">" if chosen else " "
    style = "bold reverse" if chosen else "bold"
    return join((f"{mark}{number}  {evidence.figure(candidate.score)}  MRN {candidate.mrn}", style))


class _Table:
    """The columns that stand side by side."""

    def __init__(self, item: MatchItem, beside: Sequence[Candidate], at: int, widths: list[int]) -> None:
        self._item = item
        self._beside = beside
        self._at = at
        self._widths = widths

    def field(self, field: str) -> list[Content]:
        """The row of one field; none when nobody has it and there is no evidence about it."""
        ours = evidence.value(field, self._item.enrollee)
        theirs = [evidence.value(field, one.person) for one in self._beside]
        verdicts = [by_field(one).get(field) for one in self._beside]
        told = any(one is not None and (field not in FIELDS or one.bits) for one in verdicts)
        if not ours and not any(theirs) and not told:
            return []
        incoming = plain(ours or ("" if field not in FIELDS else "-"))
        cells: list[Cell] = []
        pairs = zip(theirs, verdicts, self._widths[2:], strict=False)
        for number, (value, verdict, width) in enumerate(pairs):
            unlike = verdict is not None and verdict.verdict in (Verdict.NEAR, Verdict.DIFFERS)
            left, right = evidence.marked(ours, value) if unlike else (plain(ours), plain(value))
            if number == self._at and ours:
                incoming = left
            cells.append(_cell(right if value or field not in FIELDS else plain("-"), verdict, width))
        return self._lay(plain(evidence.label(field)), incoming, cells)

    def where(self) -> list[Content]:
        """Group and coverage, which are facts and no evidence."""
        item = self._item
        group = f"{item.group_number} {item.group_name or 'NOT ON FILE'}"
        rows = self.row(plain("group"), plain(group), *[_group(item, one) for one in self._beside])
        starts = f"from {item.coverage_from}" if item.coverage_from else "no date"
        coverage = [plain(f"  {one.coverage}") for one in self._beside]
        return rows + self.row(plain("coverage"), plain(starts), *coverage)

    def row(self, label: Content, incoming: Content, *cells: Content) -> list[Content]:
        """A row of plain cells."""
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, self._widths[2:], strict=False)]
        return self._lay(label, incoming, wrapped)

    def _lay(self, label: Content, incoming: Content, cells: list[Cell]) -> list[Content]:
        """As many lines as the longest cell needs."""
        all_cells = [_wrapped(label, self._widths[0]), _wrapped(incoming, self._widths[1]), *cells]
        return [
            join(" ", _between(list(zip(line, self._widths, strict=False))))
            for line in zip_longest(*all_cells, fillvalue=plain(""))
        ]


def _cell(value: Content, verdict: FieldComparison | None, width: int) -> Cell:
    """Sign, value and words, the words below where they do not fit; the bits end the first line."""
    if verdict is None:
        return _wrapped(join("  ", value), width)
    sign = SIGNS[verdict.verdict]
    bits = evidence.of_row(verdict)
    room = width - _BITS if bits else width
    head = join(sign, " ", value)
    words, together = plain(""), head
    for said in evidence.words_to_fit(verdict):
        words = plain(said, sign[1])
        together = join(head, "  " if value and words else "", words)
        if together.cell_length <= room:
            break
    if together.cell_length <= room or not value:
        rows = _wrapped(together, room)
    else:
        below = _wrapped(words, room - 2) if words else []
        rows = _wrapped(head, room) + [join("  ", row) for row in below]
    return [join(fit(rows[0], room), _right(bits, _BITS - 1)) if bits else rows[0], *rows[1:]]


def _right(content: Content, width: int) -> Content:
    return content.pad_left(max(0, width - content.cell_length))


def _group(item: MatchItem, candidate: Candidate) -> Content:
    number = candidate.group.split(" ", 1)[0]
    sign = SIGNS[Verdict.SAME if number == item.group_number else Verdict.DIFFERS]
    return join(sign, f" {candidate.group}")


def _wrapped(content: Content, width: int) -> Cell:
    return [line.rstrip() for line in content.wrap(max(width, 2))] or [plain("")]


def _between(cells: list[tuple[Content, int]]) -> Content:
    """The label, then the cells with a bar before each."""
    bar = plain("| ", "$text-muted")
    return fit(*cells[0]) + Content("").join(bar + fit(*cell) for cell in cells[1:])
