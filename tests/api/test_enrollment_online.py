"""What the online service may do and for whom, and what is said, looked at or referred (R10, R12-R16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import URL, select

from api_client.types.user_id_words import Privilege
from api_client.types.words import CobraAdmin
from backend.accounts import store as account_store
from backend.database import tables
from backend.matching.ask import return_unanswered
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import key, operator_unit, service_headers, sign_in
from tests.enrollments import (
    CLERK,
    GROUP,
    PEBBLE,
    add_group,
    add_member,
    add_user_id,
    count,
    coverages_on_record,
    doubtful_item,
    submission,
    submit,
    take,
)
from tests.stores import SQLiteStores


@pytest.fixture
def database_url(sqlite_stores: SQLiteStores) -> URL:
    """What is answered hangs on no database: these stories are told once."""
    return sqlite_stores.fresh()


async def _contacts(runtime: Runtime, account_id: int) -> None:
    rows = [
        {"role": "tpa", "name": "Timber COBRA Services", "phone": "800-555-0162", "extension": ""},
        {
            "role": "group_representative",
            "name": "Ines Falconley",
            "phone": "800-555-0171",
            "extension": "214",
        },
    ]
    async with operator_unit(runtime) as unit:
        await account_store.replace_contacts(unit.connection, account_id, rows)


async def _audited(runtime: Runtime, action: str) -> list[str]:
    table = tables.audit_row
    async with runtime.database.read() as connection:
        rows = await connection.execute(select(table.c.details).where(table.c.action == action))
        return [str(row.details) for row in rows]


async def test_r14_r15_r16_what_is_not_done_online_names_whom_to_call(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    """The gates are tables of their own; here: name and phone, nothing done, the referral on record."""
    await _contacts(runtime, await add_group(runtime, cobra_admin=CobraAdmin.TPA))
    event = {"cobra_event": "1", "cobra_event_on": "2026-11-01"}
    cobra = await submit(api, runtime, **event)
    assert (cobra["outcome"], cobra["why"]) == (
        "referred",
        "COBRA cannot be done online, because an administrator handles it for this group: "
        "call the administrator, Timber COBRA Services 800-555-0162",
    )
    assert (cobra["contact"]["role"], cobra["contact"]["phone"]) == ("tpa", "800-555-0162")
    medicare = await submit(api, runtime, medicare=True)
    assert medicare["outcome"] == "referred"
    assert medicare["why"].endswith("call the group representative, Ines Falconley 800-555-0171 x214")
    assert medicare["contact"]["name"] == "Ines Falconley"
    assert await count(runtime, "member") == 0
    referred = await _audited(runtime, "enrollment.refer")
    assert ["tpa" in one for one in referred] == [True, False]
    assert "group_representative" in referred[1]


async def test_r16_a_change_with_a_request_for_medicare_is_done_and_the_request_referred(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await _contacts(runtime, account_id)
    await add_member(runtime, account_id=account_id)
    receipt = await submit(
        api, runtime, type="demographic", subscriber_number="S1", phone="800-555-0123", medicare=True
    )
    assert (receipt["outcome"], receipt["why"]) == ("applied", "changed: phone")
    assert receipt["contact"]["name"] == "Ines Falconley"
    assert "Medicare enrollment goes through the group representative" in receipt["effects"][-1]


async def test_r10_a_user_id_does_what_it_may_do_for_its_own_employer_and_nothing_else(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime, ein="12-3456789")
    await add_group(runtime, "900101", ein="12-3456789")
    other = await add_group(runtime, "900199")
    await add_member(runtime, account_id=account_id)
    viewer = (Privilege.MEMBERS_VIEW,)
    await add_user_id(runtime, account_id, "ADMIN1", kind="administrator", privileges=())
    await add_user_id(runtime, account_id, "VIEWER", privileges=viewer)
    await add_user_id(runtime, account_id, "RESTING", state="suspended")
    await add_user_id(runtime, account_id, "NEWCOMER", state="pending")
    await add_user_id(runtime, account_id, "BROKER", valid_to=date(2026, 11, 19))
    await add_user_id(runtime, other, "STRANGER")
    clerk = tuple(one for one in CLERK if one is not Privilege.COBRA_MANAGE)
    await add_user_id(runtime, account_id, "CLERK2", privileges=clerk)
    end: dict[str, object] = {"type": "termination", "subscriber_number": "S1", "coverage_to": "2026-11-30"}
    cobra: dict[str, object] = {"cobra_event": "1", "cobra_event_on": "2026-11-01"}
    for user_id, changes, why in (
        (None, {}, "the user ID of who submits is missing"),
        ("NOBODY", {}, "this user ID is not known to us"),
        ("RESTING", {}, "this user ID is suspended"),
        ("NEWCOMER", {}, "this user ID has not been activated yet"),
        ("BROKER", {}, "this user ID ended on 2026-11-19"),
        ("STRANGER", {}, "this user ID is not one of this group's employer"),
        ("VIEWER", {}, "this user ID may not enroll members; the client's administrator can allow it"),
        ("VIEWER", end, "this user ID may not end coverage; the client's administrator can allow it"),
        ("VIEWER", {"type": "demographic"}, "this user ID may not change members' data; the client's "
         "administrator can allow it"),
        ("CLERK2", cobra, "this user ID may not manage COBRA; the client's administrator can allow it"),
    ):  # fmt: skip
        receipt = await submit(api, runtime, **{"user_id": user_id, **changes})
        assert (receipt["outcome"], receipt["why"]) == ("refused", why)
        assert receipt["receipt"].startswith("R-")
        assert (await _effects(api, runtime, **{"user_id": user_id, **changes}))["why"] == why
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), None)]
    for number, user_id in ((GROUP, "admin1"), ("900101", "ADMIN1")):
        receipt = await submit(api, runtime, group_number=number, user_id=user_id)
        assert receipt["outcome"] == "applied"
    enrollment = tables.enrollment
    async with runtime.database.read() as connection:
        known = await connection.execute(select(enrollment.c.web_user_id).order_by(enrollment.c.id))
        assert [row.web_user_id is not None for row in known] == [False, False, *[True] * 10]


async def test_only_what_is_filled_in_online_comes_from_the_online_service(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    for path in ("submissions", "effects"):
        answer = await api.post(
            f"/v1/enrollment/{path}",
            json=submission(channel="phone"),
            headers={**service_headers(runtime), **key()},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": "channel", "message": "is not online"}]
    assert await count(runtime, "enrollment") == 0


async def _effects(api: httpx.AsyncClient, runtime: Runtime, **changes: object) -> dict[str, Any]:
    answer = await api.post(
        "/v1/enrollment/effects", json=submission(**changes), headers=dict(service_headers(runtime))
    )
    assert answer.status_code == 200, answer.text
    effects: dict[str, Any] = answer.json()
    return effects


async def test_the_effects_are_said_before_and_are_those_of_the_receipt(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    for name, role in (("Otto", "01"), ("Milo", "19")):
        one = replace(PEBBLE, first_name=name, birth_date=date(2012, 5, 6), ssn=None)
        await add_member(runtime, one, account_id=account_id, relationship=role)
    end: dict[str, object] = {"type": "termination", "subscriber_number": "S1", "coverage_to": "2026-12-31"}
    child = end | {"relationship": "19", "first_name": "Milo", "ssn": None}
    before = await coverages_on_record(runtime)
    family = await _effects(api, runtime, **end)
    assert (family["outcome"], family["people"], family["coverages"]) == ("applied", 3, 3)
    assert family["effects"] == ["Coverage of 3 people ends on 2026-12-31: the subscriber and 2 dependents."]
    alone = await _effects(api, runtime, **child)
    assert (alone["people"], alone["coverages"]) == (1, 1)
    assert alone["effects"] == ["Coverage of 1 person ends on 2026-12-31: the child."]
    change = {"type": "demographic", "subscriber_number": "S1", "last_name": "Mellowmere", "zip": "94601"}
    changed = await _effects(api, runtime, **change)
    assert (changed["outcome"], changed["people"], changed["coverages"]) == ("applied", 1, 0)
    assert changed["effects"][0] == "Data of 1 person change: last name, zip."
    new = await _effects(api, runtime, subscriber_number="N2", last_name="Quillfeather", ssn="900113333")
    assert (new["outcome"], new["why"]) == ("queued", "it is matched with who is on file")
    assert new["effects"] == ["HMO coverage of 1 person is to begin on 2026-12-01."]
    nobody = await _effects(api, runtime, **(end | {"subscriber_number": "S9"}))
    assert (nobody["outcome"], nobody["people"], nobody["effects"]) == ("refused", 0, [])
    assert await coverages_on_record(runtime) == before
    assert await count(runtime, "enrollment") == 0
    assert (await submit(api, runtime, **child))["effects"] == alone["effects"]
    left = await submit(api, runtime, **end)
    assert left["effects"] == ["Coverage of 2 people ends on 2026-12-31: the subscriber and 1 dependent."]


async def _clara(runtime: Runtime, *names: str) -> tuple[Any, ...]:
    columns = [getattr(tables.member.c, name) for name in names]
    async with runtime.database.read() as connection:
        query = select(*columns).where(tables.member.c.first_key == "CLARA").order_by(tables.member.c.id)
        return tuple((await connection.execute(query)).first() or ())


async def test_a_new_name_is_looked_at_afterwards_and_confirmed_or_taken_back(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    """A change of what people are told apart by is done at once and is an item of the queue as well."""
    account_id = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account_id)
    other = await add_member(runtime, replace(PEBBLE, first_name="Berta", ssn="900114444"))
    change: dict[str, object] = {"type": "demographic", "subscriber_number": "S1", "coverage_from": None}
    married = await submit(api, runtime, **change, last_name="Mellowmere", street="9 LAKE CT")
    assert (married["outcome"], married["why"]) == ("applied", "changed: last name, street")
    assert await _clara(runtime, "last_name", "street") == ("Mellowmere", "9 LAKE CT")
    headers = await sign_in(api, runtime)
    item, acting = await take(api, headers, married["item"])
    assert item["why_not_automatic"].startswith(f"MRN {mrn} was changed: last name.")
    assert item["warnings"][:2] == [
        "before the change: last name Pebblewick",
        "before the change: street 5 CANAL ST",
    ]
    path = f"/v1/match-items/{married['item']}"
    for form in ({"decision": "create"}, {"decision": "link", "mrn": other}):
        refused = await api.post(f"{path}/decide", json=form, headers={**acting, **key()})
        assert refused.status_code == 409
        assert "link to that member" in refused.json()["detail"]
    returned = await api.post(
        f"{path}/decide",
        json={"decision": "reject", "reason": "incomplete"},
        headers={**acting, **key()},
    )
    assert returned.json()["state"] == "returned", returned.text
    assert await _clara(runtime, "last_name", "street") == ("Pebblewick", "5 CANAL ST")
    undone = await api.post(
        f"{path}/undo", headers={**headers, **key(), "if-match": returned.headers["etag"]}
    )
    assert undone.status_code == 200, undone.text
    assert await _clara(runtime, "last_name", "street") == ("Mellowmere", "9 LAKE CT")
    claim = undone.json()
    acting = {**headers, "claim-token": claim["token"], "if-match": f'"{claim["item"]["version"]}"'}
    confirmed = await api.post(
        f"{path}/decide", json={"decision": "link", "mrn": mrn}, headers={**acting, **key()}
    )
    assert confirmed.json()["state"] == "applied", confirmed.text
    assert await _clara(runtime, "last_name", "street") == ("Mellowmere", "9 LAKE CT")
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), None)]


async def test_a_changed_ssn_nobody_answers_for_is_taken_back_but_not_what_was_changed_since(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    before = await _clara(runtime, "ssn_digest")
    change: dict[str, object] = {"type": "demographic", "subscriber_number": "S1", "coverage_from": None}
    changed = await submit(api, runtime, **change, ssn="900117777", street="9 LAKE CT")
    moved = await submit(api, runtime, **change, ssn="900117777", street="3 HILL RD")
    assert moved["item"] is None
    item, acting = await take(api, await sign_in(api, runtime), changed["item"])
    assert item["warnings"][0] == "before the change: SSN ***-**-2222"
    asked = await api.post(
        f"/v1/match-items/{changed['item']}/ask-employer",
        json={"question": "Which number is right?", "channel": "phone"},
        headers={**acting, **key()},
    )
    assert asked.json()["state"] == "waiting_employer", asked.text
    clock.move(timedelta(days=30))
    await return_unanswered(runtime)
    assert await _clara(runtime, "ssn_digest") == before
    assert await _clara(runtime, "street") == ("3 HILL RD",)


async def test_r13_who_is_enrolled_already_is_changed_and_who_was_sent_twice_waits_once(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    again = await submit(api, runtime, subscriber_number="S1", street="9 LAKE CT")
    assert again["outcome"] == "applied"
    assert again["why"] == "is enrolled already since 2025-01-01, which stays; changed: street"
    assert await coverages_on_record(runtime) == [("S1", date(2025, 1, 1), None)]
    item = await doubtful_item(api, runtime, subscriber_number="N7")
    form = {"ssn": None, "street": "9 BAY AVE", "city": "FRESNO", "zip": "93701", "subscriber_number": "N7"}
    twice = await submit(api, runtime, **form)
    assert (twice["outcome"], twice["item"]) == ("queued", item)
    assert twice["why"] == f"it came before, on 2026-11-20, and waits as {item}"
    assert await count(runtime, "match_item") == 1
    later = await submit(api, runtime, **(form | {"coverage_from": "2027-01-01"}))
    assert (later["outcome"], f"another enrollment of this person waits, as {item}" in later["why"]) == (
        "queued",
        True,
    )


async def test_r13_an_ssn_that_waits_with_somebody_else_makes_nobody_new(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    old: dict[str, object] = {"ssn": "900118888", "coverage_from": "2026-08-01", "first_name": "Otto"}
    first = await submit(api, runtime, **old, last_name="Tallowby", birth_date="1970-02-03")
    second = await submit(
        api, runtime, ssn="900118888", first_name="Una", last_name="Reedmace", subscriber_number="N2",
        birth_date="1991-07-08",
    )  # fmt: skip
    assert second["outcome"] == "queued"
    assert second["why"] == f"somebody else with this SSN waits, as {first['item']}"


async def test_the_form_says_where_letters_and_cards_go(api: httpx.AsyncClient, runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    mailing = {"mailing_street": "PO BOX 12", "mailing_city": "RENO", "mailing_state": "NV"}
    await submit(api, runtime, **mailing, mailing_zip="89501", restricted=True)
    table = tables.enrollment
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(table))).one()
    assert (row.mailing_street, row.mailing_city, row.mailing_state_code) == ("PO BOX 12", "RENO", "NV")
    assert (row.mailing_zip, row.restricted) == ("89501", True)
    otto = replace(PEBBLE, first_name="Otto", ssn="900119999")
    await add_member(runtime, otto, account_id=account_id)
    receipt = await submit(
        api, runtime, type="demographic", subscriber_number="S1", first_name="Otto", ssn=None,
        coverage_from=None, **mailing,
    )  # fmt: skip
    assert receipt["why"] == "changed: mailing address"
