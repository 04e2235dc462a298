"""The account screens, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.billing_words import DelinquencyState
from api_client.types.common import Address
from api_client.types.visible import visible_line
from api_client.types.words import ContactRole, EventKind
from screens.accounts import account as account_module
from screens.accounts.account import AccountScreen
from screens.accounts.members import MembersScreen
from screens.search.find import FindScreen
from screens.user_ids.requests import UserIdsScreen
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from tests.screens.accounts.accounts import FakeAccounts, account, contact, item, member, paid
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.rep import HOSTILE_AT, SIZES, Rep

DIGITS = ("1", "0", "4", "2", "3", "3", "enter")
BUDGET = 8
ENDS = "** COVERAGE ENDS 2026-12-01 unless 10,000.00 reaches us by 12-01 **  b: why"


@asynccontextmanager
async def at_desk(
    client: FakeAccounts,
    *,
    size: tuple[int, int] = (80, 24),
    door: FakeDoor | None = None,
    first: str = "accounts",
) -> AsyncIterator[Rep]:
    seconds = Seconds()
    areas = {"accounts": FindScreen, "user_ids": UserIdsScreen}
    opened = {first: areas[first]} | areas
    async with desk(opened, client=client, seconds=seconds, size=size, door=door) as (app, pilot):
        yield Rep(app, pilot, seconds)


def hears(rep: Rep, change: Changed) -> None:
    """The screen in view is told of an update."""
    assert isinstance(rep.app.screen, DeskScreen)
    rep.app.screen.on_change(change)


def stands_on(rep: Rep, screen: type[DeskScreen]) -> bool:
    return isinstance(rep.app.screen, screen)


# -- finding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("first", ["accounts", "user_ids"])
async def test_six_digits_and_enter_put_the_account_on_the_screen(size: tuple[int, int], first: str) -> None:
    client = FakeAccounts(account(), paid("104239"))
    async with at_desk(client, size=size, first=first) as rep:
        assert len(DIGITS) <= BUDGET
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.finds("104233 SALEM PARTS LLC   20+ employees, ACTIVE since 2019-01-01   cycle C1")
        assert client.asked[-2:] == ["find 104233", "show 104233"]


@pytest.mark.parametrize("size", SIZES)
async def test_digits_typed_at_once_find_the_account_too(size: tuple[int, int]) -> None:
    client = FakeAccounts(account())
    async with at_desk(client, size=size, first="user_ids") as rep:
        await rep.types(*DIGITS)
        await rep.finds(ENDS)


async def test_keys_typed_behind_the_number_are_meant_for_its_account() -> None:
    client = FakeAccounts(account(), members=[member()])
    async with at_desk(client, first="user_ids") as rep:
        await rep.finds("No request waits")
        await rep.types(*DIGITS, "e")
        await rep.finds("MEMBERS  of 104233")


async def test_digits_find_from_an_account_from_its_members_and_from_its_user_ids() -> None:
    client = FakeAccounts(account(), paid(), members=[member()])
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        for opens, words in (("e", "88120441"), ("i", "No request of this client"), ("", ENDS)):
            if opens:
                await rep.presses(opens)
            await rep.finds(words)
            await rep.presses(*"104871", "enter")
            await rep.finds("104871 OAK DENTAL")
            assert len(rep.app.screen_stack) == 2
            await rep.presses(*DIGITS)
            await rep.finds(ENDS)


# -- one account -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_caller_asks_first_stands_on_the_screen(size: tuple[int, int]) -> None:
    async with at_desk(FakeAccounts(account()), size=size) as rep:
        await rep.presses(*DIGITS)
        for words in (
            ENDS,
            "BILL PHONE 800-555-0148 Mon-Fri 8-5 PT",
            "M-20418 match, queued  [!] 11 m",
            "U-00871 user ID, arrives by 12-03",
            "R. HALE, contract signer  since 2024-07-01  until",
            "10,000.00 received 2026-10-19, check 5521",
            "L-00877 termination letter, mailed 2026-11-16",
            "paper bill: yes",
            "the client administers it.",
            "refer to the group representative.",
            'SAY "Ten thousand dollars must reach us by December 1 to keep your coverage."',
        ):
            await rep.finds(words)
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1] == "b billing  e members 42  l letters  i user IDs  k answers  F1 help"


async def test_wide_members_billing_and_open_items_stand_side_by_side() -> None:
    async with at_desk(FakeAccounts(account()), size=(120, 40)) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.finds("MEMBERS")
        lines = rep.sees.split("\n")
        at = next(number for number, line in enumerate(lines) if "MEMBERS" in line)
        assert lines[at].split() == ["MEMBERS", "BILLING", "OPEN", "ITEMS"]
        assert "42 enrolled" in lines[at + 1]
        assert "term pending" in lines[at + 1]
        assert "M-20418 match, queued  [!] 11 m" in lines[at + 1]


async def test_a_group_that_paid_is_told_calmly() -> None:
    async with at_desk(FakeAccounts(paid())) as rep:
        await rep.presses(*"104871", "enter")
        await rep.finds("Paid up; coverage goes on. 1,234.50 is billed and not past due.")
        assert "COVERAGE ENDS" not in rep.sees


async def test_a_payment_taken_elsewhere_changes_the_line_at_once() -> None:
    client = FakeAccounts(account())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        client.put(paid("104233", name="SALEM PARTS LLC"))
        hears(rep, Changed(EventKind.BILLING, "104233", 2))
        await rep.finds("Paid up")
        await rep.loses("COVERAGE ENDS")


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (Changed(EventKind.ACCOUNT, "104233", 2), True),
        (Changed(EventKind.MATCH_ITEM, "M-20418", 2), True),
        (Changed(EventKind.USER_ID_REQUEST, "U-00871", 2), True),
        (Changed(EventKind.USER_ID_REQUEST, "U-00866", 5), True),  # is mailed, and no open item
        (Changed(EventKind.USER_ID_REQUEST, "U-00867", 5), False),
        (Changed(EventKind.RESET, "", 0), True),
        (Changed(EventKind.ACCOUNT, "104871", 2), False),
        (Changed(EventKind.BILLING, "104871", 2), False),
        (Changed(EventKind.MATCH_ITEM, "M-20999", 2), False),
        (Changed(EventKind.SESSION, "104233", 2), False),
    ],
)
async def test_only_updates_of_this_group_are_fetched(change: Changed, counts: bool) -> None:
    client = FakeAccounts(account(user_id="U-00866 reset, mailed 11-17, arrives by 11-24"))
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        client.asked.clear()
        client.put(account(name="SALEM PARTS RENAMED"))
        hears(rep, change)
        await rep.presses("tab")
        assert client.asked == (["show 104233"] if counts else [])
        assert ("RENAMED" in rep.sees) is counts


async def test_a_new_item_that_may_be_of_this_group_is_fetched_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account_module, "GATHER_SECONDS", 0.01)
    client = FakeAccounts(account())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        client.put(account(open_items=[item("M-20999")]))
        hears(rep, Changed(EventKind.MATCH_ITEM, "M-20999", 1))
        hears(rep, Changed(EventKind.MATCH_ITEM, "M-21000", 1))
        await rep.finds("M-20999")
        assert [one for one in client.asked if one.startswith("show")] == ["show 104233"] * 2


async def test_an_account_that_was_left_for_another_area_comes_back_as_it_is_now() -> None:
    client = FakeAccounts(account())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.presses("f5")
        await rep.finds("No request waits")
        client.put(paid("104233", name="SALEM PARTS LLC"))
        await rep.presses("f3")
        await rep.finds("Paid up")
        assert client.asked.count("show 104233") == 2


async def test_the_account_that_gives_way_to_another_is_not_asked_for_again() -> None:
    client = FakeAccounts(account(), paid())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.presses("f5", *"104871", "enter")
        await rep.finds("104871 OAK DENTAL")
        assert client.asked.count("show 104233") == 1


async def test_the_rule_behind_the_date_is_told() -> None:
    async with at_desk(FakeAccounts(account())) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.presses("question_mark")
        await rep.finds("ends after its last day")
        await rep.finds("a promise to pay, changes no date.")


async def test_b_e_and_i_stay_inside_the_account() -> None:
    client = FakeAccounts(account(), members=[member()])
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        for key, asked in (
            ("b", "billing of 104233"),
            ("e", "members 104233"),
            ("i", "user IDs all of 104233"),
        ):
            await rep.presses(key)
            assert not stands_on(rep, AccountScreen)
            assert asked in client.asked
            await rep.presses("escape")
            await rep.finds(ENDS)


async def test_a_group_that_is_taken_out_while_it_is_shown_is_said_so() -> None:
    client = FakeAccounts(account())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        del client.known["104233"]
        await rep.presses("f7")
        await rep.finds("There is no group 104233.")
        assert "SALEM" not in rep.sees
        await rep.presses("b")
        assert stands_on(rep, AccountScreen)
        await rep.presses("question_mark", "escape", "escape")
        assert stands_on(rep, FindScreen)


async def test_what_is_shown_stays_readable_when_the_backend_is_silent() -> None:
    client = FakeAccounts(account())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("f7")
        await rep.finds("The backend does not answer.")
        assert ENDS in rep.sees


async def test_an_account_that_cannot_be_had_says_so() -> None:
    client = FakeAccounts(account(), account("104234", name="SALEM CYCLES"))
    async with at_desk(client) as rep:
        await rep.presses("slash", *"salem", "enter")
        await rep.finds(">group    104233")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("enter")
        await rep.finds("104233  could not load; F7 tries again")
        client.failure = None
        await rep.presses("f7")
        await rep.finds(ENDS)


async def test_after_the_lock_the_account_and_its_members_stand_there_again() -> None:
    client = FakeAccounts(account(), members=[member(88000000 + number) for number in range(9)])
    async with at_desk(client, door=FakeDoor(client)) as rep:
        await rep.presses(*DIGITS)
        await rep.finds(ENDS)
        await rep.presses("e")
        await rep.finds(">88000000")
        await rep.presses("down", "down")
        await rep.finds(">88000002")
        await rep.presses("ctrl+l")
        await rep.loses("88000002")
        await rep.presses(*"word", "enter")
        await rep.finds(">88000002")
        await rep.presses("escape")
        await rep.finds(ENDS)


# -- members ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_members_stand_masked_page_by_page(size: tuple[int, int]) -> None:
    client = FakeAccounts(account(), members=[member(88000000 + number) for number in range(250)])
    async with at_desk(client, size=size) as rep:
        await rep.presses(*DIGITS, "e")
        await rep.finds(">88000000   J*** S*****")
        await rep.finds("subscriber 1984 2019-01-01 -          -")
        await rep.presses("end")
        await rep.finds(">88000099")
        await rep.presses("end")
        await rep.finds("of 250")
        await rep.finds("Enter open  / find")
        await rep.presses("question_mark")
        await rep.finds("Names are initials")


async def test_a_group_without_members_says_so() -> None:
    async with at_desk(FakeAccounts(account())) as rep:
        await rep.presses(*DIGITS, "e")
        await rep.finds("Nobody is or was enrolled in this group.")


async def test_a_new_member_is_counted_and_nothing_moves() -> None:
    client = FakeAccounts(account(), members=[member(88000005), member(88000006)])
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS, "e")
        await rep.finds(">88000005")
        client.enrolled.insert(0, member(88000001))
        hears(rep, Changed(EventKind.ACCOUNT, "104233", 2))
        await rep.finds("1 new: F7")
        assert "88000001" not in rep.sees
        await rep.presses("f7")
        await rep.finds(" 88000001")
        await rep.finds(">88000005")


# -- text from outside -----------------------------------------------------------------------------


def hostile_account(text: str) -> dict[str, object]:
    home = Address(street=text, city=text, state=text, zip=text)
    return {
        "name": text,
        "size_class": text,
        "address": home,
        "bill_phone": text,
        "bill_hours": text,
        "sentence": text,
        "medicare_sentence": text,
        "say": text,
        "last_payment": text,
        "last_letter": text,
        "contacts": [
            contact(role=role, name=text, phone=text, extension=text, address=home, valid_to=date(2025, 1, 1))
            for role in ContactRole
        ],
        "open_items": [item(kind=text, state=text)],
    }


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    shown = visible_line(text)
    one = account("104233", **hostile_account(text))
    other = account(f"104233{shown}"[:30], **hostile_account(text))
    people = [
        member(88000000, name=text, relationship=text, born=text),
        member().model_copy(update={"mrn": shown}),
    ]
    client = FakeAccounts(one, other, members=people)
    async with at_desk(client, size=size) as rep:
        await rep.presses(*"10423", "enter")
        await rep.finds("104233")
        await rep.presses("down", "enter")
        await rep.finds("** COVERAGE ENDS")
        await rep.presses("question_mark", "escape", "pagedown")
        assert stands_on(rep, AccountScreen)
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("e")
        await rep.finds("88000000")
        assert stands_on(rep, MembersScreen)
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape")
        client.known.clear()
        await rep.presses("f7")
        await rep.finds("There is no group")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape", "slash")
        rep.pastes(f"QQ{text}"[:40])
        await rep.finds("QQ")
        await rep.presses("enter")
        await rep.finds("Nothing is found by")
        assert stands_on(rep, FindScreen)
        assert rep.sees.replace("\n", "").isprintable()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("standing", list(DelinquencyState))
async def test_every_standing_fits_the_screen(standing: DelinquencyState, size: tuple[int, int]) -> None:
    async with at_desk(FakeAccounts(account(delinquency=standing)), size=size) as rep:
        await rep.presses(*DIGITS)
        await rep.finds("SAY ")
        await rep.finds("COVERAGE END")
        assert all(len(line) <= size[0] for line in rep.sees.split("\n"))
