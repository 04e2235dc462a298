"""Where a group stands with its premium on a day: state, dates, letters due, and why.

A ledger with what really happened, the policy and a day in; the whole answer out. Each date is looked at at
the end of the day, payments of that day included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from api_client.types.words import DelinquencyState, LetterKind
from backend.billing.grace import Books, Grace
from backend.billing.ledger import Ended, Ledger, OpenInvoice, Standing, money_received, standing
from backend.billing.rules import ZERO, bucket, dollars
from backend.policy.calendar import Calendar
from backend.policy.policy import BillingPolicy
from backend.refusal import Refusal, rule_refuses


class PromiseState(StrEnum):
    """What became of a promise to pay."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class Why:
    """One step of the reasoning, with the rule it rests on."""

    sentence: str
    rule: str


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
    standing: Standing
    days_past_due: int
    """Of the invoice that is unpaid; 0 when nothing is."""
    open_fees: Decimal
    keep_coverage_amount: Decimal
    """Premium that keeps coverage when paid by `keep_coverage_by`; 0 when nothing is past due."""
    keep_coverage_by: date | None
    grace_from: date | None
    grace_to: date | None
    coverage_end: date | None
    coverage_end_if_unpaid: date | None
    next_letter: LetterDue | None
    letters_due: tuple[LetterDue, ...]
    """Letters to mail on this very day."""
    reinstated_on: date | None
    promise: PromiseState | None
    certified_funds_until: date | None
    why: tuple[Why, ...]

    @property
    def bucket(self) -> str:
        """Aging bucket of the unpaid invoice."""
        return bucket(self.days_past_due)

    @property
    def balance(self) -> Decimal:
        """Open premium and fees less credit, what is not due yet included."""
        return self.standing.open_premium + self.open_fees - self.standing.credit


@dataclass(frozen=True)
class _Case:
    """What is known before dates and letters are worked out."""

    books: Books
    on: date
    ended: Ended | None
    reinstated_on: date | None
    standing: Standing
    unpaid: OpenInvoice | None
    grace: Grace | None

    @property
    def state(self) -> DelinquencyState:
        if self.ended is not None:
            return DelinquencyState.TERMINATED_NONPAY
        if self.unpaid is None:
            return DelinquencyState.CURRENT
        if self.grace is None:
            return DelinquencyState.PAST_DUE
        return DelinquencyState.GRACE if self.grace.l2_on is None else DelinquencyState.TERM_PENDING

    @property
    def planned(self) -> Grace | None:
        """The grace as it runs, or as it will run when the letters go at the earliest."""
        if self.ended is not None or self.unpaid is None:
            return None
        if self.grace is not None:
            return self.grace
        l1_on = self.books.l1_date(self.unpaid.invoice, self.on, self.reinstated_on)
        return Grace(self.unpaid.invoice, self.books.mailing_day(l1_on, self.on), None)

    @property
    def l2_on(self) -> date | None:
        """When the termination letter was mailed, or can go at the earliest."""
        if self.planned is None:
            return None
        return self.planned.l2_on or self.books.mailing_day(self.books.l2_date(self.planned.l1_on), self.on)

    @property
    def last_day(self) -> date | None:
        """The day coverage ends if nothing is paid."""
        return self.books.last_day(self.planned, self.l2_on) if self.planned else None

    @property
    def owed(self) -> Decimal:
        """Premium that keeps coverage."""
        return self.standing.open_through(self.planned.invoice) if self.planned else ZERO


def billing_status(ledger: Ledger, on: date, policy: BillingPolicy, calendar: Calendar) -> BillingStatus:
    """Where the group stands at the end of `on`; what happened later is not looked at."""
    case = _case(Books(ledger, policy, calendar), on)
    premium_letter = _premium_letter(case)
    others = list(_other_letters(case))
    letters = [*([premium_letter] if premium_letter else []), *others]
    until = certified_funds_until(ledger, on, policy)
    return BillingStatus(
        on=on,
        state=case.state,
        standing=case.standing,
        days_past_due=case.unpaid.days_past_due if case.unpaid else 0,
        open_fees=sum((fee.amount for fee in ledger.fees if fee.charged_on <= on), ZERO),
        keep_coverage_amount=case.owed,
        keep_coverage_by=case.last_day,
        grace_from=case.grace.l1_on if case.grace and not case.ended else None,
        grace_to=case.last_day if case.grace else None,
        coverage_end=case.ended.on if case.ended else None,
        coverage_end_if_unpaid=case.last_day,
        next_letter=premium_letter or min(others, key=lambda one: one.mail_on, default=None),
        letters_due=tuple(letter for letter in letters if letter.mail_on == on),
        reinstated_on=case.reinstated_on,
        promise=promise_state(ledger, on),
        certified_funds_until=until if until and until >= on else None,
        why=tuple(_why(case)),
    )


