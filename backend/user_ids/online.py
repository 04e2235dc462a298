"""First use and sign-in of a client's people in the online account service.

User IDs, codes and passwords come in and never go out. Whoever does not get in hears the same sentence, after
the same work, whether the ID is unknown, the code wrong, too old or dead, or the password not right.
"""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from api_client.types.online import Activate, OnlineGroup, OnlineSignIn, OnlineUser
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    Privilege,
    SuspendedBy,
    UserAct,
    UserIdRequestState,
    UserKind,
    UserState,
)
from backend.database.unit import Unit
from backend.matching.normalise import name_key
from backend.problems import Problem
from backend.session.tries import Door, forget_tries, take_try
from backend.user_ids import code_store, codes, delegation, logins, moves, user_store, users
from backend.user_ids.employers import Employer, employer_of, standings_of, users_of
from backend.user_ids.rules import use_refused


def try_name(user_id: SecretStr) -> str:
    """The name under which tries of this user ID are counted."""
    return user_id.get_secret_value().strip().casefold()


def check_password(least: int, password: SecretStr) -> None:
    """Raises INVALID when a chosen password is too short; length is the only rule (NIST SP 800-63B)."""
    if len(password.get_secret_value()) < least:
        raise Problem(
            ProblemType.INVALID,
            f"The password needs at least {least} characters. The code was not used.",
            errors=[("password", "is too short")],
        )


# -- first use -------------------------------------------------------------------------------------


async def try_to_activate(unit: Unit, form: Activate) -> None:
    """Count a try for this ID and for where it comes from. Raises SIGN_IN_THROTTLED."""
    await take_try(unit, try_name(form.user_id), form.source, Door.ACTIVATION)


async def activate(unit: Unit, form: Activate, password_hash: str) -> OnlineUser:
    """Use the one-time code up: the ID is active with the chosen password, and any earlier one is gone.

    An ID that it replaces ends now. Raises SIGN_IN_FAILED, with the try counted.
    """
    digest = codes.login_digest(unit.keys, form.user_id.get_secret_value())
    row = await user_store.by_login(unit.connection, digest)
    if row is None:
        raise _not_activated(unit, "", "unknown")
    employer = await employer_of(unit, row.account_id, lock=True)
    row = await user_store.by_login(unit.connection, digest, lock=True)
    if row is None:
        raise _not_activated(unit, "", "unknown")
    code = await code_store.current(unit.connection, row.id)
    why = await _activation_refused(unit, employer, row)
    why = why or await codes.use(unit, row, form.code.get_secret_value())
    if why:
        raise _not_activated(unit, row.number, why)
    assert code is not None, "a code that was used was there before"
    await _end_replaced(unit, employer, row)
    row = await users.change(
        unit,
        row,
        UserAct.ACTIVATED,
        {
            "state": UserState.ACTIVE,
            "suspended_by": "",
            "password_hash": password_hash,
            "password_tries": 0,
            "last_used_at": unit.now,
        },
        by=row.person,
    )
    if code.request_id is not None:
        await moves.change_state(unit, code.request_id, UserIdRequestState.ACTIVATED)
    await forget_tries(unit, try_name(form.user_id), Door.ACTIVATION)
    await forget_tries(unit, try_name(form.user_id), Door.ONLINE)
    unit.audit("online.activate", "web_user", row.number)
    return await _as_online_user(unit, employer, row)


async def _activation_refused(unit: Unit, employer: Employer, row: Any) -> str:
    """Why no code makes this ID active; empty when the right one does."""
    one = employer.held(row)
    state = delegation.state_of(one, unit.today)
    if state in delegation.OVER:
        return "over"
    if state is UserState.SUSPENDED:
        by_mail = one.kind is UserKind.ADMINISTRATOR and one.suspended_by is not SuspendedBy.SECURITY
        if not by_mail:
            return "suspended"
    replaced = await _replaced(unit, row)
    others = [held for held in await users_of(unit, employer) if held.number != replaced]
    second = delegation.second_administrator_refused(others, one, unit.today)
    return "" if second is None else "a second administrator"


async def _replaced(unit: Unit, row: Any) -> str:
    """The number of the ID that this one replaces; empty for none."""
    if row.replaces is None:
        return ""
    return str((await user_store.by_id(unit.connection, row.replaces)).number)


