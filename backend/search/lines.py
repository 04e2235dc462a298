"""An operator's queries: one text a line, one answer each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, BinaryIO

from pydantic import ValidationError

from api_client.types.search import Find, FoundLine, FoundLines
from api_client.types.visible import visible_line
from backend.actors import Actor
from backend.progress import Progress
from backend.runtime import Runtime
from backend.search import service

LONGEST = 80
"""Characters of a query."""
_LONGEST_LINE = 64 * 1024
_TOLD = 50
"""Progress is told after so many lines."""


async def find_lines(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | FoundLines]:
    """Answers to every line; a line that cannot be looked for says why in its place."""
    answers: list[FoundLine] = []
    for number, raw in enumerate(_lines(source), start=1):
        query = _query(raw, first=number == 1)
        if isinstance(query, str):
            answers.append(FoundLine(line=number, error=query))
        else:
            async with runtime.look(actor, request_id) as unit:
                found = await service.find(unit, query)
            answers.append(
                FoundLine(line=number, results=found.results, more=found.more, sentence=found.sentence)
            )
        if number % _TOLD == 0:
            yield Progress(number)
    yield FoundLines(answers=answers)


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that never ends, its beginning."""
    while line := source.readline(_LONGEST_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := source.readline(_LONGEST_LINE)):
            pass
        yield line


def _query(raw: bytes, *, first: bool) -> Find | str:
    """What to look for, or the sentence why not, which never repeats what the line says."""
    try:
        text = raw.decode("utf-8-sig" if first else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return "The line is not UTF-8."
    if not text.strip():
        return "The line is empty."
    if len(text) > LONGEST:
        return f"The line is longer than {LONGEST} characters."
    try:
        return Find(text=text)
    except ValidationError:
        return "The line has characters that cannot be shown: control, direction or invisible ones."


def in_words(answer: Mapping[str, Any]) -> list[str]:
    """One answer as lines to print, nothing in them that a terminal would obey."""
    if answer["error"]:
        return [f"line {answer['line']}: {visible_line(answer['error'])}"]
    head = f"line {answer['line']}: {len(answer['results'])}{'+' if answer['more'] else ''} found"
    lines = [f"{head}. {answer['sentence']}".strip() if answer["sentence"] else head]
    lines += [
        f"  {one['kind']} {one['id']}  {one['label']}  {one['detail']}  ({', '.join(one['matched'])})"
        for one in answer["results"]
    ]
    return [visible_line(line) for line in lines]
