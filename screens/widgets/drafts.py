"""What a rep is writing, kept on the server: Esc, the lock, a lost claim or a crash lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

if TYPE_CHECKING:
    from api_client.session import SessionClient

_EVERY_SECONDS = 1.0
_LONGEST = 4000
"""Characters of a draft; more than any of the texts may have."""


class Drafts(Widget):
    """Keeps the words of each subject, such as `M-20418 note`, at most once a second while they change.

    The rep hears nothing of it: what could not be kept is tried again with the next word.
    """

    DEFAULT_CSS = "Drafts { display: none; }"

    def __init__(self, client: Callable[[], SessionClient]) -> None:
        super().__init__()
        self._client = client
        self._texts: dict[str, str] = {}
        self._unsent: set[str] = set()
        self._sending = asyncio.Lock()
        self._timer: Timer | None = None

    def knows(self, subject: str) -> bool:
        """Whether the words about this subject are here already."""
        return subject in self._texts

    def text(self, subject: str) -> str:
        """What was written about the subject so far, as far as it is here."""
        return self._texts.get(subject, "")

    def any(self, number: str) -> bool:
        """Whether something about this item is written and not saved yet."""
        return any(text and subject.startswith(f"{number} ") for subject, text in self._texts.items())

    async def fetch(self, subject: str) -> str:
        """What was written about the subject, here or before; without an answer there is nothing."""
        if subject not in self._texts:
            try:
                before = await self._client().draft(subject)
            except Exception:  # noqa: BLE001  (writing goes on without what was there before)
                return ""
            self._texts.setdefault(subject, before)
        return self._texts[subject]

    def typed(self, subject: str, text: str) -> None:
        """This stands in the field now."""
        if text == self._texts.get(subject, ""):
            return
        self._texts[subject] = text
        self._unsent.add(subject)
        if self._timer is None and self.is_attached:
            self._timer = self.set_timer(_EVERY_SECONDS, self.keep)

    def forget(self, subject: str) -> None:
        """The words are saved where they belong."""
        self.typed(subject, "")
        self.keep()

    def keep(self) -> None:
        """Send what changed; it goes on when the screen is left."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._unsent:
            self.app.run_worker(self.send(), group="drafts", exit_on_error=False)

    async def send(self) -> None:
        """Send what changed, one after the other, so that the newest words stay."""
        async with self._sending:
            while self._unsent:
                subject = self._unsent.pop()
                try:
                    await self._client().keep_draft(subject, self._texts[subject][:_LONGEST])
                except Exception:  # noqa: BLE001  (tried again with the next word)
                    self._unsent.add(subject)
                    return

    def on_unmount(self) -> None:
        self.keep()
