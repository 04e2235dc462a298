"""The queue as a rep sees it, claims on its items, and what every act on an item asks first."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from api_client.types.accounts import OpenItem
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from api_client.types.matching import Claim, Lease, MatchItem, MatchRow
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchActKind, MatchState
from backend.accounts import service as accounts
from backend.cursor import Value, open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.matching import act_store, claim_store, rules, store, view
from backend.problems import Problem, not_found
from backend.refusal import Refusal
from backend.runtime import Runtime

View = Literal["open", "paused", "mine", "done"]
_PAUSED = (MatchState.WAITING_EMPLOYER,)
_DONE = (MatchState.APPLIED, MatchState.RETURNED)


# -- lists -----------------------------------------------------------------------------------------


async def page(unit: Unit, which: View, cursor: str | None, around: str | None) -> Page[MatchRow]:
    """One page of the queue, masked: open items by urgency, paused ones, one's own, or what is done.

    Raises NOT_VERIFIED with a caller on the line: it is of many groups.
    """
    from backend.calls import gate

    await gate.require_no_call(unit, "The queue")
    if which == "open":
        return await _open_page(unit, cursor, around)
    if which == "mine":
        rows = await store.mine(unit.connection, rep_of(unit), unit.now)
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


async def open_items(unit: Unit, account_id: int) -> list[OpenItem]:
    """Items of an account that are not done, for its screen."""
    return [view.open_item(unit, row) for row in await store.open_of_account(unit.connection, account_id)]


async def in_hand(unit: Unit) -> str:
    """The number of an item that the acting rep has claimed; empty when there is none."""
    if unit.actor.rep_id is None:
        return ""
    return await store.claimed_by(unit.connection, unit.actor.rep_id, unit.now)


async def show(unit: Unit, number: str, token: str) -> MatchItem:
    """One case: masked, unless the token is that of the rep's living claim. Raises NOT_FOUND, NOT_VERIFIED.

    Whoever may approve another's decision sees it unmasked too: nobody can judge what is hidden. What is in
    hand stays open when a call comes in.
    """
    item = await item_of(unit, number)
    if not _holds(unit, item, token):
        await _for_the_caller(unit, item)
    case = await view.context_of(unit, item)
    masked = not open_to_me(unit, case, token)
    unit.audit("matching.show", "match_item", number, masked=masked)
    return await view.match_item(unit, case, masked=masked)


async def _for_the_caller(unit: Unit, item: Any) -> None:
    """Raises NOT_VERIFIED unless the caller on the line, if there is one, may hear where this case stands.

    A case in hand shows bare what that very caller is asked.
    """
    from backend.calls import gate

    if item.account_id is None:
        await gate.require_no_call(unit, item.number)
    elif await gate.on_line(unit) is not None:
        await gate.require(unit, Fact.QUEUE, await accounts.account_by_id(unit, item.account_id))


def open_to_me(unit: Unit, case: view.Context, token: str) -> bool:
    """Whether the rep may see the case unmasked: under their claim, or to approve another's decision."""
    return _holds(unit, case.item, token) or (
        rules.approval_refused(view.rule_case(unit, case), rep_of(unit)) is None
    )


# -- claims ----------------------------------------------------------------------------------------


async def claim(unit: Unit, number: str) -> Claim:
    """This item for this rep; a claim of one's own gets a fresh token.

    Raises NOT_FOUND, NOT_VERIFIED, CLAIMED_BY_OTHER with holder and time, RULE_REFUSES.
    """
    item = await item_of(unit, number)
    await _for_the_caller(unit, item)
    case = await view.context_of(unit, item)
    if refusal := rules.claim_refused(view.rule_case(unit, case), rep_of(unit)):
        raise _with_holder(unit, refusal.type, refusal.sentence, case.item)
    token, until = new_lease(unit)
    if not await claim_store.claim_one(unit.connection, number, rep_of(unit), token, unit.now, until):
        other = await item_of(unit, number)
        raise _with_holder(unit, ProblemType.CLAIMED_BY_OTHER, "Another rep has claimed this item.", other)
    return await claimed(unit, number, token, "opened by you")


