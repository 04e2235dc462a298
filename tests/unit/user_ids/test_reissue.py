"""When another letter goes: rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import ON_THE_WAY_STATES, UserIdRequestState, UserState
from api_client.types.words import GroupState, Role
from backend.policy.policy import load_policy
from backend.user_ids.decisions import Decider
from backend.user_ids.reissue import LostLetter, refused, will

POLICY = load_policy().user_ids
ARRIVE_BY = date(2026, 12, 3)
AFTER = ARRIVE_BY + timedelta(days=1)
REP, LEAD = Decider(1, "rep:m.lopez", Role.REP), Decider(2, "rep:r.chen", Role.LEAD)
LOST = LostLetter(
    number="U-00801",
    state=UserIdRequestState.MAILED,
    arrive_by=ARRIVE_BY,
    reissues=0,
    user_state=UserState.PENDING,
    group_state=GroupState.ACTIVE,
    address_changed_on=None,
    address_changed_by="",
)
MOVED = {"address_changed_on": AFTER - timedelta(days=30), "address_changed_by": "rep:r.chen"}


@pytest.mark.parametrize(
    ("changes", "by", "today", "says"),
    [
        ({}, REP, AFTER, ""),
        ({}, REP, ARRIVE_BY, "Wait until 2026-12-03"),
        ({}, LEAD, ARRIVE_BY, "Wait until"),
        ({"state": UserIdRequestState.EXPIRED}, REP, ARRIVE_BY, ""),
        ({"state": UserIdRequestState.RETURNED_MAIL}, REP, ARRIVE_BY, ""),
        ({"state": UserIdRequestState.APPROVED}, LEAD, AFTER, "it goes with the next mailing"),
        (
            {"state": UserIdRequestState.APPROVED, "elsewhere": True},
            LEAD,
            AFTER,
            "Take the approval of U-00801",
        ),
        ({"reissues": 1}, REP, AFTER, ""),
        ({"reissues": 2}, REP, AFTER, "2 new letters went already: a lead"),
        ({"reissues": 2}, LEAD, AFTER, ""),
        ({"reissues": 7}, LEAD, AFTER, ""),
        ({"user_state": UserState.ACTIVE}, REP, AFTER, ""),
        ({"user_state": UserState.LOCKED}, REP, AFTER, ""),
        ({"user_state": UserState.ENDED}, REP, AFTER, "has ended"),
        ({"user_state": UserState.WITHDRAWN}, LEAD, AFTER, "has ended"),
        ({"group_state": GroupState.TERMINATED}, LEAD, AFTER, "not active"),
        (MOVED, REP, AFTER, "a lead orders the new letter"),
        (MOVED, LEAD, AFTER, "another lead"),
        (MOVED | {"address_changed_by": "rep:m.lopez"}, LEAD, AFTER, ""),
        (MOVED, REP, AFTER + timedelta(days=1), ""),
    ],
)
def test_who_may_order_another_letter_and_when(
    changes: dict[str, Any], by: Decider, today: date, says: str
) -> None:
    found = refused(replace(LOST, **changes), by, today, POLICY)
    assert (found is None) == (says == "")
    assert found is None or says in found.sentence


@pytest.mark.parametrize("state", [one for one in UserIdRequestState if one not in ON_THE_WAY_STATES])
def test_none_goes_where_none_is_in_the_mail(state: UserIdRequestState) -> None:
    found = refused(replace(LOST, state=state), LEAD, AFTER, POLICY)
    assert found is not None
    assert found.type is ProblemType.RULE_REFUSES
    assert found.sentence.endswith(".")


def test_what_it_does_is_said_before() -> None:
    assert will(LOST).startswith("the code in the mail works no more")
    assert "U-00801" in will(replace(LOST, state=UserIdRequestState.EXPIRED))
