"""`make proof`: the long form. Exit 1 when anything was lost, doubled, accepted stale, or is wrong."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.home import Home
from tests.faults.proof import Plan, prove
from tests.faults.servers import sqlite_home
from tests.stores import postgresql_binaries, running_postgresql

_SHOWN = 20
_JUMP_EVERY = 12
"""Each jump ends all claims; were there one with every third kill, a full queue would take hours."""


def main() -> int:
    """Prove it on the databases asked for, print a table for each, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make proof", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--kill-every", type=float, default=2.0, help="seconds between two kills")
    parser.add_argument("--minutes", type=float, help="begin no further case after so many")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options = parser.parse_args()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)  # either way all that was started is ended
    failed = False
    for name in [options.database] if options.database else ["sqlite", "postgresql"]:
        plan = Plan(
            items=options.items,
            clients=options.clients,
            kill_every=options.kill_every,
            seed=options.seed,
            minutes=options.minutes,
            jump_every=_JUMP_EVERY,
            servers=2 if name == "postgresql" else 1,
        )
        _say(f"{name}: begun with seed {plan.seed}")
        with _home(name) as home:
            result = asyncio.run(prove(home, plan))
        _say(name, *result.lines())
        _say(*(f"  {one}" for one in result.verdict.found[:_SHOWN]))
        failed = failed or bool(result.verdict.found)
    return int(failed)


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


@contextmanager
def _home(database: str) -> Iterator[Home]:
    """A folder for one proof, gone afterwards, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="kprep-proof-") as folder:
        if database == "sqlite":
            yield sqlite_home(Path(folder))
            return
        binaries = postgresql_binaries()
        if binaries is None:
            sys.exit("make proof: PostgreSQL is not on this machine; --database sqlite proves the rest")
        with running_postgresql(binaries) as server:
            yield Home(Path(folder), server.fresh())


if __name__ == "__main__":
    sys.exit(main())
