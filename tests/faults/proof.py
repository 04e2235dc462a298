"""The whole proof: a full queue, clients at once, servers killed, bad connections, and the verdict."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.home import Home
from tests.faults import stock
from tests.faults.herd import TIME_LIMIT, Day, Station, settle, stations
from tests.faults.judge import Verdict, judge
from tests.faults.ledger import Kind, Ledger, Outcome
from tests.faults.proxy import bad_connection
from tests.faults.servers import Servers, write_policy
from tests.faults.worker import FIRST, Worker, lead


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    items: int
    clients: int
    kill_every: float
    """Seconds from the moment all servers answer to the next kill."""
    seed: int
    servers: int = 1
    lost: float = 0.05
    """Share of the answers to writes that the client never gets to see."""
    bad: float = 0.3
    """Share of the clients behind bad connections."""
    jump_every: int = 3
    """At each so many-th kill all servers end, and time jumps past every claim."""
    turns: int | None = None
    """After so many kills it stays calm; without it they go on until the queue is empty."""
    minutes: float | None = None
    """After so long nobody begins another case; what was done until then is judged."""
    limit: float = 7200
    """Seconds after which it gives up."""
    two_desks: float = 0.3
    """Share of the clients with a second desk."""


@dataclass
class Result:
    """What was done and what is wrong with it."""

    plan: Plan
    ledger: Ledger
    kills: int
    jumps: int
    seconds: float
    verdict: Verdict

    def lines(self) -> list[str]:
        """The table that is printed."""
        ledger, verdict = self.ledger, self.verdict
        decided = sum(1 for _ in ledger.of(Kind.DECIDE))
        figures = {
            "seed": self.plan.seed,
            "items": self.plan.items,
            "clients": self.plan.clients,
            "servers": self.plan.servers,
            "calls": ledger.calls,
            "kills": self.kills,
            "acknowledged acts": sum(act.outcome is Outcome.DONE for act in ledger.acts),
            "of them decisions": decided,
            "unknown to their client": ledger.unknown,
            "replays": ledger.replays,
            "stale tokens tried": ledger.stale_tried,
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "stale accepted": len(verdict.stale),
            "wrong otherwise": len(verdict.wrong),
            "slowest call, s": round(ledger.slowest, 1),
            "seconds": round(self.seconds),
        }
        return [f"{name:<26}{value:>10}" for name, value in figures.items()]


async def prove(home: Home, plan: Plan) -> Result:
    """Fill the store, let the clients work it empty while servers are killed, and judge what is left.

    The verdict is taken twice: with all that clients do not know still open, and once it is settled.
    """
    dice = random.Random(plan.seed)
    await stock.fill(home, plan.items, plan.clients, dice)
    servers = Servers(home, write_policy(home.folder), plan.servers)
    ledger = Ledger()
    day = Day(servers, ledger, stock.reps(plan.clients))
    loop = asyncio.get_running_loop()
    started = loop.time()
    await servers.start()
    try:
        async with AsyncExitStack() as open_now:
            at = await open_now.enter_async_context(_desks(day, plan, dice))
            await _work(day, plan, at, dice)
            await servers.stop()
            first = await judge(home.database, ledger, members=plan.items, settled=False)
            await servers.start()
            await _settle(day, at)
        await servers.stop()
    finally:
        await servers.end()
    seconds = loop.time() - started
    verdict = await judge(home.database, ledger, members=plan.items, settled=True)
    verdict.wrong += [f"before all was settled: {one}" for one in first.found if one not in verdict.found]
    verdict.wrong += [f"a server failed: {line}" for line in _log_lines(home.folder, ledger.failed)]
    status, report = await servers.verify_audit()
    if status:
        verdict.wrong.append(f"the record does not verify: {report}")
    if ledger.slowest > TIME_LIMIT:
        verdict.wrong.append(f"a call took {ledger.slowest:.1f} s, {TIME_LIMIT:.1f} are its limit")
    return Result(plan, ledger, servers.kills, servers.jumps, seconds, verdict)


def _log_lines(folder: Path, references: Sequence[str]) -> list[str]:
    """What the servers' log says of these requests."""
    log = "".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("backend.log*"))
    by_line = log.splitlines()
    return [next((line for line in by_line if one in line), one) for one in references]


@asynccontextmanager
async def _desks(day: Day, plan: Plan, dice: random.Random) -> AsyncIterator[dict[str, list[Station]]]:
    """One or two signed-in desks for each client, some of them behind bad connections."""
    names = [*day.reps, *dice.sample(day.reps, round(plan.clients * plan.two_desks)), stock.LEAD]
    good: Sequence[int] = day.servers.ports
    async with AsyncExitStack() as open_now:
        bad = [await open_now.enter_async_context(bad_connection(port, dice)) for port in good]
        ports = [bad if dice.random() < plan.bad else good for _ in names]
        made = await open_now.enter_async_context(stations(day, names, ports, dice, lost=plan.lost))
        desks: dict[str, list[Station]] = {}
        for station in made:
            desks.setdefault(station.rep, []).append(station)
        yield desks


async def _work(day: Day, plan: Plan, at: dict[str, list[Station]], dice: random.Random) -> None:
    """All shifts at once; servers are killed until the last one ends."""
    over = asyncio.Event()
    lead_at = at[stock.LEAD][0]

    async def shifts() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for desks, errs in zip((at[rep] for rep in day.reps), itertools.cycle(FIRST), strict=False):
                    beside = desks[1] if len(desks) > 1 else None
                    worker = Worker(day, desks[0], beside, random.Random(dice.random()), first=errs)
                    group.create_task(worker.shift())
        finally:
            over.set()

    if plan.minutes is not None:
        asyncio.get_running_loop().call_later(plan.minutes * 60, day.closing.set)
    async with asyncio.timeout(plan.limit), asyncio.TaskGroup() as group:
        group.create_task(
            day.servers.rage(
                plan.kill_every,
                over,
                lambda: day.ledger.answered,
                jump_every=plan.jump_every,
                turns=plan.turns,
            )
        )
        group.create_task(shifts())
        group.create_task(lead(day, lead_at, random.Random(dice.random()), over))


async def _settle(day: Day, at: dict[str, list[Station]]) -> None:
    """Every client asks for the answers that never came."""
    for act in day.ledger.acts:
        if act.outcome is Outcome.UNKNOWN:
            await settle(day, at[act.rep][0], act)
