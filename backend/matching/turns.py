"""Which item comes next for a rep, and why it is that one: the same for the home screen and for taking it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from api_client.types.matching import Claim, Home, Queue
from api_client.types.problems import ProblemType
from api_client.types.words import MatchActKind, Role
from backend.database.unit import Unit
from backend.matching import act_store, claim_store, rules, service, store
from backend.matching.claim_store import Asking, Turn
from backend.matching.clock import urgency
from backend.problems import Problem

_MOST_COUNTED = 99


async def home(unit: Unit) -> Home:
    """What stands above the queue: counts, the next item with the reason, and the rep's own."""
    from backend.calls import call_backs
    from backend.letters import returned
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
    following, why = await _following(unit)
    return Home(
        queues=[
            matching,
            await user_ids.queue_count(unit),
            await call_backs.queue_count(unit),
            await returned.queue_count(unit),
        ],
        next_item=following.number if following else None,
        next_due=following.due_at if following else None,
        why_next=why,
        mine=[row.number for row in await store.mine(unit.connection, service.rep_of(unit), unit.now)],
        now=unit.now,
    )


async def _following(unit: Unit) -> tuple[Any | None, str]:
    asking = _asking(unit)
    async for turn in _turns(asking):
        row = await claim_store.first_of(unit.connection, turn, asking)
        if row is not None:
            return row, await _why(unit, turn, row)
    return None, ""


async def take_next(unit: Unit) -> Claim:
    """The item that comes next: one kept for this rep, for leads an escalated one, else the most urgent.

    What the rep skipped not long ago comes only when nothing else is free. Raises RULE_REFUSES while the rep
    holds an undecided item, NOTHING_WAITING when none is free, NOT_VERIFIED with a caller on the line.
    """
    from backend.calls import gate

    await gate.require_no_call(unit, "The queue")
    asking = _asking(unit)
    if held := await claim_store.held_by(unit.connection, asking.rep_id, unit.now):
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"{held[0]} is not decided yet: decide, skip, or ask the employer.",
        )
    token, until = service.new_lease(unit)
    async for turn in _turns(asking):
        number = await claim_store.claim_next(unit.connection, turn, asking, token, until)
        if number is not None:
            why = await _why(unit, turn, await service.item_of(unit, number))
            return await service.claimed(unit, number, token, why)
    raise Problem(ProblemType.NOTHING_WAITING, "Nothing waits in the queue.")


def _asking(unit: Unit) -> Asking:
    policy = unit.policy.matching
    return Asking(
        rep_id=service.rep_of(unit),
        lead=unit.actor.role is not Role.REP,
        now=unit.now,
        anybodys_until=unit.now + timedelta(hours=policy.red_hours),
        skipped_since=unit.now - timedelta(minutes=policy.skip_minutes),
    )


async def _turns(asking: Asking) -> AsyncIterator[Turn]:
    for turn in Turn:
        if turn is not Turn.ESCALATED or asking.lead:
            yield turn


async def _why(unit: Unit, turn: Turn, item: Any) -> str:
    """The real reason in a few words."""
    if turn is Turn.KEPT:
        return f"kept for you: {await _who_kept(unit, item)}"
    if turn is Turn.ESCALATED:
        return "escalated to leads"
    if turn is Turn.SKIPPED and (skipped := await _skipped(unit, item)):
        return skipped
    if item.care_order == rules.URGENT:
        return "care needed now"
    if item.due_at < unit.now:
        return f"late since {time_of(unit, item.due_at)}"
    return "least time left, unclaimed"


async def _who_kept(unit: Unit, item: Any) -> str:
    """Who gave it to this rep; when nobody did, it is the rep who asked the employer."""
    given = [
        act
        for act in await act_store.acts(unit.connection, item.id)
        if act.kind in (MatchActKind.HAND_OVER, MatchActKind.ASSIGN)
    ]
    answered = [one.answered_at for one in await store.questions(unit.connection, item.id) if one.answered_at]
    if given and given[-1].to_rep_id == item.prefer_rep_id and not (answered and answered[-1] > given[-1].at):
        how = "handed it over" if given[-1].kind == MatchActKind.HAND_OVER else "gave it to you"
        return f"{given[-1].display_name} {how}"
    return "the employer answered" if answered else "you have it"


async def _skipped(unit: Unit, item: Any) -> str:
    """When the rep put it aside; empty for an item that a colleague let go just before the last turn."""
    mine = [
        act
        for act in await act_store.acts(unit.connection, item.id)
        if act.rep_id == unit.actor.rep_id and act.kind in (MatchActKind.SKIP, MatchActKind.ESCALATE)
    ]
    if not mine:
        return ""
    did = "skipped" if mine[-1].kind == MatchActKind.SKIP else "escalated"
    return f"you {did} it at {time_of(unit, mine[-1].at)}; nothing else is free"


def time_of(unit: Unit, at: datetime) -> str:
    """An instant as the service center says it: the time, with the day when it is another one."""
    local = at.astimezone(unit.zone)
    return f"{local:%H:%M}" if local.date() == unit.today else f"{local:%m-%d %H:%M}"
