"""What pyx12, an implementation of others, answers to the same file.

It wants text without a byte order mark and knows no TA1 of its own worth having; what it raises is given
back as `crashed`, because it raises on legal data too.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field
from typing import Any

import pyx12.map_if
import pyx12.params
import pyx12.x12n_document
from pyx12.errors import EngineError, X12Error

from backend.enrollment.edi.report import Judgement, Level

for _name in ("pyx12", "pyx12.error_handler"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

# Its tables are read anew for every file, which takes it longer than the file itself.
_load = pyx12.map_if.load_map_file
_maps: dict[str, Any] = {}


def _kept_map(name: str, *rest: Any) -> Any:
    if name not in _maps:
        _maps[name] = _load(name, *rest)
    return _maps[name]


pyx12.map_if.load_map_file = _kept_map

Codes = frozenset[str]


@dataclass(frozen=True)
class SetAnswer:
    """One AK2 loop: IK5 and the codes under it, each as `SEGMENT position code` or `... element code`."""

    st02: str
    ik501: str
    ik502: Codes
    segments: Codes
    elements: Codes


@dataclass(frozen=True)
class Answer:
    """A whole 999."""

    accepted: bool
    sets: tuple[SetAnswer, ...] = ()
    ak9: tuple[str, ...] = ()
    """AK901 and the codes of AK905 on, group by group."""
    crashed: str = ""


@dataclass
class _Reading:
    st02: str
    ik501: str = ""
    ik502: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)


def pyx12_answer(content: bytes) -> Answer:
    """The answer of pyx12 to a file."""
    text = _normalised(content)
    answer = io.StringIO()
    try:
        valid = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), answer, None)
    except (EngineError, X12Error, IndexError, AttributeError, TypeError, KeyError, ValueError) as error:
        return Answer(False, crashed=type(error).__name__)
    sets, ak9 = _read999(answer.getvalue())
    return Answer(bool(valid), sets, ak9)


def _normalised(content: bytes) -> str:
    """Without a byte order mark and the blanks between segments, which pyx12 takes for part of a name."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    end = text[105:106]
    return re.sub(f"{re.escape(end)}[ \\r\\n]+", lambda _: end, text) if end.strip() else text


def _read999(text: str) -> tuple[tuple[SetAnswer, ...], tuple[str, ...]]:
    sets: list[_Reading] = []
    ak9: list[str] = []
    place = ""
    for line in text.replace("\n", "").split("~"):
        name, *parts = line.split("*")
        if name == "AK2":
            sets.append(_Reading(parts[1]))
        elif name == "IK3":
            place = f"{parts[0]} {parts[1]}"
            sets[-1].segments.add(f"{place} {parts[3]}")
        elif name == "IK4":
            sets[-1].elements.add(f"{place} {parts[0]} {parts[2]}")
        elif name == "IK5":
            sets[-1].ik501, sets[-1].ik502 = parts[0], set(parts[1:])
        elif name == "AK9":
            ak9.append(" ".join([parts[0], *sorted(parts[4:])]))
    answers = tuple(
        SetAnswer(one.st02, one.ik501, frozenset(one.ik502), frozenset(one.segments), frozenset(one.elements))
        for one in sets
    )
    return answers, tuple(ak9)


def our_answer(report: Judgement) -> Answer:
    """Our own judgement in the same form."""
    sets = []
    for one in report.sets:
        inside = [error for error in one.findings if error.level in (Level.SEGMENT, Level.ELEMENT)]
        segments, elements = set(), set()
        for error in inside:
            place = f"{error.segment} {error.position}"
            if error.level is Level.SEGMENT:
                segments.add(f"{place} {error.code}")
                continue
            segments.add(f"{place} 8")
            parts = [error.element, error.component, error.repetition]
            where = ":".join("" if part is None else str(part) for part in parts).rstrip(":")
            elements.add(f"{place} {where} {error.code}")
        sets.append(
            SetAnswer(one.st02, one.code, frozenset(one.syntax), frozenset(segments), frozenset(elements))
        )
    ak9 = tuple(" ".join([one.code, *sorted(one.syntax)]) for one in report.groups)
    whole = bool(sets) and all(one.accepted and one.code == "A" for one in report.sets)
    return Answer(whole, tuple(sets), ak9)


def told(answer: Answer) -> set[str]:
    """An answer as one set of words, to be compared with another."""
    words = {"accepted" if answer.accepted else "refused", *(f"AK9 {one}" for one in answer.ak9)}
    words |= {f"crashed {answer.crashed}"} if answer.crashed else set()
    return words.union(*map(told_of_set, answer.sets))


def told_of_set(answer: SetAnswer) -> set[str]:
    """The same of one set."""
    return {
        f"IK501 {answer.ik501}",
        *(f"IK502 {one}" for one in answer.ik502),
        *(f"IK3 {one}" for one in answer.segments),
        *(f"IK4 {one}" for one in answer.elements),
    }
