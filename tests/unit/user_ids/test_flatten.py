"""Faxed pages become plain pictures: honest ones dot for dot, hostile ones a sentence, in bounded time."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from api_client.types.problems import ProblemType
from backend.policy.policy import load_policy
from backend.problems import Problem
from backend.user_ids import flatten, page_reader
from backend.user_ids.flatten import Flat
from tests import fax_pages
from tests.fax_pages import HOSTILE, WORDS, hostile, pdf, picture, stream, tiff

POLICY = load_policy().user_ids
NOTHING_KEPT = "Nothing of it was kept."


def rendered(flat: Flat) -> list[Image.Image]:
    """The pages as a viewer shows them, at the dots of a fax."""
    document = pypdfium2.PdfDocument(flat.pdf)
    pages = [document[at].render(scale=204 / 72, grayscale=True).to_pil() for at in range(len(document))]
    document.close()
    return pages


def dark(page: Image.Image) -> float:
    """Which part of a page is black."""
    return page.convert("L").histogram()[0] / (page.width * page.height)


async def refused(content: bytes, **more: float) -> Problem:
    with pytest.raises(Problem) as told:
        await flatten.flatten(content, POLICY, **more)
    return told.value


async def outcome(content: bytes) -> Flat | Problem:
    try:
        return await flatten.flatten(content, POLICY)
    except Problem as problem:
        return problem


# -- honest pages ----------------------------------------------------------------------------------

PAGE = picture()
IN_TWO_DIMENSIONS, LOWEST_BIT_FIRST = {292: 5}, {266: 2}
"""T4Options and FillOrder of TIFF 6.0."""
HONEST: dict[str, Callable[[], bytes]] = {
    "Group 3": lambda: tiff(PAGE, compression="group3"),
    "Group 3 in two dimensions": lambda: tiff(PAGE, compression="group3", tiffinfo=IN_TWO_DIMENSIONS),
    "Group 4": lambda: tiff(PAGE),
    "Group 4, lowest bit first": lambda: tiff(PAGE, tiffinfo=LOWEST_BIT_FIRST),
    "modified Huffman": lambda: tiff(PAGE, compression="tiff_ccitt"),
    "not packed": lambda: tiff(PAGE, compression=None),
    "PackBits": lambda: tiff(PAGE, compression="packbits"),
    "LZW in color": lambda: tiff(picture(mode="RGB"), compression="tiff_lzw"),
    "Deflate in grey": lambda: tiff(picture(mode="L"), compression="tiff_adobe_deflate"),
    "a palette": lambda: tiff(picture(mode="RGB").convert("P"), compression="tiff_lzw"),
}


@pytest.mark.parametrize("how", HONEST)
async def test_a_faxed_page_is_kept_dot_for_dot(how: str) -> None:
    flat = await flatten.flatten(HONEST[how](), POLICY)
    [page] = rendered(flat)
    # 204 dots an inch across and 196 down, as a fax has them: the picture is not squashed.
    assert page.size == (PAGE.width, round(PAGE.height * 204 / 196))
    seen = page.resize(PAGE.size).point([255 * (grey > 127) for grey in range(256)])
    differs = ImageChops.difference(
        seen, picture(mode="L").point([255 * (grey > 127) for grey in range(256)])
    )
    assert differs.histogram()[255] < 0.005 * PAGE.width * PAGE.height
    assert dark(page) > 0.01
    assert (await flatten.flatten(HONEST[how](), POLICY)).pdf == flat.pdf


async def test_see_through_paper_is_white_and_pale_ink_is_black() -> None:
    glass = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    glass.paste((110, 140, 220, 255), (100, 100, 300, 200))
    [page] = rendered(await flatten.flatten(tiff(glass, compression="tiff_lzw"), POLICY))
    assert (page.getpixel((10, 10)), page.getpixel((200, 150))) == (255, 0)


async def test_all_pages_of_a_tiff_and_of_a_pdf_in_their_order() -> None:
    pages = [picture(mode="1", size=(1728, height)) for height in (300, 600, 900)]
    flat = await flatten.flatten(tiff(*pages), POLICY)
    assert flat.pages == 3
    assert [page.height for page in rendered(flat)] == [ceil(one * 204 / 196) for one in (300, 600, 900)]
    flat = await flatten.flatten(pdf(WORDS, b"", b"0 0 600 700 re f"), POLICY)
    assert [round(dark(page), 1) for page in rendered(flat)] == [0.0, 0.0, 0.9]
    assert rendered(flat)[0].size == (1734, 2244)


async def test_what_was_typed_into_a_pdf_form_stands_on_the_page() -> None:
    look = stream(
        b"/Tx BMC BT /F 20 Tf 2 8 Td (Barnaby Inkwell) Tj ET EMC",
        "/Type /XObject /Subtype /Form /BBox [0 0 328 30] "
        "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    )
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [72 500 400 530] /F 4 /AP << /N 101 0 R >> >>"
    )
    form = pdf(b"", objects=[field, look])
    form = form.replace(b"/Contents 11", b"/Annots [100 0 R] /Contents 11")
    form = form.replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm << /Fields [100 0 R] >>")
    [page] = rendered(await flatten.flatten(form, POLICY))
    written = page.crop((204, 204 * 262 // 72, 204 * 400 // 72, 204 * 292 // 72))
    assert dark(written) > 0.01


async def test_nothing_of_the_file_itself_is_kept() -> None:
    acts = b"<< /S /JavaScript /JS (canary) >>"
    busy = pdf(WORDS, objects=[acts]).replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction 100 0 R")
    for content in (busy + b"canary", tiff(PAGE, description="canary") + b"canary"):
        flat = await flatten.flatten(content, POLICY)
        assert b"canary" in content
        for word in (b"canary", b"JavaScript", b"OpenAction", b"Font", b"Annot", b"EmbeddedFile"):
            assert word not in flat.pdf
        document = pypdfium2.PdfDocument(flat.pdf)
        kinds = [one.type for one in document[0].get_objects()]
        assert kinds == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
        document.close()


# -- hostile ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_gets_a_sentence_or_a_plain_page_in_bounded_time(name: str) -> None:
    content, says = hostile(name), HOSTILE[name][1]
    began = time.monotonic()
    told = await outcome(content)
    assert time.monotonic() - began < 10
    if isinstance(told, Problem):
        assert told.type in (ProblemType.INVALID, ProblemType.TOO_LARGE)
        assert says in told.detail or (not says and "more time or memory" in told.detail)
        assert "save" in told.detail
        assert told.detail.endswith(NOTHING_KEPT)
    else:
        assert not says, f"{name} was taken"
        assert [dark(page) in (0, 1) for page in rendered(told)] == [True]


GREEDY = (
    "a zip bomb",
    "a picture of forty gigabytes",
    "a packed content stream without end",
    "ten pages too fine together",
)
_MEASURED = """
import asyncio, resource, sys
from tests.unit.user_ids.test_flatten import hostile, outcome
for name in sys.argv[1:]:
    asyncio.run(outcome(hostile(name)))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_no_file_has_its_child_take_more_memory_than_it_may() -> None:
    """In a process of its own, for what is told of children is told of all that ever were."""
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", _MEASURED, *GREEDY]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert 10 * 1024 < int(done.stdout.split()[-1]) < 600 * 1024


