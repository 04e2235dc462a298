"""The lead's board, driven by keys."""

from __future__ import annotations

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Stale, Trouble
from api_client.types.visible import visible_line
from api_client.types.words import EventKind
from kprep_tui.areas import AREAS
from screens.lead.words import Section
from screens.session.door import Opening
from screens.session.lock import LockScreen
from screens.widgets.desk import Changed
from screens.widgets.virtual_table import VirtualTable
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.lead.boards import LEAD, FakeLead, at_board, board, item, late, rep, screen
from tests.screens.matching.at_desk import LookUpScreen
from tests.screens.rep import HOSTILE_AT, SIZES, Rep


def cursor(lead: Rep, section: Section) -> str | None:
    return screen(lead).query_one(f"#{section}", VirtualTable).cursor_key


def hears(lead: Rep) -> None:
    screen(lead).on_change(Changed(EventKind.MATCH_ITEM, "M-20418", 4))


@pytest.mark.parametrize("size", SIZES)
async def test_a_lead_reads_the_queue_the_people_the_breaches_second_looks_and_the_bills(
    size: tuple[int, int],
) -> None:
    async with at_board(FakeLead(), size=size) as lead:
        await lead.finds("[X] late                    1 M-20377  [X] 2 h 00 late  R.Chen")
        await lead.finds("done on 11-27")
        await lead.finds(" today  ")
        await lead.presses("right")
        await lead.finds("[for a lead 2]")
        await lead.finds("Two Claras at one address: which is")
        await lead.presses("down")
        await lead.finds("a member on file agrees well")
        await lead.presses("right", "down", "down")
        await lead.finds("M-20377 claimed for 11 m")
        await lead.finds("7 of 8 second looks agreed")
        await lead.presses("right")
        await lead.finds("96 of 100 decisions of the last 7")
        await lead.presses("right")
        await lead.finds("the middle name is the other twin's")
        await lead.presses("right")
        await lead.finds("[!] to decide    RI-00003 104233   11-18")
        await lead.presses("down")
        await lead.finds("104871: grievance, until it")
        await lead.presses("right")
        await lead.finds("[queue]")
        await lead.presses("left")
        await lead.finds("[billing 1] ")
        await lead.finds("as of 09:41")
        await lead.presses("enter")
        await lead.finds("BILLING 104871")
        await lead.presses("escape")
        await lead.finds("[billing 1]")


async def test_a_wide_window_keeps_the_queue_in_view_beside_every_list() -> None:
    async with at_board(FakeLead(), size=(120, 40)) as lead:
        await lead.finds("done on 11-27")
        await lead.presses("right", "right")
        await lead.finds("[reps]")
        await lead.finds("[X] late")
        await lead.resizes(80, 24)
        await lead.loses("[X] late")
        await lead.finds("[reps]")


async def test_what_a_figure_means_stands_behind_the_question_mark() -> None:
    async with at_board(FakeLead()) as lead:
        await lead.finds("as of")
        await lead.presses("right", "right", "question_mark")
        await lead.finds("below five they are too few")
        await lead.finds("t              take back")


async def test_an_item_is_given_to_a_rep_on_one_line_that_names_both_and_who_loses_it() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("r")
        await lead.finds("give M-20377 to  1 D.Okafor  2 M.Lopez  Esc cancels")
        await lead.presses("2")
        await lead.finds("> give M-20377 to M.Lopez (m.lopez); R.Chen has it now and loses it")
        assert client.acts == []
        await lead.presses("enter")
        await lead.finds("M-20377 is kept for M.Lopez.")
        assert client.acts == ["assign M-20377 v3 m.lopez"]
        assert client.asked == 2


async def test_among_many_reps_one_is_found_by_typing() -> None:
    many = [rep(f"rep.{letter}", f"Rep {letter.upper()}") for letter in "abcdefghijkl"]
    client = FakeLead(board(reps=many))
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("r")
        await lead.finds("give M-20377 to (name):")
        await lead.presses(*"rep", "enter")
        await lead.finds("More than one rep is called so: rep.a, rep.b")
        await lead.presses("r", *"rep.k", "enter")
        await lead.finds("give M-20377 to Rep K (rep.k)")
        await lead.presses("enter")
        await lead.finds("is kept for Rep K.")
        assert client.acts == ["assign M-20377 v3 rep.k"]


async def test_a_claim_is_taken_back_and_where_there_is_none_it_says_so() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("t")
        await lead.finds("> take M-20377 back from R.Chen, into the queue")
        await lead.presses("escape")
        assert client.acts == []
        await lead.presses("t", "enter")
        await lead.finds("M-20377 is taken back from R.Chen and waits in the queue.")
        assert client.acts == ["take back M-20377 v3"]
        await lead.presses("down", "t")
        await lead.finds("Nobody has claimed M-20418.")
        await lead.presses("down", "r")
        await lead.finds("No item stands here to give to a rep.")
        await lead.presses("right", "right", "right", "down", "r")
        await lead.finds("M-20111 is decided: nobody has to work on it.")
        assert client.acts == ["take back M-20377 v3"]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Stale(Trouble("Changed.")), "M-20377 was changed meanwhile: look again. Nothing was done."),
        (RuleRefuses(Trouble("Nobody has claimed this item.")), "Nobody has claimed this item."),
        (NoAnswer(Trouble("The backend does not answer.")), "[!] The backend does not answer."),
    ],
)
async def test_an_act_that_is_refused_says_why_and_shows_how_it_is_now(refusal: Exception, said: str) -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        client.refusal = refusal
        await lead.presses("t", "enter")
        await lead.finds(said)
        assert client.acts == []
        assert client.asked == (1 if isinstance(refusal, NoAnswer) else 2)


