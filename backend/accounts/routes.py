"""Routes of accounts."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.accounts import Account, MemberRow
from api_client.types.common import Page
from backend.accounts import service
from backend.http import CallOf

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])


@router.get("/{number}", operation_id="accounts.show", response_model=Account)
async def show(call: CallOf, number: str) -> Response:
    """One account."""
    return await call.read(lambda unit: service.show(unit, number))


@router.get("/{number}/members", operation_id="accounts.members", response_model=Page[MemberRow])
async def members(call: CallOf, number: str, cursor: str | None = None) -> Response:
    """Its members, masked."""
    return await call.read(lambda unit: service.members(unit, number, cursor))
