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

WORK_COLUMNS = (
    Column("group", 8),
    Column("name", 0),
    Column("city", 14),
    Column("state", 16),
    Column("coverage ends", 13),
)
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
STATES = {
    DelinquencyState.CURRENT: (Urgency.CALM, "current"),
    DelinquencyState.PAST_DUE: (Urgency.AMBER, "past due"),
    DelinquencyState.GRACE: (Urgency.RED, "in grace"),
    DelinquencyState.TERM_PENDING: (Urgency.RED, "term pending"),
    DelinquencyState.TERMINATED_NONPAY: (Urgency.LATE, "ended unpaid"),
}
METHODS = {PaymentMethod.CHECK: "check", PaymentMethod.ACH: "ACH", PaymentMethod.WIRE: "wire"}
METHOD_CHOICES = [Choice(label, method) for method, label in METHODS.items()]
WHY_LIST = (
    "Groups with premium past its due date, the first end of coverage first: the day coverage ends if "
    "nothing more is paid. Part payments and promises move no date."
)


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


# -- the work list ---------------------------------------------------------------------------------


def work_row(account: AccountRow, today: date) -> TableRow:
    """One group with unpaid premium."""
    assert account.delinquency is not None  # the list is closed where it may not be heard
    urgency, word = STATES[account.delinquency]
    cells = (
        plain(account.number),
        plain(account.name),
        plain(account.city),
        urgent(urgency, word),
        ends(account.coverage_end_if_unpaid, today),
    )
    return TableRow(account.number, cells)


def ends(day: date | None, today: date) -> Content:
    """The day coverage ends if nothing is paid, and how near it is."""
    if day is None:
        return plain("-")
    left = (day - today).days
    if left < 0:
        return plain(f"{short_day(day, today)} over", "bold $text-error")
    if left == 0:
        return plain(f"{day:%m-%d} TODAY", "bold $text-error")
    return plain(f"{short_day(day, today)} {left} d" if day.year == today.year else str(day))


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


# -- acts ------------------------------------------------------------------------------------------


def payment_words(payment: Payment, today: date) -> str:
    """A payment in a line: amount, date, how."""
    return f"{money(payment.amount)} received {short_day(payment.received_on, today)}, {_how(payment)}"


def reverse_line(payment: Payment, status: BillingStatus, reason: str) -> Content:
    """The line that Enter confirms."""
    what = f"reverse {payment.number}: {payment_words(payment, status.on)}, of "
    return join(what, f"{status.number} {status.name}", f'; reason "{reason}"')


def reversed_words(payment: Payment) -> Content:
    """Said after a reversal."""
    return plain(f"{payment.number} is reversed: {money(payment.amount)} counts for nothing now.")


def why_not_reversed(payment: Payment, now: datetime) -> str:
    """Said where a payment was taken back before."""
    return f"{payment.number} was reversed already{_reversed(payment, now)}."


def conflict(seen: Payment, present: Payment, now: datetime) -> Content:
    """Said when a reversal met a newer version: what was seen, what is, and what was kept."""
    if present.reversed_at and not seen.reversed_at:
        change = f"it counted when you looked, it was reversed{_reversed(present, now)}"
    else:
        change = f"{_amount_words(seen)} when you looked, {_amount_words(present)} now"
    return plain(f"{present.number}: {change}. Nothing was done; your reason is kept.", "bold")


def _amount_words(payment: Payment) -> str:
    return f"{money(payment.amount)} of {payment.received_on}"


def _reversed(payment: Payment, now: datetime) -> str:
    when = f" {short_minute(payment.reversed_at, now)}" if payment.reversed_at else ""
    return when + (f": {payment.reversed_reason}" if payment.reversed_reason else "")


def record_line(
    status: BillingStatus, received_on: date, amount: Decimal, method: PaymentMethod, reference: str
) -> Content:
    """The line that Enter confirms; it warns of a payment that looks like the same one."""
    what = f"record {METHODS[method]} {money(amount)} received {received_on} from "
    rows = [join(what, f"{status.number} {status.name}", f', reference "{reference}"' if reference else "")]
    for twin in status.payments:
        if (twin.received_on, twin.amount) == (received_on, amount) and twin.reversed_at is None:
            warning = f"   the same day and amount as {twin.number} ({_how(twin)}): another one?"
            rows.append(plain(warning, "bold $text-warning"))
    return lines(*rows[:2])


def recorded(payment: Payment, today: date) -> Content:
    """Said after a payment was recorded."""
    return plain(f"{payment.number} recorded: {payment_words(payment, today)}.")


# -- why -------------------------------------------------------------------------------------------


def why(status: BillingStatus, under_cursor: Content | None) -> Content:
    """The value under the cursor first, then every step behind state and dates with its rule."""
    rows = [] if under_cursor is None else [under_cursor]
    for step in status.why:
        rows += [plain(step.sentence), plain(f"    rule: {step.rule}", "$text-muted")]
    if status.days_past_due:
        rows.append(plain(f"Oldest unpaid bill: {days(status.days_past_due)} past due ({status.bucket})."))
    rows.append(plain(f"As of {status.on}, payments of that day included."))
    return lines(*rows)


def why_invoice(invoice: Invoice, today: date) -> Content:
    """All of one bill."""
    when = f"billed {invoice.bill_date}, due {invoice.due_date}"
    amounts = f"{money(invoice.billed)} billed, {money(invoice.open)} open"
    return join(f"{invoice.number} {invoice.month:%B %Y}: {amounts}; {when}; ", invoice_state(invoice, today))


def why_payment(payment: Payment, today: date, now: datetime) -> Content:
    """All of one payment."""
    words = f"{payment.number}: {payment_words(payment, today)}"
    if payment.reversed_at:
        words += f"; reversed{_reversed(payment, now)}; it counts for nothing"
    return plain(words + ".")


def why_letter(letter: Letter) -> Content:
    """All of one letter."""
    mailed = f"mailed {letter.mailed_on}" if letter.mailed_on else "not mailed yet"
    amount = f", {money(letter.amount)}" if letter.amount is not None else ""
    return plain(f"{letter.number} {letter_words(letter)}{amount}: written {letter.created_on}, {mailed}.")
