"""The program behaves on a real terminal: it gives it back, and only its own words reach it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.one_screen import CANARY
from tests.e2e.terminal import Terminal

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tests.e2e.one_screen"]
LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"
POINTER_SHAPE = re.compile(rb"\x1b\]22;[a-z]*\x07")
"""The toolkit's own way to name a mouse pointer; nothing from outside stands in it."""
COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-7]|38;[25]|4[0-7]|48;[25]|9[0-7]|10[0-7])[\d;]*m")


def terminal(size: tuple[int, int] = (80, 24), **env: str) -> Terminal:
    return Terminal(COMMAND, size=size, env={"PYTHONPATH": str(ROOT)} | env)


def assert_given_back(screen: Terminal) -> None:
    assert screen.modes_restored
    for mode in (LEAVES_ALTERNATE_SCREEN, SHOWS_CURSOR, b"\x1b[?1000l", b"\x1b[?2004l", b"\x1b[?1004l"):
        assert screen.raw.rindex(mode) > screen.raw.rindex(mode[:-1] + (b"l" if mode[-1:] == b"h" else b"h"))


def test_ctrl_q_gives_the_terminal_back() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press("ctrl+q")
        assert screen.wait_end() == 0
        assert_given_back(screen)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT], ids=lambda one: one.name)
@pytest.mark.parametrize("to", ["guard", "program"])
def test_a_signal_ends_it_as_ctrl_q_does(number: signal.Signals, to: str) -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        os.kill(screen.pid if to == "guard" else screen.program_pid, number)
        assert screen.wait_end() == 0
        assert_given_back(screen)


def test_a_killed_program_leaves_nothing_on_the_glass() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        limits = Path(f"/proc/{screen.program_pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), "nor a core file"
        os.kill(screen.program_pid, signal.SIGKILL)
        assert screen.wait_end() == 128 + signal.SIGKILL
        assert_given_back(screen)
        assert "PERSONAL" not in screen.text


def test_a_program_whose_guard_is_killed_ends_in_order() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.signal(signal.SIGKILL)
        screen.read_until(lambda: LEAVES_ALTERNATE_SCREEN in screen.raw, "the end of the program")
        assert_given_back(screen)


@pytest.mark.parametrize("key", ["e", "y"])
def test_a_defect_tells_its_reference_and_nothing_else(key: str) -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press(key)
        assert screen.wait_end() == 1
        assert_given_back(screen)
        assert CANARY.encode() not in screen.raw
        assert b"Traceback" not in screen.raw
        after = screen.raw[screen.raw.rindex(LEAVES_ALTERNATE_SCREEN) :]
        assert re.search(rb"Reference\s+K-[0-9a-f]{8}", after)


def test_text_from_outside_steers_nothing() -> None:
    with terminal((120, 40)) as screen:
        screen.wait_for("PERSONAL")
        screen.press("pagedown", "?")
        screen.wait_for("Esc closes")
        screen.press("escape")
        screen.wait_gone("Esc closes")
        assert "[@click=app.quit]press[/]" in screen.text
        assert screen.title == ""
        for payload in (b"\x1b]0;", b"\x1b]52", b"\x9b2J", b"\x07", b"\xe2\x80\xae", b"\xe2\x80\x8b"):
            assert payload not in POINTER_SHAPE.sub(b"", screen.raw)
        screen.press("ctrl+q")
        assert screen.wait_end() == 0


def test_two_keys_in_one_go_are_two_keys_one_after_the_other() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press("s2q")
        screen.wait_for("picked ['k']")


def test_an_action_and_enter_in_one_go_decide_nothing() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press("a", "enter", "enter")
        screen.wait_for("too fast")
        screen.wait_for("approve M-00001   Enter confirms")
        screen.press("escape")
        screen.wait_gone("Enter confirms")
        screen.press("q")
        screen.wait_for("picked []")


def test_pasted_text_is_no_command() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press("\x1b[200~a\rs1e\x1b[201~", "q")
        screen.wait_for("picked []")


def test_no_color_is_honoured_and_the_cursor_still_seen() -> None:
    with terminal(NO_COLOR="1") as screen:
        screen.wait_for("PERSONAL")
        assert COLOUR.search(screen.raw) is None
        assert ">M-0" in screen.text
    with terminal(NO_COLOR="") as screen:
        screen.wait_for("PERSONAL")
        assert COLOUR.search(screen.raw) is not None


def test_in_the_c_locale_only_ascii_is_drawn() -> None:
    with terminal(LANG="C", LC_ALL="C", PYTHONUTF8="0", KPREP_TEST_NAMES="plain") as screen:
        screen.wait_for("PERSONAL")
        screen.press("?")
        screen.wait_for("Esc closes")
        screen.press("escape")
        screen.wait_gone("Esc closes")
        assert screen.raw.isascii()
        assert "----------" in screen.text


def test_a_small_window_says_so_and_a_larger_one_goes_on() -> None:
    with terminal((79, 23)) as screen:
        screen.wait_for("kprep needs 80 columns and 24 rows")
        assert "PERSONAL" not in screen.text
        screen.resize(80, 24)
        screen.wait_for("PERSONAL")


def test_nothing_is_written_while_nothing_happens() -> None:
    with terminal() as screen:
        screen.wait_for("PERSONAL")
        screen.press("q")
        screen.wait_for("picked")
        assert screen.quiet_for(1.0)


def test_the_doors_of_the_toolkit_stay_shut(tmp_path: Path) -> None:
    doors = {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_LOG": str(tmp_path / "log"),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_PRESS": "e",
        "SSLKEYLOGFILE": str(tmp_path / "keys"),
    }
    with Terminal(COMMAND, env={"PYTHONPATH": str(ROOT)} | doors) as screen:
        screen.wait_for("PERSONAL")
        screen.press("ctrl+p")
        screen.wait_for("Search for commands")
        screen.press("screenshot")
        screen.wait_for("No matches found")
        screen.press("escape", "ctrl+q")
        assert screen.wait_end() == 0
        assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_it_says_so() -> None:
    done = subprocess.run(
        COMMAND, cwd=ROOT, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, done.stderr) == (2, "kprep needs a terminal.\n")
