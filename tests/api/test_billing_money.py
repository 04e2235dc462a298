"""Returned payments, fees, what-if and the work list: what money does to dates, and what it does not."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from api_client.types.billing import UnpaidRow, WhatIfAnswer
from api_client.types.billing_words import BillingFlag
from api_client.types.common import PAGE, Page
from backend.accounts import service as accounts
from backend.billing import standings, store
from backend.database import tables
from backend.runtime import Runtime
from tests.bills import PREMIUM, Books, kind_of
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import payment, take_payments
from tests.desk import operator_unit
from tests.enrollments import GROUP, add_group
from tests.phone import Phone, call_of, on_record

SEPTEMBER = date(2026, 9, 1)
REFUSED, INVALID = (409, "rule-refuses"), (422, "invalid")


@pytest.fixture
async def books(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> Books:
    return Books(api, runtime, clock)


async def returned(books: Books) -> str:
    """A check for September that was here on its due date, and came back on the 14th; it is the 15th."""
    await books.go(date(2026, 8, 10))
    await books.open()
    await books.bill(SEPTEMBER)
    await books.go(SEPTEMBER)
    number = str((await books.pays())["number"])
    await books.go(date(2026, 9, 15))
    return number


async def came_back(books: Books, number: str, version: int, on: str) -> Any:
    return await books.post(f"payments/{number}/return", books.lead, version, returned_on=on)


# -- returned payments and fees ----------------------------------------------------------------------


async def test_r25_a_returned_check_begins_a_new_grace_and_its_fee_stands_apart(books: Books) -> None:
    number = await returned(books)
    for on in ("2026-08-31", "2026-09-16"):
        assert kind_of(await came_back(books, number, 1, on)) == INVALID, on
    assert kind_of(await came_back(books, "P-99999", 1, "2026-09-14")) == (404, "not-found")
    assert kind_of(await came_back(books, number, 4, "2026-09-14")) == (412, "stale")
    path = f"payments/{number}/return"
    assert kind_of(await books.post(path, version=1, returned_on="2026-09-14")) == (403, "not-allowed")
    answers = await asyncio.gather(*(came_back(books, number, 1, "2026-09-14") for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 412]
    assert kind_of(await came_back(books, number, 2, "2026-09-14")) == REFUSED
    taken_back = await books.post(f"payments/{number}/reverse", books.lead, 2, reason="mis-posted")
    assert kind_of(taken_back) == REFUSED
    (fee,) = await books.rows("fee")
    assert (fee.charged_on, fee.amount) == (date(2026, 9, 14), Decimal(25))
    assert await books.letters(date(2026, 9, 15)) == ["L1", "copy"]
    await books.go(date(2026, 9, 15))
    found = await books.status()
    assert (found.state, found.balance, found.open_fees) == ("GRACE", Decimal("10025.00"), Decimal(25))
    assert (found.keep_coverage_amount, found.keep_coverage_by) == (PREMIUM, date(2026, 10, 14))
    assert found.say == "Ten thousand dollars must reach us by October 14 to keep your coverage."
    assert [(one.returned_on, one.reversed_at) for one in found.payments] == [(date(2026, 9, 14), None)]
    letters = await books.rows("letter")
    about = letters[0].facts["about"]
    assert (about["balance"]["balance"], about["keep"], about["last_day"]) == (
        "10025.00",
        "10000.00",
        "2026-10-14",
    )


async def test_fees_are_paid_apart_and_never_by_premium(books: Books) -> None:
    number = await returned(books)
    assert (await came_back(books, number, 1, "2026-09-14")).status_code == 200
    form: dict[str, Any] = {"group_number": GROUP, "received_on": "2026-09-15", "method": "cashiers_check"}
    too_much = await books.post("payments", books.lead, **form, amount="25.01", for_fees=True)
    assert (kind_of(too_much), too_much.json()["detail"]) == (
        REFUSED,
        "25.00 of fees are open; what is over is premium, recorded on its own.",
    )
    await books.pays("10040.00")
    found = await books.status()
    assert (found.state, found.open_fees, found.credit) == ("CURRENT", Decimal(25), Decimal(40))
    paid = await books.pays("25.00", for_fees=True, method="cashiers_check")
    assert (paid["for_fees"], paid["method"]) == (True, "cashiers_check")
    after = await books.status()
    assert (after.open_fees, after.credit, after.state) == (Decimal(0), Decimal(40), "CURRENT")
    more = await books.post("payments", books.lead, **form, amount="0.01", for_fees=True)
    assert kind_of(more) == REFUSED
    account = (await books.api.get(f"/v1/accounts/{GROUP}", headers=books.lead)).json()
    assert account["premium"]["last_payment"] == "25.00 received 2026-09-15, cashier's check"


@SQLITE
async def test_two_returns_want_certified_funds_and_no_money_is_refused_for_it(books: Books) -> None:
    number = await returned(books)
    await came_back(books, number, 1, "2026-09-14")
    await books.go(date(2026, 12, 11))
    second = (await books.pays(on=date(2026, 10, 5)))["number"]
    assert (await came_back(books, second, 1, "2026-12-10")).status_code == 200
    found = await books.status()
    assert found.flags == [BillingFlag.CERTIFIED_FUNDS]
    assert (found.certified_funds_until, found.open_fees) == (date(2027, 12, 10), Decimal(50))
    assert (await books.pays())["method"] == "check"  # money that is here is a fact


@SQLITE
async def test_a_file_says_which_payments_came_back_once(books: Books, runtime: Runtime) -> None:
    await books.go(date(2026, 11, 20))
    await books.open()
    line = payment(group_number=GROUP, received_on="2026-11-10")
    gone = line | {"returned_on": "2026-11-18"}
    other = payment("LOCKBOX-2", group_number=GROUP, received_on="2026-11-10", returned_on="2026-11-12")
    counted = [
        (report.added, report.changed, report.unchanged, len(report.refused))
        for report in [
            await take_payments(runtime, *lines)
            for lines in ([line], [gone, other], [gone, other], [line], [gone, gone])
        ]
    ]
    assert counted == [(1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 2, 0), (0, 0, 1, 0), (0, 0, 2, 0)]
    assert [row.returned_on for row in await books.rows("payment")] == [
        date(2026, 11, 18),
        date(2026, 11, 12),
    ]
    assert len(await books.rows("fee")) == 2
    wrong = [
        (gone | {"returned_on": "2026-11-19"}, "The bank brought payment P-10001 back on 2026-11-18."),
        (
            payment("LOCKBOX-3", group_number=GROUP, returned_on="2026-11-19"),
            "returned_on is before the payment was received, or a day to come",
        ),
        (
            payment("LOCKBOX-3", group_number=GROUP, returned_on="2026-11-21"),
            "returned_on is before the payment was received, or a day to come",
        ),
        (line | {"returned_on": "soon"}, "returned_on is no date such as 2026-11-20"),
    ]
    report = await take_payments(runtime, *(one for one, _ in wrong))
    assert [one.reason for one in report.refused] == [reason for _, reason in wrong]
    assert len(await books.rows("payment")) == 2


@SQLITE
async def test_a_return_that_somebody_else_was_faster_than_charges_no_fee(
    books: Books, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file goes on after a line that is refused, so nothing of that line may stay."""
    await books.go(date(2026, 11, 20))
    await books.open()
    line = payment(group_number=GROUP, received_on="2026-11-10")
    await take_payments(runtime, line)
    change = store.change_payment

    async def after_a_reversal(connection: Any, payment_id: int, version: int, values: Any) -> Any:
        await change(connection, payment_id, version, {"reversed_reason": "wrong group"})
        return await change(connection, payment_id, version, values)

    monkeypatch.setattr(store, "change_payment", after_a_reversal)
    report = await take_payments(runtime, line | {"returned_on": "2026-11-18"})
    assert [one.reason for one in report.refused] == ["Payment P-10001 was changed meanwhile."]
    assert (await books.rows("fee"), (await books.rows("payment"))[0].returned_on) == ([], None)
    acts = [row.action for row in await books.rows("audit_row")]
    assert "billing.return_payment" not in acts


