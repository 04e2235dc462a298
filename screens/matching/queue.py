"""The queue of enrollments that a person must look at: what is next, and the list in its order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind
from screens.calls.bar import parked
from screens.matching import presentation
from screens.matching.passing import Passing
from screens.matching.review import ReviewScreen
from screens.matching.second_look import SecondLookScreen
from screens.matching.undo import Last
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, TableRow, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.matching import Claim, Home, MatchItem, MatchRow

_SHOWN_ON = (EventKind.MATCH_ITEM, EventKind.USER_ID_REQUEST, EventKind.CALL_BACK, EventKind.RESET)


class QueueScreen(Passing):
    """Home: all queues, the next item and one's own above the list of match items."""

    HINT = "n takes the most urgent item; Enter opens the one under the cursor"
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = """
    QueueScreen Detail { height: auto; max-height: 6; }
    QueueScreen VirtualTable { height: 1fr; }
    """
    DECIDES = frozenset("u")
    BINDINGS = [
        Binding("n", "next", "next", id="matching.next"),
        Binding("f", "filter", "filter", id="matching.filter"),
        Binding("u", "undo", "undo my last", id="matching.undo"),
        Binding("s", "pass_on", "lead: take back, give to a rep", show=False, id="matching.pass_on"),
    ]

    def __init__(self, last: Last | None = None) -> None:
        super().__init__(last or Last())
        self._view = "open"
        self._home: Home | None = None
        self._items: dict[str, MatchRow] = {}

    def subject(self) -> Content:
        return presentation.subject(self._view)

    def compose_body(self) -> ComposeResult:
        block = Detail()
        block.can_focus = False
        yield block
        yield Rule()
        yield VirtualTable(
            presentation.COLUMNS,
            self._page,
            nothing=presentation.NOTHING["open"],
            no_match="Nothing is in this view; Esc shows the open items.",
            explain=self.explain,
        )

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        if self._view == presentation.SECOND_LOOKS:
            page = await self.client.matching.second_looks()
        else:
            page = await self.client.matching.list(self._view, cursor=cursor, around=around)
        self._items |= {one.id: one for one in page.rows}
        return TablePage([self._row(one) for one in page.rows], page.next, page.previous)

    def _row(self, item: MatchRow) -> TableRow:
        me = self.session.rep.display_name if self.session else ""
        return presentation.row(item, self.desk.now(), me)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()
        self._look_home()

    def _look_home(self) -> None:
        self.fetch(self.client.matching.home(), self._at_home, group="home")

    def _at_home(self, block: Home) -> None:
        self._home = block
        calls = self.desk.calls
        told = partial(
            presentation.home,
            block,
            self.desk.now(),
            parked=parked(calls),
            in_call=calls is not None and calls.active is not None,
        )
        self.query_one(Detail).show(told)

    def on_calls(self, *, rights_changed: bool) -> None:
        """What is on hold stands among the rep's own."""
        super().on_calls(rights_changed=rights_changed)
        if self._home is not None:
            self._at_home(self._home)

    def on_screen_resume(self) -> None:
        """What changed while another screen stood here was not heard; the cursor stays on its record."""
        if self._home is not None:
            self.load()

    def on_change(self, change: Changed) -> None:
        if change.kind in _SHOWN_ON:
            self._look_again()

    def _look_again(self) -> None:
        self._table.look_again()
        self._look_home()

    def tick(self) -> None:
        """A minute passed: every clock says so."""
        super().tick()
        if self._home is not None:
            self._at_home(self._home)
        self._table.recount(self._recounted)

    def _recounted(self, row: TableRow) -> TableRow:
        item = self._items.get(row.key)
        return row if item is None or row.gone else self._row(item)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        possible = {"undo my last": self.last.number is not None}
        order = {"next": 0, "open": 1, "find": 2, "filter": 3}
        for key, does, enabled in sorted(super().keys(), key=lambda one: order.get(one[1], len(order))):
            yield key, does, possible.get(does, enabled)

    def why(self) -> Content | None:
        return plain(presentation.WHY_ORDER)

    # which items

    def action_filter(self) -> None:
        """Open items, paused ones, mine, decided ones, second looks."""
        choices = [Choice(label, view) for view, label in presentation.VIEWS.items()]
        self.pick("show", choices, self._show_view)

    def _show_view(self, view: str) -> None:
        if view != self._view:
            self._view = view
            self.say("")
            self.show_subject()
            self._items.clear()
            self._table.restart(filtered=view != "open")

    def action_back(self) -> None:
        """The filter first, then the screen."""
        if self._view != "open":
            self._show_view("open")
        else:
            super().action_back()

    # opening

    def action_next(self) -> None:
        """Take the most urgent free item."""
        self.app.push_screen(ReviewScreen(None, last=self.last))

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        if self._view == presentation.SECOND_LOOKS:
            self.app.push_screen(SecondLookScreen(event.key, self.last))
        else:
            self.app.push_screen(ReviewScreen(event.key, last=self.last))

    # a lead's acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a lead passes on what others have."""
        return self.is_lead if action == "pass_on" else super().check_action(action, parameters)

    def action_pass_on(self) -> None:
        """Take the item under the cursor back, or give it to a rep."""
        item = self._items.get(self._table.cursor_key or "")
        if item is None:
            self.refuse("No item stands under the cursor.")
        else:
            self.lead_passes(item)

    def moved(self, item: MatchItem, words: str) -> None:
        self.say(words)
        self._look_again()

    def taken_back(self, claim: Claim) -> None:
        """The item stands in review again."""
        word = f"{claim.item.id} is yours again: decide it anew."
        self.app.push_screen(ReviewScreen(claim.item.id, token=claim.token, last=self.last, word=word))


__all__ = ["QueueScreen"]
