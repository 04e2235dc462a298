"""Online submissions: what is done at once, what a person must look at, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.billing import bills
from backend.database import tables
from backend.letters import writing
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import key, operator_unit, service_headers, sign_in
from tests.enrollments import (
    GROUP,
    PEBBLE,
    add_group,
    add_member,
    clerk_of,
    count,
    coverages_on_record,
    submission,
    submit,
)


async def test_an_enrollment_that_agrees_in_everything_is_linked_at_once(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    await add_member(runtime)
    receipt = await submit(api, runtime)
    assert receipt["outcome"] == "applied"
    assert receipt["item"] is None
    assert await count(runtime, "member") == 1
    assert await coverages_on_record(runtime) == [("N1", date(2026, 12, 1), None)]


async def test_a_person_nobody_resembles_is_created_at_once(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await add_group(runtime)
    receipt = await submit(api, runtime)
    assert receipt["outcome"] == "applied"
    assert await count(runtime, "member") == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ssn": None, "street": "9 BAY AVE"}, "the home is another"),
        ({"first_name": "Clary"}, "two first names that are alike"),
        ({"birth_date": "1955-03-14"}, "the birth date differs"),
        ({"ssn": "900112223"}, "the next number"),
        ({"ssn": "999999999"}, "placeholder"),
        ({"coverage_from": "2026-08-01"}, "60 days back"),
        ({"coverage_from": None}, "no coverage"),
        ({"relationship": "19", "type": "add_dependent"}, "subscriber is not on record"),
    ],
)
async def test_every_doubt_goes_to_a_person_with_its_reason(
    api: httpx.AsyncClient, runtime: Runtime, changes: dict[str, object], why: str
) -> None:
    await add_group(runtime)
    await add_member(runtime)
    receipt = await submit(api, runtime, **changes)
    assert receipt["outcome"] == "queued"
    assert why in receipt["why"]
    assert receipt["item"].startswith("M-")
    assert await coverages_on_record(runtime) == []


@pytest.mark.parametrize(
    ("group", "changes", "outcome", "why"),
    [
        ({}, {"group_number": "NOWHERE", "user_id": clerk_of()}, "refused", "no such group"),
        ({"state": "terminated", "ended_on": date(2026, 10, 31)}, {}, "refused", "ended on 2026-10-31"),
        ({}, {"birth_date": "2027-01-01"}, "refused", "future"),
        ({}, {"coverage_to": "2026-11-01"}, "refused", "ends before it begins"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_reason(
    api: httpx.AsyncClient,
    runtime: Runtime,
    group: dict[str, Any],
    changes: dict[str, object],
    outcome: str,
    why: str,
) -> None:
    await add_group(runtime, **group)
    receipt = await submit(api, runtime, **changes)
    assert receipt["outcome"] == outcome
    assert why in receipt["why"]
    assert await count(runtime, "member") == 0
    assert await count(runtime, "enrollment") == 1  # a refusal is on record too


async def test_a_termination_of_a_subscriber_ends_the_whole_family(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    child = replace(PEBBLE, first_name="Milo", birth_date=date(2012, 5, 6), ssn=None)
    await add_member(runtime, child, account_id=account_id, relationship="19")
    receipt = await submit(
        api,
        runtime,
        type="termination",
        subscriber_number="S1",
        coverage_from=None,
        coverage_to="2026-11-30",
    )
    assert receipt["outcome"] == "applied"
    assert "2 coverages end on 2026-11-30" in receipt["why"]
    assert [ends for _, _, ends in await coverages_on_record(runtime)] == [date(2026, 11, 30)] * 2


async def test_a_termination_of_a_child_ends_only_the_childs_coverage(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    child = replace(PEBBLE, first_name="Milo", birth_date=date(2012, 5, 6), ssn=None)
    await add_member(runtime, child, account_id=account_id, relationship="19")
    await submit(
        api,
        runtime,
        type="termination",
        subscriber_number="S1",
        relationship="19",
        first_name="Milo",
        birth_date="2012-05-06",
        ssn=None,
        coverage_from=None,
        coverage_to="2026-11-30",
    )
    assert [ends for _, _, ends in await coverages_on_record(runtime)] == [None, date(2026, 11, 30)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"coverage_to": None}, "the day coverage ends is missing"),
        ({"coverage_to": "2026-10-15"}, "2026-11-01"),
        ({"subscriber_number": "S9"}, "nobody is enrolled"),
        ({"first_name": "Nobody", "birth_date": "1950-01-01", "ssn": None}, "nobody of this name"),
    ],
)
async def test_a_termination_that_is_not_clear_is_refused_in_the_same_answer(
    api: httpx.AsyncClient, runtime: Runtime, changes: dict[str, object], why: str
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    form: dict[str, object] = {
        "type": "termination",
        "subscriber_number": "S1",
        "coverage_from": None,
        "coverage_to": "2026-11-30",
    }
    receipt = await submit(api, runtime, **(form | changes))
    assert receipt["outcome"] == "refused"
    assert why in receipt["why"]
    assert [ends for _, _, ends in await coverages_on_record(runtime)] == [None]


async def test_twins_are_told_apart_by_their_names_or_not_at_all(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    for name in ("Milo", "Otto"):
        twin = replace(PEBBLE, first_name=name, birth_date=date(2012, 5, 6), ssn=None)
        await add_member(runtime, twin, account_id=account_id, relationship="19")
    form: dict[str, object] = {
        "type": "termination",
        "subscriber_number": "S1",
        "relationship": "19",
        "birth_date": "2012-05-06",
        "ssn": None,
        "coverage_from": None,
        "coverage_to": "2026-11-30",
    }
    unclear = await submit(api, runtime, **form, first_name="")
    assert unclear["outcome"] == "refused"
    assert "more than one person" in unclear["why"]
    clear = await submit(api, runtime, **form, first_name="Otto")
    assert clear["outcome"] == "applied"
    assert [ends for _, _, ends in await coverages_on_record(runtime)] == [None, date(2026, 11, 30)]


async def test_a_demographic_change_is_done_at_once_and_leaves_the_rest(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    receipt = await submit(
        api,
        runtime,
        type="demographic",
        subscriber_number="S1",
        last_name="Mellowmere",
        street="9 LAKE CT",
        city="FRESNO",
        zip="93721",
        coverage_from=None,
    )
    assert receipt["outcome"] == "applied"
    assert "last name" in receipt["why"]
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(tables.member))).one()
    assert (row.last_name, row.first_name, row.street, row.city, row.zip) == (
        "Mellowmere", "Clara", "9 LAKE CT", "FRESNO", "93721",
    )  # fmt: skip
    assert row.birth_date == date(1980, 3, 14)
    again = await submit(
        api, runtime, type="demographic", subscriber_number="S1", last_name="Mellowmere",
        street="", city="", zip="", coverage_from=None,
    )  # fmt: skip
    assert again["why"] == "nothing differs from what is on record"


async def test_a_reinstatement_goes_through_matching(api: httpx.AsyncClient, runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    await submit(
        api, runtime, type="termination", subscriber_number="S1", coverage_from=None, coverage_to="2026-11-10"
    )
    receipt = await submit(api, runtime, type="reinstate", subscriber_number="S1", coverage_from="2026-11-11")
    assert receipt["outcome"] == "applied"
    assert (await coverages_on_record(runtime))[-1] == ("S1", date(2026, 11, 11), None)


async def test_one_key_is_one_enrollment(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await add_group(runtime)
    headers = {**service_headers(runtime), **key()}
    first = await api.post("/v1/enrollment/submissions", json=submission(), headers=headers)
    second = await api.post("/v1/enrollment/submissions", json=submission(), headers=headers)
    assert first.json() == second.json()
    assert await count(runtime, "enrollment") == 1


async def test_no_rep_submits_for_a_client(api: httpx.AsyncClient, runtime: Runtime) -> None:
    headers = await sign_in(api, runtime, role=Role.ADMIN)
    answer = await api.post("/v1/enrollment/submissions", json=submission(), headers={**headers, **key()})
    assert answer.status_code == 403


async def test_no_ssn_stands_readable_in_the_store(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await add_group(runtime)
    await submit(api, runtime, ssn="900554433")
    async with operator_unit(runtime) as unit:
        for table in (tables.enrollment, tables.member, tables.audit_row, tables.idempotency, tables.event):
            for row in await unit.connection.execute(select(table)):
                assert "900554433" not in str(tuple(row))


async def test_online_a_group_that_ended_unpaid_looks_and_pays_only(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    account_id = await add_group(runtime, name="Quillparts LLC")
    await add_member(runtime, account_id=account_id)
    clock.now = datetime(2026, 8, 10, 17, tzinfo=UTC)
    for day in range(62):
        async with operator_unit(runtime) as unit:
            account = await accounts.account_of(unit, GROUP)
            if day == 0:
                await bills.issue_invoice(unit, account, date(2026, 9, 1), [("S1", Decimal(10_000))])
            for letter in (await writing.write_due(unit, account)).numbers:
                await writing.mark_mailed(unit, letter)
        clock.move(timedelta(days=1))
    end = {"type": "termination", "subscriber_number": "S1", "coverage_to": "2026-10-31"}
    for asked in ({"coverage_from": "2026-11-01"}, end):
        receipt = await submit(api, runtime, **asked)
        assert receipt["outcome"] == "refused"
        assert receipt["why"].endswith("its user IDs may look and pay only")


async def test_a_last_day_set_ahead_ends_the_group_by_itself(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime, ended_on=date(2026, 11, 20))
    too_late = await submit(api, runtime)
    assert too_late["why"] == "the group ends on 2026-11-20, before coverage would begin"
    assert (await submit(api, runtime, coverage_from="2026-11-01"))["outcome"] == "applied"
    clock.move(timedelta(days=1))
    receipt = await submit(api, runtime, last_name="Quillfeather", ssn="900113333", subscriber_number="N2")
    assert (receipt["outcome"], receipt["why"]) == ("refused", "the group ended on 2026-11-20")
    headers = await sign_in(api, runtime)
    shown = (await api.get(f"/v1/accounts/{GROUP}", headers=headers)).json()
    assert shown["about"]["state"] == "terminated"
