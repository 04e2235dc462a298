"""Billing status: invoices, payments, letters and the delinquency state with its reasons."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.billing_words import (
    BillingCycle,
    BillingFlag,
    BillPreference,
    DateAbout,
    DelinquencyState,
    HoldKind,
    InvoiceStatus,
    LetterKind,
    PaymentMethod,
    PromiseState,
)
from api_client.types.common import Answer, CleanLine, DisplayText, Instant, Model, Money


class Invoice(Answer):
    """One month's bill."""

    number: DisplayText
    month: date
    """First day of the coverage month."""
    bill_date: date
    due_date: date
    billed: Money
    open: Money
    status: InvoiceStatus
    days_past_due: int
    paid_on: date | None = None
    """When money that still counts had covered it; None while something is open."""


class Payment(Answer):
    """One payment as received; a reversed one stays on the list and counts for nothing."""

    number: DisplayText
    version: int
    received_on: date
    amount: Money
    method: PaymentMethod
    reference: DisplayText
    for_fees: bool = False
    """Whether it pays fees, and no premium."""
    returned_on: date | None = None
    """The bank's date when it came back; from then on it counts for nothing."""
    reversed_at: Instant | None = None
    reversed_reason: DisplayText = ""


class Letter(Answer):
    """One letter to the group."""

    number: DisplayText
    kind: LetterKind
    title: DisplayText
    created_on: date
    mailed_on: date | None
    amount: Money | None = None
    returned_on: date | None = None
    """When the post brought it back."""


class Why(Answer):
    """One step of the reasoning behind a date or state, with the rule it rests on."""

    about: DateAbout = DateAbout.STATE
    sentence: DisplayText
    rule: DisplayText
    """The rule and its source."""


class TimelineEntry(Answer):
    """One date of a group's premium, past or to come, in the order of time."""

    on: date
    about: DateAbout
    words: DisplayText
    """Such as `termination letter L2 mailed`."""
    to_come: bool = False
    """Whether it follows by the rules if nothing else happens."""
    reference: DisplayText = ""
    """Number of the bill, payment or letter."""
    amount: Money | None = None


class MonthEnd(Answer):
    """What was billed for a month, and the balance at its end (of this month: today)."""

    month: date
    billed: Money
    balance: Money


class Bucket(Answer):
    """Open premium of one aging bucket; credit is never netted into one."""

    name: DisplayText
    """current, 1-30, 31-60, 61-90 or 91+ days past due."""
    open: Money


class PromiseRow(Answer):
    """A promise to pay; it changes no date."""

    id: DisplayText
    made_on: date
    pay_by: date
    amount: Money
    state: PromiseState
    undo_until: Instant | None = None
    """Until when the rep who took it down can take it back."""


class HoldRow(Answer):
    """What holds the rules up for a group."""

    id: DisplayText
    version: int
    kind: HoldKind
    from_on: date
    to_on: date | None
    """Its last day; None while nobody knows."""
    stops_dates: bool
    reason: DisplayText
    opened_by: DisplayText
    lifted_on: date | None = None
    invoice: DisplayText = ""
    """The bill that is disputed."""


class ReinstatementRow(Answer):
    """A request to give coverage back that ended unpaid."""

    id: DisplayText
    version: int
    requested_on: date
    decided_on: date | None = None
    approved: bool = False
    reason: DisplayText = ""
    """Why it was refused."""
    why_not: DisplayText = ""
    """What stands against approving it today; empty when nothing does."""


class BillingStatus(Answer):
    """Everything a rep says about a group's bill."""

    number: DisplayText
    name: DisplayText
    cycle: BillingCycle
    on: date
    state: DelinquencyState
    days_past_due: int
    bucket: DisplayText
    balance: Money
    """Open premium and fees less credit, what is not due yet included."""
    not_due_yet: Money
    open_premium: Money
    open_fees: Money
    credit: Money
    keep_coverage_amount: Money
    keep_coverage_by: date | None
    grace_from: date | None
    grace_to: date | None
    coverage_end: date | None
    coverage_end_if_unpaid: date | None
    next_letter: DisplayText
    promise: DisplayText = ""
    """The promise to pay that is open; it changes no date."""
    say: DisplayText
    why: list[Why]
    invoices: list[Invoice]
    payments: list[Payment]
    letters: list[Letter]
    policy: DisplayText = ""
    """Name, version and first day of the billing rules the group is under."""
    flags: list[BillingFlag] = []
    certified_funds_until: date | None = None
    aging: list[Bucket] = []
    timeline: list[TimelineEntry] = []
    months: list[MonthEnd] = []
    """The last 24 at most, the oldest first."""
    promises: list[PromiseRow] = []
    """The newest first, like all that follow."""
    holds: list[HoldRow] = []
    reinstatements: list[ReinstatementRow] = []
    bill_preference: BillPreference = BillPreference.PAPER
    next_cycle: BillingCycle | None = None
    next_cycle_from: date | None = None
    """First coverage month billed by the cycle that was asked for (R23)."""


