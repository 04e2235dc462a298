"""What is to become of a transaction, before anything is done: the same for a look ahead and for the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api_client.types.accounts import Contact
from api_client.types.billing_words import DelinquencyState
from api_client.types.words import Channel, CobraAdmin, ContactRole, TransactionType
from backend.accounts import service as accounts
from backend.accounts.members import first_key
from backend.accounts.rules import group_state
from backend.billing import standings
from backend.database.unit import Unit
from backend.enrollment import at_once, effects, gates, on_record, rules, store
from backend.enrollment.effects import Change, Ending
from backend.enrollment.rules import OnRecord, Stopped, Transaction, Wanted
from backend.user_ids import logins
from backend.user_ids.rules import ClientUser, use_refused

_ROLES = (ContactRole.TPA, ContactRole.GROUP_REPRESENTATIVE)
_ADDS = (TransactionType.ENROLL, TransactionType.ADD_DEPENDENT)


@dataclass(frozen=True)
class Enroll:
    """It is matched; with doubts it goes to a person first."""

    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Again:
    """The very same waits already, so it is answered as the first was: who asks twice is not two people."""

    why: str
    receipt: str
    item: str
    received_at: datetime


@dataclass(frozen=True, repr=False)
class Verdict:
    """What is to become of a transaction, and what was found on the way."""

    result: Stopped | Ending | Change | Enroll | Again
    account: Any | None = None
    user: ClientUser | None = None
    """Who submits it online."""
    wanted: tuple[Wanted, ...] = ()
    """Coverage asked for, the lines on record where none was named."""
    contact: Contact | None = None
    """Whom to call."""
    referral: Stopped | None = None
    """What of it is referred, while the rest is done."""


async def judge(unit: Unit, transaction: Transaction, user_id: str = "") -> Verdict:
    """Look at a transaction through every gate; changes nothing but when the user ID was used."""
    user = await logins.who_is(unit, user_id) if user_id else None
    if transaction.channel is Channel.ONLINE:
        why = use_refused(user, unit.today) if user_id else "the user ID of who submits is missing"
        if why:
            return Verdict(Stopped(why), user=user, wanted=transaction.wanted)
    if user is not None and unit.writes:
        await logins.used(unit, user)
    account = await on_record.account_of(unit, transaction)
    if account is None:
        return Verdict(_unknown_group(transaction), user=user, wanted=transaction.wanted)
    return await _in_group(unit, transaction, account, user)


def _unknown_group(transaction: Transaction) -> Stopped | Enroll:
    """A file may name a group in a way nobody has told us; the online account service never does."""
    why = "there is no such group on file" if transaction.group_number else "it names no group"
    if transaction.type in rules.AT_ONCE or not transaction.partner:
        return Stopped(why)
    return Enroll((why,))


async def _in_group(unit: Unit, transaction: Transaction, account: Any, user: ClientUser | None) -> Verdict:
    wanted = () if transaction.type in rules.AT_ONCE else transaction.wanted
    verdict = Verdict(Enroll(), account, user, wanted)
    if user is not None and account.id not in user.accounts:
        return replace(
            verdict, result=Stopped("this user ID is not one of this group's employer"), account=None
        )
    contacts = await _whom_to_call(unit, transaction, account)
    group = await _group(unit, account, contacts)
    stopped = _gates(unit, transaction, group, user)
    if stopped is not None:
        return replace(verdict, result=stopped, contact=contacts.get(stopped.whom) if stopped.whom else None)
    family = await on_record.family_of(unit, transaction, account)
    if transaction.type in rules.AT_ONCE:
        planned = replace(verdict, result=at_once.plan(unit, transaction, family))
        if not transaction.medicare or isinstance(planned.result, Stopped):
            return planned
        contact = contacts[ContactRole.GROUP_REPRESENTATIVE]
        return replace(planned, contact=contact, referral=gates.medicare_referral(group))
    wanted = wanted or _as_before(transaction, on_record.coverages(family))
    asked = replace(transaction, wanted=wanted)
    return replace(verdict, wanted=wanted, result=await _enroll(unit, asked, account.id, family))


async def at_the_gate(unit: Unit, transaction: Transaction, account: Any) -> Stopped | None:
    """Why the group's own gates stop such a transaction, whoever it is about."""
    contacts = await _whom_to_call(unit, transaction, account)
    return gates.gate(transaction, await _group(unit, account, contacts), unit.policy.enrollment)


async def _whom_to_call(
    unit: Unit, transaction: Transaction, account: Any
) -> dict[ContactRole, Contact | None]:
    """Files bring thousands of members; whom to call is asked for only where somebody may have to call."""
    asks = transaction.cobra or gates.is_medicare(transaction, unit.policy.enrollment)
    people = await accounts.contacts(unit, account.id) if asks else ()
    return {role: accounts.in_role(people, role, unit.today) for role in _ROLES}


