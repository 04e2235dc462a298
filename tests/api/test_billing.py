"""A group's bill from the invoice to the end of coverage, as reps and leads see it and change it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import func, select

from api_client.types.billing import BillingStatus, ReversePayment, UnpaidRow
from api_client.types.common import PAGE, Page
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.billing import bills, service, standings
from backend.database import tables
from backend.letters import writing
from backend.runtime import Runtime
from tests.api.test_session import problem
from tests.conftest import FixedClock
from tests.csv_files import group, payment, take_groups, take_payments
from tests.desk import if_match, key, operator_unit, sign_in

NOVEMBER = date(2026, 11, 1)
Later = Callable[[date], Awaitable[None]]


@pytest.fixture
async def lead(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in lead; group G-100 has the bill for November, 1,000.00 due on the 1st."""
    api.headers.update(await sign_in(api, runtime, "a.lead", Role.LEAD))
    await take_groups(runtime, group())
    await bill(runtime)
    return api


async def bill(
    runtime: Runtime, number: str = "G-100", month: date = NOVEMBER, premium: str = "1000.00"
) -> str:
    """Bill a month to a group."""
    async with operator_unit(runtime) as unit:
        row = await accounts.account_of(unit, number)
        return await bills.issue_invoice(unit, row, month, [("900001", Decimal(premium))])


async def status(api: httpx.AsyncClient, number: str = "G-100") -> BillingStatus:
    answer = await api.get(f"/v1/accounts/{number}/billing")
    assert answer.status_code == 200, answer.text
    return BillingStatus.model_validate(answer.json())


def form(amount: str = "1000.00", **changes: object) -> dict[str, Any]:
    values: dict[str, Any] = {"group_number": "G-100", "received_on": "2026-11-20", "amount": amount}
    return values | {"method": "check", "reference": "check 1001"} | changes


async def pay(api: httpx.AsyncClient, amount: str = "1000.00", **changes: object) -> dict[str, Any]:
    answer = await api.post("/v1/payments", json=form(amount, **changes), headers=key())
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def payments_on_the_books(runtime: Runtime) -> int:
    async with runtime.database.read() as connection:
        query = select(func.count()).select_from(tables.payment)
        return int((await connection.execute(query)).scalar_one())


async def letters(runtime: Runtime, number: str = "G-100") -> list[str]:
    """Have the day's letters written and handed to the post."""
    async with operator_unit(runtime) as unit:
        written = (await writing.write_due(unit, await accounts.account_of(unit, number))).numbers
        for letter in written:
            await writing.mark_mailed(unit, letter)
        return written


