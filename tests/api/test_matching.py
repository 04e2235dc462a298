"""The manual-match queue over HTTP: claims, decisions, questions, and taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from api_client.types.words import Role
from backend.accounts import members
from backend.database import tables
from backend.matching.ask import remind_unanswered, return_unanswered
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import key, operator_unit, sign_in
from tests.edi_files import import_file, member
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, take

ITEMS = "/v1/match-items"


@pytest.fixture
async def clara(runtime: Runtime) -> str:
    """Clara Pebblewick is on file and her group too; returns her member number."""
    await add_group(runtime)
    return await add_member(runtime)


async def _decide(
    api: httpx.AsyncClient, acting: dict[str, str], item: str, **form: object
) -> httpx.Response:
    return await api.post(f"{ITEMS}/{item}/decide", json=form, headers={**acting, **key()})


async def _count(runtime: Runtime, name: str) -> int:
    async with runtime.database.read() as connection:
        table = getattr(tables, name)
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_the_list_is_masked_and_most_urgent_first(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    first = await doubtful_item(api, runtime)
    clock.move(timedelta(hours=3))
    second = await doubtful_item(api, runtime, subscriber_number="N2")
    headers = await sign_in(api, runtime)
    rows = (await api.get(ITEMS, headers=headers)).json()["rows"]
    assert [row["id"] for row in rows] == [first, second]
    assert rows[0]["enrollee"] == "C*** P*****"
    shown = (await api.get(f"{ITEMS}/{first}", headers=headers)).json()
    assert shown["masked"]
    assert shown["candidates"] == []
    assert "Pebblewick" not in str(shown)
    assert "1980" not in str(shown)


async def test_next_gives_the_most_urgent_and_says_why(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    first = await doubtful_item(api, runtime)
    clock.move(timedelta(hours=1))
    await doubtful_item(api, runtime, subscriber_number="N2")
    headers = await sign_in(api, runtime)
    answer = await api.post(f"{ITEMS}/next", headers={**headers, **key()})
    claim = answer.json()
    assert claim["item"]["id"] == first
    assert claim["why"] == "least time left, unclaimed"
    assert claim["item"]["enrollee"]["last_name"] == "Pebblewick"
    assert claim["item"]["candidates"][0]["mrn"] == clara
    refused = await api.post(f"{ITEMS}/next", headers={**headers, **key()})
    assert refused.status_code == 409
    assert first in refused.json()["detail"]


async def test_an_empty_queue_says_so(api: httpx.AsyncClient, runtime: Runtime) -> None:
    headers = await sign_in(api, runtime)
    answer = await api.post(f"{ITEMS}/next", headers={**headers, **key()})
    assert answer.json()["type"].endswith("nothing-waiting")


async def test_two_reps_never_hold_one_item(api: httpx.AsyncClient, runtime: Runtime, clara: str) -> None:
    mine, other = await sign_in(api, runtime), await sign_in(api, runtime, "r.chen")
    item = await doubtful_item(api, runtime)
    await take(api, mine, item)
    refused = await api.post(f"{ITEMS}/{item}/claim", headers={**other, **key()})
    assert refused.status_code == 409
    assert refused.json()["holder"] == "M.Lopez"
    shown = (await api.get(f"{ITEMS}/{item}", headers=other)).json()
    assert shown["masked"]
    assert shown["state"] == "in_review"


async def test_a_link_gives_coverage_and_undo_takes_it_back_on_the_same_clock(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    case, acting = await take(api, headers, item)
    clock.move(timedelta(minutes=5))
    decided = (await _decide(api, acting, item, decision="link", mrn=clara)).json()
    assert decided["state"] == "applied"
    assert decided["decided_mrn"] == clara
    assert await _count(runtime, "coverage") == 1
    clock.move(timedelta(minutes=9))
    headers_then = {**headers, "if-match": f'"{decided["version"]}"'}
    back = await api.post(f"{ITEMS}/{item}/undo", headers={**headers_then, **key()})
    assert back.status_code == 200, back.text
    assert back.json()["item"]["due_at"] == case["due_at"]
    assert back.json()["item"]["state"] == "in_review"
    assert await _count(runtime, "coverage") == 0
    again = {
        **headers,
        "claim-token": back.json()["token"],
        "if-match": f'"{back.json()["item"]["version"]}"',
    }
    assert (await _decide(api, again, item, decision="link", mrn=clara)).json()["state"] == "applied"


async def test_after_ten_minutes_a_decision_stands(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    decided = (await _decide(api, acting, item, decision="link", mrn=clara)).json()
    clock.move(timedelta(minutes=11))
    late = await api.post(
        f"{ITEMS}/{item}/undo", headers={**headers, "if-match": f'"{decided["version"]}"', **key()}
    )
    assert late.status_code in (403, 409)
    assert await _count(runtime, "coverage") == 1


async def test_a_new_chart_and_its_undo(api: httpx.AsyncClient, runtime: Runtime, clara: str) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime, first_name="Wilma")
    _, acting = await take(api, headers, item)
    decided = (await _decide(api, acting, item, decision="create")).json()
    if decided["state"] == "pending_approval":
        pytest.fail("a namesake of another first name is no strong candidate")
    assert await _count(runtime, "member") == 2
    acting_then = {**headers, "if-match": f'"{decided["version"]}"', **key()}
    await api.post(f"{ITEMS}/{item}/undo", headers=acting_then)
    assert await _count(runtime, "member") == 1


async def test_creating_beside_a_strong_candidate_waits_for_a_second_person(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    mine, lead = await sign_in(api, runtime), await sign_in(api, runtime, "d.okafor", Role.LEAD)
    item = await doubtful_item(api, runtime, ssn="900112222", birth_date="1980-04-03")
    _, acting = await take(api, mine, item)
    decided = (await _decide(api, acting, item, decision="create")).json()
    assert decided["state"] == "pending_approval"
    assert await _count(runtime, "member") == 1
    version = {"if-match": f'"{decided["version"]}"'}
    own = await api.post(f"{ITEMS}/{item}/approve", headers={**mine, **version, **key()})
    assert own.status_code == 403
    agreed = await api.post(f"{ITEMS}/{item}/approve", headers={**lead, **version, **key()})
    assert agreed.json()["state"] == "applied"
    assert await _count(runtime, "member") == 2


async def test_a_return_says_why_and_enrolls_nobody(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    missing = await _decide(api, acting, item, decision="reject")
    assert missing.status_code == 422
    decided = (await _decide(api, acting, item, decision="reject", reason="wrong_group")).json()
    assert decided["state"] == "returned"
    assert await _count(runtime, "coverage") == 0


async def test_the_same_key_twice_decides_once(api: httpx.AsyncClient, runtime: Runtime, clara: str) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    same = {**acting, **key()}
    form = {"decision": "link", "mrn": clara}
    first = await api.post(f"{ITEMS}/{item}/decide", json=form, headers=same)
    second = await api.post(f"{ITEMS}/{item}/decide", json=form, headers=same)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert await _count(runtime, "match_decision") == 1
    assert await _count(runtime, "coverage") == 1


async def test_a_stale_version_decides_nothing_and_shows_the_present_state(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    stale = await _decide(api, {**acting, "if-match": '"77"'}, item, decision="link", mrn=clara)
    assert stale.status_code == 412
    assert stale.json()["current"]["id"] == item
    assert await _count(runtime, "coverage") == 0


async def test_a_lapsed_claim_decides_nothing(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    mine = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, mine, item)
    clock.move(timedelta(minutes=16))
    other = await sign_in(api, runtime, "r.chen")
    await take(api, other, item)
    lost = await _decide(api, acting, item, decision="link", mrn=clara)
    assert lost.status_code == 409
    assert lost.json()["type"].endswith("lease-lost")
    assert "Nothing was saved" in lost.json()["detail"]
    assert lost.json()["holder"] == "R.Chen"
    assert lost.json()["until"] == (clock() + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    assert await _count(runtime, "coverage") == 0


async def test_a_long_queue_pages_both_ways_without_overlap_or_gap(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)  # its sender is in production, so what it names otherwise waits in the queue
    for control in range(1, 4):
        people = [member(group="UNHEARD", subscriber_number=f"S{control}-{n}") for n in range(80)]
        await import_file(runtime, people, control=control)
        clock.move(timedelta(minutes=5))
    headers = await sign_in(api, runtime)

    async def page(**where: str) -> dict[str, Any]:
        answer = await api.get(ITEMS, params=where, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    pages = [await page()]
    while following := pages[-1].get("next"):
        pages.append(await page(cursor=following))
    numbers = [row["id"] for one in pages for row in one["rows"]]
    assert [len(one["rows"]) for one in pages] == [100, 100, 40]
    assert len(set(numbers)) == 240
    assert numbers == sorted(numbers)
    assert pages[0].get("previous") is None
    back = await page(cursor=pages[2]["previous"])
    assert [row["id"] for row in back["rows"]] == numbers[100:200]
    start = await page(around=numbers[150])
    assert [row["id"] for row in start["rows"]] == numbers[150:]
    above = await page(cursor=start["previous"])
    assert [row["id"] for row in above["rows"]] == numbers[50:150]
    assert [row["id"] for row in (await page(around="M-99999"))["rows"]] == numbers[:100]


async def test_a_renewed_claim_lives_on(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    for _ in range(3):
        clock.move(timedelta(minutes=10))
        answer = await api.post(f"{ITEMS}/{item}/extend", headers={**acting, **key()})
        assert answer.status_code == 200
    assert (await _decide(api, acting, item, decision="link", mrn=clara)).status_code == 200


async def test_asking_the_employer_stops_the_clock_with_exactly_what_was_left(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    item = await doubtful_item(api, runtime)
    clock.move(timedelta(hours=7))
    headers = await sign_in(api, runtime)
    _, acting = await take(api, headers, item)
    asked = await api.post(
        f"{ITEMS}/{item}/ask-employer",
        json={"question": "Is she the same person?", "channel": "phone"},
        headers={**acting, **key()},
    )
    assert asked.json()["state"] == "waiting_employer"
    assert asked.json()["due_at"] is None
    clock.move(timedelta(hours=1))
    headers = await sign_in(api, runtime)
    version = {"if-match": f'"{asked.json()["version"]}"'}
    answered = await api.post(
        f"{ITEMS}/{item}/employer-answer", json={"answer": "Yes."}, headers={**headers, **version, **key()}
    )
    assert answered.json()["state"] == "queued"
    assert answered.json()["remaining_minutes"] == 41 * 60
    following = await api.post(f"{ITEMS}/next", headers={**headers, **key()})
    assert following.json()["why"] == "kept for you: the employer answered"


async def test_a_question_nobody_answers_goes_back_after_ten_business_days(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, await sign_in(api, runtime), item)
    form = {"question": "Is she the same person?", "channel": "phone"}
    await api.post(f"{ITEMS}/{item}/ask-employer", json=form, headers={**acting, **key()})
    # Ten business days from Friday 11-20, the 26th and the 27th closed: Tuesday 12-08, that day included.
    clock.now = datetime(2026, 12, 9, 7, 59, tzinfo=UTC)
    await return_unanswered(runtime)
    shown = (await api.get(f"{ITEMS}/{item}", headers=await sign_in(api, runtime))).json()
    assert (shown["state"], shown["question"]) == ("waiting_employer", "Is she the same person?")
    clock.now = datetime(2026, 12, 9, 8, 0, tzinfo=UTC)
    for _ in range(2):
        await return_unanswered(runtime)
    shown = (await api.get(f"{ITEMS}/{item}", headers=await sign_in(api, runtime))).json()
    assert (shown["state"], shown["question"], shown["due_at"]) == ("returned", None, None)
    assert not shown["breached"]
    assert shown["version"] == 3
    assert [one["what"] for one in shown["history"]][-1] == "returned: the employer did not answer"
    async with runtime.database.read() as connection:
        enrolled = (await connection.execute(select(tables.enrollment))).one()
    assert (enrolled.outcome, enrolled.why) == (
        "refused",
        "returned to the employer: no answer by 2026-12-08",
    )


async def test_the_employer_is_reminded_once_on_each_of_the_days_told(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    item = await doubtful_item(api, runtime)
    headers = await sign_in(api, runtime)
    case, acting = await take(api, headers, item)
    assert (case["ask_refused"], case["returned_on"]) == ("", None)
    form = {"question": "Is she the same person?", "channel": "phone"}
    await api.post(f"{ITEMS}/{item}/ask-employer", json=form, headers={**acting, **key()})
    shown = (await api.get(f"{ITEMS}/{item}", headers=headers)).json()
    # Asked on Friday 11-20; the 26th and the 27th are closed.
    assert (shown["reminders"], shown["returned_on"]) == (["2026-11-24", "2026-11-30"], "2026-12-08")
    assert shown["ask_refused"] == "This item waits for the employer's answer."
    assert shown["kept_for"] == "M.Lopez"

    async def reminded() -> list[tuple[str, str]]:
        for _ in range(2):
            await remind_unanswered(runtime)
        seen = (await api.get(f"{ITEMS}/{item}", headers=await sign_in(api, runtime))).json()
        lines = [(line["who"], line["what"]) for line in seen["history"]]
        return [line for line in lines if line[1].startswith("employer reminded")]

    first = ("kprep", "employer reminded, due 2026-11-24")
    clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)  # a minute before the service center opens
    assert await reminded() == []
    clock.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert await reminded() == [first]
    clock.now = datetime(2026, 12, 2, 16, 0, tzinfo=UTC)
    assert await reminded() == [first, ("kprep", "employer reminded, due 2026-11-30")]


async def test_a_skip_puts_it_back(api: httpx.AsyncClient, runtime: Runtime, clara: str) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    answer = await api.post(f"{ITEMS}/{item}/skip", json={"reason": "unsure"}, headers={**acting, **key()})
    assert answer.status_code == 204
    assert (await api.get(f"{ITEMS}/{item}", headers=headers)).json()["state"] == "queued"


async def test_who_is_not_on_file_cannot_be_linked(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    answer = await _decide(api, acting, item, decision="link", mrn="88999999")
    assert answer.status_code == 422
    assert await _count(runtime, "match_link") == 0


async def test_an_unknown_group_can_only_be_returned(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    headers = await sign_in(api, runtime)
    report = await import_file(runtime, [member(group="UNHEARD", subscriber_number="N7")])
    item = str(report.members[0].item)
    _, acting = await take(api, headers, item)
    refused = await _decide(api, acting, item, decision="create")
    assert refused.status_code == 409
    assert "UNHEARD" in refused.json()["detail"]
    returned = await _decide(api, acting, item, decision="reject", reason="wrong_group")
    assert returned.json()["state"] == "returned"


async def test_every_act_is_on_the_audit_trail(api: httpx.AsyncClient, runtime: Runtime, clara: str) -> None:
    headers = await sign_in(api, runtime)
    item = await doubtful_item(api, runtime)
    _, acting = await take(api, headers, item)
    await _decide(api, acting, item, decision="link", mrn=clara)
    table = tables.audit_row
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(table.c.action, table.c.actor).where(table.c.subject == item).order_by(table.c.id)
        )
        acts: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    assert ("matching.queue", "online") in acts
    assert acts[-2:] == [("matching.claim", "m.lopez"), ("matching.decide", "m.lopez")]


async def test_a_breach_is_counted_and_stays_marked(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, clara: str
) -> None:
    item = await doubtful_item(api, runtime)
    clock.move(timedelta(hours=48, seconds=1))
    headers = await sign_in(api, runtime)
    home = (await api.get("/v1/home", headers=headers)).json()
    assert home["queues"][0]["late"] == 1
    _, acting = await take(api, headers, item)
    decided = (await _decide(api, acting, item, decision="link", mrn=clara)).json()
    assert decided["breached"]


async def test_the_database_knows_how_its_tables_are_filled(runtime: Runtime, clara: str) -> None:
    """Without statistics SQLite reads a long queue whole, in spite of its index; PostgreSQL looks itself."""
    await runtime.database.look_at_statistics()
    if runtime.database.sqlite:
        async with runtime.database.read() as connection:
            known = await connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1")
            assert {"member", "match_key", "account"} <= set(known.scalars())


async def test_another_number_on_file_needs_a_second_person_even_where_it_is_no_evidence(
    api: httpx.AsyncClient, runtime: Runtime, clara: str
) -> None:
    """The SSN on the enrollment is on file for two others, or was hers and was replaced since."""
    for name in ("Olive", "Bruno"):
        other = replace(PEBBLE, first_name=name, ssn="900334444", birth_date=date(1950, 1, 1), street="8 ELM")
        await add_member(runtime, other)
    shared = await doubtful_item(api, runtime, ssn="900334444")
    async with operator_unit(runtime) as unit:
        query = select(tables.member.c.id).where(tables.member.c.mrn == clara)
        clara_id = (await unit.connection.execute(query)).scalar_one()
        await members.change_member(unit, clara_id, {"ssn": "900556666"})
    former = await doubtful_item(api, runtime, ssn="900112222", subscriber_number="N2")
    headers = await sign_in(api, runtime)
    for item, words in (
        (shared, "shared by 2 members, ignored"),
        (former, "the former number, replaced since"),
    ):
        case, acting = await take(api, headers, item)
        [shown] = [one for one in case["candidates"] if one["mrn"] == clara]
        assert [one["words"] for one in shown["comparisons"] if one["field"] == "SSN"] == [words]
        assert shown["second_person"] == "the SSN differs"
        decided = (await _decide(api, acting, item, decision="link", mrn=clara)).json()
        assert (decided["state"], decided["second_person"]) == ("pending_approval", "the SSN differs")
