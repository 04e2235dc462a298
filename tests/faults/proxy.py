"""A bad connection on loopback: late, sliced, cut, reset, or silent before it closes."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

_PIECE = 4096
_HOST = "127.0.0.1"
_Passing = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Fault(StrEnum):
    """What is wrong with a connection."""

    LATENCY = "latency"
    """Each piece arrives some tens of milliseconds late."""
    SLICER = "slicer"
    """Answers come in slices of a few bytes."""
    CUT = "cut"
    """The connection closes after so many bytes of answers."""
    CUT_REQUEST = "cut request"
    """The connection closes after so many bytes of requests."""
    RESET = "reset"
    """The connection is reset after so many bytes of answers."""
    SLOW_CLOSE = "slow close"
    """After so many bytes nothing comes for a second, then the connection closes."""
    DRIP = "drip"
    """Answers come a byte at a time, for ever within every limit between two bytes."""


ALWAYS_ENDS = tuple(fault for fault in Fault if fault is not Fault.DRIP)


class _Broken(Exception):
    """The connection has had its fault."""


@dataclass
class _Bad:
    """One connection with its fault."""

    fault: Fault
    limit: int
    random: random.Random
    passed: int = 0

    async def request(self, piece: bytes, out: asyncio.StreamWriter) -> None:
        """Pass on a piece of a request."""
        if self.fault is Fault.CUT_REQUEST:
            self.passed += len(piece)
            if self.passed > self.limit:
                out.write(piece[: self.random.randrange(len(piece))])
                await out.drain()
                raise _Broken
        out.write(piece)
        await out.drain()

    async def answer(self, piece: bytes, out: asyncio.StreamWriter) -> None:
        """Pass on a piece of an answer, with the fault."""
        if self.fault is Fault.LATENCY:
            await asyncio.sleep(self.random.uniform(0.005, 0.05))
        elif self.fault is Fault.SLICER:
            while len(piece) > 300:
                size = self.random.randrange(1, 300)
                out.write(piece[:size])
                await out.drain()
                piece = piece[size:]
        elif self.fault is Fault.DRIP:
            for start in range(len(piece)):
                out.write(piece[start : start + 1])
                await out.drain()
                await asyncio.sleep(0.5)
            return
        elif self.fault is not Fault.CUT_REQUEST:
            self.passed += len(piece)
            if self.passed > self.limit:
                await self._break(piece, out)
        out.write(piece)
        await out.drain()

    async def _break(self, piece: bytes, out: asyncio.StreamWriter) -> None:
        out.write(piece[: self.random.randrange(len(piece))])
        await out.drain()
        if self.fault is Fault.RESET:
            linger = struct.pack("ii", 1, 0)
            out.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            out.transport.abort()
        elif self.fault is Fault.SLOW_CLOSE:
            await asyncio.sleep(1)
        raise _Broken


@asynccontextmanager
async def bad_connection(
    target: int, dice: random.Random, faults: tuple[Fault, ...] = ALWAYS_ENDS
) -> AsyncIterator[int]:
    """A port that leads to the target's, each connection with one of the faults."""
    open_now: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        try:
            await _carry(target, _Bad(dice.choice(faults), dice.randrange(100, 12_000), dice), reader, writer)
        except asyncio.CancelledError:
            pass  # the proxy closes
        finally:
            open_now.discard(task)

    server = await asyncio.start_server(carry, _HOST, 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


async def _carry(target: int, bad: _Bad, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        inside, outside = await asyncio.open_connection(_HOST, target)
    except OSError:
        writer.close()
        return
    ways = [
        asyncio.create_task(_pump(reader, outside, bad.request)),
        asyncio.create_task(_pump(inside, writer, bad.answer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (writer, outside):
            end.close()
            with contextlib.suppress(OSError):
                await end.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: _Passing) -> None:
    with contextlib.suppress(_Broken, OSError):
        while piece := await reader.read(_PIECE):
            await passing(piece, writer)
