"""Certain or a person: compares an enrollment with members on file and decides only what is beyond doubt.

The plan's FAQ sends an enrollment to a person unless it matches "with 100 percent accuracy". A wrong link
mixes two people's charts, so every doubt goes to the queue. The order of the candidates never matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from api_client.types.words import Verdict
from backend.matching import normalise
from backend.matching.likeness import Likeness, of_birth_dates, of_names, of_ssns, plain, same_home

SSN = "SSN"
BIRTH_DATE = "birth date"
LAST_NAME = "last name"
FIRST_NAME = "first name"

WEIGHTS = {
    SSN: 12.0,
    BIRTH_DATE: 8.0,
    LAST_NAME: 6.0,
    FIRST_NAME: 5.0,
    "middle name": 1.0,
    "suffix": 1.0,
    "sex": 0.5,
    "address": 3.0,
    "phone": 2.0,
}
"""Points a field gives when it is the same; near gives half, a difference takes half away."""
STRONG_SCORE = 20.0
"""From here on a candidate agrees so well that a new member beside it needs a second person."""
SHOWN = 5
"""Candidates a rep sees; warnings beyond them are left out of the summary."""
_ALIKE = {Verdict.SAME, Verdict.NEAR}


@dataclass(frozen=True, repr=False)
class Person:
    """Who someone is, as written on an enrollment or on file; never printed."""

    last_name: str
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    birth_date: str = ""
    """ISO date, or the digits as received."""
    ssn: str = ""
    sex: str = ""
    street: str = ""
    zip: str = ""
    phone: str = ""
    mrn: str = ""
    """Plan member number: always on file, on an enrollment only when the employer gave it."""

    @cached_property
    def key(self) -> Key:
        """The comparable form."""
        return Key(
            last=normalise.surname(self.last_name),
            first=normalise.given_name(self.first_name),
            middle=normalise.given_name(self.middle_name),
            suffix=normalise.suffix(self.last_name, self.suffix),
            birth_date=normalise.birth_date(self.birth_date),
            ssn=normalise.ssn(self.ssn),
            sex=self.sex if self.sex in ("F", "M") else "",
            home=(normalise.street(self.street), normalise.zip5(self.zip)),
            phone=normalise.phone(self.phone),
        )


@dataclass(frozen=True, repr=False)
class Key:
    """A person's values normalised; an empty one is missing."""

    last: tuple[str, ...]
    first: tuple[str, ...]
    middle: tuple[str, ...]
    suffix: str
    birth_date: str
    ssn: str
    sex: str
    home: tuple[str, str]
    phone: str

    @property
    def name_parts(self) -> frozenset[str]:
        """Every word of first and last name, whichever field it was typed into."""
        return frozenset(self.last + self.first)

    @property
    def full_name_and_birth_date(self) -> tuple[str, str, str]:
        """What two members must not share."""
        return "".join(self.last), "".join(self.first), self.birth_date


@dataclass(frozen=True)
class FieldVerdict:
    """How one field compares, and the verdict in words such as `day and month exchanged`."""

    field: str
    verdict: Verdict
    words: str


