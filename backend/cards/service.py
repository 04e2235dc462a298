"""What a rep does with cards: see one person with what to say, order another card, take that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_client.types.accounts import MemberRow, OpenItem
from api_client.types.call_words import Fact, PhoneAct
from api_client.types.cards import Card, Person, Reprint, WhichPerson
from api_client.types.problems import ProblemType
from api_client.types.words import CardAsker, CardCause, CardState, EventKind, Urgency
from backend.accounts import service as accounts
from backend.accounts.masking import shown_name
from backend.accounts.rules import relationship_words
from backend.calls import gate
from backend.cards import orders, rules, store, view
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found

# -- one person ------------------------------------------------------------------------------------


async def person(unit: Unit, which: WhichPerson) -> Person:
    """A member of a group, or the person of an enrollment that made nobody a member. Raises NOT_FOUND.

    Who became a member by that enrollment is shown as the member.
    """
    account = await accounts.account_of(unit, which.group_number)
    mrn = which.mrn
    if which.receipt:
        sent = await store.by_receipt(unit.connection, account.id, which.receipt)
        if sent is None:
            raise not_found("enrollment", which.receipt)
        if sent.member_id is None:
            await gate.require_person(unit, account, enrollment=sent)
            unit.audit("card.person", "enrollment", sent.receipt)
            return await view.of_enrollment(unit, account, sent, await _hears(unit, account, enrollment=sent))
        mrn = str((await store.member_by_id(unit.connection, sent.member_id)).mrn)
    row = await _covered_as(unit, account, mrn)
    await gate.require_person(unit, account, member=row)
    unit.audit("card.person", "member", mrn)
    return await view.of_member(unit, account, row, await _hears(unit, account, member=row))


async def _hears(unit: Unit, account: Any, **who: Any) -> view.Hears:
    """Names in full for who is on the line, the family for who may hear who is enrolled, and coverage with
    other employers for the person themselves.
    """
    on_line = await gate.on_line(unit) is not None
    facts = await gate.heard(unit, account, **who)
    return view.Hears(bare=on_line, family=Fact.MEMBERS in facts, elsewhere=Fact.PERSON in facts)


async def _covered_as(unit: Unit, account: Any, mrn: str) -> Any:
    rows = await store.covered_as(unit.connection, account.id, mrn)
    if not rows:
        raise Problem(ProblemType.NOT_FOUND, f"Group {account.number} has no member of this number.")
    return rows[0]


async def newest_states(unit: Unit, account_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """How far the newest card of each of these members has come, in a word; nothing for those without."""
    rows = await store.states_of(unit.connection, account_id, member_ids)
    return {row.member_id: str(row.state) for row in rows}


async def not_members(unit: Unit, account_id: int, *, bare: bool) -> list[MemberRow]:
    """People of a group whose enrollment waits or was refused not long ago, for its list of members."""
    since = unit.now - timedelta(days=unit.policy.cards.refused_shown_days)
    rows = await store.not_members(unit.connection, account_id, since)
    return [_not_member(row, bare=bare) for row in rows]


def _not_member(row: Any, *, bare: bool) -> MemberRow:
    return MemberRow(
        mrn="",
        name=shown_name(row.first_name, row.last_name, bare=bare),
        relationship=relationship_words(row.relationship),
        born=view.masked_birth_date(row.birth_date),
        coverage_from=row.coverage_from,
        coverage_to=None,
        receipt=row.receipt,
        item=row.item,
        standing="in queue" if view.is_waiting(row) else "refused",
    )


async def open_items(unit: Unit, account_id: int) -> list[OpenItem]:
    """Cards of an account that came back, for its screen: somebody has to check the address."""
    return [
        OpenItem(
            id=row.number,
            kind="card",
            state=f"came back {row.returned_on}, check the address with MRN {row.mrn}",
            urgency=Urgency.AMBER,
        )
        for row in await store.returned_of(unit.connection, account_id)
    ]


# -- another card ----------------------------------------------------------------------------------


async def reprint(unit: Unit, form: Reprint) -> Card:
    """Order another card for a member, as the verified subscriber or the client on the line asks.

    A card that came back is mailed again without a caller: somebody checked the address. Raises NOT_FOUND,
    NOT_VERIFIED, RULE_REFUSES with the sentence, INVALID where a reason is needed and missing.
    """
    account = await accounts.account_of(unit, form.group_number)
    row = await _covered_as(unit, account, form.mrn)
    await store.lock_member(unit.connection, row.id)
    allowed = await view.another_card(unit, account, row)
    asked_by = await _asked_by(unit, account, row, allowed.cause)
    if allowed.refused:
        raise Problem(ProblemType.RULE_REFUSES, allowed.refused)
    if allowed.reason_needed and not form.reason:
        raise Problem(
            ProblemType.INVALID,
            f"Another card needs a reason: {allowed.reason_needed}.",
            errors=[("reason", "is missing")],
        )
    number = await orders.order(
        unit,
        row.id,
        account.id,
        allowed.cause,
        minutes=unit.policy.cards.own_undo_minutes,
        asked_by=asked_by,
        reason=form.reason,
    )
    await gate.did(unit, PhoneAct.CARD, account, member=row, subject=number)
    return await _shown(unit, number)


async def member_of(unit: Unit, account: Any, mrn: str) -> Any:
    """The row of a member of this group. Raises NOT_FOUND."""
    return await _covered_as(unit, account, mrn)


async def reprint_will(unit: Unit, account: Any, member: Any) -> tuple[str, str]:
    """Why no other card can be ordered for a member, or what will happen."""
    allowed = await view.another_card(unit, account, member)
    reason = f"; it needs a reason: {allowed.reason_needed}" if allowed.reason_needed else ""
    minutes = unit.policy.cards.own_undo_minutes
    will = f"Another card is printed in {minutes} minutes and mailed to the address on file{reason}."
    return allowed.refused, will


async def _asked_by(unit: Unit, account: Any, row: Any, cause: CardCause) -> str:
    """Who asks for the card, as proved in the call; nobody for one that came back. Raises NOT_VERIFIED."""
    if cause is CardCause.REMAIL and await gate.on_line(unit) is None:
        return ""
    call = await gate.require_act(unit, PhoneAct.CARD, account, member=row)
    asker = gate.askers(unit, call, PhoneAct.CARD, account, member=row)[0]
    return CardAsker.CLIENT if asker.member_id is None else CardAsker.MEMBER


async def undo(unit: Unit, number: str, version: int) -> Card:
    """Take one's own order back before it is printed. Raises NOT_FOUND, STALE, RULE_REFUSES, NOT_ALLOWED."""
    row = await store.by_number(unit.connection, number, lock=True)
    if row is None:
        raise not_found("card", number)
    if row.version != version:
        raise await _stale(unit, number)
    refusal = rules.undo_refused(
        CardState(row.state),
        CardCause(row.cause),
        mine=row.requested_by == unit.actor.id,
        in_time=unit.now < row.print_from,
    )
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)
    if not await store.change(unit.connection, row.id, version, {"state": CardState.WITHDRAWN}):
        raise await _stale(unit, number)
    unit.audit("card.undo", "card", number)
    unit.emit(EventKind.CARD, number, version + 1)
    return await _shown(unit, number)


async def _shown(unit: Unit, number: str) -> Card:
    row = await store.by_number(unit.connection, number)
    assert row is not None
    cards = await store.of_member(unit.connection, row.member_id, row.account_id, 20)
    return view.card(unit, next(one for one in cards if one.number == number))


async def _stale(unit: Unit, number: str) -> Problem:
    present = await _shown(unit, number)
    sentence = f"{number} was changed meanwhile; look at it as it is now."
    return Problem(ProblemType.STALE, sentence, current=as_json(present))
