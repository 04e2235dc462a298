"""Coverage of a whole group ends because premium was not paid, and is given back as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from backend.accounts import members
from backend.billing.books import reckoned
from backend.database.unit import Unit


async def end_unpaid(unit: Unit, account: Any) -> int:
    """End all coverage of a group on the last day of its grace; returns how many coverages ended.

    Nothing ends while the books say otherwise, and a second time nothing more. The account stays; its
    standing says why. No card is ordered and nobody has to look at it: the client was told by letter.
    """
    last_day = (await reckoned(unit, account)).found.coverage_end
    if last_day is None:
        return 0
    count = await members.end_unpaid(unit, account.id, last_day)
    if count:
        unit.audit("billing.end_unpaid", "account", account.number, on=last_day, coverages=count)
    return count


async def give_back(unit: Unit, account: Any, ended_on: date | None) -> int:
    """Give back exactly what had ended on that day, with no gap; returns how many coverages."""
    count = await members.give_back(unit, account.id, ended_on)
    if count:
        unit.audit("billing.give_back", "account", account.number, coverages=count)
    return count
