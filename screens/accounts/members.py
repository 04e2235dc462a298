"""The members of a group, and who waits to become one, masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from api_client.types.words import EventKind
from screens.accounts import presentation
from screens.widgets.desk import About, Changed
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.accounts import MemberRow


class MembersScreen(DeskScreen):
    """Family by family, with the days of their coverage."""

    HINT = "Enter opens one person: card, coverage, family, what to say; Esc goes back"
    AUTO_FOCUS = "VirtualTable"

    def __init__(self, number: str, *, at: str | None = None) -> None:
        """`at` is the row to stand on."""
        super().__init__()
        self._number = number
        self._at = at
        self._people: dict[str, MemberRow] = {}

    def subject(self) -> Content:
        return presentation.members_subject(self._number)

    def about(self) -> About | None:
        return About(self._number)

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            presentation.MEMBER_COLUMNS,
            self._page,
            nothing="Nobody is or was enrolled in this group. Esc goes back.",
            around=self._at,
            explain=self.explain,
        )

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.accounts.members(self._number, cursor=cursor)
        self._people |= {presentation.member_key(one): one for one in page.rows}
        return TablePage(presentation.member_rows(page.rows), page.next)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.accounts.member import PersonScreen

        one = self._people[event.key]
        self.app.push_screen(PersonScreen(self._number, mrn=one.mrn, receipt=one.receipt or ""))

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()

    def on_change(self, change: Changed) -> None:
        mine = change.kind is EventKind.ACCOUNT and change.subject == self._number
        if mine or change.kind is EventKind.RESET:
            self._table.look_again()

    def on_calls(self, *, rights_changed: bool) -> None:
        """With another right, the names go at once; who may be heard of now is fetched anew."""
        if rights_changed:
            self._forget()
        super().on_calls(rights_changed=rights_changed)

    def lock_out(self, sentence: str) -> None:
        """The caller on the line may not hear who is enrolled."""
        self._people.clear()
        super().lock_out(sentence)

    def _forget(self) -> None:
        """Nothing of the members stays on the screen or in memory."""
        self._people.clear()
        self._table.restart(filtered=False)

    def why(self) -> Content | None:
        return presentation.WHY_MASKED

    def again(self) -> DeskScreen | None:
        return MembersScreen(self._number, at=self._table.cursor_key)


__all__ = ["MembersScreen"]
