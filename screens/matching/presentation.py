"""What the queue says: its clocks, its lines, the block above it, and what is said after an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import (
    AskChannel,
    Channel,
    MatchDecision,
    MatchState,
    RejectReason,
    SkipReason,
    TransactionType,
    Urgency,
)
from screens.matching import evidence
from screens.widgets.prompt import Choice
from screens.widgets.text import columns, fit, join, lines, plain, urgent
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.lead import BoardItem
    from api_client.types.matching import Candidate, Colleague, Home, MatchItem, MatchRow, Queue, SecondLook

COLUMNS = (
    Column("item", 8),
    Column("from", 6),
    Column("group", 8),
    Column("name, masked", 0),
    Column("due", 15),
    Column("state", 8),
    Column("with", 12),
)
SECOND_LOOKS = "second"
"""The view of decided items that wait for a blind second look."""
VIEWS = {
    "open": "open items",
    "paused": "waiting for the employer",
    "mine": "mine",
    "done": "decided ones",
    SECOND_LOOKS: "second looks",
}
NOTHING = {
    "open": "Nothing waits in the queue. f shows what is decided.",
    "paused": "No item waits for the employer; Esc shows the open ones.",
    "mine": "No item is yours; n takes the most urgent one.",
    "done": "No item is decided yet; Esc shows the open ones.",
    SECOND_LOOKS: "No decided item waits for a second look; Esc shows the open ones.",
}
STATES = {
    MatchState.QUEUED: "open",
    MatchState.IN_REVIEW: "review",
    MatchState.WAITING_EMPLOYER: "employer",
    MatchState.PENDING_APPROVAL: "approval",
    MatchState.APPLIED: "applied",
    MatchState.RETURNED: "returned",
}
DONE = (MatchState.APPLIED, MatchState.RETURNED)
DECIDED = (*DONE, MatchState.PENDING_APPROVAL)
CHANNELS = {
    Channel.ONLINE: "online",
    Channel.EDI: "834",
    Channel.MEDIA: "media",
    Channel.PHONE: "phone",
    Channel.FAX: "fax",
}
TYPES = {
    TransactionType.ENROLL: "enroll",
    TransactionType.ADD_DEPENDENT: "add a dependent",
    TransactionType.REINSTATE: "reinstate",
    TransactionType.TRANSFER: "transfer",
    TransactionType.DEMOGRAPHIC: "change of data",
    TransactionType.TERMINATION: "termination",
}
REJECT_REASONS = {
    RejectReason.NOT_ELIGIBLE: "not eligible",
    RejectReason.WRONG_GROUP: "wrong group",
    RejectReason.INCOMPLETE: "incomplete",
    RejectReason.DUPLICATE: "sent twice",
    RejectReason.WITHDRAWN: "withdrawn",
}
REJECT_CHOICES = [Choice(label, reason) for reason, label in REJECT_REASONS.items()]
SKIP_CHOICES: list[Choice[SkipReason | None]] = [
    Choice("needs a lead", SkipReason.NEEDS_LEAD),
    Choice("a caller waits", SkipReason.CALLER_WAITING),
    Choice("I know the person", SkipReason.KNOWS_PERSON),
    Choice("unsure", SkipReason.UNSURE),
    Choice("hand over to a colleague", None, key="0"),
]
"""Why an item is put back; without a reason it goes to a colleague."""
ASK_CHOICES = [
    Choice("phone", AskChannel.PHONE),
    Choice("email", AskChannel.EMAIL),
    Choice("fax", AskChannel.FAX),
    Choice("letter", AskChannel.LETTER),
]
WHY_ORDER = (
    "The plan promises manual processing within 48 hours of the submission, weekends and holidays included. "
    "Whoever needs care now stands first, then late items, then those with the least time left; the clock "
    "stands still while the employer is asked. [X] late  [!] under 8 hours  [~] under 24 hours  [ ] later  "
    "[=] paused"
)
FOUND_COLUMNS = (
    Column("MRN", 12),
    Column("name", 0),
    Column("born", 10),
    Column("SSN", 11),
    Column("score", 6),
    Column("agrees", 7),
)
WHY_SEARCH = (
    "Words of the name find by their beginning or sound, also in the other order. A birth date is written "
    "1984-03-12 or 3/12/1984, an SSN with all nine digits. Who is taken from here stands in the review as "
    "one more candidate: its digit chooses it, Enter there links. Every search is on the audit record."
)
_LEFT = 46
"""Cells of the queue counts in the block on top."""


# -- clocks ----------------------------------------------------------------------------------------


def span(minutes: int) -> str:
    """Minutes as a rep reads them: `11 m`, `7 h 42`, `16 h`, `3 d`."""
    if minutes < 60:
        return f"{minutes} m"
    hours = minutes // 60
    if hours < 10:
        return f"{hours} h {minutes % 60:02}"
    return f"{hours} h" if hours < 72 else f"{hours // 24} d"


def _left(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return "paused"
    if due_at < now:
        return f"{span(int((now - due_at).total_seconds() // 60))} late"
    return span(int((due_at - now).total_seconds() // 60))


def due(due_at: datetime | None, urgency: Urgency, now: datetime) -> Content:
    """How long there is left: `[!] 11 m`; what passed since the last answer is late at once."""
    if due_at is None:
        urgency = Urgency.PAUSED
    elif due_at < now:
        urgency = Urgency.LATE
    return urgent(urgency, _left(due_at, now))


def clock(item: MatchRow | MatchItem, now: datetime) -> Content:
    """The due time of an item; nothing runs once it is decided."""
    return plain("-", "$text-muted") if item.state in DONE else due(item.due_at, item.urgency, now)


def until(instant: datetime | None, now: datetime) -> str:
    """The time of day in the service center's zone."""
    return f"{instant.astimezone(now.tzinfo):%H:%M}" if instant else ""


