"""What a rep does with the queue: look, take, extend, skip, decide, ask the employer, take back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from api_client.types.accounts import OpenItem
from api_client.types.common import PAGE, Page
from api_client.types.matching import Claim, Home, Lease, MatchItem, MatchRow, Queue
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchState, SkipReason
from backend.cursor import Value, open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.matching import rules, store, view
from backend.matching.clock import urgency
from backend.problems import Problem, not_found
from backend.refusal import Refusal
from backend.runtime import Runtime

View = Literal["open", "paused", "mine", "done"]
_MOST_COUNTED = 99
_PAUSED = (MatchState.WAITING_EMPLOYER,)
_DONE = (MatchState.APPLIED, MatchState.RETURNED)


# -- lists -----------------------------------------------------------------------------------------


async def page(unit: Unit, which: View, cursor: str | None, around: str | None) -> Page[MatchRow]:
    """One page of the queue, masked: open items by urgency, paused ones, one's own, or what is done."""
    if which == "open":
        return await _open_page(unit, cursor, around)
    if which == "mine":
        rows = await store.mine(unit.connection, _rep(unit), unit.now)
        return Page(rows=[view.match_row(unit, row) for row in rows])
    name = f"matching.{which}"
    after = cast(int, open_cursor(unit.keys, name, cursor)[0]) if cursor else None
    states = _DONE if which == "done" else _PAUSED
    rows = await store.page_by_id(unit.connection, states, after, PAGE + 1, newest_first=which == "done")
    following = seal_cursor(unit.keys, name, [rows[PAGE - 1].id]) if len(rows) > PAGE else None
    return Page(rows=[view.match_row(unit, row) for row in rows[:PAGE]], next=following)


async def _open_page(unit: Unit, cursor: str | None, around: str | None) -> Page[MatchRow]:
    place, backwards, at = None, False, False
    if cursor:
        direction, *key = open_cursor(unit.keys, "matching.open", cursor)
        place, backwards = cast(store.Place, tuple(key)), direction == "<"
    elif around:
        item = await store.item_by_number(unit.connection, around)
        if item is not None and item.due_at is not None:
            place, at = _place(item), True
    rows = list(await store.open_page(unit.connection, place, PAGE + 1, backwards=backwards, at=at))
    more = len(rows) > PAGE
    rows = (rows[1:] if backwards else rows[:PAGE]) if more else rows
    before = (more if backwards else place is not None) and bool(rows)
    after = (True if backwards else more) and bool(rows)
    return Page(
        rows=[view.match_row(unit, row) for row in rows],
        previous=_cursor(unit, "<", rows[0]) if before else None,
        next=_cursor(unit, ">", rows[-1]) if after else None,
    )


def _place(item: Any) -> store.Place:
    return int(item.care_order), item.due_at, int(item.id)


def _cursor(unit: Unit, direction: str, item: Any) -> str:
    values: list[Value] = [direction, *_place(item)]
    return seal_cursor(unit.keys, "matching.open", values)


async def home(unit: Unit) -> Home:
    """What stands above the queue: counts, the next item with the reason, and the rep's own."""
    from backend.user_ids import service as user_ids

    first = await store.first_due(unit.connection, _MOST_COUNTED)
    due = first[0].due_at if first else None
    matching = Queue(
        name="Manual match",
        open=len(first),
        late=sum(row.due_at < unit.now for row in first),
        next_due=due,
        urgency=urgency(due or datetime.max.replace(tzinfo=unit.now.tzinfo), unit.now, unit.policy.matching),
    )
    following = await store.next_free(unit.connection, unit.now)
    return Home(
        queues=[matching, await user_ids.queue_count(unit)],
        next_item=following.number if following else None,
        next_due=following.due_at if following else None,
        why_next="least time left, unclaimed" if following else "",
        mine=[row.number for row in await store.mine(unit.connection, _rep(unit), unit.now)],
        now=unit.now,
    )


async def open_items(unit: Unit, account_id: int) -> list[OpenItem]:
    """Items of an account that are not done, for its screen."""
    return [view.open_item(unit, row) for row in await store.open_of_account(unit.connection, account_id)]


async def show(unit: Unit, number: str, token: str) -> MatchItem:
    """One case: masked, unless the token is that of the rep's living claim. Raises NOT_FOUND.

    Whoever may approve another's decision sees it unmasked too: nobody can judge what is hidden.
    """
    case = await view.context_of(unit, await item_of(unit, number))
    open_to_me = _holds(unit, case.item, token) or _may_approve(unit, case)
    unit.audit("matching.show", "match_item", number, masked=not open_to_me)
    return await view.match_item(unit, case, masked=not open_to_me)


def _may_approve(unit: Unit, case: view.Context) -> bool:
    return rules.approval_refused(rule_case(unit, case), _rep(unit)) is None


# -- claims ----------------------------------------------------------------------------------------


async def take_next(unit: Unit) -> Claim:
    """The most urgent free item, one kept for this rep first.

    Raises RULE_REFUSES while the rep holds an undecided item, NOTHING_WAITING when none is free.
    """
    if held := await store.held_by(unit.connection, _rep(unit), unit.now):
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"{held[0]} is not decided yet: decide, skip, or ask the employer.",
        )
    token, until = _new_lease(unit)
    for kept, why in ((True, "kept for you: the employer answered"), (False, "least time left, unclaimed")):
        number = await store.claim_next(unit.connection, _rep(unit), token, unit.now, until, kept=kept)
        if number is not None:
            return await _claimed(unit, number, token, why)
    raise Problem(ProblemType.NOTHING_WAITING, "Nothing waits in the queue.")


