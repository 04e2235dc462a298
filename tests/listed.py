"""Eleven subscribers on record, as whole lists of people name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from api_client.types.words import FileKind, PartnerStatus
from backend.accounts.members import Person
from backend.database import tables
from backend.enrollment import partners
from backend.runtime import Runtime
from tests.desk import operator_unit
from tests.edi_files import member
from tests.enrollments import SENDER, add_group, add_member

FAMILY = ("Ida", "Otto", "Wilma", "Felix", "Greta", "Hugo", "Nora", "Quentin", "Sybil", "Tobias", "Una")
"""First names of eleven subscribers, each with a number of their own."""


def listed(first: str, **changes: Any) -> str:
    """One of them as a whole list names them."""
    at = FAMILY.index(first)
    values: dict[str, Any] = {
        "maintenance": "030",
        "reason": "XN",
        "first": first,
        "last": f"{first}berry",
        "born": f"19{60 + at}0505",
        "subscriber_number": f"S{at}",
        "coverages": ("HD*030**HMO**EMP~DTP*348*D8*20250101",),
    }
    return member(**values | changes)


async def on_file(runtime: Runtime, names: Sequence[str] = FAMILY) -> int:
    """A group that has these people on record; returns its key."""
    account_id = await add_group(runtime)
    for first in names:
        at = FAMILY.index(first)
        person = Person(f"{first}berry", first, birth_date=date(1960 + at, 5, 5), street="5 CANAL ST")
        person = Person(**{**vars(person), "city": "OAKLAND", "state_code": "CA", "zip": "94606"})
        await add_member(
            runtime, person, account_id=account_id, subscriber_number=f"S{at}", starts_on=date(2025, 1, 1)
        )
    return account_id


async def put(runtime: Runtime, status: PartnerStatus, lists: FileKind | None = None) -> None:
    """Say how far the sender of their files has come."""
    async with operator_unit(runtime) as unit:
        await partners.put(unit, SENDER, status=status, lists=lists)


async def running(runtime: Runtime) -> int:
    """How many coverages have no end."""
    table = tables.coverage
    async with runtime.database.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.ends_on.is_(None))
        return int((await connection.execute(query)).scalar_one())