def new_lease(unit: Unit) -> tuple[str, datetime]:
    """A fresh token, and until when it is good."""
    minutes = timedelta(minutes=unit.policy.matching.lease_minutes)
    return secrets.token_urlsafe(16), unit.now + minutes


async def claimed(unit: Unit, number: str, token: str, why: str) -> Claim:
    """What a rep gets who has just claimed an item."""
    case = await view.context_of(unit, await item_of(unit, number))
    unit.audit("matching.claim", "match_item", number, why=why)
    unit.emit(EventKind.MATCH_ITEM, number, case.item.version)
    return Claim(token=token, why=why, item=await view.match_item(unit, case, masked=False))


async def extend(unit: Unit, number: str, token: str) -> Lease:
    """Renew the claim. Raises LEASE_LOST with holder and time."""
    item = await item_of(unit, number)
    await require_claim(unit, item, token)
    _, until = new_lease(unit)
    if not await claim_store.extend_lease(unit.connection, item.id, token, until):
        await require_claim(unit, await item_of(unit, number), token)
    return Lease(until=until)


async def require_claim(unit: Unit, item: Any, token: str) -> None:
    """Raises LEASE_LOST with who has the item, or who took it, unless this is the rep's living claim."""
    if _holds(unit, item, token):
        return
    if view.claim_alive(unit, item) and item.lease_rep_id != unit.actor.rep_id:
        sentence = "Another rep has this item now. Nothing was saved."
        raise _with_holder(unit, ProblemType.LEASE_LOST, sentence, item)
    if item.lease_rep_id is None:
        await _raise_taken(unit, item)
    raise Problem(
        ProblemType.LEASE_LOST, "Your claim on this item has lapsed: claim it again. Nothing was saved."
    )


async def _raise_taken(unit: Unit, item: Any) -> None:
    """Raises LEASE_LOST with the lead who took the item from its holder, if that was the last act on it."""
    acts = await act_store.acts(unit.connection, item.id)
    if acts and acts[-1].kind in (MatchActKind.TAKE_BACK, MatchActKind.ASSIGN):
        last = acts[-1]
        what = (
            "took this item back"
            if last.kind == MatchActKind.TAKE_BACK
            else f"gave this item to {last.to_name}"
        )
        sentence = f"{last.display_name} {what} at {last.at.astimezone(unit.zone):%H:%M}. Nothing was saved."
        raise Problem(ProblemType.LEASE_LOST, sentence, holder=last.display_name)


def _holds(unit: Unit, item: Any, token: str) -> bool:
    mine = item.lease_rep_id is not None and item.lease_rep_id == unit.actor.rep_id
    return mine and view.claim_alive(unit, item) and secrets.compare_digest(item.lease_token or "", token)


# -- shared by every act ------------------------------------------------------------------------------


async def item_of(unit: Unit, number: str) -> Any:
    """The row of an item, kept from others by a unit that writes. Raises NOT_FOUND.

    Else a colleague's claim could come between the look at the claim and what is done under it.
    """
    item = await store.item_by_number(unit.connection, number, lock=unit.writes)
    if item is None:
        raise not_found("match item", number)
    return item


async def require_version(unit: Unit, case: view.Context, version: int, *, masked: bool = False) -> None:
    """Raises STALE with the present state unless this is the item's version."""
    if case.item.version != version:
        present = await view.match_item(unit, case, masked=masked)
        raise Problem(
            ProblemType.STALE,
            f"{case.item.number} was changed meanwhile; look at it as it is now.",
            current=as_json(present),
        )


def refuse(refusal: Refusal | None) -> None:
    """Raises the problem a rule names."""
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)


def _with_holder(unit: Unit, kind: ProblemType, sentence: str, item: Any) -> Problem:
    alive = view.claim_alive(unit, item) and item.lease_rep_id != unit.actor.rep_id
    return Problem(
        kind, sentence, holder=item.holder if alive else None, until=item.lease_until if alive else None
    )


def rep_of(unit: Unit) -> int:
    """The key of the acting rep."""
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