_HEADS = st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"%PDF-1.7\n"])
_HONEST = st.sampled_from([tiff(picture(size=(300, 200))), pdf(WORDS)])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An honest file of which some bytes are others."""
    content = bytearray(draw(_HONEST))
    for _ in range(draw(st.integers(1, 12))):
        content[draw(st.integers(8, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@settings(max_examples=24, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(damaged(), st.builds(lambda head, rest: head + rest, _HEADS, st.binary(max_size=300))))
def test_any_bytes_behind_a_valid_head_get_a_sentence_or_a_page(content: bytes) -> None:
    told = asyncio.run(outcome(content))
    if isinstance(told, Problem):
        assert told.detail.endswith(NOTHING_KEPT)
    else:
        assert len(rendered(told)) == told.pages


# -- the child -------------------------------------------------------------------------------------

PROBE = """
import os, socket, sys
sys.path.insert(0, {folder!r})
import page_reader

def can(act):
    try:
        act()
    except OSError:
        return 0
    return 1

def probe(content, most):
    found = [
        content == b"%PDF-probe",
        can(lambda: open("/etc/hosts")),
        can(lambda: open({file!r}, "w").write("x")),
        can(socket.socket),
        any(can(lambda: os.fstat(fd)) for fd in range(3, 64)),
        bool(set(os.environ) - {{"LC_CTYPE"}}),
        os.getcwd() != "/",
        os.geteuid() != 0 and can(os.fork),
    ]
    yield page_reader.Page(8, len(found), 204, 204, bytes(255 * bool(one) for one in found))

