"""FEBRL's values stay comparable digit by digit, and every number could have been issued."""

from __future__ import annotations

import pytest

from benchmarks.matching.febrl import member_row

_ROW = {
    "given_name": "michaela",
    "surname": "neumann",
    "street_number": "8",
    "address_1": "stanley street",
    "suburb": "winston hills",
    "postcode": "4223",
    "state": "nsw",
    "date_of_birth": "19151111",
    "soc_sec_id": "5304218",
}


def test_a_row_is_mapped_without_loss() -> None:
    assert member_row("rec-1070-org", _ROW, ssns=True) == {
        "record_id": "rec-1070-org",
        "first_name": "michaela",
        "last_name": "neumann",
        "date_of_birth": "1915-11-11",
        "ssn": "553104218",
        "street": "8 stanley street",
        "city": "winston hills",
        "state": "nsw",
        "zip": "04223",
    }
    assert member_row("rec-1070-org", _ROW, ssns=False)["ssn"] == ""


@pytest.mark.parametrize(
    ("theirs", "ours"), [("0000000", "500100000"), ("9999999", "599199999"), ("", ""), ("12345", "")]
)
def test_numbers_keep_their_digits_behind_an_area_and_group_that_exist(theirs: str, ours: str) -> None:
    assert member_row("r", _ROW | {"soc_sec_id": theirs}, ssns=True)["ssn"] == ours


def test_what_is_missing_stays_missing() -> None:
    row = member_row("r", dict.fromkeys(_ROW, ""), ssns=True)
    assert set(row.values()) == {"r", ""}
