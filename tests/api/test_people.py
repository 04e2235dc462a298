"""One person: what is masked, what is shown for a moment and to whom, and who may speak for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from api_client.types.call_words import Fact
from api_client.types.words import Role
from backend.database import tables
from backend.runtime import Runtime
from tests.api.test_accounts import audited
from tests.api.test_session import problem
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, member, take_groups, take_members
from tests.desk import create_rep, key, operator_unit, sign_in
from tests.phone import Phone

CLIENT = {"group_number": "G-100", "contact_name": "Ottoline Quillfeather", "tax_id": "4567"}
HERSELF = {"name": "Ottoline Quillfeather", "birth_date": "1980-02-29", "member_number": "900001",
           "ssn_last4": "4477"}  # fmt: skip
CHILD = {"name": "Tobias Quillfeather", "birth_date": "2015-06-01", "member_number": "900009",
         "phone": "916-555-0178"}  # fmt: skip
FIELDS = ("name", "birth_date", "ssn", "address", "phone")
VALUES = {
    "name": "Ottoline Quillfeather",
    "birth_date": "1980-02-29",
    "ssn": "900-01-4477",
    "address": "3 Hidden Lane, Fresno, CA 93650",
    "phone": "916-555-0177",
}


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep, and a family of two on record."""
    api.headers.update(await sign_in(api, runtime))
    await take_groups(runtime, group(ein="12-3454567"), group("G-200", "Inkwell & Co"))
    home = {"street": "3 Hidden Lane", "city": "Fresno", "state": "CA", "zip": "93650"}
    await take_members(
        runtime,
        member("900009", "Quillfeather", first_name="Tobias", ssn="", relationship="19", **home,
               subscriber_number="900001", date_of_birth="2015-06-01", phone="916-555-0178"),
        member("900001", ssn="900-01-4477", phone="916-555-0177", **home),
    )  # fmt: skip
    return api


@pytest.fixture
def phone(rep: httpx.AsyncClient) -> Phone:
    """The rep's telephone."""
    return Phone(rep, {})


async def restrict(runtime: Runtime, mrn: str) -> None:
    async with operator_unit(runtime) as unit:
        change = update(tables.member).where(tables.member.c.mrn == mrn).values(restricted=True)
        await unit.connection.execute(change)


async def reveal(api: httpx.AsyncClient, field: str, **changes: str) -> httpx.Response:
    form = {"group_number": "G-100", "mrn": "900001", "field": field, "reason": "comparing"}
    return await api.post("/v1/accounts/reveal", json=form | changes, headers=key())


async def shown(api: httpx.AsyncClient, **changes: str) -> dict[str, str]:
    """The fields that are shown, with their values."""
    found = {}
    for field in FIELDS:
        answer = await reveal(api, field, **changes)
        if answer.status_code == 200:
            found[field] = answer.json()["value"]
    return found


# -- masked fields -----------------------------------------------------------------------------------


async def test_a_field_is_shown_for_a_moment_to_who_has_the_right_and_is_kept_nowhere(
    rep: httpx.AsyncClient, phone: Phone, runtime: Runtime, clock: FixedClock
) -> None:
    assert await shown(rep) == VALUES
    answer = await reveal(rep, "ssn")
    assert answer.json()["until"] == f"{clock.now + timedelta(seconds=15):%Y-%m-%dT%H:%M:%SZ}"
    assert (await reveal(rep, "ssn", reason="caller_asks")).status_code == 409

    call = await phone.start()
    assert await shown(rep) == {}
    answer = await reveal(rep, "name")
    assert (answer.status_code, problem(answer)) == (403, "not-verified")
    await phone.proves("client", CLIENT)
    assert await shown(rep) == {field: VALUES[field] for field in ("name", "birth_date")}
    await phone.hang_up()

    call = await phone.start()
    await phone.proves("subscriber", HERSELF, mrn="900001")
    assert await shown(rep, reason="caller_asks") == VALUES
    assert await shown(rep, mrn="900009") == {}

    rows = await audited(runtime, "person.reveal")
    assert len(rows) == 5 + 1 + 2 + 5
    assert rows[0].context == "reason:comparing"
    assert rows[-1].context == call.id
    refused = await audited(runtime, "person.reveal_refused")
    assert {row.subject for row in refused} == {"900001", "900009"}
    async with runtime.database.read() as connection:
        kept = [
            *(await connection.execute(select(tables.idempotency))).all(),
            *(await connection.execute(select(tables.audit_row))).all(),
        ]
    for value in VALUES.values():
        assert value not in str(kept)


