"""A blind second look: a decided item as its rep saw it; what one would have decided changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import MatchDecision, RejectReason
from screens.matching import case, evidence, presentation
from screens.matching.choosing import CANDIDATE_KEYS, READING_KEYS, Choosing
from screens.matching.undo import Last
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, Claim, MatchItem, SecondLook


class SecondLookScreen(Choosing):
    """The item with this number; a digit, `x` or `d`, and Enter there give the second opinion."""

    HINT = evidence.LEGEND
    DECIDES = frozenset("123456789xd")
    BINDINGS = [
        *CANDIDATE_KEYS,
        Binding("enter", "decide", "decide", id="second_look.decide"),
        Binding("x", "create", "new chart", id="second_look.new"),
        Binding("d", "reject", "return to the employer", id="second_look.return"),
        *READING_KEYS,
    ]

    def __init__(self, number: str, last: Last) -> None:
        super().__init__(last)
        self._number = number

    def subject(self) -> Content:
        return case.subject(self.item, self._number, self.desk.now(), wide=False)

    def compose_body(self) -> ComposeResult:
        view = Detail()
        view.can_focus = False  # the arrows belong to the candidates
        yield view

    def again(self) -> DeskScreen | None:
        return SecondLookScreen(self._number, self.last)

    def load(self) -> None:
        """Fetch the item once; it is shown as it was, so nothing on it changes."""
        if self.item is None:
            self.query_one(Detail).show(lambda _: plain(f" loading {self._number} ..."))
            work = self.client.matching.second_look(self._number)
            self.fetch(work, self.take_in, group="item", hold_keys=True)

    def take_in(self, item: MatchItem) -> None:
        self.item = item
        self.paint()
        self.refresh_bindings()
        self.painted()

    def why_not(self) -> str:
        return "The item is still loading." if self.item is None else ""

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What may be said about it."""
        if self.item is not None and (last := len(self.item.candidates)):
            yield f"1-{last}" if last > 1 else "1", "choose", True
        yield from super().keys()

    def why(self) -> Content | None:
        return case.why(self.item, self.at) if self.item else None

    # the second opinion

    def link(self, item: MatchItem, candidate: Candidate) -> None:
        work = self.client.matching.look_again(item.id, MatchDecision.LINK, mrn=candidate.mrn)
        self.act(work, self._told)

    def create(self, item: MatchItem) -> None:
        self.act(self.client.matching.look_again(item.id, MatchDecision.CREATE), self._told)

    def rejected(self, item: MatchItem, reason: RejectReason) -> None:
        """No note goes with it: nobody is written to."""
        self.confirm(case.reject_line(item, reason, ""), partial(self._reject_again, item, reason))

    def _reject_again(self, item: MatchItem, reason: RejectReason) -> None:
        self.act(self.client.matching.look_again(item.id, MatchDecision.REJECT, reason=reason), self._told)

    def _told(self, answer: SecondLook) -> None:
        self.leave(presentation.looked_again(self._number, answer))

    def taken_back(self, claim: Claim) -> None:
        """Nothing is taken back from here."""

    # what a second look has not

    @property
    def token(self) -> str:
        return ""

    def advance(self, words: str) -> None:
        self.leave(words)


__all__ = ["SecondLookScreen"]
