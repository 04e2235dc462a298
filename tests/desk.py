"""Short ways for tests to sign someone in and to act."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from api_client.types.common import CONTRACT
from api_client.types.words import Role
from backend.actors import operator
from backend.app import create_app
from backend.database.unit import Unit
from backend.runtime import Runtime
from backend.session import reps, store

PASSWORD = "correct horse battery"
_HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
"""Cheap to check, so that thousands of sign-ins are; what a real one takes is tried in `test_session`."""


@cache
def _app() -> FastAPI:
    return create_app(None)


def app_over(runtime: Runtime) -> FastAPI:
    """The application over the runtime of a test that has no other.

    What it learns of its routes when they are first asked for serves every test of the process.
    """
    app = _app()
    app.state.runtime = runtime
    return app


def key() -> dict[str, str]:
    """Headers with a fresh idempotency key."""
    return {"idempotency-key": secrets.token_hex(16)}


def if_match(version: int) -> dict[str, str]:
    """Headers that name the version seen."""
    return {"if-match": f'"{version}"'}


@asynccontextmanager
async def operator_unit(runtime: Runtime) -> AsyncIterator[Unit]:
    """A unit of an operator, committed at the end."""
    async with runtime.act(operator("tester"), "TEST-TEST-TEST") as unit:
        yield unit


async def create_rep(runtime: Runtime, username: str = "m.lopez", role: Role = Role.REP) -> None:
    """Have a rep of this name, with the password above."""
    async with operator_unit(runtime) as unit:
        if await store.rep_by_name(unit.connection, username) is None:
            await reps.create(
                unit,
                username=username,
                display_name=username.title(),
                role=role,
                center="CA-1",
                password_hash=_HASH,
            )


def sign_in_form(username: str = "m.lopez", **changes: object) -> dict[str, Any]:
    """What a client sends to sign in."""
    form: dict[str, Any] = {"username": username, "password": PASSWORD, "station": "desk-1"}
    return form | {"contract": CONTRACT, "client": "0.1.0"} | changes


async def sign_in(
    api: httpx.AsyncClient, runtime: Runtime, username: str = "m.lopez", role: Role = Role.REP
) -> dict[str, str]:
    """Create the rep if need be and sign in; returns the headers of the session."""
    await create_rep(runtime, username, role)
    answer = await api.post("/v1/session", json=sign_in_form(username), headers=key())
    assert answer.status_code == 200, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


def service_headers(runtime: Runtime, name: str = "online") -> Mapping[str, str]:
    """Headers of another system, such as the online account service."""
    return {"authorization": f"Service {name}:{runtime.keys.service_token(name)}"}
