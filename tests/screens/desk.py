"""Runs the program around one screen, with a door that opens on a fake client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from textual.pilot import Pilot

from api_client.types.session import Rep, Session
from api_client.types.words import Role
from kprep_tui.app import KprepApp
from kprep_tui.settings import Settings
from screens.session.door import Opening
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from api_client.types.events import Event
    from kprep_tui.door import KeptDoor
    from kprep_tui.pop import PopListener

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
SESSION = Session(
    rep=Rep(username="m.lopez", display_name="M.Lopez", role=Role.REP, center="CA-1"),
    server="0.1.0",
    now=NOW,
    zone="America/Los_Angeles",
    demo=True,
    idle_lock_minutes=10,
)


class Seconds:
    """A clock that goes forward when told to."""

    def __init__(self) -> None:
        self.value = 1000.0

    def __call__(self) -> float:
        return self.value

    def pass_by(self, seconds: float) -> None:
        self.value += seconds


class FakeDoor:
    """A door that is open; the tests say what stands behind it."""

    def __init__(self, client: object = None, opening: Opening | None = None) -> None:
        self.client = client
        self.opening = opening or Opening(session=SESSION)
        self.calls: list[str] = []
        self.failure: Exception | None = None
        self.events: list[Event] = []

    async def open(self) -> Opening:
        self._note("open")
        return self.opening

    async def sign_in(self, username: str, password: str, *, remember: bool) -> tuple[Session, str]:
        self._note(f"sign_in {username} {password} {remember}")
        return SESSION, ""

    async def lock(self) -> None:
        self._note("lock")

    async def unlock(self, password: str) -> Session:
        self._note(f"unlock {password}")
        return SESSION

    async def sign_out(self) -> None:
        self._note("sign_out")

    async def server_time(self) -> datetime:
        return NOW

    async def stream(self) -> AsyncIterator[Event]:
        while self.events:
            yield self.events.pop(0)
        await asyncio.Event().wait()

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.failure is not None:
            raise self.failure


@asynccontextmanager
async def desk(
    areas: Mapping[str, Callable[[], DeskScreen]],
    *,
    client: object = None,
    door: FakeDoor | None = None,
    seconds: Seconds | None = None,
    size: tuple[int, int] = (80, 24),
    settings: Settings | None = None,
    pops: PopListener | None = None,
) -> AsyncIterator[tuple[KprepApp, Pilot[None]]]:
    """The program at the desk of M.Lopez, signed in, with these areas (the first one is open)."""
    app = KprepApp(
        settings or Settings(),
        cast("KeptDoor", door or FakeDoor(cast("KprepClient", client))),
        clock=lambda: NOW + timedelta(),
        seconds=seconds or Seconds(),
        areas=areas,
        pops=pops,
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def until(pilot: Pilot[None], true: Callable[[], bool], *, turns: int = 200) -> None:
    """Let the program work until something is true; fails when it does not come true."""
    for _ in range(turns):
        if true():
            return
        await pilot.pause()
    raise AssertionError("it did not come true")


def shown(app: KprepApp) -> str:
    """What stands on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
