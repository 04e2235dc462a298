"""Wrap-up codes that fit what was done in a call, the best first, and what was done in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from api_client.types.call_words import CallerKind, Fact, PhoneAct, VerifyState, WrapUp

ALSO = {
    "account": "account looked at",
    "letter-l1": "warning letter",
    "letter-l2": "termination letter",
    "medicare": "Medicare referral",
    "edi": "electronic files",
    "edi-ack": "acknowledgment of a file",
    "reinstatement": "reinstatement explained",
    "user_ids.block": "user ID blocked",
    "urgent-care": "care needed now",
    "note": "note written",
    "number-on-record": "number on record looked up",
    "handed-over": "handed over to a lead",
    "verify-failed": "caller not verified",
    "alert": "two failed verifications in 24 hours",
    "grievance": "grievance: answered within three days by this call-back",
}
"""What a call can hold besides facts that were heard and acts by phone, in words."""


def heard(fact: Fact) -> str:
    """The act of having read this for the caller."""
    return f"heard-{fact}"


_FACTS = {
    Fact.GROUP: "group looked at",
    Fact.BILLING: "billing",
    Fact.LETTERS: "letters",
    Fact.QUEUE: "where enrollments stand",
    Fact.USER_IDS: "user-ID requests",
    Fact.MEMBERS: "members",
    Fact.COBRA: "COBRA",
    Fact.PERSON: "one person",
}
_ACTS: dict[str, str] = {
    PhoneAct.CHANGE: "change of a person",
    PhoneAct.TERMINATE: "coverage ended",
    PhoneAct.ENROLL: "enrollment taken",
    PhoneAct.ADD_DEPENDENT: "dependent added",
    PhoneAct.REINSTATE: "reinstatement taken",
    PhoneAct.TRANSFER: "transfer taken",
    PhoneAct.COBRA: "COBRA enrollment taken",
    PhoneAct.COBRA_PACKET: "COBRA packet",
    PhoneAct.CARD: "card ordered",
    PhoneAct.PAPER_BILL: "paper bill",
    PhoneAct.BILLING_CYCLE: "billing cycle asked for",
    PhoneAct.PROMISE: "promise to pay",
    PhoneAct.DISPUTE: "bill disputed",
    PhoneAct.REINSTATE_GROUP: "coverage asked back",
    PhoneAct.CALL_BACK: "call-back promised",
    PhoneAct.REQUEST_FORM: "request form sent",
    PhoneAct.ID_REISSUE: "new user-ID letter",
    PhoneAct.LETTER_COPY: "copy of a letter",
}

_WORDS: dict[str, str] = {**ALSO, **_ACTS, **{heard(fact): words for fact, words in _FACTS.items()}}

# What was done says more than what was read; each line is tried in this order.
_CODES: tuple[tuple[str, tuple[WrapUp, ...]], ...] = (
    ("grievance", (WrapUp.GRIEVANCE,)),
    (PhoneAct.DISPUTE, (WrapUp.BILL_DISPUTE,)),
    (PhoneAct.PROMISE, (WrapUp.BILL_PTP,)),
    (PhoneAct.REINSTATE_GROUP, (WrapUp.DELQ_REINST,)),
    (PhoneAct.TERMINATE, (WrapUp.ENR_TERM,)),
    (PhoneAct.CHANGE, (WrapUp.ENR_DEMO,)),
    (PhoneAct.ENROLL, (WrapUp.ENR_STATUS,)),
    (PhoneAct.ADD_DEPENDENT, (WrapUp.ENR_STATUS,)),
    (PhoneAct.REINSTATE, (WrapUp.DELQ_REINST, WrapUp.ENR_STATUS)),
    ("reinstatement", (WrapUp.DELQ_REINST,)),
    (PhoneAct.TRANSFER, (WrapUp.ENR_STATUS,)),
    (PhoneAct.COBRA_PACKET, (WrapUp.COBRA_PACKET,)),
    (PhoneAct.COBRA, (WrapUp.COBRA_INFO,)),
    (PhoneAct.CARD, (WrapUp.CARD_REPRINT,)),
    (PhoneAct.PAPER_BILL, (WrapUp.BILL_PAPER,)),
    (PhoneAct.BILLING_CYCLE, (WrapUp.BILL_CYCLE,)),
    (PhoneAct.ID_REISSUE, (WrapUp.UID_REISSUE,)),
    (PhoneAct.REQUEST_FORM, (WrapUp.UID_NEW,)),
    ("user_ids.block", (WrapUp.UID_STATUS,)),
    ("letter-l2", (WrapUp.DELQ_L2,)),
    ("letter-l1", (WrapUp.DELQ_L1,)),
    ("medicare", (WrapUp.MEDICARE_REF,)),
    ("edi-ack", (WrapUp.EDI_ACK,)),
    ("edi", (WrapUp.EDI_START,)),
    ("urgent-care", (WrapUp.CARD_CARE,)),
    (PhoneAct.LETTER_COPY, (WrapUp.DELQ_L1, WrapUp.DELQ_L2)),
    (heard(Fact.USER_IDS), (WrapUp.UID_STATUS, WrapUp.UID_REISSUE)),
    (heard(Fact.BILLING), (WrapUp.BILL_BALANCE, WrapUp.DELQ_L1, WrapUp.BILL_DISPUTE)),
    (heard(Fact.LETTERS), (WrapUp.DELQ_L1, WrapUp.DELQ_L2)),
    (heard(Fact.PERSON), (WrapUp.CARD_CARE, WrapUp.ENR_STATUS)),
    (heard(Fact.QUEUE), (WrapUp.ENR_MATCH_INFO, WrapUp.ENR_STATUS)),
    (heard(Fact.COBRA), (WrapUp.COBRA_INFO, WrapUp.COBRA_BLOCKED)),
    (heard(Fact.MEMBERS), (WrapUp.ENR_STATUS, WrapUp.ENR_MATCH_INFO)),
    ("account", (WrapUp.BILL_BALANCE, WrapUp.ENR_STATUS)),
    (heard(Fact.GROUP), (WrapUp.ENR_STATUS,)),
)
_MOST = 8


@dataclass(frozen=True)
class Proof:
    """As what somebody called in this call, and how far that went."""

    kind: CallerKind
    state: VerifyState


def words(act: str) -> str:
    """What was read or done, in words."""
    return _WORDS.get(act, act)


def guess(acts: Collection[str], proofs: Sequence[Proof]) -> list[WrapUp]:
    """Codes that fit, the best first, at most eight and never none; the last resort is a dropped call."""
    codes: list[WrapUp] = []
    verified = any(one.state is VerifyState.VERIFIED for one in proofs)
    if not verified:
        codes += [code for one in proofs for code in _not_proved(one)]
    codes += [code for act, fitting in _CODES if act in acts for code in fitting]
    if "verify-failed" in acts:
        codes.append(WrapUp.VERIFY_FAIL)
    codes += [WrapUp.DROPPED] if not codes else [WrapUp.WRONG_DEPT]
    return list(dict.fromkeys(codes))[:_MOST]


def _not_proved(one: Proof) -> tuple[WrapUp, ...]:
    if one.state is VerifyState.FAILED:
        return (WrapUp.VERIFY_FAIL,)
    if one.state is not VerifyState.NO_AUTHORITY:
        return ()
    if one.kind is CallerKind.BROKER:
        return (WrapUp.BROKER_AUTH,)
    if one.kind is CallerKind.OTHER:
        return (WrapUp.UID_EMPLOYEE_REF, WrapUp.WRONG_DEPT)
    return (WrapUp.WRONG_DEPT,)
