"""Accounts and their members."""

from __future__ import annotations

from urllib.parse import quote

from api_client._http import Http
from api_client.types.accounts import Account, MemberRow
from api_client.types.common import Page


def account_path(number: str) -> str:
    """The address of an account."""
    return f"/v1/accounts/{quote(number, safe='')}"


class AccountsClient:
    """Shows groups and who is in them."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def show(self, number: str) -> Account:
        """One account."""
        return await self._http.read(Account, account_path(number))

    async def members(self, number: str, *, cursor: str | None = None) -> Page[MemberRow]:
        """Its members, masked."""
        return await self._http.read(
            Page[MemberRow], f"{account_path(number)}/members", query={"cursor": cursor}
        )
