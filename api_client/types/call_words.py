"""The words of a call: who calls, what they prove, what they may hear, and what is done for them.

Free of pydantic, as `words` is.
"""

from __future__ import annotations

from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    """The phone system announced it; nobody has taken it yet."""
    ACTIVE = "active"
    """On the line: what its rep reads is opened or locked by what the caller proved. One for each rep."""
    PARKED = "parked"
    """On hold; it keeps what was proved."""
    CLOSED = "closed"


class CallerKind(StrEnum):
    """As what somebody calls about a group or a person."""

    CLIENT = "client"
    """Contract signer or administrator on record."""
    BROKER = "broker"
    """Broker of record."""
    TPA = "tpa"
    """Whoever administers COBRA for the group."""
    SUBSCRIBER = "subscriber"
    DEPENDENT = "dependent"
    """Spouse or adult child, about themselves."""
    REPRESENTATIVE = "representative"
    """Parent of a minor or personal representative, with a document on file (45 CFR 164.502(g))."""
    PROVIDER = "provider"
    OTHER = "other"
    """Anybody else, such as an employee without authority for the group."""


class VerifyItem(StrEnum):
    """What a caller is asked; the answer is compared by the backend and stands on no screen."""

    GROUP_NUMBER = "group_number"
    CONTACT_NAME = "contact_name"
    """The caller's own name, compared with the contacts of that role whose authority covers today."""
    BROKER_NUMBER = "broker_number"
    BILLING_ADDRESS = "billing_address"
    INVOICE_AMOUNT = "invoice_amount"
    """Of the last invoice."""
    PAYMENT_DATE = "payment_date"
    """When the last payment was received."""
    TAX_ID = "tax_id"
    """Its last four digits."""
    CALL_BACK = "call_back"
    """Reached at the number on record; it is not typed, the rep says it was done."""
    NAME = "name"
    BIRTH_DATE = "birth_date"
    MEMBER_NUMBER = "member_number"
    ADDRESS = "address"
    """Street and ZIP of the residence."""
    SSN_LAST4 = "ssn_last4"
    PHONE = "phone"
    REPRESENTATIVE_NAME = "representative_name"
    """The caller's own name, compared with those who have a document on file for the member."""


class VerifyState(StrEnum):
    """How far a caller has proved who they are, for one group or person."""

    NONE = "none"
    """Nobody said yet as what they call."""
    IDENTIFYING = "identifying"
    VERIFIED = "verified"
    FAILED = "failed"
    """Too many misses: nothing more is compared in this call."""
    NO_AUTHORITY = "no_authority"
    """Who they are is no question: nothing of this group or person is for them."""


class Fact(StrEnum):
    """What may be heard of a group or a person; everything else a caller needs no right for."""

    GROUP = "group"
    """Address, contacts, size, filing."""
    BILLING = "billing"
    LETTERS = "letters"
    QUEUE = "queue"
    """Where its enrollments stand."""
    USER_IDS = "user_ids"
    MEMBERS = "members"
    """Who is enrolled or not (45 CFR 164.504(f)(1)(iii))."""
    COBRA = "cobra"
    PERSON = "person"
    """One person's own enrollment, card and effective date."""
    CLAIMS = "claims"
    """Nobody hears of claims and diagnoses here."""
    ACCESS_CODE = "access_code"
    """Nobody hears a code; it leaves by mail only."""


class PhoneAct(StrEnum):
    """What a rep does for a verified caller."""

    CHANGE = "change"
    TERMINATE = "terminate"
    ENROLL = "enroll"
    ADD_DEPENDENT = "add_dependent"
    REINSTATE = "reinstate"
    TRANSFER = "transfer"
    COBRA = "cobra"
    COBRA_PACKET = "cobra_packet"
    CARD = "card"
    PAPER_BILL = "paper_bill"
    BILLING_CYCLE = "billing_cycle"
    PROMISE = "promise"
    """A promise to pay."""
    DISPUTE = "dispute"
    """The client disputes a bill."""
    REINSTATE_GROUP = "reinstate_group"
    """The client asks for coverage that ended unpaid to be given back."""
    CALL_BACK = "call_back"
    REQUEST_FORM = "request_form"
    ID_REISSUE = "id_reissue"
    """A new letter with a new code, in place of one that was lost."""
    LETTER_COPY = "letter_copy"


