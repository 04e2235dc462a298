"""The mailing of letters with ID or code: taken up, printed, marked.

ID and code are made in the process that prints them. Here are their keyed digests, and the digest of the
paper that carries them: only that paper can be marked as mailed, and only then its code works.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, BinaryIO

from pydantic import ValidationError

from api_client.types.enrollment import Refusal
from api_client.types.letters import LettersIssued, PrintedCode
from api_client.types.user_id_words import (
    TO_MAIL_STATES,
    CodeState,
    LetterPart,
    UserAct,
    UserIdRequestState,
)
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.database.unit import Unit
from backend.letters import user_id_letters as letters
from backend.progress import Progress
from backend.runtime import Runtime
from backend.user_ids import access_log, code_store, codes, moves, store, user_store
from backend.user_ids.reissue import moved_since


async def waits(unit: Unit, letter: Any) -> str:
    """Why the letter with ID or code in this row cannot go with a mailing now; empty when it can."""
    request = await moves.request_by_id(unit, letter.request_id)
    if request.state not in TO_MAIL_STATES:
        return f"{letter.number} waits: {request.number} is not approved any more"
    if await _elsewhere(unit, request, [letter]):
        return f"{letter.number} waits: {moved_since(request.number)}"
    code = await _printed_code(unit, request.id)
    if code is None:
        return ""
    return (
        f"{letter.number} waits: it was printed on {_printed_on(unit, code)} into a folder that was not "
        "finished. Run the command on that folder again; if it is lost, take the approval of "
        f"{request.number} back and approve it anew"
    )


async def _elsewhere(unit: Unit, request: Any, waiting: Sequence[Any]) -> bool:
    """Whether one of these letters is to go where the client is not on record any more."""
    return letters.elsewhere(waiting, await accounts.account_by_id(unit, request.account_id))


async def _printed_code(unit: Unit, request_id: int) -> Any | None:
    found = await code_store.of_request(unit.connection, request_id)
    return next((row for row in found if row.state == CodeState.PRINTED), None)


def _printed_on(unit: Unit, code: Any) -> date:
    return unit.calendar.local_date(code.made_at)


async def taken(unit: Unit, letter: Any) -> None:
    """Have the letter with ID or code in this row go with the mailing of today; its code will have its last
    day so many days from now (`user_ids.code_valid_days`).
    """
    activate_by = unit.today + timedelta(days=unit.policy.user_ids.code_valid_days)
    await letters.take_up(unit, letter, activate_by)
    request = await moves.request_by_id(unit, letter.request_id)
    if request.state != UserIdRequestState.PRINT_QUEUED:
        await moves.change_state(unit, request.id, UserIdRequestState.PRINT_QUEUED)


# -- printed -------------------------------------------------------------------------------------

_AT_ONCE = 50
"""Requests a unit deals with, so that no desk waits for it."""
_LONGEST_LINE = 4096
_NO_LINE = "this line does not say what was printed"


async def issue_codes(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | LettersIssued]:
    """Take on what was printed, each as a line of JSON (`PrintedCode`); what cannot be is refused with why,
    and its paper must not be kept.
    """
    issued = read = 0
    refused: list[Refusal] = []
    lines = _lines(source)
    while some := list(islice(lines, _AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            await _lock(unit, [given.request for _, given in some if given is not None])
            for line, given in some:
                why = _NO_LINE if given is None else await _issue(unit, given)
                refused += [Refusal(line=line, reason=why)] if why else []
                issued += not why
        read += len(some)
        yield Progress(read)
    yield LettersIssued(issued=issued, refused=refused)


def _lines(source: BinaryIO) -> Iterator[tuple[int, PrintedCode | None]]:
    for at, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b""), start=1):
        try:
            yield at, PrintedCode.model_validate_json(raw)
        except ValidationError:
            yield at, None


async def _lock(unit: Unit, numbers: list[str]) -> None:
    """Lock the accounts of these requests, all of them before the first is changed."""
    rows = [await store.by_number(unit.connection, number) for number in numbers]
    await accounts.lock(unit, *{int(row.account_id) for row in rows if row is not None})


async def _issue(unit: Unit, given: PrintedCode) -> str:
    row = await store.by_number(unit.connection, given.request)
    return f"{given.request}: no such request" if row is None else await printed(unit, row, given)


async def printed(unit: Unit, request: Any, given: PrintedCode) -> str:
    """Take on the ID and code that were just made for a request; returns why not, empty when they are.

    From the same folder they take the place of those made before: that paper never reached a manifest. The
    account of the request is locked by the caller.
    """
    waiting = await letters.waiting(unit, request.id)
    if why := _print_refused(request, waiting, given, unit):
        return why
    if await _elsewhere(unit, request, waiting):
        return f"{request.number} waits: {moved_since(request.number)}"
    about = letters.about(waiting[0])
    user = await user_store.by_number(unit.connection, about.user, lock=True)
    assert user is not None, "an ID is never deleted"
    before = await code_store.current(unit.connection, user.id, lock=True)
    if before is not None and (before.state, before.folder) != (CodeState.PRINTED, given.folder):
        return f"{request.number} waits: a code of it is printed in another folder, or in the mail"
    if await _made_before(unit, user, given):
        return f"{request.number} waits: what was made for it by chance was there before"
    if before is not None:
        await code_store.move(unit.connection, before.id, CodeState.DEAD, unit.now, "printed anew")
    if given.login_digest:
        await user_store.change(unit.connection, user.id, {"login_digest": given.login_digest})
    await code_store.add(
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
        await moves.change_state(unit, request.id, UserIdRequestState.ID_CREATED)
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
    if await code_store.known(unit.connection, given.code_digest):
        return True
    other = await user_store.by_login(unit.connection, given.login_digest)
    return other is not None and other.id != user.id


async def mailed(unit: Unit, letter: Any, sha256: str) -> str:
    """The paper with ID or code of this letter (its row) goes to the post now; returns why it must not, empty
    when it goes. With the letter that carries it, the code begins to work.
    """
    code = await _printed_code(unit, letter.request_id)
    if code is not None:  # whoever ends it at this very moment is waited for
        code = await code_store.current(unit.connection, code.web_user_id, lock=True)
    request = await moves.request_by_id(unit, letter.request_id)
    if code is None or request.state != UserIdRequestState.ID_CREATED:
        return f"{letter.number}: what is printed on it does not work any more: take it out"
    if not letter.paper_sha256 or sha256 != letter.paper_sha256:
        return f"{letter.number}: it is not the paper that was printed last: take it out"
    if await _elsewhere(unit, request, [letter]):
        return f"{letter.number}: take it out; {moved_since(request.number)}"
    if too_late(unit, code):
        await print_anew(unit, code, request)
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


def too_late(unit: Unit, code: Any) -> bool:
    """Whether a printed code lay about longer than the post takes: its days to arrive are used up."""
    days = unit.calendar.business_days_between(_printed_on(unit, code), unit.today)
    return days > unit.policy.user_ids.transit_business_days or code.valid_to < unit.today


async def print_anew(unit: Unit, code: Any, request: Any) -> None:
    """Let a code that was printed and not mailed in time be dead; its letter waits for the next mailing."""
    await codes.kill(unit, code.web_user_id, "not mailed in time")
    if request.state == UserIdRequestState.ID_CREATED:
        await moves.change_state(unit, request.id, UserIdRequestState.APPROVED)


async def _live(unit: Unit, code: Any, request: Any) -> None:
    await code_store.move(unit.connection, code.id, CodeState.LIVE, unit.now)
    late = request.mail_by is not None and request.mail_by < unit.today
    await moves.change_state(
        unit,
        request.id,
        UserIdRequestState.MAILED,
        mailed_on=unit.today,
        returned_on=None,
        breached=bool(request.breached or late),
    )
    user = await user_store.by_id(unit.connection, code.web_user_id)
    await access_log.note(unit, user.account_id, user.id, UserAct.CODE_MAILED)
