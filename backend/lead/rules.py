"""What the figures of the lead's board mean: pace, agreement, work rate and when the queue is done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from api_client.types.user_id_words import OPEN_USER_ID_STATES, TO_MAIL_STATES, UserIdRequestState
from api_client.types.words import QueuePart
from backend.policy.policy import MatchingPolicy

WEEK_DAYS = 7
SECOND_LOOK_DAYS = 30
_LONGEST_GAP = timedelta(minutes=30)
"""A longer time between two decisions is a break or other work."""
_LEAST_DECISIONS = 3
_LEAST_LOOKS = 5
_FARTHEST = 365
"""Days ahead of which nothing is foretold."""


@dataclass(frozen=True)
class Span:
    """Instants from `start` on and before `end`; None is without an end."""

    start: datetime | None
    end: datetime | None


def due_spans(now: datetime, policy: MatchingPolicy) -> dict[QueuePart, Span]:
    """Due times of the parts of the queue by the time left, with the edges of `clock.urgency`."""
    red = now + timedelta(hours=policy.red_hours)
    amber = now + timedelta(hours=policy.amber_hours)
    return {
        QueuePart.LATE: Span(None, now),
        QueuePart.RED: Span(now, red),
        QueuePart.AMBER: Span(red, amber),
        QueuePart.CALM: Span(amber, None),
    }


def day_spans(today: date, zone: ZoneInfo) -> list[tuple[date, Span]]:
    """The last whole days and today at the service center, as instants."""
    days = [today - timedelta(days=ago) for ago in range(WEEK_DAYS, -1, -1)]
    return [(day, Span(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))) for day in days]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def pace(decided_at: Sequence[datetime]) -> float | None:
    """Decisions an hour while at work, from the instants of one day's decisions; None below three.

    Each decision after the first is set against the time since the one before it. Where that is more than
    half an hour the rep did something else, and neither the time nor that decision counts.
    """
    if len(decided_at) < _LEAST_DECISIONS:
        return None
    ordered = sorted(decided_at)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    at_work = [gap for gap in gaps if gap <= _LONGEST_GAP]
    hours = sum(at_work, timedelta()) / timedelta(hours=1)
    if len(at_work) < _LEAST_DECISIONS - 1 or not hours:
        return None
    return round(len(at_work) / hours, 1)


def agreement(looks: Sequence[bool]) -> int | None:
    """How many second looks agreed; None while they are too few to say anything about a person."""
    return sum(looks) if len(looks) >= _LEAST_LOOKS else None


def mean(counts: Sequence[int]) -> float:
    """Mean of the whole days, to one decimal."""
    return round(sum(counts) / len(counts), 1) if counts else 0.0


def done_on(waiting: int, decided_a_day: float, arrived_a_day: float, today: date) -> date | None:
    """The day on which nothing waits any more when both rates go on; None when that is never or far away."""
    if waiting == 0:
        return today
    gain = decided_a_day - arrived_a_day
    if gain <= 0 or waiting / gain > _FARTHEST:
        return None
    return today + timedelta(days=math.ceil(waiting / gain))


# -- user IDs --------------------------------------------------------------------------------------

_HERE = frozenset((*OPEN_USER_ID_STATES, *TO_MAIL_STATES))


def late_days(state: UserIdRequestState, mail_by: date | None, mailed_on: date | None, today: date) -> int:
    """Days after its mail-by date that a request is late today or was mailed; 0 in time or while paused."""
    until = today if state in _HERE else mailed_on
    if mail_by is None or until is None:
        return 0
    return max(0, (until - mail_by).days)


def lead_must(
    state: UserIdRequestState, arrive_by: date | None, today: date, reissues: int, lost: int
) -> bool:
    """Whether a lead has to do it: be the second person, or send a letter after so many were lost."""
    if state is UserIdRequestState.VERIFYING:
        return True
    overdue = state is UserIdRequestState.MAILED and arrive_by is not None and arrive_by < today
    gone = overdue or state in (UserIdRequestState.EXPIRED, UserIdRequestState.RETURNED_MAIL)
    return gone and reissues >= lost
