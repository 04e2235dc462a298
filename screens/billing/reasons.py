"""Why: the row under the cursor, when coverage ends, and each step behind that with its rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import BillingFlag, DateAbout, InvoiceStatus, LetterKind
from screens.billing.presentation import (
    HOLDS,
    PROMISES,
    aged_words,
    days,
    hold_span,
    in_days,
    invoice_state,
    letter_words,
    money,
)
from screens.billing.receipts import payment_words, when_reversed
from screens.widgets.text import hanging, join, lines, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.billing import (
        BillingStatus,
        HoldRow,
        Invoice,
        Letter,
        Payment,
        PromiseRow,
        ReinstatementRow,
        TimelineEntry,
        Why,
    )

_WIDTH = 74
"""Cells of the help's lines."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_IN_GENERAL = {
    DateAbout.BILL: "bills go out, and are due, by the billing cycle of the group",
    DateAbout.DUE: "the due date follows from the billing cycle; paid by 23:59 of it is in time",
    DateAbout.PAYMENT: "a payment counts on the day it is received, for the oldest premium first",
    DateAbout.RETURNED: "what the bank returns counts for nothing; a new warning letter begins a new grace",
    DateAbout.CREDIT: "a credit pays the oldest open premium when it is posted",
    DateAbout.FEE: "fees stand apart; they never end coverage, and premium payments do not pay them",
    DateAbout.L1: "the warning letter begins grace, and names what keeps coverage",
    DateAbout.L2: "the termination letter goes during grace, and names the date coverage will end",
    DateAbout.END: "coverage ends on the last day of grace when the premium named in L1 is still unpaid",
    DateAbout.L3: "the notice of end of coverage goes after the end",
    DateAbout.LETTER: "letters are written by the plan's rules, never by hand",
    DateAbout.PROMISE: "a promise changes no date; it is broken on the day after its date",
    DateAbout.HOLD: "the plan's rules name the holds that stop dates; the others only stand here",
    DateAbout.CERTIFIED_FUNDS: "after returned payments only certified funds are taken for a time",
    DateAbout.REINSTATEMENT: "asked for in time and all premium paid, a lead gives coverage back once",
    DateAbout.STATE: "the state follows from the bills, the payments and the letters of that day",
}
"""What a date of each kind rests on, where the bill of today gives no reason of its own."""
_OF_LETTERS = {
    LetterKind.L1: DateAbout.L1,
    LetterKind.L2: DateAbout.L2,
    LetterKind.L3: DateAbout.L3,
    LetterKind.REINSTATEMENT: DateAbout.REINSTATEMENT,
    LetterKind.RETURNED_PAYMENT: DateAbout.RETURNED,
}


@dataclass(frozen=True)
class Row:
    """All of the row under the cursor, and what its reasons are about."""

    words: Content
    about: tuple[DateAbout, ...]
    dates: tuple[date | None, ...] = ()
    """Reasons that name another date are those of another row."""


def why(status: BillingStatus, row: Row | None = None) -> Content:
    """The row under the cursor with its reasons, the end of coverage with its own, then the others."""
    rows: list[Content] = []
    told: list[Why] = []

    def tell(steps: Iterable[Why]) -> None:
        for step in steps:
            if step not in told:
                told.append(step)
                rows.extend((plain(step.sentence), *_rule(step.rule)))

    if row is not None:
        rows.append(row.words)
        own = [step for step in status.why if step.about in row.about and _is_of(step, row)]
        tell(own)
        if not own:
            rows += _rule(_IN_GENERAL[row.about[0]])
    rows.append(plain(main_date(status), "bold"))
    for step in status.why:
        if step.about is DateAbout.END and step not in told and _says_the_end(step, status):
            told.append(step)
            rows += _rule(step.rule)
    tell(step for step in status.why if step.about is DateAbout.END)
    tell(status.why)
    if status.days_past_due:
        rows.append(
            plain(f"Oldest unpaid bill: {days(status.days_past_due)} past due ({aged_words(status.bucket)}).")
        )
    rows.append(plain(f"As of {status.on}, payments of that day included."))
    if status.policy:
        rows.append(plain(f"Rules of the plan: {status.policy}.", "$text-muted"))
    return lines(*rows)


def _says_the_end(step: Why, status: BillingStatus) -> bool:
    """Whether a reason says the day again that stands above it, and no other."""
    days = set(_DAY.findall(step.sentence))
    return days == {str(status.coverage_end or status.coverage_end_if_unpaid)}


def _rule(words: str) -> list[Content]:
    """A rule, indented below what it is the reason of."""
    return hanging(plain("    rule: ", "$text-muted"), plain(words, "$text-muted"), _WIDTH)


