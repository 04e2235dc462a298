"""What a rep writes, asks, looks up and passes on from a review; second looks; a lead's acts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.matching import Colleague
from api_client.types.words import MatchDecision, MatchState
from kprep_tui.live import EVERYTHING
from screens.matching.queue import QueueScreen
from screens.session.lock import LockScreen
from tests.screens.desk import NOW, FakeDoor, until
from tests.screens.matching.at_desk import at_queue, hears, in_review, review
from tests.screens.matching.cases import item, pending, stranger, twin
from tests.screens.matching.fake import FakeMatching
from tests.screens.rep import SIZES, Rep


async def keeps(rep: Rep, client: FakeMatching, subject: str, text: str) -> None:
    """Waits until the words are on the server."""
    review(rep).drafts.keep()
    await until(rep.pilot, lambda: client.drafts.get(subject) == text)


# -- notes and drafts ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_saved_with_f12_and_stands_in_the_history(size: tuple[int, int]) -> None:
    client = FakeMatching(item())
    async with in_review(client, size=size) as rep:
        await rep.presses("t", *"card says Ann", "enter", *"called", "f12")
        await rep.finds("The note to M-20418 is saved.")
        assert client.done == ["note M-20418 card says Ann\ncalled"]
        assert client.drafts.get("M-20418 note", "") == ""
        await rep.presses("o")
        await rep.finds("M.Lopez: note: card says Ann")
        await rep.finds("= SMITH" if size[0] == 120 else "FAMILY")


async def test_a_half_typed_note_is_there_again_after_escape_and_after_a_crash() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("t", *"half a")
        await rep.loses("1-2 choose")
        await rep.presses("escape")
        await rep.finds("What you wrote is kept as a draft; the same key goes on with it.")
        await rep.finds("1-2 choose")
        await keeps(rep, client, "M-20418 note", "half a")
        await rep.presses("t")
        await rep.finds("half a")
    client.free("M-20418")
    async with in_review(client) as rep:
        await rep.presses("t", *" word", "f12")
        await rep.finds("is saved.")
        assert client.done == ["note M-20418 half a word"]


async def test_while_typing_a_draft_waits_for_its_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.widgets.drafts._EVERY_SECONDS", 3600.0)
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("z")
        await rep.finds("question about M-20418")
        await rep.types(*"is she a twin?")
        assert client.kept == []
        await keeps(rep, client, "M-20418 question", "is she a twin?")
        assert client.kept == ["M-20418 question"]


@pytest.mark.parametrize("key", ["ctrl+l", "ctrl+q"])
async def test_what_is_being_typed_is_kept_before_the_lock_and_the_end(key: str) -> None:
    client = FakeMatching(item())
    door = FakeDoor(client)
    async with in_review(client, door=door) as rep:
        await rep.presses("z")
        await rep.finds("question about M-20418")
        await rep.types(*"unfinished", key)
        await until(rep.pilot, lambda: bool(client.kept) and (key == "ctrl+q" or "lock" in door.calls))
        assert client.drafts == {"M-20418 question": "unfinished"}
        assert key == "ctrl+q" or isinstance(rep.app.screen, LockScreen)


async def test_an_outage_loses_no_word_that_is_being_typed() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        await rep.presses("z")
        await rep.finds("question about M-20418")
        await rep.presses(*"is she ")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        review(rep).drafts.keep()
        rep.app._changed(EVERYTHING)
        await rep.presses(*"new")
        client.failure = None
        client.put(client.items["M-20418"].model_copy(update={"warnings": ["a new word"]}))
        rep.app._changed(EVERYTHING)
        await rep.finds("a new word")
        await rep.presses("?")
        await rep.finds("is she new?")
        await rep.presses("enter", "1")
        await rep.finds("M-20418 waits for the employer")
        assert client.done == ["ask M-20418 phone is she new?"]
        assert client.drafts["M-20418 question"] == ""


# -- passing on ------------------------------------------------------------------------------------


async def test_a_question_that_cannot_be_asked_is_refused_before_it_is_written() -> None:
    why = "Fewer than 4 hours are left: a question now needs a lead."
    client = FakeMatching(item(ask_refused=why))
    async with in_review(client) as rep:
        await rep.presses("z")
        await rep.finds(why)
        assert not rep.app.screen.query_one("Prompt").has_class("-open")


async def test_an_empty_question_says_that_nothing_is_written() -> None:
    async with in_review(FakeMatching(item())) as rep:
        await rep.presses("q", "enter")
        await rep.finds("Nothing is written yet; Esc leaves it.")
        await rep.finds("question about M-20418 to a lead:   Enter goes on   Esc keeps it as a draft")


async def test_a_question_to_a_lead_takes_the_item_out_of_the_way() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        await rep.presses("q", *"no", "enter")
        await rep.finds("Write the question in words; q goes on with it.")
        await rep.presses("q", *"t sure", "enter")
        await rep.finds("M-20418 is with the leads, its clock goes on.")
        await rep.finds("MATCH M-20419")
        assert client.done == ["escalate M-20418 not sure"]
        await rep.presses("escape")
        await rep.finds("for a lead")


@pytest.mark.parametrize("size", SIZES)
async def test_an_item_is_handed_over_to_a_colleague_by_name(size: tuple[int, int]) -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client, size=size) as rep:
        await rep.presses("s")
        await rep.finds("0 hand over to a colleague")
        await rep.presses("0")
        await rep.finds("hand M-20418 over to:  1 R.Chen  2 V.Ode (lead)")
        await rep.presses("1")
        await rep.finds("a word to R.Chen about M-20418, or none:")
        await rep.presses(*"her aunt", "enter")
        await rep.finds("M-20418 is handed over to R.Chen.")
        await rep.finds("MATCH M-20419")
        assert client.done == ["hand over M-20418 r.chen her aunt"]


async def test_among_many_colleagues_a_part_of_the_name_finds_the_one() -> None:
    client = FakeMatching(item())
    client.colleagues_there = [
        Colleague(username=f"rep{n}", name=f"Rep Number {n}", lead=False) for n in range(1, 31)
    ]
    async with in_review(client) as rep:
        await rep.presses("s", "0")
        await rep.finds("(a part of the name):")
        await rep.presses(*"number", "enter")
        await rep.finds("30 have that in the name; write more of it.")
        await rep.presses("s", "0", *"r 7", "enter")
        await rep.finds("1 Rep Number 7")


async def test_nobody_else_is_there_to_take_it() -> None:
    client = FakeMatching(item())
    client.colleagues_there = client.colleagues_there[:1]
    client.colleagues_there[0] = Colleague(username="m.lopez", name="M.Lopez", lead=False)
    async with in_review(client) as rep:
        await rep.presses("s", "0")
        await rep.finds("There is nobody else it could go to.")


# -- search by hand --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_member_found_by_hand_is_linked_as_any_other(size: tuple[int, int]) -> None:
    client = FakeMatching(item())
    client.found = [stranger(7), stranger(8)]
    async with in_review(client, size=size) as rep:
        await rep.presses("h")
        await rep.finds("name words, birth date 1984-03-12, SSN or MRN:")
        await rep.presses(*"smyth 1984-12-03", "enter")
        await rep.finds("looked for: SMITH, JANE  1984-03-12  ***-**-6789  F")
        await rep.finds(">70031187")
        await rep.finds("day and month exchanged")
        assert client.searches == ["smyth|1984-12-03||"]
        await rep.presses("down")
        await rep.finds("SMYTH8  1 letter")
        await rep.presses("enter")
        await rep.finds("MRN 70031188 stands here as 3: 3 chooses it, Enter then links.")
        await rep.types(*["enter"] * 20)
        assert client.done == []
        hears(rep, "M-20418")
        await rep.presses("3")
        await rep.finds("> link M-20418 to MRN 70031188 SMYTH8, JANET")
        await rep.presses("enter")
        await rep.finds("M-20418 linked")
        assert client.done == ["link M-20418 70031188"]


async def test_a_search_says_what_it_cannot_read_and_when_nobody_is_found() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("h", *"1984-13-01", "enter")
        await rep.finds("1984-13-01 is no day")
        await rep.presses("h")
        await rep.finds("1984-13-01")
        await rep.presses(*["backspace"] * 10, *"88", "enter")
        await rep.finds("Nobody on file is found by that; h searches anew.")
        assert client.searches == ["|||88"]
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("f7")
        await rep.finds("[!] The backend does not answer.  F7 tries again")
        client.failure = None
        await rep.presses("escape")
        await rep.finds("MATCH M-20418")


# -- later: taking apart, second looks -------------------------------------------------------------


async def test_an_applied_link_is_taken_apart_with_a_reason_and_by_two() -> None:
    done = pending(state=MatchState.APPLIED, undo_until=NOW - timedelta(days=9), second_person="")
    client = FakeMatching(done)
    async with at_queue(client) as rep:
        await rep.finds("Nothing waits")
        await rep.presses("f", "4", "enter")
        await rep.finds("DONE      R.Chen: link to MRN 88120977")
        await rep.finds("x take apart  t note")
        await rep.presses("x", *"two charts", "enter")
        await rep.finds("> take M-20418 apart (link to MRN 88120977): two charts; a second person must")
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("M-20418: a second person must agree that it is taken apart.")
        await rep.finds("take apart from MRN 88120977; waits for a second person")
        assert client.done == ["unlink M-20418 two charts"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "agrees", "done"),
    [
        (("2", "enter"), False, "look again M-20418 link 88120977"),
        (("x", "enter"), False, "look again M-20418 create"),
        (("d", "2", "enter"), True, "look again M-20418 reject wrong_group"),
    ],
)
async def test_a_second_look_is_blind_and_changes_nothing(
    size: tuple[int, int], keys: tuple[str, ...], agrees: bool, done: str
) -> None:
    client = FakeMatching(item(state=MatchState.APPLIED, blind=True))
    client.agrees = agrees
    async with at_queue(client, size=size) as rep:
        await rep.finds("Nothing waits")
        await rep.presses("f")
        await rep.finds("5 second looks")
        await rep.presses("5")
        await rep.finds(">M-20418")
        await rep.presses("enter")
        await rep.finds("SECOND LOOK M-20418")
        await rep.finds("what was decided is not shown")
        assert "R.Chen" not in rep.sees
        await rep.presses(*keys)
        agreement = "You two agree" if agrees else "You two DIFFER"
        await rep.finds(f"M-20418: {agreement}: the first rep decided link to MRN 88120441.")
        assert isinstance(rep.app.screen, QueueScreen)
        assert client.done == [done]


@pytest.mark.parametrize(
    ("key", "done", "words"),
    [("a", "approve", "taken apart and back in the queue"), ("d", "refuse", "it stays applied")],
)
async def test_another_agrees_or_not_that_it_is_taken_apart(key: str, done: str, words: str) -> None:
    client = FakeMatching(pending(decided=MatchDecision.UNLINK))
    async with at_queue(client) as rep:
        await rep.finds("approval")
        await rep.presses("enter")
        await rep.finds("take apart from MRN 88120977; waits for a second person")
        await rep.presses(key, "enter")
        await rep.finds(words)
        assert client.done == [f"{done} M-20418"]


# -- live, and a lead ------------------------------------------------------------------------------


async def test_who_takes_a_free_item_is_shown_while_it_is_looked_at() -> None:
    client = FakeMatching(item())
    client.taken_by("R.Chen", "M-20418")
    async with at_queue(client) as rep:
        await rep.finds(">M-20418")
        await rep.presses("enter")
        await rep.finds("R.Chen has it until 09:56; you see it masked.")
        client.taken_by("V.Ode", "M-20418")
        hears(rep, "M-20418")
        await rep.finds("V.Ode has it until 09:56; you see it masked.")
        client.free("M-20418")
        hears(rep, "M-20418")
        await rep.finds("nobody has it; F7 takes it")


@pytest.mark.parametrize("from_queue", [True, False])
async def test_a_lead_takes_an_item_back_and_gives_it_to_a_rep(from_queue: bool) -> None:
    client = FakeMatching(item())
    client.taken_by("R.Chen", "M-20418")
    async with at_queue(client, lead=True) as rep:
        await rep.finds(">M-20418")
        if not from_queue:
            await rep.presses("enter")
            await rep.finds("R.Chen has it until")
        await rep.presses("s")
        await rep.finds("M-20418:  1 take it back from R.Chen  2 give it to a rep")
        await rep.presses("1")
        await rep.finds("> take M-20418 back from R.Chen, into the queue")
        await rep.presses("enter")
        await rep.finds("M-20418 is taken back from R.Chen and waits in the queue.")
        await rep.presses("s", "1")
        await rep.finds("give M-20418 to:  1 R.Chen  2 V.Ode (lead)")
        await rep.presses("2")
        await rep.finds("> give M-20418 to V.Ode (v.ode)")
        await rep.presses("enter")
        await rep.finds("M-20418 is kept for V.Ode.")
        assert client.done == ["take back M-20418", "assign M-20418 v.ode"]


async def test_a_rep_passes_on_nothing_that_others_have() -> None:
    client = FakeMatching(item())
    client.taken_by("R.Chen", "M-20418")
    async with at_queue(client) as rep:
        await rep.finds(">M-20418")
        await rep.presses("s", "1")
        assert "take it back" not in rep.sees


async def test_a_lead_meets_a_change_and_does_nothing() -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with at_queue(client, lead=True) as rep:
        await rep.finds(">M-20418")
        await rep.presses("s")
        await rep.finds("1 give it to a rep")
        client.put(client.items["M-20418"].model_copy(update={"version": 5}))
        await rep.presses("1", "1", "enter")
        await rep.finds("M-20418 was changed meanwhile. Nothing was done; look again.")
        assert client.done == []


async def test_the_family_and_the_whole_history_are_a_key_away() -> None:
    client = FakeMatching(item())
    long = [twin().model_copy(update={"told_apart": "R.Chen told them apart on 2026-10-02"})]
    client.put(item(candidates=[*client.items["M-20418"].candidates[:1], *long, stranger(3), stranger(4)]))
    async with in_review(client) as rep:
        assert "MRN 88120442" not in rep.sees
        await rep.presses("o")
        await rep.finds("FAMILY 1  SMITH, TIM  child  2014-05-01  MRN 88120442  active")
        await rep.presses("o")
        await rep.finds("INCOMING")
        await rep.resizes(120, 40)
        await rep.finds("APART 2   R.Chen told them apart on 2026-10-02")
        await rep.presses("o")
        await rep.finds("stand on the screen already")
