"""The migrations make exactly the tables the program expects, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import URL, create_engine, inspect, pool, text

from backend.database.engine import sqlite_url
from backend.database.migrate import downgrade, is_current, newest, upgrade
from backend.database.tables import metadata


def _engine_url(url: URL) -> URL:
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return url.set(drivername=driver)


def test_migrations_and_tables_say_the_same(database_url: URL) -> None:
    engine = create_engine(_engine_url(database_url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_migration_can_be_taken_back(database_url: URL) -> None:
    downgrade(database_url)
    engine = create_engine(_engine_url(database_url), poolclass=pool.NullPool)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(database_url)
    upgrade(database_url)
    assert is_current(database_url)
    with engine.connect() as connection:
        series = connection.execute(text("SELECT count(*) FROM number_series")).scalar_one()
        assert series == 16


def test_files_that_came_again_stand_in_no_way_of_taking_a_migration_back(database_url: URL) -> None:
    engine = create_engine(_engine_url(database_url), poolclass=pool.NullPool)
    columns = "number, name, channel, sender, receiver, control_number, sha256, received_at, report"
    with engine.begin() as connection:
        for number, state, registered in (("F-1", "applied", "true"), ("F-2", "duplicate", "false")):
            values = f"'{number}', '', '834', 'ZZ/A', 'ZZ/B', '1', 'x', 1, '{{}}'"
            connection.execute(
                text(
                    f"INSERT INTO enrollment_file ({columns}, state, registered) "
                    f"VALUES ({values}, '{state}', {registered})"
                )
            )
    downgrade(database_url, to="0002")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT state FROM enrollment_file")).scalars().all()
    assert kept == ["done"]


def test_a_store_is_copied_before_a_migration_touches_it(tmp_path: Path) -> None:
    url = sqlite_url(str(tmp_path / "store.db"))
    assert upgrade(url) is None
    engine = create_engine(_engine_url(url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        connection.execute(text("INSERT INTO store_fact (name, value) VALUES ('mark', 'before')"))
    copied = tmp_path / "store.db.before-0000"
    # Revision 0000 is unknown, so the migration itself cannot go on; the copy stands all the same.
    with pytest.raises(CommandError, match="0000"):
        upgrade(url)
    with create_engine(f"sqlite:///{copied}", poolclass=pool.NullPool).connect() as connection:
        assert (
            connection.execute(text("SELECT value FROM store_fact WHERE name = 'mark'")).scalar_one()
            == "before"
        )
    assert copied.stat().st_mode & 0o077 == 0
    assert newest() != "0000"
