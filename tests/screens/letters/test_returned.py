"""Letters that came back, at the desk on the real backend: noted, listed, settled; one kept from going."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from api_client.types.billing_words import LetterKind
from api_client.types.letters import LetterRow, ReturnedRow
from api_client.types.words import Role
from backend.database import tables
from backend.runtime import Runtime
from screens.letters import mail_words
from tests.conftest import SQLITE, FixedClock
from tests.desk import create_rep, operator_unit
from tests.screens.calls.at_desk import at_work, on_the_line, stock
from tests.screens.letters.mailed import looks_up, mailed
from tests.screens.rep import SIZES

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 41, tzinfo=ZoneInfo("America/Los_Angeles"))


async def _letters(runtime: Runtime) -> list[Any]:
    async with runtime.database.read() as connection:
        return list((await connection.execute(select(tables.letter).order_by(tables.letter.c.id))).all())


@SQLITE
@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_that_came_back_is_noted_listed_and_settled(
    runtime: Runtime, clock: FixedClock, size: tuple[int, int]
) -> None:
    await stock(runtime)
    await mailed(runtime)
    async with at_work(runtime, clock, size=size) as rep:
        await rep.finds("Returned letters     0     0  -")
        await rep.presses("R")
        await rep.finds("No letter came back, or all are settled. F7 looks again.")
        await rep.presses("s")
        await rep.finds("No letter is under the cursor.")
        await looks_up(rep)
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("s")
        await rep.finds("L-00701 did not come back; b says that it did.")
        await rep.presses("b")
        await rep.finds("L-00701 came back on:")
        await rep.presses(*["backspace"] * 5)
        await rep.types(*"11-25", "enter")
        await rep.finds("2026-11-25 is yet to come")
        await rep.presses(*["backspace"] * 5)
        await rep.types(*"11-16", "enter")
        await rep.finds("L-00701 termination letter came back on 2026-11-16; it waits to be settled")
        await rep.presses("enter")
        await rep.finds("L-00701 came back; s settles it, and R lists all that came back.")
        await rep.finds("came back 11-16")
        assert rep.sees.splitlines()[-1].startswith("s settle")
        await rep.presses("b")
        await rep.finds("L-00701 came back on 11-16 already.")

        await rep.presses("f2")
        await rep.finds("Returned letters     1     0  [ ] oldest 4 d")
        await rep.presses("R")
        await rep.finds("L-00701  11-16      4 d    G-100")
        await rep.finds("coverage does not end while this is open")
        await rep.presses("question_mark")
        await rep.finds("nobody may lose it by a letter that never came")
        await rep.presses("escape", "enter")
        await rep.finds("LETTERS  of G-100")
        await rep.finds("came back 11-16")
        await rep.presses("escape")
        await rep.finds("RETURNED LETTERS")
        await rep.presses("s")
        await rep.finds("1 a copy goes to the address of record")
        await rep.presses("2")
        await rep.finds("L-00701: how was the client reached?")
        await rep.types("o", "enter")
        await rep.finds("Say why in at least 3 characters.")
        await rep.types(*"n the phone of record", "enter")
        await rep.finds("settle L-00701 termination letter: the client was reached another way; on the")
        await rep.presses("enter")
        await rep.finds("L-00701 is settled: reached.")
        await rep.finds("No letter came back, or all are settled.")
        (_, row) = await _letters(runtime)
        assert (row.returned_on, row.settled_on, row.settled_how) == (date(2026, 11, 16), TODAY, "reached")


@SQLITE
async def test_the_list_is_closed_while_a_caller_is_on_the_line(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await rep.finds("NOT VERIFIED for G-100")
        await rep.presses("R")
        await rep.finds("The list of letters that came back is closed while a caller is on the line; F9")


@SQLITE
async def test_a_lead_keeps_a_letter_of_the_rules_from_going_and_a_rep_does_not(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    await mailed(runtime)
    await create_rep(runtime, "d.okafor", Role.LEAD)
    async with operator_unit(runtime) as unit:
        waits = update(tables.letter).where(tables.letter.c.number == "L-00701").values(mailed_on=None)
        await unit.connection.execute(waits)
    async with at_work(runtime, clock) as rep:
        await looks_up(rep)
        await rep.presses("l")
        await rep.finds("next mail")
        await rep.presses("x")
        await rep.finds("A lead takes back what the rules wrote; your own order is taken back with u.")
    async with at_work(runtime, clock, who="d.okafor") as lead:
        await looks_up(lead)
        await lead.presses("l")
        await lead.finds("next mail")
        await lead.presses("down", "x")
        await lead.finds("L-00700 was mailed 11-02; it cannot be taken back.")
        await lead.presses("up", "x")
        await lead.finds("take L-00701 back because:")
        await lead.types(*"paid at the counter", "enter")
        await lead.finds("take back L-00701 termination letter, it does not go: paid at the counter")
        await lead.presses("enter")
        await lead.finds("L-00701 is taken back; the next daily run writes it again if it is still due.")
        await lead.loses("next mail")
    assert [row.number for row in await _letters(runtime)] == ["L-00700"]


# -- what is said, by tables -----------------------------------------------------------------------


def _row(**changes: Any) -> LetterRow:
    values: dict[str, Any] = {
        "id": "L-00877",
        "kind": LetterKind.L2,
        "title": "termination letter",
        "created_on": date(2026, 11, 16),
        "mailed_on": None,
        "to": "Salem Parts LLC",
    }
    return LetterRow(**values | changes)


BACK = {"mailed_on": date(2026, 11, 16), "returned_on": TODAY}


@pytest.mark.parametrize(
    ("changes", "came_back", "settle", "take_back"),
    [
        (None, *["No letter is under the cursor."] * 3),
        ({}, "L-00877 is not mailed yet.", "did not come back; b says that it did.", ""),
        (
            {"asked_by": "client"},
            "is not mailed yet.",
            "did not come back",
            "whoever ordered it takes it back",
        ),
        ({"mailed_on": date(2026, 11, 16)}, "", "did not come back", "was mailed 11-16; it cannot be taken"),
        (BACK, "came back on 11-20 already.", "", "was mailed 11-16"),
        (BACK | {"settled": "remailed"}, "already.", "is settled: remailed.", "was mailed 11-16"),
    ],
)
def test_what_is_not_possible_says_why(
    changes: dict[str, Any] | None, came_back: str, settle: str, take_back: str
) -> None:
    one = None if changes is None else _row(**changes)
    for said, words in (
        (mail_words.came_back_refused(one, TODAY), came_back),
        (mail_words.settle_refused(one), settle),
        (mail_words.take_back_refused(one, TODAY, lead=True), take_back),
    ):
        assert words in said
        assert bool(said) is bool(words)


def test_the_list_says_since_when_it_waits_and_whether_coverage_waits_with_it() -> None:
    one = ReturnedRow(
        id="L-00877",
        kind=LetterKind.L1,
        title="warning letter",
        group_number="104233",
        group_name="Salem Parts LLC",
        mailed_on=date(2026, 11, 2),
        returned_on=date(2026, 11, 16),
        holds_end=True,
    )
    assert [cell.plain for cell in mail_words.cells(one, TODAY)] == [
        "L-00877",
        "11-16",
        "4 d",
        "104233",
        "Salem Parts LLC",
        "warning letter",
        "kept on",
    ]
    other = one.model_copy(update={"holds_end": False, "returned_on": TODAY})
    assert [cell.plain for cell in mail_words.cells(other, TODAY)][2] == "today"
    assert "moves no date of the bill" in mail_words.about(other, NOW, 78).plain
    assert mail_words.settled(_row(**BACK, settled="remailed")).endswith("A copy goes with the next mail.")
    assert mail_words.settled(_row(**BACK, settled="reached")) == "L-00877 is settled: reached."
