"""The client: everything that can be asked of one backend."""

from __future__ import annotations

import asyncio
from pathlib import Path

from api_client._http import Http
from api_client.accounts import AccountsClient
from api_client.acts import ActsClient
from api_client.answers import AnswersClient
from api_client.billing import BillingClient
from api_client.calls import CallsClient
from api_client.cards import CardsClient
from api_client.enrollment import EnrollmentClient
from api_client.errors import ApiError
from api_client.events import EventsClient
from api_client.lead import LeadClient
from api_client.letters import LettersClient
from api_client.matching import MatchingClient
from api_client.search import SearchClient
from api_client.session import SessionClient
from api_client.user_ids import UserIdsClient

_AGAIN_SECONDS = 1.0


class KprepClient:
    """One backend, by its address or, on this machine, by its socket. All methods raise ApiError."""

    def __init__(
        self, server: str | None = None, *, socket: Path | None = None, http: Http | None = None
    ) -> None:
        self._http = http or Http(server, socket=socket)
        self._embedded = socket is not None
        self._presence: asyncio.Task[None] | None = None
        self.events = EventsClient(self._http)
        self.session = SessionClient(self._http, self.events)
        self.matching = MatchingClient(self._http)
        self.accounts = AccountsClient(self._http)
        self.billing = BillingClient(self._http)
        self.cards = CardsClient(self._http)
        self.enrollment = EnrollmentClient(self._http)
        self.user_ids = UserIdsClient(self._http)
        self.lead = LeadClient(self._http)
        self.calls = CallsClient(self._http)
        self.acts = ActsClient(self._http)
        self.search = SearchClient(self._http)
        self.answers = AnswersClient(self._http)
        self.letters = LettersClient(self._http)

    def stay(self) -> None:
        """Tell an embedded backend, until `close`, that this desk is here; a server needs no such sign."""
        if self._embedded and self._presence is None:
            self._presence = asyncio.create_task(self._hold(), name="presence")

    async def close(self) -> None:
        """Close all connections."""
        if self._presence is not None:
            self._presence.cancel()
        await self._http.close()

    async def _hold(self) -> None:
        while True:
            try:
                async with self._http.held("/v1/presence") as signs:
                    async for _ in signs:
                        pass
            except ApiError:
                pass  # the backend is gone or starts anew; every other request says so
            await asyncio.sleep(_AGAIN_SECONDS)
