"""The program over a real backend with a store of its own, far away: every answer takes a while."""

from __future__ import annotations

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast
from unittest.mock import patch

import httpx
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from api_client._http import Http
from api_client.client import KprepClient
from backend.app import create_app
from backend.database.engine import Database, sqlite_url
from backend.database.migrate import upgrade
from backend.keys import Keys, new_keys
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from kprep_tui import keyboard
from kprep_tui.app import KprepApp
from kprep_tui.areas import AREAS
from kprep_tui.door import KeptDoor
from kprep_tui.settings import Settings
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import VirtualTable
from tests.conftest import FixedClock
from tests.csv_files import group, member, take_groups, take_members
from tests.desk import create_rep
from tests.enrollments import add_group, add_member, doubtful_item
from tests.screens.calls.at_desk import OpenDoor
from tests.screens.desk import Seconds, shown, until
from tests.typed_ahead.scripts import GROUPS

PATIENCE = patch.multiple(keyboard, PATIENCE_SECONDS=60.0, _SETTLE_SECONDS=60.0)
"""A key gives up waiting after a while, for a rep; how long this machine takes says nothing of the order."""
_QUIET = 12
"""Looks in a row at which nothing is under way; longer in all than the search waits for another letter."""


class FarAway(httpx.AsyncBaseTransport):
    """A connection on which every answer takes so many seconds."""

    def __init__(self, runtime: Runtime, seconds: float) -> None:
        self._near = httpx.ASGITransport(create_app(runtime))
        self._seconds = seconds
        self.under_way = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        try:
            response = await self._near.handle_async_request(request)
            await asyncio.sleep(self._seconds)  # the distance itself, which is what is tried out
            return response
        finally:
            self.under_way -= 1


class Template:
    """A store with three groups, their people and a few cases, copied for every rep who types."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: Keys = new_keys()
        self._copies = 0

    async def fill(self) -> None:
        """Have the people and the cases."""
        store = self._folder / "template.db"
        upgrade(sqlite_url(str(store)))
        runtime = await self._open(store)
        try:
            await create_rep(runtime)
            names = ("Quillfeather Boats", "Inkwell Press", "Ottoline Quilts")
            await take_groups(
                runtime, *(group(number, name) for number, name in zip(GROUPS, names, strict=True))
            )
            people = [
                member(
                    f"{900001 + at}", f"Quill{at:03}", ssn=f"900-01-{at + 1:04}", group_number=GROUPS[at % 3]
                )
                for at in range(150)
            ]
            await take_members(runtime, *people)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(create_app(runtime)), base_url="http://desk"
            ) as api:
                await add_member(runtime, account_id=await add_group(runtime))
                for at in range(3):
                    await doubtful_item(api, runtime, subscriber_number=f"N{at}")
        finally:
            await runtime.close()

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[Runtime]:
        """A backend on a copy, which goes with it."""
        self._copies += 1
        folder = self._folder / f"{self._copies}"
        folder.mkdir()
        shutil.copyfile(self._folder / "template.db", folder / "store.db")
        runtime = await self._open(folder / "store.db")
        try:
            yield runtime
        finally:
            await runtime.close()
            shutil.rmtree(folder)

    async def _open(self, store: Path) -> Runtime:
        return await open_runtime(
            Database(sqlite_url(str(store))), load_policy(), self._keys, clock=FixedClock()
        )


class Typist:
    """One program, and the keys that go into it."""

    def __init__(self, pilot: Pilot[None], far: FarAway, seconds: Seconds) -> None:
        app = pilot.app
        assert isinstance(app, KprepApp)
        self._app, self._pilot, self._far, self._seconds = app, pilot, far, seconds

    @property
    def signed_in(self) -> bool:
        """Whether the desk is open."""
        return self._app.session is not None

    async def types(self, keys: Sequence[str]) -> None:
        """All keys at once, as a terminal sends what was typed ahead; returns when all is done."""
        for key in keys:
            self._send(key)
        await self.settles()

    async def types_slowly(self, keys: Sequence[str]) -> None:
        """One key after the other, each when all is there."""
        for key in keys:
            self._seconds.pass_by(1)
            self._send(key)
            await self.settles()

    def _send(self, key: str) -> None:
        name = {" ": "space", "/": "slash"}.get(key, key)
        self._app.post_message(events.Key(name, key if len(key) == 1 else None))

    async def settles(self) -> None:
        """Nothing is typed, asked for or on its way any more."""
        quiet = 0
        while quiet < _QUIET:
            await self._pilot.pause(0.015)
            quiet = 0 if self._busy() else quiet + 1

    def _busy(self) -> bool:
        screen = self._app.screen
        waiting = isinstance(screen, DeskScreen) and screen.waiting
        return bool(waiting or self._far.under_way or self._app._keyboard.busy)

    @property
    def state(self) -> list[str]:
        """The screens, where their cursors are, and what is on the glass but the word to the last key."""
        found = []
        for screen in self._app.screen_stack:
            cursors = [table.cursor_key for table in screen.query(VirtualTable) if table.display]
            fields = [field.value for field in screen.query(Input)]
            focus = type(screen.focused).__name__
            found.append(f"{type(screen).__name__} {cursors} {fields} {focus}")
        glass = shown(self._app).splitlines()
        return [*found, glass[0], *glass[2:]]


@asynccontextmanager
async def typist(template: Template, seconds_away: float, size: tuple[int, int]) -> AsyncIterator[Typist]:
    """The program signed in, at home, so far away from its backend."""
    async with template.copy() as runtime:
        far = FarAway(runtime, seconds_away)
        client = KprepClient(http=Http(transport=far))
        clock, seconds = FixedClock(), Seconds()
        door = cast(KeptDoor, OpenDoor(client, clock))
        app = KprepApp(Settings(), door, clock=clock, seconds=seconds, areas=AREAS)
        try:
            async with app.run_test(size=size) as pilot:
                one = Typist(pilot, far, seconds)
                await until(pilot, lambda: one.signed_in, turns=100_000)
                await one.settles()
                yield one
        finally:
            await client.close()
            gc.unfreeze()  # the program freezes what it starts with, and here many programs start
