"""Why: what `?` says of a row, of the end of coverage, and of each step behind them."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types.billing import Why
from api_client.types.billing_words import BillingFlag, DateAbout, DelinquencyState, LetterKind
from screens.billing import reasons
from screens.billing.reasons import Row
from tests.screens.billing import books
from tests.screens.billing.books import TODAY, D
from tests.screens.desk import NOW

HERE = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
REST = [
    "COVERAGE ENDS 2026-12-01 unless 10,000.00 reaches us by 2026-12-01.",
    "Grace of 30 days from 2026-11-02, so coverage ends 2026-12-01.",
    "    rule: grace_days 30 (28 CCR 1300.65)",
    "The premium for November is open.",
    "    rule: oldest premium first",
]
LAST = [
    "Oldest unpaid bill: 19 days past due (1-30 days).",
    "As of 2026-11-20, payments of that day included.",
    "Rules of the plan: CA_GROUP_DMHC 2026.1 from 2026-01-01.",
]
L2 = ["L1 and 14 days is 11-16.", "    rule: L2 after L1"]


def said(row: Row | None) -> list[str]:
    return reasons.why(books.status(), row).plain.split("\n")


def test_without_a_row_the_end_of_coverage_leads_with_its_rule() -> None:
    assert said(None) == [*REST, *L2, *LAST]


def test_the_end_is_said_once() -> None:
    step = Why(about=DateAbout.END, sentence="Coverage ends on 2026-12-01 at 23:59.", rule="30 days")
    lines = reasons.why(books.status(why=[step])).plain.split("\n")
    assert lines[:3] == [REST[0], "    rule: 30 days", LAST[0]]


def test_a_row_stands_first_with_its_own_reasons_and_none_is_said_twice() -> None:
    row = reasons.why_letter(books.termination_letter())
    words = "L-00865 L2 termination letter, 10,000.00: written 2026-11-16, mailed 2026-11-16."
    assert said(row) == [words, *L2, *REST, *LAST]


def test_a_reason_that_names_another_day_is_none_of_this_row() -> None:
    steps = [Why(about=DateAbout.L1, sentence="L1 was mailed on 2026-11-02.", rule="r")]
    for mailed, own in ((date(2026, 11, 2), True), (date(2026, 5, 4), False)):
        row = reasons.why_letter(books.letter(mailed_on=mailed))
        lines = reasons.why(books.status(why=steps), row).plain.split("\n")
        assert (lines[1] == steps[0].sentence) is own
        assert own or lines[1] == "    rule: the warning letter begins grace, and names what keeps coverage"


def test_every_kind_of_date_has_a_rule() -> None:
    for about in DateAbout:
        row = Row(reasons.why_date(books.entry(TODAY, about, "x"), TODAY), (about,), (TODAY,))
        assert "rule: " in reasons.why(books.status(why=[]), row).plain


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "COVERAGE ENDS 2026-12-01 unless 10,000.00 reaches us by 2026-12-01."),
        ({"coverage_end": date(2026, 12, 1)}, "COVERAGE ENDED 2026-12-01."),
        (
            {"coverage_end_if_unpaid": None, "keep_coverage_by": None, "flags": [BillingFlag.HOLD]},
            "COVERAGE DOES NOT END while the hold lasts; nobody knows the date yet.",
        ),
        (
            {"state": DelinquencyState.PAST_DUE, "coverage_end_if_unpaid": None, "keep_coverage_by": None},
            "COVERAGE GOES ON; no date of its end is set yet.",
        ),
        (
            {"coverage_end_if_unpaid": None, "keep_coverage_amount": D(0)},
            "COVERAGE GOES ON: nothing that could end it is unpaid.",
        ),
    ],
)
def test_the_end_of_coverage_is_one_sentence(changes: dict[str, Any], words: str) -> None:
    assert reasons.main_date(books.status(**changes)) == words


def test_a_row_says_all_there_is_about_it() -> None:
    day = date(2026, 11, 19)
    due = reasons.why_invoice(books.invoice(), TODAY).plain
    assert due.endswith("; billed 2026-11-10, due 2026-12-01")
    bill = reasons.why_invoice(books.unpaid(), TODAY).plain
    assert bill == (
        "I-100011 November 2026: 10,000.00 billed, 10,000.00 open; billed 2026-10-10, due 2026-11-01; "
        "19 days past due"
    )
    assert reasons.why_payment(books.taken_back(), TODAY, HERE).plain == (
        "P-10002: 10,000.00 received 10-19, check 5521; reversed 11-20 09:41: check returned by the "
        "bank; it counts for nothing."
    )
    back = reasons.why_payment(books.payment(for_fees=True, returned_on=day), TODAY, HERE).plain
    assert back == (
        "P-10001: 10,000.00 for fees received 10-19, check 5521; came back from the bank 2026-11-19, "
        "from then on it counts for nothing."
    )
    waits = books.letter(LetterKind.USER_ID, mailed_on=None, amount=None, returned_on=day, title="letter")
    assert reasons.why_letter(waits).words.plain == (
        "L-00821 letter: written 2026-11-02, not mailed yet, brought back by the post 2026-11-19."
    )
    assert reasons.why_date(books.timeline()[2], TODAY).plain == (
        "Tue 2026-12-01 coverage ends if unpaid, 11 d from now if nothing else happens."
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            books.promised(),
            "PR-00001: made 2026-11-18, 10,000.00 by 2026-11-24, open. A promise changes no date.",
        ),
        (
            books.hold(),
            "H-00001 hold, grievance, from 2026-11-05 until it is lifted, DATES STOP; opened by K.Doe: "
            "grievance 77.",
        ),
        (
            books.request(),
            "RI-00001: coverage asked back 2026-11-19; nothing stands against it; a lead decides.",
        ),
        (
            books.request(decided_on=TODAY, approved=True),
            "RI-00001: coverage asked back 2026-11-19; given back 2026-11-20.",
        ),
        (
            books.request(decided_on=TODAY, reason="late"),
            "RI-00001: coverage asked back 2026-11-19; refused 2026-11-20: late.",
        ),
    ],
)
def test_promises_holds_and_requests_say_all(row: Any, words: str) -> None:
    assert reasons.why_other(row, TODAY).words.plain == words
