"""The client's people in the online account service: first use, sign-in, and what limits them."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import insert, select, update

from api_client.types.billing_words import DelinquencyState
from api_client.types.user_id_words import PersonIs, UserState
from backend.accounts import service as accounts
from backend.actors import operator
from backend.database import tables
from backend.jobs import daily
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.desk import if_match, key, operator_unit, service_headers, sign_in
from tests.enrollments import submit
from tests.online import (
    ALL,
    BOSS,
    CLERK,
    CODE,
    OTHER_CODE,
    PASSWORD,
    PATH,
    CountingHasher,
    Online,
    before_the_backend,
    cheap_hasher,
    give,
    said,
)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    return cheap_hasher(monkeypatch)


@pytest.fixture
async def online(api: httpx.AsyncClient, runtime: Runtime, hasher: CountingHasher) -> Online:
    return await before_the_backend(api, runtime)


# -- first use -------------------------------------------------------------------------------------


@SQLITE
async def test_the_code_is_used_once_and_the_chosen_password_signs_in(
    online: Online, runtime: Runtime, hasher: CountingHasher
) -> None:
    await give(runtime, BOSS, CODE, state=UserState.PENDING)
    assert (await online.signs_in(BOSS)).status_code == 401
    short = await online.activates(BOSS, password="too short")
    assert (short.status_code, short.json()["errors"][0]["field"]) == (422, "password")
    first = await online.activates(BOSS.lower(), " k7qm 9xrt-3hwd ")
    assert first.status_code == 200, first.text
    answer = first.json()
    assert (answer["id"], answer["state"], answer["administrator"]) == ("W-00001", "active", True)
    assert [one["group_number"] for one in answer["groups"]] == ["G-100", "G-101"]
    assert answer["groups"][0]["privileges"] == ALL
    assert (await online.activates(BOSS)).status_code == 401, "it was used"
    assert (await online.signs_in(BOSS)).json() == answer
    assert await online.log() == [("W-00001", "activated", "Barnaby Inkwell")]


async def test_of_many_who_use_one_code_at_once_one_gets_in_and_nobody_past_a_block(
    online: Online, runtime: Runtime
) -> None:
    await give(runtime, BOSS, CODE, state=UserState.PENDING)
    answers = await asyncio.gather(*(online.activates(BOSS) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]
    await give(runtime, "clerk", OTHER_CODE, state=UserState.PENDING, privileges=["members_view"])
    rep = await sign_in(online.api, runtime)
    used, blocked = await asyncio.gather(
        online.activates("clerk", OTHER_CODE),
        online.api.post(
            "/v1/user-ids/W-00002/block", json={"reason": "misuse"}, headers={**rep, **key(), **if_match(1)}
        ),
    )
    assert (used.status_code, blocked.status_code) in ((200, 412), (401, 200))


@SQLITE
async def test_whatever_is_sent_is_answered(online: Online) -> None:
    right = {"user_id": BOSS, "code": CODE, "password": PASSWORD, "source": "203.0.113.7"}
    for sent in ("\ud800" * 14, "x" * 300, "\0" * 14, "\U0001f600" * 14, "\u202e" * 14):
        for field in right:
            content = json.dumps(right | {field: sent})
            headers = {**service_headers(online.runtime), **key(), "content-type": "application/json"}
            answer = await online.api.post(f"{PATH}/activate", content=content, headers=headers)
            assert answer.status_code in (401, 422, 429), (field, sent, answer.text)
            assert sent not in answer.text


@SQLITE
async def test_whatever_is_wrong_is_answered_alike_after_the_same_work(
    online: Online, runtime: Runtime, hasher: CountingHasher, clock: FixedClock
) -> None:
    """Unknown, wrong, expired, dead, printed only, over, suspended: one answer, one use of Argon2."""
    await give(runtime, BOSS, OTHER_CODE)
    pending: dict[str, object] = {"state": UserState.PENDING}
    states: dict[str, dict[str, object]] = {
        "wrong": pending,
        "expired": pending,
        "dead": pending,
        "printed": pending,
        "ended": {"state": UserState.ENDED},
        "withdrawn": {"state": UserState.WITHDRAWN},
        "held.up": {"state": UserState.SUSPENDED, "suspended_by": "client"},
        "blocked": {"state": UserState.SUSPENDED, "suspended_by": "security"},
        "outlived": {**pending, "valid_to": date(2026, 11, 19)},
        "broker": {**pending, "person_is": PersonIs.BROKER},
    }
    table = tables.access_code
    marks: dict[str, dict[str, object]] = {"expired": {"valid_to": date(2026, 11, 19)}}
    marks["dead"] = {"state": "dead"}
    marks["printed"] = {"state": "printed"}
    for at, (name, columns) in enumerate(states.items()):
        await give(runtime, name, f"{CODE[:-2]}{at:02d}", **columns)
        if name in marks:
            async with operator_unit(runtime) as unit:
                last = select(table.c.id).order_by(table.c.id.desc()).limit(1).scalar_subquery()
                await unit.connection.execute(update(table).where(table.c.id == last).values(marks[name]))
    answers = set()
    for at, name in enumerate([*states, "nobody", BOSS]):
        hasher.uses = 0
        code = "WRONG" if name in ("wrong", BOSS) else f"{CODE[:-2]}{at:02d}"
        answer = await online.activates(name, code, source=f"203.0.113.{at}")
        body = answer.json()
        assert hasher.uses == 1
        answers.add((answer.status_code, body["type"], body["title"], body["detail"], len(body)))
    assert len(answers) == 1, answers
    for name in ("wrong", "nobody", BOSS, "ended"):
        hasher.uses = 0
        answer = await online.signs_in(name, "not the password")
        assert hasher.uses == 1
        assert said(answer) == (401, "User ID or password is not right.")


@SQLITE
async def test_five_wrong_tries_kill_a_code_and_a_throttle_stands_before_each_id_and_source(
    online: Online, runtime: Runtime, clock: FixedClock
) -> None:
    await give(runtime, BOSS, CODE, state=UserState.PENDING)
    for name in (BOSS, "nobody"):
        tries = [await online.activates(name, "WRONG", source=f"198.51.100.{at}") for at in range(6)]
        assert [one.status_code for one in tries] == [401] * 5 + [429]
        assert said(tries[-1]) == (429, "Too many tries. Activation opens again at 09:56.")
        assert (await online.signs_in(name, "not right")).status_code == 401, "another door"
    clock.move(timedelta(minutes=15))
    assert (await online.activates(BOSS)).status_code == 401, "the code is dead"
    for at in range(50):
        answer = await online.signs_in(f"guess-{at}", "not right", source="192.0.2.1")
        assert answer.status_code == 401
    assert (await online.signs_in("guess-50", "not right", source="192.0.2.1")).status_code == 429
    assert (await online.signs_in("guess-50", "not right", source="192.0.2.2")).status_code == 401


# -- sign-in ---------------------------------------------------------------------------------------


@SQLITE
async def test_five_wrong_passwords_lock_and_a_reset_opens_again(
    online: Online, runtime: Runtime, clock: FixedClock
) -> None:
    await give(runtime, BOSS)
    await give(runtime, CLERK, CODE, state=UserState.PENDING, privileges=["members_view"])
    assert (await online.activates(CLERK)).status_code == 200
    for _ in range(4):
        await online.signs_in(CLERK, "not right")
    assert (await online.signs_in(CLERK)).status_code == 200, "only so many in a row lock"
    for _ in range(5):
        assert said(await online.signs_in(CLERK, "not right"))[0] == 401
    clock.move(timedelta(minutes=15))
    assert said(await online.signs_in(CLERK)) == (401, "User ID or password is not right.")
    clerk = (await online.users())["W-00002"]
    assert (clerk["state"], clerk["last_used_on"]) == ("locked", "2026-11-20")
    assert (await online.acts("suspend", "W-00002")).json()["state"] == "suspended"
    assert (await online.acts("resume", "W-00002")).json()["state"] == "locked", "and stays locked"
    again = await online.acts("reset", "W-00002", code=CODE)
    assert said(again) == (409, "This code was used before. Make another one.")
    assert (await online.acts("reset", "W-00002", code=OTHER_CODE)).status_code == 200
    assert (await online.signs_in(CLERK)).status_code == 401
    changed = await online.activates(CLERK, OTHER_CODE, password="another long password")
    assert changed.status_code == 200, changed.text
    assert (await online.signs_in(CLERK)).status_code == 401, "the old password is gone"
    assert (await online.signs_in(CLERK, "another long password")).status_code == 200
    assert [act for _, act, _ in await online.log()] == [
        *("activated", "reset", "resumed", "suspended", "locked", "activated")
    ]


# -- what ends and limits by itself ------------------------------------------------------------------


@SQLITE
async def test_a_brokers_id_ends_with_its_record_and_serves_only_groups_that_name_it(
    online: Online, runtime: Runtime, clock: FixedClock
) -> None:
    await give(runtime, BOSS)
    broker = {"person_is": "broker", "person": "Sable Brokers"}
    assert (await online.adds(**broker, privileges=["members_enroll"])).status_code == 200
    groups = (await online.activates("new.clerk")).json()["groups"]
    assert [one["group_number"] for one in groups] == ["G-100"]
    async with operator_unit(runtime) as unit:
        table = tables.contact
        record = update(table).where(table.c.role == "broker")
        await unit.connection.execute(record.values(valid_to=date(2026, 11, 19)))
    assert said(await online.signs_in("new.clerk")) == (409, "This user ID has ended.")
    row = (await online.users())["W-00002"]
    assert (row["state"], row["why"]) == ("ended", "no record of this agent is in force")
    receipt = await submit(online.api, runtime, group_number="G-100", user_id="new.clerk")
    assert receipt["why"] == "this user ID has ended"


@SQLITE
async def test_a_group_that_ended_unpaid_leaves_look_and_pay(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS, CODE)

    async def unpaid(*numbers: str) -> None:
        async with operator_unit(runtime) as unit:
            for number in numbers:
                account = await accounts.account_of(unit, number)
                standing = {"on_date": unit.today, "state": DelinquencyState.TERMINATED_NONPAY}
                money = {"days_past_due": 80, "open_premium": Decimal(1), "owed": Decimal(1), "flags": []}
                values = {"account_id": account.id, **standing, **money}
                await unit.connection.execute(insert(tables.standing).values(**values))

    await unpaid("G-100")
    groups = (await online.activates(BOSS)).json()["groups"]
    left = ["members_view", "billing_view", "billing_pay", "documents_view", "reports"]
    assert [one["privileges"] for one in groups] == [left, ALL]
    assert "look and pay only" in groups[0]["why_limited"]
    assert (await online.users())["W-00001"]["why"] == (
        "may look and pay only in G-100: coverage ended because premium was not paid"
    )
    end = {"type": "termination", "subscriber_number": "S1", "coverage_to": "2026-11-30"}
    receipt = await submit(online.api, runtime, group_number="G-100", user_id=BOSS, **end)
    assert receipt["outcome"] == "refused"
    assert "look and pay only" in receipt["why"]
    await unpaid("G-101")
    status, sentence = said(await online.adds())
    assert (status, "look and pay only" in sentence) == (409, True)


@SQLITE
async def test_who_is_away_for_ninety_days_is_suspended_but_never_the_last_administrator(
    online: Online, runtime: Runtime, clock: FixedClock
) -> None:
    await give(runtime, BOSS, CODE, state=UserState.PENDING)
    assert (await online.activates(BOSS)).status_code == 200
    for at in range(25):
        await give(runtime, f"clerk-{at}", privileges=["members_enroll", "members_view"])
    await give(runtime, "for.a.month", OTHER_CODE, valid_to=date(2026, 12, 20))
    clock.move(timedelta(days=80))
    await submit(online.api, runtime, group_number="G-100", user_id="clerk-7")
    clock.move(timedelta(days=11))
    refused = await submit(online.api, runtime, group_number="G-100", user_id="clerk-8")
    assert refused["why"] == "this user ID is suspended", "whether or not the daily run was there"
    async for _ in daily.run(runtime, operator("tester"), request_id="T"):
        pass
    users = await online.users()
    active = [one["id"] for one in users.values() if one["state"] == "active"]
    assert active == ["W-00001", "W-00009"]
    assert {one["suspended_by"] for one in users.values()} == {None, "unused"}
    log = await online.log()
    assert log[0][1:] == ("suspended", "the plan")
    over = [act for number, act, _ in log if number == "W-00027"]
    assert (over, users["W-00027"]["state"]) == (["ended", "code_dead"], "ended")
    assert (await online.signs_in(BOSS)).status_code == 200
    assert (await online.acts("resume", "W-00003")).json()["state"] == "active"


# -- nothing secret --------------------------------------------------------------------------------


@SQLITE
async def test_no_id_code_or_password_is_answered_or_kept(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS, CODE, state=UserState.PENDING)
    password = "CANARY of a password"
    answers = [
        await online.activates(BOSS, "WRONG-WRONG-1"),
        await online.activates(BOSS, password=password),
        await online.signs_in(BOSS, password),
        await online.signs_in(BOSS, "CANARY that is wrong"),
        await online.adds(user_id="canary.clerk", code=OTHER_CODE),
        await online.acts("reset", "W-00002", code="CANARY-CANARY-22"),
        await online.activates("canary.clerk", "CANARY-CANARY-22", password=password),
        await online.asks("users", by=BOSS),
        await online.asks("users/log", by=BOSS),
        await online.asks("users/add", by=BOSS, user_id="canary.clerk", code="CANARY"),
    ]
    assert [one.status_code for one in answers] == [401, 200, 200, 401, 200, 200, 200, 200, 200, 422]
    kept = []
    async with runtime.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            kept += [str(tuple(row)) for row in await connection.execute(select(table))]
    for secret in (BOSS, CODE, OTHER_CODE, "canary", "wrong-wrong", "203.0.113"):
        plain = secret.replace("-", "").casefold()
        for one in [*(answer.text for answer in answers), *kept]:
            assert secret.casefold() not in one.casefold()
            assert len(plain) < 10 or plain not in one.casefold()
