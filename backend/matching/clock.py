"""The clock of one queue item: when it is due, told from what happened to it.

The plan's FAQ promises manual processing within 48 hours. Time in which the employer is asked does not count,
but a pause never cures what is late already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from api_client.types.words import Urgency
from backend.policy.calendar import Calendar
from backend.policy.policy import ClockMode, MatchingPolicy

_NONE = timedelta()


class ClockEventKind(StrEnum):
    """What moves the clock of an item."""

    SUBMITTED = "submitted"
    """Starts a clock; a second one starts a new clock (reopened by a lead)."""
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    RESTORED = "restored"
    """The stop is taken back (own undo): the original clock goes on as if it had never stopped."""
    WITHDRAWN = "withdrawn"
    """What started this clock did not come about (an unlinking refused): the one before stands as it was."""


@dataclass(frozen=True)
class ClockEvent:
    """One event of the clock."""

    kind: ClockEventKind
    at: datetime


@dataclass(frozen=True)
class Clock:
    """What the clock shows at one instant; durations are elapsed time."""

    due_at: datetime | None
    """None while paused and once stopped."""
    used: timedelta
    """Time the clock has run, pauses left out."""
    remaining: timedelta
    """Time left, negative when late; stands still while paused."""
    breached: bool
    """The due time passed while the clock ran; for ever."""
    paused: bool
    stopped: bool


@dataclass
class _Run:
    """One clock from its start: its pauses as (from, to), and where it stopped."""

    start: datetime
    pauses: list[tuple[datetime, datetime | None]]
    stopped_at: datetime | None = None

    @property
    def paused_at(self) -> datetime | None:
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None


def read_clock(
    events: Iterable[ClockEvent], now: datetime, policy: MatchingPolicy, calendar: Calendar
) -> Clock:
    """What the clock shows at `now`; ValueError when the events cannot follow each other."""
    runs = _runs(events, counts_pauses=policy.asking_pauses_clock)
    breached_before = any(_read(run, now, policy, calendar).breached for run in runs[:-1])
    clock = _read(runs[-1], now, policy, calendar)
    return replace(clock, breached=clock.breached or breached_before)


def urgency(due_at: datetime | None, now: datetime, policy: MatchingPolicy) -> Urgency:
    """How a due time looks: late, under 8 hours red, under 24 hours amber; None is paused."""
    if due_at is None:
        return Urgency.PAUSED
    left = due_at - now
    if left < _NONE:
        return Urgency.LATE
    if left < timedelta(hours=policy.red_hours):
        return Urgency.RED
    return Urgency.AMBER if left < timedelta(hours=policy.amber_hours) else Urgency.CALM


def queue_order(*, urgent_care: bool, due_at: datetime | None, number: int) -> tuple[bool, datetime, int]:
    """Sort key of the queue: someone who needs care, then the due time, then the oldest; paused ones last."""
    return (not urgent_care, due_at or datetime.max.replace(tzinfo=UTC), number)


def _runs(events: Iterable[ClockEvent], *, counts_pauses: bool) -> list[_Run]:
    runs: list[_Run] = []
    last: datetime | None = None
    for event in events:
        if last is not None and event.at < last:
            raise ValueError(f"clock event {event.kind} is earlier than the one before")
        last = event.at.astimezone(UTC)
        if event.kind is ClockEventKind.SUBMITTED:
            if runs and runs[-1].stopped_at is None:
                raise ValueError("a clock starts while another runs")
            runs.append(_Run(last, []))
        elif event.kind is ClockEventKind.WITHDRAWN:
            if len(runs) < 2 or runs[-1].stopped_at is not None:
                raise ValueError("there is no clock that could be withdrawn")
            runs.pop()
        elif not runs:
            raise ValueError(f"clock event {event.kind} before the clock started")
        else:
            _move(runs[-1], event.kind, last, counts_pauses=counts_pauses)
    if not runs:
        raise ValueError("the clock has not started")
    return runs


def _move(run: _Run, kind: ClockEventKind, at: datetime, *, counts_pauses: bool) -> None:
    stopped = run.stopped_at is not None
    if kind is ClockEventKind.RESTORED and stopped:
        run.stopped_at = None
    elif kind is ClockEventKind.STOPPED and not stopped:
        run.stopped_at = at
    elif kind in (ClockEventKind.PAUSED, ClockEventKind.RESUMED) and not stopped:
        if not counts_pauses:
            return
        if (run.paused_at is None) is (kind is ClockEventKind.RESUMED):
            raise ValueError(f"clock event {kind} does not follow")
        if kind is ClockEventKind.PAUSED:
            run.pauses.append((at, None))
        else:
            run.pauses[-1] = (run.pauses[-1][0], at)
    else:
        raise ValueError(f"clock event {kind} does not follow")


def _read(run: _Run, now: datetime, policy: MatchingPolicy, calendar: Calendar) -> Clock:
    due = _due(run, policy, calendar)
    # A clock stopped while paused (the employer never answered) stands where it was paused.
    at = run.paused_at or run.stopped_at or now.astimezone(UTC)
    used = at - run.start - _paused_within(run, run.start, at)
    late = at - due - _paused_within(run, due, at)
    return Clock(
        due_at=None if run.paused_at or run.stopped_at else due,
        used=used,
        remaining=-late,
        breached=at > due,
        paused=run.paused_at is not None and run.stopped_at is None,
        stopped=run.stopped_at is not None,
    )


def _paused_within(run: _Run, start: datetime, end: datetime) -> timedelta:
    """Paused time between two instants; an open pause has none yet."""
    total = _NONE
    for begin, finish in run.pauses:
        if finish is not None:
            total += max(_NONE, min(finish, end) - max(begin, start))
    return total


def _due(run: _Run, policy: MatchingPolicy, calendar: Calendar) -> datetime:
    """When the time is used up: each finished pause that began in time moves it, a later one does not."""
    due = _due_without_pause(run.start, policy, calendar)
    for begin, finish in run.pauses:
        if finish is None or begin > due:
            break
        if policy.clock_mode is ClockMode.CLOCK48:
            due += finish - begin
        else:
            due = calendar.add_service_time(due, calendar.service_time(begin, finish))
    return due


def _due_without_pause(start: datetime, policy: MatchingPolicy, calendar: Calendar) -> datetime:
    if policy.clock_mode is ClockMode.CLOCK48:
        return start + timedelta(hours=policy.clock_hours)
    if policy.clock_mode is ClockMode.BUSINESS_DAYS:
        return calendar.same_time_after(calendar.receipt_time(start), policy.clock_business_days)
    return calendar.add_service_time(start, timedelta(hours=policy.clock_service_hours))
