"""One segment as it came: where its element stands, and who is masked."""

from __future__ import annotations

import io

import pytest

from backend.enrollment.edi.excerpt import (
    element_span,
    masked_segment,
    segment_at,
    text_of,
    visible,
    window,
)
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.x12 import Delimiters
from tests.unit.enrollment.cases import ENVELOPE, GUIDE
from tests.unit.enrollment.files import Marks, whole, written
from tests.unit.enrollment.test_say import PEOPLE

STARS = Delimiters("*", ":", "~", "^")


@pytest.mark.parametrize(
    ("segment", "masked"),
    [
        ("NM1*IL*1*O'MAY-FOX*ANN B*C**JR*34*900-11-0001", "NM1*IL*1*x'xxx-xxx*xxx x*x**xx*34*###-##-####"),
        ("N3*5 CANAL ST*APT 2", "N3*# xxxxx xx*xxx #"),
        ("N4*OAKLAND*CA*94606", "N4*xxxxxxx*xx*#####"),
        ("DMG*D8*19800314*F*M*:RET:2106-3", "DMG*D8*########*F*M*:xxx:####-#"),
        ("PER*IP**HP*5105550101*EM*A@B.EXAMPLE", "PER*IP**HP*##########*EM*x@x.xxxxxxx"),
        ("REF*0F*900110001", "REF*0F*#########"),
        ("REF*SY*900110001", "REF*SY*#########"),
        ("REF*23*M7", "REF*23*x#"),
        ("REF*1L*104233", "REF*1L*104233"),
        ("REF*38*104233*X", "REF*38*104233*x"),
        ("INS*Y*18*024*03*A*C:1**FT***D8*20260101", "INS*Y*18*024*03*A*C:1**FT***D8*########"),
        ("INS*Y*18*021*SMITHSON", "INS*Y*18*021*xxxxxxxx"),
        ("HD*021**HMO*GOLD PLAN*EMP", "HD*021**HMO*GOLD PLAN*EMP"),
        ("DTP*348*RD8*20260101-20261231", "DTP*348*RD8*20260101-20261231"),
        ("DTP*348*D8*SMITH", "DTP*348*D8*xxxxx"),
        ("COB*P*POL9*1*1^35", "COB*P*xxx#*1*1^35"),
        ("ACT*4711", "ACT*####"),
        ("HLH*N*72*180", "HLH*x*##*###"),
        ("ZZZ*SMITH*7", "ZZZ*xxxxx*#"),
        ("Smith, Jane 900110001", "xxxxx, xxxx #########"),
        ("nm1*il*1*smith", "nm1*il*1*xxxxx"),
        ("NM1*IL*1*MÜLLER\u0663", "NM1*IL*1*xxxxxx#"),
        ("ISA*00*SECRET 1  *01*PASSWORD  *ZZ*TESTTPA", "ISA*00*xxxxxx #  *01*xxxxxxxx  *ZZ*TESTTPA"),
        ("SE*99*0001", "SE*99*0001"),
    ],
)  # fmt: skip
def test_people_are_masked_and_the_shape_is_kept(segment: str, masked: str) -> None:
    assert masked_segment(segment.encode(), STARS) == masked


def test_nothing_is_shown_where_no_delimiter_is_known() -> None:
    assert masked_segment(b"NM1*IL*1*SMITH", None) == "xx#*xx*#*xxxxx"
    assert element_span(b"NM1*IL", None, 1) == (0, 0)
    hashes = Delimiters("#", ":", "~", None)
    assert masked_segment(b"REF#0F#900110001", hashes) == "REF#0F#xxxxxxxxx"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ((1, None, None), "D8"),
        ((5, None, None), ":RET:2106-3^:RET:2135-2"),
        ((5, None, 2), ":RET:2135-2"),
        ((5, 3, 2), "2135-2"),
        ((5, 1, 1), ""),
        ((4, None, None), ""),
        ((9, None, None), ""),
        ((5, 9, 2), ""),
        ((None, None, None), ""),
    ],
)
def test_an_element_is_found(place: tuple[int | None, int | None, int | None], found: str) -> None:
    segment = b"DMG*D8*20120404*M**:RET:2106-3^:RET:2135-2*"
    start, end = element_span(segment, STARS, *place)
    assert segment.decode()[start:end] == found


@pytest.mark.parametrize("marks", [Marks(), Marks("|", ">", "!", "\n"), Marks(between="\r\n")])
def test_each_error_finds_its_segment_and_element_again(marks: Marks) -> None:
    for segments in [*(one.edit(whole()) for one in ENVELOPE), *(one.segments() for one in GUIDE)]:
        content = written(segments, marks)
        report = inspect(io.BytesIO(content))

        def read(offset: int, length: int, content: bytes = content) -> bytes:
            return content[offset : offset + length]

        known = report.delimiters
        for one in report.findings:
            segment = segment_at(read, one.offset, known)
            text = text_of(segment, known)
            masked = masked_segment(segment, known)
            assert one.code == "3" or text.startswith(one.segment), one
            assert len(masked) == len(text)
            assert not [part for part in PEOPLE if part in masked]
            start, end = element_span(segment, known, one.element, one.component, one.repetition)
            assert 0 <= start <= end <= len(text)
            assert not one.bad_value or text[start:end] == one.bad_value


def test_a_segment_without_end_is_cut_where_the_reader_cuts_it() -> None:
    content = b"REF*0F*" + b"9" * 100_000
    found = segment_at(lambda offset, length: content[offset : offset + length], 0, STARS)
    assert found == content[:16_384]


def test_signs_for_what_would_steer_a_terminal_move_the_mark_along() -> None:
    assert visible("A\u202eB\x1bC", (2, 4)) == ("A<202E>B\u241bC", 7, 9)
    assert visible("ABC", (3, 3)) == ("ABC", 3, 3)


def test_a_long_segment_is_cut_around_its_mark() -> None:
    text = "a" * 500 + "BAD" + "c" * 500
    cut, (start, end) = window(text, (500, 503), 80)
    assert cut[start:end] == "BAD"
    assert cut.startswith("...")
    assert cut.endswith("...")
    assert len(cut) == 86
    assert window("short", (1, 2), 80) == ("short", (1, 2))
