"""What holds of the reader for any bytes, and for any file that is in order."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.enrollment.edi.reader import inspect, members
from backend.enrollment.edi.transaction import Address, Coverage, MemberTransaction, PersonName
from tests.fuzz.hold import must_hold
from tests.unit.enrollment.files import (
    DEPENDENT,
    HEADER,
    SUBSCRIBER,
    Marks,
    counted,
    numbered,
    whole,
    written,
)

_GOOD = written(whole())
_PARTS = st.sampled_from([one.encode() + b"~" for one in whole()]) | st.binary(max_size=30)


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_have_an_answer(content: bytes) -> None:
    must_hold(content)


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_behind_a_header_have_an_answer(content: bytes) -> None:
    must_hold(_GOOD[:106] + content)


@given(st.lists(_PARTS, max_size=60))
@settings(max_examples=100)
def test_any_mixture_of_segments_has_an_answer(parts: list[bytes]) -> None:
    must_hold(_GOOD[:106] + b"".join(parts))


@given(st.integers(0, len(_GOOD) - 1), st.binary(max_size=3), st.integers(0, 40))
@settings(max_examples=200)
def test_a_good_file_with_a_hole_has_an_answer(at: int, patch: bytes, hole: int) -> None:
    must_hold(_GOOD[:at] + patch + _GOOD[at + hole :])


@given(
    st.permutations("*|:>^!~\x1c\x1d\x1e\x1f;,%"),
    st.sampled_from(["~", "\n", "\x15"]),
    st.sampled_from(["", "\r\n", " ", "\n\n  "]),
)
@settings(max_examples=25)
def test_delimiters_and_line_breaks_change_nothing_that_is_said(
    marks: list[str], end: str, between: str
) -> None:
    element, component, repetition = [one for one in marks if one != end][:3]
    content = written(whole(), Marks(element, component, repetition, end, between))
    assert [_plain(one) for one in must_hold(content)] == [_plain(one) for one in must_hold(_GOOD)]


def _plain(member: MemberTransaction) -> tuple[object, ...]:
    """All a member says but for where it stood."""
    names = [name for name in MemberTransaction.__slots__ if name != "offset"]
    return tuple(getattr(member, name) for name in names)


_NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ'-. ÉÜ", min_size=1, max_size=30).map(str.strip).filter(bool)
_DAY = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@st.composite
def _people(draw: st.DrawFn) -> list[tuple[list[str], dict[str, object]]]:
    """Members as segments, and what is to be read of each."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        last, first, born, begins = draw(_NAME), draw(_NAME), draw(_DAY), draw(_DAY)
        subscriber = draw(st.booleans())
        maintenance = draw(st.sampled_from(["001", "021", "024", "025", "030"]))
        segments = [
            f"INS*{'Y*18' if subscriber else 'N*19'}*{maintenance}*28*A",
            f"REF*0F*S{number}",
            f"NM1*IL*1*{last}*{first}",
            f"DMG*D8*{born:%Y%m%d}*U",
            "HD*021**HMO",
            f"DTP*348*D8*{begins:%Y%m%d}",
        ]
        expected: dict[str, object] = {
            "subscriber": subscriber, "maintenance_type": maintenance, "subscriber_number": f"S{number}",
            "name": PersonName(last, first), "born": born,
            "coverages": (Coverage("021", "HMO", begin=begins),),
        }  # fmt: skip
        found.append((segments, expected))
    return found


@given(st.lists(_people(), min_size=1, max_size=3))
@settings(max_examples=60)
def test_members_are_read_back_as_they_were_written_and_in_order(
    sets: list[list[tuple[list[str], dict[str, object]]]],
) -> None:
    head = [one for one in HEADER if not one.startswith("QTY")]
    bodies = [
        [*numbered(head, f"{at:04}"), *(line for segments, _ in people for line in segments)]
        for at, people in enumerate(sets, 1)
    ]
    found = must_hold(written(whole(bodies)))
    expected = [
        (at, index, one) for at, people in enumerate(sets, 1) for index, (_, one) in enumerate(people, 1)
    ]
    assert [(one.header.control_number, one.ins_index) for one in found] == [
        (f"{at:04}", index) for at, index, _ in expected
    ]
    for one, (_, _, values) in zip(found, expected, strict=True):
        assert {
            "subscriber": one.subscriber, "maintenance_type": one.maintenance_type,
            "subscriber_number": one.subscriber_number, "name": one.identity.name,
            "born": one.identity.birth_date, "coverages": one.coverages,
        } == values  # fmt: skip


def test_all_of_a_family_is_read() -> None:
    clara, toby = must_hold(_GOOD)
    assert clara.header.sponsor_name == "SALEM PARTS"
    assert (clara.header.action, clara.header.file_date) == ("2", date(2026, 11, 20))
    assert (clara.header.dates, clara.header.totals) == ({"007": date(2026, 11, 20)}, {"TO": "2"})
    assert clara.identity.name == PersonName("PEBBLEWICK", "CLARA", "J")
    assert (clara.identity.ssn, clara.identity.sex) == ("900110001", "F")
    assert clara.address == Address("5 CANAL ST", "APT 2", "OAKLAND", "CA", "94606")
    assert clara.mailing_address == Address("9 POST BOX", "", "OAKLAND", "CA", "94607")
    assert (clara.phone, clara.email) == ("5105550101", "CLARA@MAIL.EXAMPLE")
    assert clara.references == (("23", "7001"),)
    assert clara.eligibility_begin == date(2026, 12, 1)
    [gold] = clara.coverages
    assert (gold.plan, gold.level, gold.references) == ("GOLD", "EMP", (("1L", "900100"),))
    assert toby.corrects
    assert toby.former is not None
    assert (toby.former.name.last, toby.former.birth_date) == ("PEBBLEWIG", date(2012, 4, 5))
    assert (toby.identity.name.last, toby.subscriber_number) == ("PEBBLEWICK", "S0001")
    assert (toby.coverages[0].begin, toby.coverages[0].end) == (date(2026, 12, 1), date(2027, 11, 30))
    for one in (clara, clara.identity, clara.address, clara.header):
        assert repr(one) == f"<{type(one).__name__}>"


@pytest.mark.parametrize("size", [1, 7, 4096, 16_384, 65_536])
def test_where_the_pieces_of_a_file_end_changes_nothing(size: int) -> None:
    class Sipped(io.BytesIO):
        """Gives few bytes at a time, as a slow disk or a pipe may."""

        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(min(size, count) if count and count > 0 else size)

    content = written(counted(whole([[*HEADER, *SUBSCRIBER, *DEPENDENT * 30]])))
    expected = inspect(io.BytesIO(content))
    source = Sipped(content)
    assert inspect(source) == expected
    assert len(list(members(source, expected))) == expected.members
