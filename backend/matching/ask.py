"""Questions to the employer: asked, reminded of, answered, withdrawn, and returned when nobody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_client.types.matching import AskEmployer, EmployerAnswer, MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchActKind, MatchState, Outcome
from backend.actors import SYSTEM
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import act_store, review, rules, service, store, view
from backend.matching.clock import ClockEventKind
from backend.matching.moves import move, seen, write_act
from backend.problems import Problem
from backend.runtime import Runtime


async def ask_employer(unit: Unit, number: str, version: int, token: str, form: AskEmployer) -> MatchItem:
    """Ask the employer; the clock stands still until the answer, and the case is kept for who asked.

    Raises LEASE_LOST, STALE, NOT_ALLOWED.
    """
    item = await service.item_of(unit, number)
    await service.require_claim(unit, item, token)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version)
    assert unit.actor.role is not None
    service.refuse(
        rules.ask_refused(
            view.rule_case(unit, case),
            service.rep_of(unit),
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
            "rep_id": service.rep_of(unit),
            "asked_at": unit.now,
        },
    )
    await store.add_clock_event(unit.connection, item.id, ClockEventKind.PAUSED, unit.now)
    await move(
        unit,
        case,
        MatchState.WAITING_EMPLOYER,
        "matching.ask_employer",
        token=token,
        prefer=service.rep_of(unit),
        channel=form.channel,
    )
    return await seen(unit, number)


async def employer_answer(unit: Unit, number: str, version: int, form: EmployerAnswer) -> MatchItem:
    """The employer answered, or the question is withdrawn: the clock goes on with exactly what was left.

    The item is kept for the rep who asked, or whom a lead gave it to since. Raises STALE, RULE_REFUSES.
    """
    item = await service.item_of(unit, number)
    case = await view.context_of(unit, item)
    await service.require_version(unit, case, version, masked=True)
    service.refuse(rules.answer_refused(view.rule_case(unit, case)))
    if not form.withdrawn and not form.answer:
        raise Problem(ProblemType.INVALID, "Type what the employer said.", errors=[("answer", "is missing")])
    asked = (await store.questions(unit.connection, item.id))[-1]
    await store.answer_question(unit.connection, item.id, form.answer, unit.now)
    await store.add_clock_event(unit.connection, item.id, ClockEventKind.RESUMED, unit.now)
    await move(
        unit,
        case,
        MatchState.QUEUED,
        "matching.employer_answer",
        prefer=item.prefer_rep_id or asked.rep_id,
        withdrawn=form.withdrawn,
    )
    return await seen(unit, number)


async def return_unanswered(runtime: Runtime) -> None:
    """Return what the employer was asked about and did not answer within the policy's business days."""
    limit = timedelta(days=runtime.policy.matching.answer_limit_business_days)
    async with runtime.act(SYSTEM, "unanswered") as unit:
        for row in await store.unanswered(unit.connection, unit.now - limit):
            dates = rules.question_dates(row.asked_at, unit.policy.matching, unit.calendar)
            if unit.today <= dates.returned_on:
                continue
            item = await service.item_of(unit, row.number)
            if await _open_question(unit, item) is None:
                continue
            case = await view.context_of(unit, item)
            why = f"returned to the employer: no answer by {dates.returned_on}"
            if review.is_review(case.enrollment):
                await review.take_back(unit, case.enrollment, f"{why}; the change was taken back")
            else:
                await records.settle(unit, case.enrollment.id, Outcome.REFUSED, why)
            await store.add_clock_event(unit.connection, case.item.id, ClockEventKind.STOPPED, unit.now)
            await move(unit, case, MatchState.RETURNED, "matching.return_unanswered")


async def remind_unanswered(runtime: Runtime) -> None:
    """Write a reminder of each open question on each of the policy's business days, once."""
    first = min(runtime.policy.matching.reminder_business_days, default=None)
    if first is None:
        return
    async with runtime.act(SYSTEM, "reminders") as unit:
        for row in await store.unanswered(unit.connection, unit.now - timedelta(days=first - 1)):
            await _remind(unit, row.number)


async def _remind(unit: Unit, number: str) -> None:
    """Write what is due by now and not written yet: how many stand there tells, also after a restart."""
    item = await service.item_of(unit, number)
    asked = await _open_question(unit, item)
    if asked is None:
        return
    dates = rules.question_dates(asked.asked_at, unit.policy.matching, unit.calendar)
    due = [day for day in dates.reminders if unit.calendar.opening(day) <= unit.now]
    written = await act_store.count_acts(unit.connection, item.id, MatchActKind.REMIND, asked.asked_at)
    for day in due[written:]:
        await write_act(unit, item, MatchActKind.REMIND, words=day.isoformat())
        unit.audit("matching.remind_employer", "match_item", number, due=day)
        unit.emit(EventKind.MATCH_ITEM, number, item.version)


async def _open_question(unit: Unit, item: Any) -> Any | None:
    """The question the item waits for, seen under its lock: the answer may have come since it was listed."""
    if item.state != MatchState.WAITING_EMPLOYER:
        return None
    asked = (await store.questions(unit.connection, item.id))[-1]
    return asked if asked.answered_at is None else None
