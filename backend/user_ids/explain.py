"""Every date that follows from the instant something was received, and how each day was counted. Pure.

An enrollment that does not match is due in 48 hours or two business days, a user ID arrives in seven [S].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from backend.matching.clock import ClockEvent, ClockEventKind, read_clock
from backend.policy.calendar import Calendar
from backend.policy.policy import ClockMode, Policy
from backend.user_ids.deadlines import Leg, Pause, RequestDates, legs, request_dates

_INSTANT = re.compile(r"(20|21)\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_WIDTH = 80
_DAY = timedelta(days=1)


class InstantError(ValueError):
    """There is no such instant; the sentence says why."""


@dataclass(frozen=True)
class Explained:
    """What follows from an instant; the instants are the service center's local time."""

    received: datetime
    receipt_day: date
    clock48: datetime | None
    bd2: datetime | None
    """Both None while the client is asked."""
    user_id: RequestDates
    why: tuple[str, ...]


# -- what is asked ---------------------------------------------------------------------------------


def instant_of(text: str, zone: ZoneInfo) -> tuple[datetime, str]:
    """The instant that is written in local time or with its offset, and what had to be assumed.

    Raises InstantError for what is no time, or one that the clock left out when it went forward.
    """
    example = "such as 2026-11-20T17:01 or 2026-11-20T17:01-08:00"
    if not _INSTANT.fullmatch(text):
        raise InstantError(f"A date with its time is expected, {example}.")
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise InstantError(f"There is no such date or time; one is expected {example}.") from None
    if given.tzinfo is not None:
        return given.astimezone(zone), ""
    first, second = (given.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != given:
        raise InstantError(
            f"There was no {given:%H:%M} on {given:%Y-%m-%d}: the clock went forward over it. "
            "Give the time with its offset."
        )
    if first.utcoffset() == second.utcoffset():
        return first, ""
    note = (
        f"{given:%H:%M} was twice on {given:%Y-%m-%d}, as the clock went back: the first is taken, "
        f"{first.isoformat(timespec='minutes')}; the other is {second.isoformat(timespec='minutes')}."
    )
    return first, note


def pauses_of(
    received: datetime, paused: Sequence[datetime], answered: Sequence[datetime]
) -> tuple[Pause, ...]:
    """Pauses from when they began and ended, in order; the last may have no end. Raises InstantError."""
    if len(answered) not in (len(paused), len(paused) - 1):
        raise InstantError("Every pause has one answer; only the last can be without.")
    before = received.astimezone(UTC)
    for place, begin in enumerate(one.astimezone(UTC) for one in paused):
        if begin < before:
            raise InstantError("A pause begins after the receipt, and after the answer before it.")
        end = answered[place].astimezone(UTC) if place < len(answered) else begin
        if end < begin:
            raise InstantError("An answer comes after its pause.")
        before = end
    ends = [*answered, None][: len(paused)]
    return tuple(Pause(begin, end) for begin, end in zip(paused, ends, strict=True))


# -- what follows ----------------------------------------------------------------------------------


def explain(
    received: datetime, pauses: Sequence[Pause], policy: Policy, calendar: Calendar, note: str = ""
) -> Explained:
    """All dates of what was received at `received` (local time), and why they are these."""
    found = Explained(
        received=received,
        receipt_day=calendar.receipt_day(received),
        clock48=_match_due(received, pauses, ClockMode.CLOCK48, policy, calendar),
        bd2=_match_due(received, pauses, ClockMode.BUSINESS_DAYS, policy, calendar),
        user_id=request_dates(received, pauses, policy.user_ids, calendar),
        why=(),
    )
    why = [note, *_why(found, pauses, policy, calendar)]
    return replace(found, why=tuple(filter(None, why)))


def _match_due(
    received: datetime, pauses: Sequence[Pause], mode: ClockMode, policy: Policy, calendar: Calendar
) -> datetime | None:
    events = [ClockEvent(ClockEventKind.SUBMITTED, received.astimezone(UTC))]
    for pause in pauses:
        events.append(ClockEvent(ClockEventKind.PAUSED, pause.incomplete_at.astimezone(UTC)))
        if pause.answered_at is not None:
            events.append(ClockEvent(ClockEventKind.RESUMED, pause.answered_at.astimezone(UTC)))
    rules = replace(policy.matching, clock_mode=mode)
    due = read_clock(events, events[-1].at, rules, calendar).due_at
    return due.astimezone(calendar.zone) if due is not None else None


def _why(found: Explained, pauses: Sequence[Pause], policy: Policy, calendar: Calendar) -> Iterator[str]:
    yield _received(found, calendar)
    ids = policy.user_ids
    to_mail = legs(found.received, pauses, ids.mail_by_business_days, calendar)
    to_arrive = legs(found.received, pauses, ids.arrive_by_business_days, calendar)
    yield from _closed_days(found, to_arrive, calendar)
    yield f"Mail by the {_nth(ids.mail_by_business_days)} business day: {_counted(to_mail, pauses)}."
    yield (
        f"Arrive by the {_nth(ids.arrive_by_business_days)}, with {ids.transit_business_days} for the mail: "
        f"{_counted(to_arrive, pauses)}."
    )
    yield _clock48(found, pauses, policy)
    yield _bd2(found, pauses, policy, calendar)
    yield f"In force for enrollments that do not match: {policy.matching.clock_mode.value}."


def _received(found: Explained, calendar: Calendar) -> str:
    at, day = found.received, found.received.date()
    came = f"Received {_at(at)}"
    if found.receipt_day == day:
        return f"{came}, in time: {_day(day)} is the day of receipt, day 0."
    closed = calendar.closed_because(day)
    late = "on a closed day" if closed else "after closing"
    return f"{came}, {late}: {_day(found.receipt_day)}, the next open day, is the day of receipt, day 0."


def _closed_days(found: Explained, counted: Sequence[Leg], calendar: Calendar) -> Iterator[str]:
    last = max(
        counted[-1].paused_on or counted[-1].last,
        *(due.date() for due in (found.clock48, found.bd2) if due is not None),
        found.receipt_day,
    )
    day = found.received.date()
    while day <= last:
        if because := calendar.closed_because(day):
            every = because == f"{day:%A}"
            yield f"{_day(day)} is closed{', as every ' if every else ': '}{because}."
        day += _DAY


def _counted(counted: Sequence[Leg], pauses: Sequence[Pause]) -> str:
    """The days that were counted one by one, with what stopped them."""
    parts: list[str] = []
    place = 0
    for leg in counted:
        if parts:
            parts.append(f"the answer makes {_short(leg.day_zero)} day 0 of the rest")
        for day in leg.counted:
            place += 1
            parts.append(f"{place} {_short(day)}")
        if leg.paused_on is not None:
            parts.append(f"paused on {_short(leg.paused_on)}")
    stopped = sum(leg.paused_on is not None for leg in counted)
    if counted[-1].paused_on is not None:
        parts.append("the days stand still until the answer")
    elif stopped < len(pauses):
        parts.append("a later pause does not move a day that is over")
    return ", ".join(parts)


def _clock48(found: Explained, pauses: Sequence[Pause], policy: Policy) -> str:
    hours = f"clock48: {policy.matching.clock_hours} elapsed hours; nights and closed days count"
    if pauses:
        hours += ", time in which the client is asked does not"
    if found.clock48 is None:
        return f"{hours}: it stands still until the answer."
    if found.clock48.utcoffset() != found.received.utcoffset():
        hours += "; the clock changes meanwhile"
    return f"{hours}: {_at(found.clock48)}."


def _bd2(found: Explained, pauses: Sequence[Pause], policy: Policy, calendar: Calendar) -> str:
    days = policy.matching.clock_business_days
    start = calendar.receipt_time(found.received).astimezone(calendar.zone)
    rule = f"bd2: the same time {days} business days after {_at(start)}"
    if start != found.received:
        rule += ", when the service center opened"
    if pauses:
        rule += "; time in which the client is asked does not count"
    return f"{rule}: {_at(found.bd2)}." if found.bd2 else f"{rule}: it stands still until the answer."


def _nth(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _day(day: date) -> str:
    return f"{day:%A} {day}"


def _short(day: date) -> str:
    return f"{day:%a %m-%d}"


def _at(instant: datetime) -> str:
    return f"{instant:%A %Y-%m-%d} {instant:%H:%M:%S}".removesuffix(":00")


# -- how it is told --------------------------------------------------------------------------------


def as_json(found: Explained) -> dict[str, Any]:
    """The answer for programs: dates and instants as ISO 8601, null while they stand still."""
    ids = found.user_id
    return {
        "received": found.received.isoformat(),
        "receipt_day": found.receipt_day.isoformat(),
        "match_due": {"clock48": _iso(found.clock48), "bd2": _iso(found.bd2)},
        "user_id": {"mail_by": _iso(ids.mail_by), "arrive_by": _iso(ids.arrive_by)},
        "why": list(found.why),
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def in_words(found: Explained) -> list[str]:
    """The answer for people, in lines of at most 80 columns."""
    ids = found.user_id

    def line(label: str, name: str, said: str | None) -> str:
        return f"{label:<13}{name:<11}{said or 'stands still until the answer'}"

    lines = [
        line("received", "", _at(found.received)),
        line("receipt day", "", _day(found.receipt_day)),
        line("match due", "clock48", _at(found.clock48) if found.clock48 else None),
        line("", "bd2", _at(found.bd2) if found.bd2 else None),
        line("user ID", "mail by", _day(ids.mail_by) if ids.mail_by else None),
        line("", "arrive by", _day(ids.arrive_by) if ids.arrive_by else None),
        "",
        "why",
    ]
    for sentence in found.why:
        lines += wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return lines
