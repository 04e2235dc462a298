"""What an answer may rest on: the plan's own numbers, and of an account what the caller may hear.

A part that may not be heard is not there: a rule that looks at it says nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from api_client.types.accounts import Contact, Filing, OpenItem
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState, LetterKind
from api_client.types.call_words import Fact
from api_client.types.words import CobraAdmin, FilingMethod
from backend.accounts.rules import CobraAnswer, SizeClass
from backend.user_ids.say import Standing


@dataclass(frozen=True)
class Plan:
    """The plan's numbers and names an answer uses, from its policy."""

    center: str
    center_phone: str
    clock: str
    """How long a match in doubt may take: `48 hours`."""
    arrive_days: int
    reinstatement_days: int

    def put_into(self, text: str) -> str:
        """The text with the plan's values in their places; KeyError for a place there is none for."""
        return text.format_map(
            {
                "center": self.center,
                "center_phone": self.center_phone,
                "clock": self.clock,
                "arrive_days": self.arrive_days,
                "reinstatement_days": self.reinstatement_days,
            }
        )


@dataclass(frozen=True)
class Known:
    """What anybody may hear of a group."""

    number: str
    bill_phone: str
    bill_hours: str
    representative: Contact | None
    """The group representative: Medicare is referred there for everybody."""


@dataclass(frozen=True)
class Group:
    """`Fact.GROUP`."""

    employees: int
    ended_on: date | None
    """Last day of the contract; None where none is set."""
    method: FilingMethod
    filing: Filing
    people: Sequence[Contact]
    """Everybody on record, whatever the dates."""


@dataclass(frozen=True)
class Cobra:
    """`Fact.COBRA`."""

    size: SizeClass
    admin: CobraAdmin
    answer: CobraAnswer
    whom: Contact | None
    """Whom the answer sends the caller to."""
    ended_on: date | None = None
    """Last day of the whole group, past: COBRA ended with it."""


@dataclass(frozen=True)
class MailedLetter:
    """A letter about unpaid premium, the newest first in a list."""

    kind: LetterKind
    title: str
    mailed_on: date | None
    amount: Decimal | None


@dataclass(frozen=True)
class Bill:
    """`Fact.BILLING`."""

    state: DelinquencyState
    say: str
    keep_amount: Decimal
    keep_by: date | None
    coverage_end: date | None
    end_if_unpaid: date | None
    grace_from: date | None
    balance: Decimal
    open_premium: Decimal
    not_due_yet: Decimal
    fees: Decimal
    credit: Decimal
    next_letter: str
    last_payment: str
    preference: BillPreference
    cycle: BillingCycle
    next_cycle: BillingCycle | None = None
    next_cycle_from: date | None = None
    cycle_refused: str = ""
    """Why no other cycle can be asked for; empty when one can."""
    cycle_choices: Sequence[str] = ()
    """What each cycle that can be asked for would do."""


@dataclass(frozen=True)
class Request:
    """One request for a user ID; neither an ID nor a code is ever part of it, nor when it is mailed by."""

    number: str
    standing: Standing


class Administrator(StrEnum):
    """How far the administrator ID that the plan gave the employer can be used."""

    NONE = "none"
    COMING = "coming"
    ACTIVE = "active"
    LOCKED = "locked"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class UserIds:
    """`Fact.USER_IDS`: of the employer, for one ID serves all its groups (R09)."""

    administrator: Administrator
    newest: Request | None
    managed: bool = False
    """Whether somebody of the client can make further IDs today."""
    further: int = 0
    """IDs the client made that can be used today."""


@dataclass(frozen=True)
class Facts:
    """What is known, as far as the caller may hear it; no `known` means no account is on the screen."""

    today: date
    now: datetime
    """In the zone of the service center."""
    plan: Plan
    heard: frozenset[Fact] = frozenset()
    known: Known | None = None
    group: Group | None = None
    cobra: Cobra | None = None
    bill: Bill | None = None
    letters: Sequence[MailedLetter] | None = None
    user_ids: UserIds | None = None
    waiting: Sequence[OpenItem] | None = None
    """`Fact.QUEUE`: what is open in the queue for this group."""
