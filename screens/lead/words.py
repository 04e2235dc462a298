"""The lists of the lead's board: their names, columns, and what each figure in them means."""

from __future__ import annotations

from enum import StrEnum

from api_client.types.billing_words import IncidentKind
from api_client.types.words import MatchDecision, QueuePart
from screens.widgets.virtual_table import Column


class Section(StrEnum):
    """The lists of the board, in their order."""

    QUEUE = "queue"
    WAITS = "waits"
    REPS = "reps"
    BREACHES = "breaches"
    LOOKS = "looks"
    BILLING = "billing"


TITLES = {
    Section.QUEUE: "queue",
    Section.WAITS: "for a lead",
    Section.REPS: "reps",
    Section.BREACHES: "breaches",
    Section.LOOKS: "looks",
    Section.BILLING: "billing",
}
COLUMNS = {
    Section.QUEUE: (
        Column("waiting", 23),
        Column("items", 5),
        Column("oldest", 8),
        Column("due", 16),
        Column("with", 0),
    ),
    Section.WAITS: (
        Column("item", 8),
        Column("waits", 8),
        Column("since", 11),
        Column("from", 10),
        Column("due", 15),
        Column("about", 0),
    ),
    Section.REPS: (
        Column("rep", 0),
        Column("claimed now", 15),
        Column("kept", 4),
        Column("today", 5),
        Column("an hour", 7),
        Column("undone 7d", 9),
        Column("refused", 7),
        Column("agreed 30d", 10),
    ),
    Section.BREACHES: (
        Column("item", 8),
        Column("late", 9),
        Column("state", 8),
        Column("with", 12),
        Column("decided", 11),
        Column("group", 0),
    ),
    Section.LOOKS: (
        Column("item", 8),
        Column("decided", 10),
        Column("by", 10),
        Column("again", 10),
        Column("by", 10),
        Column("looked", 11),
        Column("note", 0),
    ),
    Section.BILLING: (
        Column("what", 16),
        Column("number", 8),
        Column("group", 8),
        Column("since", 10),
        Column("about", 0),
    ),
}
NOTHING = {
    Section.QUEUE: "No part of the queue is counted.",
    Section.WAITS: "No question, no approval and no user ID waits for a lead.",
    Section.REPS: "Nobody can sign in yet.",
    Section.BREACHES: "Nothing is late, and nothing was decided late in 7 days.",
    Section.LOOKS: "No second look of the last 30 days disagreed.",
    Section.BILLING: "Nothing is to be decided, nothing holds a date up, and no run was late in 7 days.",
}
INCIDENTS = {
    IncidentKind.LATE_BILL: "late bill",
    IncidentKind.LATE_L1: "late L1",
    IncidentKind.LATE_L2: "late L2",
    IncidentKind.LATE_L3: "late L3",
    IncidentKind.LATE_RUN: "late daily run",
}
DECISIONS = {
    MatchDecision.LINK: "link",
    MatchDecision.CREATE: "new chart",
    MatchDecision.REJECT: "return",
    MatchDecision.UNLINK: "take apart",
}
PARTS = {
    QueuePart.LATE: "late",
    QueuePart.RED: "under 8 hours",
    QueuePart.AMBER: "under 24 hours",
    QueuePart.CALM: "more than 24 hours",
    QueuePart.PAUSED: "employer asked",
    QueuePart.APPROVAL: "for a second person",
    QueuePart.ESCALATED: "asked of the leads",
    QueuePart.REOPENED: "reopened",
}
WHY = {
    Section.QUEUE: (
        "The first five lines are the whole open queue, by the time left of the 48 hours; the last three "
        "are counted among them as well. The oldest is the one that is due first, or that has waited "
        "longest. A day's decisions are those that stand; arrivals are enrollments that came into the queue. "
        "Both rates are means of the last 7 whole days, weekends included, and the day on which the queue "
        "is done follows from both going on."
    ),
    Section.WAITS: (
        "Questions that a rep asked of the leads, the oldest first, then decisions that need a second "
        "person, the first due first. Who decided cannot be the second person. Last the user-ID requests "
        "that one person approved, and those whose letters were lost again and again."
    ),
    Section.REPS: (
        "Today: decisions taken today that stand. An hour: the time from one decision to the next, where "
        "that is at most 30 minutes; longer ones are breaks or other work, and neither they nor the decision "
        "at their end count; '-' below three decisions. Undone: decisions of the last 7 days that were taken "
        "back; refused: those a second person sent back. Agreed: blind second looks of the last 30 days that "
        "came out as this rep's decision did; below five they are too few to say anything."
    ),
    Section.BREACHES: (
        "Late is what was not decided when its 48 hours were over, the time left out in which the employer "
        "was asked. Open items stand first, the longest late first; then what was decided late in the last "
        "7 days, and the user-ID requests that were not in the mail by their day. In time are the decisions "
        "of 7 days that stand and are done, on items that never were late."
    ),
    Section.LOOKS: (
        "Some decided cases are shown to another rep who does not see what was decided. They agree when "
        "both decided the same, and linked to the same member. These disagreed, in the last 30 days; open "
        "the item to see which is right."
    ),
    Section.BILLING: (
        "First the requests for coverage that ended unpaid, the first asked first: a lead decides them on "
        "the billing screen of the group, which Enter opens. Then what holds the rules of billing up, the "
        "oldest first; a lead lifts it there. Then the incidents of the last 7 days, the newest first: "
        "bills, letters and daily runs that came late, with the dates that moved by it."
    ),
}
