"""Enrollment intake: every transaction, through whichever door, is written down and dealt with here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api_client.types.enrollment import Receipt, Submission
from api_client.types.words import CobraAdmin, DelinquencyState, Outcome, TransactionType
from backend.accounts import members
from backend.accounts import service as accounts
from backend.accounts.members import ssn_columns
from backend.accounts.rules import group_state
from backend.billing import service as billing
from backend.database.unit import Unit
from backend.enrollment import on_record, rules, store
from backend.enrollment.rules import OnRecord, Stopped, Transaction, Wanted
from backend.matching import normalise, place

PLAN_LINE = "HMO"
"""The line of coverage of the online account service, which names none."""
_KEY_FIELDS = frozenset({"last_name", "first_name", "suffix", "birth_date", "ssn"})
"""Fields by which people are told apart."""


@dataclass(frozen=True)
class Place:
    """Where in which file a transaction stands."""

    file_id: int
    set_control: str
    ins_index: int


async def submit(unit: Unit, form: Submission) -> Receipt:
    """Take one transaction of the online account service and say at once what became of it."""
    wanted: tuple[Wanted, ...] = ()
    if form.type not in rules.AT_ONCE and form.coverage_from is not None:
        wanted = (Wanted(PLAN_LINE, form.coverage_from, ends_on=form.coverage_to),)
    transaction = Transaction(
        type=form.type,
        channel=form.channel,
        group_number=form.group_number,
        subscriber_number=form.subscriber_number,
        dated=unit.today,
        relationship=form.relationship,
        mrn=form.mrn,
        last_name=form.last_name,
        first_name=form.first_name,
        middle_name=form.middle_name,
        suffix=form.suffix,
        birth_date=form.birth_date.isoformat() if form.birth_date else "",
        ssn=_digits(form.ssn.get_secret_value() if form.ssn else ""),
        sex=form.sex,
        street=form.street,
        city=form.city,
        state=form.state,
        zip=form.zip,
        phone=form.phone,
        wanted=wanted,
        ends_on=form.coverage_to,
    )
    return await take(unit, transaction, submitted_by=unit.actor.name)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


async def take(
    unit: Unit, transaction: Transaction, *, submitted_by: str, at: Place | None = None
) -> Receipt:
    """Write a transaction down and deal with it; a refusal is an answer, not an error."""
    account = await accounts.find_account(unit, transaction.group_number, transaction.partner)
    family = await on_record.family_of(unit, transaction, account)
    row = await _write(unit, transaction, account, family, submitted_by, at)
    result = await _deal(unit, transaction, account, family, row)
    if isinstance(result, Stopped):
        await store.change(unit.connection, row.id, {"outcome": result.outcome, "why": result.why})
        result = place.Placement(result.outcome, result.why)
    unit.audit("enrollment.submit", "enrollment", row.receipt, type=transaction.type, outcome=result.outcome)
    return Receipt(
        receipt=row.receipt,
        outcome=result.outcome,
        why=result.why,
        item=result.item,
        received_at=row.received_at,
    )


async def _write(
    unit: Unit,
    transaction: Transaction,
    account: Any | None,
    family: Sequence[Any],
    submitted_by: str,
    at: Place | None,
) -> Any:
    wanted = transaction.wanted or _as_before(transaction, family)
    starts = [one.starts_on for one in wanted]
    return await store.add(
        unit.connection,
        {
            "receipt": f"R-{await unit.number('receipt'):06d}",
            "channel": transaction.channel,
            "type": transaction.type,
            "file_id": at.file_id if at else None,
            "set_control": at.set_control if at else None,
            "ins_index": at.ins_index if at else None,
            "account_id": account.id if account else None,
            "group_number": account.number if account else transaction.group_number,
            "received_at": unit.now,
            "submitted_by": submitted_by,
            "outcome": Outcome.REFUSED,
            "why": "",
            "subscriber_number": transaction.subscriber_number,
            "relationship": transaction.relationship,
            "mrn": transaction.mrn,
            "last_name": transaction.last_name,
            "first_name": transaction.first_name,
            "middle_name": transaction.middle_name,
            "suffix": transaction.suffix,
            "birth_date": transaction.birth_date,
            "sex": transaction.sex,
            **ssn_columns(unit, transaction.ssn or None),
            "street": transaction.street,
            "city": transaction.city,
            "state_code": transaction.state,
            "zip": transaction.zip,
            "phone": transaction.phone,
            "coverage_from": min(starts, default=None),
            "coverage_to": transaction.ends_on,
            "coverages": [_as_json(one) for one in wanted],
        },
    )


def _as_json(wanted: Wanted) -> dict[str, Any]:
    return {
        "line": wanted.line,
        "level": wanted.level,
        "starts_on": wanted.starts_on.isoformat(),
        "ends_on": wanted.ends_on.isoformat() if wanted.ends_on else None,
    }


def _as_before(transaction: Transaction, family: Sequence[Any]) -> tuple[Wanted, ...]:
    """A reinstatement that names no coverage brings back the lines the person had; a dependent who is added
    without any joins the subscriber's."""
    begins = transaction.begins_on
    if begins is None:
        return ()
    role = transaction.relationship if transaction.type is TransactionType.REINSTATE else rules.SUBSCRIBER
    lines = {row.line: row.level for row in reversed(family) if row.relationship == role}
    return tuple(Wanted(line, begins, level) for line, level in sorted(lines.items()))


