"""Keys under which members are found: about twenty a member, hashed with a secret, so that the index is no
look-up table of SSNs.

Two forms of one person share a key as long as a few of their fields agree. Expansion (nicknames, exchanged
names, exchanged day and month) happens on the asking side only: it costs look-ups, no room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from backend.matching import names
from backend.matching.likeness import sound
from backend.matching.normalise import core
from backend.matching.person import Key

_MOST_FORMS = 8
"""Forms of a given name that are asked for beside the one given."""


def member_keys(key: Key) -> frozenset[str]:
    """Every key of a member on file, before hashing."""
    return frozenset(_keys(key, key.born, _sounds(core(key.first)[:2])))


def asking_keys(key: Key) -> frozenset[str]:
    """Keys to ask for an enrollee, expanded."""
    firsts = _sounds(
        [*core(key.first)[:2], *sorted(names.forms_of(key.first[0]))[:_MOST_FORMS]] if key.first else []
    )
    found = set(_keys(key, key.born, firsts))
    if exchanged := _exchanged(key.born):
        found.update(_keys(key, exchanged, firsts))
    if key.first and key.last:
        found.update(_name_keys(key, _sounds(core(key.first)), _sounds(core(key.last)), key.born))
    if key.middle:
        found.update(_name_keys(key, _sounds(core(key.last)), _sounds(key.middle[:1]), key.born))
    return frozenset(found)


def wider_keys(key: Key) -> frozenset[str]:
    """More keys to ask for when nobody near was found: one slip in the SSN or in the birth date."""
    found: set[str] = set()
    for ssn in _slips_of_ssn(key.ssn):
        found.add(f"S|{ssn}")
    parts = _sounds(core(key.last) + core(key.first))
    guess = [f"{key.born[:4]}-01-01"] if key.born else []  # where only the year was known
    for born in [*_slips_of_date(key.born), *guess]:
        found.update(f"B|{born}|{part}" for part in parts)
    return frozenset(found)


def hashed(secret: bytes, texts: Iterable[str]) -> list[int]:
    """The keys as signed 64-bit numbers under the store's secret, in a fixed order."""
    return sorted(
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=secret).digest(), "big", signed=True)
        for text in texts
    )


def _keys(key: Key, born: str, firsts: Sequence[str]) -> Iterator[str]:
    lasts = _sounds(core(key.last)[:3])
    year = born[:4]
    if key.ssn:
        yield f"S|{key.ssn}"
        yield from (f"S4|{key.ssn[5:]}|{part}" for part in (*lasts, *firsts[:1]))
        if year:
            yield f"S5|{key.ssn[:5]}|{year}"
            yield f"S4|{key.ssn[5:]}|{year}"
    if born:
        yield from (f"B|{born}|{part}" for part in {*lasts, *firsts, *_sounds(key.middle[:1])})
        if key.home.zip:
            yield f"B|{born}|{key.home.zip}"
        if word := key.home.street_word:
            yield f"B|{born}|{sound(word)}"
        if key.home.city:
            yield f"B|{born}|{sound(key.home.city)}"
    yield from _name_keys(key, lasts, firsts, born)
    if word := key.home.street_word:
        yield from (f"A|{sound(word)}|{part}" for part in {*lasts, *firsts[:1]})
        if key.home.city:
            yield f"A|{sound(word)}|{sound(key.home.city)}"
    if key.last and key.first:
        yield f"M|{''.join(key.last)[:3]}|{key.first[0][:3]}"
    if key.home.house and key.home.zip:
        yield f"A|{key.home.house}|{key.home.zip}"
    if key.phone:
        yield f"P|{key.phone}"


def _name_keys(key: Key, lasts: Sequence[str], firsts: Sequence[str], born: str) -> Iterator[str]:
    """Last and first sound, with what tells namesakes apart."""
    beside = [key.middle[0][:1]] if key.middle else []
    beside += [born[:4], born[5:]] if born else []
    beside += [key.home.zip] if key.home.zip else []
    for last, first in product(lasts, firsts):
        yield f"N|{last}|{first}"
        yield from (f"N|{last}|{first}|{part}" for part in beside)


def _sounds(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(sound, words)))


def _exchanged(born: str) -> str:
    """The date with day and month exchanged, when that is another one."""
    if not born or born[5:7] == born[8:] or int(born[8:]) > 12:
        return ""
    return f"{born[:4]}-{born[8:]}-{born[5:7]}"


def _slips_of_ssn(ssn: str) -> Iterator[str]:
    for place in range(len(ssn)):
        for digit in "0123456789":
            if digit != ssn[place]:
                yield ssn[:place] + digit + ssn[place + 1 :]
    for place in range(len(ssn) - 1):
        if ssn[place] != ssn[place + 1]:
            yield ssn[:place] + ssn[place + 1] + ssn[place] + ssn[place + 2 :]


def _slips_of_date(born: str) -> Iterator[str]:
    """Dates one digit away in the places where slips are likely, and with two neighbours exchanged."""
    for place in (3, 2, 9, 8, 6, 5) if born else ():
        for digit in "0123456789":
            if digit != born[place]:
                yield born[:place] + digit + born[place + 1 :]
    for one, other in ((2, 3), (3, 5), (5, 6), (6, 8), (8, 9)) if born else ():
        if born[one] != born[other]:
            yield born[:one] + born[other] + born[one + 1 : other] + born[one] + born[other + 1 :]
