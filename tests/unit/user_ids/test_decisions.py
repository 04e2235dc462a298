"""Who may approve, deny, complete and take back, in every state of a user-ID request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    CheckResult,
    DenyReason,
    Missing,
    UserIdRequestState,
)
from api_client.types.words import Channel, Role
from backend.policy.policy import load_policy
from backend.refusal import Refusal
from backend.user_ids import decisions
from backend.user_ids.checks import Check
from backend.user_ids.decisions import Decider

POLICY = load_policy()
S = UserIdRequestState
ONE, OTHER = Decider(1, "rep:m.lopez", Role.REP), Decider(2, "rep:c.other", Role.REP)
LEAD, ADMIN = Decider(3, "rep:a.lead", Role.LEAD), Decider(4, "rep:an.admin", Role.ADMIN)
FINE = Check("group active", CheckResult.PASSED, "The group is active.")
WRONG = Check("signer on record", CheckResult.FAILED, "The form is not signed.")
MOVED = Check("no move in 30 days", CheckResult.NEEDS_LEAD, "The address changed.")


def why(refusal: Refusal | None) -> tuple[str, str]:
    return (refusal.type.value, refusal.sentence) if refusal else ("", "")


@pytest.mark.parametrize("by", [ONE, LEAD, ADMIN])
@pytest.mark.parametrize("state", list(S))
def test_only_an_open_and_complete_request_is_approved(state: UserIdRequestState, by: Decider) -> None:
    refusal = decisions.approval_refused(state, [FINE], by, checked_by=9)
    assert (refusal is None) is (state in (S.RECEIVED, S.VERIFYING))
    if refusal is None:
        assert decisions.state_after_approval(state, [FINE]) is S.APPROVED
    for found in ([WRONG], [WRONG, MOVED]):
        assert decisions.approval_refused(state, found, by) is not None
    if state in (S.RECEIVED, S.VERIFYING):
        assert why(decisions.approval_refused(state, [WRONG, MOVED], by)) == ("rule-refuses", WRONG.sentence)


@pytest.mark.parametrize(
    ("state", "by", "checked_by", "changed_by", "after", "sentence"),
    [
        (S.RECEIVED, ONE, None, "operator:import", S.VERIFYING, ""),
        (S.RECEIVED, LEAD, None, "", S.VERIFYING, ""),
        (S.RECEIVED, ONE, None, "rep:m.lopez", None, "You changed the address"),
        (S.RECEIVED, LEAD, None, "rep:a.lead", None, "You changed the address"),
        (S.VERIFYING, OTHER, 1, "operator:import", None, "A lead must agree"),
        (S.VERIFYING, ONE, 1, "operator:import", None, "You approved this first"),
        (S.VERIFYING, LEAD, 3, "operator:import", None, "You approved this first"),
        (S.VERIFYING, LEAD, 1, "rep:a.lead", None, "You changed the address"),
        (S.VERIFYING, LEAD, 1, "operator:import", S.APPROVED, ""),
        (S.VERIFYING, ADMIN, 3, "rep:a.lead", S.APPROVED, ""),
    ],
)
def test_after_a_move_two_persons_agree_and_the_second_is_a_lead(
    state: UserIdRequestState,
    by: Decider,
    checked_by: int | None,
    changed_by: str,
    after: UserIdRequestState | None,
    sentence: str,
) -> None:
    refusal = decisions.approval_refused(
        state, [FINE, MOVED], by, checked_by=checked_by, address_changed_by=changed_by
    )
    if after is None:
        assert refusal is not None
        assert refusal.type is ProblemType.NOT_ALLOWED
        assert refusal.sentence.startswith(sentence)
    else:
        assert refusal is None
        assert decisions.state_after_approval(state, [FINE, MOVED]) is after


@pytest.mark.parametrize("state", list(S))
def test_an_open_request_is_denied_with_a_reason_and_set_incomplete_once(state: UserIdRequestState) -> None:
    open_now = state in OPEN_USER_ID_STATES
    assert (decisions.denial_refused(state, DenyReason.DUPLICATE) is None) is open_now
    assert decisions.denial_refused(state, None) is not None
    assert (decisions.incomplete_refused(state) is None) is (open_now and state is not S.INCOMPLETE)


@pytest.mark.parametrize("state", list(S))
def test_a_decision_is_taken_back_by_who_made_it_or_a_lead_until_it_is_mailed(
    state: UserIdRequestState,
) -> None:
    def refused(by: Decider, *, mailed: bool = False, first: int = 2, second: int = 1) -> Refusal | None:
        return decisions.undo_refused(state, by, checked_by=first, decided_by=second, letter_mailed=mailed)

    can = state in (*TO_MAIL_STATES, S.REFUSED, S.VERIFYING)
    decider, colleague = (OTHER, ONE) if state is S.VERIFYING else (ONE, OTHER)
    assert [refused(by) is None for by in (decider, LEAD, ADMIN, colleague)] == [can, can, can, False]
    assert refused(decider, mailed=True) is not None
    if can:
        assert why(refused(colleague))[0] == "not-allowed"
    elif state not in OPEN_USER_ID_STATES:
        assert why(refused(decider)) == ("rule-refuses", "The letter is mailed, so the decision stands.")


def test_by_default_a_form_comes_by_fax() -> None:
    assert decisions.channel_refused(Channel.FAX, POLICY) is None
    for channel in set(Channel) - {Channel.FAX}:
        refusal = decisions.channel_refused(channel, POLICY)
        assert refusal is not None
        assert refusal.sentence.startswith("A form for a user ID is taken by fax only.")
        assert POLICY.letters.form_fax in refusal.sentence
    wider = replace(POLICY, user_ids=replace(POLICY.user_ids, channels=(Channel.FAX, Channel.EMAIL)))
    assert decisions.channel_refused(Channel.EMAIL, wider) is None
    assert "by fax or email only" in why(decisions.channel_refused(Channel.PHONE, wider))[1]


@pytest.mark.parametrize(
    ("missing", "signer", "reached", "sentence"),
    [
        ({Missing.ADMINISTRATOR, Missing.ADDRESS}, False, True, ""),
        ({Missing.ADDRESS}, False, False, "Nobody was reached at the number on record"),
        ({Missing.ADDRESS}, True, True, "A signature or a page comes by fax"),
        ({Missing.SIGNATURE}, False, True, "A signature or a page comes by fax"),
        ({Missing.SIGNER, Missing.ADDRESS}, False, True, "A signature or a page comes by fax"),
        ({Missing.PAGE}, False, True, "A signature or a page comes by fax"),
    ],
)
def test_what_a_phone_can_answer(missing: set[Missing], signer: bool, reached: bool, sentence: str) -> None:
    refusal = decisions.by_phone_refused(missing, signer=signer, reached=reached)
    assert why(refusal)[1].startswith(sentence)
    assert (refusal is None) is (not sentence)


def test_an_answer_by_fax_has_a_reference_or_a_page() -> None:
    assert decisions.by_fax_refused("FAX-2", new_page=False) is None
    assert decisions.by_fax_refused(None, new_page=True) is None
    assert why(decisions.by_fax_refused(None, new_page=False))[0] == "invalid"
