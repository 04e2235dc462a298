"""One client, its desk and its mail, on the real services and a real store that is thrown away."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import httpx
from argon2 import PasswordHasher
from sqlalchemy import delete, insert, update

from api_client.types.billing_words import DelinquencyState, LetterKind
from api_client.types.letters import LettersDue, LettersIssued
from api_client.types.words import ActorKind, Role
from backend.accounts import service as accounts
from backend.actors import SYSTEM, Actor
from backend.app import create_app
from backend.database import tables
from backend.database.engine import Database, sqlite_url
from backend.database.migrate import upgrade
from backend.database.unit import Unit
from backend.keys import Keys, new_keys
from backend.letters import mailing, minting
from backend.letters.facts import UserIdFacts, read_facts
from backend.letters.paper import Paper
from backend.log import set_up_log
from backend.policy.policy import load_policy
from backend.problems import Problem
from backend.runtime import Runtime, open_runtime
from backend.session import store as session_store
from backend.user_ids import issuing, post, users
from tests.callers import GROUP, OTHER_GROUP, add_groups
from tests.conftest import NOON
from tests.desk import create_rep, sign_in
from tests.phone import Phone

T = TypeVar("T")
GROUPS = (GROUP, OTHER_GROUP)
"""Two numbers of one legal employer, who has one administrator ID."""
ADDRESSES = (("12 Nowhere Street", "95814"), ("99 Elsewhere Avenue", "95818"))
REPS = {"r.one": Role.REP, "r.two": Role.REP, "l.one": Role.LEAD, "l.two": Role.LEAD}
CALLED = {"p.rep": Role.REP, "p.lead": Role.LEAD}
"""They have the client on the line all the time, who said the address and was reached at the number."""
ONLINE = Actor(ActorKind.SERVICE, "online", "online")
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_CODE = re.compile(rb"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}\b")
_ID = re.compile(rb"\b[A-Z]{4}-[A-Z]{4}-[2-9]{2}\b")


@dataclass
class Clock:
    """Time passes where the machine says so."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Sheet:
    """A printed letter with a code, as whoever opens it reads it."""

    letter: str
    request: str
    user: str
    """Number of the ID it is for."""
    user_id: str
    """Empty where the letter brings the code alone."""
    code: str
    pdf: bytes


@dataclass
class Folder:
    """A mailing as it lies on the disk of whoever prints."""

    token: str
    batch: str
    letters: list[dict[str, Any]]
    sheets: dict[str, Sheet] = field(default_factory=dict)


class Press:
    """Stands for the printer: a sheet is what is to stand on it."""

    def print(self, paper: Paper) -> bytes:
        """What is to stand on the paper, as JSON."""
        return json.dumps(asdict(paper), default=str).encode()


@dataclass(frozen=True)
class Template:
    """A store with the client, the desk and two calls; copied for each example."""

    path: Path
    keys: Keys


@cache
def template() -> Template:
    """Made once in a process, in memory where the system has such a folder."""
    set_up_log(io.StringIO())
    home = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    folder = tempfile.TemporaryDirectory(prefix="kprep-machine-", dir=home)
    _KEPT.append(folder)
    made = Template(Path(folder.name) / "template.db", new_keys())
    upgrade(sqlite_url(str(made.path)))
    asyncio.run(_furnish(made))
    return made


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


async def _furnish(made: Template) -> None:
    runtime = await open_runtime(
        Database(sqlite_url(str(made.path))), load_policy(), made.keys, clock=Clock()
    )
    await add_groups(runtime)
    for name, role in REPS.items():
        await create_rep(runtime, name, role)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(runtime)), base_url="http://desk"
    ) as api:
        for name, role in CALLED.items():
            phone = Phone(api, await sign_in(api, runtime, name, role))
            await phone.start(GROUP)
            await phone.prove("client")
            await phone.reach()
    await runtime.close()


