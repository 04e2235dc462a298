"""Splink 5 on the same files: the best known open matcher, set up as its makers advise.

u by random sampling, m by expectation maximisation over three blocking rules, the prior from
deterministic rules. Term frequencies for names, birth dates and zip codes; Jaro-Winkler levels
for names, the library's comparison of birth dates, levels of edits for numbers.

`python -m benchmarks.matching.splink_beside DIR` reads the three files of a set and prints the figures.
"""

from __future__ import annotations

import argparse
import logging
import math
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from benchmarks.matching.generate import ENROLLMENTS, REGISTRY, TRUTH
from benchmarks.matching.records import COLUMNS, plain
from benchmarks.matching.score import Truth, read_truth

ODDS = 1000
"""Odds at which practice lets a match through without a person."""
_PLACEHOLDERS = {"999999999", "123456789", "000000000", "111111111"}


@dataclass
class Beside:
    """What Splink reaches; sums over several sets."""

    asked: int = 0
    present: int = 0
    decidable: int = 0
    first: int = 0
    five: int = 0
    tops: list[tuple[float, bool]] = field(default_factory=list)
    """Of each enrollment with a candidate: the weight of the best, and whether it may be matched to it."""
    query_ms: list[float] = field(default_factory=list)

    def __add__(self, other: Beside) -> Beside:
        return Beside(
            self.asked + other.asked,
            self.present + other.present,
            self.decidable + other.decidable,
            self.first + other.first,
            self.five + other.five,
            self.tops + other.tops,
            self.query_ms + other.query_ms,
        )

    def at(self, weight: float) -> tuple[int, float]:
        """False matches and recall when everything of this weight and more is matched automatically."""
        right = [good for top, good in self.tops if top >= weight]
        return right.count(False), right.count(True) / self.decidable if self.decidable else 0.0

    @property
    def without_false(self) -> float:
        """The best recall that any cut gives without a false match."""
        worst = max((top for top, good in self.tops if not good), default=-math.inf)
        return (
            sum(good and top > worst for top, good in self.tops) / self.decidable if self.decidable else 0.0
        )

    def lines(self) -> Iterator[str]:
        """The figures in words."""
        false, recall = self.at(math.log2(ODDS))
        yield f"first {self.first / self.present:.4f}, among five {self.five / self.present:.4f}"
        yield f"at odds of {ODDS}:1: {false} false automatic matches of {self.asked}, recall {recall:.4f}"
        yield f"best recall without a false match {self.without_false:.4f}"
        if self.query_ms:
            yield f"one query, median {statistics.median(self.query_ms):.0f} ms"


