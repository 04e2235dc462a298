"""Judge what a matcher answered, against the truth.

`python -m benchmarks.matching.score results.jsonl truth.csv` prints the figures of every scenario and fails
when one enrollment was matched to somebody else without a person having looked at it.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path

ALL = "everything"


@dataclass(frozen=True)
class Truth:
    """Whom one enrollment is about: no ids when the person is no member."""

    true: frozenset[str]
    accepted: frozenset[str]
    """The ids to which an automatic match is right; empty for a pair that only a person may settle."""
    scenario: str
    kind: str


@dataclass(frozen=True)
class Answer:
    """What the matcher said: `auto`, `queue` or `new`, and the ids it would show, best first."""

    decision: str
    matched: str | None
    candidates: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids as a rep would see them: the one matched automatically stands first."""
        if self.decision != "auto" or self.matched is None:
            return self.candidates
        return (self.matched, *(one for one in self.candidates if one != self.matched))


@dataclass
class Tally:
    """Counts over enrollments."""

    asked: int = 0
    present: int = 0
    decidable: int = 0
    auto: int = 0
    false_auto: int = 0
    right_auto: int = 0
    first: int = 0
    five: int = 0
    queued: int = 0
    new: int = 0
    wrong_new: int = 0
    mistakes: list[str] = field(default_factory=list)
    """Ids of the enrollments matched to somebody else."""

    def add(self, name: str, answer: Answer, truth: Truth) -> None:
        """Count one answer."""
        self.asked += 1
        self.queued += answer.decision == "queue"
        self.new += answer.decision == "new"
        if answer.decision == "auto":
            self.auto += 1
            right = answer.matched in truth.accepted
            self.right_auto += right
            if not right:
                self.false_auto += 1
                self.mistakes.append(name)
        if truth.true:
            self.present += 1
            self.decidable += bool(truth.accepted)
            self.first += bool(truth.true & set(answer.shown[:1]))
            self.five += bool(truth.true & set(answer.shown[:5]))
            self.wrong_new += answer.decision == "new"

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def recall(self) -> float:
        """The share of those present, and decidable, who were rightly matched automatically."""
        return self.right_auto / self.decidable if self.decidable else 0.0

    @property
    def top1(self) -> float:
        """The share of those present whose row stands first."""
        return self.first / self.present if self.present else 0.0

    @property
    def top5(self) -> float:
        """The share of those present whose row stands among five."""
        return self.five / self.present if self.present else 0.0

    @property
    def queue_share(self) -> float:
        """The share of all enrollments that a person has to look at."""
        return self.queued / self.asked if self.asked else 0.0

    @property
    def wrong_new_share(self) -> float:
        """The share of those present for whom a second row would be made."""
        return self.wrong_new / self.present if self.present else 0.0


Score = dict[str, Tally]
"""One tally a scenario, one a kind (everyday, trap), and one over everything."""


def read_truth(path: Path) -> dict[str, Truth]:
    """The truth by enrollment."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["record_id"]: Truth(_ids(row["true_id"]), _ids(row["accepted"]), row["scenario"], row["kind"])
            for row in csv.DictReader(file)
        }


def read_results(path: Path) -> dict[str, Answer]:
    """The answers by enrollment; an enrollment answered twice, or a decision of another name, is an error."""
    answers: dict[str, Answer] = {}
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            one = json.loads(line)
            if one["record_id"] in answers or one["decision"] not in ("auto", "queue", "new"):
                raise ValueError(f"{path}: {one['record_id']} is answered twice or as {one['decision']!r}")
            matched = one["matched_id"] if one["decision"] == "auto" else None
            answers[one["record_id"]] = Answer(one["decision"], matched, tuple(one["candidates"]))
    return answers


def score(answers: dict[str, Answer], truths: dict[str, Truth]) -> Score:
    """Count; every enrollment must have been answered."""
    if answers.keys() != truths.keys():
        odd = sorted(answers.keys() ^ truths.keys())
        raise ValueError(f"{len(odd)} enrollments without answer or answers without enrollment: {odd[:5]}")
    tallies: Score = {}
    for name, truth in truths.items():
        for scope in (ALL, truth.kind, truth.scenario):
            tallies.setdefault(scope, Tally()).add(name, answers[name], truth)
    return tallies


def add(scores: Iterable[Score]) -> Score:
    """Several runs as one."""
    total: Score = {}
    for one in scores:
        for scope, tally in one.items():
            total[scope] = total.get(scope, Tally()) + tally
    return total


def table(tallies: Score) -> str:
    """The figures of every scenario, the whole first."""
    widths = {"asked": 7, "false": 7, "auto": 7, "right": 8, "first": 8, "five": 8, "dupl": 6, "queue": 8}
    head = " " * 52 + "".join(f"{name:>{width}}" for name, width in widths.items())
    lines = [head]
    for scope in sorted(tallies, key=_order):
        one = tallies[scope]
        known = one.present > 0
        shares = (one.recall if one.decidable else None, *((one.top1, one.top5) if known else (None, None)))
        cells = "".join(f"{'-' if share is None else f'{share:.4f}':>8}" for share in shares)
        counts = f"{one.asked:>7}{one.false_auto:>7}{one.auto:>7}"
        lines.append(f"{scope:<52}{counts}{cells}{one.wrong_new:>6}{one.queue_share:>8.3f}")
    return "\n".join(lines)


def _order(scope: str) -> tuple[bool, bool, str]:
    return scope != ALL, scope not in ("everyday", "trap"), scope


def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split("|")) - {""}


def main() -> None:
    """Print the table."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m benchmarks.matching.score results.jsonl truth.csv")
    tallies = score(read_results(Path(sys.argv[1])), read_truth(Path(sys.argv[2])))
    print(table(tallies))
    if mistakes := tallies[ALL].mistakes:
        print(f"\nmatched to somebody else: {' '.join(mistakes[:50])}")
        sys.exit(1)


if __name__ == "__main__":
    main()
