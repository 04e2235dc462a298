"""From a paper to a tagged PDF (PDF/UA-1), by typst.

Data reaches the templates as one JSON string, so nothing of it is ever read as markup. The fonts are those
inside the package and the date of creation is the letter's own: the same paper gives the same bytes on any
machine. A compiler is kept, for reading fonts and templates anew costs more than a letter does.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from backend.letters.paper import Paper, day

TEMPLATES = Path(__file__).with_name("templates")
_STANDARD: list[typst.PDFStandard] = ["ua-1"]
_AT_ONCE = 64
"""Papers a process takes at a time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RenderError(RuntimeError):
    """A letter could not be printed; the sentence says nothing of what is in it."""


class Press:
    """One compiler with its templates and fonts; it works for one thread at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._letter = (TEMPLATES / "letter.typ").read_bytes()
        self._glyph = (TEMPLATES / "glyph.typ").read_bytes()
        self._compiler = typst.Compiler(
            self._letter,
            root=TEMPLATES,
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
        )
        self._signs: dict[str, str] = {}

    def print(self, paper: Paper) -> bytes:
        """The PDF of a paper. A character that no font has is shown by its code, such as `<1F600>`.

        Raises RenderError.
        """
        at = datetime.combine(paper.dated, time(12), UTC)
        for shown in (str, self._with_glyphs, _in_codes):
            try:
                return self._compile(self._letter, _data(paper, shown), at)
            except typst.TypstError:
                continue  # some character has no glyph; no message is kept, for it may quote a name
        raise RenderError(f"letter {paper.number} could not be printed")

    def _compile(self, template: bytes, data: str, at: datetime) -> bytes:
        with self._lock:
            pdf = self._compiler.compile(
                template, format="pdf", sys_inputs={"paper": data}, pdf_standards=_STANDARD, timestamp=at
            )
        assert isinstance(pdf, bytes)
        return pdf

    def _with_glyphs(self, text: str) -> str:
        return text if text.isascii() else "".join(map(self._sign, text))

    def _sign(self, char: str) -> str:
        if char.isascii():
            return char
        if char not in self._signs:
            try:
                self._compile(self._glyph, char, _EPOCH)
                self._signs[char] = char
            except typst.TypstError:
                self._signs[char] = _code(char)
        return self._signs[char]


def _code(char: str) -> str:
    """The code in marks that keep it readable beside words that run from right to left."""
    return f"\u2066<{ord(char):04X}>\u2069"


def _in_codes(text: str) -> str:
    """Whatever is not ASCII by its code: for marks that have a glyph, but not together with their letter."""
    return "".join(char if char.isascii() else _code(char) for char in text)


def _data(paper: Paper, shown: Callable[[str], str]) -> str:
    """The paper as its template reads it, each string as it is to be shown."""
    return json.dumps(_shown({**asdict(paper), "dated": day(paper.dated)}, shown))


def _shown(value: Any, shown: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {name: _shown(one, shown) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one, shown) for one in value]
    return value


@cache
def press() -> Press:
    """The press of this process."""
    return Press()


# -- many ------------------------------------------------------------------------------------------


def render_many(papers: Iterable[Paper]) -> Iterator[bytes]:
    """The PDF of each paper, in their order; many of them by as many processes as there are cores.

    Raises RenderError at the paper that could not be printed.
    """
    rest = iter(papers)
    first = list(islice(rest, _AT_ONCE))
    cores = os.cpu_count() or 1
    if len(first) < _AT_ONCE or cores == 1:
        yield from map(press().print, chain(first, rest))
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[bytes]]] = deque()
        batch = first
        while batch or waiting:
            if batch:
                waiting.append(pool.submit(_print_all, batch))
                batch = list(islice(rest, _AT_ONCE))
            if len(waiting) > 2 * cores or not batch:
                yield from waiting.popleft().result()


def _print_all(papers: list[Paper]) -> list[bytes]:
    return list(map(press().print, papers))
