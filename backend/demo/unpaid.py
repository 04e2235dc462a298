"""What clients with unpaid premium called about: promises, a dispute, coverage asked back; and a hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from api_client.types.billing import Dispute, OpenHold
from api_client.types.billing_words import HoldKind
from api_client.types.call_words import CallerKind, WrapUp
from backend.accounts import service as accounts
from backend.billing import holds, reinstatement
from backend.billing import service as billing
from backend.database.unit import Unit
from backend.demo.calls import Past, Telephone, promise_by
from backend.demo.groups import BillingStory, DemoGroup


async def _dispute(unit: Unit, number: str) -> None:
    found = await billing.status(unit, await accounts.account_of(unit, number))
    oldest = next(one for one in reversed(found.invoices) if one.open)
    form = Dispute(invoice=oldest.number, reason="Two employees left before the month began.")
    await holds.dispute(unit, number, form)


_CALLS = (
    (BillingStory.TERM_PENDING, 1,
     Past(timedelta(days=10, hours=2), "t.ibarra", 0, CallerKind.CLIENT, WrapUp.BILL_PTP,
          "Promised the premium by November 16.", billing=True, does=promise_by(date(2026, 11, 16)))),
    (BillingStory.GRACE, 0,
     Past(timedelta(days=2, hours=3), "j.novak", 0, CallerKind.CLIENT, WrapUp.BILL_DISPUTE,
          "Says that two employees left before the month began.", billing=True, does=_dispute)),
    (BillingStory.ENDED, 0,
     Past(timedelta(days=2, hours=1), "r.chen", 0, CallerKind.CLIENT, WrapUp.DELQ_REINST,
          "Asks for coverage to be given back; the premium is on its way.", billing=True,
          does=reinstatement.ask)),
)  # fmt: skip
"""Of which groups somebody called: how they paid, and the place among those; the oldest call first."""


async def unpaid_calls(phone: Telephone, groups: Sequence[DemoGroup]) -> None:
    """Take these calls, and have a lead hold the rules up for one group."""
    for story, place, past in _CALLS:
        await phone.call(past, _of(groups, story)[place])
    held = _of(groups, BillingStory.GRACE)[1].number
    form = OpenHold(kind=HoldKind.GRIEVANCE, reason="Asked the regulator for help.")
    await phone.act("d.okafor", lambda unit: holds.open_hold(unit, held, form))


def _of(groups: Sequence[DemoGroup], story: BillingStory) -> list[DemoGroup]:
    return [one for one in groups if one.story is story]
