"""What holds for every route: one effect a key, problems with a sentence and a reference, no leaks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from api_client.types.common import Answer, CleanLine, DisplayText, Model
from api_client.types.problems import ProblemType
from backend.app import create_app
from backend.database import tables
from backend.database.unit import Unit
from backend.http import CallOf
from backend.policy import access
from backend.problems import Problem
from backend.runtime import Runtime
from tests.desk import key, sign_in

CANARY = "CANARY-Quillfeather-900010001"
router = APIRouter(prefix="/probe")


class Note(Model):
    """What the probe takes."""

    text: CleanLine


class Noted(Answer):
    """What the probe answers."""

    text: DisplayText
    version: int


@router.post("/note", operation_id="probe.note", response_model=Noted)
async def note(call: CallOf, form: Note) -> Response:
    """Writes one audit row for each effect."""

    async def act(unit: Unit) -> Noted:
        unit.audit("probe.note", "note", "1")
        return Noted(text=form.text, version=3)

    return await call.write(act)


@router.post("/secret", operation_id="probe.secret", response_model=Noted)
async def secret(call: CallOf) -> Response:
    """Answers something that must not be kept."""

    async def act(unit: Unit) -> Noted:
        unit.audit("probe.note", "note", "1")
        return Noted(text=CANARY, version=1)

    return await call.write(act, keep_body=False)


@router.post("/edit", operation_id="probe.edit", response_model=Noted)
async def edit(call: CallOf) -> Response:
    """Wants to know the version."""
    seen = call.version

    async def act(unit: Unit) -> Noted:
        if seen != 7:
            raise Problem(ProblemType.STALE, "Someone changed it.", current={"version": 7})
        return Noted(text="done", version=8)

    return await call.write(act)


@router.post("/bug", operation_id="probe.bug", response_model=Noted)
async def bug(call: CallOf) -> Response:
    """Fails in a way nobody foresaw, with a person in the message."""
    raise RuntimeError(CANARY)


@router.post("/store", operation_id="probe.store", response_model=Noted)
async def store(call: CallOf) -> Response:
    """Meets a store that does not answer."""
    raise OperationalError(CANARY, {"ssn": CANARY}, RuntimeError(CANARY))


@pytest.fixture
async def probe(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The backend with the probe's routes, and a signed-in rep."""
    for name in ("note", "secret", "edit", "bug", "store"):
        monkeypatch.setitem(access.ACCESS, f"probe.{name}", access.Rule())
    app = create_app(runtime)
    app.include_router(router)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        client.headers.update(await sign_in(client, runtime))
        yield client


async def _effects(runtime: Runtime) -> int:
    rows = tables.audit_row
    async with runtime.database.read() as connection:
        query = select(func.count()).select_from(rows).where(rows.c.action == "probe.note")
        return int((await connection.execute(query)).scalar_one())


def _problem(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["detail"].endswith(".")
    assert body["status"] == answer.status_code
    return str(body["type"]).removeprefix("urn:kprep:problem:")


async def test_the_same_key_twice_is_one_effect_and_one_answer(
    probe: httpx.AsyncClient, runtime: Runtime
) -> None:
    mine = key()
    first = await probe.post("/probe/note", json={"text": "hello"}, headers=mine)
    again = await probe.post("/probe/note", json={"text": "hello"}, headers=mine)
    assert first.json() == again.json() == {"text": "hello", "version": 3}
    assert first.headers["etag"] == again.headers["etag"] == '"3"'
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await _effects(runtime) == 1


async def test_the_same_key_at_the_same_time_is_one_effect(
    probe: httpx.AsyncClient, runtime: Runtime
) -> None:
    mine = key()
    answers = await asyncio.gather(
        *(probe.post("/probe/note", json={"text": "hello"}, headers=mine) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await _effects(runtime) == 1


async def test_the_same_key_with_another_body_is_refused(probe: httpx.AsyncClient) -> None:
    mine = key()
    await probe.post("/probe/note", json={"text": "hello"}, headers=mine)
    answer = await probe.post("/probe/note", json={"text": "other"}, headers=mine)
    assert (answer.status_code, _problem(answer)) == (422, "idempotency-key-reused")


async def test_a_write_without_a_key_is_refused(probe: httpx.AsyncClient, runtime: Runtime) -> None:
    answer = await probe.post("/probe/note", json={"text": "hello"})
    assert (answer.status_code, _problem(answer)) == (400, "idempotency-key-missing")
    assert await _effects(runtime) == 0


async def test_an_answer_with_a_secret_is_not_kept(probe: httpx.AsyncClient, runtime: Runtime) -> None:
    mine = key()
    assert (await probe.post("/probe/secret", headers=mine)).json()["text"] == CANARY
    answer = await probe.post("/probe/secret", headers=mine)
    assert (answer.status_code, _problem(answer)) == (422, "idempotency-key-reused")
    assert await _effects(runtime) == 1
    async with runtime.database.read() as connection:
        rows = await connection.execute(select(tables.idempotency))
        assert CANARY not in str(rows.all())


@pytest.mark.parametrize(
    ("header", "status", "name"),
    [
        ({}, 428, "version-missing"),
        ({"if-match": '"6"'}, 412, "stale"),
        ({"if-match": "7"}, 428, "version-missing"),
    ],
)
async def test_an_edit_names_the_version_it_saw(
    probe: httpx.AsyncClient, header: dict[str, str], status: int, name: str
) -> None:
    answer = await probe.post("/probe/edit", headers={**key(), **header})
    assert (answer.status_code, _problem(answer)) == (status, name)
    if name == "stale":
        assert answer.json()["current"] == {"version": 7}


@pytest.mark.parametrize(
    ("path", "status", "name"), [("bug", 500, "internal"), ("store", 503, "unavailable")]
)
async def test_what_nobody_foresaw_says_a_reference_and_nothing_of_a_person(
    probe: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], path: str, status: int, name: str
) -> None:
    answer = await probe.post(f"/probe/{path}", headers=key())
    assert (answer.status_code, _problem(answer)) == (status, name)
    said = capsys.readouterr()
    assert CANARY not in answer.text + said.out + said.err


@pytest.mark.parametrize(
    "text", ["\x1b[31mred", "a\x9bb", "two\nlines", "left\u202eright", "zero\u200bwidth", "bell\x07"]
)
async def test_characters_that_steer_a_terminal_are_refused_in_what_is_written_now(
    probe: httpx.AsyncClient, text: str
) -> None:
    answer = await probe.post("/probe/note", json={"text": text}, headers=key())
    assert (answer.status_code, _problem(answer)) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["text"]
    assert text not in json.dumps(answer.json(), ensure_ascii=False)


async def test_a_body_that_is_too_large_is_refused(probe: httpx.AsyncClient, runtime: Runtime) -> None:
    answer = await probe.post("/probe/note", json={"text": "x" * 70_000}, headers=key())
    assert (answer.status_code, _problem(answer)) == (413, "too-large")
    assert await _effects(runtime) == 0


@pytest.mark.parametrize("path", ["/", "/v1/nothing", "/openapi.json", "/docs", "/probe/note"])
async def test_an_address_with_nothing_behind_it_is_a_problem_too(
    probe: httpx.AsyncClient, path: str
) -> None:
    answer = await probe.get(path)
    assert answer.status_code in {404, 405}
    assert _problem(answer) == "not-found"


async def test_a_route_without_a_row_in_the_access_table_answers_nobody(
    probe: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(access.ACCESS, "probe.note")
    answer = await probe.post("/probe/note", json={"text": "hello"}, headers=key())
    assert (answer.status_code, _problem(answer)) == (403, "not-allowed")
