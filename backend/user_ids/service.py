"""What a rep does with user-ID requests: register the faxed form, check, approve, deny, take back.

No user ID and no access code is ever here: both are made in the mailing step and leave by post only [S].
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from api_client.types.accounts import OpenItem
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from api_client.types.matching import Queue
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    TO_MAIL_STATES,
    PersonIs,
    RequestView,
    UserAct,
    UserIdRequestKind,
    UserIdRequestState,
    UserKind,
    UserState,
)
from api_client.types.user_ids import Deny, RegisterFax, UserIdRequest, UserIdRow
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.calls import call_backs, gate, notes
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.policy.calendar import Calendar
from backend.problems import Problem, raise_refused
from backend.user_ids import access_log, deadlines, decisions, issuing, moves, rules, store, user_store, view
from backend.user_ids.delegation import last_day
from backend.user_ids.employers import employer_of

_MOST_COUNTED = 99
_OLDEST_FAX = timedelta(days=366)
"""An older time of receipt is a typing mistake."""


# -- lists -----------------------------------------------------------------------------------------


async def page(unit: Unit, *, part: RequestView, group: str | None, cursor: str | None) -> Page[UserIdRow]:
    """A part of the requests of all groups or of one.

    Open ones and those to be mailed come by their mail-by date, those on the way by the day they arrive by,
    done ones with the newest decision first. Raises NOT_FOUND, NOT_VERIFIED, and INVALID for every request of
    all groups.
    """
    account_id = None
    if group:
        account = await accounts.account_of(unit, group)
        await gate.require(unit, Fact.USER_IDS, account)
        account_id = int(account.id)
        unit.audit("user_ids.list", "account", account.number)
    else:
        await gate.require_no_call(unit, "The list of all requests")
        if part is RequestView.ALL:
            sentence = "Every request is listed for one group only: name the group."
            raise Problem(ProblemType.INVALID, sentence, errors=[("group", "is missing")])
        unit.audit("user_ids.list", "queue", "user-ID requests")
    name = f"user_ids.{part.value}"
    after = open_cursor(unit.keys, name, cursor) if cursor else None
    rows = await _rows(unit, part, account_id, after)
    following = None
    if len(rows) > PAGE:
        following = seal_cursor(unit.keys, name, _place(part, rows[PAGE - 1]))
    return Page(rows=[view.row(unit, row) for row in rows[:PAGE]], next=following)


async def _rows(unit: Unit, part: RequestView, account_id: int | None, after: Any) -> Any:
    if part is RequestView.ALL:
        assert account_id is not None
        return await store.all_page(unit.connection, account_id, after[0] if after else None, PAGE + 1)
    if part is RequestView.DONE:
        newest = cast(tuple[datetime, int], tuple(after)) if after else None
        return await store.done_page(unit.connection, account_id, newest, PAGE + 1)
    first = cast(tuple[date, int], tuple(after)) if after else None
    return await store.by_date(unit.connection, part, account_id, first, PAGE + 1)


def _place(part: RequestView, row: Any) -> list[Any]:
    """Where a list goes on after this row."""
    if part is RequestView.ALL:
        return [row.id]
    if part is RequestView.DONE:
        return [row.decided_at, row.id]
    day = row.arrive_by if part is RequestView.ON_THE_WAY else row.mail_by
    return [day or store.NO_DATE, row.id]


async def open_items(unit: Unit, account_id: int) -> list[OpenItem]:
    """Requests of an account that are not mailed yet, for its screen, with the date a caller may hear."""
    return [
        OpenItem(
            id=row.number,
            kind="user ID",
            state=rules.comes(row.arrive_by, unit.today, late=view.is_late(unit, row)) or "incomplete",
            urgency=view.urgency(unit, row),
        )
        for row in await store.waiting_of_account(unit.connection, account_id)
    ]


async def newest_words(unit: Unit, account: Any) -> str:
    """The newest request of the employer and how far it has come, for its screen; empty for none."""
    employer = await store.accounts_of_employer(unit.connection, account)
    row = await store.newest_of(unit.connection, employer)
    if row is None:
        return ""
    kind, state = UserIdRequestKind(row.kind), UserIdRequestState(row.state)
    late = view.is_late(unit, row)
    far = rules.how_far(kind, state, row.arrive_by, row.mailed_on, unit.today, late=late)
    return f"{row.number} {far}"


async def of_employer(unit: Unit, account: Any) -> tuple[set[str], Any | None]:
    """States of the employer's administrator IDs, and the row of its newest request; None for no request.

    One ID serves all group numbers of an employer [S], so a request of any of them counts.
    """
    employer = await store.accounts_of_employer(unit.connection, account)
    states = await user_store.administrator_states(unit.connection, employer)
    return states, await store.newest_of(unit.connection, employer)


async def asked_for(unit: Unit, account_ids: Sequence[int]) -> bool:
    """Whether anybody asked for a user ID of one of these accounts, or has one."""
    if await store.newest_of(unit.connection, account_ids) is not None:
        return True
    return bool(await user_store.of_accounts(unit.connection, account_ids))


async def queue_count(unit: Unit) -> Queue:
    """Counts for the home screen; late are those to be mailed too."""
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


async def count_due(unit: Unit) -> int:
    """How many requests are to be in the mail today, or should have been."""
    return await store.count_due(unit.connection, unit.today)


# -- one request -----------------------------------------------------------------------------------


async def show(unit: Unit, number: str) -> UserIdRequest:
    """One request with its checks. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await moves.look_up(unit, number)
    unit.audit("user_ids.show", "user_id_request", number)
    return await view.request(unit, row)


