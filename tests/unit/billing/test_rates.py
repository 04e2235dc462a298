"""What a month costs by coverage, rates and proration, and when it is billed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.billing_words import Proration
from backend.billing.rates import (
    Charges,
    Covered,
    Dates,
    Line,
    Rate,
    charges,
    dates_on,
    differences,
    first_to_bill,
)
from backend.policy.policy import load_policy

POLICY = load_policy().billing
SEPTEMBER = date(2026, 9, 1)
D = Decimal
RATES = [
    Rate("HMO", "EMP", date(2026, 1, 1), D("450.00")),
    Rate("HMO", "FAM", date(2026, 1, 1), D("1200.00")),
    Rate("HMO", "EMP", date(2026, 10, 1), D("470.00")),
    Rate("DEN", "EMP", date(2026, 1, 1), D("31.05")),
]


def total(found: Charges) -> Decimal:
    return sum((one.amount for one in found.lines), D(0))


def covered(level: str = "EMP", starts: str = "2026-01-01", ends: str = "", **changes: str) -> Covered:
    last = date.fromisoformat(ends) if ends else None
    line = {"subscriber": "S1", "line": "HMO", "level": level} | changes
    return Covered(**line, starts_on=date.fromisoformat(starts), ends_on=last)


@pytest.mark.parametrize(
    ("method", "rows", "month", "lines"),
    [
        ("FULL_MONTH", [covered()], SEPTEMBER, [("S1", "HMO EMP", "450.00")]),
        ("FULL_MONTH", [covered()], date(2026, 10, 1), [("S1", "HMO EMP", "470.00")]),
        ("FULL_MONTH", [covered(ends="2026-09-01")], SEPTEMBER, [("S1", "HMO EMP", "450.00")]),
        ("FULL_MONTH", [covered(ends="2026-08-31")], SEPTEMBER, []),
        ("FULL_MONTH", [covered(starts="2026-10-01")], SEPTEMBER, []),
        ("MID_MONTH", [covered(starts="2026-09-15")], SEPTEMBER, [("S1", "HMO EMP", "450.00")]),
        ("MID_MONTH", [covered(starts="2026-09-16")], SEPTEMBER, []),
        ("DAILY", [covered(starts="2026-09-19")], SEPTEMBER, [("S1", "HMO EMP", "180.00")]),
        # Gone and back in one month: one month, never two.
        (
            "FULL_MONTH",
            [covered(ends="2026-09-05"), covered(starts="2026-09-20")],
            SEPTEMBER,
            [("S1", "HMO EMP", "450.00")],
        ),
        (
            "DAILY",
            [covered(ends="2026-09-05"), covered(starts="2026-09-21")],
            SEPTEMBER,
            [("S1", "HMO EMP", "225.00")],
        ),
        # A family from the 16th on; of two coverages of a day the later counts.
        (
            "DAILY",
            [covered(), covered("FAM", starts="2026-09-16")],
            SEPTEMBER,
            [("S1", "HMO EMP", "225.00"), ("S1", "HMO FAM", "600.00")],
        ),
        ("FULL_MONTH", [covered(), covered("FAM", "2026-09-16")], SEPTEMBER, [("S1", "HMO EMP", "450.00")]),
        (
            "FULL_MONTH",
            [covered(line="DEN"), covered(subscriber="S0", level="FAM"), covered()],
            SEPTEMBER,
            [("S0", "HMO FAM", "1200.00"), ("S1", "DEN EMP", "31.05"), ("S1", "HMO EMP", "450.00")],
        ),
    ],
)
def test_a_month_is_charged_line_by_line(
    method: str, rows: list[Covered], month: date, lines: list[tuple[str, str, str]]
) -> None:
    found = charges(rows, RATES, month, Proration(method), POLICY)
    assert [(one.subscriber, one.tier, f"{one.amount}") for one in found.lines] == lines
    assert found.missing == ()
    assert total(found) == sum((D(amount) for *_, amount in lines), D(0))


def test_a_level_without_a_rate_is_named_and_costs_nothing_invented() -> None:
    rows = [covered(), covered("ESP", subscriber="S2"), covered(subscriber="S3", line="VIS", level="")]
    found = charges(rows, RATES, SEPTEMBER, Proration.FULL_MONTH, POLICY)
    assert found.missing == ("HMO ESP", "VIS")
    early = charges(rows[:1], RATES, date(2025, 12, 1), Proration.FULL_MONTH, POLICY)
    assert (early.lines, early.missing) == ((), ())  # no coverage yet
    before = charges([covered(starts="2025-01-01")], RATES, date(2025, 12, 1), Proration.DAILY, POLICY)
    assert before.missing == ("HMO EMP",)


days = st.dates(date(2026, 1, 1), date(2028, 3, 31))
amounts = st.decimals(D("0.01"), D("9999.99"), places=2)
spans = st.lists(st.tuples(days, st.none() | days, st.sampled_from(["EMP", "FAM"])), max_size=5)


@given(rate=amounts, month=days, method=st.sampled_from(Proration))
def test_a_whole_month_costs_the_rate(rate: Decimal, month: date, method: Proration) -> None:
    rows = [covered(starts="2025-06-01"), covered(starts="2025-03-01", ends="2025-05-31")]
    found = charges(rows, [Rate("HMO", "EMP", date(2025, 1, 1), rate)], month, method, POLICY)
    assert [one.amount for one in found.lines] == [rate]


@given(rate=amounts, month=days, cut=st.integers(0, 31))
def test_days_billed_apart_cost_the_month_to_a_cent(rate: Decimal, month: date, cut: int) -> None:
    """DAILY, coverage ends and goes on the next day at the same level: the rate, whatever the day."""
    first = month.replace(day=1)
    last = min(first + timedelta(days=cut), first.replace(day=monthrange(month.year, month.month)[1]))
    rows = [covered(ends=f"{last}"), covered(starts=f"{last + timedelta(days=1)}")]
    found = charges(rows, [Rate("HMO", "EMP", date(2025, 1, 1), rate)], month, Proration.DAILY, POLICY)
    assert total(found) == rate


@given(rows=spans, month=days, method=st.sampled_from(Proration), employee=amounts, family=amounts)
def test_nobody_pays_more_than_one_month(
    rows: list[tuple[date, date | None, str]],
    month: date,
    method: Proration,
    employee: Decimal,
    family: Decimal,
) -> None:
    rates = [Rate("HMO", "EMP", date(2025, 1, 1), employee), Rate("HMO", "FAM", date(2025, 1, 1), family)]
    held = [Covered("S1", "HMO", level, start, end) for start, end, level in rows]
    found = charges(held, rates, month, method, POLICY)
    assert total(found) <= max(employee, family) + D("0.01")  # two rates are rounded apart
    first = month.replace(day=1)
    every = [first + timedelta(days=step) for step in range(monthrange(month.year, month.month)[1])]
    inside = [day for day in every if any(a <= day and (b is None or b >= day) for a, b, _ in rows)]
    if not inside:
        assert found.lines == ()
    elif method is Proration.FULL_MONTH:
        assert total(found) in (employee, family)


# -- retroactive -----------------------------------------------------------------------------------


def test_what_differs_is_said_by_subscriber_and_nothing_else() -> None:
    now = [Line("S1", "HMO EMP", D(450)), Line("S2", "HMO EMP", D(450)), Line("S2", "DEN EMP", D("31.05"))]
    billed = {"S1": D(450), "S2": D(450), "S3": D(450), "S4": D(0)}
    assert differences(now, billed) == {"S2": D("31.05"), "S3": D(-450)}
    assert differences(now, {"S1": D(450), "S2": D("481.05")}) == {}


# -- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goes_on", "dates"),
    [
        ("2026-08-10", Dates(date(2026, 8, 10), date(2026, 9, 1))),
        ("2026-08-31", Dates(date(2026, 8, 10), date(2026, 9, 1))),
        ("2026-09-01", Dates(date(2026, 9, 1), date(2026, 9, 23), 22)),
        ("2026-09-05", Dates(date(2026, 9, 5), date(2026, 9, 27), 26)),
    ],
)
def test_a_late_bill_reaches_the_client_before_it_is_due(goes_on: str, dates: Dates) -> None:
    assert dates_on(date(2026, 8, 10), date(2026, 9, 1), date.fromisoformat(goes_on)) == dates


@pytest.mark.parametrize(
    ("billed", "effective", "paid_through", "first"),
    [
        ([], "2019-01-01", "", "2026-11-01"),
        ([], "2027-01-01", "", "2027-01-01"),
        ([], "2019-01-01", "2027-01-31", "2027-02-01"),
        (["2026-11-01", "2026-12-01"], "2019-01-01", "", "2027-01-01"),
        (["2026-10-01"], "2019-01-01", "", "2026-11-01"),
        (["2026-08-01"], "2019-01-01", "", "2026-09-01"),
        (["2026-02-01"], "2019-01-01", "", "2026-09-01"),
    ],
)
def test_months_are_billed_in_their_order_and_once(
    billed: list[str], effective: str, paid_through: str, first: str
) -> None:
    found = first_to_bill(
        [date.fromisoformat(one) for one in billed],
        date.fromisoformat(effective),
        date.fromisoformat(paid_through) if paid_through else None,
        date(2026, 11, 20),
        POLICY.retro_months,
    )
    assert found == date.fromisoformat(first)
