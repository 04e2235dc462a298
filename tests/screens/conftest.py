"""What stands around the program on a workstation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.viewers import Stubs, folder_in_memory


@pytest.fixture
def stubs(tmp_path: Path) -> Stubs:
    """Programs that stand for a viewer and a printer."""
    return Stubs(tmp_path / "bin")


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory for this test alone."""
    with folder_in_memory() as folder:
        yield folder
