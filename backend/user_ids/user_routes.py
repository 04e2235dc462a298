"""Routes of the clients' user IDs, for reps."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.user_ids import AccessLogRow, BlockUser, LiftBlock, UserRow
from backend.http import CallOf
from backend.user_ids import users

router = APIRouter(prefix="/v1/user-ids", tags=["user_ids"])


@router.get("", operation_id="user_ids.users", response_model=Page[UserRow])
async def page(call: CallOf, group: str, cursor: str | None = None) -> Response:
    """The IDs of the employer of a group."""
    return await call.read(lambda unit: users.page(unit, group, cursor))


@router.get("/log", operation_id="user_ids.log", response_model=Page[AccessLogRow])
async def log(call: CallOf, group: str, cursor: str | None = None) -> Response:
    """Changes of the employer's IDs, the newest first."""
    return await call.read(lambda unit: users.log(unit, group, cursor))


@router.post("/{user}/block", operation_id="user_ids.block", response_model=UserRow)
async def block(call: CallOf, user: str, form: BlockUser) -> Response:
    """Block an ID at once."""
    version = call.version
    return await call.write(lambda unit: users.block(unit, user, version, form))


@router.post("/{user}/lift", operation_id="user_ids.lift", response_model=UserRow)
async def lift(call: CallOf, user: str, form: LiftBlock) -> Response:
    """Let a blocked ID go on."""
    version = call.version
    return await call.write(lambda unit: users.lift(unit, user, version, form))
