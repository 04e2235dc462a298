"""What cells and lines of accounts say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types.accounts import Account, Filing
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import Fact
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod, GroupState, PartnerStatus, Urgency
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


# -- what the caller on the line may hear ------------------------------------------------------------

EVERYTHING = frozenset(overview.SECTIONS)
OTHERS = frozenset({Fact.PERSON, Fact.CLAIMS, Fact.ACCESS_CODE})
SAID = {
    Fact.GROUP: ("20+ employees", "R. HALE", "2200 HARBOR BLVD", "Files of Acme TPA", "D. PARK"),
    Fact.BILLING: ("cycle C1", "COVERAGE ENDS", "20,000.00 open", "check 5521", "paper bill", "SAY "),
    Fact.LETTERS: ("L-00877",),
    Fact.MEMBERS: ("42 enrolled",),
    Fact.USER_IDS: ("U-00871",),
    Fact.QUEUE: ("M-20418",),
    Fact.COBRA: ("the client administers it",),
}
"""What of the account stands there by each right, and by no other."""


def heard(rights: frozenset[Fact]) -> Account:
    """The account as the backend gives it to a caller with these rights."""
    items = {Fact.QUEUE: item(), Fact.USER_IDS: item("U-00871", kind="user ID", state="arrives by 12-03")}
    locked = (EVERYTHING | OTHERS) - rights
    return account(locked=locked, open_items=[one for fact, one in items.items() if fact in rights])


def told(one: Account, *, wide: bool) -> str:
    """All that stands on the screen."""
    columns = [said.plain for said in overview.columns(one, HERE)] if wide else []
    below = overview.rest if wide else overview.everything
    whole = (overview.head(one, TODAY), below(one, HERE, 110), overview.sayable(one))
    return "\n".join([*(said.plain for said in whole), *columns])


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    "rights",
    [
        frozenset(),
        frozenset({Fact.LETTERS}),
        frozenset({Fact.LETTERS, Fact.BILLING}),
        frozenset({Fact.LETTERS, Fact.QUEUE, Fact.USER_IDS}),
        frozenset({Fact.COBRA}),
        EVERYTHING - {Fact.MEMBERS},
        EVERYTHING,
    ],
)
def test_each_right_opens_its_own_part_and_what_is_locked_is_named(
    rights: frozenset[Fact], wide: bool
) -> None:
    one = heard(rights)
    said = told(one, wide=wide)
    for fact, words in SAID.items():
        for word in words:
            assert (word in said) is (fact in rights), (fact, word)
    assert "104233 SALEM PARTS LLC" in said
    assert "BILL PHONE 800-555-0148" in said
    closed = [words for fact, words in overview.SECTIONS.items() if fact not in rights]
    title = "not for this caller: " if rights else "locked until verified: "
    assert (f"{title}{', '.join(closed)}" in said.replace("\n ", " ")) is bool(closed)
    assert (" y verifies" in said) is bool(closed)
    assert (overview.FREE_TO_SAY in said) is (Fact.BILLING not in rights)


def test_an_alert_about_failed_verifications_is_seen_before_anything_is_proved() -> None:
    alert = item("ALERT", kind="calls", state="2 failed verifications in 24 h, be careful", due_at=None)
    one = account(locked=EVERYTHING | OTHERS, open_items=[alert])
    assert "ALERT calls, 2 failed verifications" in told(one, wide=False)
    assert "ALERT calls, 2 failed verifications" in told(one, wide=True)


def test_a_promise_the_next_cycle_and_the_last_call_stand_there() -> None:
    one = account(
        promise="10,000.00 by 2026-11-24; it changes no date",
        next_cycle=BillingCycle.C3,
        next_cycle_from=date(2027, 1, 1),
        user_id="U-00866 reset, mailed, arrives by 11-24",
    )
    said = told(one, wide=False)
    assert "promise  10,000.00 by 2026-11-24; it changes no date" in said
    assert "paper bill: yes; cycle C3 from 2027-01" in said
    assert "user ID  U-00866 reset, mailed, arrives by 11-24" in said
    assert "last call 11-18 R.Chen BILL-PTP" in said
