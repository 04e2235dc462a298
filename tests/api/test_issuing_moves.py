"""What happens to a letter with ID and code while it waits: the client moves, or somebody else decides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from backend.database import tables
from backend.runtime import Runtime
from backend.user_ids import codes, issuing, post
from tests.conftest import SQLITE, FixedClock
from tests.days import morning
from tests.desk import if_match, key, operator_unit, sign_in
from tests.enrollments import add_group
from tests.issuing import PEOPLE, MailRoom
from tests.online import cheap_hasher
from tests.phone import call_of, on_record


@pytest.fixture
async def room(api: httpx.AsyncClient, runtime: Runtime) -> MailRoom:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id, *PEOPLE)
    return MailRoom(api, runtime, await sign_in(api, runtime))


async def move(runtime: Runtime, street: str) -> None:
    """Another address of record, as a file of groups brings it."""
    async with operator_unit(runtime) as unit:
        moved = {"street": street, "address_changed_on": unit.today, "old_street": "1 TESTING WAY"}
        await unit.connection.execute(update(tables.account).values(**moved))


@SQLITE
@pytest.mark.parametrize("before", ["list", "print", "mark"])
async def test_nothing_with_a_code_goes_where_the_client_is_on_record_no_more(
    room: MailRoom, clock: FixedClock, tmp_path: Path, before: str
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    if before == "list":
        await move(room.runtime, "8 Elsewhere Road")
        said = (await room.due()).refused
    else:
        folder = await room.begin(tmp_path / "old")
        if before == "print":
            await move(room.runtime, "8 Elsewhere Road")
            said = list((await room.print(folder)).waiting)
        else:
            await room.print(folder)
            await move(room.runtime, "8 Elsewhere Road")
            told = await room.mark(folder)
            said = [one.reason for one in told.refused]
            assert "take it out" in said[0]
            assert (await room.activate(await room.read(tmp_path / "old", number))).status_code == 401
    assert len(said) == 1
    assert f"Take the approval of {number} back and approve it anew" in said[0]
    assert [state for state, _ in await room.codes() if state == "live"] == []
    assert f"Take the approval of {number} back" in (await room.show(number)).reissue_sentence
    taken_back = await room.does(number, "undo")
    failed = [check.name for check in taken_back.checks if check.result == "failed"]
    assert failed == ["address of record"]  # the form has the old one
    assert [state for state, _ in await room.codes() if state != "dead"] == []


@SQLITE
async def test_another_spelling_of_the_same_address_is_no_move(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    await room.approved()
    clock.move(room.undo)
    await move(room.runtime, "1 testing way.")
    assert (await room.mail(tmp_path / "mail")).refused == []


@SQLITE
async def test_an_old_letter_that_comes_back_leaves_the_new_code_alone(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    await room.mail(tmp_path / "lost")
    clock.now = morning(date(2026, 12, 4))
    room.me = await sign_in(room.api, room.runtime)
    await call_of(room.api, room.me, "client", step_up=True)
    await room.does(number, "reissue")
    clock.move(room.undo)
    await room.mail(tmp_path / "new")
    old, new = [row.number for row in await room.letters(number) if row.kind == "user_id"]
    for letter, state in ((old, "mailed"), (new, "returned_mail")):
        answer = await room.api.post(
            f"/v1/letters/{letter}/returned",
            json={"returned_on": str(clock.now.date())},
            headers={**room.me, **key()},
        )
        assert answer.status_code == 200, answer.text
        assert (await room.show(number)).state == state


# -- at the same time ------------------------------------------------------------------------------


class Meanwhile:
    """Has somebody else act in the midst of a step, until they are done or wait for its end."""

    def __init__(self, step: Callable[..., Awaitable[Any]], other: Callable[[], Awaitable[Any]]) -> None:
        self._step, self._other = step, other
        self.task: asyncio.Future[Any] | None = None

    async def __call__(self, *given: Any) -> Any:
        if self.task is None:
            self.task = asyncio.ensure_future(self._other())
            await asyncio.wait({self.task}, timeout=1)
        return await self._step(*given)

    async def done(self) -> Any:
        assert self.task is not None, "the step was never taken"
        return await self.task


async def test_a_letter_that_is_taken_up_is_not_taken_back_at_that_moment(
    room: MailRoom, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    seen = if_match((await room.show(number)).version)
    path = f"/v1/user-id-requests/{number}/undo"
    undo = Meanwhile(post.waits, lambda: room.api.post(path, headers={**room.me, **key(), **seen}))
    monkeypatch.setattr(post, "waits", undo)
    assert [one.kind for one in (await room.due()).due] == ["user_id", "id_notice"]
    assert (await undo.done()).status_code == 412
    assert (await room.show(number)).state == "print_queued"
    assert (await room.does(number, "undo")).state == "received"


async def test_a_code_that_is_tried_while_the_daily_run_ends_it_waits_in_no_ring(
    room: MailRoom, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hasher(monkeypatch)
    number = await room.approved()
    clock.move(room.undo)
    await room.mail(tmp_path / "mail")
    paper = await room.read(tmp_path / "mail", number)
    tried = Meanwhile(codes.expire, lambda: room.activate(paper))
    monkeypatch.setattr(codes, "expire", tried)
    clock.now = morning(date(2026, 12, 12))
    async with operator_unit(room.runtime) as unit:
        assert await issuing.expire(unit) == 1
    assert (await tried.done()).status_code == 401
    room.me = await sign_in(room.api, room.runtime)
    assert (await room.show(number)).state == "expired"
    assert await room.codes() == [("dead", "too late")]
