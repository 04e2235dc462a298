"""834 files: taken by an operator's command, gone on with by whichever process keeps time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import BinaryIO

from sqlalchemy.exc import OperationalError

from api_client.types.enrollment import FileReport
from api_client.types.words import Channel, EventKind, FileState
from backend.actors import SYSTEM, Actor
from backend.enrollment import file_store as store
from backend.enrollment import file_view, intake, partner_store, partners, sealed
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Judgement
from backend.enrollment.intake import Arrival
from backend.enrollment.lease import LEASE, held
from backend.enrollment.run import NOBODY, Run, by_outcome
from backend.progress import Progress
from backend.runtime import Runtime

NOT_WHOLE = "It did not arrive whole: what sent it broke off. Have the same file read again."
_LOOK_AGAIN = 0.5
"""Seconds between two looks at a file that another process is at."""


async def import_834(
    runtime: Runtime,
    actor: Actor,
    source: BinaryIO,
    *,
    request_id: str,
    arrival: Arrival | None = None,
    dry_run: bool = False,
) -> AsyncGenerator[Progress | FileReport, None]:
    """Take a file: progress, and at the end the report with TA1, 999 and what became of each member.

    Ended before it is done, the file is stopped where it was; the same file again goes on from there.
    """
    arrival = Arrival() if arrival is None else arrival
    if dry_run:
        async for step in _dry(runtime, actor, source, request_id, arrival):
            yield step
        return
    received: intake.Received | None = None
    async for came in intake.receive(runtime, actor, source, request_id=request_id, arrival=arrival):
        if isinstance(came, intake.Received):
            received = came
    assert received is not None
    async with aclosing(_through(runtime, actor, request_id, received)) as steps:
        async for progress in steps:
            yield progress
    async with runtime.look(actor, request_id) as unit:
        report = await file_view.report_of(unit, await store.by_id(unit.connection, received.file_id))
    yield report


async def _through(
    runtime: Runtime, actor: Actor, request_id: str, received: intake.Received
) -> AsyncGenerator[Progress, None]:
    """Run the file, or follow whoever runs it, until nothing is left to do."""
    token = received.token or await _take_run(runtime, received.file_id, stopped_too=True)
    while True:
        if token is not None:
            async with aclosing(_run(runtime, actor, request_id, received.file_id, token)) as steps:
                async for progress in steps:
                    yield progress
        async with runtime.database.read() as connection:
            row = await store.by_id(connection, received.file_id)
        arrives = row.size or file_view.alive(row, runtime.clock())
        if row.state != FileState.RECEIVED or not arrives:
            return
        if token is None:  # another process is at it
            yield Progress(row.done, row.members)
            await asyncio.sleep(_LOOK_AGAIN)
        token = await _take_run(runtime, received.file_id, stopped_too=False)


async def _take_run(runtime: Runtime, file_id: int, *, stopped_too: bool) -> str | None:
    """Have the run of a file, unless somebody has it or nothing is left to do."""
    token = secrets.token_hex(16)
    async with runtime.database.write() as connection:
        now = runtime.clock()
        taken = await store.take_run(connection, file_id, token, now, now + LEASE, stopped_too=stopped_too)
    return token if taken is not None else None


async def _run(
    runtime: Runtime,
    actor: Actor,
    request_id: str,
    file_id: int,
    token: str,
    *,
    broken_off: FileState = FileState.STOPPED,
) -> AsyncGenerator[Progress, None]:
    """Run a file; `broken_off` is its state when this ends before its time."""
    async with runtime.database.read() as connection:
        row = await store.by_id(connection, file_id)
        partner = await partner_store.by_id(connection, row.partner_id) if row.partner_id else None
    source = sealed.opened(runtime, file_id, row.size)
    try:
        async with held(runtime, file_id, token):
            judgement = await runtime.in_thread(lambda: inspect(source))
            channel = Channel(row.channel)
            run = Run(runtime, actor, request_id, judgement, source, channel, partner, row, token)
            async for progress in run.go():
                yield progress
    except OperationalError:  # the store was away or busy: what goes on by itself tries again
        raise
    except Exception:
        broken_off = FileState.STOPPED  # it would end like this again, and stand in the way of other files
        raise
    finally:
        await asyncio.shield(_let_go(runtime, actor, request_id, file_id, token, broken_off))


async def _let_go(
    runtime: Runtime, actor: Actor, request_id: str, file_id: int, token: str, state: FileState
) -> None:
    """Leave a run that was broken off to whoever goes on; one that ended has let go already."""
    async with runtime.act(actor, request_id) as unit:
        row = await store.advance(unit.connection, file_id, token, {"state": state, **NOBODY})
        if row is not None:
            unit.audit("enrollment.file", "file", row.number, state=row.state, members=row.done)
            unit.emit(EventKind.FILE, row.number, row.version)


async def free_runs(runtime: Runtime) -> None:
    """Let go of runs that ended with their process: called by the one process that holds a store alone."""
    async with runtime.database.write() as connection:
        await store.free_runs(connection)


async def go_on_with_files(runtime: Runtime) -> None:
    """Go on with files that are on their way while nobody is at them: released ones, and those of a
    process that ended in their middle."""
    async with runtime.database.read() as connection:
        left = await store.left(connection, runtime.clock())
    for row in left:
        request_id = f"file-{row.number}"
        if not row.size:
            async with runtime.act(SYSTEM, request_id) as unit:
                values = {"state": FileState.STOPPED, "held_why": NOT_WHOLE, **NOBODY}
                broken = await store.break_off(unit.connection, row.id, unit.now, values)
                if broken is not None:
                    unit.audit("enrollment.file", "file", row.number, state=broken.state, members=0)
                    unit.emit(EventKind.FILE, row.number, broken.version)
        elif (token := await _take_run(runtime, row.id, stopped_too=False)) is not None:
            later = _run(runtime, SYSTEM, request_id, row.id, token, broken_off=FileState.RECEIVED)
            async with aclosing(later) as steps:
                async for _ in steps:
                    pass


# -- a dry run -------------------------------------------------------------------------------------


async def _dry(
    runtime: Runtime, actor: Actor, source: BinaryIO, request_id: str, arrival: Arrival
) -> AsyncGenerator[Progress | FileReport, None]:
    """Say everything, change and keep nothing; only that somebody looked is on record."""
    judgement = await runtime.in_thread(lambda: inspect(source))
    async with runtime.act(actor, request_id) as unit:
        partner = await partners.of_sender(unit, intake.sender_of(judgement))
        unit.audit("enrollment.file_dry_run", "file", judgement.sha256[:16])
    if not judgement.accepted:
        yield _dry_report(judgement, None)
        return
    run = Run(runtime, actor, request_id, judgement, source, arrival.channel, partner)
    async for progress in run.go():
        yield progress
    yield _dry_report(judgement, run)


def _dry_report(judgement: Judgement, run: Run | None) -> FileReport:
    rejected = judgement.interchange is None or judgement.ta1 == "R"
    refused = FileState.ENVELOPE_REJECTED if rejected else FileState.STRUCTURE_REJECTED
    return FileReport(
        **file_view.judged_report(intake.judged(judgement)),
        state=FileState.EDITED if run is not None else refused,
        kind=run.kind if run is not None else None,
        test=judgement.test,
        applied=False,
        held_why=run.held_why if run is not None else "",
        members=[file_view.report_member(row) for row in run.listed] if run else [],
        absent=run.absent if run is not None else [],
        counts=by_outcome(run.counts) if run is not None else {},
    )
