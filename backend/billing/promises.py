"""Promises to pay, taken down for the client on the line: they change no date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from api_client.types.billing import MakePromise, PromiseRow
from api_client.types.billing_words import DelinquencyState
from api_client.types.call_words import PhoneAct
from api_client.types.problems import ProblemType
from backend.accounts import service as accounts
from backend.billing import rules, store, view
from backend.billing.books import Reckoning, reckoned
from backend.billing.say import in_words, spoken_date
from backend.billing.standings import changed
from backend.calls import gate
from backend.database.unit import Unit
from backend.problems import Problem, not_found

_IN_GRACE = (DelinquencyState.GRACE, DelinquencyState.TERM_PENDING)


def refused(state: DelinquencyState, open_promise: str) -> str:
    """Why no promise is taken down, empty when one can be; `open_promise` is the number of an open one."""
    if state not in _IN_GRACE:
        return "A promise to pay is taken down while grace runs; it does not."
    return (
        f"{open_promise} is open; a second promise is taken down when it is kept or over."
        if open_promise
        else ""
    )


def will(amount: Decimal, last_day: date | None, today: date) -> str:
    """What will happen when it is taken down."""
    kept = f"{in_words(amount)} by {spoken_date(last_day, today)}" if last_day else in_words(amount)
    return f"The promise is noted; it changes no date. What keeps coverage is {kept}."


async def option(unit: Unit, account: Any) -> tuple[str, str]:
    """Why no promise can be taken down, or what will happen."""
    at = await reckoned(unit, account)
    why_not = _refused(at)
    return why_not, will(at.found.keep_coverage_amount, at.found.keep_coverage_by, unit.today)


def _refused(at: Reckoning) -> str:
    row = view.open_promise(at)
    return refused(at.found.state, row.number if row is not None else "")


async def promise(unit: Unit, number: str, form: MakePromise) -> PromiseRow:
    """Take down that the client on the line promises to pay.

    Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES, INVALID for a day before today or after the end.
    """
    account = await accounts.account_of(unit, number)
    call = await gate.require_act(unit, PhoneAct.PROMISE, account)
    await accounts.lock(unit, account.id)
    at = await reckoned(unit, account)
    if why_not := _refused(at):
        raise Problem(ProblemType.RULE_REFUSES, why_not)
    last_day = at.found.keep_coverage_by
    if form.pay_by < unit.today or (last_day is not None and form.pay_by > last_day):
        until = f" to {last_day}, the last day to keep coverage" if last_day else " on"
        raise Problem(
            ProblemType.INVALID,
            f"A promise is for a day from today{until}.",
            errors=[("pay_by", "is no such day")],
        )
    promised = f"PTP-{await unit.number('promise'):05d}"
    await store.add_promise(
        unit.connection,
        {
            "number": promised,
            "account_id": account.id,
            "made_on": unit.today,
            "pay_by": form.pay_by,
            "amount": form.amount,
            "made_at": unit.now,
            "call_id": call.id,
        },
    )
    unit.audit(
        "billing.promise", "promise", promised, account=account.number, amount=rules.dollars(form.amount)
    )
    await gate.did(unit, PhoneAct.PROMISE, account, subject=promised)
    await changed(unit, account)
    return await _row(unit, account, promised)


async def undo(unit: Unit, number: str) -> PromiseRow:
    """Take one's own entry back; returns it as it was. Raises NOT_FOUND, NOT_ALLOWED for somebody else's or
    when the time is over.
    """
    row = await store.promise_by_number(unit.connection, number)
    if row is None:
        raise not_found("promise", number)
    if row.made_by is None or row.made_by != unit.actor.rep_id:
        raise Problem(ProblemType.NOT_ALLOWED, "Only who took the promise down can take it back.")
    if unit.now >= view.undo_until(unit, row.made_at):
        raise Problem(ProblemType.NOT_ALLOWED, "The time to take it back is over.")
    account = await accounts.account_by_id(unit, row.account_id)
    was = await _row(unit, account, number)
    await store.remove_promise(unit.connection, row.id)
    unit.audit("billing.undo_promise", "promise", number, account=account.number)
    await changed(unit, account)
    return was.model_copy(update={"undo_until": None})


async def _row(unit: Unit, account: Any, number: str) -> PromiseRow:
    at = await reckoned(unit, account)
    row = next(one for one in at.rows["promise"] if one.number == number)
    return view.promise(unit, at, row)
