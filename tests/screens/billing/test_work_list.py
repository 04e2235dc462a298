"""The groups with unpaid premium, driven by keys."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.words import DelinquencyState, EventKind
from screens.billing.status import BillingScreen
from screens.billing.work_list import WorkListScreen
from tests.screens.billing.at_desk import at_desk, hears
from tests.screens.billing.books import FakeBilling, account
from tests.screens.rep import HOSTILE_AT, SIZES, Rep

LATER = account(
    "104871",
    name="OAK DENTAL",
    city="FRESNO",
    delinquency=DelinquencyState.GRACE,
    coverage_end_if_unpaid=date(2026, 12, 12),
)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_shows_the_bill_and_escape_comes_back_to_the_group(size: tuple[int, int]) -> None:
    async with at_desk(FakeBilling(None, account(), LATER), size=size) as rep:
        await rep.finds(">104233   SALEM PARTS LLC")
        await rep.finds("[!] in grace     12-12 22 d")
        await rep.presses("down", "enter")
        await rep.finds("BILLING 104871")
        await rep.finds("TO KEEP COVERAGE")
        await rep.presses("escape")
        await rep.finds(">104871   OAK DENTAL")


async def test_an_empty_list_says_so() -> None:
    async with at_desk(FakeBilling()) as rep:
        await rep.finds("No group has unpaid premium past its due date. F7 looks again.")


async def test_loading_and_failing_say_so_and_f7_tries_again() -> None:
    client = FakeBilling(None, account())
    client.open.clear()
    async with at_desk(client) as rep:
        await rep.finds("loading ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("could not load: The backend does not answer.")
        client.failure = None
        await rep.presses("f7")
        await rep.finds(">104233")


@pytest.mark.parametrize("kind", [EventKind.BILLING, EventKind.ACCOUNT, EventKind.RESET])
async def test_a_group_that_paid_stays_in_its_place_until_the_rep_asks(kind: EventKind) -> None:
    client = FakeBilling(None, account(), LATER)
    async with at_desk(client) as rep:
        await rep.finds(">104233")
        await rep.presses("down")
        client.accounts = [account("104999", name="NEW DEBTS"), LATER]
        hears(rep, kind)
        await rep.finds("-104233   SALEM PARTS LLC")
        await rep.finds(">104871")
        await rep.finds("1 new: F7")
        await rep.presses("f7")
        await rep.finds(" 104999   NEW DEBTS")
        await rep.loses("104233")
        await rep.finds(">104871")


async def test_help_says_what_the_order_means() -> None:
    async with at_desk(FakeBilling(None, account())) as rep:
        await rep.finds(">104233")
        await rep.presses("question_mark")
        await rep.finds("first end of coverage first")


async def test_after_the_lock_the_same_group_is_under_the_cursor() -> None:
    client = FakeBilling(None, account(), LATER)
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
    client = FakeBilling(None, account(text, name=text, city=text))
    async with at_desk(client, size=size) as rep:
        await rep.finds("[!] term pending")
        await rep.presses("question_mark", "escape")
        assert shown_by(rep) is WorkListScreen
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("enter")
        await rep.finds("TO KEEP COVERAGE")
        assert shown_by(rep) is BillingScreen
        assert rep.sees.replace("\n", "").isprintable()
