"""Second looks: a share of the decisions is judged again by someone who cannot know what was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from backend.accounts import members
from backend.accounts import service as accounts
from backend.database import tables
from backend.keys import new_keys
from backend.matching import rules
from backend.runtime import Runtime
from tests.desk import key, operator_unit, sign_in
from tests.enrollments import GROUP, PEBBLE, add_group, add_member, doubtful_item, take
from tests.queue_desk import Desk, Headers, open_desk

LOOKS = "/v1/second-looks"


@pytest.fixture
async def item(api: httpx.AsyncClient, runtime: Runtime) -> str:
    """A doubtful case of a household in a plan where every decision is looked at again."""
    every = replace(runtime.policy.matching, second_look_percent=100)
    runtime.policy = replace(runtime.policy, matching=every)
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id, line="DEN", subscriber_number="N1")
    await add_member(runtime, replace(PEBBLE, ssn="900118888", birth_date=date(1980, 3, 15)))
    return await doubtful_item(api, runtime, first_name="Clarissa")


async def _waiting(desk: Desk, who: Headers) -> list[str]:
    rows = (await desk.api.get(LOOKS, headers=who)).json()["rows"]
    return [row["id"] for row in rows]


@pytest.mark.parametrize("decision", ["link", "create"])
async def test_the_second_look_is_blind(
    api: httpx.AsyncClient, runtime: Runtime, item: str, decision: str
) -> None:
    desk = await open_desk(api, runtime)
    seen = (await desk.act(desk.me, item, "claim")).json()
    first_seen, held = seen["item"], {**desk.me, "claim-token": seen["token"], "if-match": '"1"'}
    mrn = first_seen["candidates"][0]["mrn"]
    assert len(first_seen["candidates"]) == 2  # the decision tells these two apart, and that shows nowhere
    chosen = {"mrn": mrn} if decision == "link" else {}
    await desk.act(held, item, "notes", text="I am sure of it.")
    pending = (await desk.act(held, item, "decide", decision=decision, note="Sure.", **chosen)).json()
    if pending["state"] == "pending_approval":
        assert (await desk.as_it_is(desk.lead, item, "approve")).json()["state"] == "applied"
        assert await _waiting(desk, desk.lead) == []
    assert await _waiting(desk, desk.me) == []
    assert await _waiting(desk, desk.chen) == [item]
    assert (await api.get(f"{LOOKS}/{item}", headers=desk.me)).status_code == 404

    blind = (await api.get(f"{LOOKS}/{item}", headers=desk.chen)).json()
    assert blind["blind"]
    as_before = ("enrollee", "candidates", "warnings", "family", "why_not_automatic")
    for name in (*as_before, "second_person_for_new"):
        assert blind[name] == first_seen[name], name
    for name in ("decided", "decided_mrn", "decided_by", "undo_until", "holder", "kept_for"):
        assert blind[name] is None, name
    assert [line["what"] for line in blind["history"]] == [first_seen["history"][0]["what"]]
    assert blind["second_person"] == ""

    other = {"decision": "reject", "reason": "duplicate"}
    answer = await api.post(f"{LOOKS}/{item}", json=other, headers={**desk.chen, **key()})
    assert (answer.json()["agrees"], answer.json()["first"]) == (False, decision)
    again = await api.post(f"{LOOKS}/{item}", json=other, headers={**desk.chen, **key()})
    assert again.status_code == 404
    after = await desk.show(desk.me, item)
    assert (after["state"], after["decided"]) == ("applied", decision)


async def test_what_the_new_member_became_since_tells_nothing(
    api: httpx.AsyncClient, runtime: Runtime, item: str
) -> None:
    desk = await open_desk(api, runtime)
    pending = await desk.decide(desk.me, item, decision="create")
    if pending["state"] == "pending_approval":
        await desk.as_it_is(desk.lead, item, "approve")
    mrn = (await desk.show(desk.me, item))["decided_mrn"]
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, GROUP)
        query = select(tables.member.c.id).where(tables.member.c.mrn == mrn)
        await members.add_coverage(
            unit,
            account_id=account.id,
            member_id=(await unit.connection.execute(query)).scalar_one(),
            subscriber_number="N1",
            relationship="18",
            line="VIS",
            starts_on=date(2027, 1, 1),
        )
    blind = await api.get(f"{LOOKS}/{item}", headers=desk.chen)
    assert blind.json()["blind"]
    assert mrn not in blind.text


async def test_who_decides_the_same_agrees(api: httpx.AsyncClient, runtime: Runtime, item: str) -> None:
    desk = await open_desk(api, runtime)
    claim = (await desk.act(desk.me, item, "claim")).json()
    mrn = claim["item"]["candidates"][0]["mrn"]
    await desk.decide(desk.me, item, decision="link", mrn=mrn)
    if (await desk.show(desk.me, item))["state"] == "pending_approval":
        await desk.as_it_is(desk.lead, item, "approve")
    missing = await api.post(f"{LOOKS}/{item}", json={"decision": "link"}, headers={**desk.chen, **key()})
    unknown = {"decision": "link", "mrn": "88999999"}
    assert missing.status_code == 422
    refused = await api.post(f"{LOOKS}/{item}", json=unknown, headers={**desk.chen, **key()})
    assert refused.status_code == 422
    same = {"decision": "link", "mrn": mrn}
    answer = await api.post(f"{LOOKS}/{item}", json=same, headers={**desk.chen, **key()})
    assert answer.json() == {"agrees": True, "first": "link", "first_mrn": mrn}


async def test_who_had_a_part_in_what_became_of_the_case_does_not_look_again(
    api: httpx.AsyncClient, runtime: Runtime, item: str
) -> None:
    desk = await open_desk(api, runtime)
    pending = await desk.decide(desk.me, item, decision="create")
    assert pending["state"] == "pending_approval"
    await desk.as_it_is(desk.chen, item, "refuse")  # who knows what was decided first
    case, held = await take(api, desk.lead, item)
    await desk.act(held, item, "decide", decision="link", mrn=case["candidates"][0]["mrn"])
    third = await sign_in(api, runtime, "p.novak")
    if (await desk.show(desk.me, item))["state"] == "pending_approval":
        await desk.as_it_is(await sign_in(api, runtime, "a.stone"), item, "approve")
    for who, looks in ((desk.me, []), (desk.chen, []), (desk.lead, []), (third, [item])):
        assert await _waiting(desk, who) == looks
    await desk.as_it_is(third, item, "unlink", reason="Another Clara?")
    await desk.as_it_is(desk.chen, item, "refuse")
    assert await _waiting(desk, third) == []
    assert (await api.get(f"{LOOKS}/{item}", headers=third)).status_code == 404


async def test_what_was_taken_back_needs_no_second_look(
    api: httpx.AsyncClient, runtime: Runtime, item: str
) -> None:
    desk = await open_desk(api, runtime)
    applied = await desk.decide(desk.me, item, decision="create")
    if applied["state"] == "pending_approval":
        await desk.as_it_is(desk.lead, item, "approve")
    assert await _waiting(desk, desk.chen) == [item]
    assert (await desk.as_it_is(desk.me, item, "undo")).status_code == 200
    assert await _waiting(desk, desk.chen) == []


def test_the_share_is_about_the_policys_and_differs_from_store_to_store() -> None:
    chosen = []
    for keys in (new_keys(), new_keys()):
        digests = [keys.digest_of("second_look", str(number)) for number in range(4000)]
        chosen.append({place for place, digest in enumerate(digests) if rules.is_chosen(digest, 5)})
        assert 120 <= len(chosen[-1]) <= 280
        assert not any(rules.is_chosen(digest, 0) for digest in digests)
        assert all(rules.is_chosen(digest, 100) for digest in digests)
    assert chosen[0] != chosen[1]
