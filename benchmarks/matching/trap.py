"""What a trap is: some people in the registry, and an enrollment that is easily taken for one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.matching.people import Person, World

Edits = dict[str, str]
"""Columns as they were written, where that is not what the person would say."""


@dataclass
class Case:
    """One trap set up."""

    members: list[Person]
    enrolled: Person
    true: list[Person] = field(default_factory=list)
    """The rows of `members` that are this very person: none when the person is absent."""
    edits: Edits = field(default_factory=dict)
    """What the enrollment says otherwise."""
    rows: dict[Person, Edits] = field(default_factory=dict)
    """What rows of the registry say otherwise."""
    undecidable: bool = False
    """True rows exist and still no automatic match is right: a person has to choose between them."""


Maker = Callable[[World], Case]


@dataclass(frozen=True)
class Trap:
    """A named kind of trap."""

    name: str
    share: float
    says: str
    make: Maker


TRAPS: dict[str, Trap] = {}


def trap(name: str, share: float = 1.0) -> Callable[[Maker], Maker]:
    """Add a maker under a name; `share` says how frequent it is among traps."""

    def add(make: Maker) -> Maker:
        assert make.__doc__, name
        assert name not in TRAPS, name
        TRAPS[name] = Trap(name, share, make.__doc__, make)
        return make

    return add


def present(members: list[Person], person: Person, like: Person | None = None, **edits: str) -> Case:
    """The enrollee is in the registry."""
    return Case(members, like or person, [person], edits)


def absent(members: list[Person], person: Person, **edits: str) -> Case:
    """The enrollee is not in the registry."""
    return Case(members, person, [], edits)
