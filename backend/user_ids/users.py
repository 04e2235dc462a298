"""The user IDs of a client as a rep sees them, the log of their changes, and what the plan does with one.

An ID is known here under a number such as W-00012; the ID itself is shown to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    SuspendedBy,
    UserAct,
    UserIdRequestState,
    UserKind,
    UserState,
)
from api_client.types.user_ids import AccessLogRow, BlockUser, LiftBlock, UserRow
from api_client.types.words import ActorKind, EventKind, Role
from backend.accounts import service as accounts
from backend.calls import gate, notes
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found, raise_refused
from backend.user_ids import codes, delegation, issuing, moves, user_store
from backend.user_ids.access_log import note
from backend.user_ids.delegation import Held
from backend.user_ids.employers import Employer, Standing, employer_of, of_keys, standings_of, users_of

_AT_ONCE = 20
_LEADS = frozenset({Role.LEAD, Role.ADMIN})


# -- lists -----------------------------------------------------------------------------------------


async def page(unit: Unit, group: str, cursor: str | None) -> Page[UserRow]:
    """The IDs of the employer of a group, the administrator's first. Raises NOT_FOUND, NOT_VERIFIED."""
    return await rows_from(unit, await _heard(unit, group, "user_ids.users"), cursor)


async def log(unit: Unit, group: str, cursor: str | None) -> Page[AccessLogRow]:
    """Changes of the employer's IDs, the newest first. Raises NOT_FOUND, NOT_VERIFIED."""
    return await log_from(unit, await _heard(unit, group, "user_ids.log"), cursor)


async def _heard(unit: Unit, group: str, action: str) -> Employer:
    account = await accounts.account_of(unit, group)
    await gate.require(unit, Fact.USER_IDS, account)
    unit.audit(action, "account", account.number)
    return await employer_of(unit, account.id)


async def of_employer(unit: Unit, account: Any) -> list[UserRow]:
    """The IDs of an account's employer, as many as a page holds; who asks has asked the gate."""
    return (await rows_from(unit, await employer_of(unit, account.id), None)).rows


async def rows_from(unit: Unit, employer: Employer, cursor: str | None) -> Page[UserRow]:
    """A page of the employer's IDs."""
    after = open_cursor(unit.keys, "user_ids.users", cursor) if cursor else None
    key = cast(tuple[str, int], tuple(after)) if after else None
    found = await user_store.page(unit.connection, employer.keys, key, PAGE + 1)
    standings = await standings_of(unit, employer.accounts)
    rows = found[:PAGE]
    more = len(found) > PAGE
    return Page[UserRow](
        rows=[as_row(unit, employer, standings, row) for row in rows],
        next=seal_cursor(unit.keys, "user_ids.users", [rows[-1].kind, rows[-1].id]) if more else None,
    )


async def log_from(unit: Unit, employer: Employer, cursor: str | None) -> Page[AccessLogRow]:
    """A page of the log of the employer's IDs."""
    after = open_cursor(unit.keys, "user_ids.log", cursor) if cursor else None
    before = cast(int, after[0]) if after else None
    found = await user_store.log_page(unit.connection, employer.keys, before, PAGE + 1)
    rows = found[:PAGE]
    return Page[AccessLogRow](
        rows=[
            AccessLogRow(
                at=row.at,
                user=row.user,
                person=row.person,
                act=UserAct(row.act),
                by=row.by_name,
                words=row.words,
            )
            for row in rows
        ],
        next=seal_cursor(unit.keys, "user_ids.log", [rows[-1].id]) if len(found) > PAGE else None,
    )


def as_row(unit: Unit, employer: Employer, standings: Sequence[Standing], row: Any) -> UserRow:
    """One ID as it is told, with what limits it today."""
    one = employer.held(row)
    rep = unit.actor.kind is ActorKind.REP
    on_record = one.until != delegation.NOT_ON_RECORD
    return UserRow(
        id=row.number,
        version=row.version,
        person=row.person,
        person_is=one.person_is,
        kind=one.kind,
        role=delegation.role_of(one.kind, one.privileges),
        privileges=delegation.in_order(one.privileges),
        state=delegation.state_of(one, unit.today),
        suspended_by=one.suspended_by,
        why=_why_limited(one, standings, unit),
        since=row.state_at,
        valid_to=one.until if on_record else row.valid_to,
        last_used_on=row.last_used_at.astimezone(unit.zone).date() if row.last_used_at else None,
        can_block=rep and delegation.block_refused(one, unit.today) is None,
        can_lift=rep and unit.actor.role in _LEADS and delegation.lift_refused(one, unit.today) is None,
    )


