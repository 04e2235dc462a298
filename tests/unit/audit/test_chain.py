"""The record of who did and saw what: every later change to it shows."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from backend.audit import service
from backend.database import tables
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import operator_unit

ROWS = 60
COLUMNS = ["at", "actor", "action", "subject", "context", "request_id", "details"]


async def _fill(runtime: Runtime, count: int = ROWS) -> None:
    async with operator_unit(runtime) as unit:
        for number in range(count):
            unit.audit("account.show", "account", f"10{number:04d}", place=number)


async def _verify(runtime: Runtime) -> service.Verification:
    async with runtime.database.read() as connection:
        exported = service.exported_head(runtime.folder) if runtime.folder else None
        return await service.verify(connection, runtime.keys, exported=exported)


async def test_a_sealed_record_is_whole_and_says_what_is_not_sealed_yet(runtime: Runtime) -> None:
    await _fill(runtime)
    await service.seal_new(runtime)
    await _fill(runtime, 3)
    found = await _verify(runtime)
    assert (found.sealed, found.unsealed, found.findings) == (ROWS, 3, [])


async def test_every_tampering_with_one_row_is_found(runtime: Runtime) -> None:
    await _fill(runtime)
    await service.seal_new(runtime)
    dice = random.Random(20261120)
    for _ in range(150):
        seq = dice.randint(1, ROWS)
        act = dice.choice(["change", "delete", "swap", "reseal"])
        if seq == ROWS and act == "delete":
            continue  # a cut end shows against the exported head; see the test below
        async with runtime.database.writer.connect() as connection:
            table, at = tables.audit_row, {"seq": seq}
            transaction = await connection.begin()
            if act == "change":
                column = dice.choice(COLUMNS)
                value = "1" if column == "at" else "'other'"
                await connection.execute(
                    text(f"UPDATE audit_row SET {column} = {value} WHERE seq = :seq"), at
                )
            elif act == "delete":
                await connection.execute(table.delete().where(table.c.seq == seq))
            elif act == "swap":
                other = dice.choice([n for n in range(1, ROWS + 1) if n != seq])
                await connection.execute(table.update().where(table.c.seq == seq).values(seq=-1))
                await connection.execute(table.update().where(table.c.seq == other).values(seq=seq))
                await connection.execute(table.update().where(table.c.seq == -1).values(seq=other))
            else:
                await connection.execute(table.update().where(table.c.seq == seq).values(seal="0" * 64))
            found = await service.verify(connection, runtime.keys)
            await transaction.rollback()
        assert found.findings, (act, seq)
    assert (await _verify(runtime)).findings == []


async def test_a_cut_end_shows_against_the_exported_head(runtime: Runtime, tmp_path: Path) -> None:
    runtime.folder = tmp_path
    await _fill(runtime)
    await service.seal_new(runtime)
    await service.export_head(runtime)
    async with runtime.database.write() as connection:
        await connection.execute(tables.audit_row.delete().where(tables.audit_row.c.seq > ROWS - 5))
    found = await _verify(runtime)
    assert [finding.what for finding in found.findings] == [
        "the chain does not contain the head exported before"
    ]


async def test_a_read_is_on_record_before_its_answer_leaves(runtime: Runtime) -> None:
    actor = service.__name__
    async with operator_unit(runtime) as unit:
        actor = unit.actor.name
        operator = unit.actor
    async with runtime.look(operator, "READ-READ-READ") as unit:
        unit.audit("account.show", "account", "104233")
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(tables.audit_row))).one()
    assert (row.actor, row.action, row.subject) == (actor, "account.show", "104233")


async def test_a_failed_act_leaves_neither_change_nor_record(runtime: Runtime) -> None:
    async def act() -> None:
        async with operator_unit(runtime) as unit:
            unit.audit("account.change", "account", "104233")
            await unit.connection.execute(insert(tables.store_fact).values(name="half", value="done"))
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        await act()
    async with runtime.database.read() as connection:
        assert (await connection.execute(select(tables.audit_row))).first() is None
        assert (
            await connection.execute(select(tables.store_fact).where(tables.store_fact.c.name == "half"))
        ).first() is None


async def test_a_reference_leads_to_what_happened_under_it(
    runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    runtime.folder = tmp_path
    (tmp_path / "backend.log").write_text('{"request_id": "TEST-TEST-TEST", "status": 500}\n{}\n')
    clock.move(timedelta(hours=1))
    await _fill(runtime, 1)
    found = await service.find_reference(runtime, "TEST-TEST-TEST")
    assert found.log == ['{"request_id": "TEST-TEST-TEST", "status": 500}']
    assert found.audit == ["2026-11-20T18:41:00+00:00 operator:tester account.show account 100000"]
