"""The mail room in tests: requests approved, letters printed into folders, and what stands on them."""

from __future__ import annotations

import asyncio
import io
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from api_client.types.letters import LettersDue, LettersIssued, LettersMailed
from api_client.types.user_ids import UserIdRequest
from backend.actors import operator
from backend.database import tables
from backend.letters import mailing
from backend.letters.folder import Folder, Printed, papers_of
from backend.letters.minting import Mint
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids.post import issue_codes
from tests.desk import if_match, key, service_headers
from tests.enrollments import GROUP
from tests.phone import SIGNER
from tests.unit.letters.pdf import read

OPERATOR = operator("tester")
ADMINISTRATOR: Mapping[str, object] = {
    "role": "administrator",
    "name": "Barnaby Inkwell",
    "phone": "800-555-0183",
    "employee": True,
}
PEOPLE = (SIGNER, ADMINISTRATOR)
CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}\b")
USER_ID = re.compile(r"\b[A-Z]{4}-[A-Z]{4}-[2-9]{2}\b")
PASSWORD = "a long and quiet pass phrase"


def fax(**changes: object) -> dict[str, Any]:
    """A form on which everything is right, of the group of `add_group` with the people above."""
    form: dict[str, Any] = {
        "group_number": GROUP,
        "received_at": "2026-11-20T17:00:00Z",
        "fax_reference": f"FAX-{secrets.token_hex(4)}",
        "administrator": "Barnaby Inkwell",
        "signer": "Ottoline Hale",
        "street": "1 Testing Way",
        "city": "OAKLAND",
        "state": "CA",
        "zip": "94606",
    }
    return form | changes


@dataclass(frozen=True)
class OnPaper:
    """What a reader finds on the letters with ID or code of one request."""

    user_id: str
    code: str


class MailRoom:
    """A rep who decides requests, and the post of the plan."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime, me: Mapping[str, str]) -> None:
        self.api, self.runtime, self.me = api, runtime, me

    # -- requests

    async def register(self, **changes: object) -> UserIdRequest:
        answer = await self.api.post(
            "/v1/user-id-requests", json=fax(**changes), headers={**self.me, **key()}
        )
        assert answer.status_code == 200, answer.text
        return UserIdRequest.model_validate(answer.json())

    async def show(self, number: str) -> UserIdRequest:
        answer = await self.api.get(f"/v1/user-id-requests/{number}", headers=self.me)
        assert answer.status_code == 200, answer.text
        return UserIdRequest.model_validate(answer.json())

    async def act(self, number: str, what: str, json: object = None) -> httpx.Response:
        """Act on the request as it is now."""
        version = (await self.show(number)).version
        return await self.api.post(
            f"/v1/user-id-requests/{number}/{what}",
            json=json,
            headers={**self.me, **key(), **if_match(version)},
        )

    async def does(self, number: str, what: str, json: object = None) -> UserIdRequest:
        """The same, and it must go well."""
        answer = await self.act(number, what, json)
        assert answer.status_code == 200, answer.text
        return UserIdRequest.model_validate(answer.json())

    async def approved(self, **changes: object) -> str:
        """A request that was faxed and approved; its number."""
        number = (await self.register(**changes)).id
        await self.does(number, "approve")
        return number

    async def activate(self, paper: OnPaper, **changes: str) -> httpx.Response:
        """First sign-in, as the online account service does it."""
        form = {"user_id": paper.user_id, "code": paper.code, "password": PASSWORD, "source": "10.0.0.1"}
        return await self.api.post(
            "/v1/online-service/activate",
            json=form | changes,
            headers={**service_headers(self.runtime), **key()},
        )

    # -- the post

    async def due(self) -> LettersDue:
        steps = mailing.due(self.runtime, OPERATOR, request_id="T")
        *_, listed = [one async for one in steps]
        assert isinstance(listed, LettersDue)
        return listed

    async def begin(self, path: Path) -> Folder:
        """A folder with the next mailing, of which nothing is printed."""
        folder = Folder(path)
        folder.begin(json.loads((await self.due()).model_dump_json()))
        return folder

    async def print(self, folder: Folder) -> Printed:
        """Print what is in a folder, as the command does."""
        loop = asyncio.get_running_loop()

        def issue(lines: bytes) -> Mapping[str, Any]:
            return asyncio.run_coroutine_threadsafe(self.issue(lines), loop).result()

        mint = Mint(self.runtime.keys, secrets.randbelow, issue)
        return await asyncio.to_thread(folder.print, lambda _: None, mint)

    async def issue(self, lines: bytes) -> dict[str, Any]:
        """Hand in what was printed."""
        steps = issue_codes(self.runtime, OPERATOR, io.BytesIO(lines), request_id="T")
        *_, report = [one async for one in steps]
        assert isinstance(report, LettersIssued)
        told: dict[str, Any] = json.loads(report.model_dump_json())
        return told

    async def mark(self, folder: Folder) -> LettersMailed:
        """Mark what the manifest of a folder lists."""
        manifest = folder.manifest()
        return await self.mark_lines(b"".join(papers_of(manifest)), manifest["batch"])

    async def mark_lines(self, lines: bytes, batch: str = "") -> LettersMailed:
        steps = mailing.mark(self.runtime, OPERATOR, io.BytesIO(lines), request_id="T", batch=batch)
        *_, told = [one async for one in steps if not isinstance(one, Progress)]
        assert isinstance(told, LettersMailed)
        return told

    async def mail(self, path: Path) -> LettersMailed:
        """The next mailing from the list to the post."""
        folder = await self.begin(path)
        await self.print(folder)
        return await self.mark(folder)

    @property
    def undo(self) -> timedelta:
        """How long a letter waits before a mailing takes it."""
        return timedelta(minutes=self.runtime.policy.user_ids.own_undo_minutes)

    # -- what is on record

    async def letters(self, number: str) -> list[Any]:
        """Letters about a request, with whatever the store has of them."""
        letter, request = tables.letter, tables.user_id_request
        query = select(letter).join(request, request.c.id == letter.c.request_id)
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(query.where(request.c.number == number).order_by(letter.c.id))
            return list(rows)

    async def codes(self) -> list[tuple[str, str]]:
        """State of every code there was, and why it is dead."""
        table = tables.access_code
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(select(table.c.state, table.c.why).order_by(table.c.id))
            return [(row.state, row.why) for row in rows]

    async def read(self, path: Path, number: str) -> OnPaper:
        """What the letters of a request say, as they lie in a folder."""
        letters = [row for row in await self.letters(number) if row.kind == "user_id"]
        files = [path / f"{row.number}.pdf" for row in letters]
        return on_paper([one.read_bytes() for one in files if one.exists()])


def on_paper(pdfs: list[bytes]) -> OnPaper:
    """User ID and code from the pages, each of them once at the most."""
    text = "\n".join(read(pdf, "-layout") for pdf in pdfs)
    ids, found = USER_ID.findall(text), CODE.findall(text)
    assert len(ids) <= 1
    assert len(found) <= 1
    return OnPaper(ids[0] if ids else "", found[0] if found else "")
