"""Two reps at two desks on one queue: the real program twice, one backend, one store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.store import PASSWORD, as_r_chen, center_date, fill, start_backend
from tests.e2e.terminal import Terminal, kprep


def signs_in(screen: Terminal, rep: str) -> None:
    screen.wait_for("user name")
    screen.wait_gone("reaching the backend")
    screen.press(rep, "enter", PASSWORD, "enter")
    screen.wait_for("NEXT FOR YOU")
    screen.wait_for("rows 1-2 of 2")


async def states(home: Path, numbers: list[str]) -> list[str]:
    """Where the items stand, as the API says it to R.Chen."""
    async with as_r_chen(home) as client:
        return [(await client.matching.show(number)).state.value for number in numbers]


@pytest.mark.timeout(180)
def test_two_reps_see_each_other_and_only_one_decides(home: Path) -> None:
    first, second = items = fill(home, center_date())
    start_backend(home)
    command, environment = kprep(home=home)
    with (
        Terminal(command, size=(80, 24), env=environment) as lopez,
        Terminal(command, size=(120, 40), env=environment) as chen,
    ):
        signs_in(lopez, "m.lopez")
        lopez.press("down")
        lopez.wait_for(f">{second}")
        signs_in(chen, "r.chen")

        chen.press("n")
        chen.wait_for(f"MATCH {first}")
        chen.wait_for("INCOMING")
        lopez.wait_for("R.Chen")  # nobody pressed a key at this desk
        assert f">{second}" in lopez.text

        chen.quiet_for(0.3)
        chen.press("1", *["enter"] * 30)  # held
        chen.wait_for("> link")
        chen.wait_for("too fast")
        assert asyncio.run(states(home, items)) == ["in_review", "queued"]

        lopez.press("up", "enter")
        lopez.wait_for("R.Chen has it until")
        lopez.quiet_for(0.3)
        lopez.press("x")
        lopez.wait_for("R.Chen has it.")
        assert "Enter confirms" not in lopez.text

        chen.quiet_for(0.3)
        chen.press("enter")  # the third key that counts: n, 1, Enter
        chen.wait_for("takes it back")
        chen.wait_for(f"MATCH {second}")
        lopez.wait_for("R.Chen: link to MRN 88000001")
        assert asyncio.run(states(home, items)) == ["applied", "in_review"]

        lopez.press("escape")
        lopez.wait_for(f">{first}")  # gone from the list, and still where the rep looked
        lopez.press("down", "f7")
        lopez.wait_gone(first)
        lopez.wait_for(f">{second}")
        for screen in (lopez, chen):
            screen.press("ctrl+q")
            assert screen.wait_end() == 0
