"""ID cards, and care before the card."""

from __future__ import annotations

from urllib.parse import quote

from api_client._http import Http
from api_client.types.cards import Card, Person, Reprint, WhichPerson

_PATH = "/v1/cards"


class CardsClient:
    """One person of a group, and the cards that are ordered for them."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def person(self, group: str, *, mrn: str = "", receipt: str = "") -> Person:
        """A member, or by its receipt the person of an enrollment that made nobody a member."""
        form = WhichPerson(group_number=group, mrn=mrn, receipt=receipt)
        return await self._http.ask(Person, f"{_PATH}/person", form)

    async def reprint(self, group: str, mrn: str, reason: str = "") -> Card:
        """Order another card for the caller on the line, or mail one again that came back."""
        form = Reprint(group_number=group, mrn=mrn, reason=reason)
        return await self._http.write(Card, f"{_PATH}/reprint", form)

    async def undo(self, number: str, version: int) -> Card:
        """Take one's own order back before it is printed."""
        return await self._http.write(Card, f"{_PATH}/{quote(number, safe='')}/undo", version=version)
