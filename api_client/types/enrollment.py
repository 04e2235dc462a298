"""Enrollment intake: online submissions, electronic files, partners, and imports of what is on record."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.accounts import Contact
from api_client.types.common import Answer, CleanLine, DisplayText, Instant, Model, Secret
from api_client.types.words import (
    AbsenceState,
    Channel,
    FileKind,
    FileState,
    MediaEnd,
    Outcome,
    PartnerStatus,
    RevealReason,
    Sex,
    TransactionType,
)

# -- online submissions ----------------------------------------------------------------------------


class Submission(Model):
    """One enrollment transaction, as the online account service sends it or a rep takes it by phone."""

    group_number: CleanLine = Field(max_length=30)
    type: TransactionType
    channel: Channel = Channel.ONLINE
    user_id: Secret | None = Field(default=None, max_length=40)
    """The user ID of the client's person who submits; its privileges decide (R10)."""
    subscriber_number: CleanLine = Field(default="", max_length=50)
    """Needed, but by phone where a member number says whose family it is."""
    relationship: CleanLine = Field(default="18", max_length=2)
    """Code of INS02; 18 is the subscriber."""
    mrn: CleanLine = Field(default="", max_length=20)
    """By phone of whoever it is about, and of anybody of the family for a dependent who is added."""
    last_name: CleanLine = Field(default="", max_length=60)
    """Needed, but by phone of somebody on record."""
    first_name: CleanLine = Field(default="", max_length=35)
    middle_name: CleanLine = Field(default="", max_length=25)
    suffix: CleanLine = Field(default="", max_length=10)
    birth_date: date | None = None
    ssn: Secret | None = Field(default=None, max_length=11)
    sex: Sex = Sex.UNKNOWN
    street: CleanLine = Field(default="", max_length=80)
    city: CleanLine = Field(default="", max_length=40)
    state: CleanLine = Field(default="", max_length=2)
    zip: CleanLine = Field(default="", max_length=10)
    mailing_street: CleanLine = Field(default="", max_length=80)
    mailing_city: CleanLine = Field(default="", max_length=40)
    mailing_state: CleanLine = Field(default="", max_length=2)
    mailing_zip: CleanLine = Field(default="", max_length=10)
    phone: CleanLine = Field(default="", max_length=30)
    restricted: bool = False
    """Confidential communications: only at the person's own address."""
    coverage_from: date | None = None
    coverage_to: date | None = None
    cobra_event: CleanLine = Field(default="", max_length=2)
    """Code of INS07 of somebody who continues under COBRA; empty for everybody else."""
    cobra_event_on: date | None = None
    medicare: bool = False
    """A request to set up Medicare; whether somebody has Part A or B is no request."""


class Receipt(Answer):
    """What became of a submission, at once."""

    receipt: str
    outcome: Outcome
    why: DisplayText
    item: str | None = None
    """The queue item, when a person must look."""
    contact: Contact | None = None
    """Whom to call, when it was referred to somebody."""
    effects: list[DisplayText] = []
    """What it did to the family, a sentence each."""
    received_at: Instant


class Effects(Answer):
    """What a submission would do, said before anything is done."""

    outcome: Outcome
    """Queued stands for an enrollment that is matched first: whether a person must look shows then."""
    why: DisplayText
    contact: Contact | None = None
    people: int = 0
    """People whose coverage or data would change."""
    coverages: int = 0
    effects: list[DisplayText] = []


# -- files: what is answered to an operator ----------------------------------------------------------


class FileError(Answer):
    """One thing wrong in a file, with its place."""

    segment: DisplayText
    element: int | None
    position: int
    """Byte offset of the segment in the file."""
    code: DisplayText
    sentence: DisplayText


class FileMember(Answer):
    """What became, or in a test file would become, of one member of a file."""

    subscriber: DisplayText
    maintenance_type: DisplayText
    reason: DisplayText
    outcome: Outcome
    why: DisplayText
    item: str | None = None


class Absent(Answer):
    """Somebody active on record who is missing from a full file."""

    subscriber: DisplayText
    mrn: DisplayText
    group: DisplayText
    relationship: DisplayText


class FileReport(Answer):
    """The whole answer to one 834 file."""

    file: str | None = None
    """Its number, as F-00012; None where nothing was kept of it."""
    state: FileState
    kind: FileKind | None = None
    accepted: bool
    """The structure is taken, whatever becomes of its members."""
    duplicate: bool = False
    test: bool
    applied: bool
    """False for a test file, a dry run, or one that only compares: nothing was changed."""
    ta1: dict[str, str] | None
    ack999: dict[str, object] | None
    """`group` is the verdict of all groups together, `sets` has each set with its code, `groups` it all."""
    answer: str = ""
    """TA1 and 999 as the interchange that goes back to the sender; empty where nothing was kept."""
    errors: list[FileError]
    warnings: list[DisplayText] = []
    held_why: DisplayText = ""
    members: list[FileMember]
    """The first 5,000; the counts are always complete."""
    absent: list[Absent] = []
    counts: dict[str, dict[str, int]]
    """By outcome, then by maintenance type (INS03)."""


