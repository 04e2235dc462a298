"""One script typed ahead over a slow line, and typed slowly over a quick one."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from tests.typed_ahead.place import Template, typist
from tests.typed_ahead.scripts import script

SECONDS_AWAY = 0.3
SIZES = ((80, 24), (120, 40))


@dataclass(frozen=True)
class Difference:
    """Where a script ended otherwise."""

    seed: int
    keys: list[str]
    lines: list[str]

    def __str__(self) -> str:
        return "\n".join([f"seed {self.seed}: {' '.join(self.keys)}", *self.lines])


async def differs(template: Template, seed: int, seconds_away: float = SECONDS_AWAY) -> Difference | None:
    """What is different at the end; None when both end the same."""
    keys = script(seed)
    try:
        ahead = await _end(template, keys, seconds_away, SIZES[seed % 2])
        slowly = await _end(template, keys, None, SIZES[seed % 2])
    except Exception:  # noqa: BLE001  (a program that stopped is a difference too)
        return Difference(seed, keys, traceback.format_exc().splitlines()[-8:])
    lines = list(difflib.unified_diff(slowly, ahead, "slowly", "ahead", lineterm="", n=0))
    return Difference(seed, keys, lines) if lines else None


async def _end(
    template: Template, keys: Sequence[str], away: float | None, size: tuple[int, int]
) -> list[str]:
    """The state after the keys, typed at once over a line so slow; None types slowly over a quick one."""
    async with typist(template, away or 0, size) as one:
        await (one.types_slowly(keys) if away is None else one.types(keys))
        return one.state
