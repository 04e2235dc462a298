"""The two clocks of the program; everything else has them handed in."""

from __future__ import annotations

import time
from datetime import UTC, datetime

seconds = time.monotonic
"""Goes forward only; for waiting times."""


def utc_now() -> datetime:
    """The workstation's clock, in UTC."""
    return datetime.now(UTC)  # noqa: TID251
