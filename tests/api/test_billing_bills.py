"""Bills by rates and cycle, what is billed or given back later, and the end of coverage of a group."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from backend.accounts import members
from backend.accounts import service as accounts
from backend.actors import SYSTEM
from backend.billing import bills, ending, standings
from backend.billing.bills import Billed
from backend.billing.imports import import_rates
from backend.runtime import Runtime
from tests.bills import Books, take
from tests.conftest import SQLITE, FixedClock
from tests.desk import operator_unit
from tests.enrollments import GROUP, PEBBLE, add_member, coverages_on_record
from tests.phone import call_of

HEAD = "group_number,line,level,from_on,amount"
RATE = f"{GROUP},HMO,,2026-01-01,450.00"
D = Decimal


@pytest.fixture
async def books(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> Books:
    return Books(api, runtime, clock)


async def bill_due(books: Books, day: date, goes_on: date | None = None) -> Billed:
    """The bills of a day, which is made up for where they go on a later one; the clock stands there."""
    real = goes_on or day
    await books.go(real, sign_in_too=False)
    async with books.runtime.act(SYSTEM, "TEST", day=day, run_day=real) as unit:
        return await bills.bill_due(unit, await accounts.account_of(unit, GROUP), day)


async def credits_of(books: Books, day: date) -> int:
    await books.go(day, sign_in_too=False)
    async with operator_unit(books.runtime) as unit:
        return await bills.post_credits(unit, await accounts.account_of(unit, GROUP))


async def staffed(books: Books, *subscribers: str, **changes: Any) -> int:
    """A group with these subscribers, at 450.00 a month each."""
    await books.go(date(2026, 8, 1), sign_in_too=False)
    account_id = await books.open(**changes)
    for number in subscribers:
        await add_member(books.runtime, account_id=account_id, subscriber_number=number)
    report = await take(books.runtime, import_rates, HEAD, RATE)
    assert report.added == 1
    return account_id


async def ends(books: Books, account_id: int, subscriber: str, last_day: date) -> None:
    async with operator_unit(books.runtime) as unit:
        await members.end_coverage(
            unit, account_id=account_id, subscriber_number=subscriber, ends_on=last_day
        )


# -- rates ---------------------------------------------------------------------------------------------


async def test_rates_are_taken_once_and_a_wrong_line_is_refused_with_its_reason(books: Books) -> None:
    await books.go(date(2026, 8, 1), sign_in_too=False)
    await books.open()
    family = f"{GROUP},HMO,FAM,2026-01-01,1200.00"
    for lines, counts in (
        ([RATE, family, RATE], (2, 0, 1)),
        ([RATE, family], (0, 0, 2)),
        ([family.replace("1200", "1250")], (0, 1, 0)),
        ([f"{GROUP},,,2026-01-01,450"], (0, 0, 1)),  # the line of coverage of who has no other
    ):
        report = await take(books.runtime, import_rates, HEAD, *lines)
        assert (report.added, report.changed, report.unchanged) == counts, lines
    wrong = {
        "G-999,HMO,,2026-01-01,450.00": "there is no such group; import the groups first",
        f"{GROUP},HMO,,01/01/2026,450.00": "from_on is no date such as 2026-11-20",
        f"{GROUP},HMO,,2026-01-01,ten": "amount is no number such as 1234.56",
        f"{GROUP},HMO,,2026-01-01,-1": "amount is not above zero with at most two decimals",
        f"{GROUP},HMO,,2026-01-01": "it has 4 values for 5 columns",
    }
    report = await take(books.runtime, import_rates, HEAD, *wrong)
    assert sorted(one.reason for one in report.refused) == sorted(wrong.values())
    assert len(await books.rows("rate")) == 2


# -- bills by cycle ------------------------------------------------------------------------------------


async def test_bills_go_out_by_cycle_and_a_month_is_billed_once(books: Books) -> None:
    await staffed(books, "S1", "S2")
    assert (await bill_due(books, date(2026, 8, 9))).numbers == ["I-100001"]  # August itself, late
    (late,) = await books.rows("invoice")
    assert (late.bill_date, late.due_date) == (date(2026, 8, 9), date(2026, 8, 31))
    (incident,) = await books.rows("incident")
    assert (incident.kind, incident.sentence) == (
        "late_bill",
        "Bill I-100001 for August 2026 went out 30 days late, on 2026-08-09; it is due on 2026-08-31.",
    )
    assert (await bill_due(books, date(2026, 8, 10))).numbers == ["I-100002"]
    for day in (date(2026, 8, 10), date(2026, 8, 20), date(2026, 9, 9)):
        assert (await bill_due(books, day)) == Billed()
    async with operator_unit(books.runtime) as unit:
        account = await accounts.account_of(unit, GROUP)

    async def again() -> Billed:
        async with operator_unit(books.runtime) as unit:
            return await bills.bill_due(unit, account, date(2026, 9, 10))

    both = await asyncio.gather(again(), again())
    assert sorted(len(one.numbers) for one in both) == [0, 1]
    rows = [(row.month, row.bill_date, row.due_date, row.premium) for row in await books.rows("invoice")][1:]
    assert rows == [
        (date(2026, 9, 1), date(2026, 8, 10), date(2026, 9, 1), D(900)),
        (date(2026, 10, 1), date(2026, 9, 10), date(2026, 10, 1), D(900)),
    ]
    lines = [row for row in await books.rows("invoice_line") if row.invoice_id == 2]
    assert [(row.kind, row.subscriber_number, row.tier, row.amount) for row in lines] == [
        ("premium", "S1", "HMO", D(450)),
        ("premium", "S2", "HMO", D(450)),
    ]


@SQLITE
async def test_a_missed_bill_keeps_its_dates_until_it_is_due(books: Books) -> None:
    await staffed(books, "S1")
    await bill_due(books, date(2026, 8, 9))
    await bill_due(books, date(2026, 8, 10), goes_on=date(2026, 8, 25))
    (_, row) = await books.rows("invoice")
    assert (row.month, row.bill_date, row.due_date) == (date(2026, 9, 1), date(2026, 8, 10), date(2026, 9, 1))
    assert len(await books.rows("incident")) == 1  # that of August


@SQLITE
async def test_a_group_without_rates_is_not_billed_and_it_is_said(books: Books) -> None:
    await books.go(date(2026, 8, 1), sign_in_too=False)
    account_id = await books.open()
    assert await bill_due(books, date(2026, 8, 10)) == Billed()  # nobody is covered
    await add_member(books.runtime, account_id=account_id)
    said = await bill_due(books, date(2026, 8, 10))
    assert (said.numbers, said.refused) == (
        [],
        "August 2026 is not billed: there is no rate for HMO; import-rates takes it.",
    )
    assert await books.rows("invoice") == []
    await take(books.runtime, import_rates, HEAD, RATE)
    assert len((await bill_due(books, date(2026, 8, 10))).numbers) == 2  # what it waited for too


@SQLITE
async def test_a_group_is_charged_by_its_own_proration(books: Books) -> None:
    account_id = await staffed(books, proration="DAILY")
    await add_member(
        books.runtime, account_id=account_id, subscriber_number="S1", starts_on=date(2026, 9, 19)
    )
    await bill_due(books, date(2026, 8, 10))
    (row,) = await books.rows("invoice")
    assert (row.month, row.premium) == (date(2026, 9, 1), D(180))


@SQLITE
async def test_a_group_that_ended_gets_no_bill(books: Books) -> None:
    await staffed(books, "S1", ended_on=date(2026, 9, 30))
    for day in (date(2026, 8, 9), date(2026, 8, 10), date(2026, 9, 10), date(2026, 10, 10)):
        await bill_due(books, day)
    assert [row.month.month for row in await books.rows("invoice")] == [8, 9]


async def test_r23_another_cycle_begins_with_the_next_unbilled_month(
    books: Books, api: httpx.AsyncClient
) -> None:
    """Asked on 11-12, December billed on 11-10: the first new due date is January's."""
    await staffed(books, "S1")
    for day in (date(2026, 10, 9), date(2026, 10, 10), date(2026, 11, 10)):
        await bill_due(books, day)
    await books.go(date(2026, 11, 12))
    await books.pays("900.00")
    await call_of(api, books.rep, "client")
    await books.done(f"accounts/{GROUP}/billing-cycle", cycle="C3")
    found = await books.status()
    assert (found.cycle, found.next_cycle, found.next_cycle_from) == ("C1", "C3", date(2027, 1, 1))
    assert (await bill_due(books, date(2026, 12, 18))).numbers == []
    assert len((await bill_due(books, date(2026, 12, 19))).numbers) == 1
    rows = [(row.month, row.due_date) for row in await books.rows("invoice")]
    assert rows[-2:] == [(date(2026, 12, 1), date(2026, 12, 1)), (date(2027, 1, 1), date(2027, 1, 10))]
    await books.go(date(2026, 12, 19))
    now = await books.status()
    assert (now.cycle, now.next_cycle) == ("C3", None)


