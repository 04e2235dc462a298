"""What one backend process holds: store, policy, keys, clock, and the doors to units of work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from backend.actors import Actor
from backend.audit.service import ReadAudit
from backend.database import tables
from backend.database.engine import Database
from backend.database.unit import Unit
from backend.events.hub import EventHub
from backend.keys import Keys
from backend.matching.index import ensure_current
from backend.policy.calendar import Calendar
from backend.policy.policy import Policy
from backend.search.index import ensure_current as ensure_words

Clock = Callable[[], datetime]
T = TypeVar("T")


def system_clock() -> datetime:
    """The machine's clock, in UTC; the one place that reads it."""
    return datetime.now(UTC)  # noqa: TID251


@dataclass
class Presence:
    """Counts the desks that hold this process open."""

    count: int = 0
    seen: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Count one desk while the block runs."""
        self.count += 1
        self.seen = True
        self.changed.set()
        try:
            yield
        finally:
            self.count -= 1
            self.changed.set()


@dataclass
class Runtime:
    """One open backend. `act` is a unit that writes and commits, `look` one that only reads."""

    database: Database
    policy: Policy
    calendar: Calendar
    keys: Keys
    clock: Clock
    hub: EventHub
    read_audit: ReadAudit
    threads: ThreadPoolExecutor
    demo: bool = False
    folder: Path | None = None
    """Where this process keeps its log and the exported audit heads."""
    presence: Presence = field(default_factory=Presence)

    @asynccontextmanager
    async def act(
        self,
        actor: Actor,
        request_id: str,
        context: str = "",
        *,
        day: date | None = None,
        run_day: date | None = None,
    ) -> AsyncIterator[Unit]:
        """A unit whose changes, audit rows and events are committed together when the block ends.

        `day` is the day it lives, and `run_day` that of the daily run, where they are not today.
        """
        async with self.database.write() as connection:
            unit = self._unit(connection, actor, request_id, context, writes=True)
            unit.day, unit.run_day = day, run_day
            yield unit
            told = await unit.write_outbox()
        if told:
            self.hub.ring()

    @asynccontextmanager
    async def look(self, actor: Actor, request_id: str, context: str = "") -> AsyncIterator[Unit]:
        """A unit that only reads; its audit rows are durable when the block has ended."""
        async with self.database.read() as connection:
            unit = self._unit(connection, actor, request_id, context, writes=False)
            yield unit
        if unit.audit_rows:
            await self.read_audit.write(unit.audit_rows, unit.call_acts)

    def _unit(self, connection: object, actor: Actor, request_id: str, context: str, *, writes: bool) -> Unit:
        return Unit(
            connection,  # type: ignore[arg-type]
            actor,
            self.clock(),
            request_id,
            self.policy,
            self.calendar,
            self.keys,
            writes,
            context,
        )

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run blocking work (password hashing, files) in the bounded pool."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    async def close(self) -> None:
        """Close streams, then the store."""
        await self.hub.close()
        await self.database.close()
        self.threads.shutdown(wait=False, cancel_futures=True)


async def store_facts(database: Database) -> dict[str, str]:
    """Facts about the store itself, such as whether it is a demo and its clock offset."""
    async with database.read() as connection:
        rows = await connection.execute(select(tables.store_fact.c.name, tables.store_fact.c.value))
        return {str(row.name): str(row.value) for row in rows}


def offset_clock(clock: Clock, microseconds: int) -> Clock:
    """A clock moved by the offset kept in a demo store, so that its 48-hour clocks are fresh."""
    if not microseconds:
        return clock
    offset = timedelta(microseconds=microseconds)
    return lambda: clock() + offset


async def open_runtime(
    database: Database,
    policy: Policy,
    keys: Keys,
    *,
    clock: Clock = system_clock,
    folder: Path | None = None,
) -> Runtime:
    """Open a migrated store and start its hub."""
    facts = await store_facts(database)
    hub = EventHub(database)
    await hub.start()
    runtime = Runtime(
        database=database,
        policy=policy,
        calendar=Calendar(policy),
        keys=keys,
        clock=offset_clock(clock, int(facts.get("clock_offset_us", "0"))),
        hub=hub,
        read_audit=ReadAudit(database),
        threads=ThreadPoolExecutor(max_workers=2, thread_name_prefix="kprep"),
        demo=facts.get("demo") == "yes",
        folder=folder,
    )
    await ensure_current(runtime)
    await ensure_words(runtime)
    return runtime
