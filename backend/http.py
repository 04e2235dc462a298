"""From a request to a unit of work and back: authentication, access, idempotency, versions, problems.

Every route depends on `CallOf`; its operation id is the key into the access table.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from api_client.types.common import ProblemDetails
from api_client.types.problems import CONTENT_TYPE, TYPE_PREFIX, ProblemType
from api_client.types.words import ActorKind
from backend.actors import Actor
from backend.database import tables
from backend.database.unit import Unit
from backend.policy.access import ACCESS
from backend.problems import Problem
from backend.runtime import Runtime
from backend.session import service as sessions

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
Answer = BaseModel | None
Act = Callable[[Unit], Awaitable[Answer]]
T = TypeVar("T")
ANYONE = Actor(ActorKind.SERVICE, "anyone")


def runtime_of(request: Request) -> Runtime:
    """The runtime of the application that serves this request."""
    runtime = request.app.state.runtime
    assert isinstance(runtime, Runtime)
    return runtime


@dataclass
class Call:
    """One authorized request."""

    runtime: Runtime
    request: Request
    actor: Actor
    operation: str
    request_id: str

    @property
    def version(self) -> int:
        """The version the caller has seen. Raises 428 when the request does not say it."""
        header = self.request.headers.get("if-match", "")
        if not re.fullmatch(r'"\d{1,9}"', header):
            raise Problem(
                ProblemType.VERSION_MISSING,
                "The request does not say which version of the record it changes.",
            )
        return int(header.strip('"'))

    @property
    def claim_token(self) -> str:
        """The fencing token of the caller's claim. Raises 409 when there is none."""
        token = self.request.headers.get("claim-token", "")
        if not token:
            raise Problem(ProblemType.CLAIM_MISSING, "Take the item first; it is not claimed by you.")
        return token

    @property
    def context(self) -> str:
        """The context of a read without a claim, empty when there is none."""
        return ""

    async def read(self, act: Act) -> Response:
        """Answer from a unit that only reads; a refusal to `keep` is audited as the read would have been."""
        return _response(await self.look(act))

    async def document(
        self, act: Callable[[Unit], Awaitable[T]], made: Callable[[T], bytes], media: str
    ) -> Response:
        """Answer with a document that is made, in the bounded pool, of what a unit has read."""
        found = await self.look(act)
        return Response(await self.runtime.in_thread(lambda: made(found)), media_type=media)

    async def look(self, act: Callable[[Unit], Awaitable[T]]) -> T:
        """What a unit that only reads finds."""
        async with self.runtime.look(self.actor, self.request_id, self.context) as unit:
            try:
                found: T | Problem = await act(unit)
            except Problem as problem:
                if not problem.keep:
                    raise
                found = problem
        if isinstance(found, Problem):
            raise found
        return found

    async def write(self, act: Act, *, keep_body: bool = True) -> Response:
        """Do it once for this idempotency key, commit, answer; a repeat gets the first answer again.

        Without `keep_body` only the outcome is stored, for answers that carry a secret.
        """
        key = self.request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise Problem(
                ProblemType.IDEMPOTENCY_KEY_MISSING, "The request carries no usable idempotency key."
            )
        fingerprint = await self._fingerprint()
        kept: Problem | None = None
        answer: Answer = None
        async with self.runtime.act(self.actor, self.request_id, self.context) as unit:
            stored = await _reserve(unit, key, fingerprint)
            if stored is not None:
                return stored
            try:
                answer = await act(unit)
            except Problem as problem:
                if not problem.keep:
                    raise
                kept = problem
            response = _response(answer) if kept is None else problem_response(kept, self.request_id)
            await _keep(unit, key, response, keep_body)
        return response

    async def _fingerprint(self) -> str:
        """A keyed hash of what was asked, so that one key never covers two different requests."""
        parts = [self.request.method, self.request.url.path, self.request.headers.get("if-match", "")]
        body = await self.request.body()
        message = "\0".join(parts).encode() + b"\0" + body
        return hmac.new(self.runtime.keys.idempotency, message, hashlib.sha256).hexdigest()


