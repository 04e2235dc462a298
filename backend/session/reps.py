"""Reps as an operator keeps them: create, disable, roles, password, unlock, end sessions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api_client.types.problems import ProblemType
from api_client.types.words import Role
from backend.database.unit import Unit
from backend.problems import Problem, not_found
from backend.session import store
from backend.session.passwords import MINIMUM_LENGTH
from backend.session.tries import forget_tries


class RepLine(BaseModel):
    """One rep in the operator's list."""

    username: str
    display_name: str
    role: Role
    center: str
    disabled: bool


class RepList(BaseModel):
    """All reps."""

    reps: list[RepLine]


class Done(BaseModel):
    """What was done, in a sentence."""

    done: str


def check_password(password: str) -> None:
    """Raises INVALID when the password is too short."""
    if len(password) < MINIMUM_LENGTH:
        raise Problem(ProblemType.INVALID, f"The password needs at least {MINIMUM_LENGTH} characters.")


async def create(
    unit: Unit, *, username: str, display_name: str, role: Role, center: str, password_hash: str
) -> Done:
    """A new rep. Raises INVALID when the user name is taken or not plain."""
    plain = username.replace(".", "").replace("-", "").replace("_", "")
    if not plain.isascii() or not plain.isalnum() or username != username.lower() or len(username) > 64:
        raise Problem(ProblemType.INVALID, "A user name has small letters, digits, dots and dashes only.")
    if await store.rep_by_name(unit.connection, username) is not None:
        raise Problem(ProblemType.INVALID, f"There is a rep {username} already.")
    values = {
        "username": username,
        "display_name": display_name or username,
        "role": role,
        "center": center,
        "password_hash": password_hash,
        "created_at": unit.now,
    }
    await store.add_rep(unit.connection, values)
    unit.audit("session.create_rep", "rep", username, role=role)
    return Done(done=f"{username} can sign in as {role}.")


async def every(unit: Unit) -> RepList:
    """All reps by user name."""
    lines = [
        RepLine(
            username=row.username,
            display_name=row.display_name,
            role=Role(row.role),
            center=row.center,
            disabled=row.disabled_at is not None,
        )
        for row in await store.reps(unit.connection)
    ]
    return RepList(reps=lines)


async def active(unit: Unit) -> list[RepLine]:
    """Reps who can sign in, by name."""
    lines = [line for line in (await every(unit)).reps if not line.disabled]
    return sorted(lines, key=lambda line: (line.display_name.casefold(), line.username))


async def active_rep(unit: Unit, username: str) -> Any:
    """The row of a rep who can sign in. Raises NOT_FOUND."""
    row = await store.rep_by_name(unit.connection, username)
    if row is None or row.disabled_at is not None:
        raise not_found("active rep", username)
    return row


async def set_role(unit: Unit, username: str, role: Role) -> Done:
    """Give another role; open sessions end, so that no session keeps the old one."""
    rep_id = await _known(unit, username)
    await store.change_rep(unit.connection, rep_id, {"role": role})
    await store.end_sessions(unit.connection, rep_id, unit.now)
    unit.audit("session.set_role", "rep", username, role=role)
    return Done(done=f"{username} is {role} from the next sign-in on.")


async def disable(unit: Unit, username: str) -> Done:
    """No more sign-in; sessions and credentials end at once. The rep's acts stay on record."""
    rep_id = await _known(unit, username)
    await store.change_rep(unit.connection, rep_id, {"disabled_at": unit.now})
    await _end_all(unit, rep_id)
    unit.audit("session.disable_rep", "rep", username)
    return Done(done=f"{username} can no longer sign in.")


async def enable(unit: Unit, username: str) -> Done:
    """Take a disabling back."""
    rep_id = await _known(unit, username)
    await store.change_rep(unit.connection, rep_id, {"disabled_at": None})
    unit.audit("session.enable_rep", "rep", username)
    return Done(done=f"{username} can sign in again.")


async def reset_password(unit: Unit, username: str, password_hash: str) -> Done:
    """A new password; sessions and credentials made with the old one end."""
    rep_id = await _known(unit, username)
    await store.change_rep(unit.connection, rep_id, {"password_hash": password_hash})
    await _end_all(unit, rep_id)
    await forget_tries(unit, username)
    unit.audit("session.reset_password", "rep", username)
    return Done(done=f"{username} has a new password.")


async def unlock(unit: Unit, username: str) -> Done:
    """Open sign-in again after too many tries."""
    await _known(unit, username)
    await forget_tries(unit, username)
    unit.audit("session.unlock_rep", "rep", username)
    return Done(done=f"{username} can try to sign in again.")


async def end_sessions(unit: Unit, username: str) -> Done:
    """End every session and credential of a rep."""
    rep_id = await _known(unit, username)
    count = await _end_all(unit, rep_id)
    unit.audit("session.end_sessions", "rep", username, count=count)
    return Done(done=f"{count} open sessions of {username} ended.")


async def _known(unit: Unit, username: str) -> int:
    row = await store.rep_by_name(unit.connection, username)
    if row is None:
        raise not_found("rep", username)
    return int(row.id)


async def _end_all(unit: Unit, rep_id: int) -> int:
    from backend.calls import service as calls

    await calls.put_down(unit, rep_id)
    await store.revoke_credentials(unit.connection, rep_id, unit.now)
    return await store.end_sessions(unit.connection, rep_id, unit.now)
