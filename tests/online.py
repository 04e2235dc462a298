"""The online account service before the backend: people who use their IDs, and IDs to use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from api_client.types.user_id_words import Privilege, UserKind, UserState
from backend.accounts import service as accounts
from backend.database import tables
from backend.runtime import Runtime
from backend.session import passwords
from backend.user_ids import codes, user_store
from tests.csv_files import group, take_groups
from tests.desk import if_match, key, operator_unit, service_headers

BOSS, CLERK = "BAKO-TENU-47", "quillfeather.clerk"
CODE, OTHER_CODE = "K7QM-9XRT-3HWD", "MZ4T-8VQC-P2KA"
PASSWORD = "a long enough password"
_STORED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
ALL = list(Privilege)
PATH = "/v1/online-service"


class CountingHasher:
    """The real Argon2 with little memory; counts how often it is used."""

    def __init__(self) -> None:
        self._real = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        self.uses = 0

    def hash(self, password: str) -> str:
        self.uses += 1
        return self._real.hash(password)

    def verify(self, stored: str, password: str) -> bool:
        self.uses += 1
        return self._real.verify(stored, password)


class Online:
    """The online account service, before the backend."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime) -> None:
        self.api, self.runtime = api, runtime

    async def asks(self, path: str, *, seen: int | None = None, **form: Any) -> httpx.Response:
        headers = {**service_headers(self.runtime), **key(), **(if_match(seen) if seen else {})}
        return await self.api.post(f"{PATH}/{path}", json=form, headers=headers)

    async def activates(self, user_id: str, code: str = CODE, **more: Any) -> httpx.Response:
        form: dict[str, Any] = {
            "user_id": user_id,
            "code": code,
            "password": PASSWORD,
            "source": "203.0.113.7",
        }
        return await self.asks("activate", **(form | more))

    async def signs_in(self, user_id: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        form: dict[str, Any] = {"user_id": user_id, "password": password, "source": "203.0.113.7"}
        return await self.asks("sign-in", **(form | more))

    async def users(self, by: str = BOSS) -> dict[str, Any]:
        answer = await self.asks("users", by=by)
        assert answer.status_code == 200, answer.text
        return {row["id"]: row for row in answer.json()["rows"]}

    async def acts(self, act: str, number: str, by: str = BOSS, **more: Any) -> httpx.Response:
        """Act on an ID as it is now."""
        async with self.runtime.database.read() as connection:
            row = await user_store.by_number(connection, number)
        return await self.asks(f"users/{act}", seen=row.version if row else 1, by=by, user=number, **more)

    async def adds(self, by: str = BOSS, **changes: Any) -> httpx.Response:
        form: dict[str, Any] = {"by": by, "user_id": "new.clerk", "person": "Hester Nib", "code": CODE}
        return await self.asks("users/add", **({**form, "privileges": ["members_view"]} | changes))

    async def log(self, by: str = BOSS) -> list[tuple[str, str, str]]:
        """Whose ID, what was done, and by whom; the newest first."""
        rows = (await self.asks("users/log", by=by)).json()["rows"]
        return [(row["user"], row["act"], row["by"]) for row in rows]


async def give(runtime: Runtime, user_id: str, code: str = "", **columns: object) -> None:
    """An ID of G-100: the plan's for the boss, the client's for anybody else."""
    async with operator_unit(runtime) as unit:
        values: dict[str, object] = {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": (await accounts.account_of(unit, "G-100")).id,
            "kind": UserKind.ADMINISTRATOR if user_id == BOSS else UserKind.USER,
            "state": UserState.ACTIVE,
            "state_at": unit.now,
            "login_digest": codes.login_digest(unit.keys, user_id),
            "person": "Barnaby Inkwell" if user_id == BOSS else user_id.title(),
            "password_hash": _STORED,
            "created_at": unit.now,
        }
        if columns.get("state") is UserState.PENDING:
            del values["password_hash"]
        row = await user_store.add(unit.connection, values | columns)
        if code:
            assert await codes.give(unit, row.id, code, unit.today + timedelta(days=21))


async def set_columns(runtime: Runtime, number: str, **columns: object) -> None:
    async with operator_unit(runtime) as unit:
        table = tables.web_user
        await unit.connection.execute(update(table).where(table.c.number == number).values(**columns))


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and sentence of a refusal."""
    return answer.status_code, str(answer.json()["detail"])


async def before_the_backend(api: httpx.AsyncClient, runtime: Runtime) -> Online:
    """Group G-100 of an employer with two group numbers, a broker and an administrator of COBRA."""
    people = {"ein": "94-2771834", "broker": "Sable Brokers", "broker_from": "2026-01-01"}
    people |= {"broker_to": "2026-12-31", "tpa": "Thistle Admin"}
    await take_groups(runtime, group(**people), group("G-101", **{**people, "broker": ""}), group("G-900"))
    return Online(api, runtime)


def cheap_hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """Have passwords hashed by Argon2 with little memory, and count how often."""
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", counting)
    monkeypatch.setattr(passwords, "_NOBODY", counting.hash("nobody"))
    counting.uses = 0
    return counting
