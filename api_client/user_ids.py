"""User-ID requests, and the IDs of a client."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from api_client._http import Http
from api_client.types.common import Page
from api_client.types.user_id_words import BlockReason, DenyReason, Missing, RequestView
from api_client.types.user_ids import (
    AccessLogRow,
    BlockUser,
    Completed,
    Deny,
    Incomplete,
    LiftBlock,
    RegisterFax,
    RequestForm,
    UserIdRequest,
    UserIdRow,
    UserRow,
)

_PATH = "/v1/user-id-requests"
_USERS = "/v1/user-ids"


def _request(number: str, act: str = "") -> str:
    path = f"{_PATH}/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


class UserIdsClient:
    """Registers, checks and decides requests; nothing here ever carries a user ID or an access code."""

    def __init__(self, http: Http) -> None:
        self._http = http

    # requests

    async def list(
        self, view: RequestView = RequestView.OPEN, *, group: str | None = None, cursor: str | None = None
    ) -> Page[UserIdRow]:
        """A part of the requests of all groups or of one; `all` is for one group."""
        query = {"view": view, "group": group, "cursor": cursor}
        return await self._http.read(Page[UserIdRow], _PATH, query=query)

    async def show(self, number: str) -> UserIdRequest:
        """One request with its checks."""
        return await self._http.read(UserIdRequest, _request(number))

    async def register(self, form: RegisterFax) -> UserIdRequest:
        """Register a faxed form."""
        return await self._http.write(UserIdRequest, _PATH, form)

    async def keep_page(self, number: str, version: int, picture: bytes) -> UserIdRequest:
        """Keep the picture of the faxed form with its request: a TIFF or PDF file."""
        return await self._http.send_file(UserIdRequest, _request(number, "page"), picture, version=version)

    async def page(self, number: str) -> bytes:
        """The picture of the form as a PDF; kept nowhere."""
        return await self._http.data(_request(number, "page"))

    async def incomplete(
        self, number: str, version: int, missing: Sequence[Missing], note: str = ""
    ) -> UserIdRequest:
        """Something is missing: the client is called back, and the days stand still."""
        form = Incomplete(missing=list(missing), note=note)
        return await self._http.write(UserIdRequest, _request(number, "incomplete"), form, version=version)

    async def complete(self, number: str, version: int, form: Completed) -> UserIdRequest:
        """What the client answered."""
        return await self._http.write(UserIdRequest, _request(number, "complete"), form, version=version)

    async def approve(self, number: str, version: int) -> UserIdRequest:
        """Approve a request, as the first person or as the second."""
        return await self._http.write(UserIdRequest, _request(number, "approve"), version=version)

    async def deny(self, number: str, version: int, reason: DenyReason, note: str = "") -> UserIdRequest:
        """Refuse a request with the reason."""
        form = Deny(reason=reason, note=note)
        return await self._http.write(UserIdRequest, _request(number, "deny"), form, version=version)

    async def undo(self, number: str, version: int) -> UserIdRequest:
        """Take one's own decision back, until its letter is mailed."""
        return await self._http.write(UserIdRequest, _request(number, "undo"), version=version)

    async def reissue(self, number: str, version: int) -> UserIdRequest:
        """Stop the code that is lost, and mail a new one to the address of record."""
        return await self._http.write(UserIdRequest, _request(number, "reissue"), version=version)

    # the form, for anyone

    async def form(self) -> RequestForm:
        """What anyone may be told of form, fax number and tour."""
        return await self._http.read(RequestForm, f"{_PATH}/form")

    async def form_pdf(self) -> bytes:
        """The blank form as a PDF."""
        return await self._http.data(f"{_PATH}/form/pdf")

    # the IDs of a client

    async def users(self, group: str, *, cursor: str | None = None) -> Page[UserRow]:
        """The IDs of the employer of a group."""
        return await self._http.read(Page[UserRow], _USERS, query={"group": group, "cursor": cursor})

    async def log(self, group: str, *, cursor: str | None = None) -> Page[AccessLogRow]:
        """Changes of the employer's IDs, the newest first."""
        query = {"group": group, "cursor": cursor}
        return await self._http.read(Page[AccessLogRow], f"{_USERS}/log", query=query)

    async def block(self, user: str, version: int, reason: BlockReason, note: str = "") -> UserRow:
        """Block an ID at once."""
        path = f"{_USERS}/{quote(user, safe='')}/block"
        return await self._http.write(UserRow, path, BlockUser(reason=reason, note=note), version=version)

    async def lift(self, user: str, version: int, note: str) -> UserRow:
        """Let a blocked ID go on; a lead's act."""
        path = f"{_USERS}/{quote(user, safe='')}/lift"
        return await self._http.write(UserRow, path, LiftBlock(note=note), version=version)
