"""The work list of unpaid groups: whom to call next."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from api_client.types.accounts import Contact
from api_client.types.billing import UnpaidRow
from api_client.types.billing_words import BillingFlag, DelinquencyState
from api_client.types.common import PAGE, Page
from backend.accounts import service as accounts
from backend.billing import store
from backend.calls import gate
from backend.calls import service as calls
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit

_UNPAID = (DelinquencyState.PAST_DUE, DelinquencyState.GRACE, DelinquencyState.TERM_PENDING)


async def page(
    unit: Unit, *, state: DelinquencyState | None = None, until: date | None = None, cursor: str | None = None
) -> Page[UnpaidRow]:
    """Groups with unpaid premium and whom to call, the first end of coverage first; of one state, or up to a
    day. Those whose coverage has ended stand there only when they are asked for.

    Raises NOT_VERIFIED with a caller on the line.
    """
    await gate.require_no_call(unit, "The list of unpaid groups")
    name = f"billing.work {state or ''} {until or ''}"
    after = None
    if cursor:
        end, account_id = open_cursor(unit.keys, name, cursor)
        after = (cast(date, end), cast(int, account_id))
    states = _UNPAID if state is None else (state,)
    found = await store.work_list(unit.connection, states, until, after, PAGE + 1)
    rows = found[:PAGE]
    ids = [row.id for row in rows]
    people, called = await accounts.to_call(unit, ids), await calls.last_calls(unit, ids)
    unit.audit("billing.work_list", "list", "unpaid groups", state=state, until=until, rows=len(rows))
    last = rows[-1] if len(found) > PAGE else None
    return Page(
        rows=[_row(row, people.get(row.id), called.get(row.id)) for row in rows],
        next=seal_cursor(unit.keys, name, [last.end, last.id]) if last else None,
    )


def _row(row: Any, contact: Contact | None, called_on: date | None) -> UnpaidRow:
    return UnpaidRow(
        number=row.number,
        name=row.name,
        city=row.city,
        state=DelinquencyState(row.state),
        flags=[BillingFlag(one) for one in row.flags],
        ends_on=row.ends_on,
        owed=row.owed,
        days_past_due=row.days_past_due,
        contact=contact.name if contact else "",
        phone=contact.phone if contact else "",
        called_on=called_on,
    )
