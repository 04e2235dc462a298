"""The letters of a group at the desk, on the real backend: read, copied, shown, taken back."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api_client.types.billing_words import LetterKind, ReturnedMail
from api_client.types.letters import LetterFigure, LetterRow, LetterText, ReturnedRow
from backend.letters import content
from backend.runtime import Runtime
from kprep_tui.viewer import Viewer
from screens.letters import mail_words, paragraphs, presentation, reasons
from tests.conftest import SQLITE, FixedClock
from tests.desk import PASSWORD
from tests.screens.calls.at_desk import CallDesk, at_work, on_the_line, signer, stock
from tests.screens.desk import until
from tests.screens.letters.mailed import looks_up, mailed
from tests.screens.rep import HOSTILE, SIZES
from tests.unit.letters.letters_of_every_kind import letter
from tests.viewers import Stubs, documents, ended

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
TODAY = NOW.date()
BUDGET = ("l", "r", "enter")


async def _at_account(rep: CallDesk) -> None:
    await on_the_line(rep)
    await signer(rep)


@SQLITE
@pytest.mark.parametrize("size", SIZES)
async def test_a_copy_is_three_keys_away_and_taken_back_by_two(
    runtime: Runtime, clock: FixedClock, size: tuple[int, int]
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock, size=size) as rep:
        await _at_account(rep)
        await rep.presses("l")
        await rep.finds("No letter went to this group yet.")
        await rep.presses("r")
        await rep.finds("No letter is under the cursor.")
        await rep.presses("escape")
        await rep.finds("ACCOUNT  G-100")
        await mailed(runtime)
        await rep.presses(*BUDGET[:1])
        await rep.finds("termination letter")
        await rep.presses(*BUDGET[1:2])
        await rep.finds("send a copy of L-00701 termination letter by mail to the client's address")
        await rep.presses(*BUDGET[2:])
        await rep.finds("is ordered; u takes it back until 11-20 09:51")
        await rep.finds("copy of L-00701, ")
        await rep.finds("after 11-20 09:51")
        await rep.presses("r")
        await rep.finds("send a copy of L-00701")  # of the letter itself
        await rep.presses("enter")
        await rep.finds("is the same and waits for the post")
        await rep.presses("u")
        await rep.finds("it is not mailed")
        await rep.presses("enter")
        await rep.finds("is taken back; it is not mailed.")
        await rep.loses("after 11-20 09:51")
        await rep.presses("u")
        await rep.finds("You ordered no letter here that could still be taken back.")
        await rep.presses("question_mark")
        await rep.finds("It names 2026-12-01 as the last day of coverage.")


@SQLITE
async def test_without_a_caller_letters_are_read_and_no_copy_is_sent(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    await mailed(runtime)
    async with at_work(runtime, clock) as rep:
        await looks_up(rep)
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("r", "enter")
        await rep.finds("There is no caller on the line; F9 starts a call.")
        await rep.finds("mailed 11-03")  # what was seen stays seen
        await rep.presses("d")
        await rep.finds("There is no graphical display here to show a PDF on. It is read as text.")
        await rep.presses("p")
        await rep.finds("No printer is set up here")


@SQLITE
@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_is_read_page_by_page_and_copied_from_there(
    runtime: Runtime, clock: FixedClock, size: tuple[int, int]
) -> None:
    await stock(runtime)
    await mailed(runtime)
    async with at_work(runtime, clock, size=size) as rep:
        await _at_account(rep)
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("enter")
        await rep.finds("LETTER  L-00701  of G-100")
        await rep.finds("Oak Street Dental Group")
        assert "2026-09-02" in rep.sees
        assert "Date coverage ends                               Thursday, October 1, 2026" in rep.sees
        assert all(len(row) <= size[0] for row in rep.sees.splitlines())
        await rep.presses("pagedown")
        await rep.finds("What counts")
        await rep.presses("pagedown", "pagedown", "end")
        await rep.finds("section 1365 (your right to a")
        await rep.presses("question_mark")
        await rep.finds("grace period when the bill is still unpaid after the warning letter")
        await rep.presses("escape", "r")
        await rep.finds("send a copy of L-00701 Termination letter")
        await rep.presses("enter")
        await rep.finds("u takes it back until 11-20 09:51")
        await rep.presses("u")
        await rep.finds("it is not mailed")
        await rep.presses("enter")
        await rep.finds("is taken back; it is not mailed.")
        await rep.presses("u")
        await rep.finds("You ordered no letter here")
        await rep.presses("escape")
        await rep.finds("LETTERS  of G-100")


@SQLITE
async def test_a_pdf_is_open_until_the_screen_is_left_or_the_desk_is_locked(
    runtime: Runtime, clock: FixedClock, stubs: Stubs, memory: Path
) -> None:
    await stock(runtime)
    await mailed(runtime)
    stubs.silent("xdg-open")
    stubs.printer()
    environ = stubs.environ | {"XDG_RUNTIME_DIR": str(memory)}
    viewer = Viewer(environ, shared_memory=memory / "none")
    async with at_work(runtime, clock, viewer=viewer) as rep:
        await looks_up(rep)
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("d")
        await rep.finds("L-00701 is open in the viewer; it goes when you leave here.")
        [content] = documents(memory).values()
        assert content.startswith(b"%PDF-")
        await rep.presses("escape")
        await until(rep.pilot, lambda: documents(memory) == {})
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("enter")
        await rep.finds("Oak Street Dental Group")
        await rep.presses("d")
        await rep.finds("L-00701 is open in the viewer")
        assert len(documents(memory)) == 1
        await rep.presses("p")
        await rep.finds("print L-00701 Termination letter")
        await rep.presses("enter")
        assert (await asyncio.to_thread(stubs.hear)).startswith("%PDF-")
        await rep.finds("L-00701 is with the printer.")
        stubs.viewer(stays=True)
        await rep.presses("d")
        (pid, *_) = (await asyncio.to_thread(stubs.hear)).split()
        assert len(documents(memory)) == 2
        with ended(int(pid)):
            await rep.presses("ctrl+l")  # while it is not known yet whether the viewer can show it
        assert documents(memory) == {}
        await rep.finds("The desk is locked")
        await rep.types(*PASSWORD, "enter")
        await rep.finds("LETTER  L-00701")
        stubs.silent("xdg-open", code=4)
        await rep.presses("d")
        await rep.finds("xdg-open could not show the PDF. It is read as text.")
        await rep.presses("escape")
        await rep.finds("LETTERS  of G-100")
    viewer.close()
    assert documents(memory) == {}


@SQLITE
async def test_what_is_shown_to_nobody_says_so_and_stays_closed(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    await mailed(runtime, 1, kind=LetterKind.USER_ID)
    async with at_work(runtime, clock) as rep:
        await looks_up(rep)
        await rep.presses("l")
        await rep.finds("mailed 11-02")
        for key in ("enter", "d", "p"):
            await rep.presses(key)
            await rep.finds("A user ID letter is shown to nobody here: ID and code leave by mail")
            await rep.presses("u")
            await rep.finds("You ordered no letter here that could still be taken back.")


def _row(**changes: Any) -> LetterRow:
    values: dict[str, Any] = {
        "id": "L-00877",
        "kind": LetterKind.L2,
        "title": "termination letter",
        "created_on": date(2026, 11, 16),
        "mailed_on": date(2026, 11, 16),
        "to": "Salem Parts LLC",
    }
    return LetterRow(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "mailed 11-16"),
        ({"notices": 42}, "mailed 11-16 +42 notices"),
        ({"notices": 1}, "mailed 11-16 +1 notice"),
        ({"mailed_on": date(2025, 12, 30)}, "mailed 2025-12-30"),
        ({"returned_on": date(2026, 11, 20), "notices": 42}, "came back 11-20"),
        ({"returned_on": date(2026, 11, 20), "settled": "remailed"}, "back 11-20, remailed"),
        ({"returned_on": date(2026, 11, 20), "settled": "reached"}, "back 11-20, reached"),
        ({"mailed_on": None}, "next mail"),
        ({"mailed_on": None, "notices": 42}, "next mail +42 notices"),
        ({"mailed_on": None, "undo_until": NOW + timedelta(minutes=10)}, "after 11-20 17:51"),
        ({"mailed_on": None, "undo_until": NOW}, "next mail"),
    ],
)
def test_when_a_letter_goes_and_whether_it_came_back(changes: dict[str, Any], says: str) -> None:
    said = presentation.mailed(_row(**changes), NOW)
    assert said == says
    assert len(said) <= next(one.width for one in presentation.COLUMNS if one.title == "mailed")


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_stands_in_a_letter_is_text(text: str) -> None:
    one = _row(id=text, title=text, to=text, asked_by=text, copy_of=text, batch=text, amount=Decimal(1))
    read = LetterText(
        id=text,
        title=text,
        addressee=[text, text],
        dated=TODAY,
        paragraphs=[text, f"{text}\n{text}"],
        figures=[LetterFigure(label=text, value=text)],
    )
    came = ReturnedRow(
        id=text,
        kind=LetterKind.L1,
        title=text,
        group_number=text,
        group_name=text,
        mailed_on=TODAY,
        returned_on=TODAY,
        holds_end=True,
    )
    said = (
        presentation.copy_line(text, text, to_broker=False),
        presentation.print_line(text, text),
        presentation.undo_line(one),
        *presentation.cells(one, NOW),
        *mail_words.cells(came, TODAY),
        *mail_words.about(came, NOW, 78).split("\n"),
        mail_words.take_back_line(one, text),
        mail_words.came_back_line(text, text, TODAY),
        mail_words.settle_line(text, text, ReturnedMail.REACHED, text),
        *reasons.why(one, TODAY).split("\n"),
        paragraphs.subject(text, text),
        *paragraphs.letter(read, 78).split("\n"),
    )
    assert all(not any(ord(char) < 32 for char in piece.plain) for piece in said)
    assert all(row.cell_length <= 78 for row in paragraphs.letter(read, 78).split("\n"))


def test_the_line_to_confirm_names_the_letter_itself_and_where_the_copy_goes() -> None:
    said = presentation.copy_line("L-00877", "copy of the termination letter", to_broker=True).plain
    assert said == "send a copy of L-00877 termination letter by mail to the broker of record"


@pytest.mark.parametrize("width", [40, 78, 118])
def test_a_letter_keeps_its_figures_in_line_at_every_width(width: int) -> None:
    read = content.text_of(content.paper_of(letter("L1")))
    rows = [row.plain for row in paragraphs.letter(read, width).split("\n")]
    assert all(len(row) <= min(width, 78) for row in rows)
    words = " ".join(" ".join(rows).split())
    for one in read.figures:
        assert f"{one.label} {one.value}" in words
    for text in read.paragraphs:
        assert " ".join(text.split()) in words
    if width > 78:
        assert len({len(row) for row in rows if row.endswith(("00", "2026")) and "   " in row[10:]}) == 1


def test_every_kind_of_letter_says_what_it_is_and_why_it_goes() -> None:
    assert set(reasons.WHAT) == set(LetterKind)
    assert all(text.endswith(".") and len(text) > 60 for text in reasons.WHAT.values())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "L-00877 termination letter, written 11-16."),
        ({"copy_of": "L-00870"}, "It repeats L-00870 word for word."),
        ({"amount": Decimal(10000)}, "It names 10,000.00 to be paid."),
        ({"ends_on": date(2026, 12, 1)}, "It names 2026-12-01 as the last day of coverage."),
        ({"notices": 42}, "42 subscribers get their own notice with it."),
        ({"batch": "MB-00012"}, "It went with mailing MB-00012."),
        (
            {"returned_on": TODAY},
            "settled that; by the plan's rules coverage does not end while that is open.",
        ),
        ({"returned_on": TODAY, "settled": "reached"}, "that is settled: reached."),
    ],
)
def test_the_question_mark_tells_what_is_known_of_a_letter(changes: dict[str, Any], says: str) -> None:
    assert any(sentence.endswith(says) for sentence in reasons.about(_row(**changes), TODAY))
