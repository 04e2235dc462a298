"""What happened with a group or person, the newest first, as far as the caller on the line may hear it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from typing import cast

from api_client.types.call_words import Fact, PhoneAct
from api_client.types.calls import HistoryLine, Whom
from api_client.types.common import PAGE, Page
from api_client.types.user_id_words import UserIdRequestKind
from backend.calls import gate, guess, history_store, notes
from backend.calls.about import About, about
from backend.calls.history_store import Of, Place
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit

_ITSELF = "kprep"
"""Who did what nobody did."""
_NAME = "calls.history"
_NOTABLE = (*PhoneAct, "number-on-record", "handed-over", "verify-failed", "grievance")
_FORMS = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replacement",
}
Found = tuple[Place, HistoryLine]


async def page(unit: Unit, whom: Whom, cursor: str | None) -> Page[HistoryLine]:
    """Calls, notes, letters, acts by phone and decisions. Raises NOT_FOUND, NOT_VERIFIED."""
    one = await about(unit, whom)
    who = {"member": one.member, "enrollment": one.enrollment}
    facts = await gate.require_any(unit, one.account, "what happened before", **who)
    if one.member is not None or one.enrollment is not None:
        await gate.require_person(unit, one.account, **who)
    unit.audit("call.history", "account", one.account.number)
    after = None
    if cursor:
        at, rank, key = open_cursor(unit.keys, _NAME, cursor)
        after = Place(cast(datetime, at), cast(int, rank), cast(int, key))
    found = [line async for line in _all(unit, one, facts, after)]
    found.sort(key=lambda pair: (pair[0].at, pair[0].rank, pair[0].id), reverse=True)
    following = None
    if len(found) > PAGE:
        last = found[PAGE - 1][0]
        following = seal_cursor(unit.keys, _NAME, [last.at, last.rank, last.id])
    return Page(rows=[line for _, line in found[:PAGE]], next=following)


async def _all(unit: Unit, one: About, facts: frozenset[Fact], after: Place | None) -> AsyncIterator[Found]:
    of = Of(*one.key, in_call=await gate.on_line(unit) is not None)
    person = one.member is not None or one.enrollment is not None
    if (Fact.PERSON if person else Fact.GROUP) in facts:
        for source in (_calls, _notes, _acts):
            async for line in source(unit, one, of, after):
                yield line
    if Fact.LETTERS in facts and not person:
        async for line in _letters(unit, of, after):
            yield line
    if (Fact.PERSON if person else Fact.QUEUE) in facts:
        async for line in _decisions(unit, of, after):
            yield line
    if Fact.USER_IDS in facts and not person:
        async for line in _user_ids(unit, of, after):
            yield line
    if Fact.PERSON in facts and one.member is not None:
        async for line in _cards(unit, of, after):
            yield line


async def _calls(unit: Unit, one: About, of: Of, after: Place | None) -> AsyncIterator[Found]:
    for row in await history_store.calls(unit.connection, of, 1, after, PAGE + 1):
        what = f"call: {row.wrap_up}" + (", caller not verified" if row.failed else "")
        yield (
            Place(row.started_at, 1, row.id),
            HistoryLine(
                at=row.started_at, kind="call", who=row.display_name or "", what=what, reference=row.number
            ),
        )


async def _notes(unit: Unit, one: About, of: Of, after: Place | None) -> AsyncIterator[Found]:
    for row in await history_store.notes(unit.connection, notes.place_of(one), 2, after, PAGE + 1):
        note = notes.view(unit, row)
        yield (
            Place(row.at, 2, row.id),
            HistoryLine(
                at=row.at,
                kind="note",
                who=note.author,
                what=row.text,
                reference=row.call_number or "",
                note=note,
            ),
        )


async def _acts(unit: Unit, one: About, of: Of, after: Place | None) -> AsyncIterator[Found]:
    for row in await history_store.acts(unit.connection, of, _NOTABLE, 3, after, PAGE + 1):
        what = guess.words(row.act) + (f" {row.subject}" if row.subject else "")
        line = HistoryLine(at=row.at, kind="act", who=row.display_name or "", what=what, reference=row.number)
        yield Place(row.at, 3, row.id), line


async def _letters(unit: Unit, of: Of, after: Place | None) -> AsyncIterator[Found]:
    until = after.at.astimezone(unit.zone).date() if after else None
    most = PAGE * 2
    for row in await history_store.letters(unit.connection, of.account_id, until, most):
        at = datetime.combine(row.created_on, time(), tzinfo=unit.zone).astimezone(UTC)
        place = Place(at, 0, row.id)
        if after is not None and (at, 0, row.id) >= (after.at, after.rank, after.id):
            continue
        state = f"mailed {row.mailed_on}" if row.mailed_on else "not mailed yet"
        line = HistoryLine(
            at=at, kind="letter", who=_ITSELF, what=f"{row.kind} {state}", reference=row.number
        )
        yield place, line


async def _decisions(unit: Unit, of: Of, after: Place | None) -> AsyncIterator[Found]:
    for row in await history_store.decisions(unit.connection, of, 4, after, PAGE + 1):
        line = HistoryLine(
            at=row.at, kind="match", who=row.display_name or "", what=str(row.decision), reference=row.number
        )
        yield Place(row.at, 4, row.id), line


async def _user_ids(unit: Unit, of: Of, after: Place | None) -> AsyncIterator[Found]:
    """Forms that came, those that were denied, and what the log of the client's IDs has since."""
    for row in await history_store.user_id_forms(unit.connection, of.account_id, 7, after, PAGE + 1):
        what = f"form for a {_FORMS[UserIdRequestKind(row.kind)]} came by fax"
        line = HistoryLine(at=row.faxed_at, kind="user ID", who=_ITSELF, what=what, reference=row.number)
        yield Place(row.faxed_at, 7, row.id), line
    for row in await history_store.denied_user_ids(unit.connection, of.account_id, 5, after, PAGE + 1):
        what = "denied" + (f": {row.deny_reason.replace('_', ' ')}" if row.deny_reason else "")
        line = HistoryLine(
            at=row.decided_at, kind="user ID", who=row.display_name or "", what=what, reference=row.number
        )
        yield Place(row.decided_at, 5, row.id), line
    for row in await history_store.user_ids(unit.connection, of.account_id, 8, after, PAGE + 1):
        whose = f" for {row.person}" if row.person else ""
        what = f"{row.act.replace('_', ' ')}{whose}" + (f": {row.words}" if row.words else "")
        line = HistoryLine(at=row.at, kind="user ID", who=row.by_name, what=what, reference=row.number or "")
        yield Place(row.at, 8, row.id), line


async def _cards(unit: Unit, of: Of, after: Place | None) -> AsyncIterator[Found]:
    for row in await history_store.cards(unit.connection, of, 6, after, PAGE + 1):
        line = HistoryLine(
            at=row.requested_at,
            kind="card",
            who=row.display_name or _ITSELF,
            what=f"card {row.state}",
            reference=row.number,
        )
        yield Place(row.requested_at, 6, row.id), line
