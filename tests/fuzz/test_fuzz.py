"""The short form of `make fuzz`."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from backend.database.engine import Database
from backend.enrollment.edi.reader import inspect, members
from backend.keys import new_keys
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from tests.conftest import FixedClock
from tests.fuzz.reading import MEMORY_LIMIT, good_are_accepted, read_many
from tests.fuzz.storing import store_many
from tests.stores import SQLiteStores
from tests.unit.enrollment.files import whole, written

SEED = 834


def test_spoilt_files_are_judged_and_nothing_is_raised() -> None:
    assert good_are_accepted(SEED, 50)
    result = read_many(SEED, 0, 120)
    assert result.failed == []
    assert result.files == 120
    assert 15 < result.accepted < 100


async def test_spoilt_files_have_no_partial_effect(sqlite_stores: SQLiteStores) -> None:
    runtime = await open_runtime(
        Database(sqlite_stores.fresh()), load_policy(), new_keys(), clock=FixedClock()
    )
    try:
        stored = await store_many(runtime, SEED, 0, 20)
    finally:
        await runtime.close()
    assert stored.failed == []
    assert stored.applied >= 5


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"A" * 20_000_000, id="one segment"),
        pytest.param(b"*" * 3_000_000, id="one segment of separators"),
        pytest.param(b"~" * 300_000, id="nothing between end marks"),
        pytest.param(b"ST*834*0001~SE*2*0001~" * 2_000, id="empty sets"),
        pytest.param((b"ST*834*" + b"9" * 16_000 + b"~") * 1_100, id="long control numbers"),
        pytest.param(b"ST*834*0001*005010X220A1~" + b"INS*Y~" * 4_000, id="wrong members"),
    ],
)
def test_a_huge_file_takes_little_memory(body: bytes) -> None:
    source = io.BytesIO(written(whole()[:2]) + body)
    tracemalloc.start()
    try:
        report = inspect(source)
        assert list(members(source, report)) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.findings
    assert peak < MEMORY_LIMIT
