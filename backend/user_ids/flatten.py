"""A faxed page from outside becomes a plain picture: nothing of the file itself is kept or sent to a desk.

A child process reads it (`page_reader`), with nothing of ours in reach. All that comes back are bits, black
or white, of which this process writes a PDF of its own: even a child that was taken over can answer no more
than a picture.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import zlib
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from api_client.types.problems import ProblemType
from backend.log import log
from backend.policy.policy import UserIdPolicy
from backend.problems import Problem
from backend.user_ids.page_reader import LONGEST_SIDE, MOST_IN_ALL, MOST_PIXELS, PDF, TIFF, Page

_CHILD = Path(__file__).with_name("page_reader.py")
_SECONDS = 8.0
"""For the whole of it; a desk waits 12 for its answer."""
_LONGEST_LINE = 4096
_MOST_DOTS = 1200
_MIB = 1024 * 1024
_AT_ONCE = BoundedSemaphore(2)
_SAVE = "save the fax in black and white at 200 dots an inch, as TIFF or PDF"
_AGAIN = "save the fax once more as TIFF or PDF, or have the form faxed again"


@dataclass(frozen=True, repr=False)
class Flat:
    """What is kept of a file: a PDF with nothing but black and white pictures in it."""

    pdf: bytes
    pages: int


async def flatten(content: bytes, policy: UserIdPolicy, *, seconds: float = _SECONDS) -> Flat:
    """The pages of a TIFF or PDF as plain pictures.

    Raises INVALID or TOO_LARGE with a sentence that says what is wrong with the file and what to do, or BUSY.
    """
    if not content:
        raise _refused("empty", policy)
    if len(content) > policy.page_mib * _MIB:
        raise _refused("large", policy)
    if not content.startswith((*TIFF, PDF)):
        raise _refused("unknown", policy)
    if not _AT_ONCE.acquire(blocking=False):
        raise Problem(ProblemType.BUSY, "Other pages are being read; nothing was kept. Try it in a moment.")
    try:
        answer = await _read(content, policy.pages, seconds)
    finally:
        _AT_ONCE.release()
    try:
        pages = _pages(answer, policy.pages)
    except _RefusedError as refused:
        raise _refused(str(refused), policy) from None
    pdf = await asyncio.to_thread(write_pdf, pages)
    if len(pdf) > policy.page_mib * _MIB:
        raise _refused("pixels", policy)
    return Flat(pdf, len(pages))


class _RefusedError(Exception):
    """Why there are no pages, by the words of `_SENTENCES`."""


def _refused(why: str, policy: UserIdPolicy) -> Problem:
    sentence, kind = _SENTENCES[why]
    said = sentence.format(pages=policy.pages, mib=policy.page_mib, save=_SAVE, again=_AGAIN)
    return Problem(kind, f"{said}. Nothing of it was kept.")


_SENTENCES = {
    "empty": ("The file is empty: {again}", ProblemType.INVALID),
    "large": (
        "The file has more than {mib} MiB, and a faxed page is far smaller: {save}",
        ProblemType.TOO_LARGE,
    ),
    "unknown": (
        "The file is neither a TIFF picture nor a PDF: save the fax as one of these",
        ProblemType.INVALID,
    ),
    "kind": ("This kind of TIFF is not taken: {save}", ProblemType.INVALID),
    "password": (
        "The PDF is locked with a password: save it without one, or have the form faxed again",
        ProblemType.INVALID,
    ),
    "pages": (
        "The file has more than {pages} pages, and the form is one: save the pages of the form alone",
        ProblemType.INVALID,
    ),
    "pixels": ("A page is larger than paper or finer than a fax: {save}", ProblemType.INVALID),
    "broken": ("The file is damaged and cannot be read: {again}", ProblemType.INVALID),
    "work": (
        "The file takes more time or memory to read than a faxed page does, so it was stopped: {save}",
        ProblemType.INVALID,
    ),
}


# -- the child -------------------------------------------------------------------------------------


async def _read(content: bytes, most_pages: int, seconds: float) -> bytes:
    """What the child answers; nothing where it was stopped, or ended by itself with a signal."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", str(_CHILD), str(most_pages)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            return await _talk(child, content)
    except TimeoutError:
        return b""
    finally:
        if child.returncode is None:
            await _end(child)
        if child.returncode:
            log().warning("page reader", status=child.returncode)


