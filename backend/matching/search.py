"""Who may be the enrollee: members who share keys, those with the rarest keys first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import log2

MOST_IN_A_BLOCK = 150
"""A key that more members share is no evidence and is left out."""
MOST_LOOKED_AT = 24
"""Members compared in full for one enrollment."""
_ALWAYS_LOOKED_AT = 10
_FAR_BEHIND = 0.15
"""Who shares so little beside the first is compared only among the first ten."""


def most_shared(pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Member ids by what they share, at most `MOST_LOOKED_AT`, from pairs of (key, member id).

    A key says the more the fewer have it. The order of the pairs does not matter.
    """
    blocks: dict[int, list[int]] = defaultdict(list)
    for key, member_id in pairs:
        blocks[key].append(member_id)
    weights: dict[int, float] = defaultdict(float)
    for block in blocks.values():
        if len(block) <= MOST_IN_A_BLOCK:
            weight = 8.3 - log2(len(block))
            for member_id in block:
                weights[member_id] += weight
    found = sorted(weights, key=lambda one: (-weights[one], one))[:MOST_LOOKED_AT]
    return found[:_ALWAYS_LOOKED_AT] + [
        one for one in found[_ALWAYS_LOOKED_AT:] if weights[one] >= _FAR_BEHIND * weights[found[0]]
    ]
