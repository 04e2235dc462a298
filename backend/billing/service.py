"""Where a group stands with its premium, as it is told, and the payments it made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_client.types.billing import (
    BillingStatus,
    Payment,
    RecordPayment,
    ReturnPayment,
    ReversePayment,
    WhatIf,
    WhatIfAnswer,
)
from api_client.types.call_words import Fact
from api_client.types.problems import ProblemType
from backend.accounts import service as accounts
from backend.billing import books, reinstatement, rules, store, view
from backend.billing.books import reckoned
from backend.billing.say import METHODS
from backend.billing.standings import changed
from backend.calls import gate
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found

_RETURNED = "returned payment"
_AHEAD = timedelta(days=366)


# -- status ----------------------------------------------------------------------------------------


async def show(unit: Unit, number: str) -> BillingStatus:
    """Billing status of a group. Raises NOT_FOUND, NOT_VERIFIED."""
    account = await accounts.account_of(unit, number)
    await gate.require(unit, Fact.BILLING, account)
    unit.audit("billing.show", "account", account.number)
    return await status(unit, account)


async def status(unit: Unit, account: Any) -> BillingStatus:
    """Everything a rep says about the bill of the account in this row of `account`."""
    at = await reckoned(unit, account)
    return view.status(unit, at, reinstatement.rows(at))


async def what_if(unit: Unit, number: str, form: WhatIf) -> WhatIfAnswer:
    """What would follow from a payment, beside what follows without it; nothing is written.

    Raises NOT_FOUND, NOT_VERIFIED, INVALID for a day that is over or more than a year ahead.
    """
    account = await accounts.account_of(unit, number)
    await gate.require(unit, Fact.BILLING, account)
    unit.audit("billing.what_if", "account", account.number)
    if not unit.today <= form.on <= unit.today + _AHEAD:
        raise Problem(
            ProblemType.INVALID,
            "A payment is thought of for a day from today to a year ahead.",
            errors=[("on", "is no such day")],
        )
    return view.courses(await reckoned(unit, account), form)


def payment_words(status: BillingStatus) -> str:
    """The last payment that counts, in a line."""
    for one in status.payments:
        if one.reversed_at is None and one.returned_on is None:
            how = " ".join(part for part in (METHODS[one.method], one.reference) if part)
            return f"{rules.dollars(one.amount)} received {one.received_on}, {how}"
    return "nothing received yet"


# -- payments --------------------------------------------------------------------------------------


async def record_payment(unit: Unit, form: RecordPayment, *, external_id: str | None = None) -> Payment:
    """A payment received, of whatever kind: money that is here is a fact.

    Raises NOT_FOUND for the group, INVALID for a day to come, RULE_REFUSES for more fees than are open.
    """
    account = await accounts.account_of(unit, form.group_number)
    if form.received_on > unit.today:
        raise Problem(
            ProblemType.INVALID,
            "A payment cannot be received on a day to come.",
            errors=[("received_on", "lies in the future")],
        )
    await accounts.lock(unit, account.id)
    if form.for_fees:
        await _refuse_beyond_fees(unit, account, form)
    row = await store.add_payment(
        unit.connection,
        {
            "number": f"P-{await unit.number('payment'):05d}",
            "account_id": account.id,
            "external_id": external_id,
            "received_on": form.received_on,
            "amount": form.amount,
            "method": form.method,
            "reference": form.reference,
            "for_fees": form.for_fees,
            "recorded_at": unit.now,
        },
    )
    unit.audit("billing.record_payment", "payment", row.number, account=account.number, amount=form.amount)
    await changed(unit, account)
    return view.payment(row)


async def _refuse_beyond_fees(unit: Unit, account: Any, form: RecordPayment) -> None:
    """Fees stand apart, so what is over could be booked nowhere."""
    fees = (await reckoned(unit, account)).found.open_fees
    if form.amount > fees:
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"{rules.dollars(fees)} of fees are open; what is over is premium, recorded on its own.",
        )


async def reverse_payment(unit: Unit, number: str, version: int, form: ReversePayment) -> Payment:
    """Take a mis-posted payment back; it counts for nothing, and both acts stay on the books.

    Raises NOT_FOUND, STALE with the present state, RULE_REFUSES for one that is gone already.
    """
    row = await _payment_that_counts(unit, number, version)
    reversal = {"reversed_at": unit.now, "reversed_reason": form.reason}
    after = await _change_payment(unit, row, reversal)
    account = await accounts.account_by_id(unit, row.account_id)
    unit.audit("billing.reverse_payment", "payment", number, account=account.number, reason=form.reason)
    await changed(unit, account)
    return view.payment(after)


async def return_payment(unit: Unit, number: str, version: int, form: ReturnPayment) -> Payment:
    """The bank brought a payment back: from its date on it counts for nothing, and the fee is charged.

    Raises NOT_FOUND, STALE with the present state, INVALID for a day that cannot be, RULE_REFUSES for one
    that is gone already.
    """
    row = await _payment_that_counts(unit, number, version)
    if not row.received_on <= form.returned_on <= unit.today:
        raise Problem(
            ProblemType.INVALID,
            f"A payment comes back from the day it was received, {row.received_on}, to today.",
            errors=[("returned_on", "is no such day")],
        )
    after = await _change_payment(unit, row, {"returned_on": form.returned_on})
    account = await accounts.account_by_id(unit, row.account_id)
    unit.audit("billing.return_payment", "payment", number, account=account.number, on=form.returned_on)
    fee = books.policy_of(unit, account).nsf_fee
    if fee:
        charge = {"account_id": account.id, "kind": _RETURNED, "amount": fee, "payment_id": row.id}
        await store.add_fee(unit.connection, {**charge, "charged_on": form.returned_on})
    await changed(unit, account)
    return view.payment(after)


async def _payment_that_counts(unit: Unit, number: str, version: int) -> Any:
    row = await store.payment_by_number(unit.connection, number)
    if row is None:
        raise not_found("payment", number)
    if row.version != version:
        raise _stale(row)
    if row.reversed_at is not None:
        raise Problem(ProblemType.RULE_REFUSES, f"Payment {number} was reversed already.")
    if row.returned_on is not None:
        raise Problem(
            ProblemType.RULE_REFUSES, f"The bank brought payment {number} back on {row.returned_on}."
        )
    return row


async def _change_payment(unit: Unit, row: Any, values: dict[str, Any]) -> Any:
    """The row of the payment as changed; done before all else, so that a refusal leaves nothing behind."""
    after = await store.change_payment(unit.connection, row.id, row.version, values)
    if after is None:  # someone was faster, between reading and writing
        raise _stale(await store.payment_by_number(unit.connection, row.number))
    return after


def _stale(row: Any) -> Problem:
    current = as_json(view.payment(row))
    return Problem(ProblemType.STALE, f"Payment {row.number} was changed meanwhile.", current=current)