def beside(folder: Path, queries: int = 5) -> Beside:
    """Train on a set, match it, and compare with the truth."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    left = _read(folder / REGISTRY)
    right = _read(folder / ENROLLMENTS)
    linker = _linker(database, left, right)
    pairs: Any = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    members = set(left.unique_id)
    ranked: dict[str, list[tuple[float, str]]] = {}
    for weight, one, two in zip(pairs.match_weight, pairs.unique_id_l, pairs.unique_id_r, strict=True):
        member, asked = (one, two) if one in members else (two, one)
        ranked.setdefault(asked, []).append((weight, member))
    result = _count(ranked, read_truth(folder / TRUTH))
    result.query_ms = list(_timed(linker, database, left, right, queries))
    return result


def _count(ranked: dict[str, list[tuple[float, str]]], truths: dict[str, Truth]) -> Beside:
    result = Beside(len(truths))
    for name, truth in truths.items():
        best = sorted(ranked.get(name, []), reverse=True)[:5]
        ids = [member for _, member in best]
        result.present += bool(truth.true)
        result.decidable += bool(truth.accepted)
        result.first += bool(truth.true & set(ids[:1]))
        result.five += bool(truth.true & set(ids))
        if best:
            result.tops.append((best[0][0], ids[0] in truth.accepted))
    return result


def _linker(database: Any, left: pd.DataFrame, right: pd.DataFrame) -> Any:
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=_comparisons(bool((left.phone.notna()).any())),
        blocking_rules_to_generate_predictions=_blocking(),
    )
    tables = [
        database.register(left, dataset_display_name="registry"),
        database.register(right, dataset_display_name="enrollments"),
    ]
    linker = Linker(tables, settings, log_level=None)
    train = linker.training
    sure = [block_on("ssn", "last_name"), block_on("first_name", "last_name", "date_of_birth")]
    train.estimate_probability_two_random_records_match(sure, recall=0.8)
    train.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (
        block_on("date_of_birth"),
        block_on("first_name", "last_name"),
        block_on("zip", "last_name"),
    ):
        train.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def _blocking() -> list[Any]:
    return [
        block_on("ssn"),
        block_on("date_of_birth"),
        block_on("first_name", "last_name"),
        block_on("substr(last_name, 1, 4)", "zip"),
        block_on("first_name", "zip"),
        block_on("street", "zip"),
        block_on("substr(ssn, 1, 5)", "substr(last_name, 1, 3)"),
        block_on("substr(ssn, 5, 5)", "substr(first_name, 1, 2)"),
        block_on("substr(date_of_birth, 1, 4)", "substr(last_name, 1, 3)", "substr(first_name, 1, 1)"),
        "l.first_name = r.last_name and l.last_name = r.first_name",
    ]


def _comparisons(phones: bool) -> list[Any]:
    found = [
        comparisons.ForenameSurnameComparison(
            "first_name", "last_name", forename_surname_concat_col_name="full_name"
        ),
        comparisons.DateOfBirthComparison("date_of_birth", input_is_string=True).configure(
            term_frequency_adjustments=True
        ),
        comparisons.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
        comparisons.JaroWinklerAtThresholds("street", [0.95, 0.85]),
        comparisons.CustomComparison(
            output_column_name="place",
            comparison_levels=[
                levels.And(levels.NullLevel("zip"), levels.NullLevel("city")),
                levels.ExactMatchLevel("zip", term_frequency_adjustments=True),
                levels.ExactMatchLevel("city"),
                levels.ElseLevel(),
            ],
        ),
    ]
    if phones:
        found += [
            comparisons.ExactMatch("phone"),
            comparisons.ExactMatch("sex"),
            comparisons.CustomComparison(
                output_column_name="middle_name",
                comparison_levels=[
                    levels.NullLevel("middle_name"),
                    levels.ExactMatchLevel("middle_name"),
                    levels.ExactMatchLevel("substr(middle_name, 1, 1)"),
                    levels.ElseLevel(),
                ],
            ),
        ]
    return found


def _read(path: Path) -> pd.DataFrame:
    """The file, prepared as the manual asks: one case, no accents, empty texts and placeholders null."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)[list(COLUMNS)]
    frame = frame.map(lambda text: plain(text).upper().strip()).rename(columns={"record_id": "unique_id"})
    frame["unique_id"] = pd.read_csv(path, dtype=str).record_id
    for column in ("ssn", "phone"):
        frame[column] = frame[column].str.replace(r"\D", "", regex=True)
    frame["zip"] = frame["zip"].str[:5]
    frame["ssn"] = frame["ssn"].where(~frame["ssn"].isin(_PLACEHOLDERS), "")
    frame["date_of_birth"] = frame["date_of_birth"].where(frame["date_of_birth"] != "1900-01-01", "")
    frame["full_name"] = frame["first_name"] + " " + frame["last_name"]
    return frame.mask(frame == "")


def _timed(
    linker: Any, database: Any, left: pd.DataFrame, right: pd.DataFrame, queries: int
) -> Iterator[float]:
    """One new record at a time against the registry."""
    registry = linker._input_tables_dict["registry"]
    for number in range(queries + 1):
        one = database.register(right.iloc[number : number + 1], dataset_display_name=f"query_{number}")
        began = time.perf_counter()
        linker.inference.predict_between(registry, one).as_pandas_dataframe()
        if number:  # the first one warms up
            yield (time.perf_counter() - began) * 1000


def main() -> None:
    """Print the figures of one set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching.splink_beside")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=5)
    options = parser.parse_args()
    for line in beside(options.folder, options.queries).lines():
        print(line)


if __name__ == "__main__":
    main()
