"""The next mailing: which letters go, and that they went, in small units.

The letters are printed from the list into a folder, and marked only from the manifest of that folder, once
all of it is safely on disk: a run that breaks off loses no letter, and the same command goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from api_client.types.billing_words import LetterKind
from api_client.types.enrollment import Refusal
from api_client.types.letters import LettersDue, LettersMailed, MailLetter
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.billing.say import LETTER_TITLES
from backend.database.unit import Unit
from backend.letters import ordering, rules, store, writing
from backend.letters.facts import FactsError, read_facts
from backend.log import log, scrubbed
from backend.policy.confirming import Confirmed, billing_entries, confirmed, unconfirmed
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids import post

_AT_ONCE = 50
"""Letters a unit deals with, so that no desk waits for it."""
_LONGEST_LINE = 4096


@dataclass
class _Batch:
    """A mailing while it is put together."""

    known: Confirmed
    demo: bool
    id: int | None = None
    number: str = ""
    due: list[MailLetter] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)
    left_out: dict[int, str] = field(default_factory=dict)
    """Keys of the accounts whose books cannot be worked out, with a reference."""


async def due(runtime: Runtime, actor: Actor, *, request_id: str) -> AsyncIterator[Progress | LettersDue]:
    """Put the next mailing together: what the rules wrote for today, and what was ordered and can be taken
    back no more. What money has overtaken since it was written is taken back or written anew first.
    """
    async with runtime.database.read() as connection:
        batch = _Batch(await confirmed(connection), runtime.demo)
    await _bring_up_to_date(runtime, actor, request_id, batch)
    await _write_notices(runtime, actor, request_id, batch)
    after = 0
    while True:
        async with runtime.act(actor, request_id) as unit:
            rows = await _next(unit, after)
            for row in rows:
                await _take_up(unit, batch, row)
            unit.audit("letter.mail_list", "file", request_id, letters=len(rows))
            today = unit.today
        if not rows:
            break
        after = rows[-1].id
        yield Progress(len(batch.due))
    yield LettersDue(batch=batch.number, on=today, due=batch.due, refused=batch.refused)


async def _next(unit: Unit, after: int) -> Sequence[Any]:
    """The next letters; nobody decides about those with ID or code any more while they are taken up."""
    rows = await store.due(unit.connection, unit.now, after, _AT_ONCE)
    decided = {row.account_id for row in rows if row.kind == LetterKind.USER_ID}
    if not decided:
        return rows
    await accounts.lock(unit, *decided)
    again = await store.due(unit.connection, unit.now, after, _AT_ONCE)
    return [row for row in again if row.id <= rows[-1].id]


async def _bring_up_to_date(runtime: Runtime, actor: Actor, request_id: str, batch: _Batch) -> None:
    """Have what waits say what the books say now, a unit a group; one where that cannot be known waits."""
    after = 0
    while True:
        async with runtime.database.read() as connection:
            ids = await store.accounts_to_write_to(connection, after, _AT_ONCE)
        if not ids:
            return
        for account_id in ids:
            try:
                async with runtime.act(actor, request_id) as unit:
                    await writing.bring_up_to_date(unit, await accounts.account_by_id(unit, account_id))
            except Exception as error:
                if isinstance(error, SQLAlchemyError):
                    raise
                log().error("letters-due", request_id=request_id, **scrubbed(error))
                batch.left_out[account_id] = request_id
        after = ids[-1]


async def _write_notices(runtime: Runtime, actor: Actor, request_id: str, batch: _Batch) -> None:
    """Write the notices of today's warnings that are not written: those of one written anew went with it."""
    done, after = 0, None
    while True:
        async with runtime.act(actor, request_id) as unit:
            letter = await writing.next_warning(unit, done)
            if letter is None:
                return
            if letter.account_id in batch.left_out:
                done = letter.id
                continue
            account = await accounts.account_by_id(unit, letter.account_id)
            after = (await writing.write_notices(unit, account, letter, after)).after
        if after is None:
            done = letter.id


async def _take_up(unit: Unit, batch: _Batch, row: Any) -> None:
    """Have a letter go with the mailing, or say why it waits."""
    row = await _with_facts(unit, row)
    why = _waits(unit, batch, row)
    if row.kind == LetterKind.USER_ID:
        why = why or await post.waits(unit, row)
    if why:
        batch.refused.append(why)
        return
    if batch.id is None:
        batch.id, batch.number = await _begin(unit)
    if row.kind == LetterKind.USER_ID:
        await post.taken(unit, row)
        row = await _again(unit, row)
    await store.change(unit.connection, row.id, {"batch_id": batch.id})
    batch.ids.add(row.id)
    batch.due.append(
        MailLetter(
            number=row.number,
            kind=LetterKind(row.kind),
            title=LETTER_TITLES[LetterKind(row.kind)],
            copy_of=row.original,
            group_number=row.group_number,
            addressee=row.addressee,
            facts=row.facts,
            request=row.request or "",
        )
    )


async def _begin(unit: Unit) -> tuple[int, str]:
    """The mailing of today that did not go yet, or a new one."""
    found = await store.open_batch(unit.connection, unit.today)
    if found is not None:
        return int(found.id), str(found.number)
    number = f"B-{await unit.number('mail_batch'):05d}"
    unit.audit("letter.batch", "mail_batch", number)
    return await store.add_batch(unit.connection, number, unit.today, unit.now), number


