"""Compares an enrollment with members on file: how each field agrees, in words and in bits, best first.

The order of the members never matters, and neither does which side is the enrollment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from api_client.types.words import Verdict
from backend.matching import model
from backend.matching.likeness import (
    DIFFERS,
    Level,
    Likeness,
    of_birth_dates,
    of_given_names,
    of_homes,
    of_ssns,
    of_suffixes,
    of_surnames,
    plain,
)
from backend.matching.person import Key, Person

SSN = "SSN"
BIRTH_DATE = "birth date"
LAST_NAME = "last name"
FIRST_NAME = "first name"
MIDDLE_NAME = "middle name"
SUFFIX = "suffix"
SEX = "sex"
ADDRESS = "address"
PHONE = "phone"

SHOWN = 5
"""Candidates a rep sees; warnings beyond them are left out of the summary."""
_SHARED = 2
"""A number that so many members have does not say whose it is."""
HOME = frozenset({Level.SAME, Level.SLIP})
"""Levels of an address that mean one home."""
NEAR_HOME = HOME | {Level.BUILDING}
"""Levels that may mean one home: enough to be careful, not enough to be sure."""
_IGNORED = Likeness(Level.MISSING, "placeholder, ignored")
_EXCHANGED = Likeness(Level.EXCHANGED, "first and last name exchanged")
_IN_TWO = Likeness(Level.SAME, "same, written apart")
_FORMER_NAME = Likeness(Level.PART, "the former last name")
_FORMER_HOME = Likeness(Level.SLIP, "lived there before")
_FORMER_NUMBER = Likeness(Level.NO_EVIDENCE, "the former number, replaced since")
_MIDDLE_USED = Likeness(Level.MIDDLE, "goes by the middle name")


class FieldVerdict(NamedTuple):
    """How one field compares, in words such as `day and month exchanged`, and its bits for or against."""

    field: str
    level: Level
    words: str
    bits: float

    @property
    def verdict(self) -> Verdict:
        """Same, near, differs or missing."""
        verdict: Verdict = self.level.value[0]
        return verdict


@dataclass(frozen=True)
class Candidate:
    """One member on file beside the enrollment."""

    mrn: str
    comparisons: tuple[FieldVerdict, ...]
    warnings: tuple[str, ...] = ()
    other_number: bool = False
    """Whether both sides have an SSN and it is not the same, even where that is no evidence."""
    score: float = field(init=False)
    """The sum of the bits."""
    levels: Mapping[str, Level] = field(init=False, repr=False)
    """Level by field."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", round(sum(one.bits for one in self.comparisons), 1))
        object.__setattr__(self, "levels", {one.field: one.level for one in self.comparisons})

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Verdict by field."""
        return {one.field: one.verdict for one in self.comparisons}

    @property
    def strong(self) -> bool:
        """Whether it agrees so well that a new member beside it needs a second person."""
        return self.score >= model.STRONG


class Owners:
    """Whose a number or a name with its birth date is, among the members looked at."""

    def __init__(self, members: Sequence[Person]) -> None:
        self._by_ssn: dict[str, list[Person]] = defaultdict(list)
        self._by_name: dict[tuple[str, str, str], list[Person]] = defaultdict(list)
        for member in sorted(members, key=lambda one: one.mrn):
            if member.key.ssn:
                self._by_ssn[member.key.ssn].append(member)
            if member.key.born:
                self._by_name[member.key.full_name_and_birth_date].append(member)

    def of_ssn(self, ssn: str) -> Sequence[Person]:
        """Members who have this SSN."""
        return self._by_ssn.get(ssn, ())

    def namesakes(self, key: Key) -> Sequence[Person]:
        """Members with this name and birth date."""
        return self._by_name.get(key.full_name_and_birth_date, ()) if key.born else ()


def rank(enrollment: Person, members: Sequence[Person]) -> list[Candidate]:
    """Every member with its evidence and warnings, best first."""
    owners = Owners(members)
    number = _Number(enrollment.key, members, owners.of_ssn(enrollment.key.ssn))
    candidates = []
    for member in members:
        comparisons = compare(enrollment, member, number.of(member))
        warnings = (*_warnings(comparisons), *_about_others(member, owners, number.owners))
        numbers = {enrollment.key.ssn, member.key.ssn} - {""}
        candidates.append(Candidate(member.mrn, comparisons, warnings, other_number=len(numbers) > 1))
    return sorted(candidates, key=lambda one: (-one.score, one.mrn))


class _Number:
    """What the SSN of the enrollment says beside each member, seen whose it is on file.

    A number that many have says nothing; nor does one that is used within a family, either way: not against
    whom it does not belong to, and not for its owner when someone else of the family is the better one.
    """

    def __init__(self, ours: Key, members: Sequence[Person], owners: Sequence[Person]) -> None:
        self._ours = ours
        self.owners = owners
        self._meant = [one for one in members if one not in owners and _same_given_name(ours, one.key)]

    def of(self, member: Person) -> Likeness:
        """The likeness of the SSN."""
        if len(self.owners) >= _SHARED:
            return Likeness(Level.NO_EVIDENCE, f"shared by {len(self.owners)} members, ignored")
        like = of_ssns(self._ours.ssn, member.key.ssn)
        if like.level is not Level.SAME:
            for other in self.owners:
                if _one_family(other.key, member.key):
                    return Likeness(Level.NO_EVIDENCE, f"{other.mrn}'s number, same family")
        elif self._ours.first != member.key.first:
            for other in self._meant:
                if _one_family(other.key, member.key):
                    return Likeness(Level.NO_EVIDENCE, f"used for {other.mrn} of the same family?")
        return like


def _same_given_name(ours: Key, theirs: Key) -> bool:
    return bool(ours.first and ours.born) and (ours.first, ours.born) == (theirs.first, theirs.born)


def _one_family(one: Key, other: Key) -> bool:
    return of_homes(one.home, other.home).level in NEAR_HOME or bool(one.phone and one.phone == other.phone)


def _about_others(member: Person, owners: Owners, owned: Sequence[Person]) -> Iterator[str]:
    for other in owners.namesakes(member.key):
        if other is not member:
            yield f"{other.mrn} has the same name and birth date"
    for other in owners.of_ssn(member.key.ssn):
        if other is not member:
            yield f"{other.mrn} has the same SSN"
    if len(owned) < _SHARED and all(other is not member for other in owned):
        for other in owned:
            yield f"the SSN on the enrollment belongs to {other.mrn}"


def compare(enrollment: Person, member: Person, number: Likeness | None = None) -> tuple[FieldVerdict, ...]:
    """One verdict a field, in the order a rep reads them; `number` is what the SSN says among all members."""
    ours, theirs = enrollment.key, member.key
    last, first, middle = _names(ours, theirs)
    born = of_birth_dates(ours.born, theirs.born)
    home = of_homes(ours.home, theirs.home)
    ssn = number or of_ssns(ours.ssn, theirs.ssn)
    if member.past:
        last, home, ssn = _or_former(ours, member.past, last, home, ssn)
    suffix, sex = of_suffixes(ours.suffix, theirs.suffix), plain(ours.sex, theirs.sex)
    phone = plain(ours.phone, theirs.phone)
    last, born, ssn = (
        _or_ignored(last, enrollment.last_name, ours.last),
        _or_ignored(born, enrollment.birth_date, ours.born),
        _or_ignored(ssn, enrollment.ssn, ours.ssn),
    )
    first = _or_ignored(first, enrollment.first_name, ours.first)
    phone = _or_ignored(phone, enrollment.phone, ours.phone)
    surname = model.surname_bits(last.level, ours.last, theirs.last)
    given = model.given_name_bits(first.level, ours.first, theirs.first)
    return (
        FieldVerdict(LAST_NAME, *last, surname),
        FieldVerdict(FIRST_NAME, *first, given),
        FieldVerdict(MIDDLE_NAME, *middle, model.middle_bits(middle.level)),
        FieldVerdict(SUFFIX, *suffix, model.suffix_bits(suffix.level)),
        FieldVerdict(BIRTH_DATE, *born, model.birth_date_bits(born.level, ours.born)),
        FieldVerdict(SSN, *ssn, model.ssn_bits(ssn.level)),
        FieldVerdict(SEX, *sex, model.sex_bits(sex.level)),
        FieldVerdict(ADDRESS, *home, model.home_bits(home.level)),
        FieldVerdict(PHONE, *phone, model.phone_bits(phone.level, home.level)),
    )


def _or_former(
    ours: Key, past: Sequence[Person], last: Likeness, home: Likeness, ssn: Likeness
) -> tuple[Likeness, Likeness, Likeness]:
    """Last name, home and SSN, where the member had the enrollee's before."""
    before = [one.key for one in past]
    if last.level is not Level.SAME and any(ours.last == key.last for key in before if ours.last):
        last = _FORMER_NAME
    if home.level not in HOME and any(of_homes(ours.home, key.home).level in HOME for key in before):
        home = _FORMER_HOME
    if ssn.level is not Level.SAME and any(ours.ssn == key.ssn for key in before if ours.ssn):
        ssn = _FORMER_NUMBER
    return last, home, ssn


