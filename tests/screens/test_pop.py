"""`kprep pop`: a number from the phone system reaches the desk that runs on this workstation."""

from __future__ import annotations

import asyncio
import io
import socket
from pathlib import Path

import pytest

from api_client.errors import Invalid
from api_client.errors import Trouble as Said
from api_client.types.call_words import CallState
from api_client.types.calls import Call, MyCalls
from kprep_tui import pop
from kprep_tui.backend_process import runtime_folder
from kprep_tui.launcher import main
from kprep_tui.pop import PopListener
from screens.session.door import Opening
from tests.screens.desk import NOW, FakeDoor, desk, until
from tests.screens.test_base import ListScreen, Records

NUMBER = b"(916) 555-0111\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder of a user of one's own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return runtime_folder()


def sockets(folder: Path) -> list[Path]:
    """Those on which a desk hears numbers."""
    return list(folder.glob("pop-*"))


class Calls:
    """A backend that takes down what is announced."""

    def __init__(self) -> None:
        self.announced: list[str] = []
        self.refuses = False

    async def mine(self) -> MyCalls:
        return MyCalls()

    async def pop(self, phone: str) -> Call:
        if self.refuses:
            raise Invalid(Said("This is no phone number."))
        self.announced.append(phone)
        return Call(id="C-5513", version=1, state=CallState.RINGING, started_at=NOW)


class Client:
    """Has calls and nothing else."""

    def __init__(self) -> None:
        self.calls = Calls()


async def announce(given: bytes) -> tuple[int, str]:
    """What the command says beside the program."""
    return await asyncio.to_thread(pop.tell, io.BytesIO(given), runtime_folder)


@pytest.mark.parametrize(
    ("given", "is_one"),
    [
        (NUMBER, True),
        (b"+1 916.555.0111", True),
        (b"9165550111", True),
        (b"555-01", False),
        (b"", False),
        (b"my number", False),
        (b"916 555 0111 916 555 0111", False),
        (b"916555011\xb2", False),
        (b"9165550111\x1b[2J", False),
    ],
)
def test_what_is_a_number(given: bytes, is_one: bool) -> None:
    assert (pop.number_in(given) is not None) is is_one


async def test_a_number_rings_on_the_desk_and_the_socket_goes_with_it(folder: Path) -> None:
    client, listener = Client(), PopListener(runtime_folder)
    door = FakeDoor(client)
    async with desk({"matching": lambda: ListScreen(Records(3))}, door=door, pops=listener) as (app, pilot):
        await until(pilot, lambda: bool(sockets(folder)))
        (path,) = sockets(folder)
        assert path.stat().st_mode & 0o077 == 0
        assert await announce(NUMBER) == (pop.DONE, "C-5513 rings on the desk.")
        assert client.calls.announced == ["(916) 555-0111"]
        client.calls.refuses = True
        assert await announce(NUMBER) == (pop.REFUSED, "This is no phone number.")
        await pilot.press("ctrl+l")
        await until(pilot, lambda: app.session is None)
        assert await announce(NUMBER) == (pop.REFUSED, "The desk is locked.")
        assert (await announce(b"call me"))[0] == pop.CANNOT_RUN
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"9" * 5000)  # is not read to its end
        assert await reader.read() == b""
        writer.close()
        assert client.calls.announced == ["(916) 555-0111"]
    listener.close()
    assert not sockets(folder)


async def test_before_the_sign_in_nobody_hears_a_number(folder: Path) -> None:
    door, listener = FakeDoor(Client(), Opening()), PopListener(runtime_folder)
    async with desk({"matching": lambda: ListScreen(Records(3))}, door=door, pops=listener) as (_, pilot):
        await until(pilot, lambda: bool(sockets(folder)))
        assert await announce(NUMBER) == (pop.REFUSED, "Nobody has signed in at this desk.")
    listener.close()


def test_a_desk_that_goes_meanwhile_is_no_desk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: [folder / "pop-1.sock"])  # listed, and gone since
    assert pop.run(io.BytesIO(NUMBER), lambda: folder) == pop.CANNOT_RUN
    assert "nobody hears of the call" in capsys.readouterr().err


def test_without_a_desk_it_says_so_and_clears_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pop.run(io.BytesIO(NUMBER), runtime_folder) == pop.CANNOT_RUN
    left = folder / "pop-1.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(left))
    (folder / "pop-2.sock").write_text("no socket")
    assert pop.run(io.BytesIO(NUMBER), runtime_folder) == pop.CANNOT_RUN
    assert "No kprep runs on this workstation" in capsys.readouterr().err
    assert not left.exists()
    folder.chmod(0o755)
    assert pop.run(io.BytesIO(NUMBER), runtime_folder) == pop.CANNOT_RUN
    assert "not yours alone" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["pop"], ["pop", "--phone", "9165550111"], ["--phone", "-"], ["demo", "--phone", "-"]]
)
def test_a_number_is_never_an_argument(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == pop.CANNOT_RUN
    assert "--phone" in capsys.readouterr().err
