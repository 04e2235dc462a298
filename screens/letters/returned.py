"""`R`: letters that the post brought back, the first to come back first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind
from screens.letters import mail_words, post
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow, ReturnedRow


class ReturnedScreen(DeskScreen):
    """Enter shows the letter among those of its group; `s` settles it."""

    HINT = "Enter shows the letter among those of its group; s says what was done about it"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    ReturnedScreen VirtualTable { height: 1fr; }
    ReturnedScreen Detail { height: 5; }
    """
    BINDINGS = [Binding("s", "settle", "settle", id="returned.settle")]

    def __init__(self, *, at: str | None = None) -> None:
        """`at` is the letter to stand on."""
        super().__init__()
        self._at = at
        self._rows: dict[str, ReturnedRow] = {}

    def subject(self) -> Content:
        return plain("RETURNED LETTERS")

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            mail_words.COLUMNS,
            self._page,
            nothing=mail_words.NOTHING,
            around=self._at,
            explain=self.explain,
        )
        yield Rule()
        detail = Detail()
        detail.can_focus = False
        yield detail

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.letters.returned(cursor=cursor)
        if cursor is None:
            self._rows = {}
        self._rows |= {one.id: one for one in page.rows}
        return TablePage(mail_words.rows(page.rows, self.desk.now().date()), page.next, page.previous)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _one(self) -> ReturnedRow | None:
        return self._rows.get(self._table.cursor_key or "")

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.BILLING, EventKind.ACCOUNT, EventKind.RESET):
            self._table.look_again()

    def on_screen_resume(self) -> None:
        """What was settled among the letters of a group is gone from here."""
        self.load()

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show(self) -> None:
        one = self._one
        detail = self.query_one(Detail)
        if one is None:
            detail.show(lambda _: plain(""))
        else:
            detail.show(partial(mail_words.about, one, self.desk.now()))
        self.refresh_bindings()

    def why(self) -> Content | None:
        return plain(mail_words.WHY)

    def again(self) -> DeskScreen | None:
        return ReturnedScreen(at=self._table.cursor_key)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        possible = {"open": self._one is not None, "settle": self._one is not None}
        for key, does, enabled in sorted(super().keys(), key=lambda shown: shown[1] not in possible):
            yield key, does, possible.get(does, enabled)

    # acts

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.letters.letters import LettersScreen

        one = self._rows.get(event.key)
        if one is not None:
            self.app.push_screen(LettersScreen(one.group_number, at=one.id))

    def action_settle(self) -> None:
        """Say what was done about the letter under the cursor."""
        one = self._one
        if one is None:
            self.refuse(mail_words.NONE_HERE)
        else:
            post.settle(self, one.id, one.title, self._settled)

    def _settled(self, one: LetterRow) -> None:
        self._table.reload()
        self.say(mail_words.settled(one))


__all__ = ["ReturnedScreen"]
