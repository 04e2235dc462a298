"""Days lived by the rules: jumping and walking end the same, what-if comes true, and no cent is lost."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_client.types.billing_words import DateAbout, DelinquencyState, LetterKind
from backend.billing import explain_form
from backend.billing.delinquency import billing_status
from backend.billing.ledger import Ledger, Letter, Payment, open_fees, standing
from backend.billing.timeline import Entry, letter_entry, months, timeline, to_come
from backend.billing.trial import first_day, known, live
from backend.billing.what_if import course
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.policy.premium import BillingPolicy
from tests.billing_cases import CASES
from tests.billing_oracle.histories import random_history

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
_DAY = timedelta(days=1)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
SEEDS = st.integers(0, 2**32)


def random_ledger(seed: int) -> tuple[Ledger, BillingPolicy, date]:
    """A group with what can happen to it, the rules it is under, and a day."""
    history, today = random_history(random.Random(seed))
    policy = POLICY.billing_of(history["policy"])
    return explain_form.read(json.dumps(history).encode()).ledger(policy), policy, date.fromisoformat(today)


def walked(ledger: Ledger, since: date, until: date, policy: BillingPolicy) -> Ledger:
    """Every single day, its letters mailed at its end."""
    on = since
    while on <= until:
        for due in billing_status(ledger, on, policy, CALENDAR).letters_due:
            letter = Letter(due.kind, on, due.invoice, amount=due.amount or None)
            ledger = replace(ledger, letters=(*ledger.letters, letter))
        on += _DAY
    return ledger


@given(SEEDS)
@settings(max_examples=25)
def test_jumping_from_day_to_day_is_living_every_day(seed: int) -> None:
    ledger, policy, until = random_ledger(seed)
    since = first_day(ledger) or until
    assert live(ledger, since, until, policy, CALENDAR) == walked(ledger, since, until, policy)


@given(SEEDS, st.integers(0, 60), st.integers(1, 3_000_000), st.booleans())
@settings(max_examples=25)
def test_what_if_is_what_then_happens(seed: int, days: int, cents: int, pays: bool) -> None:
    ledger, policy, today = random_ledger(seed)
    ledger = known(live(ledger, first_day(ledger) or today, today, policy, CALENDAR), today)
    on, amount = today + timedelta(days=days), Decimal(cents) / 100
    asked = course(ledger, today, on, amount if pays else None, policy, CALENDAR)
    if pays:
        ledger = replace(ledger, payments=(*ledger.payments, Payment(on, amount)))
    then = walked(ledger, today, on, policy)
    status = billing_status(then, on, policy, CALENDAR)
    assert (asked.state, asked.credit) == (status.state, status.standing.credit)
    assert asked.keep_coverage_amount == status.keep_coverage_amount
    assert asked.keep_coverage_by == status.keep_coverage_by
    later = walked(then, on + _DAY, on + timedelta(days=150), policy)
    ended = billing_status(later, on + timedelta(days=150), policy, CALENDAR).coverage_end
    soon = on + timedelta(days=149)
    assert (asked.coverage_end if asked.coverage_end and asked.coverage_end <= soon else None) == ended
    said = [
        (one.on, one.about)
        for one in asked.to_come
        if one.about.value in ("L1", "L2", "L3") and one.on <= soon
    ]
    mailed = [
        (one.mailed_on, one.kind.value) for one in later.letters[len(ledger.letters) :]
        if one.kind.value in ("L1", "L2", "L3") and on <= one.mailed_on <= soon
    ]  # fmt: skip
    assert [(day, about.value) for day, about in said] == mailed


def test_a_payment_of_yesterday_is_not_thought_of() -> None:
    today = date(2026, 9, 2)
    with pytest.raises(ValueError, match="today or later"):
        course(Ledger(), today, today - _DAY, Decimal(1), POLICY.billing, CALENDAR)


def shown(entries: list[Entry]) -> list[str]:
    return [f"{one.on:%m-%d} {one.about} {one.words}{' ...' if one.to_come else ''}" for one in entries]


def test_the_timeline_tells_what_was_and_what_follows() -> None:
    case = next(one for one in CASES if one.number == 4)
    history = case.history | {
        "promises": [{"made": "2026-09-10", "by": "2026-09-25", "amount": "4000.00"}],
        "holds": [{"from": "2026-09-12", "to": "2026-09-14", "kind": "dispute"}],
    }
    policy, today = POLICY.billing, date.fromisoformat(case.today)
    ledger = explain_form.read(json.dumps(history).encode()).ledger(policy)
    ledger = live(ledger, date(2026, 8, 1), today, policy, CALENDAR)
    entries = timeline(ledger, today, policy, CALENDAR)
    assert shown(entries) == [
        "08-10 bill bill for September 2026",
        "09-01 due premium for September 2026 due",
        "09-02 L1 warning letter L1 mailed",
        "09-08 payment payment received",
        "09-10 promise promise to pay by 2026-09-25 made",
        "09-12 hold hold (dispute) begins",
        "09-14 hold hold (dispute) ends",
        "09-16 L2 termination letter L2 mailed",
        "09-25 promise promised payment is due ...",
        "10-01 end coverage ends ...",
        "10-02 L3 notice of end of coverage L3 goes ...",
    ]
    assert [one.amount for one in entries if one.about is DateAbout.L2] == [Decimal(4000)]
    explained = {why.about for why in billing_status(ledger, today, policy, CALENDAR).why}
    assert {one.about for one in entries if one.to_come} <= explained


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (LetterKind.L3, "notice of end of coverage L3 mailed"),
        (LetterKind.REINSTATEMENT, "reinstatement letter mailed"),
        (LetterKind.RETURNED_PAYMENT, "returned payment letter mailed"),
    ],
)
def test_only_letters_of_unpaid_premium_have_a_short_name(kind: LetterKind, words: str) -> None:
    assert letter_entry(Letter(kind, date(2026, 11, 20))).words == words


@pytest.mark.parametrize(
    ("paid", "words", "amount"),
    [
        (None, "premium for December 2026 due", "500.00"),
        ("200.00", "premium for December 2026 due", "300.00"),
        ("500.00", "premium for December 2026 due, paid", "500.00"),
    ],
)
def test_a_bill_to_come_says_what_is_still_open_of_it(paid: str | None, words: str, amount: str) -> None:
    payments = [{"received": "2026-11-12", "amount": paid, "returned": None}] if paid else []
    history = {
        "policy": "CA_GROUP_DMHC", "cycle": "C1", "paid_through": "2026-11-30", "payments": payments,
        "invoices": [{"month": "2026-12", "due": "2026-12-01", "premium": "500.00"}],
    }  # fmt: skip
    policy, today = POLICY.billing, date(2026, 11, 20)
    ledger = explain_form.read(json.dumps(history).encode()).ledger(policy)
    due = [one for one in to_come(ledger, today, policy, CALENDAR) if one.about is DateAbout.DUE]
    assert [(one.words, one.amount) for one in due] == [(words, Decimal(amount))]


@given(SEEDS)
@settings(max_examples=20)
def test_every_date_to_come_has_its_reason(seed: int) -> None:
    ledger, policy, today = random_ledger(seed)
    ledger = known(live(ledger, first_day(ledger) or today, today, policy, CALENDAR), today)
    entries = timeline(ledger, today, policy, CALENDAR)
    days = [one.on for one in entries if not one.to_come]
    assert days == sorted(days)
    assert all(day <= today for day in days)
    coming = to_come(ledger, today, policy, CALENDAR)
    assert [one.on for one in coming] == sorted(one.on for one in coming)
    assert all(one.on >= today for one in coming)
    status = billing_status(ledger, today, policy, CALENDAR)
    if status.state is DelinquencyState.CURRENT:
        return
    told = {(why.about, day) for why in status.why for day in ISO_DAY.findall(why.sentence)}
    rules = (DateAbout.L1, DateAbout.L2, DateAbout.END, DateAbout.L3, DateAbout.HOLD)
    assert {(one.about, one.on.isoformat()) for one in coming if one.about in rules} <= told


def test_months_tell_what_was_billed_and_the_balance_at_their_end() -> None:
    case = next(one for one in CASES if one.number == 17)
    ledger = explain_form.read(json.dumps(case.history).encode()).ledger(POLICY.billing)
    found = months(ledger, date(2026, 10, 2), POLICY.billing, CALENDAR)
    assert [(f"{one.month:%m}", one.billed, one.balance) for one in found] == [
        ("09", Decimal(10_000), Decimal(10_000)),  # October's bill, out since 09-10
        ("10", Decimal(10_000), Decimal(10_000)),
    ]
    later = months(ledger, date(2029, 1, 15), POLICY.billing, CALENDAR)
    assert (len(later), later[0].month, later[-1].month) == (24, date(2027, 2, 1), date(2029, 1, 1))
    assert months(Ledger(), date(2026, 9, 2), POLICY.billing, CALENDAR)[0].balance == 0


@given(SEEDS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 5_000)), max_size=4))
@settings(max_examples=60)
def test_no_cent_is_lost(seed: int, fee_payments: list[tuple[int, int]]) -> None:
    """Billed and fees = paid and credits applied + open - left over, and nothing is below zero."""
    ledger, policy, on = random_ledger(seed)
    start = first_day(ledger) or on
    for days, cents in fee_payments:  # never more than the fees that are open
        day = start + timedelta(days=days)
        amount = min(Decimal(cents) / 100, open_fees(ledger, day), open_fees(ledger, on))
        if amount:
            paid = Payment(day, amount, for_fees=True)
            ledger = replace(ledger, payments=[*ledger.payments, paid])
    now = standing(ledger, on, policy)
    billed = sum((one.billed for one in now.invoices), Decimal())
    fees = sum((one.amount for one in ledger.fees if one.charged_on <= on), Decimal())
    counted = [one for one in ledger.payments if one.counts(on)]
    for_fees = sum((one.amount for one in counted if one.for_fees), Decimal())
    premium = sum((one.amount for one in counted if not one.for_fees), Decimal())
    credited = sum((one.amount for one in ledger.credits if one.posted_on <= on), Decimal())
    still_open = now.open_premium + open_fees(ledger, on)
    assert billed + fees == premium + for_fees + credited + still_open - now.credit
    assert min([now.credit, open_fees(ledger, on), *(one.open for one in now.invoices)]) >= 0
    assert sum(now.aging.values()) == now.open_premium


def test_the_notice_of_end_to_come_asks_for_what_it_will_ask_for() -> None:
    history = {
        "policy": "CA_GROUP_DMHC", "cycle": "C1", "paid_through": "2026-10-31",
        "invoices": [
            {"month": "2026-11", "due": "2026-11-01", "premium": "3100.00"},
            {"month": "2026-12", "due": "2026-12-01", "premium": "3100.00"},
        ],
    }  # fmt: skip
    policy, today = POLICY.billing, date(2026, 11, 20)
    ledger = explain_form.read(json.dumps(history).encode()).ledger(policy)
    ledger = live(ledger, date(2026, 10, 1), today, policy, CALENDAR)
    following = billing_status(ledger, today, policy, CALENDAR).next_letter
    assert following is not None
    lived = live(ledger, today, date(2026, 12, 2), policy, CALENDAR)
    notice = lived.letters[-1]
    assert (notice.kind, notice.amount) == (LetterKind.L3, Decimal(3200))  # December 1 is covered
    assert (following.kind, following.amount) == (notice.kind, notice.amount)
