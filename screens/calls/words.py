"""The words of a call: who calls, what they are asked, what they may hear, and what it was about."""

from __future__ import annotations

from api_client.types.call_words import (
    CallBackOutcome,
    CallerKind,
    Fact,
    VerifyItem,
    VerifyState,
    WrapUp,
)

KINDS = {
    CallerKind.CLIENT: "client",
    CallerKind.BROKER: "broker",
    CallerKind.TPA: "TPA",
    CallerKind.SUBSCRIBER: "subscriber",
    CallerKind.DEPENDENT: "dependent",
    CallerKind.REPRESENTATIVE: "parent or representative",
    CallerKind.PROVIDER: "provider",
    CallerKind.OTHER: "somebody else",
}
GROUP_KINDS = {
    CallerKind.CLIENT: "client: signer or administrator",
    CallerKind.BROKER: "broker",
    CallerKind.TPA: "TPA of COBRA",
    CallerKind.OTHER: "employee or somebody else",
    CallerKind.PROVIDER: "provider",
}
"""As what somebody calls about a group, the commonest first."""
PERSON_KINDS = {
    CallerKind.SUBSCRIBER: "subscriber",
    CallerKind.DEPENDENT: "dependent, about themselves",
    CallerKind.REPRESENTATIVE: "parent or representative",
    CallerKind.CLIENT: "client of the group",
    CallerKind.BROKER: "its broker",
    CallerKind.TPA: "its TPA of COBRA",
    CallerKind.PROVIDER: "provider",
    CallerKind.OTHER: "somebody else",
}
"""As what somebody calls about a person."""
FOR_THE_GROUP = frozenset({CallerKind.CLIENT, CallerKind.BROKER, CallerKind.TPA})
"""They prove who they are for the group, whatever person of it the screen shows."""

ITEMS = {
    VerifyItem.GROUP_NUMBER: "group number",
    VerifyItem.CONTACT_NAME: "own name",
    VerifyItem.BROKER_NUMBER: "broker number",
    VerifyItem.REPRESENTATIVE_NAME: "own name",
    VerifyItem.NAME: "name of the member",
    VerifyItem.BIRTH_DATE: "birth date",
    VerifyItem.BILLING_ADDRESS: "billing address on record",
    VerifyItem.INVOICE_AMOUNT: "amount of the last invoice",
    VerifyItem.PAYMENT_DATE: "day of the last payment",
    VerifyItem.TAX_ID: "tax ID, last four",
    VerifyItem.MEMBER_NUMBER: "member number",
    VerifyItem.ADDRESS: "home: street and ZIP",
    VerifyItem.SSN_LAST4: "SSN, last four",
    VerifyItem.PHONE: "phone on record",
    VerifyItem.CALL_BACK: "reached at the number on record",
}
"""What a caller is asked, in the order of the rows on the screen."""

STATES = {
    VerifyState.NONE: ("[ ] NOT VERIFIED", "bold $text-warning"),
    VerifyState.IDENTIFYING: ("[ ] NOT VERIFIED", "bold $text-warning"),
    VerifyState.VERIFIED: ("[=] VERIFIED", "bold $text-success"),
    VerifyState.FAILED: ("[X] FAILED", "bold $text-error"),
    VerifyState.NO_AUTHORITY: ("[X] NO AUTHORITY", "bold $text-error"),
}
"""Shape and word of how far a caller has come; the colour only repeats it."""

FACTS = {
    Fact.GROUP: "the group",
    Fact.BILLING: "billing",
    Fact.LETTERS: "letters",
    Fact.QUEUE: "enrollments",
    Fact.USER_IDS: "user IDs",
    Fact.MEMBERS: "members",
    Fact.COBRA: "COBRA",
    Fact.PERSON: "this person",
    Fact.CLAIMS: "claims",
    Fact.ACCESS_CODE: "codes",
}
OF_A_GROUP = (
    Fact.GROUP,
    Fact.BILLING,
    Fact.LETTERS,
    Fact.QUEUE,
    Fact.USER_IDS,
    Fact.MEMBERS,
    Fact.COBRA,
    Fact.CLAIMS,
)
OF_A_PERSON = (Fact.PERSON, Fact.CLAIMS)
FREE = (
    "hours and addresses, the fax number of the form, tour and request form, how care works before the "
    "card comes, where claims and benefits are answered"
)
"""What anybody may hear: it tells nothing of any group or person."""

WRAP_UPS = {
    WrapUp.ENR_STATUS: "where an enrollment stands",
    WrapUp.ENR_MATCH_INFO: "why an enrollment is matched by hand",
    WrapUp.ENR_TERM: "termination of a member",
    WrapUp.ENR_DEMO: "change of a member's data",
    WrapUp.EDI_ACK: "an electronic file and its answer",
    WrapUp.EDI_START: "how to begin with files",
    WrapUp.COBRA_INFO: "COBRA explained",
    WrapUp.COBRA_BLOCKED: "COBRA not possible online",
    WrapUp.COBRA_PACKET: "COBRA packet",
    WrapUp.MEDICARE_REF: "Medicare, referred",
    WrapUp.BILL_BALANCE: "balance or bill",
    WrapUp.BILL_DISPUTE: "bill disputed",
    WrapUp.BILL_PTP: "promise to pay",
    WrapUp.BILL_CYCLE: "billing cycle",
    WrapUp.BILL_PAPER: "paper bill",
    WrapUp.DELQ_L1: "warning letter",
    WrapUp.DELQ_L2: "termination letter",
    WrapUp.DELQ_REINST: "coverage to be reinstated",
    WrapUp.UID_NEW: "new user ID",
    WrapUp.UID_STATUS: "where a user ID stands",
    WrapUp.UID_REISSUE: "user ID again",
    WrapUp.UID_EMPLOYEE_REF: "employee, referred to the employer",
    WrapUp.CARD_CARE: "care before the card",
    WrapUp.CARD_REPRINT: "another card",
    WrapUp.BROKER_AUTH: "authority of a broker",
    WrapUp.VERIFY_FAIL: "caller not verified",
    WrapUp.WRONG_DEPT: "another department",
    WrapUp.GRIEVANCE: "grievance",
    WrapUp.PRIVACY: "privacy",
    WrapUp.DROPPED: "dropped call",
}
LIKELY = (
    WrapUp.BILL_BALANCE,
    WrapUp.ENR_STATUS,
    WrapUp.UID_STATUS,
    WrapUp.CARD_CARE,
    WrapUp.BILL_PTP,
    WrapUp.VERIFY_FAIL,
    WrapUp.WRONG_DEPT,
    WrapUp.ENR_TERM,
)
"""What calls are most often about; they fill the digits that the guess leaves free."""

OUTCOMES = {
    CallBackOutcome.REACHED: "reached",
    CallBackOutcome.LEFT_NAME_ONLY: "left name and number only",
    CallBackOutcome.NO_ANSWER: "no answer",
}
