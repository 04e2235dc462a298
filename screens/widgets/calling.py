"""What every screen has for the caller on the line: the bar, the keys, the lock before what is not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from api_client.types.words import EventKind
from screens.calls.bar import bar
from screens.widgets.desk import About, Changed, Desk
from screens.widgets.text import lines, plain

if TYPE_CHECKING:
    from screens.widgets.screen import DeskScreen

_ABOUT_ACTIONS = frozenset({"write_note", "history"})
"""They need a group or person on the screen."""
_KEYS_OF_A_CALL = frozenset({"call", "verify_caller", "wrap_up"})
CALL_KEYS: tuple[BindingType, ...] = (
    Binding("f9", "screen.call", "the call: take, start, park, return", show=False, id="call.call"),
    Binding("y", "screen.verify_caller", "verify the caller", show=False, id="call.verify"),
    Binding("w", "screen.wrap_up", "wrap up the call", show=False, id="call.wrap_up"),
    Binding("t", "screen.write_note", "new note", show=False, id="call.note"),
    Binding("o", "screen.history", "notes and calls so far", show=False, id="call.history"),
)
"""The program binds them, so that a screen that gives a letter another meaning comes first."""
_WAYS_ON = "y verifies the caller   F9 parks the call   Esc goes back"


class CallBar(Widget):
    """Who is on the line and what they proved for this screen; not there while nobody calls."""

    DEFAULT_CSS = """
    CallBar { height: 1; display: none; background: $panel; }
    CallBar.-up { display: block; }
    """
    said: reactive[Content] = reactive(plain(""))

    def look(self) -> None:
        """Say what stands now."""
        desk = cast("Desk", self.app)
        said = None
        if desk.session is not None:
            about = cast("Calling", self.screen).about()
            said = bar(desk.calls, about, desk.now(), self.app.size.width)
        self.said = said or plain("")
        self.set_class(said is not None, "-up")

    def on_resize(self) -> None:
        self.look()

    def render(self) -> Content:
        return self.said


class Locked(Static):
    """Stands in place of what the caller on the line may not hear."""

    DEFAULT_CSS = "Locked { display: none; height: 1fr; padding: 1 1; }"


class Calling(Screen[None]):
    """The part of a screen that has to do with the caller on the line."""

    DEFAULT_CSS = """
    Calling.-locked > #body { display: none; }
    Calling.-locked > Locked { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.for_call = ""
        """The call that opened this screen; it is left when the call is parked or wrapped up."""
        self._locked_word = ""

    @property
    def desk(self) -> Desk:
        """The program around this screen."""
        return cast("Desk", self.app)

    def about(self) -> About | None:
        """The group or person this screen shows; the bar of the call says what is proved for it."""
        return None

    def show_call(self) -> None:
        """The call, or what this screen is about, changed."""
        found = self.query_one_optional(CallBar)  # none before composing
        if found is not None:
            found.look()

    def on_calls(self, *, rights_changed: bool) -> None:
        """The rep's calls changed; with what may be heard, everything shown is fetched anew."""
        self.show_call()
        self.refresh_bindings()
        if rights_changed and self._locked_word:
            self.let_in()
            self._screen.load()
        elif rights_changed:
            self._screen.on_change(Changed(EventKind.RESET, "", 0))

    # the lock before what the caller may not hear

    @property
    def locked_word(self) -> str:
        """Why nothing is shown here; empty while it is shown."""
        return self._locked_word

    def lock_out(self, sentence: str) -> None:
        """Take away what the caller on the line may not hear, and say why."""
        self._locked_word = sentence
        self.query_one(Locked).update(lines(plain(sentence, "bold"), plain(""), plain(_WAYS_ON)))
        self.set_class(True, "-locked")

    def let_in(self) -> None:
        """What was proved changed: look anew."""
        self._locked_word = ""
        self.set_class(False, "-locked")

    # keys

    def offers(self, action: str) -> bool:
        """Whether a key of the call is there: for somebody signed in, and notes where there is a subject."""
        if action in _ABOUT_ACTIONS:
            return self.about() is not None and self.desk.session is not None
        return action not in _KEYS_OF_A_CALL or self.desk.session is not None

    @property
    def _screen(self) -> DeskScreen:
        return cast("DeskScreen", self)

    def action_call(self) -> None:
        """Take, start, park or go on with a call."""
        from screens.calls import line

        line.the_call(self._screen)

    def action_verify_caller(self) -> None:
        """Ask the caller what proves who they are."""
        from screens.calls import verifying

        verifying.begin(self._screen)

    def action_wrap_up(self) -> None:
        """Say what the call was about and close it."""
        from screens.calls import wrapping_up

        wrapping_up.begin(self._screen)

    def action_write_note(self) -> None:
        """Write a note to what this screen is about."""
        from screens.calls import notes

        about = self.about()
        if about is not None:
            notes.write_note(self._screen, about)

    def action_history(self) -> None:
        """What happened with what this screen is about."""
        from screens.calls.history import HistoryScreen

        about = self.about()
        if about is not None:
            self.app.push_screen(HistoryScreen(about))
