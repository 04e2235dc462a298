"""`python -m tests.billing_oracle --ledgers 100000`: ends with 1 when one history differs."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.billing_oracle.against import differences


def main() -> None:
    """Hold so many random histories against the backend; ends with 1 when one differs."""
    parser = argparse.ArgumentParser(description="Hold random billing histories against a second opinion.")
    parser.add_argument("--ledgers", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    share = 500
    seeds = range(options.seed, options.seed + (options.ledgers + share - 1) // share)
    wrong: list[str] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for done, found in enumerate(pool.map(differences, seeds, [share] * len(seeds)), 1):
            wrong += found
            if done % 20 == 0:
                sys.stderr.write(f"{done * share:,} ledgers, {len(wrong)} differ\n")
    sys.stdout.write("\n".join([*wrong[:5], f"{len(seeds) * share:,} ledgers, {len(wrong)} differ\n"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
