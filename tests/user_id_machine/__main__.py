"""`python -m tests.user_id_machine --steps 100000`: ends with 1 when something came about that must not."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import count

from tests.user_id_machine.play import play

_EXAMPLES = 20
"""Of one seed."""


def main() -> None:
    """Play so many steps; ends with 1 when something came about that must not."""
    parser = argparse.ArgumentParser(description="Play the state machine of user IDs on the real services.")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    done: Counter[str] = Counter()
    seeds = count(options.seed)
    with ProcessPoolExecutor(options.workers) as pool:
        while done["steps"] < options.steps:
            some = [next(seeds) for _ in range(options.workers)]
            for by, (counted, failed) in zip(
                some, pool.map(play, [_EXAMPLES] * len(some), some), strict=True
            ):
                done += counted
                if failed:
                    sys.stdout.write(f"seed {by}\n{failed}\n")
                    sys.exit(1)
            sys.stderr.write(f"{done['steps']:,} steps, {done['activate']:,} activations\n")
    sys.stdout.write("".join(f"{what}: {times:,}\n" for what, times in done.most_common()))


if __name__ == "__main__":
    main()