def _why_limited(one: Held, standings: Sequence[Standing], unit: Unit) -> str:
    if not delegation.is_there(one, unit.today):
        lapsed = one.until == delegation.NOT_ON_RECORD and one.state not in delegation.OVER
        return "no record of this agent is in force" if lapsed else ""
    unpaid = [str(each.account.number) for each in standings if each.unpaid]
    if not unpaid:
        return ""
    return f"may look and pay only in {', '.join(unpaid)}: coverage ended because premium was not paid"


# -- what the plan does ------------------------------------------------------------------------------


async def block(unit: Unit, number: str, version: int, form: BlockUser) -> UserRow:
    """Block an ID at once: nobody gets in with it, and its code works no more.

    One that was never activated is withdrawn, and its request with it. Raises NOT_FOUND, NOT_VERIFIED, STALE,
    INVALID, RULE_REFUSES.
    """
    notes.refuse_ssn(form.note, "note")
    row, employer = await _one(unit, number, version)
    one = employer.held(row)
    raise_refused(delegation.block_refused(one, unit.today))
    new = one.kind is UserKind.ADMINISTRATOR and one.state is UserState.PENDING
    await stop_codes(unit, employer, row, "blocked")
    words = form.reason.replace("_", " ")
    act = UserAct.ENDED if new else UserAct.SUSPENDED
    values: dict[str, object] = (
        {"state": UserState.WITHDRAWN}
        if new
        else {"state": UserState.SUSPENDED, "suspended_by": SuspendedBy.SECURITY}
    )
    row = await change(unit, row, act, values, words=words)
    unit.audit("user_ids.block", "web_user", number, reason=form.reason, note=form.note)
    account = next(one for one in employer.accounts if one.id == row.account_id)
    await gate.did(unit, "user_ids.block", account, subject=number)
    return as_row(unit, employer, await standings_of(unit, employer.accounts), row)


async def lift(unit: Unit, number: str, version: int, form: LiftBlock) -> UserRow:
    """Let a blocked ID go on as it was before. Raises as `block`."""
    notes.refuse_ssn(form.note, "note")
    row, employer = await _one(unit, number, version)
    one = employer.held(row)
    raise_refused(delegation.lift_refused(one, unit.today))
    raise_refused(delegation.second_administrator_refused(await users_of(unit, employer), one, unit.today))
    row = await change(unit, row, UserAct.RESUMED, go_on(unit, row))
    unit.audit("user_ids.lift", "web_user", number, note=form.note)
    return as_row(unit, employer, await standings_of(unit, employer.accounts), row)


async def _one(unit: Unit, number: str, version: int) -> tuple[Any, Employer]:
    row = await user_store.by_number(unit.connection, number)
    if row is None:
        raise not_found("user ID", number)
    employer = await employer_of(unit, row.account_id, lock=True)
    for account in employer.accounts:
        if Fact.USER_IDS in await gate.heard(unit, account):
            break
    else:
        await gate.require(unit, Fact.USER_IDS, employer.accounts[0])
    row = await user_store.by_number(unit.connection, number)
    assert row is not None
    await same_version(unit, employer, row, version)
    return row, employer


async def same_version(unit: Unit, employer: Employer, row: Any, version: int) -> None:
    """Raises STALE with the present state when the ID was changed since it was seen."""
    if row.version == version:
        return
    present = as_row(unit, employer, await standings_of(unit, employer.accounts), row)
    raise Problem(
        ProblemType.STALE,
        f"{row.number} was changed meanwhile; look at it as it is now.",
        current=as_json(present),
    )


def go_on(unit: Unit, row: Any) -> dict[str, object]:
    """What is written when a suspension is over: the state it had before."""
    state = delegation.resumed(
        has_password=row.password_hash is not None,
        wrong_passwords=row.password_tries,
        most=unit.policy.user_ids.password_tries,
    )
    return {"state": state, "suspended_by": ""}


