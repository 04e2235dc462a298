"""Enrollment by phone: what a caller of the client asks for goes through the same gates as what is filled in
online, and stands under the rep and the call it was done in.

A rep sees people masked, so whoever is on record is named by the member number; what the store knows of them
is filled in here and never comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from api_client.types.call_words import PhoneAct
from api_client.types.enrollment import Effects, Receipt, Submission
from api_client.types.problems import ProblemType
from api_client.types.words import Channel, Outcome, Sex, TransactionType
from backend.accounts import members
from backend.accounts import service as accounts
from backend.accounts.members import Person
from backend.calls import gate, rules
from backend.database.unit import Unit
from backend.enrollment import service, store
from backend.enrollment.effects import Change
from backend.enrollment.judge import Verdict, at_the_gate, judge
from backend.enrollment.rules import AT_ONCE, Transaction
from backend.problems import Problem

ACTS = {
    TransactionType.ENROLL: PhoneAct.ENROLL,
    TransactionType.ADD_DEPENDENT: PhoneAct.ADD_DEPENDENT,
    TransactionType.REINSTATE: PhoneAct.REINSTATE,
    TransactionType.TRANSFER: PhoneAct.TRANSFER,
    TransactionType.DEMOGRAPHIC: PhoneAct.CHANGE,
    TransactionType.TERMINATION: PhoneAct.TERMINATE,
}
TYPES = {act: kind for kind, act in ACTS.items()} | {PhoneAct.COBRA: TransactionType.ENROLL}
"""As which transaction an act goes through the gates."""
_IDENTITY = ("last_name", "first_name", "middle_name", "suffix", "birth_date", "ssn", "sex", "phone")
_RESIDENCE = ("street", "city", "state", "zip")
_MAILING = ("mailing_street", "mailing_city", "mailing_state", "mailing_zip")
_EMPTY = (None, "", Sex.UNKNOWN)


async def would_do(unit: Unit, form: Submission) -> Effects:
    """What it would do, counted and in sentences; changes nothing.

    Raises NOT_FOUND, NOT_VERIFIED without the authority for it, INVALID, RULE_REFUSES for the address of
    somebody who is reached at their own only.
    """
    asked = await _judged(unit, form)
    return service.ahead(unit, asked.transaction, asked.verdict)


async def submit(unit: Unit, form: Submission) -> Receipt:
    """Do it as it was said ahead; a refusal of the rules is an answer, not an error. Raises as `would_do`."""
    asked = await _judged(unit, form)
    receipt = await service.settle(unit, asked.transaction, asked.verdict, submitted_by=unit.actor.name)
    if receipt.outcome in (Outcome.APPLIED, Outcome.QUEUED):
        await gate.did(unit, act_of(form), asked.account, member=asked.member, subject=receipt.receipt)
    if asked.transaction.medicare and receipt.contact is not None:
        await gate.did(unit, "medicare", asked.account, subject=receipt.receipt)
    return receipt


def act_of(form: Submission) -> PhoneAct:
    """Which act by phone a form is."""
    if form.cobra_event and form.type not in AT_ONCE:
        return PhoneAct.COBRA
    return ACTS[form.type]


async def refused(unit: Unit, account: Any, act: PhoneAct) -> str:
    """Why the gates let no such act of this group through, whoever it is about; empty when they do."""
    transaction = Transaction(
        type=TYPES[act],
        channel=Channel.PHONE,
        group_number=account.number,
        subscriber_number="",
        dated=unit.today,
        cobra=act is PhoneAct.COBRA,
    )
    stopped = await at_the_gate(unit, transaction, account)
    return f"{stopped.why[0].upper()}{stopped.why[1:]}." if stopped else ""


@dataclass(frozen=True, repr=False)
class _Asked:
    """What the caller asks for, and what is to become of it; never printed."""

    account: Any
    member: Any | None
    """Whom the member number names."""
    transaction: Transaction
    verdict: Verdict


async def _judged(unit: Unit, form: Submission) -> _Asked:
    if form.channel is not Channel.PHONE or form.user_id is not None:
        raise Problem(
            ProblemType.INVALID,
            "A rep enrolls by phone for a caller, and under no user ID.",
            errors=[("channel" if form.user_id is None else "user_id", "is not that of a call")],
        )
    account = await accounts.account_of(unit, form.group_number)
    act = act_of(form)
    await gate.require_act(unit, act, account)
    member = await _member(unit, account, form) if form.mrn else None
    full = form if member is None else _completed(unit, form, member)
    transaction = service.transaction_of(unit, full)
    verdict = await judge(unit, transaction)
    moved = _moved(form, verdict)
    await gate.require_act(unit, act, account, fields=moved)
    await _refuse_to_move(unit, member, verdict, moved)
    return _Asked(account, member, transaction, verdict)


async def _refuse_to_move(unit: Unit, member: Any, verdict: Verdict, moved: set[str]) -> None:
    """Raises RULE_REFUSES where the employer would say where to reach who is reached at home only (INS13)."""
    restricted = member is not None and bool(member.restricted)
    if member is None and isinstance(verdict.result, Change):
        restricted = (await members.locked(unit, verdict.result.person.member_id)).restricted
    if restricted and rules.needs_step_up(PhoneAct.CHANGE, moved):
        sentence = (
            "This person is reached at their own address only: nobody else changes it; they write to us."
        )
        raise Problem(ProblemType.RULE_REFUSES, sentence)


def _moved(form: Submission, verdict: Verdict) -> set[str]:
    """Which parts of an address or phone on record the caller wants changed."""
    if isinstance(verdict.result, Change):
        names = list(verdict.result.differs)
    elif form.mrn and form.type is not TransactionType.ADD_DEPENDENT:
        names = [name for name in ("phone", *_RESIDENCE, *_MAILING) if getattr(form, name)]
    else:
        names = []
    return {name.removeprefix("mailing_").removesuffix("_code") for name in names}


async def _member(unit: Unit, account: Any, form: Submission) -> Any:
    """The row of the member of this number, with the newest coverage in the group. Raises NOT_FOUND."""
    family = await store.people_of(unit.connection, account.id, form.subscriber_number, form.mrn)
    row = next((one for one in family if one.mrn == form.mrn), None)
    if row is None:
        raise Problem(
            ProblemType.NOT_FOUND,
            f"Group {account.number} has no member of this number.",
            errors=[("mrn", "is not of this group")],
        )
    return row


def _completed(unit: Unit, form: Submission, row: Any) -> Submission:
    """The form with what is on record of whoever its member number names."""
    known: dict[str, Any] = {"subscriber_number": row.subscriber_number}
    if form.type is TransactionType.ADD_DEPENDENT:
        return form.model_copy(update=known | {"mrn": ""})  # the number was the family's
    known["relationship"] = row.relationship
    if form.type is not TransactionType.DEMOGRAPHIC:
        known |= _as_on_record(form, members.person_of(unit, row))
    return form.model_copy(update=known)


def _as_on_record(form: Submission, person: Person) -> dict[str, Any]:
    """What the form leaves open of somebody who stays the same; an address is taken as a whole."""
    ssn = SecretStr(person.ssn) if person.ssn else None
    known = {name: getattr(person, name) for name in _IDENTITY} | {"ssn": ssn}
    found = {name: value for name, value in known.items() if getattr(form, name) in _EMPTY}
    if form.type is not TransactionType.TERMINATION:
        for names in (_RESIDENCE, _MAILING):
            if not getattr(form, names[0]):
                found |= {name: getattr(person, name.replace("state", "state_code")) for name in names}
        found["restricted"] = form.restricted or person.restricted
    return found
