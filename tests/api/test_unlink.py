"""Taking an applied decision apart later, by two persons: both sides as they were before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from backend.accounts import members
from backend.accounts import service as accounts
from backend.billing import bills
from backend.database import tables
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import operator_unit
from tests.enrollments import GROUP, add_group, add_member, doubtful_item
from tests.queue_desk import open_desk


async def _sides(runtime: Runtime) -> dict[str, list[Any]]:
    """Members, their coverage and keys, and what is linked now; the account's counter apart."""
    links = tables.match_link
    queries = {
        "member": select(tables.member),
        "coverage": select(tables.coverage),
        "keys": select(tables.match_key),
        "links": select(links.c.enrollment_id, links.c.member_id).where(links.c.ended_at.is_(None)),
        "enrollment": select(tables.enrollment),
    }
    async with runtime.database.read() as connection:
        return {name: sorted((await connection.execute(query)).all()) for name, query in queries.items()}


async def _bill(runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, GROUP)
        await bills.issue_invoice(unit, account, date(2026, 12, 1), [("N1", Decimal("412.50"))])


@pytest.mark.parametrize(
    ("decision", "covered", "line"),
    [
        ("link", False, "HMO"),
        ("link", True, "HMO"),  # the line runs already: the link adds nothing
        ("link", True, "DEN"),  # another line runs: the link adds one
        ("create", False, "HMO"),
        ("create", True, "HMO"),
    ],
)
async def test_a_decision_then_its_unlinking_leave_both_sides_as_they_were(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, decision: str, covered: bool, line: str
) -> None:
    account_id = await add_group(runtime)
    clara = await add_member(runtime, account_id=account_id if covered else None, line=line)
    name = {"first_name": "Wilma"} if decision == "create" else {}
    item = await doubtful_item(api, runtime, **name)
    before = await _sides(runtime)
    desk = await open_desk(api, runtime)
    chosen = {"mrn": clara} if decision == "link" else {}
    applied = await desk.decide(desk.me, item, decision=decision, **chosen)
    assert applied["state"] == "applied", applied
    clock.now = datetime(2026, 12, 20, 18, 0, tzinfo=UTC)
    await _bill(runtime)
    desk = await open_desk(api, runtime)

    asked = (await desk.as_it_is(desk.me, item, "unlink", reason="The mother, not the daughter.")).json()
    assert (asked["state"], asked["decided"]) == ("pending_approval", "unlink")
    assert asked["second_person"] == "an applied decision is taken apart"
    assert asked["remaining_minutes"] == 48 * 60
    own = await desk.as_it_is(desk.me, item, "approve")
    assert own.status_code == 403
    approved = (await desk.as_it_is(desk.chen, item, "approve")).json()

    assert (approved["state"], approved["reopened"], approved["decided"]) == ("queued", True, None)
    assert approved["due_at"] == "2026-12-22T18:00:00Z"
    told = await desk.history(desk.me, item)
    mrn = applied["decided_mrn"]
    assert ("M.Lopez", f"{decision} {mrn}") in told
    why = f"asked to unlink MRN {mrn}, an applied decision is taken apart; billed since: 2026-12"
    assert ("M.Lopez", why) in told
    assert told[-1] == ("R.Chen", "approved: unlink")
    after = await _sides(runtime)
    assert after == before
    again = await desk.decide(desk.me, item, decision=decision, **chosen)
    assert again["state"] == "applied"


