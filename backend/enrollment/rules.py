"""What an enrollment transaction needs before anything is done with it, and whom it is about. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from api_client.types.words import (
    Channel,
    CobraAdmin,
    FileKind,
    FilingMethod,
    GroupState,
    Outcome,
    PartnerStatus,
    Sex,
    TransactionType,
)
from backend.accounts.rules import cobra_online, size_class
from backend.policy.policy import EnrollmentPolicy

AT_ONCE = frozenset({TransactionType.DEMOGRAPHIC, TransactionType.TERMINATION})
"""The plan's FAQ: demographic changes and terminations are completed when they are submitted."""
SUBSCRIBER = "18"
_SPOUSES = frozenset({"01", "53"})
_CHILDREN = frozenset({"09", "10", "17", "19"})
_YEAR = timedelta(days=365.25)
_SSN_DIGITS = 9


@dataclass(frozen=True)
class Wanted:
    """Coverage that is asked for."""

    line: str
    starts_on: date
    level: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, repr=False)
class Transaction:
    """One enrollment transaction, whichever door it came through; never printed."""

    type: TransactionType
    channel: Channel
    group_number: str
    subscriber_number: str
    dated: date
    """The transaction's own date, from which limits reach back."""
    relationship: str = SUBSCRIBER
    """Code of INS02."""
    partner: str = ""
    """The trading partner who may call the group by a name of its own."""
    mrn: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    birth_date: str = ""
    """ISO date, or what was sent in its place."""
    ssn: str = ""
    sex: Sex = Sex.UNKNOWN
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    wanted: tuple[Wanted, ...] = ()
    begins_on: date | None = None
    """First covered day of a transaction that names no coverage: the lines on record are meant."""
    ends_on: date | None = None
    """Last covered day, for a termination."""
    ended_lines: tuple[str, ...] = ()
    """Lines a termination is limited to; none means all."""
    cobra: bool = False
    medicare: bool = False
    """A Medicare act: a Senior plan, TEFRA, or a request to set up Medicare; never a mere Part A mark."""
    former: tuple[str, str, str] = ("", "", "")
    """First name, birth date and SSN as they were before a correction."""
    doubts: tuple[str, ...] = field(default=())
    """What its door noticed that a person must look at."""

    @property
    def about_subscriber(self) -> bool:
        """Whether it concerns the subscriber and not a dependent."""
        return self.relationship == SUBSCRIBER


@dataclass(frozen=True)
class Stopped:
    """The transaction is not done: refused with the reason, or referred to somebody."""

    why: str
    outcome: Outcome = Outcome.REFUSED


@dataclass(frozen=True)
class Group:
    """What the gates must know of the group."""

    state: GroupState
    ended_on: date | None
    employees: int | None
    cobra_admin: CobraAdmin
    unpaid: bool = False
    """Its coverage ended because premium was not paid."""


def gate(transaction: Transaction, group: Group, policy: EnrollmentPolicy) -> Stopped | None:
    """Why nothing is done with the transaction; None when it may go on.

    COBRA online only if the client manages its own COBRA population; Medicare goes to the group
    representative [S]: an enrollment, for a change or an end of somebody with Medicare is done at once like
    any other. A late addition is queued by its own reason, not refused here.
    """
    if group.state is GroupState.TERMINATED:
        return Stopped(f"the group ended on {group.ended_on}")
    if group.ended_on and any(one.starts_on > group.ended_on for one in transaction.wanted):
        return Stopped(f"the group ends on {group.ended_on}, before coverage would begin")
    if group.unpaid and transaction.type not in AT_ONCE:
        return Stopped("the group's coverage ended because premium was not paid")
    if transaction.medicare and transaction.type not in AT_ONCE:
        return Stopped("Medicare enrollment goes through the group representative", Outcome.REFERRED)
    if transaction.cobra and transaction.type is not TransactionType.TERMINATION:
        answer = cobra_online(size_class(group.employees), group.cobra_admin)
        if not answer.online:
            online = transaction.channel is Channel.ONLINE
            return Stopped(answer.sentence, Outcome.REFERRED if online else Outcome.REFUSED)
    return _values(transaction, policy)


def _values(transaction: Transaction, policy: EnrollmentPolicy) -> Stopped | None:
    born = _day(transaction.birth_date)
    if born and born > transaction.dated:
        return Stopped("the birth date lies in the future")
    if transaction.type is TransactionType.TERMINATION:
        return _termination(transaction, policy)
    if any(one.ends_on and one.ends_on < one.starts_on for one in transaction.wanted):
        return Stopped("coverage ends before it begins")
    return None


def _termination(transaction: Transaction, policy: EnrollmentPolicy) -> Stopped | None:
    """A termination needs its end date, and reaches back only so far."""
    if transaction.ends_on is None:
        return Stopped("the day coverage ends is missing")
    earliest = transaction.dated.replace(day=1)
    for _ in range(policy.retro_term_months):
        earliest = (earliest - timedelta(days=1)).replace(day=1)
    if transaction.ends_on + timedelta(days=1) < earliest:
        return Stopped(f"the end lies before {earliest}, the first day a termination may reach back to")
    return None


