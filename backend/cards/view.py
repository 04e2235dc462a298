"""One person of a group as a rep may see them: masked, with coverage, cards, and what to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api_client.types.billing_words import DelinquencyState
from api_client.types.cards import Card, CoverageLine, Person, Relative, Waiting
from api_client.types.words import (
    OPEN_MATCH_STATES,
    CardAsker,
    CardCause,
    CardState,
    CareCase,
    MatchState,
    Outcome,
)
from backend.accounts import members
from backend.accounts.masking import shown_name
from backend.accounts.rules import mask_name, relationship_words
from backend.billing import service as billing
from backend.billing import standings
from backend.cards import orders, rules, store
from backend.cards.rules import CareFacts, Sent
from backend.database.unit import Unit
from backend.matching import clock
from backend.matching.rules import URGENT, urgent_care_refused
from backend.postal import PostalAddress

_MOST = 20
"""Cards shown of one person."""


def is_waiting(row: Any) -> bool:
    """Whether a person of the plan looks at this enrollment."""
    return row.item_state in OPEN_MATCH_STATES


def masked_birth_date(born: date | str | None) -> str:
    """The year alone; empty for what is no date."""
    text = f"{born or ''}"
    return f"{text[:4]}-**-**" if len(text) == 10 and text[:4].isdigit() else ""


@dataclass(frozen=True)
class Hears:
    """What of a person is shown: names in full to a caller, the family to who may hear of more than one."""

    bare: bool
    family: bool
    elsewhere: bool
    """What stands of the person with other groups."""


async def of_member(unit: Unit, account: Any, row: Any, hears: Hears) -> Person:
    """A member of the group; `row` is the member with subscriber number and relationship there."""
    cards = await store.of_member(unit.connection, row.id, account.id, _MOST)
    family = await store.open_of_family(unit.connection, account.id, row.subscriber_number)
    sent = [
        one
        for one in await store.last_of_person(
            unit.connection, account.id, row.subscriber_number, row.relationship
        )
        if _is_of(one, row)
    ]
    mine = {one.id for one in family if _is_of(one, row)}
    lines = await members.coverages(unit, [row.id])
    here = [orders.covered(one) for one in lines if one.account_id == account.id]
    last = sent[0] if sent else None
    care = rules.care(
        CareFacts(
            unit.today,
            covered=here,
            group_ended_on=await _group_ended_on(unit, account),
            waiting=next((_sent(unit, one) for one in family if one.id in mine), None),
            refused=_sent(unit, last) if last is not None and last.outcome == Outcome.REFUSED else None,
            why_refused=rules.reason_to_say(last.why) if last is not None else "",
        )
    )
    another = await another_card(unit, account, row)
    return Person(
        mrn=row.mrn,
        name=shown_name(row.first_name, row.last_name, bare=hears.bare),
        relationship=relationship_words(row.relationship),
        born=masked_birth_date(row.birth_date),
        restricted=row.restricted,
        coverage=[_line(one) for one in lines if hears.elsewhere or one.account_id == account.id],
        cards=[card(unit, one) for one in cards],
        family=await _family(unit, account, row, bare=hears.bare) if hears.family else [],
        reprint_refused=another.refused,
        reason_needed=another.reason_needed,
        **_common(unit, account, care, [one for one in family if one.id in mine], family, hears),
    )


async def _family(unit: Unit, account: Any, row: Any, *, bare: bool) -> list[Relative]:
    """The others under the subscriber number, the subscriber first, each with the newest coverage."""
    found: dict[str, Relative] = {}
    for one in await members.families(unit, [(account.id, row.subscriber_number)]):
        if one.mrn != row.mrn and one.mrn not in found:
            found[one.mrn] = Relative(
                mrn=one.mrn,
                name=shown_name(one.first_name, one.last_name, bare=bare),
                relationship=relationship_words(one.relationship),
                coverage_from=one.starts_on,
                coverage_to=one.ends_on,
            )
    return list(found.values())


async def of_enrollment(unit: Unit, account: Any, row: Any, hears: Hears) -> Person:
    """The person of an enrollment that made nobody a member."""
    waits = is_waiting(row)
    care = rules.care(
        CareFacts(
            unit.today,
            group_ended_on=await _group_ended_on(unit, account),
            waiting=_sent(unit, row) if waits else None,
            refused=None if waits else _sent(unit, row),
            why_refused=rules.reason_to_say(row.why),
        )
    )
    family = await store.open_of_family(unit.connection, account.id, row.subscriber_number)
    return Person(
        mrn="",
        receipt=row.receipt,
        name=shown_name(row.first_name, row.last_name, bare=hears.bare),
        relationship=relationship_words(row.relationship),
        born=masked_birth_date(row.birth_date),
        restricted=row.restricted,
        coverage=[],
        cards=[],
        reprint_refused="Nobody is a member by this enrollment yet, so there is no card.",
        **_common(unit, account, care, [row] if waits else [], family, hears),
    )


def _common(
    unit: Unit, account: Any, care: rules.Care, mine: Sequence[Any], family: Sequence[Any], hears: Hears
) -> dict[str, Any]:
    """What stands of every person: the group, the open cases, and what to say."""
    first = {one.id for one in mine}
    others = [one for one in family if one.id not in first] if hears.family else []
    cases = [_waiting(unit, one) for one in (*mine, *others)]
    offered = care.offer_urgent and bool(mine) and not cases[0].urgent and not cases[0].urgent_refused
    return {
        "group_number": account.number,
        "group_name": account.name,
        "items": cases,
        "care": CareCase(care.case),
        "say": care.sentence,
        "say_anyone": rules.PUBLIC,
        "emergency": rules.EMERGENCY,
        "care_offered": offered,
    }


def _is_of(sent: Any, row: Any) -> bool:
    """Whether an enrollment of a family is about this member of it."""
    if sent.member_id is not None or (sent.mrn and sent.mrn == row.mrn):
        return bool(sent.member_id == row.id or sent.mrn == row.mrn)
    if sent.relationship != row.relationship:
        return False
    born = f"{row.birth_date or ''}"
    same_name = members.first_key(sent.first_name) == row.first_key
    return bool(row.relationship == rules.SUBSCRIBER or same_name or (born and sent.birth_date == born))


async def _group_ended_on(unit: Unit, account: Any) -> date | None:
    """The last covered day of the whole group: of its contract, or because premium was not paid."""
    standing, _ = (await standings.of_accounts(unit, [account.id]))[account.id]
    unpaid = None
    if standing is DelinquencyState.TERMINATED_NONPAY:
        unpaid = (await billing.status(unit, account)).coverage_end
    return min(filter(None, (account.ended_on, unpaid)), default=None)


def _sent(unit: Unit, row: Any) -> Sent:
    return Sent(row.received_at.astimezone(unit.zone).date(), row.coverage_from)


def _line(row: Any) -> CoverageLine:
    return CoverageLine(
        group_number=row.number,
        group_name=row.name,
        line=row.line,
        level=row.level,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def _waiting(unit: Unit, row: Any) -> Waiting:
    state = MatchState(row.item_state)
    claimed = row.lease_until is not None and row.lease_until > unit.now
    refusal = urgent_care_refused(state)
    return Waiting(
        item=row.item,
        name=mask_name(row.first_name, row.last_name),
        relationship=relationship_words(row.relationship),
        state=MatchState.IN_REVIEW if state is MatchState.QUEUED and claimed else state,
        received_on=row.received_at.astimezone(unit.zone).date(),
        coverage_from=row.coverage_from,
        due_at=row.due_at,
        urgency=clock.urgency(row.due_at, unit.now, unit.policy.matching),
        urgent=row.care_order == URGENT,
        urgent_refused=refusal.sentence if refusal else "",
    )


def card(unit: Unit, row: Any) -> Card:
    """One card that was ordered."""
    cause, state = CardCause(row.cause), CardState(row.state)
    mine = cause in rules.BY_HAND and state is CardState.REQUESTED and row.requested_by == unit.actor.id
    return Card(
        id=row.number,
        version=row.version,
        state=state,
        cause=cause,
        asked_by=CardAsker(row.asked_by) if row.asked_by else None,
        reason=row.reason,
        ordered_at=row.requested_at,
        ordered_by=row.display_name or row.requested_by.partition(":")[2],
        print_from=row.print_from,
        printed_at=row.printed_at,
        mailed_on=row.mailed_on,
        returned_on=row.returned_on,
        review=row.review,
        held=state is CardState.REQUESTED and not row.street,
        undo_until=rules.undo_until(row.print_from, unit.now, mine=mine),
    )


async def another_card(unit: Unit, account: Any, row: Any) -> rules.Another:
    """Whether another card can be ordered for a member of the group."""
    covered = [orders.covered(one) for one in await store.coverage_of(unit.connection, row.id, account.id)]
    return rules.another_card(
        [
            rules.Ordered(
                one.number,
                CardState(one.state),
                CardCause(one.cause),
                one.requested_at.astimezone(unit.zone).date(),
                PostalAddress.of(one),
                one.returned_on,
            )
            for one in await store.of_member(unit.connection, row.id, account.id, _MOST)
        ],
        await orders.where_to(unit, row.id, account.id),
        covered=any(one.runs(unit.today) for one in covered),
        today=unit.today,
        policy=unit.policy.cards,
    )
