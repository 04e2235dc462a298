"""What can be asked of accounts: find one, show one with what a caller asks first, list its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from api_client.types.accounts import (
    AboutGroup,
    Account,
    AccountRow,
    CobraOfGroup,
    Contact,
    MemberRow,
    OpenItem,
    Premium,
)
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Address, Page
from api_client.types.words import CobraAdmin, ContactRole, EventKind, FilingMethod
from backend.accounts import masking, rules, store
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.problems import not_found


async def find_account(unit: Unit, number: str, partner: str = "") -> Any | None:
    """The row of the account of this number, or of what a trading partner calls by it; else None."""
    if partner:
        row = await store.account_by_alias(unit.connection, partner, number.strip())
        if row is not None:
            return row
    try:
        return await store.account_by_number(unit.connection, rules.group_number(number))
    except ValueError:
        return None


async def account_of(unit: Unit, number: str) -> Any:
    """The row of the account of this number. Raises NOT_FOUND."""
    row = await find_account(unit, number)
    if row is None:
        raise not_found("group", number)
    return row


async def account_by_id(unit: Unit, account_id: int) -> Any:
    """The row of the account of this key."""
    return await store.account_by_id(unit.connection, account_id)


async def lock(unit: Unit, *account_ids: int) -> None:
    """Let nobody else change the books of these accounts, or order their letters, until the unit is over.

    A unit that deals with many locks them all before it begins.
    """
    await store.lock_accounts(unit.connection, account_ids)


async def contacts(unit: Unit, account_id: int) -> Sequence[Any]:
    """The rows of an account's contacts."""
    return await store.contacts(unit.connection, account_id)


async def to_call(unit: Unit, account_ids: Sequence[int]) -> dict[int, Contact]:
    """Whom to call about the premium of these accounts today: the contract signer, else the administrator."""
    roles = (ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR)
    found: dict[int, Contact] = {}
    rows = await store.contacts_of(unit.connection, account_ids, roles)
    for row in sorted(rows, key=lambda one: roles.index(one.role)):
        if in_force(row, unit.today):
            found.setdefault(row.account_id, contact(row))
    return found


async def touch(unit: Unit, account_id: int) -> tuple[str, int]:
    """Count the account's version; returns number and version."""
    return await store.touch_account(unit.connection, account_id)


async def change(unit: Unit, account: Any, values: Mapping[str, Any]) -> None:
    """Change columns of an account; every desk that shows it hears of it."""
    await store.change_account(unit.connection, account.id, values)
    number, version = await touch(unit, account.id)
    unit.emit(EventKind.ACCOUNT, number, version)


async def running_lines(unit: Unit, account_id: int, member_id: int) -> dict[str, date]:
    """Lines of coverage this member has in the group today or later, each with its last covered day."""
    lines: dict[str, date] = {}
    for row in await store.coverages_of(unit.connection, [member_id]):
        last = row.ends_on or date.max
        if row.account_id == account_id and last >= unit.today:
            lines[str(row.line)] = max(last, lines.get(str(row.line), last))
    return lines


def in_force(row: Any, today: date) -> bool:
    """Whether a contact's authority covers this day."""
    return (row.valid_from is None or row.valid_from <= today) and (
        row.valid_to is None or row.valid_to >= today
    )


def _standing(
    states: Mapping[int, tuple[DelinquencyState, date | None]], account_id: int
) -> tuple[DelinquencyState | None, date | None]:
    """Where a group stands with its premium; nothing where the caller on the line may not hear it."""
    return states.get(account_id, (None, None))


def account_row(
    row: Any, state: DelinquencyState | None, coverage_end_if_unpaid: date | None, today: date
) -> AccountRow:
    """One line of a list of accounts."""
    return AccountRow(
        number=row.number,
        name=row.name,
        city=row.city,
        state=rules.group_state(row.state, row.ended_on, today),
        delinquency=state,
        coverage_end_if_unpaid=coverage_end_if_unpaid,
    )


async def show(unit: Unit, number: str) -> Account:
    """One account with what a caller asks first, as far as the caller on the line may hear it.

    Raises NOT_FOUND.
    """
    from backend.calls import gate
    from backend.calls import service as calls
    from backend.user_ids import service as user_ids

    row = await account_of(unit, number)
    facts = await gate.heard(unit, row)
    await gate.did(unit, "account", row)
    unit.audit("account.show", "account", row.number)
    people = await contacts(unit, row.id)
    return Account(
        number=row.number,
        version=row.version,
        name=row.name,
        bill_phone=row.bill_phone,
        bill_hours=row.bill_hours,
        medicare_sentence=_medicare(people if Fact.GROUP in facts else [], unit.today),
        locked=[one for one in Fact if one not in facts],
        about=await _about(unit, row, people) if Fact.GROUP in facts else None,
        cobra=_cobra(row, people, unit.today) if Fact.COBRA in facts else None,
        members_enrolled=(
            await store.enrolled(unit.connection, row.id, unit.today) if Fact.MEMBERS in facts else None
        ),
        open_items=[*await calls.alerts(unit, row.id), *await _open_items(unit, row.id, facts)],
        user_id=await user_ids.newest_words(unit, row) if Fact.USER_IDS in facts else None,
        last_call=await calls.last_call(unit, row.id) if Fact.GROUP in facts else "",
        **await _books(unit, row, facts),
    )


