"""The next mailing of what was ordered: which letters are due, and that they went, in small units.

The list is written to a file first, and its letters are marked only from that file, once it is safely on
disk: a run that breaks off loses no letter, and the same command again goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any, BinaryIO

from api_client.types.enrollment import Refusal
from api_client.types.letters import LettersDue, LettersMailed, MailLetter
from api_client.types.words import LetterKind
from backend.actors import Actor
from backend.billing import service as billing
from backend.billing.say import LETTER_TITLES
from backend.database.unit import Unit
from backend.letters import store
from backend.progress import Progress
from backend.runtime import Runtime

_AT_ONCE = 50
"""Letters a unit deals with, so that no desk waits for it."""
_LONGEST_LINE = 4096


async def due(runtime: Runtime, actor: Actor, *, request_id: str) -> AsyncIterator[Progress | LettersDue]:
    """Every letter that was ordered and whose minutes of undo are over, with where it goes."""
    letters: list[MailLetter] = []
    after = 0
    while True:
        async with runtime.act(actor, request_id) as unit:
            rows = await store.due(unit.connection, unit.now, after, _AT_ONCE)
            letters += [_letter(row) for row in rows]
            unit.audit("letter.mail_list", "file", request_id, letters=len(rows))
        if not rows:
            break
        after = rows[-1].id
        yield Progress(len(letters))
    yield LettersDue(due=letters)


def _letter(row: Any) -> MailLetter:
    return MailLetter(
        number=row.number,
        title=LETTER_TITLES[LetterKind(row.kind)],
        copy_of=row.original,
        group_number=row.group_number,
        addressee=row.addressee,
        address=[row.street, " ".join(filter(None, (row.city, row.state_code, row.zip)))],
        amount=row.amount,
        ends_on=row.ends_on,
    )


async def mark(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | LettersMailed]:
    """Mark the letters of a file as mailed today; what cannot be is refused with why."""
    mailed = unchanged = read = 0
    refused: list[Refusal] = []
    lines = _numbers(source)
    while batch := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            for line, number in batch:
                why, went = await _mark(unit, number)
                refused += [Refusal(line=line, reason=why)] if why else []
                mailed += went
                unchanged += not why and not went
        read += len(batch)
        yield Progress(read)
    yield LettersMailed(mailed=mailed, unchanged=unchanged, refused=refused)


async def _mark(unit: Unit, number: str) -> tuple[str, bool]:
    """Why a letter cannot be mailed, and whether it goes now; one that went before stays as it is."""
    row = await store.by_number(unit.connection, number, lock=True)
    if row is None or row.print_from is None:
        return f"{number}: no such letter was ordered, or it was taken back: take it out", False
    if row.mailed_on is not None:
        return "", False
    if row.print_from > unit.now:
        return f"{number}: it can still be taken back", False
    await billing.mark_mailed(unit, number)
    return "", True


def _numbers(source: BinaryIO) -> Iterator[tuple[int, str]]:
    """Line numbers and letter numbers of a file of letters; empty for a line that names none."""
    for at, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b""), start=1):
        try:
            letter = json.loads(raw)
        except ValueError:
            letter = None
        yield at, str(letter.get("number", "")) if isinstance(letter, dict) else ""
