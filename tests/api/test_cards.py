"""Cards as the desk and the post see them: ordered, withdrawn, printed, mailed, come back, and had again."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from api_client.types.cards import CardsDue, CardsMarked
from api_client.types.words import CardState
from backend.accounts import members
from backend.actors import operator
from backend.cards import printing
from backend.cards.commands import write_safely
from backend.database import tables
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.desk import if_match, key, operator_unit
from tests.enrollments import GROUP, add_group, add_member, doubtful_item, submit
from tests.phone import call_of, on_record
from tests.queue_desk import Desk, open_desk

FAMILY = [
    {},
    {"type": "add_dependent", "relationship": "01", "first_name": "Bruno", "ssn": "900113333", "sex": "M"},
    {"type": "add_dependent", "relationship": "19", "first_name": "Timo", "ssn": "900114444", "sex": "M"},
]
BORN = ["1980-03-14", "1979-05-02", "2011-08-09"]
BOX = {"mailing_street": "PO BOX 7", "mailing_city": "OAKLAND", "mailing_state": "CA", "mailing_zip": "94604"}


async def jobs(runtime: Runtime) -> list[Any]:
    async with runtime.database.read() as connection:
        return list((await connection.execute(select(tables.card_job).order_by(tables.card_job.c.id))).all())


async def states(runtime: Runtime) -> list[tuple[str, str]]:
    return [(job.state, job.cause) for job in await jobs(runtime)]


async def enroll_family(api: httpx.AsyncClient, runtime: Runtime, **changes: object) -> None:
    for person, born in zip(FAMILY, BORN, strict=True):
        receipt = await submit(api, runtime, birth_date=born, **{**person, **changes})
        assert receipt["outcome"] == "applied", receipt


async def due(runtime: Runtime) -> CardsDue:
    *_, report = [one async for one in printing.due(runtime, operator("tester"), request_id="T")]
    assert isinstance(report, CardsDue)
    return report


async def mark(runtime: Runtime, to: CardState, *numbers: str, on: date | None = None) -> CardsMarked:
    source = io.BytesIO("\n".join(numbers).encode())
    steps = printing.mark(runtime, operator("tester"), source, to, on, request_id="T")
    *_, report = [one async for one in steps]
    assert isinstance(report, CardsMarked)
    return report


async def mail(runtime: Runtime, *numbers: str) -> None:
    for state in (CardState.PRINTED, CardState.MAILED):
        assert (await mark(runtime, state, *numbers)).marked == len(numbers)


async def person(desk: Desk, mrn: str = "", receipt: str = "") -> dict[str, Any]:
    form = {"group_number": GROUP, "mrn": mrn, "receipt": receipt}
    answer = await desk.api.post("/v1/cards/person", json=form, headers=desk.me)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def order(desk: Desk, mrn: str, reason: str = "", **keep: str) -> httpx.Response:
    form = {"group_number": GROUP, "mrn": mrn, "reason": reason}
    return await desk.api.post("/v1/cards/reprint", json=form, headers={**desk.me, **key(), **keep})


# -- R01 -------------------------------------------------------------------------------------------


async def test_r01_a_family_of_three_has_three_cards_to_one_address(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    await enroll_family(api, runtime)
    cards = (await due(runtime)).due
    assert {card.name for card in cards} == {"Clara Pebblewick", "Bruno Pebblewick", "Timo Pebblewick"}
    assert {(card.addressee, *card.address) for card in cards} == {
        ("Clara Pebblewick", "5 CANAL ST", "OAKLAND CA 94606")
    }
    assert {card.group_number for card in cards} == {GROUP}
    assert {card.coverage_start for card in cards} == {date(2026, 12, 1)}
    assert len({card.member_number for card in cards}) == 3


@SQLITE
async def test_r01_mailing_addresses_the_employers_and_confidential_ones(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    await submit(api, runtime, **BOX)
    own = {"street": "9 BAY AVE", "city": "FRESNO", "zip": "93701", "restricted": True}
    await submit(api, runtime, **FAMILY[1], birth_date=BORN[1], **own)
    await submit(api, runtime, **FAMILY[2], birth_date=BORN[2])
    to = {card.name: (card.addressee, *card.address) for card in (await due(runtime)).due}
    assert to == {
        "Clara Pebblewick": ("Clara Pebblewick", "PO BOX 7", "OAKLAND CA 94604"),
        "Timo Pebblewick": ("Clara Pebblewick", "PO BOX 7", "OAKLAND CA 94604"),
        "Bruno Pebblewick": ("Bruno Pebblewick", "9 BAY AVE", "FRESNO CA 93701"),
    }
    work = {"street": "1 TESTING WAY", "city": "OAKLAND", "zip": "94606"}
    other = {"subscriber_number": "N2", "last_name": "Quillfeather", "birth_date": "1975-01-09"}
    await submit(api, runtime, **other, ssn="900115555", **work)
    held = (await due(runtime)).held
    assert [one.why for one in held] == ["no address but the employer's is on file: ask for the home address"]
    async with operator_unit(runtime) as unit:  # the home address comes in: it is printed
        member_id = (await jobs(runtime))[-1].member_id
        await members.change_member(unit, member_id, {"street": "3 MILL LN", "zip": "94607"})
    assert ("3 MILL LN", "OAKLAND CA 94607") in {tuple(one.address) for one in (await due(runtime)).due}


@SQLITE
async def test_r01_a_link_sends_the_card_where_the_enrollment_says_and_its_undo_as_before(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    mrn = await add_member(runtime)
    desk = await open_desk(api, runtime)
    clock.move(timedelta(minutes=1))
    item = await doubtful_item(api, runtime, **BOX, restricted=True)
    await desk.decide(desk.me, item, decision="link", mrn=mrn)
    assert (await due(runtime)).due == []  # the minutes of undo
    clock.move(timedelta(minutes=10, seconds=1))
    assert [one.address[0] for one in (await due(runtime)).due] == ["PO BOX 7"]
    await mark(runtime, CardState.PRINTED, "CD-00001")  # and not mailed yet: it is taken out
    assert (await desk.as_it_is(desk.lead, item, "undo")).status_code == 200
    assert await states(runtime) == [("withdrawn", "enrolled")]
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(tables.member).where(tables.member.c.mrn == mrn))).one()
    assert (row.mailing_street, row.mailing_zip, row.restricted) == ("", "", False)
    mailed = await mark(runtime, CardState.MAILED, "CD-00001")
    assert mailed.refused[0].reason.startswith("CD-00001: it was withdrawn: take it out")


@SQLITE
async def test_r01_without_a_mailing_address_the_home_is_that_of_the_newest_word(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    mrn = await add_member(runtime)  # on file at 5 CANAL ST
    clock.move(timedelta(minutes=1))
    await submit(api, runtime, street="8 NEW RD", zip="94608")  # beyond doubt, but moved
    assert [one.address[0] for one in (await due(runtime)).due] == ["8 NEW RD"]
    clock.move(timedelta(minutes=1))
    async with operator_unit(runtime) as unit:
        member_id = (await jobs(runtime))[0].member_id
        await members.change_member(unit, member_id, {"street": "2 LATER CT"})
    assert [one.address[0] for one in (await due(runtime)).due] == ["2 LATER CT"]
    assert mrn


async def test_r01_undo_of_a_new_chart_leaves_no_card_and_no_member(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    await add_member(runtime)
    desk = await open_desk(api, runtime)
    item = await doubtful_item(api, runtime, first_name="Wilma")
    done = await desk.decide(desk.me, item, decision="create")
    if done["state"] == "pending_approval":
        assert (await desk.as_it_is(desk.chen, item, "approve")).status_code == 200
    assert await states(runtime) == [("requested", "enrolled")]
    assert (await desk.as_it_is(desk.me, item, "undo")).status_code == 200
    assert await jobs(runtime) == []
    # decided again and printed: a lead can still take it back, the card goes from the record of the desk
    await desk.decide(desk.me, item, decision="create")
    if (await desk.show(desk.me, item))["state"] == "pending_approval":
        await desk.as_it_is(desk.chen, item, "approve")
    clock.move(timedelta(minutes=11))
    number = (await due(runtime)).due[0].number
    await mail(runtime, number)
    assert (await desk.as_it_is(desk.me, item, "undo")).status_code == 403
    assert (await desk.as_it_is(desk.lead, item, "undo")).status_code == 200
    assert await jobs(runtime) == []


@SQLITE
async def test_r01_a_new_name_and_a_new_plan_order_a_card_and_a_new_address_none(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account, subscriber_number="N1")
    change = {"type": "demographic", "mrn": mrn, "coverage_from": None}
    await submit(api, runtime, **change, street="8 NEW RD")
    assert await states(runtime) == []
    await submit(api, runtime, **change, street="8 NEW RD", last_name="Quillfeather")
    await submit(api, runtime, **change, street="8 NEW RD", last_name="Quillfeather", middle_name="Ann")
    assert await states(runtime) == [("requested", "name_changed")]  # one that waits shows both
    assert [one.name for one in (await due(runtime)).due] == ["Clara Ann Quillfeather"]
    await mail(runtime, "CD-00001")
    async with operator_unit(runtime) as unit:
        from backend.cards import orders

        member_id = (await jobs(runtime))[0].member_id
        row = (await unit.connection.execute(select(tables.enrollment))).first()
        assert row is not None
        await members.add_coverage(
            unit,
            account_id=account,
            member_id=member_id,
            subscriber_number="N1",
            relationship="18",
            line="DEN",
            starts_on=date(2026, 12, 1),
            enrollment_id=row.id,
        )
        await orders.enrolled(unit, row, member_id)
    assert await states(runtime) == [("mailed", "name_changed"), ("requested", "plan_changed")]


@SQLITE
async def test_r01_a_card_with_two_reasons_goes_when_neither_is_left(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    mrn = await add_member(runtime)
    desk = await open_desk(api, runtime)
    item = await doubtful_item(api, runtime)
    await desk.decide(desk.me, item, decision="link", mrn=mrn)
    clock.move(timedelta(minutes=5))
    change = {"type": "demographic", "mrn": mrn, "subscriber_number": "N1", "coverage_from": None}
    await submit(api, runtime, **change, middle_name="Ann")
    assert await states(runtime) == [("requested", "enrolled")]
    clock.move(timedelta(minutes=5, seconds=-1))
    assert (await due(runtime)).due == []  # the rep's minutes are not over
    assert (await desk.as_it_is(desk.me, item, "undo")).status_code == 200
    assert await states(runtime) == [("withdrawn", "enrolled")]  # nothing is left to make a card of


@SQLITE
async def test_r01_a_cancelled_enrollment_is_not_printed_and_one_given_back_is(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    await enroll_family(api, runtime)
    end = {"type": "termination", "coverage_from": None, "coverage_to": "2026-11-30"}
    assert (await submit(api, runtime, **end))["outcome"] == "applied"
    assert {state for state, _ in await states(runtime)} == {"withdrawn"}
    async with operator_unit(runtime) as unit:
        for row in (await unit.connection.execute(select(tables.coverage))).all():
            await members.restore_end(unit, row.account_id, row.id, None)
    assert len((await due(runtime)).due) == 3
    async with operator_unit(runtime) as unit:  # ends ahead of time, and nobody printed until then
        row = (await unit.connection.execute(select(tables.coverage))).all()[2]
        await members.restore_end(unit, row.account_id, row.id, date(2026, 12, 5))
    assert len((await due(runtime)).due) == 3
    clock.move(timedelta(days=20))
    assert len((await due(runtime)).due) == 2


# -- printing --------------------------------------------------------------------------------------


@SQLITE
async def test_the_post_marks_cards_once_and_says_what_it_cannot(
    api: httpx.AsyncClient, runtime: Runtime, tmp_path: Path
) -> None:
    await add_group(runtime)
    await enroll_family(api, runtime)
    out = tmp_path / "cards.jsonl"
    write_safely(out, [one.model_dump(mode="json") for one in (await due(runtime)).due])
    assert out.stat().st_mode & 0o777 == 0o600
    lines = out.read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == ["CD-00001", "CD-00002", "CD-00003"]
    printed = await mark(runtime, CardState.PRINTED, *lines)
    again = await mark(runtime, CardState.PRINTED, *lines)
    assert ((printed.marked, printed.unchanged), (again.marked, again.unchanged)) == ((3, 0), (0, 3))
    assert (await due(runtime)).due == []
    mailed = await mark(runtime, CardState.MAILED, "cd-00001", "", "CD-00009", "{broken")
    assert (mailed.marked, [one.line for one in mailed.refused]) == (1, [3, 4])
    back = await mark(runtime, CardState.RETURNED, "CD-00001", "CD-00002")
    assert (back.marked, back.refused[0].reason) == (1, "CD-00002: it is not mailed yet")
    assert (await jobs(runtime))[0].returned_on == date(2026, 11, 20)


# -- another card ----------------------------------------------------------------------------------


async def test_another_card_once_in_ten_days_with_the_same_key_once(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    account = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account)
    desk = await open_desk(api, runtime)
    assert (await order(desk, mrn)).json()["detail"] == "There is no caller on the line; F9 starts a call."
    call = await call_of(api, desk.me, "subscriber", mrn=mrn)
    mine = key()
    first, again = await order(desk, mrn, **mine), await order(desk, mrn, **mine)
    assert first.json() == again.json()
    card = first.json()
    assert (card["cause"], card["ordered_by"], card["asked_by"]) == ("reprint", "M.Lopez", "member")
    assert card["undo_until"] == "2026-11-20T17:51:00Z"
    assert (await order(desk, mrn)).json()["detail"].startswith("CD-00001 is ordered and not printed yet")
    undo = f"/v1/cards/{card['id']}/undo"
    other = await api.post(undo, headers={**desk.chen, **key(), **if_match(1)})
    assert other.status_code == 403
    stale = await api.post(undo, headers={**desk.me, **key(), **if_match(7)})
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "requested")
    back = await api.post(undo, headers={**desk.me, **key(), **if_match(1)})
    assert back.json()["state"] == "withdrawn"
    assert (await order(desk, mrn)).status_code == 200  # what was taken back does not count
    clock.move(timedelta(minutes=10))
    assert (await person(desk, mrn))["cards"][0]["undo_until"] is None
    await mail(runtime, (await due(runtime)).due[0].number)
    clock.move(timedelta(days=8))
    desk = await open_desk(api, runtime)
    await on_record(runtime, account)
    await call_of(api, desk.me, "client")
    refused = await order(desk, mrn)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    shown = await person(desk, mrn)
    assert shown["reason_needed"] == "CD-00002 was reprinted on 2026-11-20, less than 10 days ago"
    lost = await order(desk, mrn, reason="lost with the wallet")
    assert lost.json()["asked_by"] == "client"
    async with runtime.database.read() as connection:
        rows = tables.audit_row
        found = await connection.execute(select(rows.c.context).where(rows.c.action == "card.order"))
        assert [row.context == call for row in found] == [True, True, False]


@SQLITE
async def test_a_card_that_came_back_is_checked_and_mailed_again(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    await submit(api, runtime)
    await mail(runtime, (await due(runtime)).due[0].number)
    await mark(runtime, CardState.RETURNED, "CD-00001")
    desk = await open_desk(api, runtime)
    account = (await api.get(f"/v1/accounts/{GROUP}", headers=desk.me)).json()
    mrn = (await api.get(f"/v1/accounts/{GROUP}/members", headers=desk.me)).json()["rows"][0]["mrn"]
    assert [one["state"] for one in account["open_items"]] == [
        f"came back 2026-11-20, check the address with MRN {mrn}"
    ]
    assert (await order(desk, mrn)).status_code == 422
    clock.move(timedelta(minutes=1))
    await submit(api, runtime, type="demographic", mrn=mrn, street="8 NEW RD", coverage_from=None)
    card = (await order(desk, mrn)).json()
    assert (card["cause"], card["reason"]) == ("remail", "")
    clock.move(timedelta(minutes=10))
    assert [one.address[0] for one in (await due(runtime)).due] == ["8 NEW RD"]
    account = (await api.get(f"/v1/accounts/{GROUP}", headers=desk.me)).json()
    assert account["open_items"] == []


# -- R02 -------------------------------------------------------------------------------------------


async def test_r02_care_is_needed_before_the_case_is_done(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    mrn = await add_member(runtime)
    desk = await open_desk(api, runtime)
    other = await doubtful_item(api, runtime, subscriber_number="N9", first_name="Klara")
    clock.move(timedelta(minutes=20))
    item = await doubtful_item(api, runtime, coverage_from="2026-11-01")
    rows = (await api.get(f"/v1/accounts/{GROUP}/members", headers=desk.me)).json()["rows"]
    assert [(row["item"], row["name"], row["standing"]) for row in rows] == [
        (other, "K*** P*****", "in queue"),
        (item, "C*** P*****", "in queue"),
    ]
    receipt = rows[1]["receipt"]
    shown = await person(desk, receipt=receipt)
    assert (shown["care"], shown["care_offered"], shown["items"][0]["urgent"]) == ("queued", True, False)
    assert shown["say"].startswith("We received the enrollment on November 20")
    assert "Pebble" not in json.dumps(shown)
    seen = await desk.show(desk.me, item)
    _, held = await _claim(desk, item)
    done = await desk.act(desk.chen, item, "urgent-care", needed=True)
    assert done.status_code == 200
    assert (await desk.act(desk.chen, item, "urgent-care", needed=True)).status_code == 200  # twice is once
    now = await desk.show(desk.me, item)
    assert (now["due_at"], now["version"], now["urgent"]) == (seen["due_at"], seen["version"], True)
    queue = (await api.get("/v1/match-items", headers=desk.me)).json()["rows"]
    assert [(row["id"], row["urgent"]) for row in queue] == [(item, True), (other, False)]
    assert (await person(desk, receipt=receipt))["care_offered"] is False
    told = [what for _, what in await desk.history(desk.me, item)]
    assert told.count("put first: care is needed now") == 1
    await desk.act(desk.me, item, "urgent-care", needed=False)
    queue = (await api.get("/v1/match-items", headers=desk.me)).json()["rows"]
    assert [row["id"] for row in queue] == [other, item]
    # the rep who reviews it meanwhile is not disturbed
    linked = await desk.act(held, item, "decide", decision="link", mrn=mrn)
    assert linked.status_code == 200
    assert (await desk.act(desk.me, item, "urgent-care", needed=True)).status_code == 409
    member = await person(desk, receipt=receipt)
    assert (member["mrn"], member["care"], member["items"]) == (mrn, "active", [])
    assert member["cards"][0]["state"] == "requested"


async def _claim(desk: Desk, item: str) -> Any:
    from tests.enrollments import take

    return await take(desk.api, desk.me, item)


@SQLITE
async def test_r02_the_other_cases_and_strangers(api: httpx.AsyncClient, runtime: Runtime) -> None:
    account = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account, starts_on=date(2027, 1, 1))
    desk = await open_desk(api, runtime)
    shown = await person(desk, mrn)
    assert (shown["care"], shown["say"][:38]) == ("future", "Coverage begins on January 1, 2027. Fr")
    assert shown["say_anyone"] == "Before the card comes, use a copy of the enrollment form and a photo ID."
    sent = {"subscriber_number": "N7", "last_name": "Vane", "first_name": "Orla"}
    sent |= {"ssn": "900116666", "birth_date": "2027-01-01", "street": "77 FAR RD", "zip": "90802"}
    receipt = await submit(api, runtime, **sent)
    assert receipt["outcome"] == "refused"
    rows = (await api.get(f"/v1/accounts/{GROUP}/members", headers=desk.me)).json()["rows"]
    assert [row["standing"] for row in rows] == ["refused", ""]
    refused = await person(desk, receipt=rows[0]["receipt"])
    assert (refused["care"], refused["care_offered"], refused["items"]) == ("refused", False, [])
    assert "the birth date lies in the future. Please ask your employer" in refused["say"]
    await submit(api, runtime, **{**sent, "birth_date": "1980-01-01"})  # sent again, and right
    rows = (await api.get(f"/v1/accounts/{GROUP}/members", headers=desk.me)).json()["rows"]
    assert [row["standing"] for row in rows] == ["", ""]
    stranger = await add_member(runtime, members.Person(last_name="Else", first_name="Some"))
    for form in ({"mrn": stranger}, {"mrn": "1"}, {"receipt": "R-999999"}):
        answer = await api.post("/v1/cards/person", json={"group_number": GROUP, **form}, headers=desk.me)
        assert answer.status_code == 404
