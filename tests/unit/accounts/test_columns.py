"""The columns of files, as operators read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.accounts.imports import GROUP_COLUMNS, MEMBER_COLUMNS
from backend.billing.imports import PAYMENT_COLUMNS, RATE_COLUMNS

_DOCUMENT = Path(__file__).parents[3] / "docs" / "operators.md"


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("import-groups", GROUP_COLUMNS),
        ("import-members", MEMBER_COLUMNS),
        ("import-payments", PAYMENT_COLUMNS),
        ("import-rates", RATE_COLUMNS),
    ],
)
def test_operators_can_read_which_columns_a_file_has(command: str, columns: tuple[str, ...]) -> None:
    (row,) = (
        one for one in _DOCUMENT.read_text(encoding="utf-8").split("\n- ") if one.startswith(f"`{command}`:")
    )
    named = row.split("\n\n")[0].split("`")[3::2]
    assert sorted(named) == sorted(columns)
