"""Promises, disputes, holds and reinstatement: who may, when not, and that they move only what they may."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api_client.types.billing_words import BillingFlag
from api_client.types.words import Role
from backend.runtime import Runtime
from tests.bills import PREMIUM, Books, kind_of
from tests.conftest import SQLITE, FixedClock
from tests.desk import sign_in
from tests.enrollments import GROUP, coverages_on_record, submit
from tests.phone import Phone, call_of

END = date(2026, 12, 1)
A = f"accounts/{GROUP}"
NOT_VERIFIED = (403, "not-verified")
REFUSED, INVALID, STALE = (409, "rule-refuses"), (422, "invalid"), (412, "stale")


@pytest.fixture
async def books(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> Books:
    return Books(api, runtime, clock)


async def options(books: Books) -> dict[str, Any]:
    answer = await books.post("acts/options", group_number=GROUP, mrn="")
    return {one["act"]: one for one in answer.json()["options"]}


async def guesses(books: Books) -> list[str]:
    active = (await Phone(books.api, books.rep).mine())["active"]
    return list(active["guess"])


# -- before the caller proved anything ---------------------------------------------------------------


@SQLITE
async def test_nothing_of_the_bill_is_done_or_said_before_the_caller_proved_the_right_to_it(
    books: Books, api: httpx.AsyncClient
) -> None:
    await books.dunned()
    acts: dict[str, dict[str, Any]] = {
        f"{A}/promises": {"amount": "10.00", "pay_by": "2026-11-24"},
        f"{A}/disputes": {"invoice": "I-000001", "reason": "not ours"},
        f"{A}/reinstatements": {},
    }
    for path, form in acts.items():
        assert kind_of(await books.post(path, **form)) == NOT_VERIFIED, path  # nobody is on the line
    for kind, proves in (("client", False), ("broker", True), ("tpa", True)):
        await call_of(api, books.rep, kind, proves=proves)
        asked = {f"{A}/billing/what-if": {"amount": "10.00", "on": "2026-11-24"}}
        for path, form in {**acts, **asked}.items():
            answer = await books.post(path, **form)
            assert kind_of(answer) == NOT_VERIFIED, (kind, path)
            assert "10,000" not in answer.text
        assert (await api.get(f"/v1/{A}/billing", headers=books.rep)).status_code == 403
        assert (await api.get("/v1/billing/work-list", headers=books.rep)).status_code == 403
        acts_open = await options(books)
        assert [acts_open[act]["allowed"] for act in ("promise", "dispute", "reinstate_group")] == [False] * 3
    for name in ("promise", "hold", "reinstatement"):
        assert await books.rows(name) == []


# -- promises to pay ---------------------------------------------------------------------------------


async def test_a_promise_is_taken_down_and_moves_no_date(books: Books, api: httpx.AsyncClient) -> None:
    await books.dunned()
    before = await books.status()
    call = await call_of(api, books.rep, "client")
    said = (await options(books))["promise"]
    assert said["will"] == (
        "The promise is noted; it changes no date. What keeps coverage is ten thousand dollars by December 1."
    )
    wrong: list[tuple[str, str]] = [
        ("0.00", "2026-11-24"),
        ("-5.00", "2026-11-24"),
        ("10.005", "2026-11-24"),
        ("10.00", "2026-11-19"),
        ("10.00", "2026-12-02"),
    ]
    for amount, day in wrong:
        assert kind_of(await books.post(f"{A}/promises", amount=amount, pay_by=day)) == INVALID, (amount, day)
    made = await books.done(f"{A}/promises", amount="10000.00", pay_by="2026-12-01")
    assert (made["id"], made["state"], made["made_on"]) == ("PTP-00001", "open", "2026-11-20")
    assert made["undo_until"]
    again = await books.post(f"{A}/promises", amount="1.00", pay_by="2026-11-24")
    assert kind_of(again) == REFUSED
    assert (await options(books))["promise"]["why_not"].startswith("PTP-00001 is open")
    found = await books.status()
    assert found.flags == [BillingFlag.PTP_OPEN]
    assert found.promise == "10,000.00 by 2026-12-01; it changes no date"
    assert [(one.id, one.undo_until) for one in found.promises] == [("PTP-00001", None)]  # the lead's screen
    same = ("state", "keep_coverage_by", "coverage_end_if_unpaid", "next_letter", "letters")
    assert all(getattr(found, name) == getattr(before, name) for name in same)
    assert (await guesses(books))[0] == "BILL-PTP"
    rows = [row for row in await books.rows("audit_row") if row.action == "billing.promise"]
    assert [(row.subject, row.context) for row in rows] == [("PTP-00001", call)]


async def test_ones_own_promise_is_taken_back_for_ten_minutes(
    books: Books, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await books.dunned()
    await call_of(api, books.rep, "client")
    form: dict[str, Any] = {"amount": "10000.00", "pay_by": "2026-11-24"}
    await books.done(f"{A}/promises", **form)
    other = await sign_in(api, runtime, "r.chen")
    assert kind_of(await books.post("promises/PTP-00001/undo", other)) == (403, "not-allowed")
    assert kind_of(await books.post("promises/PTP-99999/undo")) == (404, "not-found")
    back = await books.done("promises/PTP-00001/undo")
    assert (back["id"], back["undo_until"]) == ("PTP-00001", None)
    assert (await books.status()).promises == []
    second = await books.done(f"{A}/promises", **form)
    books.clock.move(timedelta(minutes=10))
    late = await books.post(f"promises/{second['id']}/undo")
    assert (kind_of(late), late.json()["detail"]) == (
        (403, "not-allowed"),
        "The time to take it back is over.",
    )


@SQLITE
async def test_a_promise_is_broken_on_the_next_day_and_kept_by_money(
    books: Books, api: httpx.AsyncClient
) -> None:
    await books.dunned()
    await call_of(api, books.rep, "client")
    await books.done(f"{A}/promises", amount="9000.00", pay_by="2026-11-24")
    await books.go(date(2026, 11, 25))
    found = await books.status()
    assert ([one.state for one in found.promises], found.flags) == (["broken"], [BillingFlag.PTP_BROKEN])
    assert found.coverage_end_if_unpaid == END
    await call_of(api, books.rep, "client")
    await books.done(f"{A}/promises", amount="9000.00", pay_by="2026-11-30")
    await books.pays("9000.00")
    kept = await books.status()
    assert [one.state for one in kept.promises] == ["kept", "broken"]
    assert (kept.keep_coverage_amount, kept.coverage_end_if_unpaid) == (Decimal(1000), END)


@SQLITE
async def test_a_promise_is_for_a_grace_that_runs(books: Books, api: httpx.AsyncClient) -> None:
    await books.go(date(2026, 10, 10))
    await books.open()
    await books.bill(date(2026, 11, 1))
    for day, allowed in ((date(2026, 10, 20), False), (date(2026, 11, 2), False), (date(2026, 11, 3), True)):
        await books.go(day)
        await call_of(api, books.rep, "client")
        option = (await options(books))["promise"]
        answer = await books.post(f"{A}/promises", amount="10.00", pay_by=f"{day}")
        assert (option["allowed"], answer.status_code) == (allowed, 200 if allowed else 409), day
        await books.letters(date(2026, 11, 2)) if day == date(2026, 11, 2) else None
    await books.go(date(2026, 11, 4))
    await books.pays()
    await call_of(api, books.rep, "client")
    assert not (await options(books))["promise"]["allowed"]


# -- disputes ----------------------------------------------------------------------------------------


async def test_a_disputed_bill_is_told_and_a_lead_settles_it(books: Books, api: httpx.AsyncClient) -> None:
    await books.dunned()
    await call_of(api, books.rep, "client")
    (choice,) = (await options(books))["dispute"]["choices"]
    assert choice["will"] == (
        "The dispute of November 2026, 10,000.00 open, goes to a lead; it stops no date: letters go on."
    )
    bill = choice["value"]
    unknown = await books.post(f"{A}/disputes", invoice="I-999999", reason="not ours")
    assert kind_of(unknown) == (404, "not-found")
    for reason in ("", "no", "x" * 201):
        assert kind_of(await books.post(f"{A}/disputes", invoice=bill, reason=reason)) == INVALID
    hold = await books.done(f"{A}/disputes", invoice=bill, reason="two people had left")
    assert (hold["id"], hold["kind"], hold["invoice"], hold["stops_dates"]) == (
        "H-00001",
        "dispute",
        bill,
        False,
    )
    assert kind_of(await books.post(f"{A}/disputes", invoice=bill, reason="once more")) == REFUSED
    assert (await options(books))["dispute"]["allowed"] is False
    assert (await guesses(books))[0] == "BILL-DISPUTE"
    found = await books.status()
    assert (found.flags, found.coverage_end_if_unpaid) == ([BillingFlag.HOLD], END)
    assert (found.holds[0].reason, found.holds[0].opened_by) == ("two people had left", "M.Lopez")
    lift: dict[str, Any] = {"reason": "settled"}
    assert kind_of(await books.post("holds/H-00001/lift", version=1, **lift)) == (403, "not-allowed")
    assert kind_of(await books.post("holds/H-00001/lift", books.lead, **lift)) == (428, "version-missing")
    stale = await books.post("holds/H-00001/lift", books.lead, 7, **lift)
    assert (kind_of(stale), stale.json()["current"]["version"]) == (STALE, 1)
    lifted = await books.done("holds/H-00001/lift", books.lead, 1, **lift)
    assert (lifted["lifted_on"], lifted["version"]) == ("2026-11-20", 2)
    assert kind_of(await books.post("holds/H-00001/lift", books.lead, 2, **lift)) == REFUSED
    assert (await books.status()).flags == []
    assert (await options(books))["dispute"]["allowed"] is True
    await books.pays()
    paid = await books.post(f"{A}/disputes", invoice=bill, reason="once more")
    assert (kind_of(paid), paid.json()["detail"]) == (REFUSED, f"Nothing of bill {bill} is open.")


# -- holds -------------------------------------------------------------------------------------------


async def test_a_hold_of_a_kind_that_stops_dates_stops_them_until_it_is_lifted(
    books: Books, runtime: Runtime
) -> None:
    await books.dunned()
    path = f"{A}/holds"
    form: dict[str, Any] = {"kind": "grievance", "reason": "asked the regulator"}
    assert kind_of(await books.post(path, **form)) == (403, "not-allowed")
    assert kind_of(await books.post(path, books.lead, **{**form, "kind": "dispute"})) == REFUSED
    for day in ("2026-11-19", "9999-12-31"):  # over, and past what a date can be counted from
        assert kind_of(await books.post(path, books.lead, **form, to_on=day)) == INVALID
    hold = await books.done(path, books.lead, **form)
    assert (hold["id"], hold["stops_dates"], hold["to_on"]) == ("H-00001", True, None)
    assert kind_of(await books.post(path, books.lead, **form)) == REFUSED
    held = await books.status()
    assert (held.keep_coverage_by, held.coverage_end_if_unpaid) == (None, None)
    assert held.keep_coverage_amount == PREMIUM
    await books.go(date(2026, 11, 25))
    other = await sign_in(books.api, runtime, "d.okafor", Role.LEAD)
    answers = await asyncio.gather(
        *(books.post("holds/H-00001/lift", who, 1, reason="answered") for who in (books.lead, other))
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    after = await books.status()
    assert after.coverage_end_if_unpaid == END + timedelta(days=5)  # its days are not counted
    assert [(one.lifted_on, one.opened_by) for one in after.holds] == [(date(2026, 11, 25), "A.Lead")]


# -- coverage that ended is given back -----------------------------------------------------------------


async def test_coverage_that_ended_is_asked_back_and_given_back_as_it_was(
    books: Books, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await books.ended()
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), END)]
    refused = await submit(api, runtime, subscriber_number="N7", last_name="Other", ssn="900119999")
    assert (refused["outcome"], "premium was not paid" in refused["why"]) == ("refused", True)
    await call_of(api, books.rep, "client")
    acts = await options(books)
    assert "A lead decides" in acts["reinstate_group"]["will"]
    assert not acts["promise"]["allowed"]
    asked = await books.done(f"{A}/reinstatements")
    assert (asked["id"], asked["version"]) == ("RI-00001", 1)
    assert asked["why_not"] == "10,000.00 of premium through this month is still open."
    assert kind_of(await books.post(f"{A}/reinstatements")) == REFUSED
    assert (await guesses(books))[0] == "DELQ-REINST"
    decide = "reinstatements/RI-00001/decide"
    assert kind_of(await books.post(decide, version=1, approve=True)) == (403, "not-allowed")
    assert kind_of(await books.post(decide, books.lead, 1, approve=True)) == REFUSED
    assert kind_of(await books.post(decide, books.lead, 1, approve=False)) == INVALID
    await books.pays()
    assert [one.why_not for one in (await books.status()).reinstatements] == [""]
    given = await books.done(decide, books.lead, 1, approve=True)
    assert (given["approved"], given["decided_on"], given["version"]) == (True, "2026-12-02", 2)
    assert kind_of(await books.post(decide, books.lead, 2, approve=True)) == REFUSED
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), None)]
    (row,) = await books.rows("coverage")
    assert (row.ended_unpaid, row.ends_on_before) == (False, None)
    found = await books.status()
    assert (found.state, found.flags, found.coverage_end) == ("CURRENT", [BillingFlag.REINSTATED], None)
    assert await books.letters(date(2026, 12, 2)) == ["reinstatement"]
    assert (await books.rows("card_job"), await books.rows("match_item")) == ([], [])  # none is made anew
    assert kind_of(await books.post(f"{A}/reinstatements")) == REFUSED  # nothing ended


@SQLITE
async def test_r17_reinstatement_a_promise_and_a_dispute_leave_the_paper_bill_as_it_was(
    books: Books, api: httpx.AsyncClient
) -> None:
    await books.dunned(bill_preference="both")
    await call_of(api, books.rep, "client")
    await books.done(f"{A}/promises", amount="10.00", pay_by="2026-11-24")
    bill = (await books.status()).invoices[0].number
    await books.done(f"{A}/disputes", invoice=bill, reason="not ours")
    await books.go(date(2026, 12, 2))
    await call_of(api, books.rep, "client")
    await books.done(f"{A}/reinstatements")
    await books.pays()
    await books.done("reinstatements/RI-00001/decide", books.lead, 1, approve=True)
    assert (await books.status()).bill_preference == "both"
    assert (await books.account()).bill_preference == "both"


@SQLITE
async def test_two_leads_decide_once_and_a_refusal_says_why(
    books: Books, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await books.ended()
    await call_of(api, books.rep, "client")
    await books.done(f"{A}/reinstatements")
    other = await sign_in(api, runtime, "d.okafor", Role.LEAD)
    answers = await asyncio.gather(
        *(
            books.post("reinstatements/RI-00001/decide", who, 1, approve=False, reason="applies anew")
            for who in (books.lead, other)
        )
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    (row,) = (await books.status()).reinstatements
    assert (row.approved, row.reason, row.why_not) == (False, "applies anew", "")
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), END)]
    await books.go(date(2027, 1, 1))
    await call_of(api, books.rep, "client")
    late = await books.done(f"{A}/reinstatements")  # taken down all the same: a lead says no
    assert late["why_not"] == "It was asked for more than 30 days after the end of coverage."


@SQLITE
async def test_money_that_was_here_in_time_gives_coverage_back_by_itself(
    books: Books, runtime: Runtime
) -> None:
    await books.ended()
    await books.pays(on=END)  # found in the mail of the last day
    found = await books.status()
    assert (found.state, found.flags) == ("CURRENT", [])
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), None)]
