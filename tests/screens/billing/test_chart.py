"""The picture of balance and premium, as rows of plain characters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from api_client.types.billing import MonthEnd
from screens.billing import chart
from tests.screens.billing import books


def rows(months: list[MonthEnd], width: int = 80, height: int = 9) -> list[str]:
    return [row.rstrip() for row in chart.draw(months, width, height).plain.split("\n")]


def month(balance: str, billed: str = "10000", *, on: date = date(2026, 11, 1)) -> MonthEnd:
    return MonthEnd(month=on, billed=Decimal(billed), balance=Decimal(balance))


def test_bars_above_the_line_are_months_behind_and_each_figure_is_labelled() -> None:
    assert rows(books.months()) == [
        " ## balance at the month's end   -- premium of the month",
        "    20k |                     ###",
        "        |                     ###",
        "    10k |----------------###--###-",
        "        |                ###  ###",
        "      0 +-------------------------",
        "         Jul26  Aug  Sep  Oct  Nov",
        " balance    0    0    0  10k  20k",
        " premium  10k  10k  10k  10k  10k",
    ]


def test_the_latest_months_that_fit_are_drawn_and_each_year_is_named_once() -> None:
    first = [date(2025 + (11 + at) // 12, (11 + at) % 12 + 1, 1) for at in range(12)]
    months = [month("0", on=one) for one in first]
    assert rows(months)[-3].split() == [
        *("Dec25", "Jan26", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
    ]
    assert rows(months, 53)[-3].split() == ["Apr26", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "0"),
        ("0.4", "0"),
        ("999.49", "999"),
        ("999.50", "1.0k"),
        ("9650", "9.6k"),
        ("9949.99", "9.9k"),
        ("9950", "10k"),
        ("120400", "120k"),
        ("999500", "1.0m"),
        ("12000000", "12m"),
        ("1000000000", ">999"),
        ("-350", "-350"),
        ("-9650", "-10k"),
    ],
)
def test_a_figure_takes_four_cells_at_the_most(amount: str, words: str) -> None:
    assert rows([month(amount)])[-2] == f" balance {words:>4}"


def test_credit_has_no_bar_and_the_smallest_balance_has_one() -> None:
    assert "###" not in "".join(rows([month("-500")]))
    assert sum("###" in row for row in rows([month("0.01")])) == 1
    assert sum("###" in row for row in rows([month("500", "0")], height=12)) == 7


@pytest.mark.parametrize("height", [1, 5, 9, 14, 40])
@pytest.mark.parametrize("width", [20, 53, 80, 200])
def test_it_is_plain_ascii_and_no_wider_than_its_place(width: int, height: int) -> None:
    months = [month(str(at * 7919), str(at * 997)) for at in range(24)]
    picture = rows(months, width, height)
    assert all(len(row) <= width for row in picture)
    assert len(picture) == max(height, 8)
    assert "".join(picture).isascii()


def test_without_a_month_it_says_so() -> None:
    assert rows([]) == [chart.NOTHING]
