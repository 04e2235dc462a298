"""When a user ID must be mailed and arrive, counted in business days, with how each day was counted.

The plan's FAQ: user ID and access code come "in the mail within seven business days". Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api_client.types.words import Urgency
from backend.policy.calendar import Calendar
from backend.policy.policy import UserIdPolicy


@dataclass(frozen=True)
class Pause:
    """The form was incomplete from one instant to another; open while `answered_at` is None."""

    incomplete_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True)
class RequestDates:
    """The internal mail-by date and the date a caller may be told; both None while the form is incomplete."""

    mail_by: date | None
    arrive_by: date | None


@dataclass(frozen=True)
class Leg:
    """Business days counted after a day 0, up to the end or to a pause."""

    day_zero: date
    counted: tuple[date, ...]
    paused_on: date | None = None

    @property
    def last(self) -> date:
        """The day it ends on: day 0 itself where nothing was left to count."""
        return self.counted[-1] if self.counted else self.day_zero


def request_dates(
    received_at: datetime, pauses: Sequence[Pause], policy: UserIdPolicy, calendar: Calendar
) -> RequestDates:
    """When it must be mailed and arrive, in business days after the day of receipt.

    Received after closing or on a closed day counts as the next open day. Business days used before a pause
    stay used, the day of the pause among them; the day of the answer is day 0 of what is left.
    """
    return RequestDates(
        end_of(legs(received_at, pauses, policy.mail_by_business_days, calendar)),
        end_of(legs(received_at, pauses, policy.arrive_by_business_days, calendar)),
    )


def legs(received_at: datetime, pauses: Sequence[Pause], days: int, calendar: Calendar) -> list[Leg]:
    """How so many business days are counted: one leg, and one more for each pause that came in time."""
    found: list[Leg] = []
    day_zero = calendar.receipt_day(received_at)
    for pause in pauses:
        paused_on = calendar.local_date(pause.incomplete_at)
        used = calendar.business_days_between(day_zero, paused_on)
        if used > days:
            break  # a pause after the date does not cure it
        found.append(Leg(day_zero, _count(day_zero, used, calendar), paused_on))
        if pause.answered_at is None:
            return found
        days -= used
        day_zero = calendar.receipt_day(pause.answered_at)
    return [*found, Leg(day_zero, _count(day_zero, days, calendar))]


def _count(day: date, days: int, calendar: Calendar) -> tuple[date, ...]:
    return tuple(calendar.add_business_days(day, place) for place in range(1, days + 1))


def end_of(counted: Sequence[Leg]) -> date | None:
    """The last day; None while the days stand still."""
    return None if counted[-1].paused_on else counted[-1].last


def mail_urgency(mail_by: date | None, today: date, calendar: Calendar) -> Urgency:
    """How a mail-by date looks: passed, today red, the next business day amber; None is paused."""
    if mail_by is None:
        return Urgency.PAUSED
    if mail_by < today:
        return Urgency.LATE
    if mail_by == today:
        return Urgency.RED
    return Urgency.AMBER if mail_by <= calendar.next_open_day(today) else Urgency.CALM
