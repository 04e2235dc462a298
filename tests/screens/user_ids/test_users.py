"""The IDs of a client and the log of their changes: what they say, and the keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Trouble
from api_client.types.user_id_words import (
    BlockReason,
    PersonIs,
    Privilege,
    SuspendedBy,
    UserAct,
    UserRole,
    UserState,
)
from api_client.types.user_ids import UserRow
from api_client.types.words import EventKind
from screens.user_ids import users_presentation as presentation
from screens.user_ids.users import UsersScreen
from screens.widgets.desk import Changed
from tests.screens.desk import NOW, Seconds, desk
from tests.screens.rep import HOSTILE_AT, SIZES, Rep
from tests.screens.user_ids.users import FakeUsers, administrator, clerk, line


@asynccontextmanager
async def at_desk(client: FakeUsers, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Rep]:
    seconds = Seconds()
    areas = {"user_ids": lambda: UsersScreen("104233")}
    async with desk(areas, client=client, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


def told(user: UserRow) -> str:
    return presentation.detail(user, NOW, 200).plain


# -- what it says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "cell", "words"),
    [
        (administrator(), "active", "the plan gave, by mail; one for each employer"),
        (administrator(), "active", "active since 11-13 17:41"),
        (administrator(), "active", "may     everything"),
        (administrator(), "active", "used    today"),
        (administrator(last_used_on=date(2026, 11, 2)), "active", "used    last on 2026-11-02"),
        (administrator(state=UserState.PENDING, last_used_on=None), "not used",
         "waits for its first sign-in"),
        (administrator(state=UserState.LOCKED), "locked",
         "locked by wrong passwords since 11-13 17:41; a faxed form for a reset brings a new code by mail"),
        (clerk(), "active", "made by the client's administrator as member clerk"),
        (clerk(), "active", "look at members, enroll members, end coverage, change members' data"),
        (clerk(), "active", "used    never"),
        (clerk(privileges=[]), "active", "may     nothing"),
        (clerk(state=UserState.LOCKED), "locked", "their administrator lets it go on, under Account Access"),
        (clerk(state=UserState.SUSPENDED, suspended_by=SuspendedBy.CLIENT), "suspended",
         "suspended by the client since 11-13 17:41; their administrator resumes it"),
        (clerk(state=UserState.SUSPENDED, suspended_by=SuspendedBy.SECURITY), "blocked",
         "blocked by the plan since 11-13 17:41; a lead lifts it"),
        (clerk(state=UserState.SUSPENDED, suspended_by=SuspendedBy.UNUSED), "unused",
         "nobody used it for long since 11-13 17:41; their administrator lets it go on"),
        (administrator(state=UserState.SUSPENDED, suspended_by=SuspendedBy.UNUSED), "unused",
         "a faxed form for a reset"),
        (clerk(state=UserState.ENDED), "ended", "ended since 11-13"),
        (clerk(state=UserState.WITHDRAWN), "withdrawn", "withdrawn, never used, since"),
        (clerk(person_is=PersonIs.BROKER, valid_to=date(2027, 6, 30)), "active",
         "its last day is 2027-06-30"),
        (clerk(person_is=PersonIs.TPA, valid_to=date(2026, 11, 19)), "active", "its last day was 2026-11-19"),
        (clerk(why="Coverage ended unpaid: it can look and pay only."), "active",
         "limits  Coverage ended unpaid: it can look and pay only."),
        (clerk(person=""), "active", "not named, employee"),
    ],
)  # fmt: skip
def test_an_id_says_who_has_it_how_far_it_can_be_used_and_what_limits_it(
    user: UserRow, cell: str, words: str
) -> None:
    assert presentation.state(user) == cell
    assert words in told(user)
    assert "online under Account Access" in told(user)


def test_every_word_of_the_contract_has_its_words_here() -> None:
    assert presentation.may(Privilege) == "everything"
    for one in Privilege:
        assert presentation.may([one]) not in ("nothing", "everything")
    assert set(presentation.ROLES) == set(UserRole)
    assert set(presentation.STATES) == set(UserState)
    assert set(presentation.REASONS) == set(BlockReason)
    assert set(presentation.ACTS) == set(UserAct)
    for state in UserState:
        for by in (None, *SuspendedBy):
            user = clerk(state=state, suspended_by=by)
            assert told(user)
            assert presentation.no_block(user).startswith("W-00002 ")
            assert presentation.no_lift(user).startswith("W-00002 ")


# -- the keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_ids_are_listed_and_what_is_the_clients_alone_says_so(size: tuple[int, int]) -> None:
    client = FakeUsers(administrator(), clerk(valid_to=date(2027, 6, 30)))
    async with at_desk(client, size=size) as rep:
        await rep.finds(">PAT DOE")
        await rep.finds("USERS  of 104233")
        await rep.finds("client member clerk  active     2026-11-13 2027-06-30")
        await rep.finds("W-00001  PAT DOE, employee")
        assert all(len(line) <= size[0] for line in rep.sees.split("\n"))
        assert rep.sees.split("\n")[-1].startswith("b block  l lift block  a another ID  e change  j log")
        for key in "ae":
            await rep.presses(key)
            await rep.types("1", "enter")
            await rep.finds("made and changed by the client's administrator alone, online")
        await rep.presses("question_mark")
        await rep.finds("The plan gives each employer one administrator ID")
        assert client.done == []


async def test_a_block_takes_a_reason_and_a_line_and_only_a_lead_lifts_it() -> None:
    client = FakeUsers(administrator(), clerk())
    async with at_desk(client) as rep:
        await rep.finds(">PAT DOE")
        await rep.presses("down", "b")
        await rep.finds("block W-00002: why?")
        await rep.presses("2")
        await rep.finds("> block W-00002 of KIM CLERK at once: seen by others")
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("W-00002 is blocked: nobody gets in with it any more.")
        await rep.finds("blocked by the plan since")
        assert client.done == ["block W-00002 seen_by_others"]
        await rep.presses("b")
        await rep.finds("W-00002 is blocked already; a lead lifts it.")
        await rep.presses("l")
        await rep.finds("W-00002 is blocked; a lead lifts it.")
        await rep.presses("up", "l")
        await rep.finds("W-00001 is not blocked.")
        assert len(client.done) == 1


async def test_a_lead_lifts_a_block_and_says_why() -> None:
    blocked: dict[str, Any] = {
        "state": UserState.SUSPENDED,
        "suspended_by": SuspendedBy.SECURITY,
        "can_block": False,
    }
    client = FakeUsers(administrator(can_lift=True, **blocked))
    async with at_desk(client) as rep:
        await rep.finds("blocked by the plan")
        await rep.presses("l", *"ok", "enter")
        await rep.finds("Say in 3 letters or more why it may go on.")
        await rep.presses("l", *"found again", "enter")
        await rep.finds('> let W-00001 of PAT DOE go on: "found again"')
        await rep.presses("enter")
        await rep.finds("W-00001 goes on: active.")
        assert client.done == ["lift W-00001 found again"]


async def test_a_conflict_a_failure_and_an_outage_say_so_and_nothing_is_said_to_be_done() -> None:
    client = FakeUsers(administrator())
    async with at_desk(client) as rep:
        await rep.finds(">PAT DOE")
        await rep.presses("b", "1")
        client.put("W-00001", state=UserState.LOCKED)
        await rep.presses("enter")
        await rep.finds("W-00001: active when you looked, locked now. Nothing was done.")
        await rep.finds("locked by wrong passwords")
        client.failure = RuleRefuses(Trouble("It has ended already.", "K-12345678"))
        await rep.presses("b", "1", "enter")
        await rep.finds("reference K-12345678")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("b", "1", "enter")
        await rep.finds("The backend does not answer.")
        assert client.done == []


async def test_a_change_elsewhere_shows_itself_and_an_empty_list_says_where_to_go() -> None:
    client = FakeUsers(administrator())
    async with at_desk(client) as rep:
        await rep.finds("active since")
        client.put("W-00001", state=UserState.LOCKED)
        rep.app.screen_stack[0].on_change(Changed(EventKind.ACCOUNT, "104233", 2))  # type: ignore[attr-defined]
        await rep.finds("locked by wrong passwords")
    async with at_desk(FakeUsers()) as rep:
        await rep.finds("This client has no user ID yet.")
        for key in "bl":
            await rep.presses(key)
            await rep.finds("No user ID stands here.")
        await rep.presses("j")
        await rep.finds("Nothing has happened with this client's user IDs.")


# -- the log -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_log_tells_every_change_the_newest_first(size: tuple[int, int]) -> None:
    log = [
        line(1, UserAct.LOCKED, user="W-00002", person="KIM CLERK", by="the plan", words="five wrong tries"),
        line(2, UserAct.CREATED, user="W-00002", person="KIM CLERK"),
        line(2, UserAct.CREATED, user="W-00002", person="KIM CLERK"),
        line(3),
        *[line(10 + at, UserAct.CHANGED) for at in range(4)],
        line(50, UserAct.APPROVED, user="", person="", by="M.Lopez"),
    ]  # fmt: skip
    async with at_desk(FakeUsers(administrator(), log=log), size=size) as rep:
        await rep.finds(">PAT DOE")
        await rep.presses("j")
        await rep.finds("ACCESS LOG  of 104233")
        await rep.finds("about   five wrong tries")
        await rep.finds("11-20 09:38 W-00001 PAT DOE          activated")
        await rep.presses(*["down"] * 8)
        await rep.finds("approved     M.Lopez")
        await rep.finds("by M.Lopez")
        await rep.presses("question_mark")
        await rep.finds("never changed or cut")
        await rep.presses("escape", "escape")
        await rep.finds(">PAT DOE")


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    user = clerk(person=text, why=text)
    client = FakeUsers(user, log=[line(1, person=text, by=text, words=text)])
    async with at_desk(client, size=size) as rep:
        await rep.finds("W-00002")
        await rep.presses("b", "3")
        await rep.finds("> block W-00002")
        await rep.presses("enter")
        await rep.finds("W-00002 is blocked")
        await rep.presses("j")
        await rep.finds("activated")
        assert rep.sees.replace("\n", "").isprintable()


def test_a_person_without_a_name_has_a_line_too() -> None:
    user = clerk(person="", since=NOW - timedelta(days=400))
    assert presentation.block_line(user, BlockReason.MISUSE).plain == (
        "block W-00002 of nobody named at once: misuse"
    )
    assert presentation.lift_line(user, "why").plain == 'let W-00002 of nobody named go on: "why"'
    unused = administrator(state=UserState.PENDING)
    assert presentation.block_line(unused, BlockReason.MISUSE).plain.endswith(
        ": misuse; its letter and its request end with it"
    )
