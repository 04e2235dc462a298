"""The backend as a process of its own: a socket, a stream of updates, an operator's command beside it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from api_client.client import KprepClient
from api_client.errors import NoAnswer
from api_client.types.events import Event
from tests.csv_files import group, group_file

PASSWORD = "correct horse battery"
ENDED = (0, -signal.SIGTERM)
"""The server raises the signal again once it has closed everything in order."""


def command(*arguments: str, data: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run an operator's command on this store."""
    line = [sys.executable, "-m", "backend", *arguments, "--data", str(data)]
    return subprocess.run(line, input=given, capture_output=True, timeout=60, check=False)


@contextmanager
def serving(data: Path, socket: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A backend that answers on the socket; it is ended at the end."""
    line = [sys.executable, "-m", "backend", "serve", "--data", str(data), "--socket", str(socket)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in ENDED


@asynccontextmanager
async def at_desk(socket: Path) -> AsyncIterator[KprepClient]:
    """A client once the backend answers, signed in as m.lopez."""
    client = KprepClient(socket=socket)
    async with asyncio.timeout(30):
        while True:
            try:
                await client.session.hello()
                break
            except NoAnswer:
                continue
    await client.session.sign_in("m.lopez", password=PASSWORD, station="desk-1")
    yield client
    await client.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store with one rep."""
    folder = tmp_path / "store"
    made = command("create-rep", "m.lopez", data=folder, given=PASSWORD.encode() + b"\n")
    assert made.returncode == 0, made.stderr.decode()
    return folder


async def _import_groups(data: Path, *numbers: str) -> dict[str, object]:
    rows = group_file(*(group(number) for number in numbers))
    file = data.parent / "groups.csv"
    file.write_bytes(rows)
    done = await asyncio.to_thread(command, "import-groups", str(file), "--json", data=data)
    assert done.returncode == 0, done.stderr.decode()
    report: dict[str, object] = json.loads(done.stdout)
    return report


async def _heard(client: KprepClient, started: asyncio.Event, subject: str) -> list[Event]:
    """Updates up to the one about the subject."""
    events: list[Event] = []
    started.set()
    async for event in client.events.stream():
        events.append(event)
        if event.subject == subject:
            break
    return events


async def test_a_command_beside_a_running_backend_is_done_by_it_and_every_desk_hears(data: Path) -> None:
    socket = data.parent / "desk.sock"
    with serving(data, socket):
        async with at_desk(socket) as client:
            started = asyncio.Event()
            listening = asyncio.create_task(_heard(client, started, "900101"))
            await started.wait()
            async with asyncio.timeout(60):
                report = await _import_groups(data, "900100", "900101")
                assert report["added"] == 2
                events = await listening
            assert [event.subject for event in events][-1] == "900101"
            found = await client.search.find("9001")
            assert [row.id for row in found.results] == ["900100", "900101"]


async def test_a_stream_goes_on_where_the_last_one_broke(data: Path) -> None:
    socket = data.parent / "desk.sock"
    async with asyncio.timeout(90):
        with serving(data, socket):
            async with at_desk(socket) as client:
                started = asyncio.Event()
                first = asyncio.create_task(_heard(client, started, "900100"))
                await started.wait()
                await _import_groups(data, "900100")
                await first
                await _import_groups(data, "900101", "900102")
                again = await _heard(client, asyncio.Event(), "900102")
                assert [event.subject for event in again] == ["900101", "900102"]


async def test_the_store_and_its_folder_are_this_users_alone(data: Path) -> None:
    socket = data.parent / "desk.sock"
    with serving(data, socket):
        async with at_desk(socket):
            places = [data, socket, *os.scandir(data)]
            open_to_others = [str(place) for place in places if os.stat(place).st_mode & 0o077]
    assert open_to_others == []


async def test_a_backend_with_an_open_stream_still_ends_at_once(data: Path) -> None:
    socket = data.parent / "desk.sock"
    with serving(data, socket) as process:
        async with at_desk(socket) as client:
            started = asyncio.Event()
            listening = asyncio.create_task(_heard(client, started, "nothing"))
            await started.wait()
            await client.session.show()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 10) in ENDED
            with contextlib.suppress(NoAnswer):
                assert await listening == []
