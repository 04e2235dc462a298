"""Audit rows of reads (group commit), the sealer that chains rows, and the check of the chain.

45 CFR 164.312(b) asks for a record of activity, 164.312(c) for its integrity.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database import tables
from backend.database.engine import Database
from backend.keys import Keys

_BATCH = 1000
_SEALED = (
    "at",
    "actor_kind",
    "actor",
    "action",
    "subject_kind",
    "subject",
    "context",
    "request_id",
    "details",
)
GENESIS = "0" * 64


class ReadAudit:
    """Writes the audit rows of reads before their answers leave, many reads in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: list[dict[str, Any]] = []
        self._flight: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def write(self, rows: list[dict[str, Any]]) -> None:
        """Return once the rows are durable."""
        self._rows.extend(rows)
        if self._next is None:
            self._next = asyncio.create_task(self._commit(self._flight))
        await asyncio.shield(self._next)

    async def _commit(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        # Everyone who comes from here on waits for the next commit; all before share this one.
        self._flight, self._next = self._next, None
        rows, self._rows = self._rows, []
        async with self._database.write() as connection:
            await connection.execute(insert(tables.audit_row), rows)


def seal_of(keys: Keys, before: str, seq: int, row: dict[str, Any]) -> str:
    """The seal of one row: a keyed hash over the seal before it, its number and its content."""
    content = json.dumps([before, seq, row["id"], *(str(row[name]) for name in _SEALED)])
    return hmac.new(keys.audit, content.encode(), hashlib.sha256).hexdigest()


async def _head(connection: AsyncConnection) -> tuple[int, str]:
    table = tables.audit_row
    last = (
        await connection.execute(
            select(table.c.seq, table.c.seal)
            .where(table.c.seq.is_not(None))
            .order_by(table.c.seq.desc())
            .limit(1)
        )
    ).first()
    return (int(last.seq), str(last.seal)) if last else (0, GENESIS)


async def seal(connection: AsyncConnection, keys: Keys) -> tuple[int, str]:
    """Number and chain committed rows that have no seal yet; returns number and seal of the last one."""
    table = tables.audit_row
    seq, mac = await _head(connection)
    rows = await connection.execute(
        select(table).where(table.c.seq.is_(None)).order_by(table.c.id).limit(_BATCH)
    )
    for row in rows.mappings().all():
        seq += 1
        mac = seal_of(keys, mac, seq, dict(row))
        await connection.execute(update(table).where(table.c.id == row["id"]).values(seq=seq, seal=mac))
    return seq, mac


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the chain, at the row with this number."""

    seq: int
    what: str


@dataclass(frozen=True)
class Verification:
    """What a check of the whole chain found."""

    sealed: int
    unsealed: int
    findings: list[Finding]


async def verify(
    connection: AsyncConnection, keys: Keys, *, exported: tuple[int, str] | None = None
) -> Verification:
    """Check every seal, every number, and that the chain still contains the head exported before."""
    table = tables.audit_row
    before, expected, findings = GENESIS, 0, list[Finding]()
    seen_head = exported is None or exported[0] == 0
    while True:
        rows = (
            await connection.execute(
                select(table).where(table.c.seq > expected).order_by(table.c.seq).limit(_BATCH)
            )
        ).mappings()
        page = rows.all()
        for row in page:
            seq = int(row["seq"])
            if seq != expected + 1:
                findings.append(Finding(seq, f"rows {expected + 1} to {seq - 1} are gone"))
            elif seal_of(keys, before, seq, dict(row)) != row["seal"]:
                findings.append(Finding(seq, "content or seal was changed"))
            if exported is not None and seq == exported[0]:
                seen_head = row["seal"] == exported[1]
            before, expected = str(row["seal"]), seq
        if len(page) < _BATCH:
            break
    if not seen_head and exported is not None:
        findings.append(Finding(exported[0], "the chain does not contain the head exported before"))
    unsealed = (
        await connection.execute(select(func.count()).select_from(table).where(table.c.seq.is_(None)))
    ).scalar_one()
    return Verification(expected, int(unsealed), findings)
