"""Call-backs: promised in a call or by a rep, tried at the number on record and at no other.

The plan's table: at most three tries, spaced; a message holds name and number only.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

from api_client.types.call_words import CallBackOutcome, CallBackState, Fact, PhoneAct
from api_client.types.calls import CallBack, CallBackRow, NumberOnRecord, PlanCallBack, TriedCallBack
from api_client.types.common import PAGE, Page
from api_client.types.matching import Queue
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, Urgency
from backend.accounts import people
from backend.accounts import service as accounts
from backend.accounts.rules import mask_name
from backend.calls import call_back_store as store
from backend.calls import gate, notes, proof_store, rules
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.policy.policy import CallsPolicy
from backend.problems import Problem, not_found

_MOST_COUNTED = 99
_FARTHEST = timedelta(days=60)
"""A later promise is a typing mistake."""
_LIST = "call_backs.open"


# -- what is open ----------------------------------------------------------------------------------


async def queue_count(unit: Unit) -> Queue:
    """Counts for the home screen."""
    first = await store.first_due(unit.connection, _MOST_COUNTED)
    policy = unit.policy.calls
    urgency = Urgency.CALM
    if first:
        urgency = rules.call_back_urgency(first[0].due_from, first[0].due_to, None, unit.now, _soon(policy))
    return Queue(
        name="Call-backs",
        open=len(first),
        late=sum(row.due_to < unit.now for row in first),
        next_due=first[0].due_to if first else None,
        urgency=urgency,
    )


def _soon(policy: CallsPolicy) -> timedelta:
    return timedelta(minutes=policy.call_back_soon_minutes)


async def page(unit: Unit, *, group: str | None, cursor: str | None) -> Page[CallBackRow]:
    """Open call-backs of all groups or of one, the first due first; whoever speaks for the group hears of
    none that was promised to one of its people. Raises NOT_FOUND, NOT_VERIFIED.
    """
    account_id = None
    if group:
        account = await accounts.account_of(unit, group)
        await gate.require(unit, Fact.GROUP, account)
        account_id = int(account.id)
    else:
        await gate.require_no_call(unit, "The list of all call-backs")
    unit.audit("call_back.list", "account" if group else "queue", group or "call-backs")
    after = open_cursor(unit.keys, _LIST, cursor) if cursor else None
    place = cast(tuple[datetime, int], tuple(after)) if after else None
    in_call = await gate.on_line(unit) is not None
    rows = await store.open_page(unit.connection, account_id, place, PAGE + 1, people=not in_call)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = seal_cursor(unit.keys, _LIST, [last.due_to, last.id]) if last else None
    return Page(rows=[CallBackRow(**_values(unit, row)) for row in rows[:PAGE]], next=following)


def _values(unit: Unit, row: Any) -> dict[str, Any]:
    policy = unit.policy.calls
    urgency = rules.call_back_urgency(row.due_from, row.due_to, row.next_from, unit.now, _soon(policy))
    return {
        "id": row.number,
        "version": row.version,
        "group_number": row.group_number,
        "group_name": row.group_name,
        "who": row.who or mask_name(row.first_name or "", row.last_name or ""),
        "reason": row.reason,
        "due_from": row.due_from,
        "due_to": row.due_to,
        "urgency": urgency,
        "state": CallBackState(row.state),
        "tries": row.tries,
        "tries_left": max(policy.call_back_tries - row.tries, 0),
        "last": CallBackOutcome(row.last) if row.last else None,
        "next_from": row.next_from,
        "rep": row.rep_name or "",
    }


async def was_reached(unit: Unit, number: str) -> bool:
    """Whether somebody was reached at the number on record by this call-back. Raises NOT_FOUND."""
    return bool((await _found(unit, number)).state == CallBackState.REACHED)


async def need(unit: Unit, number: str, *, needed: bool) -> None:
    """Take an open call-back off the list as what it asks for came in another way, or put it back.

    One that came to its end by itself stays as it is. Raises NOT_FOUND.
    """
    row = await _found(unit, number)
    before, after = CallBackState.OPEN, CallBackState.NOT_NEEDED
    if needed:
        before, after = after, before
    if row.state == before and await store.change(unit.connection, row.id, row.version, {"state": after}):
        unit.audit("call_back.need", "call_back", number, needed=needed)
        unit.emit(EventKind.CALL_BACK, number, row.version + 1)


async def show(unit: Unit, number: str) -> CallBack:
    """One call-back with the number on record. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await _found(unit, number)
    await gate.require_no_call(unit, "A number to call back")
    unit.context = number
    unit.audit("call_back.show", "call_back", number)
    message = f"{unit.actor.display_name}, {unit.policy.service.phone}"
    return CallBack(**_values(unit, row), number=await _number(unit, row), message=message)


