"""Mailings that break off, go on and get lost in any order: what goes to the post works, and works alone."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.database import tables
from backend.letters.folder import Folder, papers_of
from backend.letters.minting import Mint
from backend.runtime import Runtime
from backend.user_ids import codes, issuing
from backend.user_ids.codes import code_digest
from tests.conftest import SQLITE, FixedClock
from tests.desk import operator_unit, sign_in
from tests.enrollments import add_group
from tests.issuing import PEOPLE, MailRoom, on_paper
from tests.phone import on_record

_GROUPS = ("900101", "900102")
_STEPS = 14
_SEEDS = range(8)


class _Unplugged(Exception):
    """The machine that prints stops here."""


class Post:
    """A mail room where anything may happen, and what must hold all the same."""

    def __init__(self, room: MailRoom, clock: FixedClock, path: Path, dice: random.Random) -> None:
        self.room, self.clock, self.path, self.dice = room, clock, path, dice
        self.requests: list[str] = []
        self.begun: list[Folder] = []
        self.printed: list[Folder] = []
        self.accepted: dict[str, str] = {}
        """By the digest of each code that went to the post, the letter it is on."""

    async def begin(self) -> None:
        """The next mailing into a folder of its own."""
        listed = await self.room.due()
        if listed.due:
            folder = Folder(self.path / str(len(self.begun) + len(self.printed) + secrets.randbelow(10**9)))
            folder.begin(json.loads(listed.model_dump_json()))
            self.begun.append(folder)

    async def print(self) -> None:
        """Print a folder, or some of it."""
        if not self.begun:
            return
        folder = self.dice.choice(self.begun)
        plugged = self.dice.choice([None, None, "asking", "issued", 0, 1, 2, 3])
        loop = asyncio.get_running_loop()

        def issue(lines: bytes) -> Mapping[str, Any]:
            if plugged == "asking":
                raise _Unplugged
            report = asyncio.run_coroutine_threadsafe(self.room.issue(lines), loop).result()
            if plugged == "issued":
                raise _Unplugged
            return report

        papers = 0

        def show(_: object) -> None:
            nonlocal papers
            papers += 1
            if isinstance(plugged, int) and papers > plugged:
                raise _Unplugged

        try:
            mint = Mint(self.room.runtime.keys, secrets.randbelow, issue)
            await asyncio.to_thread(folder.print, show, mint)
        except _Unplugged:
            return
        self.begun.remove(folder)
        self.printed.append(folder)

    async def mark(self) -> None:
        """Mark what a manifest lists, or the first lines of it; what is accepted must work."""
        if not self.printed:
            return
        folder = self.dice.choice(self.printed)
        lines = list(papers_of(folder.manifest()))
        lines = lines[: self.dice.choice([1, 2, len(lines), len(lines)])]
        before = await self._mailed()
        told = await self.room.mark_lines(b"".join(lines))
        refused = {one.line for one in told.refused}
        for line, text in enumerate(lines, start=1):
            number = json.loads(text)["number"]
            if line not in refused and number not in before:
                await self._went(folder, number)

    async def _mailed(self) -> set[str]:
        letter = tables.letter
        async with self.room.runtime.database.read() as connection:
            query = select(letter.c.number).where(letter.c.mailed_on.is_not(None))
            return set((await connection.execute(query)).scalars())

    async def _went(self, folder: Folder, number: str) -> None:
        """A paper goes to the post: if it has a code, that is live."""
        code = on_paper([(folder._path / f"{number}.pdf").read_bytes()]).code
        if code:
            digest = code_digest(self.room.runtime.keys, code)
            assert digest in await self.codes("live"), "a code went to the post that does not work"
            self.accepted[digest] = number

    async def codes(self, *states: str) -> list[str]:
        """Digests of the codes in these states."""
        table = tables.access_code
        async with self.room.runtime.database.read() as connection:
            query = select(table.c.digest).where(table.c.state.in_(states))
            return list((await connection.execute(query)).scalars())

    async def change_mind(self) -> None:
        """Take an approval back, and approve anew."""
        number = self.dice.choice(self.requests)
        if (await self.room.show(number)).can_undo:
            await self.room.does(number, "undo")
            await self.room.does(number, "approve")
            self.clock.move(self.room.undo)

    async def stop(self) -> None:
        """Somebody stops a code."""
        async with operator_unit(self.room.runtime) as unit:
            users = (await unit.connection.execute(select(tables.access_code.c.web_user_id))).scalars().all()
            if users:
                await codes.kill(unit, self.dice.choice(users), "stopped")

    async def wait(self) -> None:
        """Days go by, each with what ends by itself."""
        self.clock.move(timedelta(days=self.dice.choice([1, 2, 7])))
        self.room.me = await sign_in(self.room.api, self.room.runtime)
        async with operator_unit(self.room.runtime) as unit:
            await issuing.expire(unit)

    async def holds(self) -> None:
        """One code of each request at the most, and none live but of a paper that went to the post."""
        table = tables.access_code
        async with self.room.runtime.database.read() as connection:
            query = select(table.c.request_id).where(table.c.state.in_(("printed", "live")))
            working = list((await connection.execute(query)).scalars())
        assert len(set(working)) == len(working)
        assert set(await self.codes("live")) <= self.accepted.keys()


@SQLITE
@pytest.mark.parametrize("seed", _SEEDS)
async def test_what_goes_to_the_post_works_and_nothing_else(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, tmp_path: Path, seed: int
) -> None:
    for number in _GROUPS:
        await on_record(runtime, await add_group(runtime, number), *PEOPLE)
    post = Post(MailRoom(api, runtime, await sign_in(api, runtime)), clock, tmp_path, random.Random(seed))
    post.requests = [await post.room.approved(group_number=number) for number in _GROUPS]
    clock.move(post.room.undo)
    often = [post.begin, post.print, post.print, post.mark, post.mark]
    for _ in range(_STEPS):
        step = post.dice.choice([*often, *often, post.change_mind, post.wait, post.stop])
        await step()
        await post.holds()
    clock.move(timedelta(days=14))  # whatever is printed and not mailed is too old by now
    post.room.me = await sign_in(api, runtime)
    async with operator_unit(runtime) as unit:
        await issuing.expire(unit)
    post.dice = random.Random(0)
    await post.begin()
    for folder in post.begun[-1:]:
        await post.room.print(folder)
        post.begun, post.printed = [], [folder]
        lines = b"".join(papers_of(folder.manifest()))
        before = await post._mailed()
        told = await post.room.mark_lines(lines)
        assert told.refused == []
        for line in lines.splitlines():
            if json.loads(line)["number"] not in before:
                await post._went(folder, json.loads(line)["number"])
    await post.holds()
    states = {(await post.room.show(number)).state.value for number in post.requests}
    assert states <= {"mailed", "expired"}  # nothing waits for ever
