"""Who calls: one group with every kind of caller, and what each of them answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select, update

from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from tests.csv_files import group, take_groups
from tests.desk import operator_unit
from tests.enrollments import PEBBLE, add_member

GROUP = "G-100"
OTHER_GROUP = "G-200"
SIGNER, SIGNER_PHONE = "Ottoline Quillfeather", "916-555-0134"
BROKER_NUMBER = "B-77031"
"""Of the broker whose authority has no end."""
ADDRESS = "12 Nowhere Street, Sacramento 95814"
INVOICE, PAID_ON = Decimal("12345.00"), date(2026, 11, 3)
"""Of the last invoice; when the last payment was received."""

PROVES: dict[str, dict[str, str]] = {
    "client": {"group_number": GROUP, "contact_name": SIGNER, "billing_address": ADDRESS},
    "broker": {"group_number": GROUP, "broker_number": BROKER_NUMBER, "billing_address": ADDRESS},
    "tpa": {"group_number": GROUP, "contact_name": "Thistle Admin", "billing_address": ADDRESS},
    "subscriber": {"name": "Clara Pebblewick", "birth_date": "3/14/1980", "ssn_last4": "2222"},
    "dependent": {"name": "Bruno Pebblewick", "birth_date": "May 2, 1979", "phone": "510-555-0177"},
    "representative": {
        "representative_name": "Clara Pebblewick",
        "name": "Timo Pebblewick",
        "birth_date": "2016-08-09",
        "phone": "510-555-0177",
    },
}
"""Right answers of each kind of caller but the member's number or address, which `who` adds."""


async def add_groups(runtime: Runtime) -> None:
    """Two groups that differ in nothing a caller could know but their numbers."""
    people = {
        "signer_phone": SIGNER_PHONE,
        "broker": "Sable Brokers",
        "broker_phone": "916-555-0111",
        "broker_from": "2026-01-01",
        "broker_number": BROKER_NUMBER,
        "broker_hears": "billing",
        "tpa": "Thistle Admin",
        "tpa_phone": "415-555-0199",
        "ein": "94-2771834",
    }
    await take_groups(runtime, group(**people), group(OTHER_GROUP, "Inkwell Barges", **people))
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, GROUP)
        invoice = {
            "number": "I-1",
            "account_id": account.id,
            "month": date(2026, 11, 1),
            "issued_at": unit.now,
        }
        invoice |= {"bill_date": date(2026, 10, 10), "due_date": date(2026, 11, 1), "premium": INVOICE}
        payment = {"number": "P-1", "account_id": account.id, "received_on": PAID_ON, "amount": INVOICE}
        payment |= {"method": "check", "recorded_at": unit.now}
        await unit.connection.execute(insert(tables.invoice).values(**invoice))
        await unit.connection.execute(insert(tables.payment).values(**payment))


async def add_family(runtime: Runtime) -> dict[str, str]:
    """Clara with her husband and her son, for whom she has a document on file; member numbers by kind."""
    async with operator_unit(runtime) as unit:
        account_id = int((await accounts.account_of(unit, GROUP)).id)
    phone = "(510) 555-0177"
    bruno = replace(PEBBLE, first_name="Bruno", birth_date=date(1979, 5, 2), ssn="", phone=phone)
    timo = replace(PEBBLE, first_name="Timo", birth_date=date(2016, 8, 9), ssn="", phone=phone)
    found = {}
    for kind, person, code in (
        ("subscriber", PEBBLE, "18"),
        ("dependent", bruno, "01"),
        ("representative", timo, "19"),
    ):
        found[kind] = await add_member(runtime, person, account_id=account_id, relationship=code)
    async with operator_unit(runtime) as unit:
        query = select(tables.member.c.id).where(tables.member.c.mrn == found["representative"])
        member_id = (await unit.connection.execute(query)).scalar_one()
        values = {"member_id": member_id, "name": "Clara Pebblewick", "kind": "parent", "document": "FAX-9"}
        values |= {"valid_from": date(2026, 1, 1), "registered_by": "T", "registered_at": unit.now}
        await unit.connection.execute(insert(tables.representative).values(**values))
    return found


async def end_authority(runtime: Runtime, role: str, on: date) -> None:
    """Let the authority of contacts in this part of both groups end on this day."""
    async with operator_unit(runtime) as unit:
        change = update(tables.contact).where(tables.contact.c.role == role).values(valid_to=on)
        await unit.connection.execute(change)
