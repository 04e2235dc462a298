"""Queue items as a rep may see them: masked without a claim, both sides and the evidence under one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api_client.types.accounts import OpenItem
from api_client.types.common import Address
from api_client.types.matching import (
    Candidate,
    FieldComparison,
    HistoryLine,
    MatchItem,
    MatchRow,
    PersonView,
)
from api_client.types.words import Channel, MatchDecision, MatchState, TransactionType
from backend.accounts import members
from backend.accounts import service as accounts
from backend.accounts.rules import mask_name, relationship_words
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import evidence, rules, store
from backend.matching.clock import Clock, ClockEvent, ClockEventKind, read_clock, urgency
from backend.matching.people import Found, look_up


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
        if not self.decisions or self.decisions[-1].undone_at is not None:
            return None
        return self.decisions[-1]


def state_of(unit: Unit, row: Any) -> MatchState:
    """The state as reps know it: a queued item whose claim is alive is under review."""
    state = MatchState(row.state)
    return MatchState.IN_REVIEW if state is MatchState.QUEUED and claim_alive(unit, row) else state


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
    waits = item.state == MatchState.WAITING_EMPLOYER
    asked = [one.question for one in questions if waits and one.answered_at is None]
    alive = claim_alive(unit, item)
    last = case.last_decision
    evidence = {} if masked else await _evidence(unit, case)
    starts = [one["starts_on"] for one in records.coverages_of(enrollment)]
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
        enrollee=_masked_person(enrollment) if masked else _enrollee(enrollment),
        question=asked[-1] if asked else None,
        why_not_automatic=item.why,
        history=_history(case, questions),
        decided=MatchDecision(last.decision) if last else None,
        decided_mrn=last.mrn if last else None,
        undo_until=last.at + timedelta(minutes=unit.policy.matching.own_undo_minutes) if last else None,
        **evidence,
    )


def _masked_person(row: Any) -> PersonView:
    masked = mask_name(row.first_name, row.last_name).split(" ", 1)
    return PersonView(last_name=masked[-1], first_name=masked[0] if len(masked) > 1 else "")


def _enrollee(row: Any) -> PersonView:
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


async def _evidence(unit: Unit, case: Context) -> dict[str, Any]:
    """Candidates best first with their comparisons, and what to beware of."""
    found = await look_up(unit, case.enrollment)
    ranked = evidence.rank(found.enrollee, found.members)[: evidence.SHOWN]
    coverage = await _coverage_words(unit, found, ranked)
    for_new = rules.second_person_needed(
        MatchDecision.CREATE, verdicts={}, warnings=(), strong_candidate=any(one.strong for one in ranked)
    )
    return {
        "second_person_for_new": for_new,
        "candidates": [_candidate(one, found.rows[one.mrn], coverage[one.mrn]) for one in ranked],
        "warnings": [f"{one.mrn}: {text}" for one in ranked for text in one.warnings],
    }


async def _coverage_words(
    unit: Unit, found: Found, ranked: Sequence[evidence.Candidate]
) -> dict[str, tuple[str, str]]:
    """Group and coverage of each candidate in a few words, the newest coverage."""
    by_id = {found.rows[one.mrn].id: one.mrn for one in ranked}
    words = {one.mrn: ("no group", "no coverage on file") for one in ranked}
    for row in reversed(await members.coverages(unit, list(by_id))):
        if row.ends_on is None:
            state = "active" if row.starts_on <= unit.today else f"from {row.starts_on}"
        else:
            state = f"ended {row.ends_on}" if row.ends_on < unit.today else f"ends {row.ends_on}"
        words[by_id[row.member_id]] = (f"{row.number} {row.name}", state)
    return words


def _candidate(one: evidence.Candidate, row: Any, words: tuple[str, str]) -> Candidate:
    born = row.birth_date.isoformat() if row.birth_date else ""
    person = PersonView(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=born,
        ssn_last4=row.ssn_last4,
        sex=row.sex,
        address=Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip),
        phone=row.phone,
    )
    return Candidate(
        mrn=one.mrn,
        person=person,
        group=words[0],
        coverage=words[1],
        score=one.score,
        comparisons=[
            FieldComparison(field=field.field, verdict=field.verdict, words=field.words, bits=field.bits)
            for field in one.comparisons
        ],
        warnings=list(one.warnings),
        second_person=rules.second_person_needed(
            MatchDecision.LINK, verdicts=one.verdicts, warnings=one.warnings, strong_candidate=False
        ),
    )


def _history(case: Context, questions: Sequence[Any]) -> list[HistoryLine]:
    item = case.item
    lines = [HistoryLine(at=item.submitted_at, who=item.channel, what=f"received, receipt {item.receipt}")]
    for one in questions:
        lines.append(
            HistoryLine(at=one.asked_at, who=one.display_name, what=f"asked the employer by {one.channel}")
        )
        if one.answered_at is not None:
            what = "the employer answered" if one.answer else "question withdrawn"
            lines.append(HistoryLine(at=one.answered_at, who=one.display_name, what=what))
        elif case.stopped_at is not None:
            what = "returned: the employer did not answer"
            lines.append(HistoryLine(at=case.stopped_at, who="kprep", what=what))
    for one in case.decisions:
        what = " ".join(part for part in (one.decision, one.mrn or "", one.reason) if part)
        lines.append(HistoryLine(at=one.at, who=one.display_name, what=what))
        if one.undone_at is not None:
            lines.append(HistoryLine(at=one.undone_at, who=one.display_name, what="taken back"))
    return sorted(lines, key=lambda line: line.at)
