"""Bills: what is due by cycle goes out by the rates of the group, and what was too much is given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api_client.types.billing_words import BillingCycle, DelinquencyState, IncidentKind, Proration
from backend.accounts import members
from backend.accounts import service as accounts
from backend.billing import books, rates, rules, store, wishes
from backend.billing.rates import Charges, Line
from backend.billing.standings import changed, of_accounts
from backend.database.unit import Unit
from backend.jobs.incidents import raise_incident
from backend.policy.premium import BillingPolicy

_NO_SUBSCRIBER = ""


@dataclass
class Billed:
    """What was billed to a group on a day."""

    numbers: list[str] = field(default_factory=list)
    refused: str = ""
    """Why a month that is due is not billed."""


async def bill_due(unit: Unit, account: Any, day: date) -> Billed:
    """Bill every month whose bill date has come by a day, in their order; a month is billed once.

    The bills go out on the day the unit's run is of. One on or after its due date keeps neither date, and is
    an incident (28 CCR 1300.65(a)(2)). What a group pays is never invented: without a rate nothing is billed.
    """
    await accounts.lock(unit, account.id)
    account = await accounts.account_by_id(unit, account.id)
    billed = Billed()
    state, _ = (await of_accounts(unit, [account.id]))[account.id]
    if state is DelinquencyState.TERMINATED_NONPAY:
        return billed
    policy = books.policy_of(unit, account)
    months = await store.months_billed(unit.connection, account.id)
    known: _Known | None = None
    month = rates.first_to_bill(
        months, account.effective_from, account.paid_through, day, policy.retro_months
    )
    while _has_coverage(account, month):
        bill_date, due_date = rules.invoice_dates(_cycle(account, month), month, policy)
        if bill_date > day:
            break
        known = known or await _known(unit, account, month)
        cost = known.cost(month)
        if cost.missing:
            billed.refused = _no_rate(cost, month)
            break
        if cost.lines:
            lines = [*cost.lines, *await _retroactive(unit, account)]
            dates = rates.dates_on(bill_date, due_date, unit.goes_on)
            number = await _issue(unit, account, month, dates, lines)
            billed.numbers.append(number)
            if dates.late:
                await raise_incident(unit, IncidentKind.LATE_BILL, _late_words(number, month, dates), account)
        month = rules.next_month(month)
    if billed.numbers:
        await changed(unit, account)
    return billed


def _has_coverage(account: Any, month: date) -> bool:
    return account.ended_on is None or month <= account.ended_on


def _cycle(account: Any, month: date) -> BillingCycle:
    """The cycle a month will be billed by."""
    asked = account.next_cycle and account.next_cycle_from <= month
    return BillingCycle(account.next_cycle if asked else account.billing_cycle)


def _no_rate(cost: Charges, month: date) -> str:
    return (
        f"{month:%B %Y} is not billed: there is no rate for {', '.join(cost.missing)}; import-rates takes it."
    )


def _late_words(number: str, month: date, dates: rates.Dates) -> str:
    return (
        f"Bill {number} for {month:%B %Y} went out {dates.late} days late, on {dates.bill_date}; "
        f"it is due on {dates.due_date}."
    )


@dataclass(frozen=True)
class _Known:
    """What a group's months are charged by."""

    covered: list[rates.Covered]
    rates: list[rates.Rate]
    method: Proration
    policy: BillingPolicy

    def cost(self, month: date) -> Charges:
        """What a month costs by what is known now."""
        return rates.charges(self.covered, self.rates, month, self.method, self.policy)


async def _known(unit: Unit, account: Any, since: date) -> _Known:
    """What the months of an account from one on are charged by."""
    covered = [
        rates.Covered(
            row.subscriber_number,
            row.line,
            row.level,
            row.starts_on,
            min(filter(None, (row.ends_on, account.ended_on)), default=None),
        )
        for row in await members.coverage_to_bill(unit, account.id, since)
    ]
    known = [
        rates.Rate(row.line, row.level, row.from_on, row.amount)
        for row in await store.rates(unit.connection, account.id)
    ]
    policy = books.policy_of(unit, account)
    method = Proration(account.proration) if account.proration else policy.proration
    return _Known(covered, known, method, policy)


