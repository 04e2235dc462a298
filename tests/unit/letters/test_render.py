"""Pages: they say what the paper says, are tagged, the same every time, and hold whatever name comes."""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from backend.letters import render
from backend.letters.content import paper_of
from backend.letters.facts import LetterFacts
from backend.letters.paper import Paper
from backend.letters.render import Press, RenderError, press, render_many
from tests.unit.letters.letters_of_every_kind import ABOUT, COPY, SECRET, letter, secret_of
from tests.unit.letters.pdf import Word, expected, letters_of, outside, overlapping, read, words
from tests.unit.letters.random_letters import letters

_INCH = 72


def _paper(kind: str, name: str = "Oak Street Dental Group") -> Paper:
    return paper_of(letter(kind, name=name), secret_of(kind))


def _says_what_it_should(paper: Paper, pdf: bytes) -> None:
    text = read(pdf, "-raw")
    found, wanted = letters_of(text), letters_of(expected(paper, text.count("\f")))
    assert found == wanted, {"too many": found - wanted, "missing": wanted - found}


@pytest.mark.parametrize("kind", ABOUT)
def test_every_kind_reads_as_its_paper_and_is_tagged(kind: str) -> None:
    """What can be checked without a validator of PDF/UA: what readers need, and that typst held to it."""
    paper = _paper(kind)
    pdf = press().print(paper)
    _says_what_it_should(paper, pdf)
    about = read(pdf, "-meta", tool="pdfinfo")
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<rdf:li>en-US</rdf:li>" in about
    assert f">{paper.title}</rdf:li>" in html.unescape(about)
    structure = read(pdf, "-struct", tool="pdfinfo")
    for tag, times in (
        ("H1", 2 if paper.form else 1),
        ("H2", len(paper.sections)),
        ("Table", bool(paper.key) + bool(paper.account) + bool(paper.form)),
        ("L", sum(bool(one.points) for one in paper.sections)),
    ):
        assert len(re.findall(rf"^ *{tag}\b(?! <)", structure, re.MULTILINE)) == times, tag
    placed = words(pdf)
    assert overlapping(placed) == []
    assert outside(placed) == []
    assert _in_the_window(placed)


def test_a_reader_is_told_that_it_is_tagged_and_fonts_come_along() -> None:
    pdf = press().print(_paper("L1"))
    info = read(pdf, tool="pdfinfo")
    assert re.search(r"^Tagged: +yes$", info, re.MULTILINE)
    assert re.search(r"^CreationDate: .*Sep +2 12:00:00 2026", info, re.MULTILINE)
    assert "(letter)" in info
    fonts = read(pdf, tool="pdffonts").splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes +yes +yes ", line) for line in fonts), "embedded, subset, with Unicode"


