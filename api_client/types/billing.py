"""Billing status: invoices, payments, letters and the delinquency state with its reasons."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Answer, CleanLine, DisplayText, Instant, Model, Money
from api_client.types.words import BillingCycle, DelinquencyState, InvoiceStatus, LetterKind, PaymentMethod


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


class Why(Answer):
    """One step of the reasoning behind a date or state, with the rule it rests on."""

    sentence: DisplayText
    rule: DisplayText


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


class RecordPayment(Model):
    """A payment received from a group."""

    group_number: CleanLine = Field(max_length=30)
    received_on: date
    amount: Money = Field(gt=0, max_digits=11, decimal_places=2)
    method: PaymentMethod
    reference: CleanLine = Field(default="", max_length=60)


class ReversePayment(Model):
    """Take a mis-posted payment back; the ledger keeps both acts."""

    reason: CleanLine = Field(min_length=3, max_length=200)
