"""Decisions about a claimed case, a second person's approval, questions to the employer, and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from api_client.types.matching import AskEmployer, Claim, Decide, EmployerAnswer, MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchDecision, MatchState, Outcome
from backend.actors import SYSTEM
from backend.billing import service as billing
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import evidence, link, rules, service, store, view
from backend.matching.clock import ClockEventKind
from backend.matching.people import look_up
from backend.problems import Problem
from backend.refusal import Refusal
from backend.runtime import Runtime

_FREE = {"lease_token": None, "lease_rep_id": None, "lease_until": None}


async def decide(unit: Unit, number: str, version: int, token: str, form: Decide) -> MatchItem:
    """Link, create or return the case under this claim.

    Where a rule asks for a second person, the decision waits for one. Raises LEASE_LOST before STALE:
    who lost the claim must not be told to look at the case again.
    """
    item = await service.item_of(unit, number)
    service.require_claim(unit, item, token)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version)
    rep_id = _rep(unit)
    _raise(
        rules.decision_refused(
            service.rule_case(unit, case), rep_id, form.decision, mrn=form.mrn, reason=form.reason
        )
    )
    if item.account_id is None and form.decision is not MatchDecision.REJECT:
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"Group {item.group_number} is not on file, so nobody can be enrolled in it. "
            "Return the case to the sender.",
        )
    found = await look_up(unit, case.enrollment)
    ranked = evidence.rank(found.enrollee, found.members)
    chosen = _chosen(form, ranked)
    second = rules.second_person_needed(
        form.decision,
        verdicts=chosen.verdicts if chosen else {},
        warnings=chosen.warnings if chosen else (),
        strong_candidate=any(one.strong for one in ranked),
    )
    state = rules.state_after(form.decision, second_person=bool(second))
    member_id = found.rows[chosen.mrn].id if chosen else None
    await store.add_decision(
        unit.connection,
        {
            "item_id": item.id,
            "decision": form.decision,
            "member_id": member_id,
            "rep_id": rep_id,
            "at": unit.now,
            "reason": form.reason or second,
            "note": form.note,
            "evidence": [_evidence(one) for one in ranked[: evidence.SHOWN]],
            "before": {"version": version},
        },
    )
    if state is not MatchState.PENDING_APPROVAL:
        await _carry_out(unit, case, form.decision, member_id, form.reason or "")
    await _move(
        unit, case, state, "matching.decide", decision=form.decision, mrn=form.mrn or "", second=second
    )
    return await _seen(unit, number)


def _chosen(form: Decide, ranked: list[evidence.Candidate]) -> evidence.Candidate | None:
    """The candidate of a link. Raises INVALID for a member who is none."""
    if form.mrn is None:
        return None
    for one in ranked:
        if one.mrn == form.mrn:
            return one
    raise Problem(
        ProblemType.INVALID,
        f"MRN {form.mrn} is not among the candidates of this case.",
        errors=[("mrn", "is not a candidate")],
    )


def _evidence(one: evidence.Candidate) -> dict[str, Any]:
    """What the rep saw of a candidate: verdicts and warnings, no values."""
    verdicts = {name: str(verdict) for name, verdict in one.verdicts.items()}
    return {"mrn": one.mrn, "score": one.score, "verdicts": verdicts, "warnings": list(one.warnings)}


async def _carry_out(
    unit: Unit, case: view.Context, decision: MatchDecision, member_id: int | None, reason: str
) -> None:
    """Do what was decided, and stop the clock."""
    enrollment = case.enrollment
    if decision is MatchDecision.LINK:
        assert member_id is not None
        why = f"linked by {unit.actor.display_name}"
        await link.link(unit, enrollment, member_id, made=link.MANUAL, why=why)
    elif decision is MatchDecision.CREATE:
        made = await link.link_new(
            unit, enrollment, made=link.MANUAL, why=f"new chart by {unit.actor.display_name}"
        )
        last = (await store.decisions(unit.connection, case.item.id))[-1]
        await store.change_decision(unit.connection, last.id, {"member_id": made})
    else:
        await records.settle(unit, enrollment.id, Outcome.REFUSED, f"returned to the employer: {reason}")
    await store.add_clock_event(unit.connection, case.item.id, ClockEventKind.STOPPED, unit.now)


async def approve(unit: Unit, number: str, version: int) -> MatchItem:
    """A second person agrees: what was decided is done. Raises STALE, RULE_REFUSES, NOT_ALLOWED."""
    case = await _pending(unit, number, version)
    last = case.last_decision
    assert last is not None
    decision = MatchDecision(last.decision)
    if decision is MatchDecision.LINK:
        found = await look_up(unit, case.enrollment)
        if last.mrn not in found.rows:
            raise Problem(
                ProblemType.RULE_REFUSES,
                "The member chosen is no candidate any more; send it back.",
            )
    await _carry_out(unit, case, decision, last.member_id, last.reason)
    await _move(unit, case, MatchState.APPLIED, "matching.approve")
    return await _seen(unit, number)


async def refuse(unit: Unit, number: str, version: int) -> MatchItem:
    """A second person disagrees: the case goes back to the queue on the same clock. Raises as `approve`."""
    case = await _pending(unit, number, version)
    last = case.last_decision
    assert last is not None
    await store.change_decision(unit.connection, last.id, {"undone_at": unit.now})
    await _move(unit, case, MatchState.QUEUED, "matching.refuse")
    return await _seen(unit, number)


async def _pending(unit: Unit, number: str, version: int) -> view.Context:
    case = await view.context_of(unit, await service.item_of(unit, number))
    await service.require_version(unit, case, version, masked=True)
    _raise(rules.approval_refused(service.rule_case(unit, case), _rep(unit)))
    return case


async def ask_employer(unit: Unit, number: str, version: int, token: str, form: AskEmployer) -> MatchItem:
    """Ask the employer; the clock stands still until the answer. Raises LEASE_LOST, STALE, NOT_ALLOWED."""
    item = await service.item_of(unit, number)
    service.require_claim(unit, item, token)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version)
    assert unit.actor.role is not None
    _raise(
        rules.ask_refused(
            service.rule_case(unit, case),
            _rep(unit),
            unit.actor.role,
            questions_asked=len(await store.questions(unit.connection, item.id)),
            clock=case.clock,
            policy=unit.policy.matching,
        )
    )
    await store.add_question(
        unit.connection,
        {
            "item_id": item.id,
            "question": form.question,
            "channel": form.channel,
            "rep_id": _rep(unit),
            "asked_at": unit.now,
        },
    )
    await store.add_clock_event(unit.connection, item.id, ClockEventKind.PAUSED, unit.now)
    await _move(unit, case, MatchState.WAITING_EMPLOYER, "matching.ask_employer", channel=form.channel)
    return await _seen(unit, number)


async def employer_answer(unit: Unit, number: str, version: int, form: EmployerAnswer) -> MatchItem:
    """The employer answered, or the question is withdrawn: the clock goes on with exactly what was left.

    The item is kept for the rep who asked. Raises STALE, RULE_REFUSES.
    """
    item = await service.item_of(unit, number)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version, masked=True)
    _raise(rules.answer_refused(service.rule_case(unit, case)))
    if not form.withdrawn and not form.answer:
        raise Problem(ProblemType.INVALID, "Type what the employer said.", errors=[("answer", "is missing")])
    asked = (await store.questions(unit.connection, item.id))[-1]
    await store.answer_question(unit.connection, item.id, form.answer, unit.now)
    await store.add_clock_event(unit.connection, item.id, ClockEventKind.RESUMED, unit.now)
    await _move(
        unit,
        case,
        MatchState.QUEUED,
        "matching.employer_answer",
        prefer=asked.rep_id,
        withdrawn=form.withdrawn,
    )
    return await _seen(unit, number)


async def return_unanswered(runtime: Runtime) -> None:
    """Return what the employer was asked about and did not answer within the policy's business days."""
    limit = timedelta(days=runtime.policy.matching.answer_limit_business_days)
    async with runtime.act(SYSTEM, "unanswered") as unit:
        for row in await store.unanswered(unit.connection, unit.now - limit):
            dates = rules.question_dates(row.asked_at, unit.policy.matching, unit.calendar)
            if unit.today <= dates.returned_on:
                continue
            case = await view.context_of(unit, await service.item_of(unit, row.number))
            why = f"returned to the employer: no answer by {dates.returned_on}"
            await records.settle(unit, case.enrollment.id, Outcome.REFUSED, why)
            await store.add_clock_event(unit.connection, case.item.id, ClockEventKind.STOPPED, unit.now)
            await _move(unit, case, MatchState.RETURNED, "matching.return_unanswered")


