"""What a client's administrators do with the IDs of its people, online under Account Access (R10, R11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api_client.types.common import Page
from api_client.types.online import (
    ActOnUser,
    AddUser,
    ByUser,
    ChangeUser,
    OnlineLog,
    OnlineUsers,
    ResetUser,
    UsersAsked,
)
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import Privilege, SuspendedBy, UserAct, UserKind, UserState
from api_client.types.user_ids import UserRow
from backend.database.unit import Unit
from backend.problems import Problem, not_found, raise_refused
from backend.refusal import Refusal
from backend.user_ids import codes, delegation, logins, user_store, users
from backend.user_ids.delegation import Act
from backend.user_ids.employers import Employer, Standing, employer_of, standings_of, users_of
from backend.user_ids.rules import use_refused

_CODE_SIGNS = 12
"""The least a one-time code of the service has."""


@dataclass(frozen=True)
class Acting:
    """The administrator of the client who acts, with what is left of his privileges today."""

    row: Any
    person: str
    employer: Employer
    standings: list[Standing]
    own: frozenset[Privilege]

    @property
    def until(self) -> date | None:
        """The last day that can be given at the latest; None for no end. The plan's own ID stands for the
        client, whose people stay when its broker goes.
        """
        one = self.employer.held(self.row)
        return None if one.kind is UserKind.ADMINISTRATOR else one.until

    def reach_refused(self, whose: Any) -> Refusal | None:
        """Why nothing can be done with the ID of whoever stands in this row or form."""
        own, theirs = (
            frozenset(each.id for each in self.employer.served_by(one)) for one in (self.row, whose)
        )
        return delegation.reach_refused(own, theirs)

    @property
    def cobra(self) -> bool:
        """Whether any group of the employer manages its own COBRA online (R14)."""
        return any(one.cobra for one in self.standings)


async def _acting(unit: Unit, form: ByUser, *, lock: bool = True) -> Acting:
    """Who acts. Raises NOT_ALLOWED for an ID that cannot be used or may not manage IDs, RULE_REFUSES where
    coverage ended unpaid."""
    digest = codes.login_digest(unit.keys, form.by.get_secret_value())
    row = await user_store.by_login(unit.connection, digest)
    if row is None:
        raise _cannot_act(use_refused(None, unit.today))
    employer = await employer_of(unit, row.account_id, lock=lock)
    row = await user_store.by_login(unit.connection, digest)
    assert row is not None, "the digest of an ID that was activated stays"
    if why := use_refused(await logins.as_client_user(unit, employer, row), unit.today):
        raise _cannot_act(why)
    served = await standings_of(unit, employer.served_by(row))
    one = employer.held(row)
    own = frozenset[Privilege]().union(*(each.left(one.privileges) for each in served))
    unpaid = Privilege.USERS_MANAGE in one.privileges
    raise_refused(delegation.manage_refused(own, unpaid=unpaid))
    if lock:
        await user_store.use(unit.connection, row.id, unit.now)
    standings = await standings_of(unit, employer.accounts)
    return Acting(row, row.person or row.number, employer, standings, own)


def _cannot_act(why: str) -> Problem:
    return Problem(ProblemType.NOT_ALLOWED, f"{why[0].upper()}{why[1:]}.")


# -- to look at ------------------------------------------------------------------------------------


async def every(unit: Unit, form: UsersAsked) -> OnlineUsers:
    """The IDs of the client. Raises as `_acting`."""
    acting = await _acting(unit, form, lock=False)
    unit.audit("online.users", "web_user", acting.row.number)
    page: Page[UserRow] = await users.rows_from(unit, acting.employer, form.cursor)
    return OnlineUsers(rows=page.rows, next=page.next)


async def log(unit: Unit, form: UsersAsked) -> OnlineLog:
    """Changes of the client's IDs, the newest first. Raises as `_acting`."""
    acting = await _acting(unit, form, lock=False)
    unit.audit("online.log", "web_user", acting.row.number)
    page = await users.log_from(unit, acting.employer, form.cursor)
    return OnlineLog(rows=page.rows, next=page.next)


# -- a further ID ----------------------------------------------------------------------------------


async def add(unit: Unit, form: AddUser) -> UserRow:
    """A further ID for one person of the client, to be activated with the code that the service made.

    The ID of a broker or third-party administrator ends with its record at the latest. Raises as `_acting`,
    and RULE_REFUSES or NOT_ALLOWED with the rule.
    """
    acting = await _acting(unit, form)
    privileges = frozenset(form.privileges)
    raise_refused(delegation.grant_refused(acting.own, privileges, cobra=acting.cobra))
    raise_refused(delegation.person_refused(await users_of(unit, acting.employer), form.person, unit.today))
    agents = acting.employer.every_agent
    raise_refused(delegation.employee_refused(agents, form.person, form.person_is))
    until = delegation.last_day(form.valid_to, form.person, form.person_is, agents)
    raise_refused(delegation.agent_refused(until, form.person_is, unit.today))
    raise_refused(delegation.until_refused(acting.until, until))
    raise_refused(acting.reach_refused(form))
    digest = codes.login_digest(unit.keys, form.user_id.get_secret_value())
    if await user_store.by_login(unit.connection, digest) is not None:
        raise Problem(ProblemType.RULE_REFUSES, "This user ID is taken. Choose another one.")
    row = await user_store.add(
        unit.connection,
        {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": acting.row.account_id,
            "kind": UserKind.USER,
            "state": UserState.PENDING,
            "state_at": unit.now,
            "login_digest": digest,
            "person": form.person,
            "person_is": form.person_is,
            "privileges": delegation.in_order(privileges),
            "valid_to": until,
            "created_at": unit.now,
        },
    )
    await _give_code(unit, row, form.code.get_secret_value())
    row = await users.change(
        unit, row, UserAct.CREATED, {}, by=acting.person, words=_what(privileges, row.valid_to)
    )
    unit.audit("online.add_user", "web_user", row.number, by=acting.row.number)
    return _row(unit, acting, row)


