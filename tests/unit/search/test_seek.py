"""No walk reads a table from end to end, on either database."""

from __future__ import annotations

from sqlalchemy import URL, create_engine, pool, text

from backend.search.seek import Walk, Way, postgresql_statement, sqlite_statement

WALKS = [Walk(way, "A", "B", "1980-01-01") for way in Way]


def test_every_walk_goes_through_an_index(database_url: URL) -> None:
    sqlite = database_url.get_backend_name() == "sqlite"
    driver = "sqlite" if sqlite else "postgresql+psycopg"
    engine = create_engine(database_url.set(drivername=driver), poolclass=pool.NullPool)
    with engine.connect() as connection:
        if sqlite:
            for walk in WALKS:
                statement, values = sqlite_statement([walk], 20)
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values)).all()
                steps = [row.detail for row in plan]
                assert any(step.startswith("SEARCH") for step in steps), (walk.way, steps)
                assert not any(step.startswith("SCAN") and "subquery" not in step for step in steps), steps
        else:
            connection.execute(text("SET enable_seqscan = off"))  # what an empty table would be read by
            for walk in WALKS:
                statement, asked = postgresql_statement([walk], 20)
                plan = connection.execute(text(f"EXPLAIN {statement}"), asked).scalars().all()
                steps = [line.strip() for line in plan]
                assert any("Index Cond" in step for step in steps), (walk.way, steps)
                assert not any("Seq Scan" in step for step in steps), (walk.way, steps)
