"""Keys one after the other: each sees what the one before it did, and what that one asked for.

The toolkit forwards every key to whatever has the focus at that moment; of two keys that arrive
together the second would go to where the first was typed, not to the question which the first opened.
A key typed while something is fetched waits until that is there: it was typed for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from textual.app import App

_SETTLE_SECONDS = 0.5
"""A key whose effect takes longer than this no longer holds the next one back."""
PATIENCE_SECONDS = 2.0
"""So long a key that leads away waits for what is fetched; then it leads away, and what was typed is lost."""
_AT_ONCE = re.compile(r"ctrl\+.+")
_LEADS_AWAY = re.compile(r"escape|f\d+")


class Keyboard:
    """The keys typed and not yet pressed, and the task that presses them."""

    def __init__(self, app: App[None], press: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._press = press
        self._typed: deque[events.Key] = deque()
        self._news = asyncio.Event()
        self._pressing = False
        self._waits_for: DeskScreen | None = None
        self._waits_since = 0.0

    @property
    def busy(self) -> bool:
        """Whether keys are to be pressed yet."""
        return self._pressing or bool(self._typed)

    def take(self, key: events.Key) -> None:
        """A key came from the terminal; one with Ctrl, such as the lock, waits for nothing."""
        if _AT_ONCE.fullmatch(key.key):
            self._typed.appendleft(key)
        else:
            self._typed.append(key)
        self._news.set()

    def forget(self) -> None:
        """Drop what is typed and not yet pressed."""
        self._typed.clear()

    async def type(self) -> None:
        """Press the keys, for ever."""
        while True:
            if not self._typed:
                self._news.clear()
                await self._news.wait()
            elif await self._its_turn():
                self._pressing = True
                await self._press(self._typed.popleft())
                await self._settle()
                self._pressing = False

    async def _its_turn(self) -> bool:
        """Whether the first key may be pressed now; else returns after a change that may decide it."""
        screen = self._waiting_screen()
        if screen is None or _AT_ONCE.fullmatch(self._typed[0].key):
            self._waits_for = None
            return True
        now = asyncio.get_running_loop().time()
        if self._waits_for is not screen:
            self._waits_for, self._waits_since = screen, now
        left = self._waits_since + PATIENCE_SECONDS - now
        leads_away = any(_LEADS_AWAY.fullmatch(key.key) for key in self._typed)
        if leads_away and left <= 0:
            self._drop_what_stands_before()
            return True
        self._news.clear()
        changes = [asyncio.create_task(screen.until_ready()), asyncio.create_task(self._news.wait())]
        await asyncio.wait(changes, timeout=left if leads_away else None, return_when="FIRST_COMPLETED")
        for change in changes:
            change.cancel()
        await self._settle()
        return False

    def _waiting_screen(self) -> DeskScreen | None:
        """The screen in view while it waits, or one below it that takes its place in a moment."""
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, DeskScreen):
                in_view = screen is self._app.screen
                if screen.waiting if in_view else screen.expecting:
                    return screen
        return None

    def _drop_what_stands_before(self) -> None:
        """Nothing came for too long: the first key that leads away is the next."""
        while not _LEADS_AWAY.fullmatch(self._typed[0].key):
            self._typed.popleft()

    async def _settle(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_SECONDS):
                await self._settled()

    async def _settled(self) -> None:
        """Return when the key's effects, and what these asked for (such as the focus), are done."""
        for _ in range(2):
            for node in (self._app.focused or self._app.screen).ancestors_with_self:
                done = asyncio.Event()
                if node.call_later(done.set):
                    await done.wait()