# -- what is known later ---------------------------------------------------------------------------------


async def test_who_left_before_the_month_is_credited_at_once_and_the_group_is_current(books: Books) -> None:
    """Worked case 14: left 08-31, reported 09-10; the employer paid the rest on 09-01; L1 was right."""
    account_id = await staffed(books, *(f"S{n}" for n in range(1, 5)))
    for day in (date(2026, 8, 9), date(2026, 8, 10)):
        await bill_due(books, day)
    await books.go(date(2026, 9, 1))
    await books.pays("1800.00", on=date(2026, 8, 31))  # August
    await books.pays("1350.00", on=date(2026, 9, 1))
    assert await books.letters(date(2026, 9, 2)) == ["L1", "copy"]
    await books.go(date(2026, 9, 10))
    assert (await books.status()).keep_coverage_amount == D(450)
    await ends(books, account_id, "S4", date(2026, 8, 31))
    assert (await credits_of(books, date(2026, 9, 10)), await credits_of(books, date(2026, 9, 10))) == (1, 0)
    (credit,) = await books.rows("credit")
    assert (credit.amount, credit.month, credit.subscriber_number) == (D(450), date(2026, 9, 1), "S4")
    await bill_due(books, date(2026, 9, 10))
    await books.go(date(2026, 9, 11))
    found = await books.status()
    assert (found.state, [one.kind for one in found.letters]) == ("CURRENT", ["L1"])
    assert found.invoices[0].billed == D(1350)
    assert await credits_of(books, date(2026, 9, 12)) == 0


