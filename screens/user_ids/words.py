"""The words of user-ID requests: kinds, states, reasons, and why things are as they are."""

from __future__ import annotations

from api_client.types.user_id_words import (
    CheckResult,
    DenyReason,
    Missing,
    PersonIs,
    RequestView,
    UserIdRequestKind,
    UserIdRequestState,
)

KINDS = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replace",
}
STATES = {
    UserIdRequestState.RECEIVED: "received",
    UserIdRequestState.INCOMPLETE: "incomplete",
    UserIdRequestState.VERIFYING: "2nd person",
    UserIdRequestState.REFUSED: "denied",
    UserIdRequestState.APPROVED: "approved",
    UserIdRequestState.PRINT_QUEUED: "to print",
    UserIdRequestState.ID_CREATED: "printed",
    UserIdRequestState.MAILED: "mailed",
    UserIdRequestState.ACTIVATED: "activated",
    UserIdRequestState.EXPIRED: "expired",
    UserIdRequestState.RETURNED_MAIL: "came back",
    UserIdRequestState.REVOKED: "revoked",
}
VIEWS = {
    RequestView.ALL: "all",
    RequestView.OPEN: "open",
    RequestView.TO_MAIL: "to mail",
    RequestView.ON_THE_WAY: "on the way",
    RequestView.DONE: "done",
}
EMPTY = {
    RequestView.ALL: "No request of this client is on record. x registers a faxed form.",
    RequestView.OPEN: "No request waits. f shows the others; x registers a faxed form.",
}
MISSING = {
    Missing.SIGNATURE: "signature",
    Missing.SIGNER: "name of the signer",
    Missing.ADMINISTRATOR: "name of the administrator",
    Missing.ADDRESS: "address",
    Missing.PAGE: "a readable page",
}
BY_FAX_ONLY = frozenset({Missing.SIGNATURE, Missing.SIGNER, Missing.PAGE})
"""What nobody can give by phone: a signature, who made it, a page."""
PERSONS = {
    PersonIs.EMPLOYEE: "an employee",
    PersonIs.BROKER: "of the broker",
    PersonIs.TPA: "of the administrator of the plan (TPA)",
}
REASONS = {
    DenyReason.SIGNER_UNKNOWN: "signer unknown",
    DenyReason.NOT_EMPLOYEE: "not an employee",
    DenyReason.ADDRESS_DIFFERS: "address differs",
    DenyReason.GROUP_NOT_ACTIVE: "group not active",
    DenyReason.ALREADY_ACTIVE: "ID active already",
    DenyReason.FORM_INCOMPLETE: "form incomplete",
    DenyReason.DUPLICATE: "a duplicate",
}
RESULTS = {
    CheckResult.PASSED: ("= ok    ", ""),
    CheckResult.FAILED: ("# failed", "bold $text-error"),
    CheckResult.NEEDS_LEAD: ("! lead  ", "bold $text-warning"),
}
NOBODY_TO_CALL = "Nobody of the client has a phone number on record: no call-back is planned."
WHY_DATES = (
    "Both dates count business days from the day of the fax; one that came after closing counts as the next "
    "open day. While a form is incomplete the days stand still: the day on which it was found so counts, the "
    "day of the answer does not, and a day that was missed stays missed. The arrive-by date may be told to a "
    "caller. The mail-by date is for this desk alone."
)
WHY_CHECKS = (
    "Each check compares the form with what is on record now. What a fax says of where it comes from proves "
    "nothing. After a move two persons agree: the second is a lead who did not change the address, and who "
    "asked the client about it."
)
WHY_CODE = (
    "User ID and code are made when the letter is printed. They stand on the letter alone: there is nothing "
    "here that could be read out. A new letter stops the code of the one before."
)
WHY_REGISTER = (
    "A form is registered as it came; what it lacks stays empty and is asked for afterwards. The days count "
    "from when the fax was received, not from when it is typed in. Its picture is checked and then kept as a "
    "PDF; the form counts without it too."
)
REGISTER_HINT = (
    "The days count from the time on the fax. Lines that the form leaves empty stay empty: z asks the client "
    "for them once the form is registered. Forms are taken by fax only."
)
