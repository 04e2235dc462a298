"""The lists of a group's bill: one at a time on a small screen, side by side on a large one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget

from api_client.types.billing_words import DateAbout
from screens.billing import presentation, reasons
from screens.billing.chart import Chart
from screens.widgets.failure import Failure, Trouble
from screens.widgets.virtual_table import Column, TablePage, TableRow, VirtualTable

if TYPE_CHECKING:
    from api_client.types.billing import (
        BillingStatus,
        HoldRow,
        Invoice,
        Payment,
        PromiseRow,
        ReinstatementRow,
    )

Fetch = Callable[[str | None, str | None], Awaitable[TablePage]]
_LISTS: dict[str, tuple[tuple[Column, ...], str]] = {
    "invoices": (presentation.INVOICE_COLUMNS, "No bill was sent yet."),
    "payments": (presentation.PAYMENT_COLUMNS, "No payment was received yet."),
    "letters": (presentation.LETTER_COLUMNS, "No letter was written yet."),
    "dates": (presentation.DATE_COLUMNS, "No date is known yet."),
    "others": (presentation.OTHER_COLUMNS, "No promise, no hold."),
}


class Books(Container):
    """Bills, payments, letters, dates, promises and holds, and the picture."""

    DEFAULT_CSS = """
    Books { height: 1fr; layout: horizontal; }
    Books > Vertical { width: 1fr; }
    Books VirtualTable:blur > .table--cursor { background: $background; color: $foreground; }
    Books .-hidden { display: none; }
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        explain: Callable[[Exception], Failure],
        stand_on: Mapping[str, str | None],
    ) -> None:
        """`stand_on` names the record to stand on in a list."""
        super().__init__(id="books")
        self.status: BillingStatus | None = None
        self.pane = "invoices"
        self._now = now
        self._explain = explain
        self._stand_on = dict(stand_on)
        self._answered = asyncio.Event()

    def compose(self) -> ComposeResult:
        with Vertical(id="left"):
            yield self._list("invoices")
            yield self._list("dates")
        with Vertical(id="right"):
            yield Chart(id="chart")
            yield self._list("payments")
            yield self._list("letters", opens=True)
            yield self._list("others")

    def _list(self, name: str, *, opens: bool = False) -> VirtualTable:
        columns, nothing = _LISTS[name]
        return VirtualTable(
            columns,
            self._pages(name),
            nothing=nothing,
            around=self._stand_on.get(name),
            explain=self._explain,
            opens=opens,
            id=name,
        )

    def _pages(self, name: str) -> Fetch:
        """The lists come with the status; they wait for its first answer."""

        async def page(cursor: str | None, around: str | None) -> TablePage:
            await self._answered.wait()
            if self.status is None:
                raise Trouble("the bill of this group.")
            return TablePage(list(self._rows(name, self.status)))

        return page

    def _rows(self, name: str, status: BillingStatus) -> Iterable[TableRow]:
        today = status.on
        match name:
            case "invoices":
                return (presentation.invoice_row(one, today) for one in status.invoices)
            case "payments":
                return (presentation.payment_row(one, today, self._now()) for one in status.payments)
            case "letters":
                return (presentation.letter_row(one, today) for one in status.letters)
            case "dates":
                keys = presentation.date_keys(status.timeline)
                return (presentation.date_row(key, one, today) for key, one in keys.items())
        return (
            *(presentation.reinstatement_row(one, today) for one in status.reinstatements),
            *(presentation.hold_row(one, today) for one in status.holds),
            *(presentation.promise_row(one, today) for one in status.promises),
        )

    # what is shown

    def show(self, status: BillingStatus, stand_on: Mapping[str, str | None], *, anew: bool) -> None:
        """Show it; the lists are patched in place unless the rep asked for them anew."""
        first = self.status is None
        self.status = status
        self._answered.set()
        if first:
            stand_on = {"dates": presentation.first_to_come(status.timeline), **self._stand_on, **stand_on}
        for name in _LISTS:
            table = self._table(name)
            if anew:
                table.reload(stand_on.get(name))
            else:
                table.look_again()
        self.query_one(Chart).months = tuple(status.months)
        self._table("others").set_class("others" not in presentation.counts(status), "-hidden")

    def give_up(self) -> None:
        """Nothing came; the lists say so."""
        self._answered.set()

    def show_pane(self, name: str) -> None:
        """Go to a list; on a small screen it is the only one."""
        self.pane = name
        for one in self.query("Vertical > *").results(Widget):
            one.set_class(one.id == name, "-shown")
        for side in self.query("Books > Vertical").results(Widget):
            side.set_class(any(child.id == name for child in side.children), "-shown")
        self.query_one(f"#{name}").focus()

    def next_pane(self, by: int, *, wide: bool) -> str:
        """The list after this one, or before it; a large screen shows the picture all the time."""
        names = list(presentation.PANES) if self.status is None else list(presentation.counts(self.status))
        shown = [name for name in names if not (wide and name == "chart")]
        at = shown.index(self.pane) if self.pane in shown else 0
        return shown[(at + by) % len(shown)]

    def _table(self, name: str) -> VirtualTable:
        return self.query_one(f"#{name}", VirtualTable)

    # what is under the cursor

    @property
    def key(self) -> str | None:
        """The record under the cursor of the list in view."""
        return None if self.pane == "chart" else self._table(self.pane).cursor_key

    @property
    def invoice(self) -> Invoice | None:
        """The bill under the cursor, in the list of bills."""
        rows = self.status.invoices if self.status and self.pane == "invoices" else []
        return next((one for one in rows if one.number == self.key), None)

    @property
    def payment(self) -> Payment | None:
        """The payment under the cursor, in the list of payments."""
        rows = self.status.payments if self.status and self.pane == "payments" else []
        return next((one for one in rows if one.number == self.key), None)

    @property
    def other(self) -> PromiseRow | HoldRow | ReinstatementRow | None:
        """The promise, hold or request under the cursor, in their list."""
        if self.status is None or self.pane != "others":
            return None
        found: list[PromiseRow | HoldRow | ReinstatementRow] = []
        found += [*self.status.reinstatements, *self.status.holds, *self.status.promises]
        return next((one for one in found if one.id == self.key), None)

    def why(self) -> Content | None:
        """The row under the cursor, the end of coverage, and each step behind both."""
        if self.status is None:
            return None
        return reasons.why(self.status, self._row(self.status))

    def _row(self, status: BillingStatus) -> reasons.Row | None:
        key, today = self.key, status.on
        if (paid := self.payment) is not None:
            kinds: tuple[DateAbout, ...] = (DateAbout.RETURNED,) if paid.returned_on else (DateAbout.PAYMENT,)
            return reasons.Row(reasons.why_payment(paid, today, self._now()), kinds)
        if (bill := self.invoice) is not None:
            kinds = (DateAbout.BILL, DateAbout.DUE)
            return reasons.Row(reasons.why_invoice(bill, today), kinds, (bill.due_date, bill.bill_date))
        if (other := self.other) is not None:
            return reasons.why_other(other, today)
        if self.pane == "letters":
            found = (reasons.why_letter(one) for one in status.letters if one.number == key)
            return next(found, None)
        entry = presentation.date_keys(status.timeline).get(key or "") if self.pane == "dates" else None
        if entry is None:
            return None
        return reasons.Row(reasons.why_date(entry, today), (entry.about,), (entry.on,))
