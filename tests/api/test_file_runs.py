"""Runs of enrollment files: stopped, broken off, taken over, gone on with."""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import httpx
import pytest
from sqlalchemy import select, update

from api_client.types.words import FileState, PartnerStatus
from backend.actors import SYSTEM
from backend.database import tables
from backend.enrollment import file_store, files, intake, lease, run
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Judgement
from backend.enrollment.edi.transaction import MemberTransaction
from backend.enrollment.file_members import MemberDoor
from backend.enrollment.files import go_on_with_files
from backend.enrollment.intake import Arrival
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import if_match, key, sign_in
from tests.edi_files import import_bytes, import_file, interchange, member
from tests.enrollments import add_group
from tests.listed import FAMILY, listed, on_file, put, running


async def test_a_file_can_be_stopped_and_goes_on_where_it_was(
    runtime: Runtime, api: httpx.AsyncClient, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(runtime)
    monkeypatch.setattr(run, "_BATCH_SECONDS", 0.0)
    rep = await sign_in(api, runtime)
    covered = ("HD*021**HMO**EMP~DTP*348*D8*20261201",)
    people = [listed(one, maintenance="021", reason="28", coverages=covered) for one in FAMILY]
    held = run.Run._note

    async def stop_after_three(self: run.Run, unit: Any, rows: Any) -> None:
        await held(self, unit, rows)
        if self.done == 3:
            table = tables.enrollment_file
            await unit.connection.execute(update(table).values(stop_asked=True))
            self._stop_asked = True

    monkeypatch.setattr(run.Run, "_note", stop_after_three)
    stopped = await import_file(runtime, people)
    assert (stopped.state, len(stopped.members)) == (FileState.STOPPED, 3)
    monkeypatch.setattr(run.Run, "_note", held)
    path = f"/v1/enrollment/files/{stopped.file}"
    version = (await api.get(path, headers=rep)).json()["version"]
    not_running = await api.post(f"{path}/stop", headers={**rep, **key()})
    assert not_running.status_code == 409
    on = await api.post(f"{path}/go-on", headers={**rep, **key(), **if_match(version)})
    assert (on.json()["state"], on.json()["done"]) == ("received", 3)
    # Stopped before anybody took it up, it stays where it is until a rep lets it go on again.
    at_once = (await api.post(f"{path}/stop", headers={**rep, **key()})).json()
    await go_on_with_files(runtime)
    assert ((await api.get(path, headers=rep)).json()["state"], at_once["done"]) == ("stopped", 3)
    await api.post(f"{path}/go-on", headers={**rep, **key(), **if_match(at_once["version"])})
    await go_on_with_files(runtime)
    shown = (await api.get(path, headers=rep)).json()
    assert (shown["state"], shown["done"], sum(shown["counts"].values())) == ("applied", 11, 11)


async def test_what_became_of_the_sender_meanwhile_changes_nothing_of_a_file_half_done(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await on_file(runtime)
    await put(runtime, PartnerStatus.PARALLEL)
    monkeypatch.setattr(run, "_BATCH_SECONDS", 0.0)
    lines = [listed(one) for one in FAMILY[:10]]
    lines.append(member(maintenance="030", reason="XN", ssn="900110001", subscriber_number="NEW"))
    steps = files.import_834(
        runtime, SYSTEM, io.BytesIO(interchange(lines, action="4")), request_id="TEST-TEST-TEST"
    )
    await anext(steps)
    await steps.aclose()
    await put(runtime, PartnerStatus.PRODUCTION)
    table = tables.enrollment_file
    async with runtime.database.write() as connection:
        await connection.execute(update(table).values(state=FileState.RECEIVED))
    await go_on_with_files(runtime)
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(table))).one()
        missing = (await connection.execute(select(tables.absence.c.subscriber_number))).scalars().all()
    assert (row.state, row.done, missing) == (FileState.RECONCILED, 11, ["S10"])


