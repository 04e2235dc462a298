"""Documents outside the terminal: only in memory, for this user alone, and gone with whoever showed them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kprep_tui.viewer import Viewer, file_system, in_memory, passed_on
from screens.widgets.failure import Trouble
from tests.viewers import MEMORY, PDF, SECRET, Stubs, documents, ended


def a_viewer(stubs: Stubs, memory: Path, **changes: str) -> Viewer:
    """One whose patience is short."""
    environ = stubs.environ | {"XDG_RUNTIME_DIR": str(memory)} | changes
    return Viewer(environ, shared_memory=memory / "none", opens_within=0.2, prints_within=0.2)


async def heard(stubs: Stubs) -> str:
    """What a program tells."""
    return await asyncio.to_thread(stubs.hear)


async def test_a_document_is_in_memory_for_us_alone_and_goes_with_its_owner(
    stubs: Stubs, memory: Path, tmp_path: Path
) -> None:
    stubs.viewer(stays=True)
    viewer = a_viewer(stubs, memory)
    assert viewer.cannot_show == ""
    told, _ = await asyncio.gather(heard(stubs), viewer.show(PDF, "one"))
    pid, arguments, of_file, of_folder, *rest = told.splitlines()
    file = Path(arguments)
    assert documents(memory) == {arguments: PDF}
    assert (of_file.split()[0], of_folder.split()[0]) == ("600", "700")
    assert (file.suffix, len(file.stem)) == (".pdf", 32)
    assert in_memory(file.parent)
    assert PDF.decode().rstrip() in told
    assert f"DISPLAY={':7'}" in rest
    assert SECRET not in told
    assert not any(b"canary" in content for content in documents(tmp_path).values())

    stubs.silent("xdg-open")
    await viewer.show(PDF, "another")
    assert len(documents(memory)) == 2
    with ended(int(pid)):
        viewer.put_away("one")
    assert len(documents(memory)) == 1
    viewer.put_all_away()
    assert documents(memory) == {}
    viewer.put_away("one")  # twice is no harm
    viewer.close()
    assert os.listdir(memory) == []


async def test_what_is_put_away_while_it_opens_is_no_failure(stubs: Stubs, memory: Path) -> None:
    stubs.viewer(stays=True)
    environ = stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}
    viewer = Viewer(environ, shared_memory=memory / "none", opens_within=60)
    showing = asyncio.create_task(viewer.show(PDF, "one"))
    await heard(stubs)
    viewer.put_away("one")
    assert not await showing
    assert documents(memory) == {}
    stubs.silent("xdg-open")
    assert await viewer.show(PDF, "one")
    viewer.close()


async def test_what_cannot_be_shown_leaves_nothing(stubs: Stubs, memory: Path) -> None:
    stubs.silent("xdg-open", code=3)
    viewer = a_viewer(stubs, memory)
    with pytest.raises(Trouble, match=r"xdg-open could not show the PDF\.$"):
        await viewer.show(PDF, "one")
    with pytest.raises(Trouble, match="is no PDF"):
        await viewer.show(b"[Desktop Entry]\nExec=true\n", "one")
    (stubs.folder / "xdg-open").write_text("no program")  # is there, and cannot be started
    with pytest.raises(Trouble, match="could not show"):
        await viewer.show(PDF, "one")
    assert documents(memory) == {}
    viewer.close()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DISPLAY": ""}, "There is no graphical display here"),
        ({"PATH": "/nonexistent"}, "xdg-open is not installed here"),
        ({"XDG_RUNTIME_DIR": ""}, "There is no folder in memory here"),
        ({"XDG_RUNTIME_DIR": "relative"}, "There is no folder in memory here"),
        ({"XDG_RUNTIME_DIR": "/proc"}, "There is no folder in memory here"),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": "wayland-0"}, ""),
    ],
)
async def test_where_it_is_not_possible_the_reason_is_a_sentence(
    stubs: Stubs, memory: Path, changes: dict[str, str], says: str
) -> None:
    stubs.silent("xdg-open")
    viewer = a_viewer(stubs, memory, **changes)
    assert viewer.cannot_show.startswith(says)
    assert bool(viewer.cannot_show) is bool(says)
    if says:
        with pytest.raises(Trouble, match=says):
            await viewer.show(PDF, "one")
    assert documents(memory) == {}


async def test_a_folder_that_others_reach_is_passed_over(stubs: Stubs, memory: Path) -> None:
    stubs.silent("xdg-open")
    os.chmod(memory, 0o755)  # noqa: S103
    assert "no folder in memory" in a_viewer(stubs, memory).cannot_show
    viewer = Viewer(stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}, shared_memory=MEMORY)
    assert viewer.cannot_show == ""
    await viewer.show(PDF, "one")
    assert documents(memory) == {}
    viewer.close()


async def test_the_viewer_of_the_settings_is_taken(stubs: Stubs, memory: Path) -> None:
    stubs.silent("xdg-open", code=1)
    stubs.viewer("paper")
    environ = stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}
    viewer = Viewer(environ, command=("paper", "--new"), shared_memory=memory)
    told, _ = await asyncio.gather(heard(stubs), viewer.show(PDF, "one"))
    assert told.splitlines()[1].startswith("--new /")
    viewer.close()


KILLED = """
import asyncio, os, sys
from pathlib import Path
from kprep_tui.viewer import Viewer
viewer = Viewer(os.environ, shared_memory=Path("/nonexistent"))
asyncio.run(viewer.show(b"%PDF-1.7", "one"))
print("shown", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_run_left_goes_at_the_next_start_and_no_living_one_s(
    stubs: Stubs, memory: Path
) -> None:
    stubs.silent("xdg-open")
    environ = os.environ | stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}
    pipe = subprocess.PIPE
    run = subprocess.Popen([sys.executable, "-c", KILLED], env=environ, stdin=pipe, stdout=pipe)
    with run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"shown\n"
        strangers = memory / "another"
        strangers.mkdir(mode=0o700)
        a_viewer(stubs, memory).sweep()
        assert len(documents(memory)) == 1  # its run lives
        run.send_signal(signal.SIGKILL)
        run.wait()
    a_viewer(stubs, memory).sweep()
    assert list(memory.iterdir()) == [strangers]


