"""Who may approve, deny, complete or take back a user-ID request, and what becomes of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
from backend.policy.policy import Policy
from backend.refusal import Refusal, not_allowed, rule_refuses
from backend.user_ids.checks import Check, needs_lead

_S = UserIdRequestState
_BY_FAX_ONLY = frozenset({Missing.SIGNATURE, Missing.SIGNER, Missing.PAGE})
"""What cannot be answered by phone."""


@dataclass(frozen=True)
class Decider:
    """Who decides."""

    rep: int
    actor: str
    """Such as `rep:m.lopez`."""
    role: Role


# -- taking the form in ----------------------------------------------------------------------------


def channel_refused(channel: Channel, policy: Policy) -> Refusal | None:
    """Why a form is not taken that came this way: by the plan's FAQ it is faxed (R05)."""
    ways = policy.user_ids.channels
    if channel in ways:
        return None
    taken = " or ".join(one.value for one in ways)
    return rule_refuses(
        f"A form for a user ID is taken by {taken} only. "
        f"Ask the client to fax it to {policy.letters.form_fax}."
    )


def incomplete_refused(state: UserIdRequestState) -> Refusal | None:
    """Why the days cannot be stopped."""
    if state is _S.INCOMPLETE:
        return rule_refuses("This form is incomplete already; the client's answer completes it.")
    return decision_refused(state)


def by_phone_refused(missing: Collection[Missing], *, signer: bool, reached: bool) -> Refusal | None:
    """Why the answer is not taken by phone: a signature comes by fax, and somebody must have been reached."""
    if signer or _BY_FAX_ONLY & set(missing):
        return rule_refuses(
            "A signature or a page comes by fax: ask the client for it and name its reference."
        )
    if not reached:
        return rule_refuses(
            "Nobody was reached at the number on record yet. Call it first, and note that it was reached."
        )
    return None


def by_fax_refused(fax_reference: str | None, *, new_page: bool) -> Refusal | None:
    """Why the answer is not taken as a fax: it has neither reference nor page."""
    if fax_reference or new_page:
        return None
    return Refusal(ProblemType.INVALID, "Name the reference of the new fax, or keep its page first.")


# -- decisions -------------------------------------------------------------------------------------


def decision_refused(state: UserIdRequestState) -> Refusal | None:
    """Why the request cannot be approved or denied in this state."""
    return None if state in OPEN_USER_ID_STATES else rule_refuses("This request is decided already.")


def approval_refused(
    state: UserIdRequestState,
    found: Sequence[Check],
    by: Decider,
    *,
    checked_by: int | None = None,
    address_changed_by: str = "",
) -> Refusal | None:
    """Why this rep cannot approve: decided or incomplete, a failed check, or one that needs somebody else.

    After a move two persons agree, the second of them a lead; whoever changed the address of record never
    approves what is mailed to it.
    """
    if refusal := decision_refused(state):
        return refusal
    if state is _S.INCOMPLETE:
        return rule_refuses("The form is incomplete: it can be approved once the client has answered.")
    if failed := [check for check in found if check.result is CheckResult.FAILED]:
        return rule_refuses(failed[0].sentence)
    check = needs_lead(found)
    if check is None:
        return None
    if address_changed_by == by.actor:
        return not_allowed("You changed the address of record: somebody else must approve this.")
    if state is not _S.VERIFYING:
        return None
    if checked_by == by.rep:
        return not_allowed("You approved this first: a lead who is somebody else must agree.")
    if by.role is Role.REP:
        return not_allowed(f"A lead must agree to this. {check.sentence}")
    return None


def state_after_approval(state: UserIdRequestState, found: Sequence[Check]) -> UserIdRequestState:
    """VERIFYING after the first of two persons, else APPROVED."""
    first_of_two = needs_lead(found) is not None and state is not _S.VERIFYING
    return _S.VERIFYING if first_of_two else _S.APPROVED


def denial_refused(state: UserIdRequestState, reason: DenyReason | None) -> Refusal | None:
    """Why the request cannot be denied."""
    if refusal := decision_refused(state):
        return refusal
    return Refusal(ProblemType.INVALID, "A denial names its reason.") if reason is None else None


def undo_refused(
    state: UserIdRequestState,
    by: Decider,
    *,
    checked_by: int | None,
    decided_by: int | None,
    letter_mailed: bool,
) -> Refusal | None:
    """Why the rep cannot take a decision back: there is none, its letter is mailed, or it is another's."""
    if state not in (*TO_MAIL_STATES, _S.REFUSED, _S.VERIFYING):
        if state in OPEN_USER_ID_STATES:
            return rule_refuses("There is no decision here that can be taken back.")
        return rule_refuses("The letter is mailed, so the decision stands.")
    if letter_mailed:
        return rule_refuses("The letter is mailed, so the decision stands.")
    whose = checked_by if state is _S.VERIFYING else decided_by
    if by.role is Role.REP and by.rep != whose:
        return not_allowed("Only the rep who decided, or a lead, can take this back.")
    return None