async def _group(unit: Unit, account: Any, contacts: dict[ContactRole, Contact | None]) -> gates.Group:
    found = await unit.once(("standing", account.id), lambda: standings.of_accounts(unit, [account.id]))
    standing, _ = found[account.id]
    return gates.Group(
        state=group_state(account.state, account.ended_on, unit.today),
        ended_on=account.ended_on,
        employees=account.employees,
        cobra_admin=CobraAdmin(account.cobra_admin),
        phone=account.bill_phone or unit.policy.service.phone,
        contacts={role: accounts.name_and_phone(one) for role, one in contacts.items() if one},
        unpaid=standing is DelinquencyState.TERMINATED_NONPAY,
    )


def _gates(
    unit: Unit, transaction: Transaction, group: gates.Group, user: ClientUser | None
) -> Stopped | None:
    """Privilege, group, COBRA and Medicare, and at last what the transaction says."""
    policy = unit.policy.enrollment
    if user is not None and (why := _lacks(transaction, group, user, cobra=False)):
        return Stopped(why)
    if stopped := gates.gate(transaction, group, policy):
        return stopped
    if user is not None and (why := _lacks(transaction, group, user, cobra=True)):
        return Stopped(why)
    return gates.impossible(transaction, policy)


def _lacks(transaction: Transaction, group: gates.Group, user: ClientUser, *, cobra: bool) -> str:
    return gates.lacks_privilege(transaction, user.privileges, cobra=cobra, unpaid=group.unpaid)


def _as_before(transaction: Transaction, family: Sequence[OnRecord]) -> tuple[Wanted, ...]:
    """A reinstatement that names no coverage brings back the lines the person had; a dependent who is added
    without any joins the subscriber's."""
    begins = transaction.begins_on
    if begins is None:
        return ()
    role = transaction.relationship if transaction.type is TransactionType.REINSTATE else rules.SUBSCRIBER
    lines = {one.line: one.level for one in reversed(family) if one.relationship == role}
    return tuple(Wanted(line, begins, level) for line, level in sorted(lines.items()))


async def _enroll(
    unit: Unit, transaction: Transaction, account_id: int, family: Sequence[Any]
) -> Stopped | Change | Enroll | Again:
    """An addition of who is enrolled already is a change; one sent twice is one; the rest is matched."""
    own = on_record.digest(unit, transaction.ssn)
    key = first_key(transaction.first_name)
    known = on_record.coverages(family)
    if transaction.type in _ADDS:
        already = rules.enrolled_already(transaction, known, first_key=key, ssn_digest=own)
        if already is not None:
            stays = effects.stays_in_words(transaction, already, known)
            return at_once.plan_change(unit, transaction, already, family, enrolled=stays)
    waiting = await store.waiting_in_family(unit.connection, account_id, transaction.subscriber_number)
    of_person = [one for one in waiting if _same_person(one, transaction, key)]
    for one in of_person:
        if _same_content(unit, one, transaction):
            day = one.received_at.astimezone(unit.zone).date()
            why = f"it came before, on {day}, and waits as {one.number}"
            return Again(why, one.receipt, one.number, one.received_at)
    others = await store.waiting_with_ssn(unit.connection, own) if own else []
    subscriber = [one for one in known if one.relationship == rules.SUBSCRIBER]
    ends = [one.ends_on for one in subscriber]
    around = gates.Around(
        subscriber_known=bool(subscriber),
        subscriber_born=subscriber[0].birth_date if subscriber else None,
        subscriber_until=max((day for day in ends if day), default=None) if None not in ends else None,
        covered_before=bool(family),
        waiting=of_person[-1].number if of_person else "",
        same_ssn=next((one.number for one in others if not _same_person(one, transaction, key)), ""),
    )
    return Enroll(gates.doubts(transaction, transaction.wanted, around, unit.policy.enrollment))


def _same_person(waiting: Any, transaction: Transaction, key: str) -> bool:
    """Whether a waiting enrollment is for this person too, as far as its own words go."""
    return (first_key(waiting.first_name), waiting.birth_date) == (key, transaction.birth_date)


def _same_content(unit: Unit, waiting: Any, transaction: Transaction) -> bool:
    """Whether it asks for the very same, for a person with the very same data."""
    wanted = {"type": transaction.type, "coverages": [one.as_json() for one in transaction.wanted]}
    said = {**wanted, **on_record.columns_of(unit, transaction)}
    return all(getattr(waiting, name) == value for name, value in said.items() if name not in _SEALED)


_SEALED = frozenset({"ssn_cipher", "key_id"})
"""The same SSN is sealed into other letters each time."""
