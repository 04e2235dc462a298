"""The file that the benchmark of enrollment files measures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from backend.enrollment.edi.reader import inspect, members
from benchmarks.enrollment import generate


def test_the_same_seed_makes_the_same_file_in_order(tmp_path: Path) -> None:
    one, again, other = (tmp_path / name for name in ("one", "again", "other"))
    size = generate.write_file(one, 700, 834)
    generate.write_file(again, 700, 834)
    generate.write_file(other, 700, 835, date(2026, 11, 21))
    assert one.read_bytes() == again.read_bytes() != other.read_bytes()
    with one.open("rb") as file:
        report = inspect(file)
        people = list(members(file, report))
    assert (size, report.findings, len(people)) == (report.size, (), 700)
    assert {one.group_number for one in people} == {generate.GROUP}
    numbers = {one.subscriber_number for one in people if one.subscriber}
    assert {one.subscriber_number for one in people} == numbers


def test_members_beyond_the_limit_of_a_set_stand_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "long"
    generate.write_file(path, generate.PER_SET + 1, 834)
    with path.open("rb") as file:
        report = inspect(file)
    assert [one.members for one in report.sets] == [generate.PER_SET, 1]
    assert report.accepted