def _case(books: Books, on: date) -> _Case:
    history = books.history(on)
    now = standing(books.ledger, on, books.policy, ended=history.ended)
    unpaid = now.delinquent(books.policy.tolerance)
    grace = books.grace(unpaid.invoice, on, history.reinstated_on) if unpaid else None
    return _Case(books, on, history.ended, history.reinstated_on, now, unpaid, grace)


# -- letters ---------------------------------------------------------------------------------------


def _premium_letter(case: _Case) -> LetterDue | None:
    """The next letter about unpaid premium: L1, L2, then L3 where the policy has it."""
    if case.ended is not None:
        return _l3(case, case.ended.invoice.number, case.ended.on)
    planned, l2_on, last_day = case.planned, case.l2_on, case.last_day
    if planned is None or l2_on is None or last_day is None:
        return None
    number = planned.invoice.number
    if case.grace is None:
        return LetterDue(LetterKind.L1, number, planned.l1_on, amount=case.owed, ends_on=last_day)
    if case.grace.l2_on is None:
        return LetterDue(LetterKind.L2, number, l2_on, amount=case.owed, ends_on=last_day)
    return _l3(case, number, last_day)


def _l3(case: _Case, number: str, ended_on: date) -> LetterDue | None:
    if LetterKind.L3 not in case.books.policy.letters:
        return None
    if _mailed_after(case, LetterKind.L3, ended_on):
        return None
    mail_on, latest = case.books.l3_dates(ended_on)
    return LetterDue(
        LetterKind.L3,
        number,
        case.books.mailing_day(mail_on, case.on),
        latest,
        case.standing.open_premium,
        ended_on,
    )


def _other_letters(case: _Case) -> Iterator[LetterDue]:
    """The letters that follow a reinstatement, and a second returned payment."""
    calendar, on = case.books.calendar, case.on
    given_back = case.reinstated_on
    if given_back and not _mailed_after(case, LetterKind.REINSTATEMENT, given_back - timedelta(days=1)):
        planned = calendar.roll_forward(given_back)
        yield LetterDue(LetterKind.REINSTATEMENT, "", case.books.mailing_day(planned, on))
    returned = max((day for day in _returns(case.books.ledger, on)), default=None)
    if returned and certified_funds_until(case.books.ledger, on, case.books.policy):
        planned = calendar.next_open_day(returned)
        if not _mailed_after(case, LetterKind.RETURNED_PAYMENT, returned):
            yield LetterDue(LetterKind.RETURNED_PAYMENT, "", case.books.mailing_day(planned, on))


def _mailed_after(case: _Case, kind: LetterKind, day: date) -> bool:
    return any(one.kind is kind and day < one.mailed_on <= case.on for one in case.books.ledger.letters)


# -- promises, returned payments, reinstatement ------------------------------------------------------


def promise_state(ledger: Ledger, on: date) -> PromiseState | None:
    """What became of the latest promise; broken on the day after its date. It changes no date of coverage."""
    promise = max(
        (one for one in ledger.promises if one.made_on <= on), key=lambda one: one.made_on, default=None
    )
    if promise is None:
        return None
    before = promise.made_on - timedelta(days=1)
    paid = money_received(ledger, on, until=promise.pay_by) - money_received(ledger, on, until=before)
    if paid >= promise.amount:
        return PromiseState.KEPT
    return PromiseState.BROKEN if on > promise.pay_by else PromiseState.OPEN


def certified_funds_until(ledger: Ledger, on: date, policy: BillingPolicy) -> date | None:
    """Until when only certified funds are taken: 365 days from the last of two returns within 183 days."""
    until: date | None = None
    days = _returns(ledger, on)
    for before, day in pairwise(days):
        close = (day - before).days <= policy.certified_funds_window_days
        if close or (until is not None and day <= until):
            until = day + timedelta(days=policy.certified_funds_days)
    return until


def _returns(ledger: Ledger, on: date) -> list[date]:
    return sorted(one.returned_on for one in ledger.payments if one.returned_on and one.returned_on <= on)


