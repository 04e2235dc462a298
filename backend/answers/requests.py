"""What is said about user IDs and the letter that brings them (R05 to R11). Pure.

Nothing here knows an ID, a code or the day a letter is mailed by: they are no part of the facts. How far a
request has come is said in the words of the room that keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    UserIdRequestKind,
    UserIdRequestState,
)
from backend.answers.facts import Administrator, Facts, Request, UserIds
from backend.answers.said import Said
from backend.user_ids import say

_ASKED = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replacement",
}
_SHORT = {
    UserIdRequestState.ACTIVATED: "in use already",
    UserIdRequestState.EXPIRED: "the code no longer works: a new letter",
    UserIdRequestState.RETURNED_MAIL: "it came back to us: a new letter",
    UserIdRequestState.REVOKED: "nothing comes of it: a new form",
}
_LOST = frozenset({UserIdRequestState.EXPIRED, UserIdRequestState.RETURNED_MAIL})
_COMING = frozenset({*OPEN_USER_ID_STATES, *TO_MAIL_STATES, UserIdRequestState.MAILED})
_ADMINISTRATOR = {
    Administrator.ACTIVE: "the employer's administrator ID is active",
    Administrator.COMING: "the employer's administrator ID waits for its first sign-in",
    Administrator.LOCKED: "the employer's administrator ID is locked by wrong passwords",
    Administrator.SUSPENDED: "the employer's administrator ID is suspended",
    Administrator.NONE: "the employer has no administrator ID",
}
_STOPPED = {
    Administrator.LOCKED: "locked, after too many wrong passwords",
    Administrator.SUSPENDED: "suspended",
}
_SERVES_ALL = "one serves all group numbers of the employer"
_BY_RESET = "A request form, sent by fax, asks for a reset; the new code comes by mail."


# -- where the letter is -----------------------------------------------------------------------------


def letter(facts: Facts) -> Said | None:
    """Where the letter with ID and code is: the day it arrives by, never when it is mailed by (R06, R07)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.newest is None:
        return _no_request(ids, facts)
    one = ids.newest
    return Said(_short(one, facts), say.sentence(one.standing, facts.today), _because(ids, one))


def _no_request(ids: UserIds, facts: Facts) -> Said:
    because = (_ADMINISTRATOR[ids.administrator], "no request on record")
    if ids.administrator is not Administrator.NONE:
        return Said(
            "no request; the administrator ID is there",
            "No letter is on its way: your company's administrator ID is there, and no new request came in.",
            because,
        )
    return Said(
        "no request has come in",
        "No request form of your company has come in. Once it is here by fax, ID and code come by mail "
        f"within {facts.plan.arrive_days} business days.",
        because,
    )


def _because(ids: UserIds, one: Request) -> tuple[str, ...]:
    standing = one.standing
    mailed = f" {standing.mailed_on}" if standing.state is UserIdRequestState.MAILED else ""
    comes = "was to arrive by" if standing.late else "arrives by"
    told = standing.arrive_by and standing.state in _COMING and not standing.unsettled
    by = f", {comes} {standing.arrive_by}" if told else ""
    asked = f"{one.number} {_ASKED[standing.kind]}, faxed {standing.received_on}"
    return (
        f"{asked}: {standing.state.value.replace('_', ' ')}{mailed}{by}",
        _ADMINISTRATOR[ids.administrator],
    )


def _short(one: Request, facts: Facts) -> str:
    standing = one.standing
    if standing.state in _SHORT:
        return _SHORT[standing.state]
    if standing.state is UserIdRequestState.REFUSED:
        return f"refused: {say.REFUSED[standing.deny_reason]}" if standing.deny_reason else "refused"
    if standing.arrive_by is None:
        return f"{one.number} incomplete: the days stand still"
    if standing.unsettled:
        return f"{one.number} is being checked: no date yet"
    if standing.late or standing.arrive_by < facts.today:
        return f"{one.number} is late, was to arrive by {standing.arrive_by:%m-%d}"
    return f"{one.number} arrives by {standing.arrive_by:%m-%d}"


# -- the employer's IDs ------------------------------------------------------------------------------


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
    on_its_way = ids.newest is not None and ids.newest.standing.state in _COMING
    if ids.administrator in _STOPPED and not on_its_way:
        return _stopped(ids)
    return letter(facts) if ids.newest is not None else None


def _stopped(ids: UserIds) -> Said:
    how = _STOPPED[ids.administrator]
    return Said(
        f"{ids.administrator.value}: a form for a reset",
        f"Your company's administrator ID is {how}. {_BY_RESET}",
        (_ADMINISTRATOR[ids.administrator], _SERVES_ALL),
    )


def more_ids(facts: Facts) -> Said | None:
    """Whether somebody of the client can make further IDs yet (R10, R11)."""
    ids = facts.user_ids
    if ids is None:
        return None
    because = (_ADMINISTRATOR[ids.administrator], *_further(ids))
    if ids.managed:
        return Said(
            "yes: your administrator, under Account Access",
            "Yes. Your administrator makes them under Account Access, and gives each only what that person's "
            "work needs. We cannot make them for you.",
            because,
        )
    if ids.administrator in _STOPPED:
        how = _STOPPED[ids.administrator]
        return Said(
            "once your own ID works again: Account Access",
            f"Yes, once your company's administrator ID works again: it is {how}. {_BY_RESET} The "
            "administrator then makes further ones under Account Access; we cannot make them for you.",
            because,
        )
    return Said(
        "after your own ID: your administrator, Account Access",
        "Yes, once your company's own administrator ID is there. The administrator then makes further ones "
        "under Account Access; we cannot make them for you.",
        because,
    )


def _further(ids: UserIds) -> tuple[str, ...]:
    if not ids.further:
        return ()
    return (f"{ids.further} further ID{'s' if ids.further > 1 else ''} of the client can be used",)


def administrator(facts: Facts) -> Said | None:
    """One administrator ID an employer: whether it is there, and which form to send (R09)."""
    ids = facts.user_ids
    if ids is None:
        return None
    if ids.administrator in _STOPPED:
        return _stopped(ids)
    because = (_ADMINISTRATOR[ids.administrator], _SERVES_ALL)
    if ids.administrator is Administrator.ACTIVE:
        return Said(
            "it is there: a form resets or replaces it",
            "Your company has its administrator ID, and there is one for each employer. A form asks for a "
            "reset, or for a replacement when somebody else takes over.",
            because,
        )
    if ids.administrator is Administrator.COMING:
        lost = ids.newest is not None and ids.newest.standing.state in _LOST
        if lost and (said := letter(facts)) is not None:
            return said
        return Said(
            "it is on its way, and there is one for each employer",
            "Your company's administrator ID is on its way by mail, and there is one for each employer. A "
            "second form brings no second one.",
            because,
        )
    return Said(
        "none yet: a form for the first ID",
        "Your company has no administrator ID yet. The request form asks for the first one, by fax.",
        because,
    )


RULES: Mapping[str, Callable[[Facts], Said | None]] = {
    "begin": begin,
    "more_ids": more_ids,
    "administrator": administrator,
    "letter": letter,
}
