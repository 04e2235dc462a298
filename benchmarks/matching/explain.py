"""The rows behind each wrong answer, for whoever mends the matcher."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.matching import score
from benchmarks.matching.generate import ENROLLMENTS, REGISTRY, TRUTH


def wrong(folder: Path, results: Path) -> Iterator[str]:
    """Every false match and every wrong new: scenario, reason, the enrollment, the rows of the registry."""
    members, asked = _rows(folder / REGISTRY), _rows(folder / ENROLLMENTS)
    answers, truths = score.read_results(results), score.read_truth(folder / TRUTH)
    whys = {one["record_id"]: one["why"] for one in map(json.loads, results.read_text().splitlines())}
    for name, truth in truths.items():
        answer = answers[name]
        false = answer.decision == "auto" and answer.matched not in truth.accepted
        if false or (answer.decision == "new" and truth.true):
            yield f"{'FALSE MATCH' if false else 'WRONG NEW'} {name}: {truth.scenario}; {whys[name]}"
            yield f"    enrolled {asked[name]}"
            if answer.matched is not None:
                yield f"    matched  {members[answer.matched]}"
            for one in sorted(truth.true - {answer.matched}):
                yield f"    true     {members[one]}"


def _rows(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        return {row[0]: "|".join(row[1:]) for row in reader}
