"""What happens to an exception nobody expected: a reference id, and nothing of what it met.

An exception's text and its frames' variables may hold a member's data, so only the place in the code
is noted: the id is computed from it, and the same defect has the same id everywhere.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import traceback
from types import TracebackType

SENTENCE = "kprep had to stop. Nothing was saved that the screen did not say was saved."


def reference(error: BaseException) -> str:
    """An id such as `K-3fa9c1d2` of the kind of exception and the places in the code it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.name}:{frame.lineno}" for frame in frames]
    text = "\n".join([type(error).__qualname__, *places])
    return "K-" + hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def farewell(error: BaseException) -> str:
    """What the rep reads in the terminal after the program ended by a defect."""
    return f"{SENTENCE} Reference {reference(error)}."


def install() -> None:
    """Let no exception outside the program's own handlers print its text or its variables."""

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            return
        sys.stderr.write(farewell(error) + "\n")

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        """A daemon thread's defect is not shown: its caller reports it, or nobody waits for it."""

    sys.excepthook = hook
    threading.excepthook = thread_hook
    sys.unraisablehook = lambda args: None
