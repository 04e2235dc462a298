"""`make proof-keys`: many scripts. Exit 1 when one ends otherwise."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from backend.log import open_log
from tests.typed_ahead.place import PATIENCE, Template
from tests.typed_ahead.trial import SECONDS_AWAY, Difference, differs


def main() -> int:
    """Type the scripts and tell how many ended otherwise."""
    parser = argparse.ArgumentParser(prog="make proof-keys", description=__doc__)
    parser.add_argument("--scripts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first script; the others follow it")
    parser.add_argument("--at-once", type=int, default=12, help="programs at the same time")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kprep-keys-") as folder:
        open_log(Path(folder) / "backend.log")
        with PATIENCE:
            found = asyncio.run(_all(Path(folder), options.seed, options.scripts, options.at_once))
    sys.stdout.write(
        f"scripts {options.scripts}, seeds from {options.seed}, answers after {SECONDS_AWAY} s: "
        f"{len(found)} ended otherwise; {time.monotonic() - begun:.0f} s\n"
    )
    return int(bool(found))


async def _all(folder: Path, first: int, scripts: int, at_once: int) -> list[Difference]:
    template = Template(folder)
    await template.fill()
    turns = asyncio.Semaphore(at_once)

    async def one(seed: int) -> Difference | None:
        async with turns:
            found = await differs(template, seed)
        if found is not None:
            sys.stdout.write(f"{found}\n\n")
            sys.stdout.flush()
        return found

    done = await asyncio.gather(*(one(seed) for seed in range(first, first + scripts)))
    return [one for one in done if one is not None]


if __name__ == "__main__":
    sys.exit(main())
