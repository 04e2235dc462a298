"""Deciding about people who are missing from a full file, driven by keys."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Trouble
from api_client.types.words import AbsenceState
from screens.enrollment.words import Section
from tests.screens.desk import NOW
from tests.screens.enrollment.shelf import DAY, FakeFiles, a_file, absence, at_shelf, hears

ONE = "F-00012"
at_file = partial(at_shelf, number=ONE)


async def test_marked_people_are_ended_with_a_checked_day_and_taken_back() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("BRAM OAKES")
        await rep.presses("a")
        await rep.finds("Mark people first: Space marks the one under the cursor, m all that are shown.")
        await rep.presses("space", "down", "down", "space")
        await rep.finds("2 people marked; m marks all, a ends their coverage, d keeps it.")
        await rep.finds("marked  2 people: ADA FENWICK and CLEO MARSH")
        await rep.presses("a", *"11-31", "enter")
        await rep.finds("There is no day 11-31 in the calendar.")
        await rep.presses("a")
        await rep.finds("last covered day of 2 people:")
        await rep.presses("backspace", "0", "enter")
        await rep.finds("> end the coverage of 2 people on 2026-11-30: ADA FENWICK and CLEO MARSH")
        await rep.presses("escape")
        assert client.acts == []
        await rep.presses("a", "enter")
        await rep.types("enter", "enter")
        await rep.finds("too fast")
        assert client.acts == []
        await rep.presses("enter")
        await rep.finds("Coverage of 2 people ends with 2026-11-30; u takes it back until 09:51.")
        assert client.acts == ["end 2026-11-30: 104233 ADA FENWICK, 104233 CLEO MARSH"]
        await rep.finds("[absences 1 of 3]")
        await rep.finds("> -   CLEO MARSH")
        await rep.presses("space")
        await rep.finds("CLEO MARSH is decided about: ends 11-30.")
        await rep.presses("up", "u")
        await rep.finds(f"> take back the end of coverage of 2 people of {ONE}: ADA FENWICK and CLEO")
        await rep.presses("enter")
        await rep.finds("2 people wait for a decision again.")
        await rep.finds("[absences 3]")
        await rep.presses("u")
        await rep.finds("You decided nothing here that could be taken back")


async def test_all_shown_are_marked_with_one_key_and_left_covered_with_or_without_a_reason() -> None:
    client = FakeFiles(a_file())
    client.decide(ONE, ["104233 BRAM OAKES"], state=AbsenceState.DISMISSED)
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        await rep.presses("m")
        await rep.finds("marked  2 people: ADA FENWICK and CLEO MARSH")
        await rep.presses("m")
        await rep.finds("Nobody is marked.")
        await rep.presses("m", "d")
        await rep.finds("why 2 people stay covered, or nothing:")
        await rep.presses(*"split file", "enter")
        await rep.finds("> leave 2 people covered: ADA FENWICK and CLEO MARSH; reason: split file")
        await rep.presses("enter")
        await rep.finds("2 people stay covered; u takes it back until 09:51.")
        assert client.acts == ["keep: 104233 ADA FENWICK, 104233 CLEO MARSH split file"]
        await rep.presses("m")
        await rep.finds("Nobody shown here waits for a decision.")


async def test_the_one_under_the_cursor_is_taken_back_after_a_new_start_while_there_is_time() -> None:
    client = FakeFiles(a_file())
    done = {"state": AbsenceState.APPROVED, "ends_on": DAY, "decided_by": "M.Lopez", "decided_at": NOW}
    client.decide(ONE, ["104233 ADA FENWICK"], **done, undo_until=NOW + timedelta(minutes=1))
    client.decide(ONE, ["104233 BRAM OAKES"], **done | {"decided_by": "R.Chen"})
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("takes it back until 09:42")
        await rep.presses("down", "u")
        await rep.finds("You decided nothing here that could be taken back")
        await rep.presses("up", "u", "enter")
        await rep.finds("1 person waits for a decision again.")
        assert client.acts == ["undo: 104233 ADA FENWICK"]


async def test_marks_follow_the_person_through_a_refresh_and_a_filter() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        await rep.presses("down", "space")
        client.absences_there.insert(0, absence("ZOE QUILL"))
        client.put(ONE, absent=4)
        await rep.presses("f7")
        await rep.finds(">[x]  BRAM OAKES")
        await rep.finds(" [ ]  ZOE QUILL")
        await rep.presses("f", "3")
        await rep.finds("Nobody missing stands so; Esc shows all.")
        await rep.finds("marked  1 person: BRAM OAKES")
        await rep.presses("escape")
        await rep.finds("[x]  BRAM OAKES")


async def test_a_mark_ends_when_somebody_else_decides_and_the_rep_is_told() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        await rep.presses("m")
        client.decide(ONE, ["104233 BRAM OAKES"], state=AbsenceState.DISMISSED, decided_by="R.Chen")
        await rep.presses("down", "down")
        hears(rep)
        await rep.finds("Decided meanwhile, no longer marked: BRAM OAKES stays covered by R.Chen.")
        await rep.finds("marked  2 people: ADA FENWICK and CLEO MARSH")


async def test_a_conflict_says_what_changed_and_keeps_marks_and_the_typed_day() -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        await rep.presses("m", "a", *"11-30", "enter")
        await rep.finds("> end the coverage of 3 people")
        client.decide(ONE, ["104233 BRAM OAKES"], state=AbsenceState.DISMISSED, decided_by="R.Chen")
        await rep.presses("enter")
        await rep.finds("to decide: 3 when you looked, 2 now")
        await rep.finds(" -   BRAM OAKES")
        await rep.finds("marked  2 people: ADA FENWICK and CLEO MARSH")
        assert client.acts == []
        await rep.presses("a", "enter")
        await rep.finds("> end the coverage of 2 people on 2026-11-30: ADA FENWICK and CLEO MARSH")
        await rep.presses("enter")
        await rep.finds("Coverage of 2 people ends with 2026-11-30")


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (RuleRefuses(Trouble("The end lies before 2026-11-01.", "K-12345678")), "[!] The end lies before"),
        (NoAnswer(Trouble("The backend does not answer.")), "[!] The backend does not answer."),
    ],
)
async def test_a_decision_that_is_refused_keeps_what_was_marked_and_typed(
    refusal: Exception, said: str
) -> None:
    client = FakeFiles(a_file())
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("CLEO MARSH")
        client.refusal = refusal
        await rep.presses("space", "a", *"9-30", "enter", "enter")
        await rep.finds(said)
        assert client.acts == []
        client.refusal = None
        await rep.presses("a")
        await rep.finds("9-30")
        await rep.presses("enter", "enter")
        await rep.finds("Coverage of 1 person ends with 2026-09-30")


async def test_one_decision_is_about_a_hundred_people_at_the_most_over_all_pages() -> None:
    client = FakeFiles(a_file(absent=130), page=100)
    client.absences_there = [absence(f"PERSON {at:03}") for at in range(130)]
    async with at_file(client, section=Section.ABSENCES) as rep:
        await rep.finds("PERSON 000")
        await rep.presses("end")
        await rep.presses("end")
        await rep.finds("PERSON 129")
        await rep.presses("m")
        await rep.finds("100 people are marked, as many as one decision takes")
        await rep.presses("space")
        await rep.finds("100 people are marked, as many as one decision takes")
        await rep.presses("m", "space", "f7")
        await rep.finds(">[x]  PERSON 129")
        await rep.presses("a", *"11-30", "enter", "enter")
        await rep.finds("> -   PERSON 129")
        assert client.acts == ["end 2026-11-30: 104233 PERSON 129"]
