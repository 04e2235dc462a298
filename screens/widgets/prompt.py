"""The line above the keys where a rep confirms, picks by digit or writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from screens.widgets.field import LineField, TextField
from screens.widgets.keygate import ARMED_AFTER, KeyGate
from screens.widgets.text import flow, join, plain

Value = TypeVar("Value")
_MOST = 12
"""Choices of one question: as many as there are digits, and a letter or two."""
_MARK = plain(" > ")
_ARMED = plain("   Enter confirms   Esc cancels", "$text-muted")


class Choice(Generic[Value]):
    """One choice of a prompt: what it says and what it stands for; its key is its digit, or a letter.

    One that is not possible stands greyed; what it stands for says why.
    """

    def __init__(self, label: str, value: Value, *, key: str = "", possible: bool = True) -> None:
        self.label = label
        self.value = value
        self.key = key
        self.possible = possible


class Prompt(Vertical, can_focus=True):
    """One question at a time; Esc always closes it and gives the focus back."""

    @dataclass
    class NothingWritten(Message):
        """The key that sends was pressed on an empty field that must not be empty."""

    @dataclass
    class Kept(Message):
        """Esc left a field whose words are kept."""

    DEFAULT_CSS = """
    Prompt { display: none; height: auto; background: $panel; }
    Prompt.-open { display: block; }
    Prompt Input, Prompt TextArea { display: none; }
    Prompt.-line Input { display: block; }
    Prompt.-text TextArea { display: block; height: 5; }
    """

    def __init__(self, gate: KeyGate) -> None:
        super().__init__()
        self._gate = gate
        self._question = plain("")
        self._confirmed: Callable[[], None] | None = None
        self._picks: dict[str, Callable[[], None]] = {}
        self._written: Callable[[str], None] | None = None
        self._typed: Callable[[str], None] | None = None
        self._may_be_empty = False
        self._choices: list[Content] = []
        self._back_to: Widget | None = None
        self._opening_key = ""

    def compose(self) -> ComposeResult:
        yield Static(id="question")
        yield LineField(compact=True)
        yield TextField(compact=True, soft_wrap=True)

    @property
    def is_open(self) -> bool:
        """Whether a question stands there."""
        return self.has_class("-open")

    @property
    def takes_keys(self) -> bool:
        """Whether the keys go to the question: it is one to pick from or to write."""
        return self.is_open and self._confirmed is None

    @property
    def confirming(self) -> bool:
        """Whether a spelled-out line stands there that Enter would confirm."""
        return self._confirmed is not None

    def decides(self, key: str) -> bool:
        """Whether this key would take the decision that stands there."""
        return self._confirmed is not None and key == "enter"

    def confirm(self, what: Content, then: Callable[[], None], *, opened_by: str) -> None:
        """Spell out what is about to happen; Enter does it once the line has stood there long enough."""
        same = self._confirmed is not None and self._question.is_same(what)
        if same:
            return
        self._open(what, opened_by)
        self._confirmed = then
        self._gate.painted()
        self.set_timer(ARMED_AFTER, lambda: self._show_armed(what))
        self.focus()
        self.screen.refresh_bindings()

    def pick(self, title: Content, choices: Sequence[Choice[Value]], then: Callable[[Value], None]) -> None:
        """Ask for one key; choices without a letter are numbered from 1."""
        words = [title]
        self._open(plain(""), "")
        for number, choice in enumerate(choices[:_MOST], start=1):
            key = choice.key or str(number)
            style = "" if choice.possible else "$text-muted"
            shown = "Enter" if key == "enter" else key
            words.append(join((shown, "bold" if choice.possible else style), (f" {choice.label}", style)))
            self._picks[key] = self._taker(then, choice.value)
        self._choices = [*words, plain("Esc cancels", "$text-muted")]
        self._lay_out()
        self.focus()
        self.screen.refresh_bindings()

    def _lay_out(self) -> None:
        """The choices in rows; none is broken at the end of one."""
        room = (self.size.width or self.screen.size.width) - _MARK.cell_length
        self._say(Content("\n   ").join(flow(self._choices, room)))

    def on_resize(self) -> None:
        if self._choices:
            self._lay_out()

    def write(
        self,
        title: Content,
        then: Callable[[str], None],
        *,
        limit: int,
        value: str = "",
        long: bool = False,
        optional: bool = False,
        typed: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for text: one line that Enter sends, or several that F12 sends; `optional` may be empty.

        `typed` hears what stands in the field after each change, and keeps it.
        """
        sends = "F12 saves" if long else "Enter goes on"
        leaves = "Esc cancels" if typed is None else "Esc keeps it as a draft"
        self._open(join(title, (f"   {sends}   {leaves}", "$text-muted")), "")
        self._written, self._typed = then, typed
        self._may_be_empty = optional
        self.set_class(not long, "-line")
        self.set_class(long, "-text")
        if long:
            area = self.query_one(TextArea)
            area.text = value
            area.move_cursor(area.document.end)
            area.focus()
        else:
            field = self.query_one(Input)
            field.max_length = limit
            field.value = value
            field.select_on_focus = False
            field.cursor_position = len(value)
            field.focus()
        self.screen.refresh_bindings()

    def close(self) -> None:
        """Take the question away and give the focus back."""
        if not self.is_open:
            return
        self.set_class(False, "-open", "-line", "-text")
        self._forget()
        self.query_one(TextArea).text = ""
        self.query_one(Input).value = ""
        if self._back_to is not None and self._back_to.is_attached:
            self._back_to.focus()
        elif self.screen.focused in (self, *self.query("*")):
            self.screen.set_focus(None)
        self.screen.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        """Keys of the open question; function and control keys go on to the screen."""
        if event.key == "escape":
            event.stop()
            if self._typed is not None and self._text().strip():
                self.post_message(self.Kept())
            self.close()
        elif event.key == "f12" and self._written is not None:
            event.stop()
            self._send(self._text())
        elif self._confirmed is not None and event.key == "enter":
            event.stop()
            self._finish(self._confirmed)
        elif event.key == self._opening_key:
            event.stop()
        elif self._picks and (event.is_printable or event.key == "enter"):
            event.stop()
            if event.key in self._picks:
                self._finish(self._picks[event.key])

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed) -> None:
        """What stands there now; the event may be about a field that was emptied since."""
        event.stop()
        if self._typed is not None:
            self._typed(self._text())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._send(event.value)

    def _send(self, text: str) -> None:
        then = self._written
        if then is not None and (text.strip() or self._may_be_empty):
            self._finish(lambda: then(text.strip()))
        elif then is not None:
            self.post_message(self.NothingWritten())

    def _text(self) -> str:
        return self.query_one(TextArea).text if self.has_class("-text") else self.query_one(Input).value

    def _finish(self, then: Callable[[], None]) -> None:
        self.close()
        then()

    def _open(self, question: Content, opened_by: str) -> None:
        focused = self.screen.focused
        if focused not in (self, *self.query("*")):  # else one question follows another
            self._back_to = focused
        self._forget()
        self.set_class(False, "-line", "-text")
        self._opening_key = opened_by
        self._say(question)
        self.set_class(True, "-open")

    def _say(self, question: Content) -> None:
        self._question = question
        self.query_one("#question", Static).update(join(_MARK, question))

    def _show_armed(self, what: Content) -> None:
        if self._confirmed is not None and self._question.is_same(what):
            self.query_one("#question", Static).update(join(_MARK, what, _ARMED))

    def _forget(self) -> None:
        self._confirmed = self._written = self._typed = None
        self._picks = {}
        self._choices = []

    @staticmethod
    def _taker(then: Callable[[Value], None], value: Value) -> Callable[[], None]:
        return lambda: then(value)
