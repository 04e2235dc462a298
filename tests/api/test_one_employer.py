"""Groups that come under one tax number: the IDs of one would work in the other, so a person looks first."""

from __future__ import annotations

from functools import partial

import httpx
import pytest

from api_client.types.user_ids import UserIdRequest
from backend.accounts.imports import import_groups
from backend.runtime import Runtime
from tests.api.test_user_ids import PHONES, act, an_administrator, register, seen, show
from tests.conftest import SQLITE
from tests.csv_files import Line, group, group_file, run, take_groups
from tests.desk import sign_in

pytestmark = SQLITE
EIN, OTHER_EIN = "12-3456789", "94-1234567"
STRANGER = {"name": "Marzipan Works", "number": "G-200"}
WHY = "its tax number is that of G-100, which has another name, and user IDs of one would work in the other"


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    api.headers.update(await sign_in(api, runtime))
    await take_groups(runtime, group(ein=EIN, **PHONES), group(**STRANGER, ein=OTHER_EIN, **PHONES))
    return api


async def groups_reached(api: httpx.AsyncClient, made: UserIdRequest) -> str:
    """What approving the request says about other groups."""
    seen_now = await show(api, made.id)
    assert seen_now.can_approve, seen_now.approve_sentence
    return seen_now.approve_sentence.partition("; ")[2]


@pytest.mark.parametrize(
    ("whose", "line"),
    [
        pytest.param("G-100", group(**STRANGER, ein=EIN, **PHONES), id="to an employer with IDs"),
        pytest.param("G-200", group(**STRANGER, ein=EIN, **PHONES), id="with IDs of its own"),
        pytest.param("G-100", group("G-300", "Marzipan Works", ein=EIN), id="a new group"),
    ],
)
async def test_a_group_of_another_name_comes_where_ids_are_by_a_persons_word_alone(
    rep: httpx.AsyncClient, runtime: Runtime, whose: str, line: Line
) -> None:
    await an_administrator(runtime, whose)
    made = await register(rep, kind="reset", group_number=whose)
    report = await take_groups(runtime, line)
    assert [one.reason.partition(";")[0] for one in report.refused] == [WHY]
    assert "--one-employer" in report.refused[0].reason
    assert await groups_reached(rep, made) == ""
    looked = partial(import_groups, one_employer=True)
    assert (await run(runtime, looked, group_file(line))).refused == []
    other = "G-100" if whose == "G-200" else line["number"]
    assert await groups_reached(rep, made) == f"it works in {other} too, of the same tax number"
    assert (await take_groups(runtime, line)).unchanged == 1


async def test_a_form_that_waits_counts_as_an_id(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await register(rep)
    report = await take_groups(runtime, group(**STRANGER, ein=EIN, **PHONES))
    assert [one.reason.partition(";")[0] for one in report.refused] == [WHY]


async def test_before_anybody_asks_for_an_id_groups_come_as_the_files_have_them(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    report = await take_groups(runtime, group(**STRANGER, ein=EIN, **PHONES))
    assert (report.changed, report.refused) == (1, [])
    made = await register(rep)
    assert made.approve_sentence == (
        f"approve {made.id}, mail ID and code to Quillfeather Boats at its address of record; "
        "it works in G-200 too, of the same tax number"
    )
    more = [group(f"G-40{at}", "Quillfeather Boats", ein=EIN) for at in range(3)]
    assert (await take_groups(runtime, *more)).refused == []
    assert (
        await groups_reached(rep, made)
        == "it works in G-200, G-400, G-401 and 1 more too, of the same tax number"
    )


@pytest.mark.parametrize(
    ("street", "is_new"), [("12 NOWHERE ST", False), ("9 Elsewhere Road", True)], ids=["the same", "another"]
)
async def test_an_address_that_is_new_to_an_employer_with_ids_is_a_move(
    rep: httpx.AsyncClient, runtime: Runtime, street: str, is_new: bool
) -> None:
    await an_administrator(runtime)
    line = group(
        "G-300", "QUILLFEATHER BOATS", ein=EIN, street=street, address_changed_on="2025-01-01", **PHONES
    )
    assert (await take_groups(runtime, line)).refused == []
    assert (await take_groups(runtime, line)).unchanged == 1
    made = await register(rep, group_number="G-300", kind="reset", street=street)
    (check,) = [one for one in made.checks if one.name.startswith("no move")]
    assert check.result == ("needs_lead" if is_new else "passed")
    done = seen(await act(rep, made, "approve"))
    assert done.state == ("verifying" if is_new else "approved")
    assert ("at its address before 2026-11-20" in made.notice_to) is is_new
