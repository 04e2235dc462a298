"""What the lead's board says, without a terminal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types import lead
from api_client.types.billing_words import IncidentKind
from api_client.types.lead import CallAlert, PartCount, RepFigures, UserIdOnBoard
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.words import MatchDecision, MatchState, QueuePart, Urgency
from screens.lead import giving, presentation
from screens.lead.words import COLUMNS, NOTHING, TITLES, WHY, Section
from screens.matching.presentation import give_line
from tests.screens.desk import SESSION
from tests.screens.lead.boards import TODAY, board, item, late, rep, user_id

NOW = SESSION.now.astimezone(ZoneInfo(SESSION.zone))


def texts(section: Section, **changes: object) -> list[str]:
    """Each line of a list as words with blanks between."""
    found = presentation.entries(section, board(**changes), NOW)
    return [" | ".join(cell.plain for cell in entry.row.cells) for entry in found]


def test_every_list_has_its_words() -> None:
    assert set(TITLES) == set(COLUMNS) == set(NOTHING) == set(WHY) == set(Section)
    assert lead.COUNTED == presentation._COUNTED


@pytest.mark.parametrize("section", Section)
def test_every_line_fits_its_columns_and_lists_name_a_line_once(section: Section) -> None:
    found = presentation.entries(section, board(), NOW)
    assert found
    assert {len(entry.row.cells) for entry in found} == {len(COLUMNS[section])}
    assert len({entry.row.key for entry in found}) == len(found)


def test_a_part_says_its_shape_its_count_and_the_oldest() -> None:
    found = texts(Section.QUEUE)
    assert found[0] == "[X] late |     1 | M-20377 | [X] 2 h 00 late | R.Chen"
    assert found[2] == "[~] under 24 hours |     0 | - | - | -"
    assert found[6].startswith("  - asked of the leads |     1 | M-20418")


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (1000, "999+"), (5000, "999+")])
def test_a_count_that_stopped_says_so(number: int, said: str) -> None:
    assert presentation.count(number) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "42 open; # 10 decided a day, = 4 arrive: done on 11-27"),
        ({"done_on": date(2027, 1, 4)}, "42 open; # 10 decided a day, = 4 arrive: done on 2027-01-04"),
        (
            {"done_on": None, "arrived_a_day": 12.5},
            "42 open; # 10 decided a day, = 12.5 arrive: it grows by 2.5 a day",
        ),
        (
            {"done_on": None, "arrived_a_day": 10.0},
            "42 open; # 10 decided a day, = 10 arrive: no end in sight",
        ),
        ({"open": 0}, "nothing is open; # 10 decided a day, = 4 arrive"),
        ({"open": 1000, "done_on": None}, "more than 999 open; # 10 decided a day, = 4 arrive"),
    ],
)
def test_the_rate_tells_when_the_queue_is_done(changes: dict[str, Any], said: str) -> None:
    assert presentation.forecast(board(**changes)) == said


@pytest.mark.parametrize("width", [43, 78, 120])
def test_bars_share_one_scale_and_keep_within_the_line(width: int) -> None:
    rows = [row.plain for row in presentation.work(board().days, width)]
    assert len(rows) == 8
    assert all(len(row) <= width for row in rows)
    assert rows[-1].startswith(" today ")
    longest, shortest = rows[-1].count("#"), rows[-1].count("=")
    assert longest > shortest >= 1
    assert all(row.count("#") <= longest for row in rows)


def test_a_day_without_work_has_no_bar() -> None:
    days = [one.model_copy(update={"decided": 0, "arrived": 0}) for one in board().days]
    assert "#" not in "".join(row.plain for row in presentation.work(days, 78))


@pytest.mark.parametrize(
    ("changes", "agreed"),
    [
        ({"looked": 0, "agreed": None}, "-"),
        ({"looked": 4, "agreed": None}, "too few"),
        ({"looked": 5, "agreed": 0}, "0 of 5"),
    ],
)
def test_few_second_looks_make_no_figure(changes: dict[str, Any], agreed: str) -> None:
    assert texts(Section.REPS, reps=[rep(**changes)])[0].endswith(agreed)


def test_a_rep_says_what_is_claimed_and_since_when() -> None:
    assert texts(Section.REPS)[2].startswith("R.Chen | M-20377 11 m |    2 |    12 |     8.5")
    assert texts(Section.REPS, reps=[rep(claimed=[late(), item()])])[0].startswith("R.Chen | M-20377 +1")
    long_ago = late(claimed_at=NOW - timedelta(hours=3))
    assert "M-20377 3 h 00" in texts(Section.REPS, reps=[rep(claimed=[long_ago])])[0]


def test_a_breach_says_who_decided_and_how_late() -> None:
    assert texts(Section.BREACHES) == [
        "M-20377 | 2 h 00 | review | R.Chen | - | 104233",
        "M-20111 | 45 m | decided | M.Lopez | 11-18 09:41 | 104233",
    ]


def test_an_open_breach_grows_with_the_clock_and_a_paused_one_stands_still() -> None:
    later = NOW + timedelta(minutes=30)
    [running, _] = presentation.entries(Section.BREACHES, board(), later)
    assert running.row.cells[1].plain == "2 h 30"
    paused = (
        board().breaches[0].model_copy(update={"item": item(state=MatchState.WAITING_EMPLOYER, due_at=None)})
    )
    [still] = presentation.entries(Section.BREACHES, board(breaches=[paused]), later)
    assert still.row.cells[1].plain == "2 h 00"


def test_an_item_decided_in_time_after_it_was_reopened_was_late_before() -> None:
    one = board().breaches[1].model_copy(update={"late_minutes": 0})
    [entry] = presentation.entries(Section.BREACHES, board(breaches=[one]), NOW)
    assert entry.row.cells[1].plain == "before"
    assert "late before it was reopened" in "".join(row.plain for row in entry.says(78))


def test_two_links_that_disagree_are_links_to_two_members() -> None:
    assert texts(Section.LOOKS)[0].startswith("M-20222 | link | R.Chen | other link | M.Lopez")
    one = board().disagreements[0].model_copy(update={"second": MatchDecision.CREATE})
    assert "| new chart |" in texts(Section.LOOKS, disagreements=[one])[0]


def test_an_item_that_was_escalated_and_waits_for_approval_stands_once_with_its_question() -> None:
    both = board().approvals[0].item
    asked = board().escalated[0].model_copy(update={"item": both})
    found = texts(Section.WAITS, escalated=[asked])
    assert len(found) == 1
    assert "question" in found[0]


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "as of 09:41"), (1, "as of 09:41"), (5, "as of 09:41, 5 m old")]
)
def test_an_old_board_says_how_old_it_is(minutes: int, said: str) -> None:
    assert presentation.as_of(board(), NOW + timedelta(minutes=minutes)).plain == said


def test_groups_whose_callers_fail_stand_above_what_waits() -> None:
    quiet = presentation.line(Section.QUEUE, board(), None, 80)
    assert "callers" not in quiet.plain
    failing = [CallAlert(group_number=f"G-{number}", failed_calls=9 - number) for number in range(8)]
    for section in (Section.QUEUE, Section.WAITS):
        said = presentation.line(section, board(call_alerts=failing), None, 200).plain
        assert "not verified again and again: G-0 (9), G-1 (8)" in said
        assert "G-5 (4) and 2 more" in said


def test_nothing_says_percent_of_nothing() -> None:
    assert presentation.in_time(board(decided_week=0, in_time_week=0)).startswith("nothing was decided")
    assert presentation.in_time(board(decided_week=1000, in_time_week=999)).endswith("99 %")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("r.chen", "r.chen"), ("R.CHEN", "r.chen"), ("m", "m.lopez"), ("D.Ok", "d.okafor")],
)
def test_a_rep_is_found_by_how_the_name_begins(typed: str, found: str) -> None:
    one = giving.find_rep(typed, board().reps)
    assert isinstance(one, RepFigures)
    assert one.username == found


@pytest.mark.parametrize(
    ("typed", "why"), [("x", "No rep"), ("r", "More than one rep"), ("", "More than one")]
)
def test_a_name_that_means_nobody_or_several_is_refused(typed: str, why: str) -> None:
    reps = [rep(), rep("r.chan", "R.Chan"), rep("m.lopez", "M.Lopez")]
    said = giving.find_rep(typed, reps)
    assert isinstance(said, str)
    assert said.startswith(why)


def test_what_cannot_be_done_says_why() -> None:
    done = item(state=MatchState.APPLIED)
    assert giving.give_refused(None) == "No item stands here to give to a rep."
    assert giving.give_refused(done) == "M-20418 is decided: nobody has to work on it."
    assert giving.take_back_refused(item()) == "Nobody has claimed M-20418."
    assert not giving.take_back_refused(late())
    assert give_line(late(), "M.Lopez", "m.lopez").plain == (
        "give M-20377 to M.Lopez (m.lopez); R.Chen has it now and loses it"
    )


def test_the_line_of_lists_counts_what_waits() -> None:
    line = presentation.sections(Section.REPS, board(), NOW, 80).plain
    assert " for a lead 2  [reps]  breaches 1 " in line
    assert len(line) == 80
    calm = board(escalated=[], approvals=[], breaches=[], disagreements=[])
    assert " for a lead " in presentation.sections(Section.QUEUE, calm, NOW, 80).plain


def test_days_and_parts_are_as_many_as_the_screen_has_rows_for() -> None:
    assert len(board().days) == 8
    assert board().days[-1].day == TODAY
    empty = [PartCount(part=part, count=0) for part in QueuePart]
    assert len(texts(Section.QUEUE, parts=empty)) == 8


def test_what_waits_over_premium_stands_before_what_holds_it_up_and_what_was_late() -> None:
    assert texts(Section.BILLING) == [
        "[!] to decide | RI-00003 | 104233 | 11-18 | coverage that ended unpaid, to be given back",
        "hold | H-00012 | 104871 | 11-02 | grievance, until it is lifted; dates stop",
        "late L1 |  | 100231 | 11-19 | L1 due 11-17 is written 11-19: the grace period ends 12-18.",
    ]
    ends = board().holds[0].model_copy(update={"to_on": TODAY, "stops_dates": False})
    run = board().incidents[0].model_copy(update={"kind": IncidentKind.LATE_RUN, "group_number": ""})
    found = texts(Section.BILLING, asked_back=[], holds=[ends], incidents=[run])
    assert found[0].endswith("grievance, until 11-20; no date moves")
    assert found[1].startswith("late daily run |  | - | 11-19")
    [entry] = presentation.entries(Section.BILLING, board(asked_back=[], holds=[], incidents=[run]), NOW)
    assert entry.group == ""
    assert entry.says(80)[0].plain.startswith(" what    late daily run, 2026-11-19")


LATE: dict[str, Any] = {
    "late_days": 3,
    "urgency": Urgency.LATE,
    "mail_by": date(2026, 11, 17),
    "waits": False,
}


@pytest.mark.parametrize(
    ("one", "waits", "late", "below"),
    [
        (user_id(), "U-00866 | approval | - | M.Lopez | [~] 11-24 | group 104871: first ID, to be approved",
         "", "a lead who is somebody else confirms the address first"),
        (user_id(state=UserIdRequestState.EXPIRED, reissues=2, checked_by=""),
         "U-00866 | letter | - | - | - | group 104871: lost after 2 new letters", "",
         "a lead sends the next, in a call with the client"),
        (user_id(state=UserIdRequestState.RECEIVED, **LATE), "",
         "U-00866 | 3 d | received | - | - | 104871", "3 days after 11-17; still here"),
        (user_id(**LATE | {"waits": True}), "U-00866 | approval | - | M.Lopez | [X] 11-17",
         "U-00866 | 3 d | 2nd person", "3 days after 11-17; still here"),
        (user_id(state=UserIdRequestState.MAILED, mailed_on=date(2026, 11, 20), **LATE), "",
         "U-00866 | 3 d | mailed | - | 11-20 | 104871", "3 days after 11-17; mailed 11-20"),
    ],
)  # fmt: skip
def test_user_ids_that_wait_for_a_lead_or_are_late(
    one: UserIdOnBoard, waits: str, late: str, below: str
) -> None:
    for section, words in ((Section.WAITS, waits), (Section.BREACHES, late)):
        found = [row for row in texts(section, user_ids=[one]) if row.startswith("U-")]
        assert len(found) == bool(words)
        assert all(row.startswith(words) for row in found)
        entries = presentation.entries(section, board(user_ids=[one]), NOW)
        for entry in (entry for entry in entries if entry.request):
            assert (entry.group, entry.request, entry.item) == ("104871", "U-00866", None)
            assert below in " ".join(" ".join(row.plain.split()) for row in entry.says(80))
    counts = presentation.sections(Section.QUEUE, board(user_ids=[one]), NOW, 80).plain
    assert f" for a lead {2 + bool(waits)} " in counts
    still_here = bool(late) and one.state is not UserIdRequestState.MAILED
    assert f" breaches {1 + still_here} " in counts


def test_all_lists_fit_the_line_above_them() -> None:
    line = presentation.sections(Section.BILLING, board(), NOW, 80).plain
    assert "  [billing 1]  " in line
    assert line.endswith("  as of 09:41")
