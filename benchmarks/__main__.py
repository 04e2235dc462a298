"""`make bench`: what a rep waits for, beside a reference measured in the same run.

Programs take turns (A B A B), so that a machine whose speed drifts slows both. One line a figure:
figure, reference, ratio, goal. The lines also go to `benchmarks/results/desk.txt`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.screen import Screen

_RESULTS = Path(__file__).parent / "results" / "desk.txt"
_KPREP = "import sys; from kprep_tui.launcher import main; sys.exit(main())"
_DOWN, _UP = b"\x1b[B", b"\x1b[A"


@dataclass(frozen=True)
class Line:
    """One figure beside its reference, both in milliseconds."""

    what: str
    ours: float
    reference: float
    goal: float

    def __str__(self) -> str:
        ratio = self.ours / self.reference
        word = "reached" if ratio <= self.goal else "MISSED"
        return (
            f"{self.what:<44} {self.ours:8.1f} ms   reference {self.reference:8.1f} ms   "
            f"ratio {ratio:5.2f}   goal <= {self.goal:.2f}   {word}"
        )


@dataclass(frozen=True)
class Program:
    """A program to measure: how it is started, and what stands on its first and its ready screen."""

    command: list[str]
    environment: dict[str, str]
    painted: str
    ready: Callable[[Screen], None]

    def start(self) -> Screen:
        return Screen(self.command, self.environment)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--pairs", type=int, default=15, help="starts of each program")
    parser.add_argument("--keys", type=int, default=200, help="keys pressed in each program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kprep-bench-") as home:
        kprep, bare, table = _kprep(Path(home)), _bare(), _table()
        with kprep.start() as first:  # builds the demo store and starts the backend, which then stays
            kprep.ready(first)
            lines = _starts(kprep, bare, options.pairs) + _keys(kprep, table, options.keys)
    text = "\n".join(map(str, lines))
    print(text)
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.write_text(f"# make bench, medians of {options.pairs} starts, {options.keys} keys\n{text}\n")
    sys.exit(0)


def _starts(ours: Program, reference: Program, pairs: int) -> list[Line]:
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(pairs):
        for program, times in ((ours, mine), (reference, theirs)):
            with program.start() as screen:
                times.append(screen.until(program.painted) * 1000)
    return [Line("start to first paint, median", statistics.median(mine), statistics.median(theirs), 1.3)]


def _keys(ours: Program, reference: Program, keys: int) -> list[Line]:
    with ours.start() as mine, reference.start() as theirs:
        ours.ready(mine)
        reference.ready(theirs)
        times: dict[Screen, list[float]] = {mine: [], theirs: []}
        sizes: dict[Screen, list[int]] = {mine: [], theirs: []}
        for press in range(keys):
            down = press // 10 % 2 == 0  # ten down, ten up: always inside the page
            for screen in (mine, theirs):
                seconds, count = screen.key(_DOWN if down else _UP)
                times[screen].append(seconds * 1000)
                sizes[screen].append(count)
    print(f"bytes for a key in the page: {statistics.median(sizes[mine]):.0f} (goal <= 800)")
    p95 = [statistics.quantiles(times[screen], n=20)[18] for screen in (mine, theirs)]
    medians = [statistics.median(times[screen]) for screen in (mine, theirs)]
    return [
        Line("key to paint inside the queue, median", medians[0], medians[1], 1.2),
        Line("key to paint inside the queue, p95", p95[0], p95[1], 1.2),
    ]


def _environment(home: Path | None = None) -> dict[str, str]:
    clean = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    clean |= {"LANG": "C.UTF-8", "HOME": str(home or Path.home())}
    if home is not None:
        run = home / "run"
        run.mkdir(mode=0o700)
        clean |= {"XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
        clean |= {"XDG_RUNTIME_DIR": str(run)}
    return clean


def _kprep(home: Path) -> Program:
    def ready(screen: Screen) -> None:
        screen.until("Enter signs in")
        screen.settle()
        screen.key(b"\r")
        screen.until("Manual match")
        screen.settle()

    return Program([sys.executable, "-c", _KPREP, "demo"], _environment(home), "KPREP", ready)


def _bare() -> Program:
    return Program([sys.executable, "-m", "benchmarks.bare"], _environment(), "BARE-READY", Screen.settle)


def _table() -> Program:
    return Program([sys.executable, "-m", "benchmarks.table100"], _environment(), "M-00000", Screen.settle)


if __name__ == "__main__":
    main()
