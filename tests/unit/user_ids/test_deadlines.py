"""Dates of user-ID requests: the plan's table row by row, for the request and for the command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from api_client.types.words import Urgency
from backend.cli import app
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.user_ids import deadlines, explain
from backend.user_ids.deadlines import Pause, RequestDates

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
ZONE = ZoneInfo("America/Los_Angeles")
Span = tuple[str, str | None]

TABLE: list[tuple[str, list[Span], str | None, str | None]] = [
    ("2026-11-09T09:00", [], "2026-11-16", "2026-11-19"),
    ("2026-11-20T09:00", [], "2026-11-30", "2026-12-03"),
    ("2026-11-20T17:00", [], "2026-11-30", "2026-12-03"),
    ("2026-11-20T17:00:01", [], "2026-12-01", "2026-12-04"),
    ("2026-11-20T17:01", [], "2026-12-01", "2026-12-04"),
    ("2026-11-21T09:00", [], "2026-12-01", "2026-12-04"),
    ("2026-11-23T09:00", [], "2026-12-01", "2026-12-04"),
    ("2026-11-24T09:00", [], "2026-12-02", "2026-12-07"),
    ("2026-06-26T09:00", [], "2026-07-02", "2026-07-08"),
    ("2026-12-23T09:00", [], "2026-12-30", "2027-01-05"),
    # Incomplete on Thursday, two days used; answered on Monday, which is day 0 of what is left.
    ("2026-11-09T09:00", [("2026-11-12T10:00", "2026-11-16T10:00")], "2026-11-18", "2026-11-23"),
    ("2026-11-09T09:00", [("2026-11-12T10:00", "2026-11-16T17:01")], "2026-11-19", "2026-11-24"),
    ("2026-11-09T09:00", [("2026-11-12T10:00", None)], None, None),
    # A pause on the very day is in time; one after it cures nothing.
    ("2026-11-09T09:00", [("2026-11-16T10:00", "2026-11-18T10:00")], "2026-11-18", "2026-11-23"),
    ("2026-11-09T09:00", [("2026-11-16T10:00", None)], None, None),
    ("2026-11-09T09:00", [("2026-11-17T10:00", None)], "2026-11-16", None),
    ("2026-11-09T09:00", [("2026-11-20T10:00", "2026-11-24T10:00")], "2026-11-16", "2026-11-19"),
    # One day used by Tuesday, a holiday between, another by Thursday: two of four are left on Friday.
    (
        "2026-11-09T09:00",
        [("2026-11-10T10:00", "2026-11-10T15:00"), ("2026-11-12T10:00", "2026-11-13T10:00")],
        "2026-11-17",
        "2026-11-20",
    ),
]
CLOCKS = [
    ("2026-11-20T16:00", "2026-11-22T16:00:00-08:00", "2026-11-24T16:00:00-08:00"),
    ("2026-11-25T16:00", "2026-11-27T16:00:00-08:00", "2026-12-01T16:00:00-08:00"),
    ("2026-10-31T10:00", "2026-11-02T09:00:00-08:00", "2026-11-04T08:00:00-08:00"),
    ("2026-03-07T10:00", "2026-03-09T11:00:00-07:00", "2026-03-11T08:00:00-07:00"),
]


def run(received: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["deadlines", "--received", received, *more])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(("received", "pauses", "mail_by", "arrive_by"), TABLE)
def test_the_table_for_a_request_and_through_the_command(
    received: str, pauses: list[Span], mail_by: str | None, arrive_by: str | None
) -> None:
    spans = [Pause(at(begin), at(end) if end else None) for begin, end in pauses]
    found = deadlines.request_dates(at(received), spans, POLICY.user_ids, CALENDAR)
    assert [day and day.isoformat() for day in (found.mail_by, found.arrive_by)] == [mail_by, arrive_by]
    options = [part for begin, _ in pauses for part in ("--paused", begin)]
    options += [part for _, end in pauses if end for part in ("--answered", end)]
    told = run(received, "--json", *options)
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert list(answer) == ["received", "receipt_day", "match_due", "user_id", "why"]
    assert answer["user_id"] == {"mail_by": mail_by, "arrive_by": arrive_by}
    assert all(sentence.endswith(".") for sentence in answer["why"])
    for day in (mail_by, arrive_by):
        if day:
            said = f"{date.fromisoformat(day):%a %m-%d}"
            assert any(
                said in sentence
                for sentence in answer["why"]
                if "business day" in sentence or "mail:" in sentence
            )


@pytest.mark.parametrize(("received", "clock48", "bd2"), CLOCKS)
def test_both_clocks_of_an_enrollment(received: str, clock48: str, bd2: str) -> None:
    assert json.loads(run(received, "--json").stdout)["match_due"] == {"clock48": clock48, "bd2": bd2}


def test_why_names_each_closed_day_and_how_the_day_of_receipt_came_about() -> None:
    answer = json.loads(run("2026-11-20T17:01", "--json").stdout)
    assert (answer["received"], answer["receipt_day"]) == ("2026-11-20T17:01:00-08:00", "2026-11-23")
    why = answer["why"]
    assert why[0] == (
        "Received Friday 2026-11-20 17:01, after closing: Monday 2026-11-23, the next open day, is the day "
        "of receipt, day 0."
    )
    assert [sentence for sentence in why if "is closed" in sentence] == [
        "Saturday 2026-11-21 is closed, as every Saturday.",
        "Sunday 2026-11-22 is closed, as every Sunday.",
        "Thursday 2026-11-26 is closed: Thanksgiving Day.",
        "Friday 2026-11-27 is closed: the day after Thanksgiving.",
        "Saturday 2026-11-28 is closed, as every Saturday.",
        "Sunday 2026-11-29 is closed, as every Sunday.",
    ]
    assert "Mail by the 4th business day: 1 Tue 11-24, 2 Wed 11-25, 3 Mon 11-30, 4 Tue 12-01." in why
    lines = run("2026-11-20T17:01").stdout.splitlines()
    assert lines[4:6] == [
        "user ID      mail by    Tuesday 2026-12-01",
        "             arrive by  Friday 2026-12-04",
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("written", "means", "note"),
    [
        ("2026-11-20T17:01", "2026-11-20T17:01:00-08:00", ""),
        ("2026-11-20 17:01:30", "2026-11-20T17:01:30-08:00", ""),
        ("2026-11-21T01:01Z", "2026-11-20T17:01:00-08:00", ""),
        ("2026-11-20T20:01-05:00", "2026-11-20T17:01:00-08:00", ""),
        ("2026-11-01T01:30", "2026-11-01T01:30:00-07:00", "01:30 was twice on 2026-11-01"),
        ("2026-11-01T01:30-08:00", "2026-11-01T01:30:00-08:00", ""),
        ("2026-03-08T03:00", "2026-03-08T03:00:00-07:00", ""),
    ],
)
def test_local_time_and_offsets(written: str, means: str, note: str) -> None:
    answer = json.loads(run(written, "--json").stdout)
    assert answer["received"] == means
    assert any(sentence.startswith(note) for sentence in answer["why"]) if note else True
    assert any("was twice" in sentence for sentence in answer["why"]) is bool(note)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["2026-03-08T02:30"], "There was no 02:30 on 2026-03-08"),
        (["2026-11-20"], "A date with its time is expected"),
        (["2026-11-20T17:01 PST"], "A date with its time is expected"),
        (["20.11.2026 17:01"], "A date with its time is expected"),
        (["1926-11-20T17:01"], "A date with its time is expected"),
        (["٢026-11-20T17:01"], "A date with its time is expected"),
        (["2026-02-29T10:00"], "There is no such date or time"),
        (["2026-11-20T24:01"], "There is no such date or time"),
        (["2026-11-20T17:01+25:00"], "There is no such date or time"),
        (["2026-11-20T10:00", "--answered", "2026-11-20T11:00"], "Every pause has one answer"),
        (["2026-11-20T10:00", "--paused", "2026-11-20T09:59"], "A pause begins after the receipt"),
        (
            ["2026-11-20T10:00", "--paused", "2026-11-20T12:00", "--answered", "2026-11-20T11:00"],
            "An answer comes after its pause",
        ),
        (["2026-11-20T10:00", "--policy", "/nowhere/policy.toml"], ""),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(options: list[str], sentence: str) -> None:
    told = run(*options)
    assert told.exit_code != 0
    if sentence:
        assert told.exit_code == 2
        assert told.stderr.startswith(f"kprep-backend: {sentence}")
        assert told.stdout == ""


# -- what holds of every instant ---------------------------------------------------------------------

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.lists(st.integers(1, 6 * 24), min_size=2, max_size=8)


def pauses_after(received: datetime, hours: list[int]) -> list[Pause]:
    """Pauses one after the other, from lengths in hours; the last one may be open."""
    instants = [received]
    for length in hours:
        instants.append(instants[-1] + timedelta(hours=length))
    spans = list(pairwise(instants))[1::2]
    return [Pause(begin, end) for begin, end in spans]


def dates(received: datetime, pauses: list[Pause]) -> RequestDates:
    return deadlines.request_dates(received, pauses, POLICY.user_ids, CALENDAR)


@given(INSTANTS)
def test_transit_days_lie_between_mailing_and_arrival(received: datetime) -> None:
    found = dates(received, [])
    assert found.mail_by is not None
    assert found.arrive_by is not None
    assert CALENDAR.business_days_between(found.mail_by, found.arrive_by) == 3
    assert CALENDAR.is_open(found.mail_by)
    assert CALENDAR.is_open(found.arrive_by)
    later = dates(received + timedelta(minutes=1), [])
    assert later.mail_by is not None
    assert later.mail_by >= found.mail_by


@given(INSTANTS, SPANS)
@settings(max_examples=200)
def test_pauses_move_both_dates_later_and_onto_open_days(received: datetime, hours: list[int]) -> None:
    before = dates(received, [])
    pauses = pauses_after(received, hours)
    for count in range(1, len(pauses) + 1):
        found = dates(received, pauses[:count])
        assert found.mail_by is not None
        assert before.mail_by is not None
        assert found.arrive_by is not None
        assert before.arrive_by is not None
        assert found.mail_by >= before.mail_by
        assert found.arrive_by >= before.arrive_by
        assert found.mail_by <= found.arrive_by
        assert CALENDAR.is_open(found.mail_by)
        assert CALENDAR.is_open(found.arrive_by)
        before = found


@given(INSTANTS, SPANS)
@settings(max_examples=200)
def test_as_many_days_are_counted_as_the_policy_has(received: datetime, hours: list[int]) -> None:
    for days in (4, 7):
        counted = deadlines.legs(received, pauses_after(received, hours), days, CALENDAR)
        every = [day for leg in counted for day in leg.counted]
        assert len(every) == days
        assert every == sorted(set(every))
        assert all(CALENDAR.is_open(day) for day in every)


@given(INSTANTS, st.integers(0, 20 * 24))
def test_an_open_pause_stops_the_days_unless_they_are_over(received: datetime, after: int) -> None:
    plain = dates(received, [])
    begin = received + timedelta(hours=after)
    found = dates(received, [Pause(begin)])
    for day, was in ((found.mail_by, plain.mail_by), (found.arrive_by, plain.arrive_by)):
        assert was is not None
        assert day == (
            was
            if CALENDAR.local_date(begin) > was and CALENDAR.next_open_day(was) <= CALENDAR.local_date(begin)
            else None
        )


@given(INSTANTS, SPANS)
@settings(max_examples=50)
def test_whatever_the_instant_it_can_be_said(received: datetime, hours: list[int]) -> None:
    local = received.astimezone(ZONE)
    found = explain.explain(local, pauses_after(local, hours), POLICY, CALENDAR)
    assert found.user_id == dates(received, pauses_after(received, hours))
    assert max(map(len, explain.in_words(found))) <= 80
    assert json.dumps(explain.as_json(found))


@pytest.mark.parametrize(
    ("mail_by", "expected"),
    [
        ("2026-11-19", Urgency.LATE),
        ("2026-11-20", Urgency.RED),
        ("2026-11-23", Urgency.AMBER),
        ("2026-11-24", Urgency.CALM),
        (None, Urgency.PAUSED),
    ],
)
def test_mail_urgency_on_a_friday(mail_by: str | None, expected: Urgency) -> None:
    day = date.fromisoformat(mail_by) if mail_by else None
    assert deadlines.mail_urgency(day, date(2026, 11, 20), CALENDAR) is expected
