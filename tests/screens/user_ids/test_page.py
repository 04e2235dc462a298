"""The page of a faxed form beside its request: in memory while it is looked at, and gone afterwards."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from api_client.types.user_ids import RegisterFax, UserIdRequest
from backend.runtime import Runtime
from kprep_tui.viewer import Viewer
from tests.conftest import SQLITE, FixedClock
from tests.desk import PASSWORD
from tests.fax_pages import picture, tiff
from tests.screens.calls.at_desk import CallDesk, at_work, stock
from tests.screens.desk import until
from tests.screens.rep import SIZES
from tests.viewers import Stubs, documents, ended

PICTURE = "A fax page is a picture and is not read as text"


def a_viewer(stubs: Stubs, memory: Path, **changes: str) -> Viewer:
    environ = stubs.environ | {"XDG_RUNTIME_DIR": str(memory)} | changes
    return Viewer(environ, shared_memory=memory / "none", opens_within=0.2)


async def faxed(rep: CallDesk, reference: str, *, page: bool = True) -> UserIdRequest:
    """A form of G-100, with its page."""
    form = RegisterFax(
        group_number="G-100",
        received_at=rep.clock(),
        fax_reference=reference,
        administrator="Barnaby Inkwell",
        signer="Ottoline Quillfeather",
        street="12 Nowhere Street",
        city="Sacramento",
        state="CA",
        zip="95814",
    )
    made = await rep.client.user_ids.register(form)
    return await rep.client.user_ids.keep_page(made.id, made.version, tiff(picture())) if page else made


@SQLITE
async def test_a_page_is_open_beside_its_fields_and_goes_with_cursor_screen_and_lock(
    runtime: Runtime, clock: FixedClock, stubs: Stubs, memory: Path
) -> None:
    await stock(runtime)
    stubs.viewer(stays=True)
    viewer = a_viewer(stubs, memory)
    async with at_work(runtime, clock, size=SIZES[1], viewer=viewer) as rep:
        one, two = await faxed(rep, "FAX-1"), await faxed(rep, "FAX-2", page=False)
        await rep.presses("f5")
        await rep.finds(f">{one.id}")
        await rep.finds("Barnaby Inkwell")

        async def opens() -> int:
            """The number of the viewer's process."""
            await rep.presses("p")
            told = await asyncio.to_thread(stubs.hear)
            pid, _, of_file, of_folder, *_ = told.splitlines()
            assert (of_file.split()[0], of_folder.split()[0]) == ("600", "700")
            await rep.finds(f"The page of {one.id} is open in the viewer")
            assert "Barnaby Inkwell" in rep.sees
            [content] = documents(memory).values()
            assert content.startswith(b"%PDF-1.4")
            return int(pid)

        first = await opens()
        await rep.presses("question_mark")
        await rep.finds("WHY")
        await rep.presses("escape")
        assert len(documents(memory)) == 1  # the help stood over it, and it is looked at still
        with ended(first):
            second = await opens()  # once more: one window, not two
        with ended(second):
            await rep.presses("down")
            await rep.finds(f">{two.id}")
        assert documents(memory) == {}
        await rep.presses("p")
        await rep.finds(f"No page is kept with {two.id}; s attaches one.")
        await rep.presses("up")
        await rep.finds(f">{one.id}")
        with ended(await opens()):
            await rep.presses("ctrl+l")
        assert documents(memory) == {}
        await rep.finds("The desk is locked")
        await rep.types(*PASSWORD, "enter")
        await rep.finds(f">{one.id}")
        await rep.finds("Barnaby Inkwell")
        with ended(await opens()):
            await rep.presses("f2")
            await rep.finds("QUEUES")
            await until(rep.pilot, lambda: documents(memory) == {})
        await rep.presses("f5")
        await rep.finds(f">{one.id}")
        last = await opens()
        with ended(last):
            viewer.close()  # as the end of the program does
    assert os.listdir(memory) == []


@SQLITE
async def test_where_no_page_can_be_shown_the_reason_is_a_sentence(
    runtime: Runtime, clock: FixedClock, stubs: Stubs, memory: Path
) -> None:
    await stock(runtime)
    stubs.silent("xdg-open", code=4)
    for changes, says in (
        ({"DISPLAY": ""}, "There is no graphical display here to show a PDF on."),
        ({"PATH": "/nonexistent"}, "xdg-open is not installed here, so no PDF is shown."),
        ({"XDG_RUNTIME_DIR": "/proc"}, "There is no folder in memory here for a PDF"),
        ({}, "xdg-open could not show the PDF."),
    ):
        async with at_work(runtime, clock, viewer=a_viewer(stubs, memory, **changes)) as rep:
            await rep.presses("f5")
            if "DISPLAY" in changes:
                await rep.finds("No request waits")
                await rep.presses("p")
                await rep.finds("No request stands here whose page could be opened.")
                await faxed(rep, "FAX-1")
                await rep.presses("f7")
            await rep.finds("Barnaby Inkwell")
            await rep.presses("p")
            await rep.finds(says)
            seen = " ".join(rep.sees.split())
            assert PICTURE in seen
            assert documents(memory) == {}


@SQLITE
async def test_a_page_that_arrives_for_another_request_is_not_opened(
    runtime: Runtime, clock: FixedClock, stubs: Stubs, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stock(runtime)
    stubs.silent("xdg-open")
    async with at_work(runtime, clock, viewer=a_viewer(stubs, memory)) as rep:
        one, two = await faxed(rep, "FAX-1"), await faxed(rep, "FAX-2", page=False)
        fetch, arrives = rep.client.user_ids.page, asyncio.Event()

        async def late(number: str) -> bytes:
            page = await fetch(number)
            await arrives.wait()
            return page

        monkeypatch.setattr(rep.client.user_ids, "page", late)
        await rep.presses("f5")
        await rep.finds(f">{one.id}")
        await rep.finds("Barnaby Inkwell")
        await rep.presses("p")
        await rep.finds("the PDF is fetched ...")
        await rep.presses("down")
        await rep.finds(f">{two.id}")
        arrives.set()
        await rep.loses("the PDF is fetched ...")
        assert documents(memory) == {}
        assert "is open in the viewer" not in rep.sees
