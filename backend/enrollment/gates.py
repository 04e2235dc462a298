"""What lets an enrollment transaction through, what refers or refuses it, and what makes it doubtful. Pure.

The plan's FAQ [S]: demographic changes and terminations are completed at once; COBRA is done online only by a
client who manages its own COBRA population; Medicare goes to the group representative.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta

from api_client.types.user_id_words import Privilege
from api_client.types.words import Channel, CobraAdmin, ContactRole, GroupState, Outcome, TransactionType
from backend.accounts.rules import SizeClass, cobra_online, plan_administers_cobra, size_class
from backend.enrollment.rules import AT_ONCE, Stopped, Transaction, Wanted, day_of
from backend.policy.policy import EnrollmentPolicy, TermEffectiveRule
from backend.user_ids.delegation import LOOK_AND_PAY, UNPAID

_SPOUSES = frozenset({"01", "53"})
_CHILDREN = frozenset({"09", "10", "17", "19"})
SSN_DIGITS = 9
_YEAR = timedelta(days=365.25)
_COBRA_EVENTS = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "ZZ"})
"""INS07 (005010X220A1)."""


# -- who submits -----------------------------------------------------------------------------------

_NEEDED = {
    TransactionType.ENROLL: Privilege.MEMBERS_ENROLL,
    TransactionType.REINSTATE: Privilege.MEMBERS_ENROLL,
    TransactionType.ADD_DEPENDENT: Privilege.MEMBERS_ENROLL,
    TransactionType.TRANSFER: Privilege.MEMBERS_ENROLL,
    TransactionType.TERMINATION: Privilege.MEMBERS_TERMINATE,
    TransactionType.DEMOGRAPHIC: Privilege.MEMBERS_DEMOGRAPHIC,
}
_MAY = {
    Privilege.MEMBERS_ENROLL: "enroll members",
    Privilege.MEMBERS_TERMINATE: "end coverage",
    Privilege.MEMBERS_DEMOGRAPHIC: "change members' data",
    Privilege.COBRA_MANAGE: "manage COBRA",
}


def lacks_privilege(
    transaction: Transaction, privileges: frozenset[Privilege], *, cobra: bool, unpaid: bool
) -> str:
    """Which privilege the user ID lacks, in a sentence; empty when it has what is needed.

    COBRA is asked about on its own, after the gate: where the client does not do COBRA, nobody can have it.
    Where coverage ended `unpaid`, an ID that has the privilege may look and pay only.
    """
    needed = Privilege.COBRA_MANAGE if cobra else _NEEDED[transaction.type]
    if cobra and not transaction.cobra:
        return ""
    if needed in privileges:
        return UNPAID if unpaid and needed not in LOOK_AND_PAY else ""
    return f"this user ID may not {_MAY[needed]}; the client's administrator can allow it"


# -- the group -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """What the gates must know of the group."""

    state: GroupState
    ended_on: date | None
    employees: int | None
    cobra_admin: CobraAdmin
    phone: str
    """The number on its bill."""
    contacts: Mapping[ContactRole, str] = field(default_factory=dict)
    """Name and phone of who has a role today."""
    unpaid: bool = False
    """Its coverage ended because premium was not paid."""

    def whom(self, role: ContactRole | None) -> str:
        """Whom to call: who has the role, else the number on the bill."""
        if role is None:
            return self.phone
        one = self.contacts.get(role)
        return f"{_ROLES[role]}, {one}" if one else self.phone


_ROLES = {
    ContactRole.TPA: "the administrator",
    ContactRole.GROUP_REPRESENTATIVE: "the group representative",
}


def gate(transaction: Transaction, group: Group, policy: EnrollmentPolicy) -> Stopped | None:
    """Why nothing is done with the transaction; None when it may go on.

    A change or an end of somebody with Medicare is done at once like any other. A late addition is queued by
    its own reason, not refused here.
    """
    if group.state is GroupState.TERMINATED:
        return Stopped(f"the group ended on {group.ended_on}")
    if group.ended_on and any(one.starts_on > group.ended_on for one in transaction.wanted):
        return Stopped(f"the group ends on {group.ended_on}, before coverage would begin")
    if group.unpaid and transaction.type not in AT_ONCE:
        return Stopped("the group's coverage ended because premium was not paid")
    if transaction.type not in AT_ONCE and is_medicare(transaction, policy):
        return medicare_referral(group)
    return _cobra(transaction, group)


def is_medicare(transaction: Transaction, policy: EnrollmentPolicy) -> bool:
    """Whether it is a Medicare act: a Senior plan, TEFRA (INS05 T), or a request to set up Medicare [S].

    That somebody has Part A or B (INS06) is data.
    """
    plans = [one.plan.upper() for one in transaction.wanted]
    return transaction.medicare or any(
        senior.upper() in plan for plan in plans for senior in policy.senior_plans
    )


def medicare_referral(group: Group) -> Stopped:
    """The plan's FAQ: Medicare enrollment goes through the group representative."""
    role = ContactRole.GROUP_REPRESENTATIVE
    why = f"Medicare enrollment goes through the group representative: call {group.whom(role)}"
    return Stopped(why, Outcome.REFERRED, role)


