"""The clock of the manual-match queue: the plan's table, and what holds for every clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.words import Urgency
from backend.matching.clock import Clock, ClockEvent, ClockEventKind, queue_order, read_clock, urgency
from backend.policy.calendar import Calendar
from backend.policy.policy import ClockMode, load_policy

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
ZONE = ZoneInfo("America/Los_Angeles")
K = ClockEventKind
H = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clock(events: list[tuple[ClockEventKind, str]], now: str, mode: ClockMode = ClockMode.CLOCK48) -> Clock:
    return read_clock(
        [ClockEvent(kind, at(when)) for kind, when in events],
        at(now),
        replace(POLICY.matching, clock_mode=mode),
        CALENDAR,
    )


TWO_PAUSES = [
    (K.PAUSED, "2026-11-09 10:00"),
    (K.RESUMED, "2026-11-09 14:00"),
    (K.PAUSED, "2026-11-10 10:00"),
    (K.RESUMED, "2026-11-10 12:00"),
]
LONG_PAUSE = [(K.PAUSED, "2026-11-09 15:00"), (K.RESUMED, "2026-11-11 15:00")]


@pytest.mark.parametrize(
    ("submitted", "events", "clock48", "bd2"),
    [
        ("2026-11-20 16:00", [], "2026-11-22 16:00", "2026-11-24 16:00"),
        ("2026-11-25 16:00", [], "2026-11-27 16:00", "2026-12-01 16:00"),
        ("2026-10-31 10:00", [], "2026-11-02 09:00", "2026-11-04 08:00"),
        ("2026-03-07 10:00", [], "2026-03-09 11:00", "2026-03-11 08:00"),
        ("2026-11-09 09:00", LONG_PAUSE, "2026-11-13 09:00", "2026-11-13 11:00"),
        ("2026-11-09 09:00", TWO_PAUSES, "2026-11-11 15:00", "2026-11-12 15:00"),
        ("2026-11-20 17:00", [], "2026-11-22 17:00", "2026-11-24 17:00"),
        ("2026-11-20 17:01", [], "2026-11-22 17:01", "2026-11-25 08:00"),
    ],
)
def test_due(submitted: str, events: list[tuple[ClockEventKind, str]], clock48: str, bd2: str) -> None:
    now = events[-1][1] if events else submitted
    whole = [(K.SUBMITTED, submitted), *events]
    assert clock(whole, now).due_at == at(clock48)
    assert clock(whole, now, ClockMode.BUSINESS_DAYS).due_at == at(bd2)


def test_service_hours() -> None:
    # Friday 16:00: one hour on Friday, nine on Monday, six on Tuesday.
    started = [(K.SUBMITTED, "2026-11-20 16:00")]
    assert clock(started, "2026-11-20 16:00", ClockMode.SERVICE_HOURS).due_at == at("2026-11-24 14:00")


def test_pause_keeps_the_remainder() -> None:
    reading = clock([(K.SUBMITTED, "2026-11-09 09:00"), LONG_PAUSE[0]], "2026-11-10 12:00")
    assert reading.paused
    assert reading.due_at is None
    assert (reading.used, reading.remaining) == (6 * H, 42 * H)
    assert not reading.breached


@pytest.mark.parametrize(("mode", "due"), [("clock48", "2026-11-11 09:00"), ("bd2", "2026-11-12 09:00")])
def test_a_pause_does_not_cure_a_breach(mode: str, due: str) -> None:
    events = [(K.SUBMITTED, "2026-11-09 09:00"), (K.PAUSED, "2026-11-12 10:00")]
    paused = clock(events, "2026-11-13 10:00", ClockMode(mode))
    assert paused.breached
    assert paused.due_at is None
    assert paused.remaining == at(due) - at("2026-11-12 10:00")
    resumed = clock([*events, (K.RESUMED, "2026-11-16 10:00")], "2026-11-16 10:00", ClockMode(mode))
    assert resumed.breached
    assert resumed.due_at == at(due)
    assert resumed.remaining == paused.remaining


def test_due_instant_itself_is_in_time() -> None:
    started = [(K.SUBMITTED, "2026-11-09 09:00")]
    assert not clock(started, "2026-11-11 09:00:00").breached
    assert clock(started, "2026-11-11 09:00:01").breached


def test_a_pause_at_the_due_instant_is_in_time() -> None:
    events = [
        (K.SUBMITTED, "2026-11-09 09:00"),
        (K.PAUSED, "2026-11-11 09:00"),
        (K.RESUMED, "2026-11-12 09:00"),
    ]
    resumed = clock(events, "2026-11-12 09:00")
    assert resumed.due_at == at("2026-11-12 09:00")
    assert not resumed.breached


def test_stop_ends_the_clock_for_good_or_bad() -> None:
    events = [(K.SUBMITTED, "2026-11-09 09:00"), (K.STOPPED, "2026-11-10 09:00")]
    stopped = clock(events, "2026-12-01 09:00")
    assert stopped.stopped
    assert stopped.due_at is None
    assert not stopped.breached
    assert stopped.remaining == 24 * H
    late = clock([events[0], (K.STOPPED, "2026-11-12 09:00")], "2026-12-01 09:00")
    assert late.breached


def test_own_undo_goes_on_with_the_original_clock() -> None:
    events = [
        (K.SUBMITTED, "2026-11-09 09:00"),
        (K.STOPPED, "2026-11-10 09:00"),
        (K.RESTORED, "2026-11-10 09:08"),
    ]
    assert clock(events, "2026-11-10 09:08").due_at == at("2026-11-11 09:00")


def test_a_leads_undo_starts_a_new_clock_but_late_stays_late() -> None:
    events = [
        (K.SUBMITTED, "2026-11-09 09:00"),
        (K.STOPPED, "2026-11-12 09:00"),
        (K.SUBMITTED, "2026-11-12 12:00"),
    ]
    again = clock(events, "2026-11-12 12:00")
    assert again.due_at == at("2026-11-14 12:00")
    assert again.breached


def test_stopped_while_paused_stands_where_it_was_paused() -> None:
    events = [
        (K.SUBMITTED, "2026-11-09 09:00"),
        (K.PAUSED, "2026-11-09 15:00"),
        (K.STOPPED, "2026-11-30 09:00"),
    ]
    returned = clock(events, "2026-12-01 09:00")
    assert (returned.stopped, returned.paused, returned.breached) == (True, False, False)
    assert returned.remaining == 42 * H


def test_policy_may_let_the_clock_run_while_the_employer_is_asked() -> None:
    policy = replace(POLICY.matching, asking_pauses_clock=False)
    events = [ClockEvent(kind, at(when)) for kind, when in [(K.SUBMITTED, "2026-11-09 09:00"), LONG_PAUSE[0]]]
    reading = read_clock(events, at("2026-11-10 09:00"), policy, CALENDAR)
    assert reading.due_at == at("2026-11-11 09:00")
    assert not reading.paused


@pytest.mark.parametrize(
    "kinds",
    [
        [],
        [K.PAUSED],
        [K.SUBMITTED, K.RESUMED],
        [K.SUBMITTED, K.PAUSED, K.PAUSED],
        [K.SUBMITTED, K.SUBMITTED],
        [K.SUBMITTED, K.STOPPED, K.PAUSED],
        [K.SUBMITTED, K.RESTORED],
        [K.SUBMITTED, K.STOPPED, K.STOPPED],
        [K.SUBMITTED, K.WITHDRAWN],
        [K.SUBMITTED, K.STOPPED, K.WITHDRAWN],
    ],
)
def test_events_that_cannot_follow_are_refused(kinds: list[ClockEventKind]) -> None:
    with pytest.raises(ValueError, match="clock"):
        clock([(kind, "2026-11-09 09:00") for kind in kinds], "2026-11-09 09:00")


def test_events_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="earlier"):
        clock([(K.SUBMITTED, "2026-11-09 09:00"), (K.STOPPED, "2026-11-09 08:00")], "2026-11-09 09:00")


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(seconds=-1), Urgency.LATE),
        (timedelta(), Urgency.RED),
        (8 * H - timedelta(seconds=1), Urgency.RED),
        (8 * H, Urgency.AMBER),
        (24 * H - timedelta(seconds=1), Urgency.AMBER),
        (24 * H, Urgency.CALM),
    ],
)
def test_urgency(left: timedelta, expected: Urgency) -> None:
    now = at("2026-11-20 09:41")
    assert urgency(now + left, now, POLICY.matching) is expected
    assert urgency(None, now, POLICY.matching) is Urgency.PAUSED


def test_queue_order() -> None:
    early, late = at("2026-11-20 10:00"), at("2026-11-21 10:00")
    keys = [
        queue_order(urgent_care=True, due_at=late, number=9),
        queue_order(urgent_care=False, due_at=early, number=4),
        queue_order(urgent_care=False, due_at=late, number=2),
        queue_order(urgent_care=False, due_at=late, number=3),
        queue_order(urgent_care=False, due_at=None, number=1),
    ]
    assert keys == sorted(keys)


STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
GAPS = st.lists(st.integers(1, 200_000), min_size=0, max_size=6).filter(lambda gaps: len(gaps) % 2 == 0)


@given(STARTS, GAPS)
def test_unpaused_time_at_the_due_instant_is_exactly_48_hours(start: datetime, gaps: list[int]) -> None:
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(seconds=gap))
    events = [ClockEvent(K.SUBMITTED, start)]
    events += [ClockEvent((K.PAUSED, K.RESUMED)[i % 2], when) for i, when in enumerate(moments[1:])]
    due = read_clock(events, moments[-1], POLICY.matching, CALENDAR).due_at
    assert due is not None
    pauses = list(pairwise(moments))[1::2]
    paused = sum(((end - begin) for begin, end in pauses if begin <= due), timedelta())
    assert due - start - paused == 48 * H


@given(STARTS, st.integers(1, 300_000), st.sampled_from(list(ClockMode)))
def test_a_pause_never_brings_the_due_time_nearer(start: datetime, pause: int, mode: ClockMode) -> None:
    policy = replace(POLICY.matching, clock_mode=mode)
    began, ended = start + H, start + H + timedelta(seconds=pause)
    plain = [ClockEvent(K.SUBMITTED, start)]
    paused = [*plain, ClockEvent(K.PAUSED, began), ClockEvent(K.RESUMED, ended)]
    before = read_clock(plain, start, policy, CALENDAR).due_at
    after = read_clock(paused, ended, policy, CALENDAR).due_at
    assert before is not None
    assert after is not None
    assert after >= before
