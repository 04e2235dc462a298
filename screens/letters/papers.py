"""What can be done with a letter wherever it stands: a copy for who asks, the PDF, a print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from api_client.types.call_words import CallerKind, VerifyState
from screens.letters import presentation
from screens.widgets.outside import Outside
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow


@dataclass(frozen=True)
class Paper:
    """The letter that a key is about."""

    id: str
    title: str
    repeats: str = ""
    """For a copy the number of the letter whose words it has."""
    hidden: str = ""
    """Why it is shown to nobody; empty where it can be read."""


class Papers(Outside):
    """A screen on which letters of one group stand; what is shown outside goes with it."""

    INSTEAD = "It is read as text."
    DECIDES = frozenset({"r", "u"})
    BINDINGS = [
        Binding("r", "copy", "send a copy", id="letters.copy"),
        Binding("u", "undo", "undo order", id="letters.undo"),
        Binding("d", "show_pdf", "PDF", id="letters.pdf"),
        Binding("p", "print_out", "print", id="letters.print"),
    ]

    # what a screen fills in

    @property
    def group(self) -> str:
        """Whose letters stand here; empty where none does."""
        raise NotImplementedError

    @property
    def paper(self) -> Paper | None:
        """The letter that stands there, or the one under the cursor."""
        raise NotImplementedError

    @property
    def order(self) -> LetterRow | None:
        """The order of this rep that can still be taken back."""
        raise NotImplementedError

    def ordered(self, one: LetterRow) -> None:
        """A copy is ordered."""
        raise NotImplementedError

    def taken_back(self, one: LetterRow) -> None:
        """An order is taken back."""
        raise NotImplementedError

    def possible(self) -> dict[str, bool]:
        """Which of these keys would do something, by what they are called."""
        return {
            "send a copy": self.paper is not None,
            "undo order": self.order is not None,
            "PDF": not self._why_not(self.desk.viewer.cannot_show),
            "print": not self._why_not(self.desk.viewer.cannot_print),
        }

    def in_order(self, possible: Mapping[str, bool]) -> Iterable[tuple[str, str, bool]]:
        """These keys and no others for the key line, in this order; F1 has all of them."""
        keys = {does: key for key, does, _ in list(DeskScreen.keys(self))}
        return [(keys[does], does, now) for does, now in possible.items() if does in keys]

    def _why_not(self, cannot: str = "") -> str:
        """Why the letter is not shown outside the terminal; empty where it can be."""
        one = self.paper
        return presentation.NO_LETTER if one is None else one.hidden or cannot

    # a copy

    def action_copy(self) -> None:
        """Order a copy for who is on the line."""
        one = self.paper
        if one is None:
            self.refuse(presentation.NO_LETTER)
            return
        to_broker = self._broker_asks()
        line = presentation.copy_line(one.repeats or one.id, one.title, to_broker=to_broker)
        self.confirm(line, partial(self._order_copy, one.id, to_broker))

    def _broker_asks(self) -> bool:
        """Whether who is on the line was proved to be the broker and nobody of the client was."""
        calls = self.desk.calls
        call = calls.active if calls is not None else None
        kinds = {
            one.kind
            for one in (call.subjects if call is not None else [])
            if one.group_number == self.group and not one.mrn and one.state is VerifyState.VERIFIED
        }
        return CallerKind.BROKER in kinds and CallerKind.CLIENT not in kinds

    def _order_copy(self, number: str, to_broker: bool) -> None:
        self.act(self.client.letters.copy(number, to_broker=to_broker), self._said_ordered)

    def _said_ordered(self, one: LetterRow) -> None:
        self.ordered(one)
        self.refresh_bindings()
        self.say(presentation.ordered(one, self.desk.now()))

    def action_undo(self) -> None:
        """Take my order back before it is mailed."""
        one = self.order
        if one is None:
            self.refuse(presentation.NOT_MINE)
        else:
            self.confirm(presentation.undo_line(one), partial(self._undo, one))

    def _undo(self, one: LetterRow) -> None:
        self.act(self.client.letters.undo(one.id), self._said_taken_back)

    def _said_taken_back(self, one: LetterRow) -> None:
        self.taken_back(one)
        self.refresh_bindings()
        self.say(presentation.taken_back(one))

    # outside the terminal

    def action_show_pdf(self) -> None:
        """Open the letter as it is printed, in the viewer of this workstation."""
        one, why_not = self.paper, self._why_not()
        if one is None or why_not:
            self.refuse(why_not)
        else:
            self.show_outside(one.id, partial(self.client.letters.pdf, one.id))

    def action_print_out(self) -> None:
        """Print the letter on the printer of this workstation."""
        one, why_not = self.paper, self._why_not(self.desk.viewer.cannot_print)
        if one is None or why_not:
            self.refuse(why_not)
            return
        fetch = partial(self.client.letters.pdf, one.id)
        self.confirm(presentation.print_line(one.id, one.title), partial(self.print_outside, one.id, fetch))


__all__ = ["Paper", "Papers"]
