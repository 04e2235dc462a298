"""User-ID requests on both databases: decided at the same time, and lists of many pages."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import insert, update

from api_client.types.common import PAGE
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from tests.api.test_user_ids import act, listed, register, seen, web_users
from tests.csv_files import group, take_groups
from tests.desk import operator_unit, sign_in


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep; two groups of one employer are on record."""
    api.headers.update(await sign_in(api, runtime))
    both = {"ein": "12-3456789", "signer_phone": "916-555-0134"}
    await take_groups(runtime, group(**both), group("G-101", "Quillfeather Ltd", **both))
    return api


async def test_forms_of_one_employer_approved_at_once_make_one_id(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    made = [await register(rep, group_number=number) for number in ("G-100", "G-101") * 3]
    answers = await asyncio.gather(*(act(rep, one, "approve") for one in made))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert [state for state, _ in await web_users(runtime)] == ["pending"]


async def test_two_leads_who_agree_at_once_are_one_second_person(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    async with operator_unit(runtime) as unit:
        moved = update(tables.account).values(address_changed_on=unit.today, old_street="1 Former Place")
        await unit.connection.execute(moved)
    first = seen(await act(rep, await register(rep), "approve"))
    leads = [await sign_in(rep, runtime, name, Role.LEAD) for name in ("a.lead", "b.lead")]
    answers = await asyncio.gather(*(act(rep, first, "approve", **lead) for lead in leads))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert [state for state, _ in await web_users(runtime)] == ["pending"]
    undone = seen(next(answer for answer in answers if answer.status_code == 200))
    answers = await asyncio.gather(*(act(rep, undone, "undo", **lead) for lead in leads))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_lists_page_without_overlap_or_gap(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    states = {"open": "incomplete", "to_mail": "approved", "on_the_way": "mailed", "done": "refused"}
    expected: dict[str, list[tuple[date, int, str]]] = {view: [] for view in states}
    rows = []
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        row = {"account_id": account.id, "kind": "first", "faxed_at": unit.now, "registered_by": "operator:t"}
        row |= {"fax_reference": "F", "administrator": "B", "administrator_is": "employee"}
        for n in range((PAGE + 7) * len(states)):
            view, state = list(states.items())[n % len(states)]
            day = date(2026, 12, 1) + timedelta(days=n % 3) if n % 5 else None
            number = f"U-9{n:04d}"
            values = {**row, "number": number, "state": state, "mail_by": day, "arrive_by": day}
            rows.append(values | {"decided_at": unit.now - timedelta(minutes=n % 3)})
            expected[view].append((day or date.max, n, number))
        await unit.connection.execute(insert(tables.user_id_request), rows)
    for view, known in expected.items():
        numbers = [one.id for one in await listed(rep, view)]
        assert len(numbers) == len(set(numbers)) == PAGE + 7
        if view != "done":
            assert numbers == [number for _, _, number in sorted(known)]
    every = [one.id for one in await listed(rep, "all", group="G-100")]
    assert every == [f"U-9{n:04d}" for n in reversed(range(len(rows)))]
