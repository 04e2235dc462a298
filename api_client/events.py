"""Live updates, resumed where the last stream broke."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pydantic import ValidationError

from api_client._http import Http
from api_client.types.events import Event


class EventsClient:
    """One stream after the other of one session; nothing between two of them is missed."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._last = ""

    def forget(self) -> None:
        """Begin anew with the next session."""
        self._last = ""

    async def stream(self) -> AsyncIterator[Event]:
        """Updates from the last one heard on. Raises ApiError when the stream breaks."""
        async for identity, data in self._http.events("/v1/events", self._last):
            try:
                event = Event.model_validate_json(data)
            except ValidationError:
                continue  # of a newer backend; the screens poll what they show
            self._last = identity
            yield event
