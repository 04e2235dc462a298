"""`j` from the user IDs of a client: every change of them, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from api_client.types.words import EventKind
from screens.user_ids import users_presentation as presentation
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.user_ids import AccessLogRow


class AccessLogScreen(DeskScreen):
    """Who changed which ID and when, with the line under the cursor in full below."""

    HINT = "every change of this client's user IDs; Esc goes back to them"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    AccessLogScreen VirtualTable { height: 1fr; }
    AccessLogScreen Detail { height: 5; }
    """

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group
        self._lines: dict[str, AccessLogRow] = {}

    def subject(self) -> Content:
        return presentation.log_subject(self._group)

    def about(self) -> About | None:
        return About(self._group)

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            presentation.LOG_COLUMNS,
            self._page,
            nothing=presentation.LOG_NOTHING,
            explain=self.explain,
            opens=False,
        )
        yield Rule()
        detail = Detail()
        detail.can_focus = False
        yield detail

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.user_ids.log(self._group, cursor=cursor)
        found = _told_apart(page.rows)
        self._lines |= found
        now = self.desk.now()
        rows = [presentation.log_row(one, key, now) for key, one in found.items()]
        return TablePage(rows, page.next, page.previous)

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
            self._lines.clear()
            self._table.restart(filtered=False)
        super().on_calls(rights_changed=rights_changed)

    def lock_out(self, sentence: str) -> None:
        """The caller on the line may not hear of the IDs."""
        self._lines.clear()
        super().lock_out(sentence)

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _show(self) -> None:
        one = self._lines.get(self._table.cursor_key or "")
        view = self.query_one(Detail)
        if one is None:
            view.show(lambda _: plain(""))
        else:
            view.show(partial(presentation.log_detail, one, self.desk.now()))

    def why(self) -> Content | None:
        return plain(presentation.LOG_WHY)

    def again(self) -> DeskScreen | None:
        return AccessLogScreen(self._group)


def _told_apart(rows: Iterable[AccessLogRow]) -> dict[str, AccessLogRow]:
    """Lines of a page by their keys; those that are the same to the eye are counted."""
    seen: Counter[str] = Counter()
    found = {}
    for one in rows:
        alike = presentation.log_key(one, 0)
        found[presentation.log_key(one, seen[alike])] = one
        seen[alike] += 1
    return found


__all__ = ["AccessLogScreen"]
