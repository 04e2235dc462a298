"""What cells and lines of billing say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import (
    DateAbout,
    DelinquencyState,
    HoldKind,
    InvoiceStatus,
    PaymentMethod,
    PromiseState,
)
from api_client.types.words import Urgency
from screens.widgets.prompt import Choice
from screens.widgets.text import join, plain, short_day
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api_client.types.billing import (
        BillingStatus,
        HoldRow,
        Invoice,
        Letter,
        Payment,
        PromiseRow,
        ReinstatementRow,
        TimelineEntry,
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
    Column("    amount", 10),
    Column("what", 0),
)
DATE_COLUMNS = (
    Column("date", 11),
    Column("what", 0),
    Column("    amount", 10),
    Column("number", 8),
)
OTHER_COLUMNS = (
    Column("number", 9),
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
HOLDS = {
    HoldKind.GRIEVANCE: "grievance",
    HoldKind.BANKRUPTCY: "bankruptcy",
    HoldKind.DISPUTE: "disputed bill",
    HoldKind.DISASTER: "disaster order",
}
PROMISES = {PromiseState.OPEN: "open", PromiseState.KEPT: "kept", PromiseState.BROKEN: "BROKEN"}
PANES = {
    "invoices": "bills",
    "payments": "payments",
    "letters": "letters",
    "dates": "dates",
    "others": "promises, holds",
    "chart": "chart",
}
"""The lists, and the picture, in the order in which Tab goes through them."""
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


def aged_words(bucket: str) -> str:
    """An aging bucket in words: `1-30 days`, or `not past due`."""
    return "not past due" if bucket == "current" else f"{bucket} days"


def paid_late(invoice: Invoice) -> bool:
    """Whether a paid bill was paid after its due date."""
    return invoice.paid_on is not None and invoice.paid_on > invoice.due_date


def letter_words(letter: Letter) -> str:
    """What a letter is; those about unpaid premium with their short name."""
    return f"{letter.kind} {letter.title}" if letter.kind.value in ("L1", "L2", "L3") else letter.title


# -- bills, payments, letters ----------------------------------------------------------------------


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
        case InvoiceStatus.PAID if not invoice.billed:
            return plain("not owed", "$text-muted")
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
    """One payment; one that counts no more says so first."""
    counts = payment.reversed_at is None and payment.returned_on is None
    style = "" if counts else "$text-muted"
    cells = (
        plain(payment.number, style),
        plain(short_day(payment.received_on, today), style),
        money_cell(payment.amount, 12, style),
        join(*_payment_state(payment, today, now), "for fees; " if payment.for_fees else "", how(payment)),
    )
    return TableRow(payment.number, cells)


def _payment_state(payment: Payment, today: date, now: datetime) -> list[Content]:
    if payment.reversed_at:
        when = f"{payment.reversed_at.astimezone(now.tzinfo):%m-%d}"
        because = f" {payment.reversed_reason}" if payment.reversed_reason else ""
        return [join((f"REVERSED {when}", "bold"), f"{because}; ")]
    if payment.returned_on:
        return [plain(f"CAME BACK {short_day(payment.returned_on, today)}", "bold $text-error"), plain("; ")]
    return []


def how(payment: Payment) -> str:
    """Method and reference, the method once."""
    method = METHODS[payment.method]
    if payment.reference.lower().startswith(method.lower()):
        return payment.reference
    return f"{method} {payment.reference}".rstrip()


def letter_row(letter: Letter, today: date) -> TableRow:
    """One letter to the group."""
    mailed = plain(short_day(letter.mailed_on, today)) if letter.mailed_on else plain("to mail", "bold")
    amount = plain("") if letter.amount is None else money_cell(letter.amount, 10)
    what = plain(letter_words(letter))
    if letter.returned_on:
        back = f"CAME BACK {short_day(letter.returned_on, today)}"
        what = join((back, "bold $text-error"), "; ", what)
    return TableRow(letter.number, (plain(letter.number), mailed, amount, what))


# -- dates, past and to come -----------------------------------------------------------------------


def date_keys(timeline: Sequence[TimelineEntry]) -> dict[str, TimelineEntry]:
    """Each date under a key of its own, in the order of time: the cursor follows it."""
    found: dict[str, TimelineEntry] = {}
    for entry in timeline:
        known = f"{entry.on} {entry.about} {entry.reference}"
        more = sum(key.startswith(f"{known} ") for key in found)
        found[f"{known} {more}"] = entry
    return found


def first_to_come(timeline: Sequence[TimelineEntry]) -> str | None:
    """The key of the next date; of the last one when nothing is to come."""
    keys = date_keys(timeline)
    return next((key for key, entry in keys.items() if entry.to_come), next(reversed(keys), None))


def date_row(key: str, entry: TimelineEntry, today: date) -> TableRow:
    """One date: what happened is dimmed, what is to come says in how many days."""
    ends = entry.about is DateAbout.END
    style = "bold $text-error" if ends else "" if entry.to_come else "$text-muted"
    cells = (
        plain(_day(entry, today), style),
        plain(entry.words, style),
        plain("") if entry.amount is None else money_cell(entry.amount, 10, style),
        plain(entry.reference, style),
    )
    return TableRow(key, cells)


def _day(entry: TimelineEntry, today: date) -> str:
    """A day that was, or one to come with how far away it is."""
    if not entry.to_come:
        return short_day(entry.on, today)
    return f"{entry.on:%m-%d} {in_days(entry.on, today)}"


def in_days(on: date, today: date) -> str:
    """How far away a day to come is."""
    away = (on - today).days
    return "today" if away <= 0 else f"{away} d"


# -- promises, holds, requests to give coverage back ------------------------------------------------


def promise_row(row: PromiseRow, today: date) -> TableRow:
    """One promise to pay."""
    style = "bold $text-error" if row.state is PromiseState.BROKEN else ""
    state = (PROMISES[row.state], style)
    what = join(f"promised {money(row.amount)} by {short_day(row.pay_by, today)}: ", state)
    return TableRow(row.id, (plain(row.id), plain(short_day(row.made_on, today)), what))


def hold_row(row: HoldRow, today: date) -> TableRow:
    """One hold, with what it stops."""
    state = "" if is_open(row, today) else "over: "
    style = "bold" if is_open(row, today) else "$text-muted"
    what = join((f"{state}HOLD {HOLDS[row.kind]}", style), f" {hold_span(row, today)}; {row.reason}")
    return TableRow(row.id, (plain(row.id), plain(short_day(row.from_on, today)), what))


def is_open(row: HoldRow, today: date) -> bool:
    """Whether a hold lasts today."""
    return row.lifted_on is None and (row.to_on is None or row.to_on >= today)


def hold_span(row: HoldRow, today: date) -> str:
    """Until when it lasts, of which bill, and what it stops."""
    of = f"of {row.invoice} " if row.invoice else ""
    if row.lifted_on:
        return f"{of}lifted {short_day(row.lifted_on, today)}"
    until = f"until {short_day(row.to_on, today)}" if row.to_on else "until it is lifted"
    return f"{of}{until}, {'DATES STOP' if row.stops_dates else 'stops no date'}"


def reinstatement_row(row: ReinstatementRow, today: date) -> TableRow:
    """One request to give coverage back."""
    if row.decided_on is None:
        stands = f"; against it: {row.why_not}" if row.why_not else "; nothing stands against it"
        what = join(("asks for coverage back, a lead decides", "bold"), stands)
    elif row.approved:
        what = plain(f"coverage given back {short_day(row.decided_on, today)}, no gap")
    else:
        what = plain(f"coverage back refused {short_day(row.decided_on, today)}: {row.reason}")
    return TableRow(row.id, (plain(row.id), plain(short_day(row.requested_on, today)), what))


# -- which list ------------------------------------------------------------------------------------


def counts(status: BillingStatus) -> dict[str, int | None]:
    """The lists there are, with how much stands in each; the picture has no number."""
    others = len(status.promises) + len(status.holds) + len(status.reinstatements)
    found: dict[str, int | None] = {
        "invoices": len(status.invoices),
        "payments": len(status.payments),
        "letters": len(status.letters),
        "dates": len(status.timeline),
        "others": others,
        "chart": None,
    }
    return found if others else {name: count for name, count in found.items() if name != "others"}


def panes(shown: str, status: BillingStatus) -> Content:
    """Which list stands below, and the keys of the others."""
    words = []
    for name, count in counts(status).items():
        text = PANES[name] if count is None else f"{PANES[name]} {count}"
        words.append(plain(f"[{text}]", "bold") if name == shown else plain(f" {text} "))
    return join(" ", *words)
