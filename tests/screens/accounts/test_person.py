"""One person of a group, driven by keys: card, coverage, what to say, another card, care needed now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from api_client.errors import NotVerified, Trouble
from api_client.types.cards import CoverageLine, Person
from api_client.types.visible import visible_line
from api_client.types.words import (
    CardAsker,
    CardCause,
    CardState,
    CareCase,
    EventKind,
    MatchState,
    Role,
)
from screens.accounts import person as presentation
from screens.accounts.member import PersonScreen
from screens.session.door import Opening
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from tests.screens.accounts.people import (
    BARE,
    EMERGENCY,
    PROCESSED,
    PUBLIC,
    FakeCards,
    card,
    person,
    queued,
    relative,
    speaker,
    waiting,
)
from tests.screens.accounts.test_accounts import DIGITS, at_desk
from tests.screens.desk import NOW, SESSION, FakeDoor
from tests.screens.rep import HOSTILE_AT, SIZES, Rep


async def _to_the_person(rep: Rep) -> None:
    await rep.presses(*DIGITS, "e")
    await rep.finds("MEMBERS  of 104233")
    await rep.finds("J*** S*****")
    await rep.presses("enter")
    await rep.finds("PERSON  of 104233")


# -- what is said ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "mailed 11-16"),
        ({"state": CardState.PRINTED}, "printed 11-15, not mailed yet"),
        ({"state": CardState.REQUESTED}, "requested, to be printed next"),
        (
            {"state": CardState.REQUESTED, "print_from": NOW + timedelta(minutes=10)},
            "requested, printed from 17:51 on",
        ),
        (
            {"state": CardState.REQUESTED, "held": True, "review": "no address is on file"},
            "requested, held: no address is on file",
        ),
        (
            {"state": CardState.RETURNED, "returned_on": date(2026, 11, 19)},
            "returned 11-19: check the address, then r mails one again",
        ),
        ({"state": CardState.WITHDRAWN, "printed_at": None}, "withdrawn, not printed"),
        ({"state": CardState.WITHDRAWN}, "withdrawn: printed, not to be mailed"),
    ],
)
def test_how_far_a_card_has_come(changes: dict[str, Any], said: str) -> None:
    assert presentation.card_state(card(**changes), NOW) == said


@pytest.mark.parametrize(
    ("one", "says", "never"),
    [
        (person(), [f'SAY "{PUBLIC}"', f'911 "{EMERGENCY}"'], ["ANYONE", "OFFER"]),
        (
            queued(),
            [f'ANYONE   "{PUBLIC}"', f'VERIFIED "{PROCESSED}', "j puts the case first", EMERGENCY],
            ["SAY", "covered"],
        ),
        (person(care=CareCase.NOTHING, say="I find nothing yet."), ['VERIFIED "I find nothing'], ["OFFER"]),
    ],
)
def test_r02_what_to_say_stands_apart_for_anyone_and_for_a_verified_caller(
    one: Person, says: list[str], never: list[str]
) -> None:
    said = presentation.say(one, 120).plain
    assert all(words in said for words in says), said
    assert not any(words in said for words in never), said


# -- the story -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_member_has_another_card_and_it_is_taken_back(size: tuple[int, int]) -> None:
    client = FakeCards(person())
    async with at_desk(client, size=size) as rep:
        await _to_the_person(rep)
        await rep.finds("J*** S*****   MRN 88120441   subscriber")
        await rep.finds("full name  born 1984-**-**  SSN ***-**-****  address *****  phone *****")
        await rep.finds("mailed 11-16")
        await rep.finds(f'SAY "{PUBLIC}"')
        await rep.finds("HMO FAM   from 2026-11-01, no end set")
        await rep.presses("u")
        await rep.finds("You ordered no card here that could still be taken back.")
        await rep.presses("r")
        await rep.finds("order another card for MRN 88120441 J*** S*****")
        await rep.presses("escape")
        assert client.done("reprint") == []
        await rep.presses("r", "enter")
        await rep.finds("CD-00051 is ordered; u takes it back until 09:51.")
        await rep.finds("requested, printed from 09:51 on")
        await rep.presses("r")
        await rep.finds("CD-00051 is ordered and not printed yet.")
        await rep.presses("u", "enter")
        await rep.finds("CD-00051 is taken back; it is not printed.")
        await rep.finds("mailed 11-16")
        assert client.done("reprint") == ["reprint 104233 88120441"]
        assert client.done("undo") == ["undo CD-00051 1"]
        await rep.presses("question_mark")
        await rep.finds("never to the employer")


async def test_a_reason_is_asked_where_one_is_needed_and_a_printed_card_stays() -> None:
    client = FakeCards(person(reason_needed="CD-00050 was reprinted on 2026-11-16, less than 10 days ago"))
    async with at_desk(client) as rep:
        await _to_the_person(rep)
        await rep.presses("r")
        await rep.finds("CD-00050 was reprinted on 2026-11-16")
        await rep.presses("enter")
        await rep.finds("Nothing is written yet")
        await rep.presses(*"lost", "enter")
        await rep.finds('S*****, because "lost"')
        await rep.presses("enter")
        await rep.finds("CD-00051 is ordered")
        assert client.done("reprint") == ["reprint 104233 88120441 lost"]
        client.stale = True
        await rep.presses("u", "enter")
        await rep.finds("CD-00051 is printed by now. Nothing was taken back.")


@pytest.mark.parametrize("size", SIZES)
async def test_r02_somebody_who_only_waits_is_found_and_put_first(size: tuple[int, int]) -> None:
    client = FakeCards(queued())
    async with at_desk(client, size=size) as rep:
        await _to_the_person(rep)
        await rep.finds("no member yet, receipt R-100062")
        await rep.finds("M-20418 J*** S*****, subscriber, open  [!] 11 m")
        await rep.finds("j puts the case first")
        await rep.presses("r")
        await rep.finds("Nobody is a member by this enrollment yet")
        await rep.presses("j")
        await rep.finds("M-20418 stands first now; its clock goes on. j puts it back.")
        await rep.finds("[!] 11 m  CARE NOW")
        await rep.loses("OFFER")
        await rep.presses("j")
        await rep.finds("put M-20418 back in its place")
        await rep.presses("enter")
        await rep.finds("M-20418 is back in its place.")
        assert client.done("urgent") == ["urgent M-20418 True", "urgent M-20418 False"]
        await rep.presses("enter")
        await rep.finds("There is no match item M-20418.")  # the review says so and gives way
        assert client.done("claim") == ["claim M-20418"]


async def test_of_several_cases_one_is_picked() -> None:
    child = waiting("M-20420", name="T*** S*****", relationship="child", state=MatchState.WAITING_EMPLOYER)
    client = FakeCards(person(items=[waiting(), child]))
    async with at_desk(client) as rep:
        await _to_the_person(rep)
        await rep.presses("j")
        await rep.finds("1 M-20418 J*** S*****, subscriber")
        await rep.presses("2")
        await rep.finds("M-20420 stands first when the employer has answered")
        await rep.presses("enter", "2")
        await rep.finds("There is no match item M-20420.")


# -- what is masked, who speaks for them, what is locked ----------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_masked_field_under_tab_is_shown_for_a_reason_and_covered_again(
    size: tuple[int, int],
) -> None:
    client = FakeCards(person())
    async with at_desk(client, size=size) as rep:
        await _to_the_person(rep)
        await rep.finds("full name  born 1984")
        await rep.presses("v")
        await rep.finds("Tab goes to what is masked")
        for _ in range(9):
            await rep.presses("tab", "v")
            if "show the address" in rep.sees:
                break
            await rep.presses("escape")
        await rep.finds("show the address, because")
        await rep.presses("enter")  # nothing is chosen beforehand
        assert client.done("reveal") == []
        await rep.presses("2")
        await rep.finds(f"address {BARE}   until 09:41:15")
        assert client.done("reveal") == ["reveal 104233 88120441 address client_corrects"]
        await rep.presses("question_mark", "escape")
        await rep.loses(BARE)
        client.shown_seconds = 0.01
        await rep.presses("v", "1")
        await rep.finds("full name  born 1984")
        await rep.loses(BARE)
        assert len(client.done("reveal")) == 2


async def test_who_speaks_for_a_member_stands_there_and_a_lead_registers_one() -> None:
    client = FakeCards(person(family=[relative()]))
    client.speakers = [speaker(), speaker(name="D. QUILLON", valid_to=date(2026, 11, 19))]
    lead = SESSION.model_copy(update={"rep": SESSION.rep.model_copy(update={"role": Role.LEAD})})
    async with at_desk(client, door=FakeDoor(client, Opening(session=lead))) as rep:
        await _to_the_person(rep)
        await rep.finds("T*** S*****, child   MRN 88120442   no end set")
        await rep.finds("C. QUILLON, parent, by birth certificate, folder 12   until")
        await rep.finds("D. QUILLON, parent, by birth certificate, folder 12   NO LONGER,")
        await rep.presses("a", "2", *"eve", "enter", *"power", "enter", *"soon", "enter")
        await rep.finds("soon is no date")
        assert client.done("add") == []
        await rep.presses("a", "2", *"eve", "enter", *"power", "enter", *"2027-06-30", "enter")
        await rep.finds("may speak for MRN 88120441: eve, personal representative, by power")
        await rep.presses("enter")
        await rep.finds("eve may speak for MRN 88120441 from now on.")
        await rep.finds("eve, personal representative, by power   until 2027-06-30")
        assert client.done("add") == ["add speaker 104233 88120441 eve personal power 2027-06-30"]


async def test_a_rep_registers_nobody() -> None:
    async with at_desk(FakeCards(person())) as rep:
        await _to_the_person(rep)
        await rep.finds("911 ")
        await rep.presses("a")
        await rep.finds("A lead registers who may speak for a member.")


async def test_nothing_of_a_person_stays_when_the_caller_may_not_hear_it() -> None:
    client = FakeCards(person(name="JANE SMITH", family=[relative(name="TOM SMITH")]))
    client.speakers = [speaker()]
    async with at_desk(client) as rep:
        await _to_the_person(rep)
        await rep.finds("C. QUILLON")
        shown = rep.app.screen
        assert isinstance(shown, PersonScreen)
        client.failure = NotVerified(Trouble("NOT VERIFIED for 104233: this person's record is not said."))
        shown.on_calls(rights_changed=True)
        assert "SMITH" not in rep.sees
        assert "QUILLON" not in rep.sees
        await rep.finds("NOT VERIFIED for 104233")
        assert "SMITH" not in repr(vars(shown))
        client.failure = None
        shown.on_calls(rights_changed=True)
        await rep.finds("JANE SMITH")


# -- held keys, changes, and failures ----------------------------------------------------------------


@pytest.mark.parametrize("keys", [("enter",) * 6, ("j",) * 6, ("r", "enter"), ("r",) * 6])
async def test_keys_held_or_typed_ahead_decide_nothing(keys: tuple[str, ...]) -> None:
    client = FakeCards(queued())
    if keys[0] == "r":
        client = FakeCards(person())
    async with at_desk(client) as rep:
        await rep.presses(*DIGITS, "e")
        await rep.finds("J*** S*****")
        await rep.types("enter", *keys)
        await rep.finds("PERSON  of 104233")
        await rep.finds("911 ")
        assert not [one for act in ("reprint", "urgent", "claim") for one in client.done(act)]


async def test_live_updates_and_who_is_gone() -> None:
    client = FakeCards(person(cards=[card(state=CardState.PRINTED, mailed_on=None)]))
    async with at_desk(client) as rep:
        await _to_the_person(rep)
        await rep.finds("not mailed yet")
        assert isinstance(rep.app.screen, DeskScreen)
        client.one = person()
        rep.app.screen.on_change(Changed(EventKind.CARD, "CD-00050", 4))
        await rep.finds("mailed 11-16")
        asked = len(client.done("person"))
        rep.app.screen.on_change(Changed(EventKind.CARD, "CD-00999", 2))
        assert len(client.done("person")) == asked
        client.one = None
        await rep.presses("f7")
        await rep.finds("This person is not in this group any more")
        await rep.presses("r", "u", "j", "enter", "v")
        assert isinstance(rep.app.screen, PersonScreen)


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    line = CoverageLine(
        group_number=text, group_name=text, line=text, level=text, starts_on=date(2026, 1, 1), ends_on=None
    )
    one = person(
        group_name=text,
        name=text,
        relationship=text,
        born=text,
        restricted=True,
        coverage=[line],
        cards=[
            card(
                state=state,
                reason=text,
                ordered_by=text,
                review=text,
                cause=cause,
                asked_by=CardAsker.CLIENT,
                returned_on=date(2026, 11, 19),
            )
            for state, cause in zip(CardState, CardCause, strict=True)
        ],
        items=[waiting(name=text, relationship=text), waiting("M-20419", name=text)],
        say=text,
        say_anyone=f"{text}.",
        emergency=text,
        family=[relative(name=text, relationship=text, mrn=visible_line(text))],
        reason_needed=text or "soon",
    )
    client = FakeCards(one)
    client.speakers = [speaker(name=text, document=text, registered_by=text)]
    async with at_desk(client, size=size) as rep:
        await _to_the_person(rep)
        await rep.finds("RESTRICTED")
        for key in ("question_mark", "escape", "j", "escape", "enter", "escape", "r", "a", "enter"):
            await rep.presses(key)
            assert rep.sees.replace("\n", "").isprintable()
        assert isinstance(rep.app.screen, PersonScreen)
        await rep.finds("order another card for MRN 88120441")
        if len(visible_line(text)) > 3 and text.isascii():
            assert visible_line(text)[:3].strip() in rep.sees
