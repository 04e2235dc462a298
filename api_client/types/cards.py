"""ID cards, and care before the card has come: one person of a group with what a caller asks."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Answer, CleanLine, DisplayText, Instant, Model
from api_client.types.enrollment import Refusal
from api_client.types.words import CardAsker, CardCause, CardState, CareCase, MatchState, Urgency


class WhichPerson(Model):
    """A member of a group, or the person of an enrollment; in a body, never in an address."""

    group_number: CleanLine = Field(max_length=30)
    mrn: CleanLine = Field(default="", max_length=20)
    receipt: CleanLine = Field(default="", max_length=20)
    """Of an enrollment that made nobody a member, instead of a member number."""


class Reprint(Model):
    """Orders another card for a member; the card that came back is sent to the address as it is now."""

    group_number: CleanLine = Field(max_length=30)
    mrn: CleanLine = Field(min_length=1, max_length=20)
    reason: CleanLine = Field(default="", max_length=200)
    """Needed where `Person.reason_needed` says so."""


class Card(Answer):
    """One card that was ordered, and how far it has come."""

    id: str
    version: int
    state: CardState
    cause: CardCause
    asked_by: CardAsker | None = None
    reason: DisplayText = ""
    ordered_at: Instant
    ordered_by: DisplayText
    print_from: Instant
    """Before this it can be taken back and is not printed."""
    printed_at: Instant | None = None
    mailed_on: date | None = None
    returned_on: date | None = None
    review: DisplayText = ""
    """What somebody must look at, such as a mailing address that is the employer's; masked of any address."""
    held: bool = False
    """It is not printed before what `review` says is settled."""
    undo_until: Instant | None = None
    """Until when the asking rep can take it back; None when it is not theirs, or it is too late."""


class CoverageLine(Answer):
    """One coverage of a person."""

    group_number: DisplayText
    group_name: DisplayText
    line: DisplayText
    level: DisplayText
    starts_on: date
    ends_on: date | None


class Waiting(Answer):
    """An enrollment of the family that a person of the plan looks at."""

    item: str
    name: DisplayText
    """Masked."""
    relationship: DisplayText
    state: MatchState
    received_on: date
    coverage_from: date | None
    due_at: Instant | None
    urgency: Urgency
    urgent: bool
    """It was put first, because care is needed now."""
    urgent_refused: DisplayText = ""
    """Why it cannot be put first; empty when it can."""


class Relative(Answer):
    """Another member of the family."""

    mrn: DisplayText
    name: DisplayText
    relationship: DisplayText
    coverage_from: date
    coverage_to: date | None


class Person(Answer):
    """One person of a group: coverage, cards, family, and what to say of care before the card.

    Masked, but for names where the caller on the line may hear them.
    """

    group_number: DisplayText
    group_name: DisplayText
    mrn: DisplayText
    """Empty for somebody who is no member."""
    receipt: str | None = None
    name: DisplayText
    relationship: DisplayText
    born: DisplayText
    restricted: bool
    """Only at the person's own address, and nothing of it to the family."""
    coverage: list[CoverageLine]
    """The newest first."""
    cards: list[Card]
    """The newest first, at most 20."""
    family: list[Relative] = []
    """For nobody who may hear of this person only."""
    items: list[Waiting]
    """Open cases of this person first, then of the family."""
    care: CareCase
    say: DisplayText
    """For a verified caller."""
    say_anyone: DisplayText
    """What anybody may hear."""
    emergency: DisplayText
    """Said first when it is an emergency; then nothing of coverage."""
    care_offered: bool
    """Offer to put the case first: care may be needed before it is done."""
    reprint_refused: DisplayText = ""
    """Why no other card can be ordered; empty when one can."""
    reason_needed: DisplayText = ""
    """Why another card needs a reason; empty when it needs none."""


# -- for operators: the card printer and the post ----------------------------------------------------


class PrintCard(Answer):
    """What a card printer needs of one card."""

    number: str
    addressee: str
    address: list[str]
    """Street, then city, state and zip."""
    member_number: str
    name: str
    group_number: str
    group_name: str
    coverage_start: date


class HeldCard(Answer):
    """A card that is due and has no address to go to."""

    number: str
    why: DisplayText


class CardsDue(Answer):
    """Cards to print now, and those that are held."""

    due: list[PrintCard]
    held: list[HeldCard]


class CardsMarked(Answer):
    """What became of the cards of a list: printed, mailed or returned; twice changes nothing more."""

    cards: CardState
    marked: int
    unchanged: int
    """They were so before."""
    refused: list[Refusal]
    held: list[HeldCard] = []
    file: DisplayText = ""
