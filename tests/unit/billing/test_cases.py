"""The plan's worked cases of delinquency, run day by day with a mail room that mails what is due."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from api_client.types.words import DelinquencyState, LetterKind, PromiseState
from backend.billing.delinquency import BillingStatus, billing_status
from backend.billing.ledger import Credit, Fee, Invoice, Ledger, Letter, Payment, Promise, Reinstatement
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
S = DelinquencyState
L1, L2, L3 = LetterKind.L1, LetterKind.L2, LetterKind.L3


def day(text: str) -> date:
    return date.fromisoformat(text)


def invoice(month: str, due: str, amount: int = 10_000) -> Invoice:
    due_date = day(due)
    return Invoice(f"I-{month}", day(f"{month}-01"), due_date - timedelta(days=20), due_date, Decimal(amount))


def paid(on: str, amount: int, returned: str | None = None) -> Payment:
    return Payment(day(on), Decimal(amount), day(returned) if returned else None)


SEPTEMBER = invoice("2026-09", "2026-09-01")
OCTOBER = invoice("2026-10", "2026-10-01")
JANUARY = invoice("2027-01", "2027-01-01", 5_000)
FEBRUARY = invoice("2027-02", "2027-02-01", 5_000)
FEE = Fee(day("2026-09-14"), Decimal(25))


@dataclass(frozen=True)
class Run:
    """A ledger, days on which no mail can go, and what must stand there at the end of `today`."""

    name: str
    today: str
    state: DelinquencyState
    invoices: tuple[Invoice, ...] = (SEPTEMBER,)
    payments: tuple[Payment, ...] = ()
    credits: tuple[Credit, ...] = ()
    fees: tuple[Fee, ...] = ()
    promises: tuple[Promise, ...] = ()
    reinstatements: tuple[Reinstatement, ...] = ()
    no_mail: tuple[str, str] | None = None
    variant: str = ""
    mailed: list[tuple[LetterKind, str]] = field(default_factory=list)
    next_letter: tuple[LetterKind, str] | None = None
    latest_l3: str | None = None
    ended: str | None = None
    ends_if_unpaid: str | None = None
    days: int = 0
    bucket: str = "current"
    owed: int = 0
    fees_open: int = 0

    @property
    def ledger(self) -> Ledger:
        return Ledger(
            self.invoices,
            self.payments,
            self.credits,
            self.fees,
            promises=self.promises,
            reinstatements=self.reinstatements,
        )


def run(case: Run, ledger: Ledger, until: date) -> tuple[Ledger, BillingStatus]:
    """Each day what is due that day is mailed, unless no mail can go; then the day's status."""
    policy = POLICY.billing_of(case.variant)
    today = min(one.bill_date for one in ledger.invoices)
    while True:
        status = billing_status(ledger, today, policy, CALENDAR)
        stuck = case.no_mail is not None and day(case.no_mail[0]) <= today <= day(case.no_mail[1])
        if status.letters_due and not stuck:
            letters = tuple(Letter(one.kind, today, one.invoice) for one in status.letters_due)
            ledger = replace(ledger, letters=(*ledger.letters, *letters))
            status = billing_status(ledger, today, policy, CALENDAR)
            assert not status.letters_due, "a letter is mailed once"
        if today == until:
            return ledger, status
        today += timedelta(days=1)


