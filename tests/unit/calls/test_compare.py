"""What a caller says and what is on record: one value in many notations, and what only looks like it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.calls import compare

DAY = date(2026, 9, 10)


@pytest.mark.parametrize(
    "said",
    [
        "09/10/2026", "9/10/2026", "9/10/26", "9-10-26", "2026-09-10", "2026/9/10", "2026.09.10",
        "Sep 10 2026", "Sept. 10th, 2026", "september 10, 2026", "10 Sep 2026", "09102026", "20260910",
        "09.10.2026", " 9 / 10 / 2026 ",
    ],
)  # fmt: skip
def test_a_day_in_the_notations_people_use(said: str) -> None:
    assert compare.same_day(said, DAY)


@pytest.mark.parametrize(
    "said",
    ["10/09/2026", "2026-09-11", "Sep 2026", "9/10", "", "September", "9/10/126", "99/99/9999", "²/10/2026",
     "9/10/2026 9/10/2026", "Foo 10 2026"],
)  # fmt: skip
def test_another_day_or_none(said: str) -> None:
    assert not compare.same_day(said, DAY)


def test_a_year_of_two_digits_means_either_century() -> None:
    assert compare.same_day("2/29/80", date(1980, 2, 29))
    assert compare.same_day("1-5-05", date(2005, 1, 5))
    assert not compare.same_day("1-5-05", None)


@given(st.dates(), st.dates())
def test_every_notation_of_a_day_is_that_day_and_no_other(one: date, other: date) -> None:
    for said in (
        one.isoformat(),
        f"{one.month}/{one.day}/{one.year:04}",
        f"{one:%b} {one.day} {one.year:04}",
    ):
        assert compare.same_day(said, one)
        assert compare.same_day(said, other) is (one == other)


@pytest.mark.parametrize("said", ["10000", "10,000", "10,000.00", "$10,000.00", "$ 10000.0", "10000 dollars"])
def test_an_amount(said: str) -> None:
    assert compare.same_amount(said, Decimal("10000.00"))
    assert not compare.same_amount(said, Decimal("10000.01"))
    assert not compare.same_amount(said, None)


@pytest.mark.parametrize(
    "said", ["", "1,0000", "10.000,00", "ten thousand", "1e4", "-10000", "NaN", "10000.001"]
)
def test_no_amount(said: str) -> None:
    assert not compare.same_amount(said, Decimal("10000.00"))


NAME = "Dr. Ottoline Quillfeather-Vane Jr"


@pytest.mark.parametrize(
    "said",
    ["Ottoline Quillfeather-Vane", "quillfeather vane, ottoline", "OTTOLINE M QUILLFEATHER VANE",
     "Mrs. Ottoline Quillfeathervane", "Öttoline Quillfeather-Vane"],
)  # fmt: skip
def test_a_full_name_in_either_order(said: str) -> None:
    assert compare.same_full_name(said, NAME)


@pytest.mark.parametrize(
    "said",
    [
        "Ottoline",
        "Quillfeather-Vane",
        "O Quillfeather-Vane",
        "Ottilie Quillfeather-Vane",
        "",
        "Jr",
        "unknown",
    ],
)
def test_another_name_or_half_of_it(said: str) -> None:
    assert not compare.same_full_name(said, NAME)


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("Clara Pebblewick", True), ("Pebblewick, Clara", True), ("clara ann pebblewick", True),
        ("Clara A. Pebblewick", True), ("Clara", False), ("Pebblewick", False), ("Clare Pebblewick", False),
        ("Clara Beth Pebblewick", False), ("", False),
    ],
)  # fmt: skip
def test_the_name_of_a_person(said: str, same: bool) -> None:
    assert compare.same_person(said, "Clara", "Ann", "Pebblewick") is same


def test_who_has_no_name_on_record_has_none_to_say() -> None:
    assert not compare.same_person("", "", "", "")
    assert not compare.same_person("baby boy", "BABY BOY", "", "PEBBLEWICK")
    assert not compare.same_full_name("", "")


STREET = ("2200 Harbor Boulevard Apt 4-B", "OAKLAND", "CA", "94606-1234")


@pytest.mark.parametrize(
    "said",
    [
        "2200 Harbor Blvd 94606", "2200 HARBOR BOULEVARD, OAKLAND, CA 94606",
        "2200 harbor blvd #4b oakland 94606",
        "2200 Harbor Blvd Apt 4B, Oakland 94606-1234", "2200 harbor boulevard apt 4 b oakland ca 946061234",
    ],
)  # fmt: skip
def test_an_address_with_its_zip_code(said: str) -> None:
    assert compare.same_address(said, *STREET)


@pytest.mark.parametrize(
    "said",
    [
        "2200 Harbor Blvd", "94606", "2201 Harbor Blvd 94606", "2200 Harbor Blvd 94607", "2200 94606", "",
        "2200 Harbor Blvd Apt 5 94606", "2200 Harbor Blvd, Fresno 94606", "Harbor Blvd 94606",
        "2200 Harbor Blvd 94606 94607", "2200 Harbor Blvd 94606 93701",
    ],
)  # fmt: skip
def test_another_address_or_half_of_it(said: str) -> None:
    assert not compare.same_address(said, *STREET)


def test_no_address_is_matched_by_nothing() -> None:
    assert not compare.same_address(" ", "", "", "", "")
    assert not compare.same_address("1 A ST 94606", "1 A ST", "", "", "00000")


@pytest.mark.parametrize(
    ("said", "same"),
    [("1834", True), (" 18-34 ", True), ("834", False), ("942771834", False), ("１８３４", False)],
)
def test_the_last_four_digits_and_no_more(said: str, same: bool) -> None:
    assert compare.same_last_four(said, "94-2771834") is same
    assert not compare.same_last_four(said, "")


@pytest.mark.parametrize(
    ("said", "number", "same"),
    [
        ("104 233", "104233", True), ("g-100", "G-100", True), ("G100", "G-100", True),
        ("MRN 900001", "900001", True),
        ("b 20417", "B-20417", True), ("104234", "104233", False), ("", "", False), ("-", "", False),
    ],
)  # fmt: skip
def test_numbers_without_blanks_and_hyphens(said: str, number: str, same: bool) -> None:
    assert compare.same_number(said, number) is same


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("(510) 555-0134", True),
        ("1-510-555-0134", True),
        ("+1 510.555.0134", True),
        ("5550134", False),
        ("", False),
    ],
)
def test_a_phone_number_with_its_area_code(said: str, same: bool) -> None:
    assert compare.same_phone(said, "510-555-0134") is same
    assert not compare.same_phone(said, "")


@given(st.text(max_size=60))
def test_whatever_is_said_is_compared_without_an_error(said: str) -> None:
    """No answer of a caller may end in an exception, whose text could hold it."""
    assert compare.same_day(said, None) is False
    compare.same_day(said, DAY)
    compare.same_amount(said, Decimal("1.00"))
    compare.same_full_name(said, NAME)
    compare.same_person(said, "Clara", "", "Pebblewick")
    compare.same_address(said, *STREET)
    compare.same_last_four(said, "1234")
    compare.same_number(said, "1234")
    compare.same_phone(said, "510-555-0134")
