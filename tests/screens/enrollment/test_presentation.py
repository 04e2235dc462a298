"""What the cells and lines about enrollment files say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from api_client.types.enrollment import FileSet
from api_client.types.words import AbsenceState, Channel, FileKind, FileState, MediaEnd, Outcome
from screens.enrollment import people, presentation, segments, typed
from tests.screens.desk import NOW
from tests.screens.enrollment.shelf import (
    a_file,
    absence,
    error,
    hostile_absence,
    hostile_error,
    hostile_file,
    hostile_member,
    member,
    on_media,
    three,
)
from tests.screens.rep import HOSTILE

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("changes", "state", "standing"),
    [
        ({"absent": 0}, "[ ] applied", "[ ] done"),
        ({}, "[ ] applied", "[ ] done; missing people wait for a decision"),
        ({"state": FileState.RECEIVED, "done": 0}, "[>] waiting", "[>] waiting for its turn; 0 of 255"),
        (
            {"state": FileState.RECEIVED, "done": 120, "running": True},
            "[>] 120/255",
            "[>] running; 120 of 255 members done",
        ),
        (
            {"state": FileState.RECEIVED, "done": 120, "running": True, "stop_asked": True},
            "[>] 120/255",
            "[>] stopping after the members at hand; 120 of 255",
        ),
        ({"state": FileState.STOPPED, "done": 9, "absent": 0}, "[=] stopped", "9 of 255 members are done"),
        ({"state": FileState.HELD}, "[!] held", "nothing is done until a lead lets it go on"),
        ({"state": FileState.STRUCTURE_REJECTED, "absent": 0}, "[X] refused", "its structure is wrong"),
        ({"state": FileState.EDITED, "absent": 0}, "[ ] tested", "nothing was changed"),
    ],
)
def test_a_state_is_a_shape_and_a_word_before_it_is_a_colour(
    changes: dict[str, Any], state: str, standing: str
) -> None:
    one = a_file(**changes)
    assert presentation.state(one).plain == state
    assert standing in presentation.standing(one).plain


def test_a_row_counts_what_became_of_the_members_and_what_needs_somebody() -> None:
    cells = [cell.plain for cell in presentation.file_row(a_file(), NOW).cells]
    assert cells[2:] == ["ACME BENEFITS", "full", "[ ] applied", "  240", "   12", "    3", "   2", "   3"]
    odd = a_file(partner="", sender="", kind=None, test=True, counts={}, errors=0, absent=0)
    cells = [cell.plain for cell in presentation.file_row(odd, NOW).cells]
    assert cells[2:4] == ["unknown", "test"]
    assert cells[5:] == ["    -", "    -", "    -", "   -", "   -"]


def test_everything_about_a_file_stands_in_sentences_what_is_asked_first_on_top() -> None:
    full = a_file(
        channel=Channel.MEDIA,
        media=on_media(),
        approved=2,
        dismissed=1,
        warnings=["The file begins with a byte order mark."],
        original="F-00009",
        sets=[
            FileSet(st02="0001", code="A", sentence="accepted"),
            FileSet(st02="0002", code="R", sentence="rejected: IK502 4"),
        ],
    )
    said = presentation.about(full, NOW, 200).plain.split("\n")
    assert said[0].startswith(" state ")
    assert (
        said[1] == ' SAY     "We took your file; three people are missing from it and wait for our decision."'
    )
    text = "\n".join(said)
    for words in (
        "repeats F-00009",
        "255: 240 applied, 12 queued, 3 refused   (termination 3 refused; listed in full 240 applied",
        "3 to decide; 2 ended, 1 kept covered",
        "ACME BENEFITS (ZZ/ACMETPA), in production; control number 000000012; to ZZ/PLAN",
        "TA1     The envelope is accepted",
        "999     The structure is accepted with errors",
        "0002 R: rejected: IK502 4",
        "full file: who is not in it may have left; received 11-20 17:12 on a diskette or tape",
        "byte order mark",
        "label NOV-1, from OAK DENTAL, read by OPERATOR",
        "still here; t says what became of it",
    ):
        assert words in text
    back = on_media(end=MediaEnd.RETURNED, end_at=NOW, end_by="M.Lopez")
    text = presentation.about(a_file(media=back, partner_status=None, ta1="", ack999=""), NOW, 200).plain
    assert "returned to the sender 11-20 17:41 by M.Lopez" in text
    assert "not known as a trading partner" in text
    assert "none: there was no envelope to answer" in text


def test_a_conflict_names_what_is_different() -> None:
    seen, present = a_file(), a_file(absent=1, approved=2, state=FileState.STOPPED)
    assert presentation.changed(seen, present) == (
        "F-00012 changed meanwhile: applied when you looked, stopped now; to decide: 3 when you looked, "
        "1 now; ended: 0 when you looked, 2 now. Nothing was done."
    )
    assert "somebody was at it" in presentation.changed(seen, seen)


# -- segments --------------------------------------------------------------------------------------

LONG = "NM1*IL*1*" + "A" * 60 + "*CLARA*" + "B" * 60


@pytest.mark.parametrize(
    ("text", "mark", "room", "shown"),
    [
        ("DMG*D8*1980*F", "1980", 40, ("DMG*D8*", "1980", "*F")),
        (LONG, "CLARA", 31, ("..." + "A" * 9 + "*", "CLARA", "*" + "B" * 9 + "...")),
        (LONG, "NM1", 20, ("", "NM1", "*IL*1*AAAAA...")),
        (LONG, "B" * 60, 20, ("...", "B" * 14, "...")),
        ("N4*\u4e2d\u6587*CA", "CA", 40, ("N4*\u4e2d\u6587*", "CA", "")),
        ("N4*CA", "", 40, ("N4*CA", "", "")),
    ],
)
def test_a_long_segment_is_cut_around_its_mark(
    text: str, mark: str, room: int, shown: tuple[str, str, str]
) -> None:
    start = text.find(mark) if mark else len(text)
    cut = segments.around(text, start, start + len(mark), room)
    assert cut == shown
    assert segments.cells("".join(cut)) <= room


def test_the_mark_can_be_seen_without_colours_also_behind_wide_letters() -> None:
    one = error(text="N4*\u4e2d\u6587*CALI*9", mark_from=6, mark_to=10, segment="N4", element=2)
    row, caret, *rest = segments.detail(one, None, 60).plain.split("\n")
    assert row == " segment N4*\u4e2d\u6587*CALI*9"
    assert caret == " " * (9 + segments.cells("N4*\u4e2d\u6587*")) + "^^^^"
    text = "\n".join(rest)
    assert "IK403 8 (element): This is no date." in text
    assert "N402, byte 1,204 of the file" in text
    assert "tell    Send the birth date as year" in text
    assert "^" not in segments.detail(error(mark_from=0, mark_to=0), None, 60).plain
    bare = segments.detail(error(text="", element=None, codes_of="TA105", code="022"), None, 60).plain
    assert "segment" not in bare
    assert "TA105 022 (envelope)" in bare


# -- people ----------------------------------------------------------------------------------------


def test_a_refused_member_comes_with_the_sentence_for_the_client() -> None:
    said = people.member_detail(
        member(3, Outcome.REFUSED, why="no end date", maintenance="end", receipt=None), "F-00012", 200
    ).plain
    assert "We could not take the end of subscriber S3: no end date. Please correct it" in said
    assert "none: nothing was written down of it" in said
    queued = people.member_detail(member(2, Outcome.QUEUED, item="M-20418"), "F-00012", 200).plain
    assert "M-20418; Enter opens it" in queued
    assert "SAY" not in queued


@pytest.mark.parametrize(
    ("some", "named"),
    [
        (three()[:1], "ADA FENWICK"),
        (three(), "ADA FENWICK, BRAM OAKES and CLEO MARSH"),
        ([absence("FENWICK, ADA"), absence("OAKES, BRAM")], "FENWICK, ADA and OAKES, BRAM"),
        ([absence(f"P{at}") for at in range(14)], "P11 and 2 more, all marked [x] in the list"),
    ],
)
def test_a_line_names_how_many_and_whom(some: list[Any], named: str) -> None:
    line = people.end_line(some, TODAY).plain
    assert line.startswith(f"end the coverage of {people.people(some)} on 2026-11-20: ")
    assert line.endswith(named)


def test_somebody_who_may_be_waiting_in_the_queue_is_pointed_out_twice() -> None:
    some = [absence("ADA FENWICK", warning="somebody of this family waits"), absence("BRAM OAKES")]
    assert people.absence_row(some[0], marked=True, today=TODAY).cells[0].plain == "[x]!"
    assert people.end_line(some, TODAY).plain.endswith("; LOOK TWICE at ADA FENWICK")
    assert "somebody of this family waits" in people.absence_detail(some[0], some, NOW, 100).plain


def test_what_was_decided_about_somebody_stands_in_row_and_detail() -> None:
    until = NOW + timedelta(minutes=10)
    ended = absence(
        state=AbsenceState.APPROVED, ends_on=TODAY, decided_by="M.Lopez", decided_at=NOW, undo_until=until
    )
    assert people.decided(ended, TODAY) == "ends 11-20"
    said = people.absence_detail(ended, [], NOW, 200).plain
    assert (
        "coverage ended, last covered day 2026-11-20, by M.Lopez 11-20 17:41; u takes it back until" in said
    )
    assert "u takes it back" not in people.absence_detail(ended, [], until, 200).plain
    assert (
        people.done([ended], NOW) == "Coverage of 1 person ends with 2026-11-20; u takes it back until 17:51."
    )
    kept = absence(state=AbsenceState.DISMISSED)
    assert people.done([kept, kept], NOW) == "2 people stay covered."
    listed = absence(state=AbsenceState.LISTED)
    assert "only compares" in people.absence_detail(listed, [], NOW, 200).plain


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("11/30/2026", date(2026, 11, 30)),
        (" 11-30 ", date(2026, 11, 30)),
        ("1/31", date(2027, 1, 31)),
        ("6-30", date(2026, 6, 30)),
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-30", "There is no day 2026-02-30 in the calendar."),
        ("2-29", "There is no day 2-29 in the calendar."),
        ("soon", "soon is no date: type the last covered day as 2026-11-30, 11/30/2026 or 11-30."),
        ("2016-11-30", "2016-11-30 is more than a year from today; look again."),
        ("2026-02-27", "DORA LYNN is covered from 2026-03-01 on: 2026-02-27 is before it."),
    ],
)
def test_the_last_covered_day_is_taken_when_it_is_clear(text: str, day: date | str) -> None:
    some = [absence(), absence("DORA LYNN", covered_from=date(2026, 3, 1))]
    assert typed.last_day(text, TODAY, some) == day


def test_kinds_of_files_have_words() -> None:
    assert "compared only" in presentation.about(a_file(kind=FileKind.VERIFY), NOW, 200).plain
    assert "kind unknown" in presentation.about(a_file(kind=None), NOW, 200).plain


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [20, 78, 118])
def test_nothing_that_steers_a_terminal_is_left_in_any_line(text: str, width: int) -> None:
    whom = hostile_absence(text)
    said = [
        presentation.about(hostile_file("F-00001", text), NOW, width),
        segments.detail(hostile_error(0, text), None, width),
        people.member_detail(hostile_member(1, text), text, width),
        people.absence_detail(whom, [whom], NOW, width),
        people.end_line([whom], TODAY),
        people.keep_line([whom], text),
    ]
    rows = [
        presentation.file_row(hostile_file("F-00001", text), NOW),
        segments.error_row(hostile_error(0, text)),
        people.member_row(hostile_member(1, text)),
        people.absence_row(whom, marked=True, today=TODAY),
    ]
    for content in (*said, *(cell for row in rows for cell in row.cells)):
        assert content.plain.replace("\n", "").isprintable()
