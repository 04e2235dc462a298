"""The review, driven by keys."""

from __future__ import annotations

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Trouble
from api_client.types.words import MatchState
from screens.matching.queue import QueueScreen
from tests.screens.matching.at_desk import at_queue, hears, in_review, review
from tests.screens.matching.cases import (
    item,
    masked,
    pending,
    standing_out,
    stranger,
    twin,
    waiting,
)
from tests.screens.matching.fake import FakeMatching
from tests.screens.rep import SIZES


@pytest.mark.parametrize("size", SIZES)
async def test_a_match_that_stands_out_is_decided_with_three_keys(size: tuple[int, int]) -> None:
    client = FakeMatching(item())
    keys = ("n", "1", "enter")
    async with at_queue(client, size=size) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.presses(keys[0])
        await rep.finds("INCOMING")
        await rep.presses(keys[1])
        await rep.finds("> link M-20418 to MRN 88120441 SMITH, JANE ANN")
        await rep.presses(keys[2])
        await rep.finds("M-20418 linked to MRN 88120441; u takes it back until 09:51.")
        assert client.done == ["link M-20418 88120441"]


async def test_what_is_taken_back_from_the_queue_says_that_it_is_the_rep_s_again() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.finds("INCOMING")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        assert isinstance(rep.app.screen, QueueScreen)
        await rep.presses("u", "enter")
        await rep.finds("M-20418 is yours again: decide it anew.")
        assert client.done == ["link M-20418 88120441", "undo M-20418"]


async def test_a_view_is_named_in_full_and_takes_an_old_word_off_the_screen() -> None:
    async with in_review(FakeMatching(item(), waiting("M-20500"))) as rep:
        await rep.finds("INCOMING")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        await rep.presses("f", "2")
        await rep.finds("QUEUE  waiting for the employer ")
        await rep.finds(">M-20500")
        assert "M-20418 linked" not in rep.sees


async def test_at_80_one_candidate_at_a_time_the_others_in_one_line() -> None:
    async with in_review(FakeMatching(item())) as rep:
        await rep.finds("1 of 2  +33.2  MRN 88120441")
        assert "2  +9.8  88120977  SMITH, JOAN" in rep.sees
        await rep.presses("right")
        await rep.finds(">2 of 2  +9.8  MRN 88120977")
        assert "1  +33.2  88120441" in rep.sees
        await rep.presses("right")
        await rep.finds(">1 of 2  +33.2")
        await rep.presses("left", "2")
        await rep.finds("> link M-20418 to MRN 88120977 SMITH, JOAN")
        await rep.presses("left")
        await rep.loses("> link")


async def test_at_120_three_candidates_side_by_side_and_the_others_by_digit() -> None:
    five = [standing_out(), twin(), *(stranger(number) for number in (3, 4, 5))]
    async with in_review(FakeMatching(item(candidates=five)), size=(120, 40)) as rep:
        await rep.finds(" 1  +33.2  MRN 88120441")
        await rep.finds(" 3  +2.1  MRN 70031183")
        assert "MRN 70031184" not in rep.sees
        await rep.presses("5")
        await rep.finds(">5  +2.1  MRN 70031185")
        assert "MRN 88120441" not in rep.sees
        await rep.finds("> link M-20418 to MRN 70031185 SMYTH5, JANET")


@pytest.mark.parametrize("size", SIZES)
async def test_every_field_has_both_values_a_sign_and_words(size: tuple[int, int]) -> None:
    client = FakeMatching(item(candidates=[twin(), stranger(4)]))
    async with in_review(client, size=size) as rep:
        await rep.presses("2")
        await rep.finds("~ 1984-12-03")
        await rep.finds("day and month exchanged")
        rep.waits(1)
        await rep.presses("1")
        await rep.finds("# ***-**-6798")
        assert "-1.3" in rep.sees
        await rep.finds("WHY 1     born +8.4  last name +6.9  SSN -1.3  first name -4.2  = +9.8")
        assert "= SMITH" in rep.sees
        assert "# JOAN" in rep.sees
        assert "twin in the same home?" in rep.sees
        assert "a member on file has the same birth date and a part of the name" in rep.sees
        assert "received, receipt R-0712" in rep.sees


