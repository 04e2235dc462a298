"""Letters of a group."""

from __future__ import annotations

from urllib.parse import quote

from api_client._http import Http
from api_client.accounts import account_path
from api_client.types.common import Page
from api_client.types.letters import CopyLetter, LetterRow, SendLetter
from api_client.types.words import LetterKind

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
