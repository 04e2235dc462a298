"""Where one group stands with its bill: what keeps coverage, bills, payments, letters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from api_client.types.words import EventKind, PaymentMethod, Role
from screens.billing import overview, presentation, typed
from screens.billing.draft import PaymentDraft
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.failure import Trouble
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Column, TablePage, TableRow, VirtualTable

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus, Payment

PANES = ("invoices", "payments", "letters")
_LEADS = (Role.LEAD, Role.ADMIN)
_LEADS_ONLY = "Payments are recorded and reversed by a lead: ask one."
_UNKNOWN = "Nobody knows yet whether it was done: press F7 and look at the payments before trying again."
Fetch = Callable[[str | None, str | None], Awaitable[TablePage]]


class Overview(Detail, can_focus=False):
    """The lines above or below the lists, as high as they need."""

    DEFAULT_CSS = "Overview { height: auto; max-height: 60%; }"


class BillingScreen(DeskScreen):
    """The bill of one group."""

    HINT = "? says why: the rule behind each date, and all of the row under the cursor"
    AUTO_FOCUS = "#invoices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    BillingScreen #panes { height: 1; }
    BillingScreen #books { height: 1fr; layout: vertical; }
    BillingScreen #books VirtualTable:blur > .table--cursor { background: $background; color: $foreground; }
    BillingScreen.-narrow #books VirtualTable { display: none; }
    BillingScreen.-narrow #beside { display: none; }
    BillingScreen.-narrow #books.-invoices #invoices { display: block; }
    BillingScreen.-narrow #books.-payments #beside { display: block; }
    BillingScreen.-narrow #books.-payments #payments { display: block; }
    BillingScreen.-narrow #books.-letters #beside { display: block; }
    BillingScreen.-narrow #books.-letters #letters { display: block; }
    BillingScreen.-wide #books { layout: horizontal; }
    BillingScreen.-wide #invoices { width: 62; }
    BillingScreen.-wide #beside { width: 1fr; padding-left: 1; }
    BillingScreen.-wide #panes { display: none; }
    """
    DECIDES = frozenset("ar")
    BINDINGS = [
        Binding("tab", "pane(1)", "next list", key_display="Tab", id="billing.next_list"),
        Binding(
            "shift+tab",
            "pane(-1)",
            "list before",
            key_display="Shift+Tab",
            show=False,
            id="billing.list_before",
        ),
        Binding("l", "letters", "letters", id="billing.letters"),
        Binding("a", "record", "add payment", id="billing.record_payment"),
        Binding("r", "reverse", "reverse", id="billing.reverse_payment"),
    ]

    def __init__(self, number: str, *, pane: str = "invoices", at: str | None = None) -> None:
        """`pane` is the list to stand in, `at` the record in it."""
        super().__init__()
        self._number = number
        self._pane = pane
        self._status: BillingStatus | None = None
        self._answered = asyncio.Event()
        self._anew = True
        self._stand_on: dict[str, str | None] = {pane: at}
        self._draft = PaymentDraft(self, self._record)
        self._reasons: dict[str, str] = {}

    def subject(self) -> Content:
        return plain(f"BILLING {self._number}")

    def about(self) -> About | None:
        return About(self._number)

    def compose_body(self) -> ComposeResult:
        yield Overview(id="overview")
        yield Rule()
        yield Static(id="panes")
        with Container(id="books"):
            yield self._list("invoices", presentation.INVOICE_COLUMNS, "No bill was sent yet.")
            with Vertical(id="beside"):
                yield self._list("payments", presentation.PAYMENT_COLUMNS, "No payment was received yet.")
                yield self._list("letters", presentation.LETTER_COLUMNS, "No letter was written yet.")
        yield Overview(id="say")

    def _list(self, name: str, columns: tuple[Column, ...], nothing: str) -> VirtualTable:
        return VirtualTable(
            columns,
            self._pages(name),
            nothing=nothing,
            around=self._stand_on.get(name),
            explain=self.explain,
            opens=False,
            id=name,
        )

    def on_mount(self) -> None:
        self.query_one("#overview", Overview).show(lambda _: plain(" loading ..."))
        self._show_pane(self._pane)

    # what is shown

    def _pages(self, name: str) -> Fetch:
        """The lists come with the status; they wait for its first answer."""

        async def page(cursor: str | None, around: str | None) -> TablePage:
            await self._answered.wait()
            if self._status is None:
                raise Trouble("the bill of this group.")
            return TablePage(self._rows(name, self._status))

        return page

    def _rows(self, name: str, status: BillingStatus) -> list[TableRow]:
        now = self.desk.now()
        if name == "invoices":
            return [presentation.invoice_row(one, status.on) for one in status.invoices]
        if name == "payments":
            return [presentation.payment_row(one, status.on, now) for one in status.payments]
        return [presentation.letter_row(one, status.on) for one in status.letters]

    def _table(self, name: str) -> VirtualTable:
        return self.query_one(f"#{name}", VirtualTable)

    def load(self) -> None:
        self._fetch_status(anew=True)

    def on_change(self, change: Changed) -> None:
        ours = change.kind in (EventKind.BILLING, EventKind.ACCOUNT) and change.subject == self._number
        if ours or change.kind is EventKind.RESET:
            self._fetch_status(anew=False)

    def _fetch_status(self, *, anew: bool) -> None:
        """Fetch it; a change heard meanwhile takes nothing from a fetch that was to come `anew`."""
        self._anew = self._anew or anew
        self.fetch(
            self.client.billing.show(self._number),
            self._shown,
            group="status",
            otherwise=self._not_shown,
            hold_keys=self._status is None,
        )

    def _shown(self, status: BillingStatus) -> None:
        """Show it; the lists are patched in place unless the rep asked for them anew."""
        anew, stand_on = self._anew, self._stand_on
        self._anew, self._stand_on = False, {}
        if status != self._status:
            self._status = status
            self.painted()
        self._answered.set()
        self.query_one("#overview", Overview).show(partial(overview.overview, status))
        self.query_one("#say", Overview).show(partial(overview.sentence, status))
        for name in PANES:
            table = self._table(name)
            if anew:
                table.reload(stand_on.get(name))
            else:
                table.look_again()
        self._show_pane_line()
        self.refresh_bindings()

    def _not_shown(self, error: Exception) -> bool:
        """The banner tells it; what stands on the screen stays, and nothing is said to be loading."""
        self._anew = self._status is None
        if self._status is None:
            self._answered.set()
            self.query_one("#overview", Overview).show(lambda _: plain(" could not load; F7 tries again"))
        return False

    # which list

    def _show_pane(self, name: str) -> None:
        self._pane = name
        books = self.query_one("#books")
        for one in PANES:
            books.set_class(one == name, f"-{one}")
        self._table(name).focus()
        self._show_pane_line()
        self.refresh_bindings()

    def _show_pane_line(self) -> None:
        if self._status is not None:
            self.query_one("#panes", Static).update(presentation.panes(self._pane, self._status))

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        self.refresh_bindings()

    def action_pane(self, by: int) -> None:
        """To the next list, or the one before; an open question keeps the focus."""
        if not self.prompt.is_open:
            self._show_pane(PANES[(PANES.index(self._pane) + by) % len(PANES)])

    def action_letters(self) -> None:
        """To the letters, and back to the bills."""
        if not self.prompt.is_open:
            self._show_pane("invoices" if self._pane == "letters" else "letters")

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        next_list = PANES[(PANES.index(self._pane) + 1) % len(PANES)]
        says = {"next list": next_list, "letters": "bills" if self._pane == "letters" else "letters"}
        payment = self._under_cursor
        possible = {
            "add payment": self._is_lead and self._status is not None,
            "reverse": self._is_lead and payment is not None and payment.reversed_at is None,
        }
        for key, does, enabled in sorted(DeskScreen.keys(self), key=lambda one: one[1] == "find"):
            yield key, says.get(does, does), possible.get(does, enabled)

    def why(self) -> Content | None:
        status = self._status
        return None if status is None else presentation.why(status, self._why_here(status))

    def _why_here(self, status: BillingStatus) -> Content | None:
        key = self._table(self._pane).cursor_key
        now = self.desk.now()
        if self._pane == "payments":
            found = (presentation.why_payment(o, status.on, now) for o in status.payments if o.number == key)
        elif self._pane == "letters":
            found = (presentation.why_letter(one) for one in status.letters if one.number == key)
        else:
            found = (presentation.why_invoice(o, status.on) for o in status.invoices if o.number == key)
        return next(found, None)

    def again(self) -> DeskScreen | None:
        return BillingScreen(self._number, pane=self._pane, at=self._table(self._pane).cursor_key)

    # acts

    @property
    def _is_lead(self) -> bool:
        session = self.session
        return session is not None and session.rep.role in _LEADS

    @property
    def _under_cursor(self) -> Payment | None:
        """The payment the rep stands on, in the list of payments."""
        if self._pane != "payments" or self._status is None:
            return None
        key = self._table("payments").cursor_key
        return next((one for one in self._status.payments if one.number == key), None)

    def action_reverse(self) -> None:
        """Take a mis-posted payment back."""
        payment = self._under_cursor
        if not self._is_lead:
            self.refuse(_LEADS_ONLY)
        elif payment is None and self._pane != "payments":
            self.refuse("Tab goes to the payments; r there reverses the one under the cursor.")
        elif payment is None:
            self.refuse("No payment stands here to reverse.")
        elif payment.reversed_at is not None:
            self.refuse(presentation.why_not_reversed(payment, self.desk.now()))
        else:
            self._ask_reason(payment, self._reasons.get(payment.number, ""))

    def _ask_reason(self, payment: Payment, value: str) -> None:
        title = f"why was {payment.number} ({presentation.money(payment.amount)}) posted wrongly?"
        self.write(title, partial(self._take_reason, payment), limit=typed.REASON[1], value=value)

    def _take_reason(self, payment: Payment, text: str) -> None:
        try:
            reason = typed.reason(text)
        except typed.NotClear as not_clear:
            self._ask_reason(payment, text)
            self.say(str(not_clear))
            return
        self.say("")
        self._reasons[payment.number] = reason
        if self._status is not None:
            line = presentation.reverse_line(payment, self._status, reason)
            self.confirm(line, partial(self._reverse, payment, reason))

    def _reverse(self, payment: Payment, reason: str) -> None:
        work = self.client.billing.reverse_payment(payment.number, payment.version, reason)
        self.act(work, self._reversed, otherwise=partial(self._not_reversed, payment))

    def _reversed(self, payment: Payment) -> None:
        self._reasons.pop(payment.number, None)
        self._fetch_status(anew=True)
        self.say(presentation.reversed_words(payment))

    def _not_reversed(self, seen: Payment, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return self._unknown(error)
        work = self.client.billing.show(self._number)
        self.fetch(work, partial(self._tell_change, seen), group="conflict")
        return True

    def _tell_change(self, seen: Payment, status: BillingStatus) -> None:
        self._shown(status)
        present = next((one for one in status.payments if one.number == seen.number), None)
        if present is None:
            self.say(f"{seen.number} is no payment of this group any more. Nothing was done.")
        else:
            self.say(presentation.conflict(seen, present, self.desk.now()))

    def _unknown(self, error: Exception) -> bool:
        """Money is never sent twice by mistake: when no answer came, look first."""
        from api_client.errors import NoAnswer

        if isinstance(error, NoAnswer):
            self.say(_UNKNOWN)
        return False

    def action_record(self) -> None:
        """Record a payment received."""
        if not self._is_lead:
            self.refuse(_LEADS_ONLY)
        elif self._status is None:
            self.refuse("The bill of this group is not here yet.")
        else:
            self._draft.ask(self._status)

    def _record(self, received_on: date, amount: Decimal, method: PaymentMethod, reference: str) -> None:
        work = self.client.billing.record_payment(self._number, received_on, amount, method, reference)
        self.act(work, self._recorded, otherwise=self._unknown)

    def _recorded(self, payment: Payment) -> None:
        self._draft.forget()
        self._stand_on = {"payments": payment.number}
        self._fetch_status(anew=True)
        self.say(presentation.recorded(payment, self.desk.now().date()))


__all__ = ["BillingScreen"]
