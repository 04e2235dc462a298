"""What cells and lines of accounts say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types.accounts import Account, Filing
from api_client.types.words import (
    BillPreference,
    CobraAdmin,
    ContactRole,
    DelinquencyState,
    FilingMethod,
    GroupState,
    PartnerStatus,
    Urgency,
)
from screens.accounts import overview, presentation, standing
from tests.screens.accounts.accounts import account, contact, item, member, paid
from tests.screens.desk import NOW

HERE = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
TODAY = HERE.date()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "0.00"),
        ("0.05", "0.05"),
        ("999.9", "999.90"),
        ("10000", "10,000.00"),
        ("1234567.89", "1,234,567.89"),
        ("-12.50", "-12.50"),
    ],
)
def test_money_has_thousands_and_cents(amount: str, words: str) -> None:
    assert standing.money(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 m"),
        (11, "11 m"),
        (60, "1 h 00"),
        (462, "7 h 42"),
        (1439, "23 h 59"),
        (4 * 1440, "4 d"),
        (-4, "4 m late"),
        (-125, "2 h 05 late"),
    ],
)
def test_time_left_is_short(minutes: int, words: str) -> None:
    assert overview.time_left(HERE + timedelta(minutes=minutes), HERE) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "** COVERAGE ENDS 2026-12-01 unless 10,000.00 reaches us by 12-01 **  b: why"),
        (
            {
                "delinquency": DelinquencyState.GRACE,
                "keep_coverage_by": date(2027, 1, 2),
                "coverage_ends_on": date(2027, 1, 2),
            },
            "** COVERAGE ENDS 2027-01-02 unless 10,000.00 reaches us by 2027-01-02 **  b: why",
        ),
        (
            {
                "delinquency": DelinquencyState.TERMINATED_NONPAY,
                "state": GroupState.TERMINATED,
                "coverage_ends_on": date(2026, 10, 31),
            },
            "** COVERAGE ENDED 2026-10-31: premium not paid **  b: why",
        ),
        (
            {"delinquency": DelinquencyState.TERMINATED_NONPAY, "coverage_ends_on": None},
            "** COVERAGE ENDED: premium not paid **  b: why",
        ),
        (
            {
                "delinquency": DelinquencyState.PAST_DUE,
                "keep_coverage_by": None,
                "coverage_ends_on": None,
                "days_past_due": 1,
            },
            "Past due 1 day, 20,000.00 open; no end is set.  b: why",
        ),
    ],
)
def test_the_line_of_a_group_that_owes(changes: dict[str, Any], words: str) -> None:
    assert standing.coverage(account(**changes), TODAY).plain == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Paid up; coverage goes on. 1,234.50 is billed and not past due."),
        ({"open_premium": Decimal(0)}, "Paid up; coverage goes on. Nothing is due."),
        (
            {"state": GroupState.TERMINATED, "ended_on": date(2025, 10, 31)},
            "** COVERAGE ENDED 2025-10-31 **",
        ),
        (
            {"ended_on": date(2026, 12, 31)},
            "** COVERAGE ENDS 2026-12-31: the group's contract ends **",
        ),
        ({"state": GroupState.TERMINATED}, "** COVERAGE ENDED **"),
    ],
)
def test_the_line_of_a_group_that_paid(changes: dict[str, Any], words: str) -> None:
    assert standing.coverage(paid(**changes), TODAY).plain == words


def test_only_an_end_is_loud() -> None:
    loud = standing.coverage(account(), TODAY)
    assert any("$text-error" in str(span.style) for span in loud.spans)
    assert not any("$text-error" in str(span.style) for span in standing.coverage(paid(), TODAY).spans)


def test_a_long_line_is_wrapped_and_never_cut() -> None:
    said = overview.everything(account(contacts=[contact(name="N" * 60, phone="800-555-0123")]), HERE, 40)
    assert all(line.cell_length <= 40 for line in said.split("\n"))
    assert said.plain.replace(" ", "").replace("\n", "").count("N") >= 60


def test_authority_says_since_and_until_and_whether_it_is_over() -> None:
    assert overview.authority(contact(), TODAY).plain == "  since 2024-07-01  until 2027-06-30"
    over = overview.authority(contact(valid_to=TODAY - timedelta(days=1)), TODAY)
    assert over.plain == "  NO LONGER, ended 2026-11-19"
    coming = overview.authority(contact(valid_from=TODAY + timedelta(days=1)), TODAY)
    assert coming.plain == "  NOT YET, from 2026-11-21"
    assert overview.authority(contact(valid_to=TODAY), TODAY).plain.endswith("until 2026-11-20")
    assert overview.authority(contact(valid_from=None, valid_to=None), TODAY).plain == ""


@pytest.mark.parametrize("role", list(ContactRole))
def test_every_role_has_its_words(role: ContactRole) -> None:
    assert "_" not in overview.everything(account(contacts=[contact(role=role)]), HERE, 80).plain


@pytest.mark.parametrize("filing", list(FilingMethod))
@pytest.mark.parametrize("bill", list(BillPreference))
@pytest.mark.parametrize("cobra", list(CobraAdmin))
def test_every_way_of_working_has_its_words(
    filing: FilingMethod, bill: BillPreference, cobra: CobraAdmin
) -> None:
    one = account(filing_method=filing, bill_preference=bill, admin=cobra)
    said = overview.everything(one, HERE, 80).plain
    assert ("paper bill: no" in said) is (bill is BillPreference.PAPERLESS)
    assert filing.value in said
    assert ("the client administers it" in said) is (cobra is CobraAdmin.CLIENT)


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        (
            Filing(
                partner="ACME BENEFITS",
                status=PartnerStatus.PRODUCTION,
                last_file="F-00012",
                last_file_at=HERE,
                sentence="Files of ACME BENEFITS are taken and applied.",
            ),
            "834, by ACME BENEFITS (in production); last file F-00012 11-20 09:41, f opens it. Files of ACME",
        ),
        (Filing(sentence="Call your account manager."), "834. Call your account manager."),
    ],
)
def test_the_filing_line_says_how_who_and_whom_to_call(filed: Filing, said: str) -> None:
    assert said in overview.everything(account(filing=filed), HERE, 200).plain


def test_open_premium_tells_what_of_it_is_not_past_due() -> None:
    said = overview.everything(account(), HERE, 100).plain
    assert "term pending, 19 days past due, 20,000.00 open, 10,000.00 of it not past due" in said
    assert "current, 1,234.50 open\n" in overview.everything(paid(), HERE, 100).plain


def test_items_have_their_time_and_an_account_without_says_nothing_is_open() -> None:
    late = item(due_at=HERE - timedelta(minutes=4), urgency=Urgency.LATE)
    assert (
        "M-20418 match, queued  [X] 4 m late"
        in overview.everything(account(open_items=[late]), HERE, 80).plain
    )
    assert " open     nothing" in overview.everything(account(open_items=[]), HERE, 80).plain
    assert "none on record" in overview.everything(account(contacts=[]), HERE, 80).plain


def test_two_coverages_that_read_the_same_are_one_row() -> None:
    rows = presentation.member_rows([member(), member(), member(coverage_to=date(2026, 12, 31))])
    assert [one.cells[5].plain for one in rows] == ["-", "2026-12-31"]
    assert len(rows[0].cells) == len(presentation.MEMBER_COLUMNS)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (account(), "All of 10,000.00 received by 2026-12-01 keeps coverage"),
        (account(delinquency=DelinquencyState.TERMINATED_NONPAY), "was still open"),
        (
            account(delinquency=DelinquencyState.PAST_DUE, coverage_ends_on=None),
            "no warning letter set an end",
        ),
        (paid(), "No premium is past due"),
        (paid(ended_on=date(2026, 12, 31)), "ends on 2026-12-31; it is not a matter of premium"),
    ],
)
def test_the_reason_fits_the_line(one: Account, words: str) -> None:
    said = standing.why(one)
    assert said is not None
    assert words in said.plain
