"""What cells and lines of the queue and the review say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api_client.types.matching import HistoryLine, Home, Queue
from api_client.types.words import MatchDecision, MatchState, RejectReason, Urgency, Verdict
from screens.matching import case, comparison, evidence, presentation
from tests.screens.desk import NOW
from tests.screens.matching.cases import (
    LEASE,
    ME,
    compared,
    item,
    masked,
    pending,
    person,
    standing_out,
    stranger,
    twin,
    waiting,
)
from tests.screens.matching.fake import _row


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 m"),
        (11, "11 m"),
        (59, "59 m"),
        (60, "1 h 00"),
        (462, "7 h 42"),
        (599, "9 h 59"),
        (600, "10 h"),
        (1860, "31 h"),
        (4319, "71 h"),
        (4320, "3 d"),
    ],
)
def test_a_span_is_as_short_as_it_can_be(minutes: int, words: str) -> None:
    assert presentation.span(minutes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1201, "[X] 20 m late"), (-1, "[X] 0 m late"), (0, "[!] 0 m"), (59, "[!] 0 m"), (660, "[!] 11 m")],
)
def test_a_due_time_turns_late_by_itself(seconds: int, words: str) -> None:
    due = NOW + timedelta(seconds=seconds)
    assert presentation.due(due, Urgency.RED, NOW).plain == words


def test_the_longest_due_time_fits_its_column() -> None:
    widths = {column.title: column.width for column in presentation.COLUMNS}
    longest = presentation.due(NOW - timedelta(hours=9, minutes=59), Urgency.RED, NOW)
    assert longest.plain == "[X] 9 h 59 late"
    assert longest.cell_length <= widths["due"]


def test_a_paused_clock_says_so_and_a_decided_item_has_none() -> None:
    assert presentation.clock(waiting(), NOW).plain == "[=] paused"
    done = item(state=MatchState.APPLIED, due_at=None, urgency=Urgency.PAUSED)
    assert presentation.clock(done, NOW).plain == "-"


@pytest.mark.parametrize(
    ("changes", "state", "whose"),
    [
        ({}, "open", "-"),
        ({"holder": ME, "state": MatchState.IN_REVIEW}, "review", "you"),
        ({"holder": "R.Chen", "state": MatchState.IN_REVIEW, "reopened": True}, "review", "R.Chen"),
        ({"reopened": True}, "reopened", "-"),
        ({"urgent": True, "reopened": True}, "care now", "-"),
        ({"kept_for": "R.Chen"}, "open", "for R.Chen"),
        ({"kept_for": ME}, "open", "for you"),
        ({"escalated": True, "kept_for": "R.Chen"}, "open", "for a lead"),
    ],
)
def test_a_row_says_where_an_item_stands_and_whose_it_is(
    changes: dict[str, Any], state: str, whose: str
) -> None:
    shown = presentation.row(_row(item(**changes)), NOW, ME)
    widths = {column.title: column.width for column in presentation.COLUMNS}
    assert [cell.plain for cell in shown.cells[-2:]] == [state, whose]
    assert len(state) <= widths["state"]
    assert len(whose) <= widths["with"]


def home(**changes: object) -> Home:
    queues = [
        Queue(name="Manual match", open=42, late=0, next_due=NOW, urgency=Urgency.RED),
        Queue(name="User-ID requests", open=99, late=17, next_due=None, urgency=Urgency.PAUSED),
    ]
    standard: dict[str, object] = {
        "queues": queues,
        "next_item": "M-20418",
        "next_due": NOW + timedelta(minutes=11),
        "why_next": "least time left, unclaimed",
        "mine": [],
        "now": NOW,
    }
    return Home.model_validate(standard | changes)


def test_home_at_80_columns() -> None:
    rows = presentation.home(home(mine=["M-1", "M-2", "M-3"]), NOW, 80).plain.split("\n")
    assert [row.rstrip() for row in rows] == [
        " QUEUES            open  late  next due        NEXT FOR YOU  [n]",
        " Manual match        42     0  [!] 0 m         M-20418  due in 11 m",
        " User-ID requests   99+    17  -               why: least time left, unclaimed",
        "                                               MINE  M-1, M-2 and 1 more",
    ]


@pytest.mark.parametrize(("ago", "said"), [(0, "oldest 0 d"), (4, "oldest 4 d"), (120, "oldest 120 d")])
def test_a_queue_without_due_times_says_since_when_its_oldest_waits(ago: int, said: str) -> None:
    since = (NOW - timedelta(days=ago)).date()
    back = Queue(
        name="Returned letters", open=3, late=0, next_due=None, oldest_on=since, urgency=Urgency.CALM
    )
    row = presentation.home(home(queues=[back]), NOW, 80).plain.split("\n")[1]
    assert row.startswith(
        f" Returned letters     3     0  [ ] {said}  " if ago < 100 else " Returned letters     3"
    )


def test_home_with_nothing_to_do_and_with_something_late() -> None:
    assert "nothing waits" in presentation.home(home(next_item=None, next_due=None), NOW, 80).plain
    late = presentation.home(home(next_due=NOW - timedelta(minutes=20)), NOW, 80).plain
    assert "M-20418  20 m late" in late


def test_a_name_has_no_lonely_comma() -> None:
    assert evidence.name(person(middle_name="ANN", suffix="JR")) == "SMITH JR, JANE ANN"
    assert evidence.name(person(first_name="")) == "SMITH"
    assert evidence.name(person("", last_name="")) == "no name"


def test_agreement_counts_only_what_can_be_compared() -> None:
    assert evidence.agreement(standing_out()) == "5 of 6"
    assert evidence.agreement(twin()) == "3 of 5"
    alone = twin().model_copy(update={"comparisons": []})
    assert evidence.agreement(alone) == "0 of 0"


def test_candidates_keep_their_places_and_new_ones_come_behind() -> None:
    seen = [standing_out(), twin()]
    present = [stranger(3), twin(), standing_out()]
    assert [one.mrn for one in comparison.keep_order(seen, present)] == ["88120441", "88120977", "70031183"]
    assert [one.mrn for one in comparison.keep_order(seen, [twin()])] == ["88120977"]


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [(Verdict.SAME, "="), (Verdict.NEAR, "~"), (Verdict.DIFFERS, "#"), (Verdict.MISSING, "?")],
)
def test_every_verdict_has_a_sign_of_its_own(verdict: Verdict, sign: str) -> None:
    candidate = twin().model_copy(update={"comparisons": compared(SSN=(verdict, "in words", -1.5))})
    seen = case.review(item(candidates=[candidate]), NOW, ME, 0, shown=False, width=80).plain
    assert f"{sign} ***-**-6798  in words" in seen


@pytest.mark.parametrize("width", [80, 78, 118, 120])
def test_no_line_is_wider_than_its_place(width: int) -> None:
    five = [standing_out(), twin(), *(stranger(number) for number in (3, 4, 5))]
    for at in range(5):
        seen = case.review(item(candidates=five), NOW, ME, at, shown=True, width=width)
        assert max(line.cell_length for line in seen.split("\n")) <= width


def test_a_field_nobody_has_takes_no_line_and_long_ones_are_not_cut() -> None:
    long = "a very long word about this verdict that goes on and on and on until the line is over"
    candidate = twin().model_copy(update={"comparisons": compared(SSN=(Verdict.NEAR, long, 0.5))})
    seen = case.review(item(candidates=[candidate]), NOW, ME, 0, shown=False, width=80).plain
    assert "suffix" not in seen
    for word in long.split():
        assert word in seen


def test_where_an_item_stands() -> None:
    def says(one: object) -> str:
        return case.review(one, NOW, ME, 0, shown=False, width=120).plain  # type: ignore[arg-type]

    assert "yours to 17:56" in says(item(lease_until=LEASE))
    assert "the employer was asked: Is Jane new, or back?" in says(waiting())
    assert "reminded on 11-24 and 11-26; returned to the employer on 12-04 without an answer" in says(
        waiting()
    )
    waits = "R.Chen: link to MRN 88120977; waits for a second person because the SSN differs. a approves it"
    assert waits in says(pending())
    assert "another than who decided" in says(masked(pending()))
    assert "nobody has it; F7 takes it" in says(masked(item()))
    assert "You have it at another desk" in says(masked(item(holder=ME, lease_until=LEASE)))
    assert "REOPENED" in says(item(reopened=True))
    assert "CARE NOW" in says(item(urgent=True))
    assert "NOT ON FILE" in says(item(group_name=""))
    done = pending(state=MatchState.RETURNED, decided=MatchDecision.REJECT, undo_until=None)
    assert "DONE      R.Chen: return to the employer" in says(done)
    assert "takes it back" not in says(done)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("link 88120977, the SSN differs: two digits", "link to MRN 88120977, the SSN differs: two digits"),
        ("create", "new chart"),
        ("create, a member on file agrees well", "new chart, a member on file agrees well"),
        ("reject, wrong_group: sent twice", "returned to the employer, wrong group: sent twice"),
        ("note: link or not", "note: link or not"),
        ("linked by hand", "linked by hand"),
        ("taken back", "taken back"),
    ],
)
def test_history_speaks_the_words_of_the_desk(what: str, words: str) -> None:
    one = item(history=[HistoryLine(at=NOW, who="R.Chen", what=what)])
    assert f"R.Chen: {words}" in case.review(one, NOW, ME, 0, shown=False, width=120).plain


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decided": MatchDecision.LINK}, "M-20418 linked to MRN 88120977; u takes it back until 17:46."),
        (
            {"decided": MatchDecision.CREATE, "decided_mrn": None, "undo_until": None},
            "M-20418 has a new chart.",
        ),
        (
            {"state": MatchState.RETURNED, "decided": MatchDecision.REJECT, "undo_until": NOW},
            "M-20418 returned to the employer.",
        ),
        (
            {"state": MatchState.PENDING_APPROVAL},
            "M-20418: link to MRN 88120977 waits for a second person because the SSN differs; "
            "u takes it back until 17:46.",
        ),
    ],
)
def test_after_a_decision(changes: dict[str, Any], words: str) -> None:
    one = pending(**({"state": MatchState.APPLIED} | changes))
    assert presentation.decided(one, NOW) == words


def test_the_lines_that_enter_confirms_name_their_object() -> None:
    one = item()
    assert case.link_line(one, twin()).plain == (
        "link M-20418 to MRN 88120977 SMITH, JOAN; a second person must agree: the SSN differs"
    )
    assert case.link_line(one, standing_out()).plain == "link M-20418 to MRN 88120441 SMITH, JANE ANN"
    assert case.create_line(one).plain.startswith("create a NEW chart for M-20418 SMITH, JANE")
    said = case.reject_line(one, RejectReason.DUPLICATE, "twice")
    assert said.plain == 'return M-20418 to the employer: sent twice; note "twice"'
    assert presentation.undo_line(pending()).plain == "take back: M-20418, link to MRN 88120977"


def test_a_lost_claim_names_the_holder_when_there_is_one() -> None:
    nobody = presentation.lost("M-20418", "", None, NOW, kept=False)
    assert nobody.plain == "Your claim on M-20418 is over. Nothing was done."
    another = presentation.lost("M-20418", "R.Chen", LEASE, NOW, kept=True)
    assert another.plain == (
        "Your claim on M-20418 is over: R.Chen has it until 17:56. Nothing was done. What you wrote is kept."
    )


def test_a_conflict_says_what_was_and_what_is() -> None:
    present = pending()
    said = presentation.conflict(item(state=MatchState.IN_REVIEW), present)
    assert said.plain == "M-20418: review when you looked, approval now. Nothing was done."
