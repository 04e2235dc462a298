"""How common a name is, and which forms of a given name belong together.

Frequencies of surnames: US Census Bureau, 1990 Census name files; of given names: US Social Security
Administration, national baby name data 1935 to 2024. Nicknames: the `nicknames` package.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files

from nicknames import NickNamer

_RARE_SURNAME = 0.7
"""People in 100,000 with a surname that the table does not list."""
_RARE_GIVEN_NAME = 0.2


@cache
def _table(name: str) -> dict[str, float]:
    lines = files("backend.matching").joinpath(name).read_text(encoding="ascii").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["name"]: float(row["per_100000"]) for row in rows}


def share_of_surname(word: str) -> float:
    """The share of people with this surname, between 0 and 1."""
    return _table("surnames.csv").get(word, _RARE_SURNAME) / 100_000


def is_surname(word: str) -> bool:
    """Whether one in 100,000 people or more have this surname."""
    return word in _table("surnames.csv")


def share_of_given_name(word: str) -> float:
    """The share of people with this given name, between 0 and 1."""
    return _table("given_names.csv").get(word, _RARE_GIVEN_NAME) / 100_000


def is_given_name(word: str) -> bool:
    """Whether people are known to have this given name: one that nobody has is a slip of another."""
    return word in _table("given_names.csv") or word in _nicknames() or word in _roots()


_MORE_NICKNAMES = {
    "ALBERTO": "BETO", "ANTONIO": "TONO TONY", "CATHERINE": "KATE KATIE", "CHARLES": "CHAS",
    "CHRISTOPHER": "TOPHER", "CONCEPCION": "CONCHA CONCHITA", "CONSUELO": "CHELO", "DOLORES": "LOLA",
    "EDUARDO": "LALO EDDIE", "ENRIQUE": "QUIQUE KIKE", "FERNANDO": "NANDO", "FRANCISCO": "PACO PANCHO FRANK",
    "GUADALUPE": "LUPE LUPITA", "GUILLERMO": "MEMO", "HUMBERTO": "BETO", "IGNACIO": "NACHO",
    "ISABEL": "CHABELA",
    "JESUS": "CHUY", "JOSE": "PEPE", "JOSEFINA": "PEPA JOSIE FINA", "MANUEL": "MANOLO MANNY",
    "MARGARET": "GRETA", "RAFAEL": "RAFA", "ROBERT": "ROBBIE BERT", "ROBERTO": "BETO", "ROSARIO": "CHARO",
    "SALVADOR": "CHAVA", "TERESA": "TERE", "WILLIAM": "LIAM",
}  # fmt: skip
"""Common in California and not in the package: general knowledge [K]."""


_HARDLY = 1 / 25


def is_hardly_given(one: str, other: str) -> bool:
    """Whether one of two names is so rare beside the other that hardly anyone is given it: Bob and Robert."""
    shares = share_of_given_name(one), share_of_given_name(other)
    return min(shares) < _HARDLY * max(shares)


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Nicknames by root."""
    table = defaultdict(
        set, {root.upper(): set(names) for root, names in NickNamer().nickname_lookup.items()}
    )
    for root, more in _MORE_NICKNAMES.items():
        table[root].update(more.split())
    return {root: frozenset(name.upper() for name in found) for root, found in table.items()}


@cache
def _roots() -> dict[str, frozenset[str]]:
    """Roots by nickname."""
    table = defaultdict(set)
    for root, found in _nicknames().items():
        for name in found:
            table[name].add(root)
    return {name: frozenset(roots) for name, roots in table.items()}


_NONE: frozenset[str] = frozenset()


def is_nickname(one: str, other: str) -> bool:
    """Whether one of two different names is a nickname of the other, in either order."""
    return one in _nicknames().get(other, _NONE) or other in _nicknames().get(one, _NONE)


def forms_of(name: str) -> frozenset[str]:
    """Roots and nicknames of a given name; not the nicknames of its roots, who are other people."""
    return _nicknames().get(name, _NONE) | _roots().get(name, _NONE)
