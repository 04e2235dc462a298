"""Letters of a group."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from api_client._http import Http
from api_client.accounts import account_path
from api_client.types.billing_words import LetterKind, ReturnedMail
from api_client.types.common import Page
from api_client.types.letters import (
    CopyLetter,
    LetterReturned,
    LetterRow,
    LetterText,
    ReturnedRow,
    SendLetter,
    SettleReturned,
    TakeBackLetter,
)

_PATH = "/v1/letters"


class LettersClient:
    """The list, copies, and what is sent on request."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, group: str, *, cursor: str | None = None) -> Page[LetterRow]:
        """Letters of a group, the newest first."""
        return await self._http.read(
            Page[LetterRow], f"{account_path(group)}/letters", query={"cursor": cursor}
        )

    async def copy(self, number: str, *, to_broker: bool = False) -> LetterRow:
        """Order a copy."""
        form = CopyLetter(to_broker=to_broker)
        return await self._http.write(LetterRow, f"{_PATH}/{quote(number, safe='')}/copy", form)

    async def send(self, kind: LetterKind, group: str, *, mrn: str = "") -> LetterRow:
        """Order the request form for the client, or the Cal-COBRA packet for a member."""
        form = SendLetter(group_number=group, mrn=mrn)
        return await self._http.write(LetterRow, f"{_PATH}/send/{kind.value}", form)

    async def undo(self, number: str) -> LetterRow:
        """Take one's own order back before it is mailed."""
        return await self._http.write(LetterRow, f"{_PATH}/{quote(number, safe='')}/undo")

    async def text(self, number: str) -> LetterText:
        """A letter as it reads."""
        return await self._http.read(LetterText, f"{_PATH}/{quote(number, safe='')}/text")

    async def pdf(self, number: str) -> bytes:
        """A letter as it is printed; tagged PDF."""
        return await self._http.data(f"{_PATH}/{quote(number, safe='')}/pdf")

    async def take_back(self, number: str, reason: str) -> LetterRow:
        """Take back a letter that the rules wrote, before it is mailed; a lead does."""
        form = TakeBackLetter(reason=reason)
        return await self._http.write(LetterRow, f"{_PATH}/{quote(number, safe='')}/take-back", form)

    async def came_back(self, number: str, returned_on: date) -> LetterRow:
        """The post brought a letter back."""
        form = LetterReturned(returned_on=returned_on)
        return await self._http.write(LetterRow, f"{_PATH}/{quote(number, safe='')}/returned", form)

    async def returned(self, *, cursor: str | None = None) -> Page[ReturnedRow]:
        """Letters that came back and are not settled, the first to come back first."""
        return await self._http.read(Page[ReturnedRow], f"{_PATH}/returned", query={"cursor": cursor})

    async def settle(self, number: str, how: ReturnedMail, note: str) -> LetterRow:
        """Say what was done about a letter that came back."""
        form = SettleReturned(how=how, note=note)
        return await self._http.write(LetterRow, f"{_PATH}/{quote(number, safe='')}/settle", form)
