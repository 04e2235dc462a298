"""What is on a group's books, and what of it is open on a day.

Payments and credits go to the oldest premium first, the rest is credit for the next invoice (10 CCR 6532(c)).
Fees stand apart and never count for the end of coverage. Everything is derived afresh from the facts, so a
payment that is returned opens exactly what it had paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api_client.types.billing_words import HoldKind, InvoiceStatus, LetterKind, Proration
from backend.billing.rules import ZERO, bucket, prorated
from backend.policy.premium import BillingPolicy


@dataclass(frozen=True)
class Invoice:
    """One coverage month's bill."""

    number: str
    month: date
    bill_date: date
    due_date: date
    premium: Decimal
    void: bool = False


@dataclass(frozen=True)
class Payment:
    """Money received; effective on the day of receipt."""

    received_on: date
    amount: Decimal
    returned_on: date | None = None
    """The bank's date when it came back."""
    reversed_on: date | None = None
    """When the plan took it back as mis-posted."""
    for_fees: bool = False
    """Whether it pays fees, and no premium."""
    number: str = ""

    @property
    def gone_on(self) -> date | None:
        """From when on it counts for nothing."""
        if self.returned_on is None or self.reversed_on is None:
            return self.returned_on or self.reversed_on
        return min(self.returned_on, self.reversed_on)

    def counts(self, on: date) -> bool:
        """Whether it is there at the end of a day."""
        return self.received_on <= on and (self.gone_on is None or self.gone_on > on)


@dataclass(frozen=True)
class Credit:
    """Premium given back, such as for a member who had left."""

    posted_on: date
    amount: Decimal


@dataclass(frozen=True)
class Fee:
    """A charge that is no premium, such as for a returned payment."""

    charged_on: date
    amount: Decimal


@dataclass(frozen=True)
class Letter:
    """A letter that was really mailed; `invoice` is the one it is about."""

    kind: LetterKind
    mailed_on: date
    invoice: str = ""
    returned_on: date | None = None
    """When the post brought it back."""
    settled_on: date | None = None
    """When that was settled."""
    number: str = ""
    amount: Decimal | None = None

    def astray(self, on: date) -> bool:
        """Whether it had come back by the end of a day, and nobody had settled it."""
        if self.returned_on is None or self.returned_on > on:
            return False
        return self.settled_on is None or self.settled_on > on


@dataclass(frozen=True)
class Promise:
    """A promise to pay; it changes no date."""

    made_on: date
    pay_by: date
    amount: Decimal


@dataclass(frozen=True)
class Reinstatement:
    """Coverage given back after it ended for non-payment."""

    requested_on: date
    approved_on: date


@dataclass(frozen=True)
class Hold:
    """The rules are held up from a day to a day, or while nobody knows the last one."""

    from_on: date
    to_on: date | None
    kind: HoldKind
    stops_dates: bool
    """Whether dates stop; else it is only told."""

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Ledger:
    """Everything on a group's books, whenever it happened; rules look at it as of a day."""

    invoices: Sequence[Invoice] = ()
    payments: Sequence[Payment] = ()
    credits: Sequence[Credit] = ()
    fees: Sequence[Fee] = ()
    letters: Sequence[Letter] = ()
    promises: Sequence[Promise] = ()
    reinstatements: Sequence[Reinstatement] = ()
    holds: Sequence[Hold] = ()
    no_mail: Sequence[tuple[date, date]] = ()
    """Spans, first and last day, in which no letter could go out; only a trial knows of them."""
    paid_through: date | None = None
    """Last day paid for before the first invoice here, when it is known."""


@dataclass(frozen=True)
class Ended:
    """Coverage ended for non-payment: its last day, and the invoice that was not paid."""

    on: date
    invoice: Invoice


@dataclass(frozen=True)
class OpenInvoice:
    """One invoice as of a day."""

    invoice: Invoice
    billed: Decimal
    """The premium; after the end of coverage only its covered days."""
    open: Decimal
    days_past_due: int
    """Negative or 0 until the day after the due date; counted for a paid one too."""

    @property
    def status(self) -> InvoiceStatus:
        """Where the invoice stands."""
        if self.invoice.void:
            return InvoiceStatus.VOID
        if not self.open:
            return InvoiceStatus.PAID
        if self.past_due:
            return InvoiceStatus.PAST_DUE
        return InvoiceStatus.PARTIAL if self.open < self.billed else InvoiceStatus.ISSUED

    @property
    def past_due(self) -> bool:
        """Open after the due date, and billed before it (28 CCR 1300.65(a)(2))."""
        billed_in_time = self.invoice.bill_date < self.invoice.due_date
        return bool(self.open) and self.days_past_due > 0 and billed_in_time


