"""The reference for keys: a Textual DataTable of 100 rows."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header


class Table100(App[None]):
    """A table as an app has it without thinking about it."""

    TITLE = "TABLE-READY"
    BINDINGS = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("item", "from", "group", "enrollee", "due", "state", "with")
        for row in range(100):
            table.add_row(f"M-{row:05}", "834", "104233", "J*** S*****", "[!] 11 m", "open", "-")


if __name__ == "__main__":
    Table100().run()
