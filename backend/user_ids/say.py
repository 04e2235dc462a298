"""What a caller is told of a user-ID request: dates and what to do, never the day it is mailed by. Pure.

Nothing here knows an ID or a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api_client.types.user_id_words import (
    TO_MAIL_STATES,
    DenyReason,
    UserIdRequestKind,
    UserIdRequestState,
)
from backend.billing.say import spoken_date

REFUSED = {
    DenyReason.SIGNER_UNKNOWN: "the form is not signed by a contract signer on record",
    DenyReason.NOT_EMPLOYEE: "the administrator named on it is not on record with your company",
    DenyReason.ADDRESS_DIFFERS: "the address on it is not your company's address of record",
    DenyReason.GROUP_NOT_ACTIVE: "the group is not active",
    DenyReason.ALREADY_ACTIVE: "there is an administrator ID already",
    DenyReason.FORM_INCOMPLETE: "something was missing on it",
    DenyReason.DUPLICATE: "the same form is here already",
}
"""Why a form was not accepted, to follow a colon."""
_ADDRESS = "Please tell me your company's address"
_NEW_LETTER = f"{_ADDRESS}: a new letter is mailed there."
_OVER = {
    UserIdRequestState.EXPIRED: f"The code in the letter no longer works. {_NEW_LETTER}",
    UserIdRequestState.RETURNED_MAIL: f"The post brought the letter back to us. {_NEW_LETTER}",
    UserIdRequestState.ACTIVATED: "The user ID is in use.",
    UserIdRequestState.REVOKED: "That letter no longer works, and nothing else comes of that form. "
    "A new form can be faxed.",
}


@dataclass(frozen=True)
class Standing:
    """How far a request has come, as far as a caller may know it."""

    kind: UserIdRequestKind
    state: UserIdRequestState
    received_on: date
    arrive_by: date | None
    mailed_on: date | None = None
    deny_reason: DenyReason | None = None
    unsettled: bool = False
    """Whether a check failed: then no date is promised."""
    late: bool = False
    """Whether it was not mailed in time: then the day is said as what was meant, not as a promise."""


def sentence(one: Standing, today: date) -> str:
    """What the caller is told; by dates only."""
    if one.state in _OVER:
        return _OVER[one.state]
    came = f"Your form came in on {spoken_date(one.received_on, today)}"
    if one.state is UserIdRequestState.REFUSED:
        why = f": {REFUSED[one.deny_reason]}" if one.deny_reason else ""
        again = "" if one.deny_reason is DenyReason.DUPLICATE else " A new form can be faxed."
        return f"{came} and was not accepted{why}.{again}"
    if one.arrive_by is None:
        return (
            f"{came}, and something in it has to be answered by your company first. "
            "The days go on once we have the answer."
        )
    if one.unsettled:
        return (
            f"{came}. It is being checked, and something on it is not settled yet. "
            "I can give you no date until it is."
        )
    if one.state is UserIdRequestState.MAILED:
        return _mailed(one, one.arrive_by, today)
    return f"{came}. {_to_come(one, one.arrive_by, today)}"


def _mailed(one: Standing, arrive_by: date, today: date) -> str:
    by = spoken_date(arrive_by, today)
    on = f" on {spoken_date(one.mailed_on, today)}" if one.mailed_on else ""
    if arrive_by < today:
        return (
            f"The letter was mailed{on} and should have been with you by {by}. {_ADDRESS}: the code that is "
            "lost is stopped, and a new letter is mailed there."
        )
    if one.late:
        return f"The letter was mailed{on}. It was to arrive by {by}; please allow a few days more."
    return f"The letter was mailed{on}, and it arrives by {by}."


def _to_come(one: Standing, arrive_by: date, today: date) -> str:
    way = "It is approved." if one.state in TO_MAIL_STATES else "It is being checked."
    by = spoken_date(arrive_by, today)
    if one.late or arrive_by < today:
        return f"{way} The letter was to arrive by {by}. It is late, and I pass that on."
    what = "A new one-time code arrives" if one.kind is UserIdRequestKind.RESET else "User ID and code arrive"
    return f"{way} {what} by mail by {by}, at your company's address and nowhere else."