async def claim(unit: Unit, number: str) -> Claim:
    """This item for this rep; a claim of one's own gets a fresh token.

    Raises NOT_FOUND, CLAIMED_BY_OTHER with holder and time, RULE_REFUSES.
    """
    case = await view.context_of(unit, await item_of(unit, number))
    _raise(rules.claim_refused(rule_case(unit, case), _rep(unit)), unit, case.item)
    token, until = _new_lease(unit)
    if not await store.claim_one(unit.connection, number, _rep(unit), token, unit.now, until):
        other = await item_of(unit, number)
        raise _with_holder(unit, ProblemType.CLAIMED_BY_OTHER, "Another rep has claimed this item.", other)
    return await _claimed(unit, number, token, "opened by you")


def _new_lease(unit: Unit) -> tuple[str, datetime]:
    minutes = timedelta(minutes=unit.policy.matching.lease_minutes)
    return secrets.token_urlsafe(16), unit.now + minutes


async def _claimed(unit: Unit, number: str, token: str, why: str) -> Claim:
    case = await view.context_of(unit, await item_of(unit, number))
    unit.audit("matching.claim", "match_item", number, why=why)
    unit.emit(EventKind.MATCH_ITEM, number, case.item.version)
    return Claim(token=token, why=why, item=await view.match_item(unit, case, masked=False))


async def extend(unit: Unit, number: str, token: str) -> Lease:
    """Renew the claim. Raises LEASE_LOST with holder and time."""
    item = await item_of(unit, number)
    require_claim(unit, item, token)
    _, until = _new_lease(unit)
    await store.set_lease(unit.connection, item.id, until)
    return Lease(until=until)


async def skip(unit: Unit, number: str, token: str, reason: SkipReason) -> None:
    """Put the item back with the reason. Raises LEASE_LOST."""
    item = await item_of(unit, number)
    require_claim(unit, item, token)
    await store.set_lease(unit.connection, item.id, None)
    unit.audit("matching.skip", "match_item", number, reason=reason)
    unit.emit(EventKind.MATCH_ITEM, number, item.version)


def require_claim(unit: Unit, item: Any, token: str) -> None:
    """Raises LEASE_LOST with holder and time unless the token is that of the rep's living claim."""
    if _holds(unit, item, token):
        return
    other = view.claim_alive(unit, item) and item.lease_rep_id != unit.actor.rep_id
    who = "Another rep has this item now." if other else "Your claim on this item has lapsed: claim it again."
    raise _with_holder(unit, ProblemType.LEASE_LOST, f"{who} Nothing was saved.", item)


def _holds(unit: Unit, item: Any, token: str) -> bool:
    mine = item.lease_rep_id is not None and item.lease_rep_id == unit.actor.rep_id
    return mine and view.claim_alive(unit, item) and secrets.compare_digest(item.lease_token or "", token)


# -- shared with decide.py ---------------------------------------------------------------------------


async def item_of(unit: Unit, number: str) -> Any:
    """The row of an item, kept from others by a unit that writes. Raises NOT_FOUND.

    Else a colleague's claim could come between the look at the claim and what is done under it.
    """
    item = await store.item_by_number(unit.connection, number, lock=unit.writes)
    if item is None:
        raise not_found("match item", number)
    return item


def rule_case(unit: Unit, case: view.Context) -> rules.Case:
    """What the rules must know of an item."""
    item, last = case.item, case.last_decision
    return rules.Case(
        state=view.state_of(unit, item),
        holder=item.lease_rep_id if view.claim_alive(unit, item) else None,
        decided_by=last.rep_id if last else None,
        decided_at=last.at if last else None,
    )


async def require_version(unit: Unit, case: view.Context, version: int, *, masked: bool = False) -> None:
    """Raises STALE with the present state unless this is the item's version."""
    if case.item.version != version:
        present = await view.match_item(unit, case, masked=masked)
        raise Problem(
            ProblemType.STALE,
            f"{case.item.number} was changed meanwhile; look at it as it is now.",
            current=as_json(present),
        )


def _raise(refusal: Refusal | None, unit: Unit, item: Any) -> None:
    if refusal is not None:
        raise _with_holder(unit, refusal.type, refusal.sentence, item)


def _with_holder(unit: Unit, kind: ProblemType, sentence: str, item: Any) -> Problem:
    alive = view.claim_alive(unit, item) and item.lease_rep_id != unit.actor.rep_id
    return Problem(
        kind, sentence, holder=item.holder if alive else None, until=item.lease_until if alive else None
    )


def _rep(unit: Unit) -> int:
    assert unit.actor.rep_id is not None
    return unit.actor.rep_id


# -- time ------------------------------------------------------------------------------------------


async def mark_breaches(runtime: Runtime) -> None:
    """Mark for ever what became late, and tell every desk."""
    from backend.actors import SYSTEM

    async with runtime.act(SYSTEM, "breaches") as unit:
        late: Sequence[Any] = await store.mark_breached(unit.connection, unit.now)
        for row in late:
            unit.audit("matching.breach", "match_item", row.number)
            unit.emit(EventKind.MATCH_ITEM, row.number, row.version)
