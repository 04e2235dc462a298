"""Certain or a person: decides only what is beyond doubt.

The plan's FAQ sends an enrollment to a person unless it matches "with 100 percent accuracy" [S]. A wrong
link mixes two people's charts, so every doubt goes to the queue. A score rules out strangers, not relatives:
twins, parents of the same name and spouses agree in much. So a match is automatic only when the score is far
above chance and one of the rules against kin holds as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.matching import model, names
from backend.matching.evidence import (
    ADDRESS,
    BIRTH_DATE,
    FIRST_NAME,
    HOME,
    LAST_NAME,
    MIDDLE_NAME,
    NEAR_HOME,
    PHONE,
    SEX,
    SSN,
    SUFFIX,
    Candidate,
    all_warnings,
    rank,
)
from backend.matching.likeness import Level, consonants, squeezed
from backend.matching.person import Key, Person

_MARGIN = 10.0
"""Bits by which the best candidate must be ahead of the next: a thousand to one."""
_ALIKE = frozenset(
    {
        Level.SAME,
        Level.NICKNAME,
        Level.EXCHANGED,
        Level.SLIP,
        Level.PART,
        Level.TWO_SLIPS,
        Level.SOUND,
        Level.MIDDLE,
    }
)
_NEAR_SURNAME = frozenset({Level.SAME, Level.PART, Level.SLIP, Level.EXCHANGED})
_NOT_BORN_SO = frozenset({Level.DIFFERS, Level.DECADE, Level.TWO_SLIPS})
Levels = Mapping[str, Level]


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


Decision = AutoMatch | NewMember | ToQueue


def certain(enrollment: Person, members: Sequence[Person]) -> Decision:
    """The member beyond doubt, a new member, or the queue; `members` as `search` finds them."""
    return decide(enrollment, members, rank(enrollment, members))


def decide(enrollment: Person, members: Sequence[Person], candidates: Sequence[Candidate]) -> Decision:
    """Like `certain`, for candidates that are ranked already."""
    by_mrn = {member.mrn: member for member in members}
    doubt = _incomplete(enrollment, by_mrn)
    if candidates and not doubt:
        best = candidates[0]
        enough, doubt = _kin_rule(enrollment, by_mrn[best.mrn], best)
        if enough:
            doubt = _other_near(best, candidates) or _too_common(best)
            if not doubt:
                return AutoMatch(best.mrn, enough)
        else:
            doubt = _best_plausible(enrollment, by_mrn, candidates, doubt)
    if doubt:
        return ToQueue(doubt, all_warnings(candidates))
    return NewMember("nobody on file shares the SSN, or the birth date with a part of the name")


def _incomplete(enrollment: Person, by_mrn: Mapping[str, Person]) -> str:
    """What is missing for any decision without a person."""
    key = enrollment.key
    if enrollment.mrn and enrollment.mrn not in by_mrn:
        return "the member number on the enrollment is not on file"
    if not key.born:
        return "the enrollment has no usable birth date"
    if not (key.last and key.first):
        return "the enrollment has no full name"
    return ""


def _kin_rule(enrollment: Person, member: Person, candidate: Candidate) -> tuple[str, str]:
    """What makes this one member certain, or else what speaks against it."""
    levels = candidate.levels
    if enrollment.mrn and enrollment.mrn != member.mrn:
        return "", "the member number on the enrollment is another member's"
    if doubt := _contradiction(levels):
        return "", doubt
    if enrollment.mrn and levels[SSN] in (Level.SAME, Level.MISSING) and _name_and_birth_date(levels):
        return "member number, birth date, last and first name agree on one member only", ""
    if levels[SSN] is Level.SAME:
        return _with_ssn(enrollment.key, member.key, levels)
    if levels[SSN] in (Level.MISSING, Level.SLIP):
        return _without_exact_ssn(enrollment.key, member.key, levels)
    return "", "the SSN is shared, or used within a family, so it says nothing"


def _contradiction(levels: Levels) -> str:
    """What no other agreement makes up for."""
    if levels[SSN] in (Level.DIFFERS, Level.TWO_SLIPS):
        return "the SSN differs"
    if levels[SSN] is Level.NEIGHBOUR:
        return "the SSN is the next number: a twin, or someone else of the family?"
    if levels[BIRTH_DATE] in _NOT_BORN_SO:
        return "the birth date differs"
    if levels[BIRTH_DATE] is Level.MISSING:
        return "no birth date to compare"
    if levels[FIRST_NAME] in (Level.DIFFERS, Level.MIDDLE):
        return "the first name differs: a twin, or someone else of the family?"
    if Level.MISSING in (levels[FIRST_NAME], levels[LAST_NAME]):
        return "no full name to compare"
    if levels[SUFFIX] is Level.DIFFERS:
        return "the suffix differs: father and son?"
    return ""


def _name_and_birth_date(levels: Levels) -> bool:
    return all(levels[name] is Level.SAME for name in (BIRTH_DATE, LAST_NAME, FIRST_NAME))


def _with_ssn(ours: Key, theirs: Key, levels: Levels) -> tuple[str, str]:
    """The very SSN: one more field may have a slip, as long as it is none that kin would show."""
    first, last, born = levels[FIRST_NAME], levels[LAST_NAME], levels[BIRTH_DATE]
    if born is not Level.SAME:
        if (
            first is Level.SAME
            and last in _NEAR_SURNAME
            and _at_home(levels)
            and levels[SEX] is not Level.DIFFERS
        ):
            return "SSN, name and home agree on one member only, and the birth date but for a slip", ""
        return "", "the birth date differs from that of the member who has this SSN"
    if not _one_surname(ours, theirs, levels) and not _married(levels):
        return "", "the last name differs from that of the member who has this SSN, and so does the home"
    if first is Level.SAME:
        return "SSN, birth date and first name agree on one member only", ""
    if last not in _NEAR_SURNAME or levels[SEX] is Level.DIFFERS:
        return "", "the first name differs, and so does the last name or the sex"
    if first is Level.INITIAL:
        if _at_home(levels) and last is Level.SAME:
            return "SSN, birth date, last name, initial and home agree on one member only", ""
        return "", "only an initial to compare with the first name"
    if not _one_given_name(ours, theirs, levels):
        return "", "two first names that are alike, and nothing says they are one: twins?"
    return "SSN, birth date and last name agree on one member only, and the first name but for its form", ""


def _one_surname(ours: Key, theirs: Key, levels: Levels) -> bool:
    """The same last name, or a form of it that is not another family's: Rojas is one beside Rosas."""
    last = levels[LAST_NAME]
    if last in (Level.SLIP, Level.TWO_SLIPS, Level.SOUND):
        return not (names.is_surname("".join(ours.last)) and names.is_surname("".join(theirs.last)))
    return last is not Level.DIFFERS


