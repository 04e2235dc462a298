"""What a rep does with calls: start or take one, park it, hand it over, wrap it up.

One call is on a rep's line at a time; what the rep reads is opened or locked by what was proved in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from api_client.types.accounts import OpenItem
from api_client.types.call_words import CallState, WrapUp
from api_client.types.calls import Call, HandOverCall, MyCalls, Pop, StartCall, WrapUpCall
from api_client.types.common import PAGE
from api_client.types.lead import CallAlert
from api_client.types.problems import ProblemType
from api_client.types.words import ActorKind, EventKind, Role, Urgency
from backend.accounts import service as accounts
from backend.calls import call_backs, compare, gate, notes, proof_store, store, view
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found
from backend.search import limits

NUMBER_SEEN = "number-on-record"
_MOST_LIKELY = 5


# -- which calls there are -------------------------------------------------------------------------


async def mine(unit: Unit) -> MyCalls:
    """The rep's own calls; for a lead those too that wait for one."""
    rep_id = rep_of(unit)
    rows = await store.of_rep(unit.connection, rep_id, _rings_since(unit))
    others = await store.handed_over(unit.connection, rep_id) if is_lead(unit) else []
    seen = await view.calls(unit, [*rows, *others])
    own, waiting = seen[: len(rows)], seen[len(rows) :]
    active = [one for one in own if one.state is CallState.ACTIVE]
    return MyCalls(
        active=active[0] if active else None,
        parked=[one for one in own if one.state is CallState.PARKED],
        ringing=[one for one in own if one.state is CallState.RINGING],
        handed_over=waiting,
    )


def rep_of(unit: Unit) -> int:
    """The key of the rep who acts."""
    assert unit.actor.rep_id is not None
    return unit.actor.rep_id


def is_lead(unit: Unit) -> bool:
    """Whether a lead acts."""
    return unit.actor.role in (Role.LEAD, Role.ADMIN)


def _rings_since(unit: Unit) -> Any:
    return unit.now - timedelta(minutes=unit.policy.calls.ringing_minutes)


async def last_call(unit: Unit, account_id: int) -> str:
    """When a group called last, who took it and what it was about; empty for never.

    What one of its people called about is not for whoever speaks for the group.
    """
    in_call = await gate.on_line(unit) is not None
    row = await store.last_of_account(unit.connection, account_id, itself=in_call)
    if row is None:
        return ""
    return f"{row.started_at.astimezone(unit.zone):%m-%d} {row.display_name or ''} {row.wrap_up}"


async def last_calls(unit: Unit, account_ids: Sequence[int]) -> dict[int, date]:
    """The day on which somebody was last on the line about each of these groups."""
    rows = await store.last_of_accounts(unit.connection, account_ids)
    return {key: at.astimezone(unit.zone).date() for key, at in rows.items()}


async def alerts(unit: Unit, account_id: int) -> list[OpenItem]:
    """For every rep who opens the account: that callers failed to prove who they are, again and again."""
    policy = unit.policy.calls
    since = unit.now - timedelta(hours=policy.alert_hours)
    failed = await store.failed_calls(unit.connection, account_id, since)
    what = f"{failed} failed verifications" if failed >= policy.alert_failed_calls else ""
    if not what:  # who hangs up before the last miss never fails
        misses = await store.all_misses(unit.connection, account_id, since)
        what = f"{misses} wrong answers" if misses >= policy.misses_a_day else ""
    if not what:
        return []
    state = f"{what} in {policy.alert_hours} h, be careful"
    return [OpenItem(id="ALERT", kind="calls", state=state, urgency=Urgency.LATE)]


async def failing_groups(unit: Unit) -> list[CallAlert]:
    """For the leads: groups about which callers failed to prove who they are, again and again."""
    policy = unit.policy.calls
    since = unit.now - timedelta(hours=policy.alert_hours)
    rows = await store.failing_groups(unit.connection, since, policy.alert_failed_calls, PAGE)
    return [CallAlert(group_number=row.number, failed_calls=row.failed_calls) for row in rows]


# -- begin, take, park -----------------------------------------------------------------------------


