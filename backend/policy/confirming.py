"""Entries of the policy that a person of the plan has to confirm before real use, and who did.

What is confirmed is an entry with its value: one whose value is changed is unconfirmed again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from pydantic import Field
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.common import Answer, DisplayText
from api_client.types.problems import ProblemType
from backend.database.tables import policy_confirmation
from backend.database.unit import Unit
from backend.policy.policy import Policy
from backend.policy.premium import DEFAULT_BILLING
from backend.policy.reading import Entry
from backend.problems import Problem, not_found

Confirmed = Collection[tuple[str, str]]
"""Names of entries with the value they had when they were confirmed."""


class Confirmation(Answer):
    """One entry that was confirmed."""

    entry: DisplayText
    value: DisplayText
    by: DisplayText


class Confirmations(Answer):
    """What of the policy is confirmed, or was just now."""

    confirmed: list[Confirmation]
    new: int = Field(default=0)
    """How many of them were not confirmed before."""


def value_of(entry: Entry) -> str:
    """The value of an entry as it is kept with its confirmation."""
    return json.dumps(entry.value, sort_keys=True, default=str)


def unconfirmed(entries: Iterable[Entry], confirmed: Confirmed) -> list[str]:
    """Names of the entries that a person has to confirm, and nobody has with their present value."""
    return [one.name for one in entries if one.confirm and (one.name, value_of(one)) not in confirmed]


def billing_entries(policy: Policy, name: str) -> list[Entry]:
    """The entries a billing policy consists of: its own, and those of the default it does not change."""
    name = name or DEFAULT_BILLING
    own = {one.name.removeprefix(f"billing.{name}."): one for one in policy if _is_of(one, name)}
    default = {
        one.name.removeprefix(f"billing.{DEFAULT_BILLING}."): one
        for one in policy
        if _is_of(one, DEFAULT_BILLING)
    }
    return list({**default, **own}.values())


def _is_of(entry: Entry, name: str) -> bool:
    return entry.name.startswith(f"billing.{name}.")


async def confirmed(connection: AsyncConnection) -> frozenset[tuple[str, str]]:
    """Everything that was ever confirmed, each with its value."""
    query = select(policy_confirmation.c.entry, policy_confirmation.c.value)
    return frozenset((row.entry, row.value) for row in (await connection.execute(query)).all())


async def every(unit: Unit) -> Confirmations:
    """Who confirmed what."""
    rows = (
        await unit.connection.execute(select(policy_confirmation).order_by(policy_confirmation.c.id))
    ).all()
    return Confirmations(
        confirmed=[Confirmation(entry=row.entry, value=row.value, by=row.by_name) for row in rows]
    )


async def confirm(unit: Unit, names: Sequence[str], by: str, *, billing: bool = False) -> Confirmations:
    """Confirm entries with their present value, with `billing` all of the billing policies.

    Twice changes nothing. Raises NOT_FOUND for an unknown entry, INVALID for one that needs no confirmation
    or where nobody is named.
    """
    if not by.strip():
        raise Problem(ProblemType.INVALID, "Name the person of the plan who confirms it: --by NAME.")
    known = await confirmed(unit.connection)
    entries = _chosen(unit.policy, names, billing=billing)
    new = [one for one in entries if (one.name, value_of(one)) not in known]
    for one in new:
        await unit.connection.execute(
            insert(policy_confirmation).values(entry=one.name, value=value_of(one), by_name=by, at=unit.now)
        )
        unit.audit("policy.confirm", "policy", one.name, value=value_of(one), by=by)
    said = [Confirmation(entry=one.name, value=value_of(one), by=by) for one in entries]
    return Confirmations(confirmed=said, new=len(new))


def _chosen(policy: Policy, names: Sequence[str], *, billing: bool) -> list[Entry]:
    by_name = {one.name: one for one in policy}
    for name in names:
        if name not in by_name:
            raise not_found("entry of the policy called", name)
        if not by_name[name].confirm:
            raise Problem(ProblemType.INVALID, f"{name} needs no confirmation.")
    chosen = [by_name[name] for name in dict.fromkeys(names)]
    if billing:
        chosen += [
            one for one in policy if one.confirm and one.name.startswith("billing.") and one not in chosen
        ]
    if not chosen:
        raise Problem(
            ProblemType.INVALID, "Name an entry of the policy, or give --billing for all of billing."
        )
    return chosen