async def _end(child: Process) -> None:
    """Stop it with all it may have started; what it still had to say is read, or nothing tells of its end."""
    assert child.stdout is not None
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    while await child.stdout.read(_MIB):
        pass
    await child.wait()


async def _talk(child: Process, content: bytes) -> bytes:
    """Give the child the file and take its answer, never more of it than pages can have."""
    assert child.stdin is not None
    assert child.stdout is not None
    answer, _ = await asyncio.gather(_all_of(child.stdout), _give(child.stdin, content))
    return answer if answer and not await child.wait() else b""


async def _give(pipe: asyncio.StreamWriter, content: bytes) -> None:
    try:
        pipe.write(content)
        await pipe.drain()
        pipe.close()
        await pipe.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ended before it had read everything


async def _all_of(pipe: asyncio.StreamReader) -> bytes:
    answer = bytearray()
    while piece := await pipe.read(_MIB):
        answer += piece
        if len(answer) > _LONGEST_LINE + MOST_IN_ALL // 4:
            return b""
    return bytes(answer)


def _pages(answer: bytes, most_pages: int) -> list[Page]:
    """The pages in the child's answer. Raises _RefusedError; nothing it says is taken on trust."""
    line = answer[: _LONGEST_LINE + 1].partition(b"\n")[0]
    if not answer:
        raise _RefusedError("work")
    try:
        told = json.loads(line)
        refused, sizes = told.get("refused"), told.get("pages", ())
        if refused is None and 0 < len(sizes) <= most_pages:
            return _cut(answer[len(line) + 1 :], [_size(one) for one in sizes])
    except (ValueError, TypeError, AttributeError, RecursionError):
        refused = None
    raise _RefusedError(refused if isinstance(refused, str) and refused in _SENTENCES else "broken")


def _size(told: object) -> tuple[int, int, int, int]:
    """Width, height and dots an inch of one page. Raises ValueError for any other than a faxed page has."""
    if not isinstance(told, list) or len(told) != 4 or not all(type(one) is int for one in told):
        raise ValueError("no size of a page")
    width, height, across, down = told
    sides = 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE
    if (
        not sides
        or width * height > MOST_PIXELS
        or not (0 < min(across, down) <= max(across, down) <= _MOST_DOTS)
    ):
        raise ValueError("no size of a page")
    return width, height, across, down


def _cut(bits: bytes, sizes: Sequence[tuple[int, int, int, int]]) -> list[Page]:
    """The bits of each page. Raises ValueError where there are more or fewer than the pages need."""
    pages: list[Page] = []
    at = 0
    for width, height, across, down in sizes:
        end = at + (width + 7) // 8 * height
        pages.append(Page(width, height, across, down, bits[at:end]))
        at = end
    if at != len(bits):
        raise ValueError("the bits do not fit the pages")
    return pages


# -- the PDF ---------------------------------------------------------------------------------------


def write_pdf(pages: Sequence[Page]) -> bytes:
    """A PDF of these pages; the same pages give the same bytes (ISO 32000-1, 7.5 and 8.9)."""
    kids = " ".join(f"{3 + 3 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for at, page in enumerate(pages):
        wide, high = page.width * 72 / page.across, page.height * 72 / page.down
        drawn = f"{wide:.2f} 0 0 {high:.2f} 0 0 cm /P Do".encode()
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}] "
            f"/Resources << /XObject << /P {5 + 3 * at} 0 R >> >> /Contents {4 + 3 * at} 0 R >>".encode(),
            _stream("", drawn),
            _stream(
                f"/Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} "
                "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode ",
                zlib.compress(page.bits, 9),
            ),
        ]
    return _file(objects)


def _stream(entries: str, content: bytes) -> bytes:
    return f"<< {entries}/Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


__all__ = ["Flat", "flatten", "write_pdf"]
