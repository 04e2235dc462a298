"""What a decision on a user-ID request sends: letters ordered, taken back and ordered again; and what ends a
code before it is used. How the letters are printed and mailed is in `post`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api_client.types.call_words import PhoneAct, VerifyItem
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    CodeState,
    DenyReason,
    Envelopes,
    LetterPart,
    UserAct,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.user_ids import UserIdRequest
from backend.accounts import service as accounts
from backend.calls import gate
from backend.database.unit import Unit
from backend.letters import user_id_letters as letters
from backend.letters.facts import IdDeniedFacts, IdNoticeFacts, UserIdFacts
from backend.letters.ordering import To
from backend.postal import PostalAddress
from backend.problems import Problem, raise_refused
from backend.user_ids import access_log, codes, deadlines, moves, post, user_store, view
from backend.user_ids import code_store as store
from backend.user_ids import reissue as reissues

_AT_ONCE = 50


# -- the decision ----------------------------------------------------------------------------------


async def approved(unit: Unit, account: Any, request_row: Any, user_id: int) -> None:
    """Order the letters of an approved request: ID and code to the client at its address of record, and the
    notice to somebody else of the client. An earlier code of the ID (its key) works no more.

    A RESET brings a code for the ID that is there; any other request an ID as well.
    """
    await codes.kill(unit, user_id, "a new request was approved")
    await _order(unit, account, request_row, await user_store.by_id(unit.connection, user_id))
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
    for place in await view.notice_places(unit, account, request):
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


def _client(account: Any, request: Any) -> To:
    at = PostalAddress.of(account)
    return To(view.addressee(request), at, account.name)


async def denied(unit: Unit, account: Any, request_row: Any, reason: DenyReason) -> None:
    """Order the letter that says why a form was not accepted; none for a duplicate, or without an address."""
    at = PostalAddress.of(account)
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
            await codes.kill(unit, row.web_user_id, "taken back")


# -- another letter --------------------------------------------------------------------------------


async def reissue(unit: Unit, number: str, version: int) -> UserIdRequest:
    """Stop the code that is lost, and order a new letter to the address of record; the days count anew.

    The caller on the line is the client's, said the address of record, and was reached at the number on
    record. Raises NOT_FOUND, NOT_VERIFIED, STALE with the present state, RULE_REFUSES or NOT_ALLOWED.
    """
    row = await moves.requested(unit, number, version)
    account = await accounts.account_by_id(unit, row.account_id)
    call = await gate.require_act(unit, PhoneAct.ID_REISSUE, account)
    asker = gate.askers(unit, call, PhoneAct.ID_REISSUE, account)[0]
    if VerifyItem.BILLING_ADDRESS not in asker.matched:
        unit.audit("call.locked", "account", account.number, what="address of record")
        raise Problem(ProblemType.NOT_VERIFIED, reissues.ADDRESS_FIRST, keep=True)
    await accounts.lock(unit, account.id)
    lost = await view.lost_letter(unit, account, row)
    raise_refused(reissues.refused(lost, view.decider(unit), unit.today, unit.policy.user_ids))
    user = await view.user_of(unit, row)
    assert user is not None, "it was mailed"
    await codes.kill(unit, user.id, "a new letter was ordered")
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
    seen = await moves.changed(unit, row, version, "user_ids.reissue", changes)
    await _order(unit, account, row, user, again=True)
    await gate.did(unit, PhoneAct.ID_REISSUE, account, subject=row.number)
    return seen


# -- what ends it ----------------------------------------------------------------------------------


async def came_back(unit: Unit, letter: Any, on: date) -> None:
    """The post brought the letter with ID or code in this row back: its code works no more.

    That of a letter which was ordered after it is another one, and works on.
    """
    request = await moves.request_by_id(unit, letter.request_id)
    ordered = max(filter(None, (request.decided_at, request.reissued_at)), default=None)
    if ordered is None or letter.print_from < ordered:
        return
    for code in await store.of_request(unit.connection, letter.request_id):
        if code.state == CodeState.LIVE:
            await codes.kill(unit, code.web_user_id, "its letter came back")
            await moves.change_state(
                unit, letter.request_id, UserIdRequestState.RETURNED_MAIL, returned_on=on
            )


async def expire(unit: Unit) -> int:
    """Let codes work no more whose last day is over, some at a time; returns how many there were.

    A code that was printed and not mailed in time goes too, and its letter with the next mailing.
    """
    over = await store.over(unit.connection, unit.today, _AT_ONCE)
    late = [one for one in await store.printed(unit.connection, _AT_ONCE) if post.too_late(unit, one)]
    found = [*over, *late]
    # As whoever uses or ends a code does it: the account first, so that nobody waits for the other in a ring.
    users = [one.web_user_id for one in found]
    await accounts.lock(unit, *await user_store.accounts_of(unit.connection, users))
    return sum([await _expired(unit, one) for one in found])


async def _expired(unit: Unit, found: Any) -> bool:
    """Let the code in this row work no more; False where somebody used or ended it meanwhile."""
    code = await store.current(unit.connection, found.web_user_id, lock=True)
    if code is None or (code.id, code.state) != (found.id, found.state):
        return False
    if code.state == CodeState.LIVE:
        await codes.expire(unit, code)
    else:
        await post.print_anew(unit, code, await moves.request_by_id(unit, code.request_id))
    return True
