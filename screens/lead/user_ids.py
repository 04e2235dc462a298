"""What the lead's board says of user-ID requests: those that wait for a lead, and those that are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import OPEN_USER_ID_STATES, TO_MAIL_STATES, UserIdRequestState
from api_client.types.words import Urgency
from screens.user_ids.words import KINDS, STATES
from screens.widgets.text import STYLES, labelled, plain, short_day, urgent
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.lead import LeadBoard, UserIdOnBoard

_TO_DO = "Enter opens the request"


def waiting(board: LeadBoard) -> list[UserIdOnBoard]:
    """Those that wait for a lead."""
    return [one for one in board.user_ids if one.waits]


def late_now(board: LeadBoard) -> int:
    """How many are late and still here."""
    return sum(map(is_here, board.user_ids))


def waits(one: UserIdOnBoard, today: date) -> TableRow:
    """A line among what waits for a lead."""
    second = one.state is UserIdRequestState.VERIFYING
    by = urgent(one.urgency, short_day(one.mail_by, today)) if second and one.mail_by else plain("-")
    cells = (
        plain(one.id),
        plain("approval" if second else "letter"),
        plain("-"),
        plain(one.checked_by or "-"),
        by,
        plain(_about(one)),
    )
    return TableRow(one.id, cells)


def late(one: UserIdOnBoard, today: date) -> TableRow:
    """A line among what was not done in time."""
    here = is_here(one)
    cells = (
        plain(one.id),
        plain(f"{one.late_days} d", STYLES[Urgency.LATE] if here else ""),
        plain(STATES[one.state]),
        plain("-"),
        plain(short_day(one.mailed_on, today) if one.mailed_on and not here else "-"),
        plain(one.group_number),
    )
    return TableRow(one.id, cells)


def is_here(one: UserIdOnBoard) -> bool:
    """Whether it still is to be mailed."""
    return one.late_days > 0 and one.state in (*OPEN_USER_ID_STATES, *TO_MAIL_STATES)


def _about(one: UserIdOnBoard) -> str:
    if one.state is UserIdRequestState.VERIFYING:
        return f"group {one.group_number}: {KINDS[one.kind]}, to be approved by a second person"
    return f"group {one.group_number}: lost after {one.reissues} new letters"


def says(one: UserIdOnBoard, today: date, width: int) -> list[Content]:
    """What is said below the list of the line under the cursor."""
    told = [(one.id, f"{KINDS[one.kind]} of group {one.group_number}, {STATES[one.state]}")]
    if one.state is UserIdRequestState.VERIFYING:
        first = one.checked_by or "somebody"
        told.append(
            ("second", f"{first} approved it; a lead who is somebody else confirms the address first")
        )
    elif one.waits:
        lost = f"{one.reissues} new letters went out, and the last one did not do either"
        told.append(("letter", f"{lost}; a lead sends the next, in a call with the client"))
    if one.late_days and one.mail_by:
        was = (
            f"mailed {short_day(one.mailed_on, today)}"
            if one.mailed_on and not is_here(one)
            else "still here"
        )
        told.append(("late", f"{one.late_days} days after {short_day(one.mail_by, today)}; {was}"))
    return _rows([*told, ("to do", _TO_DO)], width)


def _rows(told: Sequence[tuple[str, str]], width: int) -> list[Content]:
    return [row for label, words in told for row in labelled(label, plain(words), width)]


__all__ = ["is_here", "late", "late_now", "says", "waiting", "waits"]
