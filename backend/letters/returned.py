"""Letters the post brought back, and what was done about them; letters that a lead takes back.

While a warning or termination letter that came back is open, coverage of its group does not end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, cast

from api_client.types.billing_words import LetterKind, ReturnedMail
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from api_client.types.enrollment import Refusal
from api_client.types.letters import (
    LetterReturned,
    LetterRow,
    LettersReturned,
    ReturnedRow,
    SettleReturned,
    TakeBackLetter,
)
from api_client.types.matching import Queue
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, Urgency
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.billing import standings
from backend.calls import gate
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.letters import rules, service, store, writing
from backend.letters.mailing import lock_accounts_of, numbers
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids import issuing

_AT_ONCE = 50
_MOST_COUNTED = 99
_LIST = "letters.returned"


# -- what came back --------------------------------------------------------------------------------


async def came_back(unit: Unit, number: str, form: LetterReturned) -> LetterRow:
    """The post brought a letter back. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES."""
    row = await service.letter(unit, number, lock=True)
    account = await accounts.account_by_id(unit, row.account_id)
    await gate.require(unit, Fact.LETTERS, account)
    refused = rules.returned_refused(row, form.returned_on, unit.today)
    if refused:
        raise Problem(ProblemType.RULE_REFUSES, refused)
    await _note(unit, account, row, form.returned_on)
    return service.row_of(unit, account, await service.letter(unit, number))


async def _note(unit: Unit, account: Any, row: Any, on: date) -> None:
    await store.change(unit.connection, row.id, {"returned_on": on})
    if row.kind == LetterKind.USER_ID and row.request_id is not None:
        await issuing.came_back(unit, row, on)
    unit.audit("letter.returned", "letter", row.number, account=account.number, kind=row.kind, on=on)
    await standings.changed(unit, account)


async def mark_returned(
    runtime: Runtime, actor: Actor, source: BinaryIO, on: date | None, *, request_id: str
) -> AsyncIterator[Progress | LettersReturned]:
    """Mark the letters of a list as come back, today by default; one that did before stays as it is."""
    returned = unchanged = read = 0
    refused: list[Refusal] = []
    lines = numbers(source)
    while some := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            await lock_accounts_of(unit, [number for _, number in some])
            for line, number in some:
                why, came = await _mark(unit, number, on or unit.today)
                refused += [Refusal(line=line, reason=why)] if why else []
                returned += came
                unchanged += not why and not came
        read += len(some)
        yield Progress(read)
    yield LettersReturned(returned=returned, unchanged=unchanged, refused=refused)


async def _mark(unit: Unit, number: str, on: date) -> tuple[str, bool]:
    """Why a letter cannot have come back, and whether it did now; one that did before stays as it is."""
    row = await store.by_number(unit.connection, number, lock=True)
    if row is None:
        return f"{number}: no such letter", False
    if row.returned_on is not None:
        return "", False
    if why := rules.returned_refused(row, on, unit.today):
        return why, False
    await _note(unit, await accounts.account_by_id(unit, row.account_id), row, on)
    return "", True


# -- the list --------------------------------------------------------------------------------------


async def queue_count(unit: Unit) -> Queue:
    """Counts for the home screen; no letter has a time by which it must be settled."""
    rows = await store.came_back(unit.connection, None, _MOST_COUNTED)
    return Queue(
        name="Returned letters",
        open=len(rows),
        late=0,
        next_due=None,
        oldest_on=rows[0].returned_on if rows else None,
        urgency=Urgency.CALM,
    )


async def page(unit: Unit, cursor: str | None) -> Page[ReturnedRow]:
    """Letters that came back and are not settled, the first to come back first."""
    await gate.require_no_call(unit, "The list of letters that came back")
    after = None
    if cursor:
        returned_on, letter_id = open_cursor(unit.keys, _LIST, cursor)
        after = (cast(date, returned_on), cast(int, letter_id))
    rows = await store.came_back(unit.connection, after, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = seal_cursor(unit.keys, _LIST, [last.returned_on, last.id]) if last else None
    unit.audit("letter.returned_list", "list", "returned letters")
    return Page(rows=[_row(unit, row) for row in rows[:PAGE]], next=following)


def _row(unit: Unit, row: Any) -> ReturnedRow:
    kind = LetterKind(row.kind)
    policy = unit.policy.billing_of(row.billing_policy)
    warns = kind in {step.kind for step in policy.warnings} and row.copy_of is None
    return ReturnedRow(
        id=row.number,
        kind=kind,
        title=rules.title_of(row),
        group_number=row.group_number,
        group_name=row.group_name,
        mailed_on=row.mailed_on,
        returned_on=row.returned_on,
        holds_end=warns and policy.returned_notice_holds_end,
    )


# -- what was done about it ------------------------------------------------------------------------


async def settle(unit: Unit, number: str, form: SettleReturned) -> LetterRow:
    """Say what was done about a letter that came back; mailed anew, a copy of it goes to the address of
    record. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES.
    """
    row = await service.letter(unit, number, lock=True)
    account = await accounts.account_by_id(unit, row.account_id)
    await gate.require(unit, Fact.LETTERS, account)
    if row.returned_on is None or row.settled_on is not None:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} did not come back, or it is settled already.")
    if form.how is ReturnedMail.REMAILED:
        await service.copy_to_record(unit, account, row)
    await store.change(unit.connection, row.id, {"settled_on": unit.today, "settled_how": form.how})
    unit.audit("letter.settle", "letter", number, account=account.number, how=form.how, note=form.note)
    await standings.changed(unit, account)
    return service.row_of(unit, account, await service.letter(unit, number))


# -- taken back by a lead --------------------------------------------------------------------------


async def take_back(unit: Unit, number: str, form: TakeBackLetter) -> LetterRow:
    """Take back a letter that the rules wrote, before it is mailed; it is returned as it was. The next daily
    run writes it again if it is still due. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES.
    """
    row = await service.letter(unit, number, lock=True)
    account = await accounts.account_by_id(unit, row.account_id)
    await gate.require(unit, Fact.LETTERS, account)
    refused = rules.take_back_refused(row)
    if refused:
        raise Problem(ProblemType.RULE_REFUSES, refused)
    was = service.row_of(unit, account, row)
    await writing.take_back(unit, account, row, form.reason)
    number, version = await accounts.touch(unit, account.id)
    unit.emit(EventKind.ACCOUNT, number, version)
    return was
