"""What a lead does with payments: record one, take a mis-posted one back, say that the bank returned one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screens.billing import presentation, receipts, typed
from screens.billing.by_phone import ask_reason
from screens.billing.draft import PaymentDraft

if TYPE_CHECKING:
    from datetime import date

    from api_client.types.billing import BillingStatus, Payment
    from screens.billing.receipts import NewPayment
    from screens.billing.status import BillingScreen

LEADS_ONLY = "Payments are recorded, reversed and returned by a lead: ask one."
_UNKNOWN = "Nobody knows yet whether it was done: press F7 and look at the payments before trying again."
_ELSEWHERE = "Tab goes to the payments; {key} there {does} the one under the cursor."


class PaymentActs:
    """Asks, confirms, sends; what was typed is kept until it is done."""

    def __init__(self, screen: BillingScreen) -> None:
        self._screen = screen
        self._draft = PaymentDraft(screen, self._record)
        self._typed: dict[str, dict[str, str]] = {}

    def record(self) -> None:
        """Record a payment received."""
        if not self._screen.is_lead:
            self._screen.refuse(LEADS_ONLY)
        elif self._screen.status is None:
            self._screen.refuse("The bill of this group is not here yet.")
        else:
            self._draft.ask(self._screen.status)

    def _record(self, new: NewPayment) -> None:
        work = self._screen.client.billing.record_payment(
            self._screen.number,
            new.received_on,
            new.amount,
            new.method,
            new.reference,
            for_fees=new.for_fees,
        )
        self._screen.act(work, self._recorded, otherwise=self._unknown)

    def _recorded(self, payment: Payment) -> None:
        self._draft.forget()
        self._screen.fetch_anew({"payments": payment.number})
        self._screen.say(receipts.recorded(payment, self._screen.desk.now().date()))

    def _one(self, key: str, does: str) -> Payment | None:
        """The payment under the cursor of a lead; otherwise it is said why there is none."""
        payment = self._screen.books.payment
        if not self._screen.is_lead:
            self._screen.refuse(LEADS_ONLY)
        elif payment is None and self._screen.books.pane != "payments":
            self._screen.refuse(_ELSEWHERE.format(key=key, does=does))
        elif payment is None:
            self._screen.refuse("No payment stands here.")
        else:
            return payment
        return None

    # a mis-posted one

    def reverse(self) -> None:
        """Take a mis-posted payment back."""
        payment = self._one("r", "reverses")
        if payment is None:
            return
        if payment.reversed_at is not None:
            self._screen.refuse(receipts.why_not_reversed(payment, self._screen.desk.now()))
            return
        title = f"why was {payment.number} ({presentation.money(payment.amount)}) posted wrongly?"
        texts = self._typed.setdefault(payment.number, {})
        ask_reason(self._screen, title, texts, partial(self._confirm_reversal, payment))

    def _confirm_reversal(self, payment: Payment, reason: str) -> None:
        status = self._screen.status
        if status is not None:
            line = receipts.reverse_line(payment, status, reason)
            self._screen.confirm(line, partial(self._reverse, payment, reason))

    def _reverse(self, payment: Payment, reason: str) -> None:
        work = self._screen.client.billing.reverse_payment(payment.number, payment.version, reason)
        self._screen.act(work, self._reversed, otherwise=partial(self._not_done, payment))

    def _reversed(self, payment: Payment) -> None:
        self._typed.pop(payment.number, None)
        self._screen.fetch_anew()
        self._screen.say(receipts.reversed_words(payment))

    # one that came back

    def returned(self) -> None:
        """The bank brought a payment back."""
        payment = self._one("b", "returns")
        if payment is None:
            return
        if payment.reversed_at is not None or payment.returned_on is not None:
            self._screen.refuse(receipts.why_not_returned(payment, self._screen.desk.now()))
            return
        self._ask_day(payment)

    def _ask_day(self, payment: Payment) -> None:
        texts = self._typed.setdefault(f"{payment.number} back", {})

        def take(text: str) -> None:
            texts["day"] = text
            try:
                day = typed.day_received(text, self._screen.desk.now().date())
            except typed.NotClear as not_clear:
                self._ask_day(payment)
                self._screen.say(str(not_clear))
            else:
                self._screen.say("")
                self._confirm_return(payment, day)

        what = f"{payment.number} ({presentation.money(payment.amount)}) came back"
        title = f"{what}; the bank's date (11-19 or today):"
        self._screen.write(title, take, limit=20, value=texts.get("day", ""))

    def _confirm_return(self, payment: Payment, day: date) -> None:
        status = self._screen.status
        if day < payment.received_on:
            self._ask_day(payment)
            self._screen.say(f"{payment.number} was received {payment.received_on}, after that day.")
        elif status is not None:
            line = receipts.returned_line(payment, status, day)
            self._screen.confirm(line, partial(self._return, payment, day))

    def _return(self, payment: Payment, day: date) -> None:
        work = self._screen.client.billing.return_payment(payment.number, payment.version, day)
        self._screen.act(work, self._came_back, otherwise=partial(self._not_done, payment))

    def _came_back(self, payment: Payment) -> None:
        self._typed.pop(f"{payment.number} back", None)
        self._screen.fetch_anew()
        self._screen.say(receipts.returned_words(payment))

    # what went wrong

    def _not_done(self, seen: Payment, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return self._unknown(error)
        self._screen.look_at_conflict(partial(self._tell_change, seen))
        return True

    def _tell_change(self, seen: Payment, status: BillingStatus) -> None:
        present = next((one for one in status.payments if one.number == seen.number), None)
        if present is None:
            self._screen.say(f"{seen.number} is no payment of this group any more. Nothing was done.")
        else:
            self._screen.say(receipts.conflict(seen, present, self._screen.desk.now()))

    def _unknown(self, error: Exception) -> bool:
        """Money is never sent twice by mistake: when no answer came, look first."""
        from api_client.errors import NoAnswer

        if isinstance(error, NoAnswer):
            self._screen.say(_UNKNOWN)
        return False


__all__ = ["LEADS_ONLY", "PaymentActs"]