async def start(unit: Unit, form: StartCall) -> Call:
    """A call begun by hand; the one on the line is parked. Raises NOT_FOUND for an unknown group."""
    likely: list[int] = []
    if form.group_number:
        likely = [int((await accounts.account_of(unit, form.group_number)).id)]
    rep_id = rep_of(unit)
    await put_down(unit, rep_id)
    number = await _add(unit, rep_id, CallState.ACTIVE, likely)
    unit.audit("call.start", "call", number)
    return await view.one(unit, number)


async def pop(unit: Unit, form: Pop) -> Call:
    """A call the phone system announces; it rings on the rep's screen.

    The number finds likely groups and is kept nowhere. Raises INVALID, NOT_ALLOWED for another's phone,
    RULE_REFUSES for more of a rep's own than anybody is called.
    """
    name = form.rep
    if unit.actor.kind is ActorKind.REP:
        if name not in ("", unit.actor.name):
            raise Problem(ProblemType.NOT_ALLOWED, "A rep announces calls on their own phone only.")
        name = unit.actor.name
    rep = await store.rep_by_name(unit.connection, name)
    if rep is None:
        raise Problem(ProblemType.INVALID, "No rep of this name is here.", errors=[("rep", "is not known")])
    digits = compare.ten_digits(form.phone.get_secret_value())
    likely: list[int] = []
    if digits:
        likely = await proof_store.accounts_with_phone(unit.connection, digits, unit.today, _MOST_LIKELY)
    if unit.actor.kind is ActorKind.REP and likely:  # else it would be a search by phone without an end
        await limits.count(unit, unit.request_id, len(likely), free=True)
    number = await _add(unit, rep.id, CallState.RINGING, likely)
    unit.audit("call.pop", "call", number, likely=len(likely), number_withheld=not digits)
    return await view.one(unit, number)


async def _add(unit: Unit, rep_id: int, state: CallState, likely: list[int]) -> str:
    number = f"C-{await unit.number('call')}"
    values = {"number": number, "rep_id": rep_id, "state": state, "started_at": unit.now, "likely": likely}
    await store.add(unit.connection, values)
    unit.emit(EventKind.CALL, number, 1)
    return number


async def take(unit: Unit, number: str, version: int) -> Call:
    """Take a ringing call or go on with a parked one; the one on the line is parked.

    A lead takes what was handed over: it is theirs then, and nothing is proved to them yet. What was proved
    on another day is proved no more: nobody is still on the line. Raises NOT_FOUND, STALE, RULE_REFUSES.
    """
    rep_id = rep_of(unit)
    await store.lock_rep(unit.connection, rep_id)
    row = await found(unit, number)
    await _same_version(unit, row, version)
    if row.state == CallState.RINGING and row.started_at < _rings_since(unit):
        raise Problem(ProblemType.RULE_REFUSES, f"{number} does not ring any more.")
    if row.state not in (CallState.RINGING, CallState.PARKED):
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is {row.state}; it cannot be taken.")
    await put_down(unit, rep_id)
    changes = {"state": CallState.ACTIVE, "rep_id": rep_id, "question": ""}
    if row.rep_id != rep_id or row.started_at.astimezone(unit.zone).date() < unit.today:
        await store.forget_proof(unit.connection, row.id)
        await store.forget_act(unit.connection, row.id, NUMBER_SEEN)
    await change(unit, row, "call.take", changes, transferred=row.rep_id != rep_id)
    return await view.one(unit, number)


async def park(unit: Unit, number: str, version: int) -> Call:
    """Put the call on hold; what was proved stays. Raises NOT_FOUND, STALE, RULE_REFUSES."""
    row = await own(unit, number, version)
    if row.state != CallState.ACTIVE:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is not on the line.")
    await change(unit, row, "call.park", {"state": CallState.PARKED})
    return await view.one(unit, number)


async def put_down(unit: Unit, rep_id: int) -> None:
    """Park what is on a rep's line: another call comes first, or the rep is gone."""
    await store.lock_rep(unit.connection, rep_id)
    for row in await store.park_active(unit.connection, rep_id):
        unit.audit("call.park", "call", row.number, by="another call or sign-out")
        unit.emit(EventKind.CALL, row.number, row.version)


# -- hand over and wrap up -------------------------------------------------------------------------


