"""The client's people in the online account service: first use, sign-in, and the IDs of each other."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select, update

from api_client.types.billing_words import DelinquencyState
from api_client.types.user_id_words import PersonIs, Privilege, UserKind, UserState
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.actors import operator
from backend.database import tables
from backend.jobs import daily
from backend.policy.access import ACCESS
from backend.runtime import Runtime
from backend.session import passwords
from backend.user_ids import codes, logins, user_store
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, take_groups
from tests.desk import if_match, key, operator_unit, service_headers, sign_in
from tests.enrollments import submit

BOSS, CLERK = "BAKO-TENU-47", "quillfeather.clerk"
CODE, OTHER_CODE = "K7QM-9XRT-3HWD", "MZ4T-8VQC-P2KA"
PASSWORD = "a long enough password"
NUMBER = {BOSS: "W-00001", CLERK: "W-00002"}
_STORED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
ALL = list(Privilege)
_PATH = "/v1/online-service"


class CountingHasher:
    """The real Argon2 with little memory; counts how often it is used."""

    def __init__(self) -> None:
        self._real = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        self.uses = 0

    def hash(self, password: str) -> str:
        self.uses += 1
        return self._real.hash(password)

    def verify(self, stored: str, password: str) -> bool:
        self.uses += 1
        return self._real.verify(stored, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", counting)
    monkeypatch.setattr(passwords, "_NOBODY", counting.hash("nobody"))
    counting.uses = 0
    return counting


class Online:
    """The online account service, before the backend."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime) -> None:
        self.api, self.runtime = api, runtime

    async def asks(self, path: str, *, seen: int | None = None, **form: Any) -> httpx.Response:
        headers = {**service_headers(self.runtime), **key(), **(if_match(seen) if seen else {})}
        return await self.api.post(f"{_PATH}/{path}", json=form, headers=headers)

    async def activates(self, user_id: str, code: str = CODE, **more: Any) -> httpx.Response:
        form: dict[str, Any] = {
            "user_id": user_id,
            "code": code,
            "password": PASSWORD,
            "source": "203.0.113.7",
        }
        return await self.asks("activate", **(form | more))

    async def signs_in(self, user_id: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        form: dict[str, Any] = {"user_id": user_id, "password": password, "source": "203.0.113.7"}
        return await self.asks("sign-in", **(form | more))

    async def users(self, by: str = BOSS) -> dict[str, Any]:
        answer = await self.asks("users", by=by)
        assert answer.status_code == 200, answer.text
        return {row["id"]: row for row in answer.json()["rows"]}

    async def acts(self, act: str, number: str, by: str = BOSS, **more: Any) -> httpx.Response:
        """Act on an ID as it is now."""
        async with self.runtime.database.read() as connection:
            row = await user_store.by_number(connection, number)
        return await self.asks(f"users/{act}", seen=row.version if row else 1, by=by, user=number, **more)

    async def adds(self, by: str = BOSS, **changes: Any) -> httpx.Response:
        form: dict[str, Any] = {"by": by, "user_id": "new.clerk", "person": "Hester Nib", "code": CODE}
        return await self.asks("users/add", **({**form, "privileges": ["members_view"]} | changes))

    async def log(self, by: str = BOSS) -> list[tuple[str, str, str]]:
        """Whose ID, what was done, and by whom; the newest first."""
        rows = (await self.asks("users/log", by=by)).json()["rows"]
        return [(row["user"], row["act"], row["by"]) for row in rows]


async def give(runtime: Runtime, user_id: str, code: str = "", **columns: object) -> None:
    """An ID of G-100: the plan's for the boss, the client's for anybody else."""
    async with operator_unit(runtime) as unit:
        values: dict[str, object] = {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": (await accounts.account_of(unit, "G-100")).id,
            "kind": UserKind.ADMINISTRATOR if user_id == BOSS else UserKind.USER,
            "state": UserState.ACTIVE,
            "state_at": unit.now,
            "login_digest": logins.login_digest(unit, user_id),
            "person": "Barnaby Inkwell" if user_id == BOSS else user_id.title(),
            "password_hash": _STORED,
            "created_at": unit.now,
        }
        if columns.get("state") is UserState.PENDING:
            del values["password_hash"]
        row = await user_store.add(unit.connection, values | columns)
        if code:
            assert await codes.give(unit, row.id, code, unit.today + timedelta(days=21))


async def set_columns(runtime: Runtime, number: str, **columns: object) -> None:
    async with operator_unit(runtime) as unit:
        table = tables.web_user
        await unit.connection.execute(update(table).where(table.c.number == number).values(**columns))


@pytest.fixture
async def online(api: httpx.AsyncClient, runtime: Runtime, hasher: CountingHasher) -> Online:
    """Group G-100 of an employer with two group numbers, a broker and an administrator of COBRA."""
    people = {"ein": "94-2771834", "broker": "Sable Brokers", "broker_from": "2026-01-01"}
    people |= {"broker_to": "2026-12-31", "tpa": "Thistle Admin"}
    await take_groups(runtime, group(**people), group("G-101", **{**people, "broker": ""}), group("G-900"))
    return Online(api, runtime)


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and sentence of a refusal."""
    return answer.status_code, str(answer.json()["detail"])


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


# -- further IDs -----------------------------------------------------------------------------------


@SQLITE
async def test_r10_who_manages_ids_grants_what_he_has_and_nobody_else_grants_anything(
    online: Online, runtime: Runtime
) -> None:
    await give(runtime, BOSS)
    manages = ["users_manage", "members_view", "billing_view"]
    await give(runtime, CLERK, privileges=manages)
    await give(runtime, "viewer", privileges=["members_view"])
    await give(runtime, "resting", privileges=manages, state=UserState.SUSPENDED, suspended_by="client")
    made = 0
    for by in (BOSS, CLERK, "viewer", "resting", "nobody"):
        may = set(ALL if by == BOSS else manages if by == CLERK else ())
        for privilege in Privilege:
            answer = await online.adds(
                by,
                user_id=f"{by}-{privilege}",
                person=f"{by} {privilege}",
                privileges=[privilege],
                code=f"CODE-{made:08d}",
            )
            made += 1
            assert (answer.status_code == 200) is (privilege in may), answer.text
            if answer.status_code != 200:
                assert answer.status_code == 403
    assert "Nobody grants what he lacks" in said(await online.adds(CLERK, privileges=ALL))[1]
    users = await online.users()
    assert len(users) == 4 + len(ALL) + len(manages)
    boss_made = next(one for one in users.values() if one["privileges"] == ["ssn_reveal"])
    assert said(await online.acts("suspend", boss_made["id"], CLERK)) == (
        403,
        f"{boss_made['id']} may do more than your user ID: see SSNs in full.",
    )


@SQLITE
@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({}, 200, ""),
        ({"privileges": []}, 409, "at least one privilege"),
        ({"person": "barnaby inkwell"}, 409, "one person has one"),
        ({"user_id": BOSS.lower()}, 409, "is taken"),
        ({"valid_to": "2026-11-19"}, 409, "cannot be over already"),
        ({"code": "AB-CD EF-GH I"}, 422, "at least 12"),
        ({"person_is": "broker"}, 409, "broker of record today"),
        ({"person_is": "tpa", "person": "Sable Brokers"}, 409, "third-party administrator today"),
        ({"person_is": "broker", "person": "Sable Brokers"}, 200, "2026-12-31"),
        ({"person_is": "broker", "person": "Sable Brokers", "valid_to": "2027-06-30"}, 200, "2026-12-31"),
        ({"person_is": "broker", "person": "Sable Brokers", "valid_to": "2026-12-01"}, 200, "2026-12-01"),
        ({"privileges": ["superuser"]}, 422, ""),
    ],
)
async def test_r10_a_further_id_and_what_speaks_against_it(
    online: Online, runtime: Runtime, changes: dict[str, Any], status: int, words: str
) -> None:
    await give(runtime, BOSS)
    answer = await online.adds(**changes)
    assert answer.status_code == status, answer.text
    body = answer.json()
    if status != 200:
        assert words in body["detail"]
        assert list(await online.users()) == ["W-00001"]
        return
    assert (body["id"], body["state"], body["role"]) == ("W-00002", "pending", "other")
    assert (body["valid_to"] or "") == words
    assert (await online.activates("new.clerk")).status_code == 200


@SQLITE
async def test_r09_r10_the_last_administrator_stays_and_the_plans_id_is_the_plans(
    online: Online, runtime: Runtime
) -> None:
    await give(runtime, BOSS)
    await give(runtime, CLERK, privileges=ALL)
    for act, words in (("change", "The plan gave"), ("end", "when the plan replaces"), ("reset", "by mail")):
        code = {"code": OTHER_CODE} if act == "reset" else {}
        status, sentence = said(await online.acts(act, "W-00001", CLERK, **code))
        assert (status, words in sentence) == (409, True), sentence
    assert (await online.acts("suspend", "W-00001", CLERK)).json()["suspended_by"] == "client"
    assert said(await online.asks("users", by=BOSS)) == (403, "This user ID is suspended.")
    for act, form in (
        ("suspend", {}),
        ("end", {}),
        ("change", {"privileges": ["members_view"]}),
        ("change", {"valid_to": "2030-01-01"}),
    ):
        status, sentence = said(await online.acts(act, "W-00002", CLERK, **form))
        assert (status, sentence[:34]) == (409, "This is the last administrator: it"), act
        assert (await online.users(CLERK))["W-00002"]["state"] == "active", "nothing was changed"
    assert (await online.acts("resume", "W-00001", CLERK)).json()["state"] == "active"
    less = {"privileges": ["users_manage"], "valid_to": "2026-11-20"}
    limited = await online.acts("change", "W-00002", CLERK, **less)
    assert (limited.status_code, limited.json()["privileges"]) == (200, ["users_manage"])
    assert (await online.acts("end", "W-00002")).json()["state"] == "ended"
    assert said(await online.acts("end", "W-00002")) == (409, "W-00002 has ended.")
    stale = await online.asks("users/end", seen=1, by=BOSS, user="W-00002")
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "ended")
    assert (await online.asks("users/end", by=BOSS, user="W-00002")).status_code == 428


async def test_two_administrators_who_end_each_other_at_once_leave_one(
    online: Online, runtime: Runtime
) -> None:
    for name in ("one", "two"):
        await give(runtime, name, privileges=ALL)
    numbers = {"one": "W-00002", "two": "W-00001"}
    answers = await asyncio.gather(*(online.acts("end", number, by) for by, number in numbers.items()))
    assert sorted(one.status_code for one in answers) == [200, 403]


@SQLITE
async def test_another_clients_id_is_unknown_here(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS)
    await give(runtime, CLERK, privileges=["members_view"])
    async with operator_unit(runtime) as unit:
        other = (await accounts.account_of(unit, "G-900")).id
    await set_columns(runtime, "W-00002", account_id=other)
    assert said(await online.acts("end", "W-00002"))[0] == 404
    assert list(await online.users()) == ["W-00001"]


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


# -- reps --------------------------------------------------------------------------------------------


@SQLITE
async def test_r10_r11_a_rep_makes_no_ids_and_is_told_where_they_are_made(
    online: Online, runtime: Runtime
) -> None:
    await give(runtime, BOSS)
    lead = await sign_in(online.api, runtime, "j.lead", Role.LEAD)
    paths = ["activate", "sign-in", "users", "users/log"]
    paths += [f"users/{act}" for act in ("add", "change", "suspend", "resume", "end", "reset")]
    for path in paths:
        answer = await online.api.post(f"{_PATH}/{path}", json={}, headers={**lead, **key(), **if_match(1)})
        status, sentence = said(answer)
        assert status == 403
        assert sentence == ACCESS["online.add_user"].why
        assert "Account Access" in sentence


@SQLITE
async def test_a_rep_sees_and_blocks_ids_and_a_lead_lifts(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS, CODE)
    await give(runtime, CLERK, OTHER_CODE, state=UserState.PENDING, privileges=["members_view"])
    rep = await sign_in(online.api, runtime)
    lead = await sign_in(online.api, runtime, "j.lead", Role.LEAD)
    page = (await online.api.get("/v1/user-ids", params={"group": "G-101"}, headers=rep)).json()
    assert [(row["id"], row["role"], row["can_block"], row["can_lift"]) for row in page["rows"]] == [
        ("W-00001", "administrator", True, False),
        ("W-00002", "other", True, False),
    ]

    async def does(who: dict[str, str], number: str, act: str, seen: int, **form: str) -> httpx.Response:
        headers = {**who, **key(), **if_match(seen)}
        return await online.api.post(f"/v1/user-ids/{number}/{act}", json=form, headers=headers)

    blocked = await does(rep, "W-00001", "block", 1, reason="seen_by_others")
    assert blocked.status_code == 200, blocked.text
    assert (blocked.json()["state"], blocked.json()["suspended_by"]) == ("suspended", "security")
    assert (await online.activates(BOSS)).status_code == 401, "its code is dead"
    assert said(await online.signs_in(BOSS)) == (409, "This user ID is suspended.")
    assert (await does(rep, "W-00001", "block", 2, reason="misuse")).status_code == 409
    assert (await does(rep, "W-00001", "block", 1, reason="misuse")).status_code == 412
    assert (await does(rep, "W-00001", "lift", 2, note="the client called")).status_code == 403
    lifted = await does(lead, "W-00001", "lift", 2, note="the client called")
    assert lifted.json()["state"] == "active"
    assert (await online.signs_in(BOSS)).status_code == 200
    assert (await does(rep, "W-00002", "block", 2, reason="left_company")).status_code == 412
    assert (await does(rep, "W-00002", "block", 1, reason="left_company")).status_code == 200
    assert (await does(lead, "W-00002", "lift", 2, note="a mistake")).json()["state"] == "pending"
    assert (await does(rep, "W-00099", "block", 1, reason="misuse")).status_code == 404
    log = (await online.api.get("/v1/user-ids/log", params={"group": "G-100"}, headers=rep)).json()
    assert [(row["user"], row["act"], row["by"]) for row in log["rows"]] == [
        ("W-00002", "resumed", "J.Lead"),
        ("W-00002", "suspended", "M.Lopez"),
        ("W-00002", "code_dead", "M.Lopez"),
        ("W-00001", "resumed", "J.Lead"),
        ("W-00001", "suspended", "M.Lopez"),
        ("W-00001", "code_dead", "M.Lopez"),
    ]
    started = await online.api.post("/v1/calls", json={}, headers={**rep, **key()})
    assert started.status_code == 200, started.text
    for path in ("", "/log"):
        answer = await online.api.get(f"/v1/user-ids{path}", params={"group": "G-100"}, headers=rep)
        assert answer.status_code == 403
    assert (await does(rep, "W-00001", "block", 3, reason="misuse")).status_code == 403


@SQLITE
async def test_long_lists_come_in_pages(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS)
    async with operator_unit(runtime) as unit:
        own = {"account_id": (await accounts.account_of(unit, "G-100")).id, "kind": UserKind.USER}
        own |= {"state": UserState.ACTIVE, "state_at": unit.now, "created_at": unit.now}
        rows = [{**own, "number": f"W-{at:05d}"} for at in range(2, 105)]
        await unit.connection.execute(insert(tables.web_user), rows)
    rep = await sign_in(online.api, runtime)
    params, seen = {"group": "G-100"}, []
    while True:
        page = (await online.api.get("/v1/user-ids", params=params, headers=rep)).json()
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == [f"W-{at:05d}" for at in range(1, 105)]


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
