"""Where each account stands with its premium: a stored projection, so that lists can be sorted by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from api_client.types.billing_words import DelinquencyState
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.actors import SYSTEM
from backend.billing import ending, store
from backend.billing.books import reckoned
from backend.database.unit import Unit
from backend.runtime import Runtime

_REFRESH_BATCH = 20
Standing = tuple[DelinquencyState, date | None]
"""Delinquency state, and the day coverage ends if nothing is paid."""


async def refresh_standing(unit: Unit, account: Any) -> Standing:
    """Write where the account stands today; returns it.

    Whoever changes its books at the same time waits, so that the last one to write has seen all of them.
    Coverage that had ended unpaid, and by the books did not, or on another day, is given back.
    """
    await accounts.lock(unit, account.id)
    before = (await store.standings(unit.connection, [account.id])).get(account.id)
    found = (await reckoned(unit, account)).found
    await store.put_standing(
        unit.connection,
        {
            "account_id": account.id,
            "on_date": found.on,
            "state": found.state,
            "days_past_due": found.days_past_due,
            "open_premium": found.standing.open_premium,
            "owed": found.standing.open_premium if found.coverage_end else found.keep_coverage_amount,
            "flags": [str(one) for one in found.flags],
            "coverage_end": found.coverage_end,
            "coverage_end_if_unpaid": found.coverage_end_if_unpaid,
        },
    )
    if before is not None and before.state == DelinquencyState.TERMINATED_NONPAY:
        await _give_back(unit, account, before.coverage_end, found.coverage_end)
    return found.state, found.coverage_end_if_unpaid


async def _give_back(unit: Unit, account: Any, ended_on: date | None, ends_on: date | None) -> None:
    """Give back coverage that had ended on a day, where by the books it ends on another or not at all."""
    if ended_on != ends_on and await ending.give_back(unit, account, ended_on) and ends_on is not None:
        await ending.end_unpaid(unit, account)


async def refresh_standings(runtime: Runtime) -> None:
    """Bring every standing to today, a few accounts a transaction, so that nobody waits."""
    more = True
    while more:
        async with runtime.act(SYSTEM, "standings") as unit:
            stale = await store.accounts_without_standing(unit.connection, unit.today, _REFRESH_BATCH)
            for account in stale:
                await refresh_standing(unit, account)
            more = len(stale) == _REFRESH_BATCH


async def of_accounts(unit: Unit, account_ids: Sequence[int]) -> dict[int, Standing]:
    """Where these accounts stand today; one whose stored standing is of another day is worked out."""
    stored = await store.standings(unit.connection, account_ids)
    answer: dict[int, Standing] = {}
    for account_id in account_ids:
        row = stored.get(account_id)
        if row is not None and row.on_date == unit.today:
            answer[account_id] = DelinquencyState(row.state), row.coverage_end_if_unpaid
        else:
            found = (await reckoned(unit, await accounts.account_by_id(unit, account_id))).found
            answer[account_id] = found.state, found.coverage_end_if_unpaid
    return answer


async def changed(unit: Unit, account: Any) -> None:
    """The books of an account changed: its standing, its version, and every desk that shows it."""
    await refresh_standing(unit, account)
    number, version = await accounts.touch(unit, account.id)
    unit.emit(EventKind.BILLING, number, version)
