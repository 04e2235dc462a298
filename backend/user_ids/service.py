"""What a rep does with user-ID requests: register the faxed form, check, approve, deny, take back.

No user ID and no access code is ever here: both are made in the mailing step and leave by post only [S].
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from api_client.types.accounts import OpenItem
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Address, Page
from api_client.types.matching import Queue
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    DenyReason,
    PersonIs,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.user_ids import Check, Deny, RegisterFax, UserIdRequest, UserIdRow
from api_client.types.words import ContactRole, EventKind
from backend.accounts import service as accounts
from backend.accounts.rules import group_state
from backend.calls import gate
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.policy.calendar import Calendar
from backend.problems import Problem, not_found
from backend.refusal import Refusal
from backend.user_ids import deadlines, rules, store

_EMPLOYEES = {ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR}
_AGENTS = {ContactRole.BROKER, ContactRole.TPA}
_MOST_COUNTED = 99
_OLDEST_FAX = timedelta(days=366)
"""An older time of receipt is a typing mistake."""


# -- lists -----------------------------------------------------------------------------------------


async def page(unit: Unit, *, done: bool, group: str | None, cursor: str | None) -> Page[UserIdRow]:
    """Requests of all groups or of one: open ones by mail-by date, decided ones newest first."""
    account_id = None
    if group:
        account = await accounts.account_of(unit, group)
        await gate.require(unit, Fact.USER_IDS, account)
        account_id = int(account.id)
        unit.audit("user_ids.list", "account", group)
    else:
        await gate.require_no_call(unit, "The list of all requests")
    name = "user_ids.done" if done else "user_ids.open"
    after = open_cursor(unit.keys, name, cursor) if cursor else None
    if done:
        newest = cast(tuple[datetime, int], tuple(after)) if after else None
        rows = await store.done_page(unit.connection, account_id, newest, PAGE + 1)
    else:
        first = cast(tuple[date, int], tuple(after)) if after else None
        rows = await store.open_page(unit.connection, account_id, first, PAGE + 1)
    following = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        place = last.decided_at if done else last.mail_by or store.NO_DATE
        following = seal_cursor(unit.keys, name, [place, last.id])
    return Page(rows=[_row(unit, row) for row in rows[:PAGE]], next=following)


def _row(unit: Unit, row: Any) -> UserIdRow:
    return UserIdRow(
        id=row.number,
        version=row.version,
        group_number=row.group_number,
        group_name=row.group_name,
        kind=UserIdRequestKind(row.kind),
        state=UserIdRequestState(row.state),
        faxed_at=row.faxed_at,
        mail_by=row.mail_by,
        arrive_by=row.arrive_by,
        mailed_on=row.mailed_on,
        breached=row.breached,
        urgency=deadlines.mail_urgency(row.mail_by, unit.today, unit.calendar),
    )


async def open_items(unit: Unit, account_id: int) -> list[OpenItem]:
    """Open requests of an account, for its screen; the date is the one a caller may be told."""
    return [
        OpenItem(
            id=row.number,
            kind="user ID",
            state=f"arrives by {row.arrive_by:%m-%d}" if row.arrive_by else "incomplete",
            urgency=deadlines.mail_urgency(row.mail_by, unit.today, unit.calendar),
        )
        for row in await store.open_of_account(unit.connection, account_id)
    ]


async def newest_words(unit: Unit, account: Any) -> str:
    """The newest request of the employer and how far it has come, for its screen; empty for none."""
    employer = await store.accounts_of_employer(unit.connection, account)
    row = await store.newest_of(unit.connection, employer)
    if row is None:
        return ""
    kind, state = UserIdRequestKind(row.kind), UserIdRequestState(row.state)
    return f"{row.number} {rules.how_far(kind, state, row.arrive_by)}"


async def of_employer(unit: Unit, account: Any) -> tuple[set[str], Any | None]:
    """States of the employer's administrator IDs, and the row of its newest request; None for no request.

    One ID serves all group numbers of an employer [S], so a request of any of them counts.
    """
    employer = await store.accounts_of_employer(unit.connection, account)
    states = await store.administrator_states(unit.connection, employer)
    return states, await store.newest_of(unit.connection, employer)


async def queue_count(unit: Unit) -> Queue:
    """Counts for the home screen."""
    count, late, first = await store.counts(unit.connection, unit.today, _MOST_COUNTED)
    return Queue(
        name="User-ID requests",
        open=count,
        late=late,
        next_due=_end_of(first, unit.calendar) if first else None,
        urgency=deadlines.mail_urgency(first or store.NO_DATE, unit.today, unit.calendar),
    )


def _end_of(day: date, calendar: Calendar) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=calendar.zone)
    return midnight.astimezone(UTC)


# -- one request -----------------------------------------------------------------------------------


async def show(unit: Unit, number: str) -> UserIdRequest:
    """One request with its checks. Raises NOT_FOUND."""
    row = await _request(unit, number)
    unit.audit("user_ids.show", "user_id_request", number)
    return await _view(unit, row)


async def _request(unit: Unit, number: str) -> Any:
    row = await store.by_number(unit.connection, number)
    if row is None:
        raise not_found("user-ID request", number)
    await gate.require(unit, Fact.USER_IDS, await accounts.account_by_id(unit, row.account_id))
    return row


async def _view(unit: Unit, row: Any) -> UserIdRequest:
    account = await accounts.account_by_id(unit, row.account_id)
    state = UserIdRequestState(row.state)
    found = rules.checks(await _facts(unit, row, account), unit.policy.user_ids)
    refusal = _approval_refused(unit, state, found)
    open_now = state in OPEN_USER_ID_STATES
    return UserIdRequest(
        id=row.number,
        version=row.version,
        group_number=row.group_number,
        group_name=row.group_name,
        kind=UserIdRequestKind(row.kind),
        state=state,
        faxed_at=row.faxed_at,
        fax_reference=row.fax_reference,
        administrator=row.administrator,
        administrator_is=PersonIs(row.administrator_is),
        breached=row.breached,
        say="",
        signer=row.signer,
        form_address=_address(row),
        address_of_record=_address(account),
        mail_by=row.mail_by,
        arrive_by=row.arrive_by,
        urgency=deadlines.mail_urgency(row.mail_by, unit.today, unit.calendar),
        checks=[Check(name=one.name, result=one.result, sentence=one.sentence) for one in found]
        if open_now
        else [],
        can_approve=refusal is None,
        approve_sentence=refusal.sentence
        if refusal
        else f"approve {row.number}, mail ID and code to {account.name} at its address of record",
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        deny_reason=DenyReason(row.deny_reason) if row.deny_reason else None,
    )


def _address(row: Any) -> Address:
    return Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip)


def _approval_refused(unit: Unit, state: UserIdRequestState, found: list[rules.Check]) -> Refusal | None:
    assert unit.actor.role is not None
    assert unit.actor.rep_id is not None
    return rules.approval_refused(state, found, role=unit.actor.role, rep=unit.actor.rep_id)


async def _facts(unit: Unit, row: Any, account: Any) -> rules.RequestFacts:
    people = [one for one in await accounts.contacts(unit, account.id) if accounts.in_force(one, unit.today)]
    employer = await store.accounts_of_employer(unit.connection, account)
    return rules.RequestFacts(
        kind=UserIdRequestKind(row.kind),
        group_state=group_state(account.state, account.ended_on, unit.today),
        signer=row.signer,
        signers_on_record=[one.name for one in people if one.role == ContactRole.CONTRACT_SIGNER],
        administrator=row.administrator,
        employees_on_record=[one.name for one in people if one.role in _EMPLOYEES and one.employee],
        agents_on_record=[one.name for one in people if one.role in _AGENTS],
        administrator_is=row.administrator_is,
        form_address=_postal(row),
        address_of_record=_postal(account),
        active_admin_id=await store.active_administrator(unit.connection, employer),
        address_changed_on=account.address_changed_on,
        today=unit.today,
    )


def _postal(row: Any) -> rules.PostalAddress:
    return rules.PostalAddress(row.street, row.city, row.state_code, row.zip)


# -- acts ------------------------------------------------------------------------------------------


async def register(unit: Unit, form: RegisterFax) -> UserIdRequest:
    """A faxed form, with the dates that follow from when it was received [S]. Raises NOT_FOUND, INVALID."""
    account = await accounts.account_of(unit, form.group_number)
    if form.received_at > unit.now:
        raise Problem(
            ProblemType.INVALID,
            "A fax cannot be received at a time to come.",
            errors=[("received_at", "lies in the future")],
        )
    if form.received_at < unit.now - _OLDEST_FAX:
        raise Problem(
            ProblemType.INVALID,
            "The time of receipt is more than a year back.",
            errors=[("received_at", "lies more than a year back")],
        )
    dates = deadlines.request_dates(form.received_at, (), unit.policy.user_ids, unit.calendar)
    number = f"U-{await unit.number('user_id_request'):05d}"
    await store.add(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "kind": form.kind,
            "state": UserIdRequestState.RECEIVED,
            "faxed_at": form.received_at,
            "fax_reference": form.fax_reference,
            "administrator": form.administrator,
            "administrator_is": form.administrator_is,
            "signer": form.signer,
            "street": form.street,
            "city": form.city,
            "state_code": form.state,
            "zip": form.zip,
            "mail_by": dates.mail_by,
            "arrive_by": dates.arrive_by,
            "registered_by": unit.actor.id,
        },
    )
    unit.audit("user_ids.register", "user_id_request", number, account=account.number)
    unit.emit(EventKind.USER_ID_REQUEST, number, 1)
    return await _view(unit, await _request(unit, number))


async def approve(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Approve: user ID and one-time code will be made and mailed to the client, and to nobody else.

    Raises NOT_FOUND, STALE with the present state, RULE_REFUSES or NOT_ALLOWED with the sentence.
    """
    row = await _request(unit, number)
    await _same_version(unit, row, version)
    account = await accounts.account_by_id(unit, row.account_id)
    # Two requests of one employer approved at the same time must not make two administrator IDs.
    await store.accounts_of_employer(unit.connection, account, lock=True)
    found = rules.checks(await _facts(unit, row, account), unit.policy.user_ids)
    _raise(_approval_refused(unit, UserIdRequestState(row.state), found))
    await store.add_web_user(
        unit.connection,
        {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": account.id,
            "kind": "administrator",
            "state": "pending",
            "state_at": unit.now,
            "created_at": unit.now,
            "request_id": row.id,
        },
    )
    return await _decided(unit, row, version, UserIdRequestState.APPROVED)