async def undo(unit: Unit, number: str, version: int) -> Claim:
    """Take a decision back with everything it made.

    Within their minutes the decider has the case again, on the original clock; a lead sends it to the queue
    with a new one. Raises STALE, RULE_REFUSES, NOT_ALLOWED.
    """
    case = await view.context_of(unit, await service.item_of(unit, number))
    await service.require_version(unit, case, version, masked=True)
    last, item = case.last_decision, case.item
    rule_case = service.rule_case(unit, case)
    assert unit.actor.role is not None
    if last is not None and item.account_id is not None:
        billed = await billing.billed_since(unit, item.account_id, last.at)
        rule_case = replace(rule_case, billed_or_used=billed)
    allowed = rules.undo_allowed(rule_case, _rep(unit), unit.actor.role, unit.now, unit.policy.matching)
    if isinstance(allowed, Refusal):
        raise Problem(allowed.type, allowed.sentence)
    assert last is not None
    stopped = item.state != MatchState.PENDING_APPROVAL
    if item.state == MatchState.APPLIED:
        await link.unlink(unit, case.enrollment, why=item.why)
    else:
        await records.settle(unit, case.enrollment.id, Outcome.QUEUED, item.why)
    await store.change_decision(unit.connection, last.id, {"undone_at": unit.now})
    if stopped:
        kind = ClockEventKind.SUBMITTED if allowed.new_clock else ClockEventKind.RESTORED
        await store.add_clock_event(unit.connection, item.id, kind, unit.now)
    await _move(unit, case, MatchState.QUEUED, "matching.undo", reopened=allowed.new_clock)
    return await service.claim(unit, number)


