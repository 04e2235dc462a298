"""User-ID requests: the faxed form, its checks, approval and denial.

Nothing here carries a user ID or an access code: both leave by mail only [S].
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Address, Answer, CleanLine, CleanParagraph, DisplayText, Instant, Model
from api_client.types.words import CheckResult, DenyReason, Urgency, UserIdRequestKind, UserIdRequestState


class UserIdRow(Answer):
    """One request in the list, sorted by the day it must be mailed."""

    id: str
    version: int
    group_number: DisplayText
    group_name: DisplayText
    kind: UserIdRequestKind
    state: UserIdRequestState
    faxed_at: Instant
    mail_by: date | None
    """Internal; never said to a caller."""
    urgency: Urgency


class Check(Answer):
    """One check before approval, with what to do when it fails."""

    name: DisplayText
    result: CheckResult
    sentence: DisplayText


class UserIdRequest(Answer):
    """One request with its form, its checks and its dates."""

    id: str
    version: int
    group_number: DisplayText
    group_name: DisplayText
    kind: UserIdRequestKind
    state: UserIdRequestState
    faxed_at: Instant
    fax_reference: DisplayText
    administrator: DisplayText
    signer: DisplayText
    form_address: Address
    address_of_record: Address
    mail_by: date | None
    arrive_by: date | None
    urgency: Urgency
    checks: list[Check]
    can_approve: bool
    approve_sentence: DisplayText
    """Why it can or cannot be approved by this rep."""
    decided_by: DisplayText | None = None
    decided_at: Instant | None = None
    deny_reason: DenyReason | None = None
    undo_until: Instant | None = None


class RegisterFax(Model):
    """The fields of a faxed user-ID request form, as typed by whoever registers it."""

    group_number: CleanLine = Field(max_length=30)
    kind: UserIdRequestKind = UserIdRequestKind.FIRST
    received_at: Instant
    fax_reference: CleanLine = Field(min_length=1, max_length=60)
    administrator: CleanLine = Field(min_length=1, max_length=80)
    administrator_is: CleanLine = Field(default="employee", max_length=30)
    signer: CleanLine = Field(default="", max_length=80)
    street: CleanLine = Field(default="", max_length=80)
    city: CleanLine = Field(default="", max_length=40)
    state: CleanLine = Field(default="", max_length=2)
    zip: CleanLine = Field(default="", max_length=10)


class Deny(Model):
    """Refuse a request, with the reason."""

    reason: DenyReason
    note: CleanParagraph = Field(default="", max_length=1000)


__all__ = ["Check", "Deny", "RegisterFax", "UserIdRequest", "UserIdRow"]
