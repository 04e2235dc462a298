"""What two people do to one case at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.accounts import members
from backend.actors import SYSTEM
from backend.database import tables
from backend.matching import store, turns
from backend.matching.ask import return_unanswered
from backend.matching.claim_store import Asking, Turn
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import key, sign_in
from tests.enrollments import add_group, add_member, doubtful_item, take

ITEMS = "/v1/match-items"
_ROUNDS = 8


@pytest.fixture
async def clara(runtime: Runtime) -> str:
    """Clara Pebblewick on file in group 900100; returns her member number."""
    account_id = await add_group(runtime)
    return await add_member(runtime, account_id=account_id)


async def test_a_decision_and_a_new_claim_at_the_same_moment_never_both_succeed(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    for number in range(_ROUNDS):
        item = await doubtful_item(api, runtime, subscriber_number=f"N{number}")
        _, acting = await take(api, headers, item)
        reject = {"decision": "reject", "reason": "duplicate"}
        decided, claimed = await asyncio.gather(
            api.post(f"{ITEMS}/{item}/decide", json=reject, headers={**acting, **key()}),
            api.post(f"{ITEMS}/{item}/claim", headers={**headers, **key()}),
        )
        assert sorted((decided.status_code, claimed.status_code)) == [200, 409]


async def test_putting_a_case_back_never_takes_it_from_who_claimed_it_at_the_same_moment(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    for number in range(_ROUNDS):
        item = await doubtful_item(api, runtime, subscriber_number=f"N{number}")
        _, acting = await take(api, headers, item)
        skipped, claimed = await asyncio.gather(
            api.post(f"{ITEMS}/{item}/skip", json={"reason": "unsure"}, headers={**acting, **key()}),
            api.post(f"{ITEMS}/{item}/claim", headers={**headers, **key()}),
        )
        assert claimed.status_code == 200
        assert skipped.status_code in (204, 409)
        fresh = {**headers, "claim-token": claimed.json()["token"]}
        held = await api.post(f"{ITEMS}/{item}/extend", headers={**fresh, **key()})
        assert held.status_code == 200, held.text


async def test_of_two_answers_of_the_employer_at_once_the_second_is_told_that_the_case_changed(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    for number in range(_ROUNDS):
        item = await doubtful_item(api, runtime, subscriber_number=f"N{number}")
        _, acting = await take(api, headers, item)
        question = {"question": "Which birth date?", "channel": "phone"}
        asked = await api.post(f"{ITEMS}/{item}/ask-employer", json=question, headers={**acting, **key()})
        clock.move(timedelta(minutes=1))
        seen = {**headers, "if-match": f'"{asked.json()["version"]}"'}
        answers = await asyncio.gather(
            *(
                api.post(f"{ITEMS}/{item}/employer-answer", json={"answer": text}, headers={**seen, **key()})
                for text in ("the first", "the second")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_an_item_let_go_while_next_was_looking_is_given_like_any_other(
    api: httpx.AsyncClient, runtime: Runtime, clara: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_the_last(_: Asking) -> AsyncIterator[Turn]:
        yield Turn.SKIPPED

    monkeypatch.setattr(turns, "_turns", only_the_last)
    item = await doubtful_item(api, runtime)
    headers = await sign_in(api, runtime)
    claimed = await api.post(f"{ITEMS}/next", headers={**headers, **key()})
    assert claimed.status_code == 200, claimed.text
    assert (claimed.json()["item"]["id"], claimed.json()["why"]) == (item, "least time left, unclaimed")


async def test_an_answer_that_comes_while_unanswered_questions_are_returned_counts(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, await sign_in(api, runtime), item)
    question = {"question": "Which birth date?", "channel": "phone"}
    await api.post(f"{ITEMS}/{item}/ask-employer", json=question, headers={**acting, **key()})
    clock.move(timedelta(days=30))
    async with runtime.database.read() as connection:
        seen_before = await store.unanswered(connection, clock.now)

    async def before_the_answer(_: Any, __: datetime) -> Sequence[Any]:
        return seen_before

    late = {**await sign_in(api, runtime), "if-match": '"2"'}
    answer = {"answer": "The fourteenth."}
    answered = await api.post(f"{ITEMS}/{item}/employer-answer", json=answer, headers={**late, **key()})
    assert answered.json()["state"] == "queued", answered.text
    monkeypatch.setattr(store, "unanswered", before_the_answer)
    await return_unanswered(runtime)
    now = (await api.get(f"{ITEMS}/{item}", headers=late)).json()
    assert (now["state"], now["version"]) == ("queued", 3)


async def test_two_changes_of_one_member_at_the_same_moment_follow_each_other(
    runtime: Runtime, clara: str
) -> None:
    async with runtime.database.read() as connection:
        query = select(tables.member.c.id).where(tables.member.c.mrn == clara)
        member_id = int((await connection.execute(query)).scalar_one())
    married = {"last_name": "Tiptree"}

    async def the_other() -> list[str]:
        async with runtime.act(SYSTEM, "second") as unit:
            return await members.change_member(unit, member_id, {**married, "city": "FRESNO"})

    async with runtime.act(SYSTEM, "first") as unit:
        assert await members.change_member(unit, member_id, married) == ["last_name"]
        second = asyncio.create_task(the_other())
        await asyncio.wait({second}, timeout=0.2)
    assert await second == ["city"]
    async with runtime.database.read() as connection:
        past = (await connection.execute(select(tables.member_past).order_by(tables.member_past.c.id))).all()
    assert [(one.last_name, one.city) for one in past] == [("Pebblewick", "OAKLAND"), ("Tiptree", "OAKLAND")]
