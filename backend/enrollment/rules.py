"""What an enrollment transaction is, and whom of a family it is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from api_client.types.words import (
    Channel,
    ContactRole,
    FileKind,
    FilingMethod,
    Outcome,
    PartnerStatus,
    Sex,
    TransactionType,
)

AT_ONCE = frozenset({TransactionType.DEMOGRAPHIC, TransactionType.TERMINATION})
"""The plan's FAQ: demographic changes and terminations are completed when they are submitted."""
SUBSCRIBER = "18"


@dataclass(frozen=True)
class Wanted:
    """Coverage that is asked for."""

    line: str
    starts_on: date
    level: str = ""
    ends_on: date | None = None
    plan: str = ""
    """The plan's own name for it, where one was sent."""

    def as_json(self) -> dict[str, str | None]:
        """As it stands in the store."""
        return {
            "line": self.line,
            "level": self.level,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }


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
    mailing_street: str = ""
    mailing_city: str = ""
    mailing_state: str = ""
    mailing_zip: str = ""
    phone: str = ""
    restricted: bool = False
    """Confidential communications (INS13): only at the person's own address."""
    wanted: tuple[Wanted, ...] = ()
    begins_on: date | None = None
    """First covered day of a transaction that names no coverage: the lines on record are meant."""
    ends_on: date | None = None
    """Last covered day, for a termination."""
    ended_lines: tuple[str, ...] = ()
    """Lines a termination is limited to; none means all."""
    cobra: bool = False
    cobra_event: str = ""
    """Code of INS07."""
    cobra_event_on: date | None = None
    medicare: bool = False
    """A Medicare act: TEFRA, or a request to set up Medicare; never a mere Part A mark. A Senior plan is one
    too, by its name."""
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
    whom: ContactRole | None = None
    """Who can do it instead."""


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
    line: str = ""
    level: str = ""
    starts_on: date = date.min
    ends_on: date | None = None
    """Of one coverage; somebody with two stands there twice."""

    def runs_beyond(self, day: date) -> bool:
        """Whether this coverage runs on after that day."""
        return self.ends_on is None or self.ends_on > day


def enrolled_already(
    transaction: Transaction,
    family: Sequence[OnRecord],
    *,
    first_key: str,
    ssn_digest: str | None,
) -> OnRecord | None:
    """Whom an addition asks to add who has that very coverage already: it is a change then [G].

    Only where it is nobody else beyond doubt: the same place in the same family, first name and birth date,
    and no other SSN.
    """
    born = day_of(transaction.birth_date)
    same = [
        one
        for one in family
        if (one.subscriber_number, one.relationship)
        == (transaction.subscriber_number, transaction.relationship)
        and one.first_key == first_key != ""
        and one.birth_date == born is not None
        and (one.ssn_digest is None or ssn_digest is None or one.ssn_digest == ssn_digest)
    ]
    if len({one.member_id for one in same}) != 1:
        return None
    lines = {one.line for one in same if one.ends_on is None}
    return same[0] if lines and all(one.line in lines for one in transaction.wanted) else None


def about_whom(
    transaction: Transaction,
    family: Sequence[OnRecord],
    *,
    first_keys: tuple[str, str],
    ssn_digests: tuple[str | None, str | None],
) -> OnRecord | Stopped:
    """The one member of the family a change or termination is about, or why none is [S].

    A member number or an SSN settles it alone; else the first name or the birth date must agree, for the
    subscriber as for a dependent. An SSN of somebody who is plainly another settles nothing: a child sent
    with its parent's number must not end the family. `first_keys` and `ssn_digests` are the present and the
    former ones.
    """
    if not family:
        return Stopped("nobody is enrolled in this group under this subscriber number")
    people = {one.member_id: one for one in family}.values()
    birth_dates = {day_of(transaction.birth_date), day_of(transaction.former[1])} - {None}
    digests = set(ssn_digests) - {None}
    numbered = [one for one in people if transaction.mrn and one.mrn == transaction.mrn]
    by_ssn = [one for one in people if one.ssn_digest in digests]
    alike = [
        one
        for one in people
        if (one.relationship == SUBSCRIBER) == transaction.about_subscriber
        and (one.first_key in set(first_keys) - {""} or one.birth_date in birth_dates)
    ]
    if not numbered and any(_another(one, transaction, first_keys, birth_dates, alike) for one in by_ssn):
        return Stopped("the SSN is that of another person of this family")
    certain = [*numbered, *(one for one in by_ssn if one not in numbered)]
    chosen = certain or _both(alike, first_keys, birth_dates) or alike
    if len(chosen) > 1:
        return Stopped("more than one person of this family fits; name the member number")
    if not chosen:
        return Stopped("nobody of this name or birth date is enrolled under this subscriber number")
    return chosen[0]


def _another(
    owner: OnRecord,
    transaction: Transaction,
    first_keys: tuple[str, str],
    birth_dates: set[date | None],
    alike: Sequence[OnRecord],
) -> bool:
    """Whether the owner of the SSN is not the one who is named."""
    named = set(first_keys) - {""}
    other_name = bool(named) and owner.first_key not in named
    other_birth = bool(birth_dates) and owner.birth_date is not None and owner.birth_date not in birth_dates
    if (owner.relationship == SUBSCRIBER) != transaction.about_subscriber:
        return other_name or other_birth
    return other_name and any(one.first_key in named for one in alike)


def day_of(text: str) -> date | None:
    """The date of an ISO text; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


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
    method: FilingMethod, partner: str, status: PartnerStatus | None, manager: str, center: str, *, few: bool
) -> str:
    """How a group files; to begin, the client calls its account manager or the service center [S].

    `manager` and `center` are whom to call with their phones; a group without account manager calls the
    center. `few`: the group has fewer people than the plan takes electronic files from.
    """
    whom = f"your account manager, {manager}, or the {center}" if manager else f"the {center}"
    if status is PartnerStatus.PRODUCTION:
        return f"Files of {partner} are taken and applied."
    if status is not None:
        return f"Files of {partner}: {_STATUS_WORDS[status]}, nothing of them is applied. Call {whom}."
    if few:
        return "This group is too small for electronic files; it can enroll online or on paper."
    begin = f"To begin with electronic files, call {whom}."
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
