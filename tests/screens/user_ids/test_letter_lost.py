"""A letter that did not come, at the desk on the real backend: from the question to the new letter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import httpx

from backend.runtime import Runtime
from screens.accounts.account import AccountScreen
from tests.conftest import SQLITE, FixedClock
from tests.days import morning
from tests.desk import sign_in
from tests.issuing import MailRoom
from tests.screens.calls.at_desk import CallDesk, at_work, on_the_line, signer, stock

FORM = {
    "group_number": "G-100",
    "signer": "Ottoline Quillfeather",
    "street": "12 Nowhere St.",
    "city": "SACRAMENTO",
    "zip": "95814",
}


async def _mailed(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, folder: Path) -> str:
    """A letter to G-100 went on Friday; returns the number of its request."""
    room = MailRoom(api, runtime, await sign_in(api, runtime))
    number = await room.approved(**FORM)
    clock.move(room.undo)
    assert (await room.mail(folder)).refused == []
    return number


async def _reaches(rep: CallDesk) -> None:
    """The rep calls the signer back at the number on record."""
    await rep.presses("y")
    await rep.finds("Enter shows whom to call")
    await rep.presses("enter")
    await rep.finds("reached Ottoline Quillfeather at")
    await rep.presses("enter")
    await rep.finds("Reached at the number on record")


@SQLITE
async def test_where_is_my_letter_is_answered_by_one_key_a_new_one_sent_and_an_id_blocked(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    await stock(runtime, signer_phone="916-555-0134")
    number = await _mailed(api, runtime, clock, tmp_path / "mail")
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await rep.finds("ACCOUNT")
        await rep.presses("i")
        await rep.finds("NOT VERIFIED for G-100, so this is locked: user IDs")
        await signer(rep)
        await rep.finds(f"{number} first ID, mailed 11-20, arrives by")
        await rep.presses("i")
        await rep.finds(f"{number}  first ID")
        await rep.finds("letter  mailed 11-20, arrives by 12-03")
        await rep.presses("escape")
        await rep.finds("ACCOUNT  G-100")
        await rep.presses("m", "0", "8")
        await rep.finds("needs a call-back to the number on record")
        await _reaches(rep)
        await rep.presses("m", "0", "8")
        await rep.finds("Wait until 2026-12-03 is over")
    clock.now = morning(date(2026, 12, 4))
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await rep.finds("was to arrive by 12-03")
        await _reaches(rep)
        await rep.presses("m", "0", "8")
        await rep.finds("new user-ID letter for G-100: the code in the mail works no more")
        await rep.presses("enter")
        await rep.finds(f"{number}: a new letter goes to the address of record, and arrives by 12-15.")
        assert isinstance(rep.app.screen, AccountScreen)
        await rep.presses("w")
        await rep.finds("1 UID-REISSUE")
        await rep.presses("escape")
        await _blocks(rep)
        await rep.finds(f"{number}  first ID  revoked")


async def _blocks(rep: CallDesk) -> None:
    """From the account: the IDs of the client are two keys away."""
    await rep.finds("ACCOUNT  G-100")
    await rep.presses("i", "i")
    await rep.finds("USERS  of G-100")
    await rep.finds(">Barnaby Inkwell          plan   administrator not used")
    await rep.finds("waits for its first sign-in")
    await rep.presses("b", "1")
    await rep.finds("> block W-00001 of Barnaby Inkwell at once: nobody there asked for it")
    await rep.presses("enter")
    await rep.finds("W-00001 is withdrawn: nobody gets in with it any more.")
    await rep.presses("j")
    await rep.finds("ended        M.Lopez")
    await rep.presses("escape", "escape")
