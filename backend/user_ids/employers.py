"""An employer with its group numbers, agents and user IDs: what the rules about its IDs are asked with.

The client is the legal employer: all its group numbers share its IDs [S].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api_client.types.billing_words import DelinquencyState
from api_client.types.user_id_words import PersonIs, Privilege, SuspendedBy, UserKind, UserState
from api_client.types.words import CobraAdmin, ContactRole
from backend.accounts import service as accounts
from backend.accounts.rules import cobra_online, size_class
from backend.database.unit import Unit
from backend.user_ids import store, user_store
from backend.user_ids.delegation import Agent, Held, in_group, last_day, records_of
from backend.user_ids.rules import privileges_of

_AGENTS = {ContactRole.BROKER: PersonIs.BROKER, ContactRole.TPA: PersonIs.TPA}


@dataclass(frozen=True)
class Employer:
    """All accounts of an employer, and who acts for it there today."""

    accounts: tuple[Any, ...]
    agents: Mapping[int, tuple[Agent, ...]]
    """Brokers and administrators on record in force, by the key of the account."""
    unit: Unit

    @property
    def keys(self) -> list[int]:
        """Keys of its accounts."""
        return [one.id for one in self.accounts]

    @property
    def every_agent(self) -> list[Agent]:
        """Who is on record for any of its accounts."""
        return [one for of_account in self.agents.values() for one in of_account]

    def held(self, row: Any) -> Held:
        """A row of `web_user` as the rules see it."""
        person_is = PersonIs(row.person_is)
        since = max(row.state_at, row.last_used_at or row.state_at)
        return Held(
            number=row.number,
            kind=UserKind(row.kind),
            person=row.person,
            person_is=person_is,
            privileges=privileges_of(row.kind, row.privileges),
            state=UserState(row.state),
            suspended_by=SuspendedBy(row.suspended_by) if row.suspended_by else None,
            until=last_day(row.valid_to, row.person, person_is, self.every_agent),
            active_since=since.astimezone(self.unit.zone).date(),
        )

    def served_by(self, row: Any) -> list[Any]:
        """Accounts in which this ID can do something: an agent's only where the agent is on record."""
        person_is = PersonIs(row.person_is)
        if person_is is PersonIs.EMPLOYEE:
            return list(self.accounts)
        return [one for one in self.accounts if records_of(self.agents[one.id], row.person, person_is)]


async def employer_of(unit: Unit, account_id: int, *, lock: bool = False) -> Employer:
    """The employer of an account; with `lock` nobody else changes its IDs until the unit is over."""
    account = await accounts.account_by_id(unit, account_id)
    keys = await store.accounts_of_employer(unit.connection, account, lock=lock)
    return await of_keys(unit, keys)


async def of_keys(unit: Unit, keys: Iterable[int]) -> Employer:
    """The employer of these accounts."""
    rows = tuple([await accounts.account_by_id(unit, key) for key in keys])
    agents = {one.id: await _agents(unit, one.id) for one in rows}
    return Employer(rows, agents, unit)


async def _agents(unit: Unit, account_id: int) -> tuple[Agent, ...]:
    return tuple(
        Agent(_AGENTS[ContactRole(one.role)], one.name, one.valid_to)
        for one in await accounts.contacts(unit, account_id)
        if one.role in _AGENTS and accounts.in_force(one, unit.today)
    )


async def users_of(unit: Unit, employer: Employer) -> list[Held]:
    """All IDs of the employer."""
    return [employer.held(row) for row in await user_store.of_accounts(unit.connection, employer.keys)]


# -- what an ID may do in each group -----------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What limits every ID in one group today."""

    account: Any
    unpaid: bool
    """Its coverage ended because premium was not paid."""
    cobra: bool
    """Whether the client manages its own COBRA there (R14)."""

    def left(self, privileges: frozenset[Privilege]) -> frozenset[Privilege]:
        """What is left of these privileges in the group."""
        return in_group(privileges, unpaid=self.unpaid, cobra=self.cobra)


async def standings_of(unit: Unit, rows: Iterable[Any]) -> list[Standing]:
    """What limits IDs in each of these accounts."""
    from backend.billing import standings

    rows = list(rows)
    found = await standings.of_accounts(unit, [one.id for one in rows])
    return [
        Standing(
            one,
            unpaid=found[one.id][0] is DelinquencyState.TERMINATED_NONPAY,
            cobra=cobra_online(size_class(one.employees), CobraAdmin(one.cobra_admin)).online,
        )
        for one in rows
    ]
