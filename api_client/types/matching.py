"""The manual-match queue: enrollments that a person must look at."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import (
    Address,
    Answer,
    CleanLine,
    CleanParagraph,
    DisplayParagraph,
    DisplayText,
    Instant,
    Model,
)
from api_client.types.words import (
    AskChannel,
    Channel,
    MatchDecision,
    MatchState,
    RejectReason,
    SkipReason,
    TransactionType,
    Urgency,
    Verdict,
)


class MatchRow(Answer):
    """One line of the queue, masked."""

    id: str
    version: int
    channel: Channel
    type: TransactionType
    group_number: DisplayText
    enrollee: DisplayText
    """Masked by the server."""
    state: MatchState
    due_at: Instant | None
    """None while the clock is paused or stopped."""
    urgency: Urgency
    breached: bool
    holder: DisplayText | None = None
    """Display name of the rep whose claim is alive."""
    kept_for: DisplayText | None = None
    """Display name of the rep it was handed to, or who asked the employer."""
    reopened: bool = False
    escalated: bool = False
    urgent: bool = False
    """The person needs care now; it stands first."""


class Queue(Answer):
    """Counts of one work queue for the home screen; more than 99 are counted as 99."""

    name: str
    open: int
    late: int
    next_due: Instant | None
    oldest_on: date | None = None
    """Of a queue without due times: since when its oldest waits."""
    urgency: Urgency


class Home(Answer):
    """What stands above the queue: all queues, the next item and the rep's own."""

    queues: list[Queue]
    next_item: str | None
    next_due: Instant | None
    why_next: DisplayText
    mine: list[str]
    now: Instant


class PersonView(Answer):
    """A person as a rep may see them under a claim: birth date in full, SSN as its last four."""

    last_name: DisplayText
    first_name: DisplayText
    middle_name: DisplayText = ""
    suffix: DisplayText = ""
    birth_date: DisplayText = ""
    """ISO date, or the digits as received when they are no date."""
    ssn_last4: DisplayText = ""
    sex: DisplayText = ""
    address: Address = Address()
    phone: DisplayText = ""


class FieldComparison(Answer):
    """One row of the review: how a field of the enrollment compares with a candidate."""

    field: str
    verdict: Verdict
    words: DisplayText
    """The verdict in words, such as `day and month exchanged`."""
    bits: float = 0.0
    """Evidence for (above 0) or against the two being one person, as log2 of a ratio of chances."""


class FamilyMember(Answer):
    """Someone of the same family: under the same subscriber number in the same group."""

    name: DisplayText
    relationship: DisplayText
    birth_date: DisplayText = ""
    mrn: DisplayText = ""
    """Empty for someone who is not on file yet."""
    standing: DisplayText = ""
    """Such as `active`, `ended 2025-10-31`, or `in the queue, M-20312`."""


class Candidate(Answer):
    """A member who may be the enrollee, best first."""

    mrn: DisplayText
    person: PersonView
    group: DisplayText
    coverage: DisplayText
    score: float
    """The sum of the bits of its comparisons."""
    comparisons: list[FieldComparison]
    warnings: list[DisplayText] = []
    family: list[FamilyMember] = []
    told_apart: DisplayText = ""
    """Who told this member apart from the person before, and when; empty when nobody did."""
    second_person: DisplayText = ""
    """Why a link to this member must be approved by a second person; empty when it must not."""


class HistoryLine(Answer):
    """Something that happened to a case."""

    at: Instant
    who: DisplayText
    what: DisplayText


