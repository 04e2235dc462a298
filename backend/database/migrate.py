"""Brings a store to the tables this program expects; a SQLite store is copied before."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, make_url, pool

_SCRIPTS = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def _open(url: str | URL) -> Connection:
    url = make_url(url)
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return create_engine(url.set(drivername=driver), poolclass=pool.NullPool).connect()


def revision_of(connection: Connection) -> str | None:
    """The revision a store stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision this program expects."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def is_current(url: str | URL) -> bool:
    """Whether the store needs no migration."""
    with _open(url) as connection:
        return revision_of(connection) == newest()


def upgrade(url: str | URL, *, to: str = "head") -> Path | None:
    """Migrate the store; returns the copy made before, when there was a SQLite store to copy."""
    config = configuration()
    with _open(url) as connection:
        before = revision_of(connection)
        copied = _copy(make_url(url), before) if before and before != newest() else None
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()
    return copied


def downgrade(url: str | URL, *, to: str = "base") -> None:
    """Take migrations back, the newest first."""
    config = configuration()
    with _open(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()


def _copy(url: URL, revision: str) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    source = Path(url.database)
    target = source.with_name(f"{source.name}.before-{revision}")
    # Opened and closed by SQLite itself, so that a write-ahead log left behind is in the copy too.
    with _open(url) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(source, target)
    target.chmod(0o600)
    return target
