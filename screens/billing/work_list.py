"""The groups whose premium is unpaid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from api_client.types.words import EventKind
from screens.billing import unpaid
from screens.billing.unpaid import Filter
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.billing import UnpaidRow


class WorkListScreen(DeskScreen):
    """Groups with unpaid premium, the first end of coverage first."""

    HINT = "whose coverage ends first stands first; n opens the next one to call"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    WorkListScreen #one { height: 2; }
    """
    BINDINGS = [
        Binding("n", "call_next", "call next", id="billing.call_next"),
        Binding("f", "filter", "filter", id="billing.filter"),
    ]

    def __init__(self, *, at: str | None = None, chosen: Filter = unpaid.ALL) -> None:
        """`at` is the group to stand on."""
        super().__init__()
        self._at = at
        self._filter = chosen
        self._rows: dict[str, UnpaidRow] = {}

    def subject(self) -> Content:
        return unpaid.subject(self._filter)

    def compose_body(self) -> ComposeResult:
        table = VirtualTable(
            unpaid.COLUMNS,
            self._page,
            nothing=unpaid.NOTHING,
            no_match=unpaid.NO_MATCH,
            around=self._at,
            explain=self.explain,
        )
        table.filtered = self._filter is not unpaid.ALL
        yield table
        yield Rule()
        yield Static(id="one")

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        today = self.desk.now().date()
        page = await self.client.billing.work_list(
            state=self._filter.state, until=self._filter.until(today), cursor=cursor
        )
        self._rows |= {one.number: one for one in page.rows}
        return TablePage([unpaid.row(one, today) for one in page.rows], page.next, page.previous)

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

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show_one(self) -> None:
        one = self._rows.get(self._table.cursor_key or "")
        said = plain("") if one is None else unpaid.about(one, self.desk.now().date(), self.size.width)
        self.query_one("#one", Static).update(said)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """The next call first."""
        order = {"call next": 0, "open": 1, "filter": 2}
        stands = self._table.cursor_key is not None
        for key, does, enabled in sorted(super().keys(), key=lambda one: order.get(one[1], len(order))):
            yield key, does, enabled and (stands or does not in ("call next", "open"))

    def why(self) -> Content | None:
        return plain(unpaid.WHY)

    def again(self) -> DeskScreen | None:
        return WorkListScreen(at=self._table.cursor_key, chosen=self._filter)

    # which groups

    def action_filter(self) -> None:
        """By state, or by when coverage ends."""
        self.pick("show", unpaid.FILTERS, self._show)

    def _show(self, chosen: Filter) -> None:
        if chosen == self._filter:
            return
        self._filter = chosen
        self._rows.clear()
        self.say("")
        self.show_subject()
        self.query_one("#one", Static).update(plain(""))
        self._table.restart(filtered=chosen is not unpaid.ALL)
        self.refresh_bindings()

    def action_back(self) -> None:
        """The filter first, then the screen."""
        if self._filter is not unpaid.ALL:
            self._show(unpaid.ALL)
        else:
            super().action_back()

    # to one group

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.billing.status import BillingScreen

        self.app.push_screen(BillingScreen(event.key))

    def action_call_next(self) -> None:
        """Open the bill of the first group of this list that nobody called today."""
        self.fetch(self._next_to_call(), self._call, group="next", hold_keys=True)

    async def _next_to_call(self) -> UnpaidRow | None:
        """Asked anew: a colleague may have called since the list was painted."""
        today = self.desk.now().date()
        cursor = None
        while True:
            page = await self.client.billing.work_list(
                state=self._filter.state, until=self._filter.until(today), cursor=cursor
            )
            found = next((one for one in page.rows if unpaid.to_call(one, today)), None)
            cursor = page.next
            if found is not None or cursor is None:
                return found

    def _call(self, one: UnpaidRow | None) -> None:
        from screens.billing.status import BillingScreen, WhomToCall

        if one is None:
            self.refuse(unpaid.ALL_CALLED)
            return
        self._table.reload(one.number)
        self.app.push_screen(BillingScreen(one.number, call=WhomToCall(one.phone, one.contact)))


__all__ = ["WorkListScreen"]