async def test_a_print_goes_to_the_printer_s_standard_input_and_to_no_file(
    stubs: Stubs, memory: Path
) -> None:
    nothing = a_viewer(stubs, memory, PATH=str(stubs.folder))
    assert nothing.cannot_print.startswith("No printer is set up here")
    with pytest.raises(Trouble, match="No printer"):
        await nothing.print_out(PDF)
    stubs.printer("lpr")
    viewer = a_viewer(stubs, memory, PATH=f"{stubs.folder}:/bin:/usr/bin", DISPLAY="")
    assert viewer.cannot_print == ""
    told, _ = await asyncio.gather(heard(stubs), viewer.print_out(PDF))
    assert told == PDF.decode()
    stubs.printer("lpr", code=1)
    with pytest.raises(Trouble, match=r"The printer refused it; nothing was printed\."):
        await asyncio.gather(heard(stubs), viewer.print_out(PDF))
    stubs.printer("lpr", stays=True)
    with pytest.raises(Trouble, match="The printer did not answer"):
        await viewer.print_out(PDF)
    with pytest.raises(Trouble, match="is no PDF"):
        await viewer.print_out(b"")
    assert documents(memory) == {}


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 8:2 / / rw,relatime shared:1 - ext4 /dev/root rw
25 24 0:23 / /dev/shm rw,relatime shared:2 master:3 - tmpfs tmpfs rw
26 24 0:24 / /run/user/1000 rw - ramfs none rw
"""


@pytest.mark.parametrize(
    ("device", "kind"),
    [((8, 2), "ext4"), ((0, 23), "tmpfs"), ((0, 24), "ramfs"), ((0, 2), ""), ((22, 27), "")],
)
def test_the_file_system_of_a_device(device: tuple[int, int], kind: str) -> None:
    assert file_system(os.makedev(*device), MOUNTS) == kind


def test_where_it_cannot_be_told_a_folder_is_not_in_memory(memory: Path) -> None:
    assert in_memory(memory)
    assert not in_memory(memory, memory / "nothing")
    assert not in_memory(memory / "nothing")
    assert not in_memory(Path("/proc"))


def test_another_program_gets_to_know_no_more_than_it_needs() -> None:
    environ = {"PATH": "/bin", "LC_ALL": "C", "DISPLAY": ":0", "KPREP_SERVER": "x", "SSH_AUTH_SOCK": "y"}
    assert passed_on(environ | {"TERM": "xterm", "LD_PRELOAD": "z"}) == {
        "PATH": "/bin",
        "LC_ALL": "C",
        "DISPLAY": ":0",
    }
