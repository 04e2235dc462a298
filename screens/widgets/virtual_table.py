"""A list of any length: pages come as they are needed, rows are drawn line by line.

Keyed by record: the cursor stays on its record, nothing is reordered under it, and news are counted
("3 new: F7") until the rep asks for them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache, partial

from rich.segment import Segment
from textual import events, on
from textual.binding import Binding
from textual.content import Content, Span
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.failure import Failure
from screens.widgets.text import columns, plain
from screens.widgets.window import RowWindow, TablePage, TableRow

Fetch = Callable[[str | None, str | None], Awaitable[TablePage]]
"""Fetches a page: (cursor of a page, or None; record to come back to, or None)."""
_HEADER = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column; the width 0 takes what the others leave (give it to one column)."""

    title: str
    width: int


class Shown(Enum):
    """What stands in the table; each kind of empty says something else."""

    LOADING = auto()
    ROWS = auto()
    NOTHING = auto()
    NO_MATCH = auto()
    FAILED = auto()


class _Way(Enum):
    ANEW = auto()
    BELOW = auto()
    ABOVE = auto()
    PATCH = auto()


class VirtualTable(Widget, can_focus=True):
    """A list with a header line, a cursor and a line that says which rows are shown."""

    DEFAULT_CSS = """
    VirtualTable { height: 1fr; }
    VirtualTable > .table--header { color: $text-muted; text-style: bold; }
    VirtualTable > .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground;
                                    text-style: bold; }
    VirtualTable > .table--note { color: $text-muted; }
    """
    COMPONENT_CLASSES = {"table--header", "table--cursor", "table--note"}
    BINDINGS = [
        Binding("down", "move(1)", "next row", show=False, id="table.down"),
        Binding("up", "move(-1)", "row before", show=False, id="table.up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="table.page_down"),
        Binding("pageup", "page(-1)", "page up", show=False, id="table.page_up"),
        Binding("home", "first", "first row", show=False, id="table.first"),
        Binding("end", "last", "last row loaded", show=False, id="table.last"),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "choose", "open", id="table.open"),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a record."""

        table: VirtualTable
        key: str

        @property
        def control(self) -> VirtualTable:
            return self.table

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another record now."""

        table: VirtualTable
        key: str

        @property
        def control(self) -> VirtualTable:
            return self.table

    @dataclass
    class Settled(Message):
        """The list is there, or could not be had."""

    @dataclass
    class _Fetched(Message):
        way: _Way
        generation: int
        page: TablePage

    @dataclass
    class _Failed(Message):
        way: _Way
        generation: int
        failure: Failure

    def __init__(
        self,
        columns: tuple[Column, ...],
        fetch: Fetch,
        *,
        nothing: str,
        no_match: str = "Nothing matches the filter; Esc shows all.",
        around: str | None = None,
        explain: Callable[[Exception], Failure] | None = None,
        opens: bool = True,
        id: str | None = None,  # noqa: A002  (textual's own name for it)
    ) -> None:
        """Without `opens`, Enter does nothing and is offered nowhere."""
        super().__init__(id=id)
        self._columns = columns
        self._opens = opens
        self._fetch = fetch
        self._texts = {Shown.LOADING: "loading ...", Shown.NOTHING: nothing, Shown.NO_MATCH: no_match}
        self._explain = explain
        self._window = RowWindow()
        self._generation = 0
        self._under_way: set[_Way] = set()
        self._failure = Failure("")
        self._around = around
        self._stood_on: str | None = None
        """Where the cursor was when the list was asked for anew."""
        self._announced: str | None = None
        self.shown = Shown.LOADING
        self.filtered = False
        """Whether `fetch` returns only part of the list; decides what an empty table says."""
        self.news = 0
        """Records that are not in the table yet."""
        self._strips = lru_cache(maxsize=512)(self._draw)

    @property
    def cursor_key(self) -> str | None:
        """The record under the cursor."""
        row = self._window.current
        return row.key if row else None

    @property
    def awaited(self) -> bool:
        """Whether a key had better wait: the list, or rows next to the cursor, are on the way."""
        window, coming = self._window, self._under_way
        above = window.before is not None and window.cursor < window.height
        below = window.after is not None and len(window.rows) - window.cursor <= window.height
        return (
            self.shown is Shown.LOADING
            or (above and not coming.isdisjoint((_Way.ANEW, _Way.ABOVE)))
            or (below and not coming.isdisjoint((_Way.ANEW, _Way.BELOW)))
        )

    @property
    def rows(self) -> list[TableRow]:
        """The rows held in memory, in the list's order."""
        return self._window.rows

    def on_mount(self) -> None:
        self.reload(self._around)

    def reload(self, around: str | None = None) -> None:
        """Fetch anew and come back to a record: the one named, else the one under the cursor.

        Whoever moves the cursor meanwhile keeps it where they put it.
        """
        self._generation += 1
        self._under_way.clear()
        self._around = around
        self.news = 0
        if not self._window.rows:
            self.shown = Shown.LOADING
        self._stood_on = self.cursor_key
        self._start(_Way.ANEW, None, around or self._stood_on)

    def restart(self, *, filtered: bool) -> None:
        """Show another selection of the list, from its top."""
        self.filtered = filtered
        self._announced = None
        self._window = RowWindow(self._window.height)
        self.reload()
        self.refresh()

    def look_again(self) -> None:
        """Something in this list changed: take in newer versions of the rows shown, in place."""
        if self.shown is Shown.ROWS:
            self._start(_Way.PATCH, None, self._window.look_from)
        else:
            self.reload()

    def put(self, row: TableRow) -> None:
        """Show a newer version of a record that is held, in its place."""
        index = self._window.put(row)
        if index is not None:
            self._refresh_row(index)

    def recount(self, newer: Callable[[TableRow], TableRow]) -> None:
        """Paint the rows anew in their places, because time went by."""
        self._window.renew(newer)
        self.refresh()

    # fetching

    def _start(self, way: _Way, cursor: str | None, around: str | None) -> None:
        if way in self._under_way:
            return
        self._under_way.add(way)
        bring: Callable[[], Awaitable[None]] = partial(self._bring, way, self._generation, cursor, around)
        self.run_worker(bring, group=way.name, exclusive=way is _Way.ANEW)

    async def _bring(self, way: _Way, generation: int, cursor: str | None, around: str | None) -> None:
        try:
            page = await self._fetch(cursor, around)
        except Exception as error:
            if self._explain is None:
                raise
            self.post_message(self._Failed(way, generation, self._explain(error)))
        else:
            self.post_message(self._Fetched(way, generation, page))

    @on(_Fetched)
    def _take(self, event: _Fetched) -> None:
        event.stop()
        if event.generation != self._generation:
            return
        self._under_way.discard(event.way)
        match event.way:
            case _Way.ANEW:
                moved = self.cursor_key != self._stood_on
                if moved and all(row.key != self.cursor_key for row in event.page.rows):
                    self.reload()
                    return
                back_to = None if moved else self._around
                self._window.start(event.page, back_to or self.cursor_key or event.page.begin_on)
            case _Way.BELOW:
                self._window.append(event.page)
            case _Way.ABOVE:
                self._window.prepend(event.page)
            case _Way.PATCH:
                self._patch(event.page)
                return
        self._settle()

    @on(_Failed)
    def _give_up(self, event: _Failed) -> None:
        event.stop()
        if event.generation != self._generation:
            return
        self._under_way.discard(event.way)
        if event.failure.locked:  # what was shown before is not for this caller either
            self._window = RowWindow(self._window.height)
        elif event.way is _Way.PATCH:
            return
        self._failure = event.failure
        if not self._window.rows:
            self.shown = Shown.FAILED
        self.post_message(self.Settled())
        self.refresh()

    def _patch(self, page: TablePage) -> None:
        changed, self.news = self._window.patch(page)
        for index in changed:
            self._refresh_row(index)
        self._refresh_note()

    def _settle(self) -> None:
        self._failure = Failure("")
        if self._window.rows:
            self.shown = Shown.ROWS
        else:
            self.shown = Shown.NO_MATCH if self.filtered else Shown.NOTHING
        self._announce()
        self._read_ahead()
        self.post_message(self.Settled())
        self.refresh()

    def _read_ahead(self) -> None:
        below, above = self._window.wants_below, self._window.wants_above
        if below is not None:
            self._start(_Way.BELOW, below, None)
        if above is not None:
            self._start(_Way.ABOVE, above, None)

    # the cursor

    def action_move(self, by: int) -> None:
        """Move the cursor; repaint the two rows concerned, or all when the view moved."""
        window = self._window
        old_cursor, old_top = window.cursor, window.top
        window.move(by)
        if window.cursor == old_cursor:
            return
        if window.top != old_top:
            self.refresh()
        else:
            self._refresh_row(old_cursor)
            self._refresh_row(window.cursor)
        self._announce()
        self._read_ahead()

    def action_page(self, pages: int) -> None:
        """Move by the rows that fit on the screen."""
        self.action_move(pages * max(1, self._window.height - 1))

    def action_first(self) -> None:
        """To the first row; from the middle of a long list that is a new start."""
        if self._window.before:
            self._window = RowWindow(self._window.height)
            self.reload()
        else:
            self.action_move(-len(self._window.rows))

    def action_last(self) -> None:
        """To the last row there is so far; more rows come in below it."""
        self.action_move(len(self._window.rows))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is there where it opens something."""
        return self._opens if action == "choose" else True

    def action_choose(self) -> None:
        """Open the record under the cursor."""
        row = self._window.current
        if row is not None and not row.gone:
            self.post_message(self.Chosen(self, row.key))

    def on_mouse_scroll_down(self) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-3)

    def on_click(self, event: events.Click) -> None:
        index = self._window.top + event.y - _HEADER
        if event.y >= _HEADER and index < len(self._window.rows):
            self.action_move(index - self._window.cursor)

    def _announce(self) -> None:
        key = self.cursor_key
        if key is not None and key != self._announced:
            self.post_message(self.Highlighted(self, key))
        self._announced = key

    # painting

    def on_resize(self, event: events.Resize) -> None:
        self._window.resize(event.size.height - _HEADER - 1)
        self._strips.cache_clear()
        self._read_ahead()
        self.refresh()  # the first paint may have come before the size was known

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.cache_clear()

    def on_focus(self) -> None:
        self._refresh_row(self._window.cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._window.cursor)

    def _refresh_row(self, index: int) -> None:
        line = index - self._window.top + _HEADER
        self.refresh(Region(0, line, self.size.width, 1))

    def _refresh_note(self) -> None:
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            titles = tuple(plain(column.title) for column in self._columns)
            return self._cells(self._line(" ", titles), "table--header", width)
        if y == self.size.height - 1:
            return self._cells(plain(self._note()), "table--note", width)
        if self.shown is not Shown.ROWS:
            return self._cells(self._empty(y), "table--note", width)
        index = self._window.top + y - _HEADER
        if index >= len(self._window.rows):
            waiting = index == len(self._window.rows) and self._window.after
            return self._cells(plain(" ..." if waiting else ""), "table--note", width)
        row = self._window.rows[index]
        if index == self._window.cursor:
            words = plain(self._line(">", row.cells).plain)  # the colours of cells are for the background
            return self._cells(words, "table--cursor", width)
        mark, style = ("-", "table--note") if row.gone else (" ", "")
        return self._cells(self._line(mark, row.cells), style, width)

    def _empty(self, y: int) -> Content:
        if self.shown is Shown.FAILED and self._failure.locked:
            rows = self._failure.content().wrap(max(10, self.size.width - 2))
            at = y - _HEADER - 1
            return plain(" ") + rows[at] if 0 <= at < len(rows) else plain("")
        if y != _HEADER + 1:
            return plain("")
        if self.shown is Shown.FAILED:
            return plain(" could not load: ") + self._failure.content() + plain("  F7 tries again")
        return plain(" " + self._texts[self.shown])

    def _note(self) -> str:
        window = self._window
        if self.shown is not Shown.ROWS:
            return ""
        first, last = window.top + 1, min(window.top + window.height, len(window.rows))
        more = "+" if window.after else ""
        text = f" rows {first}-{last} of {len(window.rows)}{more}"
        if window.before:
            text = f" {last - first + 1} rows, more above and below" if more else " the last rows of the list"
        if self._failure.sentence:
            text += f"   could not load more: {self._failure.sentence} F7"
        return text + (f"   {self.news} new: F7" if self.news else "")

    def _line(self, mark: str, cells: tuple[Content, ...]) -> Content:
        fixed = sum(column.width for column in self._columns) + len(self._columns)
        rest = max(0, self.size.width - 1 - fixed)
        widths = [column.width or rest for column in self._columns]
        return plain(mark) + columns(*zip(cells, widths, strict=True))

    def _cells(self, content: Content, component: str, width: int) -> Strip:
        return self._strips(content.plain, tuple(content.spans), component, width)

    def _draw(self, text: str, spans: tuple[Span, ...], component: str, width: int) -> Strip:
        base = self.get_visual_style(component) if component else self.visual_style
        pieces = Content(text, list(spans)).render(base, end="", parse_style=self.app.stylesheet.parse_style)
        strip = Strip([Segment(piece, style.rich_style) for piece, style in pieces])
        return strip.adjust_cell_length(width, base.rich_style)


__all__ = ["Column", "Shown", "TablePage", "TableRow", "VirtualTable"]
