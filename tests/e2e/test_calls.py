"""A caller on the line of the real program, at both sizes, with the keys counted."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from kprep_tui.viewer import in_memory
from screens.widgets.text import short_day
from tests.e2e.store import (
    GROUP,
    PASSWORD,
    center_date,
    fill,
    own_unit,
    start_backend,
    user_id_mailed,
    warned,
)
from tests.e2e.terminal import Counted, Terminal, kprep
from tests.screens.rep import SIZES
from tests.viewers import Stubs, ended, left_by_a_killed_run

ANSWERS = (GROUP, "Ottoline Quillfeather", "12 Nowhere Street 95814")
"""What the signer of the group says when asked for its number, their own name and the billing address."""


def pops(home: Path, number: bytes) -> subprocess.CompletedProcess[bytes]:
    """The phone system runs the command that announces a call."""
    command, environment = kprep("pop", "--phone", "-", home=home)
    return subprocess.run(command, input=number, capture_output=True, timeout=30, env=environment)


def comes_in(screen: Terminal) -> None:
    screen.wait_for("user name")
    screen.wait_gone("reaching the backend")
    screen.press("m.lopez", "enter", PASSWORD, "enter")
    screen.wait_for("NEXT FOR YOU")


async def in_the_mail(home: Path) -> tuple[str, str]:
    """The group was warned, and its user ID went out; returns the day and the one it arrives by, as said."""
    async with own_unit(home) as unit:
        await warned(unit)
        mailed, arrives = await user_id_mailed(unit)
        return short_day(mailed, unit.today), short_day(arrives, unit.today)


def looks_up(screen: Terminal, stubs: Stubs) -> None:
    """Types the number of a group where no field is, and opens its letter."""
    digits = Counted(screen)
    digits.press(*GROUP, "enter")
    screen.wait_for("BILL PHONE")
    assert digits.keys <= 8
    opens_the_letter(screen, stubs)
    screen.press("f2")
    screen.wait_for("NEXT FOR YOU")


def opens_the_letter(screen: Terminal, stubs: Stubs) -> None:
    """As text and as a PDF, which is in memory while it is looked at and goes with the lock."""
    screen.press("l")
    screen.wait_for("warning letter")
    screen.press("enter")
    screen.wait_for("LETTER  L-00700")
    screen.wait_for("Premium that must be paid to keep coverage")
    screen.press("d")
    pid, file, modes, *_ = stubs.hear().splitlines()
    assert Path(file).read_bytes().startswith(b"%PDF-")
    assert in_memory(Path(file).parent)
    assert modes.split()[0] == "600"
    with ended(int(pid)):
        screen.press("ctrl+l")
        screen.wait_for("The desk is locked")
    assert not Path(file).exists()
    screen.press(PASSWORD, "enter")
    screen.wait_for("Premium that must be paid to keep coverage")
    screen.quiet_for(0.3)
    screen.press("escape")
    screen.wait_for("LETTERS  of")
    screen.press("escape")
    screen.wait_for("BILL PHONE")


def answers(screen: Terminal, mailed: tuple[str, str]) -> None:
    """What callers ask most, from the account: coverage, where the user-ID letter is, a letter once more."""
    screen.wait_for("coverage goes on")  # no key at all
    asks = Counted(screen)
    asks.press("i")
    screen.wait_for(f"letter  mailed {mailed[0]}, arrives by {mailed[1]}")
    screen.wait_for('SAY     "The letter was mailed')
    assert asks.keys <= 2
    screen.press("escape")
    screen.wait_gone("USER IDS")
    copies = Counted(screen)
    copies.press("l")
    screen.wait_for("warning letter")
    screen.quiet_for(0.3)
    copies.press("r")
    screen.wait_for("Enter confirms")
    copies.press("enter")
    screen.wait_gone("Enter confirms")
    screen.wait_for("takes it back")
    assert copies.keys == 3
    screen.quiet_for(0.3)
    screen.press("u")  # at the other size it is ordered anew
    screen.wait_for("Esc cancels")
    screen.press("enter")
    screen.wait_for("is taken back")
    screen.press("escape")
    screen.wait_gone("LETTERS")


def works(screen: Terminal, home: Path, mailed: tuple[str, str]) -> None:
    """Takes the call that rings, verifies, wraps up."""
    said = pops(home, b"(916) 555-0143\n")
    assert (said.returncode, said.stderr) == (0, b""), said
    screen.wait_for("RINGS C-")
    takes = Counted(screen)
    takes.press("f9")
    screen.wait_for(f"NOT VERIFIED for {GROUP}")
    assert takes.keys == 1

    asks = Counted(screen)
    asks.press("y")
    screen.wait_for("1 client")
    screen.press("1")  # the answer to who calls
    for number, answer in enumerate(ANSWERS, start=1):
        screen.wait_for("group number")
        asks.answer(answer)
        screen.wait_for(f"{number} of 3 matched" if number < len(ANSWERS) else "VERIFIED 3/3 for")
    assert asks.keys == 1 + len(ANSWERS)
    screen.wait_for("Quillparts LLC")
    assert "12 Nowhere Street 95814" not in screen.text

    answers(screen, mailed)
    closes = Counted(screen)
    closes.press("w", "1")
    screen.wait_for("is closed: ")
    assert closes.keys == 2
    screen.wait_for("NEXT FOR YOU")  # where the rep was before it rang


@pytest.mark.timeout(300)
def test_calls_are_taken_verified_and_closed_with_few_keys(home: Path) -> None:
    fill(home, center_date())
    mailed = asyncio.run(in_the_mail(home))
    start_backend(home)
    stubs = Stubs(home / "bin")
    stubs.viewer(stays=True)
    command, environment = kprep(home=home, **stubs.environ)
    for size in SIZES:
        left = left_by_a_killed_run()
        with Terminal(command, size=size, env=environment) as screen:
            comes_in(screen)
            assert not left.exists()
            looks_up(screen, stubs)
            works(screen, home, mailed)
            screen.press("f9")
            screen.wait_for("is on the line")
            screen.press("ctrl+l")
            screen.wait_for("The desk is locked")
            assert "CALL C-" not in screen.text
            refused = pops(home, b"(916) 555-0143\n")
            assert (refused.returncode, refused.stderr) == (1, b"kprep: The desk is locked.\n")
            screen.press(PASSWORD, "enter")
            screen.wait_for("CALL C-")
            screen.wait_for("NEXT FOR YOU")
            screen.quiet_for(0.3)
            screen.press("w", "9")
            screen.wait_for("is closed: ")
            screen.press("ctrl+q")
            assert screen.wait_end() == 0
        assert not list((home / "run").glob("*/pop-*"))
    nobody = pops(home, b"(916) 555-0143\n")
    assert (nobody.returncode, b"No kprep runs" in nobody.stderr) == (2, True)
