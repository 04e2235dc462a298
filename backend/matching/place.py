"""What becomes of an enrollment at once: linked beyond doubt, a new member, or an item of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api_client.types.words import EventKind, MatchState, Outcome
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import exact, link, store
from backend.matching.clock import ClockEvent, ClockEventKind, read_clock
from backend.matching.people import look_up
from backend.matching.rules import NORMAL


@dataclass(frozen=True)
class Placement:
    """What became of an enrollment, why, and the queue item when a person must look."""

    outcome: Outcome
    why: str
    item: str | None = None


async def place(unit: Unit, enrollment: Any) -> Placement:
    """Decide what is certain about an enrollment that was just received, and do it."""
    found = await look_up(unit, enrollment)
    decision = exact.decide(found.enrollee, found.members, found.ranked)
    if isinstance(decision, exact.AutoMatch):
        member = found.rows[decision.mrn]
        await link.link(unit, enrollment, member.id, made=link.AUTO, why=decision.why)
        unit.audit("matching.auto_link", "enrollment", enrollment.receipt, mrn=decision.mrn, why=decision.why)
        return Placement(Outcome.APPLIED, decision.why)
    if isinstance(decision, exact.NewMember):
        await link.link_new(unit, enrollment, made=link.AUTO, why=decision.why)
        unit.audit("matching.auto_create", "enrollment", enrollment.receipt, why=decision.why)
        return Placement(Outcome.APPLIED, decision.why)
    return await to_queue(unit, enrollment, decision.why, decision.warnings)


async def to_queue(unit: Unit, enrollment: Any, why: str, warnings: tuple[str, ...] = ()) -> Placement:
    """Somebody must look before anything is done with the enrollment."""
    number = await add_item(unit, enrollment, why, warnings)
    await records.settle(unit, enrollment.id, Outcome.QUEUED, why)
    return Placement(Outcome.QUEUED, why, number)


async def add_item(unit: Unit, enrollment: Any, why: str, warnings: tuple[str, ...] = ()) -> str:
    """A new item of the queue; its clock has run since the enrollment was submitted. Returns its number."""
    number = f"M-{await unit.number('match_item'):05d}"
    started = ClockEvent(ClockEventKind.SUBMITTED, enrollment.received_at)
    clock = read_clock([started], unit.now, unit.policy.matching, unit.calendar)
    item_id = await store.add_item(
        unit.connection,
        {
            "number": number,
            "enrollment_id": enrollment.id,
            "account_id": enrollment.account_id,
            "state": MatchState.QUEUED,
            "care_order": NORMAL,
            "breached": clock.breached,
            "submitted_at": enrollment.received_at,
            "due_at": clock.due_at,
            "why": why,
            "warnings": list(warnings),
        },
    )
    await store.add_clock_event(unit.connection, item_id, started.kind, started.at)
    unit.audit("matching.queue", "match_item", number, why=why)
    unit.emit(EventKind.MATCH_ITEM, number, 1)
    return number
