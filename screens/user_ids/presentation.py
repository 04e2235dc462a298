"""What cells and lines of user-ID requests say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    CheckResult,
    DenyReason,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.words import Urgency
from screens.widgets.prompt import Choice
from screens.widgets.text import (
    MARKS,
    hanging,
    join,
    labelled,
    lines,
    place,
    plain,
    short_day,
    short_minute,
    urgent,
)
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.user_ids import Check, UserIdRequest, UserIdRow

COLUMNS = (
    Column("request", 7),
    Column("client", 0),
    Column("group", 7),
    Column("asks", 8),
    Column("faxed", 11),
    Column("state", 10),
    Column("mail by", 12),
)
KINDS = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replace",
}
STATES = {
    UserIdRequestState.RECEIVED: "received",
    UserIdRequestState.INCOMPLETE: "incomplete",
    UserIdRequestState.VERIFYING: "verifying",
    UserIdRequestState.REFUSED: "denied",
    UserIdRequestState.APPROVED: "approved",
    UserIdRequestState.ID_CREATED: "ID created",
    UserIdRequestState.PRINT_QUEUED: "to print",
    UserIdRequestState.MAILED: "mailed",
    UserIdRequestState.ACTIVATED: "activated",
    UserIdRequestState.EXPIRED: "expired",
    UserIdRequestState.RETURNED_MAIL: "came back",
    UserIdRequestState.REVOKED: "revoked",
}
REASONS = {
    DenyReason.SIGNER_UNKNOWN: "signer unknown",
    DenyReason.NOT_EMPLOYEE: "not an employee",
    DenyReason.ADDRESS_DIFFERS: "address differs",
    DenyReason.GROUP_NOT_ACTIVE: "group not active",
    DenyReason.ALREADY_ACTIVE: "ID active already",
    DenyReason.FORM_INCOMPLETE: "form incomplete",
}
DENY_CHOICES = [Choice(label, reason) for reason, label in REASONS.items()]
_RESULTS = {
    CheckResult.PASSED: ("= ok    ", ""),
    CheckResult.FAILED: ("# failed", "bold $text-error"),
    CheckResult.NEEDS_LEAD: ("! lead  ", "bold $text-warning"),
}
WHY_DATES = (
    "Both dates count business days from the day of the fax; one that came after closing counts as the next "
    "open day, and an incomplete form stops the count. The arrive-by date may be told to a caller. The "
    "mail-by date is for this desk alone."
)


# -- the list --------------------------------------------------------------------------------------


def row(request: UserIdRow | UserIdRequest, now: datetime) -> TableRow:
    """One request in the list; times are those of the service center."""
    cells = (
        plain(request.id),
        plain(request.group_name),
        plain(request.group_number),
        plain(KINDS[request.kind]),
        plain(short_minute(request.faxed_at, now)),
        plain(STATES[request.state]),
        mail_by(request.mail_by, request.urgency, request.state, now.date()),
    )
    return TableRow(request.id, cells)


def mail_by(day: date | None, urgency: Urgency, state: UserIdRequestState, today: date) -> Content:
    """The internal date: how near it is while the request is open, later only when it was."""
    if state not in OPEN_USER_ID_STATES:
        return plain(short_day(day, today) if day else "-", "$text-muted")
    if day is None:
        return urgent(urgency, "paused")
    if day < today:
        return urgent(urgency, f"{(today - day).days} d late")
    return urgent(urgency, "today" if day == today else short_day(day, today))


def subject(*, done: bool, group: str | None) -> Content:
    """What the head line says."""
    return join("USER IDS  ", "decided" if done else "open", f"  of {group}" if group else "")


# -- one request -----------------------------------------------------------------------------------


def detail(request: UserIdRequest, now: datetime, width: int) -> Content:
    """The request below or beside the list: the verdict, what may be said, the checks, the form."""
    rows = [_title(request)]
    rows += labelled("client", plain(f"{request.group_number} {request.group_name}"), width)
    if request.state in OPEN_USER_ID_STATES:
        rows += labelled("you can" if request.can_approve else "cannot", _verdict(request), width)
    else:
        rows += labelled("decided", _decision(request, now), width)
    rows += labelled("say", _sayable(request, now.date()), width)
    rows += _checks(request.checks, width)
    signed = f", signed by {request.signer}" if request.signer else ", NOT SIGNED"
    rows += labelled("form", plain(f"administrator {request.administrator}{signed}"), width)
    rows += labelled("", plain(place(request.form_address)), width)
    rows += labelled("record", plain(place(request.address_of_record)), width)
    rows += labelled("dates", _dates(request, now), width)
    return lines(*rows)


def _title(request: UserIdRequest) -> Content:
    return join(" ", (request.id, "bold"), f"  {KINDS[request.kind]}  {STATES[request.state]}")


def _verdict(request: UserIdRequest) -> Content:
    if request.can_approve:
        return plain("approve it: ID and one-time code go by post to the address of record.")
    failed = [one for one in request.checks if one.result is not CheckResult.PASSED]
    if not any(one.sentence in request.approve_sentence for one in failed):
        return plain(f"be approved: {request.approve_sentence}", "bold")
    why = failed[0].name if len(failed) == 1 else f"{len(failed)} checks"
    return plain(f"be approved yet: {why}, see below.", "bold")


def _decision(request: UserIdRequest, now: datetime) -> Content:
    words = STATES[request.state]
    if request.decided_by:
        words += f" by {request.decided_by}"
    if request.decided_at:
        words += f" {short_minute(request.decided_at, now)}"
    if request.deny_reason:
        words += f": {REASONS[request.deny_reason]}"
    if request.undo_until and request.undo_until > now:
        words += f"; can be taken back until {request.undo_until.astimezone(now.tzinfo):%H:%M}"
    return plain(words)


def _sayable(request: UserIdRequest, today: date) -> Content:
    """The sentence for a caller; it never has the internal date."""
    if request.state is UserIdRequestState.REFUSED:
        return plain('"We could not accept the form."')
    if request.arrive_by is None:
        return plain('"The form is not complete; we need your answer first."')
    if request.state in OPEN_USER_ID_STATES and not request.can_approve:
        return plain("no date yet: the request cannot be approved as it is")
    return plain(f'"The letter arrives by {short_day(request.arrive_by, today)}."')


def _checks(checks: Iterable[Check], width: int) -> list[Content]:
    """What did not pass first, with what to do; what passed in as few lines as possible."""
    known = list(checks)
    rows: list[Content] = []
    for check in known:
        if check.result is not CheckResult.PASSED:
            word, style = _RESULTS[check.result]
            text = join((check.name, "bold"), f": {check.sentence}")
            rows += hanging(join(" ", (word, style), " "), text, width)
    word, style = _RESULTS[CheckResult.PASSED]
    passed = [check.name for check in known if check.result is CheckResult.PASSED]
    if passed:
        rows += hanging(join(" ", (word, style), " "), plain(", ".join(passed)), width)
    return rows


def _dates(request: UserIdRequest, now: datetime) -> Content:
    mail = mail_by(request.mail_by, request.urgency, request.state, now.date())
    faxed = f"faxed {short_minute(request.faxed_at, now)} {request.fax_reference}"
    return join(faxed, ", internal: mail by ", mail)


# -- what is asked and said ------------------------------------------------------------------------


def approve_line(request: UserIdRequest) -> Content:
    """The line that Enter confirms."""
    return join("approve ", request.id, ", mail to address of record")


def deny_line(request: UserIdRequest, reason: DenyReason, note: str) -> Content:
    """The line that Enter confirms."""
    return join("deny ", request.id, f": {REASONS[reason]}", f'; note "{note}"' if note else "")


def undo_line(request: UserIdRequest) -> Content:
    """The line that Enter confirms: it names what is taken back."""
    what = "denial" if request.state is UserIdRequestState.REFUSED else "approval"
    return join(f"take back the {what} of ", request.id, f" {request.group_name}")


def decided(request: UserIdRequest, now: datetime) -> Content:
    """Said after a decision."""
    words = f"{request.id} {STATES[request.state]}"
    if request.undo_until and request.undo_until > now:
        words += f"; u takes it back until {request.undo_until.astimezone(now.tzinfo):%H:%M}"
    return plain(words + ".")


def conflict(seen: UserIdRequest, present: UserIdRequest) -> Content:
    """Said when a decision met a newer version: what was seen and what is."""
    by = f" by {present.decided_by}" if present.decided_by else ""
    if seen.state is present.state:
        return plain(f"{present.id} was changed meanwhile; look again. Nothing was done.", "bold")
    change = f"{STATES[seen.state]} when you looked, {STATES[present.state]}{by} now"
    return plain(f"{present.id}: {change}. Nothing was done.", "bold")


def why(request: UserIdRequest) -> Content:
    """The reasons behind verdict and dates."""
    if request.state not in OPEN_USER_ID_STATES:
        verdict = "This request is decided."
    elif request.can_approve:
        verdict = f"Every check passed: {request.approve_sentence}."
    else:
        verdict = request.approve_sentence
    rows = [plain(verdict)]
    rows += [
        join(f"{_RESULTS[one.result][0].strip()}  ", one.name, f": {one.sentence}") for one in request.checks
    ]
    return lines(*rows, plain(WHY_DATES), plain(_legend()))


def _legend() -> str:
    words = {
        Urgency.LATE: "late",
        Urgency.RED: "today",
        Urgency.AMBER: "next business day",
        Urgency.CALM: "later",
        Urgency.PAUSED: "paused",
    }
    return "  ".join(f"{MARKS[urgency]} {word}" for urgency, word in words.items())
