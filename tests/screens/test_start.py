"""What is imported when, what a defect tells, and how live updates survive an outage."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from api_client.types.events import Event
from api_client.types.words import EventKind
from kprep_tui import last_resort
from kprep_tui.live import EVERYTHING, Live
from screens.widgets.desk import Changed
from screens.widgets.failure import Trouble
from tests.screens.desk import NOW

AT_FIRST_PAINT = """
import asyncio, json, sys
from datetime import UTC, datetime
from kprep_tui.app import KprepApp
from kprep_tui.door import KeptDoor
from kprep_tui.settings import Settings
from kprep_tui.vault import Vault

async def main():
    painted = asyncio.Event()
    loop = asyncio.get_running_loop()
    def connect():
        text = "".join(s.text for strip in app.screen._compositor.render_strips() for s in strip)
        print(json.dumps([text, sorted(sys.modules)]), flush=True)
        loop.call_soon_threadsafe(painted.set)
        raise SystemExit
    door = KeptDoor(connect, Vault("x", lambda: None), station="x", remembers=True)
    app = KprepApp(Settings(), door, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC), seconds=lambda: 0.0)
    async with app.run_test():
        await painted.wait()
        import os
        os._exit(0)

asyncio.run(main())
"""
HEAVY = {"httpx", "httpx_sse", "pydantic", "pydantic_core", "keyring", "anyio", "rich.traceback"}
NEVER = {"fastapi", "sqlalchemy", "alembic", "psycopg", "holidays", "uvicorn", "backend", "typer"}


def test_the_first_paint_comes_before_everything_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", AT_FIRST_PAINT], capture_output=True, text=True, timeout=60)
    painted, modules = json.loads(done.stdout.splitlines()[0])
    assert "user name" in painted
    assert (HEAVY | NEVER) & set(modules) == set()


def test_the_way_in_imports_the_standard_library_alone() -> None:
    script = "import sys, kprep_tui.launcher; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    ours_or_standard = {"kprep_tui", "_distutils_hack", "__main__"} | set(sys.stdlib_module_names)
    others = {name for name in done.stdout.split() if name not in ours_or_standard}
    assert {name for name in others if not name.startswith("__editable__")} == set()


def raised(text: str) -> ValueError:
    secret = text
    try:
        raise ValueError(secret)
    except ValueError as error:
        return error


def test_a_defect_has_one_reference_wherever_it_happens_and_tells_nothing() -> None:
    one, other = raised("canary 123-45-6789"), raised("another")
    assert last_resort.reference(one) == last_resort.reference(other)
    assert last_resort.reference(one) != last_resort.reference(KeyError("canary"))
    assert "canary" not in last_resort.farewell(one)
    assert last_resort.reference(one) in last_resort.farewell(one)


def test_no_hook_prints_what_an_exception_says() -> None:
    script = (
        "import threading\n"
        "from kprep_tui import last_resort\n"
        "last_resort.install()\n"
        "def fail(): raise ValueError('canary')\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "class Dying:\n"
        "    def __del__(self): raise ValueError('canary')\n"
        "Dying()\n"
        "fail()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "canary" not in done.stdout + done.stderr
    assert done.stderr.startswith(last_resort.SENTENCE)


class Backend:
    """Answers, or not, as the script says; each entry is one try to follow."""

    def __init__(self, script: Sequence[Sequence[Event | Exception] | Exception]) -> None:
        self.script = list(script)
        self.waits: list[float] = []
        self.heard: list[Changed] = []
        self.states: list[bool] = []
        self.live = Live(
            self.probe, self.stream, lambda: NOW, self.heard.append, self.note_state, self.give_up
        )

    async def probe(self) -> None:
        if not self.script:
            raise Trouble("over")
        if isinstance(self.script[0], Exception):
            failure = self.script.pop(0)
            assert isinstance(failure, Exception)
            raise failure

    async def stream(self) -> AsyncIterator[Event]:
        events = self.script.pop(0)
        assert not isinstance(events, Exception)
        for event in events:
            if isinstance(event, Exception):
                raise event
            yield event

    def note_state(self) -> None:
        self.states.append(self.live.offline_since is None)

    def give_up(self, error: Exception) -> bool:
        return not self.script

    async def follow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def wait(seconds: float) -> None:
            self.waits.append(seconds)

        monkeypatch.setattr("kprep_tui.live.asyncio.sleep", wait)
        await self.live.follow()


EVENT = Event(seq=1, kind=EventKind.MATCH_ITEM, subject="M-20418", version=7)


async def test_updates_reach_the_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend([[EVENT]])
    await backend.follow(monkeypatch)
    assert [(one.kind, one.subject, one.version) for one in backend.heard] == [("match_item", "M-20418", 7)]


async def test_after_a_gap_everything_shown_is_fetched_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend([[], OSError(), OSError(), [EVENT]])
    await backend.follow(monkeypatch)
    assert backend.heard[0] is EVERYTHING
    assert backend.heard[1].subject == "M-20418"
    assert backend.states == [False, True]


async def test_without_a_stream_everything_shown_is_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend([[OSError()] for _ in range(7)])
    await backend.follow(monkeypatch)
    assert backend.heard == [EVERYTHING] * 6
    assert backend.waits[-1] == 20
    assert backend.states == []


async def test_it_waits_longer_each_time_up_to_the_polling_time(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend([OSError() for _ in range(8)])
    await backend.follow(monkeypatch)
    assert backend.waits == [1, 2, 4, 8, 16, 20, 20]


def test_a_daemon_thread_that_hangs_does_not_hold_the_program_back() -> None:
    script = (
        "import asyncio, threading\n"
        "from kprep_tui.daemon import in_daemon_thread\n"
        "async def main():\n"
        "    try: await in_daemon_thread(threading.Event().wait, limit=0.05)\n"
        "    except TimeoutError: print('left behind')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert done.stdout == "left behind\n"


async def test_work_in_a_daemon_thread_returns_and_raises() -> None:
    from kprep_tui.daemon import in_daemon_thread

    assert await in_daemon_thread(lambda: threading.current_thread().daemon) is True
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread(lambda: 1 // 0)
    assert asyncio.get_running_loop().is_running()