async def test_a_refused_unlinking_leaves_the_decision_as_it_was(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    applied = await desk.decide(desk.me, item, decision="link", mrn=clara)
    sides = await _sides(runtime)
    assert (await desk.as_it_is(desk.chen, item, "unlink", reason="no")).status_code == 422
    await desk.as_it_is(desk.chen, item, "unlink", reason="Another Clara?")
    assert (await desk.as_it_is(desk.chen, item, "undo")).status_code == 409
    clock.move(timedelta(hours=1))
    desk = await open_desk(api, runtime)
    refused = (await desk.as_it_is(desk.lead, item, "refuse")).json()
    same = (
        "state",
        "decided",
        "decided_mrn",
        "decided_by",
        "due_at",
        "breached",
        "reopened",
        "second_person",
    )
    assert {name: refused[name] for name in same} == {name: applied[name] for name in same}
    assert await _sides(runtime) == sides
    assert (await desk.history(desk.me, item))[-1] == ("D.Okafor", "refused as the second person")
    assert (await desk.as_it_is(desk.lead, item, "undo")).status_code == 200


async def test_a_member_something_else_refers_to_is_not_removed(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime)
    item = await doubtful_item(api, runtime, first_name="Wilma")
    desk = await open_desk(api, runtime)
    made = await desk.decide(desk.me, item, decision="create")
    async with operator_unit(runtime) as unit:
        rows = await unit.connection.execute(
            select(tables.member.c.id).where(tables.member.c.mrn == made["decided_mrn"])
        )
        await members.add_coverage(
            unit,
            account_id=account_id,
            member_id=rows.scalar_one(),
            subscriber_number="S9",
            relationship="18",
            line="DEN",
            starts_on=date(2026, 1, 1),
        )
    for act in ("undo", "unlink"):
        answer = await desk.as_it_is(desk.me, item, act, **({"reason": "wrong"} if act == "unlink" else {}))
        assert answer.status_code == 409, answer.text
        assert "it has coverage that something else gave" in answer.json()["detail"]


async def test_what_was_taken_back_elsewhere_or_a_colleagues_second_look_keeps_no_member(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    desk = await open_desk(api, runtime)
    item = await doubtful_item(api, runtime, first_name="Wilma")
    made = (await desk.decide(desk.me, item, decision="create"))["decided_mrn"]
    other = await doubtful_item(api, runtime, first_name="Wilma", subscriber_number="N2", street="7 ELM ST")
    linked = await desk.decide(desk.me, other, decision="link", mrn=made)
    assert linked["decided_mrn"] == made
    if linked["state"] == "pending_approval":
        assert (await desk.as_it_is(desk.chen, other, "approve")).json()["state"] == "applied"
    assert (await desk.as_it_is(desk.me, item, "undo")).status_code == 409
    assert (await desk.as_it_is(desk.me, other, "undo")).status_code == 200
    third = await doubtful_item(api, runtime, subscriber_number="N3")
    async with operator_unit(runtime) as unit:
        wrong = (
            await unit.connection.execute(select(tables.member.c.id).where(tables.member.c.mrn == made))
        ).scalar_one()
    await desk.decide(desk.chen, third, decision="link", mrn=clara)
    await _look_again(runtime, third, wrong)

    undone = await desk.as_it_is(desk.me, item, "undo")
    assert undone.status_code == 200, undone.text
    assert undone.json()["item"]["state"] == "in_review"
    async with runtime.database.read() as connection:
        left = (await connection.execute(select(tables.member.c.mrn))).scalars().all()
    assert left == [clara]
    assert ("M.Lopez", f"link {made}") in await desk.history(desk.chen, other)


async def _look_again(runtime: Runtime, item: str, member_id: int) -> None:
    """A colleague's second look at the decision of an item, which chose this member."""
    decisions, items = tables.match_decision, tables.match_item
    async with operator_unit(runtime) as unit:
        decided = select(decisions.c.id, decisions.c.rep_id).join(items, items.c.id == decisions.c.item_id)
        row = (await unit.connection.execute(decided.where(items.c.number == item))).one()
        await unit.connection.execute(
            insert(tables.match_sample).values(
                decision_id=row.id,
                chosen_at=unit.now,
                rep_id=row.rep_id,
                decision="link",
                member_id=member_id,
                at=unit.now,
            )
        )


async def test_only_what_is_applied_can_be_unlinked(api: httpx.AsyncClient, runtime: Runtime) -> None:
    await add_group(runtime)
    await add_member(runtime)
    item = await doubtful_item(api, runtime)
    desk = await open_desk(api, runtime)
    assert (await desk.as_it_is(desk.me, item, "unlink", reason="Not mine.")).status_code == 409
    await desk.decide(desk.me, item, decision="reject", reason="duplicate")
    assert (await desk.as_it_is(desk.me, item, "unlink", reason="Not mine.")).status_code == 409