def _at_home(levels: Levels) -> bool:
    """The home, or the phone that rings in it."""
    return levels[ADDRESS] in HOME or (levels[PHONE] is Level.SAME and levels[ADDRESS] is not Level.HOUSE)


def _married(levels: Levels) -> bool:
    """Another last name of the same person: in the same home, or beside the same full middle name."""
    if levels[SEX] is Level.DIFFERS:
        return False
    return _at_home(levels) or (levels[FIRST_NAME] is levels[MIDDLE_NAME] is Level.SAME)


def _one_given_name(ours: Key, theirs: Key, levels: Levels) -> bool:
    """Whether two forms of a first name are one person's, and not those of twins.

    Twins are given names that are like each other, so the likeness itself says nothing: Marie is a name of
    its own beside Maria. The full middle name says it, a form nobody gives the other twin (Bob beside
    Robert), a part left out, or a slip of the pen.
    """
    first, middle = levels[FIRST_NAME], levels[MIDDLE_NAME]
    if middle is Level.SAME or first is Level.EXCHANGED:
        return True
    if not _one_middle_name(ours, theirs, levels):
        return False
    one, other = ours.first, theirs.first
    if first is Level.NICKNAME:
        return names.is_hardly_given(one[0], other[0])
    if first is Level.PART:
        return one[0] == other[0] and (set(one) <= set(other) or set(other) <= set(one))
    return first is Level.SLIP and _slip_of_the_pen(one[0], other[0])


def _one_middle_name(ours: Key, theirs: Key, levels: Levels) -> bool:
    """Whether the middle names, where both are known, are one: José Miguel is a brother of José Manuel."""
    middle = levels[MIDDLE_NAME]
    if middle is Level.SLIP:
        return _slip_of_the_pen(ours.middle[0], theirs.middle[0])
    return middle not in (Level.DIFFERS, Level.TWO_SLIPS, Level.SOUND)


def _slip_of_the_pen(one: str, other: str) -> bool:
    """A letter doubled or not; else two letters exchanged, or another consonant, that make a name no name.

    Another vowel makes other names in many languages, also such as no list knows: Minh and Manh.
    """
    if squeezed(one) == squeezed(other):
        return True
    if names.is_given_name(one) is names.is_given_name(other) and not names.is_hardly_given(one, other):
        return False
    return sorted(one) == sorted(other) or consonants(one) != consonants(other)


_OFTEN_A_GUESS = "-01-01"
_GIVEN_TO_SEVERAL = frozenset(
    {"JOSE", "JUAN", "LUIS", "MARIA", "ANA", "MARY", "MOHAMED", "MOHAMMED", "MOHAMMAD", "MUHAMMAD", "ABDUL"}
)
"""First names that several children of one family have, told apart by the second name [K]."""


