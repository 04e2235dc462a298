"""Invented people of a group with their cards, and a backend that keeps them in memory."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api_client.errors import NotFound, Stale, Trouble
from api_client.types.call_words import RepresentativeKind, RevealField
from api_client.types.cards import Card, CoverageLine, Person, Relative, Waiting
from api_client.types.people import Representative, Representatives, Revealed
from api_client.types.words import (
    CardAsker,
    CardCause,
    CardState,
    CareCase,
    MatchState,
    RevealReason,
    Urgency,
)
from tests.screens.accounts.accounts import FakeAccounts, account, member
from tests.screens.desk import NOW

PUBLIC = "Before the card comes, use a copy of the enrollment form and a photo ID."
PROCESSED = "We received the enrollment on November 18, and it is being processed."
BARE = "14 Nowhere Lane"
"""What a masked field says when it is shown."""
EMERGENCY = "In an emergency, hang up and call 911 now."


def card(number: str = "CD-00050", **changes: Any) -> Card:
    """A card that was mailed four days ago, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 3,
        "state": CardState.MAILED,
        "cause": CardCause.ENROLLED,
        "ordered_at": NOW - timedelta(days=5),
        "ordered_by": "online",
        "print_from": NOW - timedelta(days=5),
        "printed_at": NOW - timedelta(days=5),
        "mailed_on": date(2026, 11, 16),
    }
    return Card(**standard | changes)


def waiting(item: str = "M-20418", **changes: Any) -> Waiting:
    """A case that is open and due in 11 minutes, unless changed."""
    standard: dict[str, Any] = {
        "item": item,
        "name": "J*** S*****",
        "relationship": "subscriber",
        "state": MatchState.QUEUED,
        "received_on": date(2026, 11, 18),
        "coverage_from": date(2026, 11, 1),
        "due_at": NOW + timedelta(minutes=11),
        "urgency": Urgency.RED,
        "urgent": False,
    }
    return Waiting(**standard | changes)


def person(**changes: Any) -> Person:
    """A covered subscriber whose card was mailed, unless changed."""
    standard: dict[str, Any] = {
        "group_number": "104233",
        "group_name": "SALEM PARTS LLC",
        "mrn": "88120441",
        "name": "J*** S*****",
        "relationship": "subscriber",
        "born": "1984-**-**",
        "restricted": False,
        "coverage": [
            CoverageLine(
                group_number="104233",
                group_name="SALEM PARTS LLC",
                line="HMO",
                level="FAM",
                starts_on=date(2026, 11, 1),
                ends_on=None,
            )
        ],
        "cards": [card()],
        "items": [],
        "care": CareCase.ACTIVE,
        "say": PUBLIC,
        "say_anyone": PUBLIC,
        "emergency": EMERGENCY,
        "care_offered": False,
    }
    return Person(**standard | changes)


def speaker(**changes: Any) -> Representative:
    """A parent whose right has not ended, unless changed."""
    standard: dict[str, Any] = {
        "name": "C. QUILLON",
        "kind": RepresentativeKind.PARENT,
        "document": "birth certificate, folder 12",
        "valid_from": None,
        "valid_to": date(2033, 5, 31),
        "registered_by": "r.chen",
        "registered_at": NOW,
    }
    return Representative(**standard | changes)


def relative(**changes: Any) -> Relative:
    """A child of the family, unless changed."""
    standard: dict[str, Any] = {
        "mrn": "88120442",
        "name": "T*** S*****",
        "relationship": "child",
        "coverage_from": date(2026, 11, 1),
        "coverage_to": None,
    }
    return Relative(**standard | changes)


def queued(**changes: Any) -> Person:
    """Somebody whose enrollment waits and is to begin by now."""
    return person(
        **{
            "mrn": "",
            "receipt": "R-100062",
            "coverage": [],
            "cards": [],
            "items": [waiting()],
            "care": CareCase.QUEUED,
            "say": f"{PROCESSED} Take a copy of the enrollment form and a photo ID.",
            "care_offered": True,
            "reprint_refused": "Nobody is a member by this enrollment yet, so there is no card.",
        }
        | changes
    )


