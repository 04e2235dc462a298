"""A file of this workstation that the rep names, such as the picture of a faxed form, read into memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kprep_tui.daemon import in_daemon_thread
from screens.widgets.failure import Trouble

LARGEST_MIB = 16
"""A fax is far smaller; the backend may take less."""
_WITHIN = 20.0
"""Seconds; a share of the network that is away never answers."""


async def read_file(name: str, *, within: float = _WITHIN) -> bytes:
    """The content of a file, `~` and the folder of the start understood. Raises Trouble with a sentence."""
    try:
        return await in_daemon_thread(lambda: _read(name), limit=within)
    except TimeoutError:
        raise Trouble("The file could not be read in time; is the folder it lies in there?") from None


def _read(name: str) -> bytes:
    most = LARGEST_MIB * 1024 * 1024
    try:
        # A pipe or a device would keep us waiting for ever, or never end.
        descriptor = os.open(Path(name).expanduser(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Trouble("This is no file that can be read.")
            content = file.read(most + 1)
    except FileNotFoundError:
        raise Trouble("There is no such file.") from None
    except PermissionError:
        raise Trouble("You may not read this file.") from None
    except (OSError, ValueError, RuntimeError):
        raise Trouble("This file cannot be read.") from None
    if len(content) > most:
        raise Trouble(f"The file is larger than {LARGEST_MIB} MiB.")
    if not content:
        raise Trouble("The file is empty.")
    return content


__all__ = ["LARGEST_MIB", "read_file"]
