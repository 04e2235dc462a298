"""Signing in: prefilled, typed ahead, refused, remembered, and a keyring that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from api_client.errors import NoAnswer, SignInFailed, Trouble
from api_client.types.session import Session
from screens.session.door import Opening
from screens.session.sign_in import SignInScreen
from screens.widgets.screen import DeskScreen
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.rep import HOSTILE, SIZES, Rep
from tests.screens.test_base import ListScreen, Records

DEMO = Opening("m.lopez", "public demo password")


class FocusedList(ListScreen):
    AUTO_FOCUS = "VirtualTable"

    def again(self) -> DeskScreen:
        return FocusedList(self.records)


@asynccontextmanager
async def before_a_door(door: FakeDoor, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Rep]:
    seconds = Seconds()
    areas = {"matching": lambda: FocusedList(Records(3))}
    async with desk(areas, door=door, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


@pytest.mark.parametrize("size", SIZES)
async def test_one_enter_signs_in_the_demo_rep(size: tuple[int, int]) -> None:
    door = FakeDoor(opening=DEMO)
    async with before_a_door(door, size) as rep:
        await rep.finds("Enter signs in. This is a demo")
        assert "public demo password" not in rep.sees
        await rep.presses("enter")
        await rep.finds("rows 1-3 of 3")
        assert door.calls == ["open", "sign_in m.lopez public demo password False"]


async def test_after_the_sign_out_one_enter_signs_in_the_demo_rep_again() -> None:
    door = FakeDoor(opening=DEMO)
    async with before_a_door(door) as rep:
        await rep.finds("Enter signs in. This is a demo")
        await rep.presses("enter")
        await rep.finds("rows 1-3 of 3")
        await rep.app.sign_out()
        await rep.finds("Enter signs in. This is a demo")
        await rep.presses("enter")
        await rep.finds("rows 1-3 of 3")


async def test_what_is_typed_before_the_backend_answers_waits_for_it() -> None:
    door = FakeDoor(opening=Opening())
    answers = asyncio.Event()
    opens = door.open

    async def slow() -> Opening:
        await answers.wait()
        return await opens()

    door.open = slow  # type: ignore[method-assign]
    async with before_a_door(door) as rep:
        await rep.finds("reaching the backend ...")
        await rep.presses(*"r.chen", "enter", *"secret", "enter")
        assert door.calls == []
        answers.set()
        await rep.finds("rows 1-3 of 3")
        assert door.calls == ["open", "sign_in r.chen secret False"]


async def test_a_wrong_password_keeps_the_name_and_says_why() -> None:
    door = FakeDoor(opening=Opening())
    async with before_a_door(door) as rep:
        await rep.presses(*"r.chen", "enter", *"wrong")
        door.failure = SignInFailed(Trouble("User name or password is wrong.", "ABCD-EFGH-JKMN"))
        await rep.presses("enter")
        await rep.finds("User name or password is wrong.")
        await rep.finds("ABCD-EFGH-JKMN")
        await rep.finds("r.chen")
        door.failure = None
        await rep.presses(*"right", "enter")
        await rep.finds("rows 1-3 of 3")
        assert door.calls[-1] == "sign_in r.chen right False"


class SlowDoor(FakeDoor):
    """The password is looked at for as long as the test wants."""

    def __init__(self, opening: Opening | None = None) -> None:
        super().__init__(opening=opening)
        self.answers = asyncio.Event()

    async def sign_in(self, username: str, password: str, *, remember: bool) -> tuple[Session, str]:
        await self.answers.wait()
        return await super().sign_in(username, password, remember=remember)

    async def unlock(self, password: str) -> Session:
        await self.answers.wait()
        return await super().unlock(password)


async def test_what_is_typed_behind_the_password_is_for_the_desk() -> None:
    door = SlowDoor(Opening())
    async with before_a_door(door) as rep:
        await rep.presses(*"r.chen", "enter", *"secret", "enter", "down")
        assert door.calls == ["open"]
        door.answers.set()
        await rep.finds(">M-00001")


async def test_what_is_typed_behind_the_password_of_the_lock_is_for_the_desk() -> None:
    door = SlowDoor()
    async with before_a_door(door) as rep:
        await rep.finds(">M-00000")
        await rep.presses("ctrl+l")
        await rep.finds("The desk is locked.")
        await rep.presses(*"secret", "enter", "down")
        door.answers.set()
        await rep.finds(">M-00001")
        assert door.calls[-2:] == ["lock", "unlock secret"]


async def test_what_is_typed_behind_a_wrong_password_is_dropped_and_is_no_part_of_the_next() -> None:
    door = SlowDoor()
    async with before_a_door(door) as rep:
        await rep.finds(">M-00000")
        await rep.presses("ctrl+l")
        await rep.finds("The desk is locked.")
        door.failure = SignInFailed(Trouble("The password is wrong.", "ABCD-EFGH-JKMN"))
        await rep.presses(*"wrong", "enter", "p", "1")
        door.answers.set()
        await rep.finds("The password is wrong.")
        door.failure = None
        await rep.presses(*"secret", "enter")
        await rep.finds(">M-00000")
        assert door.calls[-2:] == ["unlock wrong", "unlock secret"]


async def test_a_backend_that_is_not_there_is_tried_again_with_f7() -> None:
    door = FakeDoor(opening=DEMO)
    door.failure = NoAnswer(Trouble("The backend does not answer."))
    async with before_a_door(door) as rep:
        await rep.finds("The backend does not answer.")
        await rep.finds("F7 tries again")
        door.failure = None
        await rep.presses("f7")
        await rep.finds("Enter signs in")


async def test_a_workstation_is_remembered_only_when_asked() -> None:
    door = FakeDoor(opening=Opening(can_remember=True))
    async with before_a_door(door) as rep:
        await rep.finds("keep me signed in on this workstation")
        await rep.presses("ctrl+r")
        await rep.finds("This workstation will be remembered.")
        await rep.presses(*"r.chen", "enter", *"secret", "enter")
        await rep.finds("rows 1-3 of 3")
        assert door.calls[-1] == "sign_in r.chen secret True"


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_word_about_the_keyring_is_shown_and_never_obeyed(text: str) -> None:
    async with before_a_door(FakeDoor(opening=Opening(text, word=text))) as rep:
        await rep.finds("password")
        assert isinstance(rep.app.screen, SignInScreen)
        assert rep.sees.replace("\n", "").isprintable()