class PartnerReport(Answer):
    """One trading partner."""

    sender: DisplayText
    """Qualifier and id of the ISA, as ZZ/NAME."""
    name: DisplayText
    status: PartnerStatus
    lists: FileKind | None = None
    """What a file means that lists people with INS03 030 and calls itself a change (BGN08 2)."""
    member_number_in: DisplayText = ""
    """Qualifier of the REF that carries the plan's own member number: 17, 23 or ZZ."""
    groups: list[DisplayText] = []


class PartnersReport(Answer):
    """All trading partners."""

    partners: list[PartnerReport]


# -- files: what a rep sees --------------------------------------------------------------------------


class FileRow(Answer):
    """One file in the list."""

    number: str
    name: DisplayText
    channel: Channel
    sender: DisplayText
    partner: DisplayText
    """Name of the trading partner; empty for an unknown sender."""
    test: bool
    kind: FileKind | None
    state: FileState
    received_at: Instant
    members: int
    done: int
    """Members dealt with so far."""
    counts: dict[str, int]
    """By outcome."""
    errors: int
    absent: int
    """Candidate terminations nobody has decided yet."""


class FileSet(Answer):
    """One set of a file and its verdict."""

    st02: DisplayText
    code: DisplayText
    """IK501: A accepted, E accepted with errors, R rejected."""
    sentence: DisplayText


class Media(Answer):
    """What is known of the diskette or tape a file came on (R20)."""

    label: DisplayText
    came_from: DisplayText
    read_by: DisplayText
    end: MediaEnd | None = None
    end_at: Instant | None = None
    end_by: DisplayText = ""


class FileShown(FileRow):
    """One file with its acknowledgements in words."""

    version: int
    size: int
    receiver: DisplayText
    control_number: DisplayText
    received_by: DisplayText
    partner_status: PartnerStatus | None
    """None for an unknown sender."""
    ta1: DisplayText
    """In a sentence; empty where there was no interchange to answer."""
    ack999: DisplayText
    sets: list[FileSet]
    """The first 100."""
    warnings: list[DisplayText]
    say: DisplayText
    """The sentence for the client who asks what became of the file."""
    held_why: DisplayText
    running: bool
    """Some process is at it now."""
    stop_asked: bool
    original: str | None
    """The file this one repeats."""
    media: Media | None
    by_type: dict[str, dict[str, int]]
    """Counts by outcome, then by maintenance type."""
    approved: int
    dismissed: int


class FileErrorRow(Answer):
    """One thing wrong in a file, beside the segment as it came."""

    index: int
    """From 0, in the order of the file."""
    segment: DisplayText
    element: int | None
    position: int
    code: DisplayText
    codes_of: DisplayText
    """Which list the code is from: TA105, AK905, IK502, IK304 or IK403."""
    sentence: DisplayText
    tell: DisplayText
    """What to tell the client, so that it can be put right."""
    text: DisplayText
    """The segment as it came, personal data masked; empty where there is none."""
    mark_from: int
    """The first marked character of `text`; equal to `mark_to` where no single element is meant."""
    mark_to: int


class RevealSegment(Model):
    """Asks for the segment of an error without its mask."""

    index: int = Field(ge=0)
    reason: RevealReason


class Segment(Answer):
    """A segment exactly as it came, characters that steer a terminal made visible."""

    text: DisplayText
    mark_from: int
    mark_to: int


class FileMemberRow(Answer):
    """What became of one member of a file, masked."""

    ordinal: int
    """From 1, in the order of the file."""
    subscriber: DisplayText
    name: DisplayText
    maintenance: DisplayText
    """In words."""
    reason: DisplayText
    """In words."""
    outcome: Outcome
    why: DisplayText
    item: str | None
    receipt: str | None
    position: int


class Absence(Answer):
    """Somebody active here who is missing from a full file; named, because a person decides."""

    key: str
    """Group and member number; names the absence within its file."""
    mrn: DisplayText
    name: DisplayText
    relationship: DisplayText
    group: DisplayText
    subscriber: DisplayText
    covered_from: date
    lines: DisplayText
    warning: DisplayText = ""
    """Why to look twice: somebody of the same family in the file waits for a decision."""
    state: AbsenceState
    ends_on: date | None
    decided_by: DisplayText = ""
    decided_at: Instant | None = None
    undo_until: Instant | None = None
    """Until when the asking rep can take the decision back."""


class DecideAbsences(Model):
    """Ends the coverage of these people, or leaves them covered."""

    decision: AbsenceState
    people: list[CleanLine] = Field(min_length=1, max_length=100)
    """Keys of absences."""
    ends_on: date | None = None
    """Last covered day; needed to end coverage."""
    reason: CleanLine = Field(default="", max_length=200)


class UndoAbsences(Model):
    """Takes decisions back."""

    people: list[CleanLine] = Field(min_length=1, max_length=100)


class ReleaseFile(Model):
    """Lets a held file go on; a lead's act."""

    reason: CleanLine = Field(min_length=1, max_length=200)


class MediaDone(Model):
    """What became of the diskette or tape."""

    end: MediaEnd


# -- imports -----------------------------------------------------------------------------------------


class Refusal(Answer):
    """One line of an imported file that was not taken, with the reason."""

    line: int
    reason: DisplayText


class ImportReport(Answer):
    """What an import did; running it twice changes nothing the second time."""

    read: int
    added: int
    changed: int
    unchanged: int
    refused: list[Refusal]
