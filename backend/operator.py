"""Runs an operation for the command line: in the backend that holds the store, else in this process."""

from __future__ import annotations

import getpass
import http.client
import json
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

from backend.actors import operator
from backend.app import new_request_id
from backend.audit.service import seal_new
from backend.database.engine import Database
from backend.database.migrate import is_current, upgrade
from backend.enrollment.files import free_runs
from backend.home import Home, HomeError, StoreInUse
from backend.keys import Keys
from backend.operations import OPERATIONS, Task
from backend.policy.policy import Policy
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import open_runtime
from backend.spool import spool

Show = Callable[[Progress], None]


class Refused(Exception):
    """The operation was not done; the message says why."""


async def run_operation(
    home: Home, policy: Policy, name: str, source: BinaryIO, options: Mapping[str, str], show: Show
) -> dict[str, Any]:
    """Run it, show its progress, and return its report as JSON values.

    Raises Refused with the sentence of the problem, HomeError when the store cannot be opened.
    """
    try:
        with home.held():
            keys = home.keys()
            if home.embedded:
                upgrade(home.database)
            elif not is_current(home.database):
                raise HomeError("The database needs a migration first; run: kprep-backend migrate")
            return await _here(home, policy, keys, name, source, options, show)
    except StoreInUse as busy:
        if not busy.socket:
            raise
        return _there(busy.socket, home.keys(), name, source, options, show)


async def _here(
    home: Home,
    policy: Policy,
    keys: Keys,
    name: str,
    source: BinaryIO,
    options: Mapping[str, str],
    show: Show,
) -> dict[str, Any]:
    runtime = await open_runtime(Database(home.database), policy, keys, folder=home.folder)
    try:
        if home.embedded:
            await free_runs(runtime)
        with _readable_twice(source, home.folder) as readable:
            task = Task(runtime, operator(getpass.getuser()), new_request_id(), readable, options)
            report: dict[str, Any] = {}
            async for step in _steps(task, name):
                if isinstance(step, Progress):
                    show(step)
                else:
                    report = step
        return report
    except Problem as problem:
        raise Refused(problem.detail) from None
    finally:
        if home.embedded:  # nobody else seals what was just written; on a server a backend does
            await seal_new(runtime)
        await runtime.close()


@contextmanager
def _readable_twice(source: BinaryIO, folder: Path) -> Iterator[BinaryIO]:
    """What comes through a pipe is kept in a spool: a file is judged before it is taken."""
    if source.seekable():
        yield source
        return
    with spool(folder) as kept:
        shutil.copyfileobj(source, kept)
        kept.seek(0)
        yield kept


async def _steps(task: Task, name: str) -> AsyncIterator[Progress | dict[str, Any]]:
    async for step in OPERATIONS[name](task):
        yield step if isinstance(step, Progress) else json.loads(step.model_dump_json())


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket, with what the standard library has."""

    def __init__(self, path: str) -> None:
        super().__init__("backend")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


def _there(
    path: str, keys: Keys, name: str, source: BinaryIO, options: Mapping[str, str], show: Show
) -> dict[str, Any]:
    connection = _SocketConnection(path)
    token = f"Operator {getpass.getuser()}:{keys.operator.hex()}"
    try:
        target = f"/v1/operations/{name}?{urlencode(options)}"
        headers = {"authorization": token, "transfer-encoding": "chunked"}
        connection.request("POST", target, source, headers, encode_chunked=True)
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Refused(str(json.loads(answer.read()).get("detail", answer.reason)))
        return _read_lines(answer, show)
    except (OSError, http.client.HTTPException) as error:
        raise Refused(f"The running backend does not answer ({type(error).__name__}); try again.") from None
    finally:
        connection.close()


def _read_lines(answer: Iterator[bytes] | http.client.HTTPResponse, show: Show) -> dict[str, Any]:
    for line in answer:
        step = json.loads(line)
        if "progress" in step:
            show(Progress(**step["progress"]))
        elif "problem" in step:
            raise Refused(step["problem"])
        else:
            report: dict[str, Any] = step["report"]
            return report
    raise Refused("The running backend stopped before it was done; run the same command again.")
