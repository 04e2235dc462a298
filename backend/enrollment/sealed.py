"""A file at rest: sealed in pieces in the store, read back piece by piece as if it lay on a disk.

Nothing of it is ever written to a disk in the clear.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import BinaryIO, cast

from backend.actors import Actor
from backend.enrollment import file_store as store
from backend.runtime import Runtime

PART = 65_536
"""Bytes of a piece."""
_PATIENCE = 60.0
"""Seconds a thread waits for a piece."""
_AT_ONCE = 16
"""Pieces written in one transaction: a moment of the one writer's time."""


async def keep(
    runtime: Runtime, actor: Actor, request_id: str, file_id: int, source: BinaryIO
) -> AsyncIterator[int]:
    """Seal a file into the store; yields how many bytes are kept so far."""
    source.seek(0)
    seq = size = 0
    while True:
        pieces = await runtime.in_thread(lambda: [source.read(PART) for _ in range(_AT_ONCE)])
        pieces = [piece for piece in pieces if piece]
        if not pieces:
            return
        sealed = [
            (at, runtime.keys.seal_part(piece, _place(file_id, at))) for at, piece in enumerate(pieces, seq)
        ]
        async with runtime.act(actor, request_id) as unit:
            await store.add_parts(unit.connection, file_id, sealed)
        seq += len(pieces)
        size += sum(map(len, pieces))
        yield size


def _place(file_id: int, seq: int) -> str:
    return f"{file_id}/{seq}"


async def read_at(runtime: Runtime, file_id: int, position: int, length: int) -> bytes:
    """Some bytes of a kept file; fewer at its end."""
    found = b""
    first = position // PART
    last = (position + length - 1) // PART
    async with runtime.database.read() as connection:
        for seq in range(first, last + 1):
            sealed = await store.part(connection, file_id, seq)
            if sealed is None:
                break
            found += runtime.keys.open_part(sealed, _place(file_id, seq))
    start = position - first * PART
    return found[start : start + length]


class SealedFile(io.RawIOBase):
    """A kept file for a reader that runs in a thread of its own; one piece in memory at a time."""

    def __init__(self, runtime: Runtime, file_id: int, size: int) -> None:
        super().__init__()
        self._runtime = runtime
        self._file_id = file_id
        self._size = size
        self._position = 0
        self._loop = asyncio.get_running_loop()
        self._seq = -1
        self._piece = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer from the piece that holds the position."""
        if self._position >= self._size:
            return 0
        seq, start = divmod(self._position, PART)
        if seq != self._seq:
            fetch = read_at(self._runtime, self._file_id, seq * PART, PART)
            self._piece = asyncio.run_coroutine_threadsafe(fetch, self._loop).result(_PATIENCE)
            self._seq = seq
        found = self._piece[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)


def opened(runtime: Runtime, file_id: int, size: int) -> BinaryIO:
    """A kept file as a binary file, to be read in a thread while this loop runs."""
    return io.BufferedReader(cast(io.RawIOBase, SealedFile(runtime, file_id, size)), PART)
