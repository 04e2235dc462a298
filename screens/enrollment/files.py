"""All enrollment files, the newest first, with what is said of the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind
from screens.enrollment import presentation
from screens.enrollment.file import FileScreen
from screens.enrollment.soon import Soon
from screens.enrollment.words import FILE_COLUMNS, NO_FILES, PARTS, WHY_FILES
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.enrollment import FileRow, FileShown


class FilesScreen(DeskScreen):
    """What came, how far it is, and what needs somebody."""

    HINT = "Enter opens the file under the cursor; f shows those that need somebody"
    AUTO_FOCUS = "VirtualTable"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    FilesScreen VirtualTable { height: 1fr; }
    FilesScreen Detail { height: 8; }
    FilesScreen.-wide Detail { height: 16; }
    """
    BINDINGS = [
        Binding("f", "filter", "filter", id="files.filter"),
        Binding("c", "copy", "copy number", id="files.copy"),
    ]

    def __init__(self, *, part: str = "all", at: str | None = None) -> None:
        """`part` is the selection that is shown, `at` the file to stand on."""
        super().__init__()
        self._part = part
        self._at = at
        self._rows: dict[str, FileRow] = {}
        self._file: FileShown | None = None
        self._soon = Soon(self, self._look_again)

    def subject(self) -> Content:
        return presentation.files_subject(self._part)

    def compose_body(self) -> ComposeResult:
        table = VirtualTable(
            FILE_COLUMNS,
            self._page,
            nothing=NO_FILES,
            no_match="No file is in this view; Esc shows all.",
            around=self._at,
            explain=self.explain,
        )
        table.filtered = self._part != "all"
        yield table
        yield Rule()
        yield Detail()

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        page = await self.client.enrollment.files(self._part, cursor=cursor, around=around)
        self._rows |= {one.number: one for one in page.rows}
        now = self.desk.now()
        return TablePage([presentation.file_row(one, now) for one in page.rows], page.next, page.previous)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        self._soon.looked()
        if self._table.shown is not Shown.LOADING:
            self._table.reload()
        self._look_at_file()

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.FILE, EventKind.RESET):
            self._soon.ask()

    def _look_again(self) -> None:
        self._table.look_again()
        self._look_at_file()

    def _look_at_file(self) -> None:
        key = self._table.cursor_key
        if key is not None:
            self.fetch(self.client.enrollment.file(key), self._shown, group="file")

    def on_screen_resume(self) -> None:
        """What changed while another screen stood here was not heard; the cursor stays on its file."""
        if self._rows:
            self.load()

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        if self._file is None or self._file.number != event.key:
            self._file = None
            self.query_one(Detail).show(lambda _: plain(f" {event.key}  loading ..."))
        self._look_at_file()

    def _shown(self, file: FileShown) -> None:
        """The newest answer about a file is also what its row says."""
        now = self.desk.now()
        if file.number in self._rows:
            self._table.put(presentation.file_row(file, now))
        if file.number != self._table.cursor_key:
            return
        another = self._file is None
        self._file = file
        view = self.query_one(Detail)
        view.show(lambda width: presentation.about(file, now, width))
        if another:
            view.scroll_home(animate=False)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """Nothing is opened where no file stands."""
        order = {"open": 0, "filter": 1, "copy number": 2}
        stands = self._table.cursor_key is not None
        for key, does, enabled in sorted(super().keys(), key=lambda one: order.get(one[1], len(order))):
            yield key, does, enabled and (stands or does not in ("open", "copy number"))

    def why(self) -> Content | None:
        return plain(WHY_FILES)

    def again(self) -> DeskScreen | None:
        return FilesScreen(part=self._part, at=self._table.cursor_key)

    # which files

    def action_filter(self) -> None:
        """All files, those that need somebody, or the refused ones."""
        self.pick("show", [Choice(label, part) for part, label in PARTS.items()], self._show_part)

    def _show_part(self, part: str) -> None:
        if part == self._part:
            return
        self._part = part
        self._file = None
        self._rows.clear()
        self.say("")
        self.show_subject()
        self.query_one(Detail).show(lambda _: plain(""))
        self._table.restart(filtered=part != "all")
        self.refresh_bindings()

    def action_back(self) -> None:
        """The filter first, then the screen."""
        if self._part != "all":
            self._show_part("all")
        else:
            super().action_back()

    # to one file

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        self.app.push_screen(FileScreen(event.key))

    def action_copy(self) -> None:
        """Put the number of the file on the clipboard, and nothing else."""
        key = self._table.cursor_key
        if key is None:
            self.refuse("No file stands here.")
        else:
            self.app.copy_to_clipboard(key)
            self.say(f"{key} is copied.")


__all__ = ["FilesScreen"]
