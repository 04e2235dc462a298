"""What a rep is writing: kept for them alone, and gone when it is thrown away."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest
from sqlalchemy import func, select

from backend.database import tables
from backend.runtime import Runtime
from tests.conftest import NOON
from tests.desk import key, sign_in

DRAFT = "/v1/drafts/M-20418%20note"
WORDS = "Mrs Quillfeather says her\nSSN is 900-11-2222"


async def test_a_draft_is_the_reps_own_and_leaves_nothing_when_emptied(
    api: httpx.AsyncClient, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    me, other = await sign_in(api, runtime), await sign_in(api, runtime, "r.chen")
    assert (await api.get(DRAFT, headers=me)).json() == {"subject": "M-20418 note", "text": "", "at": None}
    for text in ("Mrs Quill", WORDS):
        kept = await api.put(DRAFT, json={"text": text}, headers={**me, **key()})
        assert kept.status_code == 204
    mine = (await api.get(DRAFT, headers=me)).json()
    assert mine["text"] == WORDS
    assert datetime.fromisoformat(mine["at"]) == NOON
    assert (await api.get(DRAFT, headers=other)).json()["text"] == ""
    async with runtime.database.read() as connection:
        for table in (tables.audit_row, tables.event, tables.idempotency):
            assert "Quillfeather" not in str((await connection.execute(select(table))).all())
    await api.put(DRAFT, json={"text": ""}, headers={**me, **key()})
    assert (await api.get(DRAFT, headers=me)).json()["text"] == ""
    async with runtime.database.read() as connection:
        count = await connection.execute(select(func.count()).select_from(tables.draft))
        assert count.scalar_one() == 0
    assert "Quillfeather" not in capsys.readouterr().out


async def test_a_draft_is_about_something_and_of_plain_text(api: httpx.AsyncClient, runtime: Runtime) -> None:
    me = await sign_in(api, runtime)
    for subject in ("%20", "a" * 65, "M-1%0Anote"):
        answer = await api.put(f"/v1/drafts/{subject}", json={"text": "x"}, headers={**me, **key()})
        assert answer.status_code == 422, subject
    steering = await api.put(DRAFT, json={"text": "\x1b[31m"}, headers={**me, **key()})
    assert steering.status_code == 422
