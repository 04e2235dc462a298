"""The figures of the lead's board, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from api_client.types.user_id_words import UserIdRequestState
from api_client.types.words import MatchDecision, QueuePart
from backend.lead import rules
from backend.matching.clock import urgency
from backend.matching.rules import second_look_agrees
from backend.policy.policy import load_policy

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
FRIDAY = date(2026, 11, 20)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def at(*minutes: float) -> list[datetime]:
    return [NOW + timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize(
    ("minutes", "an_hour"),
    [
        ((), None),
        ((0, 5), None),
        ((0, 5, 10), 12.0),
        ((10, 0, 5), 12.0),
        ((0, 30, 60), 2.0),
        (
            (0, 4, 8, 120, 124, 128),
            15.0,
        ),  # lunch is no work, and the decision after it has no time of its own
        ((0, 5, 90), None),  # one pair alone says nothing
        ((0, 60, 120), None),
        ((0, 0, 0), None),
    ],
)
def test_decisions_an_hour_count_only_time_at_work(minutes: tuple[int, ...], an_hour: float | None) -> None:
    assert rules.pace(at(*minutes)) == an_hour


LINK, CREATE, REJECT = MatchDecision.LINK, MatchDecision.CREATE, MatchDecision.REJECT


@pytest.mark.parametrize(
    ("first", "first_member", "second", "second_member", "same"),
    [
        (LINK, 1, LINK, 1, True),
        (LINK, 1, LINK, 2, False),
        (LINK, 1, CREATE, None, False),
        (CREATE, 7, CREATE, None, True),  # the member is the one this very decision made
        (CREATE, 7, LINK, 7, False),
        (REJECT, None, REJECT, None, True),
        (REJECT, None, LINK, 1, False),
    ],
)
def test_a_second_look_agrees_on_the_decision_and_the_member_of_a_link(
    first: MatchDecision,
    first_member: int | None,
    second: MatchDecision,
    second_member: int | None,
    same: bool,
) -> None:
    assert second_look_agrees(first, first_member, second, second_member) is same


@pytest.mark.parametrize(
    ("looks", "shown"),
    [([], None), ([True] * 4, None), ([True] * 5, 5), ([True, False, True, True, True, False], 4)],
)
def test_few_second_looks_say_nothing_about_a_person(looks: list[bool], shown: int | None) -> None:
    assert rules.agreement(looks) == shown


@pytest.mark.parametrize(
    ("waiting", "decided", "arrived", "day"),
    [
        (0, 0.0, 5.0, FRIDAY),
        (42, 10.0, 4.0, date(2026, 11, 27)),
        (43, 10.0, 4.0, date(2026, 11, 28)),
        (1, 10.0, 4.0, date(2026, 11, 21)),
        (42, 4.0, 4.0, None),
        (42, 3.0, 4.0, None),
        (999, 4.1, 4.0, None),
    ],
)
def test_when_the_queue_is_done_at_this_rate(
    waiting: int, decided: float, arrived: float, day: date | None
) -> None:
    assert rules.done_on(waiting, decided, arrived, FRIDAY) == day


@pytest.mark.parametrize("minutes", [-5000, -1, 0, 1, 479, 480, 481, 1439, 1440, 1441, 9000])
def test_a_part_by_time_left_holds_exactly_what_looks_that_urgent(minutes: int) -> None:
    policy = load_policy().matching
    due = NOW + timedelta(minutes=minutes)
    inside = [
        part
        for part, span in rules.due_spans(NOW, policy).items()
        if (span.start is None or span.start <= due) and (span.end is None or due < span.end)
    ]
    assert inside == [QueuePart(urgency(due, NOW, policy))]


def test_days_are_those_of_the_service_center_and_meet_without_a_gap_when_the_clock_goes_back() -> None:
    days = rules.day_spans(date(2026, 11, 4), LOS_ANGELES)
    assert [day for day, _ in days] == [date(2026, 10, 28) + timedelta(days=n) for n in range(8)]
    spans = [span for _, span in days]
    assert all(before.end == after.start for before, after in pairwise(spans))
    lengths = {day: span.end - span.start for day, span in days if span.start and span.end}
    assert lengths[date(2026, 11, 1)] == timedelta(hours=25)
    assert spans[-1].start == datetime(2026, 11, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "mail_by", "mailed_on", "days"),
    [
        ("received", date(2026, 11, 17), None, 3),
        ("received", date(2026, 11, 20), None, 0),
        ("incomplete", None, None, 0),
        ("verifying", date(2026, 11, 19), None, 1),
        ("id_created", date(2026, 11, 19), None, 1),
        ("mailed", date(2026, 11, 17), date(2026, 11, 19), 2),
        ("mailed", date(2026, 11, 17), date(2026, 11, 17), 0),
        ("activated", date(2026, 11, 2), date(2026, 11, 4), 2),
        ("refused", date(2026, 11, 2), None, 0),
        # A letter of before lies in the past of one that waits anew.
        ("approved", date(2026, 11, 19), date(2026, 11, 2), 1),
    ],
)
def test_how_late_a_user_id_is(state: str, mail_by: date | None, mailed_on: date | None, days: int) -> None:
    assert rules.late_days(UserIdRequestState(state), mail_by, mailed_on, FRIDAY) == days


@pytest.mark.parametrize(
    ("state", "arrive_by", "reissues", "must"),
    [
        ("verifying", None, 0, True),
        ("received", None, 5, False),
        ("mailed", date(2026, 11, 19), 2, True),
        ("mailed", date(2026, 11, 19), 1, False),
        ("mailed", date(2026, 11, 20), 2, False),
        ("expired", date(2026, 11, 2), 2, True),
        ("returned_mail", date(2026, 11, 2), 3, True),
        ("activated", date(2026, 11, 2), 3, False),
    ],
)
def test_what_of_the_user_ids_a_lead_must_do(
    state: str, arrive_by: date | None, reissues: int, must: bool
) -> None:
    assert rules.lead_must(UserIdRequestState(state), arrive_by, FRIDAY, reissues, 2) is must
