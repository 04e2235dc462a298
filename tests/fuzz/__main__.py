"""`make fuzz`: spoilt 834 files through the reader, and some of them into a store. Exit 1 on any failure."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from backend.database.engine import Database
from backend.keys import new_keys
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from tests.conftest import FixedClock
from tests.fuzz.reading import Result, good_are_accepted, read_many
from tests.fuzz.storing import Stored, store_many
from tests.stores import SQLiteStores

_CHUNK = 500
_PER_STORE = 50
"""Files for one store: it is compared whole after each of them."""
_SHOWN = 20
_TOLD_EVERY = 10_000


def main() -> int:
    """Try as many files as were asked for, print what came of them, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="files for the reader")
    parser.add_argument("--stored", type=int, default=1_000, help="files to import into a store")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    _say(f"seed {options.seed}, {options.processes} processes")
    if not good_are_accepted(options.seed, _CHUNK):
        _say("the files are not in order before anything happens to them")
        return 1
    with ProcessPoolExecutor(options.processes) as workers:
        failed = _read(workers, options.seed, options.files) + _store(workers, options.seed, options.stored)
    _say(*failed[:_SHOWN])
    return int(bool(failed))


def _read(workers: ProcessPoolExecutor, seed: int, files: int) -> list[str]:
    result, began = Result(), time.perf_counter()
    told = _TOLD_EVERY
    jobs = [
        workers.submit(read_many, seed, first, min(_CHUNK, files - first))
        for first in range(0, files, _CHUNK)
    ]
    for job in as_completed(jobs):
        result.add(job.result())
        if result.files >= told:
            _say(f"  {result.files:,} of {files:,} read, {len(result.failed)} failed")
            told += _TOLD_EVERY
    _say(
        f"read    {result.files:,} files: {len(result.failed)} failed; {result.accepted:,} had accepted sets "
        f"with {result.members:,} members; at most {result.peak / 2**20:.1f} MiB beside the file; "
        f"{time.perf_counter() - began:.0f} s",
        "        " + ", ".join(f"{name} {count:,}" for name, count in sorted(result.mishaps.items())),
    )
    return result.failed


def _store(workers: ProcessPoolExecutor, seed: int, files: int) -> list[str]:
    result, began = Stored(), time.perf_counter()
    jobs = [
        workers.submit(_in_a_store, seed, first, min(_PER_STORE, files - first))
        for first in range(0, files, _PER_STORE)
    ]
    for job in as_completed(jobs):
        result.add(job.result())
    _say(
        f"stored  {result.files:,} files: {len(result.failed)} failed; {result.applied:,} applied, "
        f"with {result.people:,} members told; {time.perf_counter() - began:.0f} s"
    )
    return result.failed


def _in_a_store(seed: int, first: int, count: int) -> Stored:
    return asyncio.run(_imported(seed, first, count))


async def _imported(seed: int, first: int, count: int) -> Stored:
    with tempfile.TemporaryDirectory(prefix="kprep-fuzz-") as folder:
        database = Database(SQLiteStores(Path(folder)).fresh())
        runtime = await open_runtime(database, load_policy(), new_keys(), clock=FixedClock())
        try:
            return await store_many(runtime, seed, first, count)
        finally:
            await runtime.close()


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
