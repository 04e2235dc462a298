"""The letters the rules write, and nobody by hand (R24): what is due is written with everything it says.

A letter about unpaid premium is mailed on the day it is dated. One that was not is written anew by the next
run with that day's date and figures, or taken back when it is due no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from api_client.types.billing_words import IncidentKind, LetterKind
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.billing import standings
from backend.billing.books import Reckoning, reckoned
from backend.billing.delinquency import LetterDue
from backend.cards import orders
from backend.database.unit import Unit
from backend.jobs.incidents import raise_incident
from backend.letters import rules, store, telling
from backend.letters.facts import CopyFacts, LetterFacts, plan_facts
from backend.policy.premium import SubscriberNotice
from backend.problems import Problem, not_found

_LATE = {
    LetterKind.L1: IncidentKind.LATE_L1,
    LetterKind.L2: IncidentKind.LATE_L2,
    LetterKind.L3: IncidentKind.LATE_L3,
}
COPIES = "copy"
"""Under what copies are counted."""
_AT_ONCE = 25
"""Notices a unit writes, so that no desk waits for it."""


@dataclass
class Written:
    """What was written for a group, and what was taken back."""

    numbers: list[str] = field(default_factory=list)
    """Of the letters and of the copies that go with them."""
    kinds: Counter[str] = field(default_factory=Counter)
    taken_back: int = 0
    unconfirmed: list[LetterKind] = field(default_factory=list)
    """Kinds that were due and not written, because a rule of theirs is not confirmed."""


async def write_due(unit: Unit, account: Any, *, confirmed: bool = True) -> Written:
    """Write the letters of a group that are due today, the broker's copies with them; a second time nothing.

    What waits from an earlier day, or is due no more, is taken back. While the rules about unpaid premium
    are not `confirmed`, none of their letters is written.
    """
    at = await reckoned(unit, account)
    written = Written()
    due = _due(at)
    if not confirmed:
        written.unconfirmed = [kind for kind, _ in due if kind in rules.NEED_CONFIRMATION]
        due = {key: one for key, one in due.items() if key[0] not in rules.NEED_CONFIRMATION}
    for row in waiting(at.rows):
        key = (LetterKind(row.kind), row.invoice_id)
        if row.created_on > unit.today or (row.created_on == unit.today and key in due):
            due.pop(key, None)
            continue
        why = "not mailed on its day" if key in due else "not due any more"
        await take_back(unit, account, row, why)
        written.taken_back += key not in due
    for one in due.values():
        await _write(unit, at, one, written)
    if written.numbers or written.taken_back:
        await _tell(unit, account)
    return written


async def bring_up_to_date(unit: Unit, account: Any) -> None:
    """Have the letters of a group that wait for today's post say what the books say now.

    One that money has made needless is taken back, one with other figures is written anew; nothing else is.
    The notices of a warning go with the old one and have to be written anew, a few at a time.
    """
    await accounts.lock(unit, account.id)
    at = await reckoned(unit, account)
    due = _due(at)
    changed = Written()
    for row in waiting(at.rows):
        if row.created_on != unit.today:
            continue
        one = due.get((LetterKind(row.kind), row.invoice_id))
        if one is None:
            await take_back(unit, account, row, "not due any more")
            changed.taken_back += 1
        elif not _says(row, telling.about(at, one)):
            await take_back(unit, account, row, "its figures changed")
            await _write(unit, at, one, changed, again=True)
    if changed.numbers or changed.taken_back:
        await _tell(unit, account)


def _says(row: Any, about: telling.About) -> bool:
    """Whether the letter in this row says just this."""
    return row.facts is not None and row.facts["about"] == about.model_dump(mode="json")


async def _tell(unit: Unit, account: Any) -> None:
    number, version = await accounts.touch(unit, account.id)
    unit.emit(EventKind.BILLING, number, version)


def _due(at: Reckoning) -> dict[tuple[LetterKind, int | None], LetterDue]:
    """The letters that are due, by kind and bill."""
    return {(one.kind, at.invoice_id(one)): one for one in at.found.letters_due}


def waiting(rows: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Of the rows of an account's books the letters that the rules wrote and nobody has mailed."""
    return [
        row
        for row in rows["letter"]
        if row.mailed_on is None and row.print_from is None and row.kind in rules.BY_THE_RULES
    ]


class Overtaken(StrEnum):
    """What became of a letter since it was written."""

    NO = "no"
    NEEDLESS = "needless"
    """It is not due any more."""
    CHANGED = "changed"
    """It is due, and the books say something else than it does."""


async def overtaken(unit: Unit, account: Any, row: Any) -> Overtaken:
    """How the letter in this row stands to the books as they are now: money may have come in since."""
    at = await reckoned(unit, account)
    one = _due(at).get((LetterKind(row.kind), row.invoice_id))
    if one is None:
        return Overtaken.NEEDLESS
    return Overtaken.NO if _says(row, telling.about(at, one)) else Overtaken.CHANGED


async def take_back(unit: Unit, account: Any, row: Any, why: str) -> None:
    """Take back a letter that is not mailed, with its copies and notices."""
    await store.take_back(unit.connection, row.id)
    unit.audit("letter.take_back", "letter", row.number, account=account.number, kind=row.kind, reason=why)


