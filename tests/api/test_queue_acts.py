"""What reps and leads do with a case besides deciding it: skip, hand over, escalate, assign, take back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from backend.runtime import Runtime
from backend.session import reps
from tests.conftest import FixedClock
from tests.desk import create_rep, if_match, operator_unit, sign_in
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, take
from tests.queue_desk import Desk, open_desk

WILMA = replace(PEBBLE, first_name="Wilma", birth_date=date(1955, 1, 1), ssn="900445566")


@pytest.fixture
async def items(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> list[str]:
    """Three cases of the queue, the oldest first."""
    await add_group(runtime)
    await add_member(runtime)
    made = []
    for place in range(3):
        made.append(await doubtful_item(api, runtime, subscriber_number=f"N{place}"))
        clock.move(timedelta(minutes=5))
    return made


@pytest.fixture
async def desk(api: httpx.AsyncClient, runtime: Runtime, items: list[str]) -> Desk:
    return await open_desk(api, runtime)


async def test_a_skipped_item_waits_until_nothing_else_is_free(
    desk: Desk, items: list[str], runtime: Runtime, clock: FixedClock
) -> None:
    first, second, third = items
    for expected in (first, second, third):
        assert await desk.home(desk.me) == (expected, "least time left, unclaimed")
        claim = await desk.next(desk.me)
        assert claim["item"]["id"] == expected
        held = {**desk.me, "claim-token": claim["token"]}
        assert (await desk.act(held, expected, "skip", reason="unsure")).status_code == 204
    why = "you skipped it at 09:56; nothing else is free"
    assert await desk.home(desk.me) == (first, why)
    assert await desk.home(desk.chen) == (first, "least time left, unclaimed")
    again = await desk.next(desk.me)
    assert (again["item"]["id"], again["why"]) == (first, why)
    assert ("M.Lopez", "skipped, unsure") in await desk.history(desk.me, first)
    await desk.act({**desk.me, "claim-token": again["token"]}, first, "skip", reason="unsure")
    clock.move(timedelta(minutes=61))
    later = await sign_in(desk.api, runtime)
    assert await desk.home(later) == (first, "least time left, unclaimed")


async def test_what_is_late_says_since_when(
    desk: Desk, items: list[str], api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    clock.move(timedelta(hours=48))
    me = await sign_in(api, runtime)
    assert await desk.home(me) == (items[0], "late since 09:41")


async def test_a_case_handed_over_is_kept_until_little_time_is_left(
    desk: Desk, items: list[str], api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    first, second, _ = items
    _, held = await take(desk.api, desk.me, first)
    assert (await desk.act(held, first, "hand-over", to="m.lopez")).status_code == 409
    assert (await desk.act(held, first, "hand-over", to="nobody")).status_code == 404
    given = await desk.act(held, first, "hand-over", to="r.chen", words="You know the Pebblewicks.")
    assert given.status_code == 204
    assert (await desk.act(held, first, "extend")).json()["type"].endswith("lease-lost")
    assert (await desk.show(desk.me, first))["kept_for"] == "R.Chen"
    assert (await desk.home(desk.me))[0] == second
    assert await desk.home(desk.chen) == (first, "kept for you: M.Lopez handed it over")
    assert first in (await api.get("/v1/home", headers=desk.chen)).json()["mine"]
    claim = await desk.next(desk.chen)
    assert (claim["item"]["id"], claim["why"]) == (first, "kept for you: M.Lopez handed it over")
    told = [(line["who"], line["what"]) for line in claim["item"]["history"]]
    assert ("M.Lopez", "handed over to R.Chen: You know the Pebblewicks.") in told
    clock.move(timedelta(hours=40))
    late = await sign_in(api, runtime)
    assert (await desk.home(late))[0] == first


async def test_what_is_kept_for_a_rep_who_can_no_longer_sign_in_is_anybodys(
    desk: Desk, items: list[str], runtime: Runtime
) -> None:
    claim = await desk.next(desk.me)
    held = {**desk.me, "claim-token": claim["token"]}
    assert (await desk.act(held, items[0], "hand-over", to="r.chen")).status_code == 204
    assert (await desk.home(desk.me))[0] == items[1]
    async with operator_unit(runtime) as unit:
        await reps.disable(unit, "r.chen")
    assert await desk.home(desk.me) == (items[0], "least time left, unclaimed")
    assert (await desk.next(desk.me))["item"]["id"] == items[0]
    answer = await desk.as_it_is(desk.lead, items[1], "assign", to="r.chen")
    assert answer.status_code == 404


async def test_a_rep_who_skips_what_was_kept_gives_it_back_to_all(desk: Desk, items: list[str]) -> None:
    first = items[0]
    _, held = await take(desk.api, desk.me, first)
    await desk.act(held, first, "hand-over", to="r.chen")
    claim = await desk.next(desk.chen)
    await desk.act({**desk.chen, "claim-token": claim["token"]}, first, "skip", reason="unsure")
    assert (await desk.show(desk.me, first))["kept_for"] is None
    assert (await desk.home(desk.me))[0] == first


async def test_a_case_handed_over_late_does_not_come_straight_back(
    api: httpx.AsyncClient, runtime: Runtime, items: list[str], clock: FixedClock
) -> None:
    clock.move(timedelta(hours=42))
    desk = await open_desk(api, runtime)
    _, held = await take(api, desk.me, items[0])
    assert (await desk.act(held, items[0], "hand-over", to="r.chen")).status_code == 204
    assert (await desk.home(desk.me))[0] == items[1]


async def test_an_escalated_case_comes_next_only_to_leads(desk: Desk, items: list[str]) -> None:
    first, second, third = items
    _, held = await take(desk.api, desk.me, second)
    assert (await desk.act(held, second, "escalate", question="")).status_code == 422
    assert (await desk.act(held, second, "escalate", question="One person or two?")).status_code == 204
    assert (await desk.show(desk.chen, second))["escalated"]
    assert await desk.home(desk.lead) == (second, "escalated to leads")
    assert (await desk.next(desk.chen))["item"]["id"] == first
    assert (await desk.next(desk.me))["item"]["id"] == third
    claim = await desk.next(desk.lead)
    assert (claim["item"]["id"], claim["why"]) == (second, "escalated to leads")
    told = [line["what"] for line in claim["item"]["history"]]
    assert "escalated to the leads: One person or two?" in told
    held = {**desk.lead, "claim-token": claim["token"]}
    await desk.act(held, second, "hand-over", to="m.lopez", words="Two: look at the suffix.")
    assert not (await desk.show(desk.me, second))["escalated"]


async def test_a_lead_takes_a_case_from_its_holder_at_once(desk: Desk, items: list[str]) -> None:
    first = items[0]
    case, held = await take(desk.api, desk.me, first)
    version = if_match(case["version"])
    assert (await desk.act({**desk.chen, **version}, first, "take-back")).status_code == 403
    assert (await desk.act({**desk.lead, **if_match(9)}, first, "take-back")).status_code == 412
    taken = await desk.act({**desk.lead, **version}, first, "take-back")
    assert (taken.json()["state"], taken.json()["holder"]) == ("queued", None)
    lost = await desk.act(held, first, "decide", decision="create")
    assert lost.json()["type"].endswith("lease-lost")
    assert lost.json()["detail"] == "D.Okafor took this item back at 09:56. Nothing was saved."
    assert lost.json()["holder"] == "D.Okafor"
    assert ("D.Okafor", "taken back from M.Lopez") in await desk.history(desk.me, first)
    assert (await desk.act({**desk.lead, **version}, first, "take-back")).status_code == 409
    _, other = await take(desk.api, desk.chen, first)
    assert (await desk.act(held, first, "extend")).json()["holder"] == "R.Chen"
    assert (await desk.act(other, first, "extend")).status_code == 200


async def test_a_lead_assigns_a_case_whoever_has_it(desk: Desk, items: list[str]) -> None:
    first = items[0]
    case, held = await take(desk.api, desk.me, first)
    version = if_match(case["version"])
    assert (await desk.act({**desk.me, **version}, first, "assign", to="r.chen")).status_code == 403
    assigned = (await desk.act({**desk.lead, **version}, first, "assign", to="r.chen")).json()
    assert (assigned["kept_for"], assigned["holder"]) == ("R.Chen", None)
    lost = (await desk.act(held, first, "decide", decision="create")).json()
    assert lost["detail"] == "D.Okafor gave this item to R.Chen at 09:56. Nothing was saved."
    assert await desk.home(desk.chen) == (first, "kept for you: D.Okafor gave it to you")
    _, held = await take(desk.api, desk.chen, first)
    done = (await desk.act(held, first, "decide", decision="reject", reason="duplicate")).json()
    late = await desk.act({**desk.lead, **if_match(done["version"])}, first, "assign", to="m.lopez")
    assert late.status_code == 409


async def test_a_note_stops_no_decision_and_is_read_only_where_the_case_is_open(
    desk: Desk, items: list[str]
) -> None:
    first = items[0]
    case, held = await take(desk.api, desk.me, first)
    noted = (await desk.act(desk.chen, first, "notes", text="The card says Clara Ann.")).json()
    assert noted["masked"]
    assert ("R.Chen", "note") in [(line["who"], line["what"]) for line in noted["history"]]
    mine = (await desk.act(held, first, "notes", text="So does the file.")).json()
    told = [(line["who"], line["what"]) for line in mine["history"]]
    assert told[-2:] == [
        ("R.Chen", "note: The card says Clara Ann."),
        ("M.Lopez", "note: So does the file."),
    ]
    assert mine["version"] == case["version"]
    decided = await desk.act(held, first, "decide", decision="reject", reason="duplicate")
    assert decided.status_code == 200


async def test_colleagues_are_those_who_can_sign_in(desk: Desk, runtime: Runtime) -> None:
    await create_rep(runtime, "a.abbot")
    rows = (await desk.api.get("/v1/colleagues", headers=desk.me)).json()["rows"]
    assert [(row["username"], row["name"], row["lead"]) for row in rows] == [
        ("a.abbot", "A.Abbot", False),
        ("d.okafor", "D.Okafor", True),
        ("r.chen", "R.Chen", False),
    ]


async def test_of_two_acts_at_the_same_moment_one_is_done(
    api: httpx.AsyncClient, runtime: Runtime, desk: Desk, items: list[str]
) -> None:
    pairs: list[tuple[str, dict[str, Any], str, dict[str, Any], set[int]]] = [
        ("decide", {"decision": "reject", "reason": "duplicate"}, "take-back", {}, {409, 412}),
        ("decide", {"decision": "reject", "reason": "duplicate"}, "assign", {"to": "r.chen"}, {409, 412}),
        ("hand-over", {"to": "r.chen"}, "escalate", {"question": "One or two?"}, {409}),
    ]
    for item, (mine, form, other, others, told) in zip(items, pairs, strict=True):
        case, held = await take(api, desk.me, item)
        lead = {**desk.lead, **if_match(case["version"])}
        who = held if other == "escalate" else lead
        answers = await asyncio.gather(
            desk.act(held, item, mine, **form), desk.act(who, item, other, **others)
        )
        codes = [answer.status_code for answer in answers]
        assert sum(code < 300 for code in codes) == 1, codes
        assert {code for code in codes if code >= 300} <= told, codes


async def test_two_second_persons_at_the_same_moment_do_it_once(
    api: httpx.AsyncClient, runtime: Runtime, desk: Desk, items: list[str]
) -> None:
    for item in items:
        pending = await desk.decide(desk.me, item, decision="link", mrn=await add_member(runtime, WILMA))
        assert pending["state"] == "pending_approval"
        seen = if_match(pending["version"])
        answers = await asyncio.gather(
            *(desk.act({**who, **seen}, item, "approve") for who in (desk.chen, desk.lead))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
