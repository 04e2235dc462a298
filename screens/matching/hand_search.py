"""A member looked up by hand from a case, compared with the enrollee."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from screens.matching import case, presentation
from screens.matching.comparison import compare
from screens.matching.typed import wanted
from screens.widgets.chrome import Rule
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import lines, plain
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, MatchItem

_LONGEST = 160
_ASK = "name words, birth date 1984-03-12, SSN or MRN:"


class HandSearchScreen(DeskScreen):
    """Found members above, the one under the cursor beside the enrollee below."""

    HINT = "Enter takes the member under the cursor into the review; it decides nothing"
    DEFAULT_CSS = """
    HandSearchScreen VirtualTable { height: 8; }
    HandSearchScreen Detail { height: 1fr; scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    """
    AUTO_FOCUS = "VirtualTable"
    BINDINGS = [Binding("h", "search", "search anew", id="hand_search.anew")]

    def __init__(self, item: MatchItem, token: Callable[[], str], take: Callable[[Candidate], None]) -> None:
        """`take` gets the member that the rep picked."""
        super().__init__()
        self._item = item
        self._token = token
        self._take = take
        self._typed = ""
        self._found: dict[str, Candidate] = {}

    def subject(self) -> Content:
        return plain(f"SEARCH for {self._item.id}")

    def compose_body(self) -> ComposeResult:
        yield Static(case.enrollee_line(self._item))
        yield VirtualTable(
            presentation.FOUND_COLUMNS,
            self._page,
            nothing="h searches: words of the name, a birth date, an SSN or an MRN.",
            no_match="Nobody on file is found by that; h searches anew.",
            explain=self.explain,
        )
        yield Rule()
        yield Detail()

    async def _page(self, _cursor: str | None, _around: str | None) -> TablePage:
        return TablePage([presentation.found_row(one) for one in self._found.values()])

    def load(self) -> None:
        """The first search is asked for at once; F7 searches again."""
        if self._typed:
            self._search(self._typed)
        else:
            self.action_search()

    def action_search(self) -> None:
        """Ask whom to look for, beginning with what was typed before."""
        self.write(_ASK, self._search, limit=_LONGEST, value=self._typed)

    def _search(self, typed: str) -> None:
        self._typed = typed
        whom = wanted(typed)
        if isinstance(whom, str):
            self.refuse(whom)
            return
        work = self.client.matching.search(
            self._item.id,
            claim=self._token(),
            name=whom.name,
            birth_date=whom.birth_date,
            ssn=whom.ssn,
            mrn=whom.mrn,
        )
        self.say("searching ...")
        self.fetch(work, self._got, group="search", otherwise=self._nothing, hold_keys=True)

    def _nothing(self, _: Exception) -> bool:
        self.say("")
        return False  # the banner tells it

    def _got(self, found: Sequence[Candidate]) -> None:
        self._found = {one.mrn: one for one in found}
        self.say("")
        self.query_one(Detail).show(lambda _: plain(""))
        self.query_one(VirtualTable).restart(filtered=True)

    @on(VirtualTable.Highlighted)
    def _show(self, event: VirtualTable.Highlighted) -> None:
        found = self._found.get(event.key)
        if found is not None:
            beside = self._item.model_copy(update={"candidates": [found]})
            self.query_one(Detail).show(
                lambda width: lines(*compare(beside, 0, shown=False, width=min(width, 100)))
            )

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        found = self._found[event.key]
        self.dismiss()
        self._take(found)

    def why(self) -> Content | None:
        return plain(presentation.WHY_SEARCH)


__all__ = ["HandSearchScreen"]