class UnpaidRow(Answer):
    """One group of the work list, with whom to call."""

    number: DisplayText
    name: DisplayText
    city: DisplayText
    state: DelinquencyState
    flags: list[BillingFlag] = []
    ends_on: date | None
    """The day coverage ended, or ends if nothing is paid."""
    owed: Money
    """Premium that keeps coverage; after its end what is owed for the days covered."""
    days_past_due: int
    contact: DisplayText = ""
    """Name of whom to call: the contract signer, else the administrator."""
    phone: DisplayText = ""
    called_on: date | None = None
    """When somebody of this group was last on the line."""


class WhatIf(Model):
    """A payment that is only thought of: nothing is written."""

    amount: Money = Field(gt=0, max_digits=11, decimal_places=2)
    on: date


class Course(Answer):
    """What follows by the rules if nothing else happens."""

    state: DelinquencyState
    """At the end of the day asked about."""
    keep_coverage_amount: Money
    keep_coverage_by: date | None
    coverage_end: date | None
    """The day coverage ends, or ended, in this course; None where it goes on."""
    credit: Money
    say: DisplayText
    to_come: list[TimelineEntry]
    """From the day asked about on."""


class WhatIfAnswer(Answer):
    """Two courses side by side."""

    on: date
    amount: Money
    now: Course
    """Without the payment."""
    then: Course
    """With it."""


class RecordPayment(Model):
    """A payment received from a group."""

    group_number: CleanLine = Field(max_length=30)
    received_on: date
    amount: Money = Field(gt=0, max_digits=11, decimal_places=2)
    method: PaymentMethod
    reference: CleanLine = Field(default="", max_length=60)
    for_fees: bool = False
    """Pays fees, and no premium; never more than the fees that are open."""


class ReturnPayment(Model):
    """The bank brought a payment back."""

    returned_on: date
    """The bank's date."""


class ReversePayment(Model):
    """Take a mis-posted payment back; the ledger keeps both acts."""

    reason: CleanLine = Field(min_length=3, max_length=200)


class MakePromise(Model):
    """The client on the line promises to pay."""

    amount: Money = Field(gt=0, max_digits=11, decimal_places=2)
    pay_by: date


class Dispute(Model):
    """The client on the line disputes a bill."""

    invoice: CleanLine = Field(min_length=1, max_length=20)
    reason: CleanLine = Field(min_length=3, max_length=200)


class OpenHold(Model):
    """Hold the rules up for a group."""

    kind: HoldKind
    reason: CleanLine = Field(min_length=3, max_length=200)
    to_on: date | None = None
    """Its last day, where it is known."""


class LiftHold(Model):
    """End a hold today."""

    reason: CleanLine = Field(min_length=3, max_length=200)


class DecideReinstatement(Model):
    """Give coverage back, or refuse with a reason."""

    approve: bool
    reason: CleanLine = Field(default="", max_length=200)
    """Needed to refuse."""


# -- for operators: the daily run --------------------------------------------------------------------


class Incident(Answer):
    """Something that went otherwise than the rules want it, and what follows from that."""

    on: date
    kind: DisplayText
    group_number: DisplayText = ""
    sentence: DisplayText


class DailyReport(Answer):
    """What the run of one day did, or would do."""

    on: date
    dry_run: bool = False
    groups: int
    """Groups looked at."""
    bills: int
    credits: int
    letters: dict[str, int]
    """Letters written, by kind, copies and subscribers' notices under their own kind."""
    letters_taken_back: int
    """Written before, not mailed, and not needed any more."""
    ended: int
    """Groups whose coverage ended."""
    promises_broken: int
    cards_due: int
    user_ids_due: int
    """User-ID requests to be mailed today, or late."""
    call_backs_due: int
    incidents: list[Incident]


class DailyReports(Answer):
    """One report a day, the days that were missed before first; empty when the day was done before."""

    days: list[DailyReport]
    refused: list[DisplayText] = []
    """What was left undone, with why."""
