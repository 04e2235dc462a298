"""User-ID request forms as they come by fax: most in order, some with what a rep must notice."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from api_client.types.user_id_words import PersonIs
from api_client.types.user_ids import RegisterFax
from backend.actors import Actor
from backend.demo.fax_page import keep_page
from backend.demo.groups import BillingStory, DemoGroup
from backend.runtime import Runtime
from backend.user_ids import service

_COUNT = 20
_WITHOUT_PAGE_EVERY = 6
"""A form of so many is registered, and its page not kept yet."""


async def register_faxes(
    runtime: Runtime,
    rep: Actor,
    groups: Sequence[DemoGroup],
    dice: random.Random,
    now: datetime,
    set_clock: Callable[[datetime], None],
) -> set[str]:
    """Register the forms of the last eight days, most with their page; returns the groups they came from.

    The guide's client sent one this morning.
    """
    active = [one for one in groups[1:] if one.story is not BillingStory.ENDED]
    chosen = [*dice.sample(active, _COUNT - 1), groups[0]]
    minutes = sorted(dice.sample(range(60, 8 * 24 * 60), _COUNT - 1), reverse=True)
    for place, (group, before) in enumerate(zip(chosen, [*minutes, 89], strict=True)):
        received = now - timedelta(minutes=before)
        set_clock(received)
        form = _form(group, place, received)
        async with runtime.act(rep, "DEMO") as unit:
            made = await service.register(unit, form)
            if place % _WITHOUT_PAGE_EVERY != 1:
                await keep_page(unit, made.id, made.version, form)
    return {one.number for one in chosen}


def _form(group: DemoGroup, place: int, received: datetime) -> RegisterFax:
    plain = place == _COUNT - 1
    wrong_signer, elsewhere, outsider = place % 7 == 3, place % 7 == 5 and not plain, place % 9 == 4
    return RegisterFax(
        group_number=group.number,
        received_at=received,
        fax_reference=f"FAX-{4100 + place}",
        administrator="Otto Nobody" if outsider else group.administrator,
        administrator_is=PersonIs.EMPLOYEE,
        signer="Edgar Unknown" if wrong_signer else group.signer,
        street="77 ELSEWHERE AVE" if elsewhere else group.street,
        city=group.city,
        state="CA",
        zip=group.zip,
    )
