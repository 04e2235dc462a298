"""A faxed form for a user ID, from the fax to approval, denial and taking back."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.common import PAGE, Page
from api_client.types.user_ids import UserIdRequest, UserIdRow
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.database import tables
from backend.log import set_up_log
from backend.runtime import Runtime
from tests.api.test_session import problem
from tests.conftest import NOON, FixedClock
from tests.csv_files import Line, group, take_groups
from tests.desk import if_match, key, operator_unit, sign_in


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep; group G-100 is on record with its signer and administrator."""
    api.headers.update(await sign_in(api, runtime))
    await take_groups(runtime, group(broker="Sable Brokers", broker_from="2026-01-01"))
    return api


def form(**changes: object) -> dict[str, Any]:
    """A form on which everything is right, faxed on Friday morning."""
    values: dict[str, Any] = {
        "group_number": "G-100",
        "received_at": "2026-11-20T17:00:00Z",
        "fax_reference": "FAX-1",
        "administrator": "Barnaby Inkwell",
        "signer": "Ottoline Quillfeather",
        "street": "12 Nowhere St.",
        "city": "SACRAMENTO",
        "state": "ca",
        "zip": "95814-1234",
    }
    return values | changes


async def register(api: httpx.AsyncClient, **changes: object) -> UserIdRequest:
    answer = await api.post("/v1/user-id-requests", json=form(**changes), headers=key())
    assert answer.status_code == 200, answer.text
    return UserIdRequest.model_validate(answer.json())


async def act(
    api: httpx.AsyncClient, seen: UserIdRequest, what: str, json: object = None, **more: str
) -> httpx.Response:
    """Approve, deny or undo what was seen."""
    headers = {**key(), **if_match(seen.version), **more}
    return await api.post(f"/v1/user-id-requests/{seen.id}/{what}", json=json, headers=headers)


async def show(api: httpx.AsyncClient, number: str) -> UserIdRequest:
    return UserIdRequest.model_validate((await api.get(f"/v1/user-id-requests/{number}")).json())


async def listed(api: httpx.AsyncClient, view: str = "open", **more: str) -> list[UserIdRow]:
    rows: list[UserIdRow] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"view": view, **more, **({"cursor": cursor} if cursor else {})}
        answer = await api.get("/v1/user-id-requests", params=params)
        page = Page[UserIdRow].model_validate(answer.json())
        rows, cursor = rows + page.rows, page.next
    return rows


async def web_users(runtime: Runtime) -> list[str]:
    async with runtime.database.read() as connection:
        rows = await connection.execute(select(tables.web_user.c.state).order_by(tables.web_user.c.id))
        return [str(state) for state in rows.scalars()]


async def have_an_active_administrator(runtime: Runtime, number: str = "G-100") -> None:
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, number)
        values = {"account_id": account.id, "kind": "administrator", "state": "active"}
        await unit.connection.execute(tables.web_user.insert().values(**values, created_at=unit.now))


# -- the form and its checks -------------------------------------------------------------------------


async def test_a_fax_is_registered_with_its_dates_and_every_check(rep: httpx.AsyncClient) -> None:
    made = await register(rep)
    assert (made.state, made.version, made.faxed_at) == (
        "received",
        1,
        datetime(2026, 11, 20, 17, tzinfo=UTC),
    )
    # Thanksgiving is the 26th; the center is closed on the day after too.
    assert (made.mail_by, made.arrive_by) == (date(2026, 11, 30), date(2026, 12, 3))
    assert [(one.name, one.result) for one in made.checks] == [
        ("group active", "passed"),
        ("signer on record", "passed"),
        ("administrator an employee or agent", "passed"),
        ("address of record", "passed"),
        ("no active admin ID", "passed"),
        ("no move in 30 days", "passed"),
    ]
    assert made.can_approve
    assert made.approve_sentence == (
        f"approve {made.id}, mail ID and code to Quillfeather Boats at its address of record"
    )
    assert await show(rep, made.id) == made


