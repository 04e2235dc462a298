"""Clients that work the queue at once: each with a session of its own, through the real client library."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from api_client._http import Http
from api_client.client import KprepClient
from api_client.errors import ApiError, Busy, IdempotencyKeyReused, Internal, NoAnswer, Unavailable
from tests.desk import PASSWORD
from tests.faults.ledger import Act, Ledger
from tests.faults.servers import Servers
from tests.faults.wire import Wire

TIME_LIMIT = 3 * 12 + 0.4 + 1.6 + 5
"""Seconds any one call may take: three tries, the waits between them, and some for a busy machine."""
_UNANSWERED = (NoAnswer, Busy, Unavailable, Internal)
_AT_THE_DOOR = 3
"""How many sign in at once: a password is made to be slow to check."""
_PATIENCE = 100
"""How often a client asks again for an answer that never came."""


@dataclass
class Day:
    """What the clients share: the servers, the ledger, and what lies about for anyone to take up."""

    servers: Servers
    ledger: Ledger
    reps: Sequence[str]
    """Who a case can be handed to."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nobody should begin another case."""
    questions: deque[tuple[str, int]] = field(default_factory=deque)
    """Items that wait for the employer, with their versions."""
    doubts: deque[tuple[str, int, str]] = field(default_factory=deque)
    """Decisions that wait for a second person, with versions and who decided."""
    left: deque[str] = field(default_factory=deque)
    """Items whose holder went away without a word."""
    taken: dict[str, asyncio.Event] = field(default_factory=dict)
    """Set when somebody has claimed what another left."""
    seen: list[str] = field(default_factory=list)
    """Numbers of items, for those who open one by its number."""


@dataclass
class Station:
    """A signed-in client and the wire it hangs on."""

    rep: str
    client: KprepClient
    wire: Wire


@asynccontextmanager
async def stations(
    day: Day, names: Sequence[str], ports: Sequence[Sequence[int]], dice: random.Random, *, lost: float
) -> AsyncIterator[list[Station]]:
    """Everyone at their desk; each uses the ports given for it."""
    made: list[Station] = []
    try:
        for name, reachable in zip(names, ports, strict=True):
            wire = Wire(reachable, day.ledger, random.Random(dice.random()), lost=lost)
            made.append(Station(name, KprepClient(http=Http(transport=wire)), wire))
        door = asyncio.Semaphore(_AT_THE_DOOR)
        await asyncio.gather(*(_sign_in(station, f"desk {at}", door) for at, station in enumerate(made)))
        yield made
    finally:
        for station in made:
            await station.client.close()


async def _sign_in(station: Station, desk: str, door: asyncio.Semaphore) -> None:
    """A sign-in keeps no answer to be heard again: whose answer got lost signs in anew."""
    while True:
        with suppress(*_UNANSWERED, IdempotencyKeyReused):
            async with door:
                await station.client.session.sign_in(station.rep, password=PASSWORD, station=desk)
                return


async def do(day: Day, at: Station, act: Act, call: Awaitable[object]) -> Act:
    """Call, and write down what the client was told."""
    day.ledger.acts.append(act)
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        await call
    except _UNANSWERED as error:
        day.ledger.unknown += 1
        if isinstance(error, Internal):
            day.ledger.failed.append(error.request_id)
        act.sent = at.wire.last
    except ApiError:
        act.sent = at.wire.last
        act.read()
    else:
        act.sent = at.wire.last
        act.read()
    day.ledger.slowest = max(day.ledger.slowest, loop.time() - started)
    return act


async def settle(day: Day, at: Station, act: Act) -> None:
    """Ask again, with the same key, until an answer comes. Raises AssertionError when none ever does."""
    assert act.sent is not None
    for _ in range(_PATIENCE):
        await day.servers.up.wait()
        if await at.wire.again(act.sent):
            act.read()
            return
    raise AssertionError(f"no answer came to {act.kind} of {act.item}")
