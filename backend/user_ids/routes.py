"""Routes of user-ID requests."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.user_id_words import RequestView
from api_client.types.user_ids import (
    Completed,
    Deny,
    Incomplete,
    RegisterFax,
    UserIdRequest,
    UserIdRow,
)
from backend.http import CallOf
from backend.user_ids import incomplete as forms
from backend.user_ids import issuing, service

router = APIRouter(prefix="/v1/user-id-requests", tags=["user_ids"])


@router.get("", operation_id="user_ids.list", response_model=Page[UserIdRow])
async def page(
    call: CallOf,
    view: RequestView = RequestView.OPEN,
    group: str | None = None,
    cursor: str | None = None,
) -> Response:
    """A part of the requests of all groups or of one."""
    return await call.read(lambda unit: service.page(unit, part=view, group=group, cursor=cursor))


@router.get("/{number}", operation_id="user_ids.show", response_model=UserIdRequest)
async def show(call: CallOf, number: str) -> Response:
    """One request with its checks."""
    return await call.read(lambda unit: service.show(unit, number))


@router.post("", operation_id="user_ids.register", response_model=UserIdRequest)
async def register(call: CallOf, form: RegisterFax) -> Response:
    """Register a faxed form."""
    return await call.write(lambda unit: service.register(unit, form))


@router.post("/{number}/incomplete", operation_id="user_ids.incomplete", response_model=UserIdRequest)
async def incomplete(call: CallOf, number: str, form: Incomplete) -> Response:
    """Something is missing: the client is called back, and the days stand still."""
    version = call.version
    return await call.write(lambda unit: forms.incomplete(unit, number, version, form))


@router.post("/{number}/complete", operation_id="user_ids.complete", response_model=UserIdRequest)
async def complete(call: CallOf, number: str, form: Completed) -> Response:
    """What the client answered."""
    version = call.version
    return await call.write(lambda unit: forms.complete(unit, number, version, form))


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


@router.post("/{number}/reissue", operation_id="user_ids.reissue", response_model=UserIdRequest)
async def reissue(call: CallOf, number: str) -> Response:
    """Stop the code that is lost, and mail a new one to the address of record."""
    version = call.version
    return await call.write(lambda unit: issuing.reissue(unit, number, version))
