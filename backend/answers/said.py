"""One answer in its parts, and how counts and times are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.billing.say import spoken_date

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Said:
    """An answer: in a few words, as the sentence for the caller, with the facts behind it and a list."""

    short: str
    say: str
    because: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


def counted(count: int, what: str) -> str:
    """`one case`, `two cases`."""
    number = _COUNTS[count] if count < len(_COUNTS) else f"{count}"
    return f"{number} {what}{'' if count == 1 else 's'}"


def spoken_minute(instant: datetime, now: datetime, *, spoken: bool = False) -> str:
    """A due time in the zone of `now`: `11-22 16:00`, spoken `Sunday, November 22, 16:00`."""
    local = instant.astimezone(now.tzinfo)
    if spoken:
        return f"{local:%A}, {spoken_date(local.date(), now.date())}, {local:%H:%M}"
    return f"{local:%m-%d %H:%M}"
