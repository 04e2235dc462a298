"""Invented calls, as the backend would answer them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api_client.types.accounts import AccountRow
from api_client.types.call_words import (
    CallBackState,
    CallerKind,
    CallState,
    Fact,
    VerifyItem,
    VerifyState,
    WrapUp,
)
from api_client.types.calls import Call, CallBackRow, Subject
from api_client.types.words import GroupState, Urgency
from tests.screens.desk import NOW

GROUP = "104233"


def subject(**changes: Any) -> Subject:
    """The signer of a group, verified, unless changed."""
    standard: dict[str, Any] = {
        "group_number": GROUP,
        "group_name": "SALEM PARTS LLC",
        "kind": CallerKind.CLIENT,
        "caller": "R. HALE, contract signer",
        "authority_to": date(2027, 6, 30),
        "state": VerifyState.VERIFIED,
        "matched": 3,
        "needed": 3,
        "ask": [VerifyItem.TAX_ID, VerifyItem.CALL_BACK],
        "facts": [fact for fact in Fact if fact not in (Fact.PERSON, Fact.CLAIMS, Fact.ACCESS_CODE)],
    }
    return Subject(**standard | changes)


def asked(**changes: Any) -> Subject:
    """The same before they proved it."""
    standard: dict[str, Any] = {
        "caller": "",
        "authority_to": None,
        "state": VerifyState.IDENTIFYING,
        "matched": 1,
        "ask": [VerifyItem.CONTACT_NAME, VerifyItem.BILLING_ADDRESS, VerifyItem.CALL_BACK],
        "facts": [],
    }
    return subject(**standard | changes)


def call(number: str = "C-5512", **changes: Any) -> Call:
    """A call of two minutes on the line, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 3,
        "state": CallState.ACTIVE,
        "started_at": NOW - timedelta(minutes=2, seconds=50),
        "misses_left": 3,
        "guess": [WrapUp.BILL_BALANCE],
    }
    return Call(**standard | changes)


def rings(number: str = "C-5513", *groups: tuple[str, str]) -> Call:
    """A call that rings, from a number that these groups have."""
    likely = [
        AccountRow(
            number=group,
            name=name,
            city="OAKLAND",
            state=GroupState.ACTIVE,
        )
        for group, name in groups
    ]
    return call(number, state=CallState.RINGING, likely=likely, version=1)


def promised(**changes: Any) -> CallBackRow:
    """A call-back for this afternoon, unless changed."""
    standard: dict[str, Any] = {
        "id": "B-00012",
        "version": 2,
        "group_number": GROUP,
        "group_name": "SALEM PARTS LLC",
        "who": "R. HALE",
        "reason": "the answer about the November bill",
        "due_from": NOW + timedelta(hours=4),
        "due_to": NOW + timedelta(hours=6),
        "urgency": Urgency.RED,
        "state": CallBackState.OPEN,
        "tries": 1,
        "tries_left": 2,
    }
    return CallBackRow(**standard | changes)
