"""Queue items as a rep may see them: masked without a claim, both sides and the evidence under one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api_client.types.accounts import OpenItem
from api_client.types.common import Address
from api_client.types.matching import (
    MatchItem,
    MatchRow,
    PersonView,
)
from api_client.types.words import Channel, MatchDecision, MatchState, TransactionType
from backend.accounts import service as accounts
from backend.accounts.rules import mask_name, relationship_words
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import candidates, review, rules, store
from backend.matching.clock import Clock, ClockEvent, ClockEventKind, read_clock, urgency
from backend.matching.history import changes, history


@dataclass(frozen=True)
class Context:
    """One item with everything a view or a decision needs."""

    item: Any
    enrollment: Any
    clock: Clock
    decisions: Sequence[Any]
    stopped_at: datetime | None = None
    """When the clock stopped for good or for now."""

    @property
    def last_decision(self) -> Any | None:
        """The decision that stands; None when there is none, or it was taken back."""
        last = next((one for one in reversed(self.decisions) if one.undone_at is None), None)
        taken_apart = last is not None and last.decision == MatchDecision.UNLINK and last.approved_at
        return None if taken_apart else last


def state_of(unit: Unit, row: Any) -> MatchState:
    """The state as reps know it: a queued item whose claim is alive is under review."""
    state = MatchState(row.state)
    return MatchState.IN_REVIEW if state is MatchState.QUEUED and claim_alive(unit, row) else state


def rule_case(unit: Unit, case: Context) -> rules.Case:
    """What the rules must know of an item."""
    item, last = case.item, case.last_decision
    return rules.Case(
        state=state_of(unit, item),
        holder=item.lease_rep_id if claim_alive(unit, item) else None,
        decided_by=last.rep_id if last else None,
        decided_at=last.at if last else None,
        unlink_asked=last is not None and last.decision == MatchDecision.UNLINK,
    )


def claim_alive(unit: Unit, row: Any) -> bool:
    """Whether somebody's claim on the item is alive now."""
    return row.lease_until is not None and row.lease_until > unit.now


def match_row(unit: Unit, row: Any) -> MatchRow:
    """One line of the queue, masked."""
    return MatchRow(
        id=row.number,
        version=row.version,
        channel=Channel(row.channel),
        type=TransactionType(row.type),
        group_number=row.group_number,
        enrollee=mask_name(row.first_name, row.last_name),
        state=state_of(unit, row),
        due_at=row.due_at,
        urgency=urgency(row.due_at, unit.now, unit.policy.matching),
        breached=row.breached or (row.due_at is not None and row.due_at < unit.now),
        holder=row.holder if claim_alive(unit, row) else None,
        kept_for=row.kept_for,
        reopened=row.reopened,
        escalated=row.escalated_at is not None,
        urgent=row.care_order == rules.URGENT,
    )


def open_item(unit: Unit, row: Any) -> OpenItem:
    """One line among the open items of an account."""
    return OpenItem(
        id=row.number,
        kind="match",
        state=state_of(unit, row).value.replace("_", " "),
        due_at=row.due_at,
        urgency=urgency(row.due_at, unit.now, unit.policy.matching),
    )


async def context_of(unit: Unit, item: Any) -> Context:
    """The item with its enrollment, clock and decisions."""
    events = [
        ClockEvent(ClockEventKind(row.kind), row.at)
        for row in await store.clock_events(unit.connection, item.id)
    ]
    return Context(
        item,
        await records.enrollment_of(unit, item.enrollment_id),
        read_clock(events, unit.now, unit.policy.matching, unit.calendar),
        await store.decisions(unit.connection, item.id),
        events[-1].at if events[-1].kind is ClockEventKind.STOPPED else None,
    )


