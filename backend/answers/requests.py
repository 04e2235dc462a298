"""What is said about user IDs and the letter that brings them (R05 to R11). Pure.

Nothing here knows an ID, a code or the day a letter is mailed by: they are no part of the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from api_client.types.user_id_words import DenyReason, UserIdRequestKind, UserIdRequestState
from backend.answers.facts import Administrator, Facts, Request, UserIds
from backend.answers.said import Said
from backend.billing.say import spoken_date

_ASKED = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replacement",
}
_REFUSED = {
    DenyReason.SIGNER_UNKNOWN: "the form is not signed by a contract signer on record",
    DenyReason.NOT_EMPLOYEE: "the administrator named on it is not on record with your company",
    DenyReason.ADDRESS_DIFFERS: "the address on it is not your company's address of record",
    DenyReason.GROUP_NOT_ACTIVE: "the group is not active",
    DenyReason.ALREADY_ACTIVE: "there is an administrator ID already",
    DenyReason.FORM_INCOMPLETE: "something was missing on it",
}
_OVER = {
    UserIdRequestState.EXPIRED: "The code was not used in time, so it is good no more.",
    UserIdRequestState.RETURNED_MAIL: "The post brought the letter back to us.",
    UserIdRequestState.REVOKED: "That ID was taken back.",
}
_ON_ITS_WAY = frozenset(
    {
        UserIdRequestState.APPROVED,
        UserIdRequestState.ID_CREATED,
        UserIdRequestState.PRINT_QUEUED,
        UserIdRequestState.MAILED,
    }
)
_ADMINISTRATOR = {
    Administrator.ACTIVE: "the employer's administrator ID is active",
    Administrator.COMING: "the employer's administrator ID is on its way",
    Administrator.NONE: "the employer has no administrator ID",
}


def letter(facts: Facts) -> Said | None:
    """Where the letter with ID and code is: the day it arrives by, never when it is mailed (R06, R07)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.newest is None:
        return _no_request(ids, facts)
    short, say = _standing(ids, ids.newest, facts)
    return Said(short, say, _because(ids, ids.newest))


def _no_request(ids: UserIds, facts: Facts) -> Said:
    if ids.administrator is not Administrator.NONE:
        return Said(
            "no request; the administrator ID is there",
            "No letter is on its way: your company's administrator ID is there, and no new request came in.",
            (_ADMINISTRATOR[ids.administrator], "no request on record"),
        )
    return Said(
        "no request has come in",
        "No request form of your company has come in. Once it is here by fax, ID and code come by mail "
        f"within {facts.plan.arrive_days} business days.",
        (_ADMINISTRATOR[ids.administrator], "no request on record"),
    )


def _because(ids: UserIds, newest: Request) -> tuple[str, ...]:
    by = f", arrives by {newest.arrive_by}" if newest.arrive_by else ""
    asked = f"{newest.number} {_ASKED[newest.kind]}, faxed {newest.received_on}"
    return (
        f"{asked}: {newest.state.value.replace('_', ' ')}{by}",
        _ADMINISTRATOR[ids.administrator],
    )


def _standing(ids: UserIds, one: Request, facts: Facts) -> tuple[str, str]:
    """Short, and the sentence, by how far the newest request has come."""
    came = f"Your form came in on {spoken_date(one.received_on, facts.today)}"
    if one.state is UserIdRequestState.REFUSED:
        why = f": {_REFUSED[one.deny_reason]}" if one.deny_reason else ""
        return f"refused{why}", f"{came} and was not accepted{why}. A new form can be faxed."
    used = ids.administrator is Administrator.ACTIVE and one.kind is UserIdRequestKind.FIRST
    if one.state is UserIdRequestState.ACTIVATED or (used and one.state in _ON_ITS_WAY):
        return "in use already", f"{came}, and the ID it asked for is in use."
    if one.state in _OVER:
        over = _OVER[one.state]
        return "a new one is needed", f"{over} A new letter goes to your company's address of record."
    if one.state is UserIdRequestState.INCOMPLETE or one.arrive_by is None:
        return (
            f"{one.number} incomplete: the days stand still",
            f"{came}, and something in it has to be answered by your company first. "
            "The days go on once we have the answer.",
        )
    return _to_come(one, one.arrive_by, came, facts)


def _to_come(one: Request, arrive_by: date, came: str, facts: Facts) -> tuple[str, str]:
    by = spoken_date(arrive_by, facts.today)
    way = "It is approved." if one.state in _ON_ITS_WAY else "It is being checked."
    if arrive_by < facts.today:
        again = (
            "Please tell me your company's address; the code that is lost is stopped and a new one mailed."
            if one.state in _ON_ITS_WAY
            else "It is late, and I pass that on."
        )
        return (
            f"{one.number} should be there since {arrive_by:%m-%d}",
            f"{came}. It should be with you since {by}. {again}",
        )
    return (
        f"{one.number} arrives by {arrive_by:%m-%d}",
        f"{came}. {way} User ID and code arrive by mail by {by}, at your company's address and nowhere else.",
    )


def begin(facts: Facts) -> Said | None:
    """When this client can begin online: now, when the letter is there, or after the form (R05, R06)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.administrator is Administrator.ACTIVE:
        return Said(
            "now: the administrator ID is there",
            "You can begin now. Your company's administrator ID is there, and serves all your group numbers.",
            (_ADMINISTRATOR[ids.administrator],),
        )
    return letter(facts) if ids.newest is not None else None


def more_ids(facts: Facts) -> Said | None:
    """Whether the client's administrator can make further IDs yet (R10, R11)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.administrator is Administrator.ACTIVE:
        return Said(
            "yes: your administrator, under Account Access",
            "Yes. Your administrator makes them under Account Access, and gives each only what that person's "
            "work needs. We cannot make them for you.",
            (_ADMINISTRATOR[ids.administrator],),
        )
    return Said(
        "after your own ID: your administrator, Account Access",
        "Yes, once your company's own administrator ID is there. The administrator then makes further ones "
        "under Account Access; we cannot make them for you.",
        (_ADMINISTRATOR[ids.administrator],),
    )


def administrator(facts: Facts) -> Said | None:
    """One administrator ID an employer: whether it is there, and which form to send (R09)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.administrator is not Administrator.NONE:
        return Said(
            "it is there: a form resets or replaces it",
            "Your company has its administrator ID, and there is one for each employer. A form asks for a "
            "reset, or for a replacement when somebody else takes over.",
            (_ADMINISTRATOR[ids.administrator], "one serves all group numbers of the employer"),
        )
    return Said(
        "none yet: a form for the first ID",
        "Your company has no administrator ID yet. The request form asks for the first one, by fax.",
        (_ADMINISTRATOR[ids.administrator], "one serves all group numbers of the employer"),
    )


RULES: Mapping[str, Callable[[Facts], Said | None]] = {
    "begin": begin,
    "more_ids": more_ids,
    "administrator": administrator,
    "letter": letter,
}