async def test_enter_opens_the_item_and_escape_comes_back_to_the_same_line() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("right", "down")
        await lead.presses("enter")
        await lead.finds("MATCH M-20302")
        await lead.presses("escape")
        await lead.finds("[for a lead 2]")
        assert cursor(lead, Section.WAITS) == "M-20302"
        assert client.asked == 2


async def test_news_never_move_the_line_under_the_cursor() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("right", "down")
        first, second = board().approvals[0], board().escalated[0]
        another = second.model_copy(update={"item": item("M-20299")})
        client.one = board(escalated=[another, second], approvals=[first])
        await lead.presses(*["up", "down"] * 3)  # a key takes a second here
        hears(lead)
        await lead.finds("1 new: F7")
        client.one = board(escalated=[another], approvals=[])
        await lead.presses(*["down", "up", "down"] * 2)
        hears(lead)
        await lead.finds("no longer in this list; F7 takes the line away")
        client.one = board(escalated=[another, second], approvals=[first])
        assert cursor(lead, Section.WAITS) == "M-20302"
        await lead.presses("f7")
        await lead.finds("rows 1-3 of 3")
        assert cursor(lead, Section.WAITS) == "M-20302"


async def test_a_change_heard_while_f7_waits_does_not_lose_what_f7_was_for() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        await lead.presses("right", *["down", "up"] * 3)
        client.one = board(escalated=[])
        client.open.clear()
        await lead.presses("f7", *["down", "up"] * 3)
        hears(lead)
        client.open.set()
        await lead.finds("rows 1-1 of 1")


async def test_a_storm_of_changes_is_one_look() -> None:
    client = FakeLead()
    async with at_board(client) as lead:
        await lead.finds("M-20377")
        for _ in range(50):
            hears(lead)
        await lead.presses("down")
        assert client.asked == 1
        await lead.presses(*["down", "up"] * 3)
        screen(lead)._look_again()
        client.open.clear()
        for _ in range(50):
            hears(lead)
        client.open.set()
        await lead.presses("down")
        assert client.asked == 2


async def test_a_board_that_does_not_come_says_so_and_f7_tries_again() -> None:
    client = FakeLead()
    client.failure = NoAnswer(Trouble("The backend does not answer."))
    async with at_board(client) as lead:
        await lead.finds("could not load: The backend does not answer.  F7 tries again")
        await lead.presses("right")
        await lead.finds("could not load: The backend does not answer.")
        client.failure = None
        await lead.presses("f7")
        await lead.finds("Two Claras")
        client.failure = RuleRefuses(Trouble("The server is busy."))
        await lead.presses("f7")
        await lead.finds("[!] The server is busy.")
        await lead.finds("Two Claras")


async def test_while_it_loads_it_says_so_and_empty_lists_say_what_is_missing() -> None:
    client = FakeLead(board(escalated=[], approvals=[], breaches=[], disagreements=[]))
    client.open.clear()
    async with at_board(client) as lead:
        await lead.finds("loading ...")
        client.open.set()
        await lead.finds("as of 09:41")
        await lead.presses("right")
        await lead.finds("No question, no approval and no user ID waits")
        await lead.presses("enter", "r")
        await lead.finds("No item stands here to give to a rep.")


async def test_behind_the_lock_nothing_of_the_board_is_seen_and_the_list_comes_back() -> None:
    async with at_board(FakeLead()) as lead:
        await lead.finds("M-20377")
        await lead.presses("right", "right")
        await lead.finds("[reps]")
        await lead.presses("ctrl+l")
        assert isinstance(lead.app.screen, LockScreen)
        assert "R.Chen" not in lead.sees
        await lead.types(*"secret", "enter")
        await lead.finds("[reps]")
        await lead.finds(">D.Okafor")


async def test_a_lead_gets_to_the_board_with_one_key_from_anywhere() -> None:
    areas = {"accounts": LookUpScreen, "lead": AREAS["lead"]}
    door = FakeDoor(FakeLead(), Opening(session=LEAD))
    async with desk(areas, door=door, seconds=Seconds()) as (app, pilot):
        one = Rep(app, pilot, Seconds())
        await one.finds("LOOKS UP")
        await one.presses("L")
        await one.finds("[X] late")


@pytest.mark.parametrize("size", SIZES)
async def test_a_rep_is_told_whom_the_board_is_for(size: tuple[int, int]) -> None:
    client = FakeLead()
    areas = {"accounts": LookUpScreen, "lead": AREAS["lead"]}
    async with desk(areas, door=FakeDoor(client), seconds=Seconds(), size=size) as (app, pilot):
        one = Rep(app, pilot, Seconds())
        await one.finds("LOOKS UP")
        await one.presses("L")
        await one.finds("The lead's board is for leads")
        assert client.asked == 0


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_hostile_text_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    safe = visible_line(text)
    odd = late(group_number=text, holder=text, kept_for=text)
    one = board()
    hostile = board(
        parts=[one.parts[0].model_copy(update={"oldest": odd}), *one.parts[1:]],
        escalated=[one.escalated[0].model_copy(update={"item": odd, "question": safe, "asked_by": safe})],
        approvals=[one.approvals[0].model_copy(update={"decided_by": safe, "why": safe})],
        reps=[rep(safe or "x", safe, claimed=[odd])],
        breaches=[one.breaches[0].model_copy(update={"item": odd, "decided_by": safe})],
        disagreements=[one.disagreements[0].model_copy(update={"note": text, "first_by": text})],
    )
    client = FakeLead(hostile)
    async with at_board(client, size=size) as lead:
        await lead.finds("M-20377")
        await lead.presses("r", "1", "escape", "t", "escape")
        for _ in Section:
            await lead.presses("right")
        assert "\x1b" not in lead.sees
        assert lead.app.is_running
