"""Sign-in, lock and sign-out as a desk uses them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from api_client.types.words import Role
from backend.runtime import Runtime
from backend.session import reps
from backend.session.passwords import hash_password
from tests.conftest import FixedClock
from tests.desk import create_rep, key, operator_unit, sign_in, sign_in_form


def problem(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:kprep:problem:")


async def test_a_rep_signs_in_and_is_who_the_server_says(api: httpx.AsyncClient, runtime: Runtime) -> None:
    mine = await sign_in(api, runtime)
    session = (await api.get("/v1/session", headers=mine)).json()
    assert session["rep"]["username"] == "m.lopez"
    assert session["zone"] == "America/Los_Angeles"
    assert not session["locked"]


async def test_nobody_without_a_token_gets_in(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/session")
    assert (answer.status_code, problem(answer)) == (401, "session-ended")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("form", [{"password": "wrong"}, {"username": "nobody"}])
async def test_a_wrong_name_and_a_wrong_password_look_the_same(
    api: httpx.AsyncClient, runtime: Runtime, form: dict[str, str]
) -> None:
    await create_rep(runtime)
    answer = await api.post("/v1/session", json=sign_in_form(**form), headers=key())
    assert (answer.status_code, problem(answer)) == (401, "sign-in-failed")
    assert answer.json()["detail"] == "User name or password is not right."


@pytest.mark.parametrize("name", ["m.lopez", "nobody"])
async def test_after_five_tries_sign_in_waits_and_a_lead_can_open_it(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, name: str
) -> None:
    await create_rep(runtime)
    for _ in range(5):
        answer = await api.post("/v1/session", json=sign_in_form(name, password="wrong"), headers=key())
        assert answer.status_code == 401
    right = sign_in_form(name)
    answer = await api.post("/v1/session", json=right, headers=key())
    assert (answer.status_code, problem(answer)) == (429, "sign-in-throttled")
    assert "09:56" in answer.json()["detail"]
    if name == "m.lopez":
        async with operator_unit(runtime) as unit:
            await reps.unlock(unit, name)
    else:
        clock.move(timedelta(minutes=15))
    answer = await api.post("/v1/session", json=right, headers=key())
    assert answer.status_code == (200 if name == "m.lopez" else 401)


async def test_an_unused_session_ends_and_background_work_keeps_none_alive(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    mine = await sign_in(api, runtime)
    clock.move(timedelta(minutes=29))
    assert (await api.get("/v1/session", headers=mine)).status_code == 200
    background = {**mine, "x-kprep-background": "1"}
    clock.move(timedelta(minutes=29))
    assert (await api.get("/v1/session", headers=background)).status_code == 200
    clock.move(timedelta(minutes=1))
    answer = await api.get("/v1/session", headers=background)
    assert (answer.status_code, problem(answer)) == (401, "session-ended")
    assert "30 minutes" in answer.json()["detail"]


async def test_a_session_ends_after_its_hours(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    mine = await sign_in(api, runtime)
    for _ in range(30):
        clock.move(timedelta(minutes=24))
        answer = await api.get("/v1/session", headers=mine)
    assert answer.status_code == 401
    assert "12 hours" in answer.json()["detail"]


async def test_a_locked_desk_answers_nothing_until_the_password(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    mine = await sign_in(api, runtime)
    assert (await api.post("/v1/session/lock", headers={**mine, **key()})).json()["locked"]
    answer = await api.get("/v1/events", headers=mine)
    assert (answer.status_code, problem(answer)) == (423, "session-locked")
    assert (await api.get("/v1/session", headers=mine)).json()["locked"]
    wrong = await api.post("/v1/session/unlock", json={"password": "wrong"}, headers={**mine, **key()})
    assert problem(wrong) == "sign-in-failed"
    right = {"password": sign_in_form()["password"]}
    assert not (await api.post("/v1/session/unlock", json=right, headers={**mine, **key()})).json()["locked"]


async def test_the_station_signs_in_again_without_a_password_but_not_past_a_lock(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await create_rep(runtime)
    first = (await api.post("/v1/session", json=sign_in_form(remember=True), headers=key())).json()
    resume = sign_in_form(password=None, credential=first["credential"])
    again = await api.post("/v1/session", json=resume, headers=key())
    assert again.status_code == 200
    assert again.json()["credential"] is None
    other_station = {**resume, "station": "desk-2"}
    answer = await api.post("/v1/session", json=other_station, headers=key())
    assert problem(answer) == "credential-refused"
    mine = {"authorization": f"Bearer {again.json()['token']}"}
    await api.post("/v1/session/lock", headers={**mine, **key()})
    answer = await api.post("/v1/session", json=resume, headers=key())
    assert problem(answer) == "credential-refused"
    assert "locked" in answer.json()["detail"]


@pytest.mark.parametrize(("forget", "status"), [(False, 200), (True, 401)])
async def test_signing_out_forgets_the_station_and_quitting_does_not(
    api: httpx.AsyncClient, runtime: Runtime, forget: bool, status: int
) -> None:
    await create_rep(runtime)
    first = (await api.post("/v1/session", json=sign_in_form(remember=True), headers=key())).json()
    mine = {"authorization": f"Bearer {first['token']}"}
    gone = await api.delete("/v1/session", params={"forget": forget}, headers={**mine, **key()})
    assert gone.status_code == 204
    assert (await api.get("/v1/session", headers=mine)).status_code == 401
    resume = sign_in_form(password=None, credential=first["credential"])
    assert (await api.post("/v1/session", json=resume, headers=key())).status_code == status


async def test_a_disabled_rep_and_a_changed_password_end_sessions_at_once(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    mine = await sign_in(api, runtime)
    async with operator_unit(runtime) as unit:
        await reps.reset_password(unit, "m.lopez", hash_password("another good password"))
    assert (await api.get("/v1/session", headers=mine)).status_code == 401
    new = await api.post("/v1/session", json=sign_in_form(password="another good password"), headers=key())
    mine = {"authorization": f"Bearer {new.json()['token']}"}
    assert (await api.get("/v1/session", headers=mine)).status_code == 200
    async with operator_unit(runtime) as unit:
        await reps.disable(unit, "m.lopez")
    assert (await api.get("/v1/session", headers=mine)).status_code == 401


async def test_an_old_client_is_told_so_in_a_sentence(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/session", json=sign_in_form(contract=0), headers=key())
    assert (answer.status_code, problem(answer)) == (426, "client-version")
    assert "This program is too old" in answer.json()["detail"]


async def test_the_demo_password_is_public_only_for_a_demo_store_on_the_same_machine(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    runtime.demo = True
    assert (await api.get("/v1/session/hello")).json()["demo_password"] is None
    assert not (await api.get("/v1/session/hello")).json()["no_reps"]  # nor is anything else told from afar
    await create_rep(runtime, role=Role.LEAD)
    answer = await api.post("/v1/session", json=sign_in_form(), headers=key())
    assert problem(answer) == "sign-in-failed"


async def test_no_token_or_secret_stands_in_the_store(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await create_rep(runtime)
    first = (await api.post("/v1/session", json=sign_in_form(remember=True), headers=key())).json()
    async with runtime.database.read() as connection:
        rows: list[str] = []
        for table in ("session", "station_credential", "idempotency", "audit_row"):
            result = await connection.exec_driver_sql(f"SELECT * FROM {table}")
            rows += [str(tuple(row)) for row in result]
    text = "\n".join(rows)
    assert "session.sign_in" in text
    assert first["token"] not in text
    assert first["credential"] not in text
    assert str(sign_in_form()["password"]) not in text
