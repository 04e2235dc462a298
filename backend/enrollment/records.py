"""Enrollments on record, for the rooms that decide what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from api_client.types.words import Outcome
from backend.database.unit import Unit
from backend.enrollment import store


async def enrollment_of(unit: Unit, enrollment_id: int) -> Any:
    """The row of an enrollment."""
    return await store.by_id(unit.connection, enrollment_id)


async def settle(
    unit: Unit, enrollment_id: int, outcome: Outcome, why: str, member_id: int | None = None
) -> None:
    """Write what became of an enrollment."""
    values = {"outcome": outcome, "why": why, "member_id": member_id}
    await store.change(unit.connection, enrollment_id, values)


def coverages_of(enrollment: Any) -> list[dict[str, Any]]:
    """The coverages an enrollment asks for, with dates as dates: line, level, starts_on, ends_on."""
    return [
        {
            "line": one["line"],
            "level": one["level"],
            "starts_on": date.fromisoformat(one["starts_on"]),
            "ends_on": date.fromisoformat(one["ends_on"]) if one["ends_on"] else None,
        }
        for one in enrollment.coverages
    ]
