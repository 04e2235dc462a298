"""A rep at the desk in tests: looks, waits a moment, presses."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from kprep_tui.app import KprepApp
from tests.screens.desk import Seconds, shown, until

SIZES = [(80, 24), (120, 40)]
HOSTILE = (
    "Smith [/b]",
    "[/b]",
    "[/]",
    "[@click=app.quit]press[/]",
    "[red]x[/red]",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[31m",
    "\x9b2J",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x9d52;c;ZXZpbA==\x9c",
    "\u2066x",
    "a\x00b\x07c\x08d",
    "\u202eevil\u202c",
    "zero\u200bwidth",
    "line\nline\rline\ttab",
    "{curly} %s $text",
    "\\[b]",
    "\u3164" * 3,
    "e\u0301" * 40,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "",
)
"""Text that a widget must show and never obey."""
_PACKED = (
    "[/b] [@click=app.quit]x[/]",
    "\x1b]0;t\x07\x1b[2J\x9d52;c;Z\x9c",
    "\u202e\u3164a\x00b\u200b\n\tc{d}",
    "",
)
"""The kinds packed into few texts, short enough for narrow columns: a long story with each text would tell
the same again, and the real program is shown all of them on every screen (tests/e2e)."""
HOSTILE_AT = [
    pytest.param(text, SIZES[at % 2], id=f"{at}-{SIZES[at % 2][0]}") for at, text in enumerate(_PACKED)
]
"""Text of each kind at one of the sizes in turn, for stories that go through a whole room."""


class Rep:
    """Looks, waits a moment, presses."""

    def __init__(self, app: KprepApp, pilot: Pilot[None], seconds: Seconds) -> None:
        self.app = app
        self.pilot = pilot
        self._seconds = seconds

    @property
    def sees(self) -> str:
        return shown(self.app)

    async def presses(self, *keys: str) -> None:
        """One key after another, each after a look."""
        for key in keys:
            self._seconds.pass_by(1)
            await self.pilot.press(key)
        await self.pilot.pause()

    def waits(self, seconds: float) -> None:
        """Looks for a while."""
        self._seconds.pass_by(seconds)

    async def resizes(self, columns: int, rows: int) -> None:
        """Drags the window to another size."""
        await self.pilot.resize_terminal(columns, rows)
        await self.pilot.pause()

    def pastes(self, text: str) -> None:
        """Text from the clipboard, into what has the focus."""
        self.app.screen.post_message(events.Paste(text))

    async def types(self, *keys: str) -> None:
        """All keys at once, without looking."""
        await self.pilot.press(*keys)

    async def finds(self, words: str) -> None:
        """Waits until the words stand on the screen."""
        try:
            await until(self.pilot, lambda: words in self.sees)
        except AssertionError:
            raise AssertionError(f"{words!r} is not in\n{self.sees}") from None

    async def loses(self, words: str) -> None:
        """Waits until the words are off the screen."""
        await until(self.pilot, lambda: words not in self.sees)
