"""How well a name on record fits one that was typed. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler

from backend.matching import names
from backend.search.rules import FEWEST_LETTERS, Name, parts

EXACT, PART, BEGINS, SLIP = 0, 1, 2, 6
"""What a fit costs; the sum over last and given name orders people."""
_LONG = 7
"""Letters of a word in which two slips are still one name."""
_MOST_NICKNAMES = 6


@dataclass(frozen=True)
class Fit:
    """What a name costs, and what of it is what was typed."""

    cost: int
    matched: tuple[str, ...] = ()


def fits(last_key: str, first_key: str, wanted: Iterable[Name], *, near: bool) -> Fit | None:
    """The best fit among the ways to read what was typed; None where none fits. `near` lets slips in."""
    found = [fit for name in wanted if (fit := _fit(last_key, first_key, name, near=near)) is not None]
    return min(found, key=lambda fit: fit.cost, default=None)


def _fit(last_key: str, first_key: str, name: Name, *, near: bool) -> Fit | None:
    cost, matched = 0, []
    for typed, key, what in ((name.last, last_key, "last name"), (name.first, first_key, "first name")):
        if not typed:
            continue
        one = _cost(typed, key, near=near)
        if one is None and what == "first name" and is_form(typed, key):
            one, what = BEGINS, "nickname"
        if one is None:
            return None
        cost += one
        matched.append(f"{what}, nearly" if one >= SLIP else what)
    return Fit(cost, tuple(matched)) if matched else None


def _cost(typed: str, key: str, *, near: bool) -> int | None:
    if key == typed:
        return EXACT
    if key.startswith(typed + " ") or typed in parts(key):
        return PART
    if key.startswith(typed) or any(word.startswith(typed) for word in key.split(" ")[1:]):
        return BEGINS
    if near and (distance := min(slips(typed, one) for one in {key, *key.split(" ")})) < SLIP:
        return SLIP + distance
    return None


def slips(typed: str, word: str) -> int:
    """Letters wrong, missing, too many or exchanged; many for words that are not near each other."""
    if min(len(typed), len(word)) < FEWEST_LETTERS - 1 or max(len(typed), len(word)) < FEWEST_LETTERS:
        return SLIP
    distance = OSA.distance(typed, word, score_cutoff=2)
    return distance if distance <= (2 if min(len(typed), len(word)) >= _LONG else 1) else SLIP


def is_form(typed: str, first_key: str) -> bool:
    """Whether one of two given names is a nickname of the other: Bob and Robert."""
    return any(word in names.forms_of(typed) for word in first_key.split(" "))


def nicknames(first: str) -> list[str]:
    """Other forms of a given name that are looked for, the commonest first."""
    forms = names.forms_of(first)
    return sorted(forms, key=lambda one: (-names.share_of_given_name(one), one))[:_MOST_NICKNAMES]


def nearest(typed: str, words: Sequence[str], most: int) -> list[str]:
    """The words one slip away, the most alike first; not the word itself."""
    near = [word for word in words if word != typed and slips(typed, word) < SLIP]
    return sorted(near, key=lambda word: (-JaroWinkler.similarity(typed, word), word))[:most]
