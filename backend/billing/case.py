"""What is known of a ledger on a day, before letters and flags are worked out from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from api_client.types.billing_words import DateAbout, DelinquencyState, LetterKind, PromiseState
from backend.billing.grace import Books, Grace
from backend.billing.ledger import Ended, Ledger, OpenInvoice, Promise, Standing, money_received, standing
from backend.billing.rules import ZERO
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Why:
    """One step of the reasoning, with the rule it rests on, and what date it is about."""

    sentence: str
    rule: str
    about: DateAbout = DateAbout.STATE


@dataclass(frozen=True)
class Case:
    """What is known of a ledger on a day; letters, dates and reasons are worked out from it."""

    books: Books
    on: date
    ended: Ended | None
    reinstated_on: date | None
    standing: Standing
    unpaid: OpenInvoice | None
    grace: Grace | None

    @property
    def policy(self) -> BillingPolicy:
        """The rules it is under."""
        return self.books.policy

    @property
    def state(self) -> DelinquencyState:
        """The state without what lies over it."""
        if self.ended is not None:
            return DelinquencyState.TERMINATED_NONPAY
        if self.unpaid is None:
            return DelinquencyState.CURRENT
        if self.grace is None:
            return DelinquencyState.PAST_DUE
        named = self.grace.mailed_on(self.policy.final.kind) is not None
        return DelinquencyState.TERM_PENDING if named else DelinquencyState.GRACE

    @cached_property
    def planned(self) -> Grace | None:
        """The grace as it runs, or as it will run when the letters go at the earliest."""
        if self.ended is not None or self.unpaid is None:
            return None
        if self.grace is not None:
            return self.grace
        l1_on = self.books.l1_date(self.unpaid.invoice, self.on, self.reinstated_on)
        return None if l1_on is None else Grace(self.unpaid.invoice, l1_on, ())

    @cached_property
    def named_end(self) -> date | None:
        """The last day of grace, as the letters name it."""
        return self.books.last_day(self.planned, self.on) if self.planned else None

    @cached_property
    def last_day(self) -> date | None:
        """The day coverage ends if nothing is paid; None too while nobody knows."""
        return self.books.end_of(self.planned, self.on) if self.planned else None

    @property
    def owed(self) -> Decimal:
        """Premium that keeps coverage."""
        if self.ended is not None or self.unpaid is None:
            return ZERO
        return self.standing.open_through(self.unpaid.invoice)

    def mailed_after(self, kind: LetterKind, day: date) -> date | None:
        """When a letter of a kind was mailed first after a day."""
        letters = (one for one in self.books.ledger.letters if one.kind is kind)
        return min((one.mailed_on for one in letters if day < one.mailed_on <= self.on), default=None)


def case_of(books: Books, on: date) -> Case:
    """What is known of a ledger at the end of `on`."""
    history = books.history(on)
    now = standing(books.ledger, on, books.policy, ended=history.ended)
    unpaid = now.delinquent(books.policy.tolerance)
    grace = books.grace(unpaid.invoice, on, history.reinstated_on) if unpaid else None
    return Case(books, on, history.ended, history.reinstated_on, now, unpaid, grace)


# -- promises and returned payments ---------------------------------------------------------------


def last_promise(ledger: Ledger, on: date) -> Promise | None:
    """The promise made last, up to a day."""
    made = (one for one in ledger.promises if one.made_on <= on)
    return max(made, key=lambda one: one.made_on, default=None)


def promise_state(ledger: Ledger, on: date) -> PromiseState | None:
    """What became of the last promise; it changes no date of coverage."""
    promise = last_promise(ledger, on)
    return None if promise is None else became(promise, ledger, on)


def became(promise: Promise, ledger: Ledger, on: date) -> PromiseState:
    """What became of a promise by the end of a day; broken on the day after its date."""
    paid = money_received(ledger, on, until=promise.pay_by)
    paid -= money_received(ledger, on, until=promise.made_on - _DAY)
    if paid >= promise.amount:
        return PromiseState.KEPT
    return PromiseState.BROKEN if on > promise.pay_by else PromiseState.OPEN


def certified_funds_until(ledger: Ledger, on: date, policy: BillingPolicy) -> date | None:
    """Until when only certified funds are taken: 365 days from the last of two returns within 183 days."""
    until: date | None = None
    days = returns(ledger, on)
    for before, day in pairwise(days):
        close = (day - before).days <= policy.certified_funds_window_days
        if close or (until is not None and day <= until):
            until = day + timedelta(days=policy.certified_funds_days)
    return until


def returns(ledger: Ledger, on: date) -> list[date]:
    """The bank's dates of the payments returned up to a day, in order."""
    return sorted(one.returned_on for one in ledger.payments if one.returned_on and one.returned_on <= on)
