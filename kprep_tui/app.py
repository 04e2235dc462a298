"""The program around the screens: the caller on the line, clock, connection, keys, themes."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from api_client.background import background
from kprep_tui.areas import AREAS, Areas
from kprep_tui.coming_and_going import ComingAndGoing
from kprep_tui.commands import Commands, key_name
from kprep_tui.files import read_file
from kprep_tui.idle import Idle
from kprep_tui.keyboard import Keyboard
from kprep_tui.last_resort import farewell, reference
from kprep_tui.live import Live
from kprep_tui.on_line import OnLine
from kprep_tui.settings import Settings
from kprep_tui.themes import THEMES
from kprep_tui.viewer import Viewer
from screens.session.lock import LockScreen
from screens.widgets.calling import CALL_KEYS
from screens.widgets.desk import Changed
from screens.widgets.failure import Trouble
from screens.widgets.screen import DeskScreen
from screens.widgets.text import join, plain

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from api_client.types.calls import MyCalls
    from api_client.types.session import Session
    from kprep_tui.door import KeptDoor
    from kprep_tui.pop import PopListener

_COPYABLE = re.compile(r"[A-Z]-\d{4,9}|K-[0-9a-f]{8}")
"""Reference numbers; nothing else ever reaches the clipboard."""


class KprepApp(ComingAndGoing):
    """Everything from outside is injected: the door to the backend, the clocks, the areas."""

    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {Commands}
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    CSS = "Screen { background: $background; color: $foreground; } * { transition: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "explain", "why and help", show=False, priority=True, id="app.help"),
        Binding("f2", "area('matching')", "queue", show=False, priority=True, id="app.matching"),
        Binding("f3", "area('accounts')", "accounts", show=False, priority=True, id="app.accounts"),
        Binding("f4", "area('billing')", "billing", show=False, priority=True, id="app.billing"),
        Binding("f5", "area('user_ids')", "user IDs", show=False, priority=True, id="app.user_ids"),
        Binding("f6", "area('answers')", "answers", show=False, priority=True, id="app.answers"),
        Binding("B", "area('call_backs')", "call-backs", show=False, id="app.call_backs"),
        Binding("E", "area('files')", "electronic files", show=False, id="app.files"),
        Binding("R", "area('returned')", "returned letters", show=False, id="app.returned"),
        Binding("F", "area('form')", "blank form and tour", show=False, id="app.form"),
        Binding("L", "area('lead')", "lead's board", show=False, id="app.lead"),
        Binding(
            "f8,ctrl+p", "command_palette", "command palette", show=False, priority=True, id="app.palette"
        ),
        Binding("ctrl+l", "lock", "lock now", show=False, priority=True, id="app.lock"),
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit"),
        *CALL_KEYS,
    ]

    def __init__(
        self,
        settings: Settings,
        door: KeptDoor,
        *,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
        areas: Areas = AREAS,
        parent_lives: int | None = None,
        pops: PopListener | None = None,
        viewer: Viewer | None = None,
    ) -> None:
        """Without a `viewer` no document leaves the terminal."""
        colourless = os.environ.get("NO_COLOR", "") != ""
        if not colourless:
            os.environ.pop("NO_COLOR", None)  # an empty one asks for nothing
        super().__init__(door, areas, colourless=colourless)
        self.animation_level = "none"
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[settings.theme].name
        self.set_keymap(dict(settings.keys))
        self._clock = clock
        self._seconds = seconds
        self._keyboard = Keyboard(self, self._press)
        self._parent_lives = parent_lives
        self._pops = pops
        self._viewer = viewer or Viewer({})
        self._offset = timedelta()
        self._zone: ZoneInfo | None = None
        self._live: Live | None = None
        self._on_line = OnLine(
            lambda: self.client.calls.mine(), self._follow_calls, self._tell_calls, lambda: self.is_lead
        )
        self._idle = Idle(seconds, self._idle_minutes, self.set_timer, self.action_lock)

    # what screens ask (see screens.widgets.desk.Desk)

    @property
    def client(self) -> KprepClient:
        """The client of the backend that was reached."""
        return self._door.client

    @property
    def calls(self) -> MyCalls | None:
        """The rep's own calls as last heard."""
        return self._on_line.calls

    def calls_changed(self, calls: MyCalls) -> None:
        """The rep's calls as an act left them."""
        self._on_line.put(calls)

    @property
    def viewer(self) -> Viewer:
        """Shows and prints documents outside the terminal."""
        return self._viewer

    async def read_file(self, name: str) -> bytes:
        """A file of this workstation that the rep names. Raises Trouble with a sentence."""
        return await read_file(name)

    def _follow_calls(self, work: Callable[[], Awaitable[None]]) -> None:
        self.run_worker(work, group="calls", exclusive=True)

    async def _announce(self, phone: str) -> str:
        """The id of the call that the phone system told of. Raises Trouble where nobody can take it."""
        from api_client.errors import ApiError

        if self.session is None:
            locked = isinstance(self.screen, LockScreen)
            raise Trouble("The desk is locked." if locked else "Nobody has signed in at this desk.")
        try:
            with background():
                call = await self.client.calls.pop(phone)
        except ApiError as error:
            raise Trouble(error.detail) from None
        self._on_line.look()
        return call.id

    def _tell_calls(self, rights_changed: bool) -> None:
        if self.session is not None:
            for screen in self.desk_screens():
                screen.on_calls(rights_changed=rights_changed)
            self.watch_idle()

    def now(self) -> datetime:
        """The server's time in the service center's zone; the workstation's own before the sign-in."""
        return (self._clock() + self._offset).astimezone(self._zone)

    def seconds(self) -> float:
        """A clock that only goes forward."""
        return self._seconds()

    def line_words(self) -> Content:
        """Whether the backend answers, and how old what stands on the screen may be."""
        if self._live is None:
            return plain("")
        since = self._live.offline_since
        if since is None:
            return plain("ONLINE")
        minutes = int((self.now() - since).total_seconds() // 60)
        return join((f"OFFLINE since {since:%H:%M}, {minutes} m old", "bold $text-error"))

    def forget_keys(self) -> None:
        """Drop what is typed ahead."""
        self._keyboard.forget()

    def reference(self, error: BaseException) -> str:
        """The id of a defect."""
        return reference(error)

    # what goes on while somebody is at work (see kprep_tui.coming_and_going)

    def meet(self, session: Session) -> None:
        self._zone = ZoneInfo(session.zone)
        self._offset = session.now - self._clock()
        self._idle.key()

    def begin(self) -> None:
        self._live = Live(
            self._probe, self._door.stream, self.now, self._changed, self._tick_screen, self.lost
        )
        self.run_worker(self._live.follow(), group="live", exclusive=True)
        self._on_line.look()
        self.watch_idle()

    def end(self) -> None:
        self._live = None
        self._on_line.forget()
        self._keyboard.forget()  # what was typed for the desk belongs in no password field
        self.workers.cancel_group(self, "live")
        self.workers.cancel_group(self, "calls")
        self.clear_notifications()
        self._viewer.put_all_away()

    # time

    def on_mount(self) -> None:
        self.run_worker(self._keyboard.type(), group="keyboard")
        self.call_after_refresh(_collect_again)
        self._tick()
        if self._pops is not None:
            self.run_worker(self._pops.open(self._announce), group="pop")
        if self._parent_lives is not None:
            self._end_in_order(self._parent_lives)

    def _end_in_order(self, parent_lives: int) -> None:
        """Signals, and the end of the process that guards the terminal, end the program as Ctrl+Q does."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            loop.add_signal_handler(number, self.exit)

        def alone() -> None:
            loop.remove_reader(parent_lives)
            self.exit()

        loop.add_reader(parent_lives, alone)

    def _tick(self) -> None:
        """Once a minute, on the minute. A call that rang too long is nobody's any more."""
        self._tick_screen()
        if self.calls is not None and self.calls.ringing:
            with background():
                self._on_line.look()
        now = self.now()
        self.set_timer(60 - now.second - now.microsecond / 1e6 + 0.01, self._tick)

    def _tick_screen(self) -> None:
        if self.screen_stack and isinstance(self.screen, DeskScreen) and self.screen.is_mounted:
            self.screen.tick()

    def watch_idle(self) -> None:
        """Lock when nobody has pressed a key for too long; else look again when that may be."""
        self._idle.watch()

    def _idle_minutes(self) -> int | None:
        """With a caller on the line a rep listens for longer than they would otherwise sit still."""
        if self.session is None:
            return None
        in_call = self._on_line.in_call
        return self.session.idle_lock_minutes_in_call if in_call else self.session.idle_lock_minutes

    async def _probe(self) -> None:
        self._offset = await self._door.server_time() - self._clock()

    def _changed(self, change: Changed) -> None:
        with background():
            self._on_line.heard(change)
            self.tell(change)

    # keys

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for their turn; everything else is handled as it comes."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._idle.key()
            self._keyboard.take(event)
        else:
            await super().on_event(event)

    async def _press(self, key: events.Key) -> None:
        """Every key passes the gate of the screen in view before any binding sees it."""
        if not isinstance(self.screen, DeskScreen) or self.screen.lets_through(key):
            await super().on_event(key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Areas and lock exist for someone who is signed in."""
        if action == "area":
            return self.session is not None and parameters[0] in self._areas
        return self.session is not None if action == "lock" else True

    def action_explain(self) -> None:
        """Why, and the keys."""
        if isinstance(self.screen, DeskScreen):
            self.screen.action_explain()

    def action_help_quit(self) -> None:
        """Ctrl+C copies nothing and ends nothing here."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say("Ctrl+Q quits.")

    def get_key_display(self, binding: Binding) -> str:
        """The key's name as it stands on a keyboard, in plain ASCII."""
        return key_name(binding)

    def use_theme(self, name: str) -> None:
        """Change the theme."""
        self.theme = THEMES[name].name

    # doors the toolkit leaves open

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of the toolkit's own: one of them writes the screen to a file."""
        return ()

    def copy_to_clipboard(self, text: str) -> None:
        """Let reference numbers through and nothing else."""
        if _COPYABLE.fullmatch(text):
            super().copy_to_clipboard(text)

    def _fatal_error(self) -> None:
        """Say the reference id of the defect; the toolkit would print every local variable."""
        assert self._exception is not None
        self._exit_renderables.append(farewell(self._exception))
        self._close_messages_no_wait()


def _collect_again() -> None:
    """The garbage collector was off for the start; what was imported is never garbage."""
    gc.freeze()
    gc.enable()
