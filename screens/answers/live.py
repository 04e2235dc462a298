"""What of the live updates concerns answers about one group."""

from __future__ import annotations

from textual.timer import Timer

from api_client.types.words import EventKind
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen

GATHER_SECONDS = 5.0
"""Updates that do not name their group are answered with one fetch in this time."""
_OF_SOME_GROUP = (EventKind.MATCH_ITEM, EventKind.USER_ID_REQUEST)


class AnswersDesk(DeskScreen):
    """A screen whose answers are about one group, or about none."""

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group
        self._gathering: Timer | None = None

    def on_change(self, change: Changed) -> None:
        """Changes of this group and of what the caller may hear; items may be of this group."""
        mine = change.kind in (EventKind.ACCOUNT, EventKind.BILLING) and change.subject == self._group
        if mine or change.kind is EventKind.RESET:
            self.load()
        elif change.kind in _OF_SOME_GROUP and self._group and self._gathering is None:
            self._gathering = self.set_timer(GATHER_SECONDS, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self.load()
