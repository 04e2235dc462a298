"""How far a user-ID request has come, as the account says it."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.types.user_id_words import UserIdRequestKind, UserIdRequestState
from backend.user_ids.rules import how_far


@pytest.mark.parametrize("state", list(UserIdRequestState))
@pytest.mark.parametrize("kind", list(UserIdRequestKind))
def test_the_day_it_arrives_by_stands_only_where_it_is_to_come(
    kind: UserIdRequestKind, state: UserIdRequestState
) -> None:
    said = how_far(kind, state, date(2026, 12, 3))
    comes = state in {
        UserIdRequestState.RECEIVED,
        UserIdRequestState.INCOMPLETE,
        UserIdRequestState.VERIFYING,
        UserIdRequestState.APPROVED,
        UserIdRequestState.ID_CREATED,
        UserIdRequestState.PRINT_QUEUED,
        UserIdRequestState.MAILED,
    }
    assert ("arrives by 12-03" in said) is comes
    assert "_" not in said


def test_a_form_that_is_incomplete_has_no_day() -> None:
    assert how_far(UserIdRequestKind.FIRST, UserIdRequestState.INCOMPLETE, None) == "first ID, incomplete"
