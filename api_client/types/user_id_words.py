"""The words of user IDs: the faxed request, the letter with the code, and what an ID may do.

Free of pydantic, as `words` is.
"""

from __future__ import annotations

from enum import StrEnum

# -- requests --------------------------------------------------------------------------------------


class UserIdRequestKind(StrEnum):
    """What a faxed form asks for."""

    FIRST = "first"
    RESET = "reset"
    REPLACE = "replace"


class UserIdRequestState(StrEnum):
    """States of a user-ID request."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    """Something is missing; the days stand still until the client has answered."""
    VERIFYING = "verifying"
    """Approved by one person; a lead who is somebody else must agree."""
    REFUSED = "refused"
    APPROVED = "approved"
    PRINT_QUEUED = "print_queued"
    """In a mailing that is being printed."""
    ID_CREATED = "id_created"
    """ID and code were made in the mailing step and printed; they work once the letter is mailed."""
    MAILED = "mailed"
    ACTIVATED = "activated"
    EXPIRED = "expired"
    """The code works no more: its last day is over, or it was tried wrongly too often."""
    RETURNED_MAIL = "returned_mail"
    REVOKED = "revoked"


OPEN_USER_ID_STATES = (
    UserIdRequestState.RECEIVED,
    UserIdRequestState.INCOMPLETE,
    UserIdRequestState.VERIFYING,
)
"""A person has to do something about it."""
TO_MAIL_STATES = (
    UserIdRequestState.APPROVED,
    UserIdRequestState.PRINT_QUEUED,
    UserIdRequestState.ID_CREATED,
)
"""Approved, and not in the mail: it can be taken back, and its mail-by date still counts."""
ON_THE_WAY_STATES = (
    UserIdRequestState.MAILED,
    UserIdRequestState.EXPIRED,
    UserIdRequestState.RETURNED_MAIL,
)
"""It was mailed and is not used: another letter may have to go."""


class RequestView(StrEnum):
    """Parts of the list of requests."""

    OPEN = "open"
    TO_MAIL = "to_mail"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    ALL = "all"
    """Of one group, the newest first."""


class Missing(StrEnum):
    """What a faxed form lacks."""

    SIGNATURE = "signature"
    SIGNER = "signer"
    """The name of who signed."""
    ADMINISTRATOR = "administrator"
    ADDRESS = "address"
    PAGE = "page"
    """A page cannot be read."""


class DenyReason(StrEnum):
    """Why a user-ID request is refused."""

    SIGNER_UNKNOWN = "signer_unknown"
    NOT_EMPLOYEE = "not_employee"
    ADDRESS_DIFFERS = "address_differs"
    GROUP_NOT_ACTIVE = "group_not_active"
    ALREADY_ACTIVE = "already_active"
    FORM_INCOMPLETE = "form_incomplete"
    DUPLICATE = "duplicate"
    """The same form is here already: nothing is written to the client."""


class CheckResult(StrEnum):
    """Result of one check of a user-ID request."""

    PASSED = "passed"
    FAILED = "failed"
    NEEDS_LEAD = "needs_lead"


class Envelopes(StrEnum):
    """How user ID and code travel."""

    ONE = "one"
    TWO = "two"


class LetterPart(StrEnum):
    """What one letter brings."""

    BOTH = "both"
    ID = "id"
    CODE = "code"


# -- the IDs of a client ---------------------------------------------------------------------------


class Privilege(StrEnum):
    """What a user ID of a client may do in the online account service."""

    USERS_MANAGE = "users_manage"
    MEMBERS_VIEW = "members_view"
    MEMBERS_ENROLL = "members_enroll"
    MEMBERS_TERMINATE = "members_terminate"
    MEMBERS_DEMOGRAPHIC = "members_demographic"
    IDCARD_ORDER = "idcard_order"
    COBRA_MANAGE = "cobra_manage"
    BILLING_VIEW = "billing_view"
    BILLING_PAY = "billing_pay"
    DOCUMENTS_VIEW = "documents_view"
    REPORTS = "reports"
    SSN_REVEAL = "ssn_reveal"


MAY: dict[Privilege, str] = {
    Privilege.USERS_MANAGE: "manage user IDs",
    Privilege.MEMBERS_VIEW: "look at members",
    Privilege.MEMBERS_ENROLL: "enroll members",
    Privilege.MEMBERS_TERMINATE: "end coverage",
    Privilege.MEMBERS_DEMOGRAPHIC: "change members' data",
    Privilege.IDCARD_ORDER: "order ID cards",
    Privilege.COBRA_MANAGE: "manage COBRA",
    Privilege.BILLING_VIEW: "look at bills",
    Privilege.BILLING_PAY: "pay bills",
    Privilege.DOCUMENTS_VIEW: "look at documents",
    Privilege.REPORTS: "run reports",
    Privilege.SSN_REVEAL: "see SSNs in full",
}
"""Each privilege as it is told to people, at the desk and in the log, in the order it is always told in."""


class UserRole(StrEnum):
    """Usual bundles of privileges."""

    VIEWER = "viewer"
    MEMBER_CLERK = "member_clerk"
    BILLING_CLERK = "billing_clerk"
    FULL_USER = "full_user"
    ADMINISTRATOR = "administrator"
    OTHER = "other"
    """Any other choice of privileges."""


class UserKind(StrEnum):
    """Who gave the ID out."""

    ADMINISTRATOR = "administrator"
    """The plan, by mail: one active for each employer (R09)."""
    USER = "user"
    """The client's administrator, online (R10)."""


class UserState(StrEnum):
    """How far a user ID can be used."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LOCKED = "locked"
    """Too many wrong passwords."""
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """Never used, and never to be."""


class SuspendedBy(StrEnum):
    """Who suspended an ID, and who lets it go on."""

    CLIENT = "client"
    SECURITY = "security"
    """The plan, as somebody else may have it; a lead lets it go on."""
    UNUSED = "unused"


class PersonIs(StrEnum):
    """What the person behind a user ID is to the client."""

    EMPLOYEE = "employee"
    BROKER = "broker"
    TPA = "tpa"


class BlockReason(StrEnum):
    """Why the plan blocks a user ID at once."""

    NOT_ASKED_FOR = "not_asked_for"
    """The client says that nobody there asked for it."""
    SEEN_BY_OTHERS = "seen_by_others"
    LEFT_COMPANY = "left_company"
    MISUSE = "misuse"


class CodeState(StrEnum):
    """Where a one-time code stands."""

    PRINTED = "printed"
    """On a letter that is not mailed: it does not work yet."""
    LIVE = "live"
    USED = "used"
    DEAD = "dead"


class UserAct(StrEnum):
    """What the access log of a client tells."""

    APPROVED = "approved"
    TAKEN_BACK = "taken_back"
    CODE_MAILED = "code_mailed"
    CODE_DEAD = "code_dead"
    ACTIVATED = "activated"
    CREATED = "created"
    CHANGED = "changed"
    RESET = "reset"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    LOCKED = "locked"
    ENDED = "ended"
    REPLACED = "replaced"
