"""Compiles the tables of the 834 guide into loops and the places of their segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from backend.enrollment.edi import guide_tables

_UNBOUNDED = 2**31


@dataclass(frozen=True, slots=True)
class Element:
    """One entry of the element dictionary."""

    number: str
    kind: str
    shortest: int
    longest: int
    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One element as a segment uses it: R required, S situational, N not used."""

    element: Element
    usage: str
    codes: frozenset[str]
    most: int = 1
    components: tuple[Slot, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """A segment at one place of the guide."""

    name: str
    usage: str
    most: int
    order: int
    slots: tuple[Slot, ...]
    syntax: tuple[tuple[str, tuple[int, ...]], ...]
    keys: tuple[str, ...]
    """What it is recognised by: the name, or `NAME*qualifier`."""

    @cached_property
    def qualifier(self) -> str:
        """The name with its first qualifier, as people speak of it: REF*0F."""
        return self.keys[0]

    @cached_property
    def rules(self) -> tuple[tuple[str, tuple[int, ...], int, int], ...]:
        """The rules between elements, each with the fewest elements it can be broken by, and its last."""
        return tuple((kind, numbers, _fewest(kind, numbers), max(numbers)) for kind, numbers in self.syntax)

    @cached_property
    def first_related(self) -> int:
        """Elements a segment must have for any of the rules between elements to say something."""
        return min((fewest for _, _, fewest, _ in self.rules), default=_UNBOUNDED)


@dataclass(frozen=True, eq=False)
class Loop:
    """A loop of the guide; its first place opens it."""

    name: str
    usage: str
    most: int
    order: int
    children: tuple[Place | Loop, ...]

    @cached_property
    def opener(self) -> Place:
        """The segment that opens the loop."""
        first = self.children[0]
        return first if isinstance(first, Place) else first.opener

    @cached_property
    def by_key(self) -> dict[str, Place | Loop]:
        """What may stand in the loop after its opener, by recognition key."""
        found: dict[str, Place | Loop] = {}
        for child in self.children[0 if isinstance(self.children[0], Loop) else 1 :]:
            for key in (child if isinstance(child, Place) else child.opener).keys:
                found.setdefault(key, child)
        return found

    @cached_property
    def required(self) -> tuple[Place | Loop, ...]:
        """What must stand in the loop, its opener apart."""
        return tuple(child for child in dict.fromkeys(self.by_key.values()) if child.usage == "R")

    @cached_property
    def before(self) -> dict[Place | Loop | None, tuple[Place | Loop, ...]]:
        """What must have been met before each child, and (None) before the loop ends."""
        children = {*self.children, *self.by_key.values()}
        found: dict[Place | Loop | None, tuple[Place | Loop, ...]] = {
            child: tuple(one for one in self.required if one.order < child.order) for child in children
        }
        return {**found, None: self.required}


def _fewest(kind: str, numbers: tuple[int, ...]) -> int:
    """Elements a segment must have at least for a rule between elements to be broken."""
    if kind == "R":
        return 0
    if kind == "E":
        return sorted(numbers)[1]
    return min(numbers) if kind == "P" else numbers[0]


@dataclass
class _Open:
    """A loop of the table while its lines are being read."""

    name: str
    usage: str
    most: int
    order: int
    depth: int
    children: list[Place | Loop] = field(default_factory=list)


@lru_cache(maxsize=1)
def transaction_set() -> Loop:
    """Returns the compiled guide: the loop that ST opens."""
    root = _Open("", "R", 1, 0, -1)
    stack = [root]
    for line in guide_tables.STRUCTURE.splitlines():
        if not line.strip():
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        while stack[-1].depth >= depth:
            _close(stack)
        words = line.split()
        parent = stack[-1]
        beside = words[0].startswith("=")
        order = (parent.children[-1].order if parent.children else 0) + (0 if beside else 1)
        name, usage, most = words[0].lstrip("="), words[1], words[2]
        limit = _UNBOUNDED if most == "*" else int(most)
        if name.startswith("@"):
            stack.append(_Open(name[1:], usage, limit, order, depth))
        else:
            parent.children.append(_place(name, usage, limit, order, words[3], words[4:]))
    while len(stack) > 1:
        _close(stack)
    (tree,) = root.children
    assert isinstance(tree, Loop)
    return tree


def _close(stack: list[_Open]) -> None:
    done = stack.pop()
    stack[-1].children.append(Loop(done.name, done.usage, done.most, done.order, tuple(done.children)))


def _place(name: str, usage: str, most: int, order: int, usages: str, code_words: list[str]) -> Place:
    codes: dict[str, frozenset[str]] = {}
    keys: tuple[str, ...] = (name,)
    for word in code_words:
        mark = "!" if "!" in word else ":"
        where, _, values = word.partition(mark)
        listed = guide_tables.CODES[values[1:]].split() if values.startswith("$") else values.split(",")
        codes[where] = frozenset(listed)
        if mark == "!":
            keys = tuple(f"{name}*{code}" for code in listed)
    layout, syntax = _layouts()[name]
    assert len(layout) == len(usages), name
    slots = tuple(
        _slot(word, usages[number - 1], str(number), codes) for number, word in enumerate(layout, 1)
    )
    alive = tuple(rule for rule in syntax if _can_fail(rule, usages))
    return Place(name, usage, most, order, slots, alive, keys)


def _can_fail(rule: tuple[str, tuple[int, ...]], usages: str) -> bool:
    """Whether the usage letters leave a syntax note anything to say."""
    kind, numbers = rule
    letters = [usages[number - 1] for number in numbers]
    if kind == "R":
        return "R" not in letters
    if kind == "E":
        return sum(letter != "N" for letter in letters) > 1
    if kind == "P":
        return set(letters) != {"R"} and set(letters) != {"N"}
    return letters[0] != "N"


def _slot(word: str, usage: str, where: str, codes: dict[str, frozenset[str]]) -> Slot:
    number, _, most = word.partition("*")
    parts: tuple[Slot, ...] = ()
    if number in guide_tables.COMPOSITES:
        inner, letters = guide_tables.COMPOSITES[number]
        parts = tuple(
            Slot(elements()[name], letter, codes.get(f"{where}.{place}", frozenset()))
            for place, (name, letter) in enumerate(zip(inner.split(), letters, strict=True), 1)
        )
        number = parts[0].element.number
    return Slot(elements()[number], usage, codes.get(where, frozenset()), int(most or 1), parts)


@lru_cache(maxsize=1)
def elements() -> dict[str, Element]:
    """Returns the element dictionary by number."""
    found = {}
    for line in guide_tables.ELEMENTS.strip().splitlines():
        number, kind, shortest, longest, name = line.split(maxsplit=4)
        found[number] = Element(number, kind, int(shortest), int(longest), name)
    return found


@lru_cache(maxsize=1)
def _layouts() -> dict[str, tuple[list[str], list[tuple[str, tuple[int, ...]]]]]:
    found = {}
    for line in guide_tables.LAYOUTS.strip().splitlines():
        words, _, notes = line.partition("|")
        name, *layout = words.split()
        syntax = [
            (note[0], tuple(int(note[at : at + 2]) for at in range(1, len(note), 2)))
            for note in notes.split()
        ]
        found[name] = (layout, syntax)
    return found


def known_names() -> frozenset[str]:
    """Returns every segment name an 834 may use inside a set."""
    return frozenset(_layouts())
