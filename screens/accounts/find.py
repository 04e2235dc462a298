"""Finds the group a caller names, by number or by the beginning of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from api_client.types.visible import visible_line
from api_client.types.words import EventKind
from screens.accounts import presentation
from screens.accounts.account import AccountScreen
from screens.widgets.desk import Changed, FindText
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.accounts import AccountRow
    from api_client.types.common import Page

_LONGEST = 80


class FindScreen(DeskScreen):
    """The groups found; a single one, or exactly the number typed, opens at once."""

    HINT = "a group number, or / and the beginning of a name"
    DEFAULT_CSS = """
    FindScreen VirtualTable { height: 1fr; display: none; }
    FindScreen.-found VirtualTable { display: block; }
    FindScreen.-found #words { display: none; }
    FindScreen #words { height: 1fr; padding-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""
        self._answer: Page[AccountRow] | None = None

    def subject(self) -> Content:
        return presentation.find_subject(self._typed)

    def compose_body(self) -> ComposeResult:
        yield Static(presentation.nothing_typed(), id="words")
        yield VirtualTable(
            presentation.ACCOUNT_COLUMNS,
            self._page,
            nothing="No group begins so any more. / or a digit looks for another one.",
            explain=self.explain,
        )

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        if not self._typed:
            return TablePage([])
        page = self._answer if cursor is None else None
        self._answer = None
        if page is None:
            page = await self.client.accounts.find(self._typed, cursor=cursor)
        today = self.desk.now().date()
        return TablePage([presentation.account_row(one, today) for one in page.rows], page.next)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # looking up

    @on(FindText)
    def _find(self, event: FindText) -> None:
        """Whatever account stands above this screen gives way to the one looked for."""
        event.stop()
        while self.app.screen is not self:
            self.app.pop_screen()
        self._typed = visible_line(event.text).strip()[:_LONGEST]
        self.show_subject()
        self._look_up()

    def _look_up(self) -> None:
        """What is typed meanwhile is meant for the account that comes."""
        self._tell(presentation.looking(self._typed))
        self.fetch(
            self.client.accounts.find(self._typed),
            self._found,
            group="find",
            otherwise=self._not_looked,
            hold_keys=True,
        )

    def _not_looked(self, _: Exception) -> bool:
        self._tell(presentation.not_looked(self._typed))
        return False

    def _found(self, page: Page[AccountRow]) -> None:
        if not page.rows:
            self._tell(presentation.nothing_found(self._typed))
            return
        self._answer = page
        self.set_class(True, "-found")
        self._table.restart(filtered=False)
        self._table.focus()
        number = presentation.alone(page.rows, self._typed)
        if number is not None and (page.next is None or len(page.rows) > 1):
            self._open(number)

    def _tell(self, words: Content) -> None:
        self.set_class(False, "-found")
        self.set_focus(None)
        self.query_one("#words", Static).update(words)

    def _open(self, number: str) -> None:
        self.app.push_screen(AccountScreen(number))

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        self._open(event.key)

    # what is shown

    def load(self) -> None:
        if self.has_class("-found"):
            self._table.reload()
        elif self._typed:
            self._look_up()

    def on_change(self, change: Changed) -> None:
        shown = {row.key for row in self._table.rows}
        about_groups = change.kind in (EventKind.ACCOUNT, EventKind.BILLING) and change.subject in shown
        if self.has_class("-found") and (about_groups or change.kind is EventKind.RESET):
            self._table.look_again()

    def action_back(self) -> None:
        """What was looked for first; this screen itself stays."""
        if self._typed:
            self._typed = ""
            self.workers.cancel_group(self, "find")
            self.show_subject()
            self._tell(presentation.nothing_typed())
        else:
            super().action_back()

    def again(self) -> DeskScreen | None:
        """Nothing typed: what was looked for goes out of memory with the lock."""
        return FindScreen()


__all__ = ["FindScreen"]
