"""Days as numbers, the days nobody works, and amounts in cents: worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The n-th such weekday of a month; the last for -1."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [one for one in days if one.month == month and one.weekday() == weekday][
        nth - 1 if nth > 0 else nth
    ]


def _closed(first: int, last: int) -> set[int]:
    closed = set()
    for year in range(first, last + 1):
        fixed = [
            date(year, 1, 1),
            date(year, 6, 19),
            date(year, 7, 4),
            date(year, 11, 11),
            date(year, 12, 25),
        ]
        fixed.append(date(year + 1, 1, 1))  # kept on 31 December when it is a Saturday
        for one in fixed:
            closed.add((one + timedelta(days={5: -1, 6: 1}.get(one.weekday(), 0))).toordinal())
        thanksgiving = _nth(year, 11, 3, 4)
        moving = [_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 5, 0, -1), _nth(year, 9, 0, 1)]
        moving += [_nth(year, 10, 0, 2), thanksgiving, thanksgiving + timedelta(days=1)]
        closed |= {one.toordinal() for one in moving}
    every = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
    return closed | {one for one in every if date.fromordinal(one).weekday() >= 5}


CLOSED = _closed(2019, 2035)


def number_of(text: str | None) -> int | None:
    """The number of a day in ISO, None for none."""
    return None if text is None else date.fromisoformat(text).toordinal()


def day_of(text: str) -> int:
    """The number of a day in ISO."""
    return date.fromisoformat(text).toordinal()


def iso_of(number: int | None) -> str | None:
    """A numbered day in ISO, None for none."""
    return None if number is None else date.fromordinal(number).isoformat()


def next_business(number: int) -> int:
    """The first business day after a day."""
    number += 1
    while number in CLOSED:
        number += 1
    return number


def cents_of(text: str) -> int:
    """Whole cents of an amount."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def dollars_of(cents: int) -> str:
    """An amount as the trial command writes it."""
    return f"{cents // 100}.{cents % 100:02d}"
