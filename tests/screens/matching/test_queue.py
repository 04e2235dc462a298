"""The queue, driven by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.common import Address
from api_client.types.matching import (
    Colleague,
    FamilyMember,
    FieldComparison,
    HistoryLine,
    MatchItem,
    PersonView,
)
from api_client.types.visible import visible_paragraph
from api_client.types.words import MatchState, Verdict
from screens.matching.queue import QueueScreen
from screens.matching.review import ReviewScreen
from tests.screens.desk import NOW
from tests.screens.matching.at_desk import at_queue, hears
from tests.screens.matching.cases import item, pending, twin, waiting
from tests.screens.matching.fake import FakeMatching
from tests.screens.rep import HOSTILE, HOSTILE_AT, SIZES, Rep


@pytest.mark.parametrize("size", SIZES)
async def test_home_stands_above_the_queue(size: tuple[int, int]) -> None:
    client = FakeMatching(item(), item("M-20401", due_at=NOW + timedelta(hours=7, minutes=42)))
    async with at_queue(client, size=size) as rep:
        await rep.finds("Manual match         2     0  [!] 11 m")
        await rep.finds("M-20418  due in 11 m")
        await rep.finds("why: least time left, unclaimed")
        await rep.finds(">M-20418  834    104233   J*** S*****")
        assert "[!] 7 h 42" in rep.sees
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1] == "n next  Enter open  / find  f filter  u undo my last  F1 help"


async def test_the_views_are_a_filter_that_escape_takes_away() -> None:
    client = FakeMatching(item(), waiting("M-20301"), pending("M-20200", state=MatchState.APPLIED))
    async with at_queue(client) as rep:
        await rep.finds(">M-20418")
        for digit, words in (("2", ">M-20301"), ("4", ">M-20200")):
            await rep.presses("f", digit)
            await rep.finds(words)
            assert "M-20418  834" not in rep.sees
        await rep.presses("f", "3")
        await rep.finds("Nothing is in this view; Esc shows the open items.")
        await rep.presses("escape")
        await rep.finds(">M-20418")


async def test_a_live_change_reorders_nothing_under_the_cursor() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with at_queue(client) as rep:
        await rep.finds(">M-20418")
        await rep.presses("down")
        await rep.finds(">M-20419")
        client.items = {"M-20400": item("M-20400"), **client.items}
        client.taken_by("R.Chen", "M-20418")
        hears(rep, "M-20400")
        await rep.finds("1 new: F7")
        await rep.finds("R.Chen")
        await rep.finds(">M-20419")
        await rep.presses("f7")
        await rep.finds(" M-20400")
        await rep.finds(">M-20419")
        await rep.presses("enter")
        await rep.finds("MATCH M-20419")


async def test_the_clocks_go_on_without_a_fetch() -> None:
    client = FakeMatching(item(due_at=NOW + timedelta(minutes=11, seconds=20)))
    async with at_queue(client) as rep:
        await rep.finds("[!] 11 m")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        rep.app._offset += timedelta(minutes=9)
        screen = rep.app.screen
        assert isinstance(screen, QueueScreen)
        screen.tick()
        await rep.finds("due in 2 m")
        await rep.finds("[!] 2 m ")
        rep.app._offset += timedelta(minutes=5)
        screen.tick()
        await rep.finds("[X] 2 m late")


async def test_an_empty_queue_says_so_and_n_stays_there() -> None:
    async with at_queue(FakeMatching()) as rep:
        await rep.finds("Nothing waits in the queue. f shows what is decided.")
        await rep.presses("n")
        await rep.finds("\nNothing waits in the queue.\n")
        assert isinstance(rep.app.screen, QueueScreen)
        await rep.presses("u")
        await rep.finds("You decided nothing here that could be taken back")


async def test_a_decided_item_can_be_looked_at_and_taken_back_from_its_view() -> None:
    client = FakeMatching(pending("M-20200", state=MatchState.APPLIED))
    async with at_queue(client) as rep:
        await rep.finds("Nothing waits in the queue.")
        await rep.presses("f", "4", "enter")
        await rep.finds("link to MRN 88120977; u takes it back until 09:46")
        await rep.presses("u")
        await rep.finds("> take back: M-20200, link to MRN 88120977")
        await rep.presses("enter")
        await rep.finds("M-20200 is yours again")
        assert client.done == ["undo M-20200"]


async def test_undo_after_its_minutes_is_refused() -> None:
    client = FakeMatching(item())
    async with at_queue(client) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.presses("n")
        await rep.finds("INCOMING")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        client.put(client.items["M-20418"].model_copy(update={"undo_until": NOW}))
        await rep.presses("u")
        await rep.finds("The decision about M-20418 cannot be taken back any more.")
        await rep.types("enter")
        assert client.done == ["link M-20418 88120441"]


async def test_an_undo_that_meets_a_change_takes_nothing_back() -> None:
    client = FakeMatching(item())
    async with at_queue(client) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.presses("n")
        await rep.finds("INCOMING")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")
        await rep.presses("u")
        await rep.finds("> take back")
        client.put(client.items["M-20418"].model_copy(update={"version": 9}))
        await rep.presses("enter")
        await rep.finds("M-20418 was changed meanwhile. Nothing was taken back")
        assert client.done == ["link M-20418 88120441"]


async def test_help_explains_the_order() -> None:
    async with at_queue(FakeMatching(item())) as rep:
        await rep.finds(">M-20418")
        await rep.presses("f1")
        await rep.finds("The plan promises manual processing within 48 hours")


async def test_loading_and_failing_say_so() -> None:
    client = FakeMatching(item())
    client.open.clear()
    async with at_queue(client) as rep:
        await rep.finds("loading ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("could not load: The backend does not answer.")
        client.failure = None
        await rep.presses("f7")
        await rep.finds(">M-20418")


def hostile(text: str) -> MatchItem:
    """The text in every field that people fill."""
    home = Address(street=text, city=text, state=text, zip=text)
    who = PersonView(
        last_name=text,
        first_name=text,
        middle_name=text,
        suffix=text,
        birth_date=text,
        ssn_last4=text,
        sex=text,
        address=home,
        phone=text,
    )
    kin = FamilyMember(name=text, relationship=text, birth_date=text, mrn=text, standing=text)
    fields = ("last name", "first name", "middle name", "birth date", "SSN", "address", "phone", text)
    compared = [FieldComparison(field=field, verdict=Verdict.NEAR, words=text) for field in fields]
    candidate = twin().model_copy(
        update={
            "person": who,
            "group": who.last_name,
            "coverage": who.last_name,
            "comparisons": compared,
            "warnings": [who.last_name],
            "told_apart": who.last_name,
            "second_person": who.last_name,
            "family": [kin],
        }
    )
    return item(
        source=text,
        group_number=text,
        group_name=text,
        relationship=text,
        subscriber_number=text,
        enrollee=who,
        candidates=[candidate, twin()],
        warnings=[text],
        family=[kin],
        second_person_for_new=text,
        kept_for=text,
        why_not_automatic=text,
        history=[HistoryLine(at=NOW, who=text, what=text)],
    )


async def looks_well(rep: Rep) -> None:
    assert isinstance(rep.app.screen, ReviewScreen)
    assert rep.sees.replace("\n", "").isprintable()


async def gives_up(rep: Rep) -> None:
    """Esc, when a question stands there."""
    screen = rep.app.screen
    assert isinstance(screen, ReviewScreen)
    if screen.prompt.is_open:
        await rep.presses("escape")


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    client = FakeMatching(hostile(text))
    client.found = client.items["M-20418"].candidates[:1]
    client.colleagues_there = [Colleague(username="x", name=text, lead=True)]
    client.drafts["M-20418 question"] = visible_paragraph(text)
    async with at_queue(client, size=size, finds=False) as rep:
        await rep.finds(">M-20418")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("n")
        await rep.finds("INCOMING")
        await rep.presses("question_mark", "escape", "x")
        await rep.finds("create a NEW chart")
        await looks_well(rep)
        await rep.presses("escape", "1")
        await rep.finds("> link M-20418 to MRN 88120977")
        await looks_well(rep)
        await rep.presses("2")
        await rep.finds("a number?")
        rep.pastes(text)
        await rep.presses("enter")
        await looks_well(rep)
        await gives_up(rep)
        await rep.presses("d", "1")
        await rep.finds("note to M-20418")
        rep.pastes(text)
        await rep.presses("enter")
        await rep.finds("> return M-20418 to the employer: not eligible")
        await looks_well(rep)
        await gives_up(rep)
        await rep.presses("z")
        await rep.finds("question about M-20418")
        rep.pastes(text)
        await rep.presses("enter")
        await looks_well(rep)
        await gives_up(rep)
        await rep.presses("o", "o", "s", "0", "1")
        await looks_well(rep)
        await gives_up(rep)
        await rep.presses("t")
        await rep.finds("note to M-20418")
        rep.pastes(text)
        await looks_well(rep)
        await rep.presses("escape", "h", *"x", "enter")
        await rep.finds("looked for:")
        await rep.presses("h")
        rep.pastes(text)
        await rep.presses("escape")
        assert rep.sees.replace("\n", "").isprintable()
        assert client.done == []


@pytest.mark.parametrize("text", HOSTILE[::3])
async def test_a_question_and_a_holder_from_outside_are_shown_and_never_obeyed(text: str) -> None:
    client = FakeMatching(waiting(question=text or None), item("M-20419"))
    client.taken_by(text, "M-20419")
    async with at_queue(client) as rep:
        await rep.finds(">M-20419")
        await rep.presses("enter")
        await rep.finds("INCOMING, masked")
        await looks_well(rep)
        await rep.presses("escape", "f", "2")
        await rep.finds(">M-20418")
        await rep.presses("enter")
        await rep.finds("the employer was asked")
        await looks_well(rep)
        await rep.presses("z", "1")
        rep.pastes(text)
        await rep.presses("escape")
        assert client.done == []
