"""Envelope, version and counts of an 834 (rules 1.1): what TA1, AK9 and IK5 say of each error."""

from __future__ import annotations

import io

import pytest

from backend.enrollment.edi.reader import inspect, members
from backend.enrollment.edi.report import Judgement, Level, Notice
from tests.unit.enrollment.cases import ENVELOPE, Envelope
from tests.unit.enrollment.files import (
    HEADER,
    Marks,
    after,
    changed,
    counted,
    judged,
    numbered,
    whole,
    written,
)


def codes(report: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """AK901 with AK905 on, and IK501 with IK502 on."""
    groups = tuple(" ".join([one.code, *one.syntax]) for one in report.groups)
    return groups, tuple(" ".join([one.code, *one.syntax]) for one in report.sets)


@pytest.mark.parametrize("case", ENVELOPE, ids=lambda case: case.name)
def test_an_error_of_the_envelope_has_its_code_place_and_sentence(case: Envelope) -> None:
    content = written(case.edit(whole()))
    report = inspect(io.BytesIO(content))
    assert (report.ta1, report.ta1_note) == ("A" if case.note == "000" else "R", case.note)
    assert codes(report) == (case.groups, case.sets)
    good = case.note == "000" and "A" in case.sets and not any("R" in one for one in case.groups[:1])
    assert report.accepted is good
    assert bool(list(members(io.BytesIO(content), report))) is good
    envelope = {Level.INTERCHANGE, Level.GROUP, Level.SET}
    found = [one for one in report.findings if one.level in envelope]
    assert bool(found) is (case.note != "000" or codes(report) != ((case.groups[0][0],), ("A",))) or good
    for one in found:
        assert one.sentence.endswith(".")
        assert content[one.offset :].lstrip().startswith(one.segment.encode())


@pytest.mark.parametrize("content", [b"", b" \r\n", b"ST*834*0001~", b"\x00\xff" * 50, "Лист".encode()])
def test_what_has_no_isa_is_no_interchange(content: bytes) -> None:
    report = inspect(io.BytesIO(content))
    assert (report.interchange, report.ta1, report.accepted) == (None, "", False)
    assert [one.code for one in report.findings] == ["NO_ISA"]


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        (b"\xef\xbb\xbf" + written(whole()), Notice.BYTE_ORDER_MARK),
        (written(whole(), Marks(between="\r\n")), Notice.LINE_BREAKS),
        (written(whole(), Marks(between="\n   ")), Notice.BLANKS_BEFORE_SEGMENT),
        (written(whole()) + b"\r\n\x1a\x1a", None),
        (written(whole()).replace(b"~REF*", b"~ref*"), Notice.LOWER_CASE_NAME),
        (written(changed("REF*23", "REF*23*7001**")(whole())), Notice.TRAILING_SEPARATORS),
        (
            written(changed("DMG*D8*2012", "DMG*D8*20120404*M")(whole()), Marks(repetition="U")),
            Notice.NO_REPETITION_SEPARATOR,
        ),
        (written(after("ISA", "TA1*000000001*261119*0900*A*000")(whole())), Notice.ACKNOWLEDGEMENT_INSIDE),
        (written(changed("GS", "GS*BE*T*P*20261320*0900*7*X*005010X220A1")(whole())), Notice.GROUP_HEADER),
        (written(changed("INS*Y", "INS*Y*18*021*XN*A***FT")(whole())), Notice.NOTIFICATION_REASON),
        (written(changed("INS*N", "INS*N*18*021*28*A")(whole())), Notice.RELATIONSHIP_PAIR),
        (written(changed("QTY", "QTY*TO*3")(whole())), Notice.CONTROL_TOTAL),
        (written(changed("BGN", "BGN*15*REF7*20261120*0900****2")(whole())), Notice.ORIGINAL_REFERENCE),
    ],
    ids=lambda value: str(value) if isinstance(value, Notice) else "",
)
def test_what_is_put_up_with_is_said(content: bytes, notice: Notice | None) -> None:
    report = inspect(io.BytesIO(content))
    assert report.accepted, report.findings
    assert [one.notice for one in report.warnings] == ([notice] if notice else [])
    assert len(list(members(io.BytesIO(content), report))) == 2


@pytest.mark.parametrize("usage", ["P", "T"])
def test_only_isa15_p_is_production(usage: str) -> None:
    report = judged(changed("ISA", whole()[0].replace("*0*P*", f"*0*{usage}*"))(whole()))
    assert report.accepted
    assert report.test is (usage == "T")


def test_a_set_takes_ten_thousand_members_and_not_one_more() -> None:
    one = ["INS*Y*18*021*28*A***FT", "REF*0F*S1", "NM1*IL*1*PEBBLEWICK*CLARA"]
    head = [one for one in HEADER if not one.startswith("QTY")]
    for count, verdict in ((10_000, "A"), (10_001, "R 5")):
        report = judged(whole([[*head, *one * count]]))
        assert codes(report)[1] == (verdict,)
        assert [found.code for found in report.findings] == (["4"] if verdict != "A" else [])


def test_many_errors_are_listed_up_to_a_limit_and_all_judged() -> None:
    bad = ["INS*Q*18*021*28*A", "REF*0F*S1", "NM1*IL*1*PEBBLEWICK*CLARA"] * 500
    report = judged(counted(after("DTP*349", *bad)(whole())))
    assert report.sets[0].code == "R"
    assert len(report.findings) == 200
    assert Notice.FINDINGS_LEFT_OUT in [one.notice for one in report.warnings]


def test_a_refused_set_has_its_code_even_where_no_more_errors_are_listed() -> None:
    bad = ["INS*Q*18*021*28*A", "REF*0F*S1", "NM1*IL*1*PEBBLEWICK*CLARA"] * 150
    head = [one for one in HEADER if not one.startswith("QTY")]
    report = judged(whole([numbered([*head, *bad], f"{at:04}") for at in range(1, 18)]))
    assert len(report.findings) == 2_000
    assert codes(report) == (("R",), ("R 5",) * 17)
