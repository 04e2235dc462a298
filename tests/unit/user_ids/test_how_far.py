"""How far a user-ID request has come, as the account says it."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    UserIdRequestKind,
    UserIdRequestState,
)
from backend.user_ids.rules import how_far

D = date.fromisoformat
TODAY = D("2026-11-20")


def test_no_day_is_promised_for_one_that_was_not_mailed_in_time() -> None:
    kind, state = UserIdRequestKind.FIRST, UserIdRequestState.APPROVED
    said = how_far(kind, state, D("2026-12-03"), None, TODAY, late=True)
    assert said == "first ID, approved, was to arrive by 12-03"


@pytest.mark.parametrize("state", list(UserIdRequestState))
@pytest.mark.parametrize("kind", list(UserIdRequestKind))
def test_the_day_it_arrives_by_stands_only_where_it_is_to_come(
    kind: UserIdRequestKind, state: UserIdRequestState
) -> None:
    said = how_far(kind, state, D("2026-12-03"), None, TODAY)
    comes = state in {*OPEN_USER_ID_STATES, *TO_MAIL_STATES, UserIdRequestState.MAILED}
    assert ("arrives by 12-03" in said) is comes
    assert "_" not in said


@pytest.mark.parametrize(
    ("state", "arrive_by", "mailed_on", "words"),
    [
        ("received", D("2026-12-03"), None, "first ID, arrives by 12-03"),
        ("incomplete", None, None, "first ID, incomplete"),
        ("approved", D("2026-12-03"), None, "first ID, approved, arrives by 12-03"),
        ("id_created", D("2026-11-19"), None, "first ID, approved, was to arrive by 11-19"),
        ("mailed", D("2026-11-23"), D("2026-11-18"), "first ID, mailed 11-18, arrives by 11-23"),
        ("mailed", D("2026-11-20"), D("2026-11-17"), "first ID, mailed 11-17, arrives by 11-20"),
        ("mailed", D("2026-11-19"), D("2026-11-16"), "first ID, mailed 11-16, was to arrive by 11-19"),
        # The letter before was mailed too; what counts is that the new one is not.
        ("approved", D("2026-12-03"), D("2026-11-02"), "first ID, approved, arrives by 12-03"),
        ("activated", D("2026-11-19"), D("2026-11-16"), "first ID, mailed 11-16, activated"),
        ("expired", D("2026-10-19"), D("2026-10-16"), "first ID, mailed 10-16, code expired"),
        ("returned_mail", D("2026-10-19"), D("2026-10-16"), "first ID, mailed 10-16, came back"),
        ("refused", D("2026-10-19"), None, "first ID, denied"),
        ("revoked", D("2026-10-19"), None, "first ID, revoked"),
    ],
)
def test_what_was_mailed_says_when_and_what_is_overdue_says_so(
    state: str, arrive_by: date | None, mailed_on: date | None, words: str
) -> None:
    said = how_far(UserIdRequestKind.FIRST, UserIdRequestState(state), arrive_by, mailed_on, TODAY)
    assert said == words