async def test_held_keys_decide_nothing() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with at_queue(client) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.types("n", "1", "enter", "enter")
        await rep.finds("INCOMING")
        await rep.types("1", *["enter"] * 20)
        assert client.done == []
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        await rep.finds("MATCH M-20419")
        await rep.types("1", *["enter"] * 20)
        assert client.done == ["link M-20418 88120441"]


async def test_enter_alone_decides_nothing_and_says_what_to_press() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("enter")
        await rep.finds("Nothing is chosen")
        await rep.presses("right", "enter", "enter")
        assert client.done == []


async def test_two_digits_and_enter_ask_what_is_meant() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1", "2", "enter")
        await rep.finds("l look up 12  c candidate 2 SMITH, JOAN")
        await rep.presses("enter", "enter")
        assert client.done == []
        await rep.presses("c")
        await rep.finds("> link M-20418 to MRN 88120977 SMITH, JOAN")
        assert client.done == []


async def test_two_candidates_are_compared_by_their_digits_after_a_look() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        rep.waits(1)
        await rep.presses("2")
        await rep.finds("> link M-20418 to MRN 88120977 SMITH, JOAN")
        rep.waits(1)
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked to MRN 88120441")


async def test_a_number_that_is_no_candidate_s_is_looked_up_without_a_question() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("right")
        await rep.types(*"104233", "enter")
        await rep.finds("found 104233")
        assert client.done == []


async def test_one_digit_of_no_candidate_chooses_nobody_and_looks_nothing_up() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        for keys in (("1", "3"), ("7",)):
            await rep.presses(*keys)
            await rep.finds("a number")
            await rep.presses("escape")
        await rep.presses("3", "enter")
        await rep.finds("There is no candidate 3.")
        assert review(rep).item is not None
        assert client.done == []


async def test_a_new_chart_says_how_far_the_first_candidate_agrees() -> None:
    client = FakeMatching(item())
    async with in_review(client, size=(120, 40)) as rep:
        await rep.presses("x")
        await rep.finds("create a NEW chart for M-20418 SMITH, JANE; 1 agrees on 5 of 6 fields")
        await rep.presses("x", "x")
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("M-20418 has a new chart")
        assert client.done == ["create M-20418"]


async def test_a_rejection_takes_a_reason_and_maybe_a_note() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("d")
        await rep.finds("1 not eligible  2 wrong group")
        await rep.presses("2")
        await rep.finds("note to M-20418, or none:")
        await rep.presses(*"x1", "enter")
        await rep.finds('return M-20418 to the employer: wrong group; note "x1"')
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("M-20418 returned to the employer")
        assert client.done == ["reject M-20418 wrong_group x1"]


async def test_the_employer_is_asked_by_a_channel() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("z", *"new?", "enter")
        await rep.finds("1 phone  2 email  3 fax  4 letter")
        await rep.presses("2")
        await rep.finds("M-20418 waits for the employer; its clock stands still.")
        assert client.done == ["ask M-20418 email new?"]


async def test_skipping_gives_the_item_back_and_goes_on_with_the_next() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        await rep.presses("s", "3")
        await rep.finds("M-20418 is back in the queue.")
        await rep.finds("MATCH M-20419")
        await rep.finds("M-20419: least time left, unclaimed.")
        assert client.done == ["skip M-20418 knows_person"]


