"""Every published sample file, each in a fresh store: what is answered, and what its members would get.

The samples are test files (ISA15 is T, but for one that is refused): nothing is ever changed by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, func, select

from api_client.types.enrollment import FileReport
from backend.accounts.members import Person
from backend.database import tables
from backend.reports import in_words, something_refused
from backend.runtime import Runtime
from tests.conftest import FixedClock, data_folder
from tests.edi_files import import_bytes
from tests.enrollments import add_group, add_member
from tests.stores import SQLiteStores


@pytest.fixture
def database_url(sqlite_stores: SQLiteStores) -> URL:
    """What is answered hangs on no database: these stories are told once."""
    return sqlite_stores.fresh()


_STORED = ("member", "coverage", "enrollment", "match_item", "match_link")
DOE = Person(last_name="Doe", first_name="James", middle_name="E", birth_date=date(1950, 4, 16))


@dataclass(frozen=True)
class OnFile:
    """Somebody who is on file before the sample comes."""

    person: Person
    subscriber_number: str
    relationship: str = "18"
    starts_on: date = date(1995, 1, 1)
    line: str = "HMO"


@dataclass(frozen=True)
class Sample:
    """A file that is taken, the day it was sent, and its outcomes in an empty store and beside the known."""

    name: str
    day: datetime
    maintenance: str
    nobody_known: Sequence[str]
    group: str
    known: Sequence[OnFile]
    outcomes: Sequence[str]
    whys: Sequence[str]


def at_noon(text: str) -> datetime:
    return datetime.fromisoformat(f"{text} 20:00").replace(tzinfo=UTC)


SAMPLES = [
    Sample(
        "valid/v01", at_noon("2026-04-01"), "021", ["queued"], "GRP001", [], ["applied"],
        ["nobody on file shares the SSN"],
    ),
    Sample(
        "valid/v02", at_noon("2026-04-01"), "024", ["refused", "refused"], "GRP003",
        [
            OnFile(Person("Jones", "Patricia", birth_date=date(1968, 9, 24)), "M000010", line="PPO"),
            OnFile(Person("Brown", "Thomas", "R", birth_date=date(1972, 4, 15)), "M000011", line="PPO"),
        ],
        ["applied", "applied"], ["on 2026-03-31", "on 2026-03-31"],
    ),
    # The file is dated two years after the first covered day: later than an addition reaches back.
    Sample(
        "valid/v04", at_noon("1998-05-20"), "021", ["queued"], "123456001", [], ["queued"],
        ["coverage is to begin more than 60 days back"],
    ),
    Sample(
        "valid/v05", at_noon("1998-05-20"), "001", ["refused"], "123456001", [OnFile(DOE, "123456789")],
        ["applied"], ["changed: SSN, birth date"],
    ),
    # Its end lies two years before the date of the file: a termination does not reach back so far.
    Sample(
        "valid/v06", at_noon("1998-05-20"), "024", ["refused"], "123456001",
        [
            OnFile(Person("Doe", "John", birth_date=date(1940, 8, 16)), "123456789"),
            OnFile(replace(DOE, birth_date=date(1977, 8, 16)), "123456789", "19"),
        ],
        ["refused"], ["the first day a termination may reach back to"],
    ),
    Sample(
        "valid/v08", at_noon("1998-05-20"), "025", ["queued"], "123456001",
        [OnFile(replace(DOE, ssn="103229876"), "123456789")],
        ["queued"], ["coverage is to begin more than 60 days back"],
    ),
    Sample(
        "queue/q01", at_noon("2026-04-01"), "021", ["queued"] * 3, "GRP002", [],
        ["applied", "queued", "queued"],
        ["nobody on file shares the SSN", "it names no group", "it names no group"],
    ),
]  # fmt: skip

Named = list[tuple[str, int | None, str]]
_BAD_STATUS: Named = [("INS", 8, "7"), ("INS", 10, "5"), ("REF", None, "3"), ("SE", 1, "4")]
_BAD_CODES: Named = [("INS", 2, "7"), ("INS", 3, "7"), ("INS", 4, "7"), ("SE", 1, "4")]
INVALID: dict[str, tuple[str | None, str | None, list[str] | None, Named]] = {
    "i01": ("A", "000", ["R", "4", "5"], _BAD_STATUS),
    "i02": ("A", "000", ["R", "4", "5"], _BAD_CODES),
    "i06": ("A", "000", ["R", "5"], [("DTP", None, "2")]),
    "i08": ("A", "000", ["R", "5"], [("BGN", 8, "1"), ("INS", 9, "7"), ("REF", 2, "6")]),
    "i10": ("R", "022", None, [("ISA", None, "022")]),
    "i11": ("A", "000", ["R", "I6"], [("GS", 8, "2"), ("ST", None, "I6")]),
    "i13": (None, None, None, [("ST", None, "NO_ISA")]),
}
"""TA1 code and note, IK5 of the set, and errors that must be among those named: segment, element, code."""


def sample(name: str) -> Path:
    folder = data_folder()
    if folder is None:
        pytest.skip("no sample files beside the project")
    return next((folder / "834").glob(f"{name}*"))


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


async def _taken(runtime: Runtime, name: str) -> FileReport:
    """Take a sample, see that nothing changed by it, and that it can be said in words."""
    before = await _counts(runtime)
    report = await import_bytes(runtime, sample(name).read_bytes())
    assert await _counts(runtime) == before
    assert not report.applied
    lines = in_words(report.model_dump(mode="json"))
    assert "nothing was changed" in lines
    return report


def _sets(report: FileReport) -> list[dict[str, Any]]:
    assert report.ack999 is not None
    groups: list[dict[str, Any]] = report.ack999["groups"]  # type: ignore[assignment]
    return [one for group in groups for one in group["sets"]]


def test_every_sample_is_in_a_table() -> None:
    folder = sample("README").parent
    found = {f"{file.parent.name}/{file.name.partition('_')[0]}" for file in folder.glob("*/*.834")}
    assert found == {one.name for one in SAMPLES} | {f"invalid/{name}" for name in INVALID}


def _accepted(report: FileReport, one: Sample) -> None:
    assert report.test
    assert report.accepted
    assert report.ta1 is not None
    assert (report.ta1["code"], report.ta1["note"]) == ("A", "000")
    assert [ack["IK5"] for ack in _sets(report)] == [["A"]]
    assert report.errors == []
    assert {member.maintenance_type for member in report.members} == {one.maintenance}
    assert [member.item for member in report.members] == [None] * len(report.members)


@pytest.mark.parametrize("one", SAMPLES, ids=lambda one: one.name)
async def test_where_nobody_is_on_file(runtime: Runtime, clock: FixedClock, one: Sample) -> None:
    clock.now = one.day
    report = await _taken(runtime, one.name)
    _accepted(report, one)
    assert [member.outcome for member in report.members] == list(one.nobody_known)
    assert all(
        member.why in ("there is no such group on file", "it names no group") for member in report.members
    )


@pytest.mark.parametrize("one", SAMPLES, ids=lambda one: one.name)
async def test_where_group_and_members_are_on_file(runtime: Runtime, clock: FixedClock, one: Sample) -> None:
    clock.now = one.day
    account = await add_group(runtime, one.group, effective_from=date(1990, 1, 1))
    for known in one.known:
        await add_member(
            runtime, known.person, account_id=account, subscriber_number=known.subscriber_number,
            relationship=known.relationship, starts_on=known.starts_on, line=known.line,
        )  # fmt: skip
    report = await _taken(runtime, one.name)
    _accepted(report, one)
    assert [member.outcome for member in report.members] == list(one.outcomes), report.members
    for member, why in zip(report.members, one.whys, strict=True):
        assert why in member.why
    assert something_refused(report.model_dump(mode="json")) is ("refused" in one.outcomes)


@pytest.mark.parametrize("name", INVALID)
async def test_a_wrong_file_is_refused_with_reason_and_position(runtime: Runtime, name: str) -> None:
    ta1, note, ik5, errors = INVALID[name]
    report = await _taken(runtime, f"invalid/{name}")
    assert not report.accepted
    assert report.members == []
    assert something_refused(report.model_dump(mode="json"))
    assert (report.ta1 and report.ta1["code"]) == ta1
    assert (report.ta1 and report.ta1["note"]) == note
    assert ([one["IK5"] for one in _sets(report)] if report.ack999 else []) == ([ik5] if ik5 else [])
    said = {(one.segment, one.element, one.code) for one in report.errors}
    assert set(errors) <= said, said
    size = sample(f"invalid/{name}").stat().st_size
    assert all(0 <= one.position < size and one.sentence.endswith(".") for one in report.errors)
