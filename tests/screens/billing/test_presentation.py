"""What the lines and cells of billing say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.content import Content

from api_client.types.billing import BillingStatus, Invoice
from api_client.types.billing_words import (
    BillingCycle,
    BillingFlag,
    DateAbout,
    DelinquencyState,
    HoldKind,
    InvoiceStatus,
    LetterKind,
    PaymentMethod,
    PromiseState,
)
from screens.billing import overview, presentation, spoken
from tests.screens.billing import books
from tests.screens.billing.books import TODAY, D
from tests.screens.desk import NOW

HERE = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
PARTIAL, PAST_DUE = InvoiceStatus.PARTIAL, InvoiceStatus.PAST_DUE


def texts(cells: tuple[Content, ...]) -> list[str]:
    return [cell.plain for cell in cells]


# -- money, states, ends


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", "0.00"), ("0.5", "0.50"), ("1234.56", "1,234.56"), ("-3.1", "-3.10"), ("1E+6", "1,000,000.00")],
)
def test_money_has_thousands_and_cents(amount: str, words: str) -> None:
    assert presentation.money(Decimal(amount)) == words


def test_money_stands_at_the_right_of_its_column() -> None:
    cells = [presentation.money_cell(D(amount), 12).plain for amount in (5, 10000, 1234567)]
    assert cells == ["        5.00", "   10,000.00", "1,234,567.00"]


def test_every_word_of_the_contract_has_one_that_fits() -> None:
    assert set(presentation.STATES) == set(DelinquencyState)
    assert all(len(word) <= 12 for _, word in presentation.STATES.values())
    assert set(presentation.METHODS) == set(PaymentMethod)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (books.status(), "[!] term pending, day 19 of 30 of grace"),
        (books.status(state=DelinquencyState.GRACE), "[!] in grace, day 19 of 30 of grace"),
        (
            books.status(state=DelinquencyState.PAST_DUE, days_past_due=1, grace_from=None),
            "[~] past due 1 day, no grace yet",
        ),
        (books.current(), "[ ] current"),
        (
            books.status(state=DelinquencyState.TERMINATED_NONPAY, coverage_end=date(2026, 11, 2)),
            "[X] ended unpaid on 2026-11-02",
        ),
    ],
)
def test_the_state_is_a_shape_a_word_and_the_days_that_count(status: BillingStatus, words: str) -> None:
    assert overview.state(status).plain == words


# -- the month strip


@pytest.mark.parametrize(
    ("invoice", "shape"),
    [
        (books.paid(10, date(2026, 10, 1)), "===="),
        (books.paid(10, date(2026, 10, 2)), "~~~~"),
        (books.paid(10, date(2026, 9, 2)), "===="),
        (books.unpaid(), "XXXX"),
        (books.unpaid(open=D(5000)), "==XX"),
        (books.unpaid(open=D("0.01")), "===X"),
        (books.unpaid(open=D("9999.99")), "XXXX"),
        (books.invoice(), "...."),
        (books.invoice(status=PARTIAL, open=D(7500)), "=..."),
        (books.invoice(11, days_past_due=19), "...."),
        (books.invoice(status=InvoiceStatus.VOID, open=D(0), billed=D(0)), "----"),
        (books.unpaid(billed=D(0), open=D(1)), "XXXX"),
        (books.invoice(status=InvoiceStatus.PAID, open=D(0), billed=D(0)), "----"),
    ],
)
def test_a_month_is_four_cells(invoice: Invoice, shape: str) -> None:
    assert overview.shape(invoice).plain == shape


def strip(*invoices: Invoice, width: int = 80) -> list[str]:
    return [row.plain.rstrip() for row in overview.month_strip(invoices, TODAY, width)]


def test_the_months_stand_oldest_first_with_the_legend_beside_them() -> None:
    assert strip(*books.status().invoices) == [
        " Sep     Oct     Nov     Dec                   = paid  ~ late  X open  . not due",
        " ====    ~~~~    XXXX    ....",
    ]


def test_only_the_latest_months_that_fit_are_shown() -> None:
    months = [books.paid(month, date(2026, 1, 1)) for month in range(2, 13)]
    assert strip(*months)[0].split("=")[0].split() == ["Aug", "Sep", "Oct", "Nov", "Dec"]
    assert strip(*months, width=130)[0].split("=")[0].split()[0] == "Feb"
    assert all(len(row) <= 80 for row in strip(*months))


def test_a_month_of_another_year_says_so() -> None:
    old = books.invoice(month=2).model_copy(update={"month": date(2025, 12, 1)})
    assert strip(old)[0].startswith(" Dec 25  ")


def test_no_bill_is_said() -> None:
    assert strip() == [" no bill yet"]


def test_a_narrow_place_has_the_legend_below() -> None:
    assert strip(*books.status().invoices, width=40) == [
        " Sep     Oct     Nov     Dec",
        " ====    ~~~~    XXXX    ....",
        " = paid  ~ late  X open  . not due",
    ]


# -- the lines above the lists


def said(status: BillingStatus, width: int = 80) -> list[str]:
    return [row.rstrip() for row in overview.overview(status, width).plain.split("\n")]


def test_what_keeps_coverage_leads_and_the_balance_stands_below_it() -> None:
    assert said(books.status()) == [
        " 104233 SALEM PARTS LLC       [!] term pending, day 19 of 30 of grace   cycle C1",
        " TO KEEP COVERAGE 10,000.00 by 12-01   balance 20,025.00, 10,000.00 not due yet",
        " open: not past due 10,000.00  1-30 days 10,000.00   fees 25.00   no credit",
        " paper bill",
        " Sep     Oct     Nov     Dec                   = paid  ~ late  X open  . not due",
        " ====    ~~~~    XXXX    ....",
        " 11-01 due   11-02 L1 warning letter mailed   11-16 L2 termination letter mailed",
        " grace 11-02 .. 12-01   12-01 coverage ends if unpaid   12-02 letter L3",
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (books.current(), " NEXT 10,000.00 due by 12-01"),
        (books.current(invoices=[], open_premium=D(0), not_due_yet=D(0)), " NOTHING IS DUE"),
        (
            books.current(open_premium=D(10080)),
            " NEXT 10,000.00 due by 12-01; 80.00 of earlier months is carried",
        ),
        (
            books.status(keep_coverage_by=date(2027, 1, 9)),
            " TO KEEP COVERAGE 10,000.00 by 2027-01-09",
        ),
        (
            books.status(
                state=DelinquencyState.TERMINATED_NONPAY,
                coverage_end=date(2026, 11, 2),
                keep_coverage_amount=D(0),
            ),
            " COVERAGE ENDED 2026-11-02; still owed for the days covered: 20,000.00",
        ),
        (
            books.status(
                state=DelinquencyState.TERMINATED_NONPAY,
                coverage_end=date(2026, 11, 2),
                keep_coverage_amount=D(0),
                open_premium=D(0),
            ),
            " COVERAGE ENDED 2026-11-02; still owed for the days covered: nothing",
        ),
    ],
)
def test_when_nothing_keeps_coverage_what_stands_leads(status: BillingStatus, words: str) -> None:
    assert said(status)[1].startswith(words)


def test_words_to_keep_coverage_stand_exactly_when_there_is_something_to_pay_for_it() -> None:
    assert "TO KEEP COVERAGE" not in "\n".join(said(books.current()))
    assert "TO KEEP COVERAGE 0.01" in "\n".join(said(books.status(keep_coverage_amount=D("0.01"))))


def dates(status: BillingStatus) -> list[str]:
    return [piece.plain for piece in overview.dates(status)]


def test_letters_of_an_earlier_grace_are_not_among_its_dates() -> None:
    earlier = books.letter(number="L-00700", mailed_on=date(2026, 9, 2))
    waiting = books.letter(LetterKind.L2, number="L-00900", title="termination letter", mailed_on=None)
    assert dates(books.status(letters=[waiting, books.letter(), earlier])) == [
        "11-01 due",
        "11-02 L1 warning letter mailed",
        "grace 11-02 .. 12-01",
        "12-01 coverage ends if unpaid",
        "12-02 letter L3",
    ]


def test_after_the_end_the_letters_and_the_end_stand_there() -> None:
    ended = books.status(
        state=DelinquencyState.TERMINATED_NONPAY,
        grace_from=None,
        grace_to=None,
        coverage_end=date(2026, 12, 1),
        coverage_end_if_unpaid=None,
        next_letter="",
        timeline=[],
    )
    assert dates(ended) == [
        "11-01 due",
        "11-02 L1 warning letter mailed",
        "11-16 L2 termination letter mailed",
        "12-01 coverage ended",
    ]


def test_a_letter_after_the_end_stands_behind_it() -> None:
    notice = books.letter(LetterKind.L3, title="notice of end of coverage", mailed_on=date(2026, 12, 2))
    ended = books.status(
        state=DelinquencyState.TERMINATED_NONPAY,
        grace_from=None,
        coverage_end=date(2026, 12, 1),
        letters=[notice, books.letter()],
        timeline=[],
        next_letter="",
    )
    assert dates(ended)[1:] == [
        "11-02 L1 warning letter mailed",
        "12-01 coverage ended",
        "12-02 L3 notice of end of coverage mailed",
    ]


def test_a_current_group_has_no_dates_to_fear() -> None:
    assert dates(books.current()) == []


@pytest.mark.parametrize("width", [30, 80, 120])
def test_no_row_is_wider_than_its_place(width: int) -> None:
    long = books.status(name="X" * 90, next_letter="y " * 60, balance=D("99999999999.99"))
    assert all(row.cell_length <= width for row in overview.flow(overview.dates(long), width))
    if width >= 80:
        assert all(len(row) <= width for row in said(long, width))
        assert all(len(row) <= width for row in overview.sentence(long, width).plain.split("\n"))


def test_a_picture_on_a_small_screen_leaves_only_what_counts_above_it() -> None:
    brief = overview.overview(books.status(), 80, brief=True).plain.split("\n")
    assert brief == overview.overview(books.status(), 80).plain.split("\n")[:2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"flags": []}, []),
        (
            {"flags": [BillingFlag.HOLD], "holds": [books.hold()]},
            ["HOLD grievance until it is lifted, DATES STOP"],
        ),
        (
            {
                "flags": [BillingFlag.HOLD],
                "holds": [
                    books.hold(
                        kind=HoldKind.DISPUTE, stops_dates=False, invoice="I-1", to_on=date(2026, 12, 9)
                    ),
                    books.hold(lifted_on=TODAY),
                    books.hold(to_on=date(2026, 11, 19)),
                ],
            },
            ["HOLD disputed bill of I-1 until 12-09, stops no date"],
        ),
        ({"flags": [BillingFlag.HOLD]}, ["HOLD"]),
        (
            {"flags": [BillingFlag.PTP_OPEN], "promises": [books.promised()]},
            ["promise 10,000.00 by 11-24 open"],
        ),
        ({"flags": [BillingFlag.PTP_OPEN], "promise": "5.00 by 11-24"}, ["promise 5.00 by 11-24 open"]),
        (
            {"flags": [BillingFlag.PTP_BROKEN, BillingFlag.REINSTATED], "promises": [books.promised()]},
            ["PROMISE BROKEN 10,000.00 by 11-24", "REINSTATED, no gap"],
        ),
        (
            {"flags": [BillingFlag.CERTIFIED_FUNDS], "certified_funds_until": date(2027, 12, 10)},
            ["CERTIFIED FUNDS ONLY until 2027-12-10: wire or cashier's check"],
        ),
        (
            {"flags": [BillingFlag.NOTICE_RETURNED]},
            ["A NOTICE CAME BACK: no end before it is settled"],
        ),
        (
            {"reinstatements": [books.request(why_not="20.00 of premium is still open.")]},
            ["COVERAGE ASKED BACK 11-19: 20.00 of premium is still open"],
        ),
        (
            {"reinstatements": [books.request()]},
            ["COVERAGE ASKED BACK 11-19: nothing stands against it, a lead decides"],
        ),
    ],
)
def test_what_lies_over_the_state_is_said_in_words(changes: dict[str, Any], words: list[str]) -> None:
    assert [piece.plain for piece in overview.flags(books.status(**changes))] == words


@pytest.mark.parametrize(
    ("amount", "ending"),
    [(D(4000), "it changes no date, and 10,000.00 keeps coverage"), (D(10000), "it changes no date")],
)
def test_a_promise_of_too_little_says_so_before_it_is_taken_down(amount: D, ending: str) -> None:
    line = spoken.promise_line(books.status(), amount, date(2026, 11, 24)).plain
    assert line.endswith(f"promises to pay {presentation.money(amount)} by Tue 11-24; {ending}")


def test_every_flag_has_words() -> None:
    every = books.status(flags=list(BillingFlag))
    assert len(overview.flags(every)) == len(BillingFlag)


def test_a_cycle_that_was_asked_for_stands_with_its_first_month() -> None:
    asked = books.status(next_cycle=BillingCycle.C3, next_cycle_from=date(2027, 1, 1))
    assert overview.cycle(asked) == "C1, C3 from 2027-01"


# -- the lists


@pytest.mark.parametrize(
    ("invoice", "words"),
    [
        (books.invoice(), "due 12-01"),
        (books.invoice(status=PARTIAL, open=D(1)), "part paid, due 12-01"),
        (books.unpaid(), "19 days past due"),
        (books.unpaid(days_past_due=1), "1 day past due"),
        (books.paid(10, date(2026, 10, 1)), "paid 10-01"),
        (books.paid(10, date(2026, 10, 19)), "paid 10-19 late, due 10-01"),
        (books.invoice(status=InvoiceStatus.PAID, open=D(0)), "paid"),
        (books.invoice(11, days_past_due=19), "billed too late, not past due (due 11-01)"),
        (books.invoice(status=InvoiceStatus.VOID), "void"),
        (books.invoice(status=InvoiceStatus.PAID, open=D(0), billed=D(0)), "not owed"),
    ],
)
def test_a_bill_says_where_it_stands(invoice: Invoice, words: str) -> None:
    assert presentation.invoice_state(invoice, TODAY).plain == words


def test_a_bill_in_the_list() -> None:
    row = presentation.invoice_row(books.unpaid(), TODAY)
    words = ["I-100011", "2026-11", "   10,000.00", "   10,000.00", "19 days past due"]
    assert (row.key, texts(row.cells)) == ("I-100011", words)
    assert len(row.cells) == len(presentation.INVOICE_COLUMNS)


def test_a_payment_that_was_taken_back_says_so_first() -> None:
    counts = presentation.payment_row(books.payment(), TODAY, HERE)
    assert texts(counts.cells) == ["P-10001", "10-19", "   10,000.00", "check 5521"]
    gone = presentation.payment_row(books.taken_back(), TODAY, HERE)
    assert gone.cells[3].plain == "REVERSED 11-20 check returned by the bank; check 5521"
    assert len(gone.cells) == len(presentation.PAYMENT_COLUMNS)


@pytest.mark.parametrize(
    ("method", "reference", "words"),
    [
        (PaymentMethod.CHECK, "check 5521", "check 5521"),
        (PaymentMethod.CHECK, "", "check"),
        (PaymentMethod.ACH, "77", "ACH 77"),
        (PaymentMethod.WIRE, "WIRE-77", "WIRE-77"),
    ],
)
def test_how_it_was_paid_is_said_once(method: PaymentMethod, reference: str, words: str) -> None:
    one = books.payment(method=method, reference=reference)
    assert presentation.payment_row(one, TODAY, HERE).cells[3].plain == words


def test_a_letter_that_waits_for_the_post_says_so() -> None:
    mailed = presentation.letter_row(books.letter(), TODAY)
    assert texts(mailed.cells) == ["L-00821", "11-02", " 10,000.00", "L1 warning letter"]
    waiting = presentation.letter_row(
        books.letter(LetterKind.REINSTATEMENT, title="reinstatement letter", mailed_on=None, amount=None),
        TODAY,
    )
    assert texts(waiting.cells) == ["L-00821", "to mail", "", "reinstatement letter"]
    assert len(waiting.cells) == len(presentation.LETTER_COLUMNS)


def test_the_line_of_lists_marks_the_one_shown() -> None:
    words = presentation.panes("payments", books.status()).plain
    assert words == "  bills 4 [payments 2] letters 2  dates 4  chart "
    held = books.status(holds=[books.hold()], promises=[books.promised()])
    assert presentation.panes("chart", held).plain.endswith(" promises, holds 2 [chart]")


def test_a_payment_that_came_back_says_so_first_and_one_for_fees_says_that() -> None:
    back = presentation.payment_row(books.payment(returned_on=date(2026, 11, 2)), TODAY, HERE)
    assert back.cells[3].plain == "CAME BACK 11-02; check 5521"
    fees = presentation.payment_row(books.payment(for_fees=True), TODAY, HERE)
    assert fees.cells[3].plain == "for fees; check 5521"


def test_a_letter_that_the_post_brought_back_says_so_first() -> None:
    row = presentation.letter_row(books.letter(returned_on=date(2026, 11, 9)), TODAY)
    assert row.cells[3].plain == "CAME BACK 11-09; L1 warning letter"


def test_dates_to_come_say_in_how_many_days() -> None:
    rows = [presentation.date_row("k", one, TODAY) for one in books.timeline()]
    assert [texts(row.cells) for row in rows] == [
        ["11-01", "November due", " 10,000.00", "I-100011"],
        ["11-16", "termination letter L2 mailed", "", "L-00865"],
        ["12-01 11 d", "coverage ends if unpaid", "", ""],
        ["12-02 12 d", "notice of end of coverage L3", "", ""],
    ]
    today = books.entry(TODAY, DateAbout.L1, "warning letter L1 goes", to_come=True)
    assert texts(presentation.date_row("k", today, TODAY).cells)[0] == "11-20 today"
    assert len(rows[0].cells) == len(presentation.DATE_COLUMNS)


def test_each_date_has_a_key_of_its_own_and_the_cursor_begins_at_the_next_one() -> None:
    twice = [books.entry(TODAY, DateAbout.PAYMENT, "payment received")] * 2
    assert len(presentation.date_keys(twice)) == 2
    assert presentation.first_to_come(books.timeline()) == "2026-12-01 end  0"
    assert presentation.first_to_come(books.timeline()[:2]) == "2026-11-16 L2 L-00865 0"
    assert presentation.first_to_come([]) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PromiseState.OPEN, "promised 10,000.00 by 11-24: open"),
        (PromiseState.KEPT, "promised 10,000.00 by 11-24: kept"),
        (PromiseState.BROKEN, "promised 10,000.00 by 11-24: BROKEN"),
    ],
)
def test_a_promise_says_what_became_of_it(state: PromiseState, words: str) -> None:
    assert presentation.promise_row(books.promised(state=state), TODAY).cells[2].plain == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "HOLD grievance until it is lifted, DATES STOP; grievance 77"),
        ({"to_on": TODAY, "stops_dates": False}, "HOLD grievance until 11-20, stops no date; grievance 77"),
        ({"lifted_on": date(2026, 11, 19)}, "over: HOLD grievance lifted 11-19; grievance 77"),
    ],
)
def test_a_hold_says_how_long_it_lasts_and_what_it_stops(changes: dict[str, Any], words: str) -> None:
    assert presentation.hold_row(books.hold(**changes), TODAY).cells[2].plain == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "asks for coverage back, a lead decides; nothing stands against it"),
        ({"why_not": "20.00 is open"}, "asks for coverage back, a lead decides; against it: 20.00 is open"),
        ({"decided_on": TODAY, "approved": True}, "coverage given back 11-20, no gap"),
        ({"decided_on": TODAY, "reason": "too late"}, "coverage back refused 11-20: too late"),
    ],
)
def test_a_request_says_where_it_stands(changes: dict[str, Any], words: str) -> None:
    assert presentation.reinstatement_row(books.request(**changes), TODAY).cells[2].plain == words
