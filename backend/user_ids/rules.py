"""Dates and checks of user-ID requests.

The plan's FAQ: the client faxes the form and receives user ID and access code "in the mail within seven
business days"; for security both are mailed to the client only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    CheckResult,
    DenyReason,
    Privilege,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.words import GroupState, Role
from backend.matching import normalise
from backend.policy.policy import UserIdPolicy
from backend.refusal import Refusal, not_allowed, rule_refuses

# -- checks before approval ------------------------------------------------------------------------


@dataclass(frozen=True)
class PostalAddress:
    """Where a letter goes."""

    street: str
    city: str
    state: str
    zip: str

    def same_as(self, other: PostalAddress) -> bool:
        """Whether both name the same place, whatever the spelling of street words; never for an empty one."""
        return bool(self.street.strip()) and self._key == other._key

    @property
    def _key(self) -> tuple[str, str, str, str]:
        return (
            normalise.street(self.street),
            normalise.name_key(self.city),
            normalise.name_key(self.state),
            normalise.zip5(self.zip),
        )


@dataclass(frozen=True)
class RequestFacts:
    """The form beside what is on record on the day of the check."""

    kind: UserIdRequestKind
    group_state: GroupState
    signer: str
    signers_on_record: Sequence[str]
    administrator: str
    employees_on_record: Sequence[str]
    agents_on_record: Sequence[str]
    """Brokers and administrators of the client with a document on file, in force today."""
    administrator_is: str
    """What the form says: employee, broker or tpa."""
    form_address: PostalAddress
    address_of_record: PostalAddress
    active_admin_id: bool
    address_changed_on: date | None
    today: date


@dataclass(frozen=True)
class Check:
    """One check: its result and what was found, with what to do unless it passed."""

    name: str
    result: CheckResult
    sentence: str


Finding = tuple[CheckResult, str]


def checks(facts: RequestFacts, policy: UserIdPolicy) -> list[Check]:
    """Every check before approval, in the order a rep reads them."""
    named: dict[str, Callable[[], Finding]] = {
        "group active": lambda: _group_active(facts),
        "signer on record": lambda: _signer(facts),
        "administrator an employee or agent": lambda: _administrator(facts),
        "address of record": lambda: _address(facts),
        "no active admin ID": lambda: _admin_id(facts),
        f"no move in {policy.recent_move_days} days": lambda: _no_move(facts, policy),
    }
    return [Check(name, *find()) for name, find in named.items()]


def _passed(sentence: str) -> Finding:
    return CheckResult.PASSED, sentence


def _failed(sentence: str) -> Finding:
    return CheckResult.FAILED, sentence


def _group_active(facts: RequestFacts) -> Finding:
    if facts.group_state is GroupState.ACTIVE:
        return _passed("The group is active.")
    return _failed(
        "The group is not active. Deny the request; the contract holder can ask about reinstatement."
    )


def _on_record(name: str, names: Sequence[str]) -> bool:
    return bool(normalise.name_key(name)) and normalise.name_key(name) in map(normalise.name_key, names)


def _signer(facts: RequestFacts) -> Finding:
    if _on_record(facts.signer, facts.signers_on_record):
        return _passed("The form is signed by a contract signer on record.")
    if not facts.signer.strip():
        return _failed("The form is not signed. Call the group at the number on record for a signed form.")
    return _failed(
        "The signer is not on record. Ask for a form signed by a contract signer on record, or deny."
    )


def _administrator(facts: RequestFacts) -> Finding:
    if normalise.name_key(facts.administrator_is) == "EMPLOYEE":
        if _on_record(facts.administrator, facts.employees_on_record):
            return _passed("The administrator is an employee of the client.")
        return _failed(
            "The administrator is not on record as the client's employee. "
            "Have a contract signer confirm it at the number on record."
        )
    if _on_record(facts.administrator, facts.agents_on_record):
        return _passed("The administrator is an agent of the client with a document on file.")
    return _failed("No document on file names this agent. Ask the client for it, or deny.")


def _address(facts: RequestFacts) -> Finding:
    if facts.form_address.same_as(facts.address_of_record):
        return _passed("The address is the address of record.")
    return _failed(
        "The address differs from the address of record. Call the number on record; "
        "the client changes the address first, or sends a form with the address of record."
    )


def _admin_id(facts: RequestFacts) -> Finding:
    if facts.kind is UserIdRequestKind.FIRST:
        if not facts.active_admin_id:
            return _passed("No administrator ID is active.")
        return _failed(
            "An administrator ID is active, and there is one for each client. "
            "Ask whether they need a reset or a replacement, or deny."
        )
    if facts.active_admin_id:
        return _passed("The administrator ID to reset or replace is active.")
    return _failed("No administrator ID is active to reset or replace. Ask for a form for a first ID.")


def _no_move(facts: RequestFacts, policy: UserIdPolicy) -> Finding:
    days = policy.recent_move_days
    moved = facts.address_changed_on
    if moved is None or facts.today - moved > timedelta(days=days):
        return _passed(f"The address has not changed in {days} days.")
    return (
        CheckResult.NEEDS_LEAD,
        f"The address changed on {moved:%Y-%m-%d}. A lead confirms it with the client, and a notice without "
        "ID and code goes to the old address.",
    )


# -- who may decide --------------------------------------------------------------------------------


def approval_refused(
    state: UserIdRequestState,
    found: Sequence[Check],
    *,
    role: Role,
    rep: int,
    address_changed_by: int | None = None,
) -> Refusal | None:
    """Why this rep cannot approve: decided or incomplete, a failed check, or one that needs a lead.

    Whoever changed the address of record never approves what is mailed to it.
    """
    if refusal := decision_refused(state):
        return refusal
    if state is UserIdRequestState.INCOMPLETE:
        return rule_refuses("The form is incomplete: it can be approved once the client has answered.")
    if failed := [check for check in found if check.result is CheckResult.FAILED]:
        return rule_refuses(failed[0].sentence)
    needs_lead = [check for check in found if check.result is CheckResult.NEEDS_LEAD]
    if needs_lead and role is Role.REP:
        return not_allowed(f"A lead must approve this. {needs_lead[0].sentence}")
    if needs_lead and address_changed_by == rep:
        return not_allowed("You changed the address of record: another lead must approve this.")
    return None


def decision_refused(state: UserIdRequestState) -> Refusal | None:
    """Why the request cannot be approved or denied in this state."""
    return None if state in OPEN_USER_ID_STATES else rule_refuses("This request is decided already.")


def denial_refused(state: UserIdRequestState, reason: DenyReason | None) -> Refusal | None:
    """Why the request cannot be denied."""
    if refusal := decision_refused(state):
        return refusal
    return Refusal(ProblemType.INVALID, "A denial names its reason.") if reason is None else None


def undo_refused(
    state: UserIdRequestState,
    *,
    decided_by: int | None,
    decided_at: datetime | None,
    rep: int,
    now: datetime,
    policy: UserIdPolicy,
) -> Refusal | None:
    """Why the rep cannot take a decision back: not theirs, 10 minutes over, or the letter on its way."""
    if decided_at is None or state not in (UserIdRequestState.APPROVED, UserIdRequestState.REFUSED):
        return rule_refuses("There is no decision here that can be taken back.")
    if decided_by != rep:
        return not_allowed("Only the rep who decided can take this back.")
    if now - decided_at > timedelta(minutes=policy.own_undo_minutes):
        return rule_refuses(f"Your {policy.own_undo_minutes} minutes are over.")
    return None


# -- what somebody may do with a user ID -----------------------------------------------------------


@dataclass(frozen=True)
class ClientUser:
    """Who acts under a user ID, as far as other rooms need to know; never whose it is."""

    id: int
    accounts: frozenset[int]
    """Keys of all accounts of its employer: one ID serves all group numbers of a client."""
    privileges: frozenset[Privilege]
    state: str
    valid_to: date | None
    """Last day; the ID of a broker ends with its record."""


def privileges_of(kind: str, given: Sequence[str]) -> frozenset[Privilege]:
    """What an ID may do: an administrator's everything, any other what it was given [S]."""
    return frozenset(Privilege) if kind == "administrator" else frozenset(map(Privilege, given))