async def change(
    unit: Unit, row: Any, act: UserAct, values: dict[str, object], *, by: str = "", words: str = ""
) -> Any:
    """Change an ID, write the line of the log, tell every desk; returns the row as it is then."""
    if "state" in values:
        values = {"state_at": unit.now, **values}
    row = await user_store.change(unit.connection, row.id, values)
    await note(unit, row.account_id, row.id, act, by=by, words=words)
    unit.emit(EventKind.USER_ID_REQUEST, row.number, row.version)
    return row


async def stop_codes(unit: Unit, employer: Employer, row: Any, why: str) -> None:
    """Let the code of an ID work no more, and revoke what would bring it another one.

    That is the request that made an ID nobody has activated, and a reset of the administrator's.
    """
    await codes.kill(unit, row.id, why)
    for request_id in await _under_way(unit, employer, row):
        await issuing.taken_back(unit, await moves.request_by_id(unit, request_id))
        await moves.change_state(unit, request_id, UserIdRequestState.REVOKED)


async def _under_way(unit: Unit, employer: Employer, row: Any) -> list[int]:
    own = [] if row.request_id is None else [int(row.request_id)]
    resets = employer.keys if row.kind == UserKind.ADMINISTRATOR and row.state != UserState.PENDING else []
    return await user_store.requests_under_way(unit.connection, own, resets)


# -- what ends by itself -----------------------------------------------------------------------------


async def end_outlived(unit: Unit) -> int:
    """End some of the IDs whose own last day is over; returns how many there were."""
    found = await user_store.outlived(unit.connection, unit.today, _AT_ONCE)
    for employer in await _employers_locked(unit, found):
        for row in await user_store.of_accounts(unit.connection, employer.keys):
            if row.state in delegation.THERE and row.valid_to is not None and row.valid_to < unit.today:
                await stop_codes(unit, employer, row, "its last day is over")
                ended: dict[str, object] = {
                    "state": UserState.ENDED,
                    "suspended_by": "",
                    "password_hash": None,
                }
                await change(unit, row, UserAct.ENDED, ended, words=f"its last day was {row.valid_to}")
                unit.audit("user_ids.outlived", "web_user", row.number, valid_to=row.valid_to)
    return len(found)


async def _employers_locked(unit: Unit, rows: Sequence[Any]) -> list[Employer]:
    """The employers of these IDs; nobody else changes their IDs until the unit is over."""
    employers = await user_store.employers_of(unit.connection, sorted({row.account_id for row in rows}))
    await accounts.lock(unit, *(key for keys in employers for key in keys))
    return [await of_keys(unit, keys) for keys in employers]


async def suspend_unused(unit: Unit, after: int = 0) -> int | None:
    """Suspend some of the IDs that nobody used for too long; returns after which to go on, None at the end.

    The last administrator's ID stays as it is: lack of use leaves no client without one.
    """
    days = unit.policy.user_ids.unused_days
    begin = datetime.combine(unit.today - timedelta(days=days), time(), tzinfo=unit.zone)
    found = await user_store.unused(unit.connection, begin, after, _AT_ONCE)
    if not found:
        return None
    for employer in await _employers_locked(unit, found):
        await _suspend_unused_of(unit, employer, days)
    return int(found[-1].id)


async def _suspend_unused_of(unit: Unit, employer: Employer, days: int) -> None:
    rows = await user_store.of_accounts(unit.connection, employer.keys)
    lapsing = {
        one.number for one in delegation.to_suspend([employer.held(row) for row in rows], unit.today, days)
    }
    for row in rows:
        if row.number in lapsing:
            await suspend_for_lack_of_use(unit, row)


async def suspend_for_lack_of_use(unit: Unit, row: Any) -> Any:
    """Suspend one ID that nobody used for too long; returns its row as it is then."""
    days = unit.policy.user_ids.unused_days
    values: dict[str, object] = {"state": UserState.SUSPENDED, "suspended_by": SuspendedBy.UNUSED}
    unit.audit("user_ids.unused", "web_user", row.number, days=days)
    return await change(unit, row, UserAct.SUSPENDED, values, words=f"not used for {days} days")