async def _number(unit: Unit, row: Any) -> NumberOnRecord:
    """Today's number on record, which may have changed since it was promised; none once it is over."""
    if row.state != CallBackState.OPEN:
        return NumberOnRecord(name="", phone="")
    if not row.who and row.member_id is not None:
        name = f"{row.first_name} {row.last_name}".strip()
        return NumberOnRecord(name=name, phone=row.member_phone)
    contact = await _contact(unit, row.account_id, row.who)
    if contact is None:
        return NumberOnRecord(name=row.who, phone="")
    return NumberOnRecord(name=contact.name, phone=contact.phone, extension=contact.extension)


async def _contact(unit: Unit, account_id: int, name: str) -> Any | None:
    """A contact of this name whose authority covers today and who has a phone on record."""
    plain = name.strip().casefold()
    return next(
        (
            one
            for one in await accounts.contacts(unit, account_id)
            if plain and one.name.casefold() == plain and one.phone and accounts.in_force(one, unit.today)
        ),
        None,
    )


async def _found(unit: Unit, number: str) -> Any:
    row = await store.by_number(unit.connection, number)
    if row is None:
        raise not_found("call-back", number)
    return row


# -- promise and try -------------------------------------------------------------------------------


async def plan(unit: Unit, form: PlanCallBack) -> CallBackRow:
    """Promise to call back a contact or member at the number on record.

    Without a caller a member's name and number are shown by it, so it counts as showing them does.
    Raises NOT_FOUND, NOT_VERIFIED for an unverified caller, INVALID where there is no number on record,
    RULE_REFUSES for too many.
    """
    notes.refuse_ssn(form.reason, "reason")
    account = await accounts.account_of(unit, form.group_number)
    member = await _member(unit, account, form.mrn) if form.mrn else None
    call = await gate.on_line(unit)
    if call is not None:
        await gate.require_act(unit, PhoneAct.CALL_BACK, account, member=member)
    if errors := _wrong_times(unit, form):
        raise Problem(ProblemType.INVALID, "These times cannot be.", errors=errors)
    who = ""
    if member is None:
        contact = await _contact(unit, account.id, form.who)
        if contact is None:
            raise _no_number("who", "is no contact with a phone on record")
        who = contact.name
    elif not member.phone:
        raise _no_number("mrn", "has no phone on record")
    elif call is None:
        await people.count_shown(unit)
    number = await _add(
        unit,
        account_id=account.id,
        member_id=member.id if member is not None else None,
        call_id=call.id if call is not None else None,
        who=who,
        reason=form.reason,
        due_from=form.due_from,
        due_to=form.due_to,
    )
    await gate.did(unit, PhoneAct.CALL_BACK, account, member=member, subject=number)
    return CallBackRow(**_values(unit, await _found(unit, number)))


async def _member(unit: Unit, account: Any, mrn: str) -> Any:
    row = await proof_store.member_of(unit.connection, account.id, mrn)
    if row is None:
        raise not_found("member", mrn)
    return row


