"""Money, cycles, proration, aging, and what holds for every ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.billing_words import (
    BillingCycle,
    DelinquencyState,
    InvoiceStatus,
    LetterKind,
    Proration,
)
from backend.billing import rules
from backend.billing.delinquency import billing_status, reinstatement_refused
from backend.billing.ledger import (
    Credit,
    Invoice,
    Ledger,
    Letter,
    Payment,
    Reinstatement,
    paid_dates,
    standing,
)
from backend.billing.trial import known
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
D = Decimal


@pytest.mark.parametrize(
    ("cycle", "bill", "due"),
    [
        ("C0", "2026-08-15", "2026-08-31"),
        ("C1", "2026-08-10", "2026-09-01"),
        ("C2", "2026-08-14", "2026-09-05"),
        ("C3", "2026-08-19", "2026-09-10"),
        ("C4", "2026-08-24", "2026-09-15"),
    ],
)
def test_cycles(cycle: str, bill: str, due: str) -> None:
    dates = rules.invoice_dates(BillingCycle(cycle), date(2026, 9, 1), POLICY.billing)
    assert [day.isoformat() for day in dates] == [bill, due]


def test_cycle_across_the_year() -> None:
    dates = rules.invoice_dates(BillingCycle.C0, date(2027, 1, 1), POLICY.billing)
    assert dates == (date(2026, 12, 15), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "91+"), (4000, "91+")],
)  # fmt: skip
def test_buckets(days: int, bucket: str) -> None:
    assert rules.bucket(days) == bucket


@pytest.mark.parametrize(
    ("rate", "month", "start", "end", "method", "amount"),
    [
        ("450.00", "2026-09-01", "2026-09-19", None, Proration.DAILY, "180.00"),
        ("450.00", "2026-10-01", None, "2026-10-17", Proration.DAILY, "246.77"),
        ("812.37", "2026-10-01", None, "2026-10-20", Proration.DAILY, "524.11"),
        ("450.00", "2026-09-01", "2026-09-30", None, Proration.FULL_MONTH, "450.00"),
        ("450.00", "2026-09-01", None, "2026-09-01", Proration.FULL_MONTH, "450.00"),
        ("450.00", "2026-09-01", None, "2026-08-31", Proration.FULL_MONTH, "0.00"),
        ("450.00", "2026-09-01", "2026-09-15", None, Proration.MID_MONTH, "450.00"),
        ("450.00", "2026-09-01", "2026-09-16", None, Proration.MID_MONTH, "0.00"),
        ("450.00", "2026-09-01", "2026-08-20", None, Proration.MID_MONTH, "450.00"),
        ("450.00", "2026-09-01", "2026-10-01", None, Proration.DAILY, "0.00"),
        ("450.00", "2026-02-01", None, None, Proration.DAILY, "450.00"),
    ],
)
def test_proration(
    rate: str, month: str, start: str | None, end: str | None, method: Proration, amount: str
) -> None:
    found = rules.prorated(
        D(rate),
        date.fromisoformat(month),
        method,
        POLICY.billing,
        starts_on=date.fromisoformat(start) if start else None,
        ends_on=date.fromisoformat(end) if end else None,
    )
    assert str(found) == amount


@pytest.mark.parametrize(
    ("raw", "amount"), [("0.005", "0.01"), ("0.0049", "0.00"), ("1.015", "1.02"), ("-0.005", "-0.01")]
)
def test_cents_are_half_up(raw: str, amount: str) -> None:
    assert str(rules.cents(D(raw))) == amount


def test_dollars_as_said() -> None:
    assert rules.dollars(D(10000)) == "10,000.00"


def month(number: int) -> date:
    return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def invoice(number: int, premium: Decimal = D(1000)) -> Invoice:
    bill, due = rules.invoice_dates(BillingCycle.C1, month(number), POLICY.billing)
    return Invoice(f"I-{number}", month(number), bill, due, premium)


def test_oldest_premium_first_and_statuses() -> None:
    void = replace(invoice(4), void=True)
    ledger = Ledger(
        [invoice(3), void, invoice(2), invoice(1), invoice(5)], [Payment(date(2026, 1, 1), D(1400))]
    )
    now = standing(ledger, date(2026, 4, 10), POLICY.billing)
    assert [one.open for one in now.invoices] == [0, 600, 1000, 0, 1000]
    assert [one.status for one in now.invoices] == [
        InvoiceStatus.PAID,
        InvoiceStatus.PAST_DUE,
        InvoiceStatus.PAST_DUE,
        InvoiceStatus.VOID,
        InvoiceStatus.ISSUED,
    ]
    assert now.not_due_yet == D(1000)
    assert now.aging == {"61-90": D(600), "31-60": D(1000), "current": D(1000)}


def test_an_invoice_not_billed_yet_is_not_there() -> None:
    ledger = Ledger([invoice(9)], [Payment(date(2026, 8, 1), D(400))])
    assert standing(ledger, date(2026, 8, 9), POLICY.billing).credit == D(400)
    (partly,) = standing(ledger, date(2026, 8, 10), POLICY.billing).invoices
    assert partly.status is InvoiceStatus.PARTIAL


def test_a_reversed_payment_counts_until_it_is_taken_back() -> None:
    payment = Payment(date(2026, 8, 20), D(1000), reversed_on=date(2026, 9, 10))
    ledger = Ledger([invoice(9)], [payment])
    assert standing(ledger, date(2026, 9, 9), POLICY.billing).open_premium == 0
    status = billing_status(ledger, date(2026, 9, 10), POLICY.billing, CALENDAR)
    assert status.state is DelinquencyState.PAST_DUE
    assert status.next_letter is not None
    assert status.next_letter.mail_on == date(2026, 9, 11)


def test_a_letter_of_the_day_a_payment_came_back_counts_no_more() -> None:
    ledger = Ledger([invoice(9)], [Payment(date(2026, 8, 20), D(100), date(2026, 9, 2))], letters=LETTERS)
    status = billing_status(ledger, date(2026, 10, 5), POLICY.billing, CALENDAR)
    assert status.state is DelinquencyState.PAST_DUE
    assert [one.kind for one in status.letters_due] == [LetterKind.L1]


CONTRACT = date(2026, 1, 1)
LETTERS = [Letter(LetterKind.L1, date(2026, 9, 2), "I-9"), Letter(LetterKind.L2, date(2026, 9, 16), "I-9")]
ENDED = Ledger([invoice(9), invoice(10)], [Payment(date(2026, 10, 12), D(2000))], letters=LETTERS)


@pytest.mark.parametrize(
    ("ledger", "asked", "words"),
    [
        (ENDED, "2026-10-13", None),
        (ENDED, "2026-10-31", None),
        (replace(ENDED, invoices=[*ENDED.invoices, invoice(11)]), "2026-10-13", None),  # November is not due
        (ENDED, "2026-11-01", "more than 30 days"),
        (ENDED, "2026-10-11", "2,000.00 of premium"),
        (
            replace(ENDED, payments=[Payment(date(2026, 10, 12), D("1032.26"))]),
            "2026-10-13",
            "967.74 of premium",
        ),
        (ENDED, "2026-09-30", "did not end"),
        (
            replace(ENDED, reinstatements=[Reinstatement(date(2026, 3, 1), date(2026, 3, 2))]),
            "2026-10-13",
            "before in this contract year",
        ),
        (
            replace(ENDED, reinstatements=[Reinstatement(date(2025, 12, 1), date(2025, 12, 2))]),
            "2026-10-13",
            None,
        ),
    ],
)
def test_reinstatement(ledger: Ledger, asked: str, words: str | None) -> None:
    refusal = reinstatement_refused(
        ledger, date.fromisoformat(asked), POLICY.billing, CALENDAR, contract_from=CONTRACT
    )
    assert (refusal is None) is (words is None)
    assert refusal is None or (words is not None and words in refusal.sentence)


@pytest.mark.parametrize(("approved", "refused"), [("2025-10-13", False), ("2025-10-14", True)])
def test_with_no_contract_year_known_the_last_12_months_count(approved: str, *, refused: bool) -> None:
    day = date.fromisoformat(approved)
    ledger = replace(ENDED, reinstatements=[Reinstatement(day, day)])
    refusal = reinstatement_refused(ledger, date(2026, 10, 13), POLICY.billing, CALENDAR)
    assert (refusal is not None and "in the last 12 months" in refusal.sentence) is refused


AMOUNTS = st.integers(1, 300_000).map(lambda cents: D(cents) / 100)
DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
PAYMENTS = st.builds(
    lambda on, amount, gone: Payment(on, amount, on + timedelta(days=gone) if gone else None),
    DAYS,
    AMOUNTS,
    st.sampled_from([0, 0, 0, 3, 40]),
)
LEDGERS = st.builds(
    lambda premiums, payments, given: Ledger(
        [invoice(number, premium) for number, premium in enumerate(premiums, 1)], payments, given
    ),
    st.lists(AMOUNTS, min_size=1, max_size=6),
    st.lists(PAYMENTS, max_size=8),
    st.lists(st.builds(Credit, DAYS, AMOUNTS), max_size=3),
)


@given(LEDGERS, DAYS)
def test_money_is_conserved(ledger: Ledger, on: date) -> None:
    now = standing(ledger, on, POLICY.billing)
    billed = sum(one.billed for one in now.invoices)
    applied = sum(one.billed - one.open for one in now.invoices)
    received = sum(
        one.amount
        for one in ledger.payments
        if one.received_on <= on and not (one.gone_on and one.gone_on <= on)
    ) + sum(one.amount for one in ledger.credits if one.posted_on <= on)
    assert now.open_premium + applied == billed
    assert applied + now.credit == received
    assert sum(now.aging.values()) == now.open_premium
    paid_in_full = [not one.open for one in now.invoices]
    assert paid_in_full == sorted(paid_in_full, reverse=True)
    assert not now.credit or not now.open_premium


def test_an_invoice_is_paid_on_the_day_its_last_cent_came_by_money_that_still_counts() -> None:
    months = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    ledger = Ledger(
        invoices=[Invoice(f"I-{one.month}", one, one - timedelta(days=20), one, D(1000)) for one in months],
        payments=[
            Payment(date(2026, 8, 28), D(1000), reversed_on=date(2026, 9, 3)),
            Payment(date(2026, 9, 7), D(1500)),
            Payment(date(2026, 10, 19), D(600)),
        ],
    )
    now = standing(ledger, date(2026, 11, 20), POLICY.billing)
    assert paid_dates(ledger, now) == {"I-9": date(2026, 9, 7), "I-10": date(2026, 10, 19)}


@given(LEDGERS, DAYS)
def test_every_invoice_without_open_premium_has_the_day_it_was_paid(ledger: Ledger, on: date) -> None:
    now = standing(ledger, on, POLICY.billing)
    paid = paid_dates(ledger, now)
    assert set(paid) == {one.invoice.number for one in now.invoices if one.billed and not one.open}
    assert all(day <= on for day in paid.values())


def mailed_daily(ledger: Ledger, until: date) -> Ledger:
    today = date(2026, 1, 1)
    while today <= until:
        due = billing_status(ledger, today, POLICY.billing, CALENDAR).letters_due
        letters = [Letter(one.kind, today, one.invoice) for one in due]
        ledger = replace(ledger, letters=[*ledger.letters, *letters])
        today += timedelta(days=1)
    return ledger


@given(LEDGERS)
def test_coverage_never_ends_before_30_days_of_grace_and_10_days_of_notice(ledger: Ledger) -> None:
    until = date(2026, 8, 1)
    ledger = mailed_daily(ledger, until)
    status = billing_status(ledger, until, POLICY.billing, CALENDAR)
    if status.coverage_end is None:
        return
    before = [one for one in ledger.letters if one.mailed_on <= status.coverage_end]
    l1 = max(one.mailed_on for one in before if one.kind is LetterKind.L1)
    l2 = max(one.mailed_on for one in before if one.kind is LetterKind.L2)
    assert status.coverage_end >= l1 + timedelta(days=29)
    assert status.coverage_end >= l2 + timedelta(days=10)
    assert l1 < l2
    on_the_last_day = billing_status(ledger, status.coverage_end, POLICY.billing, CALENDAR)
    assert on_the_last_day.state is DelinquencyState.TERM_PENDING
    assert on_the_last_day.keep_coverage_by == status.coverage_end
    saved = Payment(status.coverage_end, on_the_last_day.keep_coverage_amount)
    cured = billing_status(
        replace(ledger, payments=[*ledger.payments, saved]), until, POLICY.billing, CALENDAR
    )
    assert cured.coverage_end is None or cured.coverage_end > status.coverage_end


@given(LEDGERS, DAYS)
def test_the_future_changes_nothing(ledger: Ledger, on: date) -> None:
    status = billing_status(ledger, on, POLICY.billing, CALENDAR)
    then = billing_status(known(ledger, on), on, POLICY.billing, CALENDAR)
    assert status == then
    assert status.why == then.why