async def _end_replaced(unit: Unit, employer: Employer, row: Any) -> None:
    """End the ID that this one replaces, and another that the administrator had: one person has one."""
    for old in await user_store.of_accounts(unit.connection, employer.keys):
        if old.state in delegation.OVER or not (old.id == row.replaces or _of_same_person(old, row)):
            continue
        await users.stop_codes(unit, employer, old, "replaced")
        ended: dict[str, object] = {"state": UserState.ENDED, "suspended_by": "", "password_hash": None}
        await users.change(unit, old, UserAct.REPLACED, ended, words=f"{row.number} took its place")


def _of_same_person(old: Any, row: Any) -> bool:
    by_client = old.kind == UserKind.USER and row.kind == UserKind.ADMINISTRATOR
    return by_client and bool(name_key(row.person)) and name_key(old.person) == name_key(row.person)


def _not_activated(unit: Unit, number: str, why: str) -> Problem:
    unit.audit("online.activate_failed", "web_user", number, why=why)
    return Problem(
        ProblemType.SIGN_IN_FAILED,
        "User ID and code do not fit, or the code works no more. Nothing was changed. Type both as they are "
        f"on the letter; after {unit.policy.user_ids.code_tries} wrong tries a code is dead, and a new one "
        "comes by mail.",
        keep=True,
    )


# -- sign-in ---------------------------------------------------------------------------------------


async def try_to_sign_in(unit: Unit, form: OnlineSignIn) -> str | None:
    """Count a try; returns the stored hash to check the password with. Raises SIGN_IN_THROTTLED."""
    await take_try(unit, try_name(form.user_id), form.source, Door.ONLINE)
    row = await user_store.by_login(
        unit.connection, codes.login_digest(unit.keys, form.user_id.get_secret_value())
    )
    return None if row is None else row.password_hash


async def sign_in(unit: Unit, form: OnlineSignIn, checked: str | None, *, fits: bool) -> OnlineUser:
    """Who signed in, and what the ID may do today; `checked` is the hash that was compared.

    So many wrong passwords in a row (`user_ids.password_tries`) lock the ID. Raises SIGN_IN_FAILED for
    whatever is wrong, and RULE_REFUSES with the reason only where the password is right and the ID is not
    locked.
    """
    row = await user_store.by_login(
        unit.connection, codes.login_digest(unit.keys, form.user_id.get_secret_value()), lock=True
    )
    if row is None:
        raise _not_signed_in(unit, "")
    if not fits or row.password_hash != checked:
        await _wrong_password(unit, row)
        raise _not_signed_in(unit, row.number)
    if row.state == UserState.LOCKED:
        raise _not_signed_in(unit, row.number)
    employer = await employer_of(unit, row.account_id)
    if why := use_refused(await logins.as_client_user(unit, employer, row), unit.today):
        if row.state == UserState.ACTIVE and await logins.has_lapsed(unit, employer, employer.held(row)):
            await users.suspend_for_lack_of_use(unit, row)
        unit.audit("online.sign_in_refused", "web_user", row.number)
        raise Problem(ProblemType.RULE_REFUSES, f"{why[0].upper()}{why[1:]}.", keep=True)
    await user_store.use(unit.connection, row.id, unit.now)
    await user_store.forget_wrong_passwords(unit.connection, row.id)
    await forget_tries(unit, try_name(form.user_id), Door.ONLINE)
    unit.audit("online.sign_in", "web_user", row.number)
    return await _as_online_user(unit, employer, row)


async def _wrong_password(unit: Unit, row: Any) -> None:
    if row.state != UserState.ACTIVE:
        return
    tries = await user_store.count_wrong_password(unit.connection, row.id)
    if tries >= unit.policy.user_ids.password_tries:
        words = f"{tries} wrong passwords"
        await users.change(unit, row, UserAct.LOCKED, {"state": UserState.LOCKED}, words=words)


def _not_signed_in(unit: Unit, number: str) -> Problem:
    unit.audit("online.sign_in_failed", "web_user", number)
    return Problem(ProblemType.SIGN_IN_FAILED, "User ID or password is not right.", keep=True)


# -- what the ID may do ----------------------------------------------------------------------------


async def _as_online_user(unit: Unit, employer: Employer, row: Any) -> OnlineUser:
    one = employer.held(row)
    groups = [
        OnlineGroup(
            group_number=each.account.number,
            group_name=each.account.name,
            privileges=delegation.in_order(each.left(one.privileges)),
            why_limited=f"{delegation.UNPAID[0].upper()}{delegation.UNPAID[1:]}." if each.unpaid else "",
        )
        for each in await standings_of(unit, employer.served_by(row))
    ]
    return OnlineUser(
        id=row.number,
        state=one.state,
        administrator=Privilege.USERS_MANAGE in one.privileges,
        groups=groups,
    )
