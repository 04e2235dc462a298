"""What some tests need from the machine. Where everything must run, a missing piece fails the test."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test for want of something, unless this machine must have it all."""
    if os.environ.get("KPREP_ALL_TESTS"):
        pytest.fail(f"this machine must have {what}")
    pytest.skip(f"{what} is not on this machine")