@dataclass(frozen=True)
class Standing:
    """Open premium of each issued invoice at the end of a day, oldest first, and what is left over."""

    on: date
    invoices: tuple[OpenInvoice, ...]
    credit: Decimal

    @property
    def open_premium(self) -> Decimal:
        """All open premium, what is not due yet included."""
        return sum((one.open for one in self.invoices), ZERO)

    @property
    def not_due_yet(self) -> Decimal:
        """Open premium whose due date has not passed."""
        return sum((one.open for one in self.invoices if one.days_past_due <= 0), ZERO)

    @property
    def aging(self) -> dict[str, Decimal]:
        """Open premium by bucket; credit is never netted into one."""
        totals: dict[str, Decimal] = {}
        for one in self.invoices:
            if one.open:
                totals[bucket(one.days_past_due)] = totals.get(bucket(one.days_past_due), ZERO) + one.open
        return totals

    def delinquent(self, tolerance: Decimal) -> OpenInvoice | None:
        """The past-due invoice at which open premium, oldest first, exceeds the tolerance; else None."""
        total = ZERO
        for one in self.invoices:
            if one.past_due:
                total += one.open
                if total > tolerance:
                    return one
        return None

    def open_through(self, invoice: Invoice) -> Decimal:
        """Open premium of this invoice and every older one."""
        return sum((one.open for one in self.invoices if one.invoice.month <= invoice.month), ZERO)


def standing(ledger: Ledger, on: date, policy: BillingPolicy, *, ended: Ended | None = None) -> Standing:
    """What is open at the end of the day `on`, payments of that day included.

    After the end of coverage the months after the unpaid one are charged by the day, up to the last day
    covered: the employer owes premium for the days of grace.
    """
    left = money_received(ledger, on)
    rows = []
    for invoice in sorted(ledger.invoices, key=lambda one: (one.month, one.number)):
        if invoice.bill_date > on:
            continue
        billed = _billed(invoice, policy, ended)
        applied = min(billed, left)
        left -= applied
        rows.append(OpenInvoice(invoice, billed, billed - applied, (on - invoice.due_date).days))
    return Standing(on, tuple(rows), left)


def money_received(ledger: Ledger, on: date, *, until: date | None = None) -> Decimal:
    """Premium that still counts at the end of `on`, and credits; with `until` only what came up to then."""
    last = on if until is None else min(on, until)
    total = ZERO
    for payment in ledger.payments:
        if not payment.for_fees and payment.received_on <= last and payment.counts(on):
            total += payment.amount
    return total + sum((credit.amount for credit in ledger.credits if credit.posted_on <= last), ZERO)


def open_fees(ledger: Ledger, on: date) -> Decimal:
    """Fees charged up to a day less the fee payments that still count; never below zero."""
    charged = sum((fee.amount for fee in ledger.fees if fee.charged_on <= on), ZERO)
    paid = sum((one.amount for one in ledger.payments if one.for_fees and one.counts(on)), ZERO)
    return max(charged - paid, ZERO)


def money_dates(ledger: Ledger, on: date) -> list[date]:
    """The days up to `on` on which premium came in, in order."""
    days = {payment.received_on for payment in ledger.payments if not payment.for_fees}
    days.update(credit.posted_on for credit in ledger.credits)
    return sorted(day for day in days if day <= on)


def paid_dates(ledger: Ledger, now: Standing) -> dict[str, date]:
    """Invoice number -> the day on which money that still counts had covered it, oldest premium first."""
    days = money_dates(ledger, now.on)
    received = [money_received(ledger, now.on, until=day) for day in days]
    answer: dict[str, date] = {}
    billed = ZERO
    for one in now.invoices:
        billed += one.billed
        if one.billed and not one.open:
            answer[one.invoice.number] = next(
                day for day, so_far in zip(days, received, strict=True) if so_far >= billed
            )
    return answer


def days_money_went(ledger: Ledger) -> list[date]:
    """The days on which premium came back or was taken back, in order."""
    gone = (payment.gone_on for payment in ledger.payments if not payment.for_fees)
    return sorted(day for day in gone if day is not None)


def _billed(invoice: Invoice, policy: BillingPolicy, ended: Ended | None) -> Decimal:
    if invoice.void:
        return ZERO
    if ended is None or invoice.month <= ended.invoice.month:
        return invoice.premium
    return prorated(invoice.premium, invoice.month, Proration.DAILY, policy, ends_on=ended.on)
