"""The screens of answers, driven by keys."""

from __future__ import annotations

from typing import cast

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.words import EventKind
from screens.answers import answers as answers_module
from screens.answers import live
from screens.answers.answers import AnswersScreen
from screens.answers.article import ArticleScreen
from screens.widgets.desk import About, Changed
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from tests.screens.answers.answers import FakeAnswers, article, at_desk
from tests.screens.rep import HOSTILE_AT, SIZES, Rep

COBRA = "Can we do COBRA enrollments"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_module, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(live, "GATHER_SECONDS", 0.001)


def screen(rep: Rep) -> DeskScreen:
    return cast("DeskScreen", rep.app.screen)


# -- finding -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_all_questions_stand_there_and_typing_leaves_those_that_are_meant(
    size: tuple[int, int],
) -> None:
    client = FakeAnswers()
    async with at_desk(client, size=size) as rep:
        await rep.finds("ANSWERS  for 104233")
        await rep.finds("Do we go on receiving a paper bi")
        await rep.finds(f">{'COBRA and Medicare  ' if size[0] == 120 else ''}{COBRA}")
        await rep.presses(*"paper")
        await rep.loses(COBRA)
        await rep.finds(">" if size[0] == 80 else ">COBRA and Medicare")
        assert client.asked[-1] == "find paper for 104233"
        lines = rep.sees.split("\n")
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1] == "Enter open  Down/Up move  Esc all, back  F1 help"


async def test_keys_behind_enter_are_for_the_answer_it_opens() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds("COBRA")
        client.open.clear()
        await rep.presses(*"cobra", "enter", "k")
        assert isinstance(screen(rep), AnswersScreen)
        client.open.set()
        await rep.finds("SAY ")
        assert isinstance(screen(rep), ArticleScreen)
        await rep.presses("escape")
        assert rep.app.screen.query_one(LineField).value == "cobra"


async def test_enter_opens_the_first_that_is_meant_by_what_was_typed_however_fast() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        await rep.types(*"ending", "enter")
        await rep.finds("SAY ")
        assert client.asked[-2:] == ["find ending for 104233", "show coverage-ending for 104233"]


async def test_enter_typed_while_it_looks_opens_what_comes() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        client.open.clear()
        await rep.presses(*"paper", "enter")
        assert isinstance(rep.app.screen, AnswersScreen)
        client.open.set()
        await rep.finds("SAY ")
        assert client.asked[-1] == "show paper-bill for 104233"


async def test_enter_is_not_lost_when_it_is_looked_for_once_more() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        client.open.clear()
        await rep.presses(*"paper", "enter")
        screen = rep.app.screen
        assert isinstance(screen, AnswersScreen)
        screen.load()  # as the pause does that ends behind Enter
        client.open.set()
        await rep.finds("SAY ")


async def test_the_arrows_move_in_the_list_and_the_letters_stay_in_the_field() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(f">{COBRA}")
        await rep.presses("down", "down")
        await rep.finds(" Is our coverage ending, and what must we pay by when?")
        await rep.presses("up", "enter")
        await rep.finds("SAY ")
        assert client.asked[-1] == "show paper-bill for 104233"
        await rep.presses("escape")
        await rep.finds(">Do we go on")
        await rep.presses("pagedown")
        await rep.finds(">Is our coverage")
        await rep.presses("pageup", *"e2?/", "enter")
        assert isinstance(rep.app.screen, AnswersScreen)
        assert client.asked[-1] == "find e2?/ for 104233"


async def test_what_nothing_means_is_said_with_what_to_do_and_esc_lists_all_again() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        await rep.presses(*"zebra")
        await rep.finds("Nothing means that. Other words, such as bill, card or COBRA; Esc lists all.")
        await rep.presses("enter")
        await rep.finds('Nothing means "zebra".')
        await rep.presses("escape")
        await rep.finds(f">{COBRA}")
        assert isinstance(rep.app.screen, AnswersScreen)


async def test_without_a_group_the_answers_are_for_everybody() -> None:
    client = FakeAnswers()
    async with at_desk(client, AnswersScreen) as rep:
        await rep.finds("ANSWERS  for everybody")
        assert screen(rep).about() is None
        await rep.presses("enter")
        await rep.finds("SAY ")
        assert client.asked == ["find  for ", "show cobra-online for everybody"]


