"""The gate before everything a caller could hear: what the one call on a rep's line has opened.

The backend knows which call is on whose line, so no screen and no request can leave it out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from api_client.types.call_words import CallerKind, Fact, PhoneAct, VerifyItem, VerifyState
from api_client.types.problems import ProblemType
from api_client.types.words import ActorKind
from backend.calls import guess, rules, store
from backend.database.unit import Unit
from backend.problems import Problem

_WORDS = {
    Fact.GROUP: "the group's record",
    Fact.BILLING: "billing",
    Fact.LETTERS: "letters",
    Fact.QUEUE: "where enrollments stand",
    Fact.USER_IDS: "user-ID requests",
    Fact.MEMBERS: "who is enrolled",
    Fact.COBRA: "COBRA",
    Fact.PERSON: "this person's record",
    Fact.CLAIMS: "claims",
    Fact.ACCESS_CODE: "an access code",
}


NO_CALL = "There is no caller on the line; F9 starts a call."
NOT_STEPPED_UP = "A change of address, contact or ID needs a call-back to the number on record; y offers it."


@dataclass(frozen=True)
class OnLine:
    """The call on a rep's line."""

    id: int
    number: str
    subjects: tuple[Any, ...]
    """Rows of what was proved in it."""


async def on_line(unit: Unit) -> OnLine | None:
    """The call on the line of whoever acts; None where there is none. What is read in it names it."""
    if unit.actor.kind is not ActorKind.REP or unit.actor.rep_id is None:
        return None
    rep_id = unit.actor.rep_id

    async def find() -> OnLine | None:
        rows = await store.on_line(unit.connection, rep_id)
        if not rows:
            return None
        first = rows[0]
        subjects = tuple(row for row in rows if row.id is not None)
        return OnLine(first.call_id, first.call_number, subjects)

    call: OnLine | None = await unit.once(("calls", "on_line"), find)
    if call is not None and not unit.context:
        unit.context = call.number
    return call


def subject_in(call: OnLine, account_id: int, member_id: int | None, enrollment_id: int | None = None) -> Any:
    """The row of what was proved of this group or person in the call, else None."""
    return next(
        (
            one
            for one in call.subjects
            if (one.account_id, one.member_id, one.enrollment_id) == (account_id, member_id, enrollment_id)
        ),
        None,
    )


async def heard(unit: Unit, account: Any, *, member: Any = None, enrollment: Any = None) -> frozenset[Fact]:
    """What may be heard of a group, or of a person of it, by whoever is on the line.

    `member` and `enrollment` are rows with `id` and `restricted`. Without a call it is what a rep works with.
    """
    call = await on_line(unit)
    if call is None:
        return rules.WITHOUT_A_CALL
    person = member if member is not None else enrollment
    facts = _proved(subject_in(call, account.id, None), unit, restricted=False)
    if person is not None:
        ids = (member.id if member is not None else None, enrollment.id if enrollment is not None else None)
        facts |= _proved(subject_in(call, account.id, *ids), unit, restricted=bool(person.restricted))
    return facts


def _proved(subject: Any, unit: Unit, *, restricted: bool) -> frozenset[Fact]:
    if subject is None or subject.state != VerifyState.VERIFIED:
        return frozenset()
    if subject.authority_to is not None and subject.authority_to < unit.today:
        return frozenset()
    delegated = [Fact(one) for one in subject.delegated]
    return rules.hears(CallerKind(subject.kind), delegated, restricted=restricted)


async def require(
    unit: Unit, fact: Fact, account: Any, *, member: Any = None, enrollment: Any = None
) -> None:
    """Raises NOT_VERIFIED when the caller on the line may not hear it."""
    if fact in await heard(unit, account, member=member, enrollment=enrollment):
        await did(unit, guess.heard(fact), account, member=member)
        return
    raise _not_verified(unit, _WORDS[fact], account.number)


