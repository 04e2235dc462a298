"""What stands on record of a group or person, and whether an answer is that. Pure; it keeps no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from api_client.types.call_words import CallerKind, VerifyItem
from api_client.types.words import ContactRole
from backend.accounts.rules import mask_name
from backend.calls import compare, rules

ROLES: dict[CallerKind, tuple[ContactRole, ...]] = {
    CallerKind.CLIENT: (ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR),
    CallerKind.BROKER: (ContactRole.BROKER,),
    CallerKind.TPA: (ContactRole.TPA,),
}
"""Of which contacts a caller for a group is one."""
_ROLE_WORDS = {
    ContactRole.CONTRACT_SIGNER: "contract signer",
    ContactRole.ADMINISTRATOR: "administrator",
    ContactRole.BROKER: "broker of record",
    ContactRole.TPA: "COBRA administrator",
}
_ABOUT_SELF = {CallerKind.SUBSCRIBER: "subscriber", CallerKind.DEPENDENT: "dependent"}


@dataclass(frozen=True, repr=False)
class Record:
    """What an answer is compared with: rows of the account, its contacts, a person and their speakers."""

    account: Any
    contacts: Sequence[Any]
    invoice_amount: Decimal | None
    payment_date: date | None
    person: Any | None = None
    representatives: Sequence[Any] = ()
    relationship: str = ""


@dataclass(frozen=True)
class Who:
    """Whom a matched answer names, with what their authority covers."""

    caller: str
    authority_to: date | None = None
    delegated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """Match or no match; `who` where it says who calls, `ended` where their authority is over."""

    matched: bool
    who: Who | None = None
    ended: date | None = None


def contact_words(row: Any) -> str:
    """A contact as the bar shows who was proved."""
    return f"{row.name}, {_ROLE_WORDS[ContactRole(row.role)]}"


def contacts_of(kind: CallerKind, record: Record) -> list[Any]:
    """The contacts a caller of this kind can be, in date or not."""
    return [one for one in record.contacts if one.role in ROLES.get(kind, ())]


def _in_date(rows: Sequence[Any], today: date) -> list[Any]:
    return [one for one in rows if rules.in_date(one.valid_from, one.valid_to, today)]


def has_authority(kind: CallerKind, record: Record, today: date) -> bool:
    """Whether anybody can call as this today: a contact of that part, a document on file, an adult."""
    if kind in ROLES:
        return bool(_in_date(contacts_of(kind, record), today))
    person = record.person
    if kind is CallerKind.REPRESENTATIVE:
        return not person.restricted and bool(_in_date(record.representatives, today))  # type: ignore[union-attr]
    if kind is CallerKind.DEPENDENT:
        return rules.is_adult(born(person), today)
    return kind in rules.RECIPES


def born(person: Any) -> date | None:
    """The birth date of a member, or of an enrollment, which keeps what was sent."""
    value = person.birth_date
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value  # type: ignore[no-any-return]


def on_record(kind: CallerKind, record: Record, caller: str, today: date) -> frozenset[VerifyItem]:
    """What there is to compare with. A call-back is there when it is known who calls, and their phone."""
    found = {item for item, there in _there(record).items() if there}
    if any(one.number for one in _in_date(contacts_of(kind, record), today)):
        found.add(VerifyItem.BROKER_NUMBER)
    if _in_date(contacts_of(kind, record), today):
        found.add(VerifyItem.CONTACT_NAME)
    if _in_date(record.representatives, today):
        found.add(VerifyItem.REPRESENTATIVE_NAME)
    if (contact := named(kind, record, caller, today)) is not None and contact.phone:
        found.add(VerifyItem.CALL_BACK)
    return frozenset(item for item in found if rules.is_asked(kind, item))


def _there(record: Record) -> dict[VerifyItem, bool]:
    account, person = record.account, record.person
    return {
        VerifyItem.GROUP_NUMBER: True,
        VerifyItem.BILLING_ADDRESS: _can_be_told(account),
        VerifyItem.INVOICE_AMOUNT: bool(record.invoice_amount),
        VerifyItem.PAYMENT_DATE: record.payment_date is not None,
        VerifyItem.TAX_ID: bool(account.ein),
        VerifyItem.NAME: person is not None and bool(person.first_name and person.last_name),
        VerifyItem.BIRTH_DATE: person is not None and born(person) is not None,
        VerifyItem.MEMBER_NUMBER: person is not None and bool(person.mrn),
        VerifyItem.ADDRESS: person is not None and _can_be_told(person),
        VerifyItem.SSN_LAST4: person is not None and len(person.ssn_last4) == 4,
        VerifyItem.PHONE: person is not None and bool(compare.ten_digits(person.phone)),
    }


def _can_be_told(row: Any) -> bool:
    """Whether the address can be matched at all: with itself."""
    return compare.same_address(f"{row.street} {row.zip}", row.street, row.city, row.state_code, row.zip)


def named(kind: CallerKind, record: Record, caller: str, today: date) -> Any | None:
    """The contact in date that was proved to be calling."""
    rows = _in_date(contacts_of(kind, record), today)
    return next((one for one in rows if caller and contact_words(one) == caller), None)


# -- the comparison --------------------------------------------------------------------------------


def compared(kind: CallerKind, item: VerifyItem, said: str, record: Record, today: date) -> Compared:
    """Whether the caller's answer is what is on record."""
    if item is VerifyItem.CONTACT_NAME:
        return _contact(kind, record, today, lambda row: compare.same_full_name(said, row.name))
    if item is VerifyItem.BROKER_NUMBER:
        return _contact(kind, record, today, lambda row: compare.same_number(said, row.number))
    if item is VerifyItem.REPRESENTATIVE_NAME:
        return _representative(said, record, today)
    matched = _of_the_group(item, said, record) or _of_the_person(item, said, record)
    if matched and item is VerifyItem.NAME and kind in _ABOUT_SELF:
        name = mask_name(record.person.first_name, record.person.last_name)  # type: ignore[union-attr]
        return Compared(True, Who(f"{name}, {_ABOUT_SELF[kind]}"))
    return Compared(matched)


