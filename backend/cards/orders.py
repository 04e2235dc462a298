"""What orders cards and withdraws them: enrollments, changes, and what takes either back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from api_client.types.words import ActorKind, CardCause, CardState, EventKind
from backend.accounts import service as accounts
from backend.cards import rules, store
from backend.cards.rules import Covered, Destination, Recipient
from backend.database.unit import Unit
from backend.postal import PostalAddress


async def enrolled(unit: Unit, enrollment: Any, member_id: int) -> None:
    """An enrollment was applied and its coverage is written: one card for the member, if it asks for one."""
    rows = await store.coverage_of(unit.connection, member_id, enrollment.account_id)
    before = [covered(row) for row in rows if row.enrollment_id != enrollment.id]
    added = [covered(row) for row in rows if row.enrollment_id == enrollment.id]
    cause = rules.card_cause(before, added, unit.today)
    if cause is not None:
        await _order_unless_waiting(unit, member_id, enrollment.account_id, cause, enrollment.id)


async def member_changed(unit: Unit, member_id: int, fields: Iterable[str]) -> None:
    """Fields of a member changed: a new name is a new card in every group, a new address alone is none."""
    if not rules.NAME_FIELDS & set(fields):
        return
    for account_id in await store.groups_of(unit.connection, member_id, unit.today):
        await _order_unless_waiting(unit, member_id, account_id, CardCause.NAME_CHANGED)


async def coverage_ended(unit: Unit, account_id: int, subscriber_number: str) -> None:
    """Coverage of a family ended: cards that were not printed and are of no coverage any more are not."""
    family = (account_id, subscriber_number)
    _tell_withdrawn(unit, await store.withdraw_uncovered(unit.connection, unit.today, family))


async def coverage_restored(unit: Unit, coverage_id: int) -> None:
    """An end of coverage was taken back, and with it that the card which waited is not printed."""
    row = await store.coverage_by_id(unit.connection, coverage_id)
    if not covered(row).runs(unit.today):
        return
    for card in await store.of_member(unit.connection, row.member_id, row.account_id, 1):
        if card.state == CardState.WITHDRAWN and CardCause(card.cause) not in rules.BY_HAND:
            await store.change(unit.connection, card.id, card.version, {"state": CardState.REQUESTED})
            unit.audit("card.order", "card", card.number, cause=card.cause)
            unit.emit(EventKind.CARD, card.number, card.version + 1)


async def taken_back(unit: Unit, enrollment_id: int, member_id: int | None) -> None:
    """An enrollment was taken back with its coverage: what it ordered is not printed, or not mailed."""
    _tell_withdrawn(unit, await store.withdraw_of(unit.connection, enrollment_id))
    if member_id is not None:
        _tell_withdrawn(unit, await store.withdraw_of_member(unit.connection, member_id, unit.today))


async def forget_member(unit: Unit, member_id: int) -> None:
    """A member is about to be removed: their cards go, printed or not; the record keeps which."""
    for row in await store.remove_of_member(unit.connection, member_id):
        unit.audit("card.remove", "card", row.number, state=row.state)
        unit.emit(EventKind.CARD, row.number, row.version + 1)


async def printed(unit: Unit, enrollment_id: int) -> bool:
    """Whether a card of this enrollment was printed: then its decider cannot take it back alone."""
    return await store.printed_of(unit.connection, enrollment_id)


async def _order_unless_waiting(
    unit: Unit, member_id: int, account_id: int, cause: CardCause, enrollment_id: int | None = None
) -> None:
    """A card that waits to be printed will show what is on record then, so one is enough.

    It then has two reasons: it waits until neither can be undone, and goes when there is no coverage left.
    """
    by_hand = unit.actor.kind is ActorKind.REP
    minutes = unit.policy.matching.own_undo_minutes if by_hand else 0
    cards = await store.of_member(unit.connection, member_id, account_id, 20)
    waiting = next((row for row in cards if row.state == CardState.REQUESTED), None)
    if waiting is None:
        await order(unit, member_id, account_id, cause, minutes=minutes, enrollment_id=enrollment_id)
        return
    until = max(waiting.print_from, unit.now + timedelta(minutes=minutes))
    shared = {"enrollment_id": None, "print_from": until}
    if waiting.enrollment_id is not None or waiting.print_from < until:
        await store.change(unit.connection, waiting.id, waiting.version, shared)
        unit.emit(EventKind.CARD, waiting.number, waiting.version + 1)


async def order(
    unit: Unit,
    member_id: int,
    account_id: int,
    cause: CardCause,
    *,
    minutes: int,
    enrollment_id: int | None = None,
    asked_by: str = "",
    reason: str = "",
) -> str:
    """A card that is printed when these minutes of undo are over; returns its number."""
    to = await where_to(unit, member_id, account_id)
    number = f"CD-{await unit.number('card'):05d}"
    await store.add(
        unit.connection,
        {
            "number": number,
            "member_id": member_id,
            "account_id": account_id,
            "enrollment_id": enrollment_id,
            "state": CardState.REQUESTED,
            "cause": cause,
            "asked_by": asked_by,
            "reason": reason,
            **destination_columns(to),
            "requested_by": unit.actor.id,
            "requested_at": unit.now,
            "print_from": unit.now + timedelta(minutes=minutes),
        },
    )
    unit.audit("card.order", "card", number, cause=cause, asked_by=asked_by, review=to.review)
    unit.emit(EventKind.CARD, number, 1)
    return number


def covered(row: Any) -> Covered:
    """A coverage as the rules see it."""
    return Covered(row.line, row.starts_on, row.ends_on)


# -- where to --------------------------------------------------------------------------------------


async def where_to(unit: Unit, member_id: int, account_id: int) -> Destination:
    """Where a card of this member in this group goes as things stand now."""
    person = await store.member_by_id(unit.connection, member_id)
    account = await accounts.account_by_id(unit, account_id)
    rows = await store.coverage_of(unit.connection, member_id, account_id)
    subscriber = person
    if rows and rows[0].relationship != rules.SUBSCRIBER and not person.restricted:
        number = rows[0].subscriber_number
        found = await store.subscriber_of(unit.connection, account_id, number, rules.SUBSCRIBER)
        subscriber = found or person
    own = await _recipient(unit, person)
    to = own if subscriber is person else await _recipient(unit, subscriber)
    return rules.destination(own, to, PostalAddress.of(account), restricted=person.restricted)


async def _recipient(unit: Unit, row: Any) -> Recipient:
    """A member with the addresses cards may go to: as residence what was sent last, or is on record since."""
    sent = await store.last_sent_home(unit.connection, row.id)
    moved_at = await store.moved_at(unit.connection, row) if sent is not None else None
    newest = sent if sent is not None and (moved_at is None or moved_at < sent.received_at) else row
    mailing = PostalAddress(row.mailing_street, row.mailing_city, row.mailing_state_code, row.mailing_zip)
    return Recipient(name_of(row), PostalAddress.of(newest), mailing)


def name_of(row: Any) -> str:
    """The name on a card and an envelope."""
    return rules.person_name(row.first_name, row.middle_name, row.last_name, row.suffix)


def destination_columns(to: Destination) -> dict[str, str]:
    """The columns of a job that say where it goes."""
    at = to.address
    return {
        "addressee": to.addressee,
        "street": at.street,
        "city": at.city,
        "state_code": at.state,
        "zip": at.zip,
        "review": to.review,
    }


def _tell_withdrawn(unit: Unit, rows: Sequence[Any]) -> None:
    for row in rows:
        unit.audit("card.withdraw", "card", row.number)
        unit.emit(EventKind.CARD, row.number, row.version)


async def withdraw_all_uncovered(unit: Unit) -> None:
    """Before printing: coverage may have ended by the day alone."""
    _tell_withdrawn(unit, await store.withdraw_uncovered(unit.connection, unit.today))