@pytest.fixture
def later(lead: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> Later:
    """Goes to the morning of a day at the service center, signed in again."""

    async def go(day: date) -> None:
        clock.now = datetime.combine(day, time(9), tzinfo=ZoneInfo("America/Los_Angeles"))
        lead.headers.update(await sign_in(lead, runtime, "a.lead", Role.LEAD))
        await standings.refresh_standings(runtime)

    return go


# -- payments ----------------------------------------------------------------------------------------


async def test_a_bill_that_is_not_paid_is_past_due_and_the_caller_hears_what_keeps_coverage(
    lead: httpx.AsyncClient,
) -> None:
    found = await status(lead)
    assert (found.state, found.days_past_due, found.bucket) == ("PAST_DUE", 19, "1-30")
    assert (found.balance, found.open_premium, found.credit) == (Decimal(1000), Decimal(1000), Decimal(0))
    assert found.keep_coverage_amount == Decimal(1000)
    assert found.next_letter == "L1 warning letter on 2026-11-20"
    assert found.keep_coverage_by == date(2026, 12, 19)
    assert found.say == "One thousand dollars must reach us by December 19 to keep your coverage."
    (invoice,) = found.invoices
    assert (invoice.bill_date, invoice.due_date, invoice.status) == (
        date(2026, 10, 10),
        date(2026, 11, 1),
        "past_due",
    )
    assert all(one.sentence and one.rule for one in found.why)


async def test_a_payment_makes_the_group_current_at_once(lead: httpx.AsyncClient) -> None:
    made = await pay(lead)
    assert (made["number"], made["amount"], made["version"]) == ("P-10001", "1000.00", 1)
    found = await status(lead)
    assert (found.state, found.balance, found.days_past_due) == ("CURRENT", Decimal(0), 0)
    assert [(one.status, one.paid_on) for one in found.invoices] == [("paid", date(2026, 11, 20))]
    account = (await lead.get("/v1/accounts/G-100")).json()
    assert account["premium"]["last_payment"] == "1,000.00 received 2026-11-20, check check 1001"


async def test_the_same_key_twice_is_one_payment(lead: httpx.AsyncClient, runtime: Runtime) -> None:
    mine = key()
    first = await lead.post("/v1/payments", json=form(), headers=mine)
    again = await lead.post("/v1/payments", json=form(), headers=mine)
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"] == '"1"'
    other = await lead.post("/v1/payments", json=form("999.00"), headers=mine)
    assert (other.status_code, problem(other)) == (422, "idempotency-key-reused")
    assert await payments_on_the_books(runtime) == 1


async def test_a_payment_of_a_file_counts_like_one_recorded(
    lead: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_payments(runtime, payment(amount="400.00", received_on="2026-11-18"))
    found = await status(lead)
    assert (found.state, found.open_premium, found.keep_coverage_amount) == (
        "PAST_DUE",
        Decimal(600),
        Decimal(600),
    )
    assert [one.reference for one in found.payments] == ["check 1001"]


async def test_money_goes_to_the_oldest_bill_and_what_is_over_is_credit(
    lead: httpx.AsyncClient, runtime: Runtime
) -> None:
    await bill(runtime, month=date(2026, 10, 1), premium="900.00")
    await pay(lead, "950.00")
    found = await status(lead)
    assert [(one.month.month, one.open, one.status) for one in found.invoices] == [
        (11, Decimal(950), "past_due"),
        (10, Decimal(0), "paid"),
    ]
    await pay(lead, "1000.00")
    over = await status(lead)
    assert (over.state, over.credit, over.balance) == ("CURRENT", Decimal(50), Decimal(-50))
    await bill(runtime, month=date(2026, 12, 1), premium="1000.00")
    december = await status(lead)
    assert (december.credit, december.not_due_yet, december.balance) == (
        Decimal(0),
        Decimal(950),
        Decimal(950),
    )
    assert december.say.endswith("Nine hundred fifty dollars is due by December 1.")


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"amount": "0.00"}, 422, "invalid"),
        ({"amount": "-1.00"}, 422, "invalid"),
        ({"amount": "0.004"}, 422, "invalid"),
        ({"amount": "10.005"}, 422, "invalid"),
        ({"amount": "1" * 15}, 422, "invalid"),
        ({"amount": "99999999999999"}, 422, "invalid"),
        ({"amount": "NaN"}, 422, "invalid"),
        ({"method": "shells"}, 422, "invalid"),
        ({"received_on": "2026-11-21"}, 422, "invalid"),
        ({"group_number": "G-999"}, 404, "not-found"),
        ({"reference": "x\u202ey"}, 422, "invalid"),
    ],
)
async def test_a_payment_that_cannot_be_is_not_recorded(
    lead: httpx.AsyncClient, runtime: Runtime, changes: dict[str, object], code: int, name: str
) -> None:
    answer = await lead.post("/v1/payments", json=form() | changes, headers=key())
    assert (answer.status_code, problem(answer)) == (code, name)
    assert await payments_on_the_books(runtime) == 0


async def test_a_rep_records_and_reverses_no_money(lead: httpx.AsyncClient, runtime: Runtime) -> None:
    await pay(lead)
    rep = await sign_in(lead, runtime, "m.lopez")
    answer = await lead.post("/v1/payments", json=form(), headers={**rep, **key()})
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")
    path = "/v1/payments/P-10001/reverse"
    headers = {**rep, **key(), **if_match(1)}
    answer = await lead.post(path, json={"reason": "not theirs"}, headers=headers)
    assert answer.status_code == 403
    assert (await lead.get("/v1/accounts/G-100/billing", headers=rep)).json()["state"] == "CURRENT"