def _without_exact_ssn(ours: Key, theirs: Key, levels: Levels) -> tuple[str, str]:
    """No SSN, or a slip in it: the name must be the same letters, in the same home."""
    ssn = "no SSN to compare" if levels[SSN] is Level.MISSING else "the SSN has a slip"
    if levels[BIRTH_DATE] is not Level.SAME:
        return "", f"{ssn}, and the birth date differs"
    if ours.born.endswith(_OFTEN_A_GUESS) and levels[MIDDLE_NAME] is not Level.SAME:
        return "", f"{ssn}, and the first of January stands for many a birth date that nobody knew"
    nickname = levels[FIRST_NAME] is Level.NICKNAME and levels[MIDDLE_NAME] is Level.SAME
    if levels[FIRST_NAME] is not Level.SAME and not nickname:
        return "", f"{ssn}, and the first name is not the same letters: a twin?"
    if ours.first[0] in _GIVEN_TO_SEVERAL and levels[MIDDLE_NAME] not in (Level.SAME, Level.INITIAL):
        return "", f"{ssn}, and brothers and sisters share this first name beside a second one"
    middle = _one_middle_name(ours, theirs, levels)
    if levels[LAST_NAME] not in _NEAR_SURNAME or not middle or levels[SEX] is Level.DIFFERS:
        return "", f"{ssn}, and last name, middle name or sex differ"
    if levels[SUFFIX] is Level.ONE_SIDED:
        return "", f"{ssn}, and a suffix on one side only: father and son?"
    if _at_home(levels):
        return "birth date, first name, last name and home agree on one member only", ""
    if levels[SSN] is Level.SLIP and levels[MIDDLE_NAME] is Level.SAME and levels[LAST_NAME] is Level.SAME:
        return "SSN but for a slip, birth date and the full name agree on one member only", ""
    return "", f"{ssn}, and the home is another"


def _too_common(best: Candidate) -> str:
    if best.score >= model.CERTAIN:
        return ""
    return "what agrees is too common to be certain among all members"


def _other_near(best: Candidate, candidates: Sequence[Candidate]) -> str:
    """Why another member may be meant."""
    for other in candidates:
        if other.mrn == best.mrn:
            continue
        if _name_and_birth_date(other.levels):
            return "another member has the same name and birth date"
        if best.score - other.score < _MARGIN:
            return "another member agrees nearly as well"
        if best.levels[SSN] is not Level.SAME and _could_be_meant(other.levels):
            return "another member of the family has a similar name, and no SSN tells them apart"
    return ""


def _could_be_meant(levels: Levels) -> bool:
    """Someone of the same home with nearly this name: a twin, or father and son."""
    if levels[ADDRESS] not in NEAR_HOME and levels[PHONE] is not Level.SAME:
        return False
    if levels[BIRTH_DATE] is Level.SAME:
        return levels[FIRST_NAME] in _ALIKE or levels[FIRST_NAME] is Level.INITIAL
    return levels[FIRST_NAME] is Level.SAME and levels[LAST_NAME] in _NEAR_SURNAME


def _best_plausible(
    enrollment: Person, by_mrn: Mapping[str, Person], candidates: Sequence[Candidate], doubt: str
) -> str:
    """Why somebody on file may be the enrollee, or an empty string when nobody can be.

    Asked in the order of the candidates; `doubt` is what kept the best one from being certain.
    """
    for place, one in enumerate(candidates):
        if why := _may_be(enrollment.key, by_mrn[one.mrn].key, one):
            return doubt if place == 0 and one.score >= model.STRONG else why
    return ""


def _may_be(ours: Key, theirs: Key, candidate: Candidate) -> str:
    """Why this member may be the enrollee after all, or an empty string."""
    levels = candidate.levels
    shares_name = bool(ours.name_parts & theirs.name_parts) or bool(
        {levels[FIRST_NAME], levels[LAST_NAME]} & _ALIKE
    )
    if ours.ssn and ours.ssn == theirs.ssn:
        return "a member on file has this SSN but another name or birth date"
    if levels[BIRTH_DATE] is Level.SAME and shares_name:
        if _name_and_birth_date(levels):
            why = "another SSN" if levels[SSN] is not Level.MISSING else "no SSN to compare"
            return f"a member on file has the same name and birth date, and {why}"
        return "a member on file has the same birth date and a part of the name"
    if levels[SSN] is Level.SLIP:
        return "a member on file has nearly this SSN"
    if levels[FIRST_NAME] is Level.DIFFERS and levels[BIRTH_DATE] in _NOT_BORN_SO:
        return ""  # a relative at most: other first name, other birth date, other number
    return "a member on file agrees in part" if candidate.score >= 0 else ""
