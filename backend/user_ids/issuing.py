"""From the approval of a request to the code in the mail: letters ordered, printed with ID and code, mailed;
and what ends a code before it is used.

ID and code are made in the process that prints them. Here are their keyed digests, and the digest of the
paper that carries them: only that paper can be marked as mailed, and only then its code works.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api_client.types.call_words import PhoneAct, VerifyItem
from api_client.types.letters import PrintedCode
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    TO_MAIL_STATES,
    CodeState,
    DenyReason,
    Envelopes,
    LetterPart,
    PersonIs,
    UserAct,
    UserIdRequestKind,
    UserIdRequestState,
    UserState,
)
from api_client.types.user_ids import UserIdRequest
from backend.accounts import service as accounts
from backend.accounts.rules import group_state
from backend.calls import gate
from backend.database.unit import Unit
from backend.letters import user_id_letters as letters
from backend.letters.facts import IdDeniedFacts, IdNoticeFacts, UserIdFacts
from backend.letters.ordering import To
from backend.problems import Problem, raise_refused
from backend.user_ids import access_log, codes, deadlines, notices, service, view
from backend.user_ids import code_store as store
from backend.user_ids import reissue as reissues
from backend.user_ids.rules import PostalAddress

_AT_ONCE = 50


# -- the decision ----------------------------------------------------------------------------------


async def approved(unit: Unit, account: Any, request_row: Any, user_id: int) -> None:
    """Order the letters of an approved request: ID and code to the client at its address of record, and the
    notice to somebody else of the client. An earlier code of the ID (its key) works no more.

    A RESET brings a code for the ID that is there; any other request an ID as well.
    """
    await kill(unit, user_id, "a new request was approved")
    await _order(unit, account, request_row, await store.user(unit.connection, user_id))
    await access_log.note(unit, account.id, user_id, UserAct.APPROVED)


async def _order(unit: Unit, account: Any, request: Any, user: Any, *, again: bool = False) -> None:
    kind = UserIdRequestKind(request.kind)
    received_on = unit.calendar.local_date(request.faxed_at)
    for part in _parts(kind, unit.policy.user_ids.envelopes):
        about = UserIdFacts(
            asked=kind,
            contact=request.administrator,
            received_on=received_on,
            part=part,
            user=user.number,
            again=again,
        )
        await letters.order(unit, account, request.id, _client(account, request), about)
    for place in await _places(unit, account, request):
        notice = IdNoticeFacts(
            asked=kind,
            contact=request.administrator,
            received_on=received_on,
            moved=place.old,
            again=again,
        )
        company = "" if place.old else account.name
        await letters.order(unit, account, request.id, To(place.name, place.address, company), notice)


def _parts(kind: UserIdRequestKind, envelopes: Envelopes) -> tuple[LetterPart, ...]:
    """What each letter of a request brings; the one with the ID goes first."""
    if kind is UserIdRequestKind.RESET:
        return (LetterPart.CODE,)
    return (LetterPart.ID, LetterPart.CODE) if envelopes is Envelopes.TWO else (LetterPart.BOTH,)


def _addressee(request: Any) -> str:
    """Who of the client opens it: never a broker or another agent, whose ID goes through the signer (R07)."""
    return str(request.administrator if request.administrator_is == PersonIs.EMPLOYEE else request.signer)


def _client(account: Any, request: Any) -> To:
    at = PostalAddress(account.street, account.city, account.state_code, account.zip)
    return To(_addressee(request), at, account.name)


async def _places(unit: Unit, account: Any, request: Any) -> list[notices.Place]:
    return notices.places(
        account,
        await accounts.contacts(unit, account.id),
        {request.administrator, _addressee(request)},
        unit.today,
        unit.policy.user_ids.recent_move_days,
    )


async def notice_to(unit: Unit, account: Any, request_row: Any) -> str:
    """Who else hears that an ID is issued, or that nobody does, for the rep who approves."""
    return notices.notice_words(await _places(unit, account, request_row))


async def denied(unit: Unit, account: Any, request_row: Any, reason: DenyReason) -> None:
    """Order the letter that says why a form was not accepted; none for a duplicate, or without an address."""
    at = PostalAddress(account.street, account.city, account.state_code, account.zip)
    if reason is DenyReason.DUPLICATE or not at.street:
        return
    about = IdDeniedFacts(
        asked=UserIdRequestKind(request_row.kind),
        contact=request_row.administrator,
        received_on=unit.calendar.local_date(request_row.faxed_at),
        reason=reason,
        fax=unit.policy.letters.form_fax,
    )
    await letters.order(unit, account, request_row.id, To(account.name, at), about)


async def taken_back(unit: Unit, request_row: Any) -> None:
    """Take back the letters of a decision; a code that is printed on one of them works no more."""
    await letters.take_back(unit, request_row.id)
    for row in await store.of_request(unit.connection, request_row.id):
        if row.state in (CodeState.PRINTED, CodeState.LIVE):
            await kill(unit, row.web_user_id, "taken back")


async def kill(unit: Unit, user_id: int, why: str) -> bool:
    """Let the code of this ID (its key) work no more, printed or mailed; whether there was one."""
    return await codes.kill(unit, user_id, why)


# -- the mailing -----------------------------------------------------------------------------------


async def waits(unit: Unit, letter: Any) -> str:
    """Why the letter with ID or code in this row cannot go with a mailing now; empty when it can."""
    request = await service.request_by_id(unit, letter.request_id)
    if request.state not in TO_MAIL_STATES:
        return f"{letter.number} waits: {request.number} is not approved any more"
    code = await _printed_code(unit, request.id)
    if code is None:
        return ""
    return (
        f"{letter.number} waits: it was printed on {_printed_on(unit, code)} into a folder that was not "
        "finished. Run the command on that folder again; if it is lost, take the approval of "
        f"{request.number} back and approve it anew"
    )


async def _printed_code(unit: Unit, request_id: int) -> Any | None:
    found = await store.of_request(unit.connection, request_id)
    return next((row for row in found if row.state == CodeState.PRINTED), None)


def _printed_on(unit: Unit, code: Any) -> date:
    return unit.calendar.local_date(code.made_at)


async def taken(unit: Unit, letter: Any) -> None:
    """Have the letter with ID or code in this row go with the mailing of today; its code will have its last
    day so many days from now (`user_ids.code_valid_days`).
    """
    activate_by = unit.today + timedelta(days=unit.policy.user_ids.code_valid_days)
    await letters.take_up(unit, letter, activate_by)
    request = await service.request_by_id(unit, letter.request_id)
    if request.state != UserIdRequestState.PRINT_QUEUED:
        await service.change_state(unit, request.id, UserIdRequestState.PRINT_QUEUED)


async def printed(unit: Unit, request: Any, given: PrintedCode) -> str:
    """Take on the ID and code that were just made for a request; returns why not, empty when they are.

    From the same folder they take the place of those made before: that paper never reached a manifest. The
    account of the request is locked by the caller.
    """
    waiting = await letters.waiting(unit, request.id)
    if why := _print_refused(request, waiting, given, unit):
        return why
    about = letters.about(waiting[0])
    user = await store.user_by_number(unit.connection, about.user, lock=True)
    assert user is not None, "an ID is never deleted"
    before = await store.current(unit.connection, user.id, lock=True)
    if before is not None and (before.state, before.folder) != (CodeState.PRINTED, given.folder):
        return f"{request.number} waits: a code of it is printed in another folder, or in the mail"
    if await _made_before(unit, user, given):
        return f"{request.number} waits: what was made for it by chance was there before"
    if before is not None:
        await store.move(unit.connection, before.id, CodeState.DEAD, unit.now, "printed anew")
    if given.login_digest:
        await store.set_login(unit.connection, user.id, given.login_digest)
    await store.add(
        unit.connection,
        {
            "web_user_id": user.id,
            "request_id": request.id,
            "digest": given.code_digest,
            "folder": given.folder,
            "made_at": unit.now,
            "valid_to": given.activate_by,
            "state": CodeState.PRINTED,
            "state_at": unit.now,
        },
    )
    for row in waiting:
        await letters.issued(unit, row, given.papers[row.number])
    if request.state != UserIdRequestState.ID_CREATED:
        await service.change_state(unit, request.id, UserIdRequestState.ID_CREATED)
    unit.audit("user_ids.print", "user_id_request", request.number, user=user.number)
    return ""


def _print_refused(request: Any, waiting: Any, given: PrintedCode, unit: Unit) -> str:
    if request.state not in (UserIdRequestState.PRINT_QUEUED, UserIdRequestState.ID_CREATED):
        return f"{request.number} is not approved for a mailing any more"
    if not waiting or given.papers.keys() != {row.number for row in waiting}:
        return f"{request.number} waits: its letters are others by now"
    if any(letters.about(row).activate_by != given.activate_by for row in waiting):
        return f"{request.number} waits: it was taken into a later mailing"
    with_id = any(letters.about(row).part is not LetterPart.CODE for row in waiting)
    if with_id != bool(given.login_digest) or given.activate_by < unit.today:
        return f"{request.number} waits: what was made for it does not fit its letters"
    return ""


async def _made_before(unit: Unit, user: Any, given: PrintedCode) -> bool:
    """Whether another ID or any code has these digests: neither is ever given out twice."""
    if await store.known(unit.connection, given.code_digest):
        return True
    return await store.login_taken(unit.connection, given.login_digest, user.id)


async def mailed(unit: Unit, letter: Any, sha256: str) -> str:
    """The paper with ID or code of this letter (its row) goes to the post now; returns why it must not, empty
    when it goes. With the letter that carries it, the code begins to work.
    """
    request = await service.request_by_id(unit, letter.request_id)
    code = await _printed_code(unit, request.id)
    if code is None or request.state != UserIdRequestState.ID_CREATED:
        return f"{letter.number}: what is printed on it does not work any more: take it out"
    if not letter.paper_sha256 or sha256 != letter.paper_sha256:
        return f"{letter.number}: it is not the paper that was printed last: take it out"
    if _too_late(unit, code):
        await _print_anew(unit, code, request)
        return (
            f"{letter.number}: it was printed on {_printed_on(unit, code)} and is too late for its code: "
            "take it out; the next mailing has it anew"
        )
    if letters.about(letter).part is LetterPart.ID:
        return ""
    others = [row for row in await letters.waiting(unit, request.id) if row.id != letter.id]
    if others:
        return f"{letter.number}: {others[0].number}, which goes before it, is not mailed: take it out"
    await _live(unit, code, request)
    return ""


def _too_late(unit: Unit, code: Any) -> bool:
    """Whether a printed code lay about longer than the post takes: its days to arrive are used up."""
    days = unit.calendar.business_days_between(_printed_on(unit, code), unit.today)
    return days > unit.policy.user_ids.transit_business_days or code.valid_to < unit.today


async def _print_anew(unit: Unit, code: Any, request: Any) -> None:
    """Let a code that was printed and not mailed in time be dead; its letter waits for the next mailing."""
    await kill(unit, code.web_user_id, "not mailed in time")
    if request.state == UserIdRequestState.ID_CREATED:
        await service.change_state(unit, request.id, UserIdRequestState.APPROVED)


async def _live(unit: Unit, code: Any, request: Any) -> None:
    await store.move(unit.connection, code.id, CodeState.LIVE, unit.now)
    late = request.mail_by is not None and request.mail_by < unit.today
    await service.change_state(
        unit,
        request.id,
        UserIdRequestState.MAILED,
        mailed_on=unit.today,
        returned_on=None,
        breached=bool(request.breached or late),
    )
    user = await store.user(unit.connection, code.web_user_id)
    await access_log.note(unit, user.account_id, user.id, UserAct.CODE_MAILED)


# -- another letter --------------------------------------------------------------------------------


async def reissue(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Stop the code that is lost, and order a new letter to the address of record; the days count anew.

    The caller on the line is the client's, said the address of record, and was reached at the number on
    record. Raises NOT_FOUND, NOT_VERIFIED, STALE with the present state, RULE_REFUSES or NOT_ALLOWED.
    """
    row = await service.requested(unit, number, version)
    account = await accounts.account_by_id(unit, row.account_id)
    call = await gate.require_act(unit, PhoneAct.ID_REISSUE, account)
    asker = gate.askers(unit, call, PhoneAct.ID_REISSUE, account)[0]
    if VerifyItem.BILLING_ADDRESS not in asker.matched:
        unit.audit("call.locked", "account", account.number, what="address of record")
        raise Problem(ProblemType.NOT_VERIFIED, reissues.ADDRESS_FIRST, keep=True)
    await accounts.lock(unit, account.id)
    standing = await _standing(unit, account, row)
    raise_refused(reissues.refused(standing, view.decider(unit), unit.today, unit.policy.user_ids))
    user = await _user_of(unit, row)
    assert user is not None, "it was mailed"
    await kill(unit, user.id, "a new letter was ordered")
    dates = deadlines.request_dates(unit.now, (), unit.policy.user_ids, unit.calendar)
    changes = {
        "state": UserIdRequestState.APPROVED,
        "reissued_at": unit.now,
        "reissues": row.reissues + 1,
        "mail_by": dates.mail_by,
        "arrive_by": dates.arrive_by,
        "mailed_on": None,
        "returned_on": None,
    }
    seen = await service.changed(unit, row, version, "user_ids.reissue", changes)
    await _order(unit, account, row, user, again=True)
    await gate.did(unit, PhoneAct.ID_REISSUE, account, subject=row.number)
    return seen


