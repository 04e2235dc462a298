"""Keys one after the other: each sees what the one before it did.

The toolkit forwards every key to whatever has the focus at that moment; of two keys that arrive
together the second would go to where the first was typed, not to the question which the first opened.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App

_SETTLE_SECONDS = 0.5
"""A key whose effect takes longer than this no longer holds the next one back."""


class Keyboard:
    """A queue of keys and the task that types them."""

    def __init__(self, app: App[None], press: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._press = press
        self._typed: asyncio.Queue[events.Key] = asyncio.Queue()

    def take(self, key: events.Key) -> None:
        """A key came from the terminal."""
        self._typed.put_nowait(key)

    def forget(self) -> None:
        """Drop what is typed and not yet pressed."""
        while not self._typed.empty():
            self._typed.get_nowait()

    async def type(self) -> None:
        """Press the keys, for ever."""
        while True:
            await self._press(await self._typed.get())
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
