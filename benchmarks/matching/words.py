"""The words of `words.toml`, typed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _list(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


def _lists(name: str) -> dict[str, list[str]]:
    return {key: _list(text) for key, text in _TABLES[name].items()}


MODERN, HISPANIC, ARABIC, ASIAN_LAST = map(_lists, ("modern", "hispanic", "arabic", "asian_last"))
ASIAN = {
    origin: {sex: _list(text) for sex, text in names.items()} for origin, names in _TABLES["asian"].items()
}
HISPANIC_LAST, HISPANIC_PARTICLE, ARABIC_LAST, EUROPEAN_LAST, STREETS = (
    _list(_TABLES[name])
    for name in ("hispanic_last", "hispanic_particle", "arabic_last", "european_last", "streets")
)
NICKNAMES, SPELLINGS = _lists("nicknames"), _lists("spellings")
NEAR = {
    sex: [(pair.split("/")[0], pair.split("/")[1]) for pair in _list(text)]
    for sex, text in _TABLES["near"].items()
}
"""First names of brothers and sisters that differ as little as a slip of the finger does."""
CITIES = [(one["name"], one["state"], tuple(one["zips"].split()), one["area"]) for one in _TABLES["cities"]]
STREET_KINDS = [(short, full) for short, full in _TABLES["street_kinds"].items()]
