"""User-ID requests."""

from __future__ import annotations

from urllib.parse import quote

from api_client._http import Http
from api_client.types.common import Page
from api_client.types.user_ids import Deny, RegisterFax, UserIdRequest, UserIdRow
from api_client.types.words import DenyReason

_PATH = "/v1/user-id-requests"


def _request(number: str, act: str = "") -> str:
    path = f"{_PATH}/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


class UserIdsClient:
    """Registers, checks and decides requests; nothing here ever carries a user ID or an access code."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(
        self, view: str = "open", *, group: str | None = None, cursor: str | None = None
    ) -> Page[UserIdRow]:
        """Requests of all groups or of one, open or done."""
        query = {"view": view, "group": group, "cursor": cursor}
        return await self._http.read(Page[UserIdRow], _PATH, query=query)

    async def show(self, number: str) -> UserIdRequest:
        """One request with its checks."""
        return await self._http.read(UserIdRequest, _request(number))

    async def register(self, form: RegisterFax) -> UserIdRequest:
        """Register a faxed form."""
        return await self._http.write(UserIdRequest, _PATH, form)

    async def approve(self, number: str, version: int) -> UserIdRequest:
        """Approve a request."""
        return await self._http.write(UserIdRequest, _request(number, "approve"), version=version)

    async def deny(self, number: str, version: int, reason: DenyReason, note: str = "") -> UserIdRequest:
        """Refuse a request with the reason."""
        form = Deny(reason=reason, note=note)
        return await self._http.write(UserIdRequest, _request(number, "deny"), form, version=version)

    async def undo(self, number: str, version: int) -> UserIdRequest:
        """Take one's own decision back."""
        return await self._http.write(UserIdRequest, _request(number, "undo"), version=version)
