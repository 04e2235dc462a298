"""Calls: who is on the line, what they proved, notes, wrap-up and call-backs.

No answer here carries what a caller was asked for or what they said.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.accounts import AccountRow
from api_client.types.call_words import (
    CallBackOutcome,
    CallBackState,
    CallerKind,
    CallState,
    Fact,
    PhoneAct,
    VerifyItem,
    VerifyState,
    WrapUp,
)
from api_client.types.common import (
    Answer,
    CleanLine,
    CleanParagraph,
    DisplayParagraph,
    DisplayText,
    Instant,
    Model,
    Secret,
)
from api_client.types.words import Urgency

NOTE_LENGTH = 2000
"""Characters a note holds at the most."""


class Whom(Model):
    """The group, or the person of it, that a call is about; in a body, never in an address."""

    group_number: CleanLine = Field(min_length=1, max_length=30)
    mrn: CleanLine = Field(default="", max_length=20)
    """Empty where it is about the group."""
    receipt: CleanLine = Field(default="", max_length=20)
    """Of an enrollment that made nobody a member, instead of a member number."""


class Subject(Answer):
    """What the caller proved of one group or person in this call, and what follows from it."""

    group_number: DisplayText
    group_name: DisplayText
    mrn: DisplayText = ""
    receipt: DisplayText = ""
    kind: CallerKind | None = None
    caller: DisplayText = ""
    """The name that was proved, with the role; empty before."""
    authority_to: date | None = None
    """Last day of the authority on record; None where it has no end."""
    state: VerifyState = VerifyState.NONE
    matched: int = 0
    needed: int = 0
    """Items to be matched in all."""
    ask: list[VerifyItem] = []
    """Items that can still be asked, in the order to ask them; only of what is on record."""
    facts: list[Fact] = []
    """What the caller may hear now."""
    acts: list[PhoneAct] = []
    """What may be done for the caller now."""
    stepped_up: bool = False
    """Reached at the number on record in this call: changes of address, contact and ID are allowed."""
    sentence: DisplayText = ""
    """For the caller: what is missing, or why nothing is said."""


class DoneInCall(Answer):
    """One thing done in a call, oldest first."""

    at: Instant
    what: DisplayText
    subject: DisplayText = ""
    """A reference such as a receipt or a letter number."""


class Call(Answer):
    """One call of this rep."""

    id: str
    version: int
    state: CallState
    started_at: Instant
    misses: int = 0
    misses_left: int = 0
    likely: list[AccountRow] = []
    """Groups with the number the phone system named; it proves nothing."""
    subjects: list[Subject] = []
    """The latest first."""
    done: list[DoneInCall] = []
    guess: list[WrapUp] = []
    """Codes that fit what was done, the best first; never empty."""
    rep: DisplayText = ""
    """Who has it."""
    question: DisplayParagraph = ""
    """What a lead was asked when it was handed over."""
    wrap_up: WrapUp | None = None


class MyCalls(Answer):
    """The calls of a rep: the one on the line, those parked, and those that ring."""

    active: Call | None = None
    parked: list[Call] = []
    ringing: list[Call] = []
    handed_over: list[Call] = []
    """For a lead: calls of others that wait for one, to be taken."""


class StartCall(Model):
    """A call begun by hand."""

    group_number: CleanLine = Field(default="", max_length=30)
    """Of the account on the screen; it proves nothing."""


class Pop(Model):
    """A call that the phone system announces."""

    phone: Secret = Field(max_length=30)
    rep: CleanLine = Field(default="", max_length=60)
    """User name of the rep whose phone rings; of the telephony system alone, a rep announces their own."""


class Caller(Whom):
    """As what somebody calls about a group or person; it begins their verification."""

    kind: CallerKind


class Verify(Whom):
    """One answer of the caller, compared blind."""

    item: VerifyItem
    answer: Secret = Field(max_length=200)
    """Empty for a call-back, which the rep says was made."""


class Verified(Answer):
    """Match or no match, and where the call stands now."""

    matched: bool
    call: Call


class NumberOnRecord(Answer):
    """Whom to call back, at the number on record and no other."""

    name: DisplayText
    phone: DisplayText
    extension: DisplayText = ""


class WrapUpCall(Model):
    """Closes a call."""

    code: WrapUp
    note: CleanParagraph = Field(default="", max_length=NOTE_LENGTH)


class HandOverCall(Model):
    """Asks a lead to go on with it."""

    question: CleanParagraph = Field(min_length=3, max_length=500)


# -- notes and history -----------------------------------------------------------------------------


class WriteCallNote(Whom):
    """A note to a group or person."""

    text: CleanParagraph = Field(min_length=1, max_length=NOTE_LENGTH)


class EditNote(Model):
    """Other words for one's own note, while that is possible."""

    text: CleanParagraph = Field(min_length=1, max_length=NOTE_LENGTH)


class Note(Answer):
    """One note."""

    id: int
    at: Instant
    author: DisplayText
    text: DisplayParagraph
    call: str | None = None
    verified: DisplayText = ""
    """As what the caller of that call was verified then."""
    editable_until: Instant | None = None
    """For its author; afterwards another note is added."""


class HistoryLine(Answer):
    """One thing that happened with a group or person: a call, a note, a letter, an act; the newest first."""

    at: Instant
    kind: DisplayText
    who: DisplayText
    what: DisplayParagraph
    reference: DisplayText = ""
    note: Note | None = None


# -- call-backs ------------------------------------------------------------------------------------


class PlanCallBack(Whom):
    """A promise to call back."""

    who: CleanLine = Field(default="", max_length=80)
    """Name of a contact on record with a phone; empty for the person named by the member number."""
    reason: CleanLine = Field(min_length=3, max_length=200)
    due_from: Instant
    due_to: Instant


class CallBackRow(Answer):
    """One promised call-back in the list, the first due first."""

    id: str
    version: int
    group_number: DisplayText
    group_name: DisplayText
    who: DisplayText
    reason: DisplayText
    due_from: Instant
    due_to: Instant
    urgency: Urgency
    state: CallBackState
    tries: int
    tries_left: int
    last: CallBackOutcome | None = None
    next_from: Instant | None = None
    """Not tried again before this."""
    rep: DisplayText = ""


class CallBack(CallBackRow):
    """One call-back with the number on record."""

    number: NumberOnRecord
    message: DisplayText
    """What may be left on an answering machine: name and number, nothing else."""


class TriedCallBack(Model):
    """What came of a try."""

    outcome: CallBackOutcome
