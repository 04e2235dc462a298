"""Linking an enrollment to a member, and taking that back with everything it made."""

from __future__ import annotations

from datetime import date
from typing import Any

from api_client.types.words import Outcome
from backend.accounts import members
from backend.accounts import service as accounts
from backend.cards import orders as cards
from backend.database.unit import Unit
from backend.enrollment import records
from backend.matching import apart, store
from backend.matching.people import new_person

AUTO = "auto"
MANUAL = "manual"


async def link(
    unit: Unit, enrollment: Any, member_id: int, *, made: str, why: str, created: bool = False
) -> None:
    """The enrollment is this member: link them, give the coverage it asks for, and order the card.

    Coverage of the same line that runs on in the group is left as it is: an add for an active member changes
    nothing; what begins after its end goes on from there. Where letters and cards go is taken from the
    enrollment, where it says so.
    """
    before = {} if created else await _deliver_to(unit, enrollment, member_id)
    await store.add_link(
        unit.connection,
        {
            "enrollment_id": enrollment.id,
            "member_id": member_id,
            "made": made,
            "created_member": created,
            "before": before,
            "at": unit.now,
        },
    )
    running = await accounts.running_lines(unit, enrollment.account_id, member_id)
    for one in records.coverages_of(enrollment):
        if running.get(one["line"], date.min) < one["starts_on"]:
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
    await cards.enrolled(unit, enrollment, member_id)


async def _deliver_to(unit: Unit, enrollment: Any, member_id: int) -> dict[str, Any]:
    """Send the member's letters and cards where the enrollment says; returns what was on record before."""
    said: dict[str, Any] = {}
    if enrollment.mailing_street:
        said |= {name: getattr(enrollment, name) for name in members.MAILING}
    if enrollment.restricted:
        said["restricted"] = True
    if not said:
        return {}
    before = members.delivery_of(await members.locked(unit, member_id))
    return {name: before[name] for name in await members.change_member(unit, member_id, said)}


async def link_new(unit: Unit, enrollment: Any, *, made: str, why: str) -> int:
    """Nobody on file is the enrollee: a new member with a number for life; returns its key."""
    member_id = await members.create_member(unit, new_person(unit, enrollment))
    await link(unit, enrollment, member_id, made=made, why=why, created=True)
    return member_id


async def unlink(unit: Unit, enrollment: Any, *, why: str) -> None:
    """End the link, with its coverage, its card, and with the member it created."""
    ended = await store.end_link(unit.connection, enrollment.id, unit.now)
    await members.remove_coverages_of(unit, enrollment.id)
    await records.settle(unit, enrollment.id, Outcome.QUEUED, why)
    await cards.taken_back(unit, enrollment.id, ended.member_id if ended else None)
    if ended is not None and ended.created_member:
        await store.forget_links(unit.connection, ended.member_id)
        await apart.forget_member(unit, ended.member_id)
        await cards.forget_member(unit, ended.member_id)
        await members.remove_member(unit, ended.member_id)
    elif ended is not None and ended.before:
        await _deliver_as_before(unit, enrollment, ended)


async def _deliver_as_before(unit: Unit, enrollment: Any, ended: Any) -> None:
    """Put back what the link changed, unless something else changed it since."""
    now = members.delivery_of(await members.locked(unit, ended.member_id))
    back = {name: old for name, old in ended.before.items() if now[name] == getattr(enrollment, name)}
    await members.change_member(unit, ended.member_id, back)