async def test_a_mis_posted_payment_is_taken_back_and_both_acts_stay(
    lead: httpx.AsyncClient, runtime: Runtime
) -> None:
    await pay(lead)
    path, reason = "/v1/payments/P-10001/reverse", {"reason": "belongs to another group"}
    assert (await lead.post(path, json=reason, headers=key())).status_code == 428
    stale = await lead.post(path, json=reason, headers={**key(), **if_match(7)})
    assert (stale.status_code, problem(stale)) == (412, "stale")
    assert (stale.json()["current"]["version"], stale.json()["current"]["reversed_at"]) == (1, None)
    done = await lead.post(path, json=reason, headers={**key(), **if_match(1)})
    assert (done.status_code, done.json()["version"], done.headers["etag"]) == (200, 2, '"2"')
    found = await status(lead)
    assert (found.state, found.balance) == ("PAST_DUE", Decimal(1000))
    assert [one.reversed_reason for one in found.payments] == ["belongs to another group"]
    late = await lead.post(path, json=reason, headers={**key(), **if_match(1)})
    assert (late.status_code, late.json()["current"]["version"]) == (412, 2)
    twice = await lead.post(path, json=reason, headers={**key(), **if_match(2)})
    assert problem(twice) == "rule-refuses"
    nothing = await lead.post("/v1/payments/P-99999/reverse", json=reason, headers={**key(), **if_match(1)})
    assert nothing.status_code == 404
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(tables.audit_row.c.action).where(tables.audit_row.c.subject == "P-10001")
        )
        assert list(rows.scalars()) == ["billing.record_payment", "billing.reverse_payment"]


async def test_a_payment_gives_account_and_screens_another_version(
    lead: httpx.AsyncClient, runtime: Runtime
) -> None:
    before = (await lead.get("/v1/accounts/G-100")).json()["version"]
    await pay(lead)
    assert (await lead.get("/v1/accounts/G-100")).json()["version"] == before + 1
    async with runtime.database.read() as connection:
        last = (await connection.execute(select(tables.event).order_by(tables.event.c.seq.desc()))).first()
    assert last is not None
    assert (last.kind, last.subject, last.version) == ("billing", "G-100", before + 1)


# -- letters as time goes by -------------------------------------------------------------------------


async def test_letters_go_as_time_goes_by_until_coverage_ends(
    lead: httpx.AsyncClient, runtime: Runtime, later: Later
) -> None:
    assert await letters(runtime) == ["L-00801"]
    assert await letters(runtime) == []
    grace = await status(lead)
    assert (grace.state, grace.grace_from, grace.grace_to) == (
        "GRACE",
        date(2026, 11, 20),
        date(2026, 12, 19),
    )
    assert grace.next_letter == "L2 termination letter on 2026-12-04"
    await later(date(2026, 12, 3))
    assert await letters(runtime) == []
    await later(date(2026, 12, 4))
    assert await letters(runtime) == ["L-00802"]
    pending = await status(lead)
    assert (pending.state, pending.coverage_end_if_unpaid) == ("TERM_PENDING", date(2026, 12, 19))
    assert [(one.kind, one.mailed_on, one.amount) for one in pending.letters] == [
        ("L2", date(2026, 12, 4), Decimal(1000)),
        ("L1", date(2026, 11, 20), Decimal(1000)),
    ]
    await later(date(2026, 12, 19))
    assert (await status(lead)).state == "TERM_PENDING"
    await later(date(2026, 12, 21))
    ended = await status(lead)
    assert (ended.state, ended.coverage_end) == ("TERMINATED_NONPAY", date(2026, 12, 19))
    assert ended.say == "Coverage ended on December 19, because the premium was not paid."
    assert await letters(runtime) == ["L-00803"]
    assert (await status(lead)).letters[0].kind == "L3"


async def test_the_whole_premium_in_grace_stops_the_letters_and_a_part_does_not(
    lead: httpx.AsyncClient, runtime: Runtime, later: Later
) -> None:
    await letters(runtime)
    await pay(lead, "999.00")
    part = await status(lead)
    assert (part.state, part.keep_coverage_amount, part.keep_coverage_by) == (
        "GRACE",
        Decimal(1),
        date(2026, 12, 19),
    )
    await pay(lead, "1.00")
    assert (await status(lead)).state == "CURRENT"
    await later(date(2026, 12, 4))
    assert await letters(runtime) == []


