"""The child process that reads a faxed page: a TIFF or PDF from outside goes in, bare dots come out.

Whatever a decoder can be made to do happens here, in a process that may open nothing, write no file and live
for seconds only. Standard input brings the file; standard output gets one line of JSON, then the bits of each
page, row by row, 1 for white. It is run by its path, so it knows nothing of the program around it.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

TIFF = (b"II*\0", b"MM\0*")
PDF = b"%PDF-"
MOST_PIXELS = 20_000_000
"""Of one page; US Letter at 400 dots an inch has 15 million."""
MOST_IN_ALL = 100_000_000
LONGEST_SIDE = 12_000
CPU_SECONDS = 7
_MEMORY = 512 * 1024 * 1024
_DOTS = 204
"""An inch of a fax at fine resolution (ITU-T T.4)."""
_FEWEST_DOTS, _MOST_DOTS = 50, 1200
_USUAL_DOTS = 200
_DARK = 176
"""A darker grey than this becomes black: pencil and blue ink must stay."""
_COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 8, 32773, 32946})
"""None, the fax ones (Group 3 and 4), LZW, Deflate, PackBits; the rest only widens what can be attacked."""
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _SAMPLES = 256, 257, 258, 259, 277
_SIZES = {3: "H", 4: "I"}
"""Types of a number in a TIFF directory: short and long."""


class RefusedError(Exception):
    """The file is not taken; the word says why."""


@dataclass(frozen=True)
class Page:
    """One page in black and white."""

    width: int
    height: int
    across: int
    """Dots an inch from left to right; a fax is often finer one way than the other."""
    down: int
    bits: bytes


def main(most_pages: int) -> None:
    """Read one file from standard input and answer on standard output."""
    _limit()
    content = sys.stdin.buffer.read()
    _load_decoders(content)
    _set(resource.RLIMIT_NOFILE, 3)
    pages: list[Page] = []
    try:
        pages += read(content, most_pages)
        told: dict[str, object] = {"pages": [[one.width, one.height, one.across, one.down] for one in pages]}
    except RefusedError as refused:
        told = {"refused": str(refused)}
    except MemoryError:
        told = {"refused": "work"}
    except Exception:  # noqa: BLE001  (a decoder raises whatever it likes at a hostile file)
        told = {"refused": "broken"}
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n")
    if "pages" in told:
        out.writelines(one.bits for one in pages)
    out.flush()


def _limit() -> None:
    """What this process may use, before it has seen a byte."""
    _set(resource.RLIMIT_AS, _MEMORY)
    _set(resource.RLIMIT_CPU, CPU_SECONDS)
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        _set(nothing, 0)


def _set(which: int, most: int) -> None:
    with suppress(ValueError, OSError):  # a system without this limit; the clock outside still ends us
        resource.setrlimit(which, (most, most))


def _load_decoders(content: bytes) -> None:
    """Everything is loaded before nothing can be opened any more."""
    import PIL.ImageOps
    import PIL.TiffImagePlugin  # noqa: F401

    if content.startswith(PDF):
        import pypdfium2  # noqa: F401


def read(content: bytes, most_pages: int) -> Iterator[Page]:
    """The pages of a TIFF or PDF. Raises RefusedError, or whatever a decoder raises."""
    if content.startswith(TIFF):
        return _tiff(content, most_pages)
    if content.startswith(PDF):
        return _pdf(content, most_pages)
    raise RefusedError("unknown")


def _check(sizes: list[tuple[int, int]]) -> None:
    """Refuse pages that are too large, before anything of them is decoded."""
    if any(side < 1 for size in sizes for side in size):
        raise RefusedError("broken")
    if any(side > LONGEST_SIDE for size in sizes for side in size):
        raise RefusedError("pixels")
    areas = [width * height for width, height in sizes]
    if max(areas) > MOST_PIXELS or sum(areas) > MOST_IN_ALL:
        raise RefusedError("pixels")


# -- TIFF ------------------------------------------------------------------------------------------


def _tiff(content: bytes, most_pages: int) -> Iterator[Page]:
    from PIL.TiffImagePlugin import TiffImageFile

    directories = _directories(content, most_pages)
    _check([(one.get(_WIDTH, 0), one.get(_HEIGHT, 0)) for one in directories])
    if any(
        one.get(_COMPRESSION, 1) not in _COMPRESSIONS or one.get(_BITS, 1) > 8 or one.get(_SAMPLES, 1) > 4
        for one in directories
    ):
        raise RefusedError("kind")
    with TiffImageFile(io.BytesIO(content)) as picture:  # the other formats are not even loaded
        for at, _ in enumerate(directories):
            picture.seek(at)
            picture.load()
            across, down = picture.info.get("dpi") or (_USUAL_DOTS, _USUAL_DOTS)
            yield _page(picture, _dots(across), _dots(down))


def _directories(content: bytes, most_pages: int) -> list[dict[int, int]]:
    """The numbers in each directory of a TIFF, one a page, as they stand there (TIFF 6.0, section 2)."""
    order = "<" if content.startswith(b"II") else ">"
    found: list[dict[int, int]] = []
    seen = set[int]()
    (at,) = struct.unpack_from(f"{order}I", content, 4)
    while at:
        if at in seen:
            raise RefusedError("broken")  # a circle has no end
        if len(found) == most_pages:
            raise RefusedError("pages")
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", content, at)
        entries = (_entry(content, order, at + 2 + 12 * one) for one in range(count))
        numbers: dict[int, int] = {}
        for tag, number in entries:
            numbers[tag] = max(number, numbers.get(tag, 0))
        found.append(numbers)
        (at,) = struct.unpack_from(f"{order}I", content, at + 2 + 12 * count)
    if not found:
        raise RefusedError("broken")
    return found


def _entry(content: bytes, order: str, at: int) -> tuple[int, int]:
    """Tag and largest number of one entry; 0 for what is no number, or for more of them than samples."""
    tag, kind, count, value = struct.unpack_from(f"{order}HHII", content, at)
    if kind not in _SIZES or not 0 < count <= 4:
        return tag, 0
    form = f"{order}{count}{_SIZES[kind]}"
    inside = struct.calcsize(form) <= 4
    return tag, max(struct.unpack_from(form, content, at + 8 if inside else value))


# -- PDF -------------------------------------------------------------------------------------------


def _pdf(content: bytes, most_pages: int) -> Iterator[Page]:
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)
        raise RefusedError("password" if locked else "broken") from None
    if not len(document):
        raise RefusedError("broken")
    if len(document) > most_pages:
        raise RefusedError("pages")
    scale = _DOTS / 72
    sizes = [document.get_page_size(at) for at in range(len(document))]
    _check([(ceil(width * scale), ceil(height * scale)) for width, height in sizes])
    document.init_forms()  # what was typed into the fields of a form is drawn only then
    for at in range(len(document)):
        picture = document[at].render(scale=scale, grayscale=True).to_pil()
        yield _page(picture, _DOTS, _DOTS)


# -- pictures --------------------------------------------------------------------------------------


def _dots(number: float) -> int:
    """Dots an inch; the usual where a file says something no fax has."""
    return round(number) if _FEWEST_DOTS <= number <= _MOST_DOTS else _USUAL_DOTS


def _page(picture: Image, across: int, down: int) -> Page:
    """A picture in black and white, whatever it was."""
    from PIL import Image

    if picture.mode != "1":
        if "A" in picture.getbands() or "transparency" in picture.info:
            over = picture.convert("RGBA")
            picture = Image.new("RGBA", over.size, "white")
            picture.alpha_composite(over)
        picture = picture.convert("L").point([255 * (grey > _DARK) for grey in range(256)], "1")
    return Page(picture.width, picture.height, across, down, picture.tobytes())


if __name__ == "__main__":
    main(int(sys.argv[1]))
