"""Our reader beside pyx12 4.0.0, an implementation of others: both must say the same of a file.

Where they do not, the difference stands here with its reason. A difference that is not listed fails, and so
does a listed one that is no longer there.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.enrollment.edi.acknowledge import Party, acknowledgement
from backend.enrollment.edi.reader import inspect, subscriber_numbers
from tests.conftest import data_folder
from tests.unit.enrollment.cases import ENVELOPE, GUIDE, Envelope, Guide
from tests.unit.enrollment.files import HEADER, SUBSCRIBER, changed, counted, judged, numbered, whole, written
from tests.unit.enrollment.oracle import our_answer, pyx12_answer, told, told_of_set


@dataclass(frozen=True)
class Difference:
    """What only we say and what only pyx12 says, as patterns, and why."""

    why: str
    ours: str = ""
    theirs: str = ""


JUDGED_ALL_THE_SAME = Difference(
    "it goes on to judge the sets of an interchange that is refused", theirs="IK501 A|AK9 A"
)
NO_ISA_IDS = Difference(
    "it takes an interchange without sender or receiver", "refused", "accepted|IK501 A|AK9 A"
)
NO_MAP = Difference(
    "it raises on a version or kind of set that it has no tables for", "AK9 R [12]|IK501 R|IK502 I6",
    "crashed EngineError",
)  # fmt: skip
NO_PLACE = Difference(
    "a segment that the guide knows but not here is unexpected (2) or too late (7); it calls it unknown (1)",
    r"IK3 \w+ \d+ [27]", r"IK3 \w+ \d+ 1",
)  # fmt: skip
NOT_USED = Difference(
    "an element the guide leaves out is I10; 10 is for elements that exclude each other",
    r"IK4 \w+ \d+ \d+ I10", r"IK4 \w+ \d+ \d+ 10",
)  # fmt: skip
COMPONENTS = Difference(
    "it raises on a composite that is repeated or has too many parts, wrong or right",
    r".*", "crashed IndexError|refused",
)  # fmt: skip
BY_QUALIFIER = Difference(
    "it looks a segment up by its first code, so a wrong one leaves all that hangs on it without a place",
    r"IK3 \w+ \d+ 8|IK4 \w+ \d+ 1 [1457]", r"IK3 \w+ \d+ [13]",
)  # fmt: skip
GROUP_OF_SETS = Difference(
    "it refuses a group of which one set is refused; P says that a part is taken", "AK9 P", "AK9 R"
)
PAIRS = Difference(
    "it sees that one element needs another, but says neither which nor how", r"IK4 \w+ \d+ \d+ [23]", ""
)
MISSING_AT_END = Difference(
    "of what is missing at the end of a loop it names the segment before, we the one after",
    r"IK3 \w+ \d+ 3", r"IK3 \w+ \d+ 3",
)  # fmt: skip

ENVELOPE_DIFFERENCES = {
    "ISA01 unknown": JUDGED_ALL_THE_SAME,
    "ISA03 unknown": JUDGED_ALL_THE_SAME,
    "ISA05 unknown": JUDGED_ALL_THE_SAME,
    "ISA06 empty": NO_ISA_IDS,
    "ISA06 with a NUL": JUDGED_ALL_THE_SAME,
    "ISA07 unknown": JUDGED_ALL_THE_SAME,
    "ISA08 empty": NO_ISA_IDS,
    "ISA09 no date": JUDGED_ALL_THE_SAME,
    "ISA10 no time": JUDGED_ALL_THE_SAME,
    "ISA12 of 4010": NO_MAP,
    "ISA13 no number": JUDGED_ALL_THE_SAME,
    "ISA14 unknown": JUDGED_ALL_THE_SAME,
    "ISA15 unknown": JUDGED_ALL_THE_SAME,
    "ISA16 a letter": Difference(
        "it divides every value at the letter", theirs=r"AK9 R?|IK501 |IK501 R|IK502 5|IK[34] .*"
    ),
    "a second ISA": Difference("it misses the group in the second", theirs="IK3 GS 52 3|IK502 5"),
    "a segment before GS": Difference("it passes over it", "refused", "accepted"),
    "a segment between SE and GE": Difference(
        "it lays it to the set before", "AK9 A", r"AK9 R|IK3 REF \d+ 1|IK502 5"
    ),
    "GE without GS": Difference("it raises", theirs="crashed IndexError"),
    "GS01 not BE": NO_MAP,
    "GS08 without A1": NO_MAP,
    "GS08 of 4010": NO_MAP,
    "no GE": Difference("it refuses the group without the code", "AK9 R 3", "AK9 R"),
    "GS06 no number": Difference("it accepts the group with the code", "AK9 R 6", "AK9 A 6"),
    "GS06 used twice": Difference("5010 has a code for it, 19", "AK9 R 19", "AK9 R 6"),
    "ST01 another set": Difference(
        "it judges it as if it were an 834", "AK9 R|IK501 R|IK502 1|refused", "AK9 A|IK501 A|accepted"
    ),
    "no SE": Difference(
        "it calls the set in order but for a missing segment, and the group unfinished",
        "AK9 R|IK502 2", r"AK9 R 3|IK3 SE \d+ 3|IK502 5",
    ),
    "SE01 no number": Difference(
        "it has it as an error of the control number (6)", r"IK3 SE \d+ 8|IK4 SE \d+ 1 6|IK502 5", "IK502 6"
    ),
    "ST02 used twice": GROUP_OF_SETS,
    "one set of three wrong": GROUP_OF_SETS,
}  # fmt: skip
GUIDE_DIFFERENCES = {
    "segment of another place": NO_PLACE,
    "qualifier of another place": NO_PLACE,
    "BGN missing": Difference(
        "it names everything after the missing segment, and the segment itself where the header ends",
        r"IK3 BGN 2 3", r"IK3 \w+ \d+ [13]",
    ),
    "member name missing": Difference("it says it twice", theirs=r"IK3 NM1 \d+ 3"),
    "coverage date missing": MISSING_AT_END,
    "no member": MISSING_AT_END,
    "LE missing": Difference(
        "it does not ask for the LE that the guide requires",
        r"AK9 R|IK501 R|IK502 5|IK3 LE \d+ 3|refused", "AK9 A|IK501 A|accepted",
    ),
    "subscriber number after the name": NO_PLACE,
    "street after city": NO_PLACE,
    "DMG01 missing": BY_QUALIFIER,
    "NM108 without NM109": PAIRS,
    "too many elements": PAIRS,
    "too many elements, empty": Difference(
        "separators with nothing behind them do not change what a segment says: a warning",
        "AK9 A|IK501 A|accepted", r"AK9 R|IK501 R|IK502 5|IK3 N3 \d+ 8|refused",
    ),
    "blank at the end": Difference(
        "taken with errors: blanks at the end do not change a value", "AK9 E|IK501 E", "AK9 R|IK501 R|IK502 5"
    ),
    "not used": NOT_USED,
    "repeated once too often": COMPONENTS,
    "too many parts": COMPONENTS,
    "Medicare reason without a part": Difference(
        "it does not ask for the first part of a composite",
        r"AK9 R|IK501 R|IK502 5|IK[34] INS .*|refused", "AK9 A|IK501 A|accepted",
    ),
}  # fmt: skip
SAMPLE_DIFFERENCES = {
    "i06": NO_PLACE,
    "i08": NOT_USED,
    "i11": NO_MAP,
}


def compare(ours: set[str], theirs: set[str], known: Difference | None) -> None:
    """Both agree but for the known difference, which is still there."""
    only_ours, only_theirs = ours - theirs, theirs - ours
    if known is None:
        assert (only_ours, only_theirs) == (set(), set())
        return
    assert only_ours | only_theirs, f"no longer different: {known.why}"
    assert not [one for one in only_ours if not re.fullmatch(known.ours, one)], known.why
    assert not [one for one in only_theirs if not re.fullmatch(known.theirs, one)], known.why


_ONE_RACE = changed("DMG*D8*20120404", "DMG*D8*20120404*M")
"""pyx12 raises on the repeated race of the good file (see COMPONENTS)."""


def test_pyx12_raises_on_a_repeated_composite() -> None:
    assert pyx12_answer(written(whole())).crashed == "IndexError"
    assert judged(whole()).accepted


@pytest.mark.parametrize("case", ENVELOPE, ids=lambda case: case.name)
def test_the_envelope_is_judged_as_pyx12_does(case: Envelope) -> None:
    segments = case.edit(_ONE_RACE(whole()))
    ours, theirs = our_answer(judged(segments)), pyx12_answer(written(segments))
    compare(told(ours), told(theirs), ENVELOPE_DIFFERENCES.get(case.name))


@pytest.mark.parametrize("case", GUIDE, ids=lambda case: case.name)
def test_a_set_is_judged_as_pyx12_does(case: Guide) -> None:
    segments = counted(case.edit(_ONE_RACE(whole())))
    ours, theirs = our_answer(judged(segments)), pyx12_answer(written(segments))
    compare(told(ours), told(theirs), GUIDE_DIFFERENCES.get(case.name))


def _spoilt() -> list[tuple[int, int, list[str]]]:
    """Sets with one element emptied or made nonsense: segment, element, and the segments of the set."""
    body = [*HEADER, *SUBSCRIBER]
    found: list[tuple[int, int, list[str]]] = []
    for at, segment in enumerate(body[1:], 1):
        parts = segment.split("*")
        for element in range(1, len(parts)):
            for value in ("", "ZZZZZZZZZ"):
                if parts[element] != value:
                    line = "*".join([*parts[:element], value, *parts[element + 1 :]]).rstrip("*")
                    lines = numbered(body, f"{len(found) + 1:04}")
                    found.append((at, element, [*lines[:at], line, *lines[at + 1 :]]))
    return found


def test_each_element_emptied_or_made_nonsense_is_judged_as_pyx12_does() -> None:
    spoilt = _spoilt()
    segments = whole([body for _, _, body in spoilt])
    ours, theirs = our_answer(judged(segments)), pyx12_answer(written(segments))
    assert len(ours.sets) == len(theirs.sets) == len(spoilt) > 250
    for (at, element, body), one, other in zip(spoilt, ours.sets, theirs.sets, strict=True):
        assert (one.st02, one.ik501, one.ik502) == (other.st02, other.ik501, other.ik502), body[at]
        place = f"IK3 {body[at].split('*')[0]} {at + 1} "
        mine, yours = told_of_set(one), told_of_set(other)
        if element == 1 and mine != yours:  # BY_QUALIFIER, NO_PLACE: the same place, not the same code
            assert any(word.startswith(place) for word in mine & yours | mine), body[at]
            assert any(word.startswith(place) for word in yours), body[at]
            continue
        only_mine = {re.sub(r" I10$", " 10", word) for word in mine} - yours  # NOT_USED
        only_yours = yours - {re.sub(r" I10$", " 10", word) for word in mine}
        # PAIRS; and of a date or time of the wrong length it says so beside that it is none.
        assert all(re.fullmatch(PAIRS.ours, word) for word in only_mine), body[at]
        assert all(re.fullmatch(r"IK4 BGN \d+ [34] [45]", word) for word in only_yours), body[at]


def _samples() -> list[Path]:
    folder = data_folder()
    return sorted((folder / "834").glob("*/*.834")) if folder else []


@pytest.mark.parametrize("sample", _samples(), ids=lambda sample: sample.stem)
def test_a_published_sample_is_judged_as_pyx12_does(sample: Path) -> None:
    content = sample.read_bytes()
    ours, theirs = our_answer(inspect(io.BytesIO(content))), pyx12_answer(content)
    compare(told(ours), told(theirs), SAMPLE_DIFFERENCES.get(sample.name.partition("_")[0]))


def test_pyx12_takes_our_acknowledgements() -> None:
    sets = [numbered(_inside(case.segments()), f"{at:04}") for at, case in enumerate(GUIDE, 1)]
    files = [whole(sets), *(case.edit(whole()) for case in ENVELOPE if case.groups and case.note == "000")]
    assert len(files) > 15
    for segments in files:
        source = io.BytesIO(written(segments))
        report = inspect(source)
        now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
        answer = acknowledgement(report, Party("ZZ", "PLAN"), 41, now, subscriber_numbers(source, report))
        # It knows a TA1 only behind the groups, where it does not belong.
        result = pyx12_answer(re.sub(rb"TA1[^~]*~", b"", answer))
        assert result.accepted, (answer, result)


def _inside(segments: list[str]) -> list[str]:
    return segments[2:-3]
