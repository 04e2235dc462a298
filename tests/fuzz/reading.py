"""Spoilt files through both passes of the reader: no exception, always a reason, and little memory."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field

from backend.enrollment.edi.reader import inspect
from tests.fuzz.hold import must_hold
from tests.fuzz.mutate import good_file, mutated

MEMORY_LIMIT = 16 * 2**20
"""Bytes one file may take beside itself: a chunk cut into pieces, and the most findings that are listed."""
_WEIGHED_EVERY = 50


@dataclass
class Result:
    """What came of many files."""

    files: int = 0
    accepted: int = 0
    members: int = 0
    peak: int = 0
    """Most bytes one of the weighed files took beside itself."""
    mishaps: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    """Seeds of files, with what went wrong."""

    def add(self, other: Result) -> None:
        """Count another result in."""
        self.files += other.files
        self.accepted += other.accepted
        self.members += other.members
        self.peak = max(self.peak, other.peak)
        self.mishaps += other.mishaps
        self.failed += other.failed


def one_file(seed: int, number: int) -> tuple[bytes, str]:
    """The file of that number in a run with that seed."""
    chance = random.Random(f"{seed}/{number}")
    return mutated(chance, good_file(chance))


def read_many(seed: int, first: int, count: int) -> Result:
    """Judge and read so many files; what goes wrong with one is noted and the next is taken."""
    result = Result()
    for number in range(first, first + count):
        content, name = one_file(seed, number)
        weighed = number % _WEIGHED_EVERY == 0
        if weighed:
            tracemalloc.start()
        try:
            found = must_hold(content)
            if weighed:
                peak = tracemalloc.get_traced_memory()[1]
                result.peak = max(result.peak, peak)
                assert peak < MEMORY_LIMIT, f"{peak:,} bytes of memory"
            result.members += len(found)
            result.accepted += bool(found)
        except Exception as error:  # noqa: BLE001 - whatever it raises is what is looked for
            result.failed.append(f"file {number} of seed {seed} ({name}): {error!r:.200}")
        finally:
            if weighed:
                tracemalloc.stop()
        result.files += 1
        result.mishaps.update(name.split("+"))
    return result


def good_are_accepted(seed: int, count: int) -> bool:
    """Whether the files are in order before anything happens to them: else nothing would be tried."""
    return all(
        inspect(io.BytesIO(good_file(random.Random(f"{seed}/{number}")))).accepted for number in range(count)
    )