async def test_after_a_decision_the_next_item_stands_there_and_u_takes_the_last_back() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        await rep.presses("1", "enter")
        await rep.finds("MATCH M-20419")
        await rep.finds("M-20418 linked to MRN 88120441; u takes it back until 09:51.")
        await rep.presses("u")
        await rep.finds("> take back: M-20418, link to MRN 88120441")
        await rep.presses("enter")
        await rep.finds("M-20418 is yours again: decide it anew. M-20419 stays yours.")
        await rep.finds("MATCH M-20418")
        await rep.presses("2", "enter")
        await rep.finds("MATCH M-20419")
        await rep.finds("so here it is.")
        assert client.done == ["link M-20418 88120441", "undo M-20418", "link M-20418 88120977"]
        assert client.items["M-20419"].state is MatchState.IN_REVIEW


async def test_the_queue_comes_back_when_it_is_empty_and_undo_works_there() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1", "enter")
        await rep.finds("u takes it back until 09:51.")
        await rep.finds("Nothing waits in")
        assert isinstance(rep.app.screen, QueueScreen)
        await rep.presses("u")
        await rep.finds("> take back: M-20418")
        await rep.presses("enter")
        await rep.finds("INCOMING")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        assert client.done == ["link M-20418 88120441", "undo M-20418", "link M-20418 88120441"]


async def test_next_is_refused_while_this_one_is_undecided() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        await rep.presses("n")
        await rep.finds("M-20418 is not decided yet: decide, skip, or ask the employer.")
        await rep.presses("escape")
        await rep.finds("NEXT FOR YOU")
        await rep.presses("n")
        await rep.finds("M-20418 is not decided yet, so here it is.")
        await rep.finds("MATCH M-20418")
        assert client.items["M-20419"].state is MatchState.QUEUED


async def test_a_decision_that_needs_a_second_person_says_so() -> None:
    client = FakeMatching(item())
    client.needs_second = True
    async with in_review(client) as rep:
        await rep.presses("2")
        await rep.finds("SMITH, JOAN; a second person must agree: the SSN")
        await rep.presses("enter")
        await rep.finds("M-20418: link to MRN 88120977 waits for a second person because the SSN differs")


@pytest.mark.parametrize("key", ["a", "d"])
async def test_nobody_judges_a_decision_of_their_own(key: str) -> None:
    client = FakeMatching(masked(pending()))
    async with at_queue(client) as rep:
        await rep.finds("approval")
        await rep.presses("enter")
        await rep.finds("another than who decided")
        shown = review(rep).keys()
        possible = {does: now for _, does, now in shown}
        assert possible == {"approve": False, "send back": False, "next item": True, "undo my last": True}
        await rep.presses(key)
        await rep.finds("A second person must judge it, another than who decided.")
        await rep.types("enter")
        assert client.done == []


@pytest.mark.parametrize(
    ("key", "line", "done"), [("a", "approve", "approve"), ("d", "do not approve", "refuse")]
)
async def test_another_rep_judges_a_decision(key: str, line: str, done: str) -> None:
    client = FakeMatching(pending())
    async with at_queue(client) as rep:
        await rep.finds("approval")
        await rep.presses("enter")
        await rep.finds("R.Chen: link to MRN 88120977; waits for a second person because the")
        await rep.finds(" 2 of 2  +9.8  MRN 88120977")
        await rep.presses("1", "enter")
        await rep.finds("It waits for a second person")
        await rep.presses(key)
        await rep.finds(f"> {line}")
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("M-20418 is ")
        assert client.done == [f"{done} M-20418"]


async def test_the_answer_of_the_employer_gives_the_item_back_to_the_rep() -> None:
    client = FakeMatching(waiting())
    async with at_queue(client) as rep:
        await rep.finds("Nothing waits in the queue.")
        await rep.presses("f", "2")
        await rep.finds("[=] paused")
        await rep.presses("enter")
        await rep.finds("the employer was asked: Is Jane new, or back?")
        await rep.presses("z", "1", *"new", "enter")
        await rep.finds("The clock of M-20418 goes on; it is yours to decide.")
        assert client.done == ["answer M-20418 new"]
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")


