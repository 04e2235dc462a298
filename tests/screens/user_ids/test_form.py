"""The blank form, its fax number and the tour, for whoever is on the line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from api_client.types.user_ids import RequestForm
from api_client.types.visible import visible_line
from backend.runtime import Runtime
from kprep_tui.viewer import Viewer
from screens.user_ids.form import told
from tests.conftest import SQLITE, FixedClock
from tests.screens.calls.at_desk import at_work, on_the_line, stock
from tests.screens.desk import until
from tests.screens.rep import HOSTILE
from tests.viewers import Stubs, documents


@SQLITE
async def test_form_number_and_tour_are_there_for_a_caller_nobody_has_verified(
    runtime: Runtime, clock: FixedClock, stubs: Stubs, memory: Path
) -> None:
    await stock(runtime)
    stubs.silent("xdg-open")
    stubs.printer()
    viewer = Viewer(stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}, shared_memory=memory / "none")
    async with at_work(runtime, clock, viewer=viewer) as rep:
        await on_the_line(rep)
        await rep.presses("f2", "F")
        await rep.finds("REQUEST FORM  blank")
        await rep.finds('SAY "You can take the tour on our site for employers')
        assert "NOT VERIFIED" in rep.sees
        seen = " ".join(rep.sees.split())
        for words in (
            "fax to 800-555-0102",
            "The tour needs no user ID.",
            "5 User ID and access code come by mail within 7 business days",
            "goes by mail only, to the address of record, once the caller is verified",
        ):
            assert words in seen
        await rep.presses("d")
        await rep.finds("The blank form is open in the viewer; it goes when you leave here.")
        [content] = documents(memory).values()
        assert content.startswith(b"%PDF-")
        await rep.presses("p")
        await rep.finds("> print the blank form")
        await rep.presses("enter")
        assert (await asyncio.to_thread(stubs.hear)).startswith("%PDF-")
        await rep.finds("The blank form is with the printer.")
        await rep.presses("question_mark")
        await rep.finds("no secret")
        await rep.presses("escape", "f2")
        await until(rep.pilot, lambda: documents(memory) == {})
    viewer.close()


@SQLITE
async def test_it_is_found_from_the_requests_and_from_the_palette(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await rep.presses("f5")
        await rep.finds("No request waits")
        await rep.presses("b")
        await rep.finds("REQUEST FORM  blank")
        await rep.finds("fax to")
        await rep.presses("d")
        await rep.finds("There is no graphical display here to show a PDF on. The form stands at the end")
        await rep.presses("p")
        await rep.finds("No printer is set up here")
        await rep.presses("escape")
        await rep.finds("No request waits")
        await rep.finds("/ find")
        await rep.types("i", *"104")  # a number behind a key that leads nowhere is looked for all the same
        await rep.finds('FIND  "104"')
        await rep.presses("escape")
        await rep.finds("No request waits")
        await rep.presses("f8")
        await rep.types(*"tour")
        await rep.finds("blank form and tour")
        await rep.presses("down", "enter")
        await rep.finds("REQUEST FORM  blank")


@pytest.mark.parametrize("width", [78, 118])
def test_what_the_policy_says_is_shown_and_never_obeyed(width: int) -> None:
    for text in map(visible_line, HOSTILE):
        form = RequestForm(fax=text, tour=text, steps=[text, text], say=text)
        for row in told(form, width).split("\n", allow_blank=True):
            assert row.plain.isprintable()
            assert row.cell_length <= width
            assert not any(span.style for span in row.spans if "click" in str(span.style))
