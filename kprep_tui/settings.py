"""What a workstation may set: a TOML file and the environment, checked into one frozen object.

The file steers where passwords are sent, so one that others may write is refused.
"""

from __future__ import annotations

import os
import shlex
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Workstation = Literal["personal", "shared"]
_THEMES = ("dark", "light", "contrast")
_WORKSTATIONS = ("personal", "shared")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NAMES = frozenset({"server", "theme", "workstation", "viewer", "keys"})


class SettingsError(Exception):
    """The settings cannot be used; the text is a sentence for the rep."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one start."""

    server: str | None = None
    """Address of the backend; None starts the embedded one."""
    theme: str = "dark"
    workstation: Workstation = "personal"
    viewer: tuple[str, ...] = ()
    """Command that shows a PDF; empty for the desktop's own."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id -> keys, such as `screen.refresh` -> `f7,ctrl+r`."""
    demo: bool = False


def load_settings(
    file: Path, environ: Mapping[str, str], *, server: str | None = None, demo: bool = False
) -> Settings:
    """The settings of this start: the command line before the environment before the file.

    Raises SettingsError with a sentence when something in them cannot be used.
    """
    values: dict[str, object] = _read(file)
    for name in ("server", "theme", "workstation"):
        if environ.get(f"KPREP_{name.upper()}"):
            values[name] = environ[f"KPREP_{name.upper()}"]
    if server:
        values["server"] = server
    unknown = sorted(values.keys() - _NAMES)
    if unknown:
        raise SettingsError(f"The settings file knows no setting named {unknown[0]!r}.")
    return Settings(
        server=None if demo else _server(values.get("server")),
        theme=_one_of("theme", values.get("theme", "dark"), _THEMES),
        workstation="shared"
        if _one_of("workstation", values.get("workstation", "personal"), _WORKSTATIONS) == "shared"
        else "personal",
        viewer=_command(values.get("viewer", "")),
        keys=_keys(values.get("keys", {})),
        demo=demo,
    )


def _read(file: Path) -> dict[str, object]:
    if not file.exists():
        return {}
    for place in (file, file.parent):
        _refuse_writable(place)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The settings file {file} cannot be read.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {file} is not valid TOML: {error}.") from None


def _refuse_writable(place: Path) -> None:
    if os.name == "nt":
        return
    status = place.stat()
    if status.st_uid not in (os.getuid(), 0) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"{place} can be changed by other users of this computer, so it is not used. "
            f"Make it yours alone (chmod go-w) and start again."
        )


def _server(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise SettingsError("The server must be an address such as https://desk.example.org.")
    try:
        parts = urlsplit(value)
        host, plain_http = parts.hostname, parts.scheme == "http"
    except ValueError:
        host, plain_http = None, False
        parts = urlsplit("")
    if not host or parts.scheme not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise SettingsError("The server must be an address such as https://desk.example.org.")
    if plain_http and host not in _LOOPBACK:
        raise SettingsError("The server must be an https address; plain http is for this computer only.")
    return value.rstrip("/")


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"The {name} must be one of: {', '.join(allowed)}.")
    return str(value)


def _command(value: object) -> tuple[str, ...]:
    """The words of a command line; no shell ever reads it."""
    try:
        if isinstance(value, str):
            return tuple(shlex.split(value))
    except ValueError:
        pass
    raise SettingsError('The viewer must be a command, such as "zathura"; the PDF is named behind it.')


def _keys(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value.values()):
        raise SettingsError('Keys are set as names and keys, such as "screen.refresh" = "f7,ctrl+r".')
    return {str(name): str(key) for name, key in value.items()}
