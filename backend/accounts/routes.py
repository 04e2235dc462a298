"""Routes of accounts."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.accounts import Account, MemberRow
from api_client.types.calls import Whom
from api_client.types.common import Page
from api_client.types.people import AddRepresentative, Representatives, Reveal, Revealed
from backend.accounts import people, service
from backend.http import CallOf

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])


@router.post("/reveal", operation_id="accounts.reveal", response_model=Revealed)
async def reveal(call: CallOf, form: Reveal) -> Response:
    """One masked field of a person; the answer is kept nowhere, so the same key asks in vain."""
    return await call.write(lambda unit: people.reveal(unit, form), keep_body=False)


@router.post("/representatives", operation_id="accounts.representatives", response_model=Representatives)
async def representatives(call: CallOf, form: Whom) -> Response:
    """Who may speak for a member."""
    return await call.read(lambda unit: people.representatives(unit, form))


@router.post(
    "/representatives/new", operation_id="accounts.add_representative", response_model=Representatives
)
async def add_representative(call: CallOf, form: AddRepresentative) -> Response:
    """Register who may speak for a member."""
    return await call.write(lambda unit: people.add_representative(unit, form))


@router.get("/{number}", operation_id="accounts.show", response_model=Account)
async def show(call: CallOf, number: str) -> Response:
    """One account."""
    return await call.read(lambda unit: service.show(unit, number))


@router.get("/{number}/members", operation_id="accounts.members", response_model=Page[MemberRow])
async def members(call: CallOf, number: str, cursor: str | None = None) -> Response:
    """Its members, masked."""
    return await call.read(lambda unit: service.members(unit, number, cursor))