async def test_a_fax_after_closing_counts_from_the_next_open_day(rep: httpx.AsyncClient) -> None:
    evening = await register(rep, received_at="2026-11-20T01:30:00Z")
    assert evening.mail_by == date(2026, 11, 30)
    in_time = await register(rep, received_at="2026-11-20T01:00:00Z")
    assert in_time.mail_by == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"group_number": "G-999"}, 404),
        ({"received_at": "2026-11-20T17:42:00Z"}, 422),
        ({"received_at": "2026-11-20T09:00:00"}, 422),
        ({"received_at": "2016-11-20T17:00:00Z"}, 422),
        ({"received_at": "0001-01-01T00:00:00Z"}, 422),
        ({"fax_reference": ""}, 422),
        ({"administrator": "Barn\x1b[31maby"}, 422),
        ({"user_id": "own-choice"}, 422),
    ],
)
async def test_a_form_that_cannot_be_is_not_registered(
    rep: httpx.AsyncClient, changes: dict[str, object], code: int
) -> None:
    answer = await rep.post("/v1/user-id-requests", json=form(**changes), headers=key())
    assert answer.status_code == code
    assert await listed(rep) == []


@pytest.mark.parametrize(
    ("on_record", "on_form", "check", "sentence"),
    [
        ({"ended_on": "2026-06-30"}, {}, "group active", "The group is not active."),
        ({}, {"signer": "Someone Else"}, "signer on record", "The signer is not on record."),
        ({}, {"signer": ""}, "signer on record", "The form is not signed."),
        ({"signer_to": "2026-11-19"}, {}, "signer on record", "The signer is not on record."),
        ({}, {"administrator": "Someone Else"}, "administrator an employee or agent", "The administrator is"),
        (
            {},
            {"administrator": "Other Brokers", "administrator_is": "broker"},
            "administrator an employee or agent",
            "No document on file names this agent.",
        ),
        ({}, {"street": "1 Elsewhere Road"}, "address of record", "The address differs"),
        ({}, {"kind": "reset"}, "no active admin ID", "No administrator ID is active to reset"),
    ],
)
async def test_what_does_not_pass_blocks_approval_and_says_what_to_do(
    rep: httpx.AsyncClient,
    runtime: Runtime,
    on_record: Line,
    on_form: dict[str, str],
    check: str,
    sentence: str,
) -> None:
    await take_groups(runtime, group() | on_record)
    made = await register(rep, **on_form)
    assert [one.name for one in made.checks if one.result == "failed"] == [check]
    assert not made.can_approve
    assert made.approve_sentence.startswith(sentence)
    answer = await act(rep, made, "approve")
    assert (answer.status_code, problem(answer)) == (409, "rule-refuses")
    assert answer.json()["detail"] == made.approve_sentence
    assert (await show(rep, made.id)).state == "received"
    assert await web_users(runtime) == []


async def test_a_broker_in_force_may_be_the_administrator(rep: httpx.AsyncClient) -> None:
    assert (await register(rep, administrator="Sable Brokers", administrator_is="broker")).can_approve


