"""The inside of a set (rules 1.2, 1.3): which errors have which IK304 and IK403, which codes are known."""

from __future__ import annotations

import io

import pytest

from backend.enrollment.edi.reader import inspect, members
from backend.enrollment.edi.report import Finding, Level
from tests.unit.enrollment.cases import GUIDE, Guide
from tests.unit.enrollment.files import changed, counted, judged, whole, written


def named(one: Finding) -> str:
    """A finding as the cases write it."""
    if one.element is None:
        return f"{one.segment}={one.code}"
    part = f"-{one.component}" if one.component else ""
    return f"{one.segment}{one.element:02d}{part}={one.code}"


@pytest.mark.parametrize("case", GUIDE, ids=lambda case: case.name)
def test_an_error_in_a_set_has_its_code_place_and_sentence(case: Guide) -> None:
    content = written(case.segments())
    report = inspect(io.BytesIO(content))
    assert (report.ta1, len(report.sets)) == ("A", 1)
    assert {named(one) for one in report.findings} == case.found
    taken = case.taken or not case.found
    assert report.accepted is taken
    assert report.sets[0].code == ("R" if not taken else "E" if case.found else "A")
    assert bool(list(members(io.BytesIO(content), report))) is taken
    for one in report.findings:
        assert one.level in (Level.SEGMENT, Level.ELEMENT)
        assert one.sentence.endswith(".")
        assert one.code == "3" or content[one.offset :].startswith(one.segment.encode())


_INS = "INS*{1}*{2}*{3}*{4}*{5}*{6}*{7}*{8}*{9}*{10}***{13}"
_DEFAULT = {1: "Y", 2: "18", 3: "021", 4: "28", 5: "A", 6: "", 7: "", 8: "", 9: "", 10: "", 13: ""}
CODES = {
    ("INS", 1): "Y N",
    ("INS", 2): "18 01 53 19 09 10 17 15 25 26 31 38 60 D2 G8 G9 03 04 05 06 07 08 11 12 13 14 16 23 24",
    ("INS", 3): "001 021 024 025 030",
    (
        "INS",
        4,
    ): "01 02 03 04 05 06 07 08 09 10 11 14 15 16 17 18 20 21 22 25 26 27 28 29 31 32 33 37 38 39 40 41 "
    "43 59 AA AB AC AD AE AF AG AH AI AJ AL EC XN XT",
    ("INS", 5): "A C S T",
    ("INS", 6): "A B C D E A:0 A:1 A:2",
    ("INS", 7): "1 2 3 4 5 6 7 8 9 10 ZZ",
    ("INS", 8): "AC AO AU FT L1 PT RT TE",
    ("INS", 9): "F N P",
    ("INS", 10): "Y N",
    ("INS", 13): "R U",
    (
        "DTP",
        1,
    ): "336 337 340 341 301 338 339 356 357 303 300 050 286 296 297 350 351 383 385 386 393 394 473 474",
    ("REF", 1): "1L 17 23 3H 4A 6O ABB D3 DX F6 P5 Q4 QQ ZZ",
    ("HD", 1): "001 002 021 024 025 026 030 032",
    ("HD", 3): "AG AH AJ AK DCP DEN EPO FAC HE HLT HMO LTC LTD MM MOD PDG POS PPO PRA STD UR VIS",
    ("HD", 5): "EMP ECH ESP FAM IND CHD DEP SPC SPO TWO E1D E2D E3D E5D E6D E7D E8D E9D",
    ("HD DTP", 1): "348 349 303 300 343 543 695",
    ("DMG", 3): "F M U",
    ("COB", 1): "P S T U",
    ("COB", 3): "1 5 6",
    ("BGN", 1): "00 15 22",
    ("BGN", 8): "2 4 RX",
}
"""Every code of rules 1.3 (and 1.2), by place; any other is refused."""


def _with(place: tuple[str, int], code: str) -> list[str]:
    segment, element = place
    if segment == "INS":
        values = {**_DEFAULT, element: code}
        line = _INS.format("", *(values.get(number, "") for number in range(1, 14)))
        return changed("INS*Y", line.rstrip("*"))(whole())
    old, new = {
        ("DTP", 1): ("DTP*356", f"DTP*{code}*D8*20261201"),
        ("REF", 1): ("REF*1L", f"REF*{code}*7001"),
        ("HD", 1): ("HD", f"HD*{code}**HMO"),
        ("HD", 3): ("HD", f"HD*021**{code}"),
        ("HD", 5): ("HD", f"HD*021**HMO**{code}"),
        ("HD DTP", 1): ("DTP*348", f"DTP*{code}*D8*20261201"),
        ("DMG", 3): ("DMG*D8*19800314", f"DMG*D8*19800314*{code}"),
        ("COB", 1): ("COB", f"COB*{code}*POL9*1"),
        ("COB", 3): ("COB", f"COB*P*POL9*{code}"),
        ("BGN", 1): ("BGN", f"BGN*{code}*REF7*20261120*0900**REF6**2"),
        ("BGN", 8): ("BGN", f"BGN*00*REF7*20261120*0900****{code}"),
    }[place]
    return changed(old, new)(whole())


@pytest.mark.parametrize("place", CODES, ids=lambda place: f"{place[0]}{place[1]:02d}")
def test_every_code_of_the_guide_is_taken_and_no_other(place: tuple[str, int]) -> None:
    for code in CODES[place].split():
        report = judged(counted(_with(place, code)))
        assert report.findings == (), (code, report.findings)
    # 348 and 349 are dates of a coverage, and at a member an error (rules 1.3).
    for code in ("348", "9", "QX", "777", "Z9Z"):
        if code not in CODES[place].split():
            assert not judged(counted(_with(place, code))).accepted, code