# -- what if -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "on"), [("10000.00", "2026-11-20"), ("6000.00", "2026-11-20"), ("10000.00", "2026-12-01")]
)
@SQLITE
async def test_what_if_is_what_then_happens_and_writes_nothing(books: Books, amount: str, on: str) -> None:
    await books.dunned()
    before = (await books.status()).model_dump()
    path = f"accounts/{GROUP}/billing/what-if"
    answer = await books.post(path, amount=amount, on=on)
    thought = WhatIfAnswer.model_validate(answer.json())
    assert (await books.status()).model_dump() == before
    assert [row.action for row in await books.rows("audit_row")].count("billing.what_if") == 1
    await books.go(date.fromisoformat(on))
    without = await books.status()
    assert (without.state, without.say) == (thought.now.state, thought.now.say)
    await books.pays(amount)
    found = await books.status()
    then = thought.then
    assert (found.state, found.keep_coverage_amount, found.keep_coverage_by, found.credit, found.say) == (
        then.state,
        then.keep_coverage_amount,
        then.keep_coverage_by,
        then.credit,
        then.say,
    )
    assert [one for one in found.timeline if one.to_come] == [one for one in then.to_come if one.to_come]


@SQLITE
async def test_a_payment_is_thought_of_for_the_next_year_only(books: Books) -> None:
    await books.dunned()
    path = f"accounts/{GROUP}/billing/what-if"
    for amount, on in (
        ("10.00", "2026-11-19"),
        ("10.00", "2027-11-22"),
        ("10.00", "9999-12-31"),
        ("0.00", "2026-11-20"),
        ("1.005", "2026-11-20"),
    ):
        assert kind_of(await books.post(path, amount=amount, on=on)) == INVALID, (amount, on)
    assert (await books.post(path, amount="10.00", on="2027-11-21")).status_code == 200


# -- work list ---------------------------------------------------------------------------------------


