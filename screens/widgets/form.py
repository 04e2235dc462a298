"""A form: one line for each field, what is wrong stands beside it, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from api_client.types.visible import visible_line
from screens.widgets.field import LineField
from screens.widgets.text import plain

Value = TypeVar("Value")


@dataclass(frozen=True)
class Field:
    """One line of a form."""

    name: str
    """As the backend calls it."""
    label: str
    read: Callable[[str], object]
    """The value of what was typed; ValueError with the reason."""
    needed: bool = False
    limit: int = 60
    hint: str = ""
    secret: bool = False
    """Stands there as dots; a colleague behind the chair reads along."""


def wrong(field: Field, typed: str) -> str:
    """What is wrong with what stands in a field; empty for nothing."""
    typed = typed.strip()
    if not typed:
        return "is needed" if field.needed else ""
    try:
        field.read(typed)
    except ValueError as error:
        return str(error)
    return ""


def values(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, object]:
    """What is sent; empty lines are left out, and what is left out stays as it is."""
    return {one.name: one.read(typed[one.name].strip()) for one in fields if typed[one.name].strip()}


def one_of(words: Mapping[str, Value]) -> Callable[[str], Value]:
    """Reads a word, or its beginning where that names only one."""

    def read(typed: str) -> Value:
        said = typed.lower()
        fitting = [said] if said in words else [one for one in words if one.startswith(said)]
        if len(fitting) != 1:
            raise ValueError("one of: " + ", ".join(words))
        return words[fitting[0]]

    return read


class FormLine(Horizontal):
    """A label, a field, and what is wrong with it."""

    DEFAULT_CSS = """
    FormLine { height: 1; }
    FormLine > .label { width: 20; color: $text-muted; }
    FormLine > LineField { width: 1fr; }
    FormLine > .wrong { width: auto; max-width: 50%; color: $text-error; text-style: bold; }
    """

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def compose(self) -> ComposeResult:
        star = "*" if self.field.needed else ""
        yield Static(plain(f" {self.field.label}{star}"), classes="label")
        yield LineField(
            compact=True,
            id=self.field.name,
            max_length=self.field.limit,
            placeholder=visible_line(self.field.hint),
            password=self.field.secret,
            select_on_focus=False,
        )
        yield Static(classes="wrong")

    @property
    def typed(self) -> str:
        """What stands there."""
        return self.query_one(LineField).value

    def show_wrong(self, words: str) -> None:
        """Say what is wrong, or that nothing is."""
        self.query_one(".wrong", Static).update(plain(f"  {words} " if words else ""))


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The lines below one another; it follows the cursor, and Up and Down are the screen's own."""

    DEFAULT_CSS = "Form { height: auto; max-height: 70%; }"

    @dataclass
    class Filled(Message):
        """Enter was pressed on the last line."""

    def __init__(self, fields: Sequence[Field], *, id: str = "fields") -> None:  # noqa: A002  (textual's own)
        super().__init__(id=id)
        self._fields = fields

    def compose(self) -> ComposeResult:
        for field in self._fields:
            yield FormLine(field)

    @property
    def lines(self) -> list[FormLine]:
        """The lines from the top."""
        return list(self.query(FormLine))

    @property
    def typed(self) -> dict[str, str]:
        """What stands in each field."""
        return {line.field.name: line.typed for line in self.lines}

    def fill(self, typed: Mapping[str, str]) -> None:
        """Put what was typed before into the fields."""
        for line in self.lines:
            line.query_one(LineField).value = typed.get(line.field.name, "")

    def show_wrong(self, errors: Mapping[str, str]) -> None:
        """Beside each field what is wrong with it; the first one has the cursor."""
        first = None
        for line in self.lines:
            words = errors.get(line.field.name, "")
            line.show_wrong(words)
            first = line if words and first is None else first
        if first is not None:
            first.query_one(LineField).focus()

    def step(self, by: int) -> None:
        """To the field above or below; to the first one where none has the cursor."""
        fields = [field for line in self.lines if not (field := line.query_one(LineField)).disabled]
        if not fields:
            return
        focused = self.screen.focused
        at = fields.index(focused) + by if isinstance(focused, LineField) and focused in fields else 0
        fields[min(max(at, 0), len(fields) - 1)].focus()

    def freeze(self, *, but: str = "") -> None:
        """Nothing more is typed here, or in one field only."""
        for line in self.lines:
            line.query_one(LineField).disabled = line.field.name != but

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        """Enter: the next line, or all is filled in."""
        event.stop()
        lines = self.lines
        at = next(i for i, one in enumerate(lines) if one.field.name == event.input.id)
        lines[at].show_wrong(wrong(lines[at].field, event.value))
        if at + 1 < len(lines):
            lines[at + 1].query_one(LineField).focus()
        else:
            self.post_message(self.Filled())


__all__ = ["Field", "Form", "FormLine", "one_of", "values", "wrong"]