def _contact(kind: CallerKind, record: Record, today: date, same: Callable[[Any], bool]) -> Compared:
    fitting = [one for one in contacts_of(kind, record) if same(one)]
    today_too = _in_date(fitting, today)
    if today_too:
        one = max(today_too, key=lambda row: row.valid_to or date.max)
        return Compared(True, Who(contact_words(one), one.valid_to, tuple(one.delegated)))
    ended = [one.valid_to for one in fitting if one.valid_to is not None and one.valid_to < today]
    return Compared(False, ended=max(ended) if ended else None)


def _representative(said: str, record: Record, today: date) -> Compared:
    fitting = [one for one in record.representatives if compare.same_full_name(said, one.name)]
    today_too = _in_date(fitting, today)
    if today_too:
        one = max(today_too, key=lambda row: row.valid_to or date.max)
        return Compared(True, Who(f"{one.name}, representative", one.valid_to))
    ended = [one.valid_to for one in fitting if one.valid_to is not None and one.valid_to < today]
    return Compared(False, ended=max(ended) if ended else None)


def _of_the_group(item: VerifyItem, said: str, record: Record) -> bool:
    account = record.account
    if item is VerifyItem.GROUP_NUMBER:
        return compare.same_number(said, account.number)
    if item is VerifyItem.BILLING_ADDRESS:
        return compare.same_address(said, account.street, account.city, account.state_code, account.zip)
    if item is VerifyItem.INVOICE_AMOUNT:
        return compare.same_amount(said, record.invoice_amount)
    if item is VerifyItem.PAYMENT_DATE:
        return compare.same_day(said, record.payment_date)
    return item is VerifyItem.TAX_ID and compare.same_last_four(said, account.ein)


def _of_the_person(item: VerifyItem, said: str, record: Record) -> bool:
    person = record.person
    if person is None:
        return False
    if item is VerifyItem.NAME:
        return compare.same_person(said, person.first_name, person.middle_name, person.last_name)
    if item is VerifyItem.BIRTH_DATE:
        return compare.same_day(said, born(person))
    if item is VerifyItem.MEMBER_NUMBER:
        return compare.same_number(said, person.mrn)
    if item is VerifyItem.ADDRESS:
        return compare.same_address(said, person.street, person.city, person.state_code, person.zip)
    if item is VerifyItem.SSN_LAST4:
        return compare.same_last_four(said, person.ssn_last4)
    return item is VerifyItem.PHONE and compare.same_phone(said, person.phone)
