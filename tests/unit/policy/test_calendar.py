"""Open days, service hours and dates counted in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy

CALENDAR = Calendar(load_policy())
ZONE = ZoneInfo("America/Los_Angeles")
DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
AMOUNTS = st.integers(0, 100_000).map(lambda seconds: timedelta(seconds=seconds))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "closed",
    [
        "2026-11-21",  # Saturday
        "2026-11-26",  # Thanksgiving
        "2026-11-27",  # the day after
        "2026-07-03",  # July 4 is a Saturday
        "2027-07-05",  # July 4 is a Sunday
        "2026-10-12",  # Columbus Day
        "2027-12-31",  # New Year's Day 2028 is a Saturday
    ],
)
def test_closed(closed: str) -> None:
    assert not CALENDAR.is_open(date.fromisoformat(closed))


@pytest.mark.parametrize("open_day", ["2026-11-20", "2026-11-25", "2026-12-24", "2026-12-31", "2026-07-02"])
def test_open(open_day: str) -> None:
    assert CALENDAR.is_open(date.fromisoformat(open_day))


@pytest.mark.parametrize(
    ("received", "day_zero"),
    [
        ("2026-11-20 17:00:00", "2026-11-20"),
        ("2026-11-20 17:00:01", "2026-11-23"),
        ("2026-11-20 02:00:00", "2026-11-20"),
        ("2026-11-21 10:00:00", "2026-11-23"),
        ("2026-11-25 18:00:00", "2026-11-30"),
    ],
)
def test_receipt_day(received: str, day_zero: str) -> None:
    assert CALENDAR.receipt_day(at(received)) == date.fromisoformat(day_zero)


def test_service_time_counts_open_hours_only() -> None:
    # Monday from 15:00, Tuesday whole, Wednesday a holiday.
    assert CALENDAR.service_time(at("2026-11-09 15:00"), at("2026-11-11 15:00")) == timedelta(hours=11)
    assert CALENDAR.service_time(at("2026-11-21 00:00"), at("2026-11-22 23:00")) == timedelta()


@given(DAYS)
def test_rolling_lands_on_the_nearest_open_day(day: date) -> None:
    forward, backward = CALENDAR.roll_forward(day), CALENDAR.roll_backward(day)
    assert CALENDAR.is_open(forward)
    assert CALENDAR.is_open(backward)
    assert backward <= day <= forward
    assert (forward == day) is CALENDAR.is_open(day) is (backward == day)
    assert day < CALENDAR.next_open_day(day)


@given(DAYS, st.integers(0, 30))
def test_adding_and_counting_business_days_agree(day: date, count: int) -> None:
    assert CALENDAR.business_days_between(day, CALENDAR.add_business_days(day, count)) == count


@given(INSTANTS, AMOUNTS)
def test_adding_and_counting_service_time_agree(start: datetime, amount: timedelta) -> None:
    assert CALENDAR.service_time(start, CALENDAR.add_service_time(start, amount)) == amount
