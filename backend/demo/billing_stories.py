"""Day by day: bills go out, money comes in or does not, letters are written and mailed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from api_client.types.billing import RecordPayment, ReturnPayment
from api_client.types.billing_words import BillingCycle, PaymentMethod
from backend.accounts import service as accounts
from backend.actors import SYSTEM
from backend.billing import bills, ending, rules, service
from backend.database.unit import Unit
from backend.demo.groups import BillingStory, DemoGroup
from backend.letters import writing
from backend.runtime import Runtime

_RATE = Decimal("412.50")
LEVELS = ("EMP", "ESP", "FAM")
"""Levels of coverage by how many people are covered: the subscriber, two, more."""
FIRST_MONTH, MONTHS = date(2026, 10, 1), 3
_CYCLE = {
    BillingStory.TERM_PENDING: BillingCycle.C1,
    BillingStory.RETURNED: BillingCycle.C1,
    BillingStory.ENDED: BillingCycle.C1,
    BillingStory.PAST_DUE: BillingCycle.C3,
    BillingStory.GRACE: BillingCycle.C4,
}
_UNPAID_FROM = {
    BillingStory.PAST_DUE: date(2026, 11, 1),
    BillingStory.GRACE: date(2026, 11, 1),
    BillingStory.TERM_PENDING: date(2026, 11, 1),
    BillingStory.ENDED: date(2026, 10, 1),
}
"""First coverage month the group does not pay."""
_RETURNED_ON = date(2026, 11, 12)
Lines = Sequence[tuple[str, Decimal]]


def level_of(people: int) -> str:
    """The level of coverage of so many people."""
    return LEVELS[min(people, len(LEVELS)) - 1]


def rate_of(level: str) -> Decimal:
    """What a level costs a month."""
    return _RATE * (LEVELS.index(level) + 1)


def rate_rows(groups: Sequence[DemoGroup]) -> Iterator[dict[str, str]]:
    """The rates of every group, as a file brings them."""
    for group in groups:
        for level in ("", *LEVELS):  # who enrolls online is of no level
            yield {
                "group_number": group.number,
                "line": "HMO",
                "level": level,
                "from_on": "2025-01-01",
                "amount": f"{rate_of(level or LEVELS[0])}",
            }


def with_cycle(group: DemoGroup) -> DemoGroup:
    """The group on the billing cycle in which its story is seen."""
    return replace(group, cycle=_CYCLE.get(group.story, group.cycle))


class BillingDays:
    """Lives through the days of all groups."""

    def __init__(
        self,
        runtime: Runtime,
        groups: Sequence[DemoGroup],
        premiums: Mapping[str, Lines],
        set_clock: Callable[[datetime], None],
    ) -> None:
        self._runtime = runtime
        self._groups = groups
        self._premiums = premiums
        self._set_clock = set_clock
        self._returned: list[tuple[str, int]] = []

    async def live(self, first: date, last: date) -> None:
        """Every day from the first to the last, each in a unit of its own."""
        day = first
        while day <= last:
            self._set_clock(datetime.combine(day, time(9, 0), self._runtime.calendar.zone))
            async with self._runtime.act(SYSTEM, "demo") as unit:
                for group in self._groups:
                    await self._day(unit, group, day)
            day += timedelta(days=1)

    async def _day(self, unit: Unit, group: DemoGroup, day: date) -> None:
        account: Any = None
        for month in _months():
            billed_on, due_on = rules.invoice_dates(group.cycle, month, unit.policy.billing)
            if day == billed_on and not _ended(group, day):
                account = account or await accounts.account_of(unit, group.number)
                await bills.issue_invoice(unit, account, month, self._premiums[group.number])
            if day == _paid_on(group, month, due_on):
                await self._pay(unit, group, month, day)
        if group.story is BillingStory.RETURNED and day == _RETURNED_ON:
            await self._bounce(unit)
        if group.story is BillingStory.ENDED:
            account = account or await accounts.account_of(unit, group.number)
            await ending.end_unpaid(unit, account)
        if group.story not in (BillingStory.PAID, BillingStory.PAST_DUE):  # whose letters today's run writes
            account = account or await accounts.account_of(unit, group.number)
            for number in (await writing.write_due(unit, account)).numbers:
                await writing.mark_mailed(unit, number)

    async def _pay(self, unit: Unit, group: DemoGroup, month: date, day: date) -> None:
        amount = sum((one for _, one in self._premiums[group.number]), Decimal(0))
        form = RecordPayment(
            group_number=group.number,
            received_on=day,
            amount=amount,
            method=PaymentMethod.CHECK,
            reference=f"{int(group.number) % 9000 + month.month}",
        )
        payment = await service.record_payment(unit, form)
        if group.story is BillingStory.RETURNED and month.month == 11:
            self._returned.append((str(payment.number), payment.version))

    async def _bounce(self, unit: Unit) -> None:
        while self._returned:
            number, version = self._returned.pop()
            await service.return_payment(unit, number, version, ReturnPayment(returned_on=_RETURNED_ON))


def _months() -> list[date]:
    return [date(2026, FIRST_MONTH.month + step, 1) for step in range(MONTHS)]


def _ended(group: DemoGroup, day: date) -> bool:
    return group.story is BillingStory.ENDED and day >= date(2026, 11, 1)


def _paid_on(group: DemoGroup, month: date, due_on: date) -> date | None:
    unpaid = _UNPAID_FROM.get(group.story)
    if unpaid is not None and month >= unpaid:
        return None
    return due_on + timedelta(days=8 if group.story is BillingStory.LATE else -2)
