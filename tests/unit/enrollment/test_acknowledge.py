"""The answer to a file: an interchange with TA1 and 999 that goes back, and the same as a tree."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.enrollment.edi.acknowledge import Party, ack999, acknowledgement, ta1, verdict
from backend.enrollment.edi.reader import inspect, subscriber_numbers
from tests.unit.enrollment.cases import ENVELOPE, GUIDE, Envelope
from tests.unit.enrollment.files import HEADER, ISA, both, changed, counted, dropped, whole, written

US = Party("ZZ", "PLAN")
NOW = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)


def answered(segments: list[str]) -> list[str]:
    """The segments of the answer."""
    source = io.BytesIO(written(segments))
    report = inspect(source)
    answer = acknowledgement(report, US, 41, NOW, subscriber_numbers(source, report))
    return answer.decode("ascii").removesuffix("~").split("~")


def test_a_file_with_errors_is_answered_in_full() -> None:
    wrong = both(
        changed("INS*Y", "INS*Y*18*021*28*A***ZZ"),
        changed("NM1*70", "NM1*70*1*PEBBLEWIG*TOBY****34"),
        changed("REF*17*D9", "REF*17*"),
        changed("BGN", "BGN*00*REF7*20261320*0900****2"),
    )
    assert answered(counted(wrong(whole()))) == [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PLAN':15}*ZZ*{'TESTTPA':15}*261120*1705*^*00501*000000041*0*P*:",
        "TA1*000000007*261120*0900*A*000",
        "GS*FA*PLAN*TESTTPA*20261120*1705*41*X*005010X231A1",
        "ST*999*0001*005010X231A1",
        "AK1*BE*7*005010X220A1",
        "AK2*834*0001*005010X220A1",
        "IK3*BGN*2**8",
        "IK4*3*373*8",
        "IK3*INS*10**8",
        "CTX*SUBSCRIBER NUMBER REF02:S0001",
        "IK4*8*584*7*ZZ",
        "IK3*REF*41*2700*8",
        "CTX*SUBSCRIBER NUMBER REF02:S0001",
        "IK4*2*127*1",
        "IK3*NM1*48**8",
        "CTX*SUBSCRIBER NUMBER REF02:S0001",
        "IK4*9*67*2",
        "CTX*SITUATIONAL TRIGGER*NM1*48**8",
        "IK5*R*5",
        "AK9*R*1*1*0",
        "SE*18*0001",
        "GE*1*41",
        "IEA*1*000000041",
    ]


@pytest.mark.parametrize("case", ENVELOPE, ids=lambda case: case.name)
def test_every_answer_is_a_whole_interchange(case: Envelope) -> None:
    segments = answered(case.edit(whole()))
    assert len(segments[0]) == 105
    assert segments[0][82:] == f"^*00501*000000041*0*{'P' if case.name != 'ISA15 unknown' else 'T'}*:"
    taken = case.note == "000"
    assert re.fullmatch(rf"TA1\*[0-9]{{9}}\*[0-9]{{6}}\*[0-9]{{4}}\*[AR]\*{case.note}", segments[1])
    assert segments[-1] == f"IEA*{len(case.groups) if taken else 0}*000000041"
    names = [one.split("*")[0] for one in segments]
    assert names.count("ST") == names.count("AK9") == (len(case.groups) if taken else 0)
    if taken:
        assert [one.split("*")[1] for one in segments if one.startswith("AK9")] == [
            one[0] for one in case.groups
        ]
    start = 0
    for at, one in enumerate(segments):
        if one.startswith("ST*"):
            start = at
        if one.startswith("SE*"):
            assert one == f"SE*{at - start + 1}*0001"


def test_a_test_file_is_answered_as_a_test_file() -> None:
    assert answered(changed("ISA", ISA.replace("*P*", "*T*"))(whole()))[0].endswith("*0*T*:")


def test_no_interchange_has_no_answer() -> None:
    report = inspect(io.BytesIO(b"ST*834*0001~"))
    assert (ta1(report), ack999(report)) == (None, None)
    with pytest.raises(ValueError, match="no interchange"):
        acknowledgement(report, US, 1, NOW)


def test_what_a_sender_wrote_cannot_break_the_answer() -> None:
    hostile = both(
        changed("ISA", ISA.replace("*", "|").replace("TESTTPA        ", "A~IEA*1^:\xa7\xff    ")),
        lambda segments: [one if one.startswith("ISA") else one.replace("*", "|") for one in segments],
        changed("GS", "GS|BE|X*~Y|PLAN|20261120|0900|7|X|005010X220A1"),
    )
    content = "\n".join(hostile(whole())).encode("latin-1") + b"\n"
    report = inspect(io.BytesIO(content))
    assert report.accepted, report.findings
    answer = acknowledgement(report, US, 10**9 + 5, NOW).decode("ascii")
    assert answer.isprintable()
    assert len(answer.split("~")[0]) == 105
    assert [one[:3] for one in answer.split("~")] == [
        "ISA", "TA1", "GS*", "ST*", "AK1", "AK2", "IK5", "AK9", "SE*", "GE*", "IEA", ""
    ]  # fmt: skip
    assert "*000000005*" in answer.split("~")[0]


def test_the_answer_names_nobody_but_by_the_number_its_sender_gave() -> None:
    for case in GUIDE:
        text = "~".join(answered(case.segments()))
        for part in ("PEBBLE", "CLARA", "TOBY", "CANAL", "OAKLAND", "900110001", "19800314", "7001"):
            assert part not in text, case.name
    nobody = both(dropped("REF*0F"), dropped("REF*0F"), changed("INS*N", "INS*N*19*021*28*Q"))
    assert not [one for one in answered(counted(nobody(whole()))) if one.startswith("CTX")]


def test_the_tree_has_verdict_sets_and_groups() -> None:
    sets = [[f"ST*834*{at}*005010X220A1", *HEADER[1:], *body] for at, body in (
        ("0001", ["INS*Y*18*021*28*A", "REF*0F*S1", "NM1*IL*1*PEBBLEWICK*CLARA"]),
        ("0002", ["INS*Y*18*021*28*Q", "REF*0F*S1", "NM1*IL*1*PEBBLEWICK*CLARA"]),
    )]  # fmt: skip
    tree = ack999(inspect(io.BytesIO(written(whole(sets)))))
    assert tree is not None
    assert (tree["group"], set(tree)) == ("P", {"group", "sets", "groups"})
    good, bad = {"st02": "0001", "code": "A"}, {"st02": "0002", "code": "R"}
    more = {"members": 1, "group": "7"}
    assert tree["sets"] == [
        {**good, "syntax": [], "accepted": True, **more}, {**bad, "syntax": ["5"], "accepted": False, **more},
    ]  # fmt: skip
    groups: list[dict[str, Any]] = tree["groups"]  # type: ignore[assignment]
    [group] = groups
    assert group["AK1"] == ["BE", "7", "005010X220A1"]
    assert group["AK9"] == ["P", "2", "2", "1"]
    assert group["sets"][1] == {
        "AK2": ["834", "0002", "005010X220A1"],
        "IK3": [{"IK3": ["INS", "10", "2000", "8"], "IK4": [["5", "1216", "7", "Q"]]}],
        "IK5": ["R", "5"],
    }


@pytest.mark.parametrize(
    ("codes", "one"),
    [("A", "A"), ("R", "R"), ("", "R"), ("AA", "A"), ("AE", "E"), ("AR", "P"), ("EP", "P"), ("RR", "R")],
)
def test_one_verdict_over_all_groups(codes: str, one: str) -> None:
    assert verdict(list(codes)) == one
