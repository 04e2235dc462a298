"""834 files end to end: production files apply, test files and repeats change nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api_client.types.enrollment import FileReport
from backend.actors import SYSTEM
from backend.database import tables
from backend.enrollment import run
from backend.enrollment.files import import_834
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.edi_files import import_bytes, import_file, interchange, member
from tests.enrollments import PEBBLE, add_group, add_member

_STORED = (
    "account",
    "member",
    "coverage",
    "enrollment",
    "match_item",
    "match_link",
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


async def test_capitals_alone_change_nobody(runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account_id)
    shouted = member(
        maintenance="001", reason="25", last="PEBBLEWICK", first="CLARISSA", ssn="900112222", coverages=()
    )
    report = await import_file(runtime, [shouted])
    assert report.members[0].why == "changed: first name"
    async with runtime.database.read() as connection:
        query = select(tables.member.c.last_name, tables.member.c.first_name).where(
            tables.member.c.mrn == mrn
        )
        assert tuple((await connection.execute(query)).one()) == ("Pebblewick", "CLARISSA")


async def test_somebody_with_tefra_leaves_like_anybody(runtime: Runtime) -> None:
    """Medicare stops an enrollment, never an end: terminations are done at once."""
    account_id = await add_group(runtime)
    await add_member(runtime, account_id=account_id)
    leaves = member(maintenance="024", reason="08", status="T", dates=("DTP*357*D8*20261130",), coverages=())
    assert _outcomes(await import_file(runtime, [leaves])) == ["applied"]


async def test_a_correction_is_found_by_the_old_values(runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    await add_member(runtime, replace(PEBBLE, ssn=None), account_id=account_id)
    corrected = member(maintenance="001", reason="25", first="Klara", born="19800315", coverages=())
    corrected = corrected.replace("NM1*IL", "NM1*74") + "~NM1*70*1*Pebblewick*Clara~DMG*D8*19800314*F"
    report = await import_file(runtime, [corrected])
    assert _outcomes(report) == ["applied"], report.members
    assert report.members[0].item is not None


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
        (
            member(maintenance="024", reason="08", coverages=("HD*024**HMO~DTP*349*D8*99991231",)),
            "refused",
            "means never",
        ),
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


TWENTY = [
    *("Ida Acorn", "Otto Birchly", "Wilma Clover", "Felix Dovetail", "Greta Elmwood", "Hugo Fernley"),
    *(
        "Nora Gorseman",
        "Quentin Heathrow",
        "Sybil Ivyton",
        "Tobias Juniper",
        "Una Kestrel",
        "Victor Larkspur",
    ),
    *(
        "Yvette Maplesby",
        "Zeno Nettleby",
        "Basil Oakhurst",
        "Agatha Plumley",
        "Dexter Quimby",
        "Edith Rushmere",
    ),
    *("Fergus Sorrel", "Leda Thistle"),
]


async def test_a_broken_off_run_goes_on_where_it_stopped(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(runtime)
    people = [
        member(
            subscriber_number=f"S{n}",
            ssn=f"9{(7919 * n + 1234) * 5471 % 10**8:08}",
            first=first,
            last=last,
            born=f"19{50 + n}{n % 12 + 1:02}{n + 5:02}",
        )
        for n, (first, last) in enumerate(map(str.split, TWENTY))
    ]
    content = interchange(people)
    monkeypatch.setattr(run, "_BATCH_SECONDS", 0.0)
    steps = import_834(runtime, SYSTEM, io.BytesIO(content), request_id="TEST-TEST-TEST")
    await anext(steps)
    await steps.aclose()
    begun = (await _counts(runtime))["enrollment"]
    assert 0 < begun < 20
    report = await import_bytes(runtime, content)
    assert report.counts == {"applied": {"021": 20}}
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
