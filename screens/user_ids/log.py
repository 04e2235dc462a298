"""`j` from the user IDs of a client: every change of them, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from screens.user_ids import users_presentation as presentation
from screens.user_ids.client_list import ClientListScreen
from screens.widgets.chrome import Rule
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.user_ids import AccessLogRow


class AccessLogScreen(ClientListScreen):
    """Who changed which ID and when, with the line under the cursor in full below."""

    HINT = "every change of this client's user IDs; Esc goes back to them"
    DEFAULT_CSS = """
    AccessLogScreen VirtualTable { height: 1fr; }
    AccessLogScreen Detail { height: 5; }
    """

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self._lines: dict[str, AccessLogRow] = {}

    def subject(self) -> Content:
        return presentation.log_subject(self._group)

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

    def forget(self) -> None:
        """Drop the lines that were fetched."""
        self._lines.clear()

    def in_full(self) -> Callable[[int], Content] | None:
        """The line under the cursor."""
        one = self._lines.get(self._table.cursor_key or "")
        return None if one is None else partial(presentation.log_detail, one, self.desk.now())

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
