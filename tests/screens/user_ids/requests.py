"""Invented requests, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from api_client.errors import Stale, Trouble
from api_client.types.common import Address, Page
from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    CheckResult,
    DenyReason,
    PersonIs,
    RequestView,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.user_ids import Check, FaxPage, UserIdRequest, UserIdRow
from api_client.types.words import Urgency
from tests.screens.desk import NOW

HOME = Address(street="2200 HARBOR BLVD", city="OAKLAND", state="CA", zip="94606")
SIGNER = "The signer is not on record. Ask for a form signed by a contract signer on record, or deny."
SAY = "It is being checked. User ID and code arrive by mail by December 3."
NAMES = (
    "group active",
    "signer on record",
    "administrator an employee or agent",
    "address of record",
    "no active admin ID",
    "no move in 30 days",
)


def checks(**failed: CheckResult) -> list[Check]:
    """All checks; those named (with _ for a blank) have another result than passed."""
    named = {name.replace("_", " "): result for name, result in failed.items()}
    return [
        Check(
            name=name,
            result=named.get(name, CheckResult.PASSED),
            sentence=SIGNER if name == "signer on record" and name in named else f"About {name}.",
        )
        for name in NAMES
    ]


def request(number: str = "U-00871", **changes: Any) -> UserIdRequest:
    """A request that can be approved, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 1,
        "group_number": "104233",
        "group_name": "SALEM PARTS LLC",
        "kind": UserIdRequestKind.FIRST,
        "state": UserIdRequestState.RECEIVED,
        "faxed_at": NOW - timedelta(minutes=89),
        "fax_reference": "FAX-0712",
        "administrator": "PAT DOE",
        "administrator_is": PersonIs.EMPLOYEE,
        "signer": "R. HALE",
        "form_address": HOME,
        "address_of_record": HOME,
        "mail_by": date(2026, 11, 30),
        "arrive_by": date(2026, 12, 3),
        "breached": False,
        "urgency": Urgency.CALM,
        "checks": checks(),
        "can_approve": True,
        "approve_sentence": f"approve {number}, mail ID and code to SALEM PARTS LLC at its address of record",
        "say": SAY,
    }
    return UserIdRequest(**standard | changes)


def unsigned(number: str = "U-00866", **changes: Any) -> UserIdRequest:
    """A request that fails one check, to be mailed today."""
    return request(
        number,
        **{
            "group_number": "104871",
            "group_name": "OAK DENTAL",
            "kind": UserIdRequestKind.RESET,
            "mail_by": date(2026, 11, 20),
            "urgency": Urgency.RED,
            "checks": checks(signer_on_record=CheckResult.FAILED),
            "can_approve": False,
            "approve_sentence": SIGNER,
        }
        | changes,
    )


def row(one: UserIdRequest) -> UserIdRow:
    """The request as the list has it."""
    return UserIdRow(**{name: getattr(one, name) for name in UserIdRow.model_fields})


class FakeUserIds:
    """Answers as the backend would and notes what was decided."""

    def __init__(self, *requests: UserIdRequest) -> None:
        self.requests = {one.id: one for one in requests}
        self.asked: list[str] = []
        self.decisions: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.page_arrives = asyncio.Event()

    @property
    def user_ids(self) -> FakeUserIds:
        return self

    async def list(
        self, view: RequestView = RequestView.OPEN, *, group: str | None = None, cursor: str | None = None
    ) -> Page[UserIdRow]:
        await self._answer()
        self.asked.append(view.value)
        rows = [
            row(one)
            for one in self.requests.values()
            if view in (RequestView.ALL, view_of(one)) and group in (None, one.group_number)
        ]
        return Page[UserIdRow](rows=rows)

    async def show(self, number: str) -> UserIdRequest:
        await self._answer()
        return self.requests[number]

    async def approve(self, number: str, version: int) -> UserIdRequest:
        return await self._decide(f"approve {number}", number, version, UserIdRequestState.APPROVED)

    async def deny(self, number: str, version: int, reason: DenyReason, note: str = "") -> UserIdRequest:
        said = f"deny {number} {reason} {note}".strip()
        return await self._decide(said, number, version, UserIdRequestState.REFUSED, deny_reason=reason)

    async def reissue(self, number: str, version: int) -> UserIdRequest:
        said = f"reissue {number}"
        return await self._decide(said, number, version, UserIdRequestState.APPROVED, can_reissue=False)

    async def keep_page(self, number: str, version: int, picture: bytes) -> UserIdRequest:
        self.decisions.append(f"page {number} {len(picture)}")
        await self.page_arrives.wait()
        await self._answer()
        self._same(number, version)
        page = FaxPage(pages=1, kept_at=NOW, kept_by="M.Lopez")
        return self.put(self.requests[number].model_copy(update={"page": page, "version": version + 1}))

    async def undo(self, number: str, version: int) -> UserIdRequest:
        await self._answer()
        self._same(number, version)
        self.decisions.append(f"undo {number}")
        return self.put(request(number, version=version + 1))

    def put(self, one: UserIdRequest) -> UserIdRequest:
        """Somebody changed it, or it is new."""
        self.requests[one.id] = one
        return one

    async def _decide(
        self, said: str, number: str, version: int, state: UserIdRequestState, **more: object
    ) -> UserIdRequest:
        await self._answer()
        self._same(number, version)
        self.decisions.append(said)
        return self.put(decided(self.requests[number], state, **more))

    def _same(self, number: str, version: int) -> None:
        if self.requests[number].version != version:
            raise Stale(Trouble("The request was changed."))

    async def _answer(self) -> None:
        await self.open.wait()
        if self.failure is not None:
            raise self.failure


def view_of(one: UserIdRequest) -> RequestView:
    """The part of the list in which it stands."""
    if one.state in OPEN_USER_ID_STATES:
        return RequestView.OPEN
    if one.state in TO_MAIL_STATES:
        return RequestView.TO_MAIL
    return RequestView.ON_THE_WAY if one.state in ON_THE_WAY_STATES else RequestView.DONE


def decided(one: UserIdRequest, state: UserIdRequestState, **more: object) -> UserIdRequest:
    """The request after M.Lopez decided it just now."""
    changes = {
        "version": one.version + 1,
        "state": state,
        "checks": [],
        "can_approve": False,
        "approve_sentence": "This request is decided already.",
        "decided_by": "M.Lopez",
        "decided_at": NOW,
        "can_undo": True,
    }
    return one.model_copy(update=changes | more)
