"""What is said of payments that are recorded, reversed or returned: before Enter, and afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import BillingFlag, PaymentMethod
from screens.billing.presentation import CERTIFIED, METHODS, how, money
from screens.widgets.text import join, lines, plain, short_day, short_minute

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus, Payment


@dataclass(frozen=True)
class NewPayment:
    """A payment as it was typed."""

    received_on: date
    amount: Decimal
    method: PaymentMethod
    reference: str
    for_fees: bool


def payment_words(payment: Payment, today: date) -> str:
    """A payment in a line: amount, date, how."""
    when, pays = short_day(payment.received_on, today), " for fees" if payment.for_fees else ""
    return f"{money(payment.amount)}{pays} received {when}, {how(payment)}"


def reverse_line(payment: Payment, status: BillingStatus, reason: str) -> Content:
    """The line that Enter confirms."""
    what = f"reverse {payment.number}: {payment_words(payment, status.on)}, of "
    return join(what, f"{status.number} {status.name}", f'; reason "{reason}"')


def reversed_words(payment: Payment) -> Content:
    """Said after a reversal."""
    return plain(f"{payment.number} is reversed: {money(payment.amount)} counts for nothing now.")


def why_not_reversed(payment: Payment, now: datetime) -> str:
    """Said where a payment was taken back before."""
    return f"{payment.number} was reversed already{when_reversed(payment, now)}."


def conflict(seen: Payment, present: Payment, now: datetime) -> Content:
    """Said when a reversal met a newer version: what was seen, what is, and what was kept."""
    if present.reversed_at and not seen.reversed_at:
        change = f"it counted when you looked, it was reversed{when_reversed(present, now)}"
    else:
        change = f"{_amount_words(seen)} when you looked, {_amount_words(present)} now"
    return plain(f"{present.number}: {change}. Nothing was done; your reason is kept.", "bold")


def _amount_words(payment: Payment) -> str:
    back = f", back from the bank {payment.returned_on}" if payment.returned_on else ""
    return f"{money(payment.amount)} of {payment.received_on}{back}"


def when_reversed(payment: Payment, now: datetime) -> str:
    """When and why a payment was taken back."""
    when = f" {short_minute(payment.reversed_at, now)}" if payment.reversed_at else ""
    return when + (f": {payment.reversed_reason}" if payment.reversed_reason else "")


def returned_line(payment: Payment, status: BillingStatus, returned_on: date) -> Content:
    """The line that Enter confirms."""
    what = f"{payment.number} came back from the bank {returned_on}: {payment_words(payment, status.on)}, of "
    rest = "; from that day it counts for nothing, and the fee is charged"
    return join(what, f"{status.number} {status.name}", rest)


def returned_words(payment: Payment) -> str:
    """Said after a payment was returned."""
    return f"{payment.number} counts for nothing from {payment.returned_on} on; the dates above are new."


def why_not_returned(payment: Payment, now: datetime) -> str:
    """Said where there is nothing to return."""
    if payment.returned_on:
        return f"{payment.number} came back from the bank {payment.returned_on} already."
    return why_not_reversed(payment, now)


def record_line(status: BillingStatus, new: NewPayment) -> Content:
    """The line that Enter confirms; it warns of a twin, and of what may come back."""
    pays = " for fees" if new.for_fees else ""
    what = f"record {METHODS[new.method]} {money(new.amount)}{pays} received {new.received_on} from "
    reference = f', reference "{new.reference}"' if new.reference else ""
    rows = [join(what, f"{status.number} {status.name}", reference)]
    if BillingFlag.CERTIFIED_FUNDS in status.flags and new.method not in CERTIFIED:
        warning = f"   only certified funds are taken until {status.certified_funds_until}: tell the client"
        rows.append(plain(warning, "bold $text-warning"))
    for twin in status.payments:
        same = (twin.received_on, twin.amount) == (new.received_on, new.amount)
        if same and twin.reversed_at is None and twin.returned_on is None:
            warning = f"   the same day and amount as {twin.number} ({how(twin)}): another one?"
            rows.append(plain(warning, "bold $text-warning"))
            break
    return lines(*rows)


def recorded(payment: Payment, today: date) -> Content:
    """Said after a payment was recorded."""
    return plain(f"{payment.number} recorded: {payment_words(payment, today)}.")