async def deny(unit: Unit, number: str, version: int, form: Deny) -> UserIdRequest:
    """Refuse the request with the reason; Raises as `approve`."""
    row = await _request(unit, number)
    await _same_version(unit, row, version)
    _raise(rules.denial_refused(UserIdRequestState(row.state), form.reason))
    return await _decided(
        unit, row, version, UserIdRequestState.REFUSED, deny_reason=form.reason, note=form.note
    )


async def undo(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Take one's own decision back within its minutes, before anything was mailed. Raises as `approve`."""
    row = await _request(unit, number)
    await _same_version(unit, row, version)
    assert unit.actor.rep_id is not None
    _raise(
        rules.undo_refused(
            UserIdRequestState(row.state),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            rep=unit.actor.rep_id,
            now=unit.now,
            policy=unit.policy.user_ids,
        )
    )
    await store.withdraw_web_users_of(unit.connection, row.id)
    changes = {"state": UserIdRequestState.RECEIVED, "decided_by": None, "decided_at": None}
    return await _change(unit, row, version, "user_ids.undo", {**changes, "deny_reason": "", "note": ""})


async def _decided(
    unit: Unit, row: Any, version: int, state: UserIdRequestState, **more: str
) -> UserIdRequest:
    changes = {"state": state, "decided_by": unit.actor.rep_id, "decided_at": unit.now, **more}
    act = "user_ids.approve" if state is UserIdRequestState.APPROVED else "user_ids.deny"
    return await _change(unit, row, version, act, changes)


async def _change(
    unit: Unit, row: Any, version: int, act: str, changes: Mapping[str, object]
) -> UserIdRequest:
    if not await store.change(unit.connection, row.id, version, changes):
        raise await _stale(unit, row)
    unit.audit(act, "user_id_request", row.number, reason=changes.get("deny_reason", ""))
    unit.emit(EventKind.USER_ID_REQUEST, row.number, version + 1)
    return await _view(unit, await _request(unit, row.number))


async def _same_version(unit: Unit, row: Any, version: int) -> None:
    if row.version != version:
        raise await _stale(unit, row)


async def _stale(unit: Unit, row: Any) -> Problem:
    present = await _view(unit, await _request(unit, row.number))
    return Problem(
        ProblemType.STALE,
        f"{row.number} was changed meanwhile; look at it as it is now.",
        current=as_json(present),
    )


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)


async def request_by_id(unit: Unit, request_id: int) -> Any:
    """The row of a request, with the number and name of its group; what shows it asks the gate."""
    row = await store.by_id(unit.connection, request_id)
    assert row is not None, "a request is never deleted"
    return row


async def change_state(unit: Unit, request_id: int, state: UserIdRequestState, **columns: object) -> None:
    """Bring a request into a state, with other columns that go with it, and tell every desk."""
    number, version = await store.move(unit.connection, request_id, {"state": state, **columns})
    unit.emit(EventKind.USER_ID_REQUEST, number, version)


async def count_due(unit: Unit) -> int:
    """How many requests are to be in the mail today, or should have been."""
    return await store.count_due(unit.connection, unit.today)
