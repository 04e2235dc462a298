"""The lead's board over HTTP: every figure told from what stands in the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, insert, select, update

from api_client.types.words import MatchActKind, MatchState, Role
from backend.database import tables
from backend.matching.service import mark_breaches
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import if_match, key, operator_unit, sign_in
from tests.enrollments import add_group, add_member, doubtful_item, take

ITEMS = "/v1/match-items"
Board = dict[str, Any]


class Center:
    """A service center: a lead, two reps, and short ways to have a past."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> None:
        self.api, self.runtime, self.clock = api, runtime, clock
        self.headers: dict[str, dict[str, str]] = {}
        self.clara = ""

    async def opens(self) -> None:
        await add_group(self.runtime)
        self.clara = await add_member(self.runtime)
        for name, role in (("m.lopez", Role.REP), ("r.chen", Role.REP), ("d.okafor", Role.LEAD)):
            self.headers[name] = await sign_in(self.api, self.runtime, name, role)

    async def board(self) -> Board:
        answer = await self.api.get("/v1/lead/board", headers=await self.lead())
        assert answer.status_code == 200, answer.text
        board: Board = answer.json()
        return board

    async def lead(self) -> dict[str, str]:
        """The lead's session; days of a test are longer than any session."""
        self.headers["d.okafor"] = await sign_in(self.api, self.runtime, "d.okafor", Role.LEAD)
        return self.headers["d.okafor"]

    async def item(self, **changes: object) -> str:
        number = len(await self.items()) + 1
        return await doubtful_item(self.api, self.runtime, subscriber_number=f"N{number}", **changes)

    async def items(self) -> dict[str, int]:
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(select(tables.match_item.c.number, tables.match_item.c.id))
            return {str(row.number): int(row.id) for row in rows}

    async def rep(self, username: str) -> int:
        async with self.runtime.database.read() as connection:
            query = select(tables.rep.c.id).where(tables.rep.c.username == username)
            return int((await connection.execute(query)).scalar_one())

    async def changes(self, item: str, **values: object) -> None:
        async with operator_unit(self.runtime) as unit:
            change = update(tables.match_item).where(tables.match_item.c.number == item)
            await unit.connection.execute(change.values(**values))

    async def decides(
        self,
        username: str,
        item: str,
        decision: str = "reject",
        *,
        at: datetime | None = None,
        **more: object,
    ) -> int:
        """Write a decision into the past of an item; returns its key."""
        values = {
            "item_id": (await self.items())[item],
            "decision": decision,
            "rep_id": await self.rep(username),
            "at": at or self.clock.now,
            "evidence": [],
            "before": {},
        }
        async with operator_unit(self.runtime) as unit:
            made = insert(tables.match_decision).values(**values | more).returning(tables.match_decision.c.id)
            return int((await unit.connection.execute(made)).scalar_one())

    async def writes(self, table: Any, **values: object) -> None:
        async with operator_unit(self.runtime) as unit:
            await unit.connection.execute(insert(table).values(**values))