def _or_ignored(like: Likeness, raw: str, value: object) -> Likeness:
    """A value that was given but stands for none is named as such."""
    return _IGNORED if not value and raw.strip() else like


def _names(ours: Key, theirs: Key) -> tuple[Likeness, Likeness, Likeness]:
    """Last, first and middle name; each word counts in one of them only."""
    middle = of_given_names(ours.middle, theirs.middle)
    crosswise = ours.last == theirs.first and ours.first == theirs.last
    if crosswise and ours.last and ours.first and ours.last != ours.first:
        return _EXCHANGED, _EXCHANGED, middle
    last = of_surnames(ours.last, theirs.last)
    first = of_given_names(ours.first, theirs.first)
    if first.level is Level.SAME or not (ours.first and theirs.first):
        return last, first, middle
    apart = Likeness(Level.MISSING, "stands with the first name")
    if _written_apart(ours, theirs) or _written_apart(theirs, ours):
        return last, _IN_TWO, apart
    if ours.first == theirs.middle and ours.middle == theirs.first:
        return last, Likeness(Level.EXCHANGED, "first and middle name exchanged"), apart
    if first.level is Level.DIFFERS and _by_middle_name(ours, theirs):
        return last, _MIDDLE_USED, apart
    return last, first, middle


def _written_apart(one: Key, other: Key) -> bool:
    """Whether one side's first name is the other's first and middle name: MARYANN beside MARY ANN."""
    if not other.middle or len(other.middle[0]) == 1:
        return False
    joined = "".join(other.first + other.middle)
    return joined in ("".join(one.first), "".join(one.first + one.middle))


