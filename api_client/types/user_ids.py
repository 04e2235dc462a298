"""User-ID requests, the letter that brings ID and code, and the IDs of a client.

Nothing here carries a user ID or an access code: both leave by mail only [S].
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Address, Answer, CleanLine, CleanParagraph, DisplayText, Instant, Model
from api_client.types.user_id_words import (
    BlockReason,
    CheckResult,
    DenyReason,
    Missing,
    PersonIs,
    Privilege,
    SuspendedBy,
    UserAct,
    UserIdRequestKind,
    UserIdRequestState,
    UserKind,
    UserRole,
    UserState,
)
from api_client.types.words import Channel, Urgency

# -- requests --------------------------------------------------------------------------------------


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
    arrive_by: date | None
    mailed_on: date | None
    breached: bool
    """Mailed after its mail-by date, or not mailed although that is over; for ever."""
    urgency: Urgency


class Check(Answer):
    """One check before approval, with what to do when it fails."""

    name: DisplayText
    result: CheckResult
    sentence: DisplayText


class FaxPage(Answer):
    """The picture of the form that is kept with its request."""

    pages: int
    kept_at: Instant
    kept_by: DisplayText


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
    administrator_is: PersonIs
    signer: DisplayText
    form_address: Address
    address_of_record: Address
    page: FaxPage | None = None
    same_as: list[str] = []
    """Other requests of the employer that look like the same form."""
    missing: list[Missing] = []
    missing_note: DisplayText = ""
    call_back: str | None = None
    """The call-back in which the client is asked for what is missing."""
    mail_by: date | None
    arrive_by: date | None
    breached: bool
    urgency: Urgency
    checks: list[Check]
    can_approve: bool
    approve_sentence: DisplayText
    """What will happen, or why it cannot be approved by this rep."""
    checked_by: DisplayText | None = None
    """The first person, where two must agree."""
    decided_by: DisplayText | None = None
    decided_at: Instant | None = None
    deny_reason: DenyReason | None = None
    can_undo: bool = False
    """Whether this rep can take the decision back; until the letter is mailed."""
    notice_to: DisplayText = ""
    """Who else hears that an ID is issued, or why nobody does."""
    mailed_on: date | None = None
    returned_on: date | None = None
    use_by: date | None = None
    """Last day of the code in the mail."""
    reissues: int = 0
    can_reissue: bool = False
    reissue_sentence: DisplayText = ""
    """What a new letter does, or why none can be sent by this rep now."""
    say: DisplayText
    """For the caller; never the day it is mailed by."""


class RegisterFax(Model):
    """The fields of a faxed user-ID request form, as typed by whoever registers it."""

    group_number: CleanLine = Field(max_length=30)
    kind: UserIdRequestKind = UserIdRequestKind.FIRST
    received_at: Instant
    channel: Channel = Channel.FAX
    """How the form came; by policy only fax is taken (R05)."""
    fax_reference: CleanLine = Field(min_length=1, max_length=60)
    administrator: CleanLine = Field(default="", max_length=80)
    administrator_is: PersonIs = PersonIs.EMPLOYEE
    signer: CleanLine = Field(default="", max_length=80)
    street: CleanLine = Field(default="", max_length=80)
    city: CleanLine = Field(default="", max_length=40)
    state: CleanLine = Field(default="", max_length=2)
    zip: CleanLine = Field(default="", max_length=10)


class Incomplete(Model):
    """Something is missing on the form: the client is called back, and the days stand still."""

    missing: list[Missing] = Field(min_length=1, max_length=len(Missing))
    note: CleanLine = Field(default="", max_length=200)


class Completed(Model):
    """What the client answered; only what changes is named."""

    answered_at: Instant
    by: Channel = Channel.PHONE
    """By phone at the number on record, or a new page by fax; a signature comes by fax only."""
    fax_reference: CleanLine | None = Field(default=None, min_length=1, max_length=60)
    administrator: CleanLine | None = Field(default=None, max_length=80)
    administrator_is: PersonIs | None = None
    signer: CleanLine | None = Field(default=None, max_length=80)
    street: CleanLine | None = Field(default=None, max_length=80)
    city: CleanLine | None = Field(default=None, max_length=40)
    state: CleanLine | None = Field(default=None, max_length=2)
    zip: CleanLine | None = Field(default=None, max_length=10)


class Deny(Model):
    """Refuse a request, with the reason."""

    reason: DenyReason
    note: CleanParagraph = Field(default="", max_length=1000)


class RequestForm(Answer):
    """What anyone may be told of the request form and the tour (R04, R05)."""

    fax: DisplayText
    tour: DisplayText
    """How to find the tour."""
    steps: list[DisplayText]
    say: DisplayText


# -- the IDs of a client ---------------------------------------------------------------------------


class UserRow(Answer):
    """One user ID of a client, under the number we know it by; the ID itself is shown to nobody."""

    id: str
    """Such as W-00012."""
    version: int
    person: DisplayText
    person_is: PersonIs
    kind: UserKind
    role: UserRole
    privileges: list[Privilege]
    state: UserState
    suspended_by: SuspendedBy | None = None
    why: DisplayText = ""
    """What limits it now, such as coverage that ended unpaid."""
    since: Instant
    valid_to: date | None = None
    last_used_on: date | None = None
    can_block: bool = False
    can_lift: bool = False


class AccessLogRow(Answer):
    """One change of the IDs of a client."""

    at: Instant
    user: str
    person: DisplayText
    act: UserAct
    by: DisplayText
    words: DisplayText = ""


class BlockUser(Model):
    """Block a user ID at once: its code works no more, and nobody gets in with it."""

    reason: BlockReason
    note: CleanLine = Field(default="", max_length=200)


class LiftBlock(Model):
    """Let a blocked user ID go on."""

    note: CleanLine = Field(min_length=3, max_length=200)


__all__ = [
    "AccessLogRow",
    "BlockUser",
    "Check",
    "Completed",
    "Deny",
    "FaxPage",
    "Incomplete",
    "LiftBlock",
    "RegisterFax",
    "RequestForm",
    "UserIdRequest",
    "UserIdRow",
    "UserRow",
]