async def _deal(
    unit: Unit, transaction: Transaction, account: Any | None, family: Sequence[Any], row: Any
) -> Stopped | place.Placement:
    if account is None:
        return await _unknown_group(unit, transaction, row)
    standing, _ = (await billing.standings(unit, [account.id]))[account.id]
    group = rules.Group(
        group_state(account.state, account.ended_on, unit.today),
        account.ended_on,
        account.employees,
        CobraAdmin(account.cobra_admin),
        unpaid=standing is DelinquencyState.TERMINATED_NONPAY,
    )
    stopped = rules.gate(transaction, group, unit.policy.enrollment)
    if stopped is not None:
        return stopped
    if transaction.type in rules.AT_ONCE:
        return await _at_once(unit, transaction, account.id, family, row)
    doubts = rules.doubts(transaction, _subscriber_born(family), unit.policy.enrollment)
    if not transaction.about_subscriber and not any(one.relationship == rules.SUBSCRIBER for one in family):
        doubts = ("the subscriber is not on record under this number", *doubts)
    if not row.coverages and not doubts:
        doubts = ("it names no coverage",)
    if doubts:
        return await place.to_queue(unit, row, "; ".join(doubts))
    return await place.place(unit, row)


async def _unknown_group(unit: Unit, transaction: Transaction, row: Any) -> Stopped | place.Placement:
    """A file may name a group in a way nobody has told us; the online account service never does."""
    why = "there is no such group on file" if transaction.group_number else "it names no group"
    if transaction.type in rules.AT_ONCE or not transaction.partner:
        return Stopped(why)
    return await place.to_queue(unit, row, why)


def _subscriber_born(family: Sequence[Any]) -> date | None:
    return next((one.birth_date for one in family if one.relationship == rules.SUBSCRIBER), None)


async def _at_once(
    unit: Unit, transaction: Transaction, account_id: int, family: Sequence[Any], row: Any
) -> Stopped | place.Placement:
    """A demographic change or a termination: done in this very unit, or refused [S]."""
    person = on_record.whom(unit, transaction, family)
    if isinstance(person, Stopped):
        return person
    if transaction.type is TransactionType.TERMINATION:
        why = await _terminate(unit, transaction, account_id, person)
    else:
        why = await _change(unit, transaction, person)
    if isinstance(why, Stopped):
        return why
    done = {"outcome": Outcome.APPLIED, "why": why, "member_id": person.member_id}
    await store.change(unit.connection, row.id, done)
    return place.Placement(Outcome.APPLIED, why)


async def _terminate(
    unit: Unit, transaction: Transaction, account_id: int, person: OnRecord
) -> str | Stopped:
    """End the coverage of the person; of a subscriber, the whole family's."""
    assert transaction.ends_on is not None
    whole_family = person.relationship == rules.SUBSCRIBER
    count = await members.end_coverage(
        unit,
        account_id=account_id,
        subscriber_number=person.subscriber_number,
        ends_on=transaction.ends_on,
        member_id=None if whole_family else person.member_id,
        lines=transaction.ended_lines,
    )
    if not count:
        named = "".join(f"{line} " for line in transaction.ended_lines)
        return Stopped(f"no {named}coverage runs beyond {transaction.ends_on}")
    lines = "1 coverage ends" if count == 1 else f"{count} coverages end"
    return f"{lines} on {transaction.ends_on}" + (", the whole family's" if whole_family else "")


async def _change(unit: Unit, transaction: Transaction, person: OnRecord) -> str:
    """Change what the transaction says of the person; what it leaves out stays."""
    born = normalise.birth_date(transaction.birth_date)
    said: dict[str, object] = {
        "last_name": transaction.last_name,
        "first_name": transaction.first_name,
        "middle_name": transaction.middle_name,
        "suffix": transaction.suffix,
        "birth_date": date.fromisoformat(born) if born else "",
        "ssn": normalise.ssn(transaction.ssn),
        "street": transaction.street,
        "city": transaction.city,
        "state_code": transaction.state,
        "zip": transaction.zip,
        "phone": transaction.phone,
    }
    changes = {name: value for name, value in said.items() if value}
    if transaction.street:  # an address is changed as a whole
        changes |= {name: said[name] for name in ("city", "state_code", "zip")}
    changed = await members.change_member(unit, person.member_id, changes)
    if not changed:
        return "nothing differs from what is on record"
    words = ", ".join(sorted(name.replace("_", " ").replace("state code", "state") for name in changed))
    warning = "; look at it, identifying data changed" if _KEY_FIELDS & set(changed) else ""
    return f"changed: {words}{warning}"
