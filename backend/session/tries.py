"""How often a secret may be guessed: every verification first takes a try, in its own transaction.

A name is a bucket whether or not anybody has that name, so that blocking tells nobody who is known here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from api_client.types.problems import ProblemType
from backend.database import tables
from backend.database.unit import Unit
from backend.problems import Problem

_SOURCE_FACTOR = 10
"""A source, such as one address behind which a whole service center sits, has this many times the tries."""


class Door(StrEnum):
    """Where a secret is asked for; the tries at one are not those at another."""

    DESK = "sign-in"
    ACTIVATION = "activation"
    ONLINE = "online sign-in"


_OPENS = {
    Door.DESK: "Sign-in opens again at {until:%H:%M}; a lead can open it before.",
    Door.ACTIVATION: "Activation opens again at {until:%H:%M}.",
    Door.ONLINE: "Sign-in opens again at {until:%H:%M}.",
}


def _buckets(unit: Unit, door: Door, name: str, source: str) -> list[tuple[str, int]]:
    tries = unit.policy.sign_in.tries
    return [
        (unit.keys.digest_of(f"{door} name", name), tries),
        (unit.keys.digest_of(f"{door} source", source), tries * _SOURCE_FACTOR),
    ]


async def take_try(unit: Unit, name: str, source: str, door: Door = Door.DESK) -> None:
    """Count one try. Raises SIGN_IN_THROTTLED with the time to come back when there are none left."""
    table = tables.sign_in_try
    block = timedelta(minutes=unit.policy.sign_in.block_minutes)
    insert = sqlite_insert if unit.connection.dialect.name == "sqlite" else pg_insert
    for bucket, allowed in _buckets(unit, door, name, source):
        await unit.connection.execute(
            insert(table).values(bucket=bucket, tries=0, last_at=unit.now).on_conflict_do_nothing()
        )
        row = (
            await unit.connection.execute(select(table).where(table.c.bucket == bucket).with_for_update())
        ).one()
        tries = 0 if unit.now >= row.last_at + block else row.tries
        if tries >= allowed:
            raise _throttled(unit, door, row.last_at + block)
        await unit.connection.execute(
            update(table).where(table.c.bucket == bucket).values(tries=tries + 1, last_at=unit.now)
        )


def _throttled(unit: Unit, door: Door, until: datetime) -> Problem:
    opens = _OPENS[door].format(until=until.astimezone(unit.zone))
    return Problem(ProblemType.SIGN_IN_THROTTLED, f"Too many tries. {opens}", until=until)


async def forget_tries(unit: Unit, name: str, door: Door = Door.DESK) -> None:
    """After the right secret, or by a lead: the name's tries start anew."""
    ((bucket, _), _source) = _buckets(unit, door, name, "")
    await unit.connection.execute(delete(tables.sign_in_try).where(tables.sign_in_try.c.bucket == bucket))
