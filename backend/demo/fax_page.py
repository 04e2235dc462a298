"""The picture of a faxed form, drawn in black and white as a fax machine would send it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PIL import Image, ImageDraw

from api_client.types.user_id_words import UserIdRequestKind
from api_client.types.user_ids import RegisterFax
from backend.database.unit import Unit
from backend.user_ids import pages
from backend.user_ids.flatten import Flat, write_pdf
from backend.user_ids.page_reader import Page

_DOTS = 100
"""An inch: enough to be read on a screen."""
_WIDE, _HIGH = 8 * _DOTS, 10 * _DOTS
_LEFT, _VALUE = 60, 320
_ASKS = {
    UserIdRequestKind.FIRST: "[X] first ID  [ ] code  [ ] replace",
    UserIdRequestKind.RESET: "[ ] first ID  [X] code  [ ] replace",
    UserIdRequestKind.REPLACE: "[ ] first ID  [ ] code  [X] replace",
}


async def keep_page(unit: Unit, number: str, version: int, form: RegisterFax) -> None:
    """Keep the picture of a form with its request."""
    flat = Flat(write_pdf([_picture(form, unit.now.astimezone(unit.zone))]), 1)
    await pages.keep(unit, number, version, pages.digest_of(flat.pdf), flat)


def _picture(form: RegisterFax, at: datetime) -> Page:
    image = Image.new("1", (_WIDE, _HIGH), 1)
    draw = ImageDraw.Draw(image)
    draw.text((_LEFT, 20), f"FAX {at:%m-%d-%Y %H:%M}   {form.fax_reference}   PAGE 1 OF 1", font_size=16)
    draw.rectangle((_LEFT - 20, 60, _WIDE - 40, _HIGH - 60), outline=0, width=3)
    draw.text((_LEFT, 90), "USER ID REQUEST", font_size=40)
    for place, (label, value) in enumerate(_lines(form)):
        below = 190 + 70 * place
        draw.text((_LEFT, below), label, font_size=18)
        draw.text((_VALUE, below - 6), value, font_size=26)
        draw.line((_VALUE, below + 28, _WIDE - 70, below + 28), width=1)
    return Page(_WIDE, _HIGH, _DOTS, _DOTS, image.tobytes())


def _lines(form: RegisterFax) -> Iterator[tuple[str, str]]:
    yield "Group number", form.group_number
    yield "We ask for", _ASKS[form.kind]
    yield "Administrator", form.administrator
    yield "Who is", form.administrator_is.value
    yield "Mail it to", form.street
    yield "", f"{form.city} {form.state} {form.zip}"
    yield "Signed by", form.signer
    yield "Signature", form.signer and f"/s/ {form.signer}"
