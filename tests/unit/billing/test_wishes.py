"""How a client wants to be billed: paper, and the cycle (R17, R23)."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from backend.billing import rules, wishes
from backend.policy.policy import load_policy

POLICY = load_policy()
PLAN = POLICY.billing
TODAY = date(2026, 11, 20)
CYCLES = st.sampled_from(PLAN.cycles_offered)


@pytest.mark.parametrize("before", list(BillPreference))
def test_r17_paper_is_added_or_taken_away_and_nothing_else(before: BillPreference) -> None:
    on = wishes.paper_bill_wish(before, on=True)
    assert on is (BillPreference.BOTH if before is BillPreference.PAPERLESS else before)
    assert wishes.paper_bill_wish(before, on=False) is BillPreference.PAPERLESS
    assert wishes.paper_bill_wish(on, on=True) is on
    (choice,) = wishes.paper_bill_choices(before)
    after = wishes.paper_bill_wish(before, on=choice.value == wishes.ON)
    assert after is not before  # what is offered changes something


@pytest.mark.parametrize(
    ("billed", "today", "month"),
    [
        ([], TODAY, date(2026, 11, 1)),
        ([date(2026, 12, 1), date(2026, 11, 1)], date(2026, 11, 12), date(2027, 1, 1)),
        ([date(2026, 3, 1)], TODAY, date(2026, 11, 1)),
        ([date(2026, 12, 1)], date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_r23_the_next_unbilled_month(billed: list[date], today: date, month: date) -> None:
    assert wishes.next_unbilled(billed, today) == month


@given(CYCLES, st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 3))
def test_r23_the_first_bill_of_a_cycle_is_ahead_and_no_month_is_skipped_without_need(
    cycle: BillingCycle, today: date, billed_ahead: int
) -> None:
    billed = [rules.month_start(today)]
    for _ in range(billed_ahead):
        billed.append(rules.month_end(billed[-1]) + timedelta(days=1))
    unbilled = wishes.next_unbilled(billed, today)
    month = wishes.first_month(cycle, unbilled, PLAN, today)
    bill_date, due_date = rules.invoice_dates(cycle, month, PLAN)
    assert month >= unbilled > billed[-1]
    assert today <= bill_date < due_date
    if month > unbilled:
        before = rules.month_start(month - timedelta(days=1))
        assert rules.invoice_dates(cycle, before, PLAN)[0] < today
    assert f"{month:%B %Y}" in wishes.cycle_words(cycle, month, PLAN, today)


def _account(**changes: Any) -> Any:
    values = {"state": "active", "ended_on": None, "employees": 40, "billing_cycle": "C1", "next_cycle": ""}
    return SimpleNamespace(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "state", "lead", "words"),
    [
        ({}, DelinquencyState.CURRENT, False, ""),
        ({"employees": 2}, DelinquencyState.CURRENT, False, ""),
        ({"employees": 50}, DelinquencyState.CURRENT, False, ""),
        ({"employees": 1}, DelinquencyState.CURRENT, True, "groups of 2 to 50; this one has 1"),
        ({"employees": 51}, DelinquencyState.CURRENT, True, "groups of 2 to 50; this one has 51"),
        ({"ended_on": date(2026, 11, 19)}, DelinquencyState.CURRENT, True, "ended on 2026-11-19"),
        ({}, DelinquencyState.PAST_DUE, False, "unless a lead allows"),
        ({}, DelinquencyState.GRACE, False, "unless a lead allows"),
        ({}, DelinquencyState.TERM_PENDING, False, "unless a lead allows"),
        ({}, DelinquencyState.PAST_DUE, True, ""),
        ({}, DelinquencyState.TERM_PENDING, True, ""),
        ({}, DelinquencyState.TERMINATED_NONPAY, True, "Coverage ended"),
    ],
)
def test_r23_who_may_ask_for_a_cycle(
    changes: dict[str, Any], state: DelinquencyState, lead: bool, words: str
) -> None:
    said = wishes.cycle_refused(_account(**changes), state, PLAN, TODAY, lead=lead)
    assert words in said
    assert bool(said) is bool(words)


def test_r23_the_exchange_sets_its_own_dates_and_the_present_cycle_takes_a_wish_back() -> None:
    exchange = POLICY.billing_of("EXCHANGE")
    refused = wishes.cycle_refused(_account(), DelinquencyState.CURRENT, exchange, TODAY, lead=True)
    assert refused.startswith("The exchange")
    unbilled = date(2027, 1, 1)
    offered = [one.value for one in wishes.cycle_choices(_account(), unbilled, PLAN, TODAY)]
    assert offered == ["C2", "C3", "C4"]
    asked = wishes.cycle_choices(_account(next_cycle="C3"), unbilled, PLAN, TODAY)
    assert [one.value for one in asked] == ["C1", "C2", "C4"]
    assert asked[0].will == "It stays at cycle C1."
