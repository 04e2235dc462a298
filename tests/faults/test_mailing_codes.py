"""User IDs and codes by the real command against a real backend: on paper alone, and killed at every step.

A failed or repeated mailing prints no code that does not work, and leaves no two that do.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend import operations
from backend.database import tables
from backend.home import Home
from backend.operations import Task
from backend.progress import Progress
from backend.runtime import Runtime
from tests.conftest import SQLITE
from tests.days import rows
from tests.desk import key, sign_in_form
from tests.faults.mail_command import STEPS, MailCommand
from tests.faults.mailing import (
    Backend,
    Ear,
    Needle,
    as_runtime,
    digests_of,
    files_below,
    furnish,
    memory_of,
    store_rows,
)
from tests.faults.servers import sqlite_home
from tests.issuing import CODE, OPERATOR, MailRoom, OnPaper, on_paper
from tests.unit.letters.pdf import read

_FIRST, _OTHERS = "900101", ("900102", "900103", "900104")


@pytest.fixture
def command(tmp_path: Path) -> Iterator[MailCommand]:
    scratch = tmp_path / "command-tmp"
    scratch.mkdir()
    found = MailCommand(tmp_path, scratch)
    yield found
    found.close()


async def test_the_real_mailing(tmp_path: Path, command: MailCommand) -> None:
    """One backend for both: it takes longer to start than to be tried."""
    home = sqlite_home(tmp_path / "home")
    await furnish(home, [_FIRST, *_OTHERS])
    served = Backend(home, tmp_path)
    await served.start()
    try:
        ear = Ear(served.socket)
        async with ear.client() as api:
            answer = await api.post("/v1/session", json=sign_in_form(), headers=key())
            me = {"authorization": f"Bearer {answer.json()['token']}"}
            room = MailRoom(api, as_runtime(home), me)
            paper = await _a_whole_cycle(room, ear, served, command)
            await _killed_at_every_step(room, home, command, tmp_path)
    finally:
        await served.stop()
    _nowhere(tmp_path, ear, paper)  # what was in memory of the backend is on disk by now


# -- a whole cycle ---------------------------------------------------------------------------------


async def _a_whole_cycle(room: MailRoom, ear: Ear, served: Backend, command: MailCommand) -> OnPaper:
    """Approve, mail, sign in; the code is on its letter once, and nowhere else at any time."""
    home, folder = served.home, served.folder
    begun = asyncio.Event()
    listening = asyncio.create_task(ear.listen(dict(room.me), begun))
    await begun.wait()
    number = await room.approved(group_number=_FIRST)
    status, said = await asyncio.to_thread(command.run, folder / "mail", home.folder, "state")
    assert status == 0, said
    _left_nothing_behind(json.loads(said.splitlines()[0]), folder)
    pdfs = _papers(home, folder / "mail", number)
    paper = on_paper(pdfs)
    assert sum(len(CODE.findall(read(pdf))) for pdf in pdfs) == 1
    await _ask_for_everything(room, number)
    _nowhere(folder, ear, paper)
    _not_in_memory(served.pid, home, paper)
    activated = await room.activate(paper)
    assert activated.status_code == 200, activated.text
    assert (await room.show(number)).state == "activated"
    assert (await room.activate(paper)).status_code == 401
    await _ask_for_everything(room, number)
    listening.cancel()
    _nowhere(folder, ear, paper)
    assert any(number.encode() in one for one in ear.heard)
    return paper


def _left_nothing_behind(state: dict[str, Any], folder: Path) -> None:
    """What the command left open for others while it held the code: no core, no look, no file."""
    assert (state["core"], state["dumpable"], state["temporary"]) == ([0, 0], 0, [])
    mine = [one for one in state["open"] if not one.endswith(".out") and Path(one).is_relative_to(folder)]
    assert mine == []


def _papers(home: Home, folder: Path, number: str) -> list[bytes]:
    """The letters with ID or code of a request, as they lie in a folder."""
    query = "SELECT l.number FROM letter l JOIN user_id_request r ON r.id = l.request_id"
    rows = store_rows(home, f"{query} WHERE r.number = '{number}' AND l.kind = 'user_id' ORDER BY l.id")
    return [(folder / f"{row.number}.pdf").read_bytes() for row in rows]


async def _ask_for_everything(room: MailRoom, number: str) -> None:
    """Whatever a desk can read of the group, its requests, letters and users."""
    letters = await room.api.get(f"/v1/accounts/{_FIRST}/letters", headers=room.me)
    for path in (
        f"user-id-requests/{number}",
        "user-id-requests?view=on_the_way",
        f"user-id-requests?view=all&group={_FIRST}",
        f"accounts/{_FIRST}",
        f"user-ids?group={_FIRST}",
        f"user-ids/log?group={_FIRST}",
        "me",
        *(f"letters/{one['id']}/text" for one in letters.json()["rows"]),
        *(f"letters/{one['id']}/pdf" for one in letters.json()["rows"]),
    ):
        await room.api.get(f"/v1/{path}", headers=room.me)


def _nowhere(folder: Path, ear: Ear, paper: OnPaper) -> None:
    """Neither ID nor code is in any file of the store, the logs, both folders for temporary files, and the
    mailing, nor in anything the backend ever said.
    """
    needles = [Needle(paper.code), Needle(paper.user_id)]
    searched = 0
    for path, content in files_below(folder):
        searched += 1
        assert not any(one.found_in(content) for one in needles), path
    assert searched > 5
    assert not any(one.found_in(b"\n".join(ear.heard)) for one in needles)


def _not_in_memory(pid: int, home: Home, paper: OnPaper) -> None:
    """A core of the backend would hold neither; that the search would find them, its digest shows. It leaves
    none, and whoever is not root may not look.
    """
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    assert re.search(r"Max core file size +0 +0 ", limits)
    needles = [Needle(paper.code), Needle(paper.user_id)]
    _, digest = digests_of(home, paper)
    known = False
    try:
        for piece in memory_of(pid):
            assert not any(one.found_in(piece) for one in needles)
            known = known or digest.encode() in piece
    except PermissionError:
        assert os.geteuid()
    else:
        assert known


# -- killed at every step --------------------------------------------------------------------------


async def _killed_at_every_step(room: MailRoom, home: Home, command: MailCommand, folder: Path) -> None:
    """The same folder, run after run killed one step further; at last every paper in it works."""
    numbers = [await room.approved(group_number=group) for group in _OTHERS]
    out = folder / "killed"
    for step in STEPS:
        status, said = await asyncio.to_thread(command.run, out, home.folder, step)
        assert status == -9, (step, said)
        _no_two_work(home, out, numbers, mailed=step == "marked")
        if step == "issued":
            status, said = await asyncio.to_thread(command.run, folder / "other", home.folder)
            assert status == 1, said
            assert said.count("into a folder that was not finished") == 2 * len(numbers)
    status, said = await asyncio.to_thread(command.run, out, home.folder)
    assert (status, json.loads(said)["refused"]) == (0, []), said
    _no_two_work(home, out, numbers, mailed=True)
    for number in numbers:
        assert (await room.show(number)).state == "mailed"
        paper = on_paper(_papers(home, out, number))
        assert (await room.activate(paper)).status_code == 200


def _no_two_work(home: Home, out: Path, numbers: list[str], *, mailed: bool) -> None:
    """One code of an ID at the most, none of them live before its paper is marked, and then that paper's."""
    rows = store_rows(
        home,
        "SELECT r.number, c.digest, c.state, u.login_digest FROM access_code c "
        "JOIN user_id_request r ON r.id = c.request_id JOIN web_user u ON u.id = c.web_user_id "
        "WHERE c.state IN ('printed', 'live')",
    )
    mine = [row for row in rows if row.number in numbers]
    assert len({row.number for row in mine}) == len(mine)
    assert {row.state for row in mine} <= ({"live"} if mailed else {"printed"})
    assert len(mine) == len(numbers) or not mailed
    if not mailed:
        return
    for row in mine:
        assert digests_of(home, on_paper(_papers(home, out, row.number))) == (row.login_digest, row.digest)


