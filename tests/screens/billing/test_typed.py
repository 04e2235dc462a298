"""Dates, amounts and texts as they are typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.billing import typed

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        (" Today ", TODAY),
        ("11-20", TODAY),
        ("11-19", date(2026, 11, 19)),
        ("1-5", date(2026, 1, 5)),
        ("11/19", date(2026, 11, 19)),
        ("2026-11-19", date(2026, 11, 19)),
        ("2025/12/31", date(2025, 12, 31)),
        ("11/19/2025", date(2025, 11, 19)),
    ],
)
def test_a_day_may_be_typed_as_people_write_it(text: str, day: date) -> None:
    assert typed.day_received(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("12-28", date(2027, 1, 5), date(2026, 12, 28)),
        ("1-5", date(2027, 1, 5), date(2027, 1, 5)),
        ("2-29", date(2025, 1, 15), date(2024, 2, 29)),
    ],
)
def test_without_a_year_it_is_the_last_such_day(text: str, today: date, day: date) -> None:
    assert typed.day_received(text, today) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11-21", "2026-11-21 is yet to come; for a day of last year type the year too."),
        ("2026-11-21", "2026-11-21 is yet to come"),
        ("2026-02-30", "There is no day 2026-02-30 in the calendar."),
        ("2-29", "There is no day 2-29 in the calendar."),
        ("13-1", "There is no day 13-1"),
        ("0-0", "There is no day 0-0"),
        ("0000-01-01", "There is no day 0000-01-01"),
        ("19.11.", "19.11. is no date: type 11-19"),
        ("\u0661\u0661-\u0661\u0669", "is no date"),
        ("yesterday", "yesterday is no date"),
        ("11-19-2026x", "is no date"),
    ],
)
def test_a_day_that_is_not_clear_is_refused_with_what_to_type(text: str, words: str) -> None:
    with pytest.raises(typed.NotClear) as refusal:
        typed.day_received(text, TODAY)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20", TODAY),
        ("21", date(2026, 11, 21)),
        ("19", date(2026, 12, 19)),
        ("31", date(2026, 12, 31)),
        ("the 20th", TODAY),
        ("on the 22nd", date(2026, 11, 22)),
        ("1st", date(2026, 12, 1)),
        ("by 11-24", date(2026, 11, 24)),
        ("11-20", TODAY),
        ("1/5", date(2027, 1, 5)),
        ("2026-12-01", date(2026, 12, 1)),
        ("12/01/2026", date(2026, 12, 1)),
        (" Today ", TODAY),
        ("tomorrow", date(2026, 11, 21)),
        ("2028-2-29", date(2028, 2, 29)),
        ("9-18", date(2027, 9, 18)),
        ("Monday", date(2026, 11, 23)),
        ("by thu", date(2026, 11, 26)),
        ("Nov 25", date(2026, 11, 25)),
        ("on december 1st", date(2026, 12, 1)),
        ("Dec. 1, 2026", date(2026, 12, 1)),
        ("jan 5", date(2027, 1, 5)),
    ],
)
def test_a_day_to_come_may_be_typed_as_people_say_it(text: str, day: date) -> None:
    assert typed.day_to_come(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11-19", "2026-11-19 is over: the day is today or later."),
        ("9-20", "2026-09-20 is over"),
        ("2026-11-19", "2026-11-19 is over"),
        ("0", "There is no day 0 in a month."),
        ("32", "There is no day 32"),
        ("2-30", "There is no day 2-30 in the calendar."),
        ("yesterday", "yesterday is no date: type 20, 11-20, 2026-11-20 or today."),
        ("Friday", "Friday is today, or 2026-11-27: type the date."),
        ("tu", "tu is no date"),
        ("ma 5", "ma 5 is no date"),
        ("feb 30", "There is no day feb 30 in the calendar."),
        ("", "is no date"),
        ("\u0662\u0660", "is no date"),
    ],
)
def test_a_day_to_come_that_is_not_clear_is_refused(text: str, words: str) -> None:
    with pytest.raises(typed.NotClear) as refusal:
        typed.day_to_come(text, TODAY)
    assert words in str(refusal.value)


@given(st.text(max_size=12))
def test_no_text_makes_a_day_that_is_over(text: str) -> None:
    with suppress(typed.NotClear):
        assert typed.day_to_come(text, TODAY) >= TODAY


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10,000 on the 20th", ("10,000", "the 20th")),
        ("10000 by 11-20", ("10000", "11-20")),
        ("10,000", ("10,000", "")),
        ("ON 20", ("", "20")),
        ("on the 20th", ("", "the 20th")),
        ("", ("", "")),
        ("pontoon", ("pontoon", "")),
        ("10,000 tomorrow", ("10,000", "tomorrow")),
        ("$10,000 12-01", ("$10,000", "12-01")),
        ("10,000 20th", ("10,000", "20th")),
        ("10,000 Monday", ("10,000", "Monday")),
        ("12 20", ("12 20", "")),
    ],
)
def test_an_amount_and_a_day_may_stand_on_one_line(text: str, parts: tuple[str, str]) -> None:
    assert typed.amount_and_day(text) == parts


@given(st.text(max_size=12))
def test_no_text_makes_a_day_to_come(text: str) -> None:
    with suppress(typed.NotClear):
        assert typed.day_received(text, TODAY) <= TODAY


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10000", "10000.00"),
        ("10,000.00", "10000.00"),
        ("$10,000.50", "10000.50"),
        ("$ 1,234,567.8", "1234567.80"),
        (" 0.01 ", "0.01"),
        ("007", "7.00"),
        ("999999999.99", "999999999.99"),
    ],
)
def test_an_amount_is_dollars_and_cents(text: str, value: str) -> None:
    found = typed.amount(text)
    assert (str(found), type(found)) == (value, Decimal)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10.000,00", "is no amount"),
        ("10,00", "10,00 is no amount: type dollars and cents"),
        ("1,2345", "is no amount"),
        ("10.005", "more than two digits of cents"),
        ("10.", "is no amount"),
        (".5", "is no amount"),
        ("-5", "is no amount"),
        ("0", "A payment of nothing"),
        ("0.00", "A payment of nothing"),
        ("1000000000", "999,999,999.99 at the most"),
        ("9" * 80, "999,999,999.99 at the most"),
        ("1e5", "is no amount"),
        ("NaN", "is no amount"),
        ("ten", "ten is no amount"),
        ("\u0661\u0660", "is no amount"),
    ],
)
def test_an_amount_that_is_not_clear_is_refused(text: str, words: str) -> None:
    with pytest.raises(typed.NotClear) as refusal:
        typed.amount(text)
    assert words in str(refusal.value)


@given(st.decimals("0.01", "999999999.99", places=2))
def test_every_amount_comes_back_as_it_is_shown(value: Decimal) -> None:
    assert typed.amount(f"{value:,.2f}") == value


def test_texts_are_taken_as_they_are_shown_and_measured_so() -> None:
    assert typed.reference(" check 5\u202e ") == "check 5<202E>"
    assert typed.reference("") == ""
    assert typed.reason("wrong group") == "wrong group"
    with pytest.raises(typed.NotClear, match="70 characters; 60 fit"):
        typed.reference("\u202e" * 11 + "1234")
    with pytest.raises(typed.NotClear, match="at least 3"):
        typed.reason("no")
    with pytest.raises(typed.NotClear, match="201 characters; 200 fit"):
        typed.reason("x" * 201)
