"""834 files end to end: production files apply, test files and repeats change nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api_client.types.enrollment import FileReport
from backend.actors import SYSTEM
from backend.database import tables
from backend.enrollment.files import import_834
from backend.enrollment.reader import inspect, members
from backend.runtime import Runtime
from tests.conftest import FixedClock, data_folder
from tests.edi_files import import_bytes, import_file, interchange, member
from tests.enrollments import PEBBLE, add_group, add_member

_STORED = (
    "account",
    "member",
    "coverage",
    "enrollment",
    "enrollment_file",
    "match_item",
    "match_link",
    "event",
)


async def _counts(runtime: Runtime) -> dict[str, int]:
    async with runtime.database.read() as connection:
        return {
            name: int(
                (
                    await connection.execute(select(func.count()).select_from(getattr(tables, name)))
                ).scalar_one()
            )
            for name in _STORED
        }


async def _coverages(runtime: Runtime) -> list[Any]:
    table = tables.coverage
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            select(table.c.subscriber_number, table.c.line, table.c.starts_on, table.c.ends_on).order_by(
                table.c.id
            )
        )
        return [tuple(row) for row in rows]


def _outcomes(report: FileReport) -> list[str]:
    return [str(one.outcome) for one in report.members]


async def test_a_family_in_one_file(runtime: Runtime) -> None:
    await add_group(runtime)
    report = await import_file(
        runtime,
        [
            member(ssn="900110001"),
            member(relationship="01", first="Otto", born="19790606"),
            member(relationship="19", first="Milo", born="20120506", coverages=()),
        ],
    )
    assert report.applied
    assert _outcomes(report) == ["applied", "applied", "queued"]
    assert report.members[2].why == "it names no coverage"
    assert [line for _, line, _, _ in await _coverages(runtime)] == ["HMO", "HMO"]


async def test_add_change_terminate_and_reinstate(runtime: Runtime, clock: FixedClock) -> None:
    await add_group(runtime)
    await import_file(runtime, [member(ssn="900110001", coverages=("HD*021**HMO**EMP~DTP*348*D8*20261101",))])
    moved = await import_file(
        runtime, [member(maintenance="001", reason="43", ssn="900110001", coverages=())], control=2
    )
    assert moved.members[0].why == "nothing differs from what is on record"
    ended = await import_file(
        runtime,
        [member(maintenance="024", reason="08", dates=("DTP*357*D8*20261130",), coverages=())],
        control=3,
    )
    assert _outcomes(ended) == ["applied"]
    assert await _coverages(runtime) == [("S1", "HMO", date(2026, 11, 1), date(2026, 11, 30))]
    clock.move(timedelta(days=12))
    back = await import_file(
        runtime,
        [
            member(
                maintenance="025", reason="41", ssn="900110001", dates=("DTP*303*D8*20261201",), coverages=()
            )
        ],
        control=4,
    )
    assert _outcomes(back) == ["applied"]
    assert (await _coverages(runtime))[-1] == ("S1", "HMO", date(2026, 12, 1), None)


async def test_a_correction_is_found_by_the_old_values(runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, replace(PEBBLE, ssn=None), account_id=account_id)
    corrected = member(maintenance="001", reason="25", first="Klara", born="19800315", coverages=())
    corrected = corrected.replace("NM1*IL", "NM1*74") + "~NM1*70*1*Pebblewick*Clara~DMG*D8*19800314*F"
    report = await import_file(runtime, [corrected])
    assert _outcomes(report) == ["applied"], report.members
    assert "identifying data changed" in report.members[0].why


@pytest.mark.parametrize(
    ("text", "outcome", "why"),
    [
        (member(maintenance="024", reason="08", coverages=()), "refused", "day coverage ends is missing"),
        (
            member(maintenance="024", subscriber_number="S9", dates=("DTP*357*D8*20261130",), coverages=()),
            "refused",
            "nobody is enrolled",
        ),
        (member(group="UNHEARD"), "queued", "no such group"),
        (member(status="C"), "queued", "COBRA without its qualifying event"),
        (member(status="T"), "referred", "group representative"),
        (member(coverages=("HD*021**HMO**EMP~DTP*348*D8*20260701",)), "queued", "60 days back"),
        (member(ssn="999999999"), "queued", "placeholder"),
        (member(relationship="19"), "queued", "subscriber is not on record"),
    ],
)
async def test_each_member_has_its_own_outcome_with_a_reason(
    runtime: Runtime, text: str, outcome: str, why: str
) -> None:
    await add_group(runtime)
    report = await import_file(runtime, [text])
    assert report.accepted, report.errors
    assert _outcomes(report) == [outcome]
    assert why in report.members[0].why


async def test_the_same_file_again_changes_nothing(runtime: Runtime) -> None:
    await add_group(runtime)
    content = interchange([member(ssn="900110001")])
    first = await import_bytes(runtime, content)
    before = await _counts(runtime)
    again = await import_bytes(runtime, content)
    assert again.duplicate
    assert not again.applied
    assert again.members == first.members
    assert await _counts(runtime) == before


async def test_a_control_number_used_for_something_else_is_refused(runtime: Runtime) -> None:
    await add_group(runtime)
    await import_file(runtime, [member(ssn="900110001")])
    other = await import_file(runtime, [member(first="Wilma", ssn="900110002")])
    assert not other.accepted
    assert other.ta1 is not None
    assert (other.ta1["code"], other.ta1["note"]) == ("R", "025")
    assert (await _counts(runtime))["member"] == 1


async def test_a_broken_off_run_goes_on_where_it_stopped(runtime: Runtime) -> None:
    await add_group(runtime)
    people = [
        member(
            subscriber_number=f"S{n}",
            ssn=f"90011{n + 1:04}",
            last=f"Pebble{chr(65 + n)}ford",
            born=f"19{50 + n}0314",
        )
        for n in range(20)
    ]
    content = interchange(people)
    steps = import_834(runtime, SYSTEM, io.BytesIO(content), request_id="TEST-TEST-TEST")
    await anext(steps)
    await steps.aclose()
    begun = (await _counts(runtime))["enrollment"]
    assert 0 < begun < 20
    report = await import_bytes(runtime, content)
    assert report.counts == {"applied": 20}
    after = await _counts(runtime)
    assert after["enrollment"] == after["member"] == after["coverage"] == 20


@pytest.mark.parametrize(("usage", "dry_run"), [("T", False), ("P", True)])
async def test_a_test_file_and_a_dry_run_say_what_would_be_and_change_nothing(
    runtime: Runtime, usage: str, dry_run: bool
) -> None:
    await add_group(runtime)
    before = await _counts(runtime)
    content = interchange(
        [member(ssn="900110001"), member(relationship="01", first="Otto", born="19790606")], usage=usage
    )
    report = await import_bytes(runtime, content, dry_run=dry_run)
    assert not report.applied
    assert _outcomes(report) == ["applied", "applied"]
    assert await _counts(runtime) == before


SAMPLES = {
    "valid/v01": (["queued"], "021"),
    "valid/v02": (["refused", "refused"], "024"),
    "valid/v04": (["queued"], "021"),
    "valid/v05": (["refused"], "001"),
    "valid/v06": (["refused"], "024"),
    "valid/v08": (["queued"], "025"),
    "queue/q01": (["queued", "queued", "queued"], "021"),
}
"""Outcomes in an empty store: nobody and no group is on file."""


def _sample(name: str) -> Path:
    folder = data_folder()
    if folder is None:
        pytest.skip("no sample files beside the project")
    return next((folder / "834").glob(f"{name}*"))


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_published_sample_in_a_fresh_store(runtime: Runtime, clock: FixedClock, name: str) -> None:
    outcomes, maintenance = SAMPLES[name]
    clock.now = datetime(2026, 4, 2, 18, 0, tzinfo=UTC)
    before = await _counts(runtime)
    report = await import_bytes(runtime, _sample(name).read_bytes())
    assert report.test
    assert not report.applied
    assert report.accepted
    assert report.ta1 is not None
    assert report.ta1["code"] == "A"
    assert report.ack999 is not None
    assert _outcomes(report) == outcomes
    assert {one.maintenance_type for one in report.members} == {maintenance}
    assert all(one.why for one in report.members)
    assert await _counts(runtime) == before


async def test_a_family_with_numbers_of_their_own_is_not_guessed(runtime: Runtime) -> None:
    """The published family whose dependents carry numbers of their own: only the subscriber is certain."""
    content = _sample("queue/q01").read_bytes()
    source = io.BytesIO(content)
    for number in {one.group_number for one in members(source, inspect(source))} - {""}:
        await add_group(runtime, number)
    report = await import_bytes(runtime, content)
    assert _outcomes(report) == ["applied", "queued", "queued"], report.members
    assert [one.why for one in report.members[1:]] == ["it names no group"] * 2


@pytest.mark.parametrize("name", ["i01", "i02", "i06", "i08", "i10", "i11", "i13"])
async def test_an_invalid_sample_is_refused_with_its_position(runtime: Runtime, name: str) -> None:
    before = await _counts(runtime)
    content = _sample(f"invalid/{name}").read_bytes()
    report = await import_bytes(runtime, content)
    assert not report.accepted
    assert report.errors
    assert all(0 <= one.position < len(content) and one.sentence for one in report.errors)
    assert report.members == []
    assert await _counts(runtime) == before