def _in_the_window(placed: list[Word]) -> bool:
    """The address lies where a No. 10 envelope shows it however the letter slides in it: the window is
    4.5 x 1.125 in, 0.875 in from the left and 0.5 in from the bottom; folded in three, the letter has an inch
    to slide sideways and half an inch up and down.
    """
    address = [one for one in placed if one.page == 1 and 2.3 * _INCH < one.top < 3.3 * _INCH]
    assert {"Oak", "Street", "94607"} <= {one.text for one in address}
    return all(
        one.left >= 0.875 * _INCH
        and one.right <= 4.375 * _INCH
        and one.top >= 2.5 * _INCH
        and one.bottom <= 3.17 * _INCH
        for one in address
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(letters())
def test_random_letters_read_as_their_facts(facts: LetterFacts) -> None:
    paper = paper_of(facts, SECRET if facts.about.kind == "user_id" else None)
    pdf = press().print(paper)
    _says_what_it_should(paper, pdf)
    placed = words(pdf)
    assert overlapping(placed) == []
    assert outside(placed) == []


# -- whatever name comes ---------------------------------------------------------------------------

_LITERAL = (
    "#emph[x] $x^2$ *bold* _it_ @ref <lab>",
    "#panic(\"x\") #import \"x\": * #sys.inputs",
    "// no /* comment */ `raw` \\u{41} ~ -- --- ... 'q' \"qq\"",
    "https://evil.example/?a=b#c",
    "= Head", "- item", "+ item", "1. item", "/ term: words",
    "]]>{{x}}%s\\n\\",
    "Zoë Øster & Łukasz Żółć, Ωmega Жук",
    "e\u0301a\u0308 n\u0303",
    "ﬁ ½ “quoted” – —",
    "W" * 90,
    "a" * 400,
    "-" * 60,
    "A very long name of a company that goes on and on and on and on Incorporated of Northern California",
    "word " * 60,
)  # fmt: skip
_WITHOUT_GLYPHS = {
    "日本語 Ltd": "<65E5><672C><8A9E> Ltd",
    "Zoë 😀 Co": "Zoë <1F600> Co",
    "👨\u200d👩 & sons": "<1F468><200D><1F469> & sons",
    "\u202eevil\x1b[31m": "<202E>evil<241B>[31m",
    "一" * 60: "<4E00>" * 60,
}


@pytest.mark.parametrize("name", _LITERAL)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    _fits(name, name)


@pytest.mark.parametrize(("name", "shown"), _WITHOUT_GLYPHS.items())
def test_what_no_font_has_is_shown_by_its_code(name: str, shown: str) -> None:
    _fits(name, shown)


def _fits(name: str, shown: str) -> None:
    pdf = press().print(_paper("L1", name))
    _says_what_it_should(_paper("L1", shown), pdf)
    placed = words(pdf)
    assert overlapping(placed) == []
    assert outside(placed) == []


@pytest.mark.parametrize("name", ['שלום בע"מ Ltd', "شركة السلام Co"])
def test_names_that_run_from_right_to_left_are_there_to_the_letter(name: str) -> None:
    pdf = press().print(_paper("L1", name))
    found = letters_of(read(pdf, "-raw"))
    wanted = letters_of(expected(_paper("L1", name), 2))
    assert {one: found[one] for one in letters_of(name) if one.isalpha() and ord(one) < 0x600} == {
        one: wanted[one] for one in letters_of(name) if one.isalpha() and ord(one) < 0x600
    }
    assert overlapping(words(pdf)) == []


def test_a_code_stays_readable_beside_words_from_right_to_left() -> None:
    placed = words(press().print(_paper("L1", "שלום 日 בע Co")))
    assert any("<65E5>" in one.text for one in placed)


def test_marks_that_stack_up_end_in_a_letter_all_the_same() -> None:
    pdf = press().print(_paper("L1", "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0489algo \u0915\u094d\u0937"))
    assert "Oakland" in read(pdf)


# -- the same every time ---------------------------------------------------------------------------

_ELSEWHERE = """
import hashlib, sys
from backend.letters.content import paper_of
from backend.letters.render import press
from tests.unit.letters.letters_of_every_kind import ABOUT, letter, secret_of
for kind in reversed(list(ABOUT)):
    print(kind, hashlib.sha256(press().print(paper_of(letter(kind), secret_of(kind)))).hexdigest())
"""


def test_the_same_letter_gives_the_same_bytes_now_later_and_elsewhere(tmp_path: Path) -> None:
    here = {kind: press().print(_paper(kind)) for kind in ABOUT}
    assert all(press().print(_paper(kind)) == pdf for kind, pdf in here.items())
    elsewhere = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "PYTHONHASHSEED": "7",
            "HOME": str(tmp_path),
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": "1",
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert dict(line.split() for line in elsewhere.stdout.splitlines()) == {
        kind: hashlib.sha256(pdf).hexdigest() for kind, pdf in here.items()
    }


def test_a_change_of_a_cent_a_day_or_a_reader_changes_the_bytes() -> None:
    original = letter("L1")
    pdf = press().print(paper_of(original))
    cent = original.about.model_copy(update={"keep": Decimal("10000.01")})
    assert press().print(paper_of(original.model_copy(update={"about": cent}))) != pdf
    next_day = original.model_copy(update={"dated": original.dated + timedelta(days=1)})
    assert press().print(paper_of(next_day)) != pdf
    assert press().print(paper_of(original.copied(COPY))) != pdf


def test_many_are_printed_in_their_order_as_one_alone_would_be() -> None:
    papers = [_paper("L1_subscriber", f"Group {at}") for at in range(150)]
    printed = list(render_many(iter(papers)))
    assert len(printed) == len(papers)
    assert [printed[at] for at in (0, 63, 64, 149)] == [press().print(papers[at]) for at in (0, 63, 64, 149)]
    assert len(set(printed)) == len(papers)
    assert list(render_many(papers[:2])) == printed[:2]
    assert list(render_many([])) == []


def test_one_press_serves_several_threads() -> None:
    papers = [_paper("card", f"Group {at}") for at in range(12)]
    with ThreadPoolExecutor(4) as threads:
        printed = list(threads.map(press().print, papers))
    assert printed == [press().print(one) for one in papers]


def test_a_letter_that_cannot_be_printed_is_named_without_a_word_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "letter.typ").write_text("#panic(json(bytes(sys.inputs.paper)).title)", encoding="utf-8")
    (tmp_path / "glyph.typ").write_text("#sys.inputs.paper", encoding="utf-8")
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    with pytest.raises(RenderError) as failed:
        Press().print(_paper("user_id"))
    assert str(failed.value) == "letter L-00877 could not be printed"
    assert failed.value.__cause__ is None
