"""SQL of notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import ActorKind
from backend.database.tables import call, note, rep

Values = Mapping[str, Any]
SHOWN = (
    select(note, rep.c.display_name, call.c.number.label("call_number"))
    .outerjoin(rep, literal(f"{ActorKind.REP}:") + rep.c.username == note.c.author)
    .outerjoin(call, call.c.id == note.c.call_id)
)
"""Notes with who wrote them and in which call."""


async def add(connection: AsyncConnection, values: Values) -> int:
    """Write a note; returns its key."""
    return int((await connection.execute(insert(note).values(**values).returning(note.c.id))).scalar_one())


async def by_id(connection: AsyncConnection, note_id: int, *, lock: bool = False) -> Row[Any] | None:
    """The note of this key; with `lock` nobody else changes it meanwhile."""
    query = SHOWN.where(note.c.id == note_id)
    return (await connection.execute(query.with_for_update(of=note) if lock else query)).first()


async def change(connection: AsyncConnection, note_id: int, values: Values) -> None:
    """Change a note."""
    await connection.execute(update(note).where(note.c.id == note_id).values(**values))
