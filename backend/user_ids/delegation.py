"""What the people of a client may do with each other's user IDs. Pure.

The plan's FAQ: the plan gives one ID with the administrator's privileges, and the client creates further IDs
with various privileges. So nobody grants what he lacks, and nothing the client does leaves it without an
administrator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from api_client.types.user_id_words import (
    MAY,
    PersonIs,
    Privilege,
    SuspendedBy,
    UserKind,
    UserRole,
    UserState,
)
from backend.matching.normalise import name_key
from backend.refusal import Refusal, not_allowed, rule_refuses
from backend.user_ids.rules import STATE_IS

# -- privileges ------------------------------------------------------------------------------------

_VIEW = frozenset(
    {Privilege.MEMBERS_VIEW, Privilege.BILLING_VIEW, Privilege.DOCUMENTS_VIEW, Privilege.REPORTS}
)
_MEMBERS = frozenset(
    {
        Privilege.MEMBERS_VIEW,
        Privilege.MEMBERS_ENROLL,
        Privilege.MEMBERS_TERMINATE,
        Privilege.MEMBERS_DEMOGRAPHIC,
        Privilege.IDCARD_ORDER,
    }
)
_BILLING = frozenset(
    {Privilege.BILLING_VIEW, Privilege.BILLING_PAY, Privilege.DOCUMENTS_VIEW, Privilege.REPORTS}
)
BUNDLES: dict[UserRole, frozenset[Privilege]] = {
    UserRole.VIEWER: _VIEW,
    UserRole.MEMBER_CLERK: _MEMBERS,
    UserRole.BILLING_CLERK: _BILLING,
    UserRole.FULL_USER: _VIEW | _MEMBERS | _BILLING,
    UserRole.ADMINISTRATOR: frozenset(Privilege),
}
"""What the usual roles may do."""
LOOK_AND_PAY = _VIEW | {Privilege.BILLING_PAY}
"""What is left for a group whose coverage ended because premium was not paid."""
UNPAID = (
    "coverage of the group ended because premium was not paid; until it is reinstated, "
    "its user IDs may look and pay only"
)
_COBRA_ASIDE = frozenset({Privilege.COBRA_MANAGE})


def role_of(kind: UserKind, privileges: Set[Privilege]) -> UserRole:
    """The usual role that may do just this, with or without COBRA; OTHER for any other choice."""
    if kind is UserKind.ADMINISTRATOR:
        return UserRole.ADMINISTRATOR
    for role, bundle in BUNDLES.items():
        if privileges - _COBRA_ASIDE == bundle - _COBRA_ASIDE:
            return role
    return UserRole.OTHER


def in_group(given: Set[Privilege], *, unpaid: bool, cobra: bool) -> frozenset[Privilege]:
    """What is left of a choice of privileges in one group today.

    COBRA only where the client manages its own; look and pay only where coverage ended unpaid.
    """
    left = frozenset(given) if cobra else frozenset(given) - _COBRA_ASIDE
    return left & LOOK_AND_PAY if unpaid else left


def in_order(privileges: Iterable[Privilege]) -> list[Privilege]:
    """Privileges in the order in which they are always told."""
    return sorted(privileges, key=list(Privilege).index)


def in_words(privileges: Iterable[Privilege]) -> str:
    """Privileges as they are told to people."""
    return ", ".join(MAY[one] for one in in_order(privileges))


# -- one ID ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A user ID as the rules see it; never the ID itself."""

    number: str
    kind: UserKind
    person: str
    person_is: PersonIs
    privileges: frozenset[Privilege]
    state: UserState
    suspended_by: SuspendedBy | None
    until: date | None
    """Last day: its own, or that of the record of the broker or third-party administrator."""
    active_since: date
    """Since when it is unused: its last use, or the day it came into its state."""


_IN_USE = frozenset({UserState.ACTIVE, UserState.SUSPENDED, UserState.LOCKED})
"""Was activated and is not over."""
THERE = _IN_USE | {UserState.PENDING}
"""Somebody has it, activated or not."""
OVER = frozenset(UserState) - THERE
"""Nobody can use it any more."""
NOT_ON_RECORD = date.min
"""The last day of an agent's ID while no record of the agent is in force."""


def state_of(one: Held, today: date) -> UserState:
    """The state it has today: an ID whose last day is over has ended by itself."""
    over = one.until is not None and one.until < today
    return UserState.ENDED if over and one.state in THERE else one.state


def is_administrator(one: Held, today: date) -> bool:
    """Whether it can manage the client's IDs today."""
    return state_of(one, today) is UserState.ACTIVE and Privilege.USERS_MANAGE in one.privileges


def lasts(users: Iterable[Held], today: date) -> date:
    """How long the client has an administrator as things stand; the first of all days for none.

    An agent's ID ends with the agent's record, so it never lasts as long as one of an employee.
    """
    return max((_last_day(one) for one in users if is_administrator(one, today)), default=date.min)