async def require_any(
    unit: Unit, account: Any, what: str, *, member: Any = None, enrollment: Any = None
) -> frozenset[Fact]:
    """What the caller may hear of the group or person. Raises NOT_VERIFIED when that is nothing."""
    facts = await heard(unit, account, member=member, enrollment=enrollment)
    if not facts:
        raise _not_verified(unit, what, account.number)
    return facts


async def require_person(unit: Unit, account: Any, *, member: Any = None, enrollment: Any = None) -> None:
    """Raises NOT_VERIFIED when the caller may hear neither of this person nor of who is enrolled."""
    facts = await heard(unit, account, member=member, enrollment=enrollment)
    if not facts & {Fact.PERSON, Fact.MEMBERS}:
        raise _not_verified(unit, _WORDS[Fact.PERSON], account.number)
    await did(unit, guess.heard(Fact.PERSON), account, member=member)


async def require_no_call(unit: Unit, what: str) -> None:
    """Raises NOT_VERIFIED when somebody is on the line: lists of many groups are for no caller."""
    call = await on_line(unit)
    if call is not None:
        unit.audit("call.locked", "call", call.number, what=what)
        sentence = f"{what} is closed while a caller is on the line; F9 parks the call."
        raise Problem(ProblemType.NOT_VERIFIED, sentence, keep=True)


async def require_act(
    unit: Unit, act: PhoneAct, account: Any, *, member: Any = None, fields: Collection[str] = ()
) -> OnLine:
    """The call an act by phone is done in. Raises NOT_VERIFIED without a call, or without the authority."""
    call = await on_line(unit)
    if call is None:
        unit.audit("call.locked", "account", account.number, what="no call")
        raise Problem(ProblemType.NOT_VERIFIED, NO_CALL, keep=True)
    may = askers(unit, call, act, account, member=member)
    if not may:
        raise _not_verified(unit, "this", account.number, done=True)
    if rules.needs_step_up(act, fields) and not any(stepped_up(one) for one in may):
        unit.audit("call.locked", "account", account.number, what="step-up")
        raise Problem(ProblemType.NOT_VERIFIED, NOT_STEPPED_UP, keep=True)
    return call


def askers(unit: Unit, call: OnLine, act: PhoneAct, account: Any, *, member: Any = None) -> list[Any]:
    """Rows of what was proved in the call by which this act may be done, the person's own first."""
    proved = []
    if member is not None:
        own = subject_in(call, account.id, member.id)
        proved += [own] if _proved(own, unit, restricted=bool(member.restricted)) else []
    client = subject_in(call, account.id, None)
    proved += [client] if _proved(client, unit, restricted=False) else []
    return [one for one in proved if act in rules.done_for(CallerKind(one.kind))]


def stepped_up(subject: Any) -> bool:
    """Whether this caller was reached at the number on record in the call."""
    return VerifyItem.CALL_BACK in subject.matched


async def did(unit: Unit, act: str, account: Any = None, *, member: Any = None, subject: str = "") -> None:
    """Note what was read or done in the call on the line, once a call; without one nothing is noted.

    `act` is a `PhoneAct` that was done or a word of `guess.ALSO`; what was read notes itself in `require`.
    `subject` is a reference such as a letter number or a receipt, never anything personal.
    """
    call = await on_line(unit)
    if call is None:
        return
    unit.call_acts.append(
        {
            "call_id": call.id,
            "account_id": account.id if account is not None else None,
            "member_id": member.id if member is not None else None,
            "act": str(act),
            "subject": subject,
            "at": unit.now,
        }
    )


def _not_verified(unit: Unit, what: str, number: str, *, done: bool = False) -> Problem:
    unit.audit("call.locked", "account", number, what=what)
    verb = "done" if done else "said"
    sentence = f"NOT VERIFIED for {number}: {what} is not {verb} before the caller proved the right to it; y."
    return Problem(ProblemType.NOT_VERIFIED, sentence, keep=True)
