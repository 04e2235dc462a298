"""Write a registry, enrollments and the truth about them; the same seed writes the same files.

`python -m benchmarks.matching.generate --seed 7 --members 20000 --enrollments 5000 --out DIR`
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from benchmarks.matching import noise
from benchmarks.matching.people import NameTables, Person, World, census
from benchmarks.matching.records import COLUMNS, Record, written
from benchmarks.matching.traps import TRAPS, Case

REGISTRY, ENROLLMENTS, TRUTH = "registry.csv", "enrollments.csv", "truth.csv"
TRUTH_COLUMNS = ("record_id", "true_id", "accepted", "scenario", "kind")
STRANGER, NEW_IN_FAMILY = "nobody knows them", "new in a member's family"
_STRANGERS, _NEW_IN_FAMILY = 0.08, 0.06


@dataclass
class Enrollment:
    """One enrollment and whom it is about."""

    record: Record
    scenario: str
    kind: str
    true: list[Person]
    accepted: list[Person]


@dataclass
class Set:
    """A registry in the order of its file, and the enrollments."""

    registry: list[tuple[Person, Record]]
    enrollments: list[Enrollment]

    def write(self, folder: Path) -> None:
        """The three files."""
        folder.mkdir(parents=True, exist_ok=True)
        ids = {person: f"M{number:07}" for number, (person, _) in enumerate(self.registry, 1)}
        rows = [(ids[person], *astuple(record)) for person, record in self.registry]
        _write(folder / REGISTRY, COLUMNS, rows)
        named = [(f"Q{number:06}", one) for number, one in enumerate(self.enrollments, 1)]
        _write(folder / ENROLLMENTS, COLUMNS, [(name, *astuple(one.record)) for name, one in named])
        truth = [
            (name, _ids(one.true, ids), _ids(one.accepted, ids), one.scenario, one.kind)
            for name, one in named
        ]
        _write(folder / TRUTH, TRUTH_COLUMNS, truth)


def make(seed: int, members: int, enrollments: int, traps: float, tables: NameTables) -> Set:
    """A set of the given size; `traps` is the share of enrollments that are traps."""
    world = World(random.Random(seed), tables)
    cases = _cases(world, round(enrollments * traps))
    registry = [row for case, _ in cases for row in _rows(world, case)]
    if len(registry) > members * 0.8:
        raise ValueError(f"{members} members leave no room beside the {len(registry)} of the traps")
    households: list[list[Person]] = []
    missing = members - len(registry)
    while missing > 0:
        households.append(world.household()[:missing])
        missing -= len(households[-1])
    ordinary = [person for home in households for person in home]
    registry += [(person, _row(world, person)) for person in ordinary]
    asked = [_enrollment(world, case, scenario) for case, scenario in cases]
    asked += _ordinary(world, households, ordinary, enrollments - len(asked))
    world.rng.shuffle(registry)
    world.rng.shuffle(asked)
    return Set(registry, asked)


def members(seed: int, tables: NameTables) -> Iterator[tuple[Person, Record]]:
    """Ordinary members without end, for stores of any size."""
    world = World(random.Random(seed), tables)
    while True:
        for person in world.household():
            yield person, _row(world, person)


def _cases(world: World, count: int) -> list[tuple[Case, str]]:
    """Every trap once where there is room, the rest by their shares."""
    names = list(TRAPS)
    shares = [trap.share for trap in TRAPS.values()]
    chosen = (names + world.rng.choices(names, shares, k=max(0, count - len(names))))[:count]
    return [(TRAPS[name].make(world), name) for name in chosen]


def _rows(world: World, case: Case) -> list[tuple[Person, Record]]:
    rows = []
    for person in case.members:
        record = written(person, world.rng)
        noise.optional(world, record)
        rows.append((person, replace(record, **case.rows.get(person, {}))))
    return rows


def _row(world: World, person: Person) -> Record:
    record = written(person, world.rng)
    noise.background(world, record, registry=True)
    return record


def _enrollment(world: World, case: Case, scenario: str) -> Enrollment:
    record = written(case.enrolled, world.rng)
    noise.optional(world, record)
    accepted = [] if case.undecidable else case.true
    return Enrollment(replace(record, **case.edits), scenario, "trap", case.true, accepted)


def _ordinary(
    world: World, households: list[list[Person]], people: list[Person], count: int
) -> list[Enrollment]:
    rng = world.rng
    strangers, relatives = round(count * _STRANGERS), round(count * _NEW_IN_FAMILY)
    asked = [_absent(world, world.person(), STRANGER) for _ in range(strangers)]
    asked += [_absent(world, _new_in(world, rng.choice(households)), NEW_IN_FAMILY) for _ in range(relatives)]
    names = list(noise.EVERYDAY)
    shares = [share for share, _ in noise.EVERYDAY.values()]
    waiting = rng.sample(people, len(people))
    while len(asked) < count:
        scenario = rng.choices(names, shares)[0]
        person, record = _fitting(world, waiting, scenario)
        if record is not None:
            asked.append(Enrollment(record, scenario, "everyday", [person], [person]))
    return asked


def _fitting(world: World, waiting: list[Person], scenario: str) -> tuple[Person, Record | None]:
    """The next person whom the scenario fits; each person enrolls once."""
    for back in range(1, min(400, len(waiting)) + 1):
        person = waiting[-back]
        record = noise.everyday(world, person, scenario)
        if record is not None:
            del waiting[-back]
            return person, record
    return waiting[-1], None


def _absent(world: World, person: Person, scenario: str) -> Enrollment:
    record = written(person, world.rng)
    noise.background(world, record, registry=False)
    return Enrollment(record, scenario, "everyday", [], [])


def _new_in(world: World, people: list[Person]) -> Person:
    """A spouse, a child or a parent who joins members of a family."""
    one = people[0]
    kind = world.rng.choice(("spouse", "child", "child", "parent"))
    if one.age < 30 or kind == "spouse":
        last = one.last if world.rng.random() < 0.7 else ""
        return world.person((20, 70), home=one.home, last=last)
    if kind == "parent" and one.age < 60:
        return world.parent_of(one)
    return world.child(one, (0, min(18, one.age - 20)))


def _ids(people: Iterable[Person], ids: dict[Person, str]) -> str:
    return "|".join(sorted(ids[person] for person in people))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> None:
    """Read the arguments and write the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching.generate")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--enrollments", type=int, default=5_000)
    parser.add_argument("--traps", type=float, default=0.25, help="share of the enrollments that are traps")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    made = make(options.seed, options.members, options.enrollments, options.traps, census())
    made.write(options.out)


if __name__ == "__main__":
    main()