# -- the list --------------------------------------------------------------------------------------


def row(item: MatchRow, now: datetime, me: str) -> TableRow:
    """One item in the queue, masked."""
    cells = (
        plain(item.id),
        plain(CHANNELS[item.channel]),
        plain(item.group_number),
        plain(item.enrollee),
        clock(item, now),
        plain(state(item)),
        plain(with_whom(item, me)),
    )
    return TableRow(item.id, cells)


def found_row(one: Candidate) -> TableRow:
    """A member found by hand, compared with the enrollee."""
    person = one.person
    cells = (
        plain(one.mrn),
        plain(evidence.name(person)),
        plain(person.birth_date),
        plain(evidence.value("SSN", person)),
        plain(evidence.figure(one.score)),
        plain(evidence.agreement(one)),
    )
    return TableRow(one.mrn, cells)


def state(item: MatchRow) -> str:
    """The state in a word; an item that was decided before says so, and first one whose person needs care."""
    if item.urgent and item.state is MatchState.QUEUED:
        return "care now"
    return "reopened" if item.reopened and item.state is MatchState.QUEUED else STATES[item.state]


def with_whom(item: MatchRow, me: str) -> str:
    """Who has the item, or for whom it waits."""
    if item.holder is not None:
        return "you" if item.holder == me else item.holder
    if item.escalated:
        return "for a lead"
    if item.kept_for is not None:
        return f"for {'you' if item.kept_for == me else item.kept_for}"
    return "-"


def subject(view: str) -> Content:
    """What the head line says."""
    return plain("QUEUE" if view == "open" else f"QUEUE  {VIEWS[view]}")


# -- the block on top ------------------------------------------------------------------------------


def home(block: Home, now: datetime, width: int, *, parked: str = "", in_call: bool = False) -> Content:
    """All queues on the left; the next item, why it is that one, and the rep's own on the right.

    `parked` names the calls on hold; with a caller on the line the rep's own items are what is parked.
    """
    left = [plain("QUEUES            open  late  next due", "bold")]
    left += [_queue(one, now) for one in block.queues]
    right = [_beside("NEXT FOR YOU", "[n]", width), *_next(block, now), _mine(block.mine, in_call=in_call)]
    if parked:
        right.append(join(("PARKED", "bold"), f"  {parked}   F9"))
    rows = max(len(left), len(right))
    left += [plain("")] * (rows - len(left))
    right += [plain("")] * (rows - len(right))
    return lines(
        *(columns((join(" ", a), _LEFT), (b, width - _LEFT - 1)) for a, b in zip(left, right, strict=True))
    )


def _queue(queue: Queue, now: datetime) -> Content:
    counts = [f"{number if number < 99 else '99+':>4}" for number in (queue.open, queue.late)]
    when = plain("-", "$text-muted")
    if queue.next_due is not None:
        when = due(queue.next_due, queue.urgency, now)
    elif queue.oldest_on is not None:
        when = urgent(queue.urgency, f"oldest {(now.date() - queue.oldest_on).days} d")
    return join(fit(plain(queue.name), 17), f" {counts[0]}  {counts[1]}  ", when)


def _beside(title: str, key: str, width: int) -> Content:
    return join((title, "bold"), f"  {key}" if width < 100 else f"  {key} takes it")


def _next(block: Home, now: datetime) -> list[Content]:
    if block.next_item is None:
        return [plain("nothing waits"), plain("")]
    late = block.next_due is not None and block.next_due < now
    left = _left(block.next_due, now)
    when = left if late else f"due in {left}"
    return [join((block.next_item, "bold"), f"  {when}"), plain(f"why: {block.why_next}")]


