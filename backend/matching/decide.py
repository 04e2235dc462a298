"""Decisions about a claimed case, and a second person's approval or refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_client.types.matching import Decide, MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import MatchActKind, MatchDecision, MatchState, Outcome
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import (
    apart,
    candidates,
    hand_store,
    link,
    review,
    rules,
    samples,
    service,
    store,
    undo,
    view,
)
from backend.matching.clock import ClockEventKind
from backend.matching.moves import move, seen, write_act
from backend.problems import Problem


async def decide(unit: Unit, number: str, version: int, token: str, form: Decide) -> MatchItem:
    """Link, create or return the case under this claim.

    Where a rule asks for a second person, the decision waits for one. Raises LEASE_LOST before STALE:
    who lost the claim must not be told to look at the case again.
    """
    item = await service.item_of(unit, number)
    await service.require_claim(unit, item, token)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version)
    service.refuse(
        rules.decision_refused(
            view.rule_case(unit, case),
            service.rep_of(unit),
            form.decision,
            mrn=form.mrn,
            reason=form.reason,
        )
    )
    if item.account_id is None and form.decision is not MatchDecision.REJECT:
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"Group {item.group_number} is not on file, so nobody can be enrolled in it. "
            "Return the case to the sender.",
        )
    choice = await _choice(unit, case, form)
    if review.is_review(case.enrollment):
        same = choice.member_id == case.enrollment.member_id
        service.refuse(rules.review_refused(form.decision, this_member=same))
    state = rules.state_after(form.decision, second_person=bool(choice.second))
    decision_id = await store.add_decision(
        unit.connection,
        {
            "item_id": item.id,
            "decision": form.decision,
            "member_id": choice.member_id,
            "rep_id": service.rep_of(unit),
            "at": unit.now,
            "reason": form.reason or choice.second,
            "note": form.note,
            "evidence": choice.shown,
            "before": {"version": version},
            "model": candidates.MODEL,
        },
    )
    if state is not MatchState.PENDING_APPROVAL:
        reason = form.reason or ""
        await _carry_out(unit, case, decision_id, form.decision, choice.member_id, reason, choice.shown)
    await move(
        unit,
        case,
        state,
        "matching.decide",
        token=token,
        also={"escalated_at": None},
        decision=form.decision,
        mrn=form.mrn or "",
        second=choice.second,
    )
    return await seen(unit, number)


@dataclass(frozen=True)
class _Choice:
    """The member of a decision, why it needs a second person, and the evidence as the rep saw it."""

    member_id: int | None
    second: str
    shown: list[dict[str, Any]]


async def _choice(unit: Unit, case: view.Context, form: Decide) -> _Choice:
    """What a decision rests on; a member found by hand is compared as the candidates are.

    Raises INVALID for a member number that is not on file.
    """
    found = await candidates.gather(unit, case.enrollment)
    if form.decision is not MatchDecision.LINK or form.mrn is None:
        second = found.second_person_for_new() if form.decision is MatchDecision.CREATE else ""
        return _Choice(None, second, [candidates.as_kept(one) for one in found.shown])
    by_hand = all(one.mrn != form.mrn for one in found.shown)
    if found.of(form.mrn) is None:
        found = candidates.with_more(unit, found, await hand_store.members_by_mrn(unit.connection, form.mrn))
    chosen = found.of(form.mrn)
    if chosen is None:
        raise Problem(
            ProblemType.INVALID,
            f"There is no member {form.mrn} on file.",
            errors=[("mrn", "is not on file")],
        )
    shown = [candidates.as_kept(one) for one in found.shown if one is not chosen]
    return _Choice(
        found.member_id(chosen.mrn),
        found.second_person_for(chosen, by_hand=by_hand),
        [candidates.as_kept(chosen) | {"chosen": True, "by_hand": by_hand}, *shown],
    )


async def _carry_out(
    unit: Unit,
    case: view.Context,
    decision_id: int,
    decision: MatchDecision,
    member_id: int | None,
    reason: str,
    shown: Sequence[Mapping[str, Any]],
) -> None:
    """Do what was decided, stop the clock, and choose some for a second look.

    Whom a rep found by hand stands not among the candidates of a second look, so there is none.
    """
    enrollment = case.enrollment
    if review.is_review(enrollment):
        await review.carry_out(unit, enrollment, decision, reason)
    elif decision is MatchDecision.LINK:
        assert member_id is not None
        why = f"linked by {unit.actor.display_name}"
        await link.link(unit, enrollment, member_id, made=link.MANUAL, why=why)
        await apart.remember(unit, decision_id, member_id, shown)
    elif decision is MatchDecision.CREATE:
        made = await link.link_new(
            unit, enrollment, made=link.MANUAL, why=f"new chart by {unit.actor.display_name}"
        )
        await store.change_decision(unit.connection, decision_id, {"member_id": made})
        await apart.remember(unit, decision_id, made, shown)
    else:
        await records.settle(unit, enrollment.id, Outcome.REFUSED, f"returned to the employer: {reason}")
    if decision is not MatchDecision.REJECT and not _by_hand(shown) and not review.is_review(enrollment):
        await samples.choose(unit, decision_id)
    await store.add_clock_event(unit.connection, case.item.id, ClockEventKind.STOPPED, unit.now)


def _by_hand(shown: Sequence[Mapping[str, Any]]) -> bool:
    return any(one.get("by_hand") for one in shown)


async def approve(unit: Unit, number: str, version: int) -> MatchItem:
    """A second person agrees: what was decided is done. Raises STALE, RULE_REFUSES, NOT_ALLOWED."""
    case = await _pending(unit, number, version)
    last = case.last_decision
    assert last is not None
    decision = MatchDecision(last.decision)
    approved = {"approved_by": service.rep_of(unit), "approved_at": unit.now}
    await store.change_decision(unit.connection, last.id, approved)
    if decision is MatchDecision.UNLINK:
        await undo.take_apart(unit, case, last)
        return await seen(unit, number)
    if decision is MatchDecision.LINK:
        await _require_still_candidate(unit, case, last)
    await _carry_out(unit, case, last.id, decision, last.member_id, last.reason, last.evidence)
    await move(unit, case, MatchState.APPLIED, "matching.approve", decision=decision)
    return await seen(unit, number)


async def _require_still_candidate(unit: Unit, case: view.Context, last: Any) -> None:
    """Raises RULE_REFUSES when the member chosen was a candidate and is none any more."""
    found = await candidates.gather(unit, case.enrollment)
    if last.member_id is None or (found.of(last.mrn) is None and not _by_hand(last.evidence)):
        raise Problem(ProblemType.RULE_REFUSES, "The member chosen is no candidate any more; send it back.")


async def refuse(unit: Unit, number: str, version: int) -> MatchItem:
    """A second person disagrees: the case goes back to the queue on the same clock. Raises as `approve`.

    A decision that was to be taken apart stands as before.
    """
    case = await _pending(unit, number, version)
    last = case.last_decision
    assert last is not None
    await store.change_decision(unit.connection, last.id, {"undone_at": unit.now})
    await write_act(unit, case.item, MatchActKind.REFUSE)
    state = MatchState.QUEUED
    if last.decision == MatchDecision.UNLINK:
        state = MatchState.APPLIED
        await store.add_clock_event(unit.connection, case.item.id, ClockEventKind.WITHDRAWN, unit.now)
    await move(unit, case, state, "matching.refuse", decision=last.decision)
    return await seen(unit, number)


async def _pending(unit: Unit, number: str, version: int) -> view.Context:
    case = await view.context_of(unit, await service.item_of(unit, number))
    await service.require_version(unit, case, version, masked=True)
    service.refuse(rules.approval_refused(view.rule_case(unit, case), service.rep_of(unit)))
    return case
