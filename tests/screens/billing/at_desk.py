"""A rep or a lead with a billing screen in front of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from api_client.types.words import EventKind, Role
from screens.billing.status import BillingScreen
from screens.billing.work_list import WorkListScreen
from screens.session.door import Opening
from screens.widgets.desk import Changed
from screens.widgets.screen import DeskScreen
from tests.screens.billing.books import FakeBilling
from tests.screens.desk import SESSION, FakeDoor, Seconds, desk
from tests.screens.rep import Rep

LEAD = SESSION.model_copy(update={"rep": SESSION.rep.model_copy(update={"role": Role.LEAD})})


@asynccontextmanager
async def at_desk(
    client: FakeBilling,
    screen: Callable[[], DeskScreen] = WorkListScreen,
    *,
    size: tuple[int, int] = (80, 24),
    lead: bool = False,
) -> AsyncIterator[Rep]:
    """The program with this screen as the first one of billing."""
    seconds = Seconds()
    door = FakeDoor(client, Opening(session=LEAD if lead else SESSION))
    async with desk({"billing": screen}, door=door, seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)


@asynccontextmanager
async def at_bill(
    client: FakeBilling, *, size: tuple[int, int] = (80, 24), lead: bool = False
) -> AsyncIterator[Rep]:
    """The bill of 104233 on the screen."""
    async with at_desk(client, lambda: BillingScreen("104233"), size=size, lead=lead) as rep:
        yield rep


def hears(rep: Rep, kind: EventKind, subject: str = "104233") -> None:
    """A live update comes in."""
    cast("DeskScreen", rep.app.screen).on_change(Changed(kind, subject, 2))
