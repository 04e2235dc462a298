"""Invented client groups: small and larger, every COBRA arrangement, every billing story."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from api_client.types.billing_words import BillingCycle, BillPreference
from api_client.types.words import CobraAdmin, FilingMethod
from backend.demo.people import CITIES, WORDS

_FIRST_NAMES = ("Rita", "Hugo", "Ines", "Carl", "Vera", "Pat", "Kim", "Lee", "Sam", "Jo")
_KINDS = ("LLC", "Inc", "Co", "Group")


class BillingStory(StrEnum):
    """How a group has paid, from which its billing state follows."""

    PAID = "paid"
    LATE = "late"
    PAST_DUE = "past_due"
    GRACE = "grace"
    TERM_PENDING = "term_pending"
    ENDED = "ended"
    RETURNED = "returned"


_STORIES = (
    [BillingStory.PAID] * 14
    + [BillingStory.LATE] * 2
    + [BillingStory.PAST_DUE, BillingStory.GRACE, BillingStory.TERM_PENDING, BillingStory.RETURNED]
)
_ENDED_EVERY, _ALONE_EVERY = 40, 50
"""Few, but always some: groups whose coverage ended unpaid, and groups of one."""


@dataclass(frozen=True)
class DemoGroup:
    """One client, with what decides its billing and its COBRA answers."""

    number: str
    name: str
    ein: str
    employees: int
    effective: date
    cobra: CobraAdmin
    filing: FilingMethod
    bill: BillPreference
    cycle: BillingCycle
    story: BillingStory
    signer: str
    administrator: str
    street: str
    city: str
    zip: str


_CALLER = DemoGroup(
    number="104233",
    name="Salem Parts LLC",
    ein="942771834",
    employees=42,
    effective=date(2019, 1, 1),
    cobra=CobraAdmin.CLIENT,
    filing=FilingMethod.EDI,
    bill=BillPreference.PAPER,
    cycle=BillingCycle.C1,
    story=BillingStory.TERM_PENDING,
    signer="Rita Harborson",
    administrator="Pat Timberley",
    street="2200 HARBOR BLVD",
    city="OAKLAND",
    zip="94606",
)
"""The client the guide and the pictures speak of: its coverage is about to end."""


def demo_groups(dice: random.Random, count: int) -> Iterator[DemoGroup]:
    """That many groups, the one of the guide first."""
    yield _CALLER
    firms = [f"{firm} {trade}" for firm in WORDS["firm"] for trade in WORDS["trade"]]
    numbers = dice.sample(range(104234, 109999), count - 1)
    named = zip(sorted(numbers), dice.sample(firms, count - 1), strict=True)
    for place, (number, firm) in enumerate(named):
        small = dice.random() < 0.7
        by_law = small and dice.random() < 0.9
        city, postal = dice.choice(CITIES)
        story = dice.choice(_STORIES)
        one = DemoGroup(
            number=str(number),
            name=f"{firm} {dice.choice(_KINDS)}",
            ein=f"{dice.choice((12, 20, 33, 47, 68, 77, 94, 95))}{dice.randint(1000000, 9999999)}",
            employees=dice.randint(3, 19) if small else dice.randint(20, 180),
            effective=date(dice.randint(2010, 2025), dice.randint(1, 12), 1),
            cobra=CobraAdmin.PLAN if by_law else dice.choice(list(CobraAdmin)),
            filing=dice.choice(list(FilingMethod)),
            bill=dice.choice(list(BillPreference)),
            cycle=dice.choice([cycle for cycle in BillingCycle if cycle is not BillingCycle.C0]),
            story=BillingStory.ENDED if place % _ENDED_EVERY == 17 else story,
            signer=f"{dice.choice(_FIRST_NAMES)} {dice.choice(WORDS['firm'])}son",
            administrator=f"{dice.choice(_FIRST_NAMES)} {dice.choice(WORDS['firm'])}ley",
            street=f"{dice.randint(100, 4900)} {dice.choice(WORDS['firm']).upper()} BLVD",
            city=city,
            zip=postal,
        )
        # The owner alone: too small for COBRA of either kind.
        yield replace(one, employees=1) if place % _ALONE_EVERY == 21 else one