async def test_who_came_later_is_charged_on_the_next_bill_and_only_two_months_back(books: Books) -> None:
    account_id = await staffed(books, "S1")
    for day in (date(2026, 8, 9), date(2026, 8, 10), date(2026, 9, 10)):
        await bill_due(books, day)
    late = await add_member(
        books.runtime, PEBBLE, account_id=account_id, subscriber_number="S2", starts_on=date(2026, 8, 1)
    )
    assert late
    assert await credits_of(books, date(2026, 9, 20)) == 0
    await bill_due(books, date(2026, 10, 10))
    rows = await books.rows("invoice_line")
    last = [(row.kind, row.subscriber_number, row.month, row.amount) for row in rows if row.invoice_id == 4]
    assert last == [
        ("premium", "S1", None, D(450)),
        ("premium", "S2", None, D(450)),
        ("retroactive", "S2", date(2026, 9, 1), D(450)),
        ("retroactive", "S2", date(2026, 10, 1), D(450)),
    ]
    assert (await books.rows("invoice"))[-1].premium == D(1800)
    # Charged and then taken back: what was charged retroactively is given back too.
    await ends(books, account_id, "S2", date(2026, 9, 30))
    assert await credits_of(books, date(2026, 10, 11)) == 2
    back = [(row.month, row.subscriber_number, row.amount) for row in await books.rows("credit")]
    assert back == [(date(2026, 10, 1), "S2", D(450)), (date(2026, 11, 1), "S2", D(450))]