# -- one answer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_sentence_stands_first_and_what_it_rests_on_below(size: tuple[int, int]) -> None:
    async with at_desk(FakeAnswers(), size=size) as rep:
        await rep.finds(COBRA)
        await rep.presses("enter")
        for words in (
            "ANSWER  for 104233  cobra-online",
            " because size by the law: 20+ employees",
            " points  1 the first",
            " menu    Account services > Enrollment > COBRA",
            " call    COBRA administrator Thistle Admin  415-555-0199",
            " rule    R14, R15: online only",
            " source  the plan's FAQ",
            " kept by COBRA desk, reviewed 2026-08-24",
        ):
            await rep.finds(words)
        lines = rep.sees.split("\n")
        say = next(at for at, line in enumerate(lines) if line.startswith(' SAY "COBRA cannot'))
        assert say < next(at for at, line in enumerate(lines) if line.startswith(" because"))
        assert screen(rep).about() == About("104233")
        await rep.presses("question_mark")
        await rep.finds("Rule: R14, R15: online only if the client administers COBRA itself")
        await rep.finds("Source: the plan's FAQ")


async def test_what_the_caller_may_not_hear_is_marked() -> None:
    client = FakeAnswers(article(locked=True, because=[], points=[], phones=[], menu_path=""))
    async with at_desk(client, lambda: ArticleScreen("cobra-online", group="104233")) as rep:
        await rep.finds(" LOCKED  this caller has not proved the right to hear it of this group: what is")
        assert "\n because" not in rep.sees
        client.known["cobra-online"] = article(say="You may know now.")
        screen(rep).on_calls(rights_changed=True)
        await rep.finds("You may know now.")
        await rep.loses("LOCKED")


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (Changed(EventKind.ACCOUNT, "104233", 2), True),
        (Changed(EventKind.BILLING, "104233", 2), True),
        (Changed(EventKind.USER_ID_REQUEST, "U-00871", 2), True),
        (Changed(EventKind.MATCH_ITEM, "M-20418", 2), True),
        (Changed(EventKind.RESET, "", 0), True),
        (Changed(EventKind.BILLING, "104871", 2), False),
        (Changed(EventKind.CARD, "D-1", 2), False),
    ],
)
async def test_updates_of_the_group_are_fetched_in_both_screens(change: Changed, counts: bool) -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        for opens, asked in (("", "find  for 104233"), ("enter", "show cobra-online for 104233")):
            if opens:
                await rep.presses(opens)
                await rep.finds("SAY ")
            client.asked.clear()
            client.known["cobra-online"] = article(say=f"Changed {asked}.")
            screen(rep).on_change(change)
            if counts:
                await rep.finds(f"Changed {asked[:4]}")
                assert client.asked == [asked]
            else:
                await rep.presses("tab")
                assert client.asked == []


async def test_what_is_shown_stays_readable_and_what_cannot_be_had_is_said() -> None:
    client = FakeAnswers()
    async with at_desk(client) as rep:
        await rep.finds(COBRA)
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("enter")
        await rep.finds("cobra-online  could not load; F7 tries again")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("SAY ")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("f7")
        await rep.finds("The backend does not answer.")
        assert "SAY " in rep.sees
        client.failure = None
        client.known.clear()
        await rep.presses("f7")
        await rep.finds("There is no answer cobra-online. Esc goes back.")


async def test_after_the_lock_the_answer_stands_there_again_and_what_was_typed_is_gone() -> None:
    async with at_desk(FakeAnswers()) as rep:
        await rep.finds(COBRA)
        await rep.presses(*"paper", "enter")
        await rep.finds("SAY ")
        await rep.presses("ctrl+l")
        await rep.loses("SAY ")
        await rep.presses(*"word", "enter")
        await rep.finds("SAY ")
        await rep.presses("escape")
        await rep.finds(COBRA)
        assert "paper " not in rep.sees.split("\n")[2]


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    client = FakeAnswers(
        article(
            topic=text,
            question=f"QQ{text}",
            say=text,
            because=[text],
            points=[text],
            rule=text,
            source=text,
            owner=text,
            menu_path=text,
            locked=True,
        )
    )
    async with at_desk(client, size=size) as rep:
        await rep.finds("QQ")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("enter")
        await rep.finds("SAY ")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("question_mark")
        await rep.finds("Rule:")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape", "escape")
        rep.pastes(f"QQ{text}"[:40])
        await rep.finds("QQ")
        assert rep.sees.replace("\n", "").isprintable()