async def _write(unit: Unit, at: Reckoning, due: LetterDue, written: Written, *, again: bool = False) -> None:
    account = at.account
    number = f"L-{await unit.number('letter'):05d}"
    broker = await _broker(unit, account) if due.kind in at.policy.copy_to_broker else None
    facts = LetterFacts(
        number=number,
        dated=unit.today,
        group_number=account.number,
        group_name=account.name,
        addressee=account.name,
        address=rules.address_lines(account),
        plan=plan_facts(unit.policy, account.bill_phone, account.bill_hours),
        about=telling.about(at, due),
        copies_to=(broker.name,) if broker is not None else (),
    )
    values = {
        "account_id": account.id,
        "kind": due.kind,
        "invoice_id": at.invoice_id(due),
        "created_on": unit.today,
        "amount": due.amount,
        "ends_on": due.ends_on,
    }
    place = {**rules.place(account), "addressee": account.name}
    letter_id = await store.add(
        unit.connection, {**values, **place, "number": number, "facts": facts.stored()}
    )
    unit.audit("letter.write", "letter", number, account=account.number, kind=due.kind)
    written.numbers.append(number)
    written.kinds[due.kind] += 1
    if broker is not None:
        await _copy(unit, facts, broker, {**values, "copy_of": letter_id}, written)
    if due.kind in _LATE and not again:
        late = rules.late_words(due, telling.was_due(at, due), unit.today)
        if late:
            await raise_incident(unit, _LATE[due.kind], late, account)


async def _broker(unit: Unit, account: Any) -> Any | None:
    """The broker of record whose letter is in date and who can be written to."""
    broker = rules.broker_of(await accounts.contacts(unit, account.id), unit.today)
    return broker if broker is not None and broker.street else None


async def _copy(
    unit: Unit, facts: LetterFacts, broker: Any, values: Mapping[str, Any], written: Written
) -> None:
    number = f"L-{await unit.number('letter'):05d}"
    copy = CopyFacts(
        number=number,
        dated=unit.today,
        addressee=broker.name,
        address=rules.address_lines(broker),
        to_broker=True,
    )
    place = {**rules.place(broker), "addressee": broker.name}
    await store.add(
        unit.connection, {**values, **place, "number": number, "facts": facts.copied(copy).stored()}
    )
    unit.audit("letter.write", "letter", number, account=facts.group_number, kind=values["kind"], copy=True)
    written.numbers.append(number)
    written.kinds[COPIES] += 1


async def mark_mailed(unit: Unit, number: str) -> None:
    """A letter was handed to the post today, a copy like any other. Raises NOT_FOUND when it is unknown or
    mailed already, RULE_REFUSES while it cannot go.
    """
    row = await store.by_number(unit.connection, number, lock=True)
    if row is None or row.mailed_on is not None:
        raise not_found("letter waiting for the post", number)
    refused = rules.mailing_refused(row, unit.today, unit.now)
    if refused:
        raise Problem(ProblemType.RULE_REFUSES, refused)
    await store.change(unit.connection, row.id, {"mailed_on": unit.today})
    unit.audit("letter.mail", "letter", number)
    if row.copy_of is None:
        await standings.changed(unit, await accounts.account_by_id(unit, row.account_id))


# -- notices to subscribers ------------------------------------------------------------------------


@dataclass(frozen=True)
class Noticed:
    """What became of some subscribers of a group."""

    written: int = 0
    without_address: int = 0
    after: int | None = None
    """The last of them, where more are to come."""


async def next_warning(unit: Unit, after: int) -> Any | None:
    """The next warning letter of today after this key, whose subscribers may lack their notices."""
    return await store.next_warning(unit.connection, unit.today, after)


async def write_notices(unit: Unit, account: Any, letter: Any, after: int | None = None) -> Noticed:
    """Write the notice that grace began to the next subscribers' homes, a few at a time (28 CCR 1300.65).

    It goes on after those who have theirs, and after the one given. None is written where the contract has
    the holder pass it on, or the letter was taken back meanwhile. A restricted address is respected as with
    cards; who has none gets none.
    """
    policy = unit.policy.billing_of(account.billing_policy)
    if policy.subscriber_notice is not SubscriberNotice.PLAN:
        return Noticed()
    letter = await store.by_number(unit.connection, letter.number, lock=True)
    if letter is None:
        return Noticed()
    after = max(after or 0, await store.last_noticed(unit.connection, letter.id))
    members = await store.subscribers(unit.connection, account.id, unit.today, after, _AT_ONCE + 1)
    now = members[:_AT_ONCE]
    went = [await _notice(unit, account, letter, member_id) for member_id in now]
    more = len(members) > _AT_ONCE
    return Noticed(sum(went), len(went) - sum(went), now[-1] if more else None)


async def _notice(unit: Unit, account: Any, letter: Any, member_id: int) -> bool:
    """Whether there was somewhere to send it."""
    to = await orders.where_to(unit, member_id, account.id)
    if to.held:
        return False
    number = f"L-{await unit.number('letter'):05d}"
    await store.add(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "kind": LetterKind.L1_SUBSCRIBER,
            "invoice_id": letter.invoice_id,
            "created_on": unit.today,
            "ends_on": letter.ends_on,
            "copy_of": letter.id,
            "member_id": member_id,
            "addressee": to.addressee,
            **rules.postal_place(to.address),
            "facts": telling.notice(letter.facts, number, to).stored(),
        },
    )
    unit.audit("letter.write", "letter", number, account=account.number, kind=LetterKind.L1_SUBSCRIBER)
    return True
