"""One panel behind F1 and `?`: first why, then the keys that work here."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.widgets.text import columns, lines, plain


class HelpScreen(ModalScreen[None]):
    """Read and leave: any of its keys closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical { width: 76; height: 22; background: $panel; padding: 0 1; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 0; }
    """
    BINDINGS = [
        Binding("escape,f1,question_mark,enter,q", "dismiss", "close", show=False, id="help.close"),
    ]

    def __init__(self, why: Content | None, keys: Sequence[tuple[str, str, bool]]) -> None:
        super().__init__()
        self._why = why
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical():
            with VerticalScroll():
                if self._why is not None:
                    yield Static(lines(plain("WHY", "bold"), self._why, plain("")))
                yield Static(lines(plain("KEYS", "bold"), *map(_key_line, self._keys)))
            yield Static(plain("Esc closes   Up Down PgUp PgDn scroll", "$text-muted"))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def _key_line(row: tuple[str, str, bool]) -> Content:
    key, does, possible = row
    return columns((plain(key, "bold"), 14), (plain(does if possible else f"{does} (not now)"), 58))
