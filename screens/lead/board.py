"""The lead's board: how the queue stands by age, by rep and by breach, and giving items to people."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from api_client.background import background
from api_client.types.words import EventKind
from screens.lead import giving, presentation
from screens.lead.presentation import Entry
from screens.lead.words import COLUMNS, NOTHING, WHY, Section
from screens.matching.presentation import give_line, take_back_line
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, TableRow, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from api_client.types.lead import BoardItem, LeadBoard, RepFigures
    from api_client.types.matching import MatchItem

_BETWEEN = 5.0
"""Seconds from one look at the board to the next, however much happens in the queue."""
_DIGITS = 9
_NAME = 64
_CHANGES = (EventKind.MATCH_ITEM, EventKind.BILLING, EventKind.USER_ID_REQUEST, EventKind.RESET)
"""What may change a line of the board."""


class BoardScreen(DeskScreen):
    """One answer of the backend in six lists; Left and Right turn to the next.

    A wide window has room for the queue and its rate above the list that is read.
    """

    HINT = "Left and Right turn to another list; ? says what its figures mean"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    BoardScreen #lists { height: 1; }
    BoardScreen .upper { height: 1fr; layout: vertical; display: none; }
    BoardScreen .lower { height: 1fr; layout: vertical; }
    BoardScreen.-queue .upper { display: block; }
    BoardScreen.-queue .lower { display: none; }
    BoardScreen VirtualTable { height: 1fr; display: none; }
    BoardScreen VirtualTable.-current { display: block; }
    BoardScreen VirtualTable:blur > .table--cursor { background: $background; color: $foreground; }
    BoardScreen #queue { height: 10; }
    BoardScreen .upper Detail { height: 1fr; }
    BoardScreen .lower Detail { height: 9; }
    BoardScreen.-wide .upper { display: block; height: 12; layout: horizontal; }
    BoardScreen.-wide .lower { display: block; layout: horizontal; }
    BoardScreen.-wide VirtualTable { width: 76; height: 1fr; }
    BoardScreen.-wide .upper Rule, BoardScreen.-wide .lower Rule { display: none; }
    BoardScreen.-narrow #between { display: none; }
    BoardScreen.-wide Detail { height: 1fr; }
    """
    BINDINGS = [
        Binding("r", "give", "give to a rep", id="lead.give"),
        Binding("t", "take_back", "take back", id="lead.take_back"),
        Binding("right", "turn(1)", "next list", key_display="Right", id="lead.right"),
        Binding("left", "turn(-1)", "list before", show=False, id="lead.left"),
    ]

    def __init__(self, section: Section = Section.QUEUE) -> None:
        """`section` is the list that stands there first."""
        super().__init__()
        self._section = section
        self._below = Section.WAITS
        self._board: LeadBoard | None = None
        self._entries: dict[Section, dict[str, Entry]] = {one: {} for one in Section}
        self._answered = asyncio.Event()
        self._trouble: Exception | None = None
        self._looked_at = 0.0
        self._anew = False
        self._soon: Timer | None = None

    def subject(self) -> Content:
        return plain("LEAD'S BOARD")

    def again(self) -> DeskScreen | None:
        return BoardScreen(self._section)

    def compose_body(self) -> ComposeResult:
        yield Static(id="lists")
        with Container(classes="upper"):
            yield self._list(Section.QUEUE)
            yield Rule()
            yield Detail(id="rate")
        yield Rule(id="between")
        with Container(classes="lower"):
            for one in list(Section)[1:]:
                yield self._list(one)
            yield Rule()
            yield Detail(id="line")

    def _list(self, section: Section) -> VirtualTable:
        return VirtualTable(
            COLUMNS[section],
            partial(self._page, section),
            nothing=NOTHING[section],
            explain=self.explain,
            id=section,
        )

    async def _page(self, section: Section, cursor: str | None, around: str | None) -> TablePage:
        """All lists are parts of one answer, which the screen asks for."""
        await self._answered.wait()
        if self._board is None:
            assert self._trouble is not None
            raise self._trouble
        return TablePage([entry.row for entry in self._entries[section].values()])

    def _table(self, section: Section) -> VirtualTable:
        return self.query_one(f"#{section}", VirtualTable)

    def _under_cursor(self, section: Section) -> Entry | None:
        """The line under the cursor of a list, if it is still there."""
        return self._entries[section].get(self._table(section).cursor_key or "")

    # what is shown

    def on_mount(self) -> None:
        self._show_section()

    def load(self) -> None:
        """Ask anew; lines that left their list go, and new ones take their places."""
        self._ask(anew=True)

    def _ask(self, *, anew: bool) -> None:
        self._anew = self._anew or anew  # a newer look must not lose what an unanswered one was for
        self._looked_at = self.desk.seconds()
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        self.fetch(self.client.lead.board(), self._shown, group="board", otherwise=self._not_there)

    def _shown(self, board: LeadBoard) -> None:
        anew, self._anew = self._anew, False
        self._board, self._trouble = board, None
        self._paint()
        self._answered.set()
        for table in self.query(VirtualTable):
            if table.shown is Shown.LOADING:
                continue  # it waits for this very answer
            if anew:
                table.reload()
            else:
                table.look_again()

    def _not_there(self, error: Exception) -> bool:
        """Without any board the lists say why; an old one stays, and the banner says it."""
        if self._board is not None:
            return False
        self._trouble = error
        self._answered.set()
        for table in self.query(VirtualTable):
            if table.shown is not Shown.LOADING:
                table.reload()
        return True

    def _paint(self) -> None:
        """Everything that tells of time or of the line under the cursor."""
        board, now = self._board, self.desk.now()
        self.query_one("#lists", Static).update(
            presentation.sections(self._section, board, now, self.size.width)
        )
        if board is None:
            return
        for one in Section:
            self._entries[one] = {entry.row.key: entry for entry in presentation.entries(one, board, now)}

        self.query_one("#rate", Detail).show(lambda width: presentation.rate(board, width))
        self._paint_line()

    def _paint_line(self) -> None:
        """What is said of the line under the cursor, and which keys fit it."""
        board, section, entry = self._board, self._below, self._under_cursor(self._below)
        gone = entry is None and self._table(section).cursor_key is not None
        if board is not None:
            self.query_one("#line", Detail).show(
                lambda width: presentation.line(section, board, entry, width, gone=gone)
            )
        self.refresh_bindings()

    def tick(self) -> None:
        """A minute passed, or the connection changed: every clock says so."""
        super().tick()
        self._paint()
        for one in Section:
            self._table(one).recount(partial(self._recounted, one))

    def _recounted(self, section: Section, row: TableRow) -> TableRow:
        entry = self._entries[section].get(row.key)
        return row if entry is None or row.gone else entry.row

    def on_resize(self, event: events.Resize) -> None:
        self._paint()

    def on_change(self, change: Changed) -> None:
        if change.kind in _CHANGES:
            self._look_soon()

    def _look_soon(self) -> None:
        """Look again at once, or when the last look is long enough ago; a storm of changes is one look."""
        if self._soon is not None:
            return
        wait = self._looked_at + _BETWEEN - self.desk.seconds()
        if wait <= 0:
            self._ask(anew=False)
        else:
            self._soon = self.set_timer(wait, self._look_again)

    def _look_again(self) -> None:
        with background():
            self._ask(anew=False)

    def on_screen_resume(self) -> None:
        """What changed while another screen stood here was not heard; the cursor stays on its line."""
        if self._board is not None:
            self.load()

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        self._paint_line()
        if event.table.id == self._below:
            self.query_one("#line", Detail).scroll_home(animate=False)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        order = {"open": 0, "give to a rep": 1, "take back": 2, "next list": 3, "find": 4}
        item, entry = self._item, self._under_cursor(self._section)
        possible = {
            "open": item is not None or (entry is not None and entry.group != ""),
            "give to a rep": not giving.give_refused(item),
            "take back": not giving.take_back_refused(item),
        }
        for key, does, enabled in sorted(super().keys(), key=lambda one: order.get(one[1], len(order))):
            yield key, does, possible.get(does, enabled)

    def why(self) -> Content | None:
        return plain(WHY[self._section])

    # which list

    def action_turn(self, by: int) -> None:
        """Turn to the list beside this one; after the last comes the first."""
        if not self.prompt.is_open:
            all_lists = list(Section)
            self._section = all_lists[(all_lists.index(self._section) + by) % len(all_lists)]
            self._show_section()

    def _show_section(self) -> None:
        if self._section is not Section.QUEUE:
            self._below = self._section
        for one in Section:
            self._table(one).set_class(one in (Section.QUEUE, self._below), "-current")
        self.set_class(self._section is Section.QUEUE, "-queue")
        self._table(self._section).focus()
        self._paint()
        self.query_one("#line", Detail).scroll_home(animate=False)

    # acts

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.billing.status import BillingScreen
        from screens.matching.review import ReviewScreen
        from screens.user_ids.requests import UserIdsScreen

        entry = self._under_cursor(self._section)
        if entry is not None and entry.request:
            self.app.push_screen(UserIdsScreen(entry.group, at=entry.request))
        elif entry is not None and entry.group:
            self.app.push_screen(BillingScreen(entry.group))
        elif entry is not None and entry.item is not None:
            self.app.push_screen(ReviewScreen(entry.item.id))
        else:
            self.refuse("Nothing stands here to open.")

    @property
    def _item(self) -> BoardItem | None:
        entry = self._under_cursor(self._section)
        return entry.item if entry is not None else None

    def action_give(self) -> None:
        """Give the item under the cursor to a rep."""
        item, board = self._item, self._board
        if item is None or board is None or giving.give_refused(item):
            self.refuse(giving.give_refused(item))
            return
        reps = [one for one in board.reps if one.name != item.holder]
        if len(reps) <= _DIGITS:
            choices = [Choice(one.name, one) for one in reps]
            self.pick(f"give {item.id} to", choices, partial(self._ask_to_give, item))
        else:
            self.write(f"give {item.id} to (name):", partial(self._find_rep, item), limit=_NAME)

    def _find_rep(self, item: BoardItem, typed: str) -> None:
        assert self._board is not None
        found = giving.find_rep(typed, self._board.reps)
        if isinstance(found, str):
            self.refuse(found)
        else:
            self._ask_to_give(item, found)

    def _ask_to_give(self, item: BoardItem, rep: RepFigures) -> None:
        work = partial(self.client.matching.assign, item.id, item.version, rep.username)
        said = f"{item.id} is kept for {rep.name}."
        self.confirm(give_line(item, rep.name, rep.username), partial(self._do, item, work, said))

    def action_take_back(self) -> None:
        """End the claim on the item under the cursor."""
        item = self._item
        if item is None or giving.take_back_refused(item):
            self.refuse(giving.take_back_refused(item))
            return
        work = partial(self.client.matching.take_back, item.id, item.version)
        said = f"{item.id} is taken back from {item.holder} and waits in the queue."
        self.confirm(take_back_line(item), partial(self._do, item, work, said))

    def _do(self, item: BoardItem, work: Callable[[], Awaitable[MatchItem]], said: str) -> None:
        self.act(work(), partial(self._done, said), otherwise=partial(self._not_done, item))

    def _done(self, said: str, item: MatchItem) -> None:
        self._ask(anew=False)
        self.say(said)

    def _not_done(self, item: BoardItem, error: Exception) -> bool:
        """Refused acts are answered on the word line: the next look takes a banner down."""
        from api_client.errors import NotAllowed, NotFound, RuleRefuses, Stale

        if isinstance(error, Stale):
            self.say(giving.changed(item))
        elif isinstance(error, NotAllowed | NotFound | RuleRefuses):
            self.say(error.detail)
        else:
            return False
        self._ask(anew=False)
        return True


__all__ = ["BoardScreen"]
