"""Compiles the tables of the 834 guide and checks one segment against its place in them.

A valid segment is recognised by one regular expression made from the tables; only a segment that
fails it is looked at element by element, to say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from backend.enrollment.edi import guide_tables
from backend.enrollment.edi.x12 import Delimiters, Segment

_DAY = (
    r"(?:1[89]|[2-9]\d)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
)
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OLDEST_YEAR = 1800


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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one element; `code` is IK403."""

    code: str
    element: int
    slot: Slot | None
    value: str = ""
    component: int | None = None
    repetition: int | None = None
    trigger: int | None = None
    """The element beside it that makes it a fault."""


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

    def element_faults(self, elements: tuple[str, ...], marks: Delimiters) -> Iterator[Fault]:
        """Yields what is wrong with the elements one by one."""
        for number, slot in enumerate(self.slots, 1):
            value = elements[number - 1] if number <= len(elements) else ""
            before = elements[number - 2] if 1 < number <= len(elements) else ""
            yield from _slot_faults(slot, number, value, before, marks)
        if any(elements[len(self.slots) :]):
            yield Fault("3", len(self.slots) + 1, None)

    def syntax_faults(self, elements: tuple[str, ...]) -> Iterator[Fault]:
        """Yields what breaks the rules between elements (paired, required, conditional, exclusive)."""
        for kind, numbers in self.syntax:
            given = [number <= len(elements) and elements[number - 1] != "" for number in numbers]
            absent = [number for number, there in zip(numbers, given, strict=True) if not there]
            present = [number for number, there in zip(numbers, given, strict=True) if there]
            if (
                (kind == "P" and present and absent)
                or (kind == "R" and not present)
                or (kind == "C" and given[0] and absent)
                or (kind == "L" and given[0] and len(present) == 1)
            ):
                trigger = present[0] if present else None
                yield Fault("2", absent[0], self.slots[absent[0] - 1], trigger=trigger)
            elif kind == "E" and len(present) > 1:
                yield Fault("10", present[1], self.slots[present[1] - 1], trigger=present[0])


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


class Checker:
    """Checks segments of one file, whose delimiters are known."""

    def __init__(self, marks: Delimiters) -> None:
        self._marks = marks
        self._patterns: dict[Place, re.Pattern[str]] = {}

    def faults(self, place: Place, segment: Segment) -> list[Fault]:
        """Returns what is wrong with `segment` at `place`; an empty list for a good one."""
        pattern = self._patterns.get(place)
        if pattern is None:
            pattern = self._patterns[place] = _pattern(place, self._marks)
        found: list[Fault] = []
        if not pattern.fullmatch(segment.text):
            found.extend(place.element_faults(segment.elements, self._marks))
        if place.syntax:
            found.extend(place.syntax_faults(segment.elements))
        return found


def _slot_faults(slot: Slot, number: int, value: str, before: str, marks: Delimiters) -> Iterator[Fault]:
    if not value:
        if slot.usage == "R":
            yield Fault("1", number, slot)
        return
    if slot.usage == "N":
        yield Fault("I10", number, slot, value)
        return
    parts = [value]
    if marks.repetition and marks.repetition in value:
        parts = value.split(marks.repetition)
        if len(parts) > slot.most:
            yield Fault("12", number, slot)
            return
    for turn, part in enumerate(parts, 1):
        repetition = turn if len(parts) > 1 else None
        if not slot.components:
            for code in _value_faults(slot, part, before, marks):
                yield Fault(code, number, slot, part, None, repetition)
            continue
        pieces = part.split(marks.component)
        if any(pieces[len(slot.components) :]):
            yield Fault("13", number, slot, "", None, repetition)
        for place, (inner, piece) in enumerate(zip(slot.components, pieces, strict=False), 1):
            if not piece:
                if inner.usage == "R":
                    yield Fault("1", number, inner, "", place, repetition)
            elif inner.usage == "N":
                yield Fault("I10", number, inner, piece, place, repetition)
            else:
                for code in _value_faults(inner, piece, before, marks):
                    yield Fault(code, number, inner, piece, place, repetition)


def _value_faults(slot: Slot, value: str, before: str, marks: Delimiters) -> Iterator[str]:
    element = slot.element
    kind = element.kind
    if _CONTROL.search(value) or marks.component in value:
        yield "6"
        return
    if kind in ("DT", "PD", "TM"):
        if kind == "TM":
            if not re.fullmatch(_TIME, value, re.ASCII):
                yield "9"
        elif not _good_period(value) if before == "RD8" and kind == "PD" else not good_date(value):
            yield "8"
        return
    numeric = kind in ("N0", "R")
    shape = r"-?[0-9]+" if kind == "N0" else r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
    if numeric and not re.fullmatch(shape, value):
        yield "6"
    measured = len(value.replace("-", "").replace(".", "")) if numeric else len(value)
    if measured < element.shortest:
        yield "4"
    if measured > element.longest:
        yield "5"
    if slot.codes:
        if value not in slot.codes:
            yield "7"
    elif (not numeric and value[-1] == " " and len(value.rstrip()) >= element.shortest) or (
        not numeric and not value.strip()
    ):
        yield "6"


def good_date(value: str) -> bool:
    """Whether `value` is a day written CCYYMMDD, 1800 or later."""
    if len(value) != 8 or not (value.isascii() and value.isdigit()) or int(value[:4]) < _OLDEST_YEAR:
        return False
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return True


def _good_period(value: str) -> bool:
    begin, dash, end = value.partition("-")
    return bool(dash) and good_date(begin) and good_date(end)


def _pattern(place: Place, marks: Delimiters) -> re.Pattern[str]:
    """A pattern that a good segment matches, and a bad one never does (syntax notes apart)."""
    mark = re.escape(marks.element)
    pattern, needed = rf"{mark}*", False
    for slot in reversed(place.slots):
        value = "" if slot.usage == "N" else f"(?:{_slot_pattern(slot, marks)})"
        needed = needed or slot.usage == "R"
        if slot.usage == "S":
            value += "?"
        pattern = f"{mark}{value}{pattern}" if needed else f"(?:{mark}{value}{pattern})?"
    return re.compile(place.name + pattern, re.ASCII)


def _slot_pattern(slot: Slot, marks: Delimiters) -> str:
    if slot.components or slot.most > 1:
        return r"(?!)"  # rare: left to the look at each element
    if slot.codes:
        # A period (RD8) is left to the look at each element, so that the next slot may be one day.
        return "|".join(sorted(re.escape(code) for code in slot.codes if code != "RD8"))
    kind = slot.element.kind
    if kind in ("DT", "PD"):
        return _DAY
    if kind == "TM":
        return _TIME
    if kind == "N0":
        return rf"\d{{{slot.element.shortest},{slot.element.longest}}}"
    if kind == "R":
        return r"\d{1,6}(?:\.\d\d)?" if slot.element.longest >= 8 else r"(?!)"
    marked = marks.element + marks.component + (marks.repetition or "")
    inner = rf"[^{re.escape(marked)}\x00-\x1f\x7f-\x9f]"
    last = rf"[^{re.escape(marked)}\x00-\x20\x7f-\x9f]"
    return f"{inner}{{{slot.element.shortest - 1},{slot.element.longest - 1}}}{last}"


@dataclass
class _Open:
    """A loop of the table while its lines are being read."""

    name: str
    usage: str
    most: int
    order: int
    depth: int
    children: list[Place | Loop] = field(default_factory=list)


_UNBOUNDED = 2**31


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
