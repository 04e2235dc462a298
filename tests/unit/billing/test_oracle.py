"""Random histories of premium, held against a second opinion that shares no code with the backend."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from tests.billing_cases import CASES, BillingCase
from tests.billing_oracle.against import differences
from tests.billing_oracle.days import CLOSED
from tests.billing_oracle.opinion import answer

_SHARE = 250


@pytest.mark.parametrize("seed", range(20))
def test_random_histories_end_the_same(seed: int) -> None:
    assert differences(seed, _SHARE) == []


def _whole(case: BillingCase) -> dict[str, object]:
    lists = ("payments", "credits", "promises", "letters_stopped", "holds", "reinstatement_requests")
    return {"paid_through": None} | {name: [] for name in lists} | case.history


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.name}")
def test_the_second_opinion_has_the_worked_cases_right(case: BillingCase) -> None:
    found = answer(_whole(case), case.today)
    assert found["state"] == case.state
    assert found["letters"] == list(case.letters)
    assert found["flags"] == sorted(case.flags)
    assert (found["coverage_end"], found["coverage_end_if_unpaid"]) == (case.ended, case.ends_if_unpaid)
    assert found["open_premium"] == case.open_premium
    if case.next_letter is not None:
        assert found["next"] == case.next_letter


def test_its_closed_days_are_those_of_the_calendar() -> None:
    calendar = Calendar(load_policy())
    days = (date(2022, 1, 1) + timedelta(days=number) for number in range(366 * 12))
    assert [day for day in days if calendar.is_open(day) is (day.toordinal() in CLOSED)] == []
