"""Enrollment intake: every transaction, through whichever door, is written down and dealt with here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api_client.types.enrollment import Effects, Receipt, Submission
from api_client.types.problems import ProblemType
from api_client.types.words import Channel, Outcome
from backend.database.unit import Unit
from backend.enrollment import at_once, effects, on_record, rules, store
from backend.enrollment.effects import Change, Ending
from backend.enrollment.judge import Again, Enroll, Verdict, judge
from backend.enrollment.rules import Stopped, Transaction, Wanted
from backend.matching import place
from backend.problems import Problem

PLAN_LINE = "HMO"
"""The line of coverage of the online account service, which names none."""


@dataclass(frozen=True)
class Place:
    """Where in which file a transaction stands."""

    file_id: int
    ordinal: int
    """Which member of the file, from 1."""
    part: str = ""
    """Which of several transactions the member stands for; empty where it is one."""


# -- the online account service ----------------------------------------------------------------------


async def submit(unit: Unit, form: Submission) -> Receipt:
    """Take one transaction of the online account service and say at once what became of it.

    Raises INVALID for a channel that is not this one's.
    """
    return await take(unit, _transaction(unit, form), submitted_by=unit.actor.name, user_id=_user_id(form))


async def would_do(unit: Unit, form: Submission) -> Effects:
    """What a submission would do, counted and in sentences; changes nothing. Raises INVALID as `submit`."""
    transaction = _transaction(unit, form)
    return ahead(unit, transaction, await judge(unit, transaction, _user_id(form)))


def ahead(unit: Unit, transaction: Transaction, verdict: Verdict) -> Effects:
    """What a transaction that was judged so would do."""
    unit.audit(
        "enrollment.effects",
        "account",
        verdict.account.number if verdict.account is not None else "",
        type=transaction.type,
        web_user=verdict.user.id if verdict.user else None,
    )
    return Effects(contact=verdict.contact, effects=_sentences(verdict), **_ahead(verdict))


def _transaction(unit: Unit, form: Submission) -> Transaction:
    if form.channel is not Channel.ONLINE:
        raise Problem(
            ProblemType.INVALID,
            "The online account service submits what is filled in online, and nothing else.",
            errors=[("channel", "is not online")],
        )
    return transaction_of(unit, form)


def transaction_of(unit: Unit, form: Submission) -> Transaction:
    """What a form asks for. Raises INVALID where it does not say whom it is about."""
    missing = [name for name in ("subscriber_number", "last_name") if not getattr(form, name)]
    if missing and not (form.channel is Channel.PHONE and form.mrn):
        raise Problem(
            ProblemType.INVALID,
            "It does not say whom it is about.",
            errors=[(name, "is missing") for name in missing],
        )
    wanted: tuple[Wanted, ...] = ()
    if form.type not in rules.AT_ONCE and form.coverage_from is not None:
        wanted = (Wanted(PLAN_LINE, form.coverage_from, ends_on=form.coverage_to),)
    return Transaction(
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
        mailing_street=form.mailing_street,
        mailing_city=form.mailing_city,
        mailing_state=form.mailing_state,
        mailing_zip=form.mailing_zip,
        phone=form.phone,
        restricted=form.restricted,
        wanted=wanted,
        ends_on=form.coverage_to,
        cobra=bool(form.cobra_event),
        cobra_event=form.cobra_event,
        cobra_event_on=form.cobra_event_on,
        medicare=form.medicare,
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _user_id(form: Submission) -> str:
    return form.user_id.get_secret_value().strip() if form.user_id else ""


# -- every door ----------------------------------------------------------------------------------------


async def take(
    unit: Unit, transaction: Transaction, *, submitted_by: str, at: Place | None = None, user_id: str = ""
) -> Receipt:
    """Write a transaction down and deal with it; a refusal is an answer, not an error.

    `user_id` is that of the client's person who submits online.
    """
    verdict = await judge(unit, transaction, user_id)
    return await settle(unit, transaction, verdict, submitted_by=submitted_by, at=at)


async def settle(
    unit: Unit, transaction: Transaction, verdict: Verdict, *, submitted_by: str, at: Place | None = None
) -> Receipt:
    """Write a transaction down that was judged in this unit, and deal with it."""
    if isinstance(verdict.result, Again):
        return _again(unit, transaction, verdict.result)
    row = await _write(unit, transaction, verdict, submitted_by, at)
    placed = await _deal(unit, verdict, row)
    unit.audit("enrollment.submit", "enrollment", row.receipt, type=transaction.type, outcome=placed.outcome)
    if referred := _referred(verdict):
        unit.audit("enrollment.refer", "enrollment", row.receipt, to=referred.whom or "plan")
    return Receipt(
        receipt=row.receipt,
        outcome=placed.outcome,
        why=placed.why,
        item=placed.item,
        contact=verdict.contact,
        effects=_sentences(verdict) if placed.outcome is Outcome.APPLIED else [],
        received_at=row.received_at,
    )


def _again(unit: Unit, transaction: Transaction, first: Again) -> Receipt:
    unit.audit("enrollment.again", "enrollment", first.receipt, type=transaction.type)
    return Receipt(
        receipt=first.receipt,
        outcome=Outcome.QUEUED,
        why=first.why,
        item=first.item,
        received_at=first.received_at,
    )


async def _deal(unit: Unit, verdict: Verdict, row: Any) -> place.Placement:
    match verdict.result:
        case Stopped() as stopped:
            await store.change(unit.connection, row.id, {"outcome": stopped.outcome, "why": stopped.why})
            return place.Placement(stopped.outcome, stopped.why)
        case Ending() as ending:
            return await at_once.end(unit, row.account_id, ending, row)
        case Change() as change:
            return await at_once.change(unit, change, row)
        case Enroll(doubts=()):
            return await place.place(unit, row)
        case Enroll(doubts=doubts):
            return await place.to_queue(unit, row, "; ".join(doubts))
        case Again():
            raise AssertionError("what came before is not written down again")


def _referred(verdict: Verdict) -> Stopped | None:
    """What of it goes to somebody else."""
    result = verdict.result
    if isinstance(result, Stopped):
        return result if result.outcome is Outcome.REFERRED else None
    return verdict.referral


def _sentences(verdict: Verdict) -> list[str]:
    """What it does, or would do, to the family."""
    match verdict.result:
        case Ending() as ending:
            said = effects.ending_in_words(ending)
        case Change() as change:
            said = effects.change_in_words(change)
        case Enroll():
            said = effects.beginning_in_words(verdict.wanted)
        case Stopped() | Again():
            return []
    return [*said, f"{verdict.referral.why}."] if verdict.referral else said


def _ahead(verdict: Verdict) -> dict[str, Any]:
    """Outcome, reason and counts of what would be done."""
    match verdict.result:
        case Stopped() as stopped:
            return {"outcome": stopped.outcome, "why": stopped.why}
        case Ending() as ending:
            counts = {"people": ending.people, "coverages": len(ending.coverages)}
            return {"outcome": Outcome.APPLIED, "why": "it is done when it is submitted", **counts}
        case Change() as change:
            done = "it is done when it is submitted" if change.differs else at_once.NOTHING_DIFFERS
            why = "; ".join(filter(None, (change.enrolled, done)))
            return {"outcome": Outcome.APPLIED, "why": why, "people": int(bool(change.differs))}
        case Again(why=why):
            return {"outcome": Outcome.QUEUED, "why": why}
        case Enroll(doubts=doubts):
            why = "; ".join(doubts) or "it is matched with who is on file"
            return {"outcome": Outcome.QUEUED, "why": why, "people": 1, "coverages": len(verdict.wanted)}


async def _write(
    unit: Unit, transaction: Transaction, verdict: Verdict, submitted_by: str, at: Place | None
) -> Any:
    account, wanted = verdict.account, verdict.wanted
    starts = [one.starts_on for one in wanted]
    return await store.add(
        unit.connection,
        {
            "receipt": f"R-{await unit.number('receipt'):06d}",
            "channel": transaction.channel,
            "type": transaction.type,
            "file_id": at.file_id if at else None,
            "file_ordinal": at.ordinal if at else None,
            "file_part": at.part if at else None,
            "account_id": account.id if account else None,
            "group_number": account.number if account else transaction.group_number,
            "received_at": unit.now,
            "submitted_by": submitted_by,
            "web_user_id": verdict.user.id if verdict.user else None,
            "outcome": Outcome.REFUSED,
            "why": "",
            **on_record.columns_of(unit, transaction),
            "coverage_from": min(starts, default=None),
            "coverage_to": transaction.ends_on,
            "coverages": [one.as_json() for one in wanted],
        },
    )
