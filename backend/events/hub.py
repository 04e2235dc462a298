"""The hub: reads the outbox table once for all streams of this process.

The table decides what was sent; a doorbell (a commit here, NOTIFY from another process, or a tick) only
says when to look, so no update is lost with a doorbell.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from api_client.types.events import Event
from api_client.types.words import EventKind
from backend.database import tables
from backend.database.engine import Database
from backend.log import log, scrubbed

_TICK_SECONDS = 2.0
"""How long an update from another process may wait when its doorbell was lost."""
_BACKLOG = 1000
"""Updates a desk may have missed before it is told to fetch everything anew."""


class EventHub:
    """Fans committed updates out to the open streams."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._bell = asyncio.Event()
        self._streams: set[asyncio.Queue[Event | None]] = set()
        self._last = 0
        self._task: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    async def start(self) -> None:
        """Begin after the newest update there is."""
        self._last = await self._newest()
        self._task = asyncio.create_task(self._pump(), name="events")
        if not self.database.sqlite:
            self._listener = asyncio.create_task(self._listen(), name="doorbell")

    async def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed.set()
        for stream in self._streams:
            stream.put_nowait(None)
        for task in (self._task, self._listener):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def closed_within(self, seconds: float) -> bool:
        """Wait that long at the most; True when the hub closed meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        return self._closed.is_set()

    def ring(self) -> None:
        """Something was committed: look now."""
        self._bell.set()

    async def stream(self, after: int | None) -> AsyncIterator[Event]:
        """Updates after a number, or from now on; a `reset` when too many were missed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._streams.add(queue)
        try:
            seen = await self._newest() if after is None else after
            async for event in self._missed(seen):
                seen = max(seen, event.seq)
                yield event
            while (event_or_end := await queue.get()) is not None:
                if event_or_end.seq > seen:
                    seen = event_or_end.seq
                    yield event_or_end
        finally:
            self._streams.discard(queue)

    async def _missed(self, after: int) -> AsyncIterator[Event]:
        newest = await self._newest()
        if after > newest or newest - after > _BACKLOG:
            yield Event(seq=newest, kind=EventKind.RESET)
            return
        for event in await self._since(after):
            yield event

    async def _newest(self) -> int:
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.max(tables.event.c.seq)))).scalar_one() or 0)

    async def _since(self, after: int) -> list[Event]:
        table = tables.event
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(table.c.seq, table.c.kind, table.c.subject, table.c.version)
                .where(table.c.seq > after)
                .order_by(table.c.seq)
                .limit(_BACKLOG)
            )
            return [Event.model_validate(dict(row)) for row in rows.mappings()]

    async def _pump(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):  # unlike wait_for, never swallows a cancel
                    await self._bell.wait()
            self._bell.clear()
            try:
                events = await self._since(self._last)
            except SQLAlchemyError as error:
                log().error("events", **scrubbed(error))
                continue
            for event in events:
                self._last = event.seq
                for stream in self._streams:
                    stream.put_nowait(event)

    async def _listen(self) -> None:
        """Hear other processes; when the connection breaks, the tick serves until it is back."""
        while True:
            try:
                await self._hear()
            except (SQLAlchemyError, psycopg.Error) as error:
                log().error("events", **scrubbed(error))
            await asyncio.sleep(_TICK_SECONDS)

    async def _hear(self) -> None:
        async with self.database.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            await driver.set_autocommit(True)
            await driver.execute("LISTEN kprep_event")
            async for _ in driver.notifies():
                self.ring()
