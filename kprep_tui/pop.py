"""`kprep pop --phone -`: the phone system names the number that calls, and the running desk announces it.

A desk listens on a Unix socket of its own in the runtime folder that is this user's alone; the one number
is read once, handed to the backend and forgotten. Free of the toolkit, so that the command starts at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO

from screens.widgets.failure import Trouble

_PREFIX, _SUFFIX = "pop-", ".sock"
_MOST_BYTES = 64
_SECONDS = 10.0
_FORM = re.compile(r"\+?[0-9 ().-]{7,30}", re.ASCII)
_DIGITS = range(7, 16)
"""Digits of a phone number, a country's code included (ITU-T E.164)."""
DONE, REFUSED, CANNOT_RUN = 0, 1, 2
Announce = Callable[[str], Awaitable[str]]
"""Announces a number; returns the id of the call. Raises Trouble with a sentence."""


def number_in(text: bytes) -> str | None:
    """The phone number in what was given, or None where it is none."""
    line = text.decode("ascii", errors="replace").strip()
    digits = sum(sign.isdigit() for sign in line)
    return line if _FORM.fullmatch(line) and digits in _DIGITS else None


# -- the command -----------------------------------------------------------------------------------


def run(given: BinaryIO, folder: Callable[[], Path]) -> int:
    """Announce the number given to the desk that runs on this workstation; returns the exit code."""
    code, sentence = tell(given, folder)
    (sys.stderr if code else sys.stdout).write(f"kprep: {sentence}\n")
    return code


def tell(given: BinaryIO, folder: Callable[[], Path]) -> tuple[int, str]:
    """As `run`: the exit code, and the sentence that goes with it."""
    number = number_in(given.read(_MOST_BYTES))
    if number is None:
        return CANNOT_RUN, "There is no phone number on standard input; give one, such as 510-555-0144."
    try:
        sockets = sorted(folder().glob(f"{_PREFIX}*{_SUFFIX}"))
    except Trouble as trouble:
        return CANNOT_RUN, str(trouble)
    answers = [answer for answer in (_ask(one, number) for one in sockets) if answer is not None]
    if not answers:
        return CANNOT_RUN, "No kprep runs on this workstation, so nobody hears of the call."
    done, sentence = min(answers, key=lambda answer: not answer[0])
    return (DONE, f"{sentence} rings on the desk.") if done else (REFUSED, sentence)


def _ask(path: Path, number: str) -> tuple[bool, str] | None:
    """Whether the desk behind this socket announced it, and its word; None where no desk is behind it."""
    try:
        status = path.lstat()
        if not stat.S_ISSOCK(status.st_mode) or status.st_uid != os.getuid():
            return None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_SECONDS)
            line.connect(str(path))
            line.sendall(number.encode() + b"\n")
            answer = line.recv(1024).decode(errors="replace").strip()
    except ConnectionRefusedError:  # left behind by a desk that was killed
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    except OSError:
        return None
    word, _, sentence = answer.partition(" ")
    return (word == "ok", sentence) if word in ("ok", "no") else None


# -- the desk --------------------------------------------------------------------------------------


class PopListener:
    """Hears the numbers that `kprep pop` names, as long as the program runs."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._server: asyncio.Server | None = None

    async def open(self, announce: Announce) -> None:
        """Listen from now on; without a folder of its own a desk hears nothing and works all the same."""
        with contextlib.suppress(OSError, Trouble):
            path = self._folder() / f"{_PREFIX}{os.getpid()}{_SUFFIX}"
            path.unlink(missing_ok=True)  # of a process that had this number before
            self._server = await asyncio.start_unix_server(
                lambda reader, writer: _answer(announce, reader, writer), path, limit=_MOST_BYTES
            )
            self._path = path
            path.chmod(0o600)

    def close(self) -> None:
        """Take the socket away."""
        if self._server is not None:
            self._server.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._server = self._path = None


async def _answer(announce: Announce, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One number, one answer; whatever is longer than a number is not read."""
    try:
        async with asyncio.timeout(_SECONDS):
            given = await reader.readuntil(b"\n")
            answer = await _announced(announce, given)
            writer.write(answer.encode() + b"\n")
            await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # whoever asked is gone, or sent no number
    finally:
        writer.close()


async def _announced(announce: Announce, given: bytes) -> str:
    number = number_in(given)
    if number is None:
        return "no That is no phone number."
    try:
        return f"ok {await announce(number)}"
    except Trouble as trouble:
        return f"no {trouble}"
