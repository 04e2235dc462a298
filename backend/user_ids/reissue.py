"""When a new letter goes because the one with ID or code did not come, and who may order it. Pure.

Nobody can read a code to a caller: there is none to be read. The lost one dies, and another goes by mail to
the address of record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from api_client.types.user_id_words import ON_THE_WAY_STATES, TO_MAIL_STATES, UserIdRequestState, UserState
from api_client.types.words import GroupState, Role
from backend.policy.policy import UserIdPolicy
from backend.refusal import Refusal, not_allowed, rule_refuses
from backend.user_ids.decisions import Decider

_S = UserIdRequestState
ADDRESS_FIRST = "Let the caller say the address of record first: y. A new letter goes there, nowhere else."


@dataclass(frozen=True)
class LostLetter:
    """A request whose letter may be lost."""

    number: str
    state: UserIdRequestState
    arrive_by: date | None
    reissues: int
    user_state: UserState
    """Of the ID that the letter is about."""
    group_state: GroupState
    address_changed_on: date | None
    address_changed_by: str
    """Such as `rep:m.lopez`."""
    elsewhere: bool = False
    """Whether the letter that waits for the post is written to an address that is not on record any more."""


def refused(one: LostLetter, by: Decider, today: date, policy: UserIdPolicy) -> Refusal | None:
    """Why no new letter can be ordered by who asks today; None when it can.

    Before the day it arrives by the caller waits. From the third new letter (`user_ids.reissues_before_lead`)
    and after a recent move a lead orders it, who did not change the address.
    """
    if one.state in TO_MAIL_STATES and one.elsewhere:
        return rule_refuses(f"The letter waits: {moved_since(one.number)}.")
    if one.state not in ON_THE_WAY_STATES:
        return rule_refuses(_NOT_MAILED.get(one.state, "No letter of this request is in the mail."))
    if one.group_state is not GroupState.ACTIVE:
        return rule_refuses("The group is not active: no letter with a code goes to it.")
    if one.user_state in (UserState.ENDED, UserState.WITHDRAWN):
        return rule_refuses("The user ID of this request has ended; the client asks for one on a new form.")
    if one.state is _S.MAILED and one.arrive_by is not None and today <= one.arrive_by:
        return rule_refuses(f"Wait until {one.arrive_by} is over: the letter arrives by then.")
    if by.role is Role.REP and one.reissues + 1 >= policy.reissues_before_lead:
        return not_allowed(f"{one.reissues} new letters went already: a lead orders another.")
    moved = one.address_changed_on
    if moved is not None and today - moved <= timedelta(days=policy.recent_move_days):
        if by.role is Role.REP:
            return not_allowed(f"The address changed on {moved}: a lead orders the new letter.")
        if by.actor == one.address_changed_by:
            return not_allowed("You changed the address of record: another lead orders the new letter.")
    return None


def moved_since(number: str) -> str:
    """Why a letter with ID or code of this request cannot go, and what to do."""
    return (
        f"the address of record has changed since {number} was approved, and nobody has agreed to it. "
        f"Take the approval of {number} back and approve it anew"
    )


_NOT_MAILED = {
    **dict.fromkeys(TO_MAIL_STATES, "The letter is not mailed yet: it goes with the next mailing."),
    _S.ACTIVATED: "The code was used. For a lost password the client faxes the form and ticks a new code.",
    _S.REFUSED: "The request was denied: the client faxes another form.",
    _S.REVOKED: "The request was stopped: the client faxes another form.",
}


def will(one: LostLetter) -> str:
    """What a new letter does."""
    what = "the code in the mail works no more" if one.state is _S.MAILED else "the old code works no more"
    return f"{what}, and a new letter of {one.number} goes to the address of record"