async def _give_code(unit: Unit, row: Any, code: str) -> None:
    if len(codes.canonical(code)) < _CODE_SIGNS:
        raise Problem(
            ProblemType.INVALID,
            f"The code needs at least {_CODE_SIGNS} letters and digits.",
            errors=[("code", "is too short")],
        )
    last = unit.today + timedelta(days=unit.policy.user_ids.code_valid_days)
    if not await codes.give(unit, row.id, code, last):
        raise Problem(ProblemType.RULE_REFUSES, "This code was used before. Make another one.")


def _what(privileges: frozenset[Privilege], valid_to: date | None) -> str:
    words = delegation.in_words(privileges)
    return f"{words}; until {valid_to}" if valid_to else words


# -- an ID that is there ---------------------------------------------------------------------------


async def change(unit: Unit, form: ChangeUser, version: int) -> UserRow:
    """Other privileges or another last day; what the form does not name stays. Raises as `add`, and STALE."""
    acting, row = await _target(unit, form, form.user, version, Act.CHANGE)
    one = acting.employer.held(row)
    privileges, valid_to = one.privileges, row.valid_to
    if form.privileges is not None:
        privileges = frozenset(form.privileges)
        raise_refused(delegation.grant_refused(acting.own, privileges, cobra=acting.cobra))
    if "valid_to" in form.model_fields_set:
        agents = acting.employer.every_agent
        valid_to = delegation.last_day(form.valid_to, one.person, one.person_is, agents)
        raise_refused(delegation.agent_refused(valid_to, one.person_is, unit.today))
        raise_refused(delegation.until_refused(acting.until, valid_to))
    values: dict[str, object] = {
        "privileges": delegation.in_order(privileges),
        "valid_to": valid_to,
    }
    return await _done(unit, acting, row, Act.CHANGE, UserAct.CHANGED, values, _what(privileges, valid_to))


async def suspend(unit: Unit, form: ActOnUser, version: int) -> UserRow:
    """Nobody gets in with this ID until it is resumed; a code for it works no more. Raises as `change`."""
    acting, row = await _target(unit, form, form.user, version, Act.SUSPEND)
    values: dict[str, object] = {"state": UserState.SUSPENDED, "suspended_by": SuspendedBy.CLIENT}
    return await _done(unit, acting, row, Act.SUSPEND, UserAct.SUSPENDED, values)


async def resume(unit: Unit, form: ActOnUser, version: int) -> UserRow:
    """The ID goes on as it was before: one that was locked is still locked. Raises as `change`."""
    acting, row = await _target(unit, form, form.user, version, Act.RESUME)
    one = acting.employer.held(row)
    raise_refused(
        delegation.second_administrator_refused(await users_of(unit, acting.employer), one, unit.today)
    )
    return await _done(unit, acting, row, Act.RESUME, UserAct.RESUMED, users.go_on(unit, row))


async def end(unit: Unit, form: ActOnUser, version: int) -> UserRow:
    """The ID is over for ever. Raises as `change`."""
    acting, row = await _target(unit, form, form.user, version, Act.END)
    values: dict[str, object] = {"state": UserState.ENDED, "suspended_by": "", "password_hash": None}
    return await _done(unit, acting, row, Act.END, UserAct.ENDED, values)


async def reset(unit: Unit, form: ResetUser, version: int) -> UserRow:
    """A new one-time code, made by the service; the password holds until it is used. Raises as `change`."""
    acting, row = await _target(unit, form, form.user, version, Act.RESET)
    await _give_code(unit, row, form.code.get_secret_value())
    return await _done(unit, acting, row, Act.RESET, UserAct.RESET, {})


async def _target(unit: Unit, form: ByUser, number: str, version: int, act: Act) -> tuple[Acting, Any]:
    """Who acts, and the row of the ID it is done with. Raises NOT_FOUND for another client's ID."""
    acting = await _acting(unit, form)
    row = await user_store.by_number(unit.connection, number)
    if row is None or row.account_id not in acting.employer.keys:
        raise not_found("user ID", number)
    await users.same_version(unit, acting.employer, row, version)
    one = acting.employer.held(row)
    raise_refused(acting.reach_refused(row))
    raise_refused(delegation.act_refused(act, one, own=acting.own, cobra=acting.cobra, today=unit.today))
    return acting, row


async def _done(
    unit: Unit, acting: Acting, row: Any, act: Act, told: UserAct, values: dict[str, object], words: str = ""
) -> UserRow:
    """Write what was done, unless the client would be left without an administrator."""
    employer = acting.employer
    before = await users_of(unit, employer)
    if act in (Act.SUSPEND, Act.END):
        await users.stop_codes(unit, employer, row, told)
    row = await users.change(unit, row, told, values, by=acting.person, words=words)
    raise_refused(delegation.last_administrator_refused(before, employer.held(row), unit.today))
    unit.audit(f"online.{act}_user", "web_user", row.number, by=acting.row.number)
    return _row(unit, acting, row)


def _row(unit: Unit, acting: Acting, row: Any) -> UserRow:
    return users.as_row(unit, acting.employer, acting.standings, row)
