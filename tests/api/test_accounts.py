"""Accounts as a rep on the phone finds and reads them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.accounts import Account, MemberRow
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from backend.accounts import service
from backend.database import tables
from backend.runtime import Runtime
from tests.api.test_session import problem
from tests.csv_files import Line, group, member, take_groups, take_members
from tests.desk import operator_unit, sign_in


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep at a desk with a few groups on record."""
    api.headers.update(await sign_in(api, runtime))
    await take_groups(
        runtime,
        group(aliases="acme-edi=QB-77"),
        group("G-200", "Quillon & Sons, Inc.", city="Fresno"),
        group("H-300", "4Corners Diner", ended_on="2026-06-30"),
        group("H-301", "Überwald Bakery"),
    )
    return api


async def account(api: httpx.AsyncClient, number: str = "G-100") -> Account:
    return Account.model_validate((await api.get(f"/v1/accounts/{number}")).json())


async def audited(runtime: Runtime, action: str) -> list[Any]:
    rows = tables.audit_row
    async with runtime.database.read() as connection:
        query = select(rows).where(rows.c.action == action).order_by(rows.c.id)
        return list((await connection.execute(query)).all())


@pytest.mark.parametrize("cursor", ["invented", "AAAA", "é"])
async def test_a_cursor_nobody_gave_is_refused(rep: httpx.AsyncClient, cursor: str) -> None:
    answer = await rep.get("/v1/accounts/G-100/members", params={"cursor": cursor})
    assert (answer.status_code, problem(answer)) == (422, "invalid")


# -- one account -------------------------------------------------------------------------------------


async def test_the_account_answers_what_a_caller_asks_first(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await take_members(runtime, member(), member("900002", "Inkwell", ssn="", coverage_to="2026-11-19"))
    found = await account(rep)
    assert found.about is not None
    assert (found.name, found.about.size_class, found.about.state) == ("Quillfeather Boats", "20+", "active")
    assert found.about.address.street == "12 Nowhere Street"
    assert found.cobra is not None
    assert found.cobra.sentence == "You manage your own COBRA members, so you can enroll them online."
    assert found.medicare_sentence.endswith("group representative. Petronella Vane 916-555-0143 x12")
    assert [(one.role.value, one.name) for one in found.about.contacts] == [
        ("contract_signer", "Ottoline Quillfeather"),
        ("administrator", "Barnaby Inkwell"),
        ("group_representative", "Petronella Vane"),
    ]
    assert found.members_enrolled == 1
    premium = found.premium
    assert premium is not None
    assert (premium.delinquency, premium.say) == ("CURRENT", "Your account is current, and nothing is due.")
    assert premium.last_payment == "nothing received yet"
    assert (found.last_letter, found.user_id, found.last_call) == ("", "", "")
    assert set(found.locked) == {Fact.CLAIMS, Fact.ACCESS_CODE}
    assert found.open_items == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"employees": "12", "cobra_admin": "plan"}, "For a group of your size the plan handles Cal-COBRA"),
        (
            {"cobra_admin": "tpa", "tpa": "Thistle Admin", "tpa_phone": "415-555-0199"},
            "COBRA cannot be done online, because an administrator handles it for you. "
            "Please contact them. Thistle Admin 415-555-0199",
        ),
        ({"employees": "0"}, "The size of this group is not known to us for COBRA. Please contact your group "
         "representative. Petronella Vane 916-555-0143 x12"),
    ],
)  # fmt: skip
async def test_who_may_do_cobra_online_is_said_with_whom_to_call(
    rep: httpx.AsyncClient, runtime: Runtime, change: Line, sentence: str
) -> None:
    await take_groups(runtime, group() | change)
    cobra = (await account(rep)).cobra
    assert cobra is not None
    assert cobra.sentence.startswith(sentence)


async def test_a_number_is_taken_as_a_caller_says_it(rep: httpx.AsyncClient) -> None:
    assert (await account(rep, "g-100")).number == "G-100"


@pytest.mark.parametrize("path", ["G-999", "G-999/members", "G-999/billing", "%20"])
async def test_a_group_that_is_not_there_is_not_found(rep: httpx.AsyncClient, path: str) -> None:
    answer = await rep.get(f"/v1/accounts/{path}")
    assert (answer.status_code, problem(answer)) == (404, "not-found")


async def test_a_change_gives_the_account_another_version_and_reading_does_not(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    first = await rep.get("/v1/accounts/G-100")
    again = await rep.get("/v1/accounts/G-100")
    assert first.headers["etag"] == again.headers["etag"] == f'"{first.json()["version"]}"'
    await take_groups(runtime, group(bill_hours="9 to 5"))
    later = await rep.get("/v1/accounts/G-100")
    assert later.json()["version"] == first.json()["version"] + 1
    await take_members(runtime, member())
    assert (await rep.get("/v1/accounts/G-100")).json()["version"] == later.json()["version"] + 1


async def test_reading_an_account_and_its_members_is_on_record_before_the_answer(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    answer = await rep.get("/v1/accounts/g-100")
    members = await rep.get("/v1/accounts/G-100/members")
    for one, action in ((answer, "account.show"), (members, "account.members")):
        (row,) = await audited(runtime, action)
        assert (row.actor_kind, row.actor, row.subject_kind, row.subject) == (
            "rep", "m.lopez", "account", "G-100",
        )  # fmt: skip
        assert row.request_id == one.headers["x-request-id"]


# -- members -----------------------------------------------------------------------------------------


async def test_members_come_family_by_family_and_masked(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await take_members(
        runtime,
        member("900005", "Vane", first_name="Petronella", ssn=""),
        member("900001", ssn="900-01-4477", street="3 Hidden Lane", phone="916-555-0177"),
        member("900009", "Quillfeather", first_name="Tobias", ssn="", relationship="19",
               subscriber_number="900001"),
    )  # fmt: skip
    answer = await rep.get("/v1/accounts/G-100/members")
    page = Page[MemberRow].model_validate(answer.json())
    assert [(row.mrn, row.name, row.relationship) for row in page.rows] == [
        ("900001", "O*** Q*****", "subscriber"),
        ("900009", "T*** Q*****", "child"),
        ("900005", "P*** V*****", "subscriber"),
    ]
    assert {row.born for row in page.rows} == {"1980-**-**"}
    for hidden in ("Ottoline", "Quillfeather", "02-29", "4477", "Hidden Lane", "0177"):
        assert hidden not in answer.text


async def test_members_page_without_overlap_or_gap(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    lines = [member(f"{910000 + n}", ssn="", subscriber_number=f"S{n // 4:03d}") for n in range(2 * PAGE + 1)]
    await take_members(runtime, *lines)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await rep.get("/v1/accounts/G-100/members", params={"cursor": cursor} if cursor else {})
        page = Page[MemberRow].model_validate(answer.json())
        seen += [row.mrn for row in page.rows]
        cursor = page.next
    assert seen == [line["record_id"] for line in lines]


async def test_what_a_file_says_cannot_steer_the_screen_of_a_rep(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    async with operator_unit(runtime) as unit:
        row = await service.account_of(unit, "G-100")
        change = tables.account.update().where(tables.account.c.id == row.id)
        await unit.connection.execute(change.values(name="Evil\x1b[2J\u202eeman"))
    text = (await rep.get("/v1/accounts/G-100")).text
    assert "\x1b" not in text
    assert "\\u001b" not in text
    assert "\u202e" not in text
