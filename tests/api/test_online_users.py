"""The IDs of a client: what its administrators do with them online, and what a rep sees and blocks."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from api_client.types.user_id_words import Privilege, UserKind, UserState
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.database import tables
from backend.policy.access import ACCESS
from backend.runtime import Runtime
from tests.conftest import SQLITE
from tests.desk import if_match, key, operator_unit, sign_in
from tests.online import (
    ALL,
    BOSS,
    CLERK,
    CODE,
    OTHER_CODE,
    PATH,
    CountingHasher,
    Online,
    before_the_backend,
    cheap_hasher,
    give,
    said,
    set_columns,
)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    return cheap_hasher(monkeypatch)


@pytest.fixture
async def online(api: httpx.AsyncClient, runtime: Runtime, hasher: CountingHasher) -> Online:
    return await before_the_backend(api, runtime)


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
async def test_r10_what_speaks_against_a_further_id(online: Online, runtime: Runtime) -> None:
    await give(runtime, BOSS)
    refused: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"privileges": []}, 409, "at least one privilege"),
        ({"person": "barnaby inkwell"}, 409, "one person has one"),
        ({"user_id": BOSS.lower()}, 409, "is taken"),
        ({"valid_to": "2026-11-19"}, 409, "cannot be over already"),
        ({"code": "AB-CD EF-GH I"}, 422, "at least 12"),
        ({"person_is": "broker"}, 409, "broker of record today"),
        ({"person_is": "tpa", "person": "Sable Brokers"}, 409, "third-party administrator today"),
        ({"person": "sable brokers"}, 409, "make it as theirs"),
        ({"privileges": ["superuser"]}, 422, ""),
    )
    for changes, status, words in refused:
        answer = await online.adds(**changes)
        assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
    assert list(await online.users()) == ["W-00001"]


@SQLITE
@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, None),
        ({"person_is": "broker", "person": "Sable Brokers"}, "2026-12-31"),
        ({"person_is": "broker", "person": "Sable Brokers", "valid_to": "2027-06-30"}, "2026-12-31"),
        ({"person_is": "broker", "person": "Sable Brokers", "valid_to": "2026-12-01"}, "2026-12-01"),
    ],
)
async def test_r10_a_further_id_ends_with_its_day_or_the_record_of_the_agent(
    online: Online, runtime: Runtime, changes: dict[str, Any], until: str | None
) -> None:
    await give(runtime, BOSS)
    body = (await online.adds(**changes)).json()
    assert (body["id"], body["state"], body["role"]) == ("W-00002", "pending", "other")
    assert body["valid_to"] == until
    assert (await online.activates("new.clerk")).status_code == 200


@SQLITE
async def test_r10_nobody_grants_more_time_or_more_groups_than_he_has(
    online: Online, runtime: Runtime
) -> None:
    may = ["users_manage", "members_view"]
    await give(runtime, BOSS)
    await give(runtime, CLERK, privileges=may, valid_to=date(2026, 12, 15))
    await give(
        runtime, "broker", privileges=may, person="Sable Brokers", person_is="broker"
    )  # of G-100 alone
    await give(runtime, "viewer", privileges=["members_view"])
    for day, status in ((None, 403), ("2026-12-16", 403), ("2026-12-15", 200)):
        for number in ("W-00002", "W-00004"):  # his own ID as well
            answer = await online.acts("change", number, CLERK, valid_to=day)
            assert answer.status_code == status, answer.text
    assert "works until 2026-12-15" in said(await online.adds(CLERK))[1]
    assert (await online.acts("change", "W-00004", CLERK, privileges=["members_view"])).status_code == 200
    for act, more in (("suspend", {}), ("end", {}), ("reset", {"code": OTHER_CODE}), ("change", {})):
        answer = await online.acts(act, "W-00004", "broker", **more)
        assert (answer.status_code, "some of the client's group numbers" in answer.text) == (403, True)
    assert said(await online.adds("broker", valid_to="2026-12-01"))[0] == 403
    assert (await online.acts("change", "W-00004", BOSS, valid_to=None)).status_code == 200


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
        answer = await online.api.post(f"{PATH}/{path}", json={}, headers={**lead, **key(), **if_match(1)})
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

    for who, act in ((rep, "block"), (lead, "lift")):  # a note stays for ever
        refused = await does(who, "W-00001", act, 1, reason="misuse", note="his SSN is 219-09-9999")
        assert refused.status_code == 422
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
