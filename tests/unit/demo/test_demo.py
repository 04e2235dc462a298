"""The demo's invented groups and cases: the same every time, and everything a rep meets among them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from api_client.types.user_id_words import UserIdRequestState
from api_client.types.words import CobraAdmin
from backend.accounts.imports import GROUP_COLUMNS, import_groups
from backend.accounts.rules import SizeClass, size_class
from backend.actors import SYSTEM
from backend.database import tables
from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.demo.build import NOW, _csv, _Demo, _group_row
from backend.demo.doubtful import Doubtful, DoubtfulCases
from backend.demo.groups import BillingStory, DemoGroup, demo_groups
from backend.demo.people import DemoPerson, People
from backend.demo.user_ids import UserIdStories
from backend.home import open_home
from backend.policy.policy import load_policy
from backend.runtime import open_runtime


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


async def test_user_ids_are_there_in_every_state_that_a_rep_can_meet(tmp_path: Path) -> None:
    demo = _Demo(tmp_path / "store", lambda _: None)
    demo._groups = [one for one in groups()[:45] if one.story is BillingStory.PAID]
    home = open_home(tmp_path / "store")
    with home.held():
        keys = home.keys()
        upgrade(home.database)
        runtime = await open_runtime(Database(home.database), load_policy(), keys, clock=lambda: demo._now)
        try:
            demo._now = datetime(2026, 9, 1, 16, tzinfo=UTC)
            await demo._create_reps(runtime)
            rows = _csv(GROUP_COLUMNS, map(_group_row, demo._groups))
            await demo._import("groups", import_groups(runtime, SYSTEM, rows, request_id="DEMO"))
            stories = UserIdStories(runtime, demo._actors, demo._groups, demo._set_clock)
            await stories.tell(lambda group, street: demo._move(runtime, group, street))
            async with runtime.database.read() as connection:
                requests = (await connection.execute(select(tables.user_id_request))).all()
                users = (await connection.execute(select(tables.web_user))).all()
                pages = (await connection.execute(select(tables.fax_page.c.request_id))).scalars().all()
        finally:
            await runtime.close()
    on_paper = {UserIdRequestState.PRINT_QUEUED, UserIdRequestState.ID_CREATED}
    assert {one.state for one in requests} == set(UserIdRequestState) - on_paper
    mailed = [one for one in requests if one.state == UserIdRequestState.MAILED]
    assert len({one.arrive_by < NOW.date() for one in mailed}) == 2  # some to come, some overdue
    assert {one.id for one in requests} == set(pages)
    assert {one.suspended_by for one in users} == {"", "client", "security"}
    assert any(one.valid_to for one in users)
    assert all(one.login_digest for one in users if one.state == "active")
