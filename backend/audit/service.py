"""Audit rows of reads (group commit), the sealer that chains rows, and the check of the chain.

45 CFR 164.312(b) asks for a record of activity, 164.312(c) for its integrity.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.problems import ProblemType
from backend.database import tables
from backend.database.engine import Database
from backend.database.unit import write_call_acts
from backend.keys import Keys
from backend.problems import Problem

if TYPE_CHECKING:
    from backend.runtime import Runtime

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
_SPOKEN = re.compile(r"\s*[A-Za-z2-7]{4}([\s-]*[A-Za-z2-7]{4}){2}\s*")
"""A reference as somebody types it who hears it read aloud."""
GENESIS = "0" * 64
HEAD_FILE = "audit-heads"


class ReadAudit:
    """Writes the audit rows of reads before their answers leave, many reads in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: list[dict[str, Any]] = []
        self._call_acts: list[dict[str, Any]] = []
        self._flight: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def write(self, rows: list[dict[str, Any]], call_acts: Sequence[dict[str, Any]] = ()) -> None:
        """Return once the rows are durable, and what was read in calls with them."""
        self._rows.extend(rows)
        self._call_acts.extend(call_acts)
        if self._next is None:
            self._next = asyncio.create_task(self._commit(self._flight))
        await asyncio.shield(self._next)

    async def _commit(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        # Everyone who comes from here on waits for the next commit; all before share this one.
        self._flight, self._next = self._next, None
        rows, self._rows = self._rows, []
        call_acts, self._call_acts = self._call_acts, []
        async with self._database.write() as connection:
            await connection.execute(insert(tables.audit_row), rows)
            await write_call_acts(connection, call_acts)


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


async def seal(connection: AsyncConnection, keys: Keys) -> int:
    """Number and chain committed rows that have no seal yet, up to a batch; returns how many."""
    table = tables.audit_row
    seq, mac = await _head(connection)
    waiting = await connection.execute(
        select(table).where(table.c.seq.is_(None)).order_by(table.c.id).limit(_BATCH)
    )
    sealed: list[dict[str, Any]] = []
    for row in waiting.mappings():
        seq += 1
        mac = seal_of(keys, mac, seq, dict(row))
        sealed.append({"row": row["id"], "new_seq": seq, "new_seal": mac})
    if sealed:
        change = update(table).where(table.c.id == bindparam("row"))
        await connection.execute(change.values(seq=bindparam("new_seq"), seal=bindparam("new_seal")), sealed)
    return len(sealed)


async def seal_new(runtime: Runtime) -> None:
    """Seal whatever waits; an idle store is only read."""
    waiting = select(tables.audit_row.c.id).where(tables.audit_row.c.seq.is_(None)).limit(1)
    async with runtime.database.read() as connection:
        if (await connection.execute(waiting)).first() is None:
            return
    more = _BATCH
    while more == _BATCH:
        async with runtime.database.write() as connection:
            more = await seal(connection, runtime.keys)


async def export_head(runtime: Runtime) -> None:
    """Append number and seal of the last row to a file beside the store, so that a cut chain shows."""
    if runtime.folder is None:
        return
    async with runtime.database.read() as connection:
        seq, mac = await _head(connection)
    line = f"{seq} {mac} {runtime.clock().isoformat()}\n"
    await runtime.in_thread(partial(_append, runtime.folder / HEAD_FILE, line))


def exported_head(folder: Path) -> tuple[int, str] | None:
    """The head exported last, if any."""
    file = folder / HEAD_FILE
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    if not lines:
        return None
    seq, mac, _ = lines[-1].split()
    return int(seq), mac


def _append(path: Path, line: str) -> None:
    with open(path, "a", encoding="ascii", opener=_private) as file:
        file.write(line)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Finding(BaseModel):
    """One thing wrong with the chain, at the row with this number."""

    seq: int
    what: str


class Verification(BaseModel):
    """What a check of the whole chain found."""

    sealed: int
    unsealed: int
    findings: list[Finding]


async def verify(
    connection: AsyncConnection, keys: Keys, *, exported: tuple[int, str] | None = None
) -> Verification:
    """Check every seal, every number, and that the chain still contains the head exported before."""
    table = tables.audit_row
    before, expected = GENESIS, 0
    findings: list[Finding] = []
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
                findings.append(Finding(seq=seq, what=f"rows {expected + 1} to {seq - 1} are gone"))
            elif seal_of(keys, before, seq, dict(row)) != row["seal"]:
                findings.append(Finding(seq=seq, what="content or seal was changed"))
            if exported is not None and seq == exported[0]:
                seen_head = row["seal"] == exported[1]
            before, expected = str(row["seal"]), seq
        if len(page) < _BATCH:
            break
    if not seen_head and exported is not None:
        findings.append(Finding(seq=exported[0], what="the chain does not contain the head exported before"))
    unsealed = (
        await connection.execute(select(func.count()).select_from(table).where(table.c.seq.is_(None)))
    ).scalar_one()
    return Verification(sealed=expected, unsealed=int(unsealed), findings=findings)


class Reference(BaseModel):
    """Everything this backend knows about one reference a rep read out."""

    reference: str
    log: list[str]
    audit: list[str]


async def find_reference(runtime: Runtime, reference: str) -> Reference:
    """The log lines and audit rows of one request. Raises INVALID when it is no reference."""
    if not _SPOKEN.fullmatch(reference):
        raise Problem(ProblemType.INVALID, "A reference looks like ABCD-EFGH-2345.")
    reference = "-".join(re.findall("[A-Z2-7]{4}", reference.upper()))
    table = tables.audit_row
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(table).where(table.c.request_id == reference).order_by(table.c.id)
        )
        audit = [
            f"{row.at.isoformat()} {row.actor_kind}:{row.actor} {row.action} {row.subject_kind} {row.subject}"
            for row in rows
        ]
    lines = await runtime.in_thread(partial(_log_lines, runtime.folder, reference)) if runtime.folder else []
    return Reference(reference=reference, log=lines, audit=audit)


def _log_lines(folder: Path, reference: str) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.glob("backend.log*"), reverse=True):
        with open(path, encoding="utf-8", errors="replace") as file:
            found += [line.rstrip("\n") for line in file if reference in line]
    return found
