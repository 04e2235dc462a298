"""Faxed pages as files, honest and hostile: made by code, so that none of them lies in the tree."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1728, 1146
"""Half a page of a fax at fine resolution."""
Entry = tuple[int, int, int, int]
"""Tag, type, count, and value or place of one entry of a TIFF directory."""


def picture(
    words: str = "USER ID REQUEST", *, mode: str = "1", size: tuple[int, int] = (WIDTH, HEIGHT)
) -> Image.Image:
    """A page with a frame and some words on it, black on white."""
    page = Image.new(mode, size, "white" if mode != "1" else 1)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, size[0] - 41, size[1] - 41), outline=0, width=6)
    draw.text((120, 120), words, fill=0, font_size=90)
    return page


def tiff(*pages: Image.Image, compression: str | None = "group4", **more: object) -> bytes:
    """These pages as a TIFF."""
    out = io.BytesIO()
    rest = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(out, "TIFF", compression=compression, dpi=(204, 196), **rest, **more)
    return out.getvalue()


def pdf(
    *pages: bytes,
    box: Sequence[float] = (612, 792),
    objects: Sequence[bytes] = (),
    more: str = "",
    trailer: str = "",
) -> bytes:
    """A PDF whose pages have these content streams; `objects` follow from number 100 on."""
    made = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    kids = " ".join(f"{10 + at} 0 R" for at in range(0, 2 * len(pages), 2))
    made[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    for at, content in enumerate(pages):
        made[10 + 2 * at] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box[0]} {box[1]}] "
            f"/Resources << {font} {more} >> /Contents {11 + 2 * at} 0 R >>"
        ).encode()
        made[11 + 2 * at] = stream(content)
    made |= {100 + at: one for at, one in enumerate(objects)}
    return _numbered(made, trailer)


def stream(content: bytes, entries: str = "") -> bytes:
    """A stream object."""
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _numbered(objects: dict[int, bytes], trailer: str) -> bytes:
    out = b"%PDF-1.7\n"
    table = ""
    for number, one in objects.items():
        table += f"{number} 1\n{len(out):010d} 00000 n \n"
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    entries = f"/Size {max(objects) + 1} /Root 1 0 R {trailer}"
    end = f"xref\n0 1\n0000000000 65535 f \n{table}trailer\n<< {entries} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def raw_tiff(*directories: Sequence[Entry], data: bytes = b"", next_of_last: int = 0) -> bytes:
    """A TIFF of these directories, one after the other from byte 8 on, with `data` behind them."""
    out = b"II*\0" + struct.pack("<I", 8)
    for at, entries in enumerate(directories):
        after = len(out) + 2 + 12 * len(entries) + 4
        following = after if at + 1 < len(directories) else next_of_last
        out += struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
        out += struct.pack("<I", following)
    return out + data


def directory(
    width: int, height: int, *, compression: int = 1, bits: int = 1, place: int = 8, size: int = 4
) -> list[Entry]:
    """A directory of one page."""
    return [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, bits),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, place),
        (278, 4, 1, height),
        (279, 4, 1, size),
    ]


WORDS = b"BT /F 40 Tf 72 700 Td (USER ID REQUEST) Tj ET"
LOCKED = (
    "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 "
    f"/O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<{'43' * 16}> <{'43' * 16}>]"
)


def _zip_bomb(width: int, height: int) -> bytes:
    """A page of these many dots whose few kilobytes unpack to a hundred megabytes."""
    squeezed = zlib.compress(bytes(100_000_000))
    place = 8 + 2 + 12 * 8 + 4
    return raw_tiff(directory(width, height, compression=8, place=place, size=len(squeezed)), data=squeezed)


def _own_exif() -> bytes:
    place = 8 + 2 + 12 * 10 + 4
    entries = [*directory(8, 8, place=place, size=8), (330, 4, 1, 8), (34665, 4, 1, 8)]
    return raw_tiff(entries, data=bytes(8))


def _pdf_bomb() -> bytes:
    """A content stream packed four times over."""
    content = zlib.compress(zlib.compress(b"q " * 20_000_000, 9), 9)
    packed = stream(content, "/Filter [/FlateDecode /FlateDecode]")
    return pdf(b"").replace(stream(b""), packed, 1)


def _endless_forms() -> bytes:
    """Forms that each draw the next one ten times: ten to the twentieth power of words."""
    each = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
    forms = [
        stream(b"/X Do " * 10, f"{each} /Resources << /XObject << /X {101 + at} 0 R >> >>")
        for at in range(20)
    ]
    forms.append(stream(b"0 0 600 700 re f " * 10, each))
    return pdf(b"/X Do", objects=forms, more="/XObject << /X 100 0 R >>")


def _huge_picture() -> bytes:
    """A picture of forty gigabytes on a page of ordinary size."""
    image = stream(
        zlib.compress(bytes(1_000_000), 9),
        "/Type /XObject /Subtype /Image /Width 120000 /Height 120000 /ColorSpace /DeviceRGB "
        "/BitsPerComponent 8 /Filter /FlateDecode",
    )
    return pdf(b"q 612 0 0 792 0 0 cm /X Do Q", objects=[image], more="/XObject << /X 100 0 R >>")


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "a JPEG": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), "neither a TIFF picture nor a PDF"),
    "a program": (lambda: b"\x7fELF" + bytes(100), "neither a TIFF picture nor a PDF"),
    "a PDF behind other bytes": (lambda: b"#!/bin/sh\n" + pdf(WORDS), "neither a TIFF picture nor a PDF"),
    "a BigTIFF": (lambda: b"II+\0" + bytes(100), "neither a TIFF picture nor a PDF"),
    "too many bytes": (lambda: tiff(picture()) + bytes(8 * 1024 * 1024), "has more than 8 MiB"),
    "a head alone": (lambda: b"II*\0", "damaged"),
    "no directory": (lambda: b"II*\0" + bytes(4), "damaged"),
    "a directory past the end": (lambda: b"MM\0*" + struct.pack(">I", 4_000_000_000), "damaged"),
    "a PDF head alone": (lambda: b"%PDF-1.7\n", "damaged"),
    "a PDF of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged"),
    "a PDF without pages": (lambda: pdf(), "damaged"),
    "a TIFF cut off": (lambda: tiff(picture())[:900], "damaged"),
    "bits that are no fax": (
        lambda: raw_tiff(
            directory(1728, 1000, compression=5, place=110, size=40_000), data=bytes([255]) * 40_000
        ),
        "damaged",
    ),
    "directories in a circle": (lambda: raw_tiff(*[directory(8, 8)] * 3, next_of_last=8), "damaged"),
    "a directory that follows itself": (lambda: raw_tiff(directory(8, 8), next_of_last=8), "damaged"),
    "a page that is its own Exif and sub-directory": (_own_exif, ""),
    "ten thousand pages": (lambda: raw_tiff(*[directory(8, 8)] * 10_000), "more than 10 pages"),
    "eleven pages": (lambda: tiff(*[picture(size=(200, 200))] * 11), "more than 10 pages"),
    "ten thousand pages of PDF": (lambda: pdf(*[b""] * 10_000), "more than 10 pages"),
    "a page of a billion dots": (lambda: raw_tiff(directory(30_000, 30_000)), "larger than paper"),
    "a page of four billion columns": (lambda: raw_tiff(directory(4_294_967_295, 1)), "larger than paper"),
    "a page without a size": (lambda: raw_tiff(directory(0, 8)), "damaged"),
    "ten pages too fine together": (lambda: raw_tiff(*[directory(4000, 5000)] * 10), "larger than paper"),
    "a PDF page as large as a house": (lambda: pdf(WORDS, box=(14_400, 14_400)), "larger than paper"),
    "a zip bomb": (lambda: _zip_bomb(40_000, 40_000), "larger than paper"),
    "a zip bomb that claims to be one page": (lambda: _zip_bomb(4000, 4000), ""),
    "a packed content stream without end": (_pdf_bomb, ""),
    "forms without end": (_endless_forms, ""),
    "a picture of forty gigabytes": (_huge_picture, ""),
    "colors of 64 bits": (lambda: raw_tiff(directory(4000, 4000, bits=64)), "kind of TIFF"),
    "a TIFF with a JPEG inside": (lambda: tiff(picture(mode="RGB"), compression="jpeg"), "kind of TIFF"),
    "a locked PDF": (lambda: pdf(WORDS, trailer=LOCKED), "locked with a password"),
}
"""What each is called -> how it is made, and what is said of it; empty where a plain page may come of it."""


@cache
def hostile(name: str) -> bytes:
    """One of these files, made once."""
    return HOSTILE[name][0]()
