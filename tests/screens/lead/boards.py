"""An invented board, and a backend that keeps it in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from api_client.types.billing_words import HoldKind, IncidentKind
from api_client.types.lead import (
    Approval,
    AskedBack,
    BoardItem,
    Breach,
    Disagreement,
    Escalated,
    HoldOnBoard,
    IncidentOnBoard,
    LeadBoard,
    PartCount,
    RepFigures,
    UserIdOnBoard,
    WorkDay,
)
from api_client.types.user_id_words import UserIdRequestKind, UserIdRequestState
from api_client.types.words import MatchDecision, MatchState, QueuePart, Role, Urgency
from kprep_tui.areas import AREAS
from screens.lead.board import BoardScreen
from screens.session.door import Opening
from tests.screens.desk import NOW, SESSION, FakeDoor, Seconds, desk
from tests.screens.rep import Rep

LEAD = SESSION.model_copy(
    update={
        "rep": SESSION.rep.model_copy(
            update={"username": "d.okafor", "display_name": "D.Okafor", "role": Role.LEAD}
        )
    }
)
TODAY = date(2026, 11, 20)


def item(number: str = "M-20418", **changes: Any) -> BoardItem:
    """An open item with five hours left, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 3,
        "group_number": "104233",
        "state": MatchState.QUEUED,
        "due_at": NOW + timedelta(hours=5, minutes=7),
        "urgency": Urgency.RED,
    }
    return BoardItem(**standard | changes)


def late(number: str = "M-20377", **changes: Any) -> BoardItem:
    """An item that was due two hours ago and is under review."""
    claim = {"holder": "R.Chen", "claimed_at": NOW - timedelta(minutes=11), "state": MatchState.IN_REVIEW}
    due = {"due_at": NOW - timedelta(hours=2), "urgency": Urgency.LATE}
    return item(number, **claim | due | changes)


def rep(username: str = "r.chen", name: str = "R.Chen", **changes: Any) -> RepFigures:
    """A rep who did some work."""
    standard: dict[str, Any] = {
        "username": username,
        "name": name,
        "role": Role.REP,
        "kept": 2,
        "decided_today": 12,
        "an_hour": 8.5,
        "taken_back": 1,
        "looked": 8,
        "agreed": 7,
    }
    return RepFigures(**standard | changes)


def user_id(number: str = "U-00866", **changes: Any) -> UserIdOnBoard:
    """A request of a group that moved, approved by one person."""
    standard: dict[str, Any] = {
        "id": number,
        "group_number": "104871",
        "kind": UserIdRequestKind.FIRST,
        "state": UserIdRequestState.VERIFYING,
        "waits": True,
        "checked_by": "M.Lopez",
        "mail_by": date(2026, 11, 24),
        "urgency": Urgency.AMBER,
    }
    return UserIdOnBoard(**standard | changes)


def board(**changes: Any) -> LeadBoard:
    """A morning with something in every list, unless changed."""
    counted = {QueuePart.LATE: (1, late()), QueuePart.RED: (2, item()), QueuePart.ESCALATED: (1, item())}
    returned = {"state": MatchState.RETURNED, "due_at": None, "urgency": Urgency.PAUSED}
    standard: dict[str, Any] = {
        "now": NOW,
        "parts": [
            PartCount(
                part=part, count=counted.get(part, (0, None))[0], oldest=counted.get(part, (0, None))[1]
            )
            for part in QueuePart
        ],
        "open": 42,
        "escalated": [
            Escalated(
                item=item("M-20301"),
                question="Two Claras at one address: which is she?",
                asked_by="M.Lopez",
                at=NOW - timedelta(hours=1),
            )
        ],
        "approvals": [
            Approval(
                item=item("M-20302", state=MatchState.PENDING_APPROVAL),
                decision=MatchDecision.CREATE,
                decided_by="R.Chen",
                at=NOW - timedelta(hours=3),
                why="a member on file agrees well",
            )
        ],
        "reps": [
            rep("d.okafor", "D.Okafor", role=Role.LEAD, an_hour=None, decided_today=0, looked=0, agreed=None),
            rep("m.lopez", "M.Lopez", an_hour=None, decided_today=2, looked=3, agreed=None, kept=0),
            rep(claimed=[late()]),
        ],
        "breaches": [
            Breach(item=late(), late_minutes=120),
            Breach(
                item=item("M-20111", **returned),
                late_minutes=45,
                decided_by="M.Lopez",
                decided_at=NOW - timedelta(days=2),
                decision=MatchDecision.REJECT,
            ),
        ],
        "decided_week": 100,
        "in_time_week": 96,
        "days": [
            WorkDay(day=TODAY - timedelta(days=ago), decided=14 - ago, arrived=ago + 1)
            for ago in range(7, -1, -1)
        ],
        "decided_a_day": 10.0,
        "arrived_a_day": 4.0,
        "done_on": date(2026, 11, 27),
        "looked": 11,
        "agreed": 10,
        "disagreements": [
            Disagreement(
                item=item("M-20222", **returned | {"state": MatchState.APPLIED}),
                first=MatchDecision.LINK,
                first_by="R.Chen",
                first_at=NOW - timedelta(days=3),
                second=MatchDecision.LINK,
                second_by="M.Lopez",
                second_at=NOW - timedelta(days=1),
                note="the middle name is the other twin's",
            )
        ],
        "asked_back": [AskedBack(id="RI-00003", group_number="104233", requested_on=date(2026, 11, 18))],
        "holds": [
            HoldOnBoard(
                id="H-00012",
                group_number="104871",
                kind=HoldKind.GRIEVANCE,
                from_on=date(2026, 11, 2),
                to_on=None,
                stops_dates=True,
            )
        ],
        "incidents": [
            IncidentOnBoard(
                id=4,
                on=date(2026, 11, 19),
                kind=IncidentKind.LATE_L1,
                group_number="100231",
                sentence="L1 due 11-17 is written 11-19: the grace period ends 12-18.",
            )
        ],
    }
    return LeadBoard(**standard | changes)


class FakeLead:
    """Answers as the backend would and notes what was done."""

    def __init__(self, one: LeadBoard | None = None) -> None:
        self.one = one or board()
        self.asked = 0
        self.acts: list[str] = []
        self.failure: Exception | None = None
        self.refusal: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    @property
    def lead(self) -> FakeLead:
        return self

    @property
    def matching(self) -> FakeLead:
        return self

    async def board(self) -> LeadBoard:
        self.asked += 1
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        return self.one

    @property
    def billing(self) -> FakeLead:
        return self

    async def show(self, number: str) -> None:
        """The bill stands there and waits."""
        await asyncio.Event().wait()

    async def claim(self, number: str) -> None:
        """The review stands there and waits."""
        await asyncio.Event().wait()

    async def assign(self, number: str, version: int, to: str) -> None:
        await self._act(f"assign {number} v{version} {to}")

    async def take_back(self, number: str, version: int) -> None:
        await self._act(f"take back {number} v{version}")

    async def _act(self, said: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.acts.append(said)


@asynccontextmanager
async def at_board(
    client: FakeLead, *, size: tuple[int, int] = (80, 24), door: FakeDoor | None = None
) -> AsyncIterator[Rep]:
    """D.Okafor's board is open."""
    seconds = Seconds()
    door = door or FakeDoor(client, Opening(session=LEAD))
    async with desk({"lead": AREAS["lead"]}, door=door, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


def screen(one: Rep) -> BoardScreen:
    """The board in view."""
    found = one.app.screen
    assert isinstance(found, BoardScreen)
    return found
