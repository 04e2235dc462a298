"""A faxed form for a user ID, from the fax to approval, denial and taking back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.engine import URL

from api_client.types.common import Page
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.user_ids import UserIdRequest, UserIdRow
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.database import tables
from backend.log import set_up_log
from backend.runtime import Runtime
from backend.user_ids import moves, service
from tests.api.test_session import problem
from tests.conftest import FixedClock
from tests.csv_files import Line, group, take_groups
from tests.desk import if_match, key, operator_unit, sign_in
from tests.phone import Phone
from tests.stores import SQLiteStores

REQUESTS = "/v1/user-id-requests"
PHONES = {"signer_phone": "916-555-0134", "administrator_phone": "916-555-0135"}


@pytest.fixture
def database_url(sqlite_stores: SQLiteStores) -> URL:
    """What PostgreSQL may do otherwise is in `test_user_ids_at_once`."""
    return sqlite_stores.fresh()


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep; group G-100 is on record with its signer and administrator."""
    api.headers.update(await sign_in(api, runtime))
    brokers = {"broker": "Sable Brokers", "broker_from": "2026-01-01", "broker_to": "2027-03-31"}
    await take_groups(runtime, group(**PHONES, **brokers))
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


def seen(answer: httpx.Response) -> UserIdRequest:
    """The request that was answered."""
    assert answer.status_code == 200, answer.text
    return UserIdRequest.model_validate(answer.json())


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of the problem that was answered."""
    return answer.status_code, problem(answer)


async def register(api: httpx.AsyncClient, **changes: object) -> UserIdRequest:
    return seen(await api.post(REQUESTS, json=form(**changes), headers=key()))


async def act(
    api: httpx.AsyncClient, one: UserIdRequest, what: str, json: object = None, **more: str
) -> httpx.Response:
    """Do something with the request as it was seen."""
    headers = {**key(), **if_match(one.version), **more}
    return await api.post(f"{REQUESTS}/{one.id}/{what}", json=json, headers=headers)


async def show(api: httpx.AsyncClient, number: str, **who: str) -> UserIdRequest:
    return seen(await api.get(f"{REQUESTS}/{number}", headers=who))


async def listed(api: httpx.AsyncClient, view: str = "open", **more: str) -> list[UserIdRow]:
    rows: list[UserIdRow] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"view": view, **more, **({"cursor": cursor} if cursor else {})}
        answer = await api.get(REQUESTS, params=params)
        assert answer.status_code == 200, answer.text
        page = Page[UserIdRow].model_validate(answer.json())
        rows, cursor = rows + page.rows, page.next
    return rows


async def web_users(runtime: Runtime) -> list[tuple[str, str]]:
    """State and person of every user ID."""
    users = tables.web_user
    async with runtime.database.read() as connection:
        rows = await connection.execute(select(users.c.state, users.c.person).order_by(users.c.id))
        return [(state, person) for state, person in rows]


async def letters(runtime: Runtime) -> list[str]:
    """Kinds of the letters that are written about requests."""
    table = tables.letter
    async with runtime.database.read() as connection:
        kinds = await connection.execute(select(table.c.kind).where(table.c.request_id.is_not(None)))
        return sorted(kinds.scalars())


async def an_administrator(runtime: Runtime, number: str = "G-100", **values: object) -> int:
    """Have a plan-issued ID that is in use; its key."""
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, number)
        columns = {"number": "W-90001", "account_id": account.id, "kind": "administrator", "state": "active"}
        columns |= {"person": "Barnaby Inkwell", "created_at": unit.now, "state_at": unit.now}
        added = insert(tables.web_user).values(**{**columns, **values}).returning(tables.web_user.c.id)
        return int((await unit.connection.execute(added)).scalar_one())


async def put(runtime: Runtime, one: UserIdRequest, state: UserIdRequestState, **columns: object) -> None:
    """Bring a request where mailing, the post or the client bring it."""
    async with operator_unit(runtime) as unit:
        query = select(tables.user_id_request.c.id).where(tables.user_id_request.c.number == one.id)
        request_id = (await unit.connection.execute(query)).scalar_one()
        await moves.change_state(unit, request_id, state, **columns)


# -- the form and its checks -------------------------------------------------------------------------


async def test_a_fax_is_registered_with_its_dates_and_every_check(rep: httpx.AsyncClient) -> None:
    made = await register(rep)
    assert (made.state, made.version, made.faxed_at) == (
        "received",
        1,
        datetime(2026, 11, 20, 17, tzinfo=UTC),
    )
    # Thanksgiving is the 26th; the center is closed on the day after too.
    assert (made.mail_by, made.arrive_by, made.breached) == (date(2026, 11, 30), date(2026, 12, 3), False)
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
    assert made.say == (
        "Your form came in on November 20. It is being checked. User ID and code arrive by mail by "
        "December 3, at your company's address and nowhere else."
    )
    assert (made.page, made.same_as, made.can_undo, made.mailed_on) == (None, [], False, None)
    assert made.notice_to == "notice to Ottoline Quillfeather, contract signer, at the address of record"
    assert (made.form_address.state, made.address_of_record.street) == ("CA", "12 Nowhere Street")
    assert await show(rep, made.id) == made


async def test_a_fax_after_closing_counts_from_the_next_open_day(rep: httpx.AsyncClient) -> None:
    evening = await register(rep, received_at="2026-11-20T01:00:01Z")
    assert evening.mail_by == date(2026, 11, 30)
    in_time = await register(rep, received_at="2026-11-20T01:00:00Z")
    assert in_time.mail_by == date(2026, 11, 25)


async def test_a_form_that_cannot_be_is_not_registered(rep: httpx.AsyncClient) -> None:
    for changes, code in (
        ({"group_number": "G-999"}, 404),
        ({"received_at": "2026-11-20T17:42:00Z"}, 422),
        ({"received_at": "2026-11-20T09:00:00"}, 422),
        ({"received_at": "2016-11-20T17:00:00Z"}, 422),
        ({"received_at": "0001-01-01T00:00:00Z"}, 422),
        ({"fax_reference": ""}, 422),
        ({"administrator": "Barn\x1b[31maby"}, 422),
        ({"user_id": "own-choice"}, 422),
        ({"channel": "pigeon"}, 422),
        ({"channel": "email"}, 409),
        ({"channel": "mail"}, 409),
        ({"channel": "phone"}, 409),
    ):
        answer = await rep.post(REQUESTS, json=form(**changes), headers=key())
        assert answer.status_code == code, changes
    assert answer.json()["detail"] == (
        "A form for a user ID is taken by fax only. Ask the client to fax it to 800-555-0102."
    )
    assert await listed(rep) == []


@pytest.mark.parametrize(
    ("on_record", "on_form", "check", "sentence"),
    [
        ({"ended_on": "2026-06-30"}, {}, "group active", "The group is not active."),
        ({"signer_to": "2026-11-19"}, {}, "signer on record", "The signer is not on record."),
        (
            {"broker": "Other Brokers", "broker_to": "2026-11-19"},
            {"administrator": "Other Brokers", "administrator_is": "broker"},
            "administrator an employee or agent",
            "No document on file names this agent.",
        ),
    ],
)
async def test_what_is_not_in_force_on_record_blocks_approval(
    rep: httpx.AsyncClient,
    runtime: Runtime,
    on_record: Line,
    on_form: dict[str, str],
    check: str,
    sentence: str,
) -> None:
    await take_groups(runtime, group() | on_record)
    await _is_blocked(rep, on_form, check, sentence)
    assert await web_users(runtime) == []


async def test_what_does_not_pass_blocks_approval_and_says_what_to_do(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    for on_form, check, sentence in (
        ({"signer": "Someone Else"}, "signer on record", "The signer is not on record."),
        ({"signer": ""}, "signer on record", "The form is not signed."),
        ({"administrator": "Someone Else"}, "administrator an employee or agent", "The administrator is"),
        ({"street": "1 Elsewhere Road"}, "address of record", "The address differs"),
        ({"kind": "reset"}, "admin ID to reset", "No administrator ID is active to reset"),
    ):
        await _is_blocked(rep, on_form, check, sentence)
    assert await web_users(runtime) == []


async def _is_blocked(rep: httpx.AsyncClient, on_form: dict[str, str], check: str, sentence: str) -> None:
    made = await register(rep, **on_form)
    assert [one.name for one in made.checks if one.result == "failed"] == [check]
    assert not made.can_approve
    assert made.approve_sentence.startswith(sentence)
    answer = await act(rep, made, "approve")
    assert refused(answer) == (409, "rule-refuses")
    assert answer.json()["detail"] == made.approve_sentence
    assert (await show(rep, made.id)).state == "received"


async def test_a_form_that_came_before_is_noticed(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await take_groups(
        runtime,
        group(**PHONES, ein="12-3456789"),
        group("G-101", "Quillfeather Ltd", ein="12-3456789"),
        group("G-200", "Marzipan Works"),
    )
    first = await register(rep)
    elsewhere = await register(rep, group_number="G-200")
    same_employer = await register(rep, group_number="G-101", fax_reference="FAX-2")
    assert (elsewhere.same_as, same_employer.same_as) == ([first.id], [first.id])
    stranger = await register(rep, group_number="G-200", fax_reference="FAX-3")
    assert stranger.same_as == [elsewhere.id]
    async with operator_unit(runtime) as unit:
        numbers = tables.user_id_request.c
        for number in (first.id, stranger.id):
            query = select(numbers.id).where(numbers.number == number)
            request_id = (await unit.connection.execute(query)).scalar_one()
            page = {"request_id": request_id, "kept_at": unit.now, "kept_by": "M.Lopez", "pages": 1}
            page |= {"digest": "d1", "sealed": b"sealed"}
            await unit.connection.execute(insert(tables.fax_page).values(**page))
    assert (await show(rep, stranger.id)).same_as == [elsewhere.id, first.id]
    assert (await act(rep, elsewhere, "deny", {"reason": "duplicate"})).status_code == 200
    assert await letters(runtime) == []
    assert (await show(rep, stranger.id)).same_as == [first.id]


# -- approval ----------------------------------------------------------------------------------------


async def test_an_approval_is_one_pending_id_and_the_mailing_step_does_the_rest(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    made = await register(rep)
    mine = {**key(), **if_match(1)}
    path = f"{REQUESTS}/{made.id}/approve"
    first = await rep.post(path, headers=mine)
    again = await rep.post(path, headers=mine)
    assert first.json() == again.json()
    done = seen(first)
    assert (done.state, first.headers["etag"], done.decided_by) == ("approved", '"2"', "M.Lopez")
    assert (done.can_approve, done.can_undo, done.checks) == (False, True, [])
    assert (done.mail_by, done.urgency) == (date(2026, 11, 30), "calm")
    assert await web_users(runtime) == [("pending", "Barnaby Inkwell")]
    assert await letters(runtime) == ["id_notice", "user_id"]
    second = await register(rep, fax_reference="FAX-2")
    assert second.same_as == [made.id]
    assert second.approve_sentence.startswith(f"{made.id} of this client is approved already.")


async def test_the_id_of_a_broker_ends_with_its_document(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    made = await register(rep, administrator="SABLE BROKERS", administrator_is="broker")
    await act(rep, made, "approve")
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(tables.web_user))).one()
    assert (row.person_is, row.valid_to, row.kind) == ("broker", date(2027, 3, 31), "administrator")


async def test_an_id_in_use_is_reset_or_replaced_whatever_the_group_of_the_employer(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_groups(runtime, group(ein="12-3456789"), group("G-101", "Quillfeather Ltd", ein="12-3456789"))
    in_use = await an_administrator(runtime, "G-101")
    made = await register(rep)
    assert made.approve_sentence.startswith("An administrator ID is active")
    reset = await register(rep, kind="reset")
    assert reset.approve_sentence.startswith(f"approve {reset.id}, mail a new code to")
    done = seen(await act(rep, reset, "approve"))
    assert await web_users(runtime) == [("active", "Barnaby Inkwell")]
    assert await letters(runtime) == ["id_notice", "user_id"]
    await act(rep, done, "undo")
    assert (await web_users(runtime), await letters(runtime)) == ([("active", "Barnaby Inkwell")], [])
    replacing = await register(rep, kind="replace", administrator="Ottoline Quillfeather")
    await act(rep, replacing, "approve")
    async with runtime.database.read() as connection:
        rows = (await connection.execute(select(tables.web_user).order_by(tables.web_user.c.id))).all()
    assert [(row.state, row.replaces) for row in rows] == [("active", None), ("pending", in_use)]


async def test_the_id_of_an_agent_whose_document_is_over_is_in_use_no_more(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await an_administrator(runtime, person="Sable Brokers", person_is="broker")
    assert (await register(rep)).approve_sentence.startswith("An administrator ID is active")
    await take_groups(runtime, group(broker="Sable Brokers", broker_to="2026-11-19", **PHONES))
    assert (await register(rep, fax_reference="FAX-2")).can_approve


async def test_after_a_move_two_persons_approve_and_the_second_is_a_lead_with_clean_hands(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_groups(runtime, group(street="1 Former Place", **PHONES), group("G-200", "Marzipan Works"))
    await take_groups(runtime, group(**PHONES))
    made = await register(rep)
    assert made.can_approve
    assert made.approve_sentence == (
        f"approve {made.id} as the first of two; a lead confirms the address with the client"
    )
    assert made.notice_to.endswith("Quillfeather Boats at its address before 2026-11-20")
    first = seen(await act(rep, made, "approve"))
    assert (first.state, first.checked_by, first.decided_by) == ("verifying", "M.Lopez", None)
    assert (first.can_approve, first.can_undo) == (False, True)
    assert (await web_users(runtime), await letters(runtime)) == ([], [])
    colleague = await sign_in(rep, runtime, "c.other")
    for who in ({}, colleague):
        assert refused(await act(rep, first, "approve", **who)) == (403, "not-allowed")
    assert refused(await act(rep, first, "undo", **colleague)) == (403, "not-allowed")
    lead = await sign_in(rep, runtime, "a.lead", Role.LEAD)
    await change_address_by(runtime, "rep:a.lead")
    answer = await act(rep, first, "approve", **lead)
    assert refused(answer) == (403, "not-allowed")
    assert answer.json()["detail"].startswith("You changed the address of record")
    await change_address_by(runtime, "operator:tester")
    shown = await show(rep, made.id, **lead)
    assert shown.approve_sentence == (
        f"agree to {made.id} once the client has confirmed the address, and mail ID and code to Quillfeather "
        "Boats at its address of record"
    )
    done = seen(await act(rep, first, "approve", **lead))
    assert (done.state, done.checked_by, done.decided_by) == ("approved", "M.Lopez", "A.Lead")
    assert await letters(runtime) == ["id_notice", "id_notice", "user_id"]
    back = seen(await act(rep, done, "undo", **lead))
    assert (back.state, back.checked_by, back.decided_by) == ("received", None, None)
    own = seen(await act(rep, back, "approve", **lead))
    assert refused(await act(rep, own, "approve", **lead)) == (403, "not-allowed")
    assert seen(await act(rep, own, "undo", **lead)).state == "received"


async def change_address_by(runtime: Runtime, actor: str) -> None:
    """Have the last move of every group brought by this actor."""
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(update(tables.account).values(address_changed_by=actor))


@pytest.mark.parametrize(
    ("state", "arrive_by", "over"),
    [
        ("mailed", date(2026, 11, 20), False),
        ("mailed", date(2026, 11, 19), True),
        ("expired", date(2026, 11, 19), True),
        ("returned_mail", date(2026, 12, 3), True),
    ],
)
async def test_what_was_mailed_in_vain_ends_with_the_next_approval(
    rep: httpx.AsyncClient, runtime: Runtime, state: str, arrive_by: date, over: bool
) -> None:
    first = seen(await act(rep, await register(rep), "approve"))
    await put(runtime, first, UserIdRequestState(state), arrive_by=arrive_by, mailed_on=date(2026, 11, 16))
    second = await register(rep, fax_reference="FAX-2")
    if not over:
        assert second.approve_sentence.startswith(f"{first.id} of this client is approved already.")
        assert refused(await act(rep, second, "approve")) == (409, "rule-refuses")
        return
    assert seen(await act(rep, second, "approve")).state == "approved"
    assert (await show(rep, first.id)).state == "revoked"
    assert [state for state, _ in await web_users(runtime)] == ["withdrawn", "pending"]


# -- denial and taking back --------------------------------------------------------------------------


async def test_a_denial_names_its_reason_and_stands_once_its_letter_is_mailed(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    made = await register(rep, signer="")
    for body in ({}, {"reason": "no idea"}, {"reason": "duplicate", "note": "123-45-6789"}, None):
        assert (await act(rep, made, "deny", body)).status_code == 422
    done = seen(await act(rep, made, "deny", {"reason": "signer_unknown", "note": "Called; no answer."}))
    assert (done.state, done.deny_reason, done.urgency) == ("refused", "signer_unknown", "calm")
    assert "was not accepted: the form is not signed by a contract signer on record." in done.say
    assert await letters(runtime) == ["id_denied"]
    assert refused(await act(rep, done, "approve")) == (409, "rule-refuses")
    assert done.can_undo
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(update(tables.letter).values(mailed_on=unit.today))
    assert not (await show(rep, made.id)).can_undo
    answer = await act(rep, done, "undo")
    assert answer.json()["detail"] == "The letter is mailed, so the decision stands."
    assert await web_users(runtime) == []


@pytest.mark.parametrize(("what", "body"), [("approve", None), ("deny", {"reason": "not_employee"})])
async def test_a_decision_is_taken_back_by_its_rep_or_a_lead_and_made_anew(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, what: str, body: object
) -> None:
    made = await register(rep)
    assert refused(await act(rep, made, "undo")) == (409, "rule-refuses")
    decided = seen(await act(rep, made, what, body))
    clock.move(timedelta(minutes=20))
    colleague = await sign_in(rep, runtime, "c.other")
    assert not (await show(rep, made.id, **colleague)).can_undo
    assert refused(await act(rep, decided, "undo", **colleague)) == (403, "not-allowed")
    back = seen(await act(rep, decided, "undo"))
    assert (back.state, back.version, back.decided_by, back.deny_reason) == ("received", 3, None, None)
    assert (back.can_approve, back.can_undo, await letters(runtime)) == (True, False, [])
    assert {state for state, _ in await web_users(runtime)} <= {"withdrawn"}
    again = seen(await act(rep, back, "approve"))
    lead = await sign_in(rep, runtime, "a.lead", Role.LEAD)
    await put(runtime, again, UserIdRequestState.ID_CREATED)
    printed = await show(rep, made.id, **lead)
    assert seen(await act(rep, printed, "undo", **lead)).state == "received"
    assert {state for state, _ in await web_users(runtime)} == {"withdrawn"}
    async with runtime.database.read() as connection:
        log = (await connection.execute(select(tables.access_log.c.act))).scalars().all()
    assert log[-2:] == ["approved", "taken_back"]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("approve", None),
        ("deny", {"reason": "not_employee"}),
        ("undo", None),
        ("incomplete", {"missing": ["page"]}),
        ("complete", {"answered_at": "2026-11-20T17:30:00Z"}),
    ],
)
async def test_who_saw_an_older_version_gets_the_present_one(
    rep: httpx.AsyncClient, runtime: Runtime, what: str, body: object
) -> None:
    made = await register(rep)
    unsaid = await rep.post(f"{REQUESTS}/{made.id}/{what}", json=body, headers=key())
    assert refused(unsaid) == (428, "version-missing")
    colleague = await sign_in(rep, runtime, "c.other")
    assert (await act(rep, made, "deny", {"reason": "signer_unknown"}, **colleague)).status_code == 200
    answer = await act(rep, made, what, body)
    assert refused(answer) == (412, "stale")
    present = UserIdRequest.model_validate(answer.json()["current"])
    assert (present.version, present.state, present.decided_by) == (2, "refused", "C.Other")


# -- incomplete forms --------------------------------------------------------------------------------


async def test_an_incomplete_form_is_asked_about_and_its_days_stand_still(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    async def on(day: int, second: int = 0) -> None:
        clock.now = datetime(2026, 11, day, 18, 0, second, tzinfo=UTC)
        rep.headers.update(await sign_in(rep, runtime))

    await on(9)
    made = await register(rep, received_at="2026-11-09T17:00:00Z", administrator="")
    await on(12, second=30)
    wrong: list[dict[str, object]] = [{"missing": []}, {"missing": ["stamp"]}]
    for body in (*wrong, {"missing": ["page"], "note": "SSN 123-45-6789"}):
        assert (await act(rep, made, "incomplete", body)).status_code == 422
    waits = seen(await act(rep, made, "incomplete", {"missing": ["administrator"], "note": "Line 3."}))
    assert (waits.state, waits.mail_by, waits.arrive_by, waits.urgency) == (
        "incomplete",
        None,
        None,
        "paused",
    )
    assert (waits.missing, waits.missing_note) == (["administrator"], "Line 3.")
    assert "has to be answered by your company first" in waits.say
    assert waits.approve_sentence.startswith("The form is incomplete")
    assert refused(await act(rep, waits, "approve")) == (409, "rule-refuses")
    assert refused(await act(rep, waits, "incomplete", {"missing": ["page"]})) == (409, "rule-refuses")
    call = (await rep.get(f"/v1/call-backs/{waits.call_back}")).json()
    assert (call["who"], call["number"]["phone"]) == ("Ottoline Quillfeather", "916-555-0134")
    assert call["reason"] == f"{made.id} user-ID form lacks the administrator"
    assert call["due_to"] == "2026-11-14T01:00:00Z"

    await on(16)
    answered = {"answered_at": "2026-11-16T17:59:00Z", "administrator": "Barnaby Inkwell"}
    answer = await act(rep, waits, "complete", answered)
    assert answer.json()["detail"].startswith("Nobody was reached at the number on record yet.")
    tries = f"/v1/call-backs/{waits.call_back}/tries"
    await rep.post(tries, json={"outcome": "reached"}, headers={**key(), **if_match(call["version"])})
    for change, code in (
        ({"answered_at": "2026-11-16T18:00:01Z"}, 422),
        ({"answered_at": "2026-11-12T17:59:59Z"}, 422),
        ({"signer": "Ottoline Quillfeather"}, 409),
        ({"administrator": None}, 409),
        ({"by": "email"}, 409),
    ):
        assert (await act(rep, waits, "complete", answered | change)).status_code == code, change
    done = seen(await act(rep, waits, "complete", answered))
    assert (done.state, done.administrator, done.missing) == ("received", "Barnaby Inkwell", [])
    assert (done.mail_by, done.arrive_by) == (date(2026, 11, 18), date(2026, 11, 23))
    assert done.can_approve
    assert refused(await act(rep, done, "complete", answered)) == (409, "rule-refuses")


async def test_a_signature_comes_by_fax_and_nobody_is_called_without_a_number(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    async def open_call_backs() -> list[str]:
        return [row["id"] for row in (await rep.get("/v1/call-backs")).json()["rows"]]

    await take_groups(runtime, group())
    made = await register(rep, signer="")
    waits = seen(await act(rep, made, "incomplete", {"missing": ["signature", "signer", "signature"]}))
    assert (waits.missing, waits.call_back) == (["signature", "signer"], None)
    answered = {"answered_at": "2026-11-20T17:41:00Z", "signer": "Ottoline Quillfeather"}
    answer = await act(rep, waits, "complete", answered)
    assert answer.json()["detail"].startswith("A signature or a page comes by fax")
    answer = await act(rep, waits, "complete", answered | {"by": "fax"})
    assert refused(answer) == (422, "invalid")
    unsigned = {"answered_at": "2026-11-20T17:41:00Z", "by": "fax", "fax_reference": "FAX-2"}
    answer = await act(rep, waits, "complete", unsigned)
    assert answer.json()["detail"] == "The form still lacks the name of who signed."
    await take_groups(runtime, group(administrator_phone="916-555-0135"))
    other = await register(rep, signer="", fax_reference="FAX-3")
    called = seen(await act(rep, other, "incomplete", {"missing": ["signature"]}))
    assert await open_call_backs() == [called.call_back]
    denied = seen(await act(rep, called, "deny", {"reason": "form_incomplete"}))
    assert await open_call_backs() == []
    again = seen(await act(rep, denied, "undo"))
    assert await open_call_backs() == [called.call_back]
    await act(rep, again, "complete", unsigned | {"fax_reference": "FAX-4"})
    assert await open_call_backs() == []
    denied = seen(await act(rep, waits, "deny", {"reason": "form_incomplete"}))
    back = seen(await act(rep, denied, "undo"))
    assert (back.state, back.mail_by, back.missing) == ("incomplete", None, ["signature", "signer"])
    done = seen(await act(rep, back, "complete", answered | {"by": "fax", "fax_reference": "FAX-2"}))
    assert (done.signer, done.fax_reference, done.can_approve) == ("Ottoline Quillfeather", "FAX-2", True)


async def test_a_caller_reached_at_the_number_on_record_completes_the_form(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    made = await register(rep, administrator="")
    waits = seen(await act(rep, made, "incomplete", {"missing": ["administrator"]}))
    answered = {"answered_at": "2026-11-20T17:41:00Z", "administrator": "Barnaby Inkwell"}
    phone = Phone(rep, {"authorization": rep.headers["authorization"]})
    await phone.start()
    assert refused(await rep.get(f"{REQUESTS}/{made.id}")) == (403, "not-verified")
    assert refused(await rep.post(REQUESTS, json=form(), headers=key())) == (403, "not-verified")
    assert refused(await rep.get(REQUESTS)) == (403, "not-verified")
    assert refused(await rep.get(REQUESTS, params={"group": "G-100"})) == (403, "not-verified")
    for what, body in (
        ("approve", None),
        ("deny", {"reason": "duplicate"}),
        ("undo", None),
        ("incomplete", {"missing": ["page"]}),
        ("complete", answered),
    ):
        assert refused(await act(rep, waits, what, body)) == (403, "not-verified"), what
    proofs = {"group_number": "G-100", "contact_name": "Ottoline Quillfeather", "tax_id": "6789"}
    await take_groups(runtime, group(**PHONES, ein="12-3456789"))
    await phone.proves("client", proofs)
    shown = await show(rep, made.id)
    assert (shown.version, shown.address_of_record.street, shown.form_address.zip) == (2, "", "")
    assert refused(await act(rep, waits, "complete", answered)) == (409, "rule-refuses")
    await phone.reach()
    assert seen(await act(rep, waits, "complete", answered)).state == "received"
    assert await phone.says("billing_address", "12 Nowhere Street, Sacramento 95814")
    assert (await show(rep, made.id)).address_of_record.street == "12 Nowhere Street"
    assert [row.id for row in await listed(rep, "all", group="G-100")] == [made.id]


# -- lists and counts --------------------------------------------------------------------------------


async def test_each_request_stands_in_the_part_where_something_is_to_be_done(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    names = {"G-20" + str(n): f"Marzipan Works {n}" for n in range(4)}
    await take_groups(runtime, *(group(number, name) for number, name in names.items()))
    late = await register(rep, received_at="2026-11-10T17:00:00Z")
    made = [await register(rep, group_number=number) for number in names]
    assert [(row.id, row.urgency, row.breached) for row in await listed(rep)] == [
        (late.id, "late", True),
        *((one.id, "calm", False) for one in made),
    ]
    assert [row.id for row in await listed(rep, group="g-201")] == [made[1].id]
    async with operator_unit(runtime) as unit:
        count = await service.queue_count(unit)
    assert (count.open, count.late, count.urgency) == (5, 1, "late")
    approved = [seen(await act(rep, one, "approve")) for one in (late, made[0], made[1])]
    assert [row.id for row in await listed(rep, "to_mail")] == [late.id, made[0].id, made[1].id]
    async with operator_unit(runtime) as unit:
        count, due = await service.queue_count(unit), await service.count_due(unit)
    assert (count.open, count.late, due) == (2, 1, 1)
    later = {"mailed_on": date(2026, 11, 18)}
    await put(runtime, approved[0], UserIdRequestState.MAILED, arrive_by=date(2026, 11, 23), **later)
    await put(runtime, approved[1], UserIdRequestState.MAILED, arrive_by=date(2026, 11, 19), **later)
    await put(runtime, approved[2], UserIdRequestState.RETURNED_MAIL, arrive_by=date(2026, 11, 18), **later)
    way = [(row.id, row.urgency, row.breached) for row in await listed(rep, "on_the_way")]
    assert way == [(made[1].id, "amber", False), (made[0].id, "amber", False), (late.id, "calm", False)]
    await put(runtime, approved[2], UserIdRequestState.ACTIVATED)
    clock.move(timedelta(minutes=1))
    await act(rep, made[2], "deny", {"reason": "already_active"})
    assert [row.id for row in await listed(rep, "done")] == [made[2].id, made[1].id]
    assert [row.id for row in await listed(rep)] == [made[3].id]
    again = await register(rep, group_number="G-201", fax_reference="FAX-9")
    assert [row.id for row in await listed(rep, "all", group="G-201")] == [again.id, made[1].id]
    assert refused(await rep.get(REQUESTS, params={"view": "all"})) == (422, "invalid")
    account = (await rep.get("/v1/accounts/G-203")).json()
    assert [(one["id"], one["state"]) for one in account["open_items"]] == [(made[3].id, "arrives by 12-03")]


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
    row = (await rep.get(REQUESTS, params={"view": "to_mail"})).json()["rows"][0]
    assert set(row) == set(UserIdRow.model_fields)
    for name in ("password", "code", "user_id", "login"):
        assert name not in {*answer.json(), *row}
    assert "user_ids.approve" in logged.getvalue()
    for person in ("Inkwell", "Quillfeather", "Nowhere", "FAX-1"):
        assert person not in logged.getvalue()


async def test_who_registered_read_and_decided_is_on_record(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    made = await register(rep)
    waits = seen(await act(rep, made, "incomplete", {"missing": ["page"]}))
    answered = {"answered_at": "2026-11-20T17:41:00Z", "by": "fax", "fax_reference": "FAX-2"}
    await act(rep, waits, "complete", answered)
    decided = seen(await act(rep, await show(rep, made.id), "approve"))
    await act(rep, decided, "undo")
    rows, events = tables.audit_row, tables.event
    async with runtime.database.read() as connection:
        query = select(rows).where(rows.c.subject == made.id).order_by(rows.c.id)
        found = (await connection.execute(query)).all()
        said = select(events.c.version).where(events.c.subject == made.id).order_by(events.c.version)
        versions = list((await connection.execute(said)).scalars())
    acts = ["register", "incomplete", "complete", "show", "approve", "undo"]
    assert [row.action for row in found] == [f"user_ids.{act}" for act in acts]
    assert {row.actor for row in found} == {"m.lopez"}
    assert "Inkwell" not in str(found)
    assert versions == [1, 2, 3, 4, 5]
