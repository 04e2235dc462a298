"""What the mailing step hands in of the IDs and codes it made: keyed digests, a line a request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import BinaryIO

from pydantic import ValidationError

from api_client.types.enrollment import Refusal
from api_client.types.letters import LettersIssued, PrintedCode
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.database.unit import Unit
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids import post, store

_AT_ONCE = 50
"""Requests a unit deals with, so that no desk waits for it."""
_LONGEST_LINE = 4096
_NO_LINE = "this line does not say what was printed"


async def issue_codes(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | LettersIssued]:
    """Take on what was printed, each as a line of JSON (`PrintedCode`); what cannot be is refused with why,
    and its paper must not be kept.
    """
    issued = read = 0
    refused: list[Refusal] = []
    lines = _lines(source)
    while some := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            await _lock(unit, [given.request for _, given in some if given is not None])
            for line, given in some:
                why = _NO_LINE if given is None else await _issue(unit, given)
                refused += [Refusal(line=line, reason=why)] if why else []
                issued += not why
        read += len(some)
        yield Progress(read)
    yield LettersIssued(issued=issued, refused=refused)


def _lines(source: BinaryIO) -> Iterator[tuple[int, PrintedCode | None]]:
    for at, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b""), start=1):
        try:
            yield at, PrintedCode.model_validate_json(raw)
        except ValidationError:
            yield at, None


async def _lock(unit: Unit, numbers: list[str]) -> None:
    """Lock the accounts of these requests, all of them before the first is changed."""
    rows = [await store.by_number(unit.connection, number) for number in numbers]
    await accounts.lock(unit, *{int(row.account_id) for row in rows if row is not None})


async def _issue(unit: Unit, given: PrintedCode) -> str:
    row = await store.by_number(unit.connection, given.request)
    return f"{given.request}: no such request" if row is None else await post.printed(unit, row, given)
