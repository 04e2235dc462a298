"""Evidence in bits: how much more often a value agrees so for one person than for two strangers.

A figure is log2(m / u): m, the share of true pairs that compare so, judged from the slips that enrollment
forms and files show; u, the share of pairs of strangers, from name frequencies and the range of the value.
Bits rank candidates and tell a stranger from somebody near; they never make a match certain by themselves
(`certainty`). Figures have one decimal, so that what a rep sees adds up.
"""

from __future__ import annotations

from functools import lru_cache
from math import log2

from backend.matching import names
from backend.matching.likeness import Level
from backend.matching.normalise import VERSION, core

MODEL = f"bits-2/normaliser-{VERSION}"
"""Stands on every decision."""

CHANCE = 23.3
"""log2 of 10 million members: what a candidate needs to be more likely than not the one among all."""
CERTAIN = CHANCE + 8.0
"""Far above chance: below this score nothing is automatic."""
STRONG = CHANCE
"""From here on a candidate is so likely the one that a new member beside it needs a second person."""
WEAK = 14.0
"""A best candidate below this is looked for once more, wider."""

_SSN = {Level.SAME: 20.0, Level.SLIP: 11.0, Level.NEIGHBOUR: 5.0, Level.TWO_SLIPS: 3.5, Level.DIFFERS: -6.0}
_BORN = {
    Level.SAME: 14.4,
    Level.EXCHANGED: 9.0,
    Level.SLIP: 7.0,
    Level.DECADE: 1.0,
    Level.TWO_SLIPS: 1.5,
    Level.DIFFERS: -6.0,
}
_FIRST_OF_JANUARY = 10.0
"""The day that stands for an unknown one: many share it."""
_SEX = {Level.SAME: 0.9, Level.DIFFERS: -4.0}
_SUFFIX = {Level.SAME: 3.5, Level.DIFFERS: -6.0}
_MIDDLE = {
    Level.SAME: 5.0,
    Level.INITIAL: 3.0,
    Level.NICKNAME: 3.0,
    Level.PART: 3.0,
    Level.SLIP: 3.0,
    Level.TWO_SLIPS: 1.0,
    Level.SOUND: 1.0,
    Level.DIFFERS: -3.0,
}
_HOME = {
    Level.SAME: 10.0,
    Level.SLIP: 8.0,
    Level.BUILDING: 7.0,
    Level.HOUSE: 5.0,
    Level.STREET: 5.0,
    Level.ZIP: 2.5,
    Level.CITY: 1.5,
    Level.DIFFERS: -1.5,
}
_PHONE = {Level.SAME: 9.0, Level.DIFFERS: -0.5}

# What a likeness of names loses against the very same letters, in bits; never below the floor.
_NAME_LOSS = {
    Level.SAME: 0.0,
    Level.NICKNAME: 2.5,
    Level.EXCHANGED: 2.0,
    Level.SLIP: 3.0,
    Level.PART: 3.0,
    Level.MIDDLE: 3.5,
    Level.TWO_SLIPS: 4.5,
    Level.SOUND: 5.0,
}
_NAME_FLOOR = 1.0
_INITIAL = 1.5
_SURNAME_DIFFERS = -4.0
"""Surnames change at a marriage, so they say less against than first names."""
_GIVEN_NAME_DIFFERS = -6.5


def surname_bits(level: Level, one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Bits of a last name; a rare one says more."""
    if level in _NO_LIKENESS:
        return _SURNAME_DIFFERS if level is Level.DIFFERS else 0.0
    return _name_bits(level, min(_rarity(one, surname=True), _rarity(other, surname=True)))


def given_name_bits(level: Level, one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Bits of a first name; a rare one says more."""
    if level in _NO_LIKENESS:
        return _GIVEN_NAME_DIFFERS if level is Level.DIFFERS else 0.0
    return _name_bits(level, min(_rarity(one, surname=False), _rarity(other, surname=False)))


_NO_LIKENESS = frozenset({Level.DIFFERS, Level.MISSING, Level.NO_EVIDENCE})


def _name_bits(level: Level, rarity: float) -> float:
    if level is Level.INITIAL:
        return _INITIAL
    return max(_NAME_FLOOR, round(rarity - _NAME_LOSS[level], 1))


@lru_cache(maxsize=65_536)
def _rarity(name: tuple[str, ...], *, surname: bool) -> float:
    """Bits of the very same name: -log2 of the share of people who have it."""
    words = core(name) or name
    share = names.share_of_surname if surname else names.share_of_given_name
    return round(min(14.0, -log2(min(map(share, words)))), 1) if words else 0.0


def middle_bits(level: Level) -> float:
    """Bits of a middle name."""
    return _MIDDLE.get(level, 0.0)


def birth_date_bits(level: Level, born: str) -> float:
    """Bits of a birth date."""
    if level is Level.SAME and born.endswith("-01-01"):
        return _FIRST_OF_JANUARY
    return _BORN.get(level, 0.0)


def ssn_bits(level: Level) -> float:
    """Bits of an SSN."""
    return _SSN.get(level, 0.0)


def sex_bits(level: Level) -> float:
    """Bits of the sex."""
    return _SEX.get(level, 0.0)


def suffix_bits(level: Level) -> float:
    """Bits of a generation suffix."""
    return _SUFFIX.get(level, 0.0)


def home_bits(level: Level) -> float:
    """Bits of an address."""
    return _HOME.get(level, 0.0)


def phone_bits(level: Level, home: Level) -> float:
    """Bits of a phone, which counts once with the home it rings in."""
    if level is Level.SAME and home_bits(home) > 0:
        return max(0.0, round(_PHONE[Level.SAME] - home_bits(home), 1))
    return _PHONE.get(level, 0.0)