def _cobra(transaction: Transaction, group: Group) -> Stopped | None:
    """COBRA by size class and administrator; an end of coverage needs no gate."""
    if not transaction.cobra or transaction.type is TransactionType.TERMINATION:
        return None
    size = size_class(group.employees)
    if transaction.channel is Channel.PHONE:
        if plan_administers_cobra(size, group.cobra_admin):
            return None
        if size is SizeClass.FEDERAL and group.cobra_admin is CobraAdmin.CLIENT:
            return Stopped(COBRA_OF_THE_CLIENT)
    answer = cobra_online(size, group.cobra_admin)
    if answer.online:
        return None
    why = {
        ContactRole.TPA: "an administrator handles it for this group",
        ContactRole.GROUP_REPRESENTATIVE: "the size of the group is not known to us",
        None: "the plan handles it for this group",
    }[answer.contact]
    how = _HOW.get(transaction.channel, "by file")
    return Stopped(
        f"COBRA cannot be done {how}, because {why}: call {group.whom(answer.contact)}",
        Outcome.REFERRED if transaction.channel in _HOW else Outcome.REFUSED,
        answer.contact,
    )


COBRA_OF_THE_CLIENT = (
    "COBRA cannot be done by phone, because the client manages its own COBRA: it is done online or by file"
)
_HOW = {Channel.ONLINE: "online", Channel.PHONE: "by phone"}
"""Doors with somebody before them who can be referred; a file has nobody."""


# -- what it says ----------------------------------------------------------------------------------


def impossible(transaction: Transaction, policy: EnrollmentPolicy) -> Stopped | None:
    """Why what it says cannot be; None when it can."""
    born = day_of(transaction.birth_date)
    if born and born > transaction.dated:
        return Stopped("the birth date lies in the future")
    if transaction.type is TransactionType.TERMINATION:
        return _termination(transaction, policy)
    if any(one.ends_on and one.ends_on < one.starts_on for one in transaction.wanted):
        return Stopped("coverage ends before it begins")
    if transaction.channel in _HOW and transaction.type not in AT_ONCE and transaction.cobra:
        # Who fills in a form can put it right at once; a file goes to a person instead.
        return Stopped(f"COBRA {missing}") if (missing := _cobra_incomplete(transaction)) else None
    return None


def _cobra_incomplete(transaction: Transaction) -> str:
    if transaction.cobra_event not in _COBRA_EVENTS:
        return "without its qualifying event (INS07)"
    return "" if transaction.cobra_event_on else "without the day of its qualifying event"