@pytest.mark.parametrize("secret", ["K7QM-9XRT-3HWD", "BAKO-TENU-47"])
def test_the_search_finds_what_is_there(secret: str) -> None:
    """In every form, in whatever stands around it."""
    needle = Needle(secret)
    bare = secret.replace("-", "").encode()
    for place in (
        b"x" + secret.encode(),
        bare.lower(),
        secret.encode("utf-16-le"),
        b"\0" + secret.lower().encode("utf-16-be") + b"\0",
        *(base64.b64encode(b"abc"[:at] + secret.encode() + b" and more") for at in range(3)),
        *(base64.urlsafe_b64encode(b"abc"[:at] + bare) for at in range(3)),
        secret.encode().hex().encode(),
    ):
        assert needle.found_in(place), place
    assert not needle.found_in(secret[:-1].encode() + b"? " + secret[1:].encode())


# -- hung up ---------------------------------------------------------------------------------------


@SQLITE
async def test_whoever_hangs_up_breaks_no_transaction(runtime: Runtime) -> None:
    """A broken one would leave the store locked for everybody; the step at hand is done, and no other."""
    inside, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def two_steps(task: Task) -> AsyncGenerator[Progress, None]:
        try:
            for step in (1, 2):
                async with task.runtime.act(task.actor, "T") as unit:
                    inside.set()
                    await go_on.wait()
                    unit.audit("test.step", "test", str(step))
                yield Progress(step)
        finally:
            ended.set()

    async def listen() -> None:
        task = Task(runtime, OPERATOR, "T", io.BytesIO(), {})
        async for _ in operations._lines(task, two_steps):
            pass

    listening = asyncio.create_task(listen())
    await inside.wait()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    go_on.set()
    await ended.wait()
    assert await rows(runtime, tables.audit_row, "subject") == [("1",)]
