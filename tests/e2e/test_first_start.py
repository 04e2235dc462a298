"""The real program on a store nobody has used: it says how the first rep gets in."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.store import PASSWORD, create_reps, folder
from tests.e2e.terminal import Terminal, kprep


def test_the_first_rep_is_created_beside_the_waiting_program(home: Path) -> None:
    folder(home).parent.mkdir(parents=True, mode=0o700)
    command, environment = kprep(home=home)
    with Terminal(command, env=environment) as screen:
        screen.wait_for("No rep can sign in here yet.")
        screen.wait_for("kprep-backend create-rep")
        create_reps(home)
        screen.press("f7")
        screen.wait_gone("No rep can sign in here yet.")
        screen.press("m.lopez", "enter", PASSWORD, "enter")
        screen.wait_for("Manual match")
        screen.press("ctrl+q")
        assert screen.wait_end() == 0