class MatchItem(Answer):
    """A case: masked without a claim, with both sides and the candidates under one."""

    id: str
    version: int
    state: MatchState
    channel: Channel
    source: DisplayText
    """Where it came from, such as a file or a receipt."""
    type: TransactionType
    group_number: DisplayText
    group_name: DisplayText
    coverage_from: date | None
    relationship: DisplayText
    subscriber_number: DisplayText
    submitted_at: Instant
    due_at: Instant | None
    remaining_minutes: int
    """Time left on the clock; negative when late; stands still while paused."""
    urgency: Urgency
    breached: bool
    reopened: bool
    holder: DisplayText | None = None
    lease_until: Instant | None = None
    masked: bool
    enrollee: PersonView
    candidates: list[Candidate] = []
    warnings: list[DisplayText] = []
    why_not_automatic: DisplayText = ""
    family: list[FamilyMember] = []
    """Who else was enrolled with the enrollee, and who of the family is on file."""
    question: DisplayParagraph | None = None
    reminders: list[date] = []
    """Days on which the employer is reminded of the open question."""
    returned_on: date | None = None
    """Last day for the employer's answer."""
    ask_refused: DisplayText = ""
    """Why this rep cannot ask the employer now; empty when they can."""
    kept_for: DisplayText | None = None
    escalated: bool = False
    urgent: bool = False
    """The person needs care now; it stands first in the queue."""
    blind: bool = False
    """A second look: what the first rep decided is not shown."""
    history: list[HistoryLine] = []
    decided: MatchDecision | None = None
    decided_mrn: DisplayText | None = None
    decided_by: DisplayText | None = None
    second_person: DisplayText = ""
    """Why a second person must approve the decision that was taken; empty when nobody must."""
    second_person_for_new: DisplayText = ""
    """Why a new chart would have to be approved by a second person; empty when it would not."""
    undo_until: Instant | None = None
    """Until when the deciding rep can take the decision back."""


class Claim(Answer):
    """A claimed case; the token stands in `Claim-Token` of every act on it."""

    token: str
    why: DisplayText
    item: MatchItem


class Lease(Answer):
    """A renewed claim."""

    until: Instant


class Decide(Model):
    """What a rep decides about the case under their claim."""

    decision: MatchDecision
    mrn: CleanLine | None = Field(default=None, max_length=20)
    """The candidate, for a link."""
    reason: RejectReason | None = None
    """Why it goes back, for a rejection."""
    note: CleanParagraph = Field(default="", max_length=2000)


class AskEmployer(Model):
    """A question to the employer; the clock stops until it is answered or withdrawn."""

    question: CleanParagraph = Field(min_length=3, max_length=1000)
    channel: AskChannel


class EmployerAnswer(Model):
    """What the employer said, or that the question is withdrawn."""

    answer: CleanParagraph = Field(default="", max_length=1000)
    withdrawn: bool = False


class Skip(Model):
    """Put the claimed case back, with the reason."""

    reason: SkipReason


class HandOver(Model):
    """Give the claimed case to another rep, with a word for them."""

    to: CleanLine = Field(min_length=1, max_length=64)
    """Their user name."""
    words: CleanParagraph = Field(default="", max_length=1000)


class Escalate(Model):
    """Give the claimed case to the leads, with the question."""

    question: CleanParagraph = Field(min_length=3, max_length=1000)


class Assign(Model):
    """A lead gives a case to a rep, whoever has it now."""

    to: CleanLine = Field(min_length=1, max_length=64)


class Unlink(Model):
    """Take an applied decision apart later, with the reason; a second person must agree."""

    reason: CleanParagraph = Field(min_length=3, max_length=1000)


class UrgentCare(Model):
    """The person of a case needs care before the card has come, or no more; its clock stays (R02)."""

    needed: bool


class WriteNote(Model):
    """A note to the case."""

    text: CleanParagraph = Field(min_length=1, max_length=2000)


class HandSearch(Model):
    """What a rep looks for by hand from a case; at least one of the fields."""

    name: CleanLine = Field(default="", max_length=120)
    """Any words of first and last name."""
    birth_date: date | None = None
    ssn: CleanLine = Field(default="", max_length=11)
    """All nine digits."""
    mrn: CleanLine = Field(default="", max_length=20)


class Colleague(Answer):
    """Someone a case can be handed to."""

    username: DisplayText
    name: DisplayText
    lead: bool


class SecondLook(Answer):
    """What came of a blind second look."""

    agrees: bool
    first: MatchDecision
    first_mrn: DisplayText | None = None