@dataclass(frozen=True)
class Candidate:
    """One member on file beside the enrollment."""

    mrn: str
    score: float
    comparisons: tuple[FieldVerdict, ...]
    warnings: tuple[str, ...] = ()

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Verdict by field."""
        return {one.field: one.verdict for one in self.comparisons}

    @property
    def strong(self) -> bool:
        """Whether it agrees so well that a new member beside it needs a second person."""
        return self.score >= STRONG_SCORE


@dataclass(frozen=True)
class AutoMatch:
    """The enrollment is this member beyond doubt."""

    mrn: str
    why: str


@dataclass(frozen=True)
class NewMember:
    """Nobody on file can be the enrollee."""

    why: str


@dataclass(frozen=True)
class ToQueue:
    """A person must look: why, in one line, and what to beware of."""

    why: str
    warnings: tuple[str, ...] = ()


def compare(enrollment: Person, member: Person) -> tuple[FieldVerdict, ...]:
    """One verdict a field, in the order a rep reads them."""
    ours, theirs = enrollment.key, member.key
    both = bool(ours.last and ours.first) and ours.last != ours.first
    crossed = both and ours.last == theirs.first and ours.first == theirs.last
    exchanged = Likeness(Verdict.NEAR, "first and last name exchanged")
    likeness = {
        LAST_NAME: exchanged if crossed else of_names(ours.last, theirs.last, "part of a double surname"),
        FIRST_NAME: exchanged if crossed else of_names(ours.first, theirs.first, "part of the name"),
        "middle name": of_names(ours.middle, theirs.middle, "part of the name"),
        "suffix": plain(ours.suffix, theirs.suffix),
        BIRTH_DATE: of_birth_dates(ours.birth_date, theirs.birth_date),
        SSN: of_ssns(ours.ssn, theirs.ssn),
        "sex": plain(ours.sex, theirs.sex),
        "address": same_home(ours.home, theirs.home),
        "phone": plain(ours.phone, theirs.phone),
    }
    placeholders = {
        SSN: (enrollment.ssn, ours.ssn),
        BIRTH_DATE: (enrollment.birth_date, ours.birth_date),
        FIRST_NAME: (enrollment.first_name, " ".join(ours.first)),
        LAST_NAME: (enrollment.last_name, " ".join(ours.last)),
        "phone": (enrollment.phone, ours.phone),
    }
    return tuple(
        FieldVerdict(name, like.verdict, _placeholder_words(placeholders.get(name), like.words))
        for name, like in likeness.items()
    )


def _placeholder_words(raw_and_key: tuple[str, str] | None, words: str) -> str:
    if raw_and_key and raw_and_key[0].strip() and not raw_and_key[1]:
        return "placeholder, ignored"
    return words


def rank(enrollment: Person, members: Sequence[Person]) -> list[Candidate]:
    """The members as candidates, best first; equal ones by member number."""
    by_ssn: dict[str, list[str]] = {}
    by_name: dict[tuple[str, str, str], list[str]] = {}
    for member in sorted(members, key=lambda one: one.mrn):
        by_ssn.setdefault(member.key.ssn, []).append(member.mrn)
        by_name.setdefault(member.key.full_name_and_birth_date, []).append(member.mrn)
    candidates = []
    for member in members:
        comparisons = compare(enrollment, member)
        key = member.key
        namesakes = by_name[key.full_name_and_birth_date] if key.birth_date else []
        same_ssn = by_ssn[key.ssn] if key.ssn else []
        owners = by_ssn.get(enrollment.key.ssn, []) if enrollment.key.ssn else []
        warnings = [
            *_warnings(comparisons),
            *(f"{mrn} has the same name and birth date" for mrn in namesakes if mrn != member.mrn),
            *(f"{mrn} has the same SSN" for mrn in same_ssn if mrn != member.mrn),
            *(f"the SSN on the enrollment belongs to {mrn}" for mrn in owners if member.mrn not in owners),
        ]
        score = sum(_points(one) for one in comparisons)
        candidates.append(Candidate(member.mrn, score, comparisons, tuple(warnings)))
    return sorted(candidates, key=lambda one: (-one.score, one.mrn))


def _points(one: FieldVerdict) -> float:
    share = {Verdict.SAME: 1.0, Verdict.NEAR: 0.5, Verdict.DIFFERS: -0.5, Verdict.MISSING: 0.0}
    return WEIGHTS[one.field] * share[one.verdict]


def certain(enrollment: Person, members: Sequence[Person]) -> AutoMatch | NewMember | ToQueue:
    """The member beyond doubt, a new member, or the queue.

    `members` must hold every member on file who shares the SSN, the member number, the birth date, or both
    names. Exact is: SSN (or member number), birth date, last and first name agree on one record,
    nobody else has that SSN, nobody else that name and birth date.
    """
    candidates = rank(enrollment, members)
    by_mrn = {member.mrn: member for member in members}
    exact = [one for one in candidates if _agrees(enrollment, by_mrn[one.mrn], one)]
    if len(exact) == 1:
        doubt = _doubt(enrollment, exact[0], candidates)
        if not doubt:
            by = "SSN" if exact[0].verdicts[SSN] is Verdict.SAME else "member number"
            return AutoMatch(exact[0].mrn, f"{by}, birth date, last and first name agree on one member only")
        return ToQueue(doubt, _all_warnings(candidates))
    if len(exact) > 1:
        return ToQueue(f"{len(exact)} members on file agree in full", _all_warnings(candidates))
    if enrollment.mrn:
        return ToQueue(_wrong_mrn(enrollment, by_mrn), _all_warnings(candidates))
    if not enrollment.key.birth_date:
        return ToQueue("the enrollment has no usable birth date", _all_warnings(candidates))
    if not (enrollment.key.last and enrollment.key.first):
        return ToQueue("the enrollment has no full name", _all_warnings(candidates))
    for candidate in candidates:
        if doubt := _may_be(enrollment, by_mrn[candidate.mrn], candidate):
            return ToQueue(doubt, _all_warnings(candidates))
    return NewMember("nobody on file shares the SSN, or the birth date with a part of the name")


def _agrees(enrollment: Person, member: Person, candidate: Candidate) -> bool:
    verdicts = candidate.verdicts
    if any(verdicts[name] is not Verdict.SAME for name in (BIRTH_DATE, LAST_NAME, FIRST_NAME)):
        return False
    return verdicts[SSN] is Verdict.SAME or bool(enrollment.mrn and enrollment.mrn == member.mrn)


def _doubt(enrollment: Person, exact: Candidate, candidates: Sequence[Candidate]) -> str:
    """Why a record that agrees in full is still not certain."""
    if enrollment.mrn and enrollment.mrn != exact.mrn:
        return "the member number on the enrollment is another member's"
    if exact.verdicts["suffix"] is Verdict.DIFFERS:
        return "the suffix differs: father and son?"
    if exact.verdicts[SSN] in (Verdict.DIFFERS, Verdict.NEAR):
        return "the member number agrees but the SSN differs"
    for other in candidates:
        if other.mrn == exact.mrn:
            continue
        if other.verdicts[SSN] is Verdict.SAME:
            return "another member has the same SSN"
        if _same_name_and_birth_date(other):
            return "another member has the same name and birth date"
    return ""


def _wrong_mrn(enrollment: Person, by_mrn: dict[str, Person]) -> str:
    if enrollment.mrn in by_mrn:
        return "the member number on the enrollment belongs to someone whose name or birth date differs"
    return "the member number on the enrollment is not on file"


def _same_name_and_birth_date(candidate: Candidate) -> bool:
    return all(candidate.verdicts[name] is Verdict.SAME for name in (BIRTH_DATE, LAST_NAME, FIRST_NAME))


def _may_be(enrollment: Person, member: Person, candidate: Candidate) -> str:
    """Why this member may be the enrollee after all, or an empty string."""
    ssn, born = candidate.verdicts[SSN], candidate.verdicts[BIRTH_DATE]
    names = {candidate.verdicts[LAST_NAME], candidate.verdicts[FIRST_NAME]}
    shares_name = bool(enrollment.key.name_parts & member.key.name_parts) or bool(names & _ALIKE)
    if ssn is Verdict.SAME:
        return "a member on file has this SSN but another name or birth date"
    if _same_name_and_birth_date(candidate):
        why = "no SSN to compare" if ssn is Verdict.MISSING else "another SSN"
        return f"a member on file has the same name and birth date, and {why}"
    if born is Verdict.SAME and shares_name:
        return "a member on file has the same birth date and a part of the name"
    if ssn is Verdict.NEAR and (shares_name or born is Verdict.SAME):
        return "a member on file has nearly this SSN"
    if names <= _ALIKE and born is not Verdict.DIFFERS:
        return "a member on file has nearly this name and birth date"
    if names == {Verdict.SAME} and ssn is Verdict.MISSING and candidate.verdicts["address"] is Verdict.SAME:
        # Father and son, or one person with a wrong birth date: no number tells which.
        return "a member on file of the same name lives in the same home, and no SSN to compare"
    return ""


def _warnings(comparisons: Sequence[FieldVerdict]) -> Iterator[str]:
    """What to beware of in this member, whatever the others are."""
    verdicts = {one.field: one.verdict for one in comparisons}
    same = {name for name, verdict in verdicts.items() if verdict is Verdict.SAME}
    if {BIRTH_DATE, LAST_NAME, "address"} <= same and FIRST_NAME not in same and SSN not in same:
        yield "twin in the same home?"
    if {LAST_NAME, FIRST_NAME} <= same and (
        verdicts["suffix"] is Verdict.DIFFERS
        or (verdicts[BIRTH_DATE] is Verdict.DIFFERS and "address" in same)
    ):
        yield "same name, other birth date or suffix: Sr/Jr?"
    if SSN in same and (verdicts[FIRST_NAME] is Verdict.DIFFERS or verdicts[BIRTH_DATE] is Verdict.DIFFERS):
        yield "the same SSN under another first name or birth date: another person?"


def _all_warnings(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(f"{one.mrn}: {text}" for one in candidates[:SHOWN] for text in one.warnings)