async def _about(unit: Unit, row: Any, people: Sequence[Any]) -> AboutGroup:
    from backend.enrollment import partners

    return AboutGroup(
        state=rules.group_state(row.state, row.ended_on, unit.today),
        size_class=rules.size_class(row.employees).value,
        effective_from=row.effective_from,
        ended_on=row.ended_on,
        address=Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip),
        filing_method=FilingMethod(row.filing_method),
        filing=await partners.filing_of(unit, row, in_role(people, ContactRole.ACCOUNT_MANAGER, unit.today)),
        contacts=[contact(one) for one in people],
    )


async def _open_items(unit: Unit, account_id: int, facts: frozenset[Fact]) -> list[OpenItem]:
    from backend.cards import service as cards
    from backend.matching import service as matching
    from backend.user_ids import service as user_ids

    found: list[OpenItem] = []
    if Fact.QUEUE in facts:
        found += await matching.open_items(unit, account_id)
    if Fact.MEMBERS in facts:
        found += await cards.open_items(unit, account_id)  # they name members
    if Fact.USER_IDS in facts:
        found += await user_ids.open_items(unit, account_id)
    return sorted(found, key=lambda item: item.id)


async def _books(unit: Unit, row: Any, facts: frozenset[Fact]) -> dict[str, Any]:
    """Premium and the last letter, each where it may be heard."""
    from backend.billing import service as billing

    if not facts & {Fact.BILLING, Fact.LETTERS}:
        return {}
    status = await billing.status(unit, row)
    said: dict[str, Any] = {}
    if Fact.LETTERS in facts:
        letter = status.letters[0] if status.letters else None
        said["last_letter"] = f"{letter.number} {letter.title}, {_mailed(letter.mailed_on)}" if letter else ""
    if Fact.BILLING in facts:
        said["premium"] = Premium(
            cycle=BillingCycle(row.billing_cycle),
            next_cycle=BillingCycle(row.next_cycle) if row.next_cycle else None,
            next_cycle_from=row.next_cycle_from,
            bill_preference=BillPreference(row.bill_preference),
            delinquency=status.state,
            days_past_due=status.days_past_due,
            open_premium=status.open_premium,
            keep_coverage_amount=status.keep_coverage_amount,
            keep_coverage_by=status.keep_coverage_by,
            coverage_ends_on=status.coverage_end or status.coverage_end_if_unpaid,
            say=status.say,
            last_payment=billing.payment_words(status),
            promise=status.promise,
        )
    return said


def _mailed(on: date | None) -> str:
    return f"mailed {on}" if on else "not mailed yet"


def contact(row: Any) -> Contact:
    """A contact of a group, of its row."""
    return Contact(
        role=ContactRole(row.role),
        name=row.name,
        phone=row.phone,
        extension=row.extension,
        address=Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _cobra(row: Any, people: Sequence[Any], today: date) -> CobraOfGroup:
    answer = rules.cobra_online(rules.size_class(row.employees), CobraAdmin(row.cobra_admin))
    whom = _name_and_phone(people, answer.contact, today) if answer.contact else ""
    return CobraOfGroup(admin=CobraAdmin(row.cobra_admin), sentence=f"{answer.sentence} {whom}".strip())


def _medicare(people: Sequence[Any], today: date) -> str:
    """The plan's FAQ: Medicare enrollment goes through the group representative."""
    whom = _name_and_phone(people, ContactRole.GROUP_REPRESENTATIVE, today)
    return f"Medicare: refer to the group representative. {whom}".strip()


def in_role(people: Sequence[Any], role: ContactRole, today: date) -> Contact | None:
    """Who is this to the group today, of the rows of its contacts; None when nobody is."""
    return next((contact(one) for one in people if one.role == role and in_force(one, today)), None)


def name_and_phone(one: Contact | None) -> str:
    """Whom to call, in a line; empty for nobody."""
    if one is None:
        return ""
    return " ".join(filter(None, (one.name, one.phone, f"x{one.extension}" if one.extension else "")))


def _name_and_phone(people: Sequence[Any], role: ContactRole, today: date) -> str:
    return name_and_phone(in_role(people, role, today))


async def members(unit: Unit, number: str, cursor: str | None) -> Page[MemberRow]:
    """Members of a group, family by family; first of all who waits in the queue to become one, or was
    refused. Names are masked unless the caller on the line may hear who is enrolled. Raises NOT_FOUND.
    """
    from backend.calls import gate
    from backend.cards import service as cards

    row = await account_of(unit, number)
    await gate.require(unit, Fact.MEMBERS, row)
    bare = await gate.on_line(unit) is not None
    unit.audit("account.members", "account", row.number, masked=not bare)
    after = None
    if cursor:
        subscriber, dependent, coverage_id = open_cursor(unit.keys, "members", cursor)
        after = (str(subscriber), cast(int, dependent), cast(int, coverage_id))
    rows = await store.members_of(unit.connection, row.id, after, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    place = [last.subscriber_number, last.dependent, last.id] if last else []
    following = seal_cursor(unit.keys, "members", place) if last else None
    states = await cards.newest_states(unit, row.id, [one.member_id for one in rows[:PAGE]])
    others = [] if cursor else await cards.not_members(unit, row.id, bare=bare)
    shown = [_member(one, states.get(one.member_id, ""), bare=bare) for one in rows[:PAGE]]
    return Page(rows=[*others, *shown], next=following)


def _member(row: Any, card: str, *, bare: bool) -> MemberRow:
    return MemberRow(
        mrn=row.mrn,
        name=masking.shown_name(row.first_name, row.last_name, bare=bare),
        relationship=rules.relationship_words(row.relationship),
        born=f"{row.birth_date:%Y}-**-**" if row.birth_date else "",
        coverage_from=row.starts_on,
        coverage_to=row.ends_on,
        card=card,
    )
