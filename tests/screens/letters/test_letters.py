"""The letters of a group at the desk, on the real backend: a copy, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from api_client.types.letters import LetterRow
from api_client.types.words import LetterKind
from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from screens.letters import presentation
from tests.conftest import SQLITE, FixedClock
from tests.desk import operator_unit
from tests.screens.calls.at_desk import CallDesk, at_work, on_the_line, signer, stock
from tests.screens.rep import HOSTILE, SIZES

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
BUDGET = ("l", "r", "enter")


async def _mailed(runtime: Runtime, count: int = 2) -> None:
    """So many letters went to G-100, the newest a termination letter."""
    kinds = [LetterKind.L1, LetterKind.L2]
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        rows = [
            {
                "number": f"L-0070{at}",
                "account_id": account.id,
                "kind": kinds[at % 2],
                "created_on": date(2026, 11, 2 + at),
                "mailed_on": date(2026, 11, 2 + at),
                "amount": Decimal(1000),
                "ends_on": date(2026, 12, 1),
            }
            for at in range(count)
        ]
        for row in rows:
            await unit.connection.execute(insert(tables.letter).values(**row))


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
        await _mailed(runtime)
        await rep.presses(*BUDGET[:1])
        await rep.finds("termination letter")
        await rep.presses(*BUDGET[1:2])
        await rep.finds("send a copy of L-00701 termination letter by mail to the client's address")
        await rep.presses(*BUDGET[2:])
        await rep.finds("is ordered; u takes it back until 11-20 09:51")
        await rep.finds("copy of the termi")
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
async def test_without_a_caller_letters_are_seen_and_no_copy_is_sent(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    await _mailed(runtime)
    async with at_work(runtime, clock) as rep:
        await rep.presses("slash")
        await rep.writes("G-100")
        await rep.presses("enter")
        await rep.finds("ACCOUNT  G-100")
        await rep.presses("l")
        await rep.finds("mailed 11-03")
        await rep.presses("r", "enter")
        await rep.finds("There is no caller on the line; F9 starts a call.")
        await rep.finds("mailed 11-03")  # what was seen stays seen


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
        ({"mailed_on": date(2025, 12, 30)}, "mailed 2025-12-30"),
        ({"mailed_on": None}, "with the next mail"),
        ({"mailed_on": None, "undo_until": NOW + timedelta(minutes=10)}, "after 11-20 17:51"),
        ({"mailed_on": None, "undo_until": NOW}, "with the next mail"),
    ],
)
def test_when_a_letter_goes(changes: dict[str, Any], says: str) -> None:
    assert presentation.mailed(_row(**changes), NOW) == says


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_stands_in_a_letter_is_text(text: str) -> None:
    one = _row(id=text, title=text, to=text, asked_by=text, copy_of=text)
    said = (
        presentation.copy_line(one, to_broker=False),
        presentation.undo_line(one),
        *presentation.cells(one, NOW),
    )
    assert all(not any(ord(char) < 32 for char in piece.plain) for piece in said)


def test_the_line_to_confirm_names_the_letter_itself_and_where_the_copy_goes() -> None:
    copy = _row(id="L-00900", copy_of="L-00877", title="copy of the termination letter")
    said = presentation.copy_line(copy, to_broker=True).plain
    assert said == "send a copy of L-00877 termination letter by mail to the broker of record"
