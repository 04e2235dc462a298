"""Starts a program of one screen as the real one is started: nothing of the toolkit is imported before."""

from __future__ import annotations

import sys

from kprep_tui.launcher import start

CANARY = "CANARY-123-45-6789"


def program(parent_lives: int | None) -> int:
    """Run the screen of hostile names until it is ended."""
    from tests.e2e import hostile_screen

    return hostile_screen.program(parent_lives)


if __name__ == "__main__":
    sys.exit(start(program))
