"""Routes of the online account service: first use, sign-in, and the client's own IDs.

Passwords are hashed and checked outside any transaction, once for each request, whoever asks.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.online import (
    Activate,
    ActOnUser,
    AddUser,
    ChangeUser,
    OnlineLog,
    OnlineSignIn,
    OnlineUser,
    OnlineUsers,
    ResetUser,
    UsersAsked,
)
from api_client.types.user_ids import UserRow
from backend.http import CallOf
from backend.session.passwords import hash_password, password_fits
from backend.user_ids import delegated, online

router = APIRouter(prefix="/v1/online-service", tags=["online"])


@router.post("/activate", operation_id="online.activate", response_model=OnlineUser)
async def activate(call: CallOf, form: Activate) -> Response:
    """First use of a one-time code, with the password chosen instead of it."""
    online.check_password(call.runtime.policy.user_ids.password_length, form.password)
    async with call.runtime.act(call.actor, call.request_id) as unit:
        await online.try_to_activate(unit, form)
    hashed = await call.runtime.in_thread(lambda: hash_password(form.password.get_secret_value()))
    return await call.write(lambda unit: online.activate(unit, form, hashed), keep_body=False)


@router.post("/sign-in", operation_id="online.sign_in", response_model=OnlineUser)
async def sign_in(call: CallOf, form: OnlineSignIn) -> Response:
    """User ID and password."""
    async with call.runtime.act(call.actor, call.request_id) as unit:
        stored = await online.try_to_sign_in(unit, form)
    fits = await call.runtime.in_thread(lambda: password_fits(stored, form.password.get_secret_value()))
    return await call.write(lambda unit: online.sign_in(unit, form, stored, fits=fits), keep_body=False)


@router.post("/users", operation_id="online.users", response_model=OnlineUsers)
async def users(call: CallOf, form: UsersAsked) -> Response:
    """The IDs of the client."""
    return await call.read(lambda unit: delegated.every(unit, form))


@router.post("/users/log", operation_id="online.log", response_model=OnlineLog)
async def log(call: CallOf, form: UsersAsked) -> Response:
    """Changes of the client's IDs, the newest first."""
    return await call.read(lambda unit: delegated.log(unit, form))


@router.post("/users/add", operation_id="online.add_user", response_model=UserRow)
async def add(call: CallOf, form: AddUser) -> Response:
    """A further ID for somebody of the client."""
    return await call.write(lambda unit: delegated.add(unit, form))


@router.post("/users/change", operation_id="online.change_user", response_model=UserRow)
async def change(call: CallOf, form: ChangeUser) -> Response:
    """Other privileges or another last day."""
    version = call.version
    return await call.write(lambda unit: delegated.change(unit, form, version))


@router.post("/users/suspend", operation_id="online.suspend_user", response_model=UserRow)
async def suspend(call: CallOf, form: ActOnUser) -> Response:
    """Suspend an ID."""
    version = call.version
    return await call.write(lambda unit: delegated.suspend(unit, form, version))


@router.post("/users/resume", operation_id="online.resume_user", response_model=UserRow)
async def resume(call: CallOf, form: ActOnUser) -> Response:
    """Let a suspended ID go on."""
    version = call.version
    return await call.write(lambda unit: delegated.resume(unit, form, version))


@router.post("/users/end", operation_id="online.end_user", response_model=UserRow)
async def end(call: CallOf, form: ActOnUser) -> Response:
    """End an ID for ever."""
    version = call.version
    return await call.write(lambda unit: delegated.end(unit, form, version))


@router.post("/users/reset", operation_id="online.reset_user", response_model=UserRow)
async def reset(call: CallOf, form: ResetUser) -> Response:
    """A new one-time code for somebody's ID."""
    version = call.version
    return await call.write(lambda unit: delegated.reset(unit, form, version))