def reinstatement_refused(
    ledger: Ledger,
    requested_on: date,
    policy: BillingPolicy,
    calendar: Calendar,
    *,
    contract_from: date,
) -> Refusal | None:
    """Why coverage cannot be given back on this request, as far as it is paid on that day.

    It must be asked for in time, be the first in the contract year, and all premium through the current month
    be paid; a refused group can apply anew.
    """
    case = _case(Books(ledger, policy, calendar), requested_on)
    if case.ended is None:
        return rule_refuses("Coverage of this group did not end for non-payment.")
    if requested_on > case.ended.on + timedelta(days=policy.reinstatement_days):
        return rule_refuses(
            f"It was asked for more than {policy.reinstatement_days} days after the end of coverage."
        )
    year_start = _anniversary(contract_from, requested_on)
    earlier = [one for one in ledger.reinstatements if year_start <= one.approved_on <= requested_on]
    if len(earlier) >= policy.reinstatements_a_year:
        return rule_refuses("The group was reinstated before in this contract year.")
    owed = standing(ledger, requested_on, policy)
    due = [one.open for one in owed.invoices if one.invoice.month <= requested_on]
    if missing := sum(due, ZERO):
        return rule_refuses(f"{dollars(missing)} of premium through this month is still open.")
    return None


def _anniversary(start: date, on: date) -> date:
    """The last anniversary of `start` up to `on`; 29 February counts as 1 March in a common year."""
    for year in (on.year, on.year - 1):
        try:
            day = start.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if day <= on:
            return day
    return start


# -- why -------------------------------------------------------------------------------------------


def _why(case: _Case) -> Iterator[Why]:
    """The reasoning, one sentence a step."""
    policy = case.books.policy
    unpaid = case.unpaid
    if case.reinstated_on:
        yield Why(
            f"Coverage was given back on {case.reinstated_on}, with no gap.",
            "reinstatement: all premium paid, asked for in time",
        )
    if case.ended is not None:
        yield from _why_ended(case, case.ended)
    elif unpaid is None:
        yield from _why_current(case)
    else:
        yield Why(
            f"{dollars(unpaid.open)} of the premium for {unpaid.invoice.month:%B %Y} is open, "
            f"{unpaid.days_past_due} days after its due date {unpaid.invoice.due_date}.",
            "payments go to the oldest premium first (10 CCR 6532(c))",
        )
        yield from _why_letters(case)
    if case.standing.credit:
        yield Why(f"{dollars(case.standing.credit)} is credit for the next invoice.", "10 CCR 6532(c)")
    for one in case.standing.invoices:
        if one.open and one.days_past_due > 0 and not one.past_due:
            yield Why(
                f"The bill for {one.invoice.month:%B %Y} went out on {one.invoice.bill_date}, too late.",
                "no premium is past due without a bill before the due date (28 CCR 1300.65(a)(2))",
            )
    if any(fee.charged_on <= case.on for fee in case.books.ledger.fees):
        yield Why(
            "Fees stand apart and never end coverage.", f"fee {dollars(policy.nsf_fee)} a returned payment"
        )


def _why_current(case: _Case) -> Iterator[Why]:
    past_due = sum((one.open for one in case.standing.invoices if one.past_due), ZERO)
    if past_due:
        tolerance = dollars(case.books.policy.tolerance)
        yield Why(
            f"{dollars(past_due)} past due is carried to the next invoice.",
            f"tolerance of {tolerance} in the policy",
        )
    else:
        yield Why("No premium is past due.", "a payment is in time until 23:59 of the due date")


def _why_letters(case: _Case) -> Iterator[Why]:
    policy, planned, last_day = case.books.policy, case.planned, case.last_day
    if planned is None or last_day is None:
        return
    first = f"The warning letter L1 was mailed on {planned.l1_on}"
    if case.grace is None:
        first = f"The warning letter L1 goes on {planned.l1_on}"
    yield Why(
        f"{first}; that is day 1 of grace.",
        "not before the day after due date, last paid day and a returned payment (28 CCR 1300.65)",
    )
    was = "was mailed" if planned.l2_on else "goes"
    yield Why(
        f"The termination letter L2 {was} on {case.l2_on}.",
        f"{policy.l2_offset_days} days after L1, a business day",
    )
    yield Why(
        f"Coverage ends on {last_day} at 23:59 unless {dollars(case.owed)} is paid by then.",
        f"{policy.grace_days} days of grace from L1, at least {policy.l2_min_days} days after L2 "
        "(28 CCR 1300.65); part payments and promises move no date",
    )


def _why_ended(case: _Case, ended: Ended) -> Iterator[Why]:
    yield Why(
        f"The {ended.invoice.month:%B %Y} premium was unpaid when grace ended: coverage ended on {ended.on}.",
        f"{case.books.policy.grace_days} days of grace from the warning letter (28 CCR 1300.65)",
    )
    if LetterKind.L3 in case.books.policy.letters:
        mail_on, latest = case.books.l3_dates(ended.on)
        yield Why(
            f"The notice of end of coverage L3 goes on {mail_on}, at the latest on {latest}.",
            f"within {case.books.policy.l3_max_days} calendar days after the end (28 CCR 1300.65)",
        )
