"""What is said of promises, disputes, holds and reinstatements: before Enter, and afterwards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from screens.billing.presentation import HOLDS, money
from screens.widgets.text import join, plain, short_day, short_minute

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus, HoldRow, Invoice, PromiseRow, ReinstatementRow
    from api_client.types.billing_words import HoldKind


def whom(status: BillingStatus) -> Content:
    """The group, as a line that Enter confirms names it."""
    return join((f"{status.number} {status.name}", "bold"))


def bill(invoice: Invoice) -> str:
    """A bill in a few words."""
    return f"{invoice.number} {invoice.month:%b %Y} {money(invoice.billed)}"


# -- promises --------------------------------------------------------------------------------------


def promise_line(status: BillingStatus, amount: Decimal, pay_by: date) -> Content:
    """The line that Enter confirms."""
    words = f" promises to pay {money(amount)} by {pay_by:%a} {short_day(pay_by, status.on)}"
    keeps = status.keep_coverage_amount
    less = f", and {money(keeps)} keeps coverage" if amount < keeps else ""
    return join("take down: ", whom(status), words, f"; it changes no date{less}")


def promised(row: PromiseRow, now: datetime) -> str:
    """Said after a promise was taken down."""
    until = (
        f"; u on the bill takes it back until {short_minute(row.undo_until, now)}" if row.undo_until else ""
    )
    return f"{row.id} is taken down: {money(row.amount)} by {short_day(row.pay_by, now.date())}{until}."


def take_back_line(row: PromiseRow, today: date) -> Content:
    """The line that Enter confirms."""
    words = f", the promise to pay {money(row.amount)} by {short_day(row.pay_by, today)}"
    return join("take back: ", (row.id, "bold"), words)


def promise_taken_back(row: PromiseRow) -> str:
    """Said afterwards."""
    return f"{row.id} is taken back; nobody waits for it."


# -- disputes and holds ----------------------------------------------------------------------------


def dispute_line(status: BillingStatus, invoice: Invoice, reason: str, will: str) -> Content:
    """The line that Enter confirms."""
    what = f' disputes {bill(invoice)}: "{reason}"'
    return join("take down: ", whom(status), what, f". {will}" if will else "")


def disputed(row: HoldRow, invoice: Invoice) -> str:
    """Said after a dispute was taken down."""
    return f"{row.id} is taken down, the dispute of {invoice.number}; {stops(row)}."


def stops(row: HoldRow) -> str:
    """What a hold does to the dates."""
    return "no letter goes and coverage does not end while it lasts" if row.stops_dates else "no date moves"


def hold_line(status: BillingStatus, kind: HoldKind, reason: str, to_on: date | None) -> Content:
    """The line that Enter confirms."""
    until = f" until {to_on}" if to_on else ", until it is lifted"
    return join("hold for ", whom(status), f": {HOLDS[kind]} from today{until}", f'; reason "{reason}"')


def held(row: HoldRow) -> str:
    """Said after a hold was opened."""
    return f"{row.id} is open, {HOLDS[row.kind]}; {stops(row)}."


def lift_line(status: BillingStatus, row: HoldRow, reason: str) -> Content:
    """The line that Enter confirms."""
    what = f"lift {row.id}, {HOLDS[row.kind]} since {row.from_on}, for "
    rest = "; the dates run on from today" if row.stops_dates else ""
    return join(what, whom(status), f'; reason "{reason}"{rest}')


def lifted(row: HoldRow) -> str:
    """Said afterwards."""
    return f"{row.id} is lifted."


def hold_conflict(seen: HoldRow, present: HoldRow | None) -> Content:
    """Said when a lift met a newer version."""
    if present is None:
        words = f"{seen.id} is no hold of this group any more"
    elif present.lifted_on and not seen.lifted_on:
        words = f"{seen.id}: open when you looked, lifted {present.lifted_on}"
    else:
        words = f"{seen.id}: {_until(seen)} when you looked, {_until(present)} now"
    return plain(f"{words}. Nothing was done; your reason is kept.", "bold")


def _until(row: HoldRow) -> str:
    return f"until {row.to_on}" if row.to_on else "until it is lifted"


# -- reinstatement ---------------------------------------------------------------------------------


def decide_line(status: BillingStatus, row: ReinstatementRow, *, approve: bool, reason: str) -> Content:
    """The line that Enter confirms."""
    if approve:
        what = join("give coverage back to ", whom(status))
        return join(what, f" as asked for {row.requested_on}: everybody as before, without a gap")
    return join(f"refuse {row.id}, asked for {row.requested_on} by ", whom(status), f'; reason "{reason}"')


def decided(row: ReinstatementRow) -> str:
    """Said afterwards."""
    if row.approved:
        return f"{row.id}: coverage is given back without a gap; a letter tells the client."
    return f"{row.id} is refused: {row.reason}."


def decision_conflict(seen: ReinstatementRow, present: ReinstatementRow | None) -> Content:
    """Said when a decision met a newer version."""
    if present is None:
        words = f"{seen.id} is no request of this group any more"
    elif present.decided_on:
        what = "given back" if present.approved else f"refused: {present.reason}"
        words = f"{seen.id}: open when you looked, {what} {present.decided_on}"
    else:
        stands = present.why_not.rstrip(".") or "nothing stands against it now"
        words = f"{seen.id}: changed since you looked; {stands}"
    return plain(f"{words}. Nothing was done; what you wrote is kept.", "bold")
