"""Whose a file is while it is worked on: a lease, held up by signs of life beside the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from backend.enrollment import file_store as store
from backend.log import log, scrubbed
from backend.runtime import Runtime

LEASE = timedelta(seconds=15)
"""How long a file is one process's without a sign of it."""
_SIGN_SECONDS = 4.0


@asynccontextmanager
async def held(runtime: Runtime, file_id: int, token: str) -> AsyncIterator[None]:
    """Show that somebody is at a file, however long a step of the work takes: judging a large file takes
    longer than a lease, and nobody may take it away in between."""
    over = asyncio.Event()
    signs = asyncio.create_task(_signs(runtime, file_id, token, over), name="file lease")
    try:
        yield
    finally:
        over.set()  # not cancelled: that could break off a transaction of the one writer
        await asyncio.shield(signs)


async def _signs(runtime: Runtime, file_id: int, token: str, over: asyncio.Event) -> None:
    """Renew the lease now and then, until the work is over or the file is another's."""
    while not over.is_set():
        try:
            async with asyncio.timeout(_SIGN_SECONDS):
                await over.wait()
        except TimeoutError:
            try:
                async with runtime.database.write() as connection:
                    mine = await store.renew(connection, file_id, token, runtime.clock() + LEASE)
            except (SQLAlchemyError, OSError) as error:  # the store may be away; the next sign tries again
                log().error("file lease", **scrubbed(error))
                continue
            if not mine:
                return
