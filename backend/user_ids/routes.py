"""Routes of user-ID requests."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.user_ids import Deny, RegisterFax, UserIdRequest, UserIdRow
from backend.http import CallOf
from backend.user_ids import service

router = APIRouter(prefix="/v1/user-id-requests", tags=["user_ids"])


@router.get("", operation_id="user_ids.list", response_model=Page[UserIdRow])
async def page(
    call: CallOf, view: Literal["open", "done"] = "open", group: str | None = None, cursor: str | None = None
) -> Response:
    """Requests of all groups or of one."""
    done = view == "done"
    return await call.read(lambda unit: service.page(unit, done=done, group=group, cursor=cursor))


@router.get("/{number}", operation_id="user_ids.show", response_model=UserIdRequest)
async def show(call: CallOf, number: str) -> Response:
    """One request with its checks."""
    return await call.read(lambda unit: service.show(unit, number))


@router.post("", operation_id="user_ids.register", response_model=UserIdRequest)
async def register(call: CallOf, form: RegisterFax) -> Response:
    """Register a faxed form."""
    return await call.write(lambda unit: service.register(unit, form))


@router.post("/{number}/approve", operation_id="user_ids.approve", response_model=UserIdRequest)
async def approve(call: CallOf, number: str) -> Response:
    """Approve a request."""
    version = call.version
    return await call.write(lambda unit: service.approve(unit, number, version))


@router.post("/{number}/deny", operation_id="user_ids.deny", response_model=UserIdRequest)
async def deny(call: CallOf, number: str, form: Deny) -> Response:
    """Refuse a request with the reason."""
    version = call.version
    return await call.write(lambda unit: service.deny(unit, number, version, form))


@router.post("/{number}/undo", operation_id="user_ids.undo", response_model=UserIdRequest)
async def undo(call: CallOf, number: str) -> Response:
    """Take one's own decision back."""
    version = call.version
    return await call.write(lambda unit: service.undo(unit, number, version))
