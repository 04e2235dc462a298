"""What a rep reads aloud of a file and its errors: whole sentences, none with anything of a person."""

from __future__ import annotations

import io

import pytest

from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Level
from backend.enrollment.edi.say import (
    CODES_OF,
    ack_sentence,
    maintenance_words,
    reason_words,
    set_sentence,
    ta1_sentence,
)
from backend.enrollment.edi.tell import tell
from tests.unit.enrollment.cases import ENVELOPE, GUIDE
from tests.unit.enrollment.files import whole, written
from tests.unit.enrollment.test_guide import CODES

PEOPLE = ("PEBBLE", "CLARA", "TOBY", "CANAL", "OAKLAND", "900110001", "19800314", "7001", "S0001")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (ta1_sentence("", ""), ""),
        (ta1_sentence("A", "000"), "The file arrived whole and its envelope is in order."),
        (
            ta1_sentence("R", "023"),
            "The whole file is refused: it ends too early: its end segment is missing (code 023).",
        ),
        (ta1_sentence("R", "999"), "The whole file is refused: its envelope is not valid (code 999)."),
        (ack_sentence("", 0, 0), ""),
        (ack_sentence("A", 1, 1), "The one set of the file is accepted."),
        (ack_sentence("A", 1200, 1200), "All 1,200 sets of the file are accepted."),
        (ack_sentence("R", 1, 0), "The one set of the file is refused."),
        (ack_sentence("R", 3, 0), "Nothing of the file is accepted."),
        (ack_sentence("P", 3, 1), "1 of 3 sets is accepted; nothing of the others is taken."),
        (ack_sentence("P", 3, 2), "2 of 3 sets are accepted; nothing of the others is taken."),
        (
            ack_sentence("E", 1, 1),
            "The one set of the file is accepted; small errors should be put right before the next file.",
        ),
        (set_sentence("0001", "A"), "Set 0001 is accepted."),
        (
            set_sentence("0001", "A", [], False),
            "Set 0001 is in order, but its group is refused, so nothing of it is taken.",
        ),
        (
            set_sentence("0001", "R", ["4", "5"], False),
            "Set 0001 is refused: its number of segments is not right, segments in it are wrong.",
        ),
        (
            set_sentence("", "E", [], True),
            "A set without number is accepted; small errors in it should be put right before the next file.",
        ),
        (maintenance_words("024"), "termination"),
        (reason_words("XN"), "notification only"),
        (reason_words(""), ""),
        (maintenance_words("Q7"), "Q7"),
        (
            tell("element", "7", "INS", 8, "2000"),
            "Ask them to send INS08 only for subscribers, with a code of employment status such as FT.",
        ),
        (
            tell("segment", "3", "REF", None, "2000"),
            "Ask them to send the subscriber number of the family (REF*0F) right after each INS.",
        ),
        (
            tell("element", "5", "NM1", 3, "2100A"),
            "Ask them to send NM103 (last name) with 1 to 60 characters.",
        ),
        (
            tell("element", "7", "COB", 1, "2320"),
            "Ask them to send COB01 (order of payers) only with a code: P, S, T, U.",
        ),
        (tell("set", "3"), "Ask them to put the same control number into ST02 and SE02."),
    ],
)
def test_what_is_said(said: str, sentence: str) -> None:
    assert said == sentence


@pytest.mark.parametrize("code", CODES["INS", 3].split())
def test_every_maintenance_type_has_words(code: str) -> None:
    assert maintenance_words(code) != code


@pytest.mark.parametrize("code", CODES["INS", 4].split())
def test_every_reason_has_words(code: str) -> None:
    assert reason_words(code) != code


def test_every_error_comes_with_what_to_tell_the_client() -> None:
    told = set()
    for segments in [*(one.edit(whole()) for one in ENVELOPE), *(one.segments() for one in GUIDE)]:
        for one in inspect(io.BytesIO(written(segments))).findings:
            sentence = tell(one.level, one.code, one.segment, one.element, one.loop)
            assert sentence.startswith("Ask them to ")
            assert sentence.endswith(".")
            assert len(sentence) <= 160, sentence
            assert not [part for part in PEOPLE if part in sentence + one.sentence]
            told.add((one.level, one.code))
    assert len(told) > 45


def test_nothing_is_without_an_answer() -> None:
    for level in Level:
        assert CODES_OF[level] or level is Level.INTAKE
        for code in ("1", "2", "3", "7", "12", "I10", "022", "???"):
            for segment, element in (("???", None), ("NM1", 3), ("NM1", 99), ("ZZ9", 1), ("", None)):
                assert tell(level, code, segment, element, "?").startswith("Ask them to ")
