"""How premium is billed and what happens when it is not paid: one policy a file of the folder `billing`.

The default gives every number, a variant only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from api_client.types.billing_words import BillingCycle, HoldKind, LetterKind, Proration
from backend.policy.reading import PolicyError

DEFAULT_BILLING = "CA_GROUP_DMHC"
"""The billing rules that apply unless a group names a variant."""


class CountedAfter(StrEnum):
    """From which day a letter's days are counted."""

    DUE = "due"
    L1 = "L1"
    """The first letter: the day it is mailed is day 1 of grace."""
    END = "end"
    """The last day of coverage."""


class Roll(StrEnum):
    """Where a letter goes that falls on a closed day."""

    NONE = "none"
    FORWARD = "forward"


class SubscriberNotice(StrEnum):
    """Who tells each subscriber that grace began (28 CCR 1300.65)."""

    PLAN = "PLAN"
    HOLDER = "HOLDER"
    """The contract holder passes it on, and proves when."""


@dataclass(frozen=True)
class LetterStep:
    """One letter about unpaid premium."""

    kind: LetterKind
    days: int
    after: CountedAfter
    roll: Roll
    latest_days: int = 0
    """Days after the end by which the law wants it, rolled backward; 0 without such a limit."""
    final: bool = False
    """Names the day coverage ends; without it coverage does not end."""


@dataclass(frozen=True)
class CycleDays:
    """Bill day in the month before coverage; due day in the coverage month, 0 the last day before it."""

    bill_day: int
    due_day: int


@dataclass(frozen=True)
class BillingPolicy:
    """One set of rules; `name`, `version` and `effective` are those of its file."""

    name: str
    version: int
    effective: date
    grace_days: int
    steps: tuple[LetterStep, ...]
    l2_min_days: int
    """Days between the letter that names the end and the end."""
    waiting_l1_business_days: int
    tolerance: Decimal
    nsf_fee: Decimal
    """Charged on the bank's date of a returned payment."""
    certified_funds_window_days: int
    certified_funds_days: int
    reinstatement_days: int
    reinstatements_a_year: int
    mid_month_day: int
    cycles: Mapping[BillingCycle, CycleDays]
    cycles_offered: tuple[BillingCycle, ...]
    """Those a group may choose from."""
    cycle_min_employees: int
    cycle_max_employees: int
    returned_notice_holds_end: bool
    """Coverage does not end while a letter that warns of it has come back unsettled."""
    holds_stop_dates: tuple[HoldKind, ...]
    copy_to_broker: tuple[LetterKind, ...]
    subscriber_notice: SubscriberNotice
    proration: Proration
    """Of a group with no agreement of its own."""
    retro_months: int

    def __post_init__(self) -> None:
        where = f"billing.{self.name}.steps"
        due = [step for step in self.steps if step.after is CountedAfter.DUE]
        if due != list(self.steps[:1]) or not due:
            raise PolicyError(f"{where}: the first letter, and only it, is counted after the due date")
        if len({step.kind for step in self.steps}) < len(self.steps):
            raise PolicyError(f"{where}: a kind of letter stands there twice")
        if self.steps != self.warnings + self.end_notices:
            raise PolicyError(f"{where}: letters after the end come last")
        if [step for step in self.steps if step.final] != [self.warnings[-1]]:
            raise PolicyError(f"{where}: the last letter before the end, and only it, is final")

    @property
    def opening(self) -> LetterStep:
        """The warning letter: grace begins with it."""
        return self.steps[0]

    @property
    def final(self) -> LetterStep:
        """The termination letter: it names the end of coverage."""
        return self.warnings[-1]

    @property
    def warnings(self) -> tuple[LetterStep, ...]:
        """The letters that go before coverage ends."""
        return tuple(step for step in self.steps if step.after is not CountedAfter.END)

    @property
    def end_notices(self) -> tuple[LetterStep, ...]:
        """The letters that go after coverage ended."""
        return tuple(step for step in self.steps if step.after is CountedAfter.END)

    @property
    def words(self) -> str:
        """The policy by name, version and first day, such as `PLAIN version 1 from 2026-01-01`."""
        return f"{self.name} version {self.version} from {self.effective}"