async def match_item(unit: Unit, case: Context, *, masked: bool) -> MatchItem:
    """The whole case; `masked` leaves out the person, the candidates and the evidence."""
    item, enrollment = case.item, case.enrollment
    account = await accounts.account_by_id(unit, item.account_id) if item.account_id else None
    questions = await store.questions(unit.connection, item.id)
    alive = claim_alive(unit, item)
    starts = [one["starts_on"] for one in records.coverages_of(enrollment)]
    lines = await history(unit, item, case.decisions, questions, case.stopped_at, masked=masked)
    evidence: dict[str, Any] = {}
    if not masked:
        found = await candidates.gather(unit, enrollment)
        evidence = await _evidence(unit, case, found)
        lines = sorted([*lines, *await changes(unit, item, found.rows_shown)], key=lambda line: line.at)
    return MatchItem(
        id=item.number,
        version=item.version,
        state=state_of(unit, item),
        channel=Channel(item.channel),
        source=f"receipt {item.receipt}",
        type=TransactionType(item.type),
        group_number=item.group_number,
        group_name=account.name if account else "",
        coverage_from=min(starts, default=None),
        relationship=relationship_words(enrollment.relationship),
        subscriber_number="" if masked else enrollment.subscriber_number,
        submitted_at=item.submitted_at,
        due_at=item.due_at,
        remaining_minutes=int(case.clock.remaining / timedelta(minutes=1)),
        urgency=urgency(item.due_at, unit.now, unit.policy.matching),
        breached=item.breached or case.clock.breached,
        reopened=item.reopened,
        holder=item.holder if alive else None,
        lease_until=item.lease_until if alive else None,
        masked=masked,
        enrollee=_masked_person(enrollment) if masked else enrollee(enrollment),
        why_not_automatic=item.why,
        kept_for=item.kept_for,
        escalated=item.escalated_at is not None,
        urgent=item.care_order == rules.URGENT,
        history=lines,
        **_question(unit, case, questions),
        **_decision(unit, case),
        **evidence,
    )


def _masked_person(row: Any) -> PersonView:
    masked = mask_name(row.first_name, row.last_name).split(" ", 1)
    return PersonView(last_name=masked[-1], first_name=masked[0] if len(masked) > 1 else "")


def enrollee(row: Any) -> PersonView:
    """The person of an enrollment, unmasked."""
    return PersonView(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date,
        ssn_last4=row.ssn_last4,
        sex=row.sex,
        address=Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip),
        phone=row.phone,
    )


async def _evidence(unit: Unit, case: Context, found: candidates.Evidence) -> dict[str, Any]:
    """Candidates best first with their comparisons, the family, and what to beware of."""
    return {
        "second_person_for_new": found.second_person_for_new(),
        "candidates": await candidates.shown(unit, found, found.shown),
        "warnings": [
            *review.former_in_words(unit, case.enrollment),
            *(f"{one.mrn}: {text}" for one in found.shown for text in one.warnings),
        ],
        "family": await candidates.family(unit, case.enrollment),
    }


def _question(unit: Unit, case: Context, questions: Sequence[Any]) -> dict[str, Any]:
    """The open question with its days, and why this rep cannot ask one now."""
    assert unit.actor.rep_id is not None
    assert unit.actor.role is not None
    refusal = rules.ask_refused(
        rule_case(unit, case),
        unit.actor.rep_id,
        unit.actor.role,
        questions_asked=len(questions),
        clock=case.clock,
        policy=unit.policy.matching,
    )
    told: dict[str, Any] = {"ask_refused": refusal.sentence if refusal else ""}
    if case.item.state == MatchState.WAITING_EMPLOYER and questions and questions[-1].answered_at is None:
        dates = rules.question_dates(questions[-1].asked_at, unit.policy.matching, unit.calendar)
        told |= {
            "question": questions[-1].question,
            "reminders": list(dates.reminders),
            "returned_on": dates.returned_on,
        }
    return told


def _decision(unit: Unit, case: Context) -> dict[str, Any]:
    """The decision that stands, and until when it can be taken back."""
    last = case.last_decision
    if last is None:
        return {}
    minutes = timedelta(minutes=unit.policy.matching.own_undo_minutes)
    decision = MatchDecision(last.decision)
    return {
        "decided": decision,
        "decided_mrn": last.mrn,
        "decided_by": last.display_name,
        "second_person": "" if decision is MatchDecision.REJECT else last.reason,
        "undo_until": None if decision is MatchDecision.UNLINK else last.at + minutes,
    }
