"""A form that is incomplete: the client is called back, and the days stand still until the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api_client.types.call_words import PhoneAct
from api_client.types.calls import PlanCallBack
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import Missing, UserIdRequestState
from api_client.types.user_ids import Completed, Incomplete, UserIdRequest
from api_client.types.words import Channel, ContactRole
from backend.accounts import service as accounts
from backend.calls import call_backs, gate, notes
from backend.database.unit import Unit
from backend.problems import Problem, raise_refused
from backend.user_ids import deadlines, decisions, moves, store, view

MISSING_WORDS = {
    Missing.SIGNATURE: "the signature",
    Missing.SIGNER: "the name of who signed",
    Missing.ADMINISTRATOR: "the administrator",
    Missing.ADDRESS: "the address",
    Missing.PAGE: "a page that can be read",
}
_CALLED = (ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR)
_COLUMNS = {
    "administrator": "administrator",
    "administrator_is": "administrator_is",
    "signer": "signer",
    "street": "street",
    "city": "city",
    "state": "state_code",
    "zip": "zip",
    "fax_reference": "fax_reference",
}
"""The column of each field that an answer can change."""


async def incomplete(unit: Unit, number: str, version: int, form: Incomplete) -> UserIdRequest:
    """Stop the days of a request, and have the client called back at the number on record.

    Without a contact who has one, nobody is called. Raises NOT_FOUND, NOT_VERIFIED, STALE, INVALID, and
    RULE_REFUSES where the request is decided or incomplete already.
    """
    notes.refuse_ssn(form.note, "note")
    row = await moves.requested(unit, number, version)
    raise_refused(decisions.incomplete_refused(UserIdRequestState(row.state)))
    missing = list(dict.fromkeys(form.missing))
    call_back = await _call_back(unit, row, missing)
    await store.add_pause(unit.connection, row.id, unit.now)
    changes = {
        "state": UserIdRequestState.INCOMPLETE,
        "checked_by": None,
        "missing": missing,
        "missing_note": form.note,
        "call_back": call_back,
        **await _dates(unit, row),
    }
    return await moves.changed(unit, row, version, "user_ids.incomplete", changes)


async def _call_back(unit: Unit, row: Any, missing: list[Missing]) -> str:
    """Number of the call-back that asks for what is missing; empty where there is nobody to call."""
    people = await accounts.contacts(unit, row.account_id)
    able = [one for one in people if one.role in _CALLED and one.phone and accounts.in_force(one, unit.today)]
    if not able:
        return ""
    whom = min(able, key=lambda one: _CALLED.index(one.role))
    what = ", ".join(MISSING_WORDS[one] for one in missing)
    form = PlanCallBack(
        group_number=row.group_number,
        who=whom.name,
        reason=f"{row.number} user-ID form lacks {what}",
        due_from=unit.now,
        due_to=unit.calendar.closing(unit.calendar.next_open_day(unit.today)),
    )
    return (await call_backs.plan(unit, form)).id


async def complete(unit: Unit, number: str, version: int, form: Completed) -> UserIdRequest:
    """What the client answered: the days go on, with the day of the answer as day 0 of what is left.

    Raises as `incomplete`, and RULE_REFUSES for an answer by phone where nobody was reached at the number on
    record, or that brings what only a fax can.
    """
    row = await moves.requested(unit, number, version)
    if row.state != UserIdRequestState.INCOMPLETE:
        raise Problem(ProblemType.RULE_REFUSES, "Nothing is missing on this form.")
    asked_at = (await store.pauses(unit.connection, row.id))[-1].incomplete_at
    _refuse_time(unit, asked_at, form.answered_at)
    await _refuse_way(unit, row, form, asked_at)
    given = form.model_dump(exclude_none=True, include=set(_COLUMNS))
    changes = {_COLUMNS[name]: value for name, value in given.items()}
    _refuse_what_is_missing_still(row, changes)
    await store.end_pause(unit.connection, row.id, max(form.answered_at, asked_at))
    if row.call_back:
        await call_backs.need(unit, row.call_back, needed=False)
    changes |= {"state": UserIdRequestState.RECEIVED, "missing": [], "missing_note": ""}
    changes |= await _dates(unit, row)
    return await moves.changed(unit, row, version, "user_ids.complete", changes)


def _refuse_time(unit: Unit, asked_at: datetime, answered_at: datetime) -> None:
    wrong = ""
    if answered_at > unit.now:
        wrong = "lies in the future"
    elif answered_at < asked_at.replace(second=0, microsecond=0):  # a rep types minutes
        wrong = "lies before the client was asked"
    if wrong:
        sentence = f"The time of the answer {wrong}."
        raise Problem(ProblemType.INVALID, sentence, errors=[("answered_at", wrong)])


async def _refuse_way(unit: Unit, row: Any, form: Completed, asked_at: datetime) -> None:
    if form.by is Channel.PHONE:
        missing = [Missing(one) for one in row.missing]
        reached = await _reached(unit, row)
        raise_refused(decisions.by_phone_refused(missing, signer=form.signer is not None, reached=reached))
        return
    raise_refused(decisions.channel_refused(form.by, unit.policy))
    page = await view.page_of(unit, row.id)
    new_page = page is not None and page.kept_at >= asked_at
    raise_refused(decisions.by_fax_refused(form.fax_reference, new_page=new_page))


async def _reached(unit: Unit, row: Any) -> bool:
    """Whether a contact of the client was reached at the number on record: in this call, or called back."""
    call = await gate.on_line(unit)
    if call is None:
        return bool(row.call_back) and await call_backs.was_reached(unit, row.call_back)
    account = await accounts.account_by_id(unit, row.account_id)
    askers = gate.askers(unit, call, PhoneAct.ID_REISSUE, account)
    return any(gate.stepped_up(one) for one in askers)


def _refuse_what_is_missing_still(row: Any, changes: dict[str, Any]) -> None:
    """Raises RULE_REFUSES while a field that was missing is empty."""
    fields = {
        Missing.ADMINISTRATOR: ("administrator",),
        Missing.SIGNER: ("signer",),
        Missing.ADDRESS: ("street", "city", "state_code", "zip"),
    }
    for one in map(Missing, row.missing):
        if not all(changes.get(column, getattr(row, column)).strip() for column in fields.get(one, ())):
            raise Problem(ProblemType.RULE_REFUSES, f"The form still lacks {MISSING_WORDS[one]}.")


async def _dates(unit: Unit, row: Any) -> dict[str, Any]:
    """Both dates, from what happened to the request so far."""
    start = row.reissued_at or row.faxed_at
    pauses = [
        deadlines.Pause(one.incomplete_at, one.answered_at)
        for one in await store.pauses(unit.connection, row.id)
        if one.incomplete_at >= start
    ]
    dates = deadlines.request_dates(start, pauses, unit.policy.user_ids, unit.calendar)
    return {"mail_by": dates.mail_by, "arrive_by": dates.arrive_by}
