"""Taking my last decision back, from the queue and from the review alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from screens.matching import presentation
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.matching import Claim, MatchItem

_UNDECIDED = "You decided nothing here that could be taken back; f in the queue shows what is decided."


@dataclass
class Last:
    """The last decision of this desk; queue and review share it."""

    number: str | None = None


class UndoScreen(DeskScreen):
    """A screen on which `u` takes the last decision back; it says where that leads."""

    def __init__(self, last: Last) -> None:
        super().__init__()
        self.last = last

    def on_mount(self) -> None:
        """Share the last decision with the screen below, also after the lock made it anew."""
        below = self.app.screen_stack[-2:-1]
        if below and isinstance(below[0], UndoScreen):
            below[0].last.number = self.last.number or below[0].last.number
            self.last = below[0].last

    def taken_back(self, claim: Claim) -> None:
        """The decision is undone and the item is the rep's again."""
        raise NotImplementedError

    def undo_target(self) -> str | None:
        """The item whose decision `u` takes back."""
        return self.last.number

    def action_undo(self) -> None:
        """Take my last decision back."""
        number = self.undo_target()
        if number is None:
            self.refuse(_UNDECIDED)
        else:
            self.fetch(self.client.matching.show(number), self._ask_undo, group="undo", hold_keys=True)

    def _ask_undo(self, item: MatchItem) -> None:
        if not presentation.can_undo(item, self.desk.now()):
            self.last.number = None
            self.refresh_bindings()
            self.refuse(f"The decision about {item.id} cannot be taken back any more.")
        else:
            self.confirm(presentation.undo_line(item), partial(self._undo, item))

    def _undo(self, item: MatchItem) -> None:
        work = self.client.matching.undo(item.id, item.version)
        self.act(work, self._undone, otherwise=partial(self._undo_met_a_change, item))

    def _undone(self, claim: Claim) -> None:
        self.last.number = None
        self.refresh_bindings()
        self.taken_back(claim)

    def _undo_met_a_change(self, item: MatchItem, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self.refuse(f"{item.id} was changed meanwhile. Nothing was taken back; u looks again.")
        return True
