"""Acts by phone: what may be done for the caller on the line. Each act itself is asked of its room."""

from __future__ import annotations

from api_client._http import Http
from api_client.types.acts import ActOption, ActOptions
from api_client.types.calls import Whom


class ActsClient:
    """What may be done now, and what will happen."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def options(self, group: str, *, mrn: str = "", receipt: str = "") -> list[ActOption]:
        """Every act for a group or a person of it."""
        form = Whom(group_number=group, mrn=mrn, receipt=receipt)
        return (await self._http.ask(ActOptions, "/v1/acts/options", form)).options
