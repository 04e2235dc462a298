"""What holds of user IDs wherever they are spoken of: what one may do, and how far a request is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api_client.types.user_id_words import Privilege, UserIdRequestKind, UserIdRequestState, UserState

# -- what somebody may do with a user ID -----------------------------------------------------------


@dataclass(frozen=True)
class ClientUser:
    """Who acts under a user ID, as far as other rooms need to know; never whose it is."""

    id: int
    accounts: frozenset[int]
    """Keys of all accounts of its employer: one ID serves all group numbers of a client."""
    privileges: frozenset[Privilege]
    state: str
    valid_to: date | None
    """Last day; the ID of a broker ends with its record."""


def privileges_of(kind: str, given: Sequence[str]) -> frozenset[Privilege]:
    """What an ID may do: an administrator's everything, any other what it was given [S]."""
    return frozenset(Privilege) if kind == "administrator" else frozenset(map(Privilege, given))


STATE_IS: Mapping[str, str] = {
    UserState.PENDING: "has not been activated yet",
    UserState.ACTIVE: "is active",
    UserState.SUSPENDED: "is suspended",
    UserState.LOCKED: "is locked",
    UserState.ENDED: "has ended",
    UserState.WITHDRAWN: "was withdrawn",
}
"""What is said of an ID in each state, behind its name."""


def use_refused(user: ClientUser | None, today: date) -> str:
    """Why nothing can be done under this user ID; empty when it can be used."""
    if user is None or user.state == UserState.WITHDRAWN:
        return "this user ID is not known to us"
    if user.state != UserState.ACTIVE:
        return f"this user ID {STATE_IS[user.state]}"
    if user.valid_to is not None and user.valid_to < today:
        return f"this user ID ended on {user.valid_to}"
    return ""


# -- what the account says -------------------------------------------------------------------------

_ASKED = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replacement",
}
_UNDER_WAY = {
    UserIdRequestState.APPROVED: ", approved",
    UserIdRequestState.ID_CREATED: ", approved",
    UserIdRequestState.PRINT_QUEUED: ", approved",
}
_OVER = {
    UserIdRequestState.REFUSED: "denied",
    UserIdRequestState.ACTIVATED: "activated",
    UserIdRequestState.EXPIRED: "code expired",
    UserIdRequestState.RETURNED_MAIL: "came back",
    UserIdRequestState.REVOKED: "revoked",
}


def how_far(
    kind: UserIdRequestKind,
    state: UserIdRequestState,
    arrive_by: date | None,
    mailed_on: date | None,
    today: date,
    *,
    late: bool = False,
) -> str:
    """How far a request has come, with the days a caller may be told: never the day it is mailed by."""
    asked = _ASKED[kind]
    sent = f", mailed {mailed_on:%m-%d}" if mailed_on and state not in _UNDER_WAY else ""
    if state in _OVER:
        return f"{asked}{sent}, {_OVER[state]}"
    if arrive_by is None:
        return f"{asked}, incomplete"
    return f"{asked}{_UNDER_WAY.get(state, sent)}, {comes(arrive_by, today, late=late)}"


def comes(arrive_by: date | None, today: date, *, late: bool) -> str:
    """The day a letter arrives by; the day that was meant once it is over or not mailed in time."""
    if arrive_by is None:
        return ""
    return f"{'was to arrive' if late or arrive_by < today else 'arrives'} by {arrive_by:%m-%d}"