def _termination(transaction: Transaction, policy: EnrollmentPolicy) -> Stopped | None:
    """A termination needs its end date, and reaches back only so far."""
    if transaction.ends_on is None:
        return Stopped("the day coverage ends is missing")
    if transaction.ends_on.year == MAXYEAR:
        return Stopped("it is to end in the year 9999, which means never")
    ends_on = last_covered_day(transaction.ends_on, policy.term_effective_rule)
    assert ends_on is not None
    earliest = earliest_uncovered(transaction.dated, policy.retro_term_months)
    if ends_on + timedelta(days=1) < earliest:
        return Stopped(f"the end lies before {earliest}, the first day a termination may reach back to")
    return None


def earliest_uncovered(dated: date, retro_months: int) -> date:
    """The first day without coverage that an end sent on a day may reach back to: the first of its month, or
    of as many months before."""
    earliest = dated.replace(day=1)
    for _ in range(retro_months):
        earliest = (earliest - timedelta(days=1)).replace(day=1)
    return earliest


def last_covered_day(sent: date | None, rule: TermEffectiveRule) -> date | None:
    """The last covered day of a termination: as sent, or the last of its month."""
    if sent is None or rule is TermEffectiveRule.AS_SENT:
        return sent
    return (sent.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


# -- doubts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Around:
    """What is on record around an enrollment."""

    subscriber_known: bool = True
    subscriber_born: date | None = None
    subscriber_until: date | None = None
    """Last covered day of the subscriber; None while coverage runs."""
    covered_before: bool = True
    """Somebody was covered under the subscriber number."""
    waiting: str = ""
    """The queue item of another enrollment of this person."""
    same_ssn: str = ""
    """The queue item of somebody else with this SSN."""


def doubts(
    transaction: Transaction, wanted: tuple[Wanted, ...], around: Around, policy: EnrollmentPolicy
) -> tuple[str, ...]:
    """Why a person must look at an enrollment before anything is matched; empty when nobody must."""
    found = list(transaction.doubts)
    starts = [one.starts_on for one in wanted]
    if not starts and transaction.begins_on:
        starts = [transaction.begins_on]
    if not transaction.about_subscriber:
        if not around.subscriber_known:
            found.append("the subscriber is not on record under this number")
        elif around.subscriber_until and (not starts or around.subscriber_until < min(starts)):
            found.append(f"the subscriber's coverage ended on {around.subscriber_until}")
    if transaction.type is TransactionType.REINSTATE and not around.covered_before:
        found.append("nobody was covered before under this number")
    if starts and min(starts) < transaction.dated - timedelta(days=policy.retro_add_days):
        found.append(f"coverage is to begin more than {policy.retro_add_days} days back")
    if transaction.ssn and (len(transaction.ssn) != SSN_DIGITS or len(set(transaction.ssn)) == 1):
        found.append("the SSN is a placeholder or has not nine digits")
    if transaction.cobra and (missing := _cobra_incomplete(transaction)):
        found.append(f"COBRA {missing}")
    found += _ages(transaction, around, policy)
    if around.waiting:
        found.append(f"another enrollment of this person waits, as {around.waiting}")
    if around.same_ssn:
        found.append(f"somebody else with this SSN waits, as {around.same_ssn}")
    if not wanted and not found:
        found.append("it names no coverage")
    return tuple(found)


def _ages(transaction: Transaction, around: Around, policy: EnrollmentPolicy) -> list[str]:
    born, relationship = day_of(transaction.birth_date), transaction.relationship
    if relationship in _SPOUSES and _years(born, transaction.dated) < policy.spouse_min_age:
        return [f"a spouse younger than {policy.spouse_min_age}"]
    if relationship in _CHILDREN and _years(around.subscriber_born, born) < policy.parent_gap_years:
        return [f"a child less than {policy.parent_gap_years} years younger than the subscriber"]
    return []


def _years(start: date | None, end: date | None) -> float:
    """Years between two days; without end for what is not known."""
    return (end - start) / _YEAR if start and end else math.inf
