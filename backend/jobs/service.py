"""Time: one process at a time holds the lease and does what happens by itself.

Each job runs in units of its own; a job that fails is logged and tried again at its next turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from backend.audit.service import seal_new
from backend.database import tables
from backend.log import log, scrubbed
from backend.runtime import Runtime

LEASE = timedelta(seconds=15)
_TURN_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """Something done again and again by whoever holds the lease."""

    name: str
    every: timedelta
    run: Callable[[Runtime], Awaitable[object]]


def jobs() -> list[Job]:
    """All jobs of the backend."""
    from backend.audit.service import export_head
    from backend.billing.standings import refresh_standings
    from backend.matching.ask import remind_unanswered, return_unanswered
    from backend.matching.service import mark_breaches

    return [
        Job("audit.seal", timedelta(seconds=1), seal_new),
        Job("audit.export", timedelta(hours=1), export_head),
        Job("matching.breaches", timedelta(minutes=1), mark_breaches),
        Job("matching.reminders", timedelta(minutes=10), remind_unanswered),
        Job("matching.unanswered", timedelta(minutes=10), return_unanswered),
        Job("database.statistics", timedelta(hours=1), lambda runtime: runtime.database.look_at_statistics()),
        Job("billing.standings", timedelta(minutes=10), refresh_standings),
    ]


def long_jobs() -> list[Job]:
    """Jobs that may take minutes, and so stand in nobody's way: they have a worker of their own."""
    from backend.enrollment.files import go_on_with_files
    from backend.jobs.daily import run_when_open

    return [
        Job("enrollment.files", timedelta(seconds=1), go_on_with_files),
        Job("daily", timedelta(minutes=1), run_when_open),
    ]


class Worker:
    """Runs the jobs while this process holds the lease of that name."""

    def __init__(self, runtime: Runtime, todo: list[Job], *, name: str = "jobs") -> None:
        self._name = name
        self._runtime = runtime
        self._todo = todo
        self._holder = secrets.token_hex(8)
        self._lease_until: datetime | None = None
        self._due: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """End after the job at hand, and let the lease go."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._lease_until is not None:
            await self._set_lease(self._runtime.clock())

    async def _run(self) -> None:
        while True:
            try:
                await self.turn()
            except Exception as error:  # noqa: BLE001  (the store may be away; the next turn tries again)
                log().error("jobs", **scrubbed(error))
            await asyncio.sleep(_TURN_SECONDS)

    async def turn(self) -> list[str]:
        """Do what is due now, if the lease is ours; returns the names of the jobs done."""
        now = self._runtime.clock()
        if not await self._hold(now):
            return []
        done = []
        for job in self._todo:
            if now < self._due.get(job.name, now):
                continue
            self._due[job.name] = now + job.every
            try:
                await job.run(self._runtime)
            except Exception as error:  # noqa: BLE001  (one job must not stop the others)
                log().error("job", job=job.name, **scrubbed(error))
            else:
                done.append(job.name)
        return done

    async def _hold(self, now: datetime) -> bool:
        """Whether the lease is ours, renewed in good time."""
        if self._lease_until is not None and now < self._lease_until - LEASE / 2:
            return True
        held = await self._set_lease(now + LEASE)
        self._lease_until = now + LEASE if held else None
        return held

    async def _set_lease(self, until: datetime) -> bool:
        table, now = tables.job_lease, self._runtime.clock()
        async with self._runtime.database.write() as connection:
            insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
            await connection.execute(
                insert(table).values(name=self._name, holder="", lease_until=now).on_conflict_do_nothing()
            )
            free = or_(table.c.holder == self._holder, table.c.lease_until <= now)
            await connection.execute(
                update(table)
                .where(table.c.name == self._name, free)
                .values(holder=self._holder, lease_until=until)
            )
            holder = (
                await connection.execute(select(table.c.holder).where(table.c.name == self._name))
            ).scalar_one()
        return bool(holder == self._holder)