def _is_of(step: Why, row: Row) -> bool:
    """Whether a reason is about this row, and not about another of its kind."""
    named = _DAY.findall(step.sentence)
    return not named or not row.dates or any(str(day) in named for day in row.dates)


def main_date(status: BillingStatus) -> str:
    """When coverage ends, in one sentence."""
    if status.coverage_end:
        return f"COVERAGE ENDED {status.coverage_end}."
    unless = f" unless {money(status.keep_coverage_amount)} reaches us by {status.keep_coverage_by}"
    if status.coverage_end_if_unpaid:
        return f"COVERAGE ENDS {status.coverage_end_if_unpaid}{unless if status.keep_coverage_by else ''}."
    if status.keep_coverage_amount > 0 and BillingFlag.HOLD in status.flags:
        return "COVERAGE DOES NOT END while the hold lasts; nobody knows the date yet."
    if status.keep_coverage_amount > 0:
        return "COVERAGE GOES ON; no date of its end is set yet."
    return "COVERAGE GOES ON: nothing that could end it is unpaid."


# -- one row ---------------------------------------------------------------------------------------


def why_invoice(invoice: Invoice, today: date) -> Content:
    """All of one bill."""
    when = f"billed {invoice.bill_date}, due {invoice.due_date}"
    amounts = f"{money(invoice.billed)} billed, {money(invoice.open)} open"
    waits = invoice.status in (InvoiceStatus.ISSUED, InvoiceStatus.PARTIAL) and invoice.days_past_due <= 0
    said = plain("") if waits else join("; ", invoice_state(invoice, today))
    return join(f"{invoice.number} {invoice.month:%B %Y}: {amounts}; {when}", said)


def why_payment(payment: Payment, today: date, now: datetime) -> Content:
    """All of one payment."""
    words = f"{payment.number}: {payment_words(payment, today)}"
    if payment.returned_on:
        words += f"; came back from the bank {payment.returned_on}, from then on it counts for nothing"
    if payment.reversed_at:
        words += f"; reversed{when_reversed(payment, now)}; it counts for nothing"
    return plain(words + ".")


def why_letter(letter: Letter) -> Row:
    """All of one letter, and what its reasons are about."""
    mailed = f"mailed {letter.mailed_on}" if letter.mailed_on else "not mailed yet"
    amount = f", {money(letter.amount)}" if letter.amount is not None else ""
    back = f", brought back by the post {letter.returned_on}" if letter.returned_on else ""
    words = f"{letter.number} {letter_words(letter)}{amount}: written {letter.created_on}, {mailed}{back}."
    kind = _OF_LETTERS.get(letter.kind, DateAbout.LETTER)
    return Row(plain(words), (kind,), (letter.mailed_on or letter.created_on,))


def why_date(entry: TimelineEntry, today: date) -> Content:
    """All of one date."""
    amount = f", {money(entry.amount)}" if entry.amount is not None else ""
    reference = f" ({entry.reference})" if entry.reference else ""
    when = f", {in_days(entry.on, today)} from now if nothing else happens" if entry.to_come else ""
    return plain(f"{entry.on:%a %Y-%m-%d} {entry.words}{reference}{amount}{when}.", "bold")


def why_other(row: PromiseRow | HoldRow | ReinstatementRow, today: date) -> Row:
    """All of a promise, a hold or a request to give coverage back, and what its reasons are about."""
    from api_client.types.billing import HoldRow, PromiseRow

    if isinstance(row, PromiseRow):
        return Row(_promise(row), (DateAbout.PROMISE,), (row.pay_by,))
    if isinstance(row, HoldRow):
        return Row(_hold(row, today), (DateAbout.HOLD,), (row.from_on,))
    return Row(_reinstatement(row), (DateAbout.REINSTATEMENT,), (row.decided_on,))


def _promise(row: PromiseRow) -> Content:
    words = (
        f"{row.id}: made {row.made_on}, {money(row.amount)} by {row.pay_by}, {PROMISES[row.state].lower()}"
    )
    return plain(f"{words}. A promise changes no date.")


def _hold(row: HoldRow, today: date) -> Content:
    words = f"{row.id} hold, {HOLDS[row.kind]}, from {row.from_on} {hold_span(row, today)}"
    return plain(f"{words}; opened by {row.opened_by}: {row.reason}.")


def _reinstatement(row: ReinstatementRow) -> Content:
    if row.decided_on is None:
        stands = row.why_not.rstrip(".") or "nothing stands against it; a lead decides"
    else:
        stands = f"given back {row.decided_on}" if row.approved else f"refused {row.decided_on}: {row.reason}"
    return plain(f"{row.id}: coverage asked back {row.requested_on}; {stands}.")
