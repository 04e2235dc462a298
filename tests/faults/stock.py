"""A store full of doubtful enrollments, and the reps who work them."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

from api_client.types.words import PartnerStatus, Role
from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.enrollment import partners
from backend.home import Home
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from tests import csv_files, edi_files
from tests.desk import create_rep, operator_unit
from tests.enrollments import SENDER

GROUP = "900100"
LEAD = "lead"
_FIRST = (("Clara", "Klara"), ("Jon", "John"), ("Anna", "Ana"), ("Sara", "Sarah"), ("Karl", "Carl"))
_SYLLABLES = [
    "pebble",
    "quill",
    "thistle",
    "marrow",
    "tinder",
    "copper",
    "bramble",
    "fennel",
    "kettle",
    "wick",
]


def reps(count: int) -> list[str]:
    """User names of the clients."""
    return [f"rep{number:03}" for number in range(count)]


async def fill(home: Home, items: int, clients: int, dice: random.Random) -> None:
    """A group, a member for each enrollment who may be the enrollee, the queue, and the reps.

    Raises AssertionError when an enrollment did not get into the queue.
    """
    keys = home.keys()
    upgrade(home.database)
    runtime = await open_runtime(Database(home.database), load_policy(), keys, folder=home.folder)
    try:
        for name in reps(clients):
            await create_rep(runtime, name)
        await create_rep(runtime, LEAD, Role.LEAD)
        await csv_files.take_groups(runtime, csv_files.group(GROUP, "Quillparts LLC"))
        async with operator_unit(runtime) as unit:
            await partners.put(unit, SENDER, status=PartnerStatus.PRODUCTION, groups=[GROUP])
        people = _people(items, dice)
        await csv_files.take_members(runtime, *(_on_file(*one) for one in people))
        report = await edi_files.import_file(runtime, [_enrolled(*one) for one in people])
        assert report.counts == {"queued": {"021": items}}, report.counts
    finally:
        await runtime.close()


_Someone = tuple[int, str, str, str, date]


def _people(count: int, dice: random.Random) -> list[_Someone]:
    """Number, first name on file, first name enrolled, surname and birth date; no two alike."""
    names = itertools.product(_SYLLABLES, repeat=4)
    people = []
    for number, syllables in zip(range(count), names, strict=False):
        on_file, enrolled = dice.choice(_FIRST)
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(18_000))
        people.append((number, on_file, enrolled, "".join(syllables).capitalize(), born))
    return people


def _on_file(number: int, on_file: str, _: str, last: str, born: date) -> csv_files.Line:
    return csv_files.member(
        f"{88_000_000 + number}",
        last,
        first_name=on_file,
        date_of_birth=born.isoformat(),
        ssn=f"900{number:06}",
        group_number=GROUP,
        coverage_from="2026-01-01",
    )


def _enrolled(number: int, _: str, enrolled: str, last: str, born: date) -> str:
    return edi_files.member(
        group=GROUP, subscriber_number=f"N{number}", first=enrolled, last=last, born=f"{born:%Y%m%d}"
    )