async def _open_call(request: Request) -> Call:
    runtime = runtime_of(request)
    operation = str(request.scope["route"].operation_id)
    rule = ACCESS.get(operation)
    request_id = str(request.scope["kprep.request_id"])
    if rule is None:
        raise Problem(ProblemType.NOT_ALLOWED, "This is not open to anyone.")
    if rule.public:
        return Call(runtime, request, ANYONE, operation, request_id)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    background = request.headers.get("x-kprep-background") == "1"
    actor = await sessions.authenticate(
        runtime, scheme.lower(), token, background=background, locked_too=rule.locked, request_id=request_id
    )
    if not rule.allows(actor.kind, actor.role):
        async with runtime.act(actor, request_id) as unit:
            unit.audit("access.refused", "operation", operation)
        raise Problem(ProblemType.NOT_ALLOWED, rule.why)
    return Call(runtime, request, actor, operation, request_id)


CallOf = Annotated[Call, Depends(_open_call)]


def _response(answer: Answer) -> Response:
    if answer is None:
        return Response(status_code=204)
    headers = {}
    version = getattr(answer, "version", None)
    if isinstance(version, int):
        headers["etag"] = f'"{version}"'
    return Response(answer.model_dump_json().encode(), media_type="application/json", headers=headers)


def problem_response(problem: Problem, request_id: str) -> Response:
    """The problem as RFC 9457 asks for it."""
    details = ProblemDetails(
        type=TYPE_PREFIX + problem.type,
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        request_id=request_id,
        errors=[{"field": field, "message": message} for field, message in problem.errors],  # type: ignore[misc]
        current=problem.current,
        holder=problem.holder,
        until=problem.until,
    )
    content = details.model_dump_json(exclude_none=True).encode()
    return Response(content, status_code=problem.status, media_type=CONTENT_TYPE)


async def _reserve(unit: Unit, key: str, fingerprint: str) -> Response | None:
    """Take the key for this unit, or return the answer stored under it."""
    table = tables.idempotency
    values: dict[str, Any] = {
        "actor": unit.actor.id,
        "key": key,
        "fingerprint": fingerprint,
        "status": 0,
        "at": unit.now,
    }
    insert = sqlite_insert if unit.connection.dialect.name == "sqlite" else pg_insert
    reserve = insert(table).values(**values).on_conflict_do_nothing().returning(table.c.key)
    if (await unit.connection.execute(reserve)).first() is not None:
        return None
    row = (
        await unit.connection.execute(select(table).where(table.c.actor == unit.actor.id, table.c.key == key))
    ).one()
    if row.fingerprint != fingerprint:
        raise Problem(
            ProblemType.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for a different request."
        )
    if row.body is None and row.status != 204:
        raise Problem(
            ProblemType.IDEMPOTENCY_KEY_REUSED, "This was done already and its answer is not kept; ask anew."
        )
    headers = {"idempotency-replayed": "true"}
    if row.etag:
        headers["etag"] = row.etag
    media = "application/json" if row.status < 400 else CONTENT_TYPE
    return Response(row.body or "", status_code=row.status, media_type=media, headers=headers)


async def _keep(unit: Unit, key: str, response: Response, keep_body: bool) -> None:
    table = tables.idempotency
    await unit.connection.execute(
        update(table)
        .where(table.c.actor == unit.actor.id, table.c.key == key)
        .values(
            status=response.status_code,
            body=bytes(response.body).decode() if keep_body else None,
            etag=response.headers.get("etag"),
        )
    )


def as_json(model: BaseModel) -> dict[str, Any]:
    """A model as plain JSON values, for the present state inside a problem."""
    value = json.loads(model.model_dump_json())
    assert isinstance(value, dict)
    return value
