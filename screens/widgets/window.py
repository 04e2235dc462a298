"""The part of a long list that a table holds: whole pages around the cursor, never the list.

Pure, so that its promises are tested without a terminal: the cursor stays on its record whatever is
added, dropped or changed around it, and the number of rows in memory is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from textual.content import Content

ROWS_KEPT = 1000
"""Rows beyond this are dropped, by whole pages, from the end farther from the cursor."""
READ_AHEAD = 30
"""Rows left below or above the view when the next page is wanted."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record as the table shows it."""

    key: str
    """The readable id of the record; the cursor follows it."""
    cells: tuple[Content, ...]
    gone: bool = False
    """The record left this list since it was painted; the row stays in its place, marked and dimmed."""


@dataclass(frozen=True, slots=True)
class TablePage:
    """One page of a list with the cursors to its neighbours."""

    rows: Sequence[TableRow]
    next: str | None = None
    previous: str | None = None
    begin_on: str | None = None
    """The record to stand on where the list has no other to come back to."""


class RowWindow:
    """Pages next to one another, the cursor among their rows and the first row on the screen."""

    def __init__(self, height: int = 1) -> None:
        self._pages: deque[TablePage] = deque()
        self._where: dict[str, int] = {}
        self.rows: list[TableRow] = []
        self.cursor = 0
        self.top = 0
        self.height = height

    @property
    def wants_below(self) -> str | None:
        """Cursor of the page to fetch because the view comes near the last row held."""
        return self.after if self._rows_below() < READ_AHEAD else None

    @property
    def wants_above(self) -> str | None:
        """Cursor of the page to fetch because the view comes near the first row held."""
        return self.before if self.top < READ_AHEAD else None

    @property
    def before(self) -> str | None:
        """Cursor of the page above the first row held; None at the start of the list."""
        return self._pages[0].previous if self._pages else None

    @property
    def after(self) -> str | None:
        """Cursor of the page below the last row held; None at the end of the list."""
        return self._pages[-1].next if self._pages else None

    @property
    def current(self) -> TableRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def look_from(self) -> str | None:
        """Where the page with the rows in view begins; None for the first page of the list."""
        first = self._pages[0].rows if self._pages else ()
        if self.before is None and (len(self._pages) < 2 or self.top + self.height <= len(first)):
            return None
        return next((row.key for row in self.rows[self.top :] if not row.gone), None)

    def index_of(self, key: str) -> int | None:
        """Where a record stands, if it is held."""
        return self._where.get(key)

    def start(self, page: TablePage, key: str | None = None) -> None:
        """Hold this page alone, with the cursor on a record if it is there, else where it was."""
        old_line = self.cursor - self.top
        neighbour = self.cursor
        self._pages = deque([page])
        self._index()
        found = self.index_of(key) if key else None
        if found is None:
            found = min(neighbour, len(self.rows) - 1) if key else 0
        self.cursor = max(0, found)
        self.top = self.cursor - old_line
        self._keep_in_view()

    def append(self, page: TablePage) -> None:
        """Add the page below; drop pages from the top when there are too many rows."""
        self._pages.append(self._without_known(page))
        self._index()
        while len(self.rows) > ROWS_KEPT and len(self._pages[0].rows) <= self.top:
            self._shift(-len(self._pages.popleft().rows))

    def prepend(self, page: TablePage) -> None:
        """Add the page above; drop pages from the bottom when there are too many rows."""
        page = self._without_known(page)
        self._pages.appendleft(page)
        self._shift(len(page.rows))
        while len(self.rows) > ROWS_KEPT and self._rows_below() >= len(self._pages[-1].rows):
            self._pages.pop()
            self._index()

    def move(self, by: int) -> None:
        """Move the cursor, and the view with it."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))
        self._keep_in_view()

    def resize(self, height: int) -> None:
        """The view has another number of lines."""
        self.height = max(1, height)
        self._keep_in_view()

    def put(self, row: TableRow) -> int | None:
        """Replace one record that is held; returns where it stands."""
        index = self.index_of(row.key)
        if index is not None:
            self.rows[index] = row
            self._rebuild_pages()
        return index

    def renew(self, newer: Callable[[TableRow], TableRow]) -> None:
        """Replace every row held by what `newer` makes of it, in its place."""
        self.rows = [newer(row) for row in self.rows]
        self._rebuild_pages()

    def patch(self, page: TablePage) -> tuple[list[int], int]:
        """Take in a newer version of a stretch of the list without moving any row.

        Returns the rows that look different now, and how many records of the page are not held.
        """
        newer = {row.key: row for row in page.rows}
        known = [self._where[key] for key in newer if key in self._where]
        changed = [
            index for index in self._stretch(page, known) if self._put(index, newer.get(self.rows[index].key))
        ]
        if changed:
            self._rebuild_pages()
        return changed, len(newer) - len(known)

    def _stretch(self, page: TablePage, known: list[int]) -> range:
        if page.previous is None and page.next is None:
            return range(len(self.rows))
        if not known:
            return range(0)
        first = 0 if page.previous is None else min(known)
        last = len(self.rows) - 1 if page.next is None else max(known)
        return range(first, last + 1)

    def _put(self, index: int, newer: TableRow | None) -> bool:
        old = self.rows[index]
        row = replace(old, gone=True) if newer is None else newer
        self.rows[index] = row
        return not _looks_the_same(row, old)

    def _rebuild_pages(self) -> None:
        start = 0
        for number, page in enumerate(self._pages):
            stop = start + len(page.rows)
            self._pages[number] = replace(page, rows=self.rows[start:stop])
            start = stop

    def _without_known(self, page: TablePage) -> TablePage:
        """A record that moved between two fetches is shown once, where it was first seen."""
        return replace(page, rows=[row for row in page.rows if row.key not in self._where])

    def _rows_below(self) -> int:
        return len(self.rows) - (self.top + self.height)

    def _shift(self, by: int) -> None:
        self.cursor += by
        self.top += by
        self._index()
        self._keep_in_view()

    def _index(self) -> None:
        self.rows = [row for page in self._pages for row in page.rows]
        self._where = {row.key: index for index, row in enumerate(self.rows)}

    def _keep_in_view(self) -> None:
        top = max(0, min(self.top, len(self.rows) - self.height))
        self.top = max(self.cursor - self.height + 1, min(top, self.cursor))
        self.top = max(0, self.top)


def _looks_the_same(row: TableRow, other: TableRow) -> bool:
    """Content compares by its text alone; a colour is a difference too."""
    cells = zip(row.cells, other.cells, strict=True)
    return row.gone == other.gone and all(cell.is_same(twin) for cell, twin in cells)
