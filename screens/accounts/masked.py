"""The masked fields of a person: Tab goes to one, and what is shown of it is covered again by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from api_client.types.call_words import RevealField
from screens.widgets.text import join, plain

if TYPE_CHECKING:
    from api_client.types.cards import Person
    from api_client.types.people import Revealed

LABELS = {
    RevealField.NAME: "full name",
    RevealField.BIRTH_DATE: "born",
    RevealField.SSN: "SSN",
    RevealField.ADDRESS: "address",
    RevealField.PHONE: "phone",
}
_STARS = {RevealField.NAME: "", RevealField.SSN: "***-**-****"}


class _Field(Static, can_focus=True):
    DEFAULT_CSS = """
    _Field { width: auto; margin: 0 0 0 1; padding: 0 1 0 0; }
    _Field:focus { text-style: reverse; }
    """

    def __init__(self, field: RevealField) -> None:
        super().__init__()
        self.field = field

    def cover(self, person: Person) -> None:
        """Show it as the server masks it."""
        born = person.born or "-"
        said = born if self.field is RevealField.BIRTH_DATE else _STARS.get(self.field, "*****")
        self.update(join((LABELS[self.field], "$text-muted"), f" {said}" if said else ""))


class MaskedFields(Vertical):
    """A line of fields, and below it the one that is shown for a moment."""

    DEFAULT_CSS = """
    MaskedFields { height: auto; display: none; }
    MaskedFields.-known { display: block; }
    MaskedFields Horizontal { height: 1; }
    MaskedFields #bare { height: auto; display: none; padding-left: 1; }
    MaskedFields.-bare #bare { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield from (_Field(field) for field in RevealField)
        yield Static(id="bare")

    @property
    def under_tab(self) -> RevealField | None:
        """The field that has the focus."""
        focused = self.screen.focused
        return focused.field if isinstance(focused, _Field) else None

    def about(self, person: Person | None) -> None:
        """Show the fields of this person, covered."""
        self.set_class(person is not None, "-known")
        if person is not None:
            for field in self.query(_Field):
                field.cover(person)
        else:
            self.cover()

    def bare(self, field: RevealField, shown: Revealed, now: datetime) -> None:
        """Show a field until its time is over."""
        self.cover()
        until = f"{shown.until.astimezone(now.tzinfo):%H:%M:%S}"
        value = (shown.value or "nothing is on file", "bold")
        words = join((f"{LABELS[field]} ", "$text-muted"), value, (f"   until {until}", "$text-muted"))
        self.query_one("#bare", Static).update(words)
        self.set_class(True, "-bare")
        left = max(0.01, (shown.until - now).total_seconds())
        self._timer = self.set_timer(left, self.cover)

    def cover(self) -> None:
        """Nothing is bare any more, neither on the screen nor in memory."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.query_one("#bare", Static).update(plain(""))
        self.set_class(False, "-bare")