async def _move(
    unit: Unit,
    case: view.Context,
    state: MatchState,
    act: str,
    *,
    prefer: int | None = None,
    reopened: bool = False,
    **details: object,
) -> None:
    """Bring the item into a state, its claim let go and its due time rewritten from the clock's events."""
    clock = (await view.context_of(unit, case.item)).clock
    values: Mapping[str, Any] = {
        **_FREE,
        "state": state,
        "due_at": clock.due_at,
        "breached": case.item.breached or clock.breached,
        "reopened": case.item.reopened or reopened,
        "prefer_rep_id": prefer,
    }
    version = case.item.version
    if not await store.change_item(unit.connection, case.item.id, version, values):
        raise Problem(ProblemType.STALE, f"{case.item.number} was changed meanwhile; open it again.")
    unit.audit(act, "match_item", case.item.number, **details)
    unit.emit(EventKind.MATCH_ITEM, case.item.number, version + 1)


async def _seen(unit: Unit, number: str) -> MatchItem:
    """The item after the act, masked: the claim is gone."""
    case = await view.context_of(unit, await service.item_of(unit, number))
    return await view.match_item(unit, case, masked=True)


def _rep(unit: Unit) -> int:
    assert unit.actor.rep_id is not None
    return unit.actor.rep_id


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)
