"""The members of a group, masked."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from api_client.types.words import EventKind
from screens.accounts import presentation
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable


class MembersScreen(DeskScreen):
    """Family by family, with the days of their coverage."""

    HINT = "names and birth dates are masked by the server; Esc goes back to the account"
    AUTO_FOCUS = "VirtualTable"

    def __init__(self, number: str, *, at: str | None = None) -> None:
        """`at` is the row to stand on."""
        super().__init__()
        self._number = number
        self._at = at

    def subject(self) -> Content:
        return presentation.members_subject(self._number)

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            presentation.MEMBER_COLUMNS,
            self._page,
            nothing="Nobody is or was enrolled in this group. Esc goes back.",
            around=self._at,
            explain=self.explain,
            opens=False,
        )

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.accounts.members(self._number, cursor=cursor)
        return TablePage(presentation.member_rows(page.rows), page.next)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        mine = change.kind is EventKind.ACCOUNT and change.subject == self._number
        if mine or change.kind is EventKind.RESET:
            self._table.look_again()

    def why(self) -> Content | None:
        return presentation.WHY_MASKED

    def again(self) -> DeskScreen | None:
        return MembersScreen(self._number, at=self._table.cursor_key)


__all__ = ["MembersScreen"]
