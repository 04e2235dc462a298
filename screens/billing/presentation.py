"""What cells and lines of billing say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import DelinquencyState, InvoiceStatus, PaymentMethod, Urgency
from screens.widgets.prompt import Choice
from screens.widgets.text import (
    join,
    lines,
    plain,
    short_day,
    short_minute,
    urgent,
)
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.accounts import AccountRow
    from api_client.types.billing import BillingStatus, Invoice, Letter, Payment

INVOICE_COLUMNS = (
    Column("invoice", 8),
    Column("month", 7),
    Column("      billed", 12),
    Column("        open", 12),
    Column("state", 0),
)
PAYMENT_COLUMNS = (
    Column("payment", 8),
    Column("received", 10),
    Column("      amount", 12),
    Column("how", 0),
)
LETTER_COLUMNS = (
    Column("letter", 8),
    Column("mailed", 10),
    Column("      amount", 12),
    Column("what", 0),
)
DATE_COLUMNS = (
    Column("date", 10),
    Column("", 6),
    Column("what", 0),
    Column("      amount", 12),
    Column("number", 8),
)
OTHER_COLUMNS = (
    Column("number", 8),
    Column("since", 10),
    Column("what", 0),
)
STATES = {
    DelinquencyState.CURRENT: (Urgency.CALM, "current"),
    DelinquencyState.PAST_DUE: (Urgency.AMBER, "past due"),
    DelinquencyState.GRACE: (Urgency.RED, "in grace"),
    DelinquencyState.TERM_PENDING: (Urgency.RED, "term pending"),
    DelinquencyState.TERMINATED_NONPAY: (Urgency.LATE, "ended unpaid"),
}
METHODS = {
    PaymentMethod.CHECK: "check",
    PaymentMethod.ACH: "ACH",
    PaymentMethod.WIRE: "wire",
    PaymentMethod.CASHIERS_CHECK: "cashier's check",
}
CERTIFIED = (PaymentMethod.WIRE, PaymentMethod.CASHIERS_CHECK)
"""Funds that cannot come back."""
METHOD_CHOICES = [Choice(label, method) for method, label in METHODS.items()]


def money(amount: Decimal) -> str:
    """Dollars and cents, thousands separated."""
    return f"{amount:,.2f}"


def money_cell(amount: Decimal, width: int, style: str = "") -> Content:
    """An amount at the right end of its column."""
    return plain(f"{money(amount):>{width}}", style)


def days(count: int) -> str:
    """A number of days in words."""
    return f"{count} day" if count == 1 else f"{count} days"


def paid_late(invoice: Invoice) -> bool:
    """Whether a paid bill was paid after its due date."""
    return invoice.paid_on is not None and invoice.paid_on > invoice.due_date


def letter_words(letter: Letter) -> str:
    """What a letter is; those about unpaid premium with their short name."""
    return f"{letter.kind} {letter.title}" if letter.kind.value in ("L1", "L2", "L3") else letter.title


# -- the three lists -------------------------------------------------------------------------------


def invoice_row(invoice: Invoice, today: date) -> TableRow:
    """One month's bill."""
    open_style = "bold $text-error" if invoice.status is InvoiceStatus.PAST_DUE else ""
    cells = (
        plain(invoice.number),
        plain(f"{invoice.month:%Y-%m}"),
        money_cell(invoice.billed, 12),
        money_cell(invoice.open, 12, open_style),
        invoice_state(invoice, today),
    )
    return TableRow(invoice.number, cells)


def invoice_state(invoice: Invoice, today: date) -> Content:
    """Where one bill stands, with the date that counts for it."""
    due = short_day(invoice.due_date, today)
    match invoice.status:
        case InvoiceStatus.VOID:
            return plain("void", "$text-muted")
        case InvoiceStatus.PAID:
            on = f" {short_day(invoice.paid_on, today)}" if invoice.paid_on else ""
            late = f" late, due {due}" if paid_late(invoice) else ""
            return plain(f"paid{on}{late}")
        case InvoiceStatus.PAST_DUE:
            return plain(f"{days(invoice.days_past_due)} past due", "bold $text-error")
    if invoice.days_past_due > 0:
        return plain(f"billed too late, not past due (due {due})")
    part = "part paid, " if invoice.status is InvoiceStatus.PARTIAL else ""
    return plain(f"{part}due {due}")


def payment_row(payment: Payment, today: date, now: datetime) -> TableRow:
    """One payment; one that was taken back says so first."""
    style = "$text-muted" if payment.reversed_at else ""
    how = plain(_how(payment))
    if payment.reversed_at:
        when = f"{payment.reversed_at.astimezone(now.tzinfo):%m-%d}"
        because = f" {payment.reversed_reason}" if payment.reversed_reason else ""
        how = join((f"REVERSED {when}", "bold"), f"{because}; {_how(payment)}")
    cells = (
        plain(payment.number, style),
        plain(short_day(payment.received_on, today), style),
        money_cell(payment.amount, 12, style),
        how,
    )
    return TableRow(payment.number, cells)


def _how(payment: Payment) -> str:
    method = METHODS[payment.method]
    if payment.reference.lower().startswith(method.lower()):
        return payment.reference
    return f"{method} {payment.reference}".rstrip()


def letter_row(letter: Letter, today: date) -> TableRow:
    """One letter to the group."""
    mailed = plain(short_day(letter.mailed_on, today)) if letter.mailed_on else plain("to mail", "bold")
    amount = plain("") if letter.amount is None else money_cell(letter.amount, 12)
    return TableRow(letter.number, (plain(letter.number), mailed, amount, plain(letter_words(letter))))


def panes(shown: str, status: BillingStatus) -> Content:
    """Which list stands below, and the keys of the others."""
    counts = {
        "invoices": len(status.invoices),
        "payments": len(status.payments),
        "letters": len(status.letters),
    }
    words = []
    for name, count in counts.items():
        text = f"{name} {count}"
        words.append(plain(f"[{text}]", "bold") if name == shown else plain(f" {text} "))
    return join(" ", Content(" ").join(words), ("   Tab: the next list", "$text-muted"))


