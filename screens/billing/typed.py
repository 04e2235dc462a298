"""Dates, amounts and texts as a rep types them; what is not clear is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from api_client.types.visible import visible_line

LARGEST = Decimal("999999999.99")
REFERENCE = 60
"""Characters of a payment's reference at the most."""
REASON = (3, 200)
"""Characters of a reason: at the least, at the most."""
_SOON = timedelta(days=62)
"""A day so near is rather a slip of the finger than one of another year."""
_ORDINAL = re.compile(r"(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of (?:the|this) month)?", re.ASCII)
_ON = re.compile(r"\s*(?:^|\s)(?:on|by)\s+", re.ASCII | re.IGNORECASE)
_THEN_A_DAY = re.compile(
    r"(\$?\s*[\d,.]+)\s+([a-z].*|\d+[-/].*|\d+(?:st|nd|rd|th)\b.*)", re.ASCII | re.IGNORECASE
)
"""An amount and a day with nothing between them; a day that is only digits would be a guess."""
_NAMED = re.compile(
    r"(?P<month>[a-z]{3,9})\.? (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?", re.ASCII
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
_DAY = re.compile(r"(?:(\d{4})[-/])?(\d{1,2})[-/](\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_AMOUNT = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)


class NotClear(ValueError):
    """What was typed cannot be taken; the text says why and what to type."""


def day_received(text: str, today: date) -> date:
    """A day up to today: `today`, 11-19, 2026-11-19 or 11/19/2026; without a year the last such day."""
    words = text.strip().lower()
    if words == "today":
        return today
    found = _DAY.fullmatch(words)
    if found is None:
        raise NotClear(f"{text.strip()} is no date: type 11-19, 2026-11-19, 11/19/2026 or today.")
    year, month, day = (found[6], found[4], found[5]) if found[6] else (found[1], found[2], found[3])
    if year is None:
        return _last_such_day(int(month), int(day), today, text.strip())
    meant = _calendar_day(int(year), int(month), int(day))
    if meant is None:
        raise NotClear(f"There is no day {text.strip()} in the calendar.")
    if meant > today:
        raise NotClear(f"{meant} is yet to come: the day of receipt is today or before.")
    return meant


def day_to_come(text: str, today: date) -> date:
    """A day from today on: today, tomorrow, Monday, 20, the 20th, Nov 20, 11-20, 2026-11-20 or 11/20/2026.

    Without a year, or without a month, it is the next such day; the name of today's weekday is not clear.
    """
    words = " ".join(text.lower().split())
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    alone = _ORDINAL.fullmatch(words)
    if alone is not None:
        return _next_of_month(int(alone[1]), today, text.strip())
    words = words.removeprefix("on ").removeprefix("by ")
    if (weekday := _named(words, _WEEKDAYS)) is not None:
        return _next_weekday(weekday, today, text.strip())
    found = _DAY.fullmatch(_in_figures(words))
    if found is None:
        raise NotClear(f"{text.strip()} is no date: type 20, 11-20, 2026-11-20 or today.")
    year, month, day = (found[6], found[4], found[5]) if found[6] else (found[1], found[2], found[3])
    years = [int(year)] if year else [today.year, today.year + 1]
    meant = [one for one in (_calendar_day(each, int(month), int(day)) for each in years) if one]
    if not meant:
        raise NotClear(f"There is no day {text.strip()} in the calendar.")
    if year or today - meant[0] > _SOON:
        meant = [one for one in meant if one >= today] or meant
    if meant[0] < today:
        raise NotClear(f"{meant[0]} is over: the day is today or later.")
    return meant[0]


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names this is, or its first three letters or more."""
    found = [at for at, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None


def _in_figures(words: str) -> str:
    """`nov 20` or `november 20, 2026` in figures; anything else as it is."""
    found = _NAMED.fullmatch(words)
    month = _named(found["month"], _MONTHS) if found is not None else None
    if found is None or month is None:
        return words
    return f"{found['year']}-{month + 1}-{found['day']}" if found["year"] else f"{month + 1}-{found['day']}"


def _next_weekday(weekday: int, today: date, typed: str) -> date:
    """The next day of that name; today has it too, so that name says too little then."""
    away = (weekday - today.weekday()) % 7
    if not away:
        raise NotClear(f"{typed} is today, or {today + timedelta(days=7)}: type the date.")
    return today + timedelta(days=away)


def _next_of_month(day: int, today: date, typed: str) -> date:
    """The next day of that number; a month too short for it is passed over."""
    month = today.replace(day=1)
    for _ in range(3):
        meant = _calendar_day(month.year, month.month, day)
        if meant is not None and meant >= today:
            return meant
        month = (month + timedelta(days=32)).replace(day=1)
    raise NotClear(f"There is no day {typed} in a month.")


def amount_and_day(text: str) -> tuple[str, str]:
    """What of `10,000 on the 20th` or `10,000 tomorrow` is the amount, what the day; either may be empty."""
    money, *day = _ON.split(text.strip(), maxsplit=1)
    beside = None if day else _THEN_A_DAY.fullmatch(money)
    if beside is not None:
        money, day = beside[1], [beside[2]]
    return money.strip(), day[0].strip() if day else ""


def _last_such_day(month: int, day: int, today: date, typed: str) -> date:
    this_year = _calendar_day(today.year, month, day)
    if this_year is not None and this_year <= today:
        return this_year
    last_year = _calendar_day(today.year - 1, month, day)
    if this_year is None and last_year is None:
        raise NotClear(f"There is no day {typed} in the calendar.")
    if this_year is not None and this_year - today < _SOON:
        raise NotClear(f"{this_year} is yet to come; for a day of last year type the year too.")
    if last_year is None:
        raise NotClear(f"There is no day {typed} in {today.year - 1}.")
    return last_year


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def amount(text: str) -> Decimal:
    """Dollars and cents: 10000, 10,000.00 or $10,000.00."""
    words = text.strip()
    found = _AMOUNT.fullmatch(words)
    if found is None:
        raise NotClear(f"{words} is no amount: type dollars and cents, such as 10000.00 or 10,000.00.")
    if found[2] is not None and len(found[2]) > 2:
        raise NotClear(f"{words} has more than two digits of cents.")
    dollars, cents = found[1].replace(",", ""), found[2] or "0"
    if len(dollars) > 20:
        raise NotClear(f"A payment is {LARGEST:,.2f} at the most.")
    value = Decimal(f"{dollars}.{cents}").quantize(Decimal("0.01"))
    if not value:
        raise NotClear("A payment of nothing changes nothing.")
    if value > LARGEST:
        raise NotClear(f"A payment is {LARGEST:,.2f} at the most.")
    return value


def reference(text: str) -> str:
    """The payer's reference, as it will be shown."""
    words = visible_line(text.strip())
    if len(words) > REFERENCE:
        raise NotClear(f"The reference has {len(words)} characters; {REFERENCE} fit.")
    return words


def reason(text: str) -> str:
    """A reason in words, as it will be shown."""
    words = visible_line(text.strip())
    shortest, longest = REASON
    if len(words) < shortest:
        raise NotClear(f"Say why in at least {shortest} characters.")
    if len(words) > longest:
        raise NotClear(f"The reason has {len(words)} characters; {longest} fit.")
    return words
