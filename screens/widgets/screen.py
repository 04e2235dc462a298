"""The screen every room builds on: the lines around it, and the keys of the house."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from operator import itemgetter
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from screens.widgets.asking import Asking
from screens.widgets.calling import CallBar, Locked
from screens.widgets.chrome import MINIMUM, Banner, HeadLine, KeyLine, TooSmall, WordLine
from screens.widgets.desk import Changed
from screens.widgets.drafts import Drafts
from screens.widgets.help import HelpScreen
from screens.widgets.keygate import KeyGate
from screens.widgets.prompt import Choice, Prompt
from screens.widgets.text import plain

Value = TypeVar("Value")
_ALWAYS = re.compile(r"ctrl\+.+|f\d+|escape")
"""Keys that are never dropped: they decide nothing."""


class DeskScreen(Asking):
    """Compose the body, list the bindings, handle messages; everything around is here."""

    DEFAULT_CSS = """
    DeskScreen { layout: vertical; }
    DeskScreen > #body { height: 1fr; }
    DeskScreen.-too-small > * { display: none; }
    DeskScreen.-too-small > TooSmall { display: block; }
    """
    AUTO_FOCUS = ""
    DECIDES: ClassVar[frozenset[str]] = frozenset()
    """Keys that decide something at once; they count only after `painted()` and a moment more."""
    HINT: ClassVar[str] = ""
    """What the word line says when there is nothing to say."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "explain", "why and help", key_display="?", show=False, id="screen.help"),
        Binding("f7", "refresh", "refresh", show=False, id="screen.refresh"),
        Binding("escape", "back", "back", show=False, id="screen.back"),
        Binding("slash", "find('')", "find", key_display="/", id="screen.find"),
        *(Binding(d, f"find('{d}')", "find", show=False, id=f"screen.find_{d}") for d in "0123456789"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.gate = KeyGate(lambda: self.desk.seconds())
        self.prompt = Prompt(self.gate)
        self._last_key = ""
        self._focus_when_small: Widget | None = None

    # what a room fills in

    def compose_body(self) -> ComposeResult:
        """The widgets between the head and the keys."""
        raise NotImplementedError

    def subject(self) -> Content:
        """What this screen is about, for the head line."""
        return plain("")

    def load(self) -> None:
        """Fetch what this screen shows; called when it appears, on F7 and after an outage."""

    def on_change(self, change: Changed) -> None:
        """A record changed somewhere; fetch anew what is shown of it."""

    def why(self) -> Content | None:
        """The reason behind the value under the cursor, said first by `?` and F1."""
        return None

    def again(self) -> DeskScreen | None:
        """A fresh screen at the same place, from record ids alone; for coming back from the lock."""
        return None

    def half_written(self) -> Iterable[Awaitable[None]]:
        """What keeps half-written words on the server; awaited before the lock and before the end."""
        return [one.send() for one in self.query(Drafts)]

    # saying and asking the rep

    def say(self, words: str | Content) -> None:
        """Put a word to the rep on the word line; an empty one brings the hint back."""
        line = self.query_one(WordLine)
        said = words if isinstance(words, Content) else plain(words)
        line.update(said if said else plain(self.HINT))
        line.set_class(bool(said), "-said")

    def refuse(self, why: str) -> None:
        """Say why an action is not possible, and swallow the digit and Enter typed behind it."""
        self.gate.swallow()
        self.say(why)

    def confirm(self, what: Content, then: Callable[[], None]) -> None:
        """Ask on one spelled-out line that names the object; Enter does it, Esc does not."""
        self.prompt.confirm(what, then, opened_by=self._last_key)

    def pick(self, title: str, choices: Sequence[Choice[Value]], then: Callable[[Value], None]) -> None:
        """Ask for one digit."""
        self.prompt.pick(plain(title), choices, then)

    def write(
        self,
        title: str,
        then: Callable[[str], None],
        *,
        limit: int,
        value: str = "",
        long: bool = False,
        optional: bool = False,
        typed: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for a line of text, or with `long` for several; an `optional` one may stay empty."""
        self.prompt.write(
            plain(title), then, limit=limit, value=value, long=long, optional=optional, typed=typed
        )

    @on(Prompt.NothingWritten)
    def _nothing_written(self, event: Prompt.NothingWritten) -> None:
        event.stop()
        self.say("Nothing is written yet; Esc leaves it.")

    @on(Prompt.Kept)
    def _words_kept(self, event: Prompt.Kept) -> None:
        event.stop()
        self.say("What you wrote is kept as a draft; the same key goes on with it.")

    def painted(self) -> None:
        """A new record to decide about stands on the screen; deciding keys count a moment later."""
        self.gate.painted()

    # the screen itself

    def compose(self) -> ComposeResult:
        yield HeadLine()
        yield CallBar()
        yield WordLine(plain(self.HINT))
        with Vertical(id="body"):
            yield from self.compose_body()
        yield Locked()
        yield Banner()
        yield self.prompt
        yield KeyLine()
        yield TooSmall()

    def on_mount(self) -> None:
        self.show_subject()
        self._show_keys()
        self.load()

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self.arrived)  # when the focus is where it belongs
        self.query_one(HeadLine).refresh()
        self.show_call()

    def on_resize(self, event: events.Resize) -> None:
        columns, rows = MINIMUM
        small = event.size.width < columns or event.size.height < rows
        if small and not self.has_class("-too-small"):
            self._focus_when_small = self.focused  # what is hidden loses the focus
        elif not small and self.has_class("-too-small"):
            self.call_after_refresh(self._focus_again)
        self.set_class(small, "-too-small")

    def _focus_again(self) -> None:
        """The window is large enough again: the keys go where they went before."""
        widget, self._focus_when_small = self._focus_when_small, None
        if widget is not None and widget.is_attached and self.focused is None:
            widget.focus()

    def tick(self) -> None:
        """A minute passed, or the connection changed."""
        self.query_one(HeadLine).refresh()
        self.show_call()

    def show_subject(self) -> None:
        """The subject changed."""
        self.query_one(HeadLine).subject = self.subject()
        self.show_call()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """(key, what it does, possible now) of every binding that the key line shows."""
        for _, binding, enabled, _ in self.active_bindings.values():
            if binding.show and not binding.system and not self._is_text(binding):
                yield self.app.get_key_display(binding), binding.description, enabled

    def _is_text(self, binding: Binding) -> bool:
        """Whether the key is a character of what is being written; the toolkit misses the slash."""
        return binding.key == "slash" and isinstance(self.focused, Input | TextArea)

    def refresh_bindings(self) -> None:
        super().refresh_bindings()
        self._show_keys()

    def _show_keys(self) -> None:
        line = self.query_one_optional(KeyLine)  # none before composing and while the screen is left
        if line is not None and self.app.screen_stack:  # none in view while the program ends
            keys = () if self.prompt.takes_keys else self.keys()
            line.show_keys((*keys, ("F1", "help", True)))

    def lets_through(self, event: events.Key) -> bool:
        """Whether a key may do anything now; the program asks before it looks at any binding."""
        if _ALWAYS.fullmatch(event.key):
            return True
        if self.has_class("-too-small"):
            return False
        typing = isinstance(self.focused, Input | TextArea)
        decides = self.prompt.decides(event.key) or (not typing and event.key in self.DECIDES)
        if not self.gate.passes(event.key, decides=decides):
            if self.gate.dropping:
                self.say("too fast: the keys typed ahead were dropped")
            return False
        self._last_key = event.key
        return True

    # keys of the house

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The search is offered only where there is one."""
        return self.desk.can_find() if action == "find" else self.offers(action)

    def action_find(self, typed: str) -> None:
        """Find anything: a field above this screen, which looks while it is typed."""
        self.desk.begin_find(typed)

    def action_refresh(self) -> None:
        """Fetch anew what this screen shows."""
        self.query_one(Banner).take_down()
        self.let_in()
        self.load()

    def action_back(self) -> None:
        """Leave this screen; not while something is being saved, and the first one of an area stays."""
        if self._acting:
            self.say("Still saving; Esc leaves when it is done.")
        elif len(self.app.screen_stack) > 1:
            self.dismiss()

    def action_explain(self) -> None:
        """Why first, then the keys."""
        why = plain(self.locked_word) if self.locked_word else self.why()
        self.app.push_screen(HelpScreen(why, list(self._all_keys())))

    def _all_keys(self) -> Iterable[tuple[str, str, bool]]:
        """Every key of this screen, those on the key line first; the toolkit's own have no id."""
        found = [
            (not binding.show, self.app.get_key_display(binding), binding.description, enabled)
            for _, binding, enabled, _ in self.active_bindings.values()
            if binding.id and not self._is_text(binding)
            if not (binding.key.isdigit() and binding.action.startswith("find("))
        ]
        for _, key, does, enabled in sorted(found, key=itemgetter(0)):
            yield key, does, enabled