@SQLITE
async def test_a_bill_of_no_subscriber_and_a_month_without_a_rate_are_left_alone(books: Books) -> None:
    account_id = await staffed(books, "S1")
    async with operator_unit(books.runtime) as unit:
        account = await accounts.account_of(unit, GROUP)
        await bills.issue_invoice(unit, account, date(2026, 9, 1), [("", D(5000))])
    assert await credits_of(books, date(2026, 9, 10)) == 0
    await add_member(books.runtime, account_id=account_id, subscriber_number="S7", line="DEN")
    await bill_due(books, date(2026, 9, 10))
    assert await credits_of(books, date(2026, 9, 11)) == 0
    assert len(await books.rows("invoice")) == 1


# -- the end of coverage ---------------------------------------------------------------------------------


async def test_coverage_ends_once_and_keeps_the_end_it_had(books: Books, runtime: Runtime) -> None:
    account_id = await books.dunned(today=date(2026, 12, 1))
    await add_member(runtime, account_id=account_id)
    await add_member(runtime, account_id=account_id, subscriber_number="S2")
    await add_member(runtime, account_id=account_id, subscriber_number="S3")
    await ends(books, account_id, "S2", date(2026, 12, 31))
    await ends(books, account_id, "S3", date(2026, 11, 15))

    async def end() -> int:
        async with operator_unit(runtime) as unit:
            return await ending.end_unpaid(unit, await accounts.account_of(unit, GROUP))

    assert await end() == 0  # the last day is not over
    await books.go(date(2026, 12, 2))
    assert (await end(), await end()) == (2, 0)
    start, last = date(2025, 1, 1), date(2026, 12, 1)
    assert await coverages_on_record(runtime) == [
        ("S1", start, last),
        ("S2", start, last),
        ("S3", start, date(2026, 11, 15)),
    ]
    assert (await books.account()).state == "active"
    async with operator_unit(runtime) as unit:
        await standings.refresh_standing(unit, await accounts.account_of(unit, GROUP))
    assert await bill_due(books, date(2026, 12, 10)) == Billed()  # a group that ended gets no bill
    await books.go(date(2026, 12, 10))
    await ends(books, account_id, "S1", date(2026, 11, 30))  # reported late: it stays so
    await books.pays(on=last)
    assert await coverages_on_record(runtime) == [
        ("S1", start, date(2026, 11, 30)),
        ("S2", start, date(2026, 12, 31)),
        ("S3", start, date(2026, 11, 15)),
    ]
    assert {row.ended_unpaid for row in await books.rows("coverage")} == {False}
    assert (await books.rows("card_job"), await books.rows("match_item")) == ([], [])


@SQLITE
async def test_r26_no_termination_letter_without_an_older_warning_and_a_balance(books: Books) -> None:
    await books.go(date(2026, 10, 10), sign_in_too=False)
    await books.open()
    await books.bill(date(2026, 11, 1))
    # No warning on its day: the termination letter waits for it, and the end moves with it.
    assert await books.letters(date(2026, 11, 16)) == ["L1", "copy"]
    assert await books.letters(date(2026, 11, 16), date(2026, 11, 27)) == []
    await books.go(date(2026, 11, 27))
    await books.pays()
    assert await books.letters(date(2026, 11, 30)) == []
    await books.go(date(2026, 11, 30))
    assert [one.kind for one in (await books.status()).letters] == ["L1"]