async def _with_facts(unit: Unit, row: Any) -> Any:
    """A Cal-COBRA packet says when coverage ended, which may be known only since it was ordered."""
    if row.kind != LetterKind.COBRA_PACKET:
        return row
    until = await store.covered_until(unit.connection, row.account_id, row.member_id)
    if until is not None:
        account = await accounts.account_by_id(unit, row.account_id)
        facts = ordering.cobra_packet(unit, account, row, until).stored()
        await store.change(unit.connection, row.id, {"facts": facts})
    return await _again(unit, row)


async def _again(unit: Unit, row: Any) -> Any:
    (row,) = await store.due(unit.connection, unit.now, row.id - 1, 1)
    return row


def _waits(unit: Unit, batch: _Batch, row: Any) -> str:
    """Why a letter does not go; empty when it does."""
    kind = LetterKind(row.kind)
    if row.print_from is None and row.account_id in batch.left_out:
        return (
            f"{row.number} waits: its group's day cannot be done. Reference: {batch.left_out[row.account_id]}"
        )
    if kind is LetterKind.COBRA_PACKET and row.facts is None:
        return f"{row.number} waits: no end of the member's coverage is on record"
    try:
        read_facts(row.facts)
    except FactsError:
        return f"{row.number} waits: what it says is not on record; take it back and order it anew"
    if not row.street:
        return f"{row.number} waits: no address is on record"
    by_rules = row.print_from is None and kind in rules.NEED_CONFIRMATION
    if by_rules and (wanting := _wanting(unit, batch, row.billing_policy)):
        return f"{row.number} waits: nobody has confirmed {', '.join(wanting)}"
    return rules.mailing_refused(row, unit.today, unit.now, with_its_letter=row.copy_of in batch.ids)


def _wanting(unit: Unit, batch: _Batch, policy: str) -> list[str]:
    return [] if batch.demo else unconfirmed(billing_entries(unit.policy, policy), batch.known)


# -- that they went --------------------------------------------------------------------------------


async def mark(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str, batch: str = ""
) -> AsyncIterator[Progress | LettersMailed]:
    """Mark the letters of a list as mailed today; what cannot be is refused with why."""
    mailed = unchanged = read = 0
    refused: list[Refusal] = []
    async with runtime.database.read() as connection:
        rule = _Batch(await confirmed(connection), runtime.demo)
    lines = _listed(source)
    while some := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            await lock_accounts_of(unit, [number for _, number, _ in some])
            for line, number, sha256 in some:
                why, went = await _mark(unit, rule, number, sha256)
                refused += [Refusal(line=line, reason=why)] if why else []
                mailed += went
                unchanged += not why and not went
        read += len(some)
        yield Progress(read)
    if batch:
        async with runtime.act(actor, request_id) as unit:
            await store.batch_mailed(unit.connection, batch, unit.now)
    yield LettersMailed(mailed=mailed, unchanged=unchanged, refused=refused, batch=batch)


async def lock_accounts_of(unit: Unit, numbers: Sequence[str]) -> None:
    """Lock the accounts of these letters, all of them before the first letter is changed."""
    await accounts.lock(unit, *await store.accounts_of(unit.connection, numbers))


async def _mark(unit: Unit, rule: _Batch, number: str, sha256: str) -> tuple[str, bool]:
    """Why a letter cannot be mailed, and whether it goes now; one that went before stays as it is."""
    row = await store.by_number(unit.connection, number, lock=True)
    if row is None:
        return f"{number}: no such letter waits, or it was taken back: take it out", False
    if row.mailed_on is not None:
        return "", False
    kind, account = LetterKind(row.kind), await accounts.account_by_id(unit, row.account_id)
    by_rules = row.print_from is None
    if by_rules and kind in rules.NEED_CONFIRMATION and _wanting(unit, rule, account.billing_policy):
        return f"{number}: a rule behind it is not confirmed", False
    of_today = by_rules and row.copy_of is None and row.created_on == unit.today
    if of_today and kind in rules.BY_THE_RULES and (why := await _overtaken(unit, account, row)):
        return why, False
    if kind is LetterKind.USER_ID and (why := await post.mailed(unit, row, sha256)):
        return why, False
    try:
        await writing.mark_mailed(unit, number)
    except Problem as problem:
        return problem.detail, False
    return "", True


async def _overtaken(unit: Unit, account: Any, row: Any) -> str:
    """Why a letter is not mailed as it was printed; empty when it is. One that is not due is taken back."""
    how = await writing.overtaken(unit, account, row)
    if how is writing.Overtaken.NEEDLESS:
        await writing.take_back(unit, account, row, "not due any more")
        return f"{row.number}: it is not due any more, as money came in: take it out"
    if how is writing.Overtaken.CHANGED:
        return f"{row.number}: it says what is not so any more: take it out; the next mailing has it anew"
    return ""


def numbers(source: BinaryIO) -> Iterator[tuple[int, str]]:
    """Line numbers and letter numbers of a list: objects with a number, or numbers alone; empty for a line
    that names none.
    """
    return ((line, number) for line, number, _ in _listed(source))


def _listed(source: BinaryIO) -> Iterator[tuple[int, str, str]]:
    """The same with the digest of each paper, where it stands there."""
    for at, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b""), start=1):
        text = raw.decode(errors="replace").strip()
        try:
            letter = json.loads(text) if text[:1] in ("{", "[") else {"number": text}
        except (ValueError, RecursionError):
            letter = None
        found = letter if isinstance(letter, dict) else {}
        number = str(found.get("number", ""))
        yield at, number if number.isprintable() else "", str(found.get("sha256", ""))