class WrapUp(StrEnum):
    """What a call was about; one is needed to close it."""

    ENR_STATUS = "ENR-STATUS"
    ENR_MATCH_INFO = "ENR-MATCH-INFO"
    ENR_TERM = "ENR-TERM"
    ENR_DEMO = "ENR-DEMO"
    EDI_ACK = "EDI-ACK"
    EDI_START = "EDI-START"
    COBRA_INFO = "COBRA-INFO"
    COBRA_BLOCKED = "COBRA-BLOCKED"
    COBRA_PACKET = "COBRA-PACKET"
    MEDICARE_REF = "MEDICARE-REF"
    BILL_BALANCE = "BILL-BALANCE"
    BILL_DISPUTE = "BILL-DISPUTE"
    BILL_PTP = "BILL-PTP"
    BILL_CYCLE = "BILL-CYCLE"
    BILL_PAPER = "BILL-PAPER"
    DELQ_L1 = "DELQ-L1"
    DELQ_L2 = "DELQ-L2"
    DELQ_REINST = "DELQ-REINST"
    UID_NEW = "UID-NEW"
    UID_STATUS = "UID-STATUS"
    UID_REISSUE = "UID-REISSUE"
    UID_EMPLOYEE_REF = "UID-EMPLOYEE-REF"
    CARD_CARE = "CARD-CARE"
    CARD_REPRINT = "CARD-REPRINT"
    BROKER_AUTH = "BROKER-AUTH"
    VERIFY_FAIL = "VERIFY-FAIL"
    WRONG_DEPT = "WRONG-DEPT"
    GRIEVANCE = "GRIEVANCE"
    PRIVACY = "PRIVACY"
    DROPPED = "DROPPED"


class CallBackState(StrEnum):
    """Where a promised call-back stands."""

    OPEN = "open"
    REACHED = "reached"
    GIVEN_UP = "given_up"
    """As often tried as the plan allows."""
    NOT_NEEDED = "not_needed"
    """What it asks for came in another way."""


class CallBackOutcome(StrEnum):
    """What came of one try to call back."""

    REACHED = "reached"
    LEFT_NAME_ONLY = "left_name_only"
    """A message with name and number, nothing else."""
    NO_ANSWER = "no_answer"


class LookReason(StrEnum):
    """Why a rep looks people up with neither a caller on the line nor a case in hand."""

    CASE = "case"
    CORRESPONDENCE = "correspondence"
    RETURNED_MAIL = "returned_mail"
    CALL_BACK = "call_back"
    REVIEW = "review"


class FoundKind(StrEnum):
    """What the search can find."""

    GROUP = "group"
    MEMBER = "member"
    ENROLLMENT = "enrollment"
    """By its receipt."""
    MATCH_ITEM = "match_item"
    USER_ID_REQUEST = "user_id_request"
    USER_ID = "user_id"
    LETTER = "letter"
    CARD = "card"
    FILE = "file"
    CALL = "call"
    CALL_BACK = "call_back"


class RevealField(StrEnum):
    """What of a person is masked and can be shown for a moment, with a reason."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SSN = "ssn"
    ADDRESS = "address"
    PHONE = "phone"


class RepresentativeKind(StrEnum):
    """Why somebody may speak for a member (45 CFR 164.502(g))."""

    PARENT = "parent"
    """Of a minor."""
    PERSONAL = "personal"
    """By power of attorney, a court, or as the executor of an estate."""