class World:
    """Everything outside the services: the clock, the post, and what people know."""

    def __init__(self) -> None:
        made = template()
        self._folder = tempfile.TemporaryDirectory(prefix="example-", dir=made.path.parent)
        path = Path(self._folder.name) / "store.db"
        shutil.copy(made.path, path)
        self._loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.runtime: Runtime = self.run(
            open_runtime(Database(sqlite_url(str(path))), load_policy(), made.keys, clock=self.clock)
        )
        self.look = sqlite3.connect(path, isolation_level=None)
        self.look.row_factory = sqlite3.Row
        self.actors = {name: self.run(self._actor(name)) for name in [*REPS, *CALLED]}
        self._patched = patch.object(minting, "press", Press)
        self._patched.start()
        self.made = 0
        self.unpaid: set[str] = set()
        self.accounts = {one["number"]: one["id"] for one in self.rows("SELECT number, id FROM account")}
        self._write_standings()

    def close(self) -> None:
        """Leave nothing behind."""
        self._patched.stop()
        self.look.close()
        self.run(self.runtime.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        self._folder.cleanup()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """The answer of something that is awaited."""
        return self._loop.run_until_complete(what)

    async def _actor(self, name: str) -> Actor:
        async with self.runtime.database.read() as connection:
            row = await session_store.rep_by_name(connection, name)
        assert row is not None
        return Actor(ActorKind.REP, name, row.display_name, Role(row.role), rep_id=row.id)

    # -- units ----------------------------------------------------------------------------------------

    def act(self, actor: Actor, act: Callable[[Unit], Awaitable[T]]) -> T:
        """Do it as a route does: one unit, committed, or also kept with a refusal that says so.

        Raises Problem.
        """
        return self.run(self._act(actor, act))

    async def _act(self, actor: Actor, act: Callable[[Unit], Awaitable[T]]) -> T:
        async with self.runtime.act(actor, "MACHINE") as unit:
            try:
                return await act(unit)
            except Problem as problem:
                if not problem.keep:
                    raise
                kept = problem
        raise kept

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Rows as they stand in the store, past all of its code."""
        return self.look.execute(query, values).fetchall()

    @property
    def today(self) -> date:
        """The day at the service center."""
        return self.clock.now.astimezone(self.runtime.calendar.zone).date()

    # -- time and what others do ----------------------------------------------------------------------

    def pass_time(self, by: timedelta, between: Callable[[], None] | None = None) -> None:
        """Let time pass; with `between` the daily run is there, and it is called before the unused lapse."""
        day = self.today
        self.clock.now += by
        if self.today != day:
            self._write_standings()
        if between is None:
            return
        while self.act(SYSTEM, issuing.expire):
            pass
        while self.act(SYSTEM, users.end_outlived):
            pass
        between()
        after: int | None = 0
        while after is not None:
            after = self.act(SYSTEM, partial(users.suspend_unused, after=after))

    def set_standing(self, number: str, *, unpaid: bool) -> None:
        """Have a group's coverage be ended unpaid today, or not."""
        (self.unpaid.add if unpaid else self.unpaid.discard)(number)
        self._write_standings()

    def _write_standings(self) -> None:
        async def put(unit: Unit) -> None:
            await unit.connection.execute(delete(tables.standing))
            money = {"days_past_due": 0, "open_premium": Decimal(0), "owed": Decimal(0), "flags": []}
            unpaid, current = DelinquencyState.TERMINATED_NONPAY, DelinquencyState.CURRENT
            values = [
                {
                    "account_id": key,
                    "on_date": unit.today,
                    "state": unpaid if number in self.unpaid else current,
                    **money,
                }
                for number, key in self.accounts.items()
            ]
            await unit.connection.execute(insert(tables.standing), values)

        self.act(SYSTEM, put)

    def move(self, number: str, by: str) -> None:
        """A rep changes the address of record."""

        async def change(unit: Unit) -> None:
            account = await accounts.account_of(unit, number)
            street, postal = next(one for one in ADDRESSES if one[0] != account.street)
            old = {f"old_{name}": getattr(account, name) for name in ("street", "city", "state_code", "zip")}
            moved = {"address_changed_on": unit.today, "address_changed_by": unit.actor.id}
            values = {"street": street, "zip": postal, **old, **moved}
            await accounts.change(unit, account, values)

        self.act(self.actors[by], change)

    def set_broker(self, until: date | None) -> None:
        """Give the record of the broker another last day."""

        async def change(unit: Unit) -> None:
            table = tables.contact
            broker = update(table).where(table.c.role == "broker")
            await unit.connection.execute(broker.values(valid_to=until))

        self.act(SYSTEM, change)

    # -- the mail -------------------------------------------------------------------------------------

    def new_folder(self) -> Folder:
        """The letters of the next mailing, in a folder of their own."""

        async def due() -> LettersDue:
            *_, listed = [one async for one in mailing.due(self.runtime, SYSTEM, request_id="MACHINE")]
            assert isinstance(listed, LettersDue)
            return listed

        listed = self.run(due())
        self.made += 1
        letters = [one.model_dump(mode="json") for one in listed.due]
        return Folder(f"{self.made:032x}", listed.batch, letters)

    def print(self, folder: Folder, *, lost: bool) -> list[Sheet]:
        """Print the letters with ID or code of a folder as the command does; `lost` breaks off before they
        are on the disk.
        """
        printed: list[Sheet] = []

        def keep(letter: Any, pdf: bytes) -> None:
            about = read_facts(letter["facts"]).about
            assert isinstance(about, UserIdFacts)
            ids, found = _ID.findall(pdf), _CODE.findall(pdf)
            assert len(set(found)) == 1, "one code stands on the letter"
            user_id = ids[0].decode() if ids else ""
            printed.append(
                Sheet(letter["number"], letter["request"], about.user, user_id, found[0].decode(), pdf)
            )

        mint = minting.Mint(self.runtime.keys, self.pick, self._issue)
        for _ in mint.letters(minting.of_requests(folder.letters), folder.token, keep):
            pass
        if not lost:
            folder.sheets.update({one.letter: one for one in printed})
        return printed

    def pick(self, below: int) -> int:
        """Chance that is the same each time an example is played."""
        self.made += 1
        return random.Random(self.made).randrange(below)

    def _issue(self, lines: bytes) -> dict[str, Any]:
        async def issue() -> dict[str, Any]:
            steps = post.issue_codes(self.runtime, SYSTEM, io.BytesIO(lines), request_id="MACHINE")
            *_, report = [one async for one in steps]
            assert isinstance(report, LettersIssued)
            return report.model_dump(mode="json")

        return self.run(issue())

    def mark(self, folder: Folder, sheets: dict[str, Sheet]) -> None:
        """Mark the letters of a folder as mailed, those with a code by the digest of these sheets."""
        lines = []
        for one in folder.letters:
            if one["kind"] != LetterKind.USER_ID:
                lines.append(f'{{"number": "{one["number"]}"}}')
            elif one["number"] in sheets:
                digest = hashlib.sha256(sheets[one["number"]].pdf).hexdigest()
                lines.append(f'{{"number": "{one["number"]}", "sha256": "{digest}"}}')

        async def mark() -> None:
            source = io.BytesIO("\n".join(lines).encode())
            async for _ in mailing.mark(
                self.runtime, SYSTEM, source, request_id="MACHINE", batch=folder.batch
            ):
                pass

        self.run(mark())
