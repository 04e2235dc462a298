"""The page of a faxed form: kept with its request, shown to who may see it; and the blank form for anyone."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select, update

from api_client.types.user_ids import RequestForm, UserIdRequest
from backend.app import BODY_LIMIT, PAGE_LIMIT
from backend.database import tables
from backend.runtime import Runtime
from backend.user_ids import flatten
from tests.api.test_session import problem
from tests.api.test_user_ids import act, register, rep, show  # noqa: F401  (rep is a fixture)
from tests.conftest import SQLITE, FixedClock
from tests.desk import if_match, key
from tests.fax_pages import HOSTILE, WORDS, hostile, pdf, picture, tiff

PAGE = "/v1/user-id-requests/{}/page"
FAX = tiff(picture())


async def keep(
    api: httpx.AsyncClient, seen: UserIdRequest, content: bytes = FAX, /, **headers: str
) -> httpx.Response:
    """Send a file as the page of a request."""
    sent = {**key(), **if_match(seen.version), "content-type": "application/octet-stream", **headers}
    return await api.put(PAGE.format(seen.id), content=content, headers=sent)


async def kept(api: httpx.AsyncClient, seen: UserIdRequest, content: bytes = FAX) -> UserIdRequest:
    answer = await keep(api, seen, content)
    assert answer.status_code == 200, answer.text
    return UserIdRequest.model_validate(answer.json())


async def page_of(api: httpx.AsyncClient, number: str) -> pypdfium2.PdfDocument:
    answer = await api.get(PAGE.format(number))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    return pypdfium2.PdfDocument(answer.content)


async def rows(runtime: Runtime, query: Any) -> list[Any]:
    async with runtime.database.read() as connection:
        return list((await connection.execute(query)).all())


async def audited(runtime: Runtime, action: str) -> list[str]:
    table = tables.audit_row
    found = await rows(runtime, select(table.c.subject).where(table.c.action == action).order_by(table.c.id))
    return [one.subject for one in found]


async def test_a_page_is_kept_sealed_and_the_newest_is_shown(
    rep: httpx.AsyncClient,  # noqa: F811
    runtime: Runtime,
) -> None:
    made = await register(rep)
    assert made.page is None
    answer = await rep.get(PAGE.format(made.id))
    assert (answer.status_code, problem(answer)) == (404, "not-found")
    assert answer.json()["detail"] == f"No page is kept with {made.id}. Its form stands on the fax itself."

    first = await kept(rep, made)
    assert first.page is not None
    assert (first.version, first.page.pages, first.page.kept_by) == (2, 1, "M.Lopez")
    assert first.page.kept_at == runtime.clock()
    assert first == await show(rep, made.id)
    document = await page_of(rep, made.id)
    assert [one.type for one in document[0].get_objects()] == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]

    second = await kept(rep, first, tiff(picture(), picture("PAGE TWO")))
    assert second.page is not None
    assert (second.version, second.page.pages) == (3, 2)
    assert len(await page_of(rep, made.id)) == 2

    table = tables.fax_page
    stored = await rows(runtime, select(table).order_by(table.c.id))
    assert [one.pages for one in stored] == [1, 2]  # what a decision rested on stays
    assert stored[0].digest == hashlib.sha256(FAX).hexdigest()
    assert all(b"PDF" not in one.sealed and b"Image" not in one.sealed for one in stored)
    assert await audited(runtime, "user_ids.keep_page") == [made.id] * 2
    assert await audited(runtime, "user_ids.page") == [made.id] * 3
    events = await rows(runtime, select(tables.event.c.version).where(tables.event.c.subject == made.id))
    assert [one.version for one in events] == [1, 2, 3]


@SQLITE
async def test_a_sealed_page_opens_at_its_own_request_only(
    rep: httpx.AsyncClient,  # noqa: F811
    runtime: Runtime,
) -> None:
    one = await kept(rep, await register(rep))
    other = await kept(rep, await register(rep, fax_reference="FAX-2"), pdf(WORDS))
    table = tables.fax_page
    sealed = [row.sealed for row in await rows(runtime, select(table.c.sealed).order_by(table.c.id))]
    async with runtime.database.write() as connection:
        await connection.execute(update(table).where(table.c.sealed == sealed[1]).values(sealed=sealed[0]))
    await page_of(rep, one.id)
    with pytest.raises(InvalidTag):
        runtime.keys.open_part(sealed[0], f"fax page {other.id} {hashlib.sha256(pdf(WORDS)).hexdigest()}")
    answer = await rep.get(PAGE.format(other.id))
    assert (answer.status_code, problem(answer)) == (500, "internal")


@SQLITE
async def test_every_hostile_file_gets_a_sentence_and_leaves_the_request_as_it_was(
    rep: httpx.AsyncClient,  # noqa: F811
    runtime: Runtime,
) -> None:
    """What each file is told is tried in tests/unit/user_ids/test_flatten.py; here those of each kind."""
    made = await register(rep)
    for name in (
        "nothing",
        "a program",
        "too many bytes",
        "directories in a circle",
        "a zip bomb",
        "a locked PDF",
    ):
        answer = await keep(rep, made, hostile(name))
        assert problem(answer) in ("invalid", "too-large"), name
        assert HOSTILE[name][1] in answer.json()["detail"]
        assert answer.json()["detail"].endswith("Nothing of it was kept.")
    answer = await keep(rep, made, bytes(PAGE_LIMIT + 1))
    assert (answer.status_code, problem(answer)) == (413, "too-large")
    assert await show(rep, made.id) == made
    assert await rows(runtime, select(tables.fax_page)) == []
    assert (await act(rep, made, "approve")).status_code == 200  # a page is no condition of it
    deny = f"/v1/user-id-requests/{made.id}/deny"
    answer = await rep.post(deny, content=bytes(BODY_LIMIT + 1), headers={**key(), **if_match(2)})
    assert (answer.status_code, problem(answer)) == (413, "too-large")  # the room is for pages alone


@SQLITE
async def test_a_page_needs_the_version_seen_and_is_kept_once(
    rep: httpx.AsyncClient,  # noqa: F811
    runtime: Runtime,
) -> None:
    made = await register(rep)
    path = PAGE.format(made.id)
    assert problem(await rep.put(path, content=FAX, headers=key())) == "version-missing"
    assert problem(await rep.put(path, content=FAX, headers=if_match(1))) == "idempotency-key-missing"
    assert problem(await keep(rep, made.model_copy(update={"id": "U-99999"}))) == "not-found"

    once = {"idempotency-key": secrets.token_hex(16)}
    first = await keep(rep, made, **once)
    again = await keep(rep, made, **once)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert problem(await keep(rep, made, tiff(picture("OTHER")), **once)) == "idempotency-key-reused"

    stale = await keep(rep, made)
    assert (stale.status_code, problem(stale)) == (412, "stale")
    assert stale.json()["current"] == first.json()
    assert len(await rows(runtime, select(tables.fax_page.c.id))) == 1

    seen = UserIdRequest.model_validate(first.json())
    assert (await act(rep, seen, "approve")).status_code == 200
    late = await keep(rep, seen.model_copy(update={"version": 3}))
    assert (late.status_code, problem(late)) == (409, "rule-refuses")
    assert late.json()["detail"] == "This request is decided already; its page stays as it was."
    assert len(await page_of(rep, made.id)) == 1


@SQLITE
async def test_while_a_page_is_read_nothing_in_the_store_is_held(
    rep: httpx.AsyncClient,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = await register(rep)
    gate, reads = tmp_path / "gate", tmp_path / "reads"
    os.mkfifo(gate)
    os.mkfifo(reads)
    child = tmp_path / "child.py"
    child.write_text(f"open({str(reads)!r}, 'w').close(); open({str(gate)!r}).read()\nprint('{{}}')")
    monkeypatch.setattr(flatten, "_CHILD", child)
    sending = asyncio.create_task(keep(rep, made))
    await asyncio.to_thread(reads.read_text)
    await register(rep, fax_reference="FAX-2")  # a whole write goes through meanwhile
    await asyncio.to_thread(gate.write_text, "")
    assert problem(await sending) == "invalid"


@SQLITE
async def test_an_unverified_caller_hears_of_no_page_and_of_the_blank_form(
    rep: httpx.AsyncClient,  # noqa: F811
    runtime: Runtime,
    clock: FixedClock,
) -> None:
    made = await kept(rep, await register(rep))
    assert (await rep.post("/v1/calls", json={}, headers=key())).status_code == 200
    before = await rows(runtime, select(tables.audit_row.c.id))
    told = RequestForm.model_validate((await rep.get("/v1/user-id-requests/form")).json())
    policy = runtime.policy
    assert (told.fax, told.tour) == (policy.letters.form_fax, policy.user_ids.tour)
    assert all(word in told.say for word in (told.fax, told.tour, "free", "no user ID", "7 business days"))
    blank = await rep.get("/v1/user-id-requests/form/pdf")
    assert (blank.status_code, blank.headers["content-type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(blank.content)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert all(word in text for word in ("Group number", "Contract signer: signature", f"Fax to {told.fax}"))
    assert not any(word in text for word in ("G-100", "Quillfeather", "Letter", "filled in", "94-2771834"))
    assert await rows(runtime, select(tables.audit_row.c.id)) == before  # nothing personal was read

    for answer in (await rep.get(PAGE.format(made.id)), await keep(rep, made, tiff(picture("NEW")))):
        assert (answer.status_code, problem(answer)) == (403, "not-verified")
    assert await audited(runtime, "call.locked") == ["G-100"] * 2
    assert len(await rows(runtime, select(tables.fax_page.c.id))) == 1
