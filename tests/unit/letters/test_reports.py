"""What the commands for the mail room print."""

from __future__ import annotations

import pytest

from backend.reports import in_words, something_refused

NOTHING = {"mailed": 0, "unchanged": 0, "refused": []}


@pytest.mark.parametrize(
    ("report", "lines"),
    [
        (NOTHING, ["0 marked mailed   refused 0"]),
        (
            {
                "mailed": 2,
                "unchanged": 1,
                "refused": [{"line": 3, "reason": "no\x1bsuch"}],
                "folder": "mail",
                "batch": "B-00001",
                "letters_per_second": 0,
            },
            [
                "2 marked mailed   1 were so before   refused 1",
                "mailing B-00001 stands in mail",
                "  line 3: no␛such",
            ],
        ),
    ],
)
def test_letters_marked_for_the_mail_are_told(report: dict[str, object], lines: list[str]) -> None:
    assert in_words(report) == lines
    assert something_refused(report) is bool(report["refused"])
