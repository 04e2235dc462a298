"""Signing in and out, and the lock."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import quote

from pydantic import SecretStr

from api_client._http import Http
from api_client.background import background
from api_client.errors import IdempotencyKeyReused
from api_client.events import EventsClient
from api_client.types.common import CONTRACT
from api_client.types.session import Draft, Hello, KeepDraft, Session, SignedIn, SignIn, Unlock

_PATH = "/v1/session"


class SessionClient:
    """The session of one rep at one station."""

    def __init__(self, http: Http, events: EventsClient) -> None:
        self._http = http
        self._events = events

    async def hello(self) -> Hello:
        """What the backend says before anyone signs in."""
        with background():
            return await self._http.read(Hello, f"{_PATH}/hello")

    async def sign_in(
        self,
        username: str,
        *,
        password: str | None = None,
        credential: str | None = None,
        station: str = "",
        remember: bool = False,
    ) -> SignedIn:
        """Start a session with a password or a kept credential; its token is kept here, in memory."""
        form = SignIn(
            username=username,
            password=None if password is None else SecretStr(password),
            credential=None if credential is None else SecretStr(credential),
            station=station,
            remember=remember,
            contract=CONTRACT,
            client=version("kprep"),
        )
        try:
            signed_in = await self._http.write(SignedIn, _PATH, form)
        except IdempotencyKeyReused:
            # It was done and the answer got lost on the way; the backend keeps no tokens, so it is done anew.
            signed_in = await self._http.write(SignedIn, _PATH, form)
        self._http.token = signed_in.token
        self._events.forget()
        return signed_in

    async def show(self) -> Session:
        """The session as the backend sees it."""
        return await self._http.read(Session, _PATH)

    async def lock(self) -> Session:
        """Lock the session on the backend."""
        return await self._http.write(Session, f"{_PATH}/lock")

    async def unlock(self, password: str) -> Session:
        """Unlock the session."""
        return await self._http.write(Session, f"{_PATH}/unlock", Unlock(password=SecretStr(password)))

    async def draft(self, subject: str) -> str:
        """What the rep was writing about a subject, such as `M-20418 note`; empty when nothing."""
        return (await self._http.read(Draft, f"/v1/drafts/{quote(subject, safe='')}")).text

    async def keep_draft(self, subject: str, text: str) -> None:
        """Keep what the rep is writing; an empty text throws it away."""
        await self._http.do("PUT", f"/v1/drafts/{quote(subject, safe='')}", KeepDraft(text=text))

    async def sign_out(self, *, forget: bool = True) -> None:
        """End the session; with `forget` the credential this station kept is revoked too."""
        query = "" if forget else "?forget=false"
        try:
            await self._http.do("DELETE", f"{_PATH}{query}")
        finally:
            self._http.token = None
