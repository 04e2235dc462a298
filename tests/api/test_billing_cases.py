"""The plan's worked cases on a real store: each group lives its days, and a lead reads its bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
from sqlalchemy import insert

from api_client.types.billing import BillingStatus
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.billing import rules
from backend.database import tables
from backend.jobs import day as daily
from backend.runtime import Runtime
from tests.billing_cases import CASES, BillingCase
from tests.bills import Books
from tests.conftest import SQLITE, FixedClock
from tests.days import confirm_billing, due, marked
from tests.desk import operator_unit, sign_in
from tests.enrollments import add_group

_DAY = timedelta(days=1)
RUN = daily.Rules(confirmed=frozenset(), demo=True)


def number(case: BillingCase) -> str:
    return f"{900_000 + case.number}"


def _facts(case: BillingCase) -> Iterator[str]:
    """Every day on which something is written down."""
    for name, keys in {
        "payments": ("received", "returned"),
        "credits": ("posted",),
        "promises": ("made", "by"),
        "letters_stopped": ("from", "to"),
    }.items():
        yield from (one[key] for one in case.history.get(name, ()) for key in keys if one[key])
    yield from case.history.get("reinstatement_requests", ())


def days_of(case: BillingCase) -> set[date]:
    """The days a case is lived: what happens, each letter and the day before it, and the last one."""
    letters = {date.fromisoformat(on) for _, on, _ in case.letters}
    facts = {date.fromisoformat(on) for on in _facts(case)}
    today = date.fromisoformat(case.today)
    return {one for one in facts | letters | {one - _DAY for one in letters} | {today} if one <= today}


class Plan:
    """A store with a group a case."""

    def __init__(self, runtime: Runtime, books: Books) -> None:
        self.runtime, self.books = runtime, books
        self.keys: dict[int, int] = {}
        self.payments: dict[tuple[int, int], dict[str, Any]] = {}

    async def put(self, case: BillingCase) -> None:
        """The group with its bills."""
        known = case.history.get("paid_through")
        self.keys[case.number] = account_id = await add_group(
            self.runtime,
            number(case),
            billing_policy=case.history["policy"],
            billing_cycle=case.history["cycle"],
            paid_through=date.fromisoformat(known) if known else None,
        )
        async with operator_unit(self.runtime) as unit:
            for one in case.history["invoices"]:
                month, due_date = date.fromisoformat(one["month"] + "-01"), date.fromisoformat(one["due"])
                policy = unit.policy.billing_of(case.history["policy"])
                billed, _ = rules.invoice_dates(case.history["cycle"], month, policy)
                values = {
                    "number": f"I-{case.number:03}{month:%y%m}",
                    "account_id": account_id,
                    "month": month,
                    "bill_date": min(billed, due_date - _DAY),
                    "due_date": due_date,
                    "premium": Decimal(one["premium"]),
                    "issued_at": unit.now,
                }
                await unit.connection.execute(insert(tables.invoice).values(**values))

    async def happens(self, case: BillingCase, on: date) -> None:
        """What is written down on a day: money by the desk, the rest as calls and the post left it."""
        text = on.isoformat()
        for at, one in enumerate(case.history.get("payments", ())):
            if one["received"] == text:
                self.payments[case.number, at] = await self.books.pays(
                    one["amount"], on, group_number=number(case)
                )
            if one["returned"] == text:
                paid = self.payments[case.number, at]
                path = f"payments/{paid['number']}/return"
                await self.books.done(path, self.books.lead, paid["version"], returned_on=text)
        for one in case.history.get("credits", ()):
            if one["posted"] == text:
                values = {"posted_on": on, "amount": Decimal(one["amount"]), "reason": "a member had left"}
                await self._put(case, tables.credit, values)
        for one in case.history.get("promises", ()):
            if one["made"] == text:
                values = {"number": f"PTP-{case.number:05}", "made_on": on, "made_at": self.books.clock.now}
                values |= {"pay_by": date.fromisoformat(one["by"]), "amount": Decimal(one["amount"])}
                await self._put(case, tables.promise, values)
        if text in case.history.get("reinstatement_requests", ()):
            asked = f"RI-{case.number:05}"
            await self._put(case, tables.reinstatement, {"number": asked, "requested_on": on})
            await self.books.done(f"reinstatements/{asked}/decide", self.books.lead, 1, approve=True)

    async def _put(self, case: BillingCase, table: Any, values: dict[str, Any]) -> None:
        async with operator_unit(self.runtime) as unit:
            values |= {"account_id": self.keys[case.number]}
            await unit.connection.execute(insert(table).values(**values))

    async def live(self, cases: list[BillingCase], on: date) -> None:
        """The day's run for these groups, then the post, where it goes."""
        for case in cases:
            async with operator_unit(self.runtime) as unit:
                account = await accounts.account_by_id(unit, self.keys[case.number])
                tally = daily.Tally()
                await daily.live(unit, account, tally, RUN, letters=True)
                assert tally.refused == []
        stopped = {number(case) for case in cases if _stopped(case, on)}
        listed = await due(self.runtime)
        numbers = [one.number for one in listed.due if one.group_number not in stopped]
        told = await marked(self.runtime, numbers, listed.batch)
        assert (told.mailed, told.refused) == (len(numbers), [])


def _stopped(case: BillingCase, on: date) -> bool:
    spans = case.history.get("letters_stopped", ())
    return any(one["from"] <= on.isoformat() <= one["to"] for one in spans)


def check(case: BillingCase, status: BillingStatus) -> None:
    assert (status.on.isoformat(), status.state, status.flags) == (case.today, case.state, list(case.flags))
    mailed = [
        (one.kind.value, one.mailed_on.isoformat(), f"{one.amount:.2f}" if one.amount else None)
        for one in reversed(status.letters)
        if one.mailed_on is not None
    ]
    assert mailed == list(case.letters)
    ends = status.coverage_end, status.coverage_end_if_unpaid
    assert tuple(day.isoformat() if day else None for day in ends) == (case.ended, case.ends_if_unpaid)
    assert (status.days_past_due, status.bucket) == (case.days, case.bucket)
    money = (status.open_premium, status.open_fees, status.credit)
    assert money == tuple(map(Decimal, (case.open_premium, case.open_fees, case.credit)))
    if case.next_letter:
        assert status.next_letter.startswith(case.next_letter[0])
        assert status.next_letter.endswith(case.next_letter[1])
    assert all(part in status.say for part in case.say)
    coming = {entry.about.value: entry.on.isoformat() for entry in status.timeline if entry.to_come}
    assert case.ends_if_unpaid is None or coming["end"] == case.ends_if_unpaid


@SQLITE
async def test_worked_cases(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> None:
    books = Books(api, runtime, clock)
    plan = Plan(runtime, books)
    await confirm_billing(runtime)
    by_day: dict[date, list[BillingCase]] = defaultdict(list)
    for case in CASES:
        for on in days_of(case):
            by_day[on].append(case)
    checked = 0
    for on in sorted(by_day):
        await books.go(on, sign_in_too=False)
        if any(on.isoformat() in (case.today, *_facts(case)) for case in by_day[on]):
            books.lead = await sign_in(api, runtime, "a.lead", Role.LEAD)
        for case in by_day[on]:
            if case.number not in plan.keys:
                await plan.put(case)
            await plan.happens(case, on)
        await plan.live(by_day[on], on)
        for case in by_day[on]:
            if case.today == on.isoformat():
                check(case, await books.status(number(case)))
                checked += 1
    assert checked == len(CASES)
