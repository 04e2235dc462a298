"""The groups with unpaid premium: what each line says, and the list driven by keys."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.billing_words import BillingFlag, DelinquencyState
from api_client.types.calls import MyCalls
from api_client.types.words import EventKind
from screens.billing import unpaid
from screens.billing.status import BillingScreen
from screens.billing.work_list import WorkListScreen
from tests.screens.billing import books
from tests.screens.billing.at_desk import at_desk, hears
from tests.screens.billing.books import TODAY, D, FakeBilling, unpaid_group
from tests.screens.calls.said import call
from tests.screens.rep import HOSTILE_AT, SIZES, Rep

LATER = unpaid_group(
    "104871",
    name="OAK DENTAL",
    city="FRESNO",
    state=DelinquencyState.GRACE,
    ends_on=date(2026, 12, 12),
    phone="559-555-0107",
    contact="PAT DOE",
    called_on=None,
)
ENDED = unpaid_group(
    "104900", name="GONE", state=DelinquencyState.TERMINATED_NONPAY, ends_on=date(2026, 11, 2)
)

# -- what a line says


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": None}, "-"),
        ({"ends_on": TODAY}, "TODAY"),
        ({"ends_on": date(2026, 11, 21)}, "11-21 1 d"),
        ({}, "12-01 11 d"),
        ({"ends_on": date(2027, 1, 3)}, "01-03 44 d"),
        ({"ends_on": date(2026, 11, 19)}, "11-19"),
        ({"ends_on": date(2025, 11, 19)}, "2025-11-19"),
        ({"state": DelinquencyState.TERMINATED_NONPAY, "ends_on": TODAY}, "11-20"),
    ],
)
def test_the_end_of_coverage_says_how_near_it_is(changes: dict[str, Any], words: str) -> None:
    assert unpaid.ends(unpaid_group(**changes), TODAY).plain == words


@pytest.mark.parametrize(
    ("changes", "called", "owed"),
    [
        ({}, "11-18", " 10,000.00"),
        ({"called_on": TODAY, "owed": D("123456.78")}, "today", "123,456.78"),
        ({"called_on": None, "owed": D("1234567.89")}, "never", " 1,234,568"),
        ({"called_on": date(2025, 3, 1)}, "2025", " 10,000.00"),
    ],
)
def test_a_group_of_the_list(changes: dict[str, Any], called: str, owed: str) -> None:
    row = unpaid.row(unpaid_group(**changes), TODAY)
    assert [cell.plain for cell in row.cells] == [
        *("104233", "SALEM PARTS LLC", "[!] pending", "12-01 11 d", owed, "510-555-0101", called)
    ]
    fixed = zip(unpaid.COLUMNS, row.cells, strict=True)
    assert all(cell.cell_length <= column.width for column, cell in fixed if column.width)


def test_every_state_fits_its_column() -> None:
    for state in DelinquencyState:
        assert unpaid.row(unpaid_group(state=state), TODAY).cells[2].cell_length <= unpaid.COLUMNS[2].width


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            [
                " 104233 SALEM PARTS LLC, OAKLAND   10,000.00 owed",
                " term pending, 19 days past due; coverage ends 12-01; call R. HARBORSON",
            ],
        ),
        (
            {
                "phone": "",
                "city": "",
                "ends_on": None,
                "state": DelinquencyState.PAST_DUE,
                "flags": [BillingFlag.PTP_BROKEN, BillingFlag.HOLD],
            },
            [
                " 104233 SALEM PARTS LLC   10,000.00 owed, HOLD, promise BROKEN",
                " past due, 19 days past due; no phone on record",
            ],
        ),
    ],
)
def test_the_group_under_the_cursor_is_told_in_words(changes: dict[str, Any], words: list[str]) -> None:
    assert unpaid.about(unpaid_group(**changes), TODAY, 80).plain.split("\n") == words


def test_an_end_that_was_is_said_so() -> None:
    assert "; coverage ended 11-02; call R. HARBORSON" in unpaid.about(ENDED, TODAY, 120).plain


# -- the list


@pytest.mark.parametrize("size", SIZES)
async def test_enter_shows_the_bill_and_escape_comes_back_to_the_group(size: tuple[int, int]) -> None:
    async with at_desk(FakeBilling(None, unpaid_group(), LATER), size=size) as rep:
        await rep.finds(">104233  SALEM PARTS LLC")
        await rep.finds("[!] in grace 12-12 22 d  10,000.00 559-555-0107 never")
        await rep.finds(" 104233 SALEM PARTS LLC, OAKLAND")
        await rep.presses("down")
        await rep.finds(" 104871 OAK DENTAL, FRESNO")
        await rep.presses("enter")
        await rep.finds("BILLING 104871")
        await rep.finds("TO KEEP COVERAGE")
        assert "F9 starts the call" not in rep.sees
        await rep.presses("escape")
        await rep.finds(">104871  OAK DENTAL")


async def test_the_four_kinds_of_empty_say_what_they_are() -> None:
    client = FakeBilling()
    client.open.clear()
    async with at_desk(client) as rep:
        await rep.finds("loading ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("could not load: The backend does not answer.")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("No group has unpaid premium past its due date. F7 looks again.")
        await rep.presses("f", "2")
        await rep.finds("No group of this filter has unpaid premium; Esc shows all.")
        await rep.presses("n")
        await rep.finds(unpaid.ALL_CALLED)
        client.groups = [unpaid_group()]
        await rep.presses("escape")
        await rep.finds(">104233")


async def test_the_filter_shows_a_state_or_what_ends_soon_and_escape_shows_all() -> None:
    client = FakeBilling(None, unpaid_group(), LATER, ENDED)
    async with at_desk(client) as rep:
        await rep.finds(">104233")
        await rep.presses("f")
        await rep.finds("> show  1 all unpaid  2 past due  3 in grace  4 term pending  5 ended unpaid")
        await rep.finds("6 ends within 7 days  7 ends within 14 days  8 ends within 30 days")
        await rep.presses("5")
        await rep.finds("BILLING  ended unpaid")
        await rep.finds(">104900")
        assert "104871" not in rep.sees
        await rep.presses("f", "7")
        await rep.finds("BILLING  ends within 14 days")
        await rep.finds(">104233")
        again = rep.app.screen.again()  # type: ignore[attr-defined]
        await rep.presses("escape")
        await rep.finds(" 104871")
        assert isinstance(rep.app.screen, WorkListScreen)
        assert client.asked[-3:] == ["TERMINATED_NONPAY", "2026-12-04", ""]
    async with at_desk(client, lambda: again) as rep:
        await rep.finds("BILLING  ends within 14 days")
        await rep.finds(">104233")
        assert client.asked[-1] == "2026-12-04"


@pytest.mark.parametrize("size", SIZES)
async def test_n_opens_the_first_group_that_nobody_called_today_and_calls_nobody(
    size: tuple[int, int],
) -> None:
    today = [
        unpaid_group(f"10{at:04d}", called_on=TODAY, ends_on=TODAY + timedelta(days=1)) for at in range(150)
    ]
    no_phone = unpaid_group("104700", phone="")
    client = FakeBilling(None, *today, no_phone, LATER)
    async with at_desk(client, size=size) as rep:
        await rep.finds(">100000")
        await rep.presses("n")
        await rep.finds("BILLING 104871  559-555-0107")
        await rep.finds("call 559-555-0107 PAT DOE; F9 starts the call")
        await rep.finds("TO KEEP COVERAGE")
        await rep.presses("tab", "r")
        await rep.finds("by a lead: ask one.")
        await rep.presses("p", "escape", "f7")
        assert client.done == []
        rep.app.calls_changed(MyCalls(active=call()))
        await rep.presses("tab", "r", "p", "escape", "p", "enter", "escape")
        await rep.finds("? says why")
        assert "F9 starts the call" not in rep.sees  # F9 would park the one on the line
        rep.app.calls_changed(MyCalls())
        again = rep.app.screen.again()  # type: ignore[attr-defined]
        await rep.presses("escape")
        await rep.finds("BILLING  unpaid")
    async with at_desk(client, lambda: again, size=size) as rep:
        await rep.finds("call 559-555-0107 PAT DOE; F9 starts the call")


@pytest.mark.parametrize("kind", [EventKind.BILLING, EventKind.ACCOUNT, EventKind.RESET])
async def test_a_group_that_paid_stays_in_its_place_until_the_rep_asks(kind: EventKind) -> None:
    client = FakeBilling(None, unpaid_group(), LATER)
    async with at_desk(client) as rep:
        await rep.finds(">104233")
        await rep.presses("down")
        client.groups = [unpaid_group("104999", name="NEW DEBTS"), LATER]
        hears(rep, kind)
        await rep.finds("-104233  SALEM PARTS LLC")
        await rep.finds(">104871")
        await rep.finds("1 new: F7")
        await rep.presses("f7")
        await rep.finds(" 104999  NEW DEBTS")
        await rep.loses("104233")
        await rep.finds(">104871")


async def test_help_says_what_the_order_and_the_columns_mean() -> None:
    async with at_desk(FakeBilling(None, unpaid_group())) as rep:
        await rep.finds(">104233")
        await rep.presses("question_mark")
        await rep.finds("first end of coverage first")
        await rep.finds("calls nobody by itself")


async def test_after_the_lock_the_same_group_is_under_the_cursor() -> None:
    client = FakeBilling(None, unpaid_group(), LATER)
    async with at_desk(client) as rep:
        await rep.finds(">104233")
        await rep.presses("down")
        again = rep.app.screen.again()  # type: ignore[attr-defined]
    async with at_desk(client, lambda: again) as rep:
        await rep.finds(">104871")


def shown_by(rep: Rep) -> type:
    return type(rep.app.screen)


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    group = unpaid_group(text, name=text, city=text, phone=text or "1", contact=text)
    client = FakeBilling(books.status(), group)
    async with at_desk(client, size=size) as rep:
        await rep.finds("[!] pending")
        await rep.presses("question_mark", "escape")
        assert shown_by(rep) is WorkListScreen
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("n")
        await rep.finds("TO KEEP COVERAGE")
        assert shown_by(rep) is BillingScreen
        assert rep.sees.replace("\n", "").isprintable()
