"""A fax from the paper to the approval at the desk, on the real backend; what is typed is never lost."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select, update
from textual.widgets import Input

from api_client.types.user_id_words import Missing
from api_client.types.user_ids import RegisterFax
from api_client.types.words import Role
from backend.database import tables
from backend.runtime import Runtime
from screens.user_ids.register import RegisterScreen
from tests.conftest import SQLITE, FixedClock
from tests.desk import PASSWORD, create_rep, operator_unit
from tests.screens.calls.at_desk import CallDesk, at_work, stock
from tests.screens.desk import until

FORM = {
    "group_number": "G-100",
    "fax_reference": "FAX-4100",
    "administrator": "Barnaby Inkwell",
    "signer": "Ottoline Quillfeather",
    "street": "12 Nowhere Street",
    "city": "Sacramento",
    "state": "CA",
    "zip": "95814",
}


def picture() -> bytes:
    """A page as a fax server writes it."""
    made = io.BytesIO()
    Image.new("1", (864, 1100), 1).save(made, "TIFF", compression="group4")
    return made.getvalue()


async def rows(runtime: Runtime) -> list[Any]:
    async with runtime.database.read() as connection:
        query = select(tables.user_id_request).order_by(tables.user_id_request.c.id)
        return list((await connection.execute(query)).all())


async def fills(rep: CallDesk, typed: Mapping[str, str]) -> None:
    """Puts each text into its line."""
    for name, text in typed.items():
        field = rep.app.screen.query_one(f"#fields #{name}", Input)
        field.focus()
        field.clear()
        rep.pastes(text)
        await until(rep.pilot, lambda field=field, text=text: field.value == text)  # type: ignore[misc]


@SQLITE
async def test_a_fax_is_registered_with_its_page_and_approved(
    runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    await stock(runtime)
    (tmp_path / "words.tif").write_bytes(b"no picture at all")
    (tmp_path / "page.tif").write_bytes(picture())
    async with at_work(runtime, clock, size=(120, 40)) as rep:
        await rep.presses("f5")
        await rep.finds("No request waits. f shows the others; x registers a faxed form.")
        await rep.presses("x", "f12")
        await rep.finds("Put right what is said beside the lines; nothing is lost.")
        assert rep.sees.count("is needed") == 2

        wrong = {**FORM, "group_number": "G-999", "received_at": "9:42", "zip": "9581"}
        await fills(rep, {**wrong, "page": str(tmp_path / "none.tif")})
        await rep.presses("f12")
        await rep.finds("lies in the future")
        await rep.finds("five digits")
        await fills(rep, {"received_at": "11-19 5:01 pm", "zip": "95814"})
        await rep.presses("f12")
        await rep.finds("Nothing is registered yet: put the file right, or empty its line")
        await rep.finds("There is no such file.")
        await fills(rep, {"page": str(tmp_path / "words.tif")})
        await rep.presses("f12")
        await rep.finds("There is no group G-999.")
        assert "12 Nowhere Street" in rep.sees
        assert "There is no such file." not in rep.sees
        assert await rows(runtime) == []

        await fills(rep, {"group_number": "G-100"})
        await rep.presses("f12")
        await rep.finds("U-00801 is registered, its letter arrives by 12-03. Its page was not taken, see")
        await rep.finds("neither a TIFF picture nor a PDF")
        await fills(rep, {"page": str(tmp_path / "page.tif")})
        await rep.presses("f12")
        await rep.finds("U-00801: the page is kept;")
        await rep.finds("USER IDS  all  of G-100")
        await rep.finds("you can approve U-00801")
        await rep.finds("page    1 page, kept by M.Lopez")
        assert len(await rows(runtime)) == 1
        await rep.presses("a", "enter")
        await rep.finds("U-00801 approved; u takes it back until its letter is mailed.")
        await rep.presses("u", "enter")
        await rep.finds("U-00801 waits again; nothing is mailed.")
        await rep.presses("x")
        assert [field.value for field in rep.app.screen.query("#fields Input").results(Input)][:2] == [
            "G-100",
            "",
        ]


@SQLITE
async def test_the_days_stand_still_until_the_client_has_answered(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime, signer_phone="(916) 555-0144")
    async with at_work(runtime, clock) as rep:
        await rep.presses("f5", "x")
        await fills(rep, {name: text for name, text in FORM.items() if name != "signer"})
        await rep.presses("f12")
        await rep.finds("# failed signer on record: The form is not signed.")
        await rep.finds("U-00801 is registered; a check fails.")
        await rep.presses("z")
        await rep.finds("1 [ ] signature")
        await rep.presses("1", "2", "4", "4")
        await rep.finds("1 [x] signature  2 [x] name of the signer")
        await rep.presses("enter")
        await rep.writes("page 2")
        await rep.presses("enter")
        await rep.finds("> call the client of U-00801 back for: signature, name of the signer; note")
        await rep.finds('"page 2"; the days stand still')
        await rep.presses("enter")
        await rep.finds("U-00801 is incomplete: call-back CB-")
        await rep.finds("mail by [=] paused")
        await rep.presses("a", "enter")
        await rep.finds("The form is incomplete: it can be approved once the client has answered.")
        (row,) = await rows(runtime)
        assert (row.mail_by, row.arrive_by) == (None, None)

        await rep.presses("z")
        await rep.finds("by fax  signature, name of the signer: not by phone")
        await fills(rep, {"by": "ph", "signer": FORM["signer"]})
        await rep.presses("escape")
        await rep.finds("What you typed is kept as a draft; the same key goes on with it.")
        await rep.presses("z")
        await rep.finds("Ottoline Quillfeather")
        await rep.presses("f12")
        await rep.finds("A signature or a page comes by fax: ask the client for it and name")
        await fills(rep, {"by": "fax", "fax_reference": "FAX-4101"})
        await rep.presses("f12")
        await rep.finds("U-00801 has its answer; the days go on, the letter arrives by 12-0")
        await rep.finds("you can approve U-00801")
        (row,) = await rows(runtime)
        assert (row.signer, row.fax_reference) == (FORM["signer"], "FAX-4101")


@SQLITE
async def test_what_is_typed_survives_the_lock_and_a_page_can_come_later(
    runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    await stock(runtime)
    (tmp_path / "page.tif").write_bytes(picture())
    async with at_work(runtime, clock) as rep:
        await rep.presses("f5", "x")
        await fills(rep, FORM)
        await rep.presses("ctrl+l")
        await rep.finds("The desk is locked.")
        assert "Inkwell" not in rep.sees
        await rep.presses(*PASSWORD, "enter")
        await rep.finds("What you typed before stands here again.")
        assert isinstance(rep.app.screen, RegisterScreen)
        await rep.presses("f12")
        await rep.finds("no picture of the form is kept; s attaches one")
        await rep.presses("s")
        await rep.finds("file of the page of U-00801 (TIFF or PDF):")
        await rep.writes(str(tmp_path))
        await rep.presses("enter")
        await rep.finds("U-00801: This file cannot be read.  s tries another file.")
        await rep.presses("s")
        await rep.writes("/page.tif")  # behind what was typed before
        await rep.presses("enter")
        await rep.finds("U-00801: the page is kept; p opens it.")
        await rep.finds("1 page, kept by M.Lopez")
        await rep.presses("s")
        await rep.finds("file of a new page, shown from then on, of U-00801 (TIFF or PDF):")


@SQLITE
async def test_after_a_move_two_persons_agree_and_both_are_named(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    await create_rep(runtime, "d.okafor", Role.LEAD)
    async with operator_unit(runtime) as unit:
        moved = {"address_changed_on": unit.today, "address_changed_by": "rep:r.chen"}
        await unit.connection.execute(update(tables.account).values(**moved))
    async with at_work(runtime, clock) as rep:
        await rep.client.user_ids.register(RegisterFax.model_validate({"received_at": clock(), **FORM}))
        await rep.presses("f5")
        await rep.finds("! lead   no move in 30 days")
        await rep.presses("a")
        await rep.finds("> approve U-00801 as the first person; a lead must agree before it is mailed")
        await rep.presses("enter")
        await rep.finds("U-00801 approved by the first person; a lead must agree; u takes it back")
        await rep.presses("a")
        await rep.types("enter")
        await rep.finds("You approved this first: a lead who is somebody else must agree.")
        await rep.presses("r")
        await rep.finds("No letter of this request is in the mail.")
    async with at_work(runtime, clock, who="d.okafor", size=(120, 40)) as lead:
        await lead.presses("f5")
        await lead.finds("first   M.Lopez approved it as the first")
        await lead.presses("a")
        await lead.finds("> agree as the second person: approve U-00801, mail to address of record")
        seen = await lead.client.user_ids.show("U-00801")
        await lead.client.user_ids.incomplete("U-00801", seen.version, [Missing.PAGE])
        await lead.presses("enter")
        await lead.finds("U-00801: 2nd person when you looked, incomplete now. Nothing was done.")
        (row,) = await rows(runtime)
        assert (row.state, row.checked_by) == ("incomplete", None)