# -- retroactive changes ---------------------------------------------------------------------------


async def post_credits(unit: Unit, account: Any) -> int:
    """Give back at once what was billed too much of the last months, such as for who left; returns how many
    credits were posted, a second time none.
    """
    await accounts.lock(unit, account.id)
    count = 0
    for month, found in (await _differences(unit, account)).items():
        for subscriber, amount in found.items():
            if amount < 0:
                await store.add_credit(
                    unit.connection,
                    {
                        "account_id": account.id,
                        "posted_on": unit.today,
                        "amount": -amount,
                        "reason": f"retroactive change of {month:%B %Y}",
                        "month": month,
                        "subscriber_number": subscriber,
                    },
                )
                count += 1
    if count:
        unit.audit("billing.post_credits", "account", account.number, credits=count)
        await changed(unit, account)
    return count


async def _retroactive(unit: Unit, account: Any) -> list[Line]:
    """Lines of the next bill for what was billed too little of the last months."""
    return [
        Line(subscriber, "", amount, month)
        for month, found in (await _differences(unit, account)).items()
        for subscriber, amount in found.items()
        if amount > 0
    ]


async def _differences(unit: Unit, account: Any) -> dict[date, dict[str, Decimal]]:
    """Month -> subscriber number -> what it costs now less what was charged for it and not given back.

    A month is left alone where a rate is missing, or where something was billed to no subscriber.
    """
    count = books.policy_of(unit, account).retro_months
    months = await store.last_months_billed(unit.connection, account.id, count)
    if not months:
        return {}
    charged: dict[date, dict[str, Decimal]] = {month: {} for month in months}
    for row in await store.charged(unit.connection, account.id, months):
        _add(charged[row.of_month], row.subscriber_number, row.amount)
    for row in await store.credited(unit.connection, account.id, months):
        _add(charged[row.month], row.subscriber_number, -row.amount)
    known = await _known(unit, account, months[0])
    answer = {}
    for month in months:
        cost = known.cost(month)
        if not cost.missing and _NO_SUBSCRIBER not in charged[month]:
            answer[month] = rates.differences(cost.lines, charged[month])
    return answer


def _add(sums: dict[str, Decimal], subscriber: str, amount: Decimal) -> None:
    sums[subscriber] = sums.get(subscriber, rules.ZERO) + amount


# -- one bill --------------------------------------------------------------------------------------


async def issue_invoice(unit: Unit, account: Any, month: date, lines: Sequence[tuple[str, Decimal]]) -> str:
    """Bill a coverage month on its dates, one line a subscriber number with its premium; returns the invoice
    number.
    """
    policy = books.policy_of(unit, account)
    bill_date, due_date = rules.invoice_dates(await wishes.cycle_of(unit, account, month), month, policy)
    charged = [Line(subscriber, "", amount) for subscriber, amount in lines]
    number = await _issue(unit, account, month, rates.Dates(bill_date, due_date), charged)
    await changed(unit, account)
    return number


async def _issue(unit: Unit, account: Any, month: date, dates: rates.Dates, lines: Sequence[Line]) -> str:
    await wishes.cycle_of(unit, account, month)  # the first month of another cycle makes it the cycle
    number = f"I-{await unit.number('invoice'):06d}"
    await store.add_invoice(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "month": rules.month_start(month),
            "bill_date": dates.bill_date,
            "due_date": dates.due_date,
            "premium": sum((one.amount for one in lines), rules.ZERO),
            "issued_at": unit.now,
        },
        [
            {
                "kind": "premium" if one.month is None else "retroactive",
                "subscriber_number": one.subscriber,
                "tier": one.tier,
                "amount": one.amount,
                "month": one.month,
            }
            for one in lines
        ],
    )
    unit.audit("billing.issue_invoice", "account", account.number, invoice=number)
    return number


async def months_billed_since(unit: Unit, account_id: int, instant: datetime) -> list[date]:
    """First days of the months billed to the account after an instant."""
    return await store.months_billed_since(unit.connection, account_id, instant)
