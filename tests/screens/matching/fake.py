"""A backend that keeps match items in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api_client.errors import (
    ApiError,
    ClaimedByOther,
    LeaseLost,
    NothingWaiting,
    RuleRefuses,
    Stale,
    Trouble,
)
from api_client.types.common import Page
from api_client.types.matching import (
    Candidate,
    Claim,
    Colleague,
    HistoryLine,
    Home,
    MatchItem,
    MatchRow,
    Queue,
    SecondLook,
)
from api_client.types.words import (
    AskChannel,
    MatchDecision,
    MatchState,
    RejectReason,
    SkipReason,
    Urgency,
)
from tests.screens.desk import NOW
from tests.screens.matching.cases import LEASE, ME, masked

OPEN = (MatchState.QUEUED, MatchState.IN_REVIEW, MatchState.PENDING_APPROVAL)
UNDECIDED = (MatchState.QUEUED, MatchState.IN_REVIEW)
DONE = (MatchState.APPLIED, MatchState.RETURNED)


class FakeMatching:
    """Answers as the backend would and notes what was done."""

    def __init__(self, *items: MatchItem) -> None:
        self.items = {one.id: one for one in items}
        self.tokens: dict[str, str] = {}
        self.done: list[str] = []
        self.failure: Exception | None = None
        self.refusal: ApiError | None = None
        self.claims = 0
        self.skipped: set[str] = set()
        self.drafts: dict[str, str] = {}
        self.kept: list[str] = []
        """Subjects of the drafts that were kept, one for each time."""
        self.found: list[Candidate] = []
        self.searches: list[str] = []
        self.colleagues_there = [
            Colleague(username=name.lower(), name=name, lead=name == "V.Ode")
            for name in (ME, "R.Chen", "V.Ode")
        ]
        self.agrees = True
        self.needs_second = False
        self.open = asyncio.Event()
        self.open.set()

    @property
    def matching(self) -> FakeMatching:
        return self

    @property
    def session(self) -> FakeMatching:
        return self

    # what is being written

    async def draft(self, subject: str) -> str:
        await self._answer()
        return self.drafts.get(subject, "")

    async def keep_draft(self, subject: str, text: str) -> None:
        await self._answer()
        self.kept.append(subject)
        self.drafts[subject] = text

    # reading

    async def home(self) -> Home:
        await self._answer()
        waits = [one for one in self.items.values() if one.state in OPEN]
        free = [one for one in waits if one.state is MatchState.QUEUED]
        queues = [
            Queue(name="Manual match", open=len(waits), late=0, next_due=_due(waits), urgency=Urgency.RED),
            Queue(name="User-ID requests", open=0, late=0, next_due=None, urgency=Urgency.PAUSED),
        ]
        return Home(
            queues=queues,
            next_item=free[0].id if free else None,
            next_due=free[0].due_at if free else None,
            why_next="least time left, unclaimed" if free else "",
            mine=[one.id for one in self._mine()],
            now=NOW,
        )

    async def list(
        self, view: str = "open", *, cursor: str | None = None, around: str | None = None
    ) -> Page[MatchRow]:
        await self._answer()
        views: dict[str, Sequence[MatchItem]] = {
            "open": [one for one in self.items.values() if one.state in OPEN],
            "paused": [one for one in self.items.values() if one.state is MatchState.WAITING_EMPLOYER],
            "mine": self._mine(),
            "done": [one for one in self.items.values() if one.state in DONE],
            "escalated": [one for one in self.items.values() if one.escalated],
        }
        return Page[MatchRow](rows=[_row(one) for one in views[view]])

    async def show(self, number: str, *, claim: str = "") -> MatchItem:
        await self._answer()
        one = self.items[number]
        if one.state is MatchState.PENDING_APPROVAL:
            return one
        return one if self._mine_under(number, claim) else masked(one)

    # claims

    async def next(self) -> Claim:
        await self._answer()
        if mine := self._mine():
            sentence = f"{mine[0].id} is not decided yet: decide, skip, or ask the employer."
            raise RuleRefuses(Trouble(sentence))
        for one in self.items.values():
            if one.state is MatchState.QUEUED and one.id not in self.skipped:
                return self._claim(one, "least time left, unclaimed")
        raise NothingWaiting(Trouble("Nothing waits in the queue."))

    async def claim(self, number: str) -> Claim:
        await self._answer()
        one = self.items[number]
        if one.holder not in (None, ME):
            sentence = "Another rep has claimed this item."
            raise ClaimedByOther(Trouble(sentence, holder=one.holder or "", until=one.lease_until))
        if one.state not in UNDECIDED:
            raise RuleRefuses(Trouble("This item cannot be claimed as it is."))
        return self._claim(one, "opened by you")

    async def extend(self, number: str, *, claim: str) -> datetime:
        await self._answer()
        self._require(number, claim)
        until = LEASE + timedelta(minutes=7)
        self._change(number, same_version=True, lease_until=until)
        self.done.append(f"extend {number}")
        return until

    async def skip(self, number: str, reason: SkipReason, *, claim: str) -> None:
        await self._answer()
        self._require(number, claim)
        self.done.append(f"skip {number} {reason}")
        self.skipped.add(number)
        self.free(number)

    async def hand_over(self, number: str, to: str, words: str = "", *, claim: str) -> None:
        await self._answer()
        self._require(number, claim)
        self.done.append(f"hand over {number} {to} {words}".strip())
        self.free(number)
        self.skipped.add(number)
        self._change(number, same_version=True, kept_for=to)

    async def escalate(self, number: str, question: str, *, claim: str) -> None:
        await self._answer()
        self._require(number, claim)
        self.done.append(f"escalate {number} {question}")
        self.free(number)
        self.skipped.add(number)
        self._change(number, same_version=True, escalated=True)

    async def assign(self, number: str, version: int, to: str) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"assign {number} {to}")
        self.free(number)
        return masked(self._change(number, kept_for=to))

    async def take_back(self, number: str, version: int) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"take back {number}")
        self.free(number)
        return masked(self.items[number])

    async def colleagues(self) -> Sequence[Colleague]:
        await self._answer()
        return self.colleagues_there

    async def note(self, number: str, text: str, *, claim: str = "") -> MatchItem:
        await self._answer()
        self.done.append(f"note {number} {text}")
        one = self.items[number]
        line = HistoryLine(at=NOW, who=ME, what=f"note: {text}")
        noted = self._change(number, same_version=True, history=[*one.history, line])
        return noted if self._mine_under(number, claim) else masked(noted)

    async def search(
        self,
        number: str,
        *,
        claim: str,
        name: str = "",
        birth_date: date | None = None,
        ssn: str = "",
        mrn: str = "",
    ) -> Sequence[Candidate]:
        await self._answer()
        self._require(number, claim)
        self.searches.append("|".join((name, str(birth_date or ""), ssn, mrn)))
        return self.found

    # later

    async def unlink(self, number: str, version: int, reason: str) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"unlink {number} {reason}")
        state, what = MatchState.PENDING_APPROVAL, MatchDecision.UNLINK
        return masked(self._change(number, state=state, decided=what, undo_until=None))

    async def second_looks(self) -> Page[MatchRow]:
        await self._answer()
        return Page[MatchRow](rows=[_row(one) for one in self.items.values() if one.blind])

    async def second_look(self, number: str) -> MatchItem:
        await self._answer()
        return self.items[number]

    async def look_again(
        self,
        number: str,
        decision: MatchDecision,
        *,
        mrn: str | None = None,
        reason: RejectReason | None = None,
    ) -> SecondLook:
        await self._answer()
        what = [decision.value, mrn or "", reason.value if reason else ""]
        self.done.append(" ".join(["look again", number, *filter(None, what)]))
        return SecondLook(agrees=self.agrees, first=MatchDecision.LINK, first_mrn="88120441")

    # decisions

    async def link(self, number: str, version: int, mrn: str, *, claim: str, note: str = "") -> MatchItem:
        said = f"link {number} {mrn}"
        state = MatchState.PENDING_APPROVAL if self.needs_second else MatchState.APPLIED
        return await self._decide(said, number, version, claim, state, MatchDecision.LINK, mrn)

    async def create_new(self, number: str, version: int, *, claim: str, note: str = "") -> MatchItem:
        said = f"create {number}"
        return await self._decide(said, number, version, claim, MatchState.APPLIED, MatchDecision.CREATE, "9")

    async def reject(
        self, number: str, version: int, reason: RejectReason, *, claim: str, note: str = ""
    ) -> MatchItem:
        said = f"reject {number} {reason} {note}".strip()
        return await self._decide(
            said, number, version, claim, MatchState.RETURNED, MatchDecision.REJECT, None
        )

    async def ask_employer(
        self, number: str, version: int, question: str, channel: AskChannel, *, claim: str
    ) -> MatchItem:
        await self._answer()
        self._require(number, claim)
        self._same(number, version)
        self.done.append(f"ask {number} {channel} {question}")
        self.free(number)
        return masked(self._change(number, state=MatchState.WAITING_EMPLOYER, due_at=None, question=question))

    async def employer_answer(
        self, number: str, version: int, answer: str = "", *, withdrawn: bool = False
    ) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"answer {number} {'withdrawn' if withdrawn else answer}")
        return masked(self._change(number, state=MatchState.QUEUED, due_at=NOW + timedelta(minutes=11)))

    async def approve(self, number: str, version: int) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"approve {number}")
        return masked(self._change(number, state=MatchState.APPLIED))

    async def refuse(self, number: str, version: int) -> MatchItem:
        await self._answer()
        self._same(number, version)
        self.done.append(f"refuse {number}")
        return masked(self._change(number, state=MatchState.QUEUED, decided=None))

    async def undo(self, number: str, version: int) -> Claim:
        await self._answer()
        self._same(number, version)
        self.done.append(f"undo {number}")
        back = self._change(number, state=MatchState.QUEUED, decided=None, decided_mrn=None, undo_until=None)
        return self._claim(back, "opened by you")

    # what others do meanwhile

    def put(self, one: MatchItem) -> MatchItem:
        """Somebody changed it, or it is new."""
        self.items[one.id] = one
        return one

    def free(self, number: str) -> None:
        """Nobody has it any more."""
        self.tokens.pop(number, None)
        one = self.items[number]
        self.items[number] = one.model_copy(
            update={"state": MatchState.QUEUED, "holder": None, "lease_until": None}
        )

    def taken_by(self, holder: str, number: str) -> None:
        """Another rep has it now."""
        self.tokens.pop(number, None)
        self._change(number, same_version=True, state=MatchState.IN_REVIEW, holder=holder, lease_until=LEASE)

    # inside

    def _claim(self, one: MatchItem, why: str) -> Claim:
        self.claims += 1
        self.tokens[one.id] = f"token-{self.claims}"
        claimed = self._change(
            one.id, same_version=True, state=MatchState.IN_REVIEW, holder=ME, lease_until=LEASE
        )
        return Claim(token=self.tokens[one.id], why=why, item=claimed)

    async def _decide(
        self,
        said: str,
        number: str,
        version: int,
        claim: str,
        state: MatchState,
        decision: MatchDecision,
        mrn: str | None,
    ) -> MatchItem:
        await self._answer()
        if self.refusal is not None:
            raise self.refusal
        self._require(number, claim)
        self._same(number, version)
        self.done.append(said)
        self.free(number)
        return masked(
            self._change(
                number,
                state=state,
                decided=decision,
                decided_mrn=mrn,
                undo_until=NOW + timedelta(minutes=10),
                second_person="the SSN differs" if state is MatchState.PENDING_APPROVAL else "",
            )
        )

    def _change(self, number: str, *, same_version: bool = False, **changes: Any) -> MatchItem:
        one = self.items[number]
        version = one.version if same_version else one.version + 1
        return self.put(one.model_copy(update={"version": version} | changes))

    def _mine(self) -> Sequence[MatchItem]:
        return [self.items[number] for number in self.tokens]

    def _mine_under(self, number: str, claim: str) -> bool:
        return bool(claim) and self.tokens.get(number) == claim

    def _require(self, number: str, claim: str) -> None:
        one = self.items[number]
        if not self._mine_under(number, claim):
            other = one.holder if one.holder != ME else ""
            raise LeaseLost(Trouble("Another rep has it.", holder=other or "", until=one.lease_until))

    def _same(self, number: str, version: int) -> None:
        if self.items[number].version != version:
            raise Stale(Trouble("The item was changed."))

    async def _answer(self) -> None:
        await self.open.wait()
        if self.failure is not None:
            raise self.failure


def _due(items: list[MatchItem]) -> datetime | None:
    return min((one.due_at for one in items if one.due_at), default=None)


def _row(one: MatchItem) -> MatchRow:
    return MatchRow(
        id=one.id,
        version=one.version,
        channel=one.channel,
        type=one.type,
        group_number=one.group_number,
        enrollee=f"{masked(one).enrollee.first_name} S*****",
        state=one.state,
        due_at=one.due_at,
        urgency=one.urgency,
        breached=one.breached,
        holder=one.holder,
        kept_for=one.kept_for,
        reopened=one.reopened,
        escalated=one.escalated,
        urgent=one.urgent,
    )