async def test_a_question_is_withdrawn_after_a_confirmation() -> None:
    client = FakeMatching(waiting())
    async with at_queue(client) as rep:
        await rep.presses("f", "2")
        await rep.finds(">M-20418")
        await rep.presses("enter")
        await rep.finds("the employer was asked")
        await rep.presses("z", "2")
        await rep.finds("> withdraw the question about M-20418")
        await rep.presses("enter")
        await rep.finds("it is yours to decide.")
        assert client.done == ["answer M-20418 withdrawn"]


async def test_what_another_has_is_masked_and_not_to_be_decided() -> None:
    client = FakeMatching(item())
    client.taken_by("R.Chen", "M-20418")
    async with at_queue(client) as rep:
        await rep.finds("R.Chen")
        await rep.presses("enter")
        await rep.finds("R.Chen has it until 09:56; you see it masked.")
        assert rep.sees.split("\n")[-1] == "n next item  u undo my last  F1 help"
        assert "SMITH" not in rep.sees
        for key in "xzsdhq":
            await rep.presses(key)
            await rep.finds("R.Chen has it.")
        await rep.presses("enter", "1", "enter")
        await rep.finds("R.Chen has it.")
        assert client.done == []


async def test_candidates_keep_their_digits_while_the_list_changes() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("2")
        await rep.finds("> link M-20418 to MRN 88120977 SMITH, JOAN")
        better = [stranger(7), standing_out(), twin()]
        client.put(client.items["M-20418"].model_copy(update={"candidates": better}))
        hears(rep, "M-20418")
        await rep.finds("was changed just now: look again before you decide.")
        assert "> link" not in rep.sees
        await rep.presses("enter")
        assert client.done == []
        await rep.finds(">2 of 3  +9.8  MRN 88120977")
        await rep.presses("2")
        await rep.finds("> link M-20418 to MRN 88120977 SMITH, JOAN")


async def test_an_update_without_a_change_leaves_the_armed_line() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        hears(rep, "M-20418")
        await rep.presses("enter")
        await rep.finds("M-20418 linked")


async def test_another_desk_that_takes_it_is_told_at_once() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        client.taken_by("R.Chen", "M-20418")
        hears(rep, "M-20418")
        await rep.finds("Your claim on M-20418 is over: R.Chen has it until 09:56.")
        await rep.loses("SMITH")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (RuleRefuses(Trouble("Group 104233 is not on file.", "K-12345678")), "reference K-12345678"),
        (NoAnswer(Trouble("The backend did not answer in time.")), "did not answer in time"),
        (ValueError("canary"), "Something in this program went wrong."),
    ],
)
async def test_a_failed_decision_is_told_and_not_said_to_be_done(failure: Exception, words: str) -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        client.failure = failure
        await rep.presses("enter")
        await rep.finds(words)
        assert "takes it back" not in rep.sees
        assert "canary" not in rep.sees
        await rep.finds("MATCH M-20418")


async def test_an_item_that_cannot_be_had_is_tried_again_with_f7() -> None:
    client = FakeMatching(item())
    async with at_queue(client) as rep:
        await rep.finds("NEXT FOR YOU")
        client.open.clear()
        await rep.presses("n")
        await rep.finds("loading the most urgent item ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("[!] The backend does not answer.")
        await rep.presses("1", "enter")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("= SMITH")
        assert client.done == []


async def test_an_item_without_candidates_says_what_to_do() -> None:
    async with in_review(FakeMatching(item(candidates=[]))) as rep:
        await rep.finds("nobody on file is likely this person")
        await rep.presses("x")
        await rep.finds("nobody on file is near")


async def test_escape_waits_for_a_decision_that_is_being_saved() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        client.open.clear()
        await rep.presses("enter", "escape")
        await rep.finds("Still saving; Esc leaves when it is done.")
        client.open.set()
        await rep.finds("M-20418 linked")
        assert client.done == ["link M-20418 88120441"]


async def test_help_says_why_a_person_must_look() -> None:
    async with in_review(FakeMatching(item())) as rep:
        await rep.presses("question_mark")
        await rep.finds("Not automatic: a member on file has the same birth date")
