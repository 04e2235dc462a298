"""All wrap-up codes, by typing a part of the code or of its words."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input

from api_client.types.call_words import WrapUp
from screens.calls.words import WRAP_UPS
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Column, TablePage, TableRow, VirtualTable

_LONGEST = 30
_COLUMNS = (Column("code", 18), Column("what the call was about", 0))


def matching(typed: str) -> list[WrapUp]:
    """The codes in which every word typed occurs, in the code or in its words."""
    words = typed.lower().split()
    return [
        code for code, told in WRAP_UPS.items() if all(word in f"{code} {told}".lower() for word in words)
    ]


class CodesScreen(DeskScreen):
    """The list narrows while one types; Enter takes the code under the cursor."""

    HINT = "type a part of the code or of its words; Up and Down choose, Enter takes it, Esc goes back"
    AUTO_FOCUS = "LineField"
    DEFAULT_CSS = """
    CodesScreen LineField { background: $panel; }
    CodesScreen VirtualTable { height: 1fr; }
    """
    BINDINGS = [
        Binding("down", "move(1)", "next code", show=False, id="codes.down"),
        Binding("up", "move(-1)", "code before", show=False, id="codes.up"),
    ]

    def __init__(self, call: str, then: Callable[[WrapUp], None]) -> None:
        super().__init__()
        self._call = call
        self._then = then
        self._typed = ""

    def subject(self) -> Content:
        return plain(f"WRAP UP {self._call}")

    def compose_body(self) -> ComposeResult:
        yield LineField(compact=True, max_length=_LONGEST)
        table = VirtualTable(_COLUMNS, self._page, nothing="", no_match="No code has these words.")
        table.can_focus = False
        yield table

    async def _page(self, _cursor: str | None, _around: str | None) -> TablePage:
        rows = [TableRow(code, (plain(code), plain(WRAP_UPS[code]))) for code in matching(self._typed)]
        return TablePage(rows)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._typed:
            self._typed = event.value
            self._table.restart(filtered=bool(event.value.strip()))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        codes = matching(event.value)
        under = self._table.cursor_key
        if not codes:
            self.say("No code has these words.")
        else:
            self._done(WrapUp(under) if under in codes else codes[0])

    def _done(self, code: WrapUp) -> None:
        then = self._then
        self.dismiss()
        then(code)

    def action_move(self, by: int) -> None:
        """The list follows the arrows while the field keeps the keys."""
        self._table.action_move(by)


__all__ = ["CodesScreen", "matching"]
