"""One client's shift: what a rep does with the queue, by its weight, errors and pauses included."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from api_client.errors import ApiError
from api_client.matching import MatchingClient
from api_client.types.words import AskChannel, RejectReason, SkipReason
from tests.faults.herd import Day, Station, do, settle
from tests.faults.ledger import Act, Kind, Outcome
from tests.faults.servers import within

_ASKS_AGAIN = 0.8
"""Share of the answers that never came for which a client asks again; the others are settled at the end."""
_HEARS_AGAIN = 0.15
"""Share of the answers that a client asks to hear a second time."""
_TAKES_BACK_EVERY = 2.0
_FEW_CLAIMS = 3
"""With fewer claims than these a lead lets the reps finish."""
_marks = itertools.count(1)
FIRST = ("walk away", "open again")
"""What a client can do with its first case."""
Way = Callable[["Hold"], Awaitable["Hold | None"]]


@dataclass
class Hold:
    """A claim as its holder knows it."""

    item: str
    token: str
    version: int
    members: Sequence[str]

    @classmethod
    def of(cls, act: Act) -> Hold:
        """The claim an act gave."""
        case = act.case
        return cls(case["id"], act.given, case["version"], [one["mrn"] for one in case["candidates"]])


class Worker:
    """One client's shift: take, look, act, and sometimes err."""

    def __init__(
        self, day: Day, station: Station, beside: Station | None, dice: random.Random, *, first: str
    ) -> None:
        self._day = day
        self._at = station
        self._beside = beside
        """The same rep's second desk, for those who have one."""
        self._dice = dice
        self._first: Way | None = dict(zip(FIRST, (self._walk_away, self._open_again), strict=True))[first]
        """What becomes of the first case, so that every client errs at least once."""

    async def shift(self) -> None:
        """Work until nothing is left in the queue, or the day is closing."""
        while not self._day.closing.is_set():
            if self._chance(0.3):
                await self._by_the_way()
            hold = await self._take()
            if hold is not None:
                await self._work(hold)
            elif not await self._what_is_left():
                return

    # -- taking --------------------------------------------------------------------------------------

    async def _take(self) -> Hold | None:
        """Claim something: what another left, an item by its number, or the next."""
        numbers = self._day.left or self._day.seen
        if self._day.left or (numbers and self._chance(0.1)):
            number = self._day.left.popleft() if self._day.left else self._dice.choice(self._day.seen)
            if (hold := await self._claim(number)) is not None:
                return hold
        act = await self._do(Kind.NEXT, self._client.next())
        if act.outcome is Outcome.DONE:
            self._day.seen.append(act.item)
            return self._got(act)
        if act.problem == "nothing-waiting":
            return None
        # A claim of this rep's is alive, of which the answer never came: find it and take it up.
        for number in await self._mine():
            if (hold := await self._claim(number)) is not None:
                return hold
        return None

    async def _mine(self) -> Sequence[str]:
        try:
            return (await self._client.home()).mine
        except ApiError:
            return ()

    async def _claim(self, number: str) -> Hold | None:
        act = await self._do(Kind.CLAIM, self._client.claim(number), item=number)
        return self._got(act) if act.outcome is Outcome.DONE else None

    def _got(self, act: Act) -> Hold:
        hold = Hold.of(act)
        if event := self._day.taken.pop(hold.item, None):
            event.set()
        return hold

    async def _what_is_left(self) -> bool:
        """Nothing is free: look what hinders the queue from being empty; False when it is."""
        try:
            waiting = await self._client.list("paused")
            still_open = await self._client.list("open")
        except ApiError:
            return True
        if not waiting.rows and not still_open.rows:
            return False
        if waiting.rows:
            row = self._dice.choice(waiting.rows)
            await self._answer(row.id, row.version)
        doubtful = [row for row in still_open.rows if row.state == "pending_approval"]
        if doubtful:
            row = self._dice.choice(doubtful)
            await self._approve(row.id, row.version)
        if not waiting.rows and not doubtful:
            # All are claimed: their holders go on, or time must pass.
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._day.servers.jump()
        return True

    # -- a claimed case --------------------------------------------------------------------------------

    async def _work(self, hold: Hold) -> None:
        """One case from the claim on."""
        while True:
            if self._chance(0.2):
                await self._do(Kind.EXTEND, self._extending(hold.item, hold.token), hold=hold)
            way, self._first = self._first or self._any_way(), None
            further = await way(hold)
            if further is None:
                return
            hold = further

    def _any_way(self) -> Way:
        """What a rep does with a case, by its weight."""
        weights: dict[Way, int] = {
            self._decide: 70,
            self._put_back: 8,
            self._ask: 6,
            self._hand_over: 3,
            self._walk_away: 0 if self._day.servers.calm else 1,
            self._open_again: 4,
            self._race: 6 if self._beside else 0,
        }
        return self._dice.choices(list(weights), weights=list(weights.values()))[0]

    async def _extending(self, number: str, token: str) -> None:
        await self._client.extend(number, claim=token)

    async def _decide(self, hold: Hold) -> Hold | None:
        act = await self._deciding(self._at, hold)
        if act.outcome is not Outcome.DONE:
            return None
        state, version = act.case["state"], act.case["version"]
        if self._chance(0.05):
            undone = await self._do(Kind.UNDO, self._client.undo(hold.item, version), item=hold.item)
            if undone.outcome is Outcome.DONE:
                return self._got(undone)
        elif state == "pending_approval":
            self._day.doubts.append((hold.item, version, self._at.rep))
        return None

    async def _deciding(self, at: Station, hold: Hold) -> Act:
        """Link, create or reject under the claim, as often as in a shift."""
        mark, matching = f"call {next(_marks)}", at.client.matching
        what = self._dice.choices(["link", "create", "reject"], weights=[60, 25, 15])[0]
        if what == "link" and hold.members:
            mrn = hold.members[0]
            call = matching.link(hold.item, hold.version, mrn, claim=hold.token, note=mark)
            return await self._do(
                Kind.DECIDE, call, hold=hold, mark=mark, decision="link", mrn=mrn, station=at
            )
        if what == "create":
            call = matching.create_new(hold.item, hold.version, claim=hold.token, note=mark)
            return await self._do(Kind.DECIDE, call, hold=hold, mark=mark, decision="create", station=at)
        reason = self._dice.choice(list(RejectReason))
        call = matching.reject(hold.item, hold.version, reason, claim=hold.token, note=mark)
        return await self._do(Kind.DECIDE, call, hold=hold, mark=mark, decision="reject", station=at)

    async def _put_back(self, hold: Hold) -> Hold | None:
        await self._skipping(self._at, hold)
        return None

    async def _skipping(self, at: Station, hold: Hold) -> Act:
        reason = self._dice.choice(list(SkipReason))
        call = at.client.matching.skip(hold.item, reason, claim=hold.token)
        return await self._do(Kind.SKIP, call, hold=hold, station=at)

    async def _ask(self, hold: Hold) -> Hold | None:
        mark = f"call {next(_marks)}"
        channel = self._dice.choice(list(AskChannel))
        call = self._client.ask_employer(hold.item, hold.version, mark, channel, claim=hold.token)
        act = await self._do(Kind.ASK, call, hold=hold, mark=mark)
        if act.outcome is Outcome.DONE:
            self._day.questions.append((hold.item, act.case["version"]))
        return None

    async def _hand_over(self, hold: Hold) -> Hold | None:
        to = self._dice.choice([rep for rep in self._day.reps if rep != self._at.rep])
        await self._do(
            Kind.HAND_OVER, self._client.hand_over(hold.item, to, "please", claim=hold.token), hold=hold
        )
        return None

    # -- stale tokens ----------------------------------------------------------------------------------

    async def _walk_away(self, hold: Hold) -> Hold | None:
        """Pause past the end of the claim, while another claims the item; then go on as if nothing was."""
        if self._day.servers.calm:
            return hold
        taken = self._day.taken.setdefault(hold.item, asyncio.Event())
        await self._day.servers.jump()
        self._day.left.append(hold.item)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await taken.wait()
        await self._must_be_refused(hold)
        return None

    async def _open_again(self, hold: Hold) -> Hold | None:
        """Claim one's own item again, as after a restart of the desk: the old token is worth nothing."""
        fresh = await self._claim(hold.item)
        if fresh is not None:
            await self._must_be_refused(hold)
        return fresh

    async def _must_be_refused(self, stale: Hold) -> None:
        """Act with a token that is lost: nothing may be done."""
        ways = [self._deciding, self._skipping, self._late_extend, self._late_question]
        self._day.ledger.stale_tried += 1
        act = await self._dice.choice(ways)(self._at, stale)
        if act.outcome is Outcome.DONE:
            self._day.ledger.stale_accepted.append(f"{act.kind} of {act.item} with a token that was lost")
        elif act.outcome is Outcome.REFUSED and act.problem != "lease-lost":
            self._day.ledger.wrong.append(f"{act.kind} of {act.item} with a lost token: {act.problem}")

    async def _late_extend(self, at: Station, hold: Hold) -> Act:
        return await self._do(Kind.EXTEND, self._extending(hold.item, hold.token), hold=hold, station=at)

    async def _late_question(self, at: Station, hold: Hold) -> Act:
        mark, channel = f"call {next(_marks)}", AskChannel.PHONE
        call = at.client.matching.ask_employer(hold.item, hold.version, mark, channel, claim=hold.token)
        return await self._do(Kind.ASK, call, hold=hold, mark=mark, station=at)

    async def _race(self, hold: Hold) -> Hold | None:
        """Two desks of one rep at the same moment: one acts under the claim, the other claims anew."""
        assert self._beside is not None
        jumps, acting = self._day.servers.jumps, self._dice.choice([self._deciding, self._skipping])
        again = self._beside.client.matching.claim(hold.item)
        acted, claimed = await asyncio.gather(
            acting(self._at, hold),
            self._do(Kind.CLAIM, again, item=hold.item, station=self._beside),
        )
        if claimed.outcome is not Outcome.DONE:
            return None
        fresh = self._got(claimed)
        if acted.outcome is not Outcome.DONE:
            return fresh
        if acted.kind is Kind.DECIDE:
            self._day.ledger.stale_accepted.append(f"{hold.item} was decided under a claim that was renewed")
            return None
        # Put back first and claimed then: so the new claim must be alive.
        held = await self._late_extend(self._at, fresh)
        ended = self._day.servers.jumps != jumps or any(
            act.item == hold.item for act in self._day.ledger.acts if act.kind is Kind.TAKE_BACK
        )
        if held.problem == "lease-lost" and not ended:
            self._day.ledger.stale_accepted.append(f"{hold.item} was put back under a claim that was renewed")
        return fresh

    # -- without a claim -------------------------------------------------------------------------------

    async def _by_the_way(self) -> None:
        """The employer called back, or a colleague's decision needs a second person."""
        if self._day.questions:
            await self._answer(*self._day.questions.popleft())
        if self._day.doubts and self._day.doubts[0][2] != self._at.rep:
            item, version, _ = self._day.doubts.popleft()
            await self._approve(item, version)

    async def _answer(self, item: str, version: int) -> None:
        mark = f"call {next(_marks)}"
        await self._do(Kind.ANSWER, self._client.employer_answer(item, version, mark), item=item, mark=mark)

    async def _approve(self, item: str, version: int) -> None:
        await self._do(Kind.APPROVE, self._client.approve(item, version), item=item)

    # -- a call ----------------------------------------------------------------------------------------

    @property
    def _client(self) -> MatchingClient:
        return self._at.client.matching

    def _chance(self, share: float) -> bool:
        return self._dice.random() < share

    async def _do(
        self,
        kind: Kind,
        call: Awaitable[object],
        *,
        item: str = "",
        hold: Hold | None = None,
        mark: str = "",
        decision: str = "",
        mrn: str = "",
        station: Station | None = None,
    ) -> Act:
        """Do it; mostly ask again for an answer that never came, and sometimes for one that did."""
        at = station or self._at
        item, token = (hold.item, hold.token) if hold else (item, "")
        act = Act(mark or f"call {next(_marks)}", kind, at.rep, item, token, decision, mrn)
        await do(self._day, at, act, call)
        if act.outcome is Outcome.UNKNOWN and self._chance(_ASKS_AGAIN):
            await settle(self._day, at, act)
        elif act.outcome is Outcome.DONE and self._chance(_HEARS_AGAIN):
            assert act.sent is not None
            self._day.ledger.replays += 1
            await at.wire.again(act.sent)
        return act


async def lead(day: Day, at: Station, dice: random.Random, over: asyncio.Event) -> None:
    """A lead who every now and then ends somebody's claim, until the day is over."""
    while not await within(over, _TAKES_BACK_EVERY):
        try:
            rows = (await at.client.matching.list("open")).rows
        except ApiError:
            continue
        held = [row for row in rows if row.holder is not None]
        if len(held) >= _FEW_CLAIMS:
            row = dice.choice(held)
            act = Act(f"call {next(_marks)}", Kind.TAKE_BACK, at.rep, row.id)
            await do(day, at, act, at.client.matching.take_back(row.id, row.version))
            if act.outcome is Outcome.UNKNOWN:
                await settle(day, at, act)
