"""What of a file a rep may see."""

from __future__ import annotations

import pytest

from backend.enrollment.file_words import masked_number


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("900110001", "***-**-0001"),
        ("900-11-0001", "***-**-0001"),
        ("900110001-01", "***-**-0001-01"),
        ("E900110001A", "E***-**-0001A"),
        ("S1", "S1"),
        ("1000000123", "1000000123"),
        ("", ""),
    ],
)
def test_a_subscriber_number_that_is_an_ssn_is_masked_whatever_stands_around_it(
    sent: str, shown: str
) -> None:
    assert masked_number(sent) == shown
