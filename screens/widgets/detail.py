"""What is said of one record, wrapped to the width there is."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.widgets.text import plain


class _Text(Static):
    """Has another width as soon as a scroll bar stands beside it."""

    class Resized(Message):
        """It is to be wrapped anew."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class Detail(VerticalScroll):
    """Tab goes here when it is longer than its place, the arrows scroll it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (textual's own name for it)
        super().__init__(id=id)
        self._says: Callable[[int], Content] = lambda _: plain("")

    def compose(self) -> ComposeResult:
        yield _Text()

    def show(self, says: Callable[[int], Content]) -> None:
        """Show what `says` makes of a width in cells, now and after each resize."""
        self._says = says
        self._paint()

    def on_resize(self) -> None:
        self._paint()

    @on(_Text.Resized)
    def _scroll_bar_moved(self, event: _Text.Resized) -> None:
        event.stop()
        self._paint()

    def _paint(self) -> None:
        self.query_one(Static).update(self._says(self.scrollable_content_region.width))
