"""M.Lopez at the queue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from api_client.types.words import EventKind, Role
from screens.matching.queue import QueueScreen
from screens.matching.review import ReviewScreen
from screens.session.door import Opening
from screens.widgets.desk import Changed, FindText
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from tests.screens.desk import SESSION, FakeDoor, Seconds, desk
from tests.screens.matching.fake import FakeMatching
from tests.screens.rep import Rep


class LookUpScreen(DeskScreen):
    """Stands for the accounts: says what was looked up."""

    def compose_body(self) -> ComposeResult:
        yield Static(id="found")

    def subject(self) -> Content:
        return plain("LOOKS UP")

    def on_find_text(self, event: FindText) -> None:
        self.query_one("#found", Static).update(plain(f"found {event.text}"))


@asynccontextmanager
async def at_queue(
    client: FakeMatching,
    *,
    size: tuple[int, int] = (80, 24),
    door: FakeDoor | None = None,
    finds: bool = True,
    lead: bool = False,
) -> AsyncIterator[Rep]:
    """The queue is open, at the desk of a rep or of a lead."""
    if lead:
        is_lead = SESSION.rep.model_copy(update={"role": Role.LEAD})
        door = FakeDoor(client, Opening(session=SESSION.model_copy(update={"rep": is_lead})))
    seconds = Seconds()
    areas: dict[str, Callable[[], DeskScreen]] = {"matching": QueueScreen}
    if finds:
        areas["accounts"] = LookUpScreen
    async with desk(areas, client=client, seconds=seconds, size=size, door=door) as (app, pilot):
        yield Rep(app, pilot, seconds)


@asynccontextmanager
async def in_review(
    client: FakeMatching, *, size: tuple[int, int] = (80, 24), door: FakeDoor | None = None
) -> AsyncIterator[Rep]:
    """The most urgent item is open."""
    async with at_queue(client, size=size, door=door) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.presses("n")
        await rep.finds("INCOMING")
        yield rep


def review(rep: Rep) -> ReviewScreen:
    """The screen in view."""
    screen = rep.app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


def hears(rep: Rep, number: str) -> None:
    """A live update about this item reaches every screen of the area."""
    for screen in rep.app.screen_stack:
        if isinstance(screen, DeskScreen):
            screen.on_change(Changed(EventKind.MATCH_ITEM, number, 0))
