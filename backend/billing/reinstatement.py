"""Coverage that ended unpaid is asked back by the client on the line, and given back by a lead."""

from __future__ import annotations

from typing import Any

from api_client.types.billing import DecideReinstatement, ReinstatementRow
from api_client.types.call_words import PhoneAct
from api_client.types.problems import ProblemType
from backend.accounts import service as accounts
from backend.billing import delinquency, store, view
from backend.billing.books import Reckoning, reckoned
from backend.billing.standings import changed
from backend.calls import gate
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found

_NOT_ENDED = "Coverage of this group did not end for unpaid premium."


def why_not(at: Reckoning, row: Any) -> str:
    """What stands against giving coverage back today on this request; empty when nothing does."""
    refusal = delinquency.reinstatement_refused(
        at.ledger,
        row.requested_on,
        at.policy,
        at.calendar,
        contract_from=at.account.effective_from,
        on=at.found.on,
    )
    return refusal.sentence if refusal is not None else ""


def rows(at: Reckoning) -> list[ReinstatementRow]:
    """All requests of a group, the newest first."""
    return [_row(at, row) for row in reversed(at.rows["reinstatement"])]


def _row(at: Reckoning, row: Any) -> ReinstatementRow:
    return view.reinstatement(row, "" if row.decided_on else why_not(at, row))


# -- asking ----------------------------------------------------------------------------------------


def _refused(at: Reckoning) -> str:
    if at.found.coverage_end is None:
        return _NOT_ENDED
    waiting = (row.number for row in at.rows["reinstatement"] if row.decided_on is None)
    number = next(waiting, "")
    return f"{number} was asked for already; a lead decides it." if number else ""


async def option(unit: Unit, account: Any) -> tuple[str, str]:
    """Why coverage cannot be asked back, or what will happen."""
    at = await reckoned(unit, account)
    until = f"within {at.policy.reinstatement_days} days after the end"
    return _refused(at), (
        f"A lead decides: asked for {until}, and all premium through this month paid, "
        "coverage is given back with no gap."
    )


async def ask(unit: Unit, number: str) -> ReinstatementRow:
    """Take down that the client on the line asks for coverage to be given back.

    Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES where coverage did not end unpaid or was asked for already.
    """
    account = await accounts.account_of(unit, number)
    call = await gate.require_act(unit, PhoneAct.REINSTATE_GROUP, account)
    await accounts.lock(unit, account.id)
    if refused := _refused(await reckoned(unit, account)):
        raise Problem(ProblemType.RULE_REFUSES, refused)
    asked = f"RI-{await unit.number('reinstatement'):05d}"
    values = {"number": asked, "account_id": account.id, "requested_on": unit.today, "call_id": call.id}
    await store.add_reinstatement(unit.connection, values)
    unit.audit("billing.ask_reinstatement", "reinstatement", asked, account=account.number)
    await gate.did(unit, PhoneAct.REINSTATE_GROUP, account, subject=asked)
    await changed(unit, account)
    return await _by_number(unit, account, asked)


# -- deciding --------------------------------------------------------------------------------------


async def decide(unit: Unit, number: str, version: int, form: DecideReinstatement) -> ReinstatementRow:
    """Give coverage back with no gap, or refuse with a reason; no card is made anew, and the bill stays on
    paper or online as it was.

    Raises NOT_FOUND, STALE with the present state, INVALID for a refusal without a reason, RULE_REFUSES for
    one decided already, and for an approval the rules are against.
    """
    row = await store.reinstatement_by_number(unit.connection, number)
    if row is None:
        raise not_found("request", number)
    account = await accounts.account_by_id(unit, row.account_id)
    await accounts.lock(unit, account.id)
    if row.version != version:
        raise await _stale(unit, account, number)
    if row.decided_on is not None:
        raise Problem(ProblemType.RULE_REFUSES, f"{number} was decided on {row.decided_on}.")
    if form.approve:
        if against := why_not(await reckoned(unit, account), row):
            raise Problem(ProblemType.RULE_REFUSES, against)
    elif not form.reason:
        raise Problem(ProblemType.INVALID, "A refusal has a reason.", errors=[("reason", "is missing")])
    decision = {"decided_on": unit.today, "approved": form.approve, "reason": form.reason}
    decision["decided_by"] = unit.actor.rep_id
    if not await store.change_reinstatement(unit.connection, row.id, version, decision):
        raise await _stale(unit, account, number)
    how = "approved" if form.approve else "refused"
    unit.audit("billing.decide_reinstatement", "reinstatement", number, account=account.number, how=how)
    await changed(unit, account)  # gives coverage back: by the books it did not end
    return await _by_number(unit, account, number)


async def _stale(unit: Unit, account: Any, number: str) -> Problem:
    current = as_json(await _by_number(unit, account, number))
    return Problem(ProblemType.STALE, f"{number} was changed meanwhile.", current=current)


async def _by_number(unit: Unit, account: Any, number: str) -> ReinstatementRow:
    at = await reckoned(unit, account)
    row = next(one for one in at.rows["reinstatement"] if one.number == number)
    return _row(at, row)
