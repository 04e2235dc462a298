"""One list of hostile names in the whole program, with an open door and no backend."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from textual.binding import Binding

from kprep_tui.app import KprepApp
from kprep_tui.clock import seconds
from kprep_tui.settings import Settings
from screens.widgets.text import plain
from screens.widgets.virtual_table import TableRow, VirtualTable
from tests.e2e.one_screen import CANARY
from tests.screens.desk import NOW, FakeDoor
from tests.screens.rep import HOSTILE
from tests.screens.test_base import ListScreen, Records

if TYPE_CHECKING:
    from kprep_tui.door import KeptDoor


class HostileScreen(ListScreen):
    """Names from `HOSTILE`, and keys that run into a defect."""

    BINDINGS = [
        Binding("e", "defect", "defect", id="test.defect"),
        Binding("y", "defect_in_work", "defect in work", id="test.defect_in_work"),
        Binding("q", "question", "question", id="test.question"),
    ]

    def on_mount(self) -> None:
        self.query_one(VirtualTable).focus()

    def action_defect(self) -> None:
        member = CANARY
        raise ValueError(member)

    def action_defect_in_work(self) -> None:
        async def work() -> None:
            member = CANARY
            raise ValueError(member)

        self.run_worker(work())

    def action_question(self) -> None:
        self.say(f"picked {self.done}")


def program(parent_lives: int | None) -> int:
    """Run it until it is ended."""
    records = Records(0)
    names = (
        ["PERSONAL", "x" * 30] if os.environ.get("KPREP_TEST_NAMES") == "plain" else ["PERSONAL", *HOSTILE]
    )
    records.rows = [TableRow(f"M-{at:05d}", (plain(f"M-{at}"), plain(name))) for at, name in enumerate(names)]
    app = KprepApp(
        Settings(),
        cast("KeptDoor", FakeDoor()),
        clock=lambda: NOW,
        seconds=seconds,
        areas={"matching": lambda: HostileScreen(records)},
        parent_lives=parent_lives,
    )
    app.run()
    return app.return_code or 0
