"""The words of the house: every closed set of values that crosses the wire.

Free of pydantic on purpose, so that screens may import it before the first paint.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a rep may be trusted with; each role includes the ones before it."""

    REP = "rep"
    LEAD = "lead"
    ADMIN = "admin"


class ActorKind(StrEnum):
    """Who acts: a signed-in rep, another system, or an operator at the command line."""

    REP = "rep"
    SERVICE = "service"
    OPERATOR = "operator"


class Channel(StrEnum):
    """How an enrollment, payment or request reached the plan (R20)."""

    ONLINE = "online"
    EDI = "834"
    MEDIA = "media"
    PHONE = "phone"
    FAX = "fax"
    MAIL = "mail"
    EMAIL = "email"


class TransactionType(StrEnum):
    """What an enrollment transaction does (rules of what completes at once, R12)."""

    ENROLL = "enroll"
    ADD_DEPENDENT = "add_dependent"
    REINSTATE = "reinstate"
    TRANSFER = "transfer"
    DEMOGRAPHIC = "demographic"
    TERMINATION = "termination"


class Outcome(StrEnum):
    """What became of one enrollment transaction."""

    APPLIED = "applied"
    QUEUED = "queued"
    REFUSED = "refused"
    REFERRED = "referred"
    COMPARED = "compared"
    """Held against what is on record, in a file that changes nothing."""


class FileState(StrEnum):
    """How far an enrollment file has come."""

    RECEIVED = "received"
    """Taken and on its way: its members are dealt with one after the other."""
    STOPPED = "stopped"
    """Somebody stopped it, or its run broke off; it can go on where it was."""
    HELD = "held"
    """A full file in which too many are missing: nothing is done until a lead lets it go on."""
    DUPLICATE = "duplicate"
    ENVELOPE_REJECTED = "envelope_rejected"
    STRUCTURE_REJECTED = "structure_rejected"
    EDITED = "edited"
    """A test file: its members were judged, and nothing was changed."""
    PARTIAL = "partial"
    """Some of its sets were taken and are done, others were rejected."""
    APPLIED = "applied"
    RECONCILED = "reconciled"
    """A file that only compares: every difference is listed, and nothing was changed."""


class FileKind(StrEnum):
    """What a file means by the people in it, and by those who are missing."""

    CHANGE = "change"
    """Who is not in it stays as they are."""
    FULL = "full"
    """The whole list: who is missing may have left, and a person decides."""
    VERIFY = "verify"
    """The whole list, to compare only."""


class PartnerStatus(StrEnum):
    """How far a trading partner has come with electronic files (R22)."""

    PROSPECT = "prospect"
    TEST = "test"
    """Only test files are looked at."""
    PARALLEL = "parallel"
    """Files run beside the old way: judged member by member, nothing applied."""
    PRODUCTION = "production"


class AbsenceState(StrEnum):
    """What was decided about somebody missing from a full file."""

    OPEN = "open"
    APPROVED = "approved"
    """Coverage was ended."""
    DISMISSED = "dismissed"
    """The person stays covered."""
    LISTED = "listed"
    """Missing from a file that only compares: nothing is to be decided."""


class MediaEnd(StrEnum):
    """What became of a diskette or tape after it was read (R20)."""

    RETURNED = "returned"
    DESTROYED = "destroyed"


class RevealReason(StrEnum):
    """Why somebody looks at what is masked."""

    CALLER_ASKS = "caller_asks"
    CLIENT_CORRECTS = "client_corrects"
    COMPARING = "comparing"


class CardState(StrEnum):
    """How far an ID card has come."""

    REQUESTED = "requested"
    PRINTED = "printed"
    MAILED = "mailed"
    RETURNED = "returned"
    """The post brought it back: the address is to be checked, then it is mailed again."""
    WITHDRAWN = "withdrawn"
    """What it was ordered for was taken back before it was printed, or at least before it was mailed."""


class CardCause(StrEnum):
    """Why a card was ordered."""

    ENROLLED = "enrolled"
    NAME_CHANGED = "name_changed"
    PLAN_CHANGED = "plan_changed"
    REPRINT = "reprint"
    REMAIL = "remail"


class CardAsker(StrEnum):
    """Who asked for another card, as proved in the call."""

    MEMBER = "member"
    CLIENT = "client"
    """A person of the client whose user ID may order cards."""


class CareCase(StrEnum):
    """Where somebody stands who needs care before the card has come (R02)."""

    PUBLIC = "public"
    """Nobody was verified: what anyone may hear."""
    ACTIVE = "active"
    FUTURE = "future"
    QUEUED = "queued"
    REFUSED = "refused"
    NOTHING = "nothing"


