"""What a caller hears of a user-ID request: dates, what to do, and never the day it is mailed by."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from api_client.types.user_id_words import DenyReason, UserIdRequestKind, UserIdRequestState
from backend.user_ids.say import REFUSED, Standing, sentence

S, K = UserIdRequestState, UserIdRequestKind
BEFORE, ON, AFTER = date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)


def said(
    state: UserIdRequestState,
    today: date = BEFORE,
    kind: UserIdRequestKind = K.FIRST,
    *,
    arrive_by: date | None = ON,
    mailed_on: date | None = None,
    deny_reason: DenyReason | None = None,
) -> str:
    one = Standing(kind, state, date(2026, 11, 20), arrive_by, mailed_on, deny_reason)
    return sentence(one, today)


def test_no_date_is_promised_while_a_check_fails() -> None:
    one = Standing(K.FIRST, S.RECEIVED, date(2026, 11, 20), date(2026, 12, 3), unsettled=True)
    said = sentence(one, ON)
    assert "not settled yet" in said
    assert "December" not in said


CAME = "Your form came in on November 20"
ASK = "Please tell me your company's address"


@pytest.mark.parametrize(
    ("state", "today", "words"),
    [
        (S.RECEIVED, ON, f"{CAME}. It is being checked. User ID and code arrive by mail by December 3,"),
        (S.VERIFYING, ON, f"{CAME}. It is being checked. User ID and code arrive by mail by December 3,"),
        (S.APPROVED, ON, f"{CAME}. It is approved. User ID and code arrive by mail by December 3,"),
        (S.PRINT_QUEUED, ON, f"{CAME}. It is approved. User ID and code arrive"),
        (S.ID_CREATED, ON, f"{CAME}. It is approved. User ID and code arrive"),
        (
            S.RECEIVED,
            AFTER,
            f"{CAME}. It is being checked. The letter was to arrive by December 3. It is late",
        ),
        (
            S.ID_CREATED,
            AFTER,
            f"{CAME}. It is approved. The letter was to arrive by December 3. It is late",
        ),
        (S.ACTIVATED, AFTER, "The user ID is in use."),
        (S.EXPIRED, AFTER, f"The code in the letter no longer works. {ASK}: a new letter is mailed there."),
        (S.RETURNED_MAIL, BEFORE, f"The post brought the letter back to us. {ASK}: a new letter is mailed"),
        (S.REVOKED, AFTER, "That letter no longer works"),
    ],
)
def test_by_state_and_date(state: UserIdRequestState, today: date, words: str) -> None:
    assert said(state, today).startswith(words)


def test_a_letter_in_the_mail_is_waited_for_and_then_replaced() -> None:
    mailed = date(2026, 11, 30)
    waits = "The letter was mailed on November 30, and it arrives by December 3."
    assert said(S.MAILED, ON, mailed_on=mailed) == waits
    assert said(S.MAILED, AFTER, mailed_on=mailed) == (
        "The letter was mailed on November 30 and should have been with you by December 3. Please tell me "
        "your company's address: the code that is lost is stopped, and a new letter is mailed there."
    )


@pytest.mark.parametrize("state", [S.RECEIVED, S.APPROVED, S.MAILED])
def test_no_day_is_promised_that_cannot_be_kept(state: UserIdRequestState) -> None:
    one = Standing(K.FIRST, state, date(2026, 11, 20), ON, late=True)
    said = sentence(one, BEFORE)
    assert "was to arrive by December 3" in said
    assert "arrives by" not in said
    assert "arrive by mail" not in said


@pytest.mark.parametrize("reason", list(DenyReason))
def test_a_denial_says_its_reason(reason: DenyReason) -> None:
    words = said(S.REFUSED, deny_reason=reason)
    assert words.startswith(f"{CAME} and was not accepted: {REFUSED[reason]}.")
    assert words.endswith("A new form can be faxed.") is (reason is not DenyReason.DUPLICATE)


def test_an_incomplete_form_has_no_day() -> None:
    assert "has to be answered by your company first" in said(S.INCOMPLETE, arrive_by=None)
    assert "A new one-time code arrives by mail" in said(S.RECEIVED, kind=K.RESET)


def test_the_day_it_is_mailed_by_is_no_part_of_what_is_known() -> None:
    assert {field.name for field in fields(Standing)} == {
        "kind", "state", "received_on", "arrive_by", "mailed_on", "deny_reason", "unsettled", "late",
    }  # fmt: skip
    for state in S:
        for today in (BEFORE, ON, AFTER):
            words = said(state, today)
            assert words.endswith(".")
            assert "mail by" not in words.replace("by mail by", "")
