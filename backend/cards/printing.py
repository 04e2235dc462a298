"""The card printer and the post: which cards are due, and what became of them, in small units.

A list is written to a file first; its cards are marked printed only from that file, once it is safely on
disk. So a run that breaks off loses no card, and the same command again goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from api_client.types.cards import CardsDue, CardsMarked, HeldCard, PrintCard
from api_client.types.enrollment import Refusal
from api_client.types.problems import ProblemType
from api_client.types.words import CardState, EventKind
from backend.actors import Actor
from backend.cards import orders, rules, store
from backend.database.unit import Unit
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime

_AT_ONCE = 50
"""Cards a unit deals with, so that no desk waits for it."""
_LONGEST_LINE = 4096
Line = tuple[int, str]


async def due(runtime: Runtime, actor: Actor, *, request_id: str) -> AsyncIterator[Progress | CardsDue]:
    """Every card whose minutes of undo are over, with the address as it is now."""
    cards: list[PrintCard] = []
    held: list[HeldCard] = []
    async with runtime.act(actor, request_id) as unit:
        await orders.withdraw_all_uncovered(unit)
    after = 0
    while True:
        async with runtime.act(actor, request_id) as unit:
            rows = await store.due(unit.connection, unit.now, after, _AT_ONCE)
            for row in rows:
                await _prepare(unit, row, cards, held)
            unit.audit("card.print_list", "file", request_id, cards=len(rows))
        if not rows:
            break
        after = rows[-1].id
        yield Progress(len(cards) + len(held))
    yield CardsDue(due=cards, held=held)


async def _prepare(unit: Unit, row: Any, cards: list[PrintCard], held: list[HeldCard]) -> None:
    """Write down where the card goes as things stand now, and what it shows."""
    to = await orders.where_to(unit, row.member_id, row.account_id)
    columns = orders.destination_columns(to)
    if any(getattr(row, name) != value for name, value in columns.items()):
        if not await store.change(unit.connection, row.id, row.version, columns):
            return  # withdrawn just now
        unit.emit(EventKind.CARD, row.number, row.version + 1)
    if to.held:
        held.append(HeldCard(number=row.number, why=to.review))
        return
    at = to.address
    starts = [
        one.starts_on
        for one in await store.coverage_of(unit.connection, row.member_id, row.account_id)
        if orders.covered(one).runs(unit.today)
    ]
    cards.append(
        PrintCard(
            number=row.number,
            addressee=to.addressee,
            address=[at.street, " ".join(filter(None, (at.city, at.state, at.zip)))],
            member_number=row.mrn,
            name=orders.name_of(row),
            group_number=row.group_number,
            group_name=row.group_name,
            coverage_start=min(starts, default=unit.today),
        )
    )


async def mark(
    runtime: Runtime, actor: Actor, source: BinaryIO, to: CardState, on: date | None, *, request_id: str
) -> AsyncIterator[Progress | CardsMarked]:
    """Mark the cards of a list, a print file or numbers one a line; what cannot be is refused with why."""
    marked = unchanged = read = 0
    refused: list[Refusal] = []
    lines = _numbers(source)
    while batch := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            day = _day(unit, on)
            changed, wrong = await _mark_some(unit, batch, to, day)
        marked += changed
        unchanged += len(batch) - changed - len(wrong)
        refused += wrong
        read += len(batch)
        yield Progress(read)
    yield CardsMarked(cards=to, marked=marked, unchanged=unchanged, refused=refused)


def _day(unit: Unit, on: date | None) -> date:
    if on is not None and on > unit.today:
        raise Problem(ProblemType.INVALID, "The day lies in the future.")
    return on or unit.today


def _numbers(source: BinaryIO) -> Iterator[Line]:
    """Line numbers and card numbers; empty for a line that names none."""
    for at, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b""), start=1):
        text = raw.decode(errors="replace").strip()
        if text.startswith("{"):
            try:
                card = json.loads(text)
            except ValueError:
                card = {}
            text = str(card.get("number", "")) if isinstance(card, dict) else ""
            yield at, text
        elif text:
            yield at, text.upper()


async def _mark_some(
    unit: Unit, batch: Sequence[Line], to: CardState, day: date
) -> tuple[int, list[Refusal]]:
    known = await store.by_numbers(unit.connection, [number for _, number in batch])
    changed, refused = 0, []
    for line, number in batch:
        row = known.get(number)
        if row is None:
            refused.append(Refusal(line=line, reason="there is no card of this number"))
            continue
        if why := rules.mark_refused(CardState(row.state), to):
            refused.append(Refusal(line=line, reason=f"{number}: {why}"))
        elif rules.marks(CardState(row.state), to):
            await _mark_one(unit, row, to, day)
            known[number] = await store.by_number(unit.connection, number)
            changed += 1
    return changed, refused


async def _mark_one(unit: Unit, row: Any, to: CardState, day: date) -> None:
    when: dict[CardState, dict[str, object]] = {
        CardState.PRINTED: {"printed_at": unit.now},
        CardState.MAILED: {"mailed_on": day},
        CardState.RETURNED: {"returned_on": day},
    }
    await store.change(unit.connection, row.id, row.version, {"state": to, **when[to]})
    unit.audit(f"card.{to}", "card", row.number)
    unit.emit(EventKind.CARD, row.number, row.version + 1)


async def count_due(unit: Unit) -> int:
    """How many cards wait for the printer, those without an address included."""
    return await store.count_due(unit.connection, unit.now)
