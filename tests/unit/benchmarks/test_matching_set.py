"""The judge itself: the same seed gives the same set, every trap is in it, and the truth holds together."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.matching import generate
from benchmarks.matching.noise import EVERYDAY
from benchmarks.matching.people import NameTables, Table
from benchmarks.matching.traps import TRAPS


def _table(names: str) -> Table:
    return Table(names.split(), [1 / rank for rank in range(1, len(names.split()) + 1)])


_TABLES = NameTables(
    _table(
        "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Lee Clark"
    ),
    {
        "F": _table(
            "Mary Patricia Linda Barbara Elizabeth Jennifer Susan Margaret Dorothy Lisa Nancy Karen Megan"
        ),
        "M": _table(
            "James John Robert Michael William David Richard Charles Joseph Thomas Daniel Paul Mark Jason"
        ),
    },
)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    generate.make(7, 3000, 1200, 0.25, _TABLES).write(folder)
    return folder


def test_the_same_seed_writes_the_same_files_and_another_does_not(folder: Path, tmp_path: Path) -> None:
    for seed in (7, 8):
        generate.make(seed, 3000, 1200, 0.25, _TABLES).write(tmp_path / str(seed))
    for file in (generate.REGISTRY, generate.ENROLLMENTS, generate.TRUTH):
        expected = (folder / file).read_bytes()
        assert (tmp_path / "7" / file).read_bytes() == expected
        assert (tmp_path / "8" / file).read_bytes() != expected


def test_the_sizes_are_as_asked_and_every_trap_is_there(folder: Path) -> None:
    truth = _rows(folder / generate.TRUTH)
    assert len(_rows(folder / generate.REGISTRY)) == 3000
    assert len(_rows(folder / generate.ENROLLMENTS)) == len(truth) == 1200
    assert sum(row["kind"] == "trap" for row in truth) == 300
    assert {row["scenario"] for row in truth if row["kind"] == "trap"} == set(TRAPS)


def test_the_truth_names_members_and_no_member_is_two_people(folder: Path) -> None:
    members = {row["record_id"] for row in _rows(folder / generate.REGISTRY)}
    assert len(members) == 3000
    claimed: set[str] = set()
    for row in _rows(folder / generate.TRUTH):
        true = set(filter(None, row["true_id"].split("|")))
        assert true <= members
        assert set(filter(None, row["accepted"].split("|"))) <= true
        assert not true & claimed, row
        claimed |= true


def test_two_people_never_hold_the_same_row(folder: Path) -> None:
    """An enrollment equal to a row of somebody else would be a trap that nobody could pass."""
    registry: dict[tuple[str, ...], str] = {}
    for row in _rows(folder / generate.REGISTRY):
        registry[tuple(value.upper() for name, value in row.items() if name != "record_id")] = row[
            "record_id"
        ]
    truths = {row["record_id"]: row["true_id"].split("|") for row in _rows(folder / generate.TRUTH)}
    for row in _rows(folder / generate.ENROLLMENTS):
        equal = registry.get(tuple(value.upper() for name, value in row.items() if name != "record_id"))
        assert equal is None or equal in truths[row["record_id"]], row


def test_a_set_too_small_for_its_traps_is_refused() -> None:
    with pytest.raises(ValueError, match="leave no room"):
        generate.make(1, 300, 1200, 0.25, _TABLES)


def test_the_manual_names_every_scenario() -> None:
    manual = " ".join((Path(__file__).parents[3] / "docs" / "matching.md").read_text().split())
    assert [name for name in (*TRAPS, *EVERYDAY) if name not in manual] == []
