"""Accounts: groups, who we are to them, and their members."""

from __future__ import annotations

from datetime import date

from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import Fact
from api_client.types.common import Address, Answer, DisplayText, Instant, Money
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod, GroupState, PartnerStatus, Urgency


class AccountRow(Answer):
    """One group in a list."""

    number: DisplayText
    name: DisplayText
    city: DisplayText
    state: GroupState
    delinquency: DelinquencyState | None = None
    """None where the caller on the line may not hear it."""
    coverage_end_if_unpaid: date | None = None


class Contact(Answer):
    """A person or firm and what it is to the group."""

    role: ContactRole
    name: DisplayText
    phone: DisplayText = ""
    extension: DisplayText = ""
    address: Address = Address()
    valid_from: date | None = None
    valid_to: date | None = None


class OpenItem(Answer):
    """Something open for this group, on whatever desk."""

    id: str
    kind: DisplayText
    state: DisplayText
    due_at: Instant | None = None
    urgency: Urgency


class Filing(Answer):
    """How the group sends its enrollments, and how to begin with electronic files (R22)."""

    partner: DisplayText = ""
    """Who sends its files; empty where nobody does."""
    status: PartnerStatus | None = None
    last_file: str | None = None
    last_file_at: Instant | None = None
    sentence: DisplayText
    """For a caller: how it is filed, or whom to call to begin."""


class AboutGroup(Answer):
    """Who the group is to us; said to a caller who may hear of `Fact.GROUP`."""

    state: GroupState
    size_class: DisplayText
    effective_from: date
    ended_on: date | None
    address: Address
    filing_method: FilingMethod
    filing: Filing
    contacts: list[Contact]


class CobraOfGroup(Answer):
    """Who administers COBRA, and whether it can be done online (R14, R15)."""

    admin: CobraAdmin
    sentence: DisplayText


class Premium(Answer):
    """Where the group stands with its premium, and how it is billed."""

    cycle: BillingCycle
    next_cycle: BillingCycle | None = None
    next_cycle_from: date | None = None
    """First coverage month billed by the cycle that was asked for (R23)."""
    bill_preference: BillPreference
    delinquency: DelinquencyState
    days_past_due: int
    open_premium: Money
    keep_coverage_amount: Money
    keep_coverage_by: date | None
    coverage_ends_on: date | None
    """The day coverage ended, or will end if nothing is paid."""
    say: DisplayText
    """The sentence for a caller, dates and money spelled out."""
    last_payment: DisplayText
    promise: DisplayText = ""
    """The promise to pay that is open; it changes no date."""


class Account(Answer):
    """One group with what a caller asks first.

    What the caller on the line may not hear is not there: `locked` names it. Without a call nothing is
    locked but what nobody hears.
    """

    number: DisplayText
    version: int
    name: DisplayText
    bill_phone: DisplayText
    bill_hours: DisplayText
    medicare_sentence: DisplayText
    locked: list[Fact]
    about: AboutGroup | None = None
    cobra: CobraOfGroup | None = None
    premium: Premium | None = None
    last_letter: DisplayText | None = None
    """Empty when there is none."""
    user_id: DisplayText | None = None
    """How far the newest user-ID request has come, in dates a caller may hear; empty when there is none."""
    members_enrolled: int | None = None
    open_items: list[OpenItem] = []
    """Of the queue and of user IDs, as far as they may be heard."""
    last_call: DisplayText = ""
    """When, who took it and its wrap-up code."""


class MemberRow(Answer):
    """One member of a group, or somebody whose enrollment made nobody a member.

    Masked by the server, but for the name where the caller on the line may hear who is enrolled.
    """

    mrn: DisplayText
    """Empty for an enrollment that waits or was refused."""
    name: DisplayText
    relationship: DisplayText
    born: DisplayText
    coverage_from: date | None
    """Of an enrollment that waits or was refused: from when coverage was asked for."""
    coverage_to: date | None
    card: DisplayText = ""
    """How far the newest card has come, in a word; empty for none."""
    receipt: str | None = None
    """Of an enrollment that waits or was refused."""
    item: str | None = None
    """Its item of the queue."""
    standing: DisplayText = ""
    """Where that enrollment stands, such as `in queue`."""
