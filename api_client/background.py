"""What a program asks by itself is no act of the rep: it must not keep a session alive.

The mark goes with the context, so that a live update marks every fetch it starts. Free of httpx and
pydantic, so that the program may import it before the first paint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_marked: ContextVar[bool] = ContextVar("background", default=False)


@contextmanager
def background() -> Iterator[None]:
    """Requests made, and tasks started, inside are the program's own."""
    token = _marked.set(True)
    try:
        yield
    finally:
        _marked.reset(token)


def is_background() -> bool:
    """Whether what is asked now is the program's own."""
    return _marked.get()
