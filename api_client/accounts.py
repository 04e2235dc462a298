"""Accounts and their members."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from api_client._http import Http
from api_client.types.accounts import Account, MemberRow
from api_client.types.call_words import RepresentativeKind, RevealField
from api_client.types.calls import Whom
from api_client.types.common import Page
from api_client.types.people import AddRepresentative, Representatives, Reveal, Revealed
from api_client.types.words import RevealReason


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

    # one person; `mrn` or `receipt` name them

    async def reveal(
        self, group: str, field: RevealField, reason: RevealReason, *, mrn: str = "", receipt: str = ""
    ) -> Revealed:
        """One masked field, to be shown for a moment."""
        form = Reveal(group_number=group, mrn=mrn, receipt=receipt, field=field, reason=reason)
        return await self._http.write(Revealed, "/v1/accounts/reveal", form)

    async def representatives(self, group: str, mrn: str) -> Representatives:
        """Who may speak for a member."""
        form = Whom(group_number=group, mrn=mrn)
        return await self._http.ask(Representatives, "/v1/accounts/representatives", form)

    async def add_representative(
        self,
        group: str,
        mrn: str,
        name: str,
        kind: RepresentativeKind,
        document: str,
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
    ) -> Representatives:
        """Register who may speak for a member."""
        form = AddRepresentative(
            group_number=group,
            mrn=mrn,
            name=name,
            kind=kind,
            document=document,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        return await self._http.write(Representatives, "/v1/accounts/representatives/new", form)
