"""What the lists of one client's user IDs have in common: both go with the right to hear of them."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.content import Content

from api_client.types.words import EventKind
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, VirtualTable


class ClientListScreen(DeskScreen):
    """A list about the employer of one group, with the row under the cursor in full below."""

    AUTO_FOCUS = "VirtualTable"

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group

    def forget(self) -> None:
        """Drop the rows that were fetched."""
        raise NotImplementedError

    def in_full(self) -> Callable[[int], Content] | None:
        """What stands of the row under the cursor in so many columns; None where there is none."""
        raise NotImplementedError

    def about(self) -> About | None:
        return About(self._group)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        mine = change.kind is EventKind.ACCOUNT and change.subject == self._group
        if mine or change.kind in (EventKind.USER_ID_REQUEST, EventKind.RESET):
            self._table.reload()

    def on_calls(self, *, rights_changed: bool) -> None:
        """With another right, the names go at once; what may be heard now is fetched anew."""
        if rights_changed:
            self.forget()
            self._table.restart(filtered=False)
        super().on_calls(rights_changed=rights_changed)

    def lock_out(self, sentence: str) -> None:
        """The caller on the line may not hear of the IDs."""
        self.forget()
        super().lock_out(sentence)

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show(self) -> None:
        self.query_one(Detail).show(self.in_full() or (lambda _: plain("")))
        self.refresh_bindings()


__all__ = ["ClientListScreen"]
