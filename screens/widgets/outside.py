"""A screen that shows documents outside the terminal: in the viewer of the workstation, or on its printer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

from screens.widgets.screen import DeskScreen
from screens.widgets.text import join

Fetch = Callable[[], Awaitable[bytes]]
"""Brings the document, a PDF, from the backend."""


class Outside(DeskScreen):
    """Everything it shows goes with it."""

    INSTEAD: ClassVar[str] = ""
    """What there is where nothing can be shown, in a sentence."""

    def show_outside(self, name: str, fetch: Fetch, *, still: Callable[[], bool] = lambda: True) -> None:
        """Open a document in the viewer, if `still` holds once it is there; say why where none can be."""
        cannot = self.desk.viewer.cannot_show
        if cannot:
            self.refuse(f"{cannot} {self.INSTEAD}")
            return
        self.say(f"{name}: the PDF is fetched ...")
        then = partial(self._said, f"{name} is open in the viewer; it goes when you leave here.")
        otherwise = partial(self._not_outside, f" {self.INSTEAD}")
        self.fetch(self._shown(fetch, still), then, group="document", otherwise=otherwise)

    async def _shown(self, fetch: Fetch, still: Callable[[], bool]) -> bool:
        document = await fetch()
        wanted = self.is_attached and self.session is not None and still()
        return wanted and await self.desk.viewer.show(document, self)

    def print_outside(self, name: str, fetch: Fetch) -> None:
        """Print a document on the printer of this workstation."""
        self.say(f"{name} is sent to the printer ...")
        then = partial(self._said, f"{name} is with the printer.")
        otherwise = partial(self._not_outside, "")
        self.fetch(self._printed(fetch), then, group="document", otherwise=otherwise)

    async def _printed(self, fetch: Fetch) -> bool:
        await self.desk.viewer.print_out(await fetch())
        return True

    def _said(self, words: str, done: bool) -> None:
        self.say(words if done else "")

    def _not_outside(self, instead: str, error: Exception) -> bool:
        """What cannot be had stands on the word line: F7 fetches the screen anew, not the document."""
        failure = self.explain(error)
        self.say("" if failure.locked else join(failure.content(), instead))
        return not failure.locked

    def on_screen_suspend(self) -> None:
        """In another area nothing of this one stays open; under help or palette it does."""
        if self not in self.app.screen_stack:
            self.desk.viewer.put_away(self)

    def on_unmount(self) -> None:
        self.desk.viewer.put_away(self)


__all__ = ["Outside"]
