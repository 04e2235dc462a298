"""The dates of a group's premium in the order of time: what happened, and what follows by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from api_client.types.billing_words import DateAbout, LetterKind, PromiseState
from backend.billing.case import became, case_of
from backend.billing.grace import Books
from backend.billing.ledger import Invoice, Ledger, Letter, open_fees
from backend.billing.reasons import about
from backend.billing.rules import ZERO, month_end, month_start, next_month
from backend.billing.say import LETTER_TITLES
from backend.billing.trial import horizon, known, live
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)
_ABOUT_UNPAID = (LetterKind.L1, LetterKind.L2, LetterKind.L3)
MONTHS = 24
"""Months shown at the most."""


@dataclass(frozen=True)
class Entry:
    """One date, past or to come; `reference` is the number of the bill, payment or letter."""

    on: date
    about: DateAbout
    words: str
    to_come: bool = False
    reference: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Month:
    """What was billed for a month, and the balance at its end, or today."""

    month: date
    billed: Decimal
    balance: Decimal


def timeline(ledger: Ledger, today: date, policy: BillingPolicy, calendar: Calendar) -> list[Entry]:
    """What happened up to today, then what follows if nothing else happens, in the order of time."""
    past = sorted(happened(Books(ledger, policy, calendar), today), key=lambda one: one.on)
    return [*past, *to_come(ledger, today, policy, calendar)]


# -- what happened -----------------------------------------------------------------------------------


def happened(books: Books, today: date) -> Iterator[Entry]:
    """Every date up to the end of today."""
    every = (*_bills(books.ledger), *_money(books.ledger), *_letters(books.ledger), *_holds(books.ledger))
    yield from (entry for entry in every if entry.on <= today)
    yield from _promises(books.ledger, today)
    history = books.history(today)
    for ended in (*history.given_back, *([history.ended] if history.ended else [])):
        yield Entry(ended.on, DateAbout.END, "coverage ended", reference=ended.invoice.number)
    for one in books.ledger.reinstatements:
        if one.approved_on <= today:
            yield Entry(one.approved_on, DateAbout.REINSTATEMENT, "coverage given back")


def _bills(ledger: Ledger) -> Iterator[Entry]:
    for one in ledger.invoices:
        void = " (void)" if one.void else ""
        words = f"bill for {one.month:%B %Y}{void}"
        yield Entry(one.bill_date, DateAbout.BILL, words, reference=one.number, amount=one.premium)
        if not void:
            yield Entry(one.due_date, DateAbout.DUE, _due(one), reference=one.number, amount=one.premium)


def _due(invoice: Invoice) -> str:
    return f"premium for {invoice.month:%B %Y} due"


def _money(ledger: Ledger) -> Iterator[Entry]:
    for one in ledger.payments:
        what = "fee payment" if one.for_fees else "payment"
        yield Entry(one.received_on, DateAbout.PAYMENT, f"{what} received", False, one.number, one.amount)
        for day, how in ((one.returned_on, "came back"), (one.reversed_on, "taken back as mis-posted")):
            if day is not None:
                yield Entry(day, DateAbout.RETURNED, f"{what} {how}", False, one.number, one.amount)
    for credit in ledger.credits:
        yield Entry(credit.posted_on, DateAbout.CREDIT, "credit posted", amount=credit.amount)
    for fee in ledger.fees:
        yield Entry(fee.charged_on, DateAbout.FEE, "fee charged", amount=fee.amount)


def _letters(ledger: Ledger) -> Iterator[Entry]:
    for one in ledger.letters:
        yield letter_entry(one)
        what = f"{LETTER_TITLES[one.kind]} {_code(one)}".strip()
        for day, how in (
            (one.returned_on, "came back by mail"),
            (one.settled_on, "that came back is settled"),
        ):
            if day is not None:
                yield Entry(day, about(one.kind), f"{what} {how}", reference=one.number)


def letter_entry(one: Letter, *, coming: bool = False) -> Entry:
    """The date of a letter: when it was mailed, or goes."""
    words = f"{LETTER_TITLES[one.kind]} {_code(one)}".strip() + (" goes" if coming else " mailed")
    return Entry(one.mailed_on, about(one.kind), words, coming, one.number, one.amount)


def _code(letter: Letter) -> str:
    """The short name of a letter about unpaid premium, such as L2; other letters have none."""
    return letter.kind.value if letter.kind in _ABOUT_UNPAID else ""


def _holds(ledger: Ledger) -> Iterator[Entry]:
    for one in ledger.holds:
        if one.to_on is None or one.to_on >= one.from_on:
            stops = ", dates stop" if one.stops_dates else ""
            yield Entry(one.from_on, DateAbout.HOLD, f"hold ({one.kind}) begins{stops}")
            if one.to_on is not None:
                yield Entry(one.to_on, DateAbout.HOLD, f"hold ({one.kind}) ends")


def _promises(ledger: Ledger, today: date) -> Iterator[Entry]:
    for one in ledger.promises:
        if one.made_on > today:
            continue
        made = f"promise to pay by {one.pay_by} made"
        yield Entry(one.made_on, DateAbout.PROMISE, made, amount=one.amount)
        if one.pay_by < today:
            state = became(one, ledger, today)
            words = "promise broken" if state is PromiseState.BROKEN else "promise kept"
            yield Entry(one.pay_by + _DAY, DateAbout.PROMISE, words, amount=one.amount)


# -- what is to come ---------------------------------------------------------------------------------


def to_come(
    ledger: Ledger, today: date, policy: BillingPolicy, calendar: Calendar, *, since: date | None = None
) -> list[Entry]:
    """What follows by the rules if nothing happens after today, in the order of time.

    Letters from `since` on, which is today itself where it is not given: a letter of today that is not mailed
    yet is to come.
    """
    ledger = known(ledger, today)
    last = horizon(ledger, today)
    lived = live(ledger, since or today, last, policy, calendar)
    entries = [letter_entry(one, coming=True) for one in lived.letters[len(ledger.letters) :]]
    ended = Books(lived, policy, calendar).history(last).ended
    if ended is not None and Books(ledger, policy, calendar).history(today).ended is None:
        number = ended.invoice.number
        entries.append(Entry(ended.on, DateAbout.END, "coverage ends", to_come=True, reference=number))
    entries += (*_bills_to_pay(Books(ledger, policy, calendar), today), *_awaited(ledger, today))
    return sorted(entries, key=lambda one: one.on)


def _bills_to_pay(books: Books, today: date) -> Iterator[Entry]:
    """Due dates after today, with what is still open of each bill; one that is paid says so."""
    for one in case_of(books, today).standing.invoices:
        if not one.invoice.void and one.invoice.bill_date <= today < one.invoice.due_date:
            words = _due(one.invoice) + ("" if one.open else ", paid")
            amount = one.open or one.billed
            yield Entry(one.invoice.due_date, DateAbout.DUE, words, True, one.invoice.number, amount)


def _awaited(ledger: Ledger, today: date) -> Iterator[Entry]:
    """Other dates after today that are on the books."""
    for hold in ledger.holds:
        if hold.covers(today) and hold.to_on is not None and hold.to_on > today:
            yield Entry(hold.to_on, DateAbout.HOLD, f"hold ({hold.kind}) ends", to_come=True)
    for promise in ledger.promises:
        if promise.made_on <= today <= promise.pay_by and became(promise, ledger, today) is PromiseState.OPEN:
            words = "promised payment is due"
            yield Entry(promise.pay_by, DateAbout.PROMISE, words, to_come=True, amount=promise.amount)


# -- months ------------------------------------------------------------------------------------------


def months(ledger: Ledger, today: date, policy: BillingPolicy, calendar: Calendar) -> list[Month]:
    """The months from the first bill to this one, the last MONTHS at most, the oldest first."""
    billed = [one.month for one in ledger.invoices if one.bill_date <= today]
    month = min([*billed, month_start(today)])
    while _months_apart(month, today) >= MONTHS:
        month = next_month(month)
    books = Books(ledger, policy, calendar)
    now = {one.invoice.month: one.billed for one in case_of(books, today).standing.invoices}
    answer = []
    while month <= today:
        on = min(month_end(month), today)
        then = case_of(books, on).standing
        balance = then.open_premium + open_fees(ledger, on) - then.credit
        answer.append(Month(month, now.get(month, ZERO), balance))
        month = next_month(month)
    return answer


def _months_apart(month: date, today: date) -> int:
    return (today.year - month.year) * 12 + today.month - month.month
