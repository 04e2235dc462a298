"""Finds anything: what is typed is looked for while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from api_client.types.call_words import LookReason
from api_client.types.visible import visible_line
from api_client.types.words import EventKind
from screens.search import presentation
from screens.search.opening import screen_of
from screens.widgets.desk import Changed, FindText
from screens.widgets.field import LineField
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.search import Found, FoundAll

DEBOUNCE_SECONDS = 0.12
"""So long after the last letter it is looked for; Enter does not wait."""
LONGEST = 80
_RESULTS = 50


class FindScreen(DeskScreen):
    """A field and what it finds; a single one, or exactly the number typed, opens at once on Enter."""

    HINT = "Enter opens what is meant, or goes into the list; Esc goes back"
    AUTO_FOCUS = "#typed"
    DEFAULT_CSS = """
    FindScreen #typed { margin: 0 1; }
    FindScreen #beside, FindScreen #one { height: auto; }
    FindScreen VirtualTable { height: 1fr; display: none; }
    FindScreen #one { display: none; }
    FindScreen.-found VirtualTable, FindScreen.-found #one { display: block; }
    FindScreen.-found #words { display: none; }
    FindScreen #words { height: 1fr; padding-top: 1; }
    """
    BINDINGS = [Binding("tab", "people", "people too", key_display="Tab", id="search.people")]

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""
        self._answer: FoundAll | None = None
        self._answers = ""
        """What the answer that stands there was asked for."""
        self._reason: LookReason | None = None
        self._timer: Timer | None = None
        self._then: Callable[[], None] | None = None
        """What was pressed on what is still looked for."""

    def subject(self) -> Content:
        return presentation.subject(self._answers)

    def compose_body(self) -> ComposeResult:
        yield LineField(compact=True, max_length=LONGEST, select_on_focus=False, id="typed")
        yield Static(id="beside")
        yield Static(presentation.nothing_typed(), id="words")
        yield VirtualTable(
            presentation.COLUMNS, self._page, nothing="Nothing is found any more.", explain=self.explain
        )
        yield Static(id="one")

    async def _page(self, _cursor: str | None, _around: str | None) -> TablePage:
        return TablePage([presentation.row(one) for one in self._results])

    @property
    def _results(self) -> list[Found]:
        return [] if self._answer is None else self._answer.results

    @property
    def _field(self) -> LineField:
        return self.query_one(LineField)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # typing

    @on(FindText)
    def _find(self, event: FindText) -> None:
        """Whatever stands above this screen gives way to what is looked for."""
        event.stop()
        while self.app.screen is not self:
            self.app.pop_screen()
        self._reason = None
        self._type(event.text)
        if event.chosen is not None and event.answer is not None:
            self._stop()
            self._take(self._typed, event.answer)
            self._open(event.chosen)
        elif event.entered:
            self._once_found(self._enter)

    def _type(self, text: str) -> None:
        """Put a text into the field, from where it is typed on."""
        field = self._field
        field.value = visible_line(text)[:LONGEST]
        field.cursor_position = len(field.value)
        field.focus()
        self._is_typed(field.value)

    @on(Input.Changed, "#typed")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.startswith("/"):  # the key that leads here, pressed once more
            self._field.value = event.value.lstrip("/")
        else:
            self._is_typed(event.value)

    def _is_typed(self, value: str) -> None:
        """An answer to anything else than this is for nobody any more."""
        text = value.strip()
        if text == self._typed:
            return
        self._typed = text
        self._stop()
        if not text:
            self._answer, self._answers, self._reason = None, "", None
            self._tell(presentation.nothing_typed())
            return
        if self._answer is None:
            self._tell(presentation.looking(text))
        self._timer = self.set_timer(DEBOUNCE_SECONDS, self._ask)

    def _stop(self) -> None:
        self._then = None
        self.workers.cancel_group(self, "find")
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _once_found(self, act: Callable[[], None]) -> None:
        """Do it with what is found by what stands typed; what is typed behind it waits for that."""
        if self._answer is not None and self._answers == self._typed:
            act()
        elif self._typed:
            self._ask(act)

    def _ask(self, then: Callable[[], None] | None = None) -> None:
        then = then or self._then  # asked once more, by the pause or a return, it is still meant
        self._stop()
        self._then = then
        typed = self._typed
        work = self.client.search.find(typed, reason=self._reason, limit=_RESULTS)
        self.fetch(
            work,
            lambda answer: self._found(typed, answer),
            group="find",
            otherwise=self._not_looked,
            hold_keys=then is not None,
        )

    def _not_looked(self, _: Exception) -> bool:
        self._answer, self._answers, self._then = None, "", None
        self._tell(presentation.not_looked(self._typed))
        return False

    def _found(self, typed: str, answer: FoundAll) -> None:
        if typed != self._typed:
            return
        then, self._then = self._then, None
        self._take(typed, answer)
        if then is not None and self.is_current:  # who went elsewhere meanwhile is not called back
            then()

    def _take(self, typed: str, answer: FoundAll) -> None:
        again = typed == self._answers and self.has_class("-found")
        self._answer, self._answers = answer, typed
        self.show_subject()
        self.refresh_bindings()
        self.query_one("#beside", Static).update(presentation.beside(answer, self._reason))
        if not answer.results:
            self._tell(presentation.nothing_found(typed, answer))
            return
        self.set_class(True, "-found")
        if again:
            self._table.reload()  # the cursor stays on what it stands on, and that may read otherwise now
            self._show_in_full(self._table.cursor_key)
        else:
            self._table.restart(filtered=False)

    def _tell(self, words: Content) -> None:
        """Instead of results."""
        self.set_class(False, "-found")
        self.show_subject()
        self.query_one("#beside", Static).update(presentation.beside(self._answer, self._reason))
        self.query_one("#words", Static).update(words)
        if self._table.has_focus:
            self._field.focus()

    # opening

    @on(Input.Submitted, "#typed")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._is_typed(event.value)
        self._once_found(self._enter)

    def _enter(self) -> None:
        """Enter on what is typed: opens what is meant for sure, else goes into the list."""
        found = presentation.meant(self._results, self._typed)
        if found is not None:
            self._open(found)
        else:
            self._into_the_list()

    def _into_the_list(self) -> None:
        if self._results:
            self._table.focus()

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        found = self._named(event.key)
        if found is None or self._answers != self._typed:
            self.refuse("It is still being looked for.")
        else:
            self._open(found)

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        self._show_in_full(event.key)

    def _show_in_full(self, key: str | None) -> None:
        found = self._named(key)
        self.query_one("#one", Static).update(plain("") if found is None else presentation.in_full(found))

    def _named(self, key: str | None) -> Found | None:
        return next((one for one in self._results if presentation.key_of(one) == key), None)

    def _open(self, found: Found) -> None:
        if self._above_another():
            answer = self._answer
            self.dismiss()
            self.desk.find(self._typed, answer, found)
            return
        screen = screen_of(found)
        if screen is None:
            self.refuse("It belongs to no group yet; there is nothing to open.")
        else:
            self.app.push_screen(screen)

    def _above_another(self) -> bool:
        return self.app.screen_stack[0] is not self

    # people

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """People are offered where they are not looked for already."""
        offered = self._answer is None or self._answer.people_need_reason
        for key, does, enabled in DeskScreen.keys(self):
            yield key, does, enabled and (does != "people too" or offered)

    def action_people(self) -> None:
        """Say why people are looked for; it is kept on record."""
        if self._typed:
            self._once_found(self._ask_why_people)
        else:
            self.say("Type first what to look for.")

    def _ask_why_people(self) -> None:
        if self._answer is None or not self._answer.people_need_reason:
            self.say("People are looked for already.")
            return
        choices = [Choice(words, reason) for reason, words in presentation.REASONS.items()]
        self.pick("why people are looked for:", choices, self._with_reason)

    def _with_reason(self, reason: LookReason) -> None:
        self._reason = reason
        self._field.focus()
        self._ask()

    # keys

    def on_key(self, event: events.Key) -> None:
        """Down leads from the field into the list, and up from its first row back."""
        if event.key == "down" and self._field.has_focus and self._typed:
            event.stop()
            event.prevent_default()
            self._once_found(self._into_the_list)

    def action_find(self, typed: str) -> None:
        """This is the field; what is typed in the list goes on in it."""
        self._type(self._field.value + typed if typed else "")

    def load(self) -> None:
        if self._typed:
            self._ask()

    def on_change(self, change: Changed) -> None:
        shown = {one.id for one in self._results}
        current = self._typed and self._answers == self._typed
        if current and (change.kind is EventKind.RESET or change.subject in shown):
            self._ask()

    def action_back(self) -> None:
        """Leave; the first screen of the area stays, and what was looked for goes first."""
        if self._above_another() or not self._field.value:
            super().action_back()
        else:
            self._type("")

    def why(self) -> Content | None:
        return plain(presentation.WHY)

    def again(self) -> DeskScreen | None:
        """Nothing typed: what was looked for goes out of memory with the lock."""
        return FindScreen()


__all__ = ["DEBOUNCE_SECONDS", "FindScreen"]