def use_refused(user: ClientUser | None, today: date) -> str:
    """Why nothing can be done under this user ID; empty when it can be used."""
    if user is None or user.state == "withdrawn":
        return "this user ID is not known to us"
    if user.state != "active":
        return f"this user ID {_NOT_ACTIVE.get(user.state, 'has ended')}"
    if user.valid_to is not None and user.valid_to < today:
        return f"this user ID ended on {user.valid_to}"
    return ""


_NOT_ACTIVE = {
    "pending": "has not been activated yet",
    "suspended": "is suspended",
    "locked": "is locked",
}

# -- what the account says -------------------------------------------------------------------------

_ASKED = {
    UserIdRequestKind.FIRST: "first ID",
    UserIdRequestKind.RESET: "reset",
    UserIdRequestKind.REPLACE: "replacement",
}
_UNDER_WAY = {
    UserIdRequestState.APPROVED: "approved",
    UserIdRequestState.ID_CREATED: "approved",
    UserIdRequestState.PRINT_QUEUED: "approved",
    UserIdRequestState.MAILED: "mailed",
}


def how_far(kind: UserIdRequestKind, state: UserIdRequestState, arrive_by: date | None) -> str:
    """How far a request has come, with the day a caller may be told: never the day it is mailed by."""
    asked = _ASKED[kind]
    if state not in _UNDER_WAY and state not in OPEN_USER_ID_STATES:
        return f"{asked}, {state.value.replace('_', ' ')}"
    done = f", {_UNDER_WAY[state]}" if state in _UNDER_WAY else ""
    return f"{asked}{done}, arrives by {arrive_by:%m-%d}" if arrive_by else f"{asked}, incomplete"