# -- acts ------------------------------------------------------------------------------------------


async def register(unit: Unit, form: RegisterFax) -> UserIdRequest:
    """A faxed form, with the dates that follow from when it was received [S].

    Raises NOT_FOUND, NOT_VERIFIED, INVALID, and RULE_REFUSES for a form that came in another way (R05).
    """
    account = await accounts.account_of(unit, form.group_number)
    await gate.require(unit, Fact.USER_IDS, account)
    raise_refused(decisions.channel_refused(form.channel, unit.policy))
    _refuse_time(unit, form.received_at)
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
            "state_code": form.state.upper(),
            "zip": form.zip,
            "mail_by": dates.mail_by,
            "arrive_by": dates.arrive_by,
            "registered_by": unit.actor.id,
        },
    )
    unit.audit("user_ids.register", "user_id_request", number)
    unit.emit(EventKind.USER_ID_REQUEST, number, 1)
    return await view.request(unit, await store.by_number(unit.connection, number))


def _refuse_time(unit: Unit, received_at: datetime) -> None:
    wrong = ""
    if received_at > unit.now:
        wrong = "lies in the future"
    elif received_at < unit.now - _OLDEST_FAX:
        wrong = "lies more than a year back"
    if wrong:
        sentence = f"The time of receipt {wrong}."
        raise Problem(ProblemType.INVALID, sentence, errors=[("received_at", wrong)])


