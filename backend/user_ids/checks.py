"""The six checks of a user-ID request before it is approved, each with what to do when it fails. Pure.

The plan's FAQ: the client faxes the form; for security user ID and code are mailed to the client only, and
there is one user ID with administrator privileges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api_client.types.user_id_words import (
    CheckResult,
    PersonIs,
    SuspendedBy,
    UserIdRequestKind,
)
from api_client.types.words import GroupState
from backend.matching import normalise
from backend.policy.policy import UserIdPolicy
from backend.postal import PostalAddress


@dataclass(frozen=True)
class AdministratorId:
    """The plan-issued ID that is in use, under the number it is spoken of by; never the ID itself."""

    number: str
    person: str
    suspended_by: str = ""


@dataclass(frozen=True)
class RequestFacts:
    """The form beside what is on record on the day of the check."""

    kind: UserIdRequestKind
    group_state: GroupState
    signer: str
    signers_on_record: Sequence[str]
    administrator: str
    administrator_is: PersonIs
    employees_on_record: Sequence[str]
    brokers_on_record: Sequence[str]
    tpas_on_record: Sequence[str]
    """Agents of the client with a document on file, in force today."""
    form_address: PostalAddress
    address_of_record: PostalAddress
    in_use: AdministratorId | None
    under_way: str
    """Another request of the client whose letter is to come; empty for none."""
    address_changed_on: date | None
    today: date


@dataclass(frozen=True)
class Check:
    """One check: its result and what was found, with what to do unless it passed."""

    name: str
    result: CheckResult
    sentence: str


Finding = tuple[CheckResult, str]
_ADMIN_ID = {
    UserIdRequestKind.FIRST: "no active admin ID",
    UserIdRequestKind.RESET: "admin ID to reset",
    UserIdRequestKind.REPLACE: "admin ID to replace",
}


def checks(facts: RequestFacts, policy: UserIdPolicy) -> list[Check]:
    """Every check before approval, in the order a rep reads them."""
    named: dict[str, Callable[[], Finding]] = {
        "group active": lambda: _group_active(facts),
        "signer on record": lambda: _signer(facts),
        "administrator an employee or agent": lambda: _administrator(facts),
        "address of record": lambda: _address(facts),
        _ADMIN_ID[facts.kind]: lambda: _admin_id(facts),
        f"no move in {policy.recent_move_days} days": lambda: _no_move(facts, policy),
    }
    return [Check(name, *find()) for name, find in named.items()]


def needs_lead(found: Sequence[Check]) -> Check | None:
    """The check for which a second person, a lead, must agree; None where one person is enough."""
    return next((check for check in found if check.result is CheckResult.NEEDS_LEAD), None)


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


def same_name(one: str, other: str) -> bool:
    """Whether both are the same name, whatever capitals and points; never for an empty one."""
    return bool(normalise.name_key(one)) and normalise.name_key(one) == normalise.name_key(other)


def _on_record(name: str, names: Sequence[str]) -> bool:
    return any(same_name(name, one) for one in names)


def _signer(facts: RequestFacts) -> Finding:
    if _on_record(facts.signer, facts.signers_on_record):
        return _passed("The form is signed by a contract signer on record.")
    if not facts.signer.strip():
        return _failed("The form is not signed. Call the group at the number on record for a signed form.")
    return _failed(
        "The signer is not on record. Ask for a form signed by a contract signer on record, or deny."
    )


def _administrator(facts: RequestFacts) -> Finding:
    if facts.administrator_is is PersonIs.EMPLOYEE:
        if _on_record(facts.administrator, facts.employees_on_record):
            return _passed("The administrator is an employee of the client.")
        return _failed(
            "The administrator is not on record as the client's employee. Have a contract signer confirm it "
            "at the number on record, or deny: employees have no access and use the member site."
        )
    broker = facts.administrator_is is PersonIs.BROKER
    if _on_record(facts.administrator, facts.brokers_on_record if broker else facts.tpas_on_record):
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
    if facts.under_way:
        return _failed(
            f"{facts.under_way} of this client is approved already. Wait for its letter, take it back, or "
            "deny this one as a duplicate."
        )
    if facts.kind is UserIdRequestKind.FIRST:
        if facts.in_use is None:
            return _passed("No administrator ID is active.")
        return _failed(
            "An administrator ID is active, and there is one for each client. "
            "Ask whether they need a reset or a replacement, or deny."
        )
    if facts.in_use is None:
        return _failed("No administrator ID is active to reset or replace. Ask for a form for a first ID.")
    return _passed_on(facts, facts.in_use)


def _passed_on(facts: RequestFacts, in_use: AdministratorId) -> Finding:
    """A reset gives the same person a new code; a replacement ends the ID, whoever had it."""
    if facts.kind is UserIdRequestKind.RESET:
        if in_use.suspended_by == SuspendedBy.SECURITY:
            return _failed(
                f"{in_use.number} is blocked. A lead lets it go on first, or the client asks for another one."
            )
        if in_use.person and not same_name(in_use.person, facts.administrator):
            return _failed(
                f"{in_use.number} is not in the name of this administrator. "
                "Ask for a form for a replacement, or deny."
            )
    return _passed(f"{in_use.number}, the administrator ID to reset or replace, is there.")


def _no_move(facts: RequestFacts, policy: UserIdPolicy) -> Finding:
    days = policy.recent_move_days
    moved = facts.address_changed_on
    if moved is None or facts.today - moved > timedelta(days=days):
        return _passed(f"The address has not changed in {days} days.")
    return (
        CheckResult.NEEDS_LEAD,
        f"The address is new since {moved:%Y-%m-%d}. A lead confirms it with the client, and a notice "
        "without ID and code goes to the old address.",
    )
