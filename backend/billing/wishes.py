"""How a client wants to be billed: on paper or not, and by which cycle. Only the client changes it.

The plan's FAQ: who receives a paper bill goes on receiving it, and small business may choose a billing cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from api_client.types.acts import ActChoice, Done
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import PhoneAct
from api_client.types.problems import ProblemType
from api_client.types.words import GroupState, Role
from backend.accounts import service as accounts
from backend.accounts.rules import group_state
from backend.billing import rules, standings, store
from backend.billing.say import spoken_date
from backend.calls import gate
from backend.database.unit import Unit
from backend.policy.premium import BillingPolicy
from backend.problems import Problem

ON, OFF = "on", "off"
_BEHIND = frozenset(DelinquencyState) - {DelinquencyState.CURRENT}


# -- the paper bill (R17) --------------------------------------------------------------------------


def paper_bill_wish(now: BillPreference, *, on: bool) -> BillPreference:
    """How the bill comes after the wish: paper is added to what there is, or only taken away."""
    if not on:
        return BillPreference.PAPERLESS
    return BillPreference.BOTH if now is BillPreference.PAPERLESS else now


def paper_bill_words(*, on: bool) -> str:
    """What will happen. The notices of unpaid premium are on paper whatever the client chose."""
    if on:
        return "The next bill comes on paper too; bills online go on as they are."
    return "The next bill is online only; warning and termination letters still come by mail."


def paper_bill_choices(now: BillPreference) -> list[ActChoice]:
    """The one change that is possible."""
    on = now is BillPreference.PAPERLESS
    label = "paper bill on" if on else "paper bill off"
    return [ActChoice(value=ON if on else OFF, label=label, will=paper_bill_words(on=on))]


async def paper_bill(unit: Unit, number: str, *, on: bool) -> Done:
    """Begin or end the paper bill for the client on the line; once more changes nothing.

    Raises NOT_FOUND, NOT_VERIFIED.
    """
    account = await accounts.account_of(unit, number)
    call = await gate.require_act(unit, PhoneAct.PAPER_BILL, account)
    before = BillPreference(account.bill_preference)
    after = paper_bill_wish(before, on=on)
    if after is before:
        return Done(sentence=f"The paper bill is {ON if on else OFF} already; nothing changes.")
    await accounts.change(unit, account, {"bill_preference": after})
    unit.audit("billing.paper_bill", "account", account.number, before=before, after=after)
    await gate.did(unit, PhoneAct.PAPER_BILL, account, subject=ON if on else OFF)
    return Done(sentence=paper_bill_words(on=on), reference=call.number)


# -- the billing cycle (R23) -----------------------------------------------------------------------


def next_unbilled(billed: Sequence[date], today: date) -> date:
    """First day of the next coverage month without an invoice; a month that is over is billed no more."""
    first = rules.month_start(today)
    if not billed:
        return first
    return max(first, rules.next_month(max(billed)))


def first_month(cycle: BillingCycle, unbilled: date, policy: BillingPolicy, today: date) -> date:
    """First coverage month billed by a cycle: the next unbilled one, or the one after it where its bill would
    have gone out before today; a bill reaches the client before it is due (28 CCR 1300.65(a)(2)).
    """
    month = unbilled
    while rules.invoice_dates(cycle, month, policy)[0] < today:
        month = rules.next_month(month)
    return month


def cycle_refused(
    account: Any, state: DelinquencyState, policy: BillingPolicy, today: date, *, lead: bool
) -> str:
    """Why no other cycle can be asked for; empty when one can. While premium is unpaid a lead may."""
    if group_state(account.state, account.ended_on, today) is GroupState.TERMINATED:
        return f"The group ended on {account.ended_on}."
    if not policy.cycles_offered:
        return "The exchange sets when this group is billed."
    least, most = policy.cycle_min_employees, policy.cycle_max_employees
    if not least <= account.employees <= most:
        return f"A billing cycle is chosen by groups of {least} to {most}; this one has {account.employees}."
    if state is DelinquencyState.TERMINATED_NONPAY:
        return "Coverage ended because premium was not paid."
    if state in _BEHIND and not lead:
        return "Premium is unpaid: the cycle stays, unless a lead allows another one."
    return ""


def cycle_words(cycle: BillingCycle, month: date, policy: BillingPolicy, today: date) -> str:
    """What will happen: the first bill by the cycle; what is billed already stays."""
    bill_date, due_date = rules.invoice_dates(cycle, month, policy)
    bill, due = spoken_date(bill_date, today), spoken_date(due_date, today)
    return (
        f"Cycle {cycle} begins with coverage of {month:%B %Y}: billed {bill}, due {due}. "
        "What is billed already keeps its due date."
    )


def cycle_choices(account: Any, unbilled: date, policy: BillingPolicy, today: date) -> list[ActChoice]:
    """The cycles that can be asked for."""
    coming = account.next_cycle or account.billing_cycle
    return [
        ActChoice(value=one, label=f"cycle {one}", will=cycle_will(account, one, unbilled, policy, today))
        for one in dict.fromkeys((*policy.cycles_offered, account.billing_cycle))
        if one != coming
    ]


def cycle_will(account: Any, cycle: BillingCycle, unbilled: date, policy: BillingPolicy, today: date) -> str:
    """What a wish for this cycle does; the present cycle takes back what was asked before."""
    if cycle == account.billing_cycle:
        return f"It stays at cycle {cycle}."
    return cycle_words(cycle, first_month(cycle, unbilled, policy, today), policy, today)


async def cycles(unit: Unit, account: Any) -> tuple[str, list[ActChoice]]:
    """Why no cycle can be asked for, or those that can."""
    policy = unit.policy.billing_of(account.billing_policy)
    refused = await _cycle_refused(unit, account, policy)
    if refused:
        return refused, []
    unbilled = next_unbilled(await store.months_billed(unit.connection, account.id), unit.today)
    return "", cycle_choices(account, unbilled, policy, unit.today)


async def request_cycle(unit: Unit, number: str, cycle: BillingCycle) -> Done:
    """Have the client on the line billed by another cycle from the next unbilled month on; the present cycle
    takes an earlier wish back. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES, INVALID.
    """
    account = await accounts.account_of(unit, number)
    call = await gate.require_act(unit, PhoneAct.BILLING_CYCLE, account)
    policy = unit.policy.billing_of(account.billing_policy)
    await accounts.lock(unit, account.id)
    refused = await _cycle_refused(unit, account, policy)
    if refused:
        raise Problem(ProblemType.RULE_REFUSES, refused)
    if cycle not in policy.cycles_offered and cycle != account.billing_cycle:
        offered = ", ".join(policy.cycles_offered)
        raise Problem(
            ProblemType.INVALID, f"The cycles are {offered}.", errors=[("cycle", "is not one of them")]
        )
    if cycle == (account.next_cycle or account.billing_cycle):
        return Done(sentence=f"It is cycle {cycle} already; nothing changes.")
    unbilled = next_unbilled(await store.months_billed(unit.connection, account.id), unit.today)
    month = first_month(cycle, unbilled, policy, unit.today)
    stays = cycle == account.billing_cycle
    wish = {"next_cycle": "" if stays else cycle, "next_cycle_from": None if stays else month}
    await accounts.change(unit, account, wish)
    unit.audit("billing.request_cycle", "account", account.number, cycle=cycle, month=month)
    await gate.did(unit, PhoneAct.BILLING_CYCLE, account, subject=cycle)
    words = cycle_will(account, cycle, unbilled, policy, unit.today)
    return Done(sentence=words, reference=call.number)


async def _cycle_refused(unit: Unit, account: Any, policy: BillingPolicy) -> str:
    state, _ = (await standings.of_accounts(unit, [account.id]))[account.id]
    lead = unit.actor.role in (Role.LEAD, Role.ADMIN)
    return cycle_refused(account, state, policy, unit.today, lead=lead)


async def cycle_of(unit: Unit, account: Any, month: date) -> BillingCycle:
    """The cycle by which a coverage month is billed now; the first month of a wish makes it the cycle."""
    await accounts.lock(unit, account.id)
    present = await accounts.account_by_id(unit, account.id)
    if not present.next_cycle or rules.month_start(month) < present.next_cycle_from:
        return BillingCycle(present.billing_cycle)
    cycle = BillingCycle(present.next_cycle)
    await accounts.change(unit, present, {"billing_cycle": cycle, "next_cycle": "", "next_cycle_from": None})
    return cycle