async def test_the_same_key_does_not_get_the_value_again(rep: httpx.AsyncClient) -> None:
    form = {"group_number": "G-100", "mrn": "900001", "field": "ssn", "reason": "comparing"}
    headers = key()
    assert (await rep.post("/v1/accounts/reveal", json=form, headers=headers)).status_code == 200
    again = await rep.post("/v1/accounts/reveal", json=form, headers=headers)
    assert (again.status_code, problem(again)) == (422, "idempotency-key-reused")
    assert "4477" not in again.text


@SQLITE
async def test_who_is_reached_at_their_own_address_only_shows_it_to_nobody_else(
    rep: httpx.AsyncClient, phone: Phone, runtime: Runtime
) -> None:
    await restrict(runtime, "900001")
    assert set(await shown(rep)) == {"name", "birth_date", "ssn"}
    await phone.start()
    await phone.proves("client", CLIENT)
    assert set(await shown(rep)) == {"name", "birth_date"}
    await phone.hang_up()
    await phone.start()
    await phone.proves("subscriber", HERSELF, mrn="900001")
    assert await shown(rep) == VALUES


@SQLITE
async def test_with_a_reason_alone_there_is_an_end_and_a_call_is_not_counted(
    rep: httpx.AsyncClient, phone: Phone, runtime: Runtime, clock: FixedClock
) -> None:
    most = runtime.policy.reveal.an_hour
    for _ in range(most):
        assert (await reveal(rep, "name")).status_code == 200
    answer = await reveal(rep, "name")
    assert (answer.status_code, problem(answer)) == (409, "rule-refuses")
    assert "it goes on at" in answer.json()["detail"]
    assert len(await audited(runtime, "person.reveal_limit")) == 1
    await phone.start()
    await phone.proves("client", CLIENT)
    assert (await reveal(rep, "name")).status_code == 200
    await phone.hang_up()
    clock.now += timedelta(hours=1)
    rep.headers.update(await sign_in(rep, runtime))
    assert (await reveal(rep, "name")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"mrn": "900777"}, 404),
        ({"mrn": "", "receipt": "R-1"}, 404),
        ({"group_number": "G-200"}, 404),
        ({"mrn": ""}, 422),
        ({"field": "diagnosis"}, 422),
        ({"reason": "curious"}, 422),
    ],
)
@SQLITE
async def test_what_is_not_there_is_not_shown(
    rep: httpx.AsyncClient, changes: dict[str, str], status: int
) -> None:
    assert (await reveal(rep, changes.pop("field", "name"), **changes)).status_code == status


# -- names and family --------------------------------------------------------------------------------


async def person(api: httpx.AsyncClient, mrn: str = "900001") -> dict[str, Any]:
    found: dict[str, Any] = (
        await api.post("/v1/cards/person", json={"group_number": "G-100", "mrn": mrn})
    ).json()
    return found


