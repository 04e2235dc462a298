"""Builds the demo store once, through the doors real data comes through, and copies it for each use.

Everything in it stands relative to NOW; a copy keeps the distance from NOW to the moment it was made as its
clock offset, so that its 48-hour clocks are fresh.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import platformdirs

from api_client.types.enrollment import FileReport, ImportReport
from api_client.types.words import ActorKind, FilingMethod, Outcome, Role
from backend.accounts.imports import GROUP_COLUMNS, MEMBER_COLUMNS, import_groups, import_members
from backend.actors import SYSTEM, Actor
from backend.billing.imports import RATE_COLUMNS, import_rates
from backend.billing.standings import refresh_standings
from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.demo import files as demo_files
from backend.demo.billing_stories import BillingDays, Lines, level_of, rate_of, rate_rows, with_cycle
from backend.demo.callers import broker_of, phone_of
from backend.demo.calls import Telephone
from backend.demo.cards import CardPost
from backend.demo.doubtful import Doubtful, DoubtfulCases
from backend.demo.edi import file_of
from backend.demo.faxes import register_faxes
from backend.demo.groups import BillingStory, DemoGroup, demo_groups
from backend.demo.logins import give_user_ids
from backend.demo.passing import is_passed_on, pass_on
from backend.demo.people import DemoPerson, People
from backend.demo.shift import Shift
from backend.demo.unpaid import unpaid_calls
from backend.demo.user_ids import UserIdStories
from backend.enrollment import service as enrollment
from backend.enrollment.files import import_834
from backend.enrollment.intake import Arrival
from backend.home import open_home
from backend.jobs import daily
from backend.policy.policy import load_policy
from backend.progress import Progress
from backend.runtime import Runtime, open_runtime, system_clock
from backend.session import reps, store
from backend.session.passwords import hash_password
from backend.session.service import DEMO_PASSWORD, DEMO_USERNAME

NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
"""A Friday at the service center, 09:41."""
_GROUPS, _MEMBERS, _CASES = 200, 20_000, 64
_SEED = 834
_CALLER = "104233"
_ONLINE = Actor(ActorKind.SERVICE, "online")
_REPS = (
    (DEMO_USERNAME, "M.Lopez", Role.REP),
    ("r.chen", "R.Chen", Role.REP),
    ("t.ibarra", "T.Ibarra", Role.REP),
    ("j.novak", "J.Novak", Role.REP),
    ("d.okafor", "D.Okafor", Role.LEAD),
)
Say = Callable[[str], None]


def build(data: Path | None, say: Say) -> None:
    """A fresh copy of the demo store in the folder `data`; without one, only what is copied is prepared."""
    kept = platformdirs.user_cache_path("kprep") / f"demo-{_fingerprint()}"
    if not kept.exists():
        say("Building the demo data (once) ...")
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            asyncio.run(_Demo(Path(scratch) / "store", say).build())
            _pack(Path(scratch) / "store", Path(scratch) / "kept")
            for old in kept.parent.glob("demo-*"):
                shutil.rmtree(old, ignore_errors=True)
            (Path(scratch) / "kept").rename(kept)
    if data is not None:
        _copy(kept, data)
    say("The demo data is ready.")


def _fingerprint() -> str:
    """Changes with the backend's own files, so that a kept store is never an old one."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.*")):
        if file.suffix in {".py", ".toml"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _pack(built: Path, kept: Path) -> None:
    """The store as one file without a journal, and the secrets it was made with."""
    kept.mkdir(mode=0o700)
    with closing(sqlite3.connect(built / "store.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(kept / "store.db"),))
    shutil.copy2(built / "secrets.toml", kept / "secrets.toml")


def _copy(kept: Path, data: Path) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "store.db").touch(mode=0o600)
    shutil.copyfile(kept / "store.db", data / "store.db")
    offset = (NOW - system_clock()) // timedelta(microseconds=1)
    with closing(sqlite3.connect(data / "store.db")) as connection, connection:
        facts = {"demo": "yes", "clock_offset_us": str(offset)}
        connection.executemany("INSERT INTO store_fact (name, value) VALUES (?, ?)", facts.items())
    (data / "secrets.toml").touch(mode=0o600)
    shutil.copyfile(kept / "secrets.toml", data / "secrets.toml")


class _Demo:
    """One build, from nothing."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._dice = random.Random(_SEED)  # noqa: S311  (invented data, the same every time)
        self._people = People(self._dice)
        self._now = NOW
        self._groups = [with_cycle(one) for one in demo_groups(self._dice, _GROUPS)]
        sending = [one for one in self._groups if one.filing is FilingMethod.EDI]
        self._by_file = [one.number for one in sending]
        self._lists = max(sending[1:], key=lambda one: one.employees).number
        """The group that sends a full file."""
        self._on_file: list[DemoPerson] = []
        self._listed: list[tuple[str, DemoPerson]] = []
        """Its people with their subscriber numbers."""
        self._premiums: dict[str, Lines] = {}
        self._actors: dict[str, Actor] = {}

    async def build(self) -> None:
        """Fill the store of this folder."""
        home = open_home(self._folder)
        with home.held():
            keys = home.keys()
            upgrade(home.database)
            runtime = await open_runtime(
                Database(home.database), load_policy(), keys, clock=lambda: self._now
            )
            try:
                await self._fill(runtime)
            finally:
                await runtime.close()

    async def _fill(self, runtime: Runtime) -> None:
        self._now = datetime(2026, 9, 1, 16, 0, tzinfo=UTC)
        await self._create_reps(runtime)
        groups = _csv(GROUP_COLUMNS, (_group_row(one) for one in self._groups))
        await self._import("groups", import_groups(runtime, SYSTEM, groups, request_id="DEMO"))
        await give_user_ids(runtime, self._groups)
        members = _csv(MEMBER_COLUMNS, self._member_rows())
        await self._import("members", import_members(runtime, SYSTEM, members, request_id="DEMO"))
        rates = _csv(RATE_COLUMNS, rate_rows(self._groups))
        await self._import("rates", import_rates(runtime, SYSTEM, rates, request_id="DEMO"))
        self._say("Living through 70 days of billing ...")
        await BillingDays(runtime, self._groups, self._premiums, self._set_clock).live(
            date(2026, 9, 10), date(2026, 11, 20)
        )
        self._say("Filling the queues ...")
        faxed = await register_faxes(
            runtime, self._actors["r.chen"], self._groups, self._dice, NOW, self._set_clock
        )
        shift = Shift(runtime, self._actors, NOW, self._set_clock)
        await shift.work(self._on_file, self._open_groups())
        await demo_files.partners_of(runtime, self._by_file)
        await self._enroll(runtime)
        await demo_files.receive(runtime, self._lists, self._listed, self._set_clock, NOW)
        await shift.this_morning()
        await CardPost(runtime, self._actors, NOW, self._set_clock).deliver(_CALLER)
        phone = Telephone(runtime, self._actors, NOW, self._set_clock)
        await phone.ring(self._groups)
        await unpaid_calls(phone, self._groups)
        others = [one for one in self._groups if one.number not in faxed]
        stories = UserIdStories(runtime, self._actors, others, self._set_clock)
        await stories.tell(lambda group, street: self._move(runtime, group, street))
        self._now = NOW
        await refresh_standings(runtime)
        runtime.demo = True  # as whoever opens the finished store: letters go, whatever is unconfirmed
        async for _ in daily.run(runtime, SYSTEM, request_id="DEMO"):
            pass  # today's run is done, so nothing changes by itself while the demo is looked at

    async def _move(self, runtime: Runtime, group: DemoGroup, street: str) -> None:
        """Another address of a group comes in."""
        rows = _csv(GROUP_COLUMNS, [_group_row(replace(group, street=street))])
        *_, report = [step async for step in import_groups(runtime, SYSTEM, rows, request_id="DEMO")]
        assert isinstance(report, ImportReport)
        assert not report.refused, report.refused

    def _set_clock(self, now: datetime) -> None:
        self._now = now

    async def _create_reps(self, runtime: Runtime) -> None:
        hashed = hash_password(DEMO_PASSWORD)
        async with runtime.act(SYSTEM, "DEMO") as unit:
            for username, name, role in _REPS:
                await reps.create(
                    unit, username=username, display_name=name, role=role, center="CA-1", password_hash=hashed
                )
                row = await store.rep_by_name(unit.connection, username)
                assert row is not None
                self._actors[username] = Actor(ActorKind.REP, username, name, role, row.id)

    async def _import(self, what: str, steps: Any) -> None:
        async for step in steps:
            if isinstance(step, Progress):
                continue
            assert isinstance(step, ImportReport)
            assert not step.refused, step.refused[:3]
            self._say(f"{step.added:,} {what} taken")

    def _member_rows(self) -> Iterator[dict[str, str]]:
        """Families until there are enough members, spread over the groups by their size."""
        slots = [one for one in self._groups for _ in range(one.employees)]
        first = [self._groups[0]] * 30 + self._groups
        tiers: dict[str, dict[str, Decimal]] = {one.number: {} for one in self._groups}
        subscriber, mrn = 500_000, 88_000_000
        while mrn < 88_000_000 + _MEMBERS:
            group = first.pop() if first else self._dice.choice(slots)
            subscriber += 1
            family = list(self._people.family())
            level = level_of(len(family))
            tiers[group.number][f"S{subscriber}"] = rate_of(level)
            for person in family:
                mrn += 1
                self._on_file.append(person)
                if group.number == self._lists:
                    self._listed.append((f"S{subscriber}", person))
                yield _member_row(person, str(mrn), group, f"S{subscriber}") | {"level": level}
        self._premiums = {number: sorted(lines.items()) for number, lines in tiers.items()}

    async def _enroll(self, runtime: Runtime) -> None:
        """Enrollments nobody can be certain about, over the last two days, online and by file."""
        makers = DoubtfulCases(self._dice, self._people, self._on_file, NOW.date())
        cases = list(makers.cases(self._open_groups(), _CASES, _CALLER))
        minutes = sorted(
            [2900, 2890, 2869, 2760, *self._dice.sample(range(15, 2700), _CASES - 4)], reverse=True
        )
        cases.insert(2, cases.pop(0))  # the guide's client has eleven minutes left
        for control, (case, before) in enumerate(zip(cases, minutes, strict=True), start=1):
            self._now = NOW - timedelta(minutes=before)
            item = await self._submit(runtime, case, control)
            await self._follow(runtime, control, item)

    def _open_groups(self) -> list[str]:
        return [one.number for one in self._groups if one.story in (BillingStory.PAID, BillingStory.LATE)]

    async def _submit(self, runtime: Runtime, case: Doubtful, control: int) -> str:
        """By file where the group sends files, else online; returns the queue item."""
        if case.form.group_number in self._by_file:
            file = file_of([case.form], sender=demo_files.SENDER, control=control, on=self._now.date())
            source = io.BytesIO(file)
            steps = import_834(runtime, SYSTEM, source, request_id="DEMO", arrival=Arrival("daily.834"))
            *_, report = [step async for step in steps]
            assert isinstance(report, FileReport)
            assert report.applied, report.errors
            result: Any = report.members[0]
        else:
            async with runtime.act(_ONLINE, "DEMO") as unit:
                result = await enrollment.submit(unit, case.form)
        assert result.outcome is Outcome.QUEUED, (case.kind, result.outcome, result.why)
        return str(result.item)

    async def _follow(self, runtime: Runtime, control: int, item: str) -> None:
        """Colleagues have passed some on, asked about some and decided a few."""
        if is_passed_on(control):
            self._now += timedelta(minutes=4)
            await pass_on(runtime, self._actors, control, item)


def _csv(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def _group_row(one: DemoGroup) -> dict[str, str]:
    outside = one.cobra.value == "tpa"
    return {
        "number": one.number,
        "name": one.name,
        "ein": one.ein,
        "employees": str(one.employees),
        "effective_from": one.effective.isoformat(),
        "cobra_admin": one.cobra,
        "filing_method": one.filing,
        "bill_preference": one.bill,
        "billing_cycle": one.cycle,
        "street": one.street,
        "city": one.city,
        "state": "CA",
        "zip": one.zip,
        "bill_phone": "800-555-0148",
        "bill_hours": "7:00-18:00 PT",
        "signer": one.signer,
        "signer_phone": phone_of(one, 0),
        "signer_to": "2027-06-30",
        "administrator": one.administrator,
        "administrator_phone": phone_of(one, 1),
        **broker_of(one),
        "tpa": "Timber COBRA Services" if outside else "",
        "tpa_phone": "800-555-0162" if outside else "",
        "representative": "Ines Falconley",
        "representative_phone": "800-555-0171",
        "representative_extension": "214",
    }


def _member_row(one: DemoPerson, mrn: str, group: DemoGroup, subscriber: str) -> dict[str, str]:
    return {
        "record_id": mrn,
        "last_name": one.last,
        "first_name": one.first,
        "middle_name": one.middle,
        "suffix": one.suffix,
        "date_of_birth": one.born.isoformat(),
        "sex": one.sex,
        "ssn": one.ssn,
        "street": one.street,
        "city": one.city,
        "state": "CA",
        "zip": one.zip,
        "phone": one.phone,
        "group_number": group.number,
        "subscriber_number": subscriber,
        "relationship": one.relationship,
        "coverage_from": max(group.effective, date(2025, 1, 1)).isoformat(),
    }
