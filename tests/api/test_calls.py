"""Calls from the first ring to the wrap-up, with notes, history and call-backs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.call_words import CallState
from api_client.types.calls import Call
from api_client.types.common import PAGE
from api_client.types.words import Role
from backend.database import tables
from backend.runtime import Runtime
from tests.callers import (
    GROUP,
    OTHER_GROUP,
    SIGNER,
    SIGNER_PHONE,
    add_family,
    add_groups,
)
from tests.conftest import NOON, SQLITE, FixedClock
from tests.desk import if_match, key, service_headers, sign_in
from tests.phone import Phone, open_phone


@pytest.fixture
async def phone(api: httpx.AsyncClient, runtime: Runtime) -> Phone:
    """A rep with a telephone; two groups are on record."""
    await add_groups(runtime)
    return await open_phone(api, runtime)


async def rows(runtime: Runtime, name: str) -> list[Any]:
    table = getattr(tables, name)
    async with runtime.database.read() as connection:
        return list((await connection.execute(select(table).order_by(next(iter(table.primary_key))))).all())


async def events(runtime: Runtime, kind: str) -> list[tuple[str, int]]:
    return [(row.subject, row.version) for row in await rows(runtime, "event") if row.kind == kind]


# -- ring, take, park ------------------------------------------------------------------------------


async def test_a_call_rings_is_taken_parked_taken_again_and_closed(phone: Phone, runtime: Runtime) -> None:
    answer = await phone.post("calls/pop", {"phone": "(916) 555-0134"})
    ringing = Call.model_validate(answer.json())
    assert [one.number for one in ringing.likely] == [GROUP, OTHER_GROUP]
    assert {one.delinquency for one in ringing.likely} == {None}
    assert (ringing.state, (await phone.mine())["ringing"][0]["id"]) == (CallState.RINGING, ringing.id)
    taken = await phone.done("take", ringing)
    assert (await phone.mine())["active"]["id"] == taken.id
    second = await phone.start(GROUP)
    mine = await phone.mine()
    assert (mine["active"]["id"], [one["id"] for one in mine["parked"]]) == (second.id, [taken.id])
    first = await phone.done("take", Call.model_validate(mine["parked"][0]))
    assert [one["id"] for one in (await phone.mine())["parked"]] == [second.id]
    parked = await phone.done("park", first)
    assert ((await phone.mine())["active"], parked.state) == (None, CallState.PARKED)
    closed = await phone.done("wrap-up", parked, code="DROPPED")
    assert (closed.state, closed.wrap_up, closed.subjects) == (CallState.CLOSED, "DROPPED", [])
    refused = await phone.act("take", closed)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        f"{closed.id} is closed; it cannot be taken.",
    )
    assert await events(runtime, "call") == [
        (ringing.id, 1), (ringing.id, 2), (ringing.id, 3), (second.id, 1), (second.id, 2), (ringing.id, 4),
        (ringing.id, 5), (ringing.id, 6),
    ]  # fmt: skip
    stored = [row for row in await rows(runtime, "audit_row") if row.action.startswith("call.")]
    assert [row.action for row in stored] == [
        "call.pop", "call.take", "call.park", "call.start", "call.park", "call.take", "call.park",
        "call.wrap_up",
    ]  # fmt: skip
    assert not any("555" in f"{row.details}{row.subject}" for row in stored)
    assert not any("0134" in str(tuple(row)) for row in await rows(runtime, "call"))


async def test_what_nobody_took_stops_ringing(phone: Phone, clock: FixedClock) -> None:
    ringing = Call.model_validate((await phone.post("calls/pop", {"phone": "12"})).json())
    assert ringing.likely == []
    clock.move(timedelta(minutes=3))
    assert len((await phone.mine())["ringing"]) == 1
    clock.move(timedelta(seconds=1))
    assert (await phone.mine())["ringing"] == []
    assert (await phone.act("take", ringing)).json()["detail"] == f"{ringing.id} does not ring any more."


@SQLITE
async def test_the_phone_system_names_the_rep_and_a_rep_nobody_else(phone: Phone, runtime: Runtime) -> None:
    telephony = service_headers(runtime, "telephony")
    form = {"phone": SIGNER_PHONE, "rep": "m.lopez"}
    answer = await phone.api.post("/v1/calls/pop", json=form, headers={**telephony, **key()})
    assert (answer.status_code, answer.json()["likely"]) == (200, [])
    assert [one["number"] for one in (await phone.mine())["ringing"][0]["likely"]] == [GROUP, OTHER_GROUP]
    for form, status in (({"phone": "1", "rep": "r.chen"}, 422), ({"phone": "1"}, 422)):
        answer = await phone.api.post("/v1/calls/pop", json=form, headers={**telephony, **key()})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, "rep")
    assert (await phone.post("calls/pop", {"phone": "1", "rep": "r.chen"})).status_code == 403
    assert (await phone.post("calls/pop", {"phone": "1", "rep": "m.lopez"})).status_code == 200


@SQLITE
async def test_a_members_number_finds_the_group_they_are_covered_in(phone: Phone, runtime: Runtime) -> None:
    await add_family(runtime)
    ringing = Call.model_validate((await phone.post("calls/pop", {"phone": "+1 510 555 0177"})).json())
    assert [one.number for one in ringing.likely] == [GROUP]


async def test_one_call_is_on_the_line_however_fast_they_are_begun(phone: Phone) -> None:
    answers = await asyncio.gather(*(phone.post("calls", {"group_number": ""}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    mine = await phone.mine()
    assert (mine["active"] is not None, len(mine["parked"])) == (True, 4)


@SQLITE
async def test_a_call_is_of_its_rep_alone_and_of_the_version_seen(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    chen = await open_phone(api, runtime, "r.chen")
    call = await phone.start()
    for act in ("take", "park", "wrap-up", "hand-over"):
        form = {"wrap-up": {"code": "DROPPED"}, "hand-over": {"question": "why?"}}.get(act, {})
        assert (await chen.act(act, call, **form)).status_code == 404, act
        stale = call.model_copy(update={"version": 7})
        refused = await phone.act(act, stale, **form)
        assert (refused.status_code, refused.json()["current"]["version"]) == (412, 1), act
        assert (await phone.post(f"calls/{call.id}/{act}", form)).status_code == 428, act
    assert (await chen.mine())["active"] is None
    assert (await phone.act("park", call)).status_code == 200
    assert (await phone.act("park", call.model_copy(update={"version": 2}))).status_code == 409


async def test_a_rep_who_is_gone_leaves_the_call_parked(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    call = await phone.start()
    other_station = Phone(api, await sign_in(api, runtime))
    assert (await other_station.mine())["active"]["id"] == call.id  # signed in twice, on one call
    gone = await api.delete("/v1/session", headers={**phone.who, **key()})
    assert gone.status_code == 204
    assert [one["id"] for one in (await other_station.mine())["parked"]] == [call.id]
    await other_station.done("take", Call.model_validate((await other_station.mine())["parked"][0]))
    clock.move(timedelta(minutes=31))  # the session ends by itself
    again = Phone(api, await sign_in(api, runtime))
    mine = await again.mine()
    assert (mine["active"], [one["id"] for one in mine["parked"]]) == (None, [call.id])


async def test_a_lead_goes_on_and_nothing_is_proved_to_them(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    lead = Phone(api, await sign_in(api, runtime, "d.okafor", Role.LEAD))
    chen = await open_phone(api, runtime, "r.chen")
    await phone.start(GROUP)
    await phone.prove("client")
    assert (await phone.get(f"accounts/{GROUP}/billing")).status_code == 200
    over = await phone.done("hand-over", question="May I promise a hold?")
    assert ((await chen.mine())["handed_over"], (await phone.mine())["active"]) == ([], None)
    waiting = Call.model_validate((await lead.mine())["handed_over"][0])
    assert (waiting.question, waiting.rep, waiting.id) == ("May I promise a hold?", "M.Lopez", over.id)
    assert (await chen.act("take", waiting)).status_code == 404
    assert (await lead.act("park", waiting)).status_code == 404
    taken = await lead.done("take", waiting)
    assert (taken.rep, taken.question, taken.subjects) == ("D.Okafor", "", [])
    assert (await lead.mine())["handed_over"] == []
    assert (await lead.get(f"accounts/{GROUP}/billing")).status_code == 403
    assert (await phone.mine())["parked"] == []
    assert (await phone.act("take", taken)).status_code == 404
    await lead.prove("client")
    assert (await lead.get(f"accounts/{GROUP}/billing")).status_code == 200


async def test_groups_whose_callers_fail_again_and_again_stand_on_the_board_of_the_leads(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)

    async def board() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await api.get("/v1/lead/board", headers=lead)).json()["call_alerts"]
        return found

    for group, times in ((GROUP, 2), (OTHER_GROUP, 1)):
        assert await board() == [] or group == OTHER_GROUP
        for _ in range(times):
            await phone.start()
            await phone.caller("client", group_number=group)
            for _ in range(3):
                assert not await phone.says("tax_id", "0000", group_number=group)
    assert await board() == [{"group_number": GROUP, "failed_calls": 2}]
    clock.move(timedelta(hours=24))
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)
    assert await board() == []


# -- wrap up ---------------------------------------------------------------------------------------


async def test_what_was_done_is_noted_once_and_guessed_from(phone: Phone, runtime: Runtime) -> None:
    call = await phone.start(GROUP)
    assert call.guess == ["DROPPED"]
    await phone.prove("client")
    for _ in range(2):
        assert (await phone.get(f"accounts/{GROUP}")).status_code == 200
        assert (await phone.get(f"accounts/{GROUP}/billing")).status_code == 200
    mine = Call.model_validate((await phone.mine())["active"])
    assert [(one.what, one.subject) for one in mine.done] == [
        ("account looked at", GROUP),
        ("billing", GROUP),
    ]
    assert mine.guess[0] == "BILL-BALANCE"
    reads = [row for row in await rows(runtime, "audit_row") if row.action == "billing.show"]
    assert [row.context for row in reads] == [call.id, call.id]


async def test_a_grievance_is_answered_within_three_days(phone: Phone) -> None:
    nobody = await phone.start()
    refused = await phone.act("wrap-up", nobody, code="GRIEVANCE")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "code")
    await phone.prove("client")
    closed = await phone.done("wrap-up", code="GRIEVANCE", note="Letters come too late.")
    assert closed.done[-1].what == "grievance: answered within three days by this call-back"
    row = (await phone.get("call-backs")).json()["rows"][0]
    assert (row["id"], row["who"], row["reason"]) == (
        closed.done[-1].subject,
        SIGNER,
        "grievance: answer by 2026-11-23",
    )
    assert row["due_to"] == "2026-11-24T07:59:59Z"  # the end of that day at the service center


@SQLITE
async def test_a_call_is_closed_with_a_code_of_the_list_only(phone: Phone) -> None:
    call = await phone.start()
    for form in ({}, {"code": "SOMETHING"}, {"code": "DROPPED", "note": "SSN 900-11-2222"}):
        assert (await phone.post(f"calls/{call.id}/wrap-up", form, **if_match(1))).status_code == 422
    repeat = key()
    headers = {**phone.who, **repeat, **if_match(1)}
    for _ in range(2):
        answer = await phone.api.post(
            f"/v1/calls/{call.id}/wrap-up", json={"code": "DROPPED"}, headers=headers
        )
        assert (answer.status_code, answer.json()["version"]) == (200, 2)


# -- notes and history -----------------------------------------------------------------------------


async def test_a_note_is_its_authors_for_fifteen_minutes(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    chen = await open_phone(api, runtime, "r.chen")
    await phone.start(GROUP)
    await phone.prove("client")
    form = {"group_number": GROUP, "text": "Will pay on Friday."}
    note = (await phone.post("notes", form)).json()
    assert (note["author"], note["verified"]) == ("M.Lopez", f"{SIGNER}, contract signer")
    clock.move(timedelta(minutes=14, seconds=59))
    edited = await phone.post(f"notes/{note['id']}", {"text": "Will pay on Monday."})
    assert (edited.status_code, edited.json()["text"]) == (200, "Will pay on Monday.")
    assert (await chen.post(f"notes/{note['id']}", {"text": "No."})).status_code == 403
    clock.move(timedelta(seconds=1))
    late = await phone.post(f"notes/{note['id']}", {"text": "Or Tuesday."})
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "A note is changed within 15 minutes only; add another one.",
    )
    ssn = await phone.post("notes", {"group_number": GROUP, "text": "his SSN is 900 11 2222"})
    assert (ssn.status_code, ssn.json()["errors"][0]["field"], "900" in ssn.text) == (422, "text", False)
    assert (await phone.post("notes", {"group_number": GROUP, "text": "x" * 2001})).status_code == 422
    assert (await phone.post("notes/999", {"text": "x"})).status_code == 404
    assert (await phone.post(f"notes/{10**30}", {"text": "x"})).status_code == 422


async def test_history_is_one_line_of_time_page_by_page(phone: Phone, clock: FixedClock) -> None:
    await phone.start(GROUP)
    await phone.prove("client")
    await phone.done("wrap-up", code="BILL-PTP", note="Promised the November premium.")
    for place in range(PAGE):
        clock.move(timedelta(seconds=place % 2))  # two of them at the same instant
        await phone.post("notes", {"group_number": GROUP, "text": f"note {place}"})
    form = {"group_number": GROUP}
    first = (await phone.post("history", form)).json()
    second = (await phone.post(f"history?cursor={first['next']}", form)).json()
    assert (len(first["rows"]), second["next"]) == (PAGE, None)
    found = [(row["kind"], row["what"]) for row in first["rows"] + second["rows"]]
    assert found[:PAGE] == [("note", f"note {place}") for place in reversed(range(PAGE))]
    assert set(found[PAGE:]) == {("note", "Promised the November premium."), ("call", "call: BILL-PTP")}
    assert (await phone.post("history", {"group_number": OTHER_GROUP})).json()["rows"] == []
    account = (await phone.get(f"accounts/{GROUP}")).json()
    assert account["last_call"] == "11-20 M.Lopez BILL-PTP"


@SQLITE
async def test_a_persons_notes_hang_on_the_person(phone: Phone, runtime: Runtime) -> None:
    family = await add_family(runtime)
    who = {"group_number": GROUP, "mrn": family["subscriber"]}
    await phone.post("notes", {**who, "text": "Moves in May."})
    assert [row["what"] for row in (await phone.post("history", who)).json()["rows"]] == ["Moves in May."]
    other = {"group_number": GROUP, "mrn": family["dependent"]}
    assert (await phone.post("history", other)).json()["rows"] == []
    assert (await phone.post("history", {**who, "group_number": OTHER_GROUP})).status_code == 404


# -- call-backs ------------------------------------------------------------------------------------


async def later(phone: Phone, runtime: Runtime, clock: FixedClock, minutes: int) -> None:
    """Time goes by, and the rep signs in anew."""
    clock.move(timedelta(minutes=minutes))
    phone.who = await sign_in(phone.api, runtime)


def promise(who: str = SIGNER, begins: int = 60, ends: int = 180, **changes: str) -> dict[str, str]:
    return {
        "group_number": GROUP,
        "who": who,
        "reason": "says when the check leaves",
        "due_from": (NOON + timedelta(minutes=begins)).isoformat(),
        "due_to": (NOON + timedelta(minutes=ends)).isoformat(),
    } | changes


async def home_queue(phone: Phone) -> dict[str, Any]:
    queues = (await phone.get("home")).json()["queues"]
    return next(one for one in queues if one["name"] == "Call-backs")


async def test_a_call_back_is_tried_three_times_with_pauses(
    phone: Phone, runtime: Runtime, clock: FixedClock
) -> None:
    made = (await phone.post("call-backs", promise())).json()
    assert (made["urgency"], made["tries_left"]) == ("calm", 3)
    shown = (await phone.get(f"call-backs/{made['id']}")).json()
    assert shown["number"] == {"name": SIGNER, "phone": SIGNER_PHONE, "extension": ""}
    assert shown["message"] == "M.Lopez, 800-555-0100"
    await later(phone, runtime, clock, 60)

    async def tried(version: int, outcome: str) -> httpx.Response:
        return await phone.post(f"call-backs/{made['id']}/tries", {"outcome": outcome}, **if_match(version))

    first = await tried(1, "no_answer")
    assert (first.json()["urgency"], first.json()["tries_left"]) == ("paused", 2)
    assert (await tried(1, "reached")).status_code == 412
    too_soon = await tried(2, "reached")
    assert (too_soon.status_code, too_soon.json()["detail"]) == (
        409,
        f"{made['id']} is not tried again before 11-20 12:41.",
    )
    await later(phone, runtime, clock, 121)
    assert (await home_queue(phone))["late"] == 1
    assert (await tried(2, "left_name_only")).json()["urgency"] == "late"
    await later(phone, runtime, clock, 120)
    last = (await tried(3, "no_answer")).json()
    assert (last["state"], last["last"], last["next_from"]) == ("given_up", "no_answer", None)
    assert (await tried(4, "reached")).status_code == 409
    assert (await phone.get("call-backs")).json()["rows"] == []
    assert await events(runtime, "call_back") == [(made["id"], version) for version in (1, 2, 3, 4)]


async def test_call_backs_stand_by_their_due_time(phone: Phone, runtime: Runtime, clock: FixedClock) -> None:
    for ends in (300, 200, 400):
        assert (await phone.post("call-backs", promise(ends=ends))).status_code == 200
    await phone.post("call-backs", promise(ends=250, group_number=OTHER_GROUP))
    ids = [row["id"] for row in (await phone.get("call-backs")).json()["rows"]]
    assert ids == ["CB-00002", "CB-00004", "CB-00001", "CB-00003"]
    here = (await phone.get(f"call-backs?group={GROUP}")).json()["rows"]
    assert [row["id"] for row in here] == ["CB-00002", "CB-00001", "CB-00003"]
    await later(phone, runtime, clock, 201)
    queue = await home_queue(phone)
    assert (queue["open"], queue["late"], queue["urgency"]) == (4, 1, "late")


@SQLITE
@pytest.mark.parametrize(
    ("form", "field"),
    [
        (promise(who="Barnaby Inkwell"), "who"),  # has no phone on record
        (promise(who="Somebody Else"), "who"),
        (promise(who=""), "who"),
        (promise(begins=180, ends=60), "due_to"),
        (promise(begins=-180, ends=-60), "due_to"),
        (promise(ends=61 * 24 * 60), "due_to"),
        (promise(reason="x"), "reason"),
    ],
)
async def test_no_call_back_without_a_number_on_record_and_a_time(
    phone: Phone, form: dict[str, str], field: str
) -> None:
    answer = await phone.post("call-backs", form)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@SQLITE
async def test_a_member_is_called_at_their_own_number_and_masked_in_the_list(
    phone: Phone, runtime: Runtime
) -> None:
    family = await add_family(runtime)
    form = promise(who="", mrn=family["dependent"])
    made = (await phone.post("call-backs", form)).json()
    assert made["who"] == "B*** P*****"
    shown = (await phone.get(f"call-backs/{made['id']}")).json()
    assert (shown["number"]["name"], shown["number"]["phone"]) == ("Bruno Pebblewick", "(510) 555-0177")
    without = await phone.post("call-backs", promise(who="", mrn=family["subscriber"]))
    assert (without.status_code, without.json()["errors"][0]["field"]) == (422, "mrn")
    seen = [row for row in await rows(runtime, "audit_row") if row.action == "call_back.show"]
    assert [(row.subject, row.context) for row in seen] == [(made["id"], made["id"])]


@SQLITE
async def test_with_a_caller_on_the_line_a_call_back_needs_the_right_to_it(phone: Phone) -> None:
    made = (await phone.post("call-backs", promise())).json()
    await phone.start(GROUP)
    assert (await phone.post("call-backs", promise())).status_code == 403
    assert (await phone.get("call-backs")).status_code == 403
    assert (await phone.get(f"call-backs?group={GROUP}")).status_code == 403
    assert (await phone.get(f"call-backs/{made['id']}")).status_code == 403
    await phone.prove("client")
    promised = await phone.post("call-backs", promise())
    assert promised.status_code == 200
    assert len((await phone.get(f"call-backs?group={GROUP}")).json()["rows"]) == 2
    active = Call.model_validate((await phone.mine())["active"])
    assert ("call-back promised", promised.json()["id"]) in [(one.what, one.subject) for one in active.done]
