"""The letters of a group: when each went to whom, what it says, and a copy for who asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind, Role
from screens.letters import mail_words, post, presentation, reasons
from screens.letters.papers import Paper, Papers
from screens.letters.text import LetterTextScreen
from screens.widgets.desk import About, Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow


class LettersScreen(Papers):
    """The newest first; Enter reads the one under the cursor, `r` orders a copy of it."""

    HINT = "Enter reads the letter; r sends a copy of it; Esc goes back to the account"
    AUTO_FOCUS = "VirtualTable"
    BINDINGS = [
        Binding("b", "came_back", "it came back", show=False, id="letters.came_back"),
        Binding("s", "settle", "settle what came back", show=False, id="letters.settle"),
        Binding("x", "take_back", "lead: take back", show=False, id="letters.take_back"),
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
        return reasons.why(self._one, self._today)

    def again(self) -> DeskScreen | None:
        return LettersScreen(self._number, at=self._table.cursor_key)

    @property
    def _today(self) -> date:
        return self.desk.now().date()

    @on(VirtualTable.Highlighted)
    @on(VirtualTable.Settled)
    def _moved(self) -> None:
        """Other keys fit another letter."""
        self.refresh_bindings()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed; what a letter that came back needs comes first."""
        one = self._one
        readable = one is not None and not presentation.hidden(one.kind)
        possible = {"open": readable, **self.possible()}
        if one is not None and presentation.came_back(one):
            yield "s", "settle", True
        yield from self.in_order(possible)

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        one = self._letters.get(event.key)
        if one is not None and presentation.hidden(one.kind):
            self.refuse(presentation.hidden(one.kind))
        elif one is not None:
            self.app.push_screen(LetterTextScreen(self._number, one.id, one.kind))

    # what is done with the letter under the cursor (see screens.letters.papers)

    @property
    def group(self) -> str:
        return self._number

    @property
    def paper(self) -> Paper | None:
        one = self._one
        if one is None:
            return None
        return Paper(one.id, one.title, one.copy_of or "", presentation.hidden(one.kind))

    @property
    def order(self) -> LetterRow | None:
        """The one under the cursor, else the newest."""
        now = self.desk.now()
        mine = [one for one in self._letters.values() if one.undo_until and one.undo_until > now]
        at = self._one
        return at if at in mine else next(iter(sorted(mine, key=lambda one: one.id, reverse=True)), None)

    def ordered(self, one: LetterRow) -> None:
        self._letters[one.id] = one
        self._table.reload(one.id)

    def taken_back(self, one: LetterRow) -> None:
        self._letters.pop(one.id, None)
        self._table.reload()

    # what the post makes of it

    def action_came_back(self) -> None:
        """Take down that the post brought it back."""
        one = self._one
        why_not = mail_words.came_back_refused(one, self._today)
        if one is None or why_not:
            self.refuse(why_not)
        else:
            post.came_back(self, one.id, one.title, self._came_back)

    def _came_back(self, one: LetterRow) -> None:
        self._put(one, mail_words.came_back(one))

    def action_settle(self) -> None:
        """Say what was done about a letter that came back."""
        one = self._one
        why_not = mail_words.settle_refused(one)
        if one is None or why_not:
            self.refuse(why_not)
        else:
            post.settle(self, one.id, one.title, self._settled)

    def _settled(self, one: LetterRow) -> None:
        self._put(one, mail_words.settled(one))

    def action_take_back(self) -> None:
        """A lead keeps a letter of the rules from going."""
        one, session = self._one, self.session
        lead = session is not None and session.rep.role is not Role.REP
        why_not = mail_words.take_back_refused(one, self._today, lead=lead)
        if one is None or why_not:
            self.refuse(why_not)
        else:
            post.take_back(self, one, self._kept_from_going)

    def _kept_from_going(self, one: LetterRow) -> None:
        self.taken_back(one)
        self.say(mail_words.taken_back(one))

    def _put(self, one: LetterRow, said: str) -> None:
        self._letters[one.id] = one
        self._table.reload(one.id)
        self.refresh_bindings()
        self.say(said)


__all__ = ["LettersScreen"]