async def test_names_stand_in_full_for_who_may_hear_them_only(rep: httpx.AsyncClient, phone: Phone) -> None:
    def names(page: dict[str, Any]) -> list[str]:
        return [row["name"] for row in page["rows"]]

    masked = ["O*** Q*****", "T*** Q*****"]
    full = ["Ottoline Quillfeather", "Tobias Quillfeather"]
    assert names((await rep.get("/v1/accounts/G-100/members")).json()) == masked
    one = await person(rep)
    assert (one["name"], [other["name"] for other in one["family"]]) == (masked[0], masked[1:])

    await phone.start()
    assert (await rep.get("/v1/accounts/G-100/members")).status_code == 403
    assert (
        await rep.post("/v1/cards/person", json={"group_number": "G-100", "mrn": "900001"})
    ).status_code == 403
    await phone.proves("client", CLIENT)
    assert names((await rep.get("/v1/accounts/G-100/members")).json()) == full
    one = await person(rep)
    assert (one["name"], [other["name"] for other in one["family"]]) == (full[0], full[1:])
    assert one["born"] == "1980-**-**"
    await phone.hang_up()

    await phone.start()
    await phone.proves("subscriber", HERSELF, mrn="900001")
    one = await person(rep)
    assert (one["name"], one["family"]) == (full[0], [])
    answer = await rep.post("/v1/cards/person", json={"group_number": "G-100", "mrn": "900009"})
    assert answer.status_code == 403


# -- representatives ---------------------------------------------------------------------------------

PARENT = {
    "group_number": "G-100",
    "mrn": "900009",
    "name": "Corvin Quillfeather",
    "kind": "parent",
    "document": "birth certificate, folder 12",
}


async def register(api: httpx.AsyncClient, **changes: str | None) -> httpx.Response:
    return await api.post("/v1/accounts/representatives/new", json=PARENT | changes, headers=key())


async def on_file(api: httpx.AsyncClient, mrn: str = "900009") -> httpx.Response:
    return await api.post("/v1/accounts/representatives", json={"group_number": "G-100", "mrn": mrn})


async def test_a_lead_registers_a_parent_who_then_hears_of_the_child_alone(
    rep: httpx.AsyncClient, phone: Phone, runtime: Runtime
) -> None:
    assert (await register(rep)).status_code == 403
    await create_rep(runtime, "r.chen", Role.LEAD)
    lead = await sign_in(rep, runtime, "r.chen", role=Role.LEAD)
    answer = await rep.post("/v1/accounts/representatives/new", json=PARENT, headers={**key(), **lead})
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["rows"]
    assert (row["name"], row["kind"], row["valid_to"]) == ("Corvin Quillfeather", "parent", "2033-05-31")
    assert (await on_file(rep)).json()["rows"] == [{**row, "name": "C*** Q*****"}]

    await phone.start()
    assert (await on_file(rep)).status_code == 403  # the name is what the caller is asked
    said = {"representative_name": "Corvin Quillfeather"} | CHILD
    call = await phone.proves("representative", said, mrn="900009")
    assert call.subjects[0].facts == [Fact.PERSON]
    assert (await on_file(rep)).status_code == 200
    assert set(await shown(rep, mrn="900009")) == {"name", "birth_date", "address", "phone"}
    assert await shown(rep) == {}
    await restrict(runtime, "900009")
    assert await shown(rep, mrn="900009") == {}
    assert (await on_file(rep)).status_code == 403

    rows = await audited(runtime, "representative.add")
    assert [(row.actor, row.subject) for row in rows] == [("r.chen", "900009")]
    assert "Corvin" not in str(await audited(runtime, "representative.list")) + str(rows)


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"mrn": "900001"}, 422, "a minor only"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-30"}, 422, "ends before it begins"),
        ({"kind": "personal", "valid_to": "2026-01-01"}, 422, "has ended already"),
        ({"kind": "friend"}, 422, ""),
        ({"document": ""}, 422, ""),
        ({"name": "  "}, 422, ""),
        ({"mrn": "900777"}, 404, "no member"),
        ({"kind": "personal", "mrn": "900001", "valid_to": "2030-01-01"}, 200, "2030-01-01"),
        ({"valid_to": "2040-01-01"}, 200, "2033-05-31"),
    ],
)
@SQLITE
async def test_only_what_a_document_can_say_is_registered(
    api: httpx.AsyncClient, runtime: Runtime, rep: httpx.AsyncClient, changes: dict[str, str],
    status: int, says: str,
) -> None:  # fmt: skip
    await create_rep(runtime, "r.chen", Role.LEAD)
    rep.headers.update(await sign_in(rep, runtime, "r.chen", role=Role.LEAD))
    answer = await register(rep, **changes)
    assert answer.status_code == status, answer.text
    assert says in answer.text
