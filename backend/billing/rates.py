"""What a month costs: coverage by its rates, and what differs from what was billed before. Pure.

A rate is what a subscriber pays a month for a line of coverage at a level, dependents included. Changes after
the bill date show on the next bill, and what was too much is given back at once ("pay as billed").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from api_client.types.billing_words import Proration
from backend.billing.rules import ZERO, month_end, month_start, next_month, prorated
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)
Kind = tuple[str, str]
"""Line of coverage and level."""


@dataclass(frozen=True)
class Covered:
    """One coverage of a subscriber; `ends_on` is its last day."""

    subscriber: str
    line: str
    level: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Rate:
    """What a line costs a month at a level, from a day on."""

    line: str
    level: str
    from_on: date
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """One line of a bill."""

    subscriber: str
    tier: str
    """Line of coverage and level."""
    amount: Decimal
    month: date | None = None
    """Of a retroactive charge: the month it is for."""


@dataclass(frozen=True)
class Charges:
    """What a month costs by what is known now."""

    lines: tuple[Line, ...]
    missing: tuple[str, ...] = ()
    """Lines and levels with coverage and without a rate: then the month cannot be billed."""


@dataclass(frozen=True)
class _Span:
    """Days of one month that are covered at one level."""

    level: str
    first: date
    last: date


def charges(
    covered: Iterable[Covered],
    rates: Iterable[Rate],
    month: date,
    method: Proration,
    policy: BillingPolicy,
) -> Charges:
    """What the coverage month costs, line by line in the order of the subscriber numbers.

    Nobody pays a line of coverage twice for a day: of two coverages the later one counts. The rate is that in
    force on the first day covered in the month.
    """
    table = _table(rates)
    lines: list[Line] = []
    missing: set[str] = set()
    inside = sorted(
        (one for one in covered if _span(one, month)),
        key=lambda one: (one.subscriber, one.line, one.starts_on),
    )
    for (subscriber, line), rows in groupby(inside, key=lambda one: (one.subscriber, one.line)):
        spans = [span for one in rows if (span := _span(one, month))]
        for level, amount in _amounts(spans, line, table, month, method, policy):
            tier = " ".join(filter(None, (line, level)))
            if amount is None:
                missing.add(tier or "coverage without a line")
            elif amount:
                lines.append(Line(subscriber, tier, amount))
    return Charges(tuple(lines), tuple(sorted(missing)))


def _table(rates: Iterable[Rate]) -> dict[Kind, list[Rate]]:
    table: dict[Kind, list[Rate]] = {}
    for one in sorted(rates, key=lambda one: one.from_on):
        table.setdefault((one.line, one.level), []).append(one)
    return table


def _span(one: Covered, month: date) -> _Span | None:
    first = max(one.starts_on, month_start(month))
    last = min(one.ends_on or date.max, month_end(month))
    return _Span(one.level, first, last) if first <= last else None


def _amounts(
    spans: Sequence[_Span],
    line: str,
    table: Mapping[Kind, Sequence[Rate]],
    month: date,
    method: Proration,
    policy: BillingPolicy,
) -> Iterator[tuple[str, Decimal | None]]:
    """Level and charge of one subscriber's line; None for a level without a rate."""
    if method is not Proration.DAILY:
        first = spans[0]
        rate = _rate(table, line, first)
        charge = prorated(rate, month, method, policy, starts_on=first.first) if rate is not None else None
        yield first.level, charge
        return
    days: dict[tuple[str, Decimal | None], int] = {}
    for span, count in _days(spans):
        key = (span.level, _rate(table, line, span))
        days[key] = days.get(key, 0) + count
    for (level, rate), count in days.items():
        # As many days from the first on: which days they are changes nothing.
        until = month_start(month) + (count - 1) * _DAY
        yield level, prorated(rate, month, method, policy, ends_on=until) if rate is not None else None


def _days(spans: Sequence[_Span]) -> Iterator[tuple[_Span, int]]:
    """Each span with its days that no later span covers."""
    for place, span in enumerate(spans):
        later = spans[place + 1 :]
        if not later:
            yield span, (span.last - span.first).days + 1
            continue
        every = ((span.first + step * _DAY) for step in range((span.last - span.first).days + 1))
        left = sum(not any(one.first <= day <= one.last for one in later) for day in every)
        if left:
            yield span, left


def _rate(table: Mapping[Kind, Sequence[Rate]], line: str, span: _Span) -> Decimal | None:
    in_force = [one.amount for one in table.get((line, span.level), ()) if one.from_on <= span.first]
    return in_force[-1] if in_force else None


def differences(now: Iterable[Line], billed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Subscriber number -> what a month costs now less what was billed and not given back; no zeros."""
    left = {subscriber: -amount for subscriber, amount in billed.items()}
    for one in now:
        left[one.subscriber] = left.get(one.subscriber, ZERO) + one.amount
    return {subscriber: amount for subscriber, amount in sorted(left.items()) if amount}


# -- when a month is billed ------------------------------------------------------------------------


@dataclass(frozen=True)
class Dates:
    """Bill date and due date of a month as they really are, and how many days late the bill is."""

    bill_date: date
    due_date: date
    late: int = 0


def dates_on(bill_date: date, due_date: date, goes_on: date) -> Dates:
    """The dates of a bill that goes out on a day, planned for `bill_date`.

    Late but before its due date it keeps its dates; on or after it the due date moves by as many days as the
    bill is late, so that it reaches the client before it is due (28 CCR 1300.65(a)(2)).
    """
    if goes_on < due_date:
        return Dates(bill_date, due_date)
    late = (goes_on - bill_date).days
    return Dates(goes_on, due_date + late * _DAY, late)


def first_to_bill(
    billed: Sequence[date], effective_from: date, paid_through: date | None, day: date, retro_months: int
) -> date:
    """First day of the first coverage month that is not billed yet, as of a day.

    Months are billed in their order; those farther back than retroactive charges reach are billed no more,
    and what was paid for elsewhere is not billed here.
    """
    oldest = month_start(day)
    if billed:
        for _ in range(retro_months):
            oldest = month_start(oldest - _DAY)
        oldest = max(oldest, next_month(max(billed)))
    if paid_through is not None:
        oldest = max(oldest, month_start(paid_through + _DAY))
    return max(oldest, month_start(effective_from))
