"""How alike two values of one field are: a level, and a short word for it."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from jellyfish import metaphone
from rapidfuzz.distance import OSA, JaroWinkler

from api_client.types.words import Verdict
from backend.matching import names
from backend.matching.normalise import Home, core


class Level(Enum):
    """How two values of one field compare; more levels than a rep has to see as verdicts."""

    __hash__ = object.__hash__  # levels are looked up for every field of every candidate

    SAME = Verdict.SAME, "same"
    NICKNAME = Verdict.NEAR, "nickname"
    EXCHANGED = Verdict.NEAR, "exchanged"
    SLIP = Verdict.NEAR, "1 letter or digit"
    DECADE = Verdict.NEAR, "another decade"
    NEIGHBOUR = Verdict.NEAR, "next number"
    ONE_SIDED = Verdict.MISSING, "on one side only"
    PART = Verdict.NEAR, "part"
    INITIAL = Verdict.NEAR, "initial"
    MIDDLE = Verdict.NEAR, "middle name used"
    TWO_SLIPS = Verdict.NEAR, "2 letters or digits"
    SOUND = Verdict.NEAR, "sounds alike"
    BUILDING = Verdict.NEAR, "same building, perhaps the apartment"
    HOUSE = Verdict.NEAR, "same building"
    STREET = Verdict.NEAR, "same street"
    ZIP = Verdict.DIFFERS, "same zip"
    CITY = Verdict.DIFFERS, "same city"
    DIFFERS = Verdict.DIFFERS, "differs"
    NO_EVIDENCE = Verdict.MISSING, "no evidence"
    MISSING = Verdict.MISSING, "missing"


class Likeness(NamedTuple):
    """A level and its words."""

    level: Level
    words: str


SAME = Likeness(Level.SAME, "same")
DIFFERS = Likeness(Level.DIFFERS, "differs")
_MISSING = Likeness(Level.MISSING, "missing")
_NOT_ON_FILE = Likeness(Level.MISSING, "not on file")
_INITIAL = Likeness(Level.INITIAL, "initial")
_ONE_LETTER = Likeness(Level.SLIP, "1 letter")
_TWO_LETTERS = Likeness(Level.TWO_SLIPS, "2 letters")
_SOUND = Likeness(Level.SOUND, "sounds alike")
_SURNAME_PART = Likeness(Level.PART, "part of a double surname")
_NAME_PART = Likeness(Level.PART, "part of the name")


def plain(ours: str, theirs: str) -> Likeness:
    """Same, differs or missing; nothing between."""
    return _missing(ours, theirs) or (SAME if ours == theirs else DIFFERS)


@lru_cache(maxsize=65_536)
def of_surnames(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Likeness:
    """Last names by their words."""
    if missing := _missing(ours, theirs):
        return missing
    if "".join(ours) == "".join(theirs):
        return SAME
    ours, theirs = core(ours), core(theirs)
    if set(ours) & set(theirs):
        return _SURNAME_PART
    return _of_letters("".join(ours), "".join(theirs))


@lru_cache(maxsize=65_536)
def of_given_names(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Likeness:
    """First or middle names by their words; a nickname counts only beside its listed root."""
    if missing := _missing(ours, theirs):
        return missing
    a, b = "".join(ours), "".join(theirs)
    if a == b and len(a) > 1:
        return SAME
    if 1 in (len(a), len(b)):
        return _INITIAL if a[0] == b[0] else DIFFERS
    if set(ours) & set(theirs):
        return _NAME_PART
    if min(len(a), len(b)) >= 4 and OSA.distance(a, b, score_cutoff=1) == 1:
        return _ONE_LETTER  # Marie is no nickname of Maria, whatever a list says
    if names.is_nickname(ours[0], theirs[0]):
        return Likeness(Level.NICKNAME, "nickname")
    return _of_letters(a, b)


def _of_letters(a: str, b: str) -> Likeness:
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return Likeness(Level.PART, "cut short")
    slips = OSA.distance(a, b, score_cutoff=2)
    if slips == 1 and len(shorter) >= 3:
        return _ONE_LETTER
    if slips == 2 and len(shorter) >= 5:
        return _TWO_LETTERS
    if len(shorter) >= 4 and (sound(a) == sound(b) or JaroWinkler.similarity(a, b) >= 0.92):
        return _SOUND
    return DIFFERS


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """How a word sounds, so that other spellings are found beside it."""
    return (metaphone(word) or word)[:6]


def consonants(name: str) -> str:
    """The name without its vowels."""
    return "".join(letter for letter in name if letter not in "AEIOUY")


def squeezed(name: str) -> str:
    """The name with letters that stand doubled written once."""
    return "".join(letter for letter, _ in groupby(name))


def of_birth_dates(ours: str, theirs: str) -> Likeness:
    """Dates as YYYY-MM-DD: same, day and month exchanged, one or two digits, or different."""
    if missing := _missing(ours, theirs):
        return missing
    if ours == theirs:
        return SAME
    year, month, day = ours.split("-")
    if f"{year}-{day}-{month}" == theirs:
        return Likeness(Level.EXCHANGED, "day and month exchanged")
    if ours[4:] == theirs[4:] and abs(int(ours[:4]) - int(theirs[:4])) >= 8:
        # A parent may have the day and month of the child.
        return Likeness(Level.DECADE, f"{abs(int(ours[:4]) - int(theirs[:4]))} years apart")
    return _of_digits(ours, theirs)


def of_ssns(ours: str, theirs: str) -> Likeness:
    """Nine digits each: same, one digit, two neighbours exchanged, two digits, or different."""
    if missing := _missing(ours, theirs):
        return missing
    if ours == theirs:
        return SAME
    if abs(int(ours) - int(theirs)) <= _ISSUED_TOGETHER:
        return Likeness(Level.NEIGHBOUR, "next number: issued together?")
    return _of_digits(ours, theirs)


_ISSUED_TOGETHER = 20
"""Brothers and sisters who were given numbers on one day are so near each other."""


def of_suffixes(ours: str, theirs: str) -> Likeness:
    """Generation suffixes: one that stands on one side only may tell a son from the father."""
    if bool(ours) is not bool(theirs):
        return Likeness(Level.ONE_SIDED, "not on file" if ours else "not on the enrollment")
    return plain(ours, theirs)


def _of_digits(ours: str, theirs: str) -> Likeness:
    places = [i for i, (x, y) in enumerate(zip(ours, theirs, strict=True)) if x != y]
    if len(places) == 1:
        return Likeness(Level.SLIP, "1 digit")
    if len(places) > 2:
        return DIFFERS
    first, last = places
    if ours[first] == theirs[last] and ours[last] == theirs[first] and last - first <= 2:
        return Likeness(Level.SLIP, "2 digits exchanged")
    return Likeness(Level.TWO_SLIPS, "2 digits")


def of_homes(ours: Home, theirs: Home) -> Likeness:
    """Same home, same building, same street in another spelling, same zip or city, or another place."""
    if not (ours.street and theirs.street):
        return _of_places(ours, theirs) or _missing(ours.street, theirs.street) or _MISSING
    same_zip = ours.zip == theirs.zip or not (ours.zip and theirs.zip)
    same_city = bool(ours.city) and sound(ours.city) == sound(theirs.city)
    if ours.street == theirs.street:
        if not (same_zip or same_city):
            return Likeness(Level.STREET, "same street, other zip")
        if ours.apartment != theirs.apartment:
            if ours.apartment and theirs.apartment:
                return Likeness(Level.HOUSE, "same building, other apartment")
            return Likeness(Level.BUILDING, "same building, apartment on one side")
        return SAME if ours.zip == theirs.zip else Likeness(Level.SLIP, "same street, zip differs")
    if (same_zip or same_city) and _same_street(ours, theirs):
        if ours.house and ours.house == theirs.house:
            return Likeness(Level.SLIP, "same house, other spelling")
        return Likeness(Level.STREET, "same street, other house")
    return _of_places(ours, theirs) or Likeness(Level.DIFFERS, "lives elsewhere")


def _of_places(ours: Home, theirs: Home) -> Likeness | None:
    if ours.zip and ours.zip == theirs.zip:
        return Likeness(Level.ZIP, "same zip")
    if ours.city and sound(ours.city) == sound(theirs.city):
        return Likeness(Level.CITY, "same city")
    return None


def _same_street(ours: Home, theirs: Home) -> bool:
    a, b = ours.street_word, theirs.street_word
    return bool(a and b) and (a == b or sound(a) == sound(b) or OSA.distance(a, b, score_cutoff=2) <= 2)


def _missing(ours: object, theirs: object) -> Likeness | None:
    if ours and theirs:
        return None
    return _NOT_ON_FILE if ours else _MISSING
