"""Groups, members and enrollments for tests; everyone is plainly invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx
from sqlalchemy import func, select

from api_client.types.user_id_words import Privilege
from api_client.types.words import CobraAdmin, FilingMethod, PartnerStatus, Sex
from backend.accounts import members, store
from backend.accounts.members import Person
from backend.database import tables
from backend.enrollment import partners
from backend.matching.normalise import name_key
from backend.runtime import Runtime
from backend.user_ids import user_store
from backend.user_ids.codes import login_digest
from tests.desk import key, operator_unit, service_headers

GROUP = "900100"
SENDER = "ZZ/TESTTPA"
"""The trading partner who files for the groups of tests."""


async def add_group(runtime: Runtime, number: str = GROUP, **changes: object) -> int:
    """A group of forty that manages its own COBRA, with a clerk's user ID and a sender of its files."""
    name = str(changes.pop("name", f"Quillparts {number} LLC"))
    values: dict[str, Any] = {
        "number": number,
        "name": name,
        "name_key": name_key(name),
        "state": "active",
        "ein": "",
        "employees": 40,
        "effective_from": date(2020, 1, 1),
        "ended_on": None,
        "street": "1 TESTING WAY",
        "city": "OAKLAND",
        "state_code": "CA",
        "zip": "94606",
        "cobra_admin": CobraAdmin.CLIENT,
        "filing_method": FilingMethod.EDI,
        "bill_preference": "paper",
        "billing_cycle": "C1",
        "billing_policy": "CA_GROUP_DMHC",
        "bill_phone": "800-555-0148",
        "bill_hours": "",
        "paid_through": None,
    }
    async with operator_unit(runtime) as unit:
        account_id = await store.add_account(unit.connection, values | changes)
        await partners.put(unit, SENDER, name="Test TPA", status=PartnerStatus.PRODUCTION, groups=[number])
    await add_user_id(runtime, account_id, clerk_of(number))
    return account_id


def clerk_of(number: str = GROUP) -> str:
    """The user ID of the clerk who enrolls and ends coverage for a group."""
    return f"CLERK-{number}"


CLERK = (
    Privilege.MEMBERS_VIEW,
    Privilege.MEMBERS_ENROLL,
    Privilege.MEMBERS_TERMINATE,
    Privilege.MEMBERS_DEMOGRAPHIC,
    Privilege.COBRA_MANAGE,
)


async def add_user_id(
    runtime: Runtime,
    account_id: int,
    user_id: str,
    *,
    kind: str = "user",
    privileges: Sequence[Privilege] = CLERK,
    state: str = "active",
    valid_to: date | None = None,
) -> None:
    """A user ID of a client, with what it may do."""
    async with operator_unit(runtime) as unit:
        values = {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": account_id,
            "kind": kind,
            "state": state,
            "state_at": unit.now,
            "login_digest": login_digest(unit.keys, user_id),
            "privileges": list(privileges),
            "valid_to": valid_to,
            "created_at": unit.now,
        }
        await user_store.add(unit.connection, values)


PEBBLE = Person(
    last_name="Pebblewick",
    first_name="Clara",
    birth_date=date(1980, 3, 14),
    ssn="900112222",
    sex=Sex.FEMALE,
    street="5 CANAL ST",
    city="OAKLAND",
    state_code="CA",
    zip="94606",
)


async def add_member(
    runtime: Runtime,
    person: Person = PEBBLE,
    *,
    account_id: int | None = None,
    subscriber_number: str = "S1",
    relationship: str = "18",
    starts_on: date = date(2025, 1, 1),
    line: str = "HMO",
) -> str:
    """A member on file, covered in the group when one is given; returns the member number."""
    async with operator_unit(runtime) as unit:
        member_id = await members.create_member(unit, person)
        if account_id is not None:
            await members.add_coverage(
                unit,
                account_id=account_id,
                member_id=member_id,
                subscriber_number=subscriber_number,
                relationship=relationship,
                line=line,
                starts_on=starts_on,
            )
        return str((await store.member_by_id(unit.connection, member_id)).mrn)


async def coverages_on_record(runtime: Runtime) -> list[tuple[str, date, date | None]]:
    """All coverage: subscriber number, first and last day."""
    table = tables.coverage
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(table.c.subscriber_number, table.c.starts_on, table.c.ends_on).order_by(table.c.id)
        )
        return [(row.subscriber_number, row.starts_on, row.ends_on) for row in rows]


async def count(runtime: Runtime, name: str) -> int:
    """How many rows a table has."""
    table = getattr(tables, name)
    async with runtime.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


def submission(**changes: object) -> dict[str, Any]:
    """An online enrollment of Clara Pebblewick, exactly as she is on file."""
    form: dict[str, Any] = {
        "group_number": GROUP,
        "type": "enroll",
        "user_id": clerk_of(GROUP),
        "subscriber_number": "N1",
        "last_name": "Pebblewick",
        "first_name": "Clara",
        "birth_date": "1980-03-14",
        "ssn": "900112222",
        "sex": "F",
        "street": "5 CANAL ST",
        "city": "OAKLAND",
        "state": "CA",
        "zip": "94606",
        "coverage_from": "2026-12-01",
    }
    if "group_number" in changes:
        form["user_id"] = clerk_of(str(changes["group_number"]))
    return form | changes


async def submit(api: httpx.AsyncClient, runtime: Runtime, **changes: object) -> dict[str, Any]:
    """Send an online enrollment; returns the receipt."""
    answer = await api.post(
        "/v1/enrollment/submissions",
        json=submission(**changes),
        headers={**service_headers(runtime), **key()},
    )
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def doubtful_item(api: httpx.AsyncClient, runtime: Runtime, **changes: object) -> str:
    """A queue item: Clara's enrollment without an SSN from another home, while she is on file; its number."""
    moved = {"ssn": None, "street": "9 BAY AVE", "city": "FRESNO", "zip": "93701"}
    receipt = await submit(api, runtime, **{**moved, **changes})
    assert receipt["outcome"] == "queued", receipt
    return str(receipt["item"])


async def take(
    api: httpx.AsyncClient, headers: Mapping[str, str], item: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Claim an item; returns the case and the headers that act on it."""
    answer = await api.post(f"/v1/match-items/{item}/claim", headers={**headers, **key()})
    assert answer.status_code == 200, answer.text
    claim = answer.json()
    acting = {**headers, "claim-token": claim["token"], "if-match": f'"{claim["item"]["version"]}"'}
    return claim["item"], acting
