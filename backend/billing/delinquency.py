"""Where a group stands with its premium on a day: state, flags, dates, letters due, and why.

A ledger with what really happened, the policy and a day in; the whole answer out. Each date is looked at at
the end of the day, payments of that day included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from api_client.types.billing_words import BillingFlag, DelinquencyState, LetterKind, PromiseState
from backend.billing.case import (
    Case,
    Why,
    case_of,
    certified_funds_until,
    promise_state,
    returns,
)
from backend.billing.grace import Books
from backend.billing.ledger import Ended, Ledger, Standing, open_fees, standing
from backend.billing.reasons import reasons
from backend.billing.rules import ZERO, bucket, dollars
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy
from backend.refusal import Refusal, rule_refuses

_DAY = timedelta(days=1)
_PROMISE_FLAGS = {
    PromiseState.OPEN: BillingFlag.PTP_OPEN,
    PromiseState.KEPT: BillingFlag.PTP_KEPT,
    PromiseState.BROKEN: BillingFlag.PTP_BROKEN,
}


@dataclass(frozen=True)
class LetterDue:
    """A letter that has to go, and when it can go at the earliest."""

    kind: LetterKind
    invoice: str
    mail_on: date
    latest: date | None = None
    amount: Decimal = ZERO
    """Premium to pay, fees left out."""
    ends_on: date | None = None
    """The day coverage ends, or ended, by this letter."""


@dataclass(frozen=True)
class BillingStatus:
    """The answer for one day."""

    on: date
    state: DelinquencyState
    flags: tuple[BillingFlag, ...]
    standing: Standing
    days_past_due: int
    """Of the invoice that is unpaid; 0 when nothing is."""
    open_fees: Decimal
    keep_coverage_amount: Decimal
    """Premium that keeps coverage when paid by `keep_coverage_by`; 0 when nothing is past due."""
    keep_coverage_by: date | None
    """None too while nobody knows it: a hold has no last day, or a letter came back unsettled."""
    grace_from: date | None
    grace_to: date | None
    coverage_end: date | None
    coverage_end_if_unpaid: date | None
    """As `keep_coverage_by`."""
    next_letter: LetterDue | None
    letters: tuple[LetterDue, ...]
    """Every letter that goes by the rules if nothing else happens, in the order of time."""
    reinstated_on: date | None
    promise: PromiseState | None
    certified_funds_until: date | None
    case: Case = field(repr=False, compare=False)

    @cached_property
    def why(self) -> tuple[Why, ...]:
        """The reasoning, one sentence a step."""
        return tuple(reasons(self.case))

    @property
    def letters_due(self) -> tuple[LetterDue, ...]:
        """Letters to mail on this very day."""
        return tuple(letter for letter in self.letters if letter.mail_on == self.on)

    @property
    def bucket(self) -> str:
        """Aging bucket of the unpaid invoice."""
        return bucket(self.days_past_due)

    @property
    def balance(self) -> Decimal:
        """Open premium and fees less credit, what is not due yet included."""
        return self.standing.open_premium + self.open_fees - self.standing.credit


def billing_status(ledger: Ledger, on: date, policy: BillingPolicy, calendar: Calendar) -> BillingStatus:
    """Where the group stands at the end of `on`; what happened later is not looked at."""
    return status_of(Books(ledger, policy, calendar), on)


def status_of(books: Books, on: date) -> BillingStatus:
    """The same, of books at hand."""
    ledger, policy = books.ledger, books.policy
    case = case_of(books, on)
    premium = sorted(_premium_letters(case), key=lambda one: one.mail_on)
    others = sorted(_other_letters(case), key=lambda one: one.mail_on)
    until = certified_funds_until(ledger, on, policy)
    return BillingStatus(
        on=on,
        state=case.state,
        flags=tuple(_flags(case)),
        standing=case.standing,
        days_past_due=case.unpaid.days_past_due if case.unpaid else 0,
        open_fees=open_fees(ledger, on),
        keep_coverage_amount=case.owed,
        keep_coverage_by=case.last_day,
        grace_from=case.grace.from_on if case.grace and not case.ended else None,
        grace_to=case.last_day if case.grace else None,
        coverage_end=case.ended.on if case.ended else None,
        coverage_end_if_unpaid=case.last_day,
        next_letter=next(iter((*premium, *others)), None),
        letters=(*premium, *others),
        reinstated_on=case.reinstated_on,
        promise=promise_state(ledger, on),
        certified_funds_until=until if until and until >= on else None,
        case=case,
    )


def _flags(case: Case) -> Iterator[BillingFlag]:
    ledger, on = case.books.ledger, case.on
    if (promise := promise_state(ledger, on)) is not None:
        yield _PROMISE_FLAGS[promise]
    until = certified_funds_until(ledger, on, case.policy)
    if until is not None and until >= on:
        yield BillingFlag.CERTIFIED_FUNDS
    if any(hold.covers(on) for hold in ledger.holds):
        yield BillingFlag.HOLD
    given_back = case.reinstated_on
    if given_back is not None and case.ended is None and given_back >= _year_before(on):
        yield BillingFlag.REINSTATED
    warnings = {step.kind for step in case.policy.warnings}
    if any(letter.kind in warnings and letter.astray(on) for letter in ledger.letters):
        yield BillingFlag.NOTICE_RETURNED


# -- letters ---------------------------------------------------------------------------------------


def _premium_letters(case: Case) -> Iterator[LetterDue]:
    """The letters about unpaid premium that were not mailed, by the steps of the policy."""
    if case.ended is not None:
        yield from _end_notices(case, case.ended)
        return
    planned, end = case.planned, case.named_end
    if planned is None or end is None:
        return
    for step in case.policy.warnings:
        mail_on: date | None = planned.from_on
        if step is not case.policy.opening:
            mail_on = case.books.warning_date(step, planned.from_on, case.on)
        if mail_on is not None and planned.mailed_on(step.kind) is None:
            yield LetterDue(step.kind, planned.invoice.number, mail_on, amount=case.owed, ends_on=end)
    if case.last_day is not None:
        yield from _end_notices(case, Ended(case.last_day, planned.invoice))


def _end_notices(case: Case, ended: Ended) -> Iterator[LetterDue]:
    """The notices after an end, or after the one to come: they ask for the premium of all days covered."""
    asked = standing(case.books.ledger, case.on, case.policy, ended=ended).open_premium
    for step in case.policy.end_notices:
        mail_on = case.books.end_notice_date(step, ended.on, case.on)
        if mail_on is not None and not case.mailed_after(step.kind, ended.on):
            latest = case.books.latest(step, ended.on)
            yield LetterDue(step.kind, ended.invoice.number, mail_on, latest, asked, ended.on)


def _other_letters(case: Case) -> Iterator[LetterDue]:
    """The letters that follow a reinstatement, and a second returned payment."""
    books, on = case.books, case.on
    given_back = case.reinstated_on
    if given_back and not case.mailed_after(LetterKind.REINSTATEMENT, given_back - _DAY):
        yield LetterDue(LetterKind.REINSTATEMENT, "", books.goes_out(given_back, on))
    returned = max(returns(books.ledger, on), default=None)
    days = timedelta(days=case.policy.certified_funds_days)
    if returned is None or certified_funds_until(books.ledger, on, case.policy) != returned + days:
        return  # the last return brought no restriction
    if not case.mailed_after(LetterKind.RETURNED_PAYMENT, returned):
        yield LetterDue(LetterKind.RETURNED_PAYMENT, "", books.goes_out(returned + _DAY, on))


# -- reinstatement ---------------------------------------------------------------------------------


def reinstatement_refused(
    ledger: Ledger,
    requested_on: date,
    policy: BillingPolicy,
    calendar: Calendar,
    *,
    contract_from: date | None = None,
    on: date | None = None,
) -> Refusal | None:
    """Why coverage cannot be given back on this request, as far as it is paid on the day it is decided `on`,
    else the day of the request.

    It must be asked for in time, be the first in the contract year (the last 12 months where its first day is
    not known), and all premium through the current month be paid; a refused group can apply anew.
    """
    on = on or requested_on
    case = case_of(Books(ledger, policy, calendar), on)
    if case.ended is None:
        return rule_refuses("Coverage of this group did not end for non-payment.")
    if requested_on > case.ended.on + timedelta(days=policy.reinstatement_days):
        return rule_refuses(
            f"It was asked for more than {policy.reinstatement_days} days after the end of coverage."
        )
    since = _anniversary(contract_from, requested_on) if contract_from else _year_before(requested_on)
    earlier = [one for one in ledger.reinstatements if since <= one.approved_on <= on]
    if len(earlier) >= policy.reinstatements_a_year:
        year = "this contract year" if contract_from else "the last 12 months"
        return rule_refuses(f"The group was reinstated before in {year}.")
    owed = standing(ledger, on, policy)
    due = [one.open for one in owed.invoices if one.invoice.month <= on]
    if missing := sum(due, ZERO):
        return rule_refuses(f"{dollars(missing)} of premium through this month is still open.")
    return None


def _year_before(on: date) -> date:
    """The first day of the 12 months that end with `on`."""
    return _same_day(on, on.year - 1) + _DAY


def _anniversary(start: date, on: date) -> date:
    """The last anniversary of `start` up to `on`; 29 February counts as 1 March in a common year."""
    days = (_same_day(start, year) for year in (on.year, on.year - 1))
    return next((day for day in days if day <= on), start)


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