def _last_day(one: Held) -> date:
    if one.until is not None:
        return one.until
    return date.max if one.person_is is PersonIs.EMPLOYEE else date.max - timedelta(days=1)


def last_administrator_refused(users: Collection[Held], changed: Held, today: date) -> Refusal | None:
    """Why one ID cannot become as `changed` says: the client would have no administrator, now or sooner.

    After the first activation neither an act of the client nor lack of use does that; the plan replaces the
    administrator.
    """
    after = [changed if one.number == changed.number else one for one in users]
    if lasts(after, today) >= lasts(users, today):
        return None
    return rule_refuses(
        "This is the last administrator: it can be neither suspended, ended nor limited. Give somebody else "
        "the right to manage user IDs first, or ask the plan for a replacement by fax."
    )


def second_administrator_refused(users: Iterable[Held], one: Held, today: date) -> Refusal | None:
    """Why an ID of the plan's cannot be used (again): there is another, and each client has one (R09)."""
    if one.kind is UserKind.USER:
        return None
    others = [
        other
        for other in users
        if other.kind is UserKind.ADMINISTRATOR and other.number != one.number and is_in_use(other, today)
    ]
    if not others:
        return None
    return rule_refuses(
        f"{others[0].number} is the administrator ID of this client, and there is one for each client."
    )


def is_in_use(one: Held, today: date) -> bool:
    """Whether it was activated and is not over, working or not."""
    return state_of(one, today) in _IN_USE


def is_there(one: Held, today: date) -> bool:
    """Whether somebody has it, activated or not."""
    return state_of(one, today) in THERE


# -- acts of the client ----------------------------------------------------------------------------


class Act(StrEnum):
    """What an administrator of the client does with an ID that is there."""

    CHANGE = "change"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    RESET = "reset"


_FROM: dict[Act, frozenset[UserState]] = {
    Act.CHANGE: THERE,
    Act.SUSPEND: frozenset({UserState.PENDING, UserState.ACTIVE, UserState.LOCKED}),
    Act.RESUME: frozenset({UserState.SUSPENDED}),
    Act.END: THERE,
    Act.RESET: frozenset({UserState.PENDING, UserState.ACTIVE, UserState.LOCKED}),
}
_OF_THE_PLAN: dict[Act, str] = {
    Act.CHANGE: "The plan gave this ID out: its privileges are the administrator's, and it has no last day.",
    Act.END: "The plan gave this ID out: it ends when the plan replaces it. Fax the form for a replacement.",
    Act.RESET: "The plan gave this ID out: a new code for it comes by mail. Fax the form for a reset.",
}


def manage_refused(own: Set[Privilege], *, unpaid: bool) -> Refusal | None:
    """Why somebody cannot manage user IDs; `own` is what is left to him today."""
    if Privilege.USERS_MANAGE in own:
        return None
    if unpaid:
        return rule_refuses(f"{UNPAID[0].upper()}{UNPAID[1:]}.")
    return not_allowed("This user ID may not manage user IDs; the client's administrator can allow it.")


def grant_refused(own: Set[Privilege], wanted: Set[Privilege], *, cobra: bool) -> Refusal | None:
    """Why this choice cannot be granted: nobody grants what he lacks."""
    if not wanted:
        return rule_refuses("A user ID needs at least one privilege.")
    if Privilege.COBRA_MANAGE in wanted and not cobra:
        return rule_refuses(
            "COBRA is not managed online for this employer, so nobody can be given the right to it."
        )
    lacking = wanted - own
    if lacking:
        return not_allowed(f"Nobody grants what he lacks. Your user ID may not: {in_words(lacking)}.")
    return None


def until_refused(own: date | None, until: date | None) -> Refusal | None:
    """Why this last day cannot be given by somebody whose own ID has one: nobody grants what he lacks."""
    if own is None or (until is not None and until <= own):
        return None
    return not_allowed(
        f"Nobody grants what he lacks. Your user ID works until {own}: name that day or an earlier one."
    )


def reach_refused(own: Set[int], theirs: Set[int]) -> Refusal | None:
    """Why somebody who serves some accounts of the client has no say about an ID that serves others too."""
    if theirs <= own:
        return None
    return not_allowed(
        "Your user ID serves only some of the client's group numbers, and this one is for others too."
    )


def act_refused(act: Act, one: Held, *, own: Set[Privilege], cobra: bool, today: date) -> Refusal | None:
    """Why somebody who may manage user IDs cannot do this with one of them."""
    if one.kind is UserKind.ADMINISTRATOR and act in _OF_THE_PLAN:
        return rule_refuses(_OF_THE_PLAN[act])
    more = in_group(one.privileges, unpaid=False, cobra=cobra) - own
    if more:
        return not_allowed(f"{one.number} may do more than your user ID: {in_words(more)}.")
    state = state_of(one, today)
    unused_yet = one.kind is UserKind.ADMINISTRATOR and state is UserState.PENDING
    if state not in _FROM[act] or unused_yet:
        return rule_refuses(f"{one.number} {STATE_IS[state]}.")
    if act is Act.RESUME and one.suspended_by is SuspendedBy.SECURITY:
        return rule_refuses(f"{one.number} was blocked by the plan, and only the plan lets it go on.")
    return None


