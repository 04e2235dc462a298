"""The last covered day as a rep types it; what is not clear is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api_client.types.enrollment import Absence

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[-/](\d{1,2})", re.ASCII)
_HALF_A_YEAR = 183
_A_YEAR = 366


def last_day(text: str, today: date, people: Sequence[Absence]) -> date | str:
    """The last covered day that the text names, or a sentence about why it cannot be that.

    2026-11-30, 11/30/2026 or 11-30; without a year the nearest such day. The line that asks names it in full.
    The day before somebody's first one takes back coverage that never began.
    """
    words = text.strip()
    if found := _ISO.fullmatch(words):
        day = _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _US.fullmatch(words):
        day = _day(int(found[3]), int(found[1]), int(found[2]))
    elif found := _SHORT.fullmatch(words):
        day = _nearest(int(found[1]), int(found[2]), today)
    else:
        return f"{words} is no date: type the last covered day as 2026-11-30, 11/30/2026 or 11-30."
    if day is None:
        return f"There is no day {words} in the calendar."
    if abs((day - today).days) > _A_YEAR:
        return f"{day} is more than a year from today; look again."
    for one in people:
        if day + timedelta(days=1) < one.covered_from:
            return f"{one.name} is covered from {one.covered_from} on: {day} is before it."
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """The one of these days that is at most half a year away."""
    found = [_day(today.year + years, month, day) for years in (-1, 0, 1)]
    near = [one for one in found if one is not None and abs((one - today).days) <= _HALF_A_YEAR]
    return min(near, key=lambda one: abs((one - today).days), default=None)
