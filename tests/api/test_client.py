"""The client library against a scripted transport: marks, keys, tries again, and what a failure says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from api_client import _http
from api_client.background import background
from api_client.client import KprepClient
from api_client.errors import BY_TYPE, ApiError, NoAnswer
from api_client.types.problems import RETRYABLE, TYPE_PREFIX, ProblemType

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC).isoformat()
HELLO = {"server": "0.1.0", "contract": 1, "now": NOW}
Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def client(answer: Answer) -> AsyncIterator[tuple[KprepClient, list[httpx.Request]]]:
    """A client whose requests are answered, and noted, here."""
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    one = KprepClient(http=_http.Http(transport=httpx.MockTransport(note)))
    yield one, seen
    await one.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "_WAITS", (0.0, 0.0))


def problem(type_: ProblemType, status: int = 400) -> httpx.Response:
    body = {
        "type": TYPE_PREFIX + type_.value,
        "title": "t",
        "status": status,
        "detail": "A sentence.",
        "request_id": "ABCD-EFGH-JKMN",
    }
    return httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


def marked(request: httpx.Request) -> bool:
    return bool(request.headers.get("x-kprep-background") == "1")


async def test_what_the_program_asks_by_itself_is_no_act_of_the_rep() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"until": NOW} if request.method == "POST" else HELLO)

    async with client(answer) as (one, seen):
        await one.session.hello()
        await one.matching.extend("M-20418", claim="t")
        with background():
            fetched = asyncio.create_task(one.accounts.show("104233"))
        with pytest.raises(NoAnswer):
            await fetched
        with pytest.raises(NoAnswer):
            await one.accounts.show("104233")
        assert [marked(request) for request in seen if request.url.path != "/v1/accounts/104233"] == [
            True,
            True,
        ]
        shown = [marked(request) for request in seen if request.url.path == "/v1/accounts/104233"]
        assert (shown[0], shown[-1]) == (True, False)


async def test_a_write_that_is_sent_again_carries_the_same_key_and_a_new_write_another() -> None:
    answers = iter([problem(ProblemType.BUSY, 503), httpx.Response(200, json={"until": NOW})])

    def answer(request: httpx.Request) -> httpx.Response:
        return next(answers, httpx.Response(200, json={"until": NOW}))

    async with client(answer) as (one, seen):
        await one.matching.extend("M-20418", claim="t")
        await one.matching.extend("M-20418", claim="t")
        keys = [request.headers["idempotency-key"] for request in seen]
        assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("type_", list(ProblemType))
async def test_every_problem_has_a_class_a_sentence_and_a_reference(type_: ProblemType) -> None:
    async with client(lambda _: problem(type_)) as (one, seen):
        with pytest.raises(ApiError) as caught:
            await one.matching.claim("M-20418")
        assert type(caught.value) is BY_TYPE[type_]
        assert (caught.value.detail, caught.value.request_id) == ("A sentence.", "ABCD-EFGH-JKMN")
        assert len(seen) == (3 if type_ in RETRYABLE else 1)


async def test_an_unknown_outcome_is_not_called_a_failure() -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("no answer", request=request)

    async with client(silent) as (one, _):
        with pytest.raises(NoAnswer, match="NoAnswer") as caught:
            await one.matching.claim("M-20418")
        assert "Look whether it was done" in caught.value.detail
        with pytest.raises(NoAnswer) as caught:
            await one.matching.show("M-20418")
        assert "Nothing was changed" in caught.value.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", json.dumps({"type": "x"}).encode()])
async def test_what_is_no_answer_of_ours_is_said_so(body: bytes) -> None:
    for status in (200, 404, 502):

        def answer(request: httpx.Request, status: int = status) -> httpx.Response:
            return httpx.Response(status, content=body)

        async with client(answer) as (one, _):
            with pytest.raises(NoAnswer):
                await one.session.hello()


async def test_nothing_personal_stands_in_an_address() -> None:
    async with client(lambda _: httpx.Response(200, json={"results": []})) as (one, seen):
        await one.search.find("Pebblewick")
        assert "Pebblewick" not in str(seen[0].url)
        assert b"Pebblewick" in seen[0].content


async def test_a_sign_in_whose_answer_got_lost_is_done_anew() -> None:
    session = {
        "rep": {"username": "m.lopez", "display_name": "M.Lopez", "role": "rep", "center": "CA-1"},
        "server": "0.1.0",
        "now": NOW,
        "zone": "America/Los_Angeles",
        "demo": False,
        "idle_lock_minutes": 10,
    }
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        key = request.headers["idempotency-key"]
        keys.append(key)
        if len(keys) == 1:
            raise httpx.ReadError("the answer got lost")
        if key == keys[0]:
            return problem(ProblemType.IDEMPOTENCY_KEY_REUSED, 422)
        return httpx.Response(200, json={"session": session, "token": "a-token"})

    async with client(answer) as (one, _):
        signed_in = await one.session.sign_in("m.lopez", password="correct horse battery")
        assert signed_in.token == "a-token"
        assert [key == keys[0] for key in keys] == [True, True, False]
