"""What an enrollment transaction needs before anything is done with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api_client.types.words import CobraAdmin, GroupState, Outcome, TransactionType
from backend.accounts.rules import cobra_online, size_class
from backend.matching import normalise
from backend.policy.policy import EnrollmentPolicy

AT_ONCE = frozenset({TransactionType.DEMOGRAPHIC, TransactionType.TERMINATION})
"""The plan's FAQ: demographic changes and terminations are completed when they are submitted."""


@dataclass(frozen=True)
class Refused:
    """The transaction is not done: refused with the reason, or referred to somebody."""

    why: str
    outcome: Outcome = Outcome.REFUSED


@dataclass(frozen=True)
class Group:
    """What the gates must know of the group."""

    state: GroupState
    ended_on: date | None
    employees: int
    cobra_admin: CobraAdmin


@dataclass(frozen=True)
class Request:
    """What the gates must know of the transaction."""

    type: TransactionType
    online: bool
    """Submitted by the client itself, where COBRA has a gate of its own."""
    cobra: bool
    medicare: bool
    """A Medicare act: a Senior plan, TEFRA, or a request to set up Medicare; never a mere Part A mark."""
    received_on: date
    starts_on: date | None = None
    ends_on: date | None = None
    birth_date: str = ""
    ssn: str = ""
    relationship: str = "18"


def gate(request: Request, group: Group | None, policy: EnrollmentPolicy) -> Refused | None:
    """Why nothing is done with the transaction; None when it may go on.

    COBRA online only if the client manages its own COBRA population; Medicare goes to the group
    representative [S]. A retroactive add is queued by its own reason, not refused here.
    """
    if group is None:
        return Refused("there is no such group")
    if group.state is GroupState.TERMINATED and request.type not in AT_ONCE:
        return Refused(f"the group ended on {group.ended_on}")
    if request.medicare:
        return Refused("Medicare enrollment goes through the group representative", Outcome.REFERRED)
    if request.cobra:
        answer = cobra_online(size_class(group.employees), group.cobra_admin)
        if not answer.online:
            return Refused(answer.sentence, Outcome.REFERRED if request.online else Outcome.REFUSED)
    return _values(request, policy)


def _values(request: Request, policy: EnrollmentPolicy) -> Refused | None:
    if request.birth_date and _in_future(request.birth_date, request.received_on):
        return Refused("the birth date lies in the future")
    if request.type is TransactionType.TERMINATION:
        return _termination(request, policy)
    if request.type not in AT_ONCE and request.starts_on is None:
        return Refused("the day coverage begins is missing")
    if request.starts_on and request.ends_on and request.ends_on < request.starts_on:
        return Refused("coverage ends before it begins")
    return None


def _in_future(birth_date: str, today: date) -> bool:
    try:
        return date.fromisoformat(birth_date) > today
    except ValueError:
        return False


def _termination(request: Request, policy: EnrollmentPolicy) -> Refused | None:
    """A termination needs its end date, and reaches back only so far."""
    if request.ends_on is None:
        return Refused("the day coverage ends is missing")
    first_uncovered = request.ends_on + timedelta(days=1)
    if policy.term_retro_current_month and first_uncovered < request.received_on.replace(day=1):
        return Refused("the end lies before the month in which the termination was received")
    return None


def doubt(request: Request, policy: EnrollmentPolicy) -> str:
    """Why a person must look at an enrollment before anything is matched; empty when nobody must."""
    starts_on = request.starts_on
    if starts_on and starts_on < request.received_on - timedelta(days=policy.add_retro_days):
        return f"coverage is to begin more than {policy.add_retro_days} days back"
    if request.ssn and not normalise.ssn(request.ssn):
        return "the SSN is a placeholder or impossible"
    return ""


def family_size(members: Sequence[object]) -> str:
    """How many people an act on a whole family concerns, in words."""
    return "one member" if len(members) == 1 else f"{len(members)} members"
