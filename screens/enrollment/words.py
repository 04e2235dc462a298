"""The lists of one file and the words of everything in them: states, outcomes, columns, why."""

from __future__ import annotations

from enum import StrEnum

from api_client.types.words import (
    AbsenceState,
    Channel,
    FileKind,
    FileState,
    MediaEnd,
    Outcome,
    PartnerStatus,
    RevealReason,
)
from screens.widgets.virtual_table import Column


class Section(StrEnum):
    """What one file is shown in, in this order."""

    ABOUT = "about"
    ERRORS = "errors"
    MEMBERS = "members"
    ABSENCES = "absences"


LISTS = tuple(Section)[1:]
FILE_COLUMNS = (
    Column("file", 7),
    Column("received", 11),
    Column("from", 0),
    Column("kind", 6),
    Column("state", 13),
    Column("appl.", 5),
    Column("queue", 5),
    Column(" ref.", 5),
    Column(" err", 4),
    Column("gone", 4),
)
COLUMNS = {
    Section.ERRORS: (
        Column("where", 8),
        Column("byte", 9),
        Column("code", 9),
        Column("what is wrong", 0),
    ),
    Section.MEMBERS: (
        Column("no.", 5),
        Column("subscriber", 11),
        Column("name, masked", 12),
        Column("asked for", 14),
        Column("outcome", 12),
        Column("why", 0),
    ),
    Section.ABSENCES: (
        Column("", 4),
        Column("name", 0),
        Column("is", 11),
        Column("group", 7),
        Column("subscriber", 10),
        Column("covered", 10),
        Column("decided", 14),
    ),
}
PARTS = {"all": "all files", "open": "files that need somebody", "refused": "refused files"}
"""What the list of files shows, as the backend names it."""
NO_FILES = "No enrollment file has come yet; the operators take them in with import-834."
NOTHING = {
    Section.ERRORS: "Nothing is wrong in this file.",
    Section.MEMBERS: "No member of this file was dealt with yet.",
    Section.ABSENCES: "Nobody is missing from this file.",
}
NO_MATCH = {
    Section.MEMBERS: "No member came out so; Esc shows all.",
    Section.ABSENCES: "Nobody missing stands so; Esc shows all.",
}
STATES = {
    FileState.RECEIVED: ("[>]", "waiting"),
    FileState.STOPPED: ("[=]", "stopped"),
    FileState.HELD: ("[!]", "held"),
    FileState.DUPLICATE: ("[ ]", "repeated"),
    FileState.ENVELOPE_REJECTED: ("[X]", "refused"),
    FileState.STRUCTURE_REJECTED: ("[X]", "refused"),
    FileState.EDITED: ("[ ]", "tested"),
    FileState.PARTIAL: ("[~]", "in part"),
    FileState.APPLIED: ("[ ]", "applied"),
    FileState.RECONCILED: ("[ ]", "compared"),
}
"""Shape and word of a state; colour only repeats them."""
STATE_STYLES = {
    FileState.STOPPED: "$text-warning",
    FileState.HELD: "bold $text-error",
    FileState.ENVELOPE_REJECTED: "bold $text-error",
    FileState.STRUCTURE_REJECTED: "bold $text-error",
    FileState.DUPLICATE: "$text-muted",
    FileState.PARTIAL: "$text-warning",
}
STATE_SENTENCES = {
    FileState.STOPPED: "stopped; x lets it go on where it was",
    FileState.HELD: "held: nothing is done until a lead lets it go on",
    FileState.DUPLICATE: "sent again; the first one counts",
    FileState.ENVELOPE_REJECTED: "refused: its envelope cannot be read, nothing was done",
    FileState.STRUCTURE_REJECTED: "refused: its structure is wrong, nothing was done",
    FileState.EDITED: "a test: judged, nothing was changed",
    FileState.PARTIAL: "taken in part: some of its sets were refused",
    FileState.APPLIED: "done",
    FileState.RECONCILED: "compared with the record, nothing was changed",
}
KINDS = {FileKind.CHANGE: "change", FileKind.FULL: "full", FileKind.VERIFY: "verify"}
KIND_SENTENCES = {
    FileKind.CHANGE: "change file: who is not in it stays as they are",
    FileKind.FULL: "full file: who is not in it may have left",
    FileKind.VERIFY: "verification: compared only",
}
CHANNELS = {
    Channel.EDI: "electronically",
    Channel.MEDIA: "on a diskette or tape",
    Channel.ONLINE: "online",
    Channel.PHONE: "by phone",
    Channel.FAX: "by fax",
}
PARTNERS = {
    PartnerStatus.PROSPECT: "not begun yet",
    PartnerStatus.TEST: "in test",
    PartnerStatus.PARALLEL: "beside the old way",
    PartnerStatus.PRODUCTION: "in production",
}
OUTCOMES = {
    Outcome.APPLIED: ("[ ]", "applied"),
    Outcome.QUEUED: ("[~]", "queued"),
    Outcome.REFUSED: ("[X]", "refused"),
    Outcome.REFERRED: ("[>]", "referred"),
    Outcome.COMPARED: ("[ ]", "compared"),
}
OUTCOME_STYLES = {Outcome.REFUSED: "bold $text-error", Outcome.QUEUED: "$text-warning"}
MAINTENANCE = {
    "001": "change",
    "021": "addition",
    "024": "termination",
    "025": "reinstatement",
    "030": "listed in full",
}
"""Words of INS03."""
ABSENCES = {
    AbsenceState.OPEN: "to decide",
    AbsenceState.APPROVED: "ended",
    AbsenceState.DISMISSED: "stays covered",
    AbsenceState.LISTED: "listed only",
}
CODE_LISTS = {
    "intake": "taking it in",
    "TA105": "envelope",
    "AK905": "functional group",
    "IK502": "set",
    "IK304": "segment",
    "IK403": "element",
}
"""What the codes of each list of the TA1 and 999 are about."""
REVEAL_REASONS = {
    RevealReason.CALLER_ASKS: "a caller asks about it",
    RevealReason.CLIENT_CORRECTS: "the client corrects it",
    RevealReason.COMPARING: "comparing with the record",
}
MEDIA_ENDS = {MediaEnd.RETURNED: "returned to the sender", MediaEnd.DESTROYED: "destroyed"}
WHY_FILES = (
    "appl., queue and ref. count what became of the members: applied at once, waiting for a rep because the "
    "person is not certain, refused with a reason the client gets. err counts what is wrong in the file "
    "itself, gone who is missing from a full file and waits for a decision. A file needs somebody while it "
    "is held or stopped, was refused, or has people missing to decide. A running file moves by itself; new "
    "files are counted until F7."
)
WHY = {
    Section.ABOUT: (
        "TA1 answers the envelope, 999 the structure: accepted (A), accepted with errors (E), in part (P) or "
        "rejected (R). Neither says anything about people; what became of each stands in members. A set is "
        "taken or rejected whole. A test file, a verification and a file of a sender who is not in "
        "production change nothing. A full file in which too many are missing is held, because a broken "
        "list looks just like that. SAY is the sentence for the client."
    ),
    Section.ERRORS: (
        "Each error stands beside its segment exactly as it came; what is meant is reversed, with ^ below "
        "it. The code is that of the acknowledgement the sender got: TA105 for the envelope, AK905 for a "
        "functional group, IK502 for a set, IK304 for a segment, IK403 for an element. Personal data is "
        "masked; v shows it for 15 seconds for a reason that is written down. Byte counts from 0 at the "
        "start of the file."
    ),
    Section.MEMBERS: (
        "Changes and terminations complete at once or are refused with the reason. Enrollments are matched: "
        "certain ones are applied, the others wait in the queue for 48 hours at the most; Enter opens the "
        "case. Names are masked, since this list names no reason to see more."
    ),
    Section.ABSENCES: (
        "These people are active here and missing from a full file. That ends nobody's coverage by itself: "
        "the list may be broken, or the person in another file. A ! says that somebody of the family waits "
        "in the queue and may be this very person. Mark those who left, then a ends their "
        "coverage with the day you type, which is the last covered one. Each person stands alone: of a "
        "family that left, mark everybody. d leaves them covered. u takes both back for some minutes."
    ),
}
