"""What the lead's board says: its lists, the words about one line of them, and what is asked and said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import MatchDecision, QueuePart, Role, Urgency
from screens.lead import premium, user_ids
from screens.lead.words import DECISIONS, PARTS, TITLES, Section
from screens.matching.presentation import DONE, STATES, due, span
from screens.widgets.text import (
    MARKS,
    STYLES,
    columns,
    fit,
    join,
    labelled,
    lines,
    paragraph,
    plain,
    short_day,
    short_minute,
)
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.lead import (
        Approval,
        BoardItem,
        Breach,
        Disagreement,
        Escalated,
        LeadBoard,
        PartCount,
        RepFigures,
        UserIdOnBoard,
        WorkDay,
    )

_URGENCIES = {part: Urgency(part) for part in list(QueuePart)[:5]}
"""Parts by the time left; the others are counted among them."""
_COUNTED = 999
"""As `api_client.types.lead.COUNTED`, which is imported with the answer only."""
_OLD_MINUTES = 2  # a board older than this says so


@dataclass(frozen=True)
class Entry:
    """One line of a list: what it says, the item behind it, and what is said of it below."""

    row: TableRow
    item: BoardItem | None
    says: Callable[[int], list[Content]]
    group: str = ""
    """The group it is about, where there is no item behind it; and its user-ID request."""
    request: str = ""


# -- the line of lists -----------------------------------------------------------------------------


def sections(at: Section, board: LeadBoard | None, now: datetime, width: int) -> Content:
    """All lists, the one in view in brackets, with how many lines wait in them; and how old this is."""
    counts: Mapping[Section, int] = {}
    if board is not None:
        counts = {
            Section.WAITS: len(board.escalated) + len(board.approvals) + len(user_ids.waiting(board)),
            Section.BREACHES: sum(not one.decided_at for one in board.breaches) + user_ids.late_now(board),
            Section.LOOKS: len(board.disagreements),
            Section.BILLING: len(board.asked_back),
        }
    words = []
    for one in Section:
        title = TITLES[one] + (f" {counts[one]}" if counts.get(one) else "")
        words.append(plain(f"[{title}]", "bold") if one is at else plain(f" {title} "))
    left = Content(" ").join(words)
    right = as_of(board, now)
    return fit(left, max(0, width - right.cell_length)) + right


def as_of(board: LeadBoard | None, now: datetime) -> Content:
    """When the board was made; how old it is once that matters."""
    if board is None:
        return plain("")
    minutes = int((now - board.now).total_seconds() // 60)
    made = f"as of {board.now.astimezone(now.tzinfo):%H:%M}"
    if minutes < _OLD_MINUTES:
        return plain(made, "$text-muted")
    return plain(f"{made}, {span(minutes)} old", "bold $text-warning")


# -- the lists -------------------------------------------------------------------------------------


def entries(section: Section, board: LeadBoard, now: datetime) -> list[Entry]:
    """The lines of one list."""
    if section is Section.QUEUE:
        return [_part(one, now) for one in board.parts]
    if section is Section.WAITS:
        asked = [_escalated(one, now) for one in board.escalated]
        known = {entry.row.key for entry in asked}
        asked += [_approval(one, now) for one in board.approvals if one.item.id not in known]
        return asked + [_user_id(user_ids.waits, one, now) for one in user_ids.waiting(board)]
    if section is Section.REPS:
        return [_rep(one, now) for one in board.reps]
    if section is Section.BREACHES:
        late = [_user_id(user_ids.late, one, now) for one in board.user_ids if one.late_days]
        return [_breach(one, now) for one in board.breaches] + late
    if section is Section.LOOKS:
        return [_disagreement(one, now) for one in board.disagreements]
    return [
        Entry(row, None, partial(premium.says, told), group)
        for row, group, told in premium.of_board(board, now)
    ]


def count(number: int) -> str:
    """A count; above the most that is counted it says so."""
    return f"{number}" if number <= _COUNTED else f"{_COUNTED}+"


def _due(item: BoardItem, now: datetime) -> Content:
    return plain("-", "$text-muted") if item.state in DONE else due(item.due_at, item.urgency, now)


def _with(item: BoardItem) -> str:
    if item.holder is not None:
        return item.holder
    return f"kept: {item.kept_for}" if item.kept_for is not None else "-"


def _user_id(row: Callable[[UserIdOnBoard, date], TableRow], one: UserIdOnBoard, now: datetime) -> Entry:
    on = now.date()
    return Entry(row(one, on), None, partial(user_ids.says, one, on), one.group_number, one.id)


def _part(one: PartCount, now: datetime) -> Entry:
    urgency = _URGENCIES.get(one.part)
    mark = MARKS[urgency] if urgency else "  -"
    style = STYLES[urgency] if urgency and one.count else ""
    oldest = one.oldest
    cells = (
        plain(f"{mark} {PARTS[one.part]}", style),
        plain(f"{count(one.count):>5}"),
        plain(oldest.id if oldest else "-"),
        _due(oldest, now) if oldest else plain("-", "$text-muted"),
        plain(_with(oldest) if oldest else "-"),
    )
    return Entry(TableRow(one.part, cells), oldest, lambda _: [])


def _escalated(one: Escalated, now: datetime) -> Entry:
    cells = (
        plain(one.item.id),
        plain("question"),
        plain(short_minute(one.at, now)),
        plain(one.asked_by or "-"),
        _due(one.item, now),
        plain(one.question),
    )

    def says(width: int) -> list[Content]:
        asks = plain(f"{one.asked_by or 'somebody'} asks the leads, {short_minute(one.at, now)}")
        return [
            *labelled(one.item.id, asks, width),
            *_question(one.question, width),
            *_about(one.item, now, width),
        ]

    return Entry(TableRow(one.item.id, cells), one.item, says)


def _question(question: str, width: int) -> list[Content]:
    return labelled("asks", paragraph(question or "without words", "bold"), width)


def _approval(one: Approval, now: datetime) -> Entry:
    about = f"{DECISIONS[one.decision]}: {one.why}" if one.why else DECISIONS[one.decision]
    cells = (
        plain(one.item.id),
        plain("approval"),
        plain(short_minute(one.at, now)),
        plain(one.decided_by),
        _due(one.item, now),
        plain(about),
    )

    def says(width: int) -> list[Content]:
        decided = plain(f"{DECISIONS[one.decision]}, decided by {one.decided_by} {short_minute(one.at, now)}")
        why = plain(one.why or "a second person has to agree")
        return [
            *labelled(one.item.id, decided, width),
            *labelled("second", why, width),
            *_about(one.item, now, width),
        ]

    return Entry(TableRow(one.item.id, cells), one.item, says)


def _rep(one: RepFigures, now: datetime) -> Entry:
    first = one.claimed[0] if one.claimed else None
    since = f" {_minutes(first.claimed_at, now)}" if first and first.claimed_at else ""
    more = f" +{len(one.claimed) - 1}" if len(one.claimed) > 1 else ""
    cells = (
        plain(one.name),
        plain(f"{first.id}{more or since}" if first else "-"),
        plain(f"{one.kept:>4}"),
        plain(f"{one.decided_today:>5}"),
        plain(f"{one.an_hour:>7.1f}" if one.an_hour is not None else f"{'-':>7}"),
        plain(f"{one.taken_back:>9}"),
        plain(f"{one.refused:>7}"),
        plain(f"{_agreed(one):>10}"),
    )
    return Entry(TableRow(one.username, cells), first, lambda width: _figures(one, now, width))


def _minutes(since: datetime, now: datetime) -> str:
    return span(max(0, int((now - since).total_seconds() // 60)))


def _agreed(one: RepFigures) -> str:
    if one.agreed is None:
        return "too few" if one.looked else "-"
    return f"{one.agreed} of {one.looked}"


def _figures(one: RepFigures, now: datetime, width: int) -> list[Content]:
    role = "rep" if one.role is Role.REP else "lead" if one.role is Role.LEAD else "administrator"
    pace = f"{one.an_hour:.1f} an hour at work" if one.an_hour is not None else "too few for a pace"
    if one.agreed is not None:
        looks = f"{one.agreed} of {one.looked} second looks agreed"
    else:
        looks = f"{one.looked} second looks; from 5 on it says how many agreed"
    rows = [*labelled("rep", join((one.name, "bold"), f"  {one.username}, {role}"), width)]
    for item in one.claimed:
        held = f" for {_minutes(item.claimed_at, now)}" if item.claimed_at else ""
        words = join(f"{item.id} claimed{held}, group {item.group_number}, due ", _due(item, now))
        rows += labelled("now", words, width)
    rows += labelled("kept", plain(f"{one.kept} open items wait for {one.name}"), width)
    rows += labelled("today", plain(f"{one.decided_today} decided, {pace}"), width)
    undone = f"{one.taken_back} taken back, {one.refused} sent back by a second person"
    rows += labelled("7 days", plain(undone), width)
    return rows + labelled("30 days", plain(looks), width)


def _breach(one: Breach, now: datetime) -> Entry:
    still_open = one.decided_at is None
    minutes = _late(one, now)
    late = span(minutes) if minutes or still_open else "before"
    cells = (
        plain(one.item.id),
        plain(late, STYLES[Urgency.LATE] if still_open else ""),
        plain(STATES[one.item.state] if still_open else "decided"),
        plain(_with(one.item) if one.decided_by is None else one.decided_by),
        plain(short_minute(one.decided_at, now) if one.decided_at else "-"),
        plain(one.item.group_number),
    )

    def says(width: int) -> list[Content]:
        if one.decided_at is None:
            words = f"{span(minutes)} late and still open"
        else:
            how = f"{span(one.late_minutes)} late" if one.late_minutes else "late before it was reopened"
            what = DECISIONS[one.decision] if one.decision else "decided"
            words = f"{what} by {one.decided_by} {short_minute(one.decided_at, now)}, {how}"
        return [*labelled(one.item.id, plain(words), width), *_about(one.item, now, width)]

    return Entry(TableRow(one.item.id, cells), one.item, says)


def _late(one: Breach, now: datetime) -> int:
    """Minutes; while the clock runs they are counted as the due time beside them is."""
    if one.decided_at is None and one.item.due_at is not None:
        return max(0, int((now - one.item.due_at).total_seconds() // 60))
    return one.late_minutes


def _disagreement(one: Disagreement, now: datetime) -> Entry:
    second = _second(one)
    cells = (
        plain(one.item.id),
        plain(DECISIONS[one.first]),
        plain(one.first_by),
        plain(second),
        plain(one.second_by),
        plain(short_minute(one.second_at, now)),
        plain(one.note or "-"),
    )

    def says(width: int) -> list[Content]:
        first = f"{DECISIONS[one.first]} by {one.first_by} {short_minute(one.first_at, now)}"
        again = f"{second} by {one.second_by} {short_minute(one.second_at, now)}"
        rows = [*labelled(one.item.id, plain(first), width), *labelled("again", plain(again), width)]
        rows += labelled("note", paragraph(one.note), width) if one.note else []
        return rows + _about(one.item, now, width)

    return Entry(TableRow(f"{one.item.id} {one.second_at.isoformat()}", cells), one.item, says)


def _second(one: Disagreement) -> str:
    """Two links that disagree are links to two members."""
    both_link = one.first is one.second is MatchDecision.LINK
    return "other link" if both_link else DECISIONS[one.second]


def _about(item: BoardItem, now: datetime, width: int) -> list[Content]:
    has = f", with {item.holder}" if item.holder else f", kept for {item.kept_for}" if item.kept_for else ""
    words = plain(f"group {item.group_number}, {STATES[item.state]}{has}")
    if item.state not in DONE:
        words = join(words, ", due ", _due(item, now))
    return labelled("item", words, width)


# -- below the lists -------------------------------------------------------------------------------


def rate(board: LeadBoard, width: int) -> Content:
    """How fast the queue is worked: both rates in words, then a line a day."""
    return lines(*labelled("rate", plain(forecast(board)), width), *work(board.days, width))


def line(
    section: Section, board: LeadBoard, entry: Entry | None, width: int, *, gone: bool = False
) -> Content:
    """The sum of a list where it has one, then what is said of the line under the cursor.

    `gone` says that this line is no longer part of the list and only keeps its place.
    """
    rows = [] if entry is None else entry.says(width)
    if gone:
        rows = [plain(" no longer in this list; F7 takes the line away", "$text-muted")]
    if section in (Section.QUEUE, Section.WAITS) and board.call_alerts:
        rows = [*labelled("callers", plain(callers(board), "bold $text-warning"), width), *rows]
    if section is Section.BREACHES:
        rows = [*labelled("in time", plain(in_time(board)), width), *rows]
    if section is Section.LOOKS:
        looks = f"{board.agreed} of {board.looked} of the last 30 days"
        rows = [*labelled("agreed", plain(looks), width), *rows]
    return lines(*rows) if rows else plain("")


_CALLERS = 6


def callers(board: LeadBoard) -> str:
    """About which groups caller after caller could not be verified, with how many calls failed."""
    said = [f"{one.group_number} ({one.failed_calls})" for one in board.call_alerts[:_CALLERS]]
    more = len(board.call_alerts) - _CALLERS
    return f"not verified again and again: {', '.join(said)}" + (f" and {more} more" if more > 0 else "")


def in_time(board: LeadBoard) -> str:
    """The share that was decided in time, with what it is a share of."""
    if not board.decided_week:
        return "nothing was decided in the last 7 days"
    percent = board.in_time_week * 100 // board.decided_week
    return f"{board.in_time_week} of {board.decided_week} decisions of the last 7 days, {percent} %"


def forecast(board: LeadBoard) -> str:
    """Both rates with the signs of their bars, and when the queue is done if they go on."""
    rates = f"# {board.decided_a_day:g} decided a day, = {board.arrived_a_day:g} arrive"
    grows = board.arrived_a_day - board.decided_a_day
    if board.open > _COUNTED:
        return f"more than {_COUNTED} open; {rates}"
    if board.open == 0:
        return f"nothing is open; {rates}"
    if board.done_on is not None:
        return f"{board.open} open; {rates}: done on {short_day(board.done_on, board.days[-1].day)}"
    end = f"it grows by {grows:.1f} a day" if grows > 0 else "no end in sight"
    return f"{board.open} open; {rates}: {end}"


def work(days: Sequence[WorkDay], width: int) -> list[Content]:
    """A line a day: decided and arrived as bars of one scale, with their figures."""
    most = max((max(one.decided, one.arrived) for one in days), default=0)
    bar = max(4, min(30, (width - 23) // 2))
    widths = (10, bar, 4, bar, 4)
    rows = []
    for one in days:
        name = " today" if one is days[-1] else f" {one.day:%a %m-%d}"
        cells = (
            plain(name),
            plain("#" * _bar(one.decided, most, bar)),
            plain(f"{one.decided:>4}"),
            plain("=" * _bar(one.arrived, most, bar), "$text-muted"),
            plain(f"{one.arrived:>4}"),
        )
        rows.append(columns(*zip(cells, widths, strict=True)))
    return rows


def _bar(number: int, most: int, longest: int) -> int:
    return max(1, number * longest // most) if number else 0
