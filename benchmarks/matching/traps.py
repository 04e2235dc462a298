"""All traps under their names."""

from __future__ import annotations

from benchmarks.matching import traps_births, traps_names, traps_numbers
from benchmarks.matching.trap import TRAPS, Case, Trap

__all__ = ["TRAPS", "Case", "Trap", "traps_births", "traps_names", "traps_numbers"]
