"""Groups, members and payments taken from the files of other systems, once and again."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select

from api_client.types.enrollment import ImportReport
from api_client.types.words import Role
from backend.accounts.imports import GROUP_COLUMNS, import_groups
from backend.database import tables
from backend.problems import Problem
from backend.runtime import Runtime
from tests.csv_files import (
    Line,
    csv_file,
    group,
    group_file,
    member,
    member_file,
    payment,
    payment_file,
    run,
    take_groups,
    take_members,
    take_payments,
)
from tests.desk import service_headers, sign_in


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """Lines read, added, changed, unchanged, refused."""
    return report.read, report.added, report.changed, report.unchanged, len(report.refused)


def refused(report: ImportReport) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in report.refused]


async def count(runtime: Runtime, table: Table) -> int:
    async with runtime.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


# -- groups ------------------------------------------------------------------------------------------


async def test_groups_are_added_then_changed_and_the_same_file_again_changes_nothing(
    runtime: Runtime,
) -> None:
    first = group(aliases="other=77; acme-edi=QB1; acme-edi=QB1;")
    other = group("G-200", "Marzipan Works")
    assert counts(await take_groups(runtime, first, other)) == (2, 2, 0, 0, 0)
    assert counts(await take_groups(runtime, first, other)) == (2, 0, 0, 2, 0)
    moved = first | {"street": "99 Elsewhere Road"}
    assert counts(await take_groups(runtime, moved, other)) == (2, 0, 1, 1, 0)
    assert counts(await take_groups(runtime, moved, other)) == (2, 0, 0, 2, 0)
    row = await account(runtime)
    assert (row.street, row.address_changed_on.isoformat()) == ("99 Elsewhere Road", "2026-11-20")


async def account(runtime: Runtime) -> Any:
    """The row of group G-100."""
    query = select(tables.account).where(tables.account.c.number == "G-100")
    async with runtime.database.read() as connection:
        return (await connection.execute(query)).one()


async def test_a_move_keeps_the_address_before_and_who_brought_the_new_one(runtime: Runtime) -> None:
    def kept(row: Any) -> tuple[str, ...]:
        who_and_when = (row.address_changed_by, str(row.address_changed_on))
        return (row.old_street, row.old_city, row.old_state_code, row.old_zip, *who_and_when)

    await take_groups(runtime, group())
    assert kept(await account(runtime)) == ("", "", "", "", "", "None")
    respelled = group(street="12 NOWHERE ST.", zip="95814-0001")
    await take_groups(runtime, respelled)
    assert kept(await account(runtime)) == ("", "", "", "", "", "None")
    away = ("12 NOWHERE ST.", "Sacramento", "CA", "95814-0001", "operator:tester")
    moved = group(street="99 Elsewhere Road", address_changed_on="2026-11-02")
    await take_groups(runtime, moved)  # it counts from today: nobody makes a move an old one
    assert kept(await account(runtime)) == (*away, "2026-11-20")
    await take_groups(runtime, moved | {"employees": "31"})
    assert kept(await account(runtime)) == (*away, "2026-11-20")
    await take_groups(runtime, moved | {"address_changed_on": "2026-10-01"})
    assert kept(await account(runtime)) == (*away, "2026-11-20")
    await take_groups(runtime, group(street="7 Third Avenue"))  # the client can hear of it where it was first
    assert kept(await account(runtime)) == (*away, "2026-11-20")
    await take_groups(runtime, respelled)
    assert kept(await account(runtime))[0] == "7 Third Avenue"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": ""}, "the name is missing"),
        ({"number": "G 100!"}, "a group number has up to 30 letters, digits and hyphens"),
        ({"employees": "many"}, "employees is no number"),
        ({"employees": "99999999999"}, "employees is no number"),
        ({"employees": "-3"}, "employees is no number"),
        ({"effective_from": "01/02/2026"}, "effective_from is no date such as 2026-11-20"),
        ({"cobra_admin": "nobody"}, "cobra_admin is none of client, tpa, plan"),
        ({"ein": "00-0000000"}, "a tax number has nine digits and a valid prefix"),
        ({"bill_phone": "12"}, "a phone number has ten digits: area code, exchange, line"),
        ({"signer_from": "2026-02-01", "signer_to": "2026-01-31"}, "signer_to is before signer_from"),
        ({"tpa": "Thistle", "tpa_to": "soon"}, "tpa_to is no date such as 2026-11-20"),
        ({"broker_number": "B-1"}, "broker_number or broker_hears is given without broker"),
        ({"broker": "Sable", "broker_hears": "claims"}, "broker_hears is none of billing, cobra"),
        ({"billing_cycle": "C9"}, "billing_cycle is none of C0, C1, C2, C3, C4"),
        ({"proration": "HALF"}, "proration is none of FULL_MONTH, MID_MONTH, DAILY"),
        ({"billing_policy": "XX"}, "billing_policy is none of CA_GROUP_DMHC, EXCHANGE, PLAIN"),
        ({"paid_through": "9999-12-31"}, "paid_through is more than two years ahead"),
        ({"aliases": "no equals sign"}, "aliases are not of the form partner=value; partner=value"),
        ({"name": "x" * 201}, "a value is longer than 200 characters"),
        ({"name": "x" * 140_000}, "a value of this line is too long"),
        ({"name": "Evil\x1b[2J"}, "it has characters that cannot be shown: control, direction or invisible"),
    ],
)
async def test_a_group_line_that_is_wrong_is_refused_and_the_others_are_taken(
    runtime: Runtime, change: Line, reason: str
) -> None:
    report = await take_groups(
        runtime, group("G-1", "First"), group() | change, group("G-3", "Third", bill_hours="9-5")
    )
    assert counts(report) == (3, 2, 0, 0, 1)
    ((line, said),) = refused(report)
    assert line == 3
    assert said.startswith(reason)
    assert await count(runtime, tables.account) == 2


async def test_a_file_that_names_a_group_twice_takes_the_first_line_every_time(runtime: Runtime) -> None:
    lines = (group(name="First Name"), group(name="Second Name"))
    twice = [(3, "the file names this group number twice")]
    report = await take_groups(runtime, *lines)
    assert (counts(report), refused(report)) == ((2, 1, 0, 0, 1), twice)
    again = await take_groups(runtime, *lines)
    assert (counts(again), refused(again)) == ((2, 0, 0, 1, 1), twice)


async def test_an_alias_of_another_group_is_refused(runtime: Runtime) -> None:
    await take_groups(runtime, group(aliases="acme=QB1"))
    report = await take_groups(runtime, group("G-200", "Marzipan Works", aliases="acme=QB1"))
    assert refused(report) == [(2, "an alias belongs to another group")]
    assert await count(runtime, tables.account) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line lacks the columns number, name, employees, effective_from, cobra_admin."),
        (
            b"number,name\nG-1,First\n",
            "The first line lacks the columns employees, effective_from, cobra_adm",
        ),
        (csv_file(GROUP_COLUMNS, [group()], delimiter=";"), "The first line lacks the columns number, name"),
        (group_file(group()).replace(b"broker_to", b"horoscope"), "The first line has unknown columns: horo"),
        (group_file(group()).replace(b"broker_to", b"broker"), "The first line names a column twice."),
        (group_file(group()).decode().encode("utf-16"), "The file is not UTF-8 text"),
    ],
)
async def test_a_file_of_another_kind_is_refused_whole(
    runtime: Runtime, content: bytes, sentence: str
) -> None:
    with pytest.raises(Problem) as refusal:
        await run(runtime, import_groups, content)
    assert refusal.value.detail.startswith(sentence)
    assert await count(runtime, tables.account) == 0


async def test_a_line_with_too_few_values_and_one_with_an_open_quote_are_refused(runtime: Runtime) -> None:
    head = "number,name,employees,effective_from,cobra_admin\n"
    text = head + "G-1,Only two\n\nG-2,Whole,5,2026-01-01,plan\n" + 'G-3,"Open,5,2026-01-01,plan\n'
    report = await run(runtime, import_groups, b"\xef\xbb\xbf" + text.encode())
    assert refused(report) == [
        (2, "it has 2 values for 5 columns"),
        (5, "the quotes of this line do not close"),
    ]
    assert counts(report) == (3, 1, 0, 0, 2)


async def test_a_line_in_another_encoding_is_refused_wherever_it_stands(runtime: Runtime) -> None:
    lines = [group(f"P-{n:04d}", f"Pager {n}") for n in range(60)]
    lines[50] |= {"name": "Müller Mühle"}
    report = await run(runtime, import_groups, group_file(*lines).decode().encode("latin-1"))
    assert refused(report) == [(52, "it is not UTF-8 text; save the file as CSV UTF-8")]
    assert counts(report) == (60, 59, 0, 0, 1)


# -- members -----------------------------------------------------------------------------------------


async def test_members_are_added_then_changed_and_the_same_file_again_changes_nothing(
    runtime: Runtime,
) -> None:
    await take_groups(runtime, group())
    spouse = member("900002", "Inkwell", relationship="01", subscriber_number="900001", ssn="")
    bare = member("900003", "Vane", group_number="", ssn="", coverage_from="")
    assert counts(await take_members(runtime, member(), spouse, bare)) == (3, 3, 0, 0, 0)
    assert counts(await take_members(runtime, member(), spouse, bare)) == (3, 0, 0, 3, 0)
    assert await count(runtime, tables.coverage) == 2
    left = spouse | {"coverage_to": "2026-10-31"}
    married = member(last_name="Inkwell")
    assert counts(await take_members(runtime, married, left, bare)) == (3, 0, 2, 1, 0)
    assert counts(await take_members(runtime, married, left, bare)) == (3, 0, 0, 3, 0)
    assert await count(runtime, tables.coverage) == 2
    assert await count(runtime, tables.member) == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"last_name": ""}, "the last name is missing"),
        ({"record_id": ""}, "the member number (record_id) is missing"),
        (
            {"record_id": "M 1/2"},
            "a member number (record_id) has up to 20 letters, digits and hyphens",
        ),
        ({"record_id": "9" * 21}, "a member number (record_id) has up to 20 letters, digits and hyphens"),
        ({"ssn": "900-01"}, "the SSN has not nine digits"),
        ({"sex": "X"}, "sex is none of F, M, U"),
        ({"date_of_birth": "1980-02-30"}, "date_of_birth is no date such as 2026-11-20"),
        ({"group_number": "G-999"}, "there is no such group; import the groups first"),
        ({"coverage_to": "2025-12-31"}, "coverage ends before it begins"),
        ({"record_id": "900002"}, "the file names this member number twice"),
    ],
)
async def test_a_member_line_that_is_wrong_is_refused_the_first_time_and_again(
    runtime: Runtime, change: Line, reason: str
) -> None:
    await take_groups(runtime, group())
    lines = (member("900002", "Vane", ssn=""), member() | change, member("900003", "Inkwell", ssn=""))
    for expected in ((3, 2, 0, 0, 1), (3, 0, 0, 2, 1)):
        report = await take_members(runtime, *lines)
        assert refused(report) == [(3, reason)]
        assert counts(report) == expected
    assert await count(runtime, tables.member) == 2
    assert await count(runtime, tables.coverage) == 2


async def test_new_members_get_numbers_above_those_of_the_file(runtime: Runtime) -> None:
    await take_members(runtime, member("99000000", group_number=""))
    async with runtime.database.read() as connection:
        series = tables.number_series
        query = select(series.c.next).where(series.c.name == "member")
        assert (await connection.execute(query)).scalar_one() == 99000001


async def test_an_ssn_of_a_file_stands_nowhere_in_clear(runtime: Runtime) -> None:
    await take_groups(runtime, group())
    await take_members(runtime, member(ssn="900-01-4477"))
    async with runtime.database.read() as connection:
        rows = [*(await connection.execute(select(tables.member))).all()]
        rows += (await connection.execute(select(tables.audit_row))).all()
    assert "900014477" not in str(rows)
    assert "900-01-4477" not in str(rows)


# -- payments ----------------------------------------------------------------------------------------


async def test_payments_are_posted_once_however_often_the_file_comes(runtime: Runtime) -> None:
    await take_groups(runtime, group())
    lines = (payment(), payment("LOCKBOX-2", "250.5", method="ACH"))
    assert counts(await take_payments(runtime, *lines)) == (2, 2, 0, 0, 0)
    assert counts(await take_payments(runtime, *lines)) == (2, 0, 0, 2, 0)
    assert await count(runtime, tables.payment) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"external_id": ""}, "the id of the payment (external_id) is missing"),
        ({"amount": "ten"}, "amount is no number such as 1234.56"),
        ({"amount": "0.00"}, "amount is not above zero with at most two decimals"),
        ({"amount": "-5"}, "amount is not above zero with at most two decimals"),
        ({"amount": "10.005"}, "amount is not above zero with at most two decimals"),
        ({"amount": "NaN"}, "amount is not above zero with at most two decimals"),
        ({"amount": "1E+20"}, "amount is not above zero with at most two decimals"),
        ({"method": "shells"}, "method is none of check, ach, wire, cashiers_check"),
        ({"received_on": "20.11.2026"}, "received_on is no date such as 2026-11-20"),
        ({"received_on": "2026-11-21"}, "A payment cannot be received on a day to come."),
        ({"group_number": "G-999"}, "there is no such group; import the groups first"),
        ({"group_number": "G" * 31}, "group_number: String should have at most 30 characters"),
        ({"reference": "r" * 61}, "reference: String should have at most 60 characters"),
        (
            {"external_id": "LOCKBOX-7"},
            "a payment with this id is on the books with another group, amount or day",
        ),
    ],
)
async def test_a_payment_line_that_is_wrong_is_refused_and_the_others_are_posted(
    runtime: Runtime, change: Line, reason: str
) -> None:
    await take_groups(runtime, group())
    report = await take_payments(
        runtime, payment("LOCKBOX-7", "70.00"), payment() | change, payment("LOCKBOX-9", "90.00")
    )
    assert refused(report) == [(3, reason)]
    assert counts(report) == (3, 2, 0, 0, 1)
    assert await count(runtime, tables.payment) == 2


async def test_the_id_of_a_payment_of_another_group_is_refused(runtime: Runtime) -> None:
    await take_groups(runtime, group(), group("G-200", "Marzipan Works"))
    other = payment(group_number="G-200")
    reason = "a payment with this id is on the books with another group, amount or day"
    assert refused(await take_payments(runtime, payment(), other)) == [(3, reason)]
    assert refused(await take_payments(runtime, other)) == [(2, reason)]
    assert await count(runtime, tables.payment) == 1


# -- through the running backend ---------------------------------------------------------------------


def operator_headers(runtime: Runtime) -> dict[str, str]:
    return {"authorization": f"Operator tester:{runtime.keys.operator.hex()}"}


async def test_an_operator_sends_files_to_the_running_backend(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    files = {
        "import-groups": group_file(group()),
        "import-members": member_file(member(), member("900002", "Vane", sex="?")),
        "import-payments": payment_file(payment()),
    }
    for name, content in files.items():
        answer = await api.post(f"/v1/operations/{name}", content=content, headers=operator_headers(runtime))
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        steps = [json.loads(line) for line in answer.text.splitlines()]
        assert [next(iter(step)) for step in steps] == ["progress", "report"]
        assert steps[-1]["report"]["added"] == 1
        if name == "import-members":
            assert steps[-1]["report"]["refused"] == [{"line": 3, "reason": "sex is none of F, M, U"}]
    wrong = await api.post(
        "/v1/operations/import-groups", content=b"a,b\n1,2\n", headers=operator_headers(runtime)
    )
    (only,) = [json.loads(line) for line in wrong.text.splitlines()]
    assert "lacks the columns" in only["problem"]


@pytest.mark.parametrize("who", ["rep", "lead", "service", "nobody"])
async def test_nobody_else_sends_files(api: httpx.AsyncClient, runtime: Runtime, who: str) -> None:
    match who:
        case "service":
            headers = dict(service_headers(runtime))
        case "nobody":
            headers = {}
        case _:
            headers = await sign_in(api, runtime, f"a.{who}", Role(who))
    answer = await api.post("/v1/operations/import-groups", content=group_file(group()), headers=headers)
    assert answer.status_code == (401 if who == "nobody" else 403)
    assert await count(runtime, tables.account) == 0