def _by_middle_name(ours: Key, theirs: Key) -> bool:
    """Whether one side has the other's middle name for the first, and nothing else speaks against it."""
    return _goes_by_middle(ours, theirs) or _goes_by_middle(theirs, ours)


def _goes_by_middle(one: Key, other: Key) -> bool:
    free = ((), other.first[:1], (other.first[0][:1],))
    return len(one.first[0]) > 1 and one.first[:1] == other.middle[:1] and one.middle[:1] in free


def _warnings(comparisons: Sequence[FieldVerdict]) -> Iterator[str]:
    """What to beware of in this member, whatever the others are."""
    levels = {one.field: one.level for one in comparisons}
    same = {name for name, level in levels.items() if level is Level.SAME}
    together = levels[ADDRESS] in NEAR_HOME
    if {BIRTH_DATE, LAST_NAME} <= same and together and FIRST_NAME not in same and SSN not in same:
        yield "twin in the same home?"
    if {LAST_NAME, FIRST_NAME} <= same and (
        levels[SUFFIX] is Level.DIFFERS
        or (levels[BIRTH_DATE] in (Level.DIFFERS, Level.DECADE, Level.TWO_SLIPS) and together)
    ):
        yield "same name, other birth date or suffix: Sr/Jr?"
    if SSN in same and DIFFERS.level in (levels[FIRST_NAME], levels[BIRTH_DATE]):
        yield "the same SSN under another first name or birth date: another person?"


def all_warnings(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Warnings of the candidates a rep sees, each named by its member."""
    return tuple(f"{one.mrn}: {text}" for one in candidates[:SHOWN] for text in one.warnings)
