"""What is told of a client's user ID wherever it is asked: account, history, home, answers, search, call."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import httpx

from api_client.types.words import Role
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, take_groups
from tests.days import morning
from tests.desk import key, sign_in
from tests.enrollments import GROUP, add_group
from tests.issuing import PEOPLE, MailRoom
from tests.phone import call_of, on_record


class Told(MailRoom):
    """A rep who looks at what the desk says."""

    async def account(self) -> tuple[str, list[str]]:
        """The line about the user ID, and the open items of that kind."""
        found = (await self.api.get(f"/v1/accounts/{GROUP}", headers=self.me)).json()
        items = [one["state"] for one in found["open_items"] if one["kind"] == "user ID"]
        return found["user_id"], items

    async def past(self) -> list[tuple[str, str, str]]:
        """Lines of the history about user IDs, the oldest first."""
        answer = await self.posts("history", {"group_number": GROUP})
        rows = [one for one in answer["rows"] if one["kind"] == "user ID"]
        return [(one["reference"], one["who"], one["what"]) for one in reversed(rows)]

    async def says(self, article: str) -> str:
        """The sentence of an answer for this account."""
        answer = await self.api.get(f"/v1/answers/{article}", params={"group": GROUP}, headers=self.me)
        return str(answer.json()["say"])

    async def home(self) -> dict[str, Any]:
        queues = (await self.api.get("/v1/home", headers=self.me)).json()["queues"]
        return next(one for one in queues if one["name"] == "User-ID requests")

    async def option(self) -> dict[str, Any]:
        found = await self.posts("acts/options", {"group_number": GROUP})
        return next(one for one in found["options"] if one["act"] == "id_reissue")

    async def posts(self, path: str, body: object) -> dict[str, Any]:
        answer = await self.api.post(f"/v1/{path}", json=body, headers={**self.me, **key()})
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


@SQLITE
async def test_a_user_id_from_the_fax_to_its_use_is_told_alike_everywhere(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id, *PEOPLE)
    await take_groups(runtime, group())
    room = Told(api, runtime, await sign_in(api, runtime))
    assert await room.account() == ("", [])
    denied = (await room.register(signer="Edgar Unknown", received_at="2026-11-20T16:00:00Z")).id
    await room.does(denied, "deny", {"reason": "duplicate"})
    assert await room.account() == ("", []), "a form that was here twice is none of its own"
    number = (await room.register()).id
    assert (await room.home())["open"] == 1
    await room.does(number, "approve")
    assert await room.account() == (f"{number} first ID, approved, arrives by 12-03", ["arrives by 12-03"])
    clock.move(room.undo)
    assert (await room.mail(tmp_path / "one")).refused == []
    paper = await room.read(tmp_path / "one", number)
    assert await room.account() == (f"{number} first ID, mailed 11-20, arrives by 12-03", [])
    assert (await room.home())["open"] == 0
    assert (await room.says("user-id-letter")).startswith(
        "The letter was mailed on November 20, and it arrives"
    )

    # who is on the line says an ID: match, or no match
    found = (await room.posts("search", {"text": paper.user_id}))["results"]
    assert [(one["kind"], one["group_number"]) for one in found] == [("user_id", GROUP)]
    assert paper.user_id not in str(found)
    assert (await room.posts("search", {"text": "BAKO-BAKO-99"}))["results"] == []

    # the letter does not come: a new one, in a call in which the address was said
    clock.now = morning(date(2026, 12, 4))
    room.me = await sign_in(api, runtime)
    assert (await room.account())[0] == f"{number} first ID, mailed 11-20, was to arrive by 12-03"
    assert "no caller" in (await room.option())["why_not"].casefold()
    await call_of(api, room.me, "client")
    assert "number on record" in (await room.option())["why_not"]
    call = (await room.api.get("/v1/calls/mine", headers=room.me)).json()["active"]
    await room.posts(f"calls/{call['id']}/number-on-record", {"group_number": GROUP})
    await room.posts(f"calls/{call['id']}/verify", {"group_number": GROUP, "item": "call_back", "answer": ""})
    option = await room.option()
    assert (option["allowed"], option["choices"][0]["value"]) == (True, number)
    assert "the code in the mail works no more" in option["choices"][0]["will"]
    await room.does(number, "reissue")
    assert await room.account() == (f"{number} first ID, approved, arrives by 12-15", ["arrives by 12-15"])
    call = (await room.api.get("/v1/calls/mine", headers=room.me)).json()["active"]
    assert call["guess"][0] == "UID-REISSUE"

    clock.move(room.undo)
    assert (await room.mail(tmp_path / "two")).refused == []
    assert (await room.activate(await room.read(tmp_path / "two", number))).status_code == 200
    assert (await room.account())[0] == f"{number} first ID, mailed 12-04, activated"
    assert await room.says("user-id-letter") == "The user ID is in use."
    assert (await room.says("more-user-ids")).startswith(
        "Yes. Your administrator makes them under Account Access"
    )
    assert [(reference, what) for reference, _, what in await room.past()] == [
        (denied, "form for a first ID came by fax"),
        (number, "form for a first ID came by fax"),
        (denied, "denied: duplicate"),
        ("W-00002", "approved for Barnaby Inkwell"),
        ("W-00002", "code mailed for Barnaby Inkwell"),
        ("W-00002", "code dead for Barnaby Inkwell: a new letter was ordered"),
        ("W-00002", "code mailed for Barnaby Inkwell"),
        ("W-00002", "activated for Barnaby Inkwell"),
    ]
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)
    board = (await api.get("/v1/lead/board", headers=lead)).json()
    assert board["user_ids"] == []
