"""A faxed page from the real backend to a viewer beside the real terminal; afterwards it is nowhere."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from kprep_tui.viewer import in_memory
from tests import csv_files
from tests.e2e.store import GROUP, PASSWORD, as_r_chen, create_reps, form, start_backend, take
from tests.e2e.terminal import Terminal, kprep
from tests.fax_pages import picture, tiff
from tests.screens.rep import SIZES
from tests.viewers import Stubs, ended


async def faxes(home: Path) -> str:
    """R.Chen registers a form with its page; returns the number of the request."""
    async with as_r_chen(home) as client:
        made = await client.user_ids.register(form())
        kept = await client.user_ids.keep_page(made.id, made.version, tiff(picture()))
        assert kept.page is not None
        return made.id


def comes_in(screen: Terminal) -> None:
    screen.wait_for("user name")
    screen.wait_gone("reaching the backend")
    screen.press("m.lopez", "enter", PASSWORD, "enter")
    screen.wait_for("NEXT FOR YOU")


def opens(screen: Terminal, stubs: Stubs) -> tuple[int, Path]:
    """Press the key; the number of the viewer's process, and the file it shows."""
    screen.press("p")
    pid, name, of_file, of_folder, *_ = stubs.told.read_text(errors="replace").splitlines()
    file = Path(name)
    assert (of_file.split()[0], of_folder.split()[0]) == ("600", "700")
    assert in_memory(file.parent)
    assert file.read_bytes().startswith(b"%PDF-1.4")
    return int(pid), file


def test_a_page_is_gone_after_leaving_the_lock_and_a_kill(home: Path) -> None:
    create_reps(home)
    take(home, "import-groups", csv_files.group_file(csv_files.group(GROUP, "Quillparts LLC")))
    start_backend(home)
    number = asyncio.run(faxes(home))
    stubs = Stubs(home / "bin")
    stubs.viewer(stays=True)
    command, environment = kprep(home=home, **stubs.environ)
    with Terminal(command, size=SIZES[0], env=environment) as screen:
        comes_in(screen)
        screen.press("f5")
        screen.wait_for("p opens it")
        pid, file = opens(screen, stubs)
        assert "Barnaby Inkwell" in screen.text  # the fields stand beside it
        with ended(pid):
            screen.press("f2")
            screen.wait_for("NEXT FOR YOU")
        assert not file.exists()
        screen.press("f5")
        screen.wait_for("p opens it")
        assert "could not" not in screen.text  # it was put away, and did not fail
        pid, file = opens(screen, stubs)
        with ended(pid):
            screen.press("ctrl+l")
            screen.wait_for("The desk is locked")
            screen.wait_gone("p opens it")  # the rest of the same picture
        assert not file.exists()
        screen.press(PASSWORD, "enter")
        screen.wait_for("p opens it")
        pid, file = opens(screen, stubs)
        os.kill(screen.program_pid, signal.SIGKILL)
        screen.wait_end()
        assert file.exists()  # nobody was there any more to remove it
    stubs.viewer()
    with Terminal(command, size=SIZES[1], env=environment) as screen:
        comes_in(screen)
        assert not file.parent.exists()
        os.killpg(pid, signal.SIGTERM)  # the viewer of the killed run
        screen.press("f5")
        screen.wait_for("p opens it")
        pid, file = opens(screen, stubs)
        screen.wait_for(f"The page of {number} is open")
        screen.press("ctrl+q")
        assert screen.wait_end() == 0
    assert not file.parent.exists()