CASES = [
    Run("1 paid early", "2026-09-02", S.CURRENT, payments=(paid("2026-08-28", 10_000),)),
    Run("2 due today", "2026-09-01", S.CURRENT),
    Run(
        "3 day after", "2026-09-02", S.GRACE, mailed=[(L1, "2026-09-02")], next_letter=(L2, "2026-09-16"),
        ends_if_unpaid="2026-10-01", days=1, bucket="1-30", owed=10_000,
    ),
    Run(
        "4 part payment moves no date", "2026-09-16", S.TERM_PENDING, payments=(paid("2026-09-08", 6_000),),
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-16")], next_letter=(L3, "2026-10-02"),
        ends_if_unpaid="2026-10-01", days=15, bucket="1-30", owed=4_000,
    ),
    Run(
        "5 paid on the last day", "2026-10-01", S.CURRENT, payments=(paid("2026-10-01", 10_000),),
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-16")],
    ),
    Run(
        "6 never paid", "2026-10-02", S.TERMINATED_NONPAY,
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-16"), (L3, "2026-10-02")],
        ended="2026-10-01", days=31, bucket="31-60", latest_l3="2026-10-06",
    ),
    Run(
        "7 due on the last day of the month before", "2026-10-01", S.TERMINATED_NONPAY,
        invoices=(invoice("2026-09", "2026-08-31"),),
        mailed=[(L1, "2026-09-01"), (L2, "2026-09-15"), (L3, "2026-10-01")],
        ended="2026-09-30", days=31, bucket="31-60", latest_l3="2026-10-05",
    ),
    Run(
        "8 due before the month: no letter yet", "2026-08-25", S.PAST_DUE,
        invoices=(invoice("2026-09", "2026-08-20"),), next_letter=(L1, "2026-09-01"),
        ends_if_unpaid="2026-09-30", days=5, bucket="1-30", owed=10_000,
    ),
    Run(
        "9 due on a Sunday", "2026-12-03", S.TERMINATED_NONPAY,
        invoices=(invoice("2026-11", "2026-11-01", 8_000),),
        mailed=[(L1, "2026-11-02"), (L2, "2026-11-16"), (L3, "2026-12-02")],
        ended="2026-12-01", days=32, bucket="31-60", latest_l3="2026-12-04",
    ),
    Run(
        "10 due on a holiday", "2027-01-20", S.TERM_PENDING, invoices=(JANUARY,),
        mailed=[(L1, "2027-01-04"), (L2, "2027-01-19")], next_letter=(L3, "2027-02-03"),
        latest_l3="2027-02-05", ends_if_unpaid="2027-02-02", days=19, bucket="1-30", owed=5_000,
    ),
    Run(
        "11 check returned", "2026-09-15", S.GRACE, payments=(paid("2026-09-01", 10_000, "2026-09-14"),),
        fees=(FEE,), mailed=[(L1, "2026-09-15")], next_letter=(L2, "2026-09-29"),
        ends_if_unpaid="2026-10-14", days=14, bucket="1-30", owed=10_000, fees_open=25,
    ),
    Run(
        "12 paid again, the fee not", "2026-10-15", S.CURRENT,
        payments=(paid("2026-09-01", 10_000, "2026-09-14"), paid("2026-10-05", 10_000)),
        fees=(FEE,), mailed=[(L1, "2026-09-15"), (L2, "2026-09-29")], fees_open=25,
    ),
    Run(
        "13 returned again", "2026-12-11", S.GRACE,
        payments=(paid("2026-09-01", 10_000, "2026-09-14"), paid("2026-10-05", 10_000, "2026-12-10")),
        fees=(FEE, Fee(day("2026-12-10"), Decimal(25))),
        mailed=[
            (L1, "2026-09-15"), (L2, "2026-09-29"), (L1, "2026-12-11"),
            (LetterKind.RETURNED_PAYMENT, "2026-12-11"),
        ],
        next_letter=(L2, "2026-12-28"), ends_if_unpaid="2027-01-09", days=101, bucket="91+", owed=10_000,
        fees_open=50,
    ),
    Run(
        "14 a member had left", "2026-09-11", S.CURRENT, payments=(paid("2026-09-01", 9_550),),
        credits=(Credit(day("2026-09-10"), Decimal(450)),), mailed=[(L1, "2026-09-02")],
    ),
    Run(
        "15 promise broken", "2026-09-26", S.TERM_PENDING,
        promises=(Promise(day("2026-09-10"), day("2026-09-25"), Decimal(10_000)),),
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-16")], next_letter=(L3, "2026-10-02"),
        ends_if_unpaid="2026-10-01", days=25, bucket="1-30", owed=10_000,
    ),
    Run(
        "16 reinstated", "2026-10-13", S.CURRENT, invoices=(SEPTEMBER, OCTOBER),
        payments=(paid("2026-10-12", 20_000),),
        reinstatements=(Reinstatement(day("2026-10-13"), day("2026-10-13")),),
        mailed=[
            (L1, "2026-09-02"), (L2, "2026-09-16"), (L3, "2026-10-02"),
            (LetterKind.REINSTATEMENT, "2026-10-13"),
        ],
    ),
    Run(
        "17 cured, and the next month open", "2026-10-02", S.GRACE, invoices=(SEPTEMBER, OCTOBER),
        payments=(paid("2026-09-30", 10_000),),
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-16"), (L1, "2026-10-02")], next_letter=(L2, "2026-10-16"),
        ends_if_unpaid="2026-10-31", days=1, bucket="1-30", owed=10_000,
    ),
    Run(
        "18 within the tolerance", "2026-09-02", S.CURRENT, variant="EXCHANGE",
        invoices=(invoice("2026-09", "2026-08-31"),), payments=(paid("2026-08-31", 9_920),),
    ),
    Run(
        "19 L1 late", "2026-10-02", S.TERM_PENDING, no_mail=("2026-09-02", "2026-09-08"),
        mailed=[(L1, "2026-09-09"), (L2, "2026-09-23")], next_letter=(L3, "2026-10-09"),
        ends_if_unpaid="2026-10-08", days=31, bucket="31-60", owed=10_000,
    ),
    Run(
        "20 February", "2026-02-17", S.TERM_PENDING, invoices=(invoice("2026-02", "2026-02-01", 5_000),),
        mailed=[(L1, "2026-02-02"), (L2, "2026-02-17")], next_letter=(L3, "2026-03-04"),
        latest_l3="2026-03-06", ends_if_unpaid="2026-03-03", days=16, bucket="1-30", owed=5_000,
    ),
    Run(
        "21 L2 late", "2026-10-02", S.TERM_PENDING, no_mail=("2026-09-16", "2026-09-28"),
        mailed=[(L1, "2026-09-02"), (L2, "2026-09-29")], latest_l3="2026-10-14",
        ends_if_unpaid="2026-10-09", days=31, bucket="31-60", owed=10_000,
    ),
    Run(
        "22 the next month's letter waits", "2027-02-02", S.TERM_PENDING, invoices=(JANUARY, FEBRUARY),
        mailed=[(L1, "2027-01-04"), (L2, "2027-01-19")], next_letter=(L3, "2027-02-03"),
        ends_if_unpaid="2027-02-02", days=32, bucket="31-60", owed=5_000,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_worked_case(case: Run) -> None:
    ledger, status = run(case, case.ledger, day(case.today))
    assert status.state is case.state
    assert [(one.kind, one.mailed_on.isoformat()) for one in ledger.letters] == case.mailed
    assert status.days_past_due == case.days
    assert status.bucket == case.bucket
    assert status.keep_coverage_amount == case.owed
    assert status.open_fees == case.fees_open
    assert status.coverage_end == (day(case.ended) if case.ended else None)
    assert status.coverage_end_if_unpaid == (day(case.ends_if_unpaid) if case.ends_if_unpaid else None)
    assert status.keep_coverage_by == status.coverage_end_if_unpaid
    assert status.why
    assert all(one.sentence.endswith(".") and one.rule for one in status.why)
    if case.next_letter:
        assert status.next_letter is not None
        assert (status.next_letter.kind, status.next_letter.mail_on.isoformat()) == case.next_letter
    if case.latest_l3 and case.state is S.TERM_PENDING:
        assert status.next_letter is not None
        assert status.next_letter.latest == day(case.latest_l3)


@pytest.mark.parametrize("case", [one for one in CASES if one.ended], ids=lambda case: case.name)
def test_latest_day_of_the_notice_of_end_of_coverage(case: Run) -> None:
    assert case.ended is not None
    assert case.latest_l3 is not None
    _, status = run(case, case.ledger, day(case.ended))
    assert status.next_letter is not None
    assert status.next_letter.kind is L3
    assert status.next_letter.latest == day(case.latest_l3)


def find(number: int) -> Run:
    return next(one for one in CASES if one.name.startswith(f"{number} "))


def test_case_3_letter_names_amount_and_last_day() -> None:
    status = billing_status(find(3).ledger, day("2026-09-02"), POLICY.billing, CALENDAR)
    (letter,) = status.letters_due
    assert (letter.kind, letter.amount, letter.ends_on) == (L1, Decimal(10_000), day("2026-10-01"))
    assert status.state is S.PAST_DUE


def test_case_4_termination_letter_names_the_balance_then() -> None:
    ledger, _ = run(find(4), find(4).ledger, day("2026-09-15"))
    (letter,) = billing_status(ledger, day("2026-09-16"), POLICY.billing, CALENDAR).letters_due
    assert (letter.kind, letter.amount, letter.ends_on) == (L2, Decimal(4_000), day("2026-10-01"))


def test_case_11_balance_counts_the_fee_but_coverage_does_not() -> None:
    _, status = run(find(11), find(11).ledger, day("2026-09-15"))
    assert status.balance == Decimal(10_025)
    assert status.keep_coverage_amount == Decimal(10_000)
    assert status.certified_funds_until is None


def test_case_13_certified_funds_for_a_year() -> None:
    _, status = run(find(13), find(13).ledger, day("2026-12-11"))
    assert status.certified_funds_until == day("2027-12-10")
    later = billing_status(find(13).ledger, day("2027-12-11"), POLICY.billing, CALENDAR)
    assert later.certified_funds_until is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-09-09", None), ("2026-09-25", PromiseState.OPEN), ("2026-09-26", PromiseState.BROKEN)],
)
def test_case_15_promise(today: str, expected: PromiseState | None) -> None:
    assert billing_status(find(15).ledger, day(today), POLICY.billing, CALENDAR).promise is expected


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
    case = find(16)
    ledger, status = run(case, case.ledger, day("2026-10-12"))
    assert status.state is S.TERMINATED_NONPAY
    # September in full and one covered day of October; the rest is credit until coverage is given back.
    assert [one.billed for one in status.standing.invoices] == [Decimal(10_000), Decimal("322.58")]
    assert status.standing.credit == Decimal("9677.42")
    later = billing_status(ledger, day("2026-10-13"), POLICY.billing, CALENDAR)
    assert later.reinstated_on == day("2026-10-13")
    assert later.standing.credit == 0
    assert later.standing.open_premium == 0


def test_case_18_the_rest_is_carried() -> None:
    _, status = run(find(18), find(18).ledger, day("2026-09-02"))
    assert status.standing.open_premium == Decimal(80)
    default = billing_status(find(18).ledger, day("2026-09-02"), POLICY.billing, CALENDAR)
    assert default.state is S.PAST_DUE


def test_case_22_the_second_letter_is_never_sent_when_coverage_ends() -> None:
    case = find(22)
    ledger, status = run(case, case.ledger, day("2027-03-15"))
    assert status.coverage_end == day("2027-02-02")
    assert [one.kind for one in ledger.letters] == [L1, L2, L3]
    assert {one.invoice for one in ledger.letters} == {JANUARY.number}
    # Two covered days of February: 5,000 x 2 / 28.
    assert status.standing.invoices[1].billed == Decimal("357.14")


def test_case_22_the_second_letter_goes_the_business_day_after_the_cure() -> None:
    case = replace(find(22), payments=(paid("2027-02-02", 5_000),))
    ledger, status = run(case, case.ledger, day("2027-02-03"))
    assert [(one.kind, one.mailed_on) for one in ledger.letters][-1] == (L1, day("2027-02-03"))
    assert status.state is S.GRACE
    assert status.coverage_end_if_unpaid == day("2027-03-04")


def test_payment_after_the_last_day_does_not_bring_coverage_back() -> None:
    case = replace(find(6), payments=(paid("2026-10-02", 10_000),))
    _, status = run(case, case.ledger, day("2026-10-05"))
    assert status.state is S.TERMINATED_NONPAY
    assert status.coverage_end == day("2026-10-01")
    assert status.days_past_due == 0


def test_without_a_termination_letter_coverage_does_not_end() -> None:
    ledger = replace(find(6).ledger, letters=(Letter(L1, day("2026-09-02"), SEPTEMBER.number),))
    status = billing_status(ledger, day("2026-12-01"), POLICY.billing, CALENDAR)
    assert status.state is S.GRACE
    assert status.coverage_end is None
    assert status.coverage_end_if_unpaid == day("2026-12-11")
    assert [one.kind for one in status.letters_due] == [L2]


def test_late_letter_goes_on_an_open_day() -> None:
    status = billing_status(find(6).ledger, day("2026-09-05"), POLICY.billing, CALENDAR)
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
    case = replace(find(6), variant="PLAIN")
    ledger, status = run(case, case.ledger, day("2026-10-30"))
    assert status.state is S.TERMINATED_NONPAY
    assert [one.kind for one in ledger.letters] == [L1, L2]


def test_bill_that_went_out_too_late_is_not_past_due() -> None:
    late_bill = replace(SEPTEMBER, bill_date=SEPTEMBER.due_date)
    status = billing_status(Ledger((late_bill,)), day("2026-09-20"), POLICY.billing, CALENDAR)
    assert status.state is S.CURRENT
    assert any("too late" in one.sentence for one in status.why)
