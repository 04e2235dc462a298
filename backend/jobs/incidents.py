"""What went otherwise than the plan's rules want it: kept with the sentence of what follows from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.billing import Incident
from api_client.types.billing_words import IncidentKind
from backend.database.tables import account, incident
from backend.database.unit import Unit


async def raise_incident(unit: Unit, kind: IncidentKind, sentence: str, group: Any = None) -> None:
    """Keep an incident of the day the unit's run is of, about a group (its account's row) or about none."""
    await unit.connection.execute(
        insert(incident).values(
            on_date=unit.goes_on,
            kind=kind,
            account_id=group.id if group is not None else None,
            sentence=sentence,
            at=unit.now,
        )
    )
    unit.audit("incident.raise", "account" if group is not None else "plan", _subject(group), kind=kind)


def _subject(group: Any) -> str:
    return str(group.number) if group is not None else "daily run"


async def of_day(connection: AsyncConnection, on: date) -> list[Incident]:
    """The incidents of a day, in the order they were raised."""
    return await _told(connection, incident.c.on_date == on)


async def last_key(connection: AsyncConnection) -> int:
    """Key of the incident raised last; 0 where there is none."""
    return int((await connection.execute(select(func.max(incident.c.id)))).scalar_one() or 0)


async def since(connection: AsyncConnection, key: int) -> list[Incident]:
    """The incidents raised after the one of this key."""
    return await _told(connection, incident.c.id > key)


async def _told(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Incident]:
    query = (
        select(incident, account.c.number.label("group_number"))
        .outerjoin(account, account.c.id == incident.c.account_id)
        .where(which)
        .order_by(incident.c.id)
    )
    return [
        Incident(on=row.on_date, kind=row.kind, group_number=row.group_number or "", sentence=row.sentence)
        for row in (await connection.execute(query)).all()
    ]
