"""What the lines and cells of billing say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from textual.content import Content

from api_client.types.billing import BillingStatus, Invoice
from api_client.types.words import DelinquencyState, InvoiceStatus, LetterKind, PaymentMethod
from screens.billing import overview, presentation
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
    ("day", "words"),
    [
        (None, "-"),
        (date(2026, 11, 19), "11-19 over"),
        (date(2026, 11, 20), "11-20 TODAY"),
        (date(2026, 11, 21), "11-21 1 d"),
        (date(2026, 12, 1), "12-01 11 d"),
        (date(2027, 1, 3), "2027-01-03"),
    ],
)
def test_the_end_of_coverage_says_how_near_it_is(day: date | None, words: str) -> None:
    assert presentation.ends(day, TODAY).plain == words


def test_a_group_of_the_work_list() -> None:
    row = presentation.work_row(books.account(), TODAY)
    words = ["104233", "SALEM PARTS LLC", "OAKLAND", "[!] term pending", "12-01 11 d"]
    assert (row.key, texts(row.cells)) == ("104233", words)
    assert len(row.cells) == len(presentation.WORK_COLUMNS)


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
        " TO KEEP COVERAGE 10,000.00 by 12-01",
        " balance 20,025.00, 10,000.00 of it not due yet   fees 25.00   no credit",
        " Sep     Oct     Nov     Dec                   = paid  ~ late  X open  . not due",
        " ====    ~~~~    XXXX    ....",
        " 11-01 due   11-02 L1 warning letter mailed   11-16 L2 termination letter mailed",
        " grace 11-02 .. 12-01   12-01 coverage ends if unpaid",
        " next: L3 notice of end of coverage on 2026-12-02",
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
    ],
)
def test_when_nothing_keeps_coverage_what_stands_leads(status: BillingStatus, words: str) -> None:
    assert said(status)[1] == words


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
        "next: L3 notice of end of coverage on 2026-12-02",
    ]


def test_after_the_end_the_letters_and_the_end_stand_there() -> None:
    ended = books.status(
        state=DelinquencyState.TERMINATED_NONPAY,
        grace_from=None,
        grace_to=None,
        coverage_end=date(2026, 12, 1),
        coverage_end_if_unpaid=None,
        next_letter="",
    )
    assert dates(ended) == [
        "11-01 due",
        "11-02 L1 warning letter mailed",
        "11-16 L2 termination letter mailed",
        "12-01 coverage ended",
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
    assert texts(mailed.cells) == ["L-00821", "11-02", "   10,000.00", "L1 warning letter"]
    waiting = presentation.letter_row(
        books.letter(LetterKind.REINSTATEMENT, title="reinstatement letter", mailed_on=None, amount=None),
        TODAY,
    )
    assert texts(waiting.cells) == ["L-00821", "to mail", "", "reinstatement letter"]
    assert len(waiting.cells) == len(presentation.LETTER_COLUMNS)


def test_the_line_of_lists_marks_the_one_shown() -> None:
    words = presentation.panes("payments", books.status()).plain
    assert words == "  invoices 4  [payments 2]  letters 2    Tab: the next list"


# -- acts and why


def test_a_reversal_names_amount_date_and_group() -> None:
    line = presentation.reverse_line(books.payment(), books.status(), "wrong group").plain
    assert line == (
        "reverse P-10001: 10,000.00 received 10-19, check 5521, of 104233 SALEM PARTS LLC; "
        'reason "wrong group"'
    )


def test_a_payment_like_one_on_the_books_is_warned_of() -> None:
    day, amount, method = date(2026, 10, 19), D(10000), PaymentMethod.WIRE
    line = presentation.record_line(books.status(), day, amount, method, "77").plain
    assert line.split("\n") == [
        'record wire 10,000.00 received 2026-10-19 from 104233 SALEM PARTS LLC, reference "77"',
        "   the same day and amount as P-10001 (check 5521): another one?",
    ]
    other = presentation.record_line(books.status(), TODAY, amount, method, "").plain
    assert other == "record wire 10,000.00 received 2026-11-20 from 104233 SALEM PARTS LLC"


def test_a_conflict_says_what_was_seen_what_is_and_what_was_kept() -> None:
    seen = books.payment("P-10002")
    assert presentation.conflict(seen, books.taken_back(), HERE).plain == (
        "P-10002: it counted when you looked, it was reversed 11-20 09:41: check returned by the bank. "
        "Nothing was done; your reason is kept."
    )
    changed = presentation.conflict(seen, books.payment("P-10002", amount=D(5)), HERE).plain
    assert "10,000.00 of 2026-10-19 when you looked, 5.00 of 2026-10-19 now" in changed


def test_why_has_each_step_with_its_rule_after_the_value_under_the_cursor() -> None:
    under = presentation.why_payment(books.taken_back(), TODAY, HERE)
    assert presentation.why(books.status(), under).plain.split("\n") == [
        "P-10002: 10,000.00 received 10-19, check 5521; reversed 11-20 09:41: check returned by the "
        "bank; it counts for nothing.",
        "The premium for November is open.",
        "    rule: oldest premium first",
        "Oldest unpaid bill: 19 days past due (1-30).",
        "As of 2026-11-20, payments of that day included.",
    ]


def test_why_of_a_bill_and_of_a_letter_have_all_their_dates() -> None:
    assert presentation.why_invoice(books.unpaid(), TODAY).plain == (
        "I-100011 November 2026: 10,000.00 billed, 10,000.00 open; billed 2026-10-10, due 2026-11-01; "
        "19 days past due"
    )
    assert presentation.why_letter(books.letter()).plain == (
        "L-00821 L1 warning letter, 10,000.00: written 2026-11-02, mailed 2026-11-02."
    )
    waiting = books.letter(mailed_on=None, amount=None)
    assert presentation.why_letter(waiting).plain.endswith(
        "L1 warning letter: written 2026-11-02, not mailed yet."
    )
