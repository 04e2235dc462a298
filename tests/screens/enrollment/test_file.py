"""One enrollment file, driven by keys."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from api_client.errors import NoAnswer, NotFound, Trouble
from api_client.types.words import Channel, FileState
from screens.enrollment.file import FileScreen
from screens.enrollment.words import Section
from screens.widgets.virtual_table import VirtualTable
from tests.screens.enrollment.shelf import (
    FakeFiles,
    a_file,
    at_shelf,
    error,
    hears,
    hostile_absence,
    hostile_error,
    hostile_file,
    hostile_member,
    on_media,
)
from tests.screens.rep import HOSTILE, SIZES, Rep

ONE = "F-00012"
at_file = partial(at_shelf, number=ONE)


def screen(rep: Rep) -> FileScreen:
    """The file in view."""
    found = rep.app.screen
    assert isinstance(found, FileScreen)
    return found


def cursor(rep: Rep, section: Section) -> str | None:
    return screen(rep).query_one(f"#{section}", VirtualTable).cursor_key


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_rep_turns_from_the_file_to_its_errors_its_people_and_who_is_missing(
    size: tuple[int, int],
) -> None:
    async with at_file(FakeFiles(a_file()), size=size) as rep:
        await rep.finds("We took your file; three people are missing")
        if size[0] == 80:
            await rep.finds("[file]  errors 2   members 255   absences 3")
            await rep.presses("right")
        await rep.finds("[errors 2]")
        await rep.finds(" segment DMG*D8*19****99*F")
        await rep.finds("                ^^^^^^^^")
        await rep.finds("tell    Send the birth date as year")
        await rep.presses("right", "down", "down")
        await rep.finds("[members 255]")
        await rep.finds("We could not take the end of subscriber S3: no end date.")
        await rep.presses("right")
        await rep.finds("[absences 3]")
        await rep.finds("ADA FENWICK, subscriber, MRN 88000001")
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1] == "Space mark  a end coverage  d keep  u undo  Right next list  F1 help"
        await rep.presses("right")
        await rep.finds("[file]")
        await rep.presses("left")
        await rep.finds("[absences 3]")
        await rep.presses("question_mark")
        await rep.finds("coverage by itself: the list may be broken")


async def test_people_are_not_asked_for_before_a_rep_turns_to_them() -> None:
    client = FakeFiles(a_file())
    async with at_file(client) as rep:
        await rep.finds("SAY")
        assert set(client.asked) == {"file"}
        await rep.presses("right", "right")
        await rep.finds("C*** P*****")
        assert "absences" not in client.asked


async def test_a_segment_is_shown_bare_for_a_reason_and_for_a_moment_only() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ERRORS) as rep:
        await rep.finds("DMG*D8*19****99*F")
        await rep.presses("v")
        await rep.finds("2 the client corrects it  3 comparing")
        assert client.acts == []
        await rep.presses("2")
        await rep.finds("DMG*D8*19801399*F")
        await rep.finds("shown for 15 seconds, on record; then masked again")
        assert client.acts == [f"reveal {ONE} 0 client_corrects"]
        shown = screen(rep).revealed
        assert shown is not None
        screen(rep).cover_again(shown)  # what the timer does
        await rep.finds("DMG*D8*19****99*F")
        await rep.presses("v", "1")
        await rep.finds("19801399")
        screen(rep).cover_again(shown)  # the old timer does not end the new look
        await rep.finds("19801399")
        await rep.presses("down")
        await rep.loses("19801399")
        await rep.presses("up")
        await rep.finds("DMG*D8*19****99*F")
        await rep.presses("v", "1")
        await rep.finds("19801399")
        await rep.presses("right", "left")
        await rep.finds("DMG*D8*19****99*F")
        assert "19801399" not in rep.sees


async def test_an_answer_that_comes_late_reveals_nothing_of_another_error() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ERRORS) as rep:
        await rep.finds("DMG*D8*19****99*F")
        client.open.clear()
        await rep.presses("v", "1", "down")
        client.open.set()
        await rep.finds("IK403 7")
        await rep.presses("up")
        assert "19801399" not in rep.sees


async def test_a_finding_without_a_segment_has_nothing_to_show() -> None:
    client = FakeFiles(a_file())
    client.errors_there = [error(text="", mark_from=0, mark_to=0, element=None, codes_of="TA105", code="022")]
    async with at_file(client, section=Section.ERRORS) as rep:
        await rep.finds("TA105 022 (envelope)")
        await rep.presses("v")
        await rep.finds("There is no segment to this error.")
        await rep.presses("c")
        await rep.finds(f"{ONE} is copied.")
        assert rep.app.clipboard == ONE


async def test_members_by_outcome_and_enter_to_the_case_of_a_queued_one() -> None:
    async with at_file(FakeFiles(a_file()), section=Section.MEMBERS) as rep:
        await rep.finds("matched exactly")
        await rep.presses("enter")
        await rep.finds("This member waits in no queue")
        await rep.presses("f")
        await rep.finds("1 all  2 applied  3 queued  4 refused")
        await rep.presses("3")
        await rep.finds("only queued; Esc: all")
        await rep.finds("rows 1-1 of 1")
        await rep.presses("enter")
        await rep.finds("MATCH M-20418")
        await rep.presses("escape")
        await rep.finds("only queued; Esc: all")
        await rep.presses("f", "5")
        await rep.finds("No member came out so; Esc shows all.")
        await rep.presses("escape")
        await rep.finds("rows 1-3 of 3")


# -- a run -----------------------------------------------------------------------------------------


async def test_a_run_moves_by_itself_is_stopped_on_a_line_that_says_what_stays_and_goes_on() -> None:
    running: dict[str, Any] = {"state": FileState.RECEIVED, "running": True, "done": 120, "absent": 0}
    client = FakeFiles(a_file(**running))
    async with at_file(client) as rep:
        await rep.finds("[>] running; 120 of 255 members done")
        await rep.presses("down", "down", "down")
        client.put(ONE, done=150)
        hears(rep)
        await rep.finds("150 of 255")
        await rep.presses("x")
        await rep.finds(f"> stop {ONE} after the members at hand: 150 of 255 are done and stay so; x")
        await rep.types("x", "x")
        assert client.acts == []
        await rep.presses("enter")
        await rep.finds(f"{ONE} stops after the members at hand; x lets it go on.")
        assert client.acts == ["stop"]
        await rep.presses("x")
        await rep.finds("It stops already, after the members at hand.")
        client.put(ONE, state=FileState.STOPPED, running=False, stop_asked=False, done=160)
        await rep.presses("down", "down", "down")
        hears(rep)
        await rep.finds("x go on")
        await rep.presses("x")
        await rep.finds(f"> let {ONE} go on with its last 95 members")
        await rep.presses("enter")
        await rep.finds(f"{ONE} goes on.")
        assert client.acts == ["stop", "go on"]


async def test_a_held_file_says_why_and_a_lead_releases_it_with_a_reason() -> None:
    held = a_file(state=FileState.HELD, held_why="60 of 255 are missing, more than 10 %", done=0)
    client = FakeFiles(held)
    async with at_file(client) as rep:
        await rep.finds("60 of 255 are missing, more than 10 %")
        assert "r release" in rep.sees
        await rep.presses("r")
        await rep.finds("A held file is released by a lead, with a reason: ask one.")
        await rep.types("1", "enter")
        assert client.acts == []
    async with at_file(client, lead=True) as rep:
        await rep.finds("60 of 255 are missing")
        await rep.presses("r", "enter")
        await rep.finds("Nothing is written yet")
        await rep.presses(*"split", "enter")
        await rep.finds(f"> release {ONE}: 255 members are dealt with; reason: split")
        await rep.presses("enter")
        await rep.finds(f"{ONE} is released and goes on.")
        assert client.acts == ["release: split"]
        await rep.presses("r")
        await rep.finds(f"{ONE} is not held.")


async def test_a_tape_is_written_down_as_returned() -> None:
    client = FakeFiles(a_file(channel=Channel.MEDIA, media=on_media()))
    async with at_file(client) as rep:
        await rep.finds("t media")
        await rep.presses("t", "1")
        await rep.finds(f"> the media NOV-1 of {ONE} was returned to the sender")
        await rep.presses("enter")
        await rep.finds("Written down: returned to the sender.")
        await rep.presses("t")
        await rep.finds("It was returned to the sender already.")
        assert client.acts == ["media returned"]


# -- states of the screen --------------------------------------------------------------------------


async def test_loading_failing_and_a_file_that_is_not_there_say_so() -> None:
    client = FakeFiles(a_file())
    client.open.clear()
    async with at_file(client) as rep:
        await rep.finds(f"{ONE}  loading ...")
        await rep.presses("x")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds(f"{ONE}  could not load; F7 tries again")
        assert "not here yet" not in rep.sees  # what was typed for the file went with it
        await rep.presses("x")
        await rep.finds("The file is not here yet.")
        await rep.presses("right")
        await rep.finds("could not load: The backend does not answer.")
        client.failure = NotFound(Trouble("There is no such file."))
        await rep.presses("left", "f7")
        await rep.finds(f"There is no file {ONE}. Esc goes back.")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("SAY")
        await rep.presses("right")
        await rep.finds("This is no date.")


async def test_empty_lists_say_so() -> None:
    client = FakeFiles(a_file(errors=0, members=0, absent=0))
    client.errors_there, client.members_there, client.absences_there = [], [], []
    async with at_file(client, section=Section.ERRORS) as rep:
        await rep.finds("Nothing is wrong in this file.")
        await rep.presses("v", "f")
        await rep.finds("Members and missing people can be filtered")
        await rep.presses("right")
        await rep.finds("No member of this file was dealt with yet.")
        await rep.presses("right", "space")
        await rep.finds("Nobody is missing from this file.")
        await rep.finds("Nobody stands here to mark.")
        await rep.presses("right", "space", "m", "a", "d")
        await rep.finds("Right turns to the people who are missing")


async def test_a_conflict_over_the_file_shows_how_it_is_now() -> None:
    client = FakeFiles(a_file(state=FileState.STOPPED, done=9))
    async with at_file(client) as rep:
        await rep.finds("x go on")
        await rep.presses("x")
        await rep.finds("> let F-00012 go on")
        client.put(ONE, state=FileState.APPLIED, done=255)
        await rep.presses("enter")
        await rep.finds("stopped when you looked, applied now; members done: 9")
        await rep.finds("[ ] done")


async def test_behind_the_lock_nothing_is_seen_and_the_same_person_is_there_again() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        await rep.presses("down")
        again = screen(rep).again()
        assert again is not None
        await rep.presses("ctrl+l")
        assert "BRAM" not in rep.sees
    async with at_file(client) as rep:
        rep.app.push_screen(again)
        await rep.finds(">[ ]  BRAM OAKES")


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    client = FakeFiles(*[hostile_file(f"F-{at:05d}", text) for at, text in enumerate(HOSTILE)])
    client.errors_there = [hostile_error(at, text) for at, text in enumerate(HOSTILE)]
    client.members_there = [hostile_member(at, text) for at, text in enumerate(HOSTILE)]
    client.absences_there = [hostile_absence(text) for text in HOSTILE]
    async with at_shelf(client, size=size) as rep:
        await rep.finds("F-00020")
        await rep.presses("pagedown", "end", "enter")
        await rep.finds("FILE F-00000")
        for _ in Section:
            await rep.presses("right", "down", "end", "up")
            assert "\x1b" not in rep.sees
        await rep.presses(*(["left"] if size[0] == 80 else ["right", "right"]), "m", "a", *"11-30", "enter")
        await rep.finds("> end the coverage of 21 people on 2026-11-30: Smith [/b], [/b], [/]")
        assert "\x1b" not in rep.sees
        assert rep.app.is_running
