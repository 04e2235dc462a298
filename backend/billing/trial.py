"""Living days by the rules alone: each letter goes on the day it is due. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from backend.billing.delinquency import BillingStatus, status_of
from backend.billing.grace import Books
from backend.billing.ledger import Ledger, Letter, Payment
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)
_HORIZON = timedelta(days=400)
"""Longer than any grace, a later month's that waited for it included."""


def live(ledger: Ledger, since: date, until: date, policy: BillingPolicy, calendar: Calendar) -> Ledger:
    """The ledger with the letters mailed that are due from `since` to `until`, both included.

    Only days on which something can change are looked at; a letter of an earlier day goes late, on `since`.
    """
    fixed = sorted(_days(ledger))
    books = Books(ledger, policy, calendar)
    on = since
    while on <= until:
        status = status_of(books, on)
        if status.letters_due:
            books = books.mailed(_mailed(status))
            status = status_of(books, on)
        coming = [day for day in (*fixed, *_to_come(status)) if day > on]
        if not coming:
            break
        on = min(coming)
    return books.ledger


def known(ledger: Ledger, on: date) -> Ledger:
    """The ledger as it was at the end of a day: what happened later is not in it."""
    return replace(
        ledger,
        invoices=[one for one in ledger.invoices if one.bill_date <= on],
        payments=[_payment_known(one, on) for one in ledger.payments if one.received_on <= on],
        credits=[one for one in ledger.credits if one.posted_on <= on],
        fees=[one for one in ledger.fees if one.charged_on <= on],
        letters=[_letter_known(one, on) for one in ledger.letters if one.mailed_on <= on],
        promises=[one for one in ledger.promises if one.made_on <= on],
        reinstatements=[one for one in ledger.reinstatements if one.approved_on <= on],
        holds=[one for one in ledger.holds if one.from_on <= on],
        no_mail=[(first, last) for first, last in ledger.no_mail if first <= on],
    )


def horizon(ledger: Ledger, on: date) -> date:
    """A day by which everything that follows from a ledger has followed."""
    known_ends = [one.to_on for one in ledger.holds if one.to_on] + [last for _, last in ledger.no_mail]
    dues = [one.due_date for one in ledger.invoices]
    return max([on, *known_ends, *dues]) + _HORIZON


def _payment_known(payment: Payment, on: date) -> Payment:
    return replace(
        payment, returned_on=_past(payment.returned_on, on), reversed_on=_past(payment.reversed_on, on)
    )


def _letter_known(letter: Letter, on: date) -> Letter:
    return replace(letter, returned_on=_past(letter.returned_on, on), settled_on=_past(letter.settled_on, on))


def _past(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def first_day(ledger: Ledger) -> date | None:
    """The first day on which anything happened; None for an empty ledger."""
    return min(_days(ledger), default=None)


def _mailed(status: BillingStatus) -> Iterator[Letter]:
    for due in status.letters_due:
        yield Letter(due.kind, status.on, due.invoice, amount=due.amount or None)


def _to_come(status: BillingStatus) -> Iterator[date]:
    """The days the status itself names."""
    yield from (letter.mail_on for letter in status.letters)
    if status.coverage_end_if_unpaid is not None:
        yield status.coverage_end_if_unpaid + _DAY


def _days(ledger: Ledger) -> set[date]:
    """Every day on which the facts of a ledger change something, letters that go by the rules aside."""
    days: set[date | None] = set()
    for invoice in ledger.invoices:
        days |= {invoice.bill_date, invoice.due_date + _DAY}
    for payment in ledger.payments:
        days |= {payment.received_on, payment.returned_on, payment.reversed_on}
    days |= {credit.posted_on for credit in ledger.credits}
    for letter in ledger.letters:
        days |= {letter.mailed_on, letter.returned_on, letter.settled_on}
    days |= {one.approved_on for one in ledger.reinstatements}
    for hold in ledger.holds:
        days |= {hold.from_on, hold.to_on and hold.to_on + _DAY}
    for first, last in ledger.no_mail:
        days |= {first, last + _DAY}
    return {day for day in days if day is not None}
