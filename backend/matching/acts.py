"""What happens to a case besides deciding it: skip, hand over, escalate, assign, take back, write a note."""

from __future__ import annotations

from typing import Any

from api_client.types.common import Page
from api_client.types.matching import Colleague, MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchActKind, MatchState, Role, SkipReason
from backend.database.unit import Unit
from backend.matching import act_store, claim_store, rules, service, view
from backend.matching.moves import move, seen, write_act
from backend.problems import Problem
from backend.session import reps


async def skip(unit: Unit, number: str, token: str, reason: SkipReason) -> None:
    """Put the item back with the reason; for a while `next` gives this rep another first.

    What was kept for the rep is anybody's again. Raises LEASE_LOST.
    """
    case = await _held(unit, number, token)
    await write_act(unit, case.item, MatchActKind.SKIP, words=reason)
    if case.item.prefer_rep_id == service.rep_of(unit):
        await move(unit, case, MatchState.QUEUED, "matching.skip", token=token, reason=reason)
        return
    await claim_store.end_lease(unit.connection, case.item.id)
    unit.audit("matching.skip", "match_item", number, reason=reason)
    unit.emit(EventKind.MATCH_ITEM, number, case.item.version)


async def hand_over(unit: Unit, number: str, token: str, username: str, words: str) -> None:
    """Give the case to another rep with a word for them; it is kept for them until little time is left.

    Raises LEASE_LOST, NOT_FOUND for a rep who is not there, RULE_REFUSES for oneself.
    """
    case = await _held(unit, number, token)
    to = await reps.active_rep(unit, username)
    service.refuse(rules.given_refused(view.rule_case(unit, case), giver=service.rep_of(unit), to=to.id))
    await write_act(unit, case.item, MatchActKind.HAND_OVER, to=to.id, words=words)
    await _give(unit, case, to, "matching.hand_over", token=token)


async def escalate(unit: Unit, number: str, token: str, question: str) -> None:
    """Give the case to the leads with a question; `next` gives it to nobody else. Raises LEASE_LOST."""
    case = await _held(unit, number, token)
    await write_act(unit, case.item, MatchActKind.ESCALATE, words=question)
    also = {"escalated_at": unit.now}
    await move(unit, case, MatchState.QUEUED, "matching.escalate", token=token, also=also)


async def assign(unit: Unit, number: str, version: int, username: str) -> MatchItem:
    """A lead gives an open case to a rep; whoever had claimed it has lost it from now on.

    Raises NOT_FOUND, STALE, RULE_REFUSES.
    """
    case = await _as_seen(unit, number, version)
    to = await reps.active_rep(unit, username)
    service.refuse(rules.assign_refused(view.rule_case(unit, case), to.id))
    await write_act(unit, case.item, MatchActKind.ASSIGN, to=to.id)
    await _give(unit, case, to, "matching.assign")
    return await seen(unit, number)


async def take_back(unit: Unit, number: str, version: int) -> MatchItem:
    """A lead ends another's claim: its token is dead at once. Raises STALE, RULE_REFUSES."""
    case = await _as_seen(unit, number, version)
    service.refuse(rules.take_back_refused(view.rule_case(unit, case), service.rep_of(unit)))
    await write_act(unit, case.item, MatchActKind.TAKE_BACK, to=case.item.lease_rep_id)
    await claim_store.end_lease(unit.connection, case.item.id)
    unit.audit("matching.take_back", "match_item", number, holder=case.item.holder)
    unit.emit(EventKind.MATCH_ITEM, number, case.item.version)
    return await seen(unit, number)


async def note(unit: Unit, number: str, token: str, text: str) -> MatchItem:
    """Write a note to a case, claimed or not; the version stays, so that no note stops a decision."""
    if not text:
        raise Problem(ProblemType.INVALID, "The note is empty.", errors=[("text", "is missing")])
    item = await service.item_of(unit, number)
    await act_store.add_note(unit.connection, item.id, unit.actor.name, unit.now, text)
    unit.audit("matching.note", "match_item", number)
    unit.emit(EventKind.MATCH_ITEM, number, item.version)
    case = await view.context_of(unit, item)
    return await view.match_item(unit, case, masked=not service.open_to_me(unit, case, token))


async def urgent_care(unit: Unit, number: str, needed: bool) -> MatchItem:
    """The person needs care before the case is done, or no more: it stands first, or as before (R02).

    The clock goes on as it did, and the version stays, so that it stops nobody's decision.
    Raises NOT_FOUND, RULE_REFUSES.
    """
    item = await service.item_of(unit, number)
    service.refuse(rules.urgent_care_refused(MatchState(item.state)))
    order = rules.URGENT if needed else rules.NORMAL
    if item.care_order != order:
        await act_store.set_care_order(unit.connection, item.id, order)
        await write_act(unit, item, MatchActKind.CARE if needed else MatchActKind.CARE_OVER)
        unit.audit("matching.urgent_care", "match_item", number, needed=needed)
        unit.emit(EventKind.MATCH_ITEM, number, item.version)
    return await seen(unit, number)


async def colleagues(unit: Unit) -> Page[Colleague]:
    """Who a case can be handed to, by name: everyone who can sign in but the rep who asks."""
    return Page(
        rows=[
            Colleague(username=one.username, name=one.display_name, lead=one.role is not Role.REP)
            for one in await reps.active(unit)
            if one.username != unit.actor.name
        ]
    )


async def _held(unit: Unit, number: str, token: str) -> view.Context:
    item = await service.item_of(unit, number)
    await service.require_claim(unit, item, token)
    return await view.context_of(unit, item)


async def _as_seen(unit: Unit, number: str, version: int) -> view.Context:
    case = await view.context_of(unit, await service.item_of(unit, number))
    await service.require_version(unit, case, version, masked=True)
    return case


async def _give(unit: Unit, case: view.Context, to: Any, act: str, *, token: str | None = None) -> None:
    """Keep the case for a rep; it is no longer the leads'."""
    state = MatchState(case.item.state)
    also = {"escalated_at": None}
    await move(unit, case, state, act, token=token, prefer=to.id, also=also, to=to.username)