async def test_a_file_stays_with_who_is_at_it_however_long_a_step_takes(
    runtime: Runtime, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(runtime)
    monkeypatch.setattr(lease, "_SIGN_SECONDS", 0.001)
    loop, renewed, renew = asyncio.get_running_loop(), threading.Event(), file_store.renew
    others: list[str | None] = []

    async def sign(connection: Any, file_id: int, token: str, until: datetime) -> bool:
        mine = await renew(connection, file_id, token, until)
        if until > clock.now:
            loop.call_soon(renewed.set)
        return mine

    def judged_for_long(source: BinaryIO) -> Judgement:
        clock.move(timedelta(minutes=1))
        renewed.clear()
        assert renewed.wait(20)
        other = files._take_run(runtime, 1, stopped_too=False)
        others.append(asyncio.run_coroutine_threadsafe(other, loop).result(20))
        return inspect(source)

    monkeypatch.setattr(file_store, "renew", sign)
    monkeypatch.setattr(files, "inspect", judged_for_long)
    report = await import_file(runtime, [member(ssn="900110001")])
    assert (others, report.state) == ([None], FileState.APPLIED)


async def test_who_lost_a_file_to_another_process_tells_what_became_of_it(
    runtime: Runtime, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(runtime)
    loop, judgements = asyncio.get_running_loop(), 0

    def asleep_for_a_minute(source: BinaryIO) -> Judgement:
        nonlocal judgements
        judgements += 1
        if judgements == 1:
            clock.move(timedelta(minutes=1))
            asyncio.run_coroutine_threadsafe(go_on_with_files(runtime), loop).result(20)
        return inspect(source)

    monkeypatch.setattr(files, "inspect", asleep_for_a_minute)
    report = await import_file(runtime, [member(ssn="900110001")])
    assert (report.state, report.counts, judgements) == (FileState.APPLIED, {"applied": {"021": 1}}, 2)
    assert await running(runtime) == 1


async def test_a_file_that_nobody_can_deal_with_stops_and_lets_others_pass(
    runtime: Runtime, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(runtime)
    steps = files.import_834(
        runtime, SYSTEM, io.BytesIO(interchange([member(ssn="900110001")])), request_id="TEST-TEST-TEST"
    )
    row = MemberDoor.row

    async def broken(self: MemberDoor, ordinal: int, member: MemberTransaction) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(MemberDoor, "row", broken)
    with pytest.raises(ZeroDivisionError):
        await anext(steps)
    path = "/v1/enrollment/files/F-00001"
    rep = await sign_in(api, runtime)
    for _ in range(2):
        shown = (await api.get(path, headers=rep)).json()
        assert (shown["state"], shown["done"], shown["running"]) == ("stopped", 0, False)
        await api.post(f"{path}/go-on", headers={**rep, **key(), **if_match(shown["version"])})
        with pytest.raises(ZeroDivisionError):
            await go_on_with_files(runtime)
    await go_on_with_files(runtime)  # nothing is left on its way
    monkeypatch.setattr(MemberDoor, "row", row)
    report = await import_file(runtime, [member(ssn="900110001")])
    assert (report.file, report.state) == ("F-00001", FileState.APPLIED)


async def test_a_file_that_did_not_arrive_whole_says_so_and_is_read_again(
    runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    content = interchange([member(ssn="900110001")])
    arriving = intake.receive(
        runtime, SYSTEM, io.BytesIO(content), request_id="TEST-TEST-TEST", arrival=Arrival("a.834")
    )
    await anext(arriving)
    await arriving.aclose()  # as if the process had ended here
    clock.move(timedelta(minutes=1))
    await go_on_with_files(runtime)
    table = tables.enrollment_file
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(table.c.number, table.c.state, table.c.held_why))).one()
    assert (row.state, "did not arrive whole" in row.held_why) == ("stopped", True)
    clock.move(timedelta(minutes=1))
    again = await import_bytes(runtime, content)
    assert (again.file, again.state) == (row.number, FileState.APPLIED)
