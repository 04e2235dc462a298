"""Who calls, and what they prove: each answer is compared blind and kept nowhere.

What is kept is the item and whether it matched; the idempotency key stands beside a keyed hash of the whole
request, as for every write. 45 CFR 164.514(h): identity and authority.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_client.types.call_words import CallerKind, CallState, VerifyItem, VerifyState
from api_client.types.calls import Call, Caller, NumberOnRecord, Verified, Verify, Whom
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.calls import gate, proof, rules, service, store, view
from backend.calls.about import About, about
from backend.database.unit import Unit
from backend.problems import Problem

ALERT = "alert"


async def _record(unit: Unit, one: About) -> proof.Record:
    return await view.record_of(unit, one.account, one.key[1], one.key[2])


async def _subject(unit: Unit, call_id: int, one: About) -> Any | None:
    rows = await store.subjects(unit.connection, [call_id])
    return next((row for row in rows if (row.account_id, row.member_id, row.enrollment_id) == one.key), None)


async def _on_the_line(unit: Unit, number: str) -> Any:
    row = await service.own(unit, number)
    if row.state != CallState.ACTIVE:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} is not on the line; F9 takes it.")
    return row


# -- as what somebody calls ------------------------------------------------------------------------


async def caller(unit: Unit, number: str, form: Caller) -> Call:
    """Say as what somebody calls about a group or person; their verification begins anew.

    Saying the same again changes nothing. Raises NOT_FOUND, RULE_REFUSES, INVALID where it cannot be.
    """
    row = await _on_the_line(unit, number)
    one = await about(unit, form)
    record = await _record(unit, one)
    refused = rules.misfit(form.kind, person=record.person is not None, relationship=record.relationship)
    if refused:
        raise Problem(ProblemType.INVALID, f"That cannot be: {refused}.", errors=[("kind", refused)])
    before = await _subject(unit, row.id, one)
    if before is not None and before.kind == form.kind and before.state != VerifyState.NO_AUTHORITY:
        return await view.one(unit, number)
    authority = proof.has_authority(form.kind, record, unit.today)
    state = rules.state(form.kind, (), row.misses, unit.policy.calls.misses, authority=authority)
    values: dict[str, Any] = {
        "kind": form.kind,
        "caller": "",
        "authority_to": None if authority else _ended(form.kind, record, unit),
        "delegated": [],
        "matched": [],
        "state": state,
        "at": unit.now,
    }
    if before is None:
        account_id, member_id, enrollment_id = one.key
        keys = {"account_id": account_id, "member_id": member_id, "enrollment_id": enrollment_id}
        await store.add_subject(unit.connection, {"call_id": row.id, **keys, **values})
    else:
        await store.change_subject(unit.connection, before.id, values)
        await store.forget_act(unit.connection, row.id, service.NUMBER_SEEN)
    if await service.alerts(unit, one.account.id):
        await service.note_act(unit, row.id, ALERT, one.account.id)
    await service.change(
        unit, row, "call.caller", {}, account=one.account.number, kind=form.kind, state=state
    )
    return await view.one(unit, number)


def _ended(kind: CallerKind, record: proof.Record, unit: Unit) -> Any:
    """When the last authority of this kind ended; None where there never was one."""
    rows = record.representatives if kind is CallerKind.REPRESENTATIVE else proof.contacts_of(kind, record)
    days = [one.valid_to for one in rows if one.valid_to is not None and one.valid_to < unit.today]
    return max(days, default=None)


# -- one answer ------------------------------------------------------------------------------------


async def verify(unit: Unit, number: str, form: Verify) -> Verified:
    """Compare one answer with what is on record: match or no match.

    Asked again under the same idempotency key it answers as before and compares nothing.
    Raises NOT_FOUND, INVALID for an item that is not asked of this caller, RULE_REFUSES for one that is
    matched or not on record, NOT_VERIFIED where nothing more is compared.
    """
    row = await _on_the_line(unit, number)
    one = await about(unit, form)
    subject = await _subject(unit, row.id, one)
    if subject is None:
        raise Problem(ProblemType.RULE_REFUSES, "Say first as what they call.")
    kind = CallerKind(subject.kind)
    record = await _record(unit, one)
    await _must_be_open(unit, row, subject, one)
    said = form.answer.get_secret_value().strip()
    await _must_be_asked(unit, row, subject, record, form.item, said)
    if form.item is VerifyItem.CALL_BACK:
        outcome = proof.Compared(True)
    else:
        outcome = proof.compared(kind, form.item, said, record, unit.today)
    misses = row.misses + (not outcome.matched)
    changes = _after(subject, form.item, outcome)
    authority = proof.has_authority(kind, record, unit.today)
    changes["state"] = rules.state(
        kind, changes["matched"], misses, unit.policy.calls.misses, authority=authority
    )
    await store.change_subject(unit.connection, subject.id, changes)
    if not outcome.matched:
        await _missed(unit, row, one, form.item)
    failed = misses >= unit.policy.calls.misses and not outcome.matched
    more: dict[str, Any] = {"misses": misses}
    if failed:
        more["failed"] = await _failed(unit, row) or row.failed
    await service.change(
        unit, row, "call.verify", more, account=one.account.number, item=form.item, matched=outcome.matched
    )
    return Verified(matched=outcome.matched, call=await view.one(unit, number))


def _after(subject: Any, item: VerifyItem, outcome: proof.Compared) -> dict[str, Any]:
    """What is known of the caller after this answer."""
    if not outcome.matched:
        ended = {"authority_to": outcome.ended} if outcome.ended and not subject.caller else {}
        return {"matched": list(subject.matched), **ended}
    changes: dict[str, Any] = {"matched": [*subject.matched, item]}
    if outcome.who is not None:
        changes["caller"] = outcome.who.caller
        changes["authority_to"] = outcome.who.authority_to
        changes["delegated"] = list(outcome.who.delegated)
    return changes


async def _must_be_open(unit: Unit, row: Any, subject: Any, one: About) -> None:
    """Raises NOT_VERIFIED where nothing more is compared: in this call, or about this group by this rep."""
    policy = unit.policy.calls
    since = unit.now - timedelta(hours=24)
    if subject.state == VerifyState.NO_AUTHORITY:
        sentence = "Who they are is no question here: nothing of this record is for them."
    elif row.misses >= policy.misses:
        sentence = f"{policy.misses} answers did not match; nothing more is compared in this call."
    elif (
        await store.misses(unit.connection, one.account.id, one.key[1], service.rep_of(unit), since)
        >= policy.misses_a_day
    ):
        whom = "member" if one.member is not None else "group"
        sentence = f"Too many answers about this {whom} did not match today; a lead goes on."
    else:
        return
    unit.audit("call.locked", "account", one.account.number, what="verification")
    raise Problem(ProblemType.NOT_VERIFIED, sentence, keep=True)


async def _must_be_asked(
    unit: Unit, row: Any, subject: Any, record: proof.Record, item: VerifyItem, said: str
) -> None:
    kind = CallerKind(subject.kind)
    if not rules.is_asked(kind, item):
        raise Problem(
            ProblemType.INVALID, "This is not asked of such a caller.", errors=[("item", "is not asked")]
        )
    if item in subject.matched:
        raise Problem(ProblemType.RULE_REFUSES, "This is matched already.")
    if item not in proof.on_record(kind, record, subject.caller, unit.today):
        raise Problem(ProblemType.RULE_REFUSES, "This is not on record; ask something else.")
    if item is VerifyItem.CALL_BACK:
        if not await store.has_act(unit.connection, row.id, record.account.id, service.NUMBER_SEEN):
            raise Problem(ProblemType.RULE_REFUSES, "Look up the number on record first, and call that one.")
    elif not said:
        raise Problem(ProblemType.INVALID, "There is no answer.", errors=[("answer", "is empty")])


async def _missed(unit: Unit, row: Any, one: About, item: VerifyItem) -> None:
    """Note a wrong answer; so many about one group, in calls that never failed, are an alert too."""
    policy = unit.policy.calls
    await service.note_act(unit, row.id, store.MISS, one.account.id, item, member_id=one.key[1])
    if one.member is not None:
        return
    since = unit.now - timedelta(hours=policy.alert_hours)
    count = await store.all_misses(unit.connection, one.account.id, since)
    if count == policy.misses_a_day:
        await _alert(unit, one.account.id, wrong_answers=count)


async def _alert(unit: Unit, account_id: int, **count: int) -> None:
    number, version = await accounts.touch(unit, account_id)
    unit.audit("call.alert", "account", number, **count)
    unit.emit(EventKind.ACCOUNT, number, version)


async def _failed(unit: Unit, row: Any) -> bool:
    """The call has failed for whatever is not proved in it; again and again on one group is an alert."""
    policy = unit.policy.calls
    open_ones = [
        one
        for one in await store.subjects(unit.connection, [row.id])
        if one.state in (VerifyState.IDENTIFYING, VerifyState.FAILED)
    ]
    for account_id in dict.fromkeys(one.account_id for one in open_ones):
        await service.note_act(unit, row.id, store.FAILED, account_id)
        since = unit.now - timedelta(hours=policy.alert_hours)
        count = await store.failed_calls(unit.connection, account_id, since)
        if count >= policy.alert_failed_calls:
            await _alert(unit, account_id, failed_calls=count)
    for one in open_ones:
        await store.change_subject(unit.connection, one.id, {"state": VerifyState.FAILED})
    return bool(open_ones)


# -- the number on record --------------------------------------------------------------------------


async def number_on_record(unit: Unit, number: str, whom: Whom) -> NumberOnRecord:
    """Whom to call back to be sure: the contact who was named in this call, at the number on record.

    Raises NOT_FOUND, RULE_REFUSES while nobody on record is named.
    """
    row = await service.found(unit, number)
    one = await about(unit, whom)
    subject = await _subject(unit, row.id, one)
    going_on = (VerifyState.IDENTIFYING, VerifyState.VERIFIED)
    if row.state != CallState.ACTIVE or subject is None or subject.state not in going_on:
        raise Problem(ProblemType.RULE_REFUSES, "There is nobody to call back in this call.")
    record = await _record(unit, one)
    contact = proof.named(CallerKind(subject.kind), record, subject.caller, unit.today)
    if contact is None or not contact.phone:
        raise Problem(
            ProblemType.RULE_REFUSES, "First who calls must be matched; then their number on record is shown."
        )
    await gate.did(unit, service.NUMBER_SEEN, one.account)
    unit.audit("call.number_on_record", "account", one.account.number)
    return NumberOnRecord(name=contact.name, phone=contact.phone, extension=contact.extension)
