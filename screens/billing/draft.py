"""A payment that is being typed: asked field by field, kept until it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from api_client.types.billing_words import PaymentMethod
from screens.billing import presentation, typed
from screens.billing.receipts import NewPayment, record_line
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus
    from screens.widgets.screen import DeskScreen

_LINE = 80
Record = Callable[[NewPayment], None]


class PaymentDraft:
    """Asking again starts with what was typed before, so that Esc or a failure loses nothing."""

    def __init__(self, screen: DeskScreen, record: Record) -> None:
        """`record` gets the payment after the confirmation."""
        self._screen = screen
        self._record = record
        self._status: BillingStatus | None = None
        self.forget()

    def forget(self) -> None:
        """The payment is recorded; the next one starts empty."""
        self._texts = {"day": "", "amount": "", "reference": ""}
        self._received_on = date.min
        self._amount = Decimal(0)
        self._method = PaymentMethod.CHECK
        self._for_fees = False

    def ask(self, status: BillingStatus) -> None:
        """Ask for the day, the amount, the method, what it pays and the reference; then confirm."""
        self._status = status
        self._ask_day()

    def _ask_day(self) -> None:
        title = "payment received on (11-19, 2026-11-19 or today):"
        self._screen.write(title, self._take_day, limit=_LINE, value=self._texts["day"])

    def _take_day(self, text: str) -> None:
        self._texts["day"] = text
        try:
            self._received_on = typed.day_received(text, self._screen.desk.now().date())
        except typed.NotClear as not_clear:
            self._ask_day()
            self._screen.say(str(not_clear))
        else:
            self._screen.say("")
            self._ask_amount()

    def _ask_amount(self) -> None:
        title = f"received {self._received_on}, amount in dollars:"
        self._screen.write(title, self._take_amount, limit=_LINE, value=self._texts["amount"])

    def _take_amount(self, text: str) -> None:
        self._texts["amount"] = text
        try:
            self._amount = typed.amount(text)
        except typed.NotClear as not_clear:
            self._ask_amount()
            self._screen.say(str(not_clear))
        else:
            self._screen.say("")
            title = f"{presentation.money(self._amount)} received {self._received_on} by"
            self._screen.pick(title, presentation.METHOD_CHOICES, self._take_method)

    def _take_method(self, method: PaymentMethod) -> None:
        self._method = method
        fees = self._status.open_fees if self._status is not None else Decimal(0)
        if fees > 0:
            choices = [Choice("premium", False), Choice(f"fees, {presentation.money(fees)} open", True)]
            self._screen.pick(f"{presentation.money(self._amount)} pays", choices, self._take_purpose)
        else:
            self._take_purpose(False)

    def _take_purpose(self, for_fees: bool) -> None:
        self._for_fees = for_fees
        self._ask_reference()

    def _ask_reference(self) -> None:
        title = "number or other reference of the payment, or none:"
        self._screen.write(
            title,
            self._take_reference,
            limit=typed.REFERENCE,
            value=self._texts["reference"],
            optional=True,
        )

    def _take_reference(self, text: str) -> None:
        self._texts["reference"] = text
        try:
            reference = typed.reference(text)
        except typed.NotClear as not_clear:
            self._ask_reference()
            self._screen.say(str(not_clear))
        else:
            self._screen.say("")
            self._confirm(reference)

    def _confirm(self, reference: str) -> None:
        new = NewPayment(self._received_on, self._amount, self._method, reference, self._for_fees)
        if self._status is not None:
            self._screen.confirm(record_line(self._status, new), lambda: self._record(new))
