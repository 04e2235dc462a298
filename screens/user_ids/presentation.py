"""What cells and lines of user-ID requests say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    RequestView,
    UserIdRequestState,
)
from api_client.types.words import Urgency
from screens.user_ids.words import KINDS, STATES, VIEWS
from screens.widgets.prompt import Choice
from screens.widgets.text import MARKS, STYLES, join, plain, short_day, short_minute, urgent
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest, UserIdRow

COLUMNS = (
    Column("request", 7),
    Column("client", 0),
    Column("group", 7),
    Column("asks", 8),
    Column("faxed", 11),
    Column("state", 10),
    Column("mail by, sent", 14),
)
_UNDER_WAY = (*OPEN_USER_ID_STATES, *TO_MAIL_STATES, *ON_THE_WAY_STATES)


def row(request: UserIdRow | UserIdRequest, now: datetime) -> TableRow:
    """One request in the list; times are those of the service center."""
    cells = (
        plain(request.id),
        plain(request.group_name),
        plain(request.group_number),
        plain(KINDS[request.kind]),
        plain(short_minute(request.faxed_at, now)),
        plain(STATES[request.state]),
        mailing(request, now.date()),
    )
    return TableRow(request.id, cells)


def mailing(request: UserIdRow | UserIdRequest, today: date) -> Content:
    """How near the internal date is until it is mailed, then when it was; late ones by word and shape."""
    if request.mailed_on is not None and request.state not in TO_MAIL_STATES:
        return _mailed(request, short_day(request.mailed_on, today))
    if request.state not in (*OPEN_USER_ID_STATES, *TO_MAIL_STATES):
        return plain("-", "$text-muted")
    if request.mail_by is None:
        return urgent(Urgency.PAUSED, "paused")
    if request.mail_by < today:
        return urgent(Urgency.LATE, f"{(today - request.mail_by).days} d late")
    day = "today" if request.mail_by == today else short_day(request.mail_by, today)
    return urgent(request.urgency, day)


def _mailed(request: UserIdRow | UserIdRequest, day: str) -> Content:
    if request.breached:
        return plain(f"{MARKS[Urgency.LATE]} late {day}", STYLES[Urgency.LATE])
    if request.urgency is Urgency.AMBER:
        return urgent(request.urgency, f"sent {day}")
    return plain(f"sent {day}", "$text-muted")


def begin_on(rows: Sequence[UserIdRow]) -> str | None:
    """Of a client's requests, the newest first, the one that is asked about.

    That is the newest under way; what is older than an ID in use is over, and of a client with nothing under
    way the newest is asked about.
    """
    for one in rows:
        if one.state in _UNDER_WAY:
            return one.id
        if one.state is UserIdRequestState.ACTIVATED:
            break
    return rows[0].id if rows else None


def standard_view(group: str | None) -> RequestView:
    """What is shown at first: of a client everything, else what waits."""
    return RequestView.ALL if group else RequestView.OPEN


def view_choices(group: str | None) -> list[Choice[RequestView]]:
    """What `f` offers; everything only of one client."""
    return [Choice(label, view) for view, label in VIEWS.items() if group or view is not RequestView.ALL]


def subject(view: RequestView, group: str | None) -> Content:
    """What the head line says."""
    return join("USER IDS  ", VIEWS[view], f"  of {group}" if group else "")


def legend() -> str:
    """What the shapes mean."""
    words = {
        Urgency.LATE: "late",
        Urgency.RED: "today",
        Urgency.AMBER: "next business day, or mailed and not used in time",
        Urgency.CALM: "later",
        Urgency.PAUSED: "paused",
    }
    return "  ".join(f"{MARKS[urgency]} {word}" for urgency, word in words.items())


__all__ = [
    "COLUMNS",
    "begin_on",
    "legend",
    "mailing",
    "row",
    "standard_view",
    "subject",
    "view_choices",
]
