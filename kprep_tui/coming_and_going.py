"""Who is at the desk: signing in, the areas and what is found in them, the lock, signing out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING

from textual.app import App
from textual.screen import Screen

from api_client.types.words import Role
from kprep_tui.areas import FINDS_IN, FOR_LEADS, Areas
from kprep_tui.live import EVERYTHING
from screens.session.lock import LockScreen
from screens.session.sign_in import SignInScreen
from screens.widgets.desk import Changed, FindText
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.search import Found, FoundAll
    from api_client.types.session import Session
    from kprep_tui.door import KeptDoor

_DOOR = "door"
_KEEP_SECONDS = 2.0


class ComingAndGoing(App[None]):
    """The part of the program that knows who is at work, and where they were."""

    DEFAULT_MODE = _DOOR

    def __init__(self, door: KeptDoor, areas: Areas, *, colourless: bool) -> None:
        super().__init__(ansi_color=True if colourless else None)
        self.session: Session | None = None
        self._door = door
        self._areas = areas
        self._places: tuple[str, DeskScreen | None, list[DeskScreen]] | None = None
        self.add_mode(_DOOR, self._sign_in_screen)

    # what the program does meanwhile

    def meet(self, session: Session) -> None:
        """Somebody is there; nothing of theirs is shown yet."""
        raise NotImplementedError

    def begin(self) -> None:
        """Their areas are in view."""
        raise NotImplementedError

    def end(self) -> None:
        """They are gone; their areas are about to go."""
        raise NotImplementedError

    # areas

    def can_find(self) -> bool:
        """Whether accounts can be looked up."""
        return self.session is not None and FINDS_IN in self._areas

    def find(self, text: str, answer: FoundAll | None = None, chosen: Found | None = None) -> None:
        """Go to accounts and look the text up, or open what was `chosen` of an answer to it."""
        self._show_area(FINDS_IN)
        first = self.screen_stack[0]
        assert isinstance(first, DeskScreen)
        first.expect(FindText(text, answer=answer, chosen=chosen))

    def begin_find(self, typed: str) -> None:
        """Put the search above the screen in view."""
        screen = self._areas[FINDS_IN]()
        self.push_screen(screen)
        screen.expect(FindText(typed, entered=False))

    @property
    def is_lead(self) -> bool:
        """Whether a lead is signed in."""
        return self.session is not None and self.session.rep.role is not Role.REP

    def open_area(self, name: str) -> None:
        """Show the area as it was left, with what changed meanwhile: updates reach screens in view only."""
        was_left = name in self._modes and name != self.current_mode
        if self._show_area(name) and was_left:
            self.tell(EVERYTHING)

    def _show_area(self, name: str, first: DeskScreen | None = None) -> bool:
        """`first` is the screen to begin with, where it is not the area's own."""
        if self.session is None or name not in self._areas:
            return False
        if name not in self._modes:
            self.add_mode(name, self._areas[name] if first is None else lambda: first)
        self.switch_mode(name)
        return True

    def action_area(self, name: str) -> None:
        """Go to an area; a rep is told whom the lead's one is for."""
        if not self.is_lead and name in FOR_LEADS and isinstance(self.screen, DeskScreen):
            self.screen.refuse("The lead's board is for leads: how the queue stands and who works on what.")
        else:
            self.open_area(name)

    def tell(self, change: Changed) -> None:
        """Say to the screens in view what changed."""
        for screen in self.desk_screens():
            screen.on_change(change)

    # coming and going

    def _sign_in_screen(self) -> Screen[None]:
        return SignInScreen(self._door, self.enter)

    def enter(self, session: Session) -> None:
        """Someone signed in or unlocked: go to where they were, or to the first area."""
        if session.locked:
            self._show_lock()
            return
        self.session = session
        self.meet(session)
        area, first, screens = self._places or (next(iter(self._areas)), None, [])
        self._places = None
        self._show_area(area, first)
        for screen in screens:
            self.push_screen(screen)
        self.begin()

    def action_lock(self) -> None:
        """Take everything off the screen and out of memory, then tell the server."""
        if self.session is not None:
            words = self._half_written()
            self._show_lock()
            self.run_worker(self._lock(words), group="lock", exclusive=True)

    async def _lock(self, words: list[Awaitable[None]]) -> None:
        await _keep(words)
        await self._door.lock()

    async def action_quit(self) -> None:
        """End the program, once half-written words are kept."""
        await _keep(self._half_written())
        self.exit()

    def _half_written(self) -> list[Awaitable[None]]:
        return [words for screen in self.desk_screens() for words in screen.half_written()]

    def desk_screens(self) -> list[DeskScreen]:
        """The rooms' screens in view, from the lowest to the one on top."""
        return [one for one in self.screen_stack if isinstance(one, DeskScreen) and one.is_mounted]

    def _show_lock(self) -> None:
        if self.session is not None:
            first = self.screen_stack[0]
            fresh = first.again() if isinstance(first, DeskScreen) else None
            self._places = (self.current_mode, fresh, list(self._fresh_places()))
        self._close_areas()
        if not isinstance(self.screen, LockScreen):
            self.push_screen(LockScreen(self._door, self._unlocked, self._signed_out))

    def _fresh_places(self) -> Iterable[DeskScreen]:
        for screen in self.screen_stack[1:]:
            fresh = screen.again() if isinstance(screen, DeskScreen) else None
            if fresh is None:
                return
            yield fresh

    def _close_areas(self) -> None:
        """Forget the session's screens: whatever they showed is unmounted."""
        self.session = None
        self.end()
        self.switch_mode(_DOOR)
        for name in self._areas:
            if name in self._modes:
                self.remove_mode(name)

    def _unlocked(self, session: Session) -> None:
        self._leave_lock()
        self.enter(session)

    def _signed_out(self) -> None:
        self._places = None
        self._leave_lock()
        self._show_sign_in("")

    def _leave_lock(self) -> None:
        if isinstance(self.screen, LockScreen):
            self.pop_screen()

    def _show_sign_in(self, word: str) -> None:
        screen = self.screen
        if isinstance(screen, SignInScreen):
            screen.load()
            screen.say(word)

    async def sign_out(self) -> None:
        """End the session, here and on the server."""
        self._close_areas()
        self._places = None
        await self._door.sign_out()
        self._show_sign_in("")

    def lost(self, error: Exception) -> bool:
        """Whether the failure means that the session is over or locked; then the door is shown."""
        from api_client.errors import SessionEnded, SessionLocked

        if self.session is None or not isinstance(error, SessionEnded | SessionLocked):
            return False
        if isinstance(error, SessionLocked):
            self._show_lock()
        else:
            self._close_areas()
            self._show_sign_in(error.detail)
        return True


async def _keep(words: list[Awaitable[None]]) -> None:
    """Wait a moment for half-written words to be kept; without an answer they are as old as the last time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_KEEP_SECONDS):
            await asyncio.gather(*words, return_exceptions=True)
