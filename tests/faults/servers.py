"""Real backend processes on loopback that are killed in the middle of their work, and time that jumps."""

from __future__ import annotations

import asyncio
import itertools
import re
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

import backend.policy
from backend.database.engine import sqlite_url
from backend.home import Home

LEASE = timedelta(minutes=1)
_JUMP = LEASE + timedelta(seconds=1)
_START_SECONDS = 60.0
_POLL_SECONDS = 0.05
_LEAST_ANSWERED = 20
"""Calls answered between two kills, so that the work goes on on a busy machine too."""
_CHANGES = {
    "matching.lease_minutes": LEASE // timedelta(minutes=1),
    "matching.questions_without_lead": 1000,
    "session.idle_end_minutes": 100_000,
    "session.end_hours": 10_000,
    "sign_in.tries": 1000,
}
"""The policy of a proof: short claims, and sessions that outlive every jump of the clock."""


def write_policy(folder: Path) -> Path:
    """California's policy with the changes above, in a file of its own."""
    content = Path(backend.policy.__file__).with_name("california.toml").read_text(encoding="utf-8")
    for name, value in _CHANGES.items():
        content, changed = re.subn(rf"(\[{re.escape(name)}\]\nvalue = )\S+", rf"\g<1>{value}", content)
        assert changed == 1, name
    file = folder / "proof.toml"
    file.write_text(content, encoding="utf-8")
    return file


def free_port() -> int:
    """A port of the loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Servers:
    """The processes of one backend, each on a port it keeps from start to start."""

    home: Home
    policy: Path
    count: int
    kills: int = 0
    ports: list[int] = field(init=False)
    _running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    jumps: int = 0
    calm: bool = False
    """No more kills, and no more jumps of the clock, are to come."""
    up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while all of them run."""
    _jumped: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ports = [free_port() for _ in range(self.count)]

    async def start(self) -> None:
        """Start whatever does not run, and wait until it answers."""
        missing = [which for which in range(self.count) if which not in self._running]
        await asyncio.gather(*(self._start(which) for which in missing))
        self.up.set()

    async def _start(self, which: int) -> None:
        line = [sys.executable, "-m", "backend", "serve", "--data", str(self.home.folder)]
        line += ["--port", str(self.ports[which]), "--policy", str(self.policy), *self.database()]
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*line, stdin=nowhere, stdout=nowhere, stderr=nowhere)
        self._running[which] = process
        async with asyncio.timeout(_START_SECONDS):
            while not await _answers(self.ports[which]):
                assert process.returncode is None, f"server {which} ended by itself, see its log"
                await asyncio.sleep(_POLL_SECONDS)

    def database(self) -> Sequence[str]:
        """The option that names the database to an operator's command."""
        if self.home.embedded:
            return ()
        return ("--database", self.home.database.render_as_string(hide_password=False))

    async def kill(self, *which: int) -> None:
        """End these at once, with whatever they are at (SIGKILL)."""
        self.up.clear()
        for one in which:
            process = self._running.pop(one)
            assert process.returncode is None, f"server {one} ended by itself"
            process.send_signal(signal.SIGKILL)
            await process.wait()
            self.kills += 1

    async def stop(self) -> None:
        """End all in good order."""
        self.up.clear()
        for process in self._running.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            await asyncio.wait_for(process.wait(), 30)
        self._running.clear()

    async def end(self) -> None:
        """End whatever still runs, at once."""
        for process in self._running.values():
            if process.returncode is None:
                process.kill()
                await process.wait()
        self._running.clear()

    async def rage(
        self,
        every: float,
        done: asyncio.Event,
        answered: Callable[[], int],
        *,
        jump_every: int,
        turns: int | None = None,
    ) -> None:
        """Kill one after the other every so many seconds until `done`; now and then all, and time jumps.

        Claims that were alive have lapsed after a jump: all clocks stand the same time later. With `turns` it
        ends after so many, the last with a jump, and nobody should wait for another. Where the machine is so
        busy that hardly anything is answered in that time, it waits until something was.
        """
        for turn in itertools.count(1):
            least = answered() + _LEAST_ANSWERED
            over = await within(done, every)
            while not over and answered() < least:
                over = await within(done, _POLL_SECONDS)
            if over:
                return
            self.calm = turn == turns
            jumps = self.calm or turn % jump_every == 0
            await self.kill(*(range(self.count) if jumps else [turn % self.count]))
            if jumps:
                await asyncio.to_thread(self._jump)
            await self.start()
            if jumps:
                self.jumps += 1
                self._jumped.set()
                self._jumped = asyncio.Event()
            if self.calm:
                return

    def _jump(self) -> None:
        """Put the store's clock forward while nobody has it open."""
        url = self.home.database
        sync = url if self.home.embedded else url.set(drivername="postgresql+psycopg")
        microseconds = (self.jumps + 1) * _JUMP // timedelta(microseconds=1)
        engine = create_engine(sync)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM store_fact WHERE name = 'clock_offset_us'"))
            connection.execute(
                text("INSERT INTO store_fact (name, value) VALUES ('clock_offset_us', :us)"),
                {"us": str(microseconds)},
            )
        engine.dispose()

    async def jump(self) -> None:
        """Wait for the next jump of the clock."""
        await self._jumped.wait()

    async def verify_audit(self) -> tuple[int, str]:
        """Exit status and report of `kprep-backend audit verify` on the store, once all are stopped."""
        line = [sys.executable, "-m", "backend", "audit", "verify", "--data", str(self.home.folder), "--json"]
        process = await asyncio.create_subprocess_exec(
            *line,
            *self.database(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        return await process.wait(), out.decode()


def sqlite_home(folder: Path) -> Home:
    """A folder with an embedded store."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Home(folder, sqlite_url(str(folder / "store.db")))


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event happens within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
