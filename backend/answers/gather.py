"""Facts of an account for its answers: from the rooms that decide them, and only what may be heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from api_client.types.billing import BillingStatus
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import Fact
from api_client.types.user_id_words import (
    Privilege,
    UserKind,
    UserState,
)
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod
from backend.accounts import service as accounts
from backend.accounts.rules import cobra_online, size_class
from backend.answers.facts import (
    Administrator,
    Bill,
    Cobra,
    Facts,
    Group,
    Known,
    MailedLetter,
    Plan,
    Request,
    UserIds,
)
from backend.billing import service as billing
from backend.billing import standings, wishes
from backend.database.unit import Unit
from backend.enrollment import partners
from backend.matching import service as matching
from backend.policy.policy import ClockMode, Policy
from backend.user_ids import service as user_ids
from backend.user_ids import users
from backend.user_ids import view as user_id_view

_THERE = {
    UserState.ACTIVE: Administrator.ACTIVE,
    UserState.LOCKED: Administrator.LOCKED,
    UserState.SUSPENDED: Administrator.SUSPENDED,
    UserState.PENDING: Administrator.COMING,
}
"""How far the administrator ID can be used, by the states of those that there are; the best first."""


def plan_of(policy: Policy) -> Plan:
    """The plan's numbers that answers use."""
    matching_policy = policy.matching
    clock = {
        ClockMode.CLOCK48: f"{matching_policy.clock_hours} hours",
        ClockMode.BUSINESS_DAYS: f"{matching_policy.clock_business_days} business days",
        ClockMode.SERVICE_HOURS: f"{matching_policy.clock_service_hours} service hours",
    }
    return Plan(
        center=policy.service.name,
        center_phone=policy.service.phone,
        clock=clock[matching_policy.clock_mode],
        arrive_days=policy.user_ids.arrive_by_business_days,
        reinstatement_days=policy.billing.reinstatement_days,
    )


def public(unit: Unit) -> Facts:
    """What is known without an account."""
    return Facts(today=unit.today, now=unit.now.astimezone(unit.zone), plan=plan_of(unit.policy))


async def facts_of(unit: Unit, account: Any, facts: Collection[Fact]) -> Facts:
    """What answers of this account rest on; of it only these facts, which somebody may hear."""
    people = await accounts.contacts(unit, account.id)
    books = await billing.status(unit, account) if {Fact.BILLING, Fact.LETTERS} & set(facts) else None
    representative = accounts.in_role(people, ContactRole.GROUP_REPRESENTATIVE, unit.today)
    return Facts(
        today=unit.today,
        now=unit.now.astimezone(unit.zone),
        plan=plan_of(unit.policy),
        heard=frozenset(facts),
        known=Known(account.number, account.bill_phone, account.bill_hours, representative),
        group=await _group(unit, account, people) if Fact.GROUP in facts else None,
        cobra=await _cobra(unit, account, people) if Fact.COBRA in facts else None,
        bill=await _bill(unit, account, books) if books and Fact.BILLING in facts else None,
        letters=_letters(books) if books and Fact.LETTERS in facts else None,
        user_ids=await _user_ids(unit, account) if Fact.USER_IDS in facts else None,
        waiting=await matching.open_items(unit, account.id) if Fact.QUEUE in facts else None,
    )


async def _group(unit: Unit, account: Any, people: Sequence[Any]) -> Group:
    manager = accounts.in_role(people, ContactRole.ACCOUNT_MANAGER, unit.today)
    return Group(
        employees=account.employees,
        ended_on=account.ended_on,
        method=FilingMethod(account.filing_method),
        filing=await partners.filing_of(unit, account, manager),
        people=[accounts.contact(one) for one in people],
    )


async def _cobra(unit: Unit, account: Any, people: Sequence[Any]) -> Cobra:
    size, admin = size_class(account.employees), CobraAdmin(account.cobra_admin)
    answer = cobra_online(size, admin)
    whom = accounts.in_role(people, answer.contact, unit.today) if answer.contact else None
    return Cobra(size, admin, answer, whom, await _ended_on(unit, account))


async def _ended_on(unit: Unit, account: Any) -> date | None:
    """The past last day of the whole group: of its contract, or because premium was not paid."""
    state, _ = (await standings.of_accounts(unit, [account.id]))[account.id]
    unpaid = None
    if state is DelinquencyState.TERMINATED_NONPAY:
        unpaid = (await billing.status(unit, account)).coverage_end
    ended = min(filter(None, (account.ended_on, unpaid)), default=None)
    return ended if ended is not None and ended < unit.today else None


async def _bill(unit: Unit, account: Any, books: BillingStatus) -> Bill:
    refused, choices = await wishes.cycles(unit, account)
    return Bill(
        state=books.state,
        say=books.say,
        keep_amount=books.keep_coverage_amount,
        keep_by=books.keep_coverage_by,
        coverage_end=books.coverage_end,
        end_if_unpaid=books.coverage_end_if_unpaid,
        grace_from=books.grace_from,
        balance=books.balance,
        open_premium=books.open_premium,
        not_due_yet=books.not_due_yet,
        fees=books.open_fees,
        credit=books.credit,
        next_letter=books.next_letter,
        last_payment=billing.payment_words(books),
        preference=BillPreference(account.bill_preference),
        cycle=BillingCycle(account.billing_cycle),
        next_cycle=BillingCycle(account.next_cycle) if account.next_cycle else None,
        next_cycle_from=account.next_cycle_from,
        cycle_refused=refused,
        cycle_choices=[one.will for one in choices],
    )


def _letters(books: BillingStatus) -> list[MailedLetter]:
    return [MailedLetter(one.kind, one.title, one.mailed_on, one.amount) for one in books.letters]


async def _user_ids(unit: Unit, account: Any) -> UserIds:
    rows = await users.of_employer(unit, account)
    given = {row.state for row in rows if row.kind is UserKind.ADMINISTRATOR}
    in_use = [row for row in rows if row.state is UserState.ACTIVE]
    return UserIds(
        administrator=next((one for state, one in _THERE.items() if state in given), Administrator.NONE),
        newest=await _newest(unit, account),
        managed=any(Privilege.USERS_MANAGE in row.privileges for row in in_use),
        further=sum(row.kind is UserKind.USER for row in in_use),
    )


async def _newest(unit: Unit, account: Any) -> Request | None:
    _, row = await user_ids.of_employer(unit, account)
    if row is None:
        return None
    return Request(row.number, await user_id_view.standing(unit, row))
