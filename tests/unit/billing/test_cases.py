"""What stands behind the plan's worked cases: the days before and after, and what is changed in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api_client.types.billing_words import BillingFlag, DelinquencyState, LetterKind, PromiseState
from backend.billing import explain_form
from backend.billing.delinquency import BillingStatus, billing_status
from backend.billing.ledger import Invoice, Ledger, Letter, Payment, Promise, Reinstatement
from backend.billing.trial import first_day, live
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from tests.billing_cases import CASES

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
S = DelinquencyState
L1, L2, L3 = LetterKind.L1, LetterKind.L2, LetterKind.L3


def day(text: str) -> date:
    return date.fromisoformat(text)


def paid(on: str, amount: int, returned: str | None = None) -> Payment:
    return Payment(day(on), Decimal(amount), day(returned) if returned else None)


def find(number: int, **changes: Any) -> Ledger:
    """The books of a worked case, before any letter."""
    case = next(one for one in CASES if one.number == number)
    form = explain_form.read(json.dumps(case.history).encode())
    return replace(form.ledger(POLICY.billing_of(case.history["policy"])), **changes)


def run(ledger: Ledger, until: date, variant: str = "") -> tuple[Ledger, BillingStatus]:
    """The ledger with its letters at the end of a day, and where it stands."""
    policy = POLICY.billing_of(variant)
    ledger = live(ledger, first_day(ledger) or until, until, policy, CALENDAR)
    return ledger, billing_status(ledger, until, policy, CALENDAR)


def invoice(month: str, due: str, amount: int = 10_000) -> Invoice:
    due_date = day(due)
    return Invoice(f"I-{month}", day(f"{month}-01"), due_date - timedelta(days=20), due_date, Decimal(amount))


SEPTEMBER = invoice("2026-09", "2026-09-01")


def test_case_3_letter_names_amount_and_last_day() -> None:
    status = billing_status(find(3), day("2026-09-02"), POLICY.billing, CALENDAR)
    (letter,) = status.letters_due
    assert (letter.kind, letter.amount, letter.ends_on) == (L1, Decimal(10_000), day("2026-10-01"))
    assert status.state is S.PAST_DUE


def test_case_4_termination_letter_names_the_balance_then() -> None:
    ledger, _ = run(find(4), day("2026-09-15"))
    (letter,) = billing_status(ledger, day("2026-09-16"), POLICY.billing, CALENDAR).letters_due
    assert (letter.kind, letter.amount, letter.ends_on) == (L2, Decimal(4_000), day("2026-10-01"))


def test_case_11_balance_counts_the_fee_but_coverage_does_not() -> None:
    _, status = run(find(11), day("2026-09-15"))
    assert status.balance == Decimal(10_025)
    assert status.keep_coverage_amount == Decimal(10_000)
    assert status.certified_funds_until is None


def test_case_13_certified_funds_for_a_year() -> None:
    _, status = run(find(13), day("2026-12-11"))
    assert status.certified_funds_until == day("2027-12-10")
    later = billing_status(find(13), day("2027-12-11"), POLICY.billing, CALENDAR)
    assert later.certified_funds_until is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-09-09", None), ("2026-09-25", PromiseState.OPEN), ("2026-09-26", PromiseState.BROKEN)],
)
def test_case_15_promise(today: str, expected: PromiseState | None) -> None:
    assert billing_status(find(15), day(today), POLICY.billing, CALENDAR).promise is expected


def test_promise_kept_counts_only_what_came_after_it_and_stayed() -> None:
    promise = Promise(day("2026-09-10"), day("2026-09-25"), Decimal(10_000))
    before = Ledger((SEPTEMBER,), (paid("2026-09-09", 10_000),), promises=(promise,))
    after = Ledger((SEPTEMBER,), (paid("2026-09-25", 10_000),), promises=(promise,))
    bounced = Ledger((SEPTEMBER,), (paid("2026-09-20", 10_000, "2026-09-28"),), promises=(promise,))
    today = day("2026-10-01")
    assert billing_status(before, today, POLICY.billing, CALENDAR).promise is PromiseState.BROKEN
    assert billing_status(after, today, POLICY.billing, CALENDAR).promise is PromiseState.KEPT
    assert billing_status(bounced, today, POLICY.billing, CALENDAR).promise is PromiseState.BROKEN


def test_case_16_before_and_after_approval() -> None:
    given_back = Reinstatement(day("2026-10-13"), day("2026-10-13"))
    ledger, status = run(find(16, reinstatements=(given_back,)), day("2026-10-12"))
    assert status.state is S.TERMINATED_NONPAY
    # September in full and one covered day of October; the rest is credit until coverage is given back.
    assert [one.billed for one in status.standing.invoices] == [Decimal(10_000), Decimal("322.58")]
    assert status.standing.credit == Decimal("9677.42")
    later = billing_status(ledger, day("2026-10-13"), POLICY.billing, CALENDAR)
    assert later.reinstated_on == day("2026-10-13")
    assert later.standing.credit == 0
    assert later.standing.open_premium == 0


@pytest.mark.parametrize(("today", "flagged"), [("2027-10-12", True), ("2027-10-13", False)])
def test_case_16_is_flagged_while_another_one_would_be_refused(today: str, *, flagged: bool) -> None:
    given_back = Reinstatement(day("2026-10-13"), day("2026-10-13"))
    _, status = run(find(16, reinstatements=(given_back,)), day(today))
    assert status.flags == ((BillingFlag.REINSTATED,) if flagged else ())


def test_case_18_the_rest_is_carried() -> None:
    _, status = run(find(18), day("2026-09-02"), "EXCHANGE")
    assert status.standing.open_premium == Decimal(80)
    default = billing_status(find(18), day("2026-09-02"), POLICY.billing, CALENDAR)
    assert default.state is S.PAST_DUE


def test_case_22_the_second_letter_is_never_sent_when_coverage_ends() -> None:
    ledger, status = run(find(22), day("2027-03-15"))
    assert status.coverage_end == day("2027-02-02")
    assert [one.kind for one in ledger.letters] == [L1, L2, L3]
    assert {one.invoice for one in ledger.letters} == {"2027-01"}
    # Two covered days of February: 5,000 x 2 / 28.
    assert status.standing.invoices[1].billed == Decimal("357.14")


def test_case_22_the_second_letter_goes_the_business_day_after_the_cure() -> None:
    case = find(22, payments=(paid("2027-02-02", 5_000),))
    ledger, status = run(case, day("2027-02-03"))
    assert [(one.kind, one.mailed_on) for one in ledger.letters][-1] == (L1, day("2027-02-03"))
    assert status.state is S.GRACE
    assert status.coverage_end_if_unpaid == day("2027-03-04")


def test_payment_after_the_last_day_does_not_bring_coverage_back() -> None:
    case = find(6, payments=(paid("2026-10-02", 10_000),))
    _, status = run(case, day("2026-10-05"))
    assert status.state is S.TERMINATED_NONPAY
    assert status.coverage_end == day("2026-10-01")
    assert status.days_past_due == 0


def test_without_a_termination_letter_coverage_does_not_end() -> None:
    ledger = replace(find(6), letters=(Letter(L1, day("2026-09-02"), "2026-09"),))
    status = billing_status(ledger, day("2026-12-01"), POLICY.billing, CALENDAR)
    assert status.state is S.GRACE
    assert status.coverage_end is None
    assert status.coverage_end_if_unpaid == day("2026-12-11")
    assert [one.kind for one in status.letters_due] == [L2]


def test_late_letter_goes_on_an_open_day() -> None:
    status = billing_status(find(6), day("2026-09-05"), POLICY.billing, CALENDAR)
    assert status.letters_due == ()
    assert status.next_letter is not None
    assert status.next_letter.mail_on == day("2026-09-08")  # after the weekend and Labor Day


def test_exchange_letter_goes_the_day_after_due_even_on_a_saturday() -> None:
    ledger = Ledger((invoice("2026-08", "2026-07-31"),))
    exchange = POLICY.billing_of("EXCHANGE")
    assert [
        one.kind for one in billing_status(ledger, day("2026-08-01"), exchange, CALENDAR).letters_due
    ] == [L1]
    assert billing_status(ledger, day("2026-08-01"), POLICY.billing, CALENDAR).letters_due == ()


def test_plain_policy_has_no_third_letter() -> None:
    ledger, status = run(find(6), day("2026-10-30"), "PLAIN")
    assert status.state is S.TERMINATED_NONPAY
    assert [one.kind for one in ledger.letters] == [L1, L2]


def test_bill_that_went_out_too_late_is_not_past_due() -> None:
    late_bill = replace(SEPTEMBER, bill_date=SEPTEMBER.due_date)
    status = billing_status(Ledger((late_bill,)), day("2026-09-20"), POLICY.billing, CALENDAR)
    assert status.state is S.CURRENT
    assert any("too late" in one.sentence for one in status.why)
