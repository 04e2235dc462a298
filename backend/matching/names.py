"""How common a name is, and which forms of a given name belong together.

Frequencies: US Census Bureau, 1990 Census name files. Nicknames: the `nicknames` package.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from nicknames import NickNamer

_RARE_SURNAME = 0.7
"""People in 100,000 with a surname that the table does not list."""
_RARE_GIVEN_NAME = 1.5


@cache
def _table(name: str) -> dict[str, float]:
    lines = files("backend.matching").joinpath(name).read_text(encoding="ascii").splitlines()[1:]
    return {row["name"]: float(row["per_100000"]) for row in csv.DictReader(lines)}


def share_of_surname(word: str) -> float:
    """The share of people with this surname, between 0 and 1."""
    return _table("surnames.csv").get(word, _RARE_SURNAME) / 100_000


def share_of_given_name(word: str) -> float:
    """The share of people with this given name, between 0 and 1."""
    return _table("given_names.csv").get(word, _RARE_GIVEN_NAME) / 100_000


def is_given_name(word: str) -> bool:
    """Whether people are known to have this given name: one that nobody has is a slip of another."""
    return word in _table("given_names.csv") or word in _nicknames() or word in _roots()


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Nicknames by root."""
    return dict(_capitals(NickNamer().nickname_lookup))


@cache
def _roots() -> dict[str, frozenset[str]]:
    """Roots by nickname."""
    return dict(_capitals(NickNamer().canonical_lookup))


def _capitals(table: dict[str, set[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    for name, others in table.items():
        yield name.upper(), frozenset(other.upper() for other in others)


_NONE: frozenset[str] = frozenset()


def is_nickname(one: str, other: str) -> bool:
    """Whether one of two different names is a nickname of the other, in either order."""
    return one in _nicknames().get(other, _NONE) or other in _nicknames().get(one, _NONE)


def forms_of(name: str) -> frozenset[str]:
    """Roots and nicknames of a given name; not the nicknames of its roots, who are other people."""
    return _nicknames().get(name, _NONE) | _roots().get(name, _NONE)
