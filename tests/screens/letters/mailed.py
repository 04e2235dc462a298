"""Letters that went to a group, and the way to its screen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import insert

from api_client.types.billing_words import LetterKind
from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from tests.desk import operator_unit
from tests.screens.calls.at_desk import CallDesk
from tests.unit.letters.letters_of_every_kind import letter


async def mailed(runtime: Runtime, count: int = 2, *, kind: LetterKind | None = None) -> None:
    """So many letters went to G-100, of this kind, else the newest a termination letter."""
    kinds = [kind] * 2 if kind else [LetterKind.L1, LetterKind.L2]
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        rows = [
            {
                "number": f"L-0070{at}",
                "account_id": account.id,
                "kind": kinds[at % 2],
                "created_on": date(2026, 11, 2 + at),
                "mailed_on": date(2026, 11, 2 + at),
                "amount": Decimal(1000),
                "ends_on": date(2026, 12, 1),
                "facts": letter(kinds[at % 2]).model_dump(mode="json"),
            }
            for at in range(count)
        ]
        for row in rows:
            await unit.connection.execute(insert(tables.letter).values(**row))


async def looks_up(rep: CallDesk) -> None:
    await rep.presses("slash")
    await rep.writes("G-100")
    await rep.presses("enter")
    await rep.finds("ACCOUNT  G-100")
