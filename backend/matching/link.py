"""Linking an enrollment to a member, and taking that back with everything it made."""

from __future__ import annotations

from typing import Any

from api_client.types.words import Outcome
from backend.accounts import members
from backend.accounts import service as accounts
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import apart, store
from backend.matching.people import new_person

AUTO = "auto"
MANUAL = "manual"


async def link(
    unit: Unit, enrollment: Any, member_id: int, *, made: str, why: str, created: bool = False
) -> None:
    """The enrollment is this member: link them and give the coverage it asks for.

    Coverage of the same line that runs in the group already is left as it is: an add for an active member
    changes nothing.
    """
    await store.add_link(
        unit.connection,
        {
            "enrollment_id": enrollment.id,
            "member_id": member_id,
            "made": made,
            "created_member": created,
            "at": unit.now,
        },
    )
    running = await accounts.running_lines(unit, enrollment.account_id, member_id)
    for one in records.coverages_of(enrollment):
        if one["line"] not in running:
            await members.add_coverage(
                unit,
                account_id=enrollment.account_id,
                member_id=member_id,
                subscriber_number=enrollment.subscriber_number,
                relationship=enrollment.relationship,
                enrollment_id=enrollment.id,
                **one,
            )
    await records.settle(unit, enrollment.id, Outcome.APPLIED, why, member_id)


async def link_new(unit: Unit, enrollment: Any, *, made: str, why: str) -> int:
    """Nobody on file is the enrollee: a new member with a number for life; returns its key."""
    member_id = await members.create_member(unit, new_person(unit, enrollment))
    await link(unit, enrollment, member_id, made=made, why=why, created=True)
    return member_id


async def unlink(unit: Unit, enrollment: Any, *, why: str) -> None:
    """End the link, with its coverage, and with the member it created."""
    ended = await store.end_link(unit.connection, enrollment.id, unit.now)
    await members.remove_coverages_of(unit, enrollment.id)
    await records.settle(unit, enrollment.id, Outcome.QUEUED, why)
    if ended is not None and ended.created_member:
        await store.forget_links(unit.connection, ended.member_id)
        await apart.forget_member(unit, ended.member_id)
        await members.remove_member(unit, ended.member_id)