class FakeCards(FakeAccounts):
    """A group with one person; acts change that person as the backend would."""

    def __init__(self, one: Person) -> None:
        row = member(88120441)
        if one.receipt:
            row = row.model_copy(
                update={"mrn": "", "receipt": one.receipt, "item": "M-20418", "standing": "in queue"}
            )
        super().__init__(account(), members=[row])
        self.one: Person | None = one
        self.speakers: list[Representative] = []
        self.shown_seconds = 15.0
        self.stale = False

    @property
    def cards(self) -> FakeCards:
        return self

    @property
    def matching(self) -> FakeCards:
        return self

    async def person(self, group: str, *, mrn: str = "", receipt: str = "") -> Person:
        await self._answer(f"person {group} {mrn or receipt}")
        if self.one is None:
            raise NotFound(Trouble("There is no such person.", "K-00000001"))
        return self.one

    async def representatives(self, group: str, mrn: str) -> Representatives:
        await self._answer(f"speakers {group} {mrn}")
        return Representatives(rows=list(self.speakers))

    async def add_representative(
        self,
        group: str,
        mrn: str,
        name: str,
        kind: RepresentativeKind,
        document: str,
        *,
        valid_to: date | None = None,
    ) -> Representatives:
        await self._answer(f"add speaker {group} {mrn} {name} {kind} {document} {valid_to}")
        self.speakers.insert(0, speaker(name=name, kind=kind, document=document, valid_to=valid_to))
        return Representatives(rows=list(self.speakers))

    async def reveal(
        self, group: str, field: RevealField, reason: RevealReason, *, mrn: str = "", receipt: str = ""
    ) -> Revealed:
        await self._answer(f"reveal {group} {mrn or receipt} {field} {reason}")
        return Revealed(value=BARE, until=NOW + timedelta(seconds=self.shown_seconds))

    async def reprint(self, group: str, mrn: str, reason: str = "") -> Card:
        await self._answer(f"reprint {group} {mrn} {reason}".strip())
        assert self.one is not None
        until = NOW + timedelta(minutes=10)
        made = card(
            "CD-00051",
            version=1,
            state=CardState.REQUESTED,
            cause=CardCause.REPRINT,
            asked_by=CardAsker.MEMBER,
            reason=reason,
            ordered_at=NOW,
            ordered_by="M.Lopez",
            print_from=until,
            undo_until=until,
            printed_at=None,
            mailed_on=None,
        )
        self._become(
            cards=[made, *self.one.cards], reprint_refused="CD-00051 is ordered and not printed yet."
        )
        return made

    async def undo(self, number: str, version: int) -> Card:
        await self._answer(f"undo {number} {version}")
        assert self.one is not None
        if self.stale:
            printed = {"state": CardState.PRINTED, "undo_until": None}
            self._become(cards=[self.one.cards[0].model_copy(update=printed), *self.one.cards[1:]])
            raise Stale(Trouble("CD-00051 was changed meanwhile.", "K-00000002"))
        gone = {"state": CardState.WITHDRAWN, "undo_until": None}
        back = self.one.cards[0].model_copy(update=gone)
        self._become(cards=[back, *self.one.cards[1:]], reprint_refused="")
        return back

    async def urgent_care(self, number: str, *, needed: bool) -> object:
        await self._answer(f"urgent {number} {needed}")
        assert self.one is not None
        items = [
            one.model_copy(update={"urgent": needed}) if one.item == number else one for one in self.one.items
        ]
        self._become(items=items, care_offered=not needed)
        return object()

    async def claim(self, number: str) -> object:
        await self._answer(f"claim {number}")
        raise NotFound(Trouble(f"There is no match item {number}.", "K-00000003"))

    def done(self, what: str) -> list[str]:
        """What was asked that begins so."""
        return [asked for asked in self.asked if asked.startswith(what)]

    def _become(self, **changes: Any) -> None:
        assert self.one is not None
        self.one = self.one.model_copy(update=changes)