class MatchState(StrEnum):
    """States of an item of the manual-match queue."""

    QUEUED = "queued"
    IN_REVIEW = "in_review"
    WAITING_EMPLOYER = "waiting_employer"
    PENDING_APPROVAL = "pending_approval"
    APPLIED = "applied"
    RETURNED = "returned"


OPEN_MATCH_STATES = (
    MatchState.QUEUED,
    MatchState.IN_REVIEW,
    MatchState.WAITING_EMPLOYER,
    MatchState.PENDING_APPROVAL,
)


class MatchDecision(StrEnum):
    """What a rep can decide about an item under review."""

    LINK = "link"
    CREATE = "create"
    REJECT = "reject"
    UNLINK = "unlink"
    """Takes an applied link or new chart apart later; asked for on its own, never under a claim."""


class MatchActKind(StrEnum):
    """What somebody did with a case besides deciding it and asking the employer."""

    SKIP = "skip"
    """Put back; the words are the reason."""
    HAND_OVER = "hand_over"
    """Given to a colleague, with a word for them."""
    ESCALATE = "escalate"
    """Given to the leads; the words are the question."""
    ASSIGN = "assign"
    """Given to a rep by a lead, whoever had it."""
    TAKE_BACK = "take_back"
    """A claim ended by a lead; `to` is the rep who lost it."""
    REMIND = "remind"
    """The employer reminded of the open question; by nobody. The words are the day it was due."""
    REFUSE = "refuse"
    """A second person did not agree to a decision."""
    UNDO = "undo"
    """A decision taken back."""
    CARE = "care"
    """Put first: the person needs care before the card has come (R02)."""
    CARE_OVER = "care_over"
    """Back in its old place in the queue."""


class QueuePart(StrEnum):
    """Parts of the open queue that a lead counts: by the time left, and by what an item waits for."""

    LATE = "late"
    RED = "red"
    AMBER = "amber"
    CALM = "calm"
    PAUSED = "paused"
    APPROVAL = "approval"
    ESCALATED = "escalated"
    REOPENED = "reopened"


class RejectReason(StrEnum):
    """Why an enrollment goes back to the employer."""

    NOT_ELIGIBLE = "not_eligible"
    WRONG_GROUP = "wrong_group"
    INCOMPLETE = "incomplete"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class SkipReason(StrEnum):
    """Why a rep puts a claimed item back."""

    NEEDS_LEAD = "needs_lead"
    CALLER_WAITING = "caller_waiting"
    KNOWS_PERSON = "knows_person"
    UNSURE = "unsure"


class AskChannel(StrEnum):
    """How the employer was asked."""

    PHONE = "phone"
    EMAIL = "email"
    FAX = "fax"
    LETTER = "letter"


class Verdict(StrEnum):
    """How one field of an enrollment compares with one candidate."""

    SAME = "same"
    NEAR = "near"
    DIFFERS = "differs"
    MISSING = "missing"


class Sex(StrEnum):
    """The codes of DMG03."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class GroupState(StrEnum):
    """Whether a group has coverage."""

    ACTIVE = "active"
    TERMINATED = "terminated"


class CobraAdmin(StrEnum):
    """Who administers COBRA for a group (R14, R15)."""

    CLIENT = "client"
    TPA = "tpa"
    PLAN = "plan"


class FilingMethod(StrEnum):
    """How a group sends its enrollment."""

    ONLINE = "online"
    EDI = "834"
    PAPER = "paper"


class ContactRole(StrEnum):
    """What a contact of a group is to the plan."""

    CONTRACT_SIGNER = "contract_signer"
    ADMINISTRATOR = "administrator"
    BROKER = "broker"
    TPA = "tpa"
    GROUP_REPRESENTATIVE = "group_representative"
    ACCOUNT_MANAGER = "account_manager"


class Urgency(StrEnum):
    """How a due time looks on the screen; word and shape come before colour."""

    LATE = "late"
    RED = "red"
    AMBER = "amber"
    CALM = "calm"
    PAUSED = "paused"


class EventKind(StrEnum):
    """What a live update is about; the update carries an id and a version, never personal data."""

    MATCH_ITEM = "match_item"
    ACCOUNT = "account"
    BILLING = "billing"
    USER_ID_REQUEST = "user_id_request"
    FILE = "file"
    CARD = "card"
    CALL = "call"
    CALL_BACK = "call_back"
    SESSION = "session"
    RESET = "reset"