@pytest.fixture
async def center(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> Center:
    made = Center(api, runtime, clock)
    await made.opens()
    return made


def parts(board: Board) -> dict[str, tuple[int, str | None]]:
    return {
        one["part"]: (one["count"], one["oldest"] and one["oldest"]["id"])
        for one in board["parts"]
        if one["count"]
    }


def of_rep(board: Board, username: str) -> dict[str, Any]:
    [found] = [one for one in board["reps"] if one["username"] == username]
    return dict(found)


async def test_the_board_is_for_leads_and_says_so_to_a_rep(center: Center) -> None:
    refused = await center.api.get("/v1/lead/board", headers=center.headers["m.lopez"])
    assert refused.status_code == 403
    assert refused.json()["detail"] == "Your role does not allow this; a lead can do it."
    assert (await center.api.get("/v1/lead/board")).status_code == 401


async def test_an_empty_queue_has_a_board(center: Center) -> None:
    board = await center.board()
    assert parts(board) == {}
    assert board["open"] == 0
    assert board["done_on"] == "2026-11-20"
    assert [one["username"] for one in board["reps"]] == ["d.okafor", "m.lopez", "r.chen"]
    assert of_rep(board, "m.lopez")["an_hour"] is None


async def test_items_stand_by_the_time_they_have_left_with_the_oldest_of_each(center: Center) -> None:
    late = await center.item()
    center.clock.move(timedelta(hours=8))
    red = await center.item()
    center.clock.move(timedelta(hours=11))
    amber, _ = await center.item(), await center.item()
    center.clock.move(timedelta(hours=30))
    calm = await center.item()
    board = await center.board()
    assert parts(board) == {"late": (1, late), "red": (1, red), "amber": (2, amber), "calm": (1, calm)}
    assert board["open"] == 5
    assert [one["oldest"]["urgency"] for one in board["parts"][:4]] == ["late", "red", "amber", "calm"]


async def test_what_waits_for_somebody_is_counted_beside_its_time(center: Center) -> None:
    paused, approval, escalated, reopened = [await center.item() for _ in range(4)]
    _, acting = await take(center.api, center.headers["m.lopez"], paused)
    form = {"question": "Is this your employee?", "channel": "phone"}
    await center.api.post(f"{ITEMS}/{paused}/ask-employer", json=form, headers={**acting, **key()})
    await center.changes(approval, state=MatchState.PENDING_APPROVAL)
    await center.decides("m.lopez", approval, "create", reason="a member on file agrees well")
    await center.changes(escalated, escalated_at=center.clock.now)
    await center.changes(reopened, reopened=True)
    board = await center.board()
    found = parts(board)
    assert found["paused"] == (1, paused)
    assert found["approval"] == (1, approval)
    assert found["escalated"] == (1, escalated)
    assert found["reopened"] == (1, reopened)
    assert found["calm"][0] == 3
    assert board["open"] == 4
    [waits] = board["approvals"]
    assert (waits["item"]["id"], waits["decision"], waits["decided_by"], waits["why"]) == (
        approval,
        "create",
        "M.Lopez",
        "a member on file agrees well",
    )


async def test_the_question_to_the_leads_stands_on_the_board_and_who_read_it_is_on_record(
    center: Center,
) -> None:
    item = await center.item()
    await center.board()
    assert await _audited(center.runtime) == 0
    await center.changes(item, escalated_at=center.clock.now)
    for words in ("first words", "Two Claras at one address \u202e?"):
        await center.writes(
            tables.match_act,
            item_id=(await center.items())[item],
            kind=MatchActKind.ESCALATE,
            rep_id=await center.rep("m.lopez"),
            at=center.clock.now,
            words=words,
        )
    [one] = (await center.board())["escalated"]
    assert one["item"]["id"] == item
    assert one["question"] == "Two Claras at one address <202E>?"
    assert one["asked_by"] == "M.Lopez"
    assert await _audited(center.runtime) == 1


async def _audited(runtime: Runtime) -> int:
    async with runtime.database.read() as connection:
        query = select(tables.audit_row.c.id).where(tables.audit_row.c.action == "lead.board")
        return len((await connection.execute(query)).all())


async def test_a_reps_line_has_the_claim_what_is_kept_and_what_came_of_the_week(center: Center) -> None:
    claimed, kept, decided = [await center.item() for _ in range(3)]
    await take(center.api, center.headers["m.lopez"], claimed)
    await center.changes(kept, prefer_rep_id=await center.rep("m.lopez"))
    now = center.clock.now
    for minutes in (0, 6, 12):
        await center.decides("m.lopez", decided, at=now - timedelta(minutes=minutes))
    await center.decides("m.lopez", decided, at=now - timedelta(days=1), undone_at=now)
    refused_at = now - timedelta(hours=30)
    await center.decides("m.lopez", decided, "link", at=now - timedelta(days=2), undone_at=refused_at)
    item_id = (await center.items())[decided]
    await center.writes(tables.match_act, item_id=item_id, kind=MatchActKind.REFUSE, at=refused_at)
    await center.decides("m.lopez", decided, at=now - timedelta(days=8), undone_at=now)
    line = of_rep(await center.board(), "m.lopez")
    assert [one["id"] for one in line["claimed"]] == [claimed]
    assert line["claimed"][0]["claimed_at"] == now.isoformat().replace("+00:00", "Z")
    assert (line["kept"], line["decided_today"], line["an_hour"]) == (1, 3, 10.0)
    assert (line["taken_back"], line["refused"]) == (1, 1)
    assert of_rep(await center.board(), "r.chen")["decided_today"] == 0
    center.clock.move(timedelta(minutes=16))
    assert of_rep(await center.board(), "m.lopez")["claimed"] == []


async def test_second_looks_count_from_five_on_and_disagreements_are_named(center: Center) -> None:
    item = await center.item()
    chen = await center.rep("r.chen")
    now = center.clock.now
    outcomes = ["create", "create", "create", "link"]
    for days, second in enumerate(outcomes):
        decision = await center.decides("m.lopez", item, "create", at=now - timedelta(days=days + 1))
        await center.writes(
            tables.match_sample,
            decision_id=decision,
            chosen_at=now,
            rep_id=chen,
            decision=second,
            at=now - timedelta(days=days),
            note="another birth date" if second == "link" else "",
        )
    waiting = await center.decides("m.lopez", item, "create")
    await center.writes(tables.match_sample, decision_id=waiting, chosen_at=now)
    board = await center.board()
    assert (of_rep(board, "m.lopez")["looked"], of_rep(board, "m.lopez")["agreed"]) == (4, None)
    assert (board["looked"], board["agreed"]) == (4, 3)
    [one] = board["disagreements"]
    assert (one["item"]["id"], one["first"], one["second"]) == (item, "create", "link")
    assert (one["first_by"], one["second_by"], one["note"]) == ("M.Lopez", "R.Chen", "another birth date")
    assert await _audited(center.runtime) == 1  # a note may name a person, as a question may
    fifth = await center.decides("m.lopez", item, "create", at=now - timedelta(days=20))
    look = {"decision_id": fifth, "chosen_at": now, "rep_id": chen, "decision": "create"}
    await center.writes(tables.match_sample, **look, at=now - timedelta(days=29))
    assert of_rep(await center.board(), "m.lopez")["agreed"] == 4
    center.clock.move(timedelta(days=2))
    assert (await center.board())["looked"] == 4


async def test_breaches_are_open_the_longest_late_first_then_those_decided_late(
    center: Center, clock: FixedClock
) -> None:
    first, second, decided, in_time = [await center.item() for _ in range(4)]
    _, acting = await take(center.api, center.headers["m.lopez"], in_time)
    form = {"decision": "reject", "reason": "incomplete"}
    await center.api.post(f"{ITEMS}/{in_time}/decide", json=form, headers={**acting, **key()})
    await center.changes(second, due_at=clock.now + timedelta(hours=49))
    clock.move(timedelta(hours=50))
    await mark_breaches(center.runtime)
    chen = await sign_in(center.api, center.runtime, "r.chen")
    _, acting = await take(center.api, chen, decided)
    done = await center.api.post(f"{ITEMS}/{decided}/decide", json=form, headers={**acting, **key()})
    assert done.status_code == 200, done.text
    clock.move(timedelta(hours=1))
    board = await center.board()
    found = [(one["item"]["id"], one["late_minutes"], one["decided_by"]) for one in board["breaches"]]
    assert {one[0] for one in found[:2]} == {first, second}
    assert found[0] == (first, 180, None)
    assert found[2] == (decided, 120, "R.Chen")
    assert (board["decided_week"], board["in_time_week"]) == (2, 1)


async def test_a_late_item_that_waits_for_the_employer_is_still_a_breach(
    center: Center, clock: FixedClock
) -> None:
    item = await center.item()
    clock.move(timedelta(hours=50))
    lead = await center.lead()
    _, acting = await take(center.api, lead, item)
    form = {"question": "Is this your employee?", "channel": "phone"}
    asked = await center.api.post(f"{ITEMS}/{item}/ask-employer", json=form, headers={**acting, **key()})
    assert asked.status_code == 200, asked.text
    clock.move(timedelta(hours=9))
    [one] = (await center.board())["breaches"]
    assert (one["item"]["id"], one["late_minutes"], one["decided_by"]) == (item, 120, None)


async def test_the_work_rate_has_whole_days_and_tells_when_the_queue_is_done(center: Center) -> None:
    items = [await center.item() for _ in range(3)]
    now = center.clock.now
    for days in range(1, 8):
        for _ in range(2):
            await center.decides("m.lopez", items[0], at=now - timedelta(days=days))
    await center.decides("m.lopez", items[0], at=now - timedelta(days=9))
    board = await center.board()
    assert [one["decided"] for one in board["days"]] == [2] * 7 + [0]
    assert [one["arrived"] for one in board["days"]] == [0] * 7 + [3]
    assert board["days"][-1]["day"] == "2026-11-20"
    assert (board["decided_a_day"], board["arrived_a_day"]) == (2.0, 0.0)
    assert board["done_on"] == "2026-11-22"


async def test_no_enrollee_is_named_on_the_board(center: Center) -> None:
    item = await center.item()
    await take(center.api, center.headers["m.lopez"], item)
    text = str(await center.board())
    assert item in text
    assert "Pebblewick" not in text
    assert "1980" not in text
    assert center.clara not in text


@contextmanager
def plans(runtime: Runtime) -> Iterator[list[tuple[str, list[str]]]]:
    """How SQLite means to find the rows of each statement run meanwhile."""
    found: list[tuple[str, list[str]]] = []

    @event.listens_for(runtime.database.reader.sync_engine, "before_cursor_execute")
    def note(_c: Any, cursor: Any, statement: str, values: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.append((statement, [str(row[3]) for row in cursor.fetchall()]))

    yield found
    event.remove(runtime.database.reader.sync_engine, "before_cursor_execute", note)


async def test_no_figure_walks_over_the_queue_or_its_history(center: Center) -> None:
    if not center.runtime.database.sqlite:
        pytest.skip("the plans of SQLite are asked")
    item = await center.item()
    await center.changes(item, escalated_at=center.clock.now)
    with plans(center.runtime) as seen:
        await center.board()
    steps = [step for _, plan in seen for step in plan if step.startswith("SCAN")]
    whole = ("SCAN match_", "SCAN clock_event", "SCAN enrollment", "SCAN audit_row")
    assert [step for step in steps if step.startswith(whole) and " USING " not in step] == []
    some = [f"ix_match_item_{part}" for part in ("kept", "lease", "escalated", "reopened", "late_paused")]
    queue = [step for step in steps if step.startswith("SCAN match_item")]
    assert [step for step in queue if not any(name in step for name in some)] == []
    windows = [plan for said, plan in seen if "match_decision.at >= ?" in said and said.count("SELECT") == 1]
    assert windows
    assert all("ix_match_decision_at" in plan[0] for plan in windows), windows


async def test_a_lead_gives_and_takes_back_what_the_board_names(center: Center) -> None:
    item = await center.item()
    await take(center.api, center.headers["m.lopez"], item)
    [claimed] = of_rep(await center.board(), "m.lopez")["claimed"]
    headers = {**(await center.lead()), **if_match(claimed["version"])}
    given = await center.api.post(
        f"{ITEMS}/{item}/assign", json={"to": "r.chen"}, headers={**headers, **key()}
    )
    assert given.status_code == 200, given.text
    board = await center.board()
    assert of_rep(board, "m.lopez")["claimed"] == []
    assert of_rep(board, "r.chen")["kept"] == 1
    assert [one["oldest"]["kept_for"] for one in board["parts"] if one["count"]] == ["R.Chen"]
    await take(center.api, await sign_in(center.api, center.runtime, "r.chen"), item)
    [claimed] = of_rep(await center.board(), "r.chen")["claimed"]
    headers = {**(await center.lead()), **if_match(claimed["version"])}
    back = await center.api.post(f"{ITEMS}/{item}/take-back", headers={**headers, **key()})
    assert back.status_code == 200, back.text
    assert of_rep(await center.board(), "r.chen")["claimed"] == []


async def test_a_question_to_the_leads_and_a_refusal_reach_the_board_by_their_own_doors(
    center: Center,
) -> None:
    item = await center.item()
    _, acting = await take(center.api, center.headers["m.lopez"], item)
    asked = await center.api.post(
        f"{ITEMS}/{item}/escalate", json={"question": "Which Clara?"}, headers={**acting, **key()}
    )
    assert asked.status_code == 204, asked.text
    [one] = (await center.board())["escalated"]
    assert (one["item"]["id"], one["question"], one["asked_by"]) == (item, "Which Clara?", "M.Lopez")


async def test_what_waits_for_a_lead_over_premium_and_what_was_late(center: Center) -> None:
    async with center.runtime.database.read() as connection:
        group = (await connection.execute(select(tables.account.c.id))).scalars().first()
    today = center.clock.now.date()

    async def writes(table: Any, **values: object) -> None:
        await center.writes(table, account_id=group, **values)

    for number, decided in (("RI-2", None), ("RI-1", None), ("RI-0", today)):
        asked = today - timedelta(days=int(number[-1]))
        await writes(tables.reinstatement, number=number, requested_on=asked, decided_on=decided, version=1)
    for number, ends in (
        ("H-1", {}),
        ("H-2", {"to_on": today}),
        ("H-3", {"to_on": today - timedelta(days=1)}),
        ("H-4", {"lifted_on": today}),
    ):
        kind = {"kind": "grievance", "stops_dates": True, "reason": "a complaint", "version": 1}
        began = today - timedelta(days=int(number[-1]))
        await writes(tables.hold, number=number, from_on=began, **kind, **ends)
    for ago, about in ((0, group), (7, None), (8, None)):
        late = {"kind": "late_run", "sentence": f"{ago} days ago", "at": center.clock.now}
        await center.writes(tables.incident, account_id=about, on_date=today - timedelta(days=ago), **late)

    board = await center.board()
    assert [(one["id"], one["group_number"]) for one in board["asked_back"]] == [
        ("RI-2", "900100"),
        ("RI-1", "900100"),
    ]
    assert [(one["id"], one["to_on"]) for one in board["holds"]] == [
        ("H-2", today.isoformat()),
        ("H-1", None),
    ]
    assert [(one["sentence"], one["group_number"]) for one in board["incidents"]] == [
        ("0 days ago", "900100"),
        ("7 days ago", ""),
    ]


async def test_user_ids_that_wait_for_a_lead_and_those_that_are_late(center: Center) -> None:
    async with center.runtime.database.read() as connection:
        group = (await connection.execute(select(tables.account.c.id))).scalars().first()
    today, chen = center.clock.now.date(), await center.rep("r.chen")

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    told: list[tuple[str, dict[str, object]]] = [
        ("U-1", {"state": "verifying", "mail_by": ago(-1), "checked_by": chen}),
        ("U-2", {"state": "received", "mail_by": ago(2)}),
        ("U-3", {"state": "received", "mail_by": today}),  # in time
        ("U-4", {"state": "incomplete"}),  # paused
        ("U-5", {"state": "expired", "mail_by": ago(30), "mailed_on": ago(30), "reissues": 2}),
        ("U-6", {"state": "expired", "mail_by": ago(30), "mailed_on": ago(30), "reissues": 1}),
        ("U-7", {"state": "mailed", "mail_by": ago(5), "mailed_on": ago(4), "arrive_by": today,
                 "breached": True}),
        ("U-8", {"state": "activated", "mail_by": ago(9), "mailed_on": ago(8), "breached": True}),
        ("U-9", {"state": "mailed", "mail_by": ago(9), "mailed_on": ago(9), "arrive_by": ago(1),
                 "reissues": 2}),
    ]  # fmt: skip
    for number, values in told:
        form = {
            "number": number, "account_id": group, "kind": "first", "faxed_at": center.clock.now,
            "fax_reference": number, "administrator": "Ann Beam", "administrator_is": "employee",
            "signer": "Sam Signer", "street": "1 A ST", "city": "OAKLAND", "state_code": "CA", "zip": "94606",
            "registered_by": "rep:r.chen", "version": 1,
        }  # fmt: skip
        await center.writes(tables.user_id_request, **{**form, **values})
    found = (await center.board())["user_ids"]
    assert [(one["id"], one["waits"], one["late_days"], one["checked_by"]) for one in found] == [
        ("U-2", False, 2, ""),
        ("U-1", True, 0, "R.Chen"),
        ("U-5", True, 0, ""),
        ("U-9", True, 0, ""),
        ("U-7", False, 1, ""),
    ]
    assert {one["group_number"] for one in found} == {"900100"}
