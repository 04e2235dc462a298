"""A home for the real program."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A user's home with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="kp") as name:
        yield Path(name)
