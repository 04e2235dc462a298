"""What a transaction does to a family, counted and in sentences, before and after it is done. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backend.accounts.rules import relationship_words
from backend.enrollment.rules import SUBSCRIBER, OnRecord, Transaction, Wanted

KEY_FIELDS = frozenset({"last_name", "first_name", "suffix", "birth_date", "ssn"})
"""Fields by which people are told apart."""


@dataclass(frozen=True, repr=False)
class Ending:
    """Coverage that ends: of one person, or of a subscriber's whole family [S]."""

    person: OnRecord
    ends_on: date
    """The last covered day."""
    sent: date
    coverages: tuple[OnRecord, ...]
    """Each coverage that runs beyond that day."""
    lines: tuple[str, ...] = ()
    """Lines it is limited to; none means all."""

    @property
    def whole_family(self) -> bool:
        """Whether it is the subscriber's, and with it everybody's."""
        return self.person.relationship == SUBSCRIBER

    @property
    def people(self) -> int:
        """How many people lose coverage."""
        return len({one.member_id for one in self.coverages})


def ending_of(
    transaction: Transaction, person: OnRecord, family: Sequence[OnRecord], ends_on: date
) -> Ending:
    """What a termination of this person ends; nothing where no coverage runs beyond the day."""
    concerned = tuple(
        one
        for one in family
        if one.subscriber_number == person.subscriber_number
        and (person.relationship == SUBSCRIBER or one.member_id == person.member_id)
        and (not transaction.ended_lines or one.line in transaction.ended_lines)
        and one.runs_beyond(ends_on)
    )
    assert transaction.ends_on is not None
    return Ending(person, ends_on, transaction.ends_on, concerned, transaction.ended_lines)


def ending_in_words(ending: Ending) -> list[str]:
    """What ends, whose, and when."""
    relationships = {one.member_id: one.relationship for one in ending.coverages}
    lines = "".join(f"{line} " for line in ending.lines)
    count = len(ending.coverages)
    of = f"{lines}coverage of {_people(ending.people)} ends on {ending.ends_on}"
    more = f", {count} coverages in all" if count > ending.people else ""
    said = [f"{of[0].upper()}{of[1:]}: {_who(list(relationships.values()))}{more}."]
    if ending.ends_on != ending.sent:
        said.append(f"The plan ends coverage with the month; {ending.sent} was sent.")
    never = sum(one.starts_on > ending.ends_on for one in ending.coverages)
    if never:
        said.append(
            f"{_coverages(never)} that {'was' if never == 1 else 'were'} to begin later never {_s(never)}."
        )
    return said


def _s(count: int) -> str:
    return "begins" if count == 1 else "begin"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _coverages(count: int) -> str:
    return "1 coverage" if count == 1 else f"{count} coverages"


def _who(relationships: Sequence[str]) -> str:
    """Such as: the subscriber and 2 dependents."""
    dependents = [one for one in relationships if one != SUBSCRIBER]
    if len(dependents) == len(relationships) == 1:
        return f"the {relationship_words(dependents[0])}"
    several = f"{len(dependents)} dependent{'s' if len(dependents) > 1 else ''}"
    if len(dependents) == len(relationships):
        return several
    return f"the subscriber and {several}" if dependents else "the subscriber"


@dataclass(frozen=True, repr=False)
class Change:
    """Data of one person that change."""

    person: OnRecord
    changes: Mapping[str, object]
    """By field, all that was said; what is left out stays."""
    differs: tuple[str, ...]
    """The fields that really change."""
    remarks: tuple[str, ...] = ()
    """What came with it and was not done."""
    enrolled: str = ""
    """It asked to add somebody who is enrolled already: that, and what stays as it is."""

    @property
    def keys(self) -> list[str]:
        """Fields among them by which people are told apart."""
        return [name for name in self.differs if name in KEY_FIELDS]


def stays_in_words(transaction: Transaction, person: OnRecord, family: Sequence[OnRecord]) -> str:
    """That the person has the coverage already, and since when where another day was sent."""
    runs = [one for one in family if one.member_id == person.member_id and one.ends_on is None]
    since = {one.line: one.starts_on for one in runs}
    other = sorted({since[one.line] for one in transaction.wanted if since[one.line] != one.starts_on})
    return "is enrolled already" + (f" since {', '.join(map(str, other))}, which stays" if other else "")


def field_words(names: Sequence[str]) -> str:
    """Fields as people call them, such as: last name, street."""
    words = [_FIELDS.get(name, name.replace("_", " ")) for name in names]
    return ", ".join(sorted(set(words)))


_FIELDS = {
    "ssn": "SSN",
    "state_code": "state",
    "mailing_street": "mailing address",
    "mailing_city": "mailing address",
    "mailing_state_code": "mailing address",
    "mailing_zip": "mailing address",
    "restricted": "confidential communications",
}


def change_in_words(change: Change) -> list[str]:
    """Which data change, that somebody looks at what tells people apart, and what is left out."""
    said = [f"Data of 1 person change: {field_words(change.differs)}."] if change.differs else []
    if change.keys:
        said.append("A person looks at it afterwards, because people are told apart by it.")
    return [*said, *(f"{one[0].upper()}{one[1:]}." for one in change.remarks)]


def beginning_in_words(wanted: Sequence[Wanted]) -> list[str]:
    """Which coverage is asked for."""
    return [f"{one.line} coverage of 1 person is to begin on {one.starts_on}." for one in wanted]
