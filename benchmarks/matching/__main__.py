"""`make bench-matching`: how well the trial command matches, beside its goals and beside Splink.

Each seed makes a fresh set; `kprep-backend match` answers; the answers are judged. FEBRL4 follows, with and
without SSNs. The lines also go to `benchmarks/results/matching.txt`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.matching import explain, generate, score
from benchmarks.matching.people import census
from benchmarks.matching.score import ALL, Score, Tally

if TYPE_CHECKING:
    from benchmarks.matching.splink_beside import Beside

_RESULTS = Path(__file__).parents[1] / "results"
_BACKEND = Path(sys.executable).parent / "kprep-backend"


@dataclass(frozen=True)
class Goal:
    """One figure that must be reached on one kind of set; `scope` is a kind of enrollment."""

    what: str
    scope: str
    figure: Callable[[Tally], float | int]
    limit: float | None
    lower: bool = False

    def line(self, tallies: Score) -> str:
        """The figure beside its goal."""
        value = self.figure(tallies[self.scope])
        text = f"{self.what:<58}{value:>9}" if isinstance(value, int) else f"{self.what:<58}{value:>9.4f}"
        if self.limit is None:
            return f"{text}   (no goal)"
        reached = value <= self.limit if self.lower else value >= self.limit
        sign, word = "<=" if self.lower else ">=", "reached" if reached else "MISSED"
        return f"{text}   goal {sign} {self.limit:g}   {word}"


def _false(tally: Tally) -> int:
    return tally.false_auto


_MADE = [
    Goal("false automatic matches", ALL, _false, 0, lower=True),
    Goal("matched automatically, of everyday members", "everyday", lambda one: one.recall, 0.8),
    Goal("matched automatically, of all members", ALL, lambda one: one.recall, None),
    Goal("true record first, everyday", "everyday", lambda one: one.top1, 0.9985),
    Goal("true record among five, everyday", "everyday", lambda one: one.top5, 0.9992),
    Goal("true record first, everything", ALL, lambda one: one.top1, None),
    Goal("true record among five, everything", ALL, lambda one: one.top5, None),
    Goal("duplicates by a wrong new, of members", ALL, lambda one: one.wrong_new_share, 1 / 2000, lower=True),
    Goal("share that a person has to look at, everyday", "everyday", lambda one: one.queue_share, None),
]


def _febrl_goals(first: float, five: float) -> list[Goal]:
    return [
        Goal("false automatic matches", ALL, _false, 0, lower=True),
        Goal("matched automatically", ALL, lambda one: one.recall, None),
        Goal("true record first", ALL, lambda one: one.top1, first),
        Goal("true record among five", ALL, lambda one: one.top5, five),
        Goal("duplicates by a wrong new", ALL, lambda one: one.wrong_new_share, 1 / 2000, lower=True),
    ]


def match(folder: Path, backend: Path = _BACKEND) -> Score:
    """Let the trial command answer the set in a folder, judge it, and print what is behind wrong answers."""
    results = folder / "results.jsonl"
    command = [str(backend), "match", "--registry", str(folder / generate.REGISTRY)]
    command += ["--enrollments", str(folder / generate.ENROLLMENTS), "--out", str(results)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    for line in explain.wrong(folder, results):
        print(line)
    return score.score(score.read_results(results), score.read_truth(folder / generate.TRUTH))


class Run:
    """What was asked for on the command line, done."""

    def __init__(self, options: argparse.Namespace, home: Path) -> None:
        self.options = options
        self.home = home
        self.false = 0

    def lines(self) -> Iterator[str]:
        """Everything there is to report."""
        yield from self._made()
        if not self.options.quick:
            yield from self._febrl("FEBRL4", True, 0.9996, 0.9998)
            yield from self._febrl("FEBRL4, SSNs blanked", False, 0.993, 0.995)

    def _made(self) -> Iterator[str]:
        options = self.options
        scores: list[Score] = []
        splinks: list[Beside] = []
        tables = census()
        for seed in range(options.base, options.base + options.seeds):
            folder = self.home / str(seed)
            generate.make(seed, options.members, options.enrollments, options.traps, tables).write(folder)
            scores.append(match(folder, options.backend))
            if len(splinks) < options.splink:
                splinks.append(_splink(folder))
        total = score.add(scores)
        last = options.base + options.seeds - 1
        size = f"{options.members} members, {options.enrollments} enrollments, {options.traps:.0%} traps"
        yield f"Made sets, seeds {options.base} to {last}: {size} each"
        yield from self._goals(_MADE, total)
        if splinks:
            yield f"Splink 5 on the first {len(splinks)} of them:"
            yield from _indented(sum(splinks[1:], splinks[0]))
        yield ""
        yield score.table(total)

    def _febrl(self, title: str, ssns: bool, first: float, five: float) -> Iterator[str]:
        from benchmarks.matching import febrl

        folder = self.home / title
        febrl.write(folder, ssns=ssns)
        yield ""
        yield title
        yield from self._goals(_febrl_goals(first, five), match(folder, self.options.backend))
        if self.options.splink:
            yield "Splink 5 on it:"
            yield from _indented(_splink(folder))

    def _goals(self, goals: list[Goal], tallies: Score) -> Iterator[str]:
        self.false += tallies[ALL].false_auto
        return (goal.line(tallies) for goal in goals)


def _splink(folder: Path) -> Beside:
    from benchmarks.matching.splink_beside import beside

    return beside(folder)


def _indented(splink: Beside) -> Iterator[str]:
    return (f"    {line}" for line in splink.lines())


def main() -> None:
    """Run, print, keep; fail when anybody was matched to somebody else."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching")
    parser.add_argument("--seeds", type=int, default=20, help="how many sets")
    parser.add_argument("--base", type=int, default=1001, help="seed of the first set")
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--enrollments", type=int, default=5_000)
    parser.add_argument("--traps", type=float, default=0.25)
    parser.add_argument(
        "--splink", type=int, default=3, help="sets that Splink is run on too; 0 leaves it out"
    )
    parser.add_argument("--backend", type=Path, default=_BACKEND, help="the kprep-backend to judge")
    parser.add_argument("--quick", action="store_true", help="three small sets, neither Splink nor FEBRL4")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.members, options.enrollments, options.splink = 3, 6_000, 1_500, 0
    with tempfile.TemporaryDirectory(prefix="kprep-matching-") as home:
        run = Run(options, Path(home))
        report = []
        for line in run.lines():
            print(line, flush=True)
            report.append(line)
    _RESULTS.mkdir(exist_ok=True)
    name = "matching-quick.txt" if options.quick else "matching.txt"
    (_RESULTS / name).write_text(
        f"# make {'bench' if options.quick else 'bench-matching'}\n" + "\n".join(report) + "\n"
    )
    sys.exit(1 if run.false else 0)


if __name__ == "__main__":
    main()
