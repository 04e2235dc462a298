"""What is asked of letters: see them, have a copy sent, or what is sent on request; and take that back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from api_client.types.billing_words import LetterKind, ReturnedMail
from api_client.types.call_words import CallerKind, Fact, PhoneAct
from api_client.types.common import PAGE, Page
from api_client.types.letters import CopyLetter, LetterRow, SendLetter
from api_client.types.problems import ProblemType
from api_client.types.words import CobraAdmin, ContactRole, EventKind
from backend.accounts import service as accounts
from backend.accounts.rules import size_class
from backend.calls import gate, proof
from backend.cards import orders as card_orders
from backend.cards import rules as cards
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.letters import ordering, rules, store
from backend.letters.ordering import To
from backend.postal import PostalAddress
from backend.problems import Problem, not_found

# -- the list --------------------------------------------------------------------------------------


async def page(unit: Unit, number: str, cursor: str | None) -> Page[LetterRow]:
    """Letters of a group, the newest first, as far as the caller on the line may hear of them.

    Raises NOT_FOUND, NOT_VERIFIED.
    """
    account = await accounts.account_of(unit, number)
    await gate.require(unit, Fact.LETTERS, account)
    facts = await gate.heard(unit, account)
    unit.audit("letter.list", "account", account.number)
    after = None
    if cursor:
        created_on, letter_id = open_cursor(unit.keys, "letters", cursor)
        after = (cast(date, created_on), cast(int, letter_id))
    # A packet says who of the group left.
    without = [] if facts & {Fact.COBRA, Fact.MEMBERS} else [LetterKind.COBRA_PACKET]
    without += [] if Fact.USER_IDS in facts else [LetterKind.ID_NOTICE, LetterKind.ID_DENIED]
    without.append(LetterKind.L1_SUBSCRIBER)  # counted with the letter they go with
    rows = await store.page(unit.connection, account.id, without, after, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = seal_cursor(unit.keys, "letters", [last.created_on, last.id]) if last else None
    return Page(rows=[row_of(unit, account, row) for row in rows[:PAGE]], next=following)


def row_of(unit: Unit, account: Any, row: Any) -> LetterRow:
    """A letter as it stands in the list."""
    open_order = row.print_from is not None and row.mailed_on is None and row.print_from > unit.now
    mine = row.ordered_by is not None and row.ordered_by == unit.actor.rep_id
    return LetterRow(
        id=row.number,
        kind=LetterKind(row.kind),
        title=rules.title_of(row),
        created_on=row.created_on,
        mailed_on=row.mailed_on,
        amount=row.amount,
        ends_on=row.ends_on,
        copy_of=row.original,
        to="the member, masked" if row.member_id else row.addressee or account.name,
        asked_by=row.asked_by,
        undo_until=row.print_from if open_order and mine else None,
        notices=row.notices,
        batch=row.batch or "",
        returned_on=row.returned_on,
        settled=ReturnedMail(row.settled_how) if row.settled_on is not None else None,
    )


_TALKED_OF = {LetterKind.L1: "letter-l1", LetterKind.L2: "letter-l2"}
"""What a call was about when a copy of such a letter was asked for."""


# -- a copy ----------------------------------------------------------------------------------------


async def copy(unit: Unit, number: str, form: CopyLetter) -> LetterRow:
    """Order a copy of a letter, to the address of record or to the broker of record whose letter is in date.

    A copy of a copy is one of the letter itself. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES.
    """
    row = await letter(unit, number)
    account = await accounts.account_by_id(unit, row.account_id)
    asker = await _asker(unit, PhoneAct.LETTER_COPY, account)
    if row.copy_of is not None:
        row = await letter(unit, row.original)
    kind = LetterKind(row.kind)
    _refuse(rules.copy_refused(kind, row.number, row.mailed_on))
    to = await _broker(unit, account, asker) if form.to_broker else _of_record(account)
    written = {"copy_of": row.id, "invoice_id": row.invoice_id, "amount": row.amount, "ends_on": row.ends_on}
    ordered = await _order(unit, asker, account, kind, to, written, ordering.copy_of(row, form.to_broker))
    await gate.did(unit, PhoneAct.LETTER_COPY, account, subject=ordered)
    if kind in _TALKED_OF:
        await gate.did(unit, _TALKED_OF[kind], account, subject=row.number)
    return row_of(unit, account, await letter(unit, ordered))


async def copy_to_record(unit: Unit, account: Any, row: Any) -> None:
    """Order a copy of a letter that came back, to the address that is on record now: the client's, the
    broker's or the member's. Raises RULE_REFUSES where it is not copied, or there is nowhere to send it.
    """
    kind = LetterKind(row.kind)
    original = row if row.copy_of is None else await letter(unit, row.original)
    _refuse(rules.copy_refused(kind, row.number, row.mailed_on))
    written = {"invoice_id": row.invoice_id, "amount": row.amount, "ends_on": row.ends_on}
    to_broker = ordering.went_to_broker(row)
    if row.member_id is not None:
        to = await _home_of(unit, account, row.member_id)
        written |= {"member_id": row.member_id}
        original = row
    elif to_broker:
        to = await _broker(unit, account, None)
    else:
        to = _of_record(account)
    says = ordering.copy_of(original, to_broker)
    await _order(unit, None, account, kind, to, {**written, "copy_of": original.id}, says)


async def _home_of(unit: Unit, account: Any, member_id: int) -> To:
    to = await card_orders.where_to(unit, member_id, account.id)
    if to.held:
        _refuse(f"There is nowhere to send it: {to.review}.")
    return To(to.addressee, to.address)


async def letter(unit: Unit, number: str, *, lock: bool = False) -> Any:
    """The row of the letter of this number; with `lock` nobody else changes it. Raises NOT_FOUND."""
    row = await store.by_number(unit.connection, number, lock=lock)
    if row is None:
        raise not_found("letter", number)
    return row


def _of_record(account: Any) -> To:
    """The client at the address of record."""
    to = PostalAddress.of(account)
    if not to.street:
        _refuse(rules.no_address("the client"))
    return To(account.name, to)


async def _broker(unit: Unit, account: Any, asker: Any | None) -> To:
    """The broker of record; of several the one who asks."""
    people = await accounts.contacts(unit, account.id)
    if asker is not None and asker.kind == CallerKind.BROKER:
        brokers = (one for one in people if one.role == ContactRole.BROKER)
        people = [one for one in brokers if proof.contact_words(one) == asker.caller]
    broker = rules.broker_of(people, unit.today)
    if broker is None:
        raise Problem(ProblemType.RULE_REFUSES, "No broker's letter is in date for this group.")
    to = PostalAddress.of(broker)
    if not to.street:
        _refuse(rules.no_address("the broker"))
    return To(broker.name, to)


def _refuse(sentence: str) -> None:
    if sentence:
        raise Problem(ProblemType.RULE_REFUSES, sentence)


async def _order(
    unit: Unit,
    asker: Any | None,
    account: Any,
    kind: LetterKind,
    to: To,
    written: dict[str, Any],
    says: ordering.Says = ordering.nothing_yet,
) -> str:
    """A letter that goes when its minutes of undo are over, at once where nobody on the line asked for it;
    returns its number. Raises RULE_REFUSES.
    """
    await accounts.lock(unit, account.id)
    same = await store.waiting(unit.connection, account.id, kind, written.get("copy_of"), to.columns)
    _refuse(rules.waits_already(same) if same else "")
    number = f"L-{await unit.number('letter'):05d}"
    undo = timedelta(minutes=unit.policy.letters.own_undo_minutes) if asker is not None else timedelta()
    await store.add(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "kind": kind,
            "created_on": unit.today,
            **written,
            **to.columns,
            "facts": says(unit, number, to),
            "asked_by": asker.kind if asker is not None else "",
            "print_from": unit.now + undo,
            "call_id": asker.call_id if asker is not None else None,
        },
    )
    unit.audit("letter.order", "letter", number, account=account.number, kind=kind)
    await _changed(unit, account)
    return number


async def _asker(unit: Unit, act: PhoneAct, account: Any, member: Any = None) -> Any:
    """What was proved in the call by whoever asks. Raises NOT_VERIFIED."""
    call = await gate.require_act(unit, act, account, member=member)
    return gate.askers(unit, call, act, account, member=member)[0]


async def _changed(unit: Unit, account: Any) -> None:
    _, version = await accounts.touch(unit, account.id)
    unit.emit(EventKind.ACCOUNT, account.number, version)


# -- what is sent on request -----------------------------------------------------------------------


async def send(unit: Unit, kind: LetterKind, form: SendLetter) -> LetterRow:
    """Order the request form for the client, or the Cal-COBRA packet for a member.

    Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES, INVALID for any other letter: those are never typed or
    picked by hand (R24).
    """
    account = await accounts.account_of(unit, form.group_number)
    if kind is LetterKind.REQUEST_FORM:
        number = await _send_form(unit, account)
    elif kind is LetterKind.COBRA_PACKET:
        number = await _send_packet(unit, account, form.mrn)
    else:
        raise Problem(ProblemType.INVALID, "Only the request form and the Cal-COBRA packet go on request.")
    return row_of(unit, account, await letter(unit, number))


async def _send_form(unit: Unit, account: Any) -> str:
    asker = await _asker(unit, PhoneAct.REQUEST_FORM, account)
    _refuse(rules.form_refused(account.ended_on, unit.today))
    number = await _order(
        unit,
        asker,
        account,
        LetterKind.REQUEST_FORM,
        _of_record(account),
        {},
        ordering.request_form(account),
    )
    await gate.did(unit, PhoneAct.REQUEST_FORM, account, subject=number)
    return number


async def _send_packet(unit: Unit, account: Any, mrn: str) -> str:
    row = await store.member_of(unit.connection, account.id, mrn)
    asker = await _asker(unit, PhoneAct.COBRA_PACKET, account, row)
    if row is None:
        raise Problem(ProblemType.NOT_FOUND, f"Group {account.number} has no member of this number.")
    _refuse(await packet_refused(unit, account))
    to = _home(account, row)
    number = await _order(unit, asker, account, LetterKind.COBRA_PACKET, to, {"member_id": row.id})
    await gate.did(unit, PhoneAct.COBRA_PACKET, account, member=row, subject=number)
    return number


def _home(account: Any, row: Any) -> To:
    """The member's own address on file, never the employer's: whoever leaves may live elsewhere by now."""
    who = cards.Recipient(
        cards.person_name(row.first_name, row.middle_name, row.last_name, row.suffix),
        PostalAddress.of(row),
        PostalAddress(row.mailing_street, row.mailing_city, row.mailing_state_code, row.mailing_zip),
    )
    group = PostalAddress.of(account)
    to = cards.destination(who, who, group, restricted=row.restricted)
    if to.held:
        _refuse(f"There is nowhere to send it: {to.review}.")
    return To(to.addressee, to.address)


# -- what can be asked for, for the list of acts ---------------------------------------------------


def form_will(unit: Unit, account: Any) -> tuple[str, str]:
    """Why no request form is sent, or what will happen."""
    at = PostalAddress.of(account)
    why = rules.form_refused(account.ended_on, unit.today)
    why = why or ("" if at.street else rules.no_address("the client"))
    return why, f"The user-ID request form goes to {account.name} by mail, {rules.where(at)}."


async def packet_refused(unit: Unit, account: Any) -> str:
    """Why the plan sends no Cal-COBRA packet for this group; empty when it does."""
    people = await accounts.contacts(unit, account.id)
    whom = accounts.name_and_phone(accounts.in_role(people, ContactRole.TPA, unit.today))
    return rules.packet_refused(size_class(account.employees), CobraAdmin(account.cobra_admin), whom)


# -- taking back -----------------------------------------------------------------------------------


async def undo(unit: Unit, number: str) -> LetterRow:
    """Take one's own order back before it is mailed; returns it as it was. Raises NOT_FOUND, RULE_REFUSES,
    NOT_ALLOWED.
    """
    row = await letter(unit, number, lock=True)
    refusal = rules.undo_refused(
        decided=row.request_id is not None,
        ordered=row.print_from is not None,
        mailed_on=row.mailed_on,
        mine=row.ordered_by is not None and row.ordered_by == unit.actor.rep_id,
        in_time=row.print_from is not None and unit.now < row.print_from,
    )
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)
    account = await accounts.account_by_id(unit, row.account_id)
    was = row_of(unit, account, row)
    await store.remove(unit.connection, row.id, unit.now)
    unit.audit("letter.undo", "letter", number, account=account.number, kind=row.kind)
    await _changed(unit, account)
    return was.model_copy(update={"undo_until": None})
