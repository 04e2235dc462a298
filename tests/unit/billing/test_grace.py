"""Letters as data, holds that stop dates, and letters that come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from api_client.types.billing_words import BillingFlag, DateAbout, DelinquencyState, HoldKind, LetterKind
from backend.billing.case import certified_funds_until
from backend.billing.delinquency import BillingStatus, billing_status
from backend.billing.ledger import Fee, Hold, Invoice, Ledger, Letter, Payment, open_fees
from backend.billing.say import say
from backend.billing.trial import live
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.policy.premium import BillingPolicy, CountedAfter, LetterStep, Roll

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
S = DelinquencyState
L1, L2, L3 = LetterKind.L1, LetterKind.L2, LetterKind.L3
SEPTEMBER = Invoice("I-09", date(2026, 9, 1), date(2026, 8, 10), date(2026, 9, 1), Decimal(10_000))
OCTOBER = Invoice("I-10", date(2026, 10, 1), date(2026, 9, 10), date(2026, 10, 1), Decimal(10_000))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def lived(
    until: str, *holds: Hold, policy: BillingPolicy = POLICY.billing, ledger: Ledger = Ledger((SEPTEMBER,))
) -> tuple[BillingStatus, list[tuple[LetterKind, str]]]:
    """The status at the end of a day, and the letters mailed until then."""
    ledger = live(replace(ledger, holds=holds), SEPTEMBER.bill_date, day(until), policy, CALENDAR)
    status = billing_status(ledger, day(until), policy, CALENDAR)
    return status, [(letter.kind, f"{letter.mailed_on:%m-%d}") for letter in ledger.letters]


def hold(first: str, last: str | None, kind: HoldKind = HoldKind.GRIEVANCE, *, stops: bool = True) -> Hold:
    return Hold(day(first), day(last) if last else None, kind, stops)


# -- letters as data ---------------------------------------------------------------------------------

SECOND = LetterKind.ENROLLMENT_RETURNED
"""Stands here for a demand that only another list of letters has: the rules ask no name."""
FOUR = replace(
    POLICY.billing,
    name="FOUR",
    grace_days=31,
    l2_min_days=7,
    steps=(
        LetterStep(L1, 1, CountedAfter.DUE, Roll.NONE),
        LetterStep(SECOND, 13, CountedAfter.L1, Roll.FORWARD),
        LetterStep(L2, 18, CountedAfter.L1, Roll.NONE, final=True),
        LetterStep(L3, 3, CountedAfter.END, Roll.FORWARD, latest_days=10),
    ),
)


def test_a_list_of_four_letters_is_only_data() -> None:
    status, letters = lived("10-30", policy=FOUR)
    assert letters == [(L1, "09-02"), (SECOND, "09-15"), (L2, "09-20"), (L3, "10-05")]
    assert status.coverage_end == day("10-02")
    assert [state for state, _ in _states(FOUR)] == [
        S.CURRENT, S.GRACE, S.TERM_PENDING, S.TERMINATED_NONPAY,
    ]  # fmt: skip
    planned, _ = lived("09-03", policy=FOUR)
    assert [(one.kind, f"{one.mail_on:%m-%d}") for one in planned.letters] == letters[1:]
    assert planned.letters[-1].latest == day("10-09")  # 10-12 is a holiday, and the weekend before it


def _states(policy: BillingPolicy) -> list[tuple[DelinquencyState, date]]:
    """Each state with its first day."""
    found: list[tuple[DelinquencyState, date]] = []
    on = date(2026, 8, 10)
    while on < date(2026, 10, 30):
        status, _ = lived(f"{on:%m-%d}", policy=policy)
        if not found or found[-1][0] is not status.state:
            found.append((status.state, on))
        on += timedelta(days=1)
    return found


def test_a_single_letter_can_do_it_all() -> None:
    only = LetterStep(L1, 5, CountedAfter.DUE, Roll.FORWARD, final=True)
    status, letters = lived("10-30", policy=replace(POLICY.billing, name="ONE", steps=(only,)))
    assert letters == [(L1, "09-08")]  # the 6th is a Sunday, the 7th a holiday
    assert status.coverage_end == day("10-07")


# -- holds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "letters", "end"),
    [
        ((), ["L1 09-02", "L2 09-16", "L3 10-02"], "10-01"),
        ((hold("08-20", "09-10"),), ["L1 09-11", "L2 09-25", "L3 10-13"], "10-10"),  # no L1 while it lasts
        ((hold("09-10", "09-19"),), ["L1 09-02", "L2 09-28", "L3 10-13"], "10-11"),  # 10 days: 09-26, rolled
        ((hold("09-10", "09-19"), hold("09-15", "09-21")), ["L1 09-02", "L2 09-28", "L3 10-14"], "10-13"),
        ((hold("09-20", "10-05"),), ["L1 09-02", "L2 09-16", "L3 10-19"], "10-17"),
        ((hold("10-01", "10-05"),), ["L1 09-02", "L2 09-16", "L3 10-07"], "10-06"),  # the last day of grace
        ((hold("10-02", "10-05"),), ["L1 09-02", "L2 09-16", "L3 10-06"], "10-01"),  # too late: ended before
        ((hold("09-02", "09-03"),), ["L1 09-04", "L2 09-18", "L3 10-05"], "10-03"),
        ((hold("09-10", "09-19", stops=False),), ["L1 09-02", "L2 09-16", "L3 10-02"], "10-01"),
        ((hold("09-10", "09-09"),), ["L1 09-02", "L2 09-16", "L3 10-02"], "10-01"),  # lifted the day it began
    ],
)
def test_days_on_hold_are_not_counted(holds: Sequence[Hold], letters: list[str], end: str) -> None:
    status, mailed = lived("10-31", *holds)
    assert [f"{kind} {on}" for kind, on in mailed] == letters
    assert status.coverage_end == day(end)


def test_a_hold_with_no_last_day_leaves_dates_unknown() -> None:
    status, letters = lived("12-31", hold("09-10", None))
    assert letters == [(L1, "09-02")]
    assert (status.state, status.flags) == (S.GRACE, (BillingFlag.HOLD,))
    assert (status.coverage_end, status.coverage_end_if_unpaid, status.next_letter) == (None, None, None)
    assert status.keep_coverage_amount == 10_000
    assert "no day is set" in say(status)
    (why,) = (one for one in status.why if one.about is DateAbout.HOLD)
    assert "not known before it has one" in why.sentence
    before, _ = lived("09-01", hold("08-20", None))
    assert before.state is S.CURRENT
    past_due, _ = lived("09-02", hold("08-20", None))
    assert (past_due.state, past_due.letters) == (S.PAST_DUE, ())


def test_a_hold_is_flagged_only_while_it_lasts_and_stops_no_other_letter() -> None:
    for on, flags in (("09-09", ()), ("09-10", (BillingFlag.HOLD,)), ("09-20", ())):
        assert lived(on, hold("09-10", "09-19", HoldKind.DISPUTE, stops=False))[0].flags == flags
    twice = (
        Payment(day("08-20"), Decimal(1), day("09-08")),
        Payment(day("08-21"), Decimal(1), day("09-11")),
    )
    _, letters = lived("09-14", hold("09-10", None), ledger=Ledger((SEPTEMBER,), twice))
    assert letters == [(L1, "09-02"), (L1, "09-09"), (LetterKind.RETURNED_PAYMENT, "09-14")]


def test_a_hold_that_is_over_is_told_while_its_days_move_dates() -> None:
    during, _ = lived("09-30", hold("09-10", "09-19"))
    assert any("was on from 2026-09-10 to 2026-09-19" in one.sentence for one in during.why)
    paid = Ledger((SEPTEMBER,), (Payment(day("09-25"), Decimal(10_000)),))
    cured, _ = lived("09-30", hold("09-10", "09-19"), ledger=paid)
    assert not any(one.about is DateAbout.HOLD for one in cured.why)


def test_a_later_month_whose_letter_waits_is_told() -> None:
    status, _ = lived("10-01", hold("09-10", "09-19"), ledger=Ledger((SEPTEMBER, OCTOBER)))
    assert not any("waits" in one.sentence for one in status.why)
    status, _ = lived("10-02", hold("09-10", "09-19"), ledger=Ledger((SEPTEMBER, OCTOBER)))
    assert any("October 2026 waits" in one.sentence for one in status.why)


def test_a_late_termination_letter_has_its_days_without_the_hold_too() -> None:
    ledger = Ledger((SEPTEMBER,), no_mail=((day("09-16"), day("09-28")),))
    assert lived("10-31", ledger=ledger)[0].coverage_end == day("10-09")
    assert lived("10-31", hold("10-05", "10-20"), ledger=ledger)[0].coverage_end == day("10-25")


# -- letters that come back --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "returned", "settled", "end"),
    [
        (L2, "09-24", None, None),
        (L1, "09-10", None, None),
        (L2, "09-24", "09-28", "10-01"),  # settled in time: it moves nothing
        (L2, "09-24", "10-20", "10-20"),
        (L1, "10-01", "10-06", "10-06"),  # came back on the last day
        (L2, "10-02", None, "10-01"),  # came back after the end
        (L3, "10-01", None, "10-01"),
    ],
)
def test_coverage_does_not_end_while_a_warning_is_astray(
    kind: LetterKind, returned: str, settled: str | None, end: str | None
) -> None:
    def back(letter: Letter) -> Letter:
        if letter.kind is not kind:
            return letter
        return replace(letter, returned_on=day(returned), settled_on=day(settled) if settled else None)

    ledger = live(Ledger((SEPTEMBER,)), day("08-10"), day("09-30"), POLICY.billing, CALENDAR)
    ledger = replace(ledger, letters=tuple(back(letter) for letter in ledger.letters))
    ledger = live(ledger, day("10-01"), day("11-30"), POLICY.billing, CALENDAR)
    status = billing_status(ledger, day("11-30"), POLICY.billing, CALENDAR)
    assert status.coverage_end == (day(end) if end else None)
    assert (BillingFlag.NOTICE_RETURNED in status.flags) is (settled is None and kind is not L3)
    if end is None:
        assert (status.state, status.coverage_end_if_unpaid) == (S.TERM_PENDING, None)
        assert any("came back" in one.sentence for one in status.why)
    off = replace(POLICY.billing, returned_notice_holds_end=False)
    assert billing_status(ledger, day("11-30"), off, CALENDAR).coverage_end == day("10-01")


# -- returned payments, fees -------------------------------------------------------------------------


def test_a_letter_of_the_day_a_payment_came_back_counts_no_more() -> None:
    ledger = Ledger(
        (SEPTEMBER,),
        (Payment(day("08-28"), Decimal(1), day("09-02")),),
        letters=(Letter(L1, day("09-02"), "I-09"),),
    )
    status = billing_status(ledger, day("09-02"), POLICY.billing, CALENDAR)
    assert status.state is S.PAST_DUE
    assert status.next_letter is not None
    assert status.next_letter.mail_on == day("09-03")


def test_after_a_return_the_letter_goes_on_a_business_day_even_where_it_never_rolls() -> None:
    paid = (Payment(day("08-31"), Decimal(10_000), day("09-04")),)  # a Friday before Labor Day
    _, letters = lived("09-10", policy=POLICY.billing_of("EXCHANGE"), ledger=Ledger((SEPTEMBER,), paid))
    assert letters == [(L1, "09-08")]


def test_another_month_does_not_wait_for_a_grace_a_return_broke_off() -> None:
    """September's letter was broken off by a return and could not go again: it was paid before that, and
    October's went with no wait.
    """
    paid = (Payment(day("09-25"), Decimal(1), day("10-01")), Payment(day("10-06"), Decimal(10_000)))
    ledger = Ledger((SEPTEMBER, OCTOBER), paid, no_mail=((day("09-10"), day("10-05")),))
    _, letters = lived("10-09", ledger=ledger)
    assert letters == [(L1, "09-02"), (L1, "10-06")]


def test_another_month_does_not_wait_for_a_letter_that_need_not_have_gone() -> None:
    """September was paid in time, and that was recorded only later."""
    paid = (Payment(day("09-01"), Decimal(10_000)), Payment(day("10-05"), Decimal(1)))
    ledger = Ledger((SEPTEMBER, OCTOBER), paid, letters=(Letter(L1, day("09-02"), "I-09"),))
    status = billing_status(ledger, day("10-05"), POLICY.billing, CALENDAR)
    assert [(one.kind, one.invoice) for one in status.letters_due] == [(L1, "I-10")]


@pytest.mark.parametrize(("days", "restricted"), [(182, True), (183, True), (184, False)])
def test_certified_funds_after_two_returns_close_together(days: int, *, restricted: bool) -> None:
    first = date(2026, 1, 10)
    gone = (first, first + timedelta(days=days))
    ledger = Ledger(payments=tuple(Payment(one - timedelta(days=2), Decimal(5), one) for one in gone))
    until = certified_funds_until(ledger, gone[1], POLICY.billing)
    assert until == (gone[1] + timedelta(days=365) if restricted else None)


def test_fees_are_paid_only_by_what_is_marked_for_them() -> None:
    fees = (Fee(day("09-14"), Decimal(25)),)
    premium = Payment(day("09-20"), Decimal(12_000))
    for_fee = Payment(day("09-21"), Decimal(25), returned_on=day("10-02"), for_fees=True)
    ledger = Ledger((SEPTEMBER,), (premium, for_fee), fees=fees)
    for on, left in (("09-13", 0), ("09-20", 25), ("09-21", 0), ("10-01", 0), ("10-02", 25)):
        assert open_fees(ledger, day(on)) == left
        status = billing_status(ledger, day(on), POLICY.billing, CALENDAR)
        assert status.open_fees == left
        assert status.standing.credit == (2_000 if day(on) >= day("09-20") else 0)