def _mine(mine: Sequence[str], *, in_call: bool) -> Content:
    if not mine:
        return join(("MINE", "bold"), "  none")
    more = f" and {len(mine) - 2} more" if len(mine) > 2 else ""
    return join(("PARKED" if in_call else "MINE", "bold"), f"  {', '.join(mine[:2])}{more}")


# -- what is asked and said ------------------------------------------------------------------------


_WHAT = {
    MatchDecision.LINK: "link to MRN",
    MatchDecision.CREATE: "new chart",
    MatchDecision.REJECT: "return to the employer",
    MatchDecision.UNLINK: "take apart from MRN",
}
_NAMES_A_MEMBER = (MatchDecision.LINK, MatchDecision.UNLINK)


def what(item: MatchItem) -> str:
    """The decision that stands, in words."""
    decision = item.decided or MatchDecision.REJECT
    named = decision in _NAMES_A_MEMBER and item.decided_mrn
    return f"{_WHAT[decision]} {item.decided_mrn}" if named else _WHAT[decision]


def judged(seen: MatchItem, *, approved: bool) -> str:
    """Said after a second person's judgement."""
    if seen.decided is MatchDecision.UNLINK:
        done = "taken apart and back in the queue" if approved else "not taken apart: it stays applied"
    else:
        done = "approved and applied" if approved else "back in the queue on the same clock"
    return f"{seen.id} is {done}."


def waits_because(item: MatchItem) -> str:
    """Why a second person is needed, behind `waits for a second person`."""
    return f" because {item.second_person}" if item.second_person else ""


def decided(item: MatchItem, now: datetime) -> str:
    """Said after a decision: what was done, and until when `u` takes it back."""
    if item.state is MatchState.PENDING_APPROVAL:
        done = f"{item.id}: {what(item)} waits for a second person{waits_because(item)}"
    elif item.state is MatchState.RETURNED:
        done = f"{item.id} returned to the employer"
    elif item.decided is MatchDecision.LINK:
        done = f"{item.id} linked to MRN {item.decided_mrn}"
    else:
        done = f"{item.id} has a new chart" + (f", MRN {item.decided_mrn}" if item.decided_mrn else "")
    back = f"; u takes it back until {until(item.undo_until, now)}" if can_undo(item, now) else ""
    return f"{done}{back}."


def can_undo(item: MatchItem, now: datetime) -> bool:
    """Whether there is time left to take the decision back; the backend knows whose it is."""
    return item.state in DECIDED and item.undo_until is not None and item.undo_until > now


def undo_line(item: MatchItem) -> Content:
    """The line that Enter confirms: it names what is taken back."""
    return plain(f"take back: {item.id}, {what(item)}")


def conflict(seen: MatchItem, present: MatchItem) -> Content:
    """Said when a decision met a newer version: what was seen and what is."""
    if seen.state is present.state:
        return plain(f"{present.id} was changed meanwhile; look again. Nothing was done.", "bold")
    change = f"{STATES[seen.state]} when you looked, {STATES[present.state]} now"
    return plain(f"{present.id}: {change}. Nothing was done.", "bold")


def looked_again(number: str, answer: SecondLook) -> Content:
    """Said after a blind second look: what the first rep decided, and whether the two agree."""
    first = _WHAT[answer.first] + (f" {answer.first_mrn}" if answer.first_mrn else "")
    agrees = "You two agree" if answer.agrees else "You two DIFFER"
    return plain(f"{number}: {agrees}: the first rep decided {first}. Nothing was changed.", "bold")


def colleague(one: Colleague) -> str:
    """How a colleague stands in a choice."""
    return f"{one.name} (lead)" if one.lead else one.name


def give_line(item: MatchItem | MatchRow | BoardItem, name: str, username: str) -> Content:
    """The line that Enter confirms: the item, who gets it, and who loses it."""
    loses = f"; {item.holder} has it now and loses it" if item.holder else ""
    return plain(f"give {item.id} to {name} ({username}){loses}")


def take_back_line(item: MatchItem | MatchRow | BoardItem) -> Content:
    """The line that Enter confirms."""
    return plain(f"take {item.id} back from {item.holder}, into the queue")


def lost(number: str, holder: str, end: datetime | None, now: datetime, *, kept: bool) -> Content:
    """Said when the claim is gone: who has the item, and that nothing written is lost."""
    has = f"{holder} has it until {until(end, now)}" if holder and end else holder and f"{holder} has it"
    words = f"Your claim on {number} is over{': ' + has if has else ''}. Nothing was done."
    return plain(words + (" What you wrote is kept." if kept else ""), "bold")