async def hand_over(unit: Unit, number: str, version: int, form: HandOverCall) -> Call:
    """Ask a lead to go on with it; it is parked until one takes it. Raises as `park`, INVALID."""
    notes.refuse_ssn(form.question, "question")
    row = await own(unit, number, version)
    if row.state not in (CallState.ACTIVE, CallState.PARKED):
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is {row.state}; it cannot be handed over.")
    await note_act(unit, row.id, "handed-over")
    await change(unit, row, "call.hand_over", {"state": CallState.PARKED, "question": form.question})
    return await view.one(unit, number)


async def wrap_up(unit: Unit, number: str, version: int, form: WrapUpCall) -> Call:
    """Close the call with the code of what it was about, and a note to whom it was about.

    A grievance is answered within three calendar days: a call-back is promised until then.
    Raises NOT_FOUND, STALE, RULE_REFUSES, INVALID.
    """
    row = await own(unit, number, version)
    if row.state not in (CallState.ACTIVE, CallState.PARKED):
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is {row.state}; it cannot be wrapped up.")
    proved = await store.subjects(unit.connection, [row.id])
    about = proved[0] if proved else None
    if form.note:
        await notes.of_call(unit, row, about, form.note)
    if form.code is WrapUp.GRIEVANCE:
        await _grievance(unit, row, about)
    changes = {"state": CallState.CLOSED, "ended_at": unit.now, "wrap_up": form.code, "question": ""}
    await change(unit, row, "call.wrap_up", changes, code=form.code)
    return await view.one(unit, number)


async def _grievance(unit: Unit, row: Any, about: Any | None) -> None:
    account_id = about.account_id if about is not None else None
    if account_id is None and len(row.likely) == 1:
        account_id = row.likely[0]
    if account_id is None:
        raise Problem(
            ProblemType.INVALID,
            "A grievance needs the group or person it is about; y names them.",
            errors=[("code", "names nobody to answer")],
        )
    member_id = about.member_id if about is not None else None
    caller = about.caller if about is not None else ""
    number = await call_backs.for_grievance(unit, row.id, account_id, member_id, caller)
    await note_act(unit, row.id, "grievance", account_id, number, member_id=member_id)


async def note_act(
    unit: Unit,
    call_id: int,
    act: str,
    account_id: int | None = None,
    subject: str = "",
    *,
    member_id: int | None = None,
) -> None:
    """Note what happened in a call."""
    values = {"call_id": call_id, "account_id": account_id, "member_id": member_id, "act": act}
    await store.add_act(unit.connection, values | {"subject": subject, "at": unit.now})


# -- shared ----------------------------------------------------------------------------------------


async def found(unit: Unit, number: str) -> Any:
    """The row of a call of this rep, or of one that waits for a lead. Raises NOT_FOUND for any other."""
    row = await store.by_number(unit.connection, number)
    waits = row is not None and row.question and row.state == CallState.PARKED and is_lead(unit)
    if row is None or not (row.rep_id == rep_of(unit) or waits):
        raise not_found("call of yours", number)
    return row


async def own(unit: Unit, number: str, version: int | None = None) -> Any:
    """The row of this rep's call, locked against a second change. Raises NOT_FOUND, STALE."""
    await store.lock_rep(unit.connection, rep_of(unit))
    row = await found(unit, number)
    if row.rep_id != rep_of(unit):
        raise not_found("call of yours", number)
    if version is not None:
        await _same_version(unit, row, version)
    return row


async def _same_version(unit: Unit, row: Any, version: int) -> None:
    if row.version != version:
        raise await _stale(unit, row.number)


async def _stale(unit: Unit, number: str) -> Problem:
    sentence = f"{number} was changed meanwhile; look at it as it is now."
    return Problem(ProblemType.STALE, sentence, current=as_json(await view.one(unit, number)))


async def change(unit: Unit, row: Any, act: str, changes: dict[str, Any], **details: object) -> None:
    """Change a call as it stands in `row`, with its audit row and event. Raises STALE."""
    if not await store.change(unit.connection, row.id, row.version, changes):
        raise await _stale(unit, row.number)
    unit.audit(act, "call", row.number, **details)
    unit.emit(EventKind.CALL, row.number, row.version + 1)
