"""Connections to SQLite and PostgreSQL behind one door each for writing and reading.

SQLite: one process holds the store, one connection writes, readers are query-only. PostgreSQL: one pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_LOOKED_AT = 1_000
"""Rows of each index that statistics are made from."""
_READERS = 4
_PATIENCE_MS = 5_000
LONGEST_STATEMENT_MS = 2_000
"""PostgreSQL gives up a statement that takes longer, waiting for others included."""
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "wal_autocheckpoint=0",
    "cache_size=-65536",
)
_READER_PRAGMAS = ("query_only=ON", "cache_size=-32768", "mmap_size=268435456")
_LONGEST_LOG = 32 * 1024 * 1024
"""Bytes of the WAL at which the writing connection, and no other, folds it into the store."""


class Database:
    """A store, opened. `write` gives a transaction that commits at the end; `read` a query-only one."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._write_turn = asyncio.Lock()
        if self.sqlite:
            self._log = Path(f"{self.url.database}-wal")
            file_url = self.url.set(drivername="sqlite+aiosqlite")
            self.writer = create_async_engine(
                file_url, pool_size=1, max_overflow=0, pool_reset_on_return=None, hide_parameters=True
            )
            self.reader = create_async_engine(
                file_url, pool_size=_READERS, max_overflow=0, hide_parameters=True
            )
            _prepare_sqlite(self.writer, _WRITER_PRAGMAS, begin="BEGIN IMMEDIATE")
            _prepare_sqlite(self.reader, _READER_PRAGMAS, begin="BEGIN")
        else:
            pg_url = self.url.set(drivername="postgresql+psycopg")
            options = {"options": f"-c statement_timeout={LONGEST_STATEMENT_MS} -c timezone=UTC"}
            self.writer = create_async_engine(
                pg_url, pool_size=10, max_overflow=0, connect_args=options, hide_parameters=True
            )
            self.reader = self.writer

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        if not self.sqlite:
            async with self.writer.begin() as connection:
                yield connection
            return
        async with self._write_turn:
            async with self.writer.begin() as connection:
                yield connection
            if self._log.exists() and self._log.stat().st_size > _LONGEST_LOG:
                await self._checkpoint()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A snapshot to read from."""
        async with self.reader.connect() as connection, connection.begin():
            yield connection

    async def look_at_statistics(self) -> None:
        """Let SQLite see how its tables are filled, or it overlooks the partial indexes of long queues.

        PostgreSQL does so by itself.
        """
        if self.sqlite:
            async with self.write() as connection:
                await connection.exec_driver_sql(f"PRAGMA analysis_limit={_LOOKED_AT}")
                await connection.exec_driver_sql("ANALYZE")

    async def close(self) -> None:
        """Close readers first, then fold the WAL into the store, then close the writer."""
        if self.reader is not self.writer:
            await self.reader.dispose()
        if self.sqlite:
            async with self._write_turn:
                await self._checkpoint()
        await self.writer.dispose()

    async def _checkpoint(self) -> None:
        async with self.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            # Whoever reads for long is not waited for: the log is folded after a later write.
            for pragma in ("busy_timeout=0", "wal_checkpoint(TRUNCATE)", f"busy_timeout={_PATIENCE_MS}"):
                cursor = await raw.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
                await cursor.close()


def _prepare_sqlite(engine: AsyncEngine, pragmas: tuple[str, ...], *, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN would be a deferred one; ours takes the write lock at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={_PATIENCE_MS}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def sqlite_url(path: str) -> URL:
    """The URL of a SQLite store at a path."""
    return URL.create("sqlite", database=path)
