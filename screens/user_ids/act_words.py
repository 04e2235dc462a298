"""What is asked before something is done about a user-ID request, and what is said after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    CheckResult,
    DenyReason,
    Missing,
    UserIdRequestState,
)
from screens.user_ids.words import MISSING, NOBODY_TO_CALL, REASONS, STATES
from screens.widgets.prompt import Choice
from screens.widgets.text import join, plain, short_day

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest

DENY_CHOICES = [Choice(label, reason) for reason, label in REASONS.items()]
FOR_A_CALLER = "A new letter is for a verified caller: F9 takes the call, y verifies, then r."
_CHECKS = {
    DenyReason.SIGNER_UNKNOWN: "signer on record",
    DenyReason.NOT_EMPLOYEE: "administrator an employee or agent",
    DenyReason.ADDRESS_DIFFERS: "address of record",
    DenyReason.GROUP_NOT_ACTIVE: "group active",
    DenyReason.ALREADY_ACTIVE: "no active admin ID",
}
"""The check that finds what a denial says."""
_MIB = 1024 * 1024
NOTHING_TO_TAKE_BACK = "You decided nothing here that could be taken back."


def approve_line(request: UserIdRequest) -> Content:
    """The line that Enter confirms."""
    if request.checked_by:
        return join("agree as the second person: approve ", request.id, ", mail to address of record")
    if any(one.result is CheckResult.NEEDS_LEAD for one in request.checks):
        return join("approve ", request.id, " as the first person; a lead must agree before it is mailed")
    return join("approve ", request.id, ", mail to address of record")


def deny_line(request: UserIdRequest, reason: DenyReason, note: str) -> Content:
    """The line that Enter confirms."""
    passed = [one.name for one in request.checks if one.result is CheckResult.PASSED]
    though = ", although this check passed" if _CHECKS.get(reason) in passed else ""
    letter = "" if reason is DenyReason.DUPLICATE else ", a letter says so"
    said = f'; note "{note}"' if note else ""
    return join("deny ", request.id, f": {REASONS[reason]}{though}{letter}{said}")


def undo_line(request: UserIdRequest) -> Content:
    """The line that Enter confirms: it names what is taken back."""
    what = {
        UserIdRequestState.REFUSED: "denial",
        UserIdRequestState.VERIFYING: "first approval",
    }.get(request.state, "approval")
    return join(f"take back the {what} of ", request.id, f" {request.group_name}")


def missing_choices(chosen: Collection[Missing]) -> list[Choice[Missing | None]]:
    """What a form may lack, those chosen marked; Enter goes on with them."""
    choices: list[Choice[Missing | None]] = [
        Choice(f"[{'x' if one in chosen else ' '}] {label}", one) for one, label in MISSING.items()
    ]
    return [*choices, Choice("goes on", None, key="enter")] if chosen else choices


def incomplete_line(request: UserIdRequest, missing: Sequence[Missing], note: str) -> Content:
    """The line that Enter confirms."""
    words = ", ".join(MISSING[one] for one in missing)
    said = f'; note "{note}"' if note else ""
    return join("call the client of ", request.id, f" back for: {words}{said}; the days stand still")


def reissue_line(request: UserIdRequest) -> Content:
    """The line that Enter confirms."""
    return join("new letter for ", request.id, ": its code stops now, mail to address of record")


def decided(request: UserIdRequest) -> Content:
    """Said after a decision."""
    words = {
        UserIdRequestState.REFUSED: "denied",
        UserIdRequestState.VERIFYING: "approved by the first person; a lead must agree",
    }.get(request.state, STATES[request.state])
    back = "; u takes it back until its letter is mailed" if request.can_undo else ""
    return plain(f"{request.id} {words}{back}.")


def asked(request: UserIdRequest) -> Content:
    """Said once the days stand still."""
    if request.call_back is None:
        return plain(f"{request.id} is incomplete, and the days stand still. {NOBODY_TO_CALL}")
    by = f"call-back {request.call_back} asks the client"
    return plain(f"{request.id} is incomplete: {by}, and the days stand still.")


def answered(request: UserIdRequest, now: datetime) -> Content:
    """Said once an answer is taken down."""
    if request.state is UserIdRequestState.INCOMPLETE:
        missing = ", ".join(MISSING[one] for one in request.missing)
        return plain(f"{request.id} still lacks: {missing}.")
    by = f", the letter arrives by {short_day(request.arrive_by, now.date())}" if request.arrive_by else ""
    return plain(f"{request.id} has its answer; the days go on{by}.")


def reissued(request: UserIdRequest, now: datetime) -> Content:
    """Said once a new letter is on its way to the mail."""
    by = f" and arrives by {short_day(request.arrive_by, now.date())}" if request.arrive_by else ""
    return plain(f"{request.id}: the code that is lost works no more; a new letter goes to the mail{by}.")


def registered(request: UserIdRequest, now: datetime) -> str:
    """Said once a fax is registered; no day of a letter is said while a check fails, as to a caller."""
    failed = sum(one.result is CheckResult.FAILED for one in request.checks)
    if failed:
        return f"{request.id} is registered; {'a check fails' if failed == 1 else f'{failed} checks fail'}."
    by = f", its letter arrives by {short_day(request.arrive_by, now.date())}" if request.arrive_by else ""
    return f"{request.id} is registered{by}."


def sending(number: str, size: int) -> str:
    """Said while a page is on its way."""
    return f"{number}: the page is sent, {max(size / _MIB, 0.1):.1f} MiB ... Esc stops it"


def stopped(number: str) -> str:
    """Said when a rep does not wait for the page."""
    return f"{number}: stopped. If the page had arrived already, it is kept; F7 shows it."


def kept(request: UserIdRequest) -> Content:
    """Said once the picture of a form is with its request."""
    count = request.page.pages if request.page else 0
    return plain(f"{request.id}: {'the page is' if count == 1 else f'{count} pages are'} kept; p opens it.")


def conflict(seen: UserIdRequest, present: UserIdRequest) -> Content:
    """Said when a decision met a newer version: what was seen and what is."""
    by = f" by {present.decided_by}" if present.decided_by else ""
    if seen.state is present.state:
        return plain(f"{present.id} was changed meanwhile; look again. Nothing was done.", "bold")
    change = f"{STATES[seen.state]} when you looked, {STATES[present.state]}{by} now"
    return plain(f"{present.id}: {change}. Nothing was done.", "bold")


def not_undone(request: UserIdRequest) -> str:
    """Why a decision stays."""
    if request.state in OPEN_USER_ID_STATES:
        return f"{request.id} waits again; there is nothing to take back."
    return f"{request.id} stays as it is: its letter is mailed, or somebody else decided it."


__all__ = [
    "DENY_CHOICES",
    "FOR_A_CALLER",
    "NOTHING_TO_TAKE_BACK",
    "answered",
    "approve_line",
    "asked",
    "conflict",
    "decided",
    "deny_line",
    "incomplete_line",
    "kept",
    "missing_choices",
    "not_undone",
    "registered",
    "reissue_line",
    "reissued",
    "sending",
    "stopped",
    "undo_line",
]
