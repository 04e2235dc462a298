"""Two reps and a lead before the queue, for tests of what they do to a case one after another."""

from __future__ import annotations

from typing import Any

import httpx

from api_client.types.words import Role
from backend.runtime import Runtime
from tests.desk import if_match, key, sign_in
from tests.enrollments import take

ITEMS = "/v1/match-items"
Headers = dict[str, str]


class Desk:
    """Two reps and a lead, signed in."""

    def __init__(self, api: httpx.AsyncClient, me: Headers, chen: Headers, lead: Headers) -> None:
        self.api, self.me, self.chen, self.lead = api, me, chen, lead

    async def next(self, who: Headers) -> Any:
        """What `next` answers."""
        return (await self.api.post(f"{ITEMS}/next", headers={**who, **key()})).json()

    async def home(self, who: Headers) -> tuple[str | None, str]:
        """The next item of the home screen with its reason."""
        home = (await self.api.get("/v1/home", headers=who)).json()
        return home["next_item"], home["why_next"]

    async def act(self, who: Headers, item: str, act: str, **form: object) -> httpx.Response:
        """Do something with an item."""
        body = {"json": form} if form else {}
        return await self.api.post(f"{ITEMS}/{item}/{act}", headers={**who, **key()}, **body)  # type: ignore[arg-type]

    async def decide(self, who: Headers, item: str, **form: object) -> Any:
        """Claim an item and decide it; the case afterwards."""
        _, held = await take(self.api, who, item)
        answer = await self.act(held, item, "decide", **form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def as_it_is(self, who: Headers, item: str, act: str, **form: object) -> httpx.Response:
        """Do something that names the version seen, having looked just before."""
        seen = await self.show(who, item)
        return await self.act({**who, **if_match(seen["version"])}, item, act, **form)

    async def show(self, who: Headers, item: str) -> Any:
        """The case as somebody sees it."""
        return (await self.api.get(f"{ITEMS}/{item}", headers=who)).json()

    async def history(self, who: Headers, item: str) -> list[tuple[str, str]]:
        """Who did what."""
        return [(line["who"], line["what"]) for line in (await self.show(who, item))["history"]]


async def open_desk(api: httpx.AsyncClient, runtime: Runtime) -> Desk:
    """M.Lopez, R.Chen and the lead D.Okafor, signed in now."""
    return Desk(
        api,
        await sign_in(api, runtime),
        await sign_in(api, runtime, "r.chen"),
        await sign_in(api, runtime, "d.okafor", Role.LEAD),
    )
