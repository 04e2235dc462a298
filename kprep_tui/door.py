"""The door to the backend: reaches it, signs in and out, and keeps the keyring in step.

httpx, pydantic, the contract and keyring are first imported here, in daemon threads, after the first
paint.
"""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from api_client.types.visible import visible_line
from kprep_tui.daemon import in_daemon_thread
from kprep_tui.vault import Found, Vault
from screens.session.door import Opening

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from api_client.types.events import Event
    from api_client.types.session import Session, SignedIn

_NO_REPS = (
    "No rep can sign in here yet. In another window, run\n"
    "    kprep-backend create-rep NAME\n"
    "which asks for a password; then press F7."
)


def station_name() -> str:
    """The name of this workstation, as the server keeps it with a credential."""
    return visible_line(platform.node())[:64]


class KeptDoor:
    """Implements screens.session.door.Door with a client, a keyring and this station's name."""

    def __init__(
        self, connect: Callable[[], KprepClient], vault: Vault, *, station: str, remembers: bool
    ) -> None:
        self._connect = connect
        self._vault = vault
        self._station = station
        self._remembers = remembers
        self._client: KprepClient | None = None

    @property
    def client(self) -> KprepClient:
        """The client; there once `open` has answered."""
        assert self._client is not None
        return self._client

    async def open(self) -> Opening:
        """Reach the backend, starting the embedded one, and resume a remembered sign-in."""
        if self._client is None:
            self._client = await in_daemon_thread(self._connect)
            self._client.stay()
        hello = await self._client.session.hello()
        if hello.demo_username is not None:
            return Opening(hello.demo_username, hello.demo_password or "")
        if hello.no_reps:
            return Opening(word=_NO_REPS)
        return await self._resume() if self._remembers else Opening()

    async def _resume(self) -> Opening:
        from api_client.errors import CredentialRefused

        kept = await self._vault.find()
        if not isinstance(kept, Found):
            return Opening(word=kept.sentence, can_remember=not kept.sentence)
        try:
            signed_in = await self.client.session.sign_in(
                kept.username, credential=kept.credential, station=self._station
            )
        except CredentialRefused as refused:
            await self._vault.forget()
            return Opening(kept.username, word=refused.detail, can_remember=True)
        return Opening(session=signed_in.session, can_remember=True)

    async def sign_in(self, username: str, password: str, *, remember: bool) -> tuple[Session, str]:
        """A session; another rep's credential at this station is forgotten on the way."""
        signed_in: SignedIn = await self.client.session.sign_in(
            username, password=password, station=self._station, remember=remember
        )
        word = ""
        if self._remembers:
            if signed_in.credential is not None:
                word = (await self._vault.keep(username, signed_in.credential)).sentence
            else:
                await self._vault.forget()
        return signed_in.session, word

    async def lock(self) -> None:
        """Tell the server; the screen is already dark."""
        await self.client.session.lock()

    async def unlock(self, password: str) -> Session:
        """The locked session again."""
        return await self.client.session.unlock(password)

    async def sign_out(self) -> None:
        """End the session and forget the credential of this station."""
        if self._remembers:
            await self._vault.forget()
        await self.client.session.sign_out()

    async def server_time(self) -> datetime:
        """The server's clock; asking also proves that the backend answers."""
        return (await self.client.session.hello()).now

    def stream(self) -> AsyncIterator[Event]:
        """Live updates."""
        return self.client.events.stream()
