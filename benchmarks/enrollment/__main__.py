"""Reading 834 files: members a second beside pyx12 on a file of the same kind, and memory as files grow.

Both take turns, each pass in a process of its own; the figures are of the processor's time, which other work
on the machine disturbs least. `--with-store` also imports a file into a fresh store, matching included. The
lines go to `benchmarks/results/enrollment.txt`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.enrollment.generate import GROUP, SENDER, write_file

_RESULTS = Path(__file__).parents[1] / "results" / "enrollment.txt"
_BACKEND = Path(sys.executable).parent / "kprep-backend"
_GOAL_SPEED = 10
_GOAL_MEMORY = 1.05
_MIB = 2**20


@dataclass(frozen=True)
class Pass:
    """What one pass over a file took."""

    seconds: float
    worked: float
    """Seconds of the processor."""
    members: int
    memory: int

    @property
    def rate(self) -> float:
        """Members a second of the processor."""
        return self.members / self.worked


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enrollment", description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--pyx12-members", type=int, default=10_000, help="members of the file for pyx12")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=834)
    parser.add_argument("--with-store", type=int, metavar="MEMBERS", help="import so many into a fresh store")
    options = parser.parse_args()
    command = " ".join(["python -m benchmarks.enrollment", *sys.argv[1:]])
    head = f"# {command}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start"
    lines = []
    with tempfile.TemporaryDirectory(prefix="kprep-bench-") as name:
        folder = Path(name)
        lines += _reading(folder, options.members, options.pyx12_members, options.rounds, options.seed)
        if options.with_store:
            lines += _storing(folder, options.with_store, options.seed)
    text = "\n".join([head, *lines])
    print(text)
    _RESULTS.write_text(text + "\n")


def _reading(folder: Path, members: int, few: int, rounds: int, seed: int) -> list[str]:
    large, small = folder / "large.834", folder / "small.834"
    size = write_file(large, members, seed)
    write_file(small, few, seed)
    ours, theirs, ours_small = [], [], []
    for _ in range(rounds):
        ours.append(_once("ours", large))
        theirs.append(_once("pyx12", small))
        ours_small.append(_once("ours", small))
    mine, other = (statistics.median(one.rate for one in passes) for passes in (ours, theirs))
    most, least = (statistics.median(one.memory for one in passes) for passes in (ours, ours_small))
    ratio, growth = mine / other, most / least
    return [
        f"judging and reading {members:,} members ({size / _MIB:.0f} MiB)   {mine:9,.0f} a second",
        f"pyx12 validating {few:,} members of the same kind         {other:9,.0f} a second",
        f"ratio {ratio:5.1f}   goal >= {_GOAL_SPEED}   {_word(ratio >= _GOAL_SPEED)}",
        f"memory of the whole process, {few:,} members   {least / _MIB:6.1f} MiB",
        f"memory of the whole process, {members:,} members   {most / _MIB:6.1f} MiB   "
        f"ratio {growth:4.2f}   goal <= {_GOAL_MEMORY}   {_word(growth <= _GOAL_MEMORY)}",
    ]


def _storing(folder: Path, members: int, seed: int) -> list[str]:
    """Import into an empty store: every member is matched, taken, and gets a card to be printed."""
    # Not before the passes: a process hands its own memory on to what it starts, and it would be counted.
    from backend.runtime import system_clock

    file, data, groups = folder / "store.834", folder / "data", folder / "groups.csv"
    write_file(file, members, seed, system_clock().date())
    groups.write_text(
        "number,name,employees,effective_from,cobra_admin,street,city,state,zip,billing_cycle,signer,"
        "administrator,representative,representative_phone,representative_extension\n"
        f"{GROUP},Bench Employers,{members},2020-01-01,client,1 Testing Way,Oakland,CA,94606,C1,Ada Signer,"
        "Ada Clerk,Paul Rep,(916) 555-0143,12\n"
    )
    _backend(data, "import-groups", str(groups))
    _backend(data, "partners", "put", f"ZZ/{SENDER}", "--status", "production", "--group", GROUP)
    began = time.perf_counter()
    report = json.loads(_backend(data, "import-834", str(file), "--json"))
    seconds = time.perf_counter() - began
    counts = ", ".join(f"{sum(kinds.values()):,} {outcome}" for outcome, kinds in report["counts"].items())
    return [
        f"imported into an empty SQLite store, matching and cards included: {members:,} members ({counts})",
        f"{members / seconds:9,.0f} members a second, start of the command included",
    ]


def _backend(data: Path, *words: str) -> str:
    done = subprocess.run(
        [str(_BACKEND), *words, "--data", str(data)], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr or done.stdout)
    return done.stdout


def _once(who: str, path: Path) -> Pass:
    command = [sys.executable, "-m", "benchmarks.enrollment.once", who, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Pass(**json.loads(done.stdout))


def _word(reached: bool) -> str:
    return "reached" if reached else "MISSED"


if __name__ == "__main__":
    main()
