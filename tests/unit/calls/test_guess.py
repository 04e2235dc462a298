"""The wrap-up codes that are offered first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.call_words import CallerKind, Fact, PhoneAct, VerifyState, WrapUp
from backend.calls.guess import ALSO, Proof, guess, heard, words

CLIENT = Proof(CallerKind.CLIENT, VerifyState.VERIFIED)
EVERY_ACT = [*ALSO, *PhoneAct, *(heard(fact) for fact in Fact if fact not in (Fact.CLAIMS, Fact.ACCESS_CODE))]


@pytest.mark.parametrize(
    ("acts", "proof", "best"),
    [
        ([], None, WrapUp.DROPPED),
        ([], CLIENT, WrapUp.DROPPED),
        (["account"], CLIENT, WrapUp.BILL_BALANCE),
        (["account", heard(Fact.BILLING)], CLIENT, WrapUp.BILL_BALANCE),
        ([heard(Fact.LETTERS)], CLIENT, WrapUp.DELQ_L1),
        (["letter-l2", PhoneAct.LETTER_COPY], CLIENT, WrapUp.DELQ_L2),
        ([heard(Fact.USER_IDS), heard(Fact.BILLING)], CLIENT, WrapUp.UID_STATUS),
        ([heard(Fact.PERSON)], CLIENT, WrapUp.CARD_CARE),
        ([heard(Fact.COBRA)], CLIENT, WrapUp.COBRA_INFO),
        ([PhoneAct.COBRA], CLIENT, WrapUp.COBRA_INFO),
        ([PhoneAct.COBRA_PACKET], CLIENT, WrapUp.COBRA_PACKET),
        ([PhoneAct.TERMINATE, heard(Fact.BILLING)], CLIENT, WrapUp.ENR_TERM),
        ([PhoneAct.CHANGE], CLIENT, WrapUp.ENR_DEMO),
        ([PhoneAct.CARD], CLIENT, WrapUp.CARD_REPRINT),
        ([PhoneAct.PAPER_BILL], CLIENT, WrapUp.BILL_PAPER),
        ([PhoneAct.BILLING_CYCLE], CLIENT, WrapUp.BILL_CYCLE),
        ([PhoneAct.PROMISE, heard(Fact.BILLING)], CLIENT, WrapUp.BILL_PTP),
        ([PhoneAct.DISPUTE, PhoneAct.PROMISE], CLIENT, WrapUp.BILL_DISPUTE),
        ([PhoneAct.REINSTATE_GROUP, heard(Fact.BILLING)], CLIENT, WrapUp.DELQ_REINST),
        ([PhoneAct.REQUEST_FORM], CLIENT, WrapUp.UID_NEW),
        ([PhoneAct.ID_REISSUE, heard(Fact.USER_IDS)], CLIENT, WrapUp.UID_REISSUE),
        (["user_ids.block", heard(Fact.BILLING)], CLIENT, WrapUp.UID_STATUS),
        (["grievance", heard(Fact.BILLING)], CLIENT, WrapUp.GRIEVANCE),
        (["verify-failed", "account"], Proof(CallerKind.CLIENT, VerifyState.FAILED), WrapUp.VERIFY_FAIL),
        ([], Proof(CallerKind.BROKER, VerifyState.NO_AUTHORITY), WrapUp.BROKER_AUTH),
        ([], Proof(CallerKind.OTHER, VerifyState.NO_AUTHORITY), WrapUp.UID_EMPLOYEE_REF),
        ([], Proof(CallerKind.PROVIDER, VerifyState.NO_AUTHORITY), WrapUp.WRONG_DEPT),
    ],
)
def test_the_best_guess(acts: list[str], proof: Proof | None, best: WrapUp) -> None:
    assert guess(acts, [proof] if proof else [])[0] is best


@given(
    st.sets(st.sampled_from(EVERY_ACT)),
    st.lists(
        st.builds(Proof, st.sampled_from(list(CallerKind)), st.sampled_from(list(VerifyState))), max_size=3
    ),
)
def test_there_is_always_a_guess_and_never_one_twice(acts: set[str], proofs: list[Proof]) -> None:
    codes = guess(acts, proofs)
    assert 1 <= len(codes) <= 8
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("act", EVERY_ACT)
def test_everything_done_has_words(act: str) -> None:
    assert words(act)


def test_reading_about_cobra_is_not_enrolling_in_it() -> None:
    assert heard(Fact.COBRA) != PhoneAct.COBRA
    assert words(heard(Fact.COBRA)) != words(PhoneAct.COBRA)
