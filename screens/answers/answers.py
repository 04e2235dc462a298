"""The questions callers ask, found by their words, each with its answer in short."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from api_client.types.visible import visible_line
from screens.answers import presentation
from screens.answers.article import ArticleScreen
from screens.answers.live import AnswersDesk
from screens.widgets.chrome import Rule
from screens.widgets.desk import About
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.answers import AnswerRow
    from api_client.types.common import Page

PAUSE_SECONDS = 0.15
"""Whoever types on faster than this is looked for once."""
_WIDE = 120


class AnswersScreen(AnswersDesk):
    """A field for the caller's words over the questions that mean them."""

    HINT = "type what the caller asks; Enter opens the first answer"
    AUTO_FOCUS = "LineField"
    DEFAULT_CSS = """
    AnswersScreen LineField { height: 1; }
    AnswersScreen VirtualTable { height: 1fr; }
    AnswersScreen #chosen { height: 3; }
    """
    BINDINGS = [
        Binding("down", "row(1)", "next", show=False, id="answers.down"),
        Binding("up", "row(-1)", "before", show=False, id="answers.up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="answers.page_down"),
        Binding("pageup", "page(-1)", "page up", show=False, id="answers.page_up"),
    ]

    def __init__(self, group: str = "") -> None:
        super().__init__(group)
        self._typed = ""
        self._answered: str | None = None
        self._found: list[AnswerRow] = []
        self._pause: Timer | None = None
        self._then: Callable[[], None] | None = None
        """What was pressed while the answers were on their way."""

    def subject(self) -> Content:
        return presentation.subject(self._group)

    def about(self) -> About | None:
        return About(self._group) if self._group else None

    def compose_body(self) -> ComposeResult:
        yield LineField(compact=True, max_length=presentation.LONGEST, placeholder="what the caller asks")
        table = VirtualTable(
            presentation.WIDE_COLUMNS if self._wide else presentation.COLUMNS,
            self._page,
            nothing="There is no answer.",
            no_match=f"Nothing means that. {presentation.NOTHING}",
            explain=self.explain,
        )
        table.can_focus = False
        yield table
        yield Rule()
        yield Static(id="chosen")

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= _WIDE

    async def _page(self, _cursor: str | None, _around: str | None) -> TablePage:
        return TablePage([presentation.row(one, wide=self._wide) for one in self._found])

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # looking up

    def load(self) -> None:
        self._look_up()

    @property
    def waiting(self) -> bool:
        """What is typed behind a key that waits for the answers waits with it."""
        return super().waiting or self._then is not None

    def _look_up(self, then: Callable[[], None] | None = None) -> None:
        self._stop_pause()
        self._then = then or self._then  # asked once more, by the pause or a return, it is still meant
        typed = self._typed
        work = self.client.answers.find(typed, group=self._group)
        self.fetch(work, lambda page: self._got(typed, page), group="answers", otherwise=self._failed)

    def _once_found(self, act: Callable[[], None]) -> None:
        """Do it with the answers to what stands typed."""
        if self._answered == self._typed:
            act()
        else:
            self._look_up(act)

    def _got(self, typed: str, page: Page[AnswerRow]) -> None:
        same = self._answered == typed
        self._answered = typed
        self._found = page.rows
        if same:
            self._table.reload()
        else:
            self._table.restart(filtered=bool(typed))
            self.query_one("#chosen", Static).update(plain(""))

    @on(VirtualTable.Settled)
    def _listed(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
            self._go_on()

    def _failed(self, _: Exception) -> bool:
        self._then = None
        return False  # the banner tells it

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        self._typed = visible_line(event.value).strip()
        self._then = None
        self._stop_pause()
        self._pause = self.set_timer(PAUSE_SECONDS, self.load)

    def _stop_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The answer under the cursor, else the first; what was typed since is looked for before."""
        self._once_found(self._open)

    def _open(self) -> None:
        known = [one.id for one in self._found]
        if not known:
            self.say(presentation.nothing(self._typed))
            return
        at = self._table.cursor_key
        self.app.push_screen(ArticleScreen(at if at in known else known[0], group=self._group))

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        one = next((one for one in self._found if one.id == event.key), None)
        if one is not None:
            self.query_one("#chosen", Static).update(presentation.chosen(one, self.app.size.width))

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        self.app.push_screen(ArticleScreen(event.key, group=self._group))

    # moving in the list without leaving the field

    def action_row(self, by: int) -> None:
        """The question above or below."""
        self._once_found(lambda: self._table.action_move(by))

    def action_page(self, pages: int) -> None:
        """A screen of questions up or down."""
        self._once_found(lambda: self._table.action_page(pages))

    def on_click(self, event: events.Click) -> None:
        """The field keeps the keys."""
        self.query_one(LineField).focus()

    def action_back(self) -> None:
        """What was typed first; then the screen."""
        field = self.query_one(LineField)
        if field.value:
            field.value = ""
        else:
            super().action_back()

    def why(self) -> Content | None:
        return presentation.WHY

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """Letters go into the field, so that only these are keys."""
        return [("Enter", "open", True), ("Down/Up", "move", True), ("Esc", "all, back", True)]

    def again(self) -> DeskScreen | None:
        """Nothing typed: what was looked for goes out of memory with the lock."""
        return AnswersScreen(self._group)


__all__ = ["PAUSE_SECONDS", "AnswersScreen"]
