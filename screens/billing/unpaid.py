"""What is said of the groups whose premium is unpaid: the list, the one under the cursor, the filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import BillingFlag, DelinquencyState
from screens.billing.presentation import STATES, days, money
from screens.widgets.prompt import Choice
from screens.widgets.text import join, lines, plain, short_day, urgent
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.billing import UnpaidRow

COLUMNS = (
    Column("group", 7),
    Column("name", 0),
    Column("state", 12),
    Column("ends", 10),
    Column("      owed", 10),
    Column("phone", 12),
    Column("called", 6),
)
NOTHING = "No group has unpaid premium past its due date. F7 looks again."
NO_MATCH = "No group of this filter has unpaid premium; Esc shows all."
ALL_CALLED = "Nobody of this list is left to call: called today, or no phone on record."
WHY = (
    "Groups with premium past its due date, the first end of coverage first: the day coverage ends if "
    "nothing more is paid. Part payments and promises move no date. Groups whose coverage has ended stand "
    "behind the filter. Owed is the premium that keeps coverage; after its end, what is owed for the days "
    "covered. Called is when somebody of the group was last on the line; n opens the first one not called "
    "today, and calls nobody by itself."
)
_SHORT = {
    DelinquencyState.CURRENT: "current",
    DelinquencyState.PAST_DUE: "past due",
    DelinquencyState.GRACE: "in grace",
    DelinquencyState.TERM_PENDING: "pending",
    DelinquencyState.TERMINATED_NONPAY: "ended",
}
_FLAGS = {
    BillingFlag.HOLD: "HOLD",
    BillingFlag.NOTICE_RETURNED: "a notice came back",
    BillingFlag.PTP_BROKEN: "promise BROKEN",
    BillingFlag.PTP_OPEN: "promise open",
    BillingFlag.CERTIFIED_FUNDS: "certified funds only",
    BillingFlag.REINSTATED: "reinstated",
}


@dataclass(frozen=True)
class Filter:
    """Which groups are listed; without anything those that still have coverage."""

    label: str = ""
    state: DelinquencyState | None = None
    within_days: int | None = None

    def until(self, today: date) -> date | None:
        """Up to which day coverage ends."""
        return None if self.within_days is None else today + timedelta(days=self.within_days)


ALL = Filter()
FILTERS = [
    Choice("all unpaid", ALL),
    *(
        Choice(STATES[state][1], Filter(STATES[state][1], state=state))
        for state in DelinquencyState
        if state is not DelinquencyState.CURRENT
    ),
    *(
        Choice(f"ends within {count} days", Filter(f"ends within {count} days", within_days=count))
        for count in (7, 14, 30)
    ),
]


def subject(chosen: Filter) -> Content:
    """What the head line says."""
    return plain(f"BILLING  {chosen.label or 'unpaid'}")


def row(one: UnpaidRow, today: date) -> TableRow:
    """One group."""
    urgency, _ = STATES[one.state]
    cells = (
        plain(one.number),
        plain(one.name),
        urgent(urgency, _SHORT[one.state]),
        ends(one, today),
        plain(_owed(one.owed)),
        plain(one.phone),
        plain(_called(one.called_on, today)),
    )
    return TableRow(one.number, cells)


def ends(one: UnpaidRow, today: date) -> Content:
    """The day coverage ends if nothing is paid, or ended, and how near it is."""
    day = one.ends_on
    if day is None:
        return plain("-")
    if one.state is DelinquencyState.TERMINATED_NONPAY or day < today:
        return plain(short_day(day, today), "bold $text-error")
    left = (day - today).days
    if left == 0:
        return plain("TODAY", "bold $text-error")
    return plain(f"{day:%m-%d} {left} d", "bold $text-error" if left <= 7 else "")


def _owed(amount: Decimal) -> str:
    words = money(amount)
    return f"{words if len(words) <= 10 else f'{amount:,.0f}':>10}"


def _called(on: date | None, today: date) -> str:
    if on is None:
        return "never"
    return "today" if on == today else f"{on:%m-%d}" if on.year == today.year else f"{on:%Y}"


def about(one: UnpaidRow, today: date, width: int) -> Content:
    """The group under the cursor in words: what is owed by when, whom to call, what lies over it."""
    where = f", {one.city}" if one.city else ""
    said = [f"{money(one.owed)} owed", *(words for flag, words in _FLAGS.items() if flag in one.flags)]
    stands = f"{STATES[one.state][1]}, {days(one.days_past_due)} past due"
    whom = f"call {one.contact or one.phone}" if one.phone else "no phone on record"
    rows = [
        join((f" {one.number} {one.name}{where}", "bold"), f"   {', '.join(said)}"),
        plain(f" {stands}{_end_words(one, today)}; {whom}"),
    ]
    return lines(*(piece.truncate(width, ellipsis=True) for piece in rows))


def _end_words(one: UnpaidRow, today: date) -> str:
    if one.ends_on is None:
        return ""
    ended = one.state is DelinquencyState.TERMINATED_NONPAY
    return f"; coverage {'ended' if ended else 'ends'} {short_day(one.ends_on, today)}"


def to_call(one: UnpaidRow, today: date) -> bool:
    """Whether nobody of the group was on the line today, and there is a number to call."""
    return one.called_on != today and bool(one.phone)
