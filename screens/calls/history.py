"""`o`: notes, calls and acts of a group or person, the newest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind
from screens.calls import happened
from screens.calls.notes import LENGTH, drafts_of, write_kept
from screens.calls.verification import named
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.calls import HistoryLine, Note

_SHOWN_ON = (EventKind.CALL, EventKind.CALL_BACK, EventKind.RESET)


class HistoryScreen(DeskScreen):
    """The list, and below it the whole of the line under the cursor."""

    HINT = "t writes a note; e changes your own for a while; Tab and arrows read a long one"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    HistoryScreen VirtualTable { height: 1fr; }
    HistoryScreen Detail { height: 9; }
    """
    BINDINGS = [
        Binding("t", "write_note", "note", id="history.note"),
        Binding("e", "edit", "change my note", id="history.edit"),
    ]

    def __init__(self, about: About) -> None:
        super().__init__()
        self._about = about
        self._lines: dict[str, HistoryLine] = {}

    def about(self) -> About | None:
        return self._about

    def subject(self) -> Content:
        return plain(f"NOTES AND CALLS of {named(self._about)}")

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            happened.COLUMNS,
            self._page,
            nothing="Nothing is written down yet; t writes a note.",
            explain=self.explain,
            opens=False,
        )
        yield Rule()
        yield Detail()

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        about = self._about
        page = await self.client.calls.history(
            about.group, mrn=about.mrn, receipt=about.receipt, cursor=cursor
        )
        self._lines |= {happened.key(one): one for one in page.rows}
        now = self.desk.now()
        return TablePage([happened.row(one, now) for one in page.rows], page.next)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _line(self) -> HistoryLine | None:
        return self._lines.get(self._table.cursor_key or "")

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show(self) -> None:
        line = self._line
        if line is None:
            self.query_one(Detail).show(lambda _: plain(""))
        else:
            now = self.desk.now()
            self.query_one(Detail).show(partial(happened.whole, line, now))
        self.refresh_bindings()

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._lines.clear()
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        if change.kind in _SHOWN_ON or change.subject == self._about.group:
            self.load()

    def tick(self) -> None:
        """A note is young for a while only."""
        super().tick()
        self._show()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """A note that cannot be changed any more keeps its key, greyed."""
        for key, does, enabled in DeskScreen.keys(self):
            yield key, does, enabled and (does != "change my note" or self._mine() is not None)

    def _mine(self) -> Note | None:
        note = self._line.note if self._line is not None else None
        return note if note is not None and happened.can_edit(note, self.desk.now()) else None

    def action_edit(self) -> None:
        """Other words for one's own note."""
        note = self._mine()
        if note is None:
            self.refuse("Only your own note, and only for a while; t writes another one.")
            return
        then = partial(self._change, note)
        write_kept(self, f"note {note.id}", "your note:", then, limit=LENGTH, value=note.text)

    def _change(self, note: Note, text: str) -> None:
        self.act(self.client.calls.edit_note(note.id, text), self._changed)

    def _changed(self, note: Note) -> None:
        drafts_of(self).forget(f"note {note.id}")
        self.load()
        self.say("Your note is changed.")

    def again(self) -> DeskScreen | None:
        return HistoryScreen(self._about)


__all__ = ["HistoryScreen"]
