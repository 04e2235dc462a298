"""How far a long piece of work has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """So many of so many done; `total` is None while nobody knows."""

    done: int
    total: int | None = None