async def listed(books: Books, **query: str) -> list[UnpaidRow]:
    rows: list[UnpaidRow] = []
    while True:
        answer = await books.api.get("/v1/billing/work-list", params=query, headers=books.rep)
        assert answer.status_code == 200, answer.text
        page = Page[UnpaidRow].model_validate(answer.json())
        rows += page.rows
        if page.next is None:
            return rows
        query["cursor"] = page.next


async def test_the_work_list_says_whom_to_call_and_until_when(books: Books, api: httpx.AsyncClient) -> None:
    await books.dunned()
    await books.go(date(2026, 10, 20), sign_in_too=False)
    admin = {"role": "administrator", "name": "Barnaby Inkwell", "phone": "800-555-0190", "employee": True}
    over: dict[str, object] = {"role": "contract_signer", "name": "Gone Signer", "phone": "800-555-0191"}
    over |= {"valid_to": date(2026, 10, 1)}
    for number, people in (("900200", [admin]), ("900300", [over, admin]), ("900400", [])):
        account_id = await add_group(books.runtime, number)
        await on_record(books.runtime, account_id, *(people or [over]))
        await books.bill(date(2026, 11, 1), Decimal(500), number)
    await books.go(date(2026, 11, 20))
    async with operator_unit(books.runtime) as unit:
        for number in (GROUP, "900200", "900300", "900400"):
            await standings.refresh_standing(unit, await accounts.account_of(unit, number))
    await call_of(api, books.rep, "client")
    closed = await api.get("/v1/billing/work-list", headers=books.rep)
    assert kind_of(closed) == (403, "not-verified")
    await Phone(api, books.rep).hang_up()
    rows = await listed(books)
    first = rows[0]
    assert (first.number, first.state, first.ends_on, first.owed) == (
        GROUP,
        "TERM_PENDING",
        date(2026, 12, 1),
        PREMIUM,
    )
    assert (first.contact, first.phone, first.called_on) == (
        "Ottoline Hale",
        "800-555-0181",
        date(2026, 11, 20),
    )
    assert [(one.number, one.contact, one.phone) for one in rows[1:]] == [
        ("900200", "Barnaby Inkwell", "800-555-0190"),
        ("900300", "Barnaby Inkwell", "800-555-0190"),
        ("900400", "", ""),
    ]
    assert [one.number for one in await listed(books, state="PAST_DUE")] == ["900200", "900300", "900400"]
    assert [one.number for one in await listed(books, until="2026-12-01")] == [GROUP]
    assert await listed(books, until="2026-11-30") == []
    assert (await api.get("/v1/billing/work-list?state=LOST", headers=books.rep)).status_code == 422
    # A hold without a last day: nobody knows when coverage ends, but the money is owed all the same.
    await books.done(f"accounts/{GROUP}/holds", books.lead, kind="grievance", reason="asked the regulator")
    held = (await listed(books))[-1]
    assert (held.number, held.ends_on, held.flags) == (GROUP, None, [BillingFlag.HOLD])


@SQLITE
async def test_groups_that_ended_unpaid_stand_there_only_when_asked_for(books: Books) -> None:
    await books.ended(today=date(2026, 12, 3))
    assert await listed(books) == []
    (row,) = await listed(books, state="TERMINATED_NONPAY")
    assert (row.number, row.ends_on, row.owed) == (GROUP, date(2026, 12, 1), PREMIUM)
    assert await listed(books, state="TERMINATED_NONPAY", until="2026-11-30") == []


@SQLITE
async def test_pages_of_a_filtered_list_neither_overlap_nor_skip(books: Books) -> None:
    await books.go(date(2026, 11, 20))
    numbers = [f"9{n:05d}" for n in range(PAGE + 5)]
    async with operator_unit(books.runtime) as unit:
        at: dict[str, Any] = {
            "on_date": date(2026, 11, 20),
            "days_past_due": 1,
            "open_premium": PREMIUM,
            "flags": [],
        }
        for place, number in enumerate(numbers):
            values = {
                "number": number, "name": number, "name_key": number, "state": "active", "employees": 3,
                "effective_from": date(2020, 1, 1), "street": "", "city": "", "state_code": "", "zip": "",
                "cobra_admin": "plan", "filing_method": "paper", "bill_preference": "paper",
                "billing_cycle": "C1", "billing_policy": "CA_GROUP_DMHC",
            }  # fmt: skip
            added = await unit.connection.execute(
                insert(tables.account).values(**values).returning(tables.account.c.id)
            )
            end = date(2026, 12, 1) + timedelta(days=place // 40) if place % 3 else None
            await unit.connection.execute(
                insert(tables.standing).values(
                    **at, account_id=added.scalar_one(), state="GRACE", coverage_end_if_unpaid=end
                )
            )
    for query, wanted in (({}, PAGE + 5), ({"state": "GRACE"}, PAGE + 5), ({"until": "2026-12-02"}, 53)):
        rows = await listed(books, **query)
        assert len({one.number for one in rows}) == len(rows) == wanted, query
        ends = [one.ends_on or date.max for one in rows]
        assert ends == sorted(ends)
