"""Taking a decision back: one's own within minutes, a lead's within a day, and later by two persons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api_client.types.matching import Claim, MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import MatchActKind, MatchDecision, MatchState, Outcome
from backend.billing import bills
from backend.cards import orders as cards
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import apart, link, review, rules, service, store, view
from backend.matching.clock import ClockEventKind
from backend.matching.moves import move, seen, write_act
from backend.problems import Problem
from backend.refusal import Refusal


async def undo(unit: Unit, number: str, version: int) -> Claim:
    """Take a decision back with everything it made.

    Within their minutes the decider has the case again, on the original clock; a lead sends it to the queue
    with a new one. Raises STALE, RULE_REFUSES, NOT_ALLOWED.
    """
    case = await _as_seen(unit, number, version)
    last, item = case.last_decision, case.item
    rule_case = view.rule_case(unit, case)
    assert unit.actor.role is not None
    if last is not None and item.account_id is not None and not review.is_review(case.enrollment):
        billed = bool(await bills.months_billed_since(unit, item.account_id, last.at))
        printed = await cards.printed(unit, case.enrollment.id)
        rule_case = replace(rule_case, billed_or_used=billed, card_printed=printed)
    allowed = rules.undo_allowed(
        rule_case, service.rep_of(unit), unit.actor.role, unit.now, unit.policy.matching
    )
    if isinstance(allowed, Refusal):
        raise Problem(allowed.type, allowed.sentence)
    assert last is not None
    stopped = item.state != MatchState.PENDING_APPROVAL
    if item.state == MatchState.APPLIED:
        await _restore(unit, case, last)
    elif review.is_review(case.enrollment):
        await review.reopen(unit, case.enrollment, last.decision, item.why)
    else:
        await records.settle(unit, case.enrollment.id, Outcome.QUEUED, item.why)
    await store.change_decision(unit.connection, last.id, {"undone_at": unit.now})
    await write_act(unit, item, MatchActKind.UNDO)
    if stopped:
        kind = ClockEventKind.SUBMITTED if allowed.new_clock else ClockEventKind.RESTORED
        await store.add_clock_event(unit.connection, item.id, kind, unit.now)
    reopened = {"reopened": item.reopened or allowed.new_clock}
    await move(unit, case, MatchState.QUEUED, "matching.undo", also=reopened)
    return await service.claim(unit, number)


async def unlink(unit: Unit, number: str, version: int, reason: str) -> MatchItem:
    """Ask that an applied decision be taken apart, billed or not: another person approves or refuses it.

    A new clock runs from now on. Raises STALE, RULE_REFUSES.
    """
    case = await _as_seen(unit, number, version)
    service.refuse(rules.unlink_refused(view.rule_case(unit, case)))
    last, item = case.last_decision, case.item
    assert last is not None
    await _require_removable(unit, case, last)
    second = rules.second_person_needed(
        MatchDecision.UNLINK, verdicts={}, warnings=(), strong_candidate=False
    )
    await store.add_decision(
        unit.connection,
        {
            "item_id": item.id,
            "decision": MatchDecision.UNLINK,
            "member_id": last.member_id,
            "rep_id": service.rep_of(unit),
            "at": unit.now,
            "reason": second,
            "note": reason,
            "evidence": [],
            "before": {"version": version, "billed": await _billed(unit, item, last)},
        },
    )
    await store.add_clock_event(unit.connection, item.id, ClockEventKind.SUBMITTED, unit.now)
    await move(unit, case, MatchState.PENDING_APPROVAL, "matching.unlink", mrn=last.mrn)
    return await seen(unit, number)


async def take_apart(unit: Unit, case: view.Context, asked: Any) -> None:
    """What another person approved: both sides as they were, the item in the queue on a new clock.

    Raises RULE_REFUSES when something else refers to the member that was created.
    """
    item = case.item
    first = next(one for one in reversed(case.decisions) if one.id != asked.id and one.undone_at is None)
    billed = await _billed(unit, item, first)
    await _restore(unit, case, first)
    await store.change_decision(unit.connection, first.id, {"undone_at": unit.now})
    kept = {"before": {**asked.before, "billed": billed, "mrn": asked.mrn}}
    await store.change_decision(unit.connection, asked.id, kept)
    for kind in (ClockEventKind.STOPPED, ClockEventKind.SUBMITTED):
        await store.add_clock_event(unit.connection, item.id, kind, unit.now)
    await move(
        unit, case, MatchState.QUEUED, "matching.approve", also={"reopened": True}, decision=asked.decision
    )


async def _restore(unit: Unit, case: view.Context, last: Any) -> None:
    """Both sides as they were; whom it was decided for stays in the history, even if removed."""
    await _require_removable(unit, case, last)
    kept = {"before": {**last.before, "mrn": last.mrn}}
    await store.change_decision(unit.connection, last.id, kept)
    await apart.forget(unit, last.id)
    if review.is_review(case.enrollment):
        await review.reopen(unit, case.enrollment, last.decision, case.item.why)
    else:
        await link.unlink(unit, case.enrollment, why=case.item.why)


async def _require_removable(unit: Unit, case: view.Context, last: Any) -> None:
    """Raises RULE_REFUSES when the decision created a member that something else refers to by now."""
    if last.decision != MatchDecision.CREATE or last.member_id is None:
        return
    if what := await store.refers_to(unit.connection, last.member_id, case.enrollment.id, case.item.id):
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"MRN {last.mrn}, which this decision created, cannot be removed: {what}. Take that back first.",
        )


async def _billed(unit: Unit, item: Any, decision: Any) -> list[str]:
    """Months billed to the group since a decision, such as `2026-12`."""
    if item.account_id is None:
        return []
    months = await bills.months_billed_since(unit, item.account_id, decision.at)
    return [f"{month:%Y-%m}" for month in months]


async def _as_seen(unit: Unit, number: str, version: int) -> view.Context:
    case = await view.context_of(unit, await service.item_of(unit, number))
    await service.require_version(unit, case, version, masked=True)
    return case
