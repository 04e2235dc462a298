"""Looking for a person by hand from a case, and the families that stand with it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from api_client.types.words import Sex
from backend.accounts.members import Person
from backend.database import tables
from backend.runtime import Runtime
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, take
from tests.queue_desk import open_desk

OTTO = Person(
    last_name="Thistleford-Quill",
    first_name="Otto",
    birth_date=date(1971, 5, 6),
    ssn="900334455",
    sex=Sex.MALE,
    street="77 HARBOR RD",
    city="FRESNO",
    state_code="CA",
    zip="93650",
)


@pytest.fixture
async def otto(runtime: Runtime) -> str:
    """Otto is on file beside Clara, whom the cases are about; returns his member number."""
    await add_group(runtime)
    await add_member(runtime)
    await add_member(runtime, replace(OTTO, first_name="Ottilie", ssn="900334466", birth_date=None))
    return await add_member(runtime, OTTO)


@pytest.mark.sql_by_row
@pytest.mark.parametrize(
    ("what", "found"),
    [
        ({"name": "thistleford otto"}, True),
        ({"name": "Otto Thistleford"}, True),
        ({"name": "quill otto"}, True),
        ({"name": "otto", "birth_date": "1971-05-06"}, True),
        ({"birth_date": "1971-05-06"}, True),
        ({"ssn": "900-33-4455"}, True),
        ({"mrn": "{otto}"}, True),
        ({"name": "otto", "birth_date": "1971-05-07"}, False),
        ({"name": "pebblewick otto"}, False),
        ({"mrn": "88999999"}, False),
    ],
)
async def test_a_person_is_found_by_whatever_is_known(
    api: httpx.AsyncClient, runtime: Runtime, otto: str, what: dict[str, str], found: bool
) -> None:
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    _, held = await take(api, desk.me, item)
    terms = {name: value.replace("{otto}", otto) for name, value in what.items()}
    rows = (await desk.act(held, item, "search", **terms)).json()["rows"]
    assert [row["mrn"] for row in rows] == ([otto] if found else [])
    if found:
        verdicts = {one["field"]: one["verdict"] for one in rows[0]["comparisons"]}
        assert verdicts["birth date"] == "differs"
        assert rows[0]["second_person"] == "the birth date differs"


async def test_an_initial_alone_walks_over_no_letter_of_the_registry(
    api: httpx.AsyncClient, runtime: Runtime, otto: str
) -> None:
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    _, held = await take(api, desk.me, item)
    asked: list[str] = []

    @event.listens_for(runtime.database.reader.sync_engine, "before_cursor_execute")
    def note(_: Any, __: Any, ___: Any, values: Any, *____: Any) -> None:
        asked.extend(map(str, values.values() if isinstance(values, dict) else values))

    rows = (await desk.act(held, item, "search", name="o thistleford")).json()["rows"]
    assert otto in [row["mrn"] for row in rows]
    assert "THISTLEFORD\U0010ffff" in asked  # where a range of the index ends
    assert "O\U0010ffff" not in asked


async def test_a_search_needs_the_claim_and_something_to_look_for_and_leaves_no_terms(
    api: httpx.AsyncClient, runtime: Runtime, otto: str
) -> None:
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    _, held = await take(api, desk.me, item)
    assert (await desk.act(desk.me, item, "search", name="otto")).status_code == 409
    for nothing in ({}, {"name": "-"}, {"name": "o"}, {"ssn": "123"}):
        answer = await desk.act(held, item, "search", **{"mrn": "", **nothing})
        assert answer.status_code == 422, nothing
    both = await desk.act(held, item, "search", name="Thistleford", ssn="900334455")
    assert len(both.json()["rows"]) == 1
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(tables.audit_row.c.details).where(tables.audit_row.c.action == "matching.search")
        )
        [details] = [str(row.details) for row in rows]
        kept = await connection.execute(select(tables.idempotency.c.body))
        everything = details + str(kept.all())
    assert json.loads(details)["by"] == ["ssn_digest", "words"]
    assert "THISTLEFORD" not in everything.upper()
    assert "900334455" not in everything


async def test_who_was_found_by_hand_can_be_linked_by_two_persons(
    api: httpx.AsyncClient, runtime: Runtime, otto: str
) -> None:
    every = replace(runtime.policy.matching, second_look_percent=100)
    runtime.policy = replace(runtime.policy, matching=every)
    nobody = await add_member(runtime, replace(OTTO, last_name="Ambercrest", ssn=None, birth_date=None))
    desk = await open_desk(api, runtime)
    for subscriber, mrn, why in (
        ("N1", otto, "the birth date differs"),
        ("N2", nobody, "found by hand, not among the candidates"),
    ):
        item = await doubtful_item(api, runtime, subscriber_number=subscriber)
        pending = await desk.decide(desk.me, item, decision="link", mrn=mrn)
        assert (pending["state"], pending["second_person"]) == ("pending_approval", why)
        assert pending["decided_by"] == "M.Lopez"
        applied = (await desk.as_it_is(desk.chen, item, "approve")).json()
        assert (applied["state"], applied["decided_mrn"]) == ("applied", mrn)
    looks = (await api.get("/v1/second-looks", headers=desk.lead)).json()
    assert looks["rows"] == []  # whoever looks again sees the candidates, and he is none
    async with runtime.database.read() as connection:
        decision = (await connection.execute(select(tables.match_decision))).first()
    assert decision is not None
    assert decision.evidence[0]["mrn"] == otto
    assert decision.evidence[0]["by_hand"]
    assert decision.model


async def test_who_stands_below_the_candidates_shown_is_found_by_hand_too(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    every = replace(runtime.policy.matching, second_look_percent=100)
    runtime.policy = replace(runtime.policy, matching=every)
    await add_group(runtime)
    names = ("Clara", "Clare", "Klara", "Clarissa", "Clarice", "Clarinda")
    mrns = [
        await add_member(runtime, replace(PEBBLE, first_name=name, ssn=f"90055{place:04}"))
        for place, name in enumerate(names, 1)
    ]
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    case, held = await take(api, desk.me, item)
    [below] = set(mrns) - {one["mrn"] for one in case["candidates"]}
    [row] = (await desk.act(held, item, "search", mrn=below)).json()["rows"]
    why = "found by hand, not among the candidates"
    assert (row["mrn"], row["second_person"]) == (below, why)
    pending = (await desk.act(held, item, "decide", decision="link", mrn=below)).json()
    assert (pending["state"], pending["second_person"]) == ("pending_approval", why)
    assert (await desk.as_it_is(desk.chen, item, "approve")).json()["state"] == "applied"
    assert (await api.get("/v1/second-looks", headers=desk.lead)).json()["rows"] == []


async def test_families_stand_with_the_case_and_with_each_candidate(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    other = await add_group(runtime, "900200")
    clara = await add_member(runtime, account_id=other, subscriber_number="S1")
    son = replace(PEBBLE, first_name="Hugo", birth_date=date(2010, 2, 3), ssn="900112233", sex=Sex.MALE)
    hugo = await add_member(runtime, son, account_id=other, subscriber_number="S1", relationship="19")
    wilma = replace(PEBBLE, first_name="Wilma", birth_date=date(1955, 1, 1), ssn="900112244")
    old = await add_member(runtime, wilma, account_id=account_id, subscriber_number="N1")
    item = await doubtful_item(api, runtime)
    second = await doubtful_item(api, runtime, middle_name="Ann", relationship="19")
    desk = await open_desk(api, runtime)
    assert (await desk.show(desk.me, item))["family"] == []
    case, _ = await take(api, desk.me, item)

    def told(family: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        names = ("name", "relationship", "birth_date", "mrn", "standing")
        return [tuple(one[name] for name in names) for one in family]

    assert told(case["family"]) == [
        ("Wilma Pebblewick", "subscriber", "1955-01-01", old, "active"),
        ("Clara Ann Pebblewick", "child", "1980-03-14", "", f"in the queue, {second}"),
    ]
    [candidate] = [one for one in case["candidates"] if one["mrn"] == clara]
    assert told(candidate["family"]) == [("Hugo Pebblewick", "child", "2010-02-03", hugo, "active")]