def doubts(
    transaction: Transaction, subscriber_born: date | None, policy: EnrollmentPolicy
) -> tuple[str, ...]:
    """Why a person must look at an enrollment before anything is matched; empty when nobody must."""
    found = list(transaction.doubts)
    starts = [one.starts_on for one in transaction.wanted]
    if not starts and transaction.begins_on:
        starts = [transaction.begins_on]
    if starts and min(starts) < transaction.dated - timedelta(days=policy.retro_add_days):
        found.append(f"coverage is to begin more than {policy.retro_add_days} days back")
    if transaction.ssn and (len(transaction.ssn) != _SSN_DIGITS or len(set(transaction.ssn)) == 1):
        found.append("the SSN is a placeholder or has not nine digits")
    born, relationship = _day(transaction.birth_date), transaction.relationship
    if relationship in _SPOUSES and _years(born, transaction.dated) < policy.spouse_min_age:
        found.append(f"a spouse younger than {policy.spouse_min_age}")
    if relationship in _CHILDREN and _years(subscriber_born, born) < policy.parent_gap_years:
        found.append(f"a child less than {policy.parent_gap_years} years younger than the subscriber")
    return tuple(found)


def _years(start: date | None, end: date | None) -> float:
    """Years between two days; without end for what is not known."""
    return (end - start) / _YEAR if start and end else math.inf


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, repr=False)
class OnRecord:
    """Somebody covered under a subscriber number of a group; never printed."""

    member_id: int
    mrn: str
    subscriber_number: str
    relationship: str
    first_key: str
    birth_date: date | None
    ssn_digest: str | None


def about_whom(
    transaction: Transaction,
    family: Sequence[OnRecord],
    *,
    first_keys: tuple[str, str],
    ssn_digests: tuple[str | None, str | None],
) -> OnRecord | Stopped:
    """The one member of the family a change or termination is about, or why none is [S].

    A member number or an SSN settles it alone; else the first name or the birth date must agree, for the
    subscriber as for a dependent. `first_keys` and `ssn_digests` are the present and the former ones.
    """
    if not family:
        return Stopped("nobody is enrolled in this group under this subscriber number")
    people = {one.member_id: one for one in family}.values()
    birth_dates = {_day(transaction.birth_date), _day(transaction.former[1])} - {None}
    digests = set(ssn_digests) - {None}
    certain = [
        one
        for one in people
        if (transaction.mrn and one.mrn == transaction.mrn) or (one.ssn_digest in digests)
    ]
    alike = [
        one
        for one in people
        if (one.relationship == SUBSCRIBER) == transaction.about_subscriber
        and (one.first_key in set(first_keys) - {""} or one.birth_date in birth_dates)
    ]
    chosen = certain or _both(alike, first_keys, birth_dates) or alike
    if len(chosen) > 1:
        return Stopped("more than one person of this family fits; name the member number")
    if not chosen:
        return Stopped("nobody of this name or birth date is enrolled under this subscriber number")
    return chosen[0]


def _both(
    alike: Sequence[OnRecord], first_keys: tuple[str, str], birth_dates: set[date | None]
) -> list[OnRecord]:
    """Those who agree on name and birth date, which tells twins and namesakes apart."""
    return [one for one in alike if one.first_key in first_keys and one.birth_date in birth_dates]


# -- trading partners ------------------------------------------------------------------------------

_SENDER = re.compile(r"[0-9A-Z]{2}/[^\s/][^/]{0,14}")
MEMBER_NUMBER_IN = frozenset({"17", "23", "ZZ"})
"""Qualifiers of REF that may carry the plan's own member number (005010X220A1, loop 2000)."""


def partner_refused(sender: str, member_number_in: str, lists: FileKind | None) -> str:
    """Why this cannot be written down of a partner; empty when it can."""
    if not _SENDER.fullmatch(sender):
        return "A sender is the qualifier and the name in the ISA, such as ZZ/ACMETPA."
    if member_number_in and member_number_in not in MEMBER_NUMBER_IN:
        return "The member number can stand in REF 17, 23 or ZZ."
    if lists is FileKind.VERIFY:
        return "A list means a change file or a full file."
    return ""


def filing_sentence(
    method: FilingMethod,
    partner: str,
    status: PartnerStatus | None,
    whom: str,
    center_phone: str,
    *,
    few: bool,
) -> str:
    """How a group files; to begin, the client calls its account manager or the service center [S].

    `few`: the group has fewer people than the plan takes electronic files from.
    """
    if status is PartnerStatus.PRODUCTION:
        return f"Files of {partner} are taken and applied."
    if status is not None:
        return f"Files of {partner}: {_STATUS_WORDS[status]}, nothing of them is applied. Ask {whom}."
    if few:
        return "This group is too small for electronic files; it can enroll online or on paper."
    begin = f"To begin with electronic files, call {whom}"
    begin += "." if center_phone in whom else f", or {center_phone}."
    return begin if method is not FilingMethod.EDI else f"No sender of its files is on record. {begin}"


_STATUS_WORDS = {
    PartnerStatus.PROSPECT: "not begun yet",
    PartnerStatus.TEST: "test files only",
    PartnerStatus.PARALLEL: "running beside the old way",
}


def partner_stops(status: PartnerStatus | None, *, files_for_group: bool) -> str:
    """Why nothing of a production file may be applied for a group; empty when it may (R22)."""
    if status is None:
        return "the sender of the file is not known to us as a trading partner"
    if status is not PartnerStatus.PRODUCTION:
        return f"the sender is not in production yet: {_STATUS_WORDS[status]}"
    if not files_for_group:
        return "this sender does not file for the group"
    return ""