page_reader.read = probe
page_reader.main(10)
"""


async def test_a_decoder_has_nothing_in_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what it is given: no file, no network, no descriptor, no secret of the environment, no process."""
    monkeypatch.setenv("KPREP_TEST_SECRET", "do not tell")
    folder = str(Path(page_reader.__file__).parent)
    child = tmp_path / "probe.py"
    child.write_text(PROBE.format(folder=folder, file=str(tmp_path / "made")))
    monkeypatch.setattr(flatten, "_CHILD", child)
    leaked = os.open(tmp_path, os.O_RDONLY)
    try:
        [page] = rendered(await flatten.flatten(b"%PDF-probe", POLICY))
    finally:
        os.close(leaked)
    rows = [page.getpixel((4, row)) for row in range(page.height)]
    assert rows == [255, 0, 0, 0, 0, 0, 0, 0]
    assert not (tmp_path / "made").exists()


LINE = '{"pages": [[8, 2, 204, 204]]}\\n'
TAKEN_OVER = {
    "says nothing": "",
    "never ends": "import time; time.sleep(600)",
    "answers without end": "import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))",
    "speaks no JSON": "print('hello')",
    "nests without end": "print('[' * 4000)",
    "answers a list": "print('[1]')",
    "answers no pages": "print('{\"pages\": []}')",
    "answers sentences of its own": 'print(\'{"refused": "call 900-555-0100"}\')',
    "answers a list of reasons": 'print(\'{"refused": ["pages"]}\')',
    "brings too few dots": f"import sys; sys.stdout.buffer.write(b'{LINE}\\0')",
    "brings too many": f"import sys; sys.stdout.buffer.write(b'{LINE}' + bytes(3))",
    "claims a page without a size": f"print('{LINE}'.replace('8, 2', '0, 2'))",
    "claims a page of four billion dots": f"print('{LINE}'.replace('8, 2', '65536, 65536'))",
    "claims words for sizes": f"print('{LINE}'.replace('8, 2', '\"8\", true'))",
    "claims more pages than there may be": "print('{\"pages\": ' + str([[8, 0, 9, 9]] * 99) + '}')",
    "dies behind a good answer": f"import os, sys; os.write(1, b'{LINE}' + bytes(2)); os.abort()",
}


def children() -> list[str]:
    """Processes of this one, those that nobody has waited for among them."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


@pytest.mark.parametrize("how", TAKEN_OVER)
async def test_a_child_that_was_taken_over_can_answer_no_more_than_dots(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text(TAKEN_OVER[how])
    before = set(children())
    monkeypatch.setattr(flatten, "_CHILD", child)
    told = await refused(b"%PDF-", seconds=0.5 if how == "never ends" else 8)
    assert told.detail.endswith(NOTHING_KEPT)
    assert "900" not in told.detail
    assert set(children()) <= before, "it still runs"


async def test_only_a_few_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with flatten._AT_ONCE, flatten._AT_ONCE:
        told = await refused(tiff(PAGE))
        assert told.type is ProblemType.BUSY
    assert (await flatten.flatten(tiff(PAGE), POLICY)).pages == 1


def test_the_files_are_what_they_are_called() -> None:
    """The table would prove nothing with files that no decoder would take for what they claim to be."""
    bomb = hostile("a zip bomb that claims to be one page")
    with Image.open(io.BytesIO(bomb)) as opened:
        assert opened.size == (4000, 4000)
    assert len(hostile("ten thousand pages")) > 1_000_000
    assert len(pypdfium2.PdfDocument(hostile("ten thousand pages of PDF"))) == 10_000
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(fax_pages.hostile("a locked PDF"))
