"""The lead's board."""

from __future__ import annotations

from api_client._http import Http
from api_client.types.lead import LeadBoard


class LeadClient:
    """What a lead sees of the whole queue; acts on items are those of `MatchingClient`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def board(self) -> LeadBoard:
        """The queue by age, the reps, breaches, work rate and second looks, as they are now."""
        return await self._http.read(LeadBoard, "/v1/lead/board")
