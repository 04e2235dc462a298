"""Invented match items, and a backend that keeps them in memory."""

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
from api_client.types.common import Address, Page
from api_client.types.matching import (
    Candidate,
    Claim,
    FieldComparison,
    HistoryLine,
    Home,
    MatchItem,
    MatchRow,
    PersonView,
    Queue,
)
from api_client.types.words import (
    AskChannel,
    Channel,
    MatchDecision,
    MatchState,
    RejectReason,
    SkipReason,
    TransactionType,
    Urgency,
    Verdict,
)
from tests.screens.desk import NOW

ME = "M.Lopez"
OPEN = (MatchState.QUEUED, MatchState.IN_REVIEW, MatchState.PENDING_APPROVAL)
UNDECIDED = (MatchState.QUEUED, MatchState.IN_REVIEW)
DONE = (MatchState.APPLIED, MatchState.RETURNED)
HOME = Address(street="14 ELM ST", city="OAKLAND", state="CA", zip="94612")
NEAR_HOME = Address(street="14 ELM STREET", city="OAKLAND", state="CA", zip="94612")
LEASE = NOW + timedelta(minutes=15)
SAME = ("last name", "first name", "birth date", "SSN", "sex")


def person(first: str = "JANE", **changes: Any) -> PersonView:
    """A person of the SMITH family."""
    standard: dict[str, Any] = {
        "last_name": "SMITH",
        "first_name": first,
        "birth_date": "1984-03-12",
        "ssn_last4": "6789",
        "sex": "F",
        "address": HOME,
    }
    return PersonView(**standard | changes)


def compared(**changed: tuple[Verdict, str]) -> list[FieldComparison]:
    """Every field the same, but those named (with _ for a blank)."""
    named = {name.replace("_", " "): likeness for name, likeness in changed.items()}
    fields = dict.fromkeys(SAME, (Verdict.SAME, "same"))
    return [
        FieldComparison(field=field, verdict=verdict, words=words)
        for field, (verdict, words) in (fields | named).items()
    ]


def standing_out() -> Candidate:
    """Agrees in all but the middle name and the way the street is written."""
    return Candidate(
        mrn="88120441",
        person=person(middle_name="ANN", address=NEAR_HOME),
        group="104233 SALEM PARTS LLC",
        coverage="active",
        score=33.2,
        comparisons=compared(
            middle_name=(Verdict.MISSING, "missing"),
            address=(Verdict.NEAR, "same house number and zip"),
        ),
    )


def twin() -> Candidate:
    """Another person of the same home and day."""
    return Candidate(
        mrn="88120977",
        person=person("JOAN", ssn_last4="6798"),
        group="104233 SALEM PARTS LLC",
        coverage="active",
        score=9.8,
        comparisons=compared(first_name=(Verdict.DIFFERS, "differs"), SSN=(Verdict.DIFFERS, "2 digits")),
        warnings=["twin in the same home?"],
    )


def stranger(number: int) -> Candidate:
    """Somebody of another group."""
    return Candidate(
        mrn=f"7003118{number}",
        person=person("JANET", last_name=f"SMYTH{number}", birth_date="1984-12-03", ssn_last4=""),
        group="100555 OAK DENTAL",
        coverage="ended 2025-10-31",
        score=2.1,
        comparisons=compared(
            birth_date=(Verdict.NEAR, "day and month exchanged"), SSN=(Verdict.MISSING, "not on file")
        ),
    )


def item(number: str = "M-20418", **changes: Any) -> MatchItem:
    """An item that waits, with two candidates, one of which stands out."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 1,
        "state": MatchState.QUEUED,
        "channel": Channel.EDI,
        "source": "receipt R-0712",
        "type": TransactionType.ENROLL,
        "group_number": "104233",
        "group_name": "SALEM PARTS LLC",
        "coverage_from": date(2026, 12, 1),
        "relationship": "subscriber",
        "subscriber_number": "104233-7",
        "submitted_at": NOW - timedelta(hours=47, minutes=49),
        "due_at": NOW + timedelta(minutes=11),
        "remaining_minutes": 11,
        "urgency": Urgency.RED,
        "breached": False,
        "reopened": False,
        "masked": False,
        "enrollee": person(),
        "candidates": [standing_out(), twin()],
        "why_not_automatic": "a member on file has the same birth date and a part of the name",
        "history": [HistoryLine(at=NOW - timedelta(hours=47), who="834", what="received, receipt R-0712")],
    }
    return MatchItem(**standard | changes)


def pending(number: str = "M-20418", **changes: Any) -> MatchItem:
    """Decided by R.Chen, to be judged by another."""
    standard: dict[str, Any] = {
        "version": 2,
        "state": MatchState.PENDING_APPROVAL,
        "decided": MatchDecision.LINK,
        "decided_mrn": "88120977",
        "undo_until": NOW + timedelta(minutes=5),
    }
    return item(number, **standard | changes)


def waiting(number: str = "M-20418", **changes: Any) -> MatchItem:
    """The employer was asked."""
    standard: dict[str, Any] = {
        "version": 2,
        "state": MatchState.WAITING_EMPLOYER,
        "due_at": None,
        "urgency": Urgency.PAUSED,
        "question": "Is Jane new, or back?",
    }
    return item(number, **standard | changes)


def masked(one: MatchItem) -> MatchItem:
    """The item as anyone may see it."""
    hidden = PersonView(first_name=f"{one.enrollee.first_name[:1]}***", last_name="S*****")
    return one.model_copy(update={"masked": True, "enrollee": hidden, "candidates": [], "warnings": []})


class FakeMatching:
    """Answers as the backend would and notes what was done."""

    def __init__(self, *items: MatchItem) -> None:
        self.items = {one.id: one for one in items}
        self.tokens: dict[str, str] = {}
        self.done: list[str] = []
        self.failure: Exception | None = None
        self.refusal: ApiError | None = None
        self.claims = 0
        self.needs_second = False
        self.open = asyncio.Event()
        self.open.set()

    @property
    def matching(self) -> FakeMatching:
        return self

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
            if one.state is MatchState.QUEUED:
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
        self.free(number)

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
        undo = NOW + timedelta(minutes=10)
        return masked(self._change(number, state=state, decided=decision, decided_mrn=mrn, undo_until=undo))

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
    )
