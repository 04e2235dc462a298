"""What an operator can have done, by the command line or by the running backend that holds the store.

An operation yields progress and ends with its report; the route sends the same as lines of JSON.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api_client.types.problems import ProblemType
from api_client.types.words import CardState, Channel, FileKind, PartnerStatus, Role
from backend.accounts.imports import import_groups, import_members
from backend.actors import Actor
from backend.audit import service as audit
from backend.billing.imports import import_payments, import_rates
from backend.cards import printing
from backend.database.unit import Unit
from backend.enrollment import partners
from backend.enrollment.files import import_834
from backend.enrollment.intake import Arrival
from backend.http import CallOf
from backend.jobs import daily
from backend.letters import mailing
from backend.letters.returned import mark_returned
from backend.log import log, scrubbed
from backend.policy import confirming
from backend.problems import Problem, not_found
from backend.progress import Progress
from backend.runtime import Runtime
from backend.search.lines import find_lines
from backend.session import reps
from backend.session.passwords import hash_password
from backend.spool import spool
from backend.user_ids.post import issue_codes

W = TypeVar("W", bound=StrEnum)
Steps = AsyncIterator[Progress | BaseModel]
router = APIRouter(prefix="/v1/operations", tags=["operations"])


@dataclass(frozen=True)
class Task:
    """One operation to run: for whom, with which options, and the file or secret it reads."""

    runtime: Runtime
    actor: Actor
    request_id: str
    source: BinaryIO
    options: Mapping[str, str]

    def option(self, name: str) -> str:
        """An option that must be there."""
        if name not in self.options:
            raise Problem(ProblemType.INVALID, f"The option {name} is missing.")
        return self.options[name]

    def role(self) -> Role:
        """The option `role` as a role."""
        return self.word(Role, "role", self.option("role"))

    def day(self, name: str) -> date | None:
        """An option that is a day, None where it is not given. Raises INVALID."""
        given = self.options.get(name, "")
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            raise Problem(ProblemType.INVALID, "A day is written 2026-11-20.") from None

    def word(self, words: type[W], name: str, text: str) -> W:
        """One word of a closed set. Raises INVALID with all of them for any other."""
        try:
            return words(text)
        except ValueError:
            raise Problem(ProblemType.INVALID, f"The {name} is one of {', '.join(words)}.") from None

    def password(self) -> str:
        """The password on the first line of the source, checked."""
        password = self.source.readline(1024).decode(errors="replace").rstrip("\r\n")
        reps.check_password(password)
        return password


def _groups(task: Task) -> Steps:
    return import_groups(
        task.runtime,
        task.actor,
        task.source,
        request_id=task.request_id,
        one_employer=task.options.get("one_employer") == "yes",
    )


def _members(task: Task) -> Steps:
    return import_members(task.runtime, task.actor, task.source, request_id=task.request_id)


def _find(task: Task) -> Steps:
    return find_lines(task.runtime, task.actor, task.source, request_id=task.request_id)


def _payments(task: Task) -> Steps:
    return import_payments(task.runtime, task.actor, task.source, request_id=task.request_id)


def _rates(task: Task) -> Steps:
    return import_rates(task.runtime, task.actor, task.source, request_id=task.request_id)


def _834(task: Task) -> Steps:
    return import_834(
        task.runtime,
        task.actor,
        task.source,
        request_id=task.request_id,
        arrival=Arrival(
            task.options.get("name", ""),
            Channel(task.options.get("channel", Channel.EDI)),
            task.options.get("media_label", ""),
            task.options.get("media_from", ""),
        ),
        dry_run=task.options.get("dry_run") == "yes",
    )


async def _partners(task: Task) -> Steps:
    async with task.runtime.act(task.actor, task.request_id) as unit:
        if task.option("act") == "list":
            yield await partners.every(unit)
            return
        given = task.options
        yield await partners.put(
            unit,
            task.option("sender"),
            name=given.get("name", ""),
            status=task.word(PartnerStatus, "status", given["status"]) if given.get("status") else None,
            lists=task.word(FileKind, "meaning of a list", given["lists"]) if given.get("lists") else None,
            member_number_in=given.get("member_number_in", ""),
            groups=[number for number in given.get("groups", "").split(",") if number],
        )


def _cards_due(task: Task) -> Steps:
    return printing.due(task.runtime, task.actor, request_id=task.request_id)


def _cards_mark(task: Task) -> Steps:
    on = task.day("on")
    to = task.option("to")
    if to not in (CardState.PRINTED, CardState.MAILED, CardState.RETURNED):
        raise Problem(ProblemType.INVALID, "A card is marked printed, mailed or returned.")
    return printing.mark(task.runtime, task.actor, task.source, CardState(to), on, request_id=task.request_id)


async def _create_rep(task: Task) -> Steps:
    password = task.password()
    hashed = await task.runtime.in_thread(lambda: hash_password(password))
    async with task.runtime.act(task.actor, task.request_id) as unit:
        yield await reps.create(
            unit,
            username=task.option("username"),
            display_name=task.options.get("name", ""),
            role=task.role(),
            center=task.options.get("center", ""),
            password_hash=hashed,
        )


async def _reps(task: Task) -> Steps:
    async with task.runtime.act(task.actor, task.request_id) as unit:
        yield await _rep_act(unit, task)


async def _rep_act(unit: Unit, task: Task) -> BaseModel:
    act = task.option("act")
    if act == "list":
        return await reps.every(unit)
    username = task.option("username")
    match act:
        case "role":
            return await reps.set_role(unit, username, task.role())
        case "disable":
            return await reps.disable(unit, username)
        case "enable":
            return await reps.enable(unit, username)
        case "unlock":
            return await reps.unlock(unit, username)
        case "end-sessions":
            return await reps.end_sessions(unit, username)
        case _:
            raise not_found("act on reps called", act)


async def _reset_password(task: Task) -> Steps:
    password = task.password()
    hashed = await task.runtime.in_thread(lambda: hash_password(password))
    async with task.runtime.act(task.actor, task.request_id) as unit:
        yield await reps.reset_password(unit, task.option("username"), hashed)


async def _verify_audit(task: Task) -> Steps:
    folder = task.runtime.folder
    async with task.runtime.database.read() as connection:
        yield await audit.verify(
            connection, task.runtime.keys, exported=audit.exported_head(folder) if folder else None
        )


async def _find_reference(task: Task) -> Steps:
    yield await audit.find_reference(task.runtime, task.option("reference"))


def _letters_due(task: Task) -> Steps:
    return mailing.due(task.runtime, task.actor, request_id=task.request_id)


def _letters_issue(task: Task) -> Steps:
    return issue_codes(task.runtime, task.actor, task.source, request_id=task.request_id)


def _letters_mark(task: Task) -> Steps:
    batch = task.options.get("batch", "")
    return mailing.mark(task.runtime, task.actor, task.source, request_id=task.request_id, batch=batch)


def _letters_returned(task: Task) -> Steps:
    on = task.day("on")
    return mark_returned(task.runtime, task.actor, task.source, on, request_id=task.request_id)


def _daily(task: Task) -> Steps:
    dry = task.options.get("dry_run") == "yes"
    return daily.run(task.runtime, task.actor, request_id=task.request_id, on=task.day("on"), dry=dry)


async def _policy_confirm(task: Task) -> Steps:
    names = [name for name in task.options.get("entries", "").split(",") if name]
    billing = task.options.get("billing") == "yes"
    async with task.runtime.act(task.actor, task.request_id) as unit:
        yield await confirming.confirm(unit, names, task.options.get("by", ""), billing=billing)


async def _policy_confirmed(task: Task) -> Steps:
    async with task.runtime.look(task.actor, task.request_id) as unit:
        yield await confirming.every(unit)


OPERATIONS: dict[str, Callable[[Task], Steps]] = {
    "import-groups": _groups,
    "import-members": _members,
    "import-payments": _payments,
    "import-rates": _rates,
    "import-834": _834,
    "partners": _partners,
    "cards-due": _cards_due,
    "cards-mark": _cards_mark,
    "letters-due": _letters_due,
    "letters-issue": _letters_issue,
    "letters-mark": _letters_mark,
    "letters-returned": _letters_returned,
    "daily": _daily,
    "policy-confirm": _policy_confirm,
    "policy-confirmed": _policy_confirmed,
    "find": _find,
    "create-rep": _create_rep,
    "reps": _reps,
    "reset-password": _reset_password,
    "audit-verify": _verify_audit,
    "log": _find_reference,
}


@router.post("/{name}", operation_id="operations.run", response_class=StreamingResponse)
async def run(call: CallOf, request: Request, name: str) -> StreamingResponse:
    """Run one operation on the body; answers lines of JSON: progress, and at the end a report or problem."""
    if name not in OPERATIONS:
        raise not_found("operation", name)
    source = spool(call.runtime.folder)
    async for chunk in request.stream():
        await call.runtime.in_thread(lambda chunk=chunk: source.write(chunk))  # type: ignore[misc]
    source.seek(0)
    task = Task(call.runtime, call.actor, call.request_id, source, dict(request.query_params))
    return StreamingResponse(_lines(task, OPERATIONS[name]), media_type="application/x-ndjson")


async def _lines(task: Task, operation: Callable[[Task], Steps]) -> AsyncIterator[str]:
    """What an operation says, until it has ended or nobody listens any more.

    It works in a task of its own, which ends after the step at hand once nobody listens. Cancelled in the
    middle of a transaction, it would leave the store locked for as long as its connection is in memory.
    """
    said: asyncio.Queue[str | None] = asyncio.Queue()
    gone = asyncio.Event()

    async def work() -> None:
        try:
            async with aclosing(_said(task, operation)) as lines:
                async for line in lines:
                    said.put_nowait(line)
                    if gone.is_set():
                        break
        finally:
            said.put_nowait(None)

    working = asyncio.create_task(work(), name="operation")
    _at_work.add(working)
    working.add_done_callback(_at_work.discard)
    try:
        while (line := await said.get()) is not None:
            yield line
    finally:
        gone.set()


_at_work: set[asyncio.Task[None]] = set()
"""Keeps tasks that nobody waits for."""


async def _said(task: Task, operation: Callable[[Task], Steps]) -> AsyncGenerator[str, None]:
    """The report leaves when the operation has ended: whoever has read it may go, and nothing is undone."""
    report: BaseModel | None = None
    with task.source:
        try:
            steps = operation(task)
            assert isinstance(steps, AsyncGenerator)
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, Progress):
                        yield json.dumps({"progress": asdict(step)}) + "\n"
                    else:
                        report = step
            if report is not None:
                yield json.dumps({"report": json.loads(report.model_dump_json())}) + "\n"
        except Problem as problem:
            yield json.dumps({"problem": problem.detail}) + "\n"
        except Exception as error:  # noqa: BLE001  (the answer has begun; the reference leads to the log)
            log().error("operation", request_id=task.request_id, **scrubbed(error))
            yield json.dumps({"problem": f"Something went wrong here. Reference: {task.request_id}"}) + "\n"
