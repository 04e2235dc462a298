"""The words of premium: how it is billed and paid, what happens when it is not, and the letters about it.

Free of pydantic, as `words` is.
"""

from __future__ import annotations

from enum import StrEnum


class BillPreference(StrEnum):
    """How a group receives its bill (R17)."""

    PAPER = "paper"
    PAPERLESS = "paperless"
    BOTH = "both"


class BillingCycle(StrEnum):
    """The billing cycles a group may choose from (R23)."""

    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"


class DelinquencyState(StrEnum):
    """Where a group stands with its premium (policy CA_GROUP_DMHC)."""

    CURRENT = "CURRENT"
    PAST_DUE = "PAST_DUE"
    GRACE = "GRACE"
    TERM_PENDING = "TERM_PENDING"
    TERMINATED_NONPAY = "TERMINATED_NONPAY"


class InvoiceStatus(StrEnum):
    """Where one invoice stands."""

    ISSUED = "issued"
    PARTIAL = "partial"
    PAID = "paid"
    PAST_DUE = "past_due"
    VOID = "void"


class PaymentMethod(StrEnum):
    """How premium was paid."""

    CHECK = "check"
    ACH = "ach"
    WIRE = "wire"
    CASHIERS_CHECK = "cashiers_check"
    """Certified funds, like a wire."""


class Proration(StrEnum):
    """How a month with a start or an end inside it is charged; agreed group by group."""

    FULL_MONTH = "FULL_MONTH"
    MID_MONTH = "MID_MONTH"
    DAILY = "DAILY"


class HoldKind(StrEnum):
    """Why the plan's rules are held up for a group; the policy says for which of them dates stop."""

    GRIEVANCE = "grievance"
    BANKRUPTCY = "bankruptcy"
    DISPUTE = "dispute"
    """The client disputes a bill."""
    DISASTER = "disaster"
    """An order of the authorities after a disaster."""


class PromiseState(StrEnum):
    """What became of a promise to pay; broken on the day after its date."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


class BillingFlag(StrEnum):
    """What lies over the state of a group with its premium."""

    PTP_OPEN = "PTP_OPEN"
    PTP_KEPT = "PTP_KEPT"
    PTP_BROKEN = "PTP_BROKEN"
    CERTIFIED_FUNDS = "CERTIFIED_FUNDS"
    """Only certified funds are taken, after two returned payments."""
    HOLD = "HOLD"
    REINSTATED = "REINSTATED"
    NOTICE_RETURNED = "NOTICE_RETURNED"
    """A warning or termination letter came back, and nobody has settled it."""


class DateAbout(StrEnum):
    """What a date of billing, or a sentence about it, is about: `?` finds the one by the other."""

    BILL = "bill"
    DUE = "due"
    PAYMENT = "payment"
    RETURNED = "returned"
    CREDIT = "credit"
    FEE = "fee"
    L1 = "L1"
    L2 = "L2"
    END = "end"
    L3 = "L3"
    LETTER = "letter"
    """Any other letter."""
    PROMISE = "promise"
    HOLD = "hold"
    CERTIFIED_FUNDS = "certified_funds"
    REINSTATEMENT = "reinstatement"
    STATE = "state"


class ReturnedMail(StrEnum):
    """How a letter that came back was settled."""

    REMAILED = "remailed"
    """A copy went to the address of record, which was put right before."""
    REACHED = "reached"
    """The client has what the letter says by another way that is on record."""


class IncidentKind(StrEnum):
    """What went otherwise than the plan's rules want it."""

    LATE_BILL = "late_bill"
    LATE_L1 = "late_L1"
    LATE_L2 = "late_L2"
    LATE_L3 = "late_L3"
    LATE_RUN = "late_run"


class LetterKind(StrEnum):
    """The letters of the plan (R25, R26)."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L1_SUBSCRIBER = "L1_subscriber"
    """Notice of start of grace to a subscriber: dates and rights, no balance (28 CCR 1300.65)."""
    REINSTATEMENT = "reinstatement"
    RETURNED_PAYMENT = "returned_payment"
    USER_ID = "user_id"
    """User ID and code, or one of them where they travel in two envelopes."""
    ID_NOTICE = "id_notice"
    """To somebody else of the client: an ID is issued; neither ID nor code is in it."""
    ID_DENIED = "id_denied"
    """Why a request form was not accepted."""
    ENROLLMENT_RETURNED = "enrollment_returned"
    REQUEST_FORM = "request_form"
    """The user-ID request form, to be filled in and faxed back."""
    COBRA_PACKET = "cobra_packet"
    """What a member needs to elect Cal-COBRA, to the member's address on file."""
