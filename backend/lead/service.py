"""The lead's board: one read of how the queue stands and how it is worked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api_client.types.billing_words import HoldKind, IncidentKind
from api_client.types.common import PAGE
from api_client.types.lead import (
    COUNTED,
    Approval,
    AskedBack,
    BoardItem,
    Breach,
    Disagreement,
    Escalated,
    HoldOnBoard,
    IncidentOnBoard,
    LeadBoard,
    PartCount,
    RepFigures,
    UserIdOnBoard,
    WorkDay,
)
from api_client.types.user_id_words import UserIdRequestKind, UserIdRequestState
from api_client.types.words import MatchDecision, MatchState, QueuePart, Role
from backend.calls import service as calls
from backend.database.unit import Unit
from backend.lead import rules, store
from backend.matching.clock import ClockEvent, ClockEventKind, read_clock, urgency
from backend.matching.rules import second_look_agrees
from backend.user_ids.deadlines import mail_urgency

_REPS = 500
"""People the board can show; a service center has fewer."""


async def board(unit: Unit) -> LeadBoard:
    """The queue by age, the reps, breaches, work rate and second looks at this instant.

    What was asked of the leads and noted at a second look may name a person, so it is noted who saw which.
    """
    parts, waiting = await _parts(unit)
    escalated = await _escalated(unit)
    looks = await store.second_looks(unit.connection, _ago(unit, rules.SECOND_LOOK_DAYS))
    agreed = [(row, _agrees(row)) for row in looks]
    disagreements = await _disagreements(unit, [row.id for row, same in agreed if not same][:PAGE])
    questions = [one.item.id for one in escalated]
    notes = [one.item.id for one in disagreements if one.note]
    if questions or notes:
        unit.audit("lead.board", "match_item", "", questions=questions, notes=notes)
    decided, in_time = await store.finished_since(unit.connection, _ago(unit, rules.WEEK_DAYS))
    days = await _days(unit)
    whole_days = days[:-1]
    decided_a_day = rules.mean([one.decided for one in whole_days])
    arrived_a_day = rules.mean([one.arrived for one in whole_days])
    foreseen = rules.done_on(waiting, decided_a_day, arrived_a_day, unit.today)
    return LeadBoard(
        now=unit.now,
        parts=parts,
        open=waiting,
        escalated=escalated,
        approvals=await _approvals(unit),
        reps=await _reps(unit, agreed),
        breaches=await _breaches(unit),
        decided_week=decided,
        in_time_week=in_time,
        days=days,
        decided_a_day=decided_a_day,
        arrived_a_day=arrived_a_day,
        done_on=foreseen if waiting <= COUNTED else None,
        looked=len(agreed),
        agreed=sum(same for _, same in agreed),
        disagreements=disagreements,
        call_alerts=await calls.failing_groups(unit),
        asked_back=await _asked_back(unit),
        holds=await _holds(unit),
        user_ids=await _user_ids(unit),
        incidents=await _incidents(unit),
    )


def _ago(unit: Unit, days: int) -> datetime:
    return unit.now - timedelta(days=days)


def _item(unit: Unit, row: Any) -> BoardItem:
    """An item by its number; a queued one whose claim is alive is under review."""
    alive = row.lease_until is not None and row.lease_until > unit.now
    state = MatchState(row.state)
    return BoardItem(
        id=row.number,
        version=row.version,
        group_number=row.group_number,
        state=MatchState.IN_REVIEW if alive and state is MatchState.QUEUED else state,
        due_at=row.due_at,
        urgency=urgency(row.due_at, unit.now, unit.policy.matching),
        holder=row.holder if alive else None,
        claimed_at=row.claimed_at if alive else None,
        kept_for=row.keeper,
    )


# -- the queue as it stands ------------------------------------------------------------------------


async def _parts(unit: Unit) -> tuple[list[PartCount], int]:
    spans = rules.due_spans(unit.now, unit.policy.matching)
    counts, waiting = await store.counts(unit.connection, spans, COUNTED + 1)
    found = []
    for part in QueuePart:
        first: Sequence[Any] = []
        if counts[part] and part in spans:
            first = await store.first_due(unit.connection, spans[part], 1)
        elif counts[part]:
            first = await store.first_of(unit.connection, part, 1)
        oldest = _item(unit, first[0]) if first else None
        found.append(PartCount(part=part, count=counts[part], oldest=oldest))
    return found, waiting


async def _escalated(unit: Unit) -> list[Escalated]:
    rows = await store.first_of(unit.connection, QueuePart.ESCALATED, PAGE)
    asked = await store.questions_to_leads(unit.connection, [row.id for row in rows])
    return [
        Escalated(
            item=_item(unit, row),
            question=asked[row.id].words if row.id in asked else "",
            asked_by=(asked[row.id].display_name or "") if row.id in asked else "",
            at=row.escalated_at,
        )
        for row in rows
    ]


async def _approvals(unit: Unit) -> list[Approval]:
    rows = await store.first_of(unit.connection, QueuePart.APPROVAL, PAGE)
    decided = await store.standing_decisions(unit.connection, [row.id for row in rows])
    return [
        Approval(
            item=_item(unit, row),
            decision=MatchDecision(decided[row.id].decision),
            decided_by=decided[row.id].display_name,
            at=decided[row.id].at,
            why=decided[row.id].reason,
        )
        for row in rows
        if row.id in decided
    ]


# -- who works -------------------------------------------------------------------------------------


async def _reps(unit: Unit, looks: Sequence[tuple[Any, bool]]) -> list[RepFigures]:
    claimed: dict[int, list[BoardItem]] = defaultdict(list)
    for row in await store.claimed(unit.connection, unit.now, _REPS):
        claimed[row.lease_rep_id].append(_item(unit, row))
    today: dict[int, list[datetime]] = defaultdict(list)
    [(_, span)] = rules.day_spans(unit.today, unit.zone)[-1:]
    assert span.start is not None
    for row in await store.decided_since(unit.connection, span.start):
        today[row.rep_id].append(row.at)
    of_rep: dict[int, list[bool]] = defaultdict(list)
    for row, same in looks:
        of_rep[row.rep_id].append(same)
    kept = await store.kept(unit.connection)
    undone = await store.undone_by_rep(unit.connection, _ago(unit, rules.WEEK_DAYS))
    return [
        RepFigures(
            username=row.username,
            name=row.display_name,
            role=Role(row.role),
            claimed=claimed[row.id],
            kept=kept.get(row.id, 0),
            decided_today=len(today[row.id]),
            an_hour=rules.pace(today[row.id]),
            taken_back=undone.get(row.id, (0, 0))[0],
            refused=undone.get(row.id, (0, 0))[1],
            looked=len(of_rep[row.id]),
            agreed=rules.agreement(of_rep[row.id]),
        )
        for row in await store.active_reps(unit.connection, _REPS)
    ]


def _agrees(row: Any) -> bool:
    return second_look_agrees(
        MatchDecision(row.first), row.first_member, MatchDecision(row.second), row.second_member
    )


async def _disagreements(unit: Unit, sample_ids: Sequence[int]) -> list[Disagreement]:
    rows = await store.look_details(unit.connection, sample_ids)
    items = await store.items(unit.connection, [row.item_id for row in rows])
    return [
        Disagreement(
            item=_item(unit, items[row.item_id]),
            first=MatchDecision(row.first),
            first_by=row.first_by,
            first_at=row.first_at,
            second=MatchDecision(row.second),
            second_by=row.second_by,
            second_at=row.second_at,
            note=row.note,
        )
        for row in rows
    ]


# -- time ------------------------------------------------------------------------------------------


async def _days(unit: Unit) -> list[WorkDay]:
    days = rules.day_spans(unit.today, unit.zone)
    counts = await store.work_counts(unit.connection, [span for _, span in days])
    return [_day(day, *count) for (day, _), count in zip(days, counts, strict=True)]


def _day(day: date, decided: int, arrived: int) -> WorkDay:
    return WorkDay(day=day, decided=decided, arrived=arrived)


async def _breaches(unit: Unit) -> list[Breach]:
    late = await store.first_due(unit.connection, rules.Span(None, unit.now), PAGE)
    paused = await store.late_paused(unit.connection, PAGE)
    decided = {
        row.item_id: row
        for row in reversed(await store.decided_late(unit.connection, _ago(unit, rules.WEEK_DAYS), PAGE))
    }
    rows = {row.id: row for row in (*late, *paused)}
    rows |= await store.items(unit.connection, list(decided))
    lateness = await _late_minutes(unit, rows)
    still_open = [
        Breach(item=_item(unit, row), late_minutes=lateness[row.id])
        for row in rows.values()
        if row.id not in decided and lateness[row.id] > 0
    ]
    still_open.sort(key=lambda one: -one.late_minutes)
    done = [
        Breach(
            item=_item(unit, rows[item_id]),
            late_minutes=lateness[item_id],
            decided_by=one.display_name,
            decided_at=one.at,
            decision=MatchDecision(one.decision),
        )
        for item_id, one in reversed(decided.items())
    ]
    return still_open + done


async def _late_minutes(unit: Unit, item_ids: Iterable[int]) -> Mapping[int, int]:
    """How late each item is, or was when its clock stopped, in minutes rounded up."""
    events: dict[int, list[ClockEvent]] = defaultdict(list)
    for row in await store.clock_events(unit.connection, list(item_ids)):
        events[row.item_id].append(ClockEvent(ClockEventKind(row.kind), row.at))
    late = {}
    for item_id, of_item in events.items():
        clock = read_clock(of_item, unit.now, unit.policy.matching, unit.calendar)
        late[item_id] = max(0, -(clock.remaining // timedelta(minutes=1)))
    return late


# -- premium ---------------------------------------------------------------------------------------


async def _asked_back(unit: Unit) -> list[AskedBack]:
    return [
        AskedBack(id=row.number, group_number=row.group_number, requested_on=row.requested_on)
        for row in await store.asked_back(unit.connection, PAGE)
    ]


async def _holds(unit: Unit) -> list[HoldOnBoard]:
    return [
        HoldOnBoard(
            id=row.number,
            group_number=row.group_number,
            kind=HoldKind(row.kind),
            from_on=row.from_on,
            to_on=row.to_on,
            stops_dates=row.stops_dates,
        )
        for row in await store.open_holds(unit.connection, unit.today, PAGE)
    ]


async def _incidents(unit: Unit) -> list[IncidentOnBoard]:
    since = unit.today - timedelta(days=rules.WEEK_DAYS)
    return [
        IncidentOnBoard(
            id=row.id,
            on=row.on_date,
            kind=IncidentKind(row.kind),
            group_number=row.group_number,
            sentence=row.sentence,
        )
        for row in await store.incidents(unit.connection, since, PAGE)
    ]


# -- user IDs --------------------------------------------------------------------------------------


async def _user_ids(unit: Unit) -> list[UserIdOnBoard]:
    since = unit.today - timedelta(days=rules.WEEK_DAYS)
    lost = unit.policy.user_ids.reissues_before_lead - 1
    rows = await store.user_ids(unit.connection, unit.today, since, lost, PAGE)
    return [_user_id(unit, row, lost) for row in rows]


def _user_id(unit: Unit, row: Any, lost: int) -> UserIdOnBoard:
    state = UserIdRequestState(row.state)
    return UserIdOnBoard(
        id=row.number,
        group_number=row.group_number,
        kind=UserIdRequestKind(row.kind),
        state=state,
        waits=rules.lead_must(state, row.arrive_by, unit.today, row.reissues, lost),
        checked_by=row.checked_by_name,
        reissues=row.reissues,
        mail_by=row.mail_by,
        mailed_on=row.mailed_on,
        late_days=rules.late_days(state, row.mail_by, row.mailed_on, unit.today),
        urgency=mail_urgency(row.mail_by, unit.today, unit.calendar),
    )
