"""What the two courses of a what-if say."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.types.billing import WhatIfAnswer
from api_client.types.billing_words import DateAbout, DelinquencyState
from screens.billing import courses, what_if
from tests.screens.billing import books
from tests.screens.billing.books import TODAY, D


def said(answer: WhatIfAnswer, width: int = 80) -> list[str]:
    return [row.rstrip() for row in courses.courses(answer, TODAY, width).plain.split("\n")]


def answer() -> WhatIfAnswer:
    return WhatIfAnswer(on=TODAY, amount=D(10000), now=books.course(), then=books.cured(credit=D(5)))


def test_both_courses_stand_side_by_side() -> None:
    assert said(answer()) == [
        "          NOW, WITHOUT IT                     WITH 10,000.00 ON 11-20",
        " state    [!] term pending                    [ ] current",
        " to keep  10,000.00 by 12-01                  nothing more",
        " ends     Tue 2026-12-01                      coverage goes on",
        " credit   none                                5.00",
        "",
        ' SAY now  "Ten thousand dollars must reach us by December 1."',
        ' SAY then "With that payment your coverage goes on."',
        "",
        " What is to come if nothing more is paid:",
        "          12-01 (11 d) coverage ends if       12-01 (11 d) December due",
        "          unpaid                              10,000.00",
        "          12-02 (12 d) notice of end of",
        "          coverage L3",
    ]


def test_an_end_for_a_bill_that_is_not_due_yet_is_no_end_of_this_payment() -> None:
    later = answer().model_copy(update={"then": books.cured(coverage_end=date(2026, 12, 31))})
    assert said(later)[3:5] == [
        " ends     Tue 2026-12-01                      goes on; 2026-12-31 if the next",
        "                                              bill stays unpaid",
    ]


def test_after_the_end_nothing_keeps_coverage() -> None:
    ended = books.course(
        state=DelinquencyState.TERMINATED_NONPAY,
        keep_coverage_amount=D(0),
        keep_coverage_by=None,
        coverage_end=date(2026, 11, 2),
    )
    assert said(answer().model_copy(update={"now": ended}))[2].startswith(" to keep  it has ended ")


def test_nothing_to_come_is_said() -> None:
    quiet = answer().model_copy(update={"then": books.cured(to_come=[])})
    assert "no letter, no end" in "\n".join(said(quiet))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_row_is_wider_than_its_place(width: int) -> None:
    long = [books.entry(date(2026, 12, 1), DateAbout.END, "word " * 30, amount=D("99999999999.99"))] * 3
    wide = WhatIfAnswer(
        on=TODAY,
        amount=D("999999999.99"),
        now=books.course(to_come=long, say="y " * 90),
        then=books.course(credit=D("99999999999.99"), to_come=long[:1]),
    )
    assert all(len(row) <= width for row in said(wide, width))


def test_an_empty_line_stands_for_what_keeps_coverage_else_for_all_that_is_open() -> None:
    keeps = what_if.wanted_of(books.status())
    assert (keeps.amount, keeps.amount_is, keeps.day) == (D(10000), "what keeps coverage", TODAY)
    opens = what_if.wanted_of(books.current())
    assert (opens.amount, opens.amount_is) == (D(10000), "all that is open")
    assert what_if.wanted_of(books.current(open_premium=D(0))).amount is None