async def test_one_administrator_an_employer_is_enough_whatever_the_group(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_groups(runtime, group(ein="12-3456789"), group("G-101", "Quillfeather Ltd", ein="12-3456789"))
    await have_an_active_administrator(runtime, "G-101")
    made = await register(rep)
    assert made.approve_sentence.startswith("An administrator ID is active")
    assert (await register(rep, kind="replace")).can_approve


async def test_a_group_that_moved_lately_needs_a_lead(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await take_groups(runtime, group(address_changed_on="2026-11-01"))
    made = await register(rep)
    answer = await act(rep, made, "approve")
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")
    assert answer.json()["detail"].startswith("A lead must approve this.")
    lead = await sign_in(rep, runtime, "a.lead", Role.LEAD)
    assert (await act(rep, made, "approve", **lead)).json()["decided_by"] == "A.Lead"


# -- decisions ---------------------------------------------------------------------------------------


async def test_an_approval_is_one_pending_id_and_the_mailing_step_does_the_rest(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    made = await register(rep)
    mine = {**key(), **if_match(1)}
    path = f"/v1/user-id-requests/{made.id}/approve"
    first = await rep.post(path, headers=mine)
    again = await rep.post(path, headers=mine)
    assert first.json() == again.json()
    assert (first.json()["state"], first.headers["etag"]) == ("approved", '"2"')
    assert first.json()["decided_by"] == "M.Lopez"
    assert not first.json()["can_approve"]
    assert await web_users(runtime) == ["pending"]
    second = await register(rep, fax_reference="FAX-2")
    assert second.approve_sentence.startswith("An administrator ID is active")


async def test_two_forms_of_one_employer_approved_at_once_make_one_id(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_groups(runtime, group(ein="12-3456789"), group("G-101", "Quillfeather Ltd", ein="12-3456789"))
    made = [await register(rep, group_number=number) for number in ("G-100", "G-101") * 3]
    answers = await asyncio.gather(*(act(rep, one, "approve") for one in made))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert await web_users(runtime) == ["pending"]


async def test_a_denial_names_its_reason(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    made = await register(rep, signer="")
    for body in ({}, {"reason": "no idea"}, None):
        assert (await act(rep, made, "deny", body)).status_code == 422
    done = await act(rep, made, "deny", {"reason": "signer_unknown", "note": "Called; no answer."})
    assert (done.json()["state"], done.json()["deny_reason"]) == ("refused", "signer_unknown")
    answer = await act(rep, await show(rep, made.id), "approve")
    assert (answer.status_code, problem(answer)) == (409, "rule-refuses")
    assert await web_users(runtime) == []


@pytest.mark.parametrize(
    ("what", "body"), [("approve", None), ("deny", {"reason": "not_employee"}), ("undo", None)]
)
async def test_who_saw_an_older_version_gets_the_present_one(
    rep: httpx.AsyncClient, runtime: Runtime, what: str, body: object
) -> None:
    made = await register(rep)
    unsaid = await rep.post(f"/v1/user-id-requests/{made.id}/{what}", json=body, headers=key())
    assert (unsaid.status_code, problem(unsaid)) == (428, "version-missing")
    colleague = await sign_in(rep, runtime, "c.other")
    assert (await act(rep, made, "deny", {"reason": "signer_unknown"}, **colleague)).status_code == 200
    answer = await act(rep, made, what, body)
    assert (answer.status_code, problem(answer)) == (412, "stale")
    present = UserIdRequest.model_validate(answer.json()["current"])
    assert (present.version, present.state, present.decided_by) == (2, "refused", "C.Other")


@pytest.mark.parametrize(("what", "body"), [("approve", None), ("deny", {"reason": "not_employee"})])
async def test_a_decision_can_be_taken_back_and_made_anew(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, what: str, body: object
) -> None:
    made = await register(rep)
    decided = UserIdRequest.model_validate((await act(rep, made, what, body)).json())
    assert decided.undo_until == NOON + timedelta(minutes=10)
    clock.move(timedelta(minutes=10))
    back = UserIdRequest.model_validate((await act(rep, decided, "undo")).json())
    assert (back.state, back.version, back.decided_by, back.deny_reason) == ("received", 3, None, None)
    assert back.undo_until is None
    assert back.can_approve
    assert "pending" not in await web_users(runtime)
    assert (await act(rep, back, "approve")).json()["version"] == 4
    assert (await web_users(runtime)).count("pending") == 1


async def test_taking_back_ends_after_ten_minutes_and_is_ones_own(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    made = await register(rep)
    assert problem(await act(rep, made, "undo")) == "rule-refuses"
    decided = UserIdRequest.model_validate((await act(rep, made, "approve")).json())
    lead = await sign_in(rep, runtime, "a.lead", Role.LEAD)
    answer = await act(rep, decided, "undo", **lead)
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")
    clock.move(timedelta(minutes=10, seconds=1))
    answer = await act(rep, decided, "undo")
    assert (answer.status_code, answer.json()["detail"]) == (409, "Your 10 minutes are over.")
    assert await web_users(runtime) == ["pending"]


# -- lists -------------------------------------------------------------------------------------------


async def test_open_requests_come_by_their_date_and_done_ones_by_their_decision(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await take_groups(runtime, group("G-200", "Marzipan Works"))
    first = await register(rep)
    older = await register(rep, received_at="2026-11-16T17:00:00Z")
    other = await register(rep, group_number="G-200")
    assert [(row.id, row.urgency) for row in await listed(rep)] == [
        (older.id, "red"),
        (first.id, "calm"),
        (other.id, "calm"),
    ]
    assert [row.id for row in await listed(rep, group="g-200")] == [other.id]
    await act(rep, first, "approve")
    clock.move(timedelta(minutes=1))
    await act(rep, older, "deny", {"reason": "already_active"})
    assert [row.id for row in await listed(rep)] == [other.id]
    assert [row.id for row in await listed(rep, "done")] == [older.id, first.id]
    assert [row.id for row in await listed(rep, "done", group="G-200")] == []
    account = (await rep.get("/v1/accounts/G-200")).json()
    assert [(one["id"], one["state"]) for one in account["open_items"]] == [(other.id, "arrives by 12-03")]


@pytest.mark.parametrize("view", ["open", "done"])
async def test_lists_page_without_overlap_or_gap(rep: httpx.AsyncClient, runtime: Runtime, view: str) -> None:
    expected = []
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        row = {"account_id": account.id, "kind": "first", "faxed_at": unit.now, "registered_by": "operator:t"}
        row |= {"fax_reference": "F", "administrator": "B", "administrator_is": "employee"}
        for n in range(PAGE + 7):
            mail_by = date(2026, 12, 1) + timedelta(days=n % 3) if n % 4 else None
            values = {**row, "number": f"U-9{n:04d}", "mail_by": mail_by, "state": "incomplete"}
            if view == "done":
                values |= {"state": "refused", "decided_at": unit.now - timedelta(minutes=n % 3)}
            await unit.connection.execute(tables.user_id_request.insert().values(**values))
            expected.append((mail_by or date.max, n, values["number"]))
    seen = [row.id for row in await listed(rep, view)]
    assert len(seen) == len(set(seen)) == PAGE + 7
    if view == "open":
        assert seen == [number for _, _, number in sorted(expected)]


# -- what never leaves -------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the backend writes to its log."""
    stream = io.StringIO()
    set_up_log(stream)
    yield stream
    set_up_log()


async def test_no_user_id_and_no_code_is_in_any_answer_or_log(
    rep: httpx.AsyncClient, runtime: Runtime, logged: io.StringIO
) -> None:
    made = await register(rep)
    answer = await act(rep, made, "approve")
    assert set(answer.json()) == set(UserIdRequest.model_fields)
    row = (await rep.get("/v1/user-id-requests", params={"view": "done"})).json()["rows"][0]
    assert set(row) == set(UserIdRow.model_fields)
    for name in ("password", "code", "user_id"):
        assert name not in {*answer.json(), *row, *tables.web_user.c.keys()}
    assert "user_ids.approve" in logged.getvalue()
    for person in ("Inkwell", "Quillfeather", "Nowhere", "FAX-1"):
        assert person not in logged.getvalue()


async def test_who_registered_read_and_decided_is_on_record(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    made = await register(rep)
    decided = UserIdRequest.model_validate((await act(rep, await show(rep, made.id), "approve")).json())
    await act(rep, decided, "undo")
    rows = tables.audit_row
    async with runtime.database.read() as connection:
        query = select(rows).where(rows.c.subject == made.id).order_by(rows.c.id)
        found = (await connection.execute(query)).all()
    acts = ["register", "show", "approve", "undo"]
    assert [row.action for row in found] == [f"user_ids.{act}" for act in acts]
    assert {row.actor for row in found} == {"m.lopez"}
    assert "Inkwell" not in str(found)
