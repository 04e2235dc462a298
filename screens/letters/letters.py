"""The letters of a group: when each went to whom, and a copy for who asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.call_words import CallerKind, VerifyState
from api_client.types.words import EventKind
from screens.letters import presentation
from screens.widgets.desk import About, Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow


class LettersScreen(DeskScreen):
    """The newest first; `r` orders a copy of the one under the cursor."""

    HINT = "r orders a copy of the letter under the cursor; Esc goes back to the account"
    AUTO_FOCUS = "VirtualTable"
    DECIDES = frozenset({"r", "u"})
    BINDINGS = [
        Binding("r", "copy", "send a copy", id="letters.copy"),
        Binding("u", "undo", "undo order", id="letters.undo"),
    ]

    def __init__(self, number: str, *, at: str | None = None) -> None:
        """`at` is the letter to stand on."""
        super().__init__()
        self._number = number
        self._at = at
        self._letters: dict[str, LetterRow] = {}

    def subject(self) -> Content:
        return presentation.subject(self._number)

    def about(self) -> About | None:
        return About(self._number)

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            presentation.COLUMNS,
            self._page,
            nothing=presentation.NOTHING,
            around=self._at,
            explain=self.explain,
        )

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.letters.list(self._number, cursor=cursor)
        if cursor is None:
            self._letters = {}
        self._letters |= {one.id: one for one in page.rows}
        return TablePage(presentation.rows(page.rows, self.desk.now()), page.next)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _one(self) -> LetterRow | None:
        """The letter under the cursor."""
        key = self._table.cursor_key
        return self._letters.get(key) if key is not None else None

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        mine = change.kind in (EventKind.ACCOUNT, EventKind.BILLING) and change.subject == self._number
        if mine or change.kind is EventKind.RESET:
            self._table.look_again()

    def why(self) -> Content | None:
        return presentation.why(self._one, self.desk.now().date())

    def again(self) -> DeskScreen | None:
        return LettersScreen(self._number, at=self._table.cursor_key)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed; there is nothing to open behind a letter."""
        possible = {"send a copy": bool(self._letters), "undo order": self._mine() is not None}
        for key, does, enabled in sorted(DeskScreen.keys(self), key=lambda shown: shown[1] not in possible):
            if does != "open":
                yield key, does, possible.get(does, enabled)

    # a copy

    def action_copy(self) -> None:
        """Order a copy of the letter under the cursor for who is on the line."""
        one = self._one
        if one is None:
            self.refuse(presentation.NO_LETTER)
            return
        to_broker = self._broker_asks()
        line = presentation.copy_line(one, to_broker=to_broker)
        self.confirm(line, partial(self._order, one, to_broker))

    def _broker_asks(self) -> bool:
        """Whether who is on the line was proved to be the broker and nobody of the client was."""
        calls = self.desk.calls
        call = calls.active if calls is not None else None
        kinds = {
            one.kind
            for one in (call.subjects if call is not None else [])
            if one.group_number == self._number and not one.mrn and one.state is VerifyState.VERIFIED
        }
        return CallerKind.BROKER in kinds and CallerKind.CLIENT not in kinds

    def _order(self, one: LetterRow, to_broker: bool) -> None:
        self.act(self.client.letters.copy(one.id, to_broker=to_broker), self._ordered)

    def _ordered(self, one: LetterRow) -> None:
        self._letters[one.id] = one
        self._table.reload(one.id)
        self.refresh_bindings()
        self.say(presentation.ordered(one, self.desk.now()))

    # taking back

    def _mine(self) -> LetterRow | None:
        """The order that this rep can still take back: the one under the cursor, else the newest."""
        now = self.desk.now()
        mine = [one for one in self._letters.values() if one.undo_until and one.undo_until > now]
        at = self._one
        return at if at in mine else next(iter(sorted(mine, key=lambda one: one.id, reverse=True)), None)

    def action_undo(self) -> None:
        """Take my order back before it is mailed."""
        one = self._mine()
        if one is None:
            self.refuse(presentation.NOT_MINE)
        else:
            self.confirm(presentation.undo_line(one), partial(self._undo, one))

    def _undo(self, one: LetterRow) -> None:
        self.act(self.client.letters.undo(one.id), self._taken_back)

    def _taken_back(self, one: LetterRow) -> None:
        self._letters.pop(one.id, None)
        self._table.reload()
        self.refresh_bindings()
        self.say(presentation.taken_back(one))


__all__ = ["LettersScreen"]