def person_refused(users: Iterable[Held], person: str, today: date) -> Refusal | None:
    """Why this person gets no further ID: one person has one."""
    own = name_key(person)
    if not own:
        return rule_refuses("The name of the person is missing.")
    for one in users:
        if is_there(one, today) and name_key(one.person) == own:
            return rule_refuses(f"This person has a user ID, {one.number}; one person has one.")
    return None


@dataclass(frozen=True)
class Agent:
    """A broker or third-party administrator on record in force, and the last day of the record."""

    role: PersonIs
    name: str
    until: date | None


def records_of(agents: Iterable[Agent], person: str, person_is: PersonIs) -> list[Agent]:
    """What is on record of this agent today."""
    own = name_key(person)
    return [one for one in agents if one.role is person_is and name_key(one.name) == own]


def last_day(own: date | None, person: str, person_is: PersonIs, agents: Iterable[Agent]) -> date | None:
    """The last day of an ID: its own or that of the agent's record, whichever comes first.

    NOT_ON_RECORD for an agent without a record in force, None for no end.
    """
    if person_is is PersonIs.EMPLOYEE:
        return own
    records = records_of(agents, person, person_is)
    if not records:
        return NOT_ON_RECORD
    ends = [one.until for one in records]
    known = [day for day in ends if day is not None]
    end = max(known) if len(known) == len(ends) else None
    days = [day for day in (own, end) if day is not None]
    return min(days, default=None)


def employee_refused(agents: Iterable[Agent], person: str, person_is: PersonIs) -> Refusal | None:
    """Why an ID cannot be given as an employee's: it is an agent's, and would not end with the record."""
    if person_is is not PersonIs.EMPLOYEE or name_key(person) not in {name_key(one.name) for one in agents}:
        return None
    return rule_refuses(
        "This name is on record as the client's broker or third-party administrator, whose user ID ends with "
        "the record: make it as theirs."
    )


def agent_refused(until: date | None, person_is: PersonIs, today: date) -> Refusal | None:
    """Why an ID with this last day can be given to nobody."""
    if until == NOT_ON_RECORD:
        role = "broker of record" if person_is is PersonIs.BROKER else "third-party administrator"
        return rule_refuses(
            f"Nobody of this name is on record as the client's {role} today. The client sends us the "
            "document first."
        )
    if until is not None and until < today:
        return rule_refuses("The last day of a user ID cannot be over already.")
    return None


# -- acts of the plan ------------------------------------------------------------------------------


def block_refused(one: Held, today: date) -> Refusal | None:
    """Why the plan has nothing to block."""
    state = state_of(one, today)
    if one.suspended_by is SuspendedBy.SECURITY and state is UserState.SUSPENDED:
        return rule_refuses(f"{one.number} is blocked already; a lead lets it go on.")
    return None if state in THERE else rule_refuses(f"{one.number} {STATE_IS[state]}.")


def lift_refused(one: Held, today: date) -> Refusal | None:
    """Why there is no block of the plan's to lift."""
    state = state_of(one, today)
    if state is not UserState.SUSPENDED:
        return rule_refuses(f"{one.number} {STATE_IS[state]}; there is no block to lift.")
    if one.suspended_by is not SuspendedBy.SECURITY:
        return rule_refuses(
            f"{one.number} is not blocked by the plan: the client's administrator lets it go on, or the "
            "client faxes the form for a reset."
        )
    return None


def resumed(*, has_password: bool, wrong_passwords: int, most: int) -> UserState:
    """What an ID is when its suspension is over: as it was before, so nothing unlocks it on the way."""
    if not has_password:
        return UserState.PENDING
    return UserState.LOCKED if wrong_passwords >= most else UserState.ACTIVE


# -- lack of use -----------------------------------------------------------------------------------


def is_unused(one: Held, today: date, days: int) -> bool:
    """Whether nobody has used it for more than so many days."""
    return one.state is UserState.ACTIVE and today - one.active_since > timedelta(days=days)


def to_suspend(users: Collection[Held], today: date, days: int) -> list[Held]:
    """Which IDs of a client lapse for lack of use, the longest unused first; never the last administrator."""
    left, lapsing = list(users), []
    for one in sorted(users, key=lambda user: (user.active_since, user.number)):
        if not is_unused(one, today, days) or state_of(one, today) is UserState.ENDED:
            continue
        rest = [other for other in left if other.number != one.number]
        if lasts(rest, today) >= lasts(left, today):
            left = rest
            lapsing.append(one)
    return lapsing
