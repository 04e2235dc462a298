"""Find anything."""

from __future__ import annotations

from api_client._http import Http
from api_client.types.call_words import LookReason
from api_client.types.search import Find, FoundAll


class SearchClient:
    """One field for everything."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def find(self, text: str, *, reason: LookReason | None = None, limit: int = 20) -> FoundAll:
        """What it may be, best first; the text stands in the body, never in an address or a log."""
        return await self._http.ask(FoundAll, "/v1/search", Find(text=text, reason=reason, limit=limit))
