"""Twenty keys typed ahead over a slow line end where the same keys typed slowly end."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.typed_ahead.place import PATIENCE, Template
from tests.typed_ahead.trial import differs

_SEEDS = range(834, 839)
_AT_ONCE = 6


async def test_keys_typed_ahead_end_where_keys_typed_slowly_end(tmp_path: Path) -> None:
    template = Template(tmp_path)
    await template.fill()
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(seed: int) -> str:
        async with turns:
            return str(await differs(template, seed) or "")

    with PATIENCE:
        found = [text for text in await asyncio.gather(*map(one, _SEEDS)) if text]
    assert not found, "\n\n".join(found)
