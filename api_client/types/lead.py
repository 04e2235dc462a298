"""The lead's board: how the manual-match queue stands, who works on it, and how sure its decisions are.

It names items by their number and never an enrollee; the only free text is what was asked of the leads and
what was noted at a second look.
"""

from __future__ import annotations

from datetime import date

from api_client.types.billing_words import HoldKind, IncidentKind
from api_client.types.common import Answer, DisplayParagraph, DisplayText, Instant
from api_client.types.user_id_words import UserIdRequestKind, UserIdRequestState
from api_client.types.words import MatchDecision, MatchState, QueuePart, Role, Urgency

COUNTED = 999
"""Items of a part of the queue are counted up to here; one more stands for all beyond."""


class BoardItem(Answer):
    """An item of the queue by its number, with what a lead needs to give it to someone else."""

    id: str
    version: int
    group_number: DisplayText
    state: MatchState
    due_at: Instant | None
    """None while the clock is paused or stopped."""
    urgency: Urgency
    holder: DisplayText | None = None
    """Display name of the rep whose claim is alive."""
    claimed_at: Instant | None = None
    kept_for: DisplayText | None = None


class PartCount(Answer):
    """One part of the open queue: how many items, and the one that stands first in it."""

    part: QueuePart
    count: int
    """More than `COUNTED` are counted as one more than that."""
    oldest: BoardItem | None = None


class Escalated(Answer):
    """An item a rep gave to the leads."""

    item: BoardItem
    question: DisplayParagraph
    asked_by: DisplayText
    at: Instant


class Approval(Answer):
    """A decision that waits for a second person."""

    item: BoardItem
    decision: MatchDecision
    decided_by: DisplayText
    at: Instant
    why: DisplayText
    """Why a second person is needed."""


class RepFigures(Answer):
    """What one rep has and did."""

    username: DisplayText
    name: DisplayText
    role: Role
    claimed: list[BoardItem] = []
    kept: int = 0
    """Open items that wait for this rep."""
    decided_today: int = 0
    an_hour: float | None = None
    """Decisions an hour while working today; None below three decisions."""
    taken_back: int = 0
    """Decisions of the last 7 days that were taken back."""
    refused: int = 0
    """Decisions of the last 7 days that a second person sent back."""
    looked: int = 0
    """Decisions that were looked at a second time, blind, in the last 30 days."""
    agreed: int | None = None
    """How many of these second looks agreed; None below five."""


class Breach(Answer):
    """An item that missed its time, open or decided late."""

    item: BoardItem
    late_minutes: int
    decided_by: DisplayText | None = None
    """None while it is open."""
    decided_at: Instant | None = None
    decision: MatchDecision | None = None


class WorkDay(Answer):
    """One day at the service center."""

    day: date
    decided: int
    arrived: int


class Disagreement(Answer):
    """A blind second look that came out differently from the decision."""

    item: BoardItem
    first: MatchDecision
    first_by: DisplayText
    first_at: Instant
    second: MatchDecision
    second_by: DisplayText
    second_at: Instant
    note: DisplayParagraph = ""


class CallAlert(Answer):
    """A group about which caller after caller could not be verified."""

    group_number: DisplayText
    failed_calls: int


class AskedBack(Answer):
    """A request for coverage that ended unpaid, which a lead decides."""

    id: str
    group_number: DisplayText
    requested_on: date


class HoldOnBoard(Answer):
    """What holds the rules of billing up for a group."""

    id: str
    group_number: DisplayText
    kind: HoldKind
    from_on: date
    to_on: date | None
    """Its last day; None while nobody knows."""
    stops_dates: bool


class UserIdOnBoard(Answer):
    """A user-ID request that waits for a lead, or was not in the mail in time."""

    id: str
    group_number: DisplayText
    kind: UserIdRequestKind
    state: UserIdRequestState
    waits: bool
    """For a lead: as the second person, or for a letter that was lost again and again."""
    checked_by: DisplayText = ""
    """The first person, where two must agree."""
    reissues: int = 0
    mail_by: date | None
    mailed_on: date | None = None
    late_days: int = 0
    """Days after its mail-by date on which it was mailed, or that it is late today."""
    urgency: Urgency


class IncidentOnBoard(Answer):
    """An incident of the daily run: what went otherwise than the rules want it."""

    id: int
    on: date
    kind: IncidentKind
    group_number: DisplayText = ""
    sentence: DisplayText


class LeadBoard(Answer):
    """Everything on the board at one instant; each list holds 100 records of a kind at the most."""

    now: Instant
    parts: list[PartCount]
    open: int
    """Items that are not decided, waiting for the employer included; counted as a part is."""
    escalated: list[Escalated]
    approvals: list[Approval]
    reps: list[RepFigures]
    breaches: list[Breach]
    """Open ones first, the longest late first, then those decided late in the last 7 days, newest first."""
    decided_week: int
    """Decisions of the last 7 days that stand, and are applied or returned."""
    in_time_week: int
    days: list[WorkDay]
    """The last 7 whole days and today."""
    decided_a_day: float
    """Mean of the whole days."""
    arrived_a_day: float
    done_on: date | None
    """When nothing is open any more at this rate; None when that is never, or too far away to say."""
    looked: int
    """Blind second looks of the last 30 days."""
    agreed: int
    disagreements: list[Disagreement]
    call_alerts: list[CallAlert] = []
    """Of the hours the policy names, the most failed calls first."""
    asked_back: list[AskedBack] = []
    """Not decided yet, the first asked first."""
    holds: list[HoldOnBoard] = []
    """Open ones, the oldest first."""
    user_ids: list[UserIdOnBoard] = []
    """Those still here first, the first mail-by date first; then what was mailed late in the last 7 days."""
    incidents: list[IncidentOnBoard] = []
    """Of the last 7 days, the newest first."""
