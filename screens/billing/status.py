"""Where one group stands with its bill: what keeps coverage, what happened and what is to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from api_client.types.call_words import PhoneAct
from api_client.types.words import EventKind, Role
from screens.billing import by_phone, overview, presentation, what_if
from screens.billing.books import Books
from screens.billing.figures import Figures
from screens.billing.holds import HoldActs
from screens.billing.payments import PaymentActs
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import join, plain
from screens.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from api_client.types.acts import ActOption
    from api_client.types.billing import BillingStatus, PromiseRow

_LEADS = (Role.LEAD, Role.ADMIN)
_KEYS = 5
"""On the key line, beside the help."""
_NOT_HERE = "The bill of this group is not here yet."
_FIRST = {
    "": ("next list", "what if", "by phone", "letters", "dispute"),
    "payments": ("next list", "what if", "add payment", "reverse", "bank return"),
    "others": ("next list", "what if", "by phone", "hold", "undo promise"),
    "lead": ("next list", "what if", "by phone", "add payment", "hold"),
}
"""What the key line shows first, by list and role; F1 has all."""


@dataclass(frozen=True)
class WhomToCall:
    """Who is called about the bill; the rep starts the call."""

    phone: str
    contact: str

    def words(self) -> Content:
        """The number, the name, and the key."""
        return join((f"call {self.phone} {self.contact}".rstrip(), "bold"), "; F9 starts the call")


class Overview(Detail, can_focus=False):
    """The lines above or below the lists, as high as they need."""

    DEFAULT_CSS = "Overview { height: auto; max-height: 80%; scrollbar-size-vertical: 0; }"


class BillingScreen(DeskScreen):
    """The bill of one group."""

    HINT = "? says why: the row under the cursor, then when coverage ends"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    BillingScreen #panes { height: 1; }
    BillingScreen.-wide #panes { display: none; }
    BillingScreen.-narrow #books > Vertical { display: none; }
    BillingScreen.-narrow #books > Vertical > * { display: none; }
    BillingScreen.-narrow #books > Vertical.-shown { display: block; }
    BillingScreen.-narrow #books > Vertical > .-shown { display: block; }
    BillingScreen.-wide #left { width: 64; }
    BillingScreen.-wide #right { padding-left: 1; }
    BillingScreen.-wide #chart { height: 10; }
    """
    DECIDES = frozenset("abdhru")
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
        Binding("p", "what_if", "what if", id="billing.what_if"),
        Binding("m", "act", "by phone", id="billing.act"),
        Binding("l", "letters", "letters", id="billing.letters"),
        Binding("d", "dispute", "dispute", id="billing.dispute"),
        Binding("u", "undo", "undo promise", id="billing.undo"),
        Binding("a", "record", "add payment", id="billing.record_payment"),
        Binding("r", "reverse", "reverse", id="billing.reverse_payment"),
        Binding("b", "returned", "bank return", id="billing.return_payment"),
        Binding("h", "hold", "hold", id="billing.hold"),
    ]

    def __init__(
        self, number: str, *, pane: str = "invoices", at: str | None = None, call: WhomToCall | None = None
    ) -> None:
        """`pane` is the list to stand in, `at` the record in it; `call` says whom to call about it."""
        super().__init__()
        self.number = number
        self.status: BillingStatus | None = None
        self._call = call
        self._anew = True
        self._stand_on: Mapping[str, str | None] = {}
        self._pane = pane
        self.books = Books(lambda: self.desk.now(), self.explain, {pane: at} if at else {})
        self._what_if = Figures()
        self._payments = PaymentActs(self)
        self._holds = HoldActs(self)

    def subject(self) -> Content:
        phone = f"  {self._call.phone}" if self._call is not None else ""
        return plain(f"BILLING {self.number}{phone}")

    def about(self) -> About | None:
        return About(self.number)

    def compose_body(self) -> ComposeResult:
        yield Overview(id="overview")
        yield Rule()
        yield Static(id="panes")
        yield self.books
        yield Overview(id="say")

    def on_mount(self) -> None:
        self.query_one("#overview", Overview).show(lambda _: plain(" loading ..."))
        self._show_pane(self._pane)
        self.say("")

    def say(self, words: str | Content) -> None:
        """Whom to call stands there until something else is said, or somebody is on the line."""
        on_line = self.desk.calls is not None and self.desk.calls.active is not None
        to_call = self._call is not None and not on_line
        super().say(self._call.words() if self._call is not None and to_call and not words else words)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_overview)  # once the size has its class

    # what is shown

    def load(self) -> None:
        self.fetch_anew()

    def on_change(self, change: Changed) -> None:
        ours = change.kind in (EventKind.BILLING, EventKind.ACCOUNT) and change.subject == self.number
        if ours or change.kind is EventKind.RESET:
            self._fetch(anew=False)

    def fetch_anew(self, stand_on: Mapping[str, str | None] | None = None) -> None:
        """Fetch the bill, and come back to these records."""
        self._stand_on = stand_on or self._stand_on
        self._fetch(anew=True)

    def _fetch(self, *, anew: bool) -> None:
        """Fetch it; a change heard meanwhile takes nothing from a fetch that was to come `anew`."""
        self._anew = self._anew or anew
        self.fetch(
            self.client.billing.show(self.number),
            self._shown,
            group="status",
            otherwise=self._not_shown,
            hold_keys=self.status is None,
        )

    def _shown(self, status: BillingStatus) -> None:
        anew, stand_on = self._anew, self._stand_on
        self._anew, self._stand_on = False, {}
        if status != self.status:
            self.status = status
            self.painted()
        self._show_overview()
        self.query_one("#say", Overview).show(partial(overview.sentence, status))
        self.books.show(status, stand_on, anew=anew)
        self._show_pane_line()
        self.refresh_bindings()

    def _show_overview(self) -> None:
        """All of it; on a small screen the picture takes the room of the strip and the dates."""
        if self.status is not None:
            brief = self.books.pane == "chart" and not self.has_class("-wide")
            says = partial(overview.overview, self.status, brief=brief)
            self.query_one("#overview", Overview).show(says)

    def _not_shown(self, error: Exception) -> bool:
        """The banner tells it; what stands on the screen stays, and nothing is said to be loading."""
        self._anew = self.status is None
        if self.status is None:
            self.books.give_up()
            self.query_one("#overview", Overview).show(lambda _: plain(" could not load; F7 tries again"))
        return False

    def look_at_conflict(self, tell: Callable[[BillingStatus], None]) -> None:
        """Somebody was faster: show what stands now, and have both told."""

        def shown(status: BillingStatus) -> None:
            self._shown(status)
            tell(status)

        self.fetch(self.client.billing.show(self.number), shown, group="conflict")

    # which list

    def _show_pane(self, name: str) -> None:
        self.books.show_pane(name)
        self._show_overview()
        self._show_pane_line()
        self.refresh_bindings()

    def _show_pane_line(self) -> None:
        if self.status is not None:
            line = presentation.panes(self.books.pane, self.status)
            self.query_one("#panes", Static).update(line)

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        self.refresh_bindings()

    @on(VirtualTable.Chosen)
    def _open_letter(self, event: VirtualTable.Chosen) -> None:
        from screens.letters.letters import LettersScreen

        self.app.push_screen(LettersScreen(self.number, at=event.key))

    def action_pane(self, by: int) -> None:
        """To the next list, or the one before; an open question keeps the focus."""
        if not self.prompt.is_open:
            self._show_pane(self.books.next_pane(by, wide=self.has_class("-wide")))

    def action_letters(self) -> None:
        """To the letters, and back to the bills."""
        if not self.prompt.is_open:
            self._show_pane("invoices" if self.books.pane == "letters" else "letters")

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed; first what is likeliest in this list."""
        first = self._first_keys()
        next_list = presentation.PANES[self.books.next_pane(1, wide=self.has_class("-wide"))]
        letters = "bills" if self.books.pane == "letters" else "letters"
        says = {"next list": next_list, "letters": letters, "hold": self._holds.does()}
        possible = self._possible()
        shown = sorted(
            DeskScreen.keys(self), key=lambda one: first.index(one[1]) if one[1] in first else len(first)
        )
        for key, does, enabled in shown[:_KEYS]:
            yield key, says.get(does, does), possible.get(does, enabled)

    def _first_keys(self) -> tuple[str, ...]:
        pane = self.books.pane
        if pane == "payments" and not self.is_lead:
            return _FIRST[""]
        if pane in _FIRST:
            return _FIRST[pane]
        if self.is_lead:
            return _FIRST["lead"]
        return (*_FIRST[""][:4], "undo promise") if self._mine() else _FIRST[""]

    def _possible(self) -> dict[str, bool]:
        here, payment = self.status is not None, self.books.payment
        counts = payment is not None and payment.reversed_at is None
        return {
            "what if": here,
            "dispute": self.books.invoice is not None,
            "undo promise": self._mine() is not None,
            "add payment": self.is_lead and here,
            "reverse": self.is_lead and counts,
            "bank return": self.is_lead and payment is not None and counts and not payment.returned_on,
            "hold": self.is_lead and here,
        }

    def why(self) -> Content | None:
        return self.books.why()

    def again(self) -> DeskScreen | None:
        return BillingScreen(self.number, pane=self.books.pane, at=self.books.key, call=self._call)

    # acts

    @property
    def is_lead(self) -> bool:
        """Whether a lead sits here."""
        session = self.session
        return session is not None and session.rep.role in _LEADS

    def action_what_if(self) -> None:
        """What would follow from a payment; nothing is written."""
        if self.status is None:
            self.refuse(_NOT_HERE)
        else:
            what_if.ask(self, self.status, self._what_if)

    def action_act(self) -> None:
        """Do something for the caller: promise, paper bill, billing cycle and the others."""
        from screens.calls.acts import act_by_phone

        act_by_phone(self, About(self.number))

    def action_dispute(self) -> None:
        """The client on the line disputes the bill under the cursor."""
        bill = self.books.invoice
        if bill is None:
            self.refuse("Tab goes to the bills; d there takes down a dispute of the one under the cursor.")
            return

        def ask(options: list[ActOption]) -> None:
            option = next((one for one in options if one.act is PhoneAct.DISPUTE), None)
            if option is None or not option.allowed:
                self.refuse(option.why_not if option is not None else "A dispute cannot be taken down here.")
            else:
                by_phone.dispute(self, About(self.number), option, invoice=bill.number)

        self.fetch(self.client.acts.options(self.number), ask, group="acts", hold_keys=True)

    def _mine(self) -> PromiseRow | None:
        """The promise that this rep can still take back."""
        rows = self.status.promises if self.status is not None else []
        now = self.desk.now()
        return next((one for one in rows if one.undo_until is not None and one.undo_until > now), None)

    def action_undo(self) -> None:
        """Take my entry of a promise back."""
        mine = self._mine()
        if mine is None:
            self.refuse("You took down no promise here that could still be taken back.")
        else:
            by_phone.take_back(self, mine)

    def action_record(self) -> None:
        """Record a payment received."""
        self._payments.record()

    def action_reverse(self) -> None:
        """Take a mis-posted payment back."""
        self._payments.reverse()

    def action_returned(self) -> None:
        """The bank brought a payment back."""
        self._payments.returned()

    def action_hold(self) -> None:
        """Open a hold; on a hold lift it, on a request decide it."""
        self._holds.begin()


__all__ = ["BillingScreen", "WhomToCall"]
