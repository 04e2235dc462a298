"""`B`: the promised call-backs, the first due first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from api_client.types.words import EventKind
from screens.calls import promises
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, TableRow, VirtualTable

if TYPE_CHECKING:
    from api_client.types.call_words import CallBackOutcome
    from api_client.types.calls import CallBack, CallBackRow


class CallBacksScreen(DeskScreen):
    """Enter shows the number on record; a digit says what came of it."""

    HINT = "Enter shows the number on record and what may be left as a message"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    CallBacksScreen VirtualTable { height: 1fr; }
    CallBacksScreen Detail { height: 5; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, CallBackRow] = {}

    def subject(self) -> Content:
        return plain("CALL-BACKS")

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            promises.COLUMNS,
            self._page,
            nothing="No call-back is promised; m then 7 in an account promises one.",
            explain=self.explain,
        )
        yield Rule()
        detail = Detail()
        detail.can_focus = False
        yield detail

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.calls.call_backs(cursor=cursor)
        self._rows |= {one.id: one for one in page.rows}
        return TablePage([self._row(one) for one in page.rows], page.next, page.previous)

    def _row(self, one: CallBackRow) -> TableRow:
        return promises.row(one, self.desk.now())

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.CALL_BACK, EventKind.RESET):
            self._table.look_again()

    def tick(self) -> None:
        super().tick()
        self._table.recount(self._recounted)

    def _recounted(self, row: TableRow) -> TableRow:
        one = self._rows.get(row.key)
        return row if one is None or row.gone else self._row(one)

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show(self) -> None:
        """What may be said of it without calling; the number went away with the question."""
        if self.prompt.is_open:
            return
        one = self._rows.get(self._table.cursor_key or "")
        detail = self.query_one(Detail)
        if one is None:
            detail.show(lambda _: plain(""))
        else:
            detail.show(partial(promises.about, one, self.desk.now()))

    def why(self) -> Content | None:
        return plain(promises.WHY)

    def again(self) -> DeskScreen | None:
        return CallBacksScreen()

    # calling

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        self.fetch(self.client.calls.call_back(event.key), self._call, group="call back", hold_keys=True)

    def _call(self, one: CallBack) -> None:
        self.query_one(Detail).show(partial(promises.to_call, one, self.desk.now()))
        self.pick(f"{one.id}:", promises.OUTCOME_CHOICES, partial(self._try, one))

    def _try(self, one: CallBack, outcome: CallBackOutcome) -> None:
        work = self.client.calls.tried(one.id, one.version, outcome)
        self.act(work, partial(self._tried, outcome), otherwise=self._look_again)

    def _tried(self, outcome: CallBackOutcome, one: CallBackRow) -> None:
        self._rows[one.id] = one
        self._table.reload()
        self._show()
        self.say(promises.tried(one, outcome))

    def _look_again(self, _: Exception) -> bool:
        self._table.reload()
        return False

    def refresh_bindings(self) -> None:
        """Called when a question opens or closes: the number leaves the screen with it."""
        super().refresh_bindings()
        if self.query_one_optional(Detail) is not None and not self.prompt.is_open:
            self._show()


__all__ = ["CallBacksScreen"]
