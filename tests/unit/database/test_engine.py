"""The SQLite store under heavy writing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

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
