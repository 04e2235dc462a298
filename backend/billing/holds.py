"""What holds the rules up for a group: a dispute the client tells us of, or a hold a lead opens.

Which kinds stop dates is the plan's policy; any other is only told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_client.types.acts import ActChoice
from api_client.types.billing import Dispute, HoldRow, LiftHold, OpenHold
from api_client.types.billing_words import HoldKind
from api_client.types.call_words import PhoneAct
from api_client.types.problems import ProblemType
from backend.accounts import service as accounts
from backend.billing import books, rules, store, view
from backend.billing.books import Reckoning, reckoned
from backend.billing.ledger import OpenInvoice
from backend.billing.standings import changed
from backend.calls import gate
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found

_LONGEST = timedelta(days=3660)
"""What lasts longer has no last day that anybody knows; dates counted from it would leave the calendar."""
_NO_BILL = "No bill of this group is open, so none can be disputed."


# -- a dispute ---------------------------------------------------------------------------------------


def dispute_words(one: OpenInvoice, *, stops_dates: bool) -> str:
    """What will happen when this bill is disputed."""
    dates = "dates stand still until it is settled" if stops_dates else "it stops no date: letters go on"
    amount = rules.dollars(one.open)
    return f"The dispute of {one.invoice.month:%B %Y}, {amount} open, goes to a lead; {dates}."


async def option(unit: Unit, account: Any) -> tuple[str, list[ActChoice]]:
    """Why no bill can be disputed, or those that can."""
    at = await reckoned(unit, account)
    stops = HoldKind.DISPUTE in at.policy.holds_stop_dates
    choices = [
        ActChoice(
            value=one.invoice.number,
            label=f"bill {one.invoice.month:%Y-%m}",
            will=dispute_words(one, stops_dates=stops),
        )
        for one in _to_dispute(at)
    ]
    return "" if choices else _NO_BILL, choices


def _to_dispute(at: Reckoning) -> list[OpenInvoice]:
    """Bills with something open that nobody disputes yet, the oldest first."""
    taken = _disputed(at)
    return [one for one in at.found.standing.invoices if one.open and one.invoice.number not in taken]


def _disputed(at: Reckoning) -> set[str]:
    numbers = books.numbers_of(at.rows)
    return {numbers.get(row.invoice_id, "") for row in view.holds_now(at.rows["hold"], at.found.on)}


async def dispute(unit: Unit, number: str, form: Dispute) -> HoldRow:
    """Take down that the client on the line disputes a bill; a lead settles it.

    Raises NOT_FOUND for group or bill, NOT_VERIFIED, RULE_REFUSES for a bill paid or disputed already.
    """
    account = await accounts.account_of(unit, number)
    call = await gate.require_act(unit, PhoneAct.DISPUTE, account)
    await accounts.lock(unit, account.id)
    at = await reckoned(unit, account)
    bill = at.invoices.get(form.invoice)
    if bill is None:
        raise Problem(ProblemType.NOT_FOUND, f"Group {account.number} has no bill of this number.")
    if form.invoice in _disputed(at):
        raise Problem(ProblemType.RULE_REFUSES, f"Bill {form.invoice} is disputed already.")
    if form.invoice not in {one.invoice.number for one in _to_dispute(at)}:
        raise Problem(ProblemType.RULE_REFUSES, f"Nothing of bill {form.invoice} is open.")
    values = {"kind": HoldKind.DISPUTE, "invoice_id": bill.id, "reason": form.reason, "call_id": call.id}
    opened = await _open(unit, account, values)
    await gate.did(unit, PhoneAct.DISPUTE, account, subject=opened)
    return await _row(unit, account, opened)


# -- holds -------------------------------------------------------------------------------------------


async def open_hold(unit: Unit, number: str, form: OpenHold) -> HoldRow:
    """Hold the rules up for a group.

    Raises NOT_FOUND, INVALID for a last day that is over or too far ahead, RULE_REFUSES for a dispute, which
    the client alone begins, and for a kind that is open already.
    """
    account = await accounts.account_of(unit, number)
    if form.kind is HoldKind.DISPUTE:
        raise Problem(
            ProblemType.RULE_REFUSES, "A dispute names a bill, and begins with the client on the line."
        )
    if form.to_on is not None and form.to_on < unit.today:
        raise Problem(
            ProblemType.INVALID, "The last day of a hold is not over.", errors=[("to_on", "is over")]
        )
    if form.to_on is not None and form.to_on > unit.today + _LONGEST:
        raise Problem(
            ProblemType.INVALID,
            "A hold lasts ten years at the most; leave its last day open where nobody knows it.",
            errors=[("to_on", "is too far ahead")],
        )
    await accounts.lock(unit, account.id)
    rows = view.holds_now((await store.books(unit.connection, account.id))["hold"], unit.today)
    if other := _same_kind(rows, form.kind):
        raise Problem(ProblemType.RULE_REFUSES, f"{other} is open for the same.")
    values = {"kind": form.kind, "to_on": form.to_on, "reason": form.reason}
    return await _row(unit, account, await _open(unit, account, values))


def _same_kind(rows: Sequence[Any], kind: HoldKind) -> str:
    return next((str(row.number) for row in rows if row.kind == kind), "")


async def _open(unit: Unit, account: Any, values: dict[str, Any]) -> str:
    number = f"H-{await unit.number('hold'):05d}"
    stops = values["kind"] in books.policy_of(unit, account).holds_stop_dates
    mine = {"opened_by": unit.actor.rep_id, "from_on": unit.today, "stops_dates": stops}
    await store.add_hold(unit.connection, {**values, **mine, "number": number, "account_id": account.id})
    unit.audit("billing.open_hold", "hold", number, account=account.number, kind=values["kind"])
    await changed(unit, account)
    return number


async def lift_hold(unit: Unit, number: str, version: int, form: LiftHold) -> HoldRow:
    """End a hold or a dispute: from today on the rules go on.

    Raises NOT_FOUND, STALE with the present state, RULE_REFUSES for one that is over already.
    """
    row = await store.hold_by_number(unit.connection, number)
    if row is None:
        raise not_found("hold", number)
    account = await accounts.account_by_id(unit, row.account_id)
    if row.version != version:
        raise await _stale(unit, account, number)
    if row.lifted_on is not None:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} was lifted on {row.lifted_on}.")
    if row.to_on is not None and row.to_on < unit.today:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} ended on {row.to_on}.")
    values = {"lifted_on": unit.today, "lifted_reason": form.reason}
    if not await store.change_hold(unit.connection, row.id, version, values):
        raise await _stale(unit, account, number)
    unit.audit("billing.lift_hold", "hold", number, account=account.number, reason=form.reason)
    await changed(unit, account)
    return await _row(unit, account, number)


async def _stale(unit: Unit, account: Any, number: str) -> Problem:
    current = as_json(await _row(unit, account, number))
    return Problem(ProblemType.STALE, f"{number} was changed meanwhile.", current=current)


async def _row(unit: Unit, account: Any, number: str) -> HoldRow:
    rows = await store.books(unit.connection, account.id)
    row = next(row for row in rows["hold"] if row.number == number)
    return view.hold(row, books.numbers_of(rows))
