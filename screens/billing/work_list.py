"""The groups whose premium is unpaid."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from api_client.types.words import EventKind
from screens.billing import presentation
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable


class WorkListScreen(DeskScreen):
    """Groups with unpaid premium, the first end of coverage first."""

    HINT = "the group whose coverage ends first stands first; Enter shows its bill"
    AUTO_FOCUS = "VirtualTable"

    def __init__(self, *, at: str | None = None) -> None:
        """`at` is the group to stand on."""
        super().__init__()
        self._at = at

    def subject(self) -> Content:
        return plain("BILLING  premium unpaid")

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            presentation.WORK_COLUMNS,
            self._page,
            nothing="No group has unpaid premium past its due date. F7 looks again.",
            around=self._at,
            explain=self.explain,
        )

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        page = await self.client.billing.work_list(cursor=cursor)
        today = self.desk.now().date()
        return TablePage([presentation.work_row(one, today) for one in page.rows], page.next, page.previous)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.BILLING, EventKind.ACCOUNT, EventKind.RESET):
            self._table.look_again()

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.billing.status import BillingScreen

        self.app.push_screen(BillingScreen(event.key))

    def why(self) -> Content | None:
        return plain(presentation.WHY_LIST)

    def again(self) -> DeskScreen | None:
        return WorkListScreen(at=self._table.cursor_key)


__all__ = ["WorkListScreen"]
