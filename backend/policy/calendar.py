"""The service center's calendar: open days, service hours, and dates counted in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays

from backend.policy.policy import Policy, Weekday

_DAY = timedelta(days=1)
_WEEKDAYS = tuple(Weekday)


class Calendar:
    """Open days and service hours, from the policy. Instants in and out are aware; results are in UTC."""

    def __init__(self, policy: Policy) -> None:
        self._service = policy.service
        self.zone = policy.service.zone
        self._closed_of_year: dict[int, dict[date, str]] = {}

    # -- days --------------------------------------------------------------------------------------
    def is_open(self, day: date) -> bool:
        """Whether the service center works on this day."""
        return not self.closed_because(day)

    def closed_because(self, day: date) -> str:
        """Why the service center is closed on this day, such as `Veterans Day`; empty when it works."""
        weekday = _WEEKDAYS[day.weekday()]
        if weekday in self._service.closed_weekdays:
            return weekday.capitalize()
        if day.year not in self._closed_of_year:
            self._closed_of_year[day.year] = self._closed(day.year)
        return self._closed_of_year[day.year].get(day, "")

    def _closed(self, year: int) -> dict[date, str]:
        """Closed days of a year that are no weekday's, with their names."""
        closed = {day: "closed by the plan" for day in self._service.extra_closed_days if day.year == year}
        if self._service.day_after_thanksgiving:
            first = date(year, 11, 1)
            thanksgiving = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
            closed[thanksgiving + _DAY] = "the day after Thanksgiving"
        if self._service.federal_holidays:
            closed |= holidays.country_holidays("US", years=year, language="en_US")
        return closed

    def next_open_day(self, day: date) -> date:
        """The first open day after `day`."""
        return self.roll_forward(day + _DAY)

    def roll_forward(self, day: date) -> date:
        """`day` itself when open, else the next open day."""
        while not self.is_open(day):
            day += _DAY
        return day

    def roll_backward(self, day: date) -> date:
        """`day` itself when open, else the open day before."""
        while not self.is_open(day):
            day -= _DAY
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th open day after `day`, which is day 0 whether open or not."""
        for _ in range(count):
            day = self.next_open_day(day)
        return day

    def business_days_between(self, day: date, last: date) -> int:
        """Open days after `day` up to and including `last`; 0 when `last` is not later."""
        count = 0
        while (day := self.next_open_day(day)) <= last:
            count += 1
        return count

    # -- instants ----------------------------------------------------------------------------------
    def local_date(self, instant: datetime) -> date:
        """The calendar date at the service center."""
        return instant.astimezone(self.zone).date()

    def opening(self, day: date) -> datetime:
        """The instant the service center opens on an open day."""
        return datetime.combine(day, self._service.opens, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The instant it closes; what arrives at it is in time."""
        return datetime.combine(day, self._service.closes, self.zone).astimezone(UTC)

    def receipt_day(self, instant: datetime) -> date:
        """Day 0 of what arrived at `instant`: after closing or on a closed day, the next open day."""
        day = self.local_date(instant)
        if self.is_open(day) and instant <= self.closing(day):
            return day
        return self.next_open_day(day)

    def receipt_time(self, instant: datetime) -> datetime:
        """`instant`, or the opening of the receipt day when it arrived after closing or on a closed day."""
        day = self.receipt_day(instant)
        return instant if day == self.local_date(instant) else self.opening(day)

    def same_time_after(self, instant: datetime, business_days: int) -> datetime:
        """The same local time so many business days later."""
        local = instant.astimezone(self.zone)
        later = self.add_business_days(local.date(), business_days)
        return datetime.combine(later, local.timetz().replace(tzinfo=self.zone)).astimezone(UTC)

    def service_time(self, start: datetime, end: datetime) -> timedelta:
        """Service hours between two instants."""
        total = timedelta()
        day = self.roll_forward(self.local_date(start))
        while self.opening(day) < end:
            total += max(timedelta(), min(end, self.closing(day)) - max(start, self.opening(day)))
            day = self.next_open_day(day)
        return total

    def add_service_time(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of service hours has gone by since `start`; `start` for none."""
        if not amount:
            return start
        day = self.roll_forward(self.local_date(start))
        while True:
            begin = max(start, self.opening(day))
            left_today = max(timedelta(), self.closing(day) - begin)
            if amount <= left_today:
                return begin + amount
            amount -= left_today
            day = self.next_open_day(day)