async def reissue_look(unit: Unit, account: Any, request_row: Any) -> tuple[bool, str]:
    """Whether whoever acts may order a new letter for this request, and what it does or why they may not."""
    standing = await _standing(unit, account, request_row)
    refusal = reissues.refused(standing, view.decider(unit), unit.today, unit.policy.user_ids)
    return refusal is None, refusal.sentence if refusal else reissues.will(standing)


async def _standing(unit: Unit, account: Any, request: Any) -> reissues.Standing:
    user = await _user_of(unit, request)
    return reissues.Standing(
        number=request.number,
        state=UserIdRequestState(request.state),
        arrive_by=request.arrive_by,
        reissues=request.reissues,
        user_state=UserState(user.state) if user is not None else UserState.WITHDRAWN,
        group_state=group_state(account.state, account.ended_on, unit.today),
        address_changed_on=account.address_changed_on,
        address_changed_by=account.address_changed_by,
    )


async def _user_of(unit: Unit, request: Any) -> Any | None:
    """The ID that the letters of a request are about; None before any was ordered."""
    number = await letters.user_number(unit, request.id)
    return await store.user_by_number(unit.connection, number) if number else None


# -- what ends it ----------------------------------------------------------------------------------


async def came_back(unit: Unit, letter: Any, on: date) -> None:
    """The post brought the letter with ID or code in this row back: its code works no more."""
    for code in await store.of_request(unit.connection, letter.request_id):
        if code.state == CodeState.LIVE:
            await kill(unit, code.web_user_id, "its letter came back")
            await service.change_state(
                unit, letter.request_id, UserIdRequestState.RETURNED_MAIL, returned_on=on
            )


async def expire(unit: Unit) -> int:
    """Let codes work no more whose last day is over, some at a time; returns how many there were.

    A code that was printed and not mailed in time goes too, and its letter with the next mailing.
    """
    over = await store.over(unit.connection, unit.today, _AT_ONCE)
    for code in over:
        await codes.expire(unit, code)
    late = 0
    for code in await store.printed(unit.connection, _AT_ONCE):
        if _too_late(unit, code):
            await _print_anew(unit, code, await service.request_by_id(unit, code.request_id))
            late += 1
    return len(over) + late
