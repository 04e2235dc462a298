"""Reading policy files strictly: a name that is unknown, missing or of the wrong kind refuses the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, time
from decimal import InvalidOperation
from pathlib import Path
from typing import Any, TypeVar, get_origin, get_type_hints

S = TypeVar("S")
HEAD: Mapping[str, type] = {"name": str, "version": int, "effective": date}
"""What each file says of itself in its table `policy`."""


class PolicyError(ValueError):
    """The policy file cannot be used; the sentence names the entry."""


@dataclass(frozen=True)
class Entry:
    """One number of the plan as `policy show` lists it."""

    name: str
    value: object
    source: str
    confirm: bool
    """A person of the plan has to confirm it before real use."""


def read_file(file: Path) -> dict[str, Any]:
    """The tables of a policy file, its table `policy` checked. Raises PolicyError."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file.name}: {error}") from None
    if "policy" not in raw:
        raise PolicyError(f"{file.name}: policy is missing")
    head = table("policy", raw["policy"])
    same_names("policy", head, set(HEAD))
    for name, kind in HEAD.items():
        require(f"policy.{name}", head[name], kind)
    return raw


def entries(prefix: str, raw: Mapping[str, Any]) -> Iterator[Entry]:
    """Every number in a table, in its order."""
    for name, item in raw.items():
        yield Entry(f"{prefix}.{name}", item["value"], item["source"], item.get("confirm", False))


def section(kind: type[S], prefix: str, raw: Mapping[str, Any], head: Mapping[str, Any]) -> S:
    """A table of entries as its dataclass; `head` gives the fields that are no entries."""
    types = {name: hint for name, hint in get_type_hints(kind).items() if name not in head}
    same_names(prefix, raw, set(types))
    values = {name: _value(f"{prefix}.{name}", raw[name], hint) for name, hint in types.items()}
    return kind(**head, **values)


def _value(name: str, item: object, kind: Any) -> object:
    entry = table(name, item)
    if unknown := set(entry) - {"value", "source", "confirm"}:
        raise PolicyError(f"{name}: unknown {', '.join(sorted(unknown))}")
    if missing := {"value", "source"} - set(entry):
        raise PolicyError(f"{name}: {', '.join(sorted(missing))} is missing")
    require(f"{name}.source", entry["source"], str)
    require(f"{name}.confirm", entry.get("confirm", False), bool)
    return _read(name, entry["value"], kind)


def _read(name: str, raw: Any, kind: Any) -> object:
    """The raw TOML value as the type its field declares."""
    if get_origin(kind) is tuple:
        require(name, raw, list)
        return tuple(_read(name, item, kind.__args__[0]) for item in raw)
    if get_origin(kind) is Mapping:
        keys, values = kind.__args__
        same_names(name, table(name, raw), set(keys))
        return {key: _read(f"{name}.{key}", raw[key], values) for key in keys}
    if is_dataclass(kind):
        return _read_parts(name, raw, kind)
    if kind in (int, bool, date, time):
        require(name, raw, kind)
        if kind is int and raw < 0:
            raise PolicyError(f"{name}: must not be negative")
        return raw
    require(name, raw, str)
    try:
        return kind(raw)
    except (ValueError, KeyError, InvalidOperation):
        raise PolicyError(f"{name}: {raw} is not allowed") from None


def _read_parts(name: str, raw: Any, kind: Any) -> object:
    """A value of several parts: a list gives all of them in order, a table names them."""
    types = get_type_hints(kind)
    if isinstance(raw, list):
        if len(raw) != len(types) or not all(type(item) is int for item in raw):
            raise PolicyError(f"{name}: {len(types)} whole numbers expected")
        return kind(*raw)
    named = table(name, raw)
    optional = {field.name for field in fields(kind) if field.default is not MISSING}
    same_names(name, named, set(types) - (optional - set(named)))
    return kind(**{part: _read(f"{name}.{part}", value, types[part]) for part, value in named.items()})


def table(name: str, raw: object) -> dict[str, Any]:
    """The value when it is a table; raises PolicyError."""
    require(name, raw, dict)
    assert isinstance(raw, dict)
    return raw


def require(name: str, value: object, kind: type) -> None:
    """Raises PolicyError unless the value is of exactly this type."""
    if type(value) is not kind:
        raise PolicyError(f"{name}: {kind.__name__} expected")


def same_names(where: str, raw: Mapping[str, Any], wanted: set[str]) -> None:
    """Raises PolicyError unless a table has exactly these names."""
    if missing := wanted - set(raw):
        raise PolicyError(f"{where}: {', '.join(sorted(missing))} is missing")
    if unknown := set(raw) - wanted:
        raise PolicyError(f"{where}: unknown {', '.join(sorted(unknown))}")
