"""The SQLite store under heavy writing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from backend.database import engine
from backend.database.engine import Database, sqlite_url

_MEGABYTE = 1024 * 1024


async def test_the_log_stays_short_however_much_is_written(tmp_path: Path) -> None:
    database = Database(sqlite_url(str(tmp_path / "store.db")))
    longest = 0
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE heap (data BLOB)"))
    for _ in range(12):
        async with database.write() as connection:
            await connection.execute(
                text("INSERT INTO heap VALUES (zeroblob(:size))"), {"size": 8 * _MEGABYTE}
            )
        log = tmp_path / "store.db-wal"
        longest = max(longest, log.stat().st_size if log.exists() else 0)
    await database.close()
    assert longest < 48 * _MEGABYTE
    assert (tmp_path / "store.db").stat().st_size > 90 * _MEGABYTE


async def test_nobody_who_writes_waits_for_somebody_who_reads_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_LONGEST_LOG", 4096)
    database = Database(sqlite_url(str(tmp_path / "store.db")))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE heap (data BLOB)"))
    async with database.read() as reading:
        assert (await reading.execute(text("SELECT count(*) FROM heap"))).scalar_one() == 0
        async with asyncio.timeout(2):
            for _ in range(3):
                async with database.write() as connection:
                    await connection.execute(text("INSERT INTO heap VALUES (zeroblob(9000))"))
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO heap VALUES (zeroblob(9000))"))
    assert (tmp_path / "store.db-wal").stat().st_size == 0
    await database.close()


async def test_what_the_store_refuses_is_said_without_what_was_to_be_written(tmp_path: Path) -> None:
    database = Database(sqlite_url(str(tmp_path / "store.db")))
    with pytest.raises(OperationalError) as refused:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": "Clara Pebblewick"})
    await database.close()
    assert "Pebblewick" not in str(refused.value)
