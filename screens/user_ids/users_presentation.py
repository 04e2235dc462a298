"""What cells and lines of a client's user IDs say; the ID itself is shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import (
    MAY,
    BlockReason,
    PersonIs,
    Privilege,
    SuspendedBy,
    UserAct,
    UserKind,
    UserRole,
    UserState,
)
from screens.widgets.prompt import Choice
from screens.widgets.text import join, labelled, lines, plain, short_minute
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.user_ids import AccessLogRow, UserRow

COLUMNS = (
    Column("person", 0),
    Column("from", 6),
    Column("role", 13),
    Column("state", 10),
    Column("since", 10),
    Column("last day", 10),
)
LOG_COLUMNS = (
    Column("when", 11),
    Column("ID", 7),
    Column("person", 16),
    Column("what", 12),
    Column("by", 16),
    Column("about", 0),
)
FROM = {UserKind.ADMINISTRATOR: "plan", UserKind.USER: "client"}
ROLES = {
    UserRole.VIEWER: "viewer",
    UserRole.MEMBER_CLERK: "member clerk",
    UserRole.BILLING_CLERK: "billing clerk",
    UserRole.FULL_USER: "full user",
    UserRole.ADMINISTRATOR: "administrator",
    UserRole.OTHER: "other",
}
STATES = {
    UserState.PENDING: "not used",
    UserState.ACTIVE: "active",
    UserState.SUSPENDED: "suspended",
    UserState.LOCKED: "locked",
    UserState.ENDED: "ended",
    UserState.WITHDRAWN: "withdrawn",
}
_STYLES = {
    UserState.SUSPENDED: "$text-warning",
    UserState.LOCKED: "$text-warning",
    UserState.ENDED: "$text-muted",
    UserState.WITHDRAWN: "$text-muted",
}
_PERSONS = {
    PersonIs.EMPLOYEE: "employee",
    PersonIs.BROKER: "broker",
    PersonIs.TPA: "third-party administrator",
}
_SUSPENDED = {
    SuspendedBy.CLIENT: "suspended by the client; their administrator resumes it under Account Access",
    SuspendedBy.SECURITY: "blocked by the plan; a lead lifts it",
    SuspendedBy.UNUSED: "suspended, as nobody used it for long",
}
_STANDS = {
    UserState.PENDING: "waits for its first sign-in",
    UserState.ACTIVE: "active",
    UserState.SUSPENDED: "suspended",
    UserState.LOCKED: "locked by wrong passwords",
    UserState.ENDED: "ended",
    UserState.WITHDRAWN: "withdrawn, never used,",
}
_BACK_BY_MAIL = "a faxed form for a reset brings a new code by mail"
_BACK_BY_CLIENT = "their administrator lets it go on, under Account Access"
REASONS = {
    BlockReason.NOT_ASKED_FOR: "nobody there asked for it",
    BlockReason.SEEN_BY_OTHERS: "seen by others",
    BlockReason.LEFT_COMPANY: "left the company",
    BlockReason.MISUSE: "misuse",
}
BLOCK_CHOICES = [Choice(label, reason) for reason, label in REASONS.items()]
ACTS = {
    UserAct.APPROVED: "approved",
    UserAct.TAKEN_BACK: "taken back",
    UserAct.CODE_MAILED: "code mailed",
    UserAct.CODE_DEAD: "code stopped",
    UserAct.ACTIVATED: "activated",
    UserAct.CREATED: "made",
    UserAct.CHANGED: "changed",
    UserAct.RESET: "reset",
    UserAct.SUSPENDED: "suspended",
    UserAct.RESUMED: "resumed",
    UserAct.LOCKED: "locked",
    UserAct.ENDED: "ended",
    UserAct.REPLACED: "replaced",
}
HINT = "no user ID is shown; / with the one the caller says names its client"
NOTHING = "This client has no user ID yet. Esc goes back to the requests."
NONE_HERE = "No user ID stands here."
LOG_NOTHING = "Nothing has happened with this client's user IDs. Esc goes back."
ONLINE_ONLY = (
    "Further IDs are made and changed by the client's administrator alone, online under Account Access; "
    "nobody here does it for them."
)
WHY = (
    "The plan gives each employer one administrator ID, by mail; it serves all its group numbers. Its "
    "administrator makes further ones online under Account Access, and gives nobody more than they have. "
    "An ID is known here by its number; what the caller signs in with is shown to nobody. What limits an "
    "ID today stands with it: the last day of a broker, coverage that ended unpaid, 90 days without use."
)
LOG_WHY = (
    "Every change of this client's user IDs, the newest first: by the plan, by the client's administrator "
    "online, or by itself when a date had come. It is never changed or cut."
)


def subject(group: str) -> Content:
    """What the head line says."""
    return join("USERS  of ", (group, "bold"))


def log_subject(group: str) -> Content:
    """What the head line of the log says."""
    return join("ACCESS LOG  of ", (group, "bold"))


# -- the list --------------------------------------------------------------------------------------


def row(user: UserRow, now: datetime) -> TableRow:
    """One ID in the list; days are those of the service center."""
    cells = (
        plain(user.person or "not named"),
        plain(FROM[user.kind]),
        plain(ROLES[user.role]),
        plain(state(user), _STYLES.get(user.state, "")),
        plain(f"{user.since.astimezone(now.tzinfo):%Y-%m-%d}"),
        last_day(user, now.date()),
    )
    return TableRow(user.id, cells)


def state(user: UserRow) -> str:
    """The state in a word."""
    if user.state is UserState.SUSPENDED and user.suspended_by is SuspendedBy.SECURITY:
        return "blocked"
    if user.state is UserState.SUSPENDED and user.suspended_by is SuspendedBy.UNUSED:
        return "unused"
    return STATES[user.state]


def last_day(user: UserRow, today: date) -> Content:
    """The last day, loud once it is over."""
    if user.valid_to is None:
        return plain("-", "$text-muted")
    return plain(f"{user.valid_to}", "$text-warning" if user.valid_to < today else "")


# -- one ID ----------------------------------------------------------------------------------------


def detail(user: UserRow, now: datetime, width: int) -> Content:
    """Who has it, how far it can be used and what limits it, what it may do, who changes it."""
    rows = [join(" ", (user.id, "bold"), f"  {user.person or 'not named'}, {_PERSONS[user.person_is]}")]
    rows += labelled("ID", plain(_given(user)), width)
    rows += labelled("state", plain(_stands(user, now)), width)
    if user.why:
        rows += labelled("limits", plain(user.why, "bold"), width)
    rows += labelled("may", plain(may(user.privileges)), width)
    if user.valid_to is not None:
        over = "was" if user.valid_to < now.date() else "is"
        rows += labelled("until", plain(f"its last day {over} {user.valid_to}"), width)
    rows += labelled("used", plain(_used(user, now.date())), width)
    rows += labelled("changed", plain("by the client's administrator, online under Account Access"), width)
    return lines(*rows)


def _given(user: UserRow) -> str:
    if user.kind is UserKind.ADMINISTRATOR:
        return "the administrator ID that the plan gave, by mail; one for each employer"
    return f"made by the client's administrator as {ROLES[user.role]}"


def _stands(user: UserRow, now: datetime) -> str:
    since = f" since {short_minute(user.since, now)}"
    if user.state is UserState.SUSPENDED and user.suspended_by is not None:
        back = f"; {_back(user)}" if user.suspended_by is SuspendedBy.UNUSED else ""
        what, _, who = _SUSPENDED[user.suspended_by].partition("; ")
        return f"{what}{since}{f'; {who}' if who else back}"
    back = f"; {_back(user)}" if user.state is UserState.LOCKED else ""
    return f"{_STANDS[user.state]}{since}{back}"


def _back(user: UserRow) -> str:
    return _BACK_BY_MAIL if user.kind is UserKind.ADMINISTRATOR else _BACK_BY_CLIENT


def may(privileges: Iterable[Privilege]) -> str:
    """What an ID may do, in words and always in the same order."""
    given = set(privileges)
    if given == set(Privilege):
        return "everything"
    return ", ".join(words for one, words in MAY.items() if one in given) or "nothing"


def _used(user: UserRow, today: date) -> str:
    if user.last_used_on is None:
        return "never"
    return "today" if user.last_used_on == today else f"last on {user.last_used_on}"


# -- what is asked and said ------------------------------------------------------------------------


def no_block(user: UserRow) -> str:
    """Why this ID cannot be blocked now."""
    if user.state in (UserState.ENDED, UserState.WITHDRAWN):
        return f"{user.id} has ended: nobody gets in with it."
    if user.state is UserState.SUSPENDED and user.suspended_by is SuspendedBy.SECURITY:
        return f"{user.id} is blocked already; a lead lifts it."
    return f"{user.id} can be blocked for a caller who proved to speak for this client, or without a call."


def no_lift(user: UserRow) -> str:
    """Why there is no block to lift by this rep now."""
    if user.state is UserState.SUSPENDED and user.suspended_by is SuspendedBy.CLIENT:
        return f"{user.id} was suspended by the client; their administrator resumes it."
    if user.state is UserState.SUSPENDED and user.suspended_by is SuspendedBy.SECURITY:
        return f"{user.id} is blocked; a lead lifts it."
    if user.state in (UserState.SUSPENDED, UserState.LOCKED):
        return f"{user.id} is not blocked by the plan: {_back(user)}."
    return f"{user.id} is not blocked."


def block_line(user: UserRow, reason: BlockReason) -> Content:
    """The line that Enter confirms."""
    whose = user.person or "nobody named"
    unused = user.kind is UserKind.ADMINISTRATOR and user.state is UserState.PENDING
    more = "; its letter and its request end with it" if unused else ""
    return join("block ", (user.id, "bold"), f" of {whose} at once: {REASONS[reason]}{more}")


def blocked(user: UserRow) -> str:
    """Said after it."""
    return f"{user.id} is {state(user)}: nobody gets in with it any more."


def lift_line(user: UserRow, note: str) -> Content:
    """The line that Enter confirms."""
    whose = user.person or "nobody named"
    return join("let ", (user.id, "bold"), f' of {whose} go on: "{note}"')


def lifted(user: UserRow) -> str:
    """Said after it."""
    return f"{user.id} goes on: {state(user)}."


def conflict(seen: UserRow, present: UserRow) -> Content:
    """Said when an act met a newer version: what was seen and what is."""
    if state(seen) == state(present):
        return plain(f"{present.id} was changed meanwhile; look again. Nothing was done.", "bold")
    change = f"{state(seen)} when you looked, {state(present)} now"
    return plain(f"{present.id}: {change}. Nothing was done.", "bold")


# -- the log ---------------------------------------------------------------------------------------


def log_key(one: AccessLogRow, place: int) -> str:
    """What tells a line of a page apart: it has no number."""
    return f"{one.at.isoformat()} {one.user} {one.act} {place}"


def log_row(one: AccessLogRow, key: str, now: datetime) -> TableRow:
    """One line of the log."""
    return TableRow(key, _log_cells(one, now))


def _log_cells(one: AccessLogRow, now: datetime) -> tuple[Content, ...]:
    return (
        plain(short_minute(one.at, now)),
        plain(one.user or "-"),
        plain(one.person or "-"),
        plain(ACTS[one.act]),
        plain(one.by),
        plain(one.words),
    )


def log_detail(one: AccessLogRow, now: datetime, width: int) -> Content:
    """One line of the log in full."""
    at = one.at.astimezone(now.tzinfo)
    whose = f"{one.user} {one.person}".strip()
    rows = labelled("when", plain(f"{at:%Y-%m-%d %H:%M}, by {one.by}"), width)
    rows += labelled("what", plain(f"{ACTS[one.act]}{f': {whose}' if whose else ''}"), width)
    return lines(*rows, *(labelled("about", plain(one.words), width) if one.words else []))
