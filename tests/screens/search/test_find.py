"""Finding anything, driven by keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from api_client.errors import NoAnswer, RuleRefuses, Trouble
from api_client.types.call_words import FoundKind, LookReason
from api_client.types.search import Found, FoundAll
from api_client.types.words import EventKind
from screens.search import find, presentation
from screens.search.find import FindScreen
from screens.search.opening import screen_of
from screens.user_ids.requests import UserIdsScreen
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from tests.screens.accounts.accounts import FakeAccounts, account, paid
from tests.screens.desk import Seconds, desk
from tests.screens.rep import HOSTILE_AT, SIZES, Rep

PERSON = Found(
    kind=FoundKind.MEMBER,
    id="88120441",
    label="R*** S*****",
    detail="104233 SALEM PARTS LLC, born 1966-**-**",
    matched=["last name", "birth date"],
    group_number="104233",
)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "DEBOUNCE_SECONDS", 0.001)


class FakeSearch(FakeAccounts):
    """Answers what the test says, by the text asked for; else the groups it knows."""

    def __init__(self, *known: Any) -> None:
        super().__init__(*known)
        self.answers: dict[str, FoundAll] = {}
        self.slow: dict[str, asyncio.Event] = {}

    async def find(self, text: str, *, reason: LookReason | None = None, limit: int = 20) -> FoundAll:
        if text in self.slow:
            await self.slow[text].wait()
        answer = self.answers.get(f"{text} {reason}") if reason else self.answers.get(text)
        found = await super().find(text, reason=reason, limit=limit)
        return found if answer is None else answer


@asynccontextmanager
async def at_desk(client: FakeSearch, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Rep]:
    seconds = Seconds()
    areas = {"user_ids": UserIdsScreen, "accounts": FindScreen}
    async with desk(areas, client=client, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


def field(rep: Rep) -> str:
    return rep.app.screen.query_one("#typed", Input).value


@pytest.mark.parametrize("size", SIZES)
async def test_it_looks_while_typing_and_marks_what_matched(size: tuple[int, int]) -> None:
    client = FakeSearch(account(), account("104234", name="SALEM CYCLES"), paid())
    async with at_desk(client, size=size) as rep:
        await rep.presses("slash")
        await rep.finds("Type what the caller says")
        await rep.presses(*"salem")
        await rep.finds(">group    104233     SALEM PARTS LLC    group number")
        await rep.finds("group 104233  SALEM PARTS LLC")
        assert "OAK DENTAL" not in rep.sees
        assert len(rep.sees.split("\n")) == size[1]
        await rep.presses("enter", "down", "enter")
        await rep.finds("104234 SALEM CYCLES")
        await rep.presses("escape")
        await rep.finds('FIND  "salem"')
        assert field(rep) == "salem"


async def test_esc_leads_back_to_where_the_search_began() -> None:
    async with at_desk(FakeSearch(account())) as rep:
        await rep.finds("No request waits")
        await rep.presses(*"1042")
        await rep.finds("104233")
        await rep.presses("escape")
        await rep.finds("No request waits")
        assert "104233" not in rep.sees


async def test_a_date_and_a_slash_can_be_typed() -> None:
    client = FakeSearch()
    client.answers["r 1/17"] = FoundAll(results=[PERSON])
    async with at_desk(client) as rep:
        await rep.presses("slash", "r", "space", "1", "slash", "1", "7")
        await rep.finds("last name, birth d")
        assert field(rep) == "r 1/17"


async def test_exactly_the_number_opens_at_once_although_others_begin_so() -> None:
    client = FakeSearch(account("1042", name="FERN LTD"), account())
    async with at_desk(client) as rep:
        await rep.presses(*"1042", "enter")
        await rep.finds("1042 FERN LTD")


async def test_an_answer_to_something_else_is_never_opened() -> None:
    client = FakeSearch(account("1042", name="FERN LTD"), account("1049", name="OTHER LTD"))
    client.slow["1049"] = asyncio.Event()
    async with at_desk(client) as rep:
        await rep.presses(*"1042")
        await rep.finds("FERN LTD")
        await rep.presses("backspace")
        await rep.presses("9", "enter")
        assert isinstance(rep.app.screen, FindScreen)
        client.slow["1049"].set()
        await rep.finds("1049 OTHER LTD")


async def test_enter_is_not_lost_when_it_is_looked_for_once_more() -> None:
    client = FakeSearch(account("1042", name="FERN LTD"), account("1049", name="OTHER LTD"))
    client.slow["1042"] = asyncio.Event()
    async with at_desk(client) as rep:
        await rep.presses(*"1042", "enter")
        screen = rep.app.screen
        assert isinstance(screen, FindScreen)
        screen.load()  # as a return to the screen does, or the pause that ends behind Enter
        client.slow["1042"].set()
        await rep.finds("1042 FERN LTD")


async def test_a_row_of_the_answer_before_is_not_opened_for_what_is_typed_now() -> None:
    client = FakeSearch(account(), account("104234", name="SALEM CYCLES"))
    client.slow["salemx"] = asyncio.Event()
    async with at_desk(client) as rep:
        await rep.presses("slash", *"salem")
        await rep.finds("SALEM CYCLES")
        await rep.presses("x", "down", "enter")
        assert isinstance(rep.app.screen, FindScreen)
        client.slow["salemx"].set()
        await rep.finds('Nothing is found by "salemx".')
        await rep.pilot.pause()
        assert isinstance(rep.app.screen, FindScreen)


async def test_down_typed_before_the_answer_goes_into_the_list_when_it_comes() -> None:
    client = FakeSearch(account(), account("104234", name="SALEM CYCLES"))
    client.slow["salem"] = asyncio.Event()
    async with at_desk(client) as rep:
        await rep.presses("slash", *"salem", "down", "down", "enter")
        client.slow["salem"].set()
        await rep.finds("ACCOUNT  104234")


async def test_people_need_a_reason_which_one_digit_gives() -> None:
    client = FakeSearch(account(name="SMITH LTD"))
    client.answers["smith"] = FoundAll(results=[], people_need_reason=True, sentence="Say why.")
    client.answers["smith returned_mail"] = FoundAll(results=[PERSON])
    async with at_desk(client) as rep:
        await rep.presses("tab", "slash", *"smith")
        await rep.finds("Tab: people too, say why")
        await rep.presses("tab")
        await rep.finds("3 mail that came back")
        await rep.presses("3")
        await rep.finds("R*** S*****")
        await rep.finds("people too: mail that came back")
        assert client.asked[-1] == "find smith returned_mail"
        await rep.presses("tab")
        await rep.finds("People are looked for already.")
        await rep.presses("escape", "slash", *"smith")
        await rep.finds("Tab: people too, say why")


async def test_the_kinds_of_empty_say_what_is_the_matter() -> None:
    client = FakeSearch(account())
    client.open.clear()
    async with at_desk(client) as rep:
        await rep.presses("slash")
        await rep.finds("Type what the caller says")
        await rep.presses(*"zz")
        await rep.finds('looking for "zz" ...')
        client.open.set()
        await rep.finds('Nothing is found by "zz".')
        await rep.finds("Less of it may find more.")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("y")
        await rep.finds("The backend does not answer.")
        await rep.finds('could not look for "zzy"; F7 tries again')
        client.failure = None
        await rep.presses("f7")
        await rep.finds('Nothing is found by "zzy".')
        await rep.presses("backspace", "backspace", "backspace")
        await rep.finds("Type what the caller says")


async def test_a_limit_that_is_reached_is_said() -> None:
    client = FakeSearch(account())
    client.failure = RuleRefuses(Trouble("So many people were looked up; it goes on at 10:41."))
    async with at_desk(client) as rep:
        await rep.presses("slash", *"smith")
        await rep.finds("it goes on at 10:41")


async def test_what_was_typed_is_out_of_memory_behind_the_lock() -> None:
    client = FakeSearch(account())
    async with at_desk(client) as rep:
        await rep.presses("f3", "slash", *"salem")
        await rep.finds("SALEM PARTS LLC")
        await rep.presses("ctrl+l")
        await rep.finds("locked")
        await rep.presses(*"x", "enter")
        await rep.finds("Type what the caller says")
        assert field(rep) == ""
        assert "SALEM" not in rep.sees


async def test_a_change_of_what_is_shown_is_looked_for_again_and_nothing_else_is() -> None:
    client = FakeSearch(account())
    async with at_desk(client) as rep:
        await rep.presses("f3", *"salem")
        await rep.finds("SALEM PARTS LLC")
        asked = len(client.asked)
        screen = rep.app.screen
        assert isinstance(screen, DeskScreen)
        screen.on_change(Changed(EventKind.ACCOUNT, "104871", 2))
        await rep.pilot.pause()
        assert len(client.asked) == asked
        client.put(account(name="SALEM BOATS"))
        screen.on_change(Changed(EventKind.RESET, "", 0))
        await rep.loses("SALEM PARTS LLC")
        await rep.finds("SALEM BOATS")


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    client = FakeSearch()
    words = {"label": f"A{text}", "detail": f"B{text}", "matched": [f"C{text}"]}
    two = [PERSON.model_copy(update={"id": number}) for number in ("1", "2")]
    client.answers["q"] = FoundAll(
        results=[Found.model_validate(one.model_dump() | words) for one in two], more=True
    )
    client.answers["qq"] = FoundAll(results=[], sentence=f"D{text}")
    async with at_desk(client, size=size) as rep:
        await rep.presses("slash", "q")
        await rep.finds("there are more")
        assert all(cell_len(line) <= size[0] for line in rep.sees.split("\n"))
        rep.pastes(text)
        await rep.presses("home", "f1", "escape", "delete")
        assert rep.app.is_running
        assert "\x1b" not in rep.sees


async def test_pasted_signs_that_steer_are_looked_for_as_they_are_shown() -> None:
    client = FakeSearch(account())
    async with at_desk(client) as rep:
        await rep.presses("slash", "x")
        rep.pastes("QQ" + "\u202e" * 3)
        await rep.finds('Nothing is found by "xQQ<202E>')
        assert all(len(one) <= len("find ") + 80 for one in client.asked)


# -- pure ------------------------------------------------------------------------------------------


def _found(kind: FoundKind, number: str, group: str = "104233") -> Found:
    return Found(kind=kind, id=number, label="x", group_number=group)


def test_what_is_meant_for_sure() -> None:
    group, other = _found(FoundKind.GROUP, "AB-1"), _found(FoundKind.GROUP, "AB-12")
    member = _found(FoundKind.MEMBER, "ab-1")
    assert presentation.meant([group], "any") is group
    assert presentation.meant([group, other], " ab-1 ") is group
    assert presentation.meant([group, member], "ab-1") is group
    assert presentation.meant([other, member], "ab-1") is member
    assert presentation.meant([group, other], "AB") is None
    assert presentation.meant([], "AB") is None


@pytest.mark.parametrize(
    ("kind", "screen"),
    [
        (FoundKind.GROUP, "AccountScreen"),
        (FoundKind.MEMBER, "PersonScreen"),
        (FoundKind.ENROLLMENT, "PersonScreen"),
        (FoundKind.MATCH_ITEM, "ReviewScreen"),
        (FoundKind.USER_ID_REQUEST, "UserIdsScreen"),
        (FoundKind.USER_ID, "AccountScreen"),
        (FoundKind.LETTER, "LettersScreen"),
        (FoundKind.CARD, "AccountScreen"),
        (FoundKind.FILE, "FileScreen"),
        (FoundKind.CALL, "AccountScreen"),
        (FoundKind.CALL_BACK, "AccountScreen"),
    ],
)
async def test_each_kind_opens_its_screen(kind: FoundKind, screen: str) -> None:
    async with at_desk(FakeSearch(account())):
        assert type(screen_of(_found(kind, "X-1"))).__name__ == screen
        groupless = screen_of(_found(kind, "X-1", ""))
        assert (groupless is None) == (
            kind not in (FoundKind.MATCH_ITEM, FoundKind.FILE, FoundKind.USER_ID_REQUEST)
        )


def test_every_kind_and_reason_has_its_words() -> None:
    assert set(presentation.KINDS) == set(FoundKind)
    assert set(presentation.REASONS) == set(LookReason)
