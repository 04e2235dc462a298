"""Calls as a desk sees them: never an answer of the caller, never what it was compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from api_client.types.accounts import AccountRow
from api_client.types.call_words import CallerKind, CallState, Fact, PhoneAct, VerifyItem, VerifyState, WrapUp
from api_client.types.calls import Call, DoneInCall, Subject
from api_client.types.words import ActorKind
from backend.accounts import service as accounts
from backend.calls import guess, proof, proof_store, rules, store
from backend.database.unit import Unit


async def calls(unit: Unit, rows: Sequence[Any]) -> list[Call]:
    """Calls with what was proved and done in each, in this order."""
    ids = [row.id for row in rows]
    proved = _by_call(await store.subjects(unit.connection, ids))
    done = _by_call(await store.acts(unit.connection, ids))
    likely = await store.accounts_of(unit.connection, {one for row in rows for one in row.likely})
    return [await _call(unit, row, proved.get(row.id, []), done.get(row.id, []), likely) for row in rows]


async def one(unit: Unit, number: str) -> Call:
    """The call of this number as it is now."""
    row = await store.by_number(unit.connection, number)
    return (await calls(unit, [row]))[0]


def _by_call(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(row)
    return found


async def _call(unit: Unit, row: Any, proved: list[Any], done: list[Any], likely: dict[int, Any]) -> Call:
    most = unit.policy.calls.misses
    proofs = [guess.Proof(CallerKind(one.kind), VerifyState(one.state)) for one in proved]
    names = [likely[one] for one in row.likely if one in likely]
    return Call(
        id=row.number,
        version=row.version,
        state=CallState(row.state),
        started_at=row.started_at,
        misses=row.misses,
        misses_left=max(most - row.misses, 0),
        likely=[_likely(one, unit.today) for one in names] if unit.actor.kind is ActorKind.REP else [],
        subjects=[await _subject(unit, row, one) for one in proved],
        done=[
            DoneInCall(at=one.at, what=guess.words(one.act), subject=one.subject or one.group_number or "")
            for one in done
        ],
        guess=guess.guess({one.act for one in done}, proofs),
        rep=row.rep_name or "",
        question=row.question,
        wrap_up=WrapUp(row.wrap_up) if row.wrap_up else None,
    )


def _likely(row: Any, today: date) -> AccountRow:
    """A group by number and name: where it stands with its premium is for nobody yet."""
    return accounts.account_row(row, None, None, today)


# -- one subject -----------------------------------------------------------------------------------


async def record_of(
    unit: Unit, account: Any, member_id: int | None, enrollment_id: int | None
) -> proof.Record:
    """What a caller's answers about a group, or a person of it, are compared with."""
    connection = unit.connection
    person, relationship, speakers = None, "", []
    if member_id is not None:
        person = await proof_store.member_by_id(connection, account.id, member_id)
        speakers = list(await proof_store.representatives(connection, member_id))
    elif enrollment_id is not None:
        person = await proof_store.enrollment_by_id(connection, enrollment_id)
    if person is not None:
        relationship = person.relationship
    return proof.Record(
        account=account,
        contacts=await accounts.contacts(unit, account.id),
        invoice_amount=await proof_store.last_invoice(connection, account.id, unit.today),
        payment_date=await proof_store.last_payment(connection, account.id),
        person=person,
        representatives=speakers,
        relationship=relationship,
    )


async def _subject(unit: Unit, row: Any, one: Any) -> Subject:
    kind = CallerKind(one.kind)
    account = await accounts.account_by_id(unit, one.account_id)
    record = await record_of(unit, account, one.member_id, one.enrollment_id)
    matched = frozenset(VerifyItem(item) for item in one.matched)
    there = proof.on_record(kind, record, one.caller, unit.today)
    state = VerifyState(one.state)
    over = one.authority_to is not None and one.authority_to < unit.today
    open_now = row.state != CallState.CLOSED and not over
    heard = state is VerifyState.VERIFIED and open_now
    asking = open_now and state in (VerifyState.IDENTIFYING, VerifyState.VERIFIED)
    standing = _standing(one, kind, matched, there, record, unit.today)
    delegated = [Fact(fact) for fact in one.delegated]
    facts = rules.hears(kind, delegated, restricted=standing.restricted) if heard else frozenset()
    acts = rules.done_for(kind) if facts else frozenset()
    return Subject(
        group_number=one.group_number,
        group_name=one.group_name,
        mrn=one.mrn or "",
        receipt=one.receipt or "",
        kind=kind,
        caller=one.caller,
        authority_to=one.authority_to,
        state=state,
        matched=rules.counted(kind, matched),
        needed=rules.RECIPES[kind].needed if kind in rules.RECIPES else 0,
        ask=rules.to_ask(kind, matched, there) if asking else [],
        facts=[fact for fact in Fact if fact in facts],
        acts=[act for act in PhoneAct if act in acts],
        stepped_up=heard and VerifyItem.CALL_BACK in matched,
        sentence=rules.sentence(standing, unit.today, unit.policy.calls.provider_phone),
    )


def _standing(
    one: Any,
    kind: CallerKind,
    matched: frozenset[VerifyItem],
    there: frozenset[VerifyItem],
    record: proof.Record,
    today: date,
) -> rules.Standing:
    person = record.person
    return rules.Standing(
        kind=kind,
        state=VerifyState(one.state),
        matched=matched,
        authority_to=one.authority_to,
        provable=rules.can_be_proved(kind, matched, there),
        restricted=person is not None and bool(person.restricted),
        minor=person is not None and not rules.is_adult(proof.born(person), today),
    )