async def approve(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Approve: user ID and one-time code will be made and mailed to the client, and to nobody else.

    After a move it is the first of two approvals, or the second by a lead. Raises NOT_FOUND, NOT_VERIFIED,
    STALE with the present state, RULE_REFUSES or NOT_ALLOWED with the sentence.
    """
    row = await moves.requested(unit, number, version)
    account = await accounts.account_by_id(unit, row.account_id)
    # Two requests of one employer approved at the same time must not make two administrator IDs.
    employer = await store.accounts_of_employer(unit.connection, account, lock=True)
    found = await view.checked(unit, row, account)
    raise_refused(view.approval_refused(unit, row, account, found))
    me = unit.actor.rep_id
    after = decisions.state_after_approval(UserIdRequestState(row.state), found)
    if after is UserIdRequestState.VERIFYING:
        return await moves.changed(unit, row, version, "user_ids.check", {"state": after, "checked_by": me})
    decided = {"state": after, "decided_by": me, "decided_at": unit.now}
    await moves.change(unit, row, version, "user_ids.approve", decided)
    for one in await store.mailed_in_vain(unit.connection, employer, row.id):
        await _end(unit, one)
    user_id = await _user_of(unit, row, account)
    await issuing.approved(unit, account, await moves.request_by_id(unit, row.id), user_id)
    return await moves.present(unit, row.id)


async def _end(unit: Unit, row: Any) -> None:
    """What was mailed in vain works no more, as another request takes its place."""
    await issuing.taken_back(unit, row)
    await user_store.withdraw_to_come(unit.connection, row.id, unit.now)
    await moves.change_state(unit, row.id, UserIdRequestState.REVOKED)
    unit.audit("user_ids.revoke", "user_id_request", row.number)


async def _user_of(unit: Unit, row: Any, account: Any) -> int:
    """Key of the ID that the letter is about: the one that is there for a reset, else a new one."""
    in_use = await view.in_use(unit, account)
    if row.kind == UserIdRequestKind.RESET:
        assert in_use is not None, "checked before"
        return int(in_use.id)
    person_is = PersonIs(row.administrator_is)
    agents = (await employer_of(unit, account.id)).agents[account.id]
    made = await user_store.add(
        unit.connection,
        {
            "number": f"W-{await unit.number('web_user'):05d}",
            "account_id": account.id,
            "kind": UserKind.ADMINISTRATOR,
            "state": UserState.PENDING,
            "state_at": unit.now,
            "person": row.administrator,
            "person_is": person_is,
            "valid_to": last_day(None, row.administrator, person_is, agents),
            "created_at": unit.now,
            "request_id": row.id,
            "replaces": in_use.id if in_use is not None else None,
        },
    )
    return int(made.id)


async def deny(unit: Unit, number: str, version: int, form: Deny) -> UserIdRequest:
    """Refuse the request with the reason, which the client is written; Raises as `approve`, and INVALID."""
    notes.refuse_ssn(form.note, "note")
    row = await moves.requested(unit, number, version)
    raise_refused(decisions.denial_refused(UserIdRequestState(row.state), form.reason))
    decided = {"decided_by": unit.actor.rep_id, "decided_at": unit.now}
    reason = {"deny_reason": form.reason, "note": form.note, "checked_by": None}
    changes = {"state": UserIdRequestState.REFUSED, **decided, **reason}
    await moves.change(unit, row, version, "user_ids.deny", changes)
    if row.call_back:
        await call_backs.need(unit, row.call_back, needed=False)
    account = await accounts.account_by_id(unit, row.account_id)
    await issuing.denied(unit, account, await moves.request_by_id(unit, row.id), form.reason)
    return await moves.present(unit, row.id)


async def undo(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Take a decision back before its letter is mailed: one's own, or any as a lead. Raises as `approve`."""
    row = await moves.requested(unit, number, version)
    account = await accounts.account_by_id(unit, row.account_id)
    # Its letter must not be marked as mailed meanwhile.
    await store.accounts_of_employer(unit.connection, account, lock=True)
    raise_refused(await view.undo_refused(unit, row))
    nobody = {"checked_by": None, "decided_by": None, "decided_at": None}
    nobody |= {"mailed_on": None, "returned_on": None}
    state = UserIdRequestState.INCOMPLETE if row.missing else UserIdRequestState.RECEIVED
    changes = {"state": state, **nobody, "deny_reason": "", "note": ""}
    await moves.change(unit, row, version, "user_ids.undo", changes)
    if row.missing and row.call_back:
        await call_backs.need(unit, row.call_back, needed=True)
    await issuing.taken_back(unit, row)
    if row.state in TO_MAIL_STATES:
        await _note_taken_back(unit, row, account)
    await user_store.withdraw_to_come(unit.connection, row.id, unit.now)
    return await moves.present(unit, row.id)


async def _note_taken_back(unit: Unit, row: Any, account: Any) -> None:
    in_use = await view.in_use(unit, account)
    made = await user_store.to_come(unit.connection, row.id)
    about = made[0] if made else in_use.id if in_use is not None else None
    await access_log.note(unit, account.id, about, UserAct.TAKEN_BACK)
