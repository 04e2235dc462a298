"""A letter as it reads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from screens.letters import paragraphs, reasons
from screens.letters.papers import Paper, Papers
from screens.widgets.desk import About
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.billing_words import LetterKind
    from api_client.types.letters import LetterRow, LetterText


class LetterTextScreen(Papers):
    """The whole letter, to read aloud from; the arrows and PgDn scroll."""

    HINT = "PgDn reads on; d opens the PDF; r sends a copy to whoever asks for one"
    AUTO_FOCUS = "Detail"

    def __init__(self, group: str, number: str, kind: LetterKind) -> None:
        super().__init__()
        self._group = group
        self._number = number
        self._kind = kind
        self._letter: LetterText | None = None
        self._order: LetterRow | None = None

    def subject(self) -> Content:
        return paragraphs.subject(self._number, self._group)

    def about(self) -> About | None:
        return About(self._group)

    def compose_body(self) -> ComposeResult:
        yield Detail()

    def load(self) -> None:
        self.fetch(self.client.letters.text(self._number), self._show, group="letter")

    def _show(self, letter: LetterText) -> None:
        self._letter = letter
        self.query_one(Detail).show(partial(paragraphs.letter, letter))
        self.refresh_bindings()

    def why(self) -> Content | None:
        return reasons.why_kind(self._kind)

    def again(self) -> DeskScreen | None:
        return LetterTextScreen(self._group, self._number, self._kind)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        return self.in_order(self.possible())

    # what is done with it (see screens.letters.papers)

    @property
    def group(self) -> str:
        return self._group

    @property
    def paper(self) -> Paper | None:
        return Paper(self._number, self._letter.title) if self._letter is not None else None

    @property
    def order(self) -> LetterRow | None:
        one = self._order
        in_time = one is not None and one.undo_until is not None and one.undo_until > self.desk.now()
        return one if in_time else None

    def ordered(self, one: LetterRow) -> None:
        self._order = one

    def taken_back(self, one: LetterRow) -> None:
        self._order = None


__all__ = ["LetterTextScreen"]