def _no_number(field: str, what: str) -> Problem:
    sentence = "We call back at the number on record only, and there is none."
    return Problem(ProblemType.INVALID, sentence, errors=[(field, what)])


def _wrong_times(unit: Unit, form: PlanCallBack) -> list[tuple[str, str]]:
    if form.due_to <= form.due_from:
        return [("due_to", "lies before the beginning")]
    if form.due_to <= unit.now:
        return [("due_to", "lies in the past")]
    if form.due_to > unit.now + _FARTHEST:
        return [("due_to", "is more than 60 days ahead")]
    return []


async def for_grievance(unit: Unit, call_id: int, account_id: int, member_id: int | None, caller: str) -> str:
    """The call-back by which a grievance is answered in time; returns its number.

    Whom it is for was proved in the call, or else nobody yet: then it has no number to call.
    """
    last_day = unit.today + timedelta(days=unit.policy.calls.grievance_days)
    end = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=unit.zone).astimezone(UTC)
    return await _add(
        unit,
        account_id=account_id,
        member_id=member_id,
        call_id=call_id,
        who="" if member_id is not None else caller.rsplit(",", 1)[0],
        reason=f"grievance: answer by {last_day}",
        due_from=unit.now,
        due_to=end - timedelta(seconds=1),
    )


async def _add(unit: Unit, **values: Any) -> str:
    number = f"CB-{await unit.number('call_back'):05d}"
    rep_id = unit.actor.rep_id
    made = {"number": number, "state": CallBackState.OPEN, "rep_id": rep_id, "made_at": unit.now}
    await store.add(unit.connection, {**made, **values})
    unit.audit("call_back.plan", "call_back", number)
    unit.emit(EventKind.CALL_BACK, number, 1)
    return number


async def tried(unit: Unit, number: str, version: int, form: TriedCallBack) -> CallBackRow:
    """Write down what came of a try; after the last one it is given up.

    Raises NOT_FOUND, STALE, RULE_REFUSES when it is over or too soon after the last try.
    """
    row = await _found(unit, number)
    if row.version != version:
        raise _stale(unit, row)
    if row.state != CallBackState.OPEN:
        raise Problem(
            ProblemType.RULE_REFUSES, f"{number} is {row.state.replace('_', ' ')}; there is nothing to try."
        )
    if row.next_from is not None and unit.now < row.next_from:
        at = f"{row.next_from.astimezone(unit.zone):%m-%d %H:%M}"
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is not tried again before {at}.")
    policy = unit.policy.calls
    tries = row.tries + 1
    changes = {
        "tries": tries,
        "last": form.outcome,
        "state": rules.call_back_state(form.outcome, tries, policy.call_back_tries),
        "next_from": unit.now + timedelta(minutes=policy.call_back_spacing_minutes),
    }
    if changes["state"] != CallBackState.OPEN:
        changes["next_from"] = None
    if not await store.change(unit.connection, row.id, version, changes):
        raise _stale(unit, await _found(unit, number))
    unit.audit("call_back.tried", "call_back", number, outcome=form.outcome, tries=tries)
    unit.emit(EventKind.CALL_BACK, number, version + 1)
    return CallBackRow(**_values(unit, await _found(unit, number)))


def _stale(unit: Unit, row: Any) -> Problem:
    sentence = f"{row.number} was changed meanwhile; look at it as it is now."
    present = CallBackRow(**_values(unit, row))
    return Problem(ProblemType.STALE, sentence, current=as_json(present))


async def remind(unit: Unit) -> int:
    """Have every desk show anew the call-backs that are due today or overdue; returns how many."""
    tomorrow = datetime.combine(unit.today + timedelta(days=1), time(), unit.zone).astimezone(UTC)
    rows = await store.due_before(unit.connection, tomorrow)
    for row in rows:
        unit.emit(EventKind.CALL_BACK, row.number, row.version)
    return len(rows)
