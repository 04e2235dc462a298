"""Why: the row under the cursor, when coverage ends, and each step behind that with its rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import BillingFlag, DateAbout, LetterKind
from screens.billing.presentation import (
    HOLDS,
    PROMISES,
    days,
    hold_span,
    in_days,
    invoice_state,
    letter_words,
    money,
)
from screens.billing.receipts import payment_words, when_reversed
from screens.widgets.text import join, lines, plain

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

_OF_LETTERS = {
    LetterKind.L1: DateAbout.L1,
    LetterKind.L2: DateAbout.L2,
    LetterKind.L3: DateAbout.L3,
    LetterKind.REINSTATEMENT: DateAbout.REINSTATEMENT,
    LetterKind.RETURNED_PAYMENT: DateAbout.RETURNED,
}


def why(
    status: BillingStatus, under_cursor: Content | None = None, about: Iterable[DateAbout] = ()
) -> Content:
    """The row under the cursor with its reasons, the end of coverage with its own, then the others."""
    rows: list[Content] = []
    told: list[Why] = []

    def tell(steps: Iterable[Why]) -> None:
        for step in steps:
            if step not in told:
                told.append(step)
                rows.extend((plain(step.sentence), plain(f"    rule: {step.rule}", "$text-muted")))

    if under_cursor is not None:
        rows.append(under_cursor)
        tell(step for step in status.why if step.about in set(about))
    rows.append(plain(main_date(status), "bold"))
    tell(step for step in status.why if step.about is DateAbout.END)
    tell(status.why)
    if status.days_past_due:
        rows.append(plain(f"Oldest unpaid bill: {days(status.days_past_due)} past due ({status.bucket})."))
    rows.append(plain(f"As of {status.on}, payments of that day included."))
    if status.policy:
        rows.append(plain(f"Rules of the plan: {status.policy}.", "$text-muted"))
    return lines(*rows)


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
    return join(f"{invoice.number} {invoice.month:%B %Y}: {amounts}; {when}; ", invoice_state(invoice, today))


def why_payment(payment: Payment, today: date, now: datetime) -> Content:
    """All of one payment."""
    words = f"{payment.number}: {payment_words(payment, today)}"
    if payment.for_fees:
        words += "; it pays fees, no premium"
    if payment.returned_on:
        words += f"; came back from the bank {payment.returned_on}, from then on it counts for nothing"
    if payment.reversed_at:
        words += f"; reversed{when_reversed(payment, now)}; it counts for nothing"
    return plain(words + ".")


def why_letter(letter: Letter) -> Content:
    """All of one letter."""
    mailed = f"mailed {letter.mailed_on}" if letter.mailed_on else "not mailed yet"
    amount = f", {money(letter.amount)}" if letter.amount is not None else ""
    back = f", brought back by the post {letter.returned_on}" if letter.returned_on else ""
    words = f"{letter.number} {letter_words(letter)}{amount}: written {letter.created_on}, {mailed}{back}."
    return plain(words)


def about_letter(letter: Letter) -> DateAbout:
    """Which reasons are those of a letter."""
    return _OF_LETTERS.get(letter.kind, DateAbout.LETTER)


def why_date(entry: TimelineEntry, today: date) -> Content:
    """All of one date."""
    amount = f", {money(entry.amount)}" if entry.amount is not None else ""
    reference = f" ({entry.reference})" if entry.reference else ""
    when = f", {in_days(entry.on, today)} from now if nothing else happens" if entry.to_come else ""
    return plain(f"{entry.on:%a %Y-%m-%d} {entry.words}{reference}{amount}{when}.", "bold")


def why_other(
    row: PromiseRow | HoldRow | ReinstatementRow, today: date
) -> tuple[Content, tuple[DateAbout, ...]]:
    """All of a promise, a hold or a request to give coverage back, and what its reasons are about."""
    from api_client.types.billing import HoldRow, PromiseRow

    if isinstance(row, PromiseRow):
        return _promise(row), (DateAbout.PROMISE,)
    if isinstance(row, HoldRow):
        return _hold(row, today), (DateAbout.HOLD,)
    return _reinstatement(row), (DateAbout.REINSTATEMENT,)


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
        stands = row.why_not or "nothing stands against it; a lead decides"
    else:
        stands = f"given back {row.decided_on}" if row.approved else f"refused {row.decided_on}: {row.reason}"
    return plain(f"{row.id}: coverage asked back {row.requested_on}; {stands}.")
