"""Ways around the proof of who calls, each of them closed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update

from api_client.types.words import Role
from backend.accounts import members
from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from tests.callers import BROKER_NUMBER, GROUP, OTHER_GROUP, SIGNER, add_family, add_groups
from tests.conftest import NOON, SQLITE, FixedClock
from tests.desk import key, operator_unit, sign_in
from tests.edi_files import import_bytes
from tests.enrollments import GROUP as ENROLLING
from tests.enrollments import add_group, add_member, doubtful_item, take
from tests.phone import BROKER, Phone, call_of, on_record, open_phone

pytestmark = SQLITE
IN_GROUP = {"group_number": GROUP}


@pytest.fixture
async def phone(api: httpx.AsyncClient, runtime: Runtime) -> Phone:
    """A rep with a telephone; two groups are on record."""
    await add_groups(runtime)
    return await open_phone(api, runtime)


@pytest.fixture
async def family(phone: Phone, runtime: Runtime) -> dict[str, str]:
    """Member numbers of a family by the kind of caller each is."""
    return await add_family(runtime)


async def audited(runtime: Runtime, action: str) -> list[Any]:
    async with runtime.database.read() as connection:
        query = select(tables.audit_row).where(tables.audit_row.c.action == action)
        return list((await connection.execute(query.order_by(tables.audit_row.c.id))).all())


def promise(who: str = SIGNER, mrn: str = "") -> dict[str, str]:
    times = {"due_from": NOON + timedelta(minutes=60), "due_to": NOON + timedelta(minutes=180)}
    form = {**IN_GROUP, "who": who, "mrn": mrn, "reason": "says when the check leaves"}
    return form | {name: at.isoformat() for name, at in times.items()}


# -- what was proved is of one call, one rep, one day ----------------------------------------------


async def test_the_number_of_one_contact_proves_no_other(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    call = await phone.start(GROUP)
    await phone.caller("client")
    assert await phone.says("group_number", GROUP)
    assert await phone.says("contact_name", SIGNER)
    assert (await phone.post(f"calls/{call.id}/number-on-record", IN_GROUP)).status_code == 200
    await phone.caller("broker")
    assert await phone.says("group_number", GROUP)
    assert await phone.says("broker_number", BROKER_NUMBER)
    unseen = await phone.say("call_back")
    assert unseen.json()["detail"] == "Look up the number on record first, and call that one."
    assert (await phone.post(f"calls/{call.id}/number-on-record", IN_GROUP)).status_code == 200
    waiting = await phone.done("hand-over", question="Is this the broker?")
    lead = Phone(api, await sign_in(api, runtime, "d.okafor", Role.LEAD))
    await lead.done("take", waiting)
    await lead.caller("broker")
    assert await lead.says("group_number", GROUP)
    assert await lead.says("broker_number", BROKER_NUMBER)
    assert (await lead.say("call_back")).status_code == 409  # the lead looked nothing up


async def test_a_call_taken_back_waits_for_no_lead_any_more(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    lead = Phone(api, await sign_in(api, runtime, "d.okafor", Role.LEAD))
    await phone.start(GROUP)
    await phone.done("take", await phone.done("hand-over", question="May I promise a hold?"))
    parked = await phone.done("park")
    assert (parked.question, (await lead.mine())["handed_over"]) == ("", [])
    assert (await lead.act("take", parked)).status_code == 404


async def test_what_was_proved_ends_with_the_day(phone: Phone, runtime: Runtime, clock: FixedClock) -> None:
    await phone.start(GROUP)
    await phone.prove("client")
    await phone.done("park")
    clock.move(timedelta(days=1))
    phone.who = await sign_in(phone.api, runtime)
    taken = await phone.done("take")
    assert (taken.subjects, (await phone.get(f"accounts/{GROUP}/billing")).status_code) == ([], 403)


# -- guessing --------------------------------------------------------------------------------------


async def test_two_misses_a_call_by_many_reps_are_an_alert_too(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    reps = [phone, *[await open_phone(api, runtime, name) for name in ("r.chen", "k.ono")]]
    for one in [*reps, *reps[:2]]:  # hangs up before the third miss, and is never a failed call
        await one.start(GROUP)
        await one.caller("client")
        for answer in ("0000", "0001"):
            assert not await one.says("tax_id", answer)
        await one.done("wrap-up", code="DROPPED")
    (item,) = (await phone.get(f"accounts/{GROUP}")).json()["open_items"]
    assert (item["kind"], item["state"]) == ("calls", "10 wrong answers in 24 h, be careful")
    assert [row.subject for row in await audited(runtime, "call.alert")] == [GROUP]


async def test_misses_of_one_member_close_no_other(
    phone: Phone, family: dict[str, str], runtime: Runtime
) -> None:
    for _ in range(3):
        await phone.start(GROUP)
        await phone.caller("subscriber", mrn=family["subscriber"])
        for _ in range(3):
            assert not await phone.says("name", "No Body", mrn=family["subscriber"])
        await phone.done("wrap-up", code="VERIFY-FAIL")
    await phone.start(GROUP)
    await phone.caller("subscriber", mrn=family["subscriber"])
    assert (await phone.say("name", "Clara Pebblewick", mrn=family["subscriber"])).status_code == 403
    (row,) = await audited(runtime, "call.locked")
    assert (row.subject, row.details) == (GROUP, '{"what": "verification"}')
    await phone.start(GROUP)
    await phone.prove("dependent", family["dependent"])


async def test_an_invoice_of_nothing_proves_nothing(phone: Phone, runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(update(tables.invoice).values(premium=Decimal(0)))
    await phone.start(GROUP)
    assert "invoice_amount" not in (await phone.caller("client")).subjects[0].ask
    assert (await phone.say("invoice_amount", "0")).status_code == 409


async def test_a_call_is_no_free_pass_for_looking_people_up(
    phone: Phone, family: dict[str, str], runtime: Runtime
) -> None:
    await phone.start()
    assert (await phone.post("search", {"text": "pebblewick clara"})).status_code == 200
    most = runtime.policy.search.people_searches_an_hour_in_call
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(update(tables.search_count).values(searches=most))
    refused = await phone.post("search", {"text": "pebblewick timo"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kprep:problem:rule-refuses")
    assert [row.actor for row in await audited(runtime, "search.limit")] == ["m.lopez"]
    popped = await phone.post("calls/pop", {"phone": "510-555-0177"})
    assert popped.status_code == 409  # a phone number finds whose it is
    assert (await phone.post("search", {"text": GROUP})).json()["results"]


# -- who hears of whom -----------------------------------------------------------------------------


async def test_the_client_hears_of_no_members_call_backs_and_others_of_none(
    phone: Phone, family: dict[str, str]
) -> None:
    hers, groups = promise("", family["dependent"]), promise()
    made = [(await phone.post("call-backs", form)).json()["id"] for form in (hers, groups)]
    path = f"call-backs?group={GROUP}"
    assert {row["id"] for row in (await phone.get(path)).json()["rows"]} == set(made)
    for kind, seen in (("client", [made[1]]), ("broker", None), ("tpa", None)):
        await phone.start(GROUP)
        await phone.prove(kind)
        answer = await phone.get(path)
        assert ([row["id"] for row in answer.json()["rows"]] if seen else answer.status_code) == (seen or 403)


async def test_who_speaks_for_a_member_is_no_matter_of_the_employer(
    phone: Phone, family: dict[str, str]
) -> None:
    whom = {**IN_GROUP, "mrn": family["representative"]}
    (row,) = (await phone.post("accounts/representatives", whom)).json()["rows"]
    assert row["name"] == "C*** P*****"  # without a caller people stay masked
    await phone.start(GROUP)
    await phone.prove("client")
    assert (await phone.post("accounts/representatives", whom)).json()["rows"] == []
    await phone.start(GROUP)
    await phone.prove("representative", family["representative"])
    (row,) = (await phone.post("accounts/representatives", whom)).json()["rows"]
    assert row["name"] == "Clara Pebblewick"


async def test_promising_call_backs_is_no_way_to_names_and_numbers(
    phone: Phone, family: dict[str, str], runtime: Runtime, clock: FixedClock
) -> None:
    made = (await phone.post("call-backs", promise("", family["dependent"]))).json()
    async with operator_unit(runtime) as unit:
        reveals = await unit.connection.execute(select(tables.reveal))
        assert len(reveals.all()) == 1  # with no caller it is counted as a reveal is
        rep_id = (await unit.connection.execute(select(tables.rep.c.id))).scalar_one()
        more = [{"rep_id": rep_id, "at": unit.now} for _ in range(runtime.policy.reveal.an_hour)]
        await unit.connection.execute(tables.reveal.insert(), more)
    refused = await phone.post("call-backs", promise("", family["dependent"]))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kprep:problem:rule-refuses")
    clock.move(timedelta(minutes=61))
    phone.who = await sign_in(phone.api, runtime)
    assert (await phone.get(f"call-backs/{made['id']}")).json()["number"]["phone"]
    tried = {"outcome": "reached"}
    path = f"call-backs/{made['id']}/tries"
    assert (await phone.post(path, tried, **{"if-match": '"1"'})).status_code == 200
    over = (await phone.get(f"call-backs/{made['id']}")).json()
    assert (over["number"], over["who"]) == ({"name": "", "phone": "", "extension": ""}, "B*** P*****")


async def test_a_grievance_is_put_to_no_group_that_is_only_likely(phone: Phone, runtime: Runtime) -> None:
    call = await phone.start()
    async with operator_unit(runtime) as unit:
        both = list((await unit.connection.execute(select(tables.account.c.id))).scalars())
        await unit.connection.execute(update(tables.call).values(likely=both))
    refused = await phone.act("wrap-up", call, code="GRIEVANCE")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "code")


async def test_a_members_grievance_is_not_in_the_history_of_the_group(
    phone: Phone, family: dict[str, str]
) -> None:
    await phone.start(GROUP)
    await phone.prove("dependent", family["dependent"])
    await phone.done("wrap-up", code="GRIEVANCE")
    hers = {**IN_GROUP, "mrn": family["dependent"]}
    assert "grievance" in (await phone.post("history", hers)).text
    await phone.start(GROUP)
    await phone.prove("client")
    assert "grievance" not in (await phone.post("history", IN_GROUP)).text.lower()


# -- cases of the queue and files ------------------------------------------------------------------


@pytest.fixture
async def case(api: httpx.AsyncClient, runtime: Runtime) -> tuple[dict[str, str], str, str]:
    """A rep, the receipt of an enrollment that waits, and its item."""
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    await add_member(runtime, account_id=account_id)
    item = await doubtful_item(api, runtime)
    async with runtime.database.read() as connection:
        receipt = (await connection.execute(select(tables.enrollment.c.receipt))).scalar_one()
    return await sign_in(api, runtime), str(receipt), item


async def test_the_history_of_who_is_no_member_yet_holds_nothing_of_the_group(
    api: httpx.AsyncClient, runtime: Runtime, case: tuple[dict[str, str], str, str]
) -> None:
    who, receipt, _ = case
    await call_of(api, who, "client", step_up=True)
    sent = await api.post(
        "/v1/letters/send/request_form", json={"group_number": ENROLLING}, headers={**who, **key()}
    )
    assert sent.status_code == 200, sent.text
    mine = (await api.get("/v1/calls/mine", headers=who)).json()["active"]
    parked = await api.post(
        f"/v1/calls/{mine['id']}/park", headers={**who, **key(), "if-match": f'"{mine["version"]}"'}
    )
    assert parked.status_code == 200
    whose = {"group_number": ENROLLING}
    assert "request form sent" in (await api.post("/v1/history", json=whose, headers=who)).text
    past = await api.post("/v1/history", json={**whose, "receipt": receipt}, headers=who)
    assert past.json()["rows"] == []


async def test_cases_and_files_are_closed_for_a_caller_who_may_not_hear_of_them(
    api: httpx.AsyncClient, runtime: Runtime, case: tuple[dict[str, str], str, str]
) -> None:
    who, _, item = case
    file = (await import_bytes(runtime, b"ISA no file at all")).file
    people = [f"enrollment/files/{file}/{part}" for part in ("members", "errors", "absences")]
    reads = ("match-items", "match-items?view=done", *people)
    one, claim = f"/v1/match-items/{item}", f"/v1/match-items/{item}/claim"
    open_before = [(await api.get(f"/v1/{path}", headers=who)).status_code for path in reads]
    assert open_before == [200] * 5
    assert (await api.get(one, headers=who)).status_code == 200
    _, acting = await take(api, who, item)
    await api.post("/v1/calls", json={}, headers={**who, **key()})
    for path in reads:
        answer = await api.get(f"/v1/{path}", headers=who)
        assert (answer.status_code, "Pebblewick" in answer.text) == (403, False), path
    segment = {"index": 0, "reason": "comparing"}
    shown = await api.post(f"/v1/enrollment/files/{file}/segment", json=segment, headers=who)
    assert shown.status_code == 403
    assert (await api.get(one, headers=who)).status_code == 403
    assert (await api.get(one, headers=acting)).status_code == 200  # what is in hand stays there
    for path in (claim, "/v1/match-items/next"):
        refused = await api.post(path, headers={**who, **key()})
        assert (refused.status_code, "Pebblewick" in refused.text) == (403, False), path
    await call_of(api, who, "client")
    assert (await api.get(one, headers=who)).status_code == 200
    assert (await api.post(claim, headers={**who, **key()})).status_code == 200


async def test_nobody_else_moves_who_is_reached_at_their_own_address_only(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    mrn = await add_member(runtime, account_id=account_id)
    who = await sign_in(api, runtime)
    await call_of(api, who, "client", step_up=True)
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(update(tables.member).values(restricted=True))
    form = {"group_number": ENROLLING, "channel": "phone", "type": "demographic", "mrn": mrn}
    moved = {**form, "phone": "800-555-0123"}
    for path in ("/v1/enrollment/phone/effects", "/v1/enrollment/phone"):
        answer = await api.post(path, json=moved, headers={**who, **key()})
        assert (answer.status_code, "their own address only" in answer.text) == (409, True), path
    named = await api.post(
        "/v1/enrollment/phone", json={**form, "first_name": "Klara"}, headers={**who, **key()}
    )
    assert named.status_code == 200, named.text


async def test_an_act_without_a_call_is_on_record_as_refused(phone: Phone, runtime: Runtime) -> None:
    refused = await phone.post(f"accounts/{GROUP}/paper-bill", {"on": False})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:kprep:problem:not-verified")
    assert [row.subject for row in await audited(runtime, "call.locked")] == [GROUP]


# -- what is said of a person, and written down ------------------------------------------------------


async def test_the_client_hears_of_no_coverage_with_another_employer(
    phone: Phone, family: dict[str, str], runtime: Runtime
) -> None:
    whom = {**IN_GROUP, "mrn": family["subscriber"]}
    async with operator_unit(runtime) as unit:
        other = await accounts.account_of(unit, OTHER_GROUP)
        query = select(tables.member.c.id).where(tables.member.c.mrn == family["subscriber"])
        await members.add_coverage(
            unit,
            account_id=other.id,
            member_id=(await unit.connection.execute(query)).scalar_one(),
            subscriber_number="S-9",
            relationship="18",
            line="HMO",
            starts_on=date(2026, 1, 1),
        )
    for kind, mrn, groups in (
        ("client", "", {GROUP}),
        ("subscriber", family["subscriber"], {GROUP, OTHER_GROUP}),
    ):
        await phone.start(GROUP)
        await phone.prove(kind, mrn)
        shown = (await phone.post("cards/person", whom)).json()["coverage"]
        assert {one["group_number"] for one in shown} == groups, kind


async def test_no_free_text_of_a_call_holds_a_social_security_number(phone: Phone) -> None:
    typed = "asks about 900-11-2222"
    reason = await phone.post("call-backs", promise() | {"reason": typed})
    call = await phone.start(GROUP)
    question = await phone.act("hand-over", call, question=typed)
    for answer, field in ((reason, "reason"), (question, "question")):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
        assert "2222" not in answer.text


async def test_a_card_that_came_back_names_its_member_to_nobody_who_hears_of_none(
    phone: Phone, family: dict[str, str], runtime: Runtime
) -> None:
    async with operator_unit(runtime) as unit:
        account_id = (await accounts.account_of(unit, GROUP)).id
        query = select(tables.member.c.id).where(tables.member.c.mrn == family["subscriber"])
        card = {
            "number": "CD-1",
            "state": "returned",
            "cause": "enrolled",
            "addressee": "C",
            "requested_by": "T",
        }
        card |= {"account_id": account_id, "member_id": (await unit.connection.execute(query)).scalar_one()}
        days = {"requested_at": unit.now, "print_from": unit.now, "returned_on": unit.today}
        await unit.connection.execute(insert(tables.card_job).values(**card, **days))
        let = update(tables.contact).where(tables.contact.c.role == "broker")
        await unit.connection.execute(let.values(delegated=["queue", "group"]))
    await phone.start(GROUP)
    await phone.prove("broker")
    to_broker = (await phone.get(f"accounts/{GROUP}")).json()
    assert to_broker["about"] is not None
    assert to_broker["open_items"] == []
    await phone.prove("client")
    to_client = (await phone.get(f"accounts/{GROUP}")).json()
    assert [one["id"] for one in to_client["open_items"]] == ["CD-1"]


async def test_a_copy_goes_to_the_broker_who_asks(api: httpx.AsyncClient, runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    first = {**BROKER, "name": "Other Brokers", "number": "B-1", "street": "1 ELSEWHERE"}
    await on_record(runtime, account_id, first, BROKER)
    who = await sign_in(api, runtime)
    async with operator_unit(runtime) as unit:
        letter = {"number": "L-1", "account_id": account_id, "kind": "L1", "created_on": unit.today}
        await unit.connection.execute(tables.letter.insert().values(**letter, mailed_on=unit.today))
    await call_of(api, who, "broker")
    form = {"to_broker": True}
    sent = await api.post("/v1/letters/L-1/copy", json=form, headers={**who, **key()})
    assert (sent.status_code, sent.json().get("to")) == (200, BROKER["name"]), sent.text