async def test_a_letter_waits_for_the_post_and_goes_once(lead: httpx.AsyncClient, runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        assert (await writing.write_due(unit, account)).numbers == ["L-00801"]
        assert (await writing.write_due(unit, account)).numbers == []
    assert (await status(lead)).state == "PAST_DUE"
    assert (await lead.get("/v1/accounts/G-100")).json()["last_letter"] == (
        "L-00801 warning letter, not mailed yet"
    )
    async with operator_unit(runtime) as unit:
        await writing.mark_mailed(unit, "L-00801")
    assert (await status(lead)).state == "GRACE"
    with pytest.raises(Exception, match="not-found"):
        async with operator_unit(runtime) as unit:
            await writing.mark_mailed(unit, "L-00801")


async def test_a_letter_left_lying_holds_up_no_letter_about_another_bill(
    lead: httpx.AsyncClient, runtime: Runtime, later: Later
) -> None:
    async with operator_unit(runtime) as unit:
        await writing.write_due(unit, await accounts.account_of(unit, "G-100"))
    await pay(lead)
    await bill(runtime, month=date(2026, 12, 1), premium="700.00")
    await later(date(2026, 12, 2))
    assert await letters(runtime) == ["L-00802"]
    assert (await status(lead)).letters[0].amount == Decimal(700)


# -- work list ---------------------------------------------------------------------------------------


async def work_list(api: httpx.AsyncClient) -> list[UnpaidRow]:
    rows: list[UnpaidRow] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await api.get("/v1/billing/work-list", params={"cursor": cursor} if cursor else {})
        page = Page[UnpaidRow].model_validate(answer.json())
        rows, cursor = rows + page.rows, page.next
    return rows


async def test_the_work_list_has_who_owes_and_the_first_end_of_coverage_first(
    lead: httpx.AsyncClient, runtime: Runtime, later: Later
) -> None:
    others = [group("G-050", "Later Bakery"), group("G-400", "Current Diner"), group("G-300", "Third Mill")]
    await take_groups(runtime, *others)
    await letters(runtime)
    await later(date(2026, 11, 25))
    await bill(runtime, "G-050")
    await bill(runtime, "G-300")
    rows = await work_list(lead)
    assert [(row.number, row.state) for row in rows] == [
        ("G-100", "GRACE"),
        ("G-050", "PAST_DUE"),
        ("G-300", "PAST_DUE"),
    ]
    ends = [row.ends_on for row in rows]
    assert ends == [date(2026, 12, 19), date(2026, 12, 24), date(2026, 12, 24)]
    await pay(lead)
    assert [row.number for row in await work_list(lead)] == ["G-050", "G-300"]


async def test_who_changes_the_books_waits_for_who_is_changing_them(
    lead: httpx.AsyncClient, runtime: Runtime
) -> None:
    await pay(lead)
    assert await work_list(lead) == []
    async with operator_unit(runtime) as unit:
        await service.reverse_payment(unit, "P-10001", 1, ReversePayment(reason="mis-posted"))
        second = asyncio.create_task(pay(lead, "1.00"))
        done, _ = await asyncio.wait([second], timeout=0.3)
        assert not done
    await second
    assert (await status(lead)).state == "PAST_DUE"
    assert [row.number for row in await work_list(lead)] == ["G-100"]


async def test_the_work_list_pages_without_overlap_or_gap(lead: httpx.AsyncClient, runtime: Runtime) -> None:
    numbers = [f"P-{n:04d}" for n in range(PAGE + 20)]
    await take_groups(runtime, *(group(number, f"Pager {number}") for number in numbers))
    for number in numbers:
        await bill(runtime, number)
    assert [row.number for row in await work_list(lead)] == ["G-100", *numbers]


async def test_a_day_that_passes_moves_the_standing_of_every_group(
    lead: httpx.AsyncClient, runtime: Runtime, later: Later
) -> None:
    await take_groups(runtime, group("G-500", "Not Yet Inc."))
    await bill(runtime, "G-500", date(2026, 12, 1))
    assert [row.number for row in await work_list(lead)] == ["G-100"]
    await later(date(2026, 12, 2))
    assert {row.number for row in await work_list(lead)} == {"G-100", "G-500"}
