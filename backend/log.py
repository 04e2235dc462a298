"""Logs that can be read without seeing a person: only fields of an allow-list leave the process."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

_ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "operation", "method", "status", "milliseconds",
        "problem", "exception", "frames", "actor_kind", "job", "count", "version", "shape",
        "database", "signal",
    }
)  # fmt: skip
_LARGE = 20 * 1024 * 1024
_ROOT = Path(__file__).resolve().parent.parent


def _allow_list(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in fields.items() if name in _ALLOWED}


def set_up_log(stream: TextIO | None = None) -> None:
    """Write JSON lines to the stream (standard error unless told)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_list,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def open_log(path: Path) -> None:
    """Write the log to a file of the owner's alone; the one before is kept when it has grown large."""
    if path.exists() and path.stat().st_size > _LARGE:
        path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    set_up_log(os.fdopen(descriptor, "a", encoding="utf-8", buffering=1))


def log() -> structlog.typing.FilteringBoundLogger:
    """The process's logger."""
    return structlog.get_logger()  # type: ignore[no-any-return]


def scrubbed(error: BaseException) -> dict[str, Any]:
    """An exception as its class and the places it passed, without a message and without values."""
    frames = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"exception": type(error).__name__, "frames": frames[-12:]}


def _short(filename: str) -> str:
    try:
        return str(Path(filename).relative_to(_ROOT))
    except ValueError:
        return os.path.join(*Path(filename).parts[-2:])
