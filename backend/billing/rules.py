"""Money, billing cycles, proration and aging of group premium."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from api_client.types.billing_words import BillingCycle, Proration
from backend.policy.premium import BillingPolicy

ZERO = Decimal("0.00")
_DAY = timedelta(days=1)
BUCKETS = ("current", "1-30", "31-60", "61-90", "91+")
"""Aging buckets by days past due."""


def cents(amount: Decimal) -> Decimal:
    """Dollars rounded half-up to cents."""
    return amount.quantize(ZERO, rounding=ROUND_HALF_UP)


def dollars(amount: Decimal) -> str:
    """An amount as it is said and printed: 10,000.00."""
    return f"{cents(amount):,.2f}"


def month_start(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """The first day of the month after its month."""
    return month_end(day) + _DAY


def bucket(days_past_due: int) -> str:
    """The aging bucket: current for 0 and less, then 1-30, 31-60, 61-90, 91+."""
    if days_past_due <= 0:
        return BUCKETS[0]
    return BUCKETS[min((days_past_due - 1) // 30 + 1, len(BUCKETS) - 1)]


def invoice_dates(cycle: BillingCycle, month: date, policy: BillingPolicy) -> tuple[date, date]:
    """Bill date and due date of a coverage month; the bill goes out in the month before."""
    days = policy.cycles[cycle]
    first = month_start(month)
    before = first - _DAY
    return before.replace(day=days.bill_day), first.replace(day=days.due_day) if days.due_day else before


def prorated(
    rate: Decimal,
    month: date,
    method: Proration,
    policy: BillingPolicy,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Decimal:
    """What a month costs when coverage starts or ends inside it; `ends_on` is the last day covered.

    FULL_MONTH charges every month with a covered day. MID_MONTH charges a start on or before the 15th as a
    whole month and a later one not at all. DAILY charges rate x covered days / days in the month.
    """
    first, last = month_start(month), month_end(month)
    begin = max(first, starts_on or first)
    end = min(last, ends_on or last)
    days = (end - begin).days + 1
    if days <= 0:
        return ZERO
    if method is Proration.DAILY:
        return cents(rate * days / last.day)
    if method is Proration.MID_MONTH and begin.day > policy.mid_month_day:
        return ZERO
    return cents(rate)
