"""Checks one segment against its place in the guide.

A valid segment is recognised by one regular expression made from the tables; only a segment that
fails it is looked at element by element, to say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from backend.enrollment.edi.guide import Place, Slot
from backend.enrollment.edi.x12 import Delimiters, Segment

_DAY = (
    r"(?:1[89]|[2-9]\d)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
)
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OLDEST_YEAR = 1800


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


class Checker:
    """Checks segments of one file, whose delimiters are known."""

    def __init__(self, marks: Delimiters) -> None:
        self._marks = marks
        self._known: dict[Place, tuple[Callable[[str], object], int]] = {}

    def faults(self, place: Place, segment: Segment) -> Sequence[Fault]:
        """Returns what is wrong with `segment` at `place`; nothing for a good one."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = _pattern(place, self._marks).fullmatch, place.first_related
        fullmatch, first_related = known
        sound, related = fullmatch(segment.text) is not None, len(segment.elements) >= first_related
        if sound and not related:
            return ()
        found = [] if sound else list(_element_faults(place, segment.elements, self._marks))
        return found + list(_syntax_faults(place, segment.elements)) if related else found


def _element_faults(place: Place, elements: tuple[str, ...], marks: Delimiters) -> Iterator[Fault]:
    """Yields what is wrong with the elements one by one."""
    for number, slot in enumerate(place.slots, 1):
        value = elements[number - 1] if number <= len(elements) else ""
        before = elements[number - 2] if 1 < number <= len(elements) else ""
        yield from _slot_faults(slot, number, value, before, marks)
    if any(elements[len(place.slots) :]):
        yield Fault("3", len(place.slots) + 1, None)


def _syntax_faults(place: Place, elements: tuple[str, ...]) -> Iterator[Fault]:
    """Yields what breaks the rules between elements (paired, required, conditional, exclusive)."""
    size = len(elements)
    for kind, numbers, fewest, last in place.rules:
        if size < fewest or (kind != "E" and size >= last and all(elements[at - 1] for at in numbers)):
            continue
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
            yield Fault("2", absent[0], place.slots[absent[0] - 1], trigger=trigger)
        elif kind == "E" and len(present) > 1:
            yield Fault("10", present[1], place.slots[present[1] - 1], trigger=present[0])


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
