"""The demo's invented groups and cases: the same every time, and everything a rep meets among them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from api_client.types.words import CobraAdmin
from backend.accounts.rules import SizeClass, size_class
from backend.demo.doubtful import Doubtful, DoubtfulCases
from backend.demo.groups import BillingStory, DemoGroup, demo_groups
from backend.demo.people import DemoPerson, People


def groups() -> list[DemoGroup]:
    return list(demo_groups(random.Random(834), 200))


def cases() -> tuple[list[DemoPerson], list[Doubtful]]:
    dice = random.Random(834)
    people = People(dice)
    on_file = [person for _ in range(200) for person in people.family()]
    made = DoubtfulCases(dice, people, on_file, date(2026, 11, 20)).cases(["104233"], 64, "104233")
    return on_file, list(made)


def test_two_builds_make_the_same() -> None:
    assert groups() == groups()
    assert cases() == cases()


def test_every_cobra_arrangement_is_there() -> None:
    found = {(size_class(one.employees), one.cobra) for one in groups()}
    both = {(size, admin) for size in (SizeClass.FEDERAL, SizeClass.CALIFORNIA) for admin in CobraAdmin}
    assert both <= found
    assert SizeClass.NONE in {size for size, _ in found}


def test_every_billing_story_is_there() -> None:
    told = Counter(one.story for one in groups())
    assert set(told) == set(BillingStory)
    assert told[BillingStory.PAID] > len(groups()) / 2
    assert told[BillingStory.ENDED] == 5


def test_numbers_and_names_of_groups_are_their_own() -> None:
    made = groups()
    assert len({one.number for one in made}) == len({one.name for one in made}) == 200


def test_doubtful_cases_are_of_every_kind_and_some_late() -> None:
    _, made = cases()
    kinds = Counter(one.kind for one in made)
    assert min(kinds.values()) >= 6
    assert {"twin", "senior and junior", "typing slip", "moved", "married name", "no SSN"} <= set(kinds)
    assert any(one.form.coverage_from == date(2026, 8, 1) for one in made)
