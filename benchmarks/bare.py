"""The reference for starting: the least Textual app that has a header and a footer."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class Bare(App[None]):
    """Header, one line, footer."""

    TITLE = "BARE-READY"
    BINDINGS = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("nothing else")
        yield Footer()


if __name__ == "__main__":
    Bare().run()
