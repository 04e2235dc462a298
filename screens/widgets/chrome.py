"""What stands around every screen: head line, word line, banner for failures, key line, rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from screens.widgets.failure import Failure
from screens.widgets.text import fit, join, plain, unicode_frames

if TYPE_CHECKING:
    from screens.widgets.desk import Desk

KEYS_SHOWN = 6
MINIMUM = (80, 24)
"""Columns and rows the screens are designed for."""


class HeadLine(Widget):
    """Who is signed in, what this screen is about, whether the backend answers, and the time."""

    DEFAULT_CSS = "HeadLine { height: 1; text-style: bold; }"
    subject: reactive[Content] = reactive(plain(""))

    def render(self) -> Content:
        desk = cast("Desk", self.app)
        session = desk.session
        who = f"  {session.rep.display_name}" if session else ""
        left = join("KPREP", who, "  ", self.subject)
        right = join("  ", desk.line_words(), "  ", f"{desk.now():%a %Y-%m-%d %H:%M}")
        return fit(left, self.size.width - right.cell_length) + right


class WordLine(Static):
    """One word to the rep: what a key did or why it did nothing; otherwise the hint of the screen.

    A second row for a longer word: what it ends with, such as until when `u` helps, must not be cut.
    """

    DEFAULT_CSS = """
    WordLine { height: auto; min-height: 1; max-height: 2; color: $text-muted; }
    WordLine.-said { color: $text; }
    """


class Banner(Static):
    """A failure that stays until it is over: the sentence, the reference, the key that tries again."""

    DEFAULT_CSS = """
    Banner { display: none; height: auto; color: $text-error; text-style: bold; }
    Banner.-up { display: block; }
    """

    def put_up(self, failure: Failure, *, retry: bool) -> None:
        """Show a failure."""
        self.update(join("[!] ", failure.content(), "  F7 tries again" if retry else ""))
        self.set_class(True, "-up")

    def take_down(self) -> None:
        """The failure is over."""
        self.set_class(False, "-up")


class Rule(Static):
    """A line across; ASCII where the terminal has no line-drawing characters."""

    DEFAULT_CSS = "Rule { height: 1; color: $text-muted; }"

    def render(self) -> Content:
        return plain(("\N{BOX DRAWINGS LIGHT HORIZONTAL}" if unicode_frames() else "-") * self.size.width)


class KeyLine(Static):
    """The keys that matter now, at most six; an action that is not possible stays, greyed."""

    DEFAULT_CSS = "KeyLine { height: 1; }"

    def show_keys(self, keys: Iterable[tuple[str, str, bool]]) -> None:
        """Show (key, what it does, possible now)."""
        words: list[Content] = []
        for key, label, possible in list(keys)[:KEYS_SHOWN]:
            words.append(
                join((key, "bold"), f" {label}") if possible else plain(f"{key} {label}", "$text-disabled")
            )
        self.update(Content("  ").join(words))


class TooSmall(Static):
    """Stands alone on a terminal with less than 80 columns or 24 rows, and waits."""

    DEFAULT_CSS = "TooSmall { display: none; height: 1fr; }"

    def on_mount(self) -> None:
        columns, rows = MINIMUM
        self.update(plain(f"kprep needs {columns} columns and {rows} rows; please enlarge the window."))
