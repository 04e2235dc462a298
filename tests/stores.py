"""Real stores for the tests: SQLite files and databases of a PostgreSQL server started here."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, create_engine, pool, text

from backend.database.engine import sqlite_url
from backend.database.migrate import upgrade


def postgresql_binaries() -> Path | None:
    """Where PostgreSQL's own programs are on this machine, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda at: int(at.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; everyone else runs it as themselves."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", "postgres", "--", *command]


@dataclass
class PostgreSQL:
    """A server on a Unix socket in a folder of its own, with one migrated database as a template."""

    folder: Path
    _made: int = field(default=0)

    def url(self, database: str) -> URL:
        """URL of one of its databases."""
        return URL.create(
            "postgresql", username="postgres", database=database, query={"host": str(self.folder)}
        )

    def fresh(self) -> URL:
        """A new database with all tables and nothing in them."""
        self._made += 1
        name = f"store_{os.getpid()}_{self._made}"
        engine = create_engine(
            self.url("postgres").set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated"))
        return self.url(name)


@contextlib.contextmanager
def running_postgresql(binaries: Path) -> Iterator[PostgreSQL]:
    """A PostgreSQL server that lives as long as the block."""
    # Unix socket paths are limited to about 100 bytes, so the folder's name is short.
    folder = Path(tempfile.mkdtemp(prefix="kpg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(_as_postgres([*initdb, "--locale=C", "-N"]), check=True, capture_output=True)
    # Durability is the subject of other proofs; here the server itself is what is wanted.
    options = (
        f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=200"
    )
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-s"]
    start = [*control, "-l", str(folder / "log"), "-o", options, "start"]
    try:
        subprocess.run(_as_postgres(start), check=True, capture_output=True)
        server = PostgreSQL(folder)
        engine = create_engine(
            server.url("postgres").set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE migrated"))
        upgrade(server.url("migrated"))
        yield server
    finally:
        subprocess.run(_as_postgres([*control, "-m", "immediate", "stop"]), check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


class SQLiteStores:
    """Copies of one migrated SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        upgrade(sqlite_url(str(folder / "migrated.db")))

    def fresh(self) -> URL:
        """A new store with all tables and nothing in them."""
        self._made += 1
        path = self._folder / f"store-{self._made}.db"
        shutil.copy(self._folder / "migrated.db", path)
        return sqlite_url(str(path))
