"""Invented match items."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api_client.types.common import Address
from api_client.types.matching import (
    Candidate,
    FamilyMember,
    FieldComparison,
    HistoryLine,
    MatchItem,
    PersonView,
)
from api_client.types.words import (
    Channel,
    MatchDecision,
    MatchState,
    TransactionType,
    Urgency,
    Verdict,
)
from tests.screens.desk import NOW

ME = "M.Lopez"
HOME = Address(street="14 ELM ST", city="OAKLAND", state="CA", zip="94612")
NEAR_HOME = Address(street="14 ELM STREET", city="OAKLAND", state="CA", zip="94612")
LEASE = NOW + timedelta(minutes=15)
SAME = {"last name": 6.9, "first name": 3.0, "birth date": 8.4, "SSN": 11.2, "sex": 0.0}
"""Bits of a field that agrees."""


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


def compared(**changed: tuple[Verdict, str, float]) -> list[FieldComparison]:
    """Every field the same, but those named (with _ for a blank)."""
    named = {name.replace("_", " "): likeness for name, likeness in changed.items()}
    fields = {field: (Verdict.SAME, "same", bits) for field, bits in SAME.items()}
    return [
        FieldComparison(field=field, verdict=verdict, words=words, bits=bits)
        for field, (verdict, words, bits) in (fields | named).items()
    ]


def score(comparisons: list[FieldComparison]) -> float:
    """The sum of the bits."""
    return round(sum(one.bits for one in comparisons), 1)


def relative(name: str, standing: str, mrn: str = "") -> FamilyMember:
    """Somebody of the family."""
    return FamilyMember(name=name, relationship="child", birth_date="2014-05-01", mrn=mrn, standing=standing)


def standing_out() -> Candidate:
    """Agrees in all but the middle name and the way the street is written."""
    comparisons = compared(
        middle_name=(Verdict.MISSING, "missing", -0.4),
        address=(Verdict.NEAR, "same house number and zip", 4.1),
    )
    return Candidate(
        mrn="88120441",
        person=person(middle_name="ANN", address=NEAR_HOME),
        group="104233 SALEM PARTS LLC",
        coverage="active",
        score=score(comparisons),
        comparisons=comparisons,
        family=[relative("SMITH, TIM", "active", "88120442")],
    )


def twin() -> Candidate:
    """Another person of the same home and day."""
    comparisons = compared(
        first_name=(Verdict.DIFFERS, "differs", -4.2), SSN=(Verdict.DIFFERS, "2 digits", -1.3)
    )
    return Candidate(
        mrn="88120977",
        person=person("JOAN", ssn_last4="6798"),
        group="104233 SALEM PARTS LLC",
        coverage="active",
        score=score(comparisons),
        comparisons=comparisons,
        warnings=["twin in the same home?"],
        second_person="the SSN differs",
    )


def stranger(number: int) -> Candidate:
    """Somebody of another group."""
    comparisons = compared(
        last_name=(Verdict.NEAR, "1 letter", 1.0),
        first_name=(Verdict.NEAR, "near", -1.5),
        birth_date=(Verdict.NEAR, "day and month exchanged", 2.6),
        SSN=(Verdict.MISSING, "not on file", 0.0),
    )
    return Candidate(
        mrn=f"7003118{number}",
        person=person("JANET", last_name=f"SMYTH{number}", birth_date="1984-12-03", ssn_last4=""),
        group="100555 OAK DENTAL",
        coverage="ended 2025-10-31",
        score=score(comparisons),
        comparisons=comparisons,
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
        "family": [relative("SMITH, TIM", "in the queue, M-20312")],
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
        "decided_by": "R.Chen",
        "second_person": "the SSN differs",
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
        "reminders": [date(2026, 11, 24), date(2026, 11, 26)],
        "returned_on": date(2026, 12, 4),
        "kept_for": ME,
    }
    return item(number, **standard | changes)


def masked(one: MatchItem) -> MatchItem:
    """The item as anyone may see it."""
    hidden = PersonView(first_name=f"{one.enrollee.first_name[:1]}***", last_name="S*****")
    nothing: dict[str, Any] = {"candidates": [], "warnings": [], "family": []}
    return one.model_copy(update={"masked": True, "enrollee": hidden, **nothing})
